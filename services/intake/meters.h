// Meters: what intake counts and measures.
#pragma once

#include <array>
#include <string>

#include "intake/acting.h"
#include "intake/facts.h"
#include "telemetry/metrics.h"

namespace usher::intake {

// Of one way in: a topic, or "grpc". Threads: any.
struct InputMeters {
  InputMeters(telemetry::Metrics& metrics, const std::string& input, const std::string& kind);

  telemetry::Counter& accepted;
  telemetry::Counter& unchanged;  // an order event that a later one had overtaken
  telemetry::Counter& ignored;    // a mapping says that it is no event
  telemetry::Counter& refused;    // dead letters of a topic, errors to a caller
  std::array<telemetry::Counter*, kRefusalReasons> refused_by_reason{};

  void Refused(RefusalReason reason);
};

// Threads: any.
struct Meters {
  explicit Meters(telemetry::Metrics& metrics);

  InputMeters messages;
  InputMeters orders;
  InputMeters grpc_messages;
  InputMeters grpc_orders;
  telemetry::Histogram& understanding_seconds;
  telemetry::Histogram& append_seconds;
  telemetry::Counter& without_context;
  telemetry::Counter& order_retries;
  telemetry::Gauge& messages_under_way;
  std::array<telemetry::Counter*, kActKinds> acts{};  // what usher did by itself
  std::array<telemetry::Counter*, kAutomaticSigns> automatic{};
};

}  // namespace usher::intake
