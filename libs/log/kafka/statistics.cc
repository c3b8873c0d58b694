#include "log/kafka/statistics.h"

#include <algorithm>

#include "nlohmann/json.hpp"

namespace usher::log {
namespace {

using Json = nlohmann::json;

double Number(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number() ? found->get<double>() : 0;
}

// A window of microseconds in seconds: its 99th percentile.
double P99Seconds(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_object() ? Number(*found, "p99") / 1e6 : 0;
}

}  // namespace

std::map<std::string, double> ReadStatistics(std::string_view json) {
  const Json all = Json::parse(json, nullptr, /*allow_exceptions=*/false);
  std::map<std::string, double> gauges;
  if (!all.is_object()) return gauges;
  const auto type = all.find("type");
  const bool producer = type != all.end() && type->is_string() && *type == "producer";
  if (producer) {
    gauges["pending_entries"] = Number(all, "msg_cnt");
    gauges["pending_bytes"] = Number(all, "msg_size");
  }
  double rtt = 0;
  double queued = 0;
  double sending = 0;
  double down = 0;
  const auto brokers = all.find("brokers");
  if (brokers != all.end() && brokers->is_object()) {
    for (const Json& broker : *brokers) {
      if (!broker.is_object()) continue;
      if (Number(broker, "nodeid") < 0) continue;  // a bootstrap address, not a broker yet
      rtt = std::max(rtt, P99Seconds(broker, "rtt"));
      queued = std::max(queued, P99Seconds(broker, "int_latency"));
      sending = std::max(sending, P99Seconds(broker, "outbuf_latency"));
      const auto state = broker.find("state");
      if (state != broker.end() && *state == "DOWN") down += 1;
    }
  }
  gauges["broker_rtt_p99_seconds"] = rtt;
  gauges["brokers_down"] = down;
  if (producer) {
    gauges["append_queue_p99_seconds"] = queued;
    gauges["append_send_p99_seconds"] = sending;
  }
  return gauges;
}

}  // namespace usher::log
