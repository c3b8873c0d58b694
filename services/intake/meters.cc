#include "intake/meters.h"

namespace usher::intake {
namespace {

telemetry::Counter& EventCounter(telemetry::Metrics& metrics, const std::string& input,
                                 const std::string& kind, const char* outcome) {
  return metrics.GetCounter("usher_intake_events_total",
                            "Events by way in (a topic, or grpc), kind and outcome: accepted, "
                            "unchanged, ignored, refused.",
                            {{"input", input}, {"kind", kind}, {"outcome", outcome}});
}

}  // namespace

InputMeters::InputMeters(telemetry::Metrics& metrics, const std::string& input,
                         const std::string& kind)
    : accepted(EventCounter(metrics, input, kind, "accepted")),
      unchanged(EventCounter(metrics, input, kind, "unchanged")),
      ignored(EventCounter(metrics, input, kind, "ignored")),
      refused(EventCounter(metrics, input, kind, "refused")) {
  for (std::size_t i = 0; i < kRefusalReasons; ++i) {
    refused_by_reason[i] = &metrics.GetCounter(
        "usher_intake_refused_total",
        "Events refused, by reason; those of a topic are in its dead letters.",
        {{"input", input}, {"kind", kind}, {"reason", ToText(static_cast<RefusalReason>(i))}});
  }
}

void InputMeters::Refused(RefusalReason reason) {
  refused.Add();
  refused_by_reason[static_cast<std::size_t>(reason)]->Add();
}

Meters::Meters(telemetry::Metrics& metrics)
    : messages(metrics, "usher.messages", "message"),
      orders(metrics, "usher.orders", "order"),
      grpc_messages(metrics, "grpc", "message"),
      grpc_orders(metrics, "grpc", "order"),
      understanding_seconds(metrics.GetHistogram(
          "usher_understanding_seconds", "To read one message: language, topic, mood.",
          {0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.01, 0.1})),
      append_seconds(metrics.GetHistogram(
          "usher_intake_append_seconds",
          "From the append of a command to its acknowledgement by the log.",
          {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 10})),
      without_context(metrics.GetCounter(
          "usher_intake_without_context_total",
          "Messages placed without tier and order because the store was not there.")),
      order_retries(metrics.GetCounter("usher_intake_order_retries_total",
                                       "Times that order events had to wait for the store.")),
      messages_under_way(
          metrics.GetGauge("usher_intake_under_way_records",
                           "Records of usher.messages whose commands the log has not "
                           "acknowledged yet.")) {
  for (std::size_t i = 0; i < kActKinds; ++i) {
    acts[i] = &metrics.GetCounter(
        "usher_intake_acts_total",
        "What usher did about orders before their customers asked, by kind; after a crash some "
        "count twice, though they happen once.",
        {{"kind", ToText(static_cast<ActKind>(i))}});
  }
  for (std::size_t i = 1; i < kAutomaticSigns; ++i) {
    automatic[i] = &metrics.GetCounter(
        "usher_intake_automatic_total",
        "Messages that no customer wrote, and of which nothing came, by the sign that told it.",
        {{"sign", ToText(static_cast<AutomaticSign>(i))}});
  }
}

}  // namespace usher::intake
