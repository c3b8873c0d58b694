#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "usher/play_summary.h"

namespace usher::play {
namespace {

double Seconds(Duration value) { return std::chrono::duration<double>(value).count(); }

nlohmann::json QuantilesOf(const std::vector<Duration>& sorted) {
  return {{"count", sorted.size()},
          {"p50_seconds", Seconds(Quantile(sorted, 0.50))},
          {"p90_seconds", Seconds(Quantile(sorted, 0.90))},
          {"p99_seconds", Seconds(Quantile(sorted, 0.99))}};
}

nlohmann::json InquiryOf(const std::string& id, const Page& page, const DayPlan& plan,
                         const std::vector<Sample>& samples) {
  const PlannedConversation& conversation = plan.conversations[page.conversation];
  const Sample& sample = samples[conversation.sample];
  nlohmann::json inquiry = {
      {"inquiry_id", id},
      {"event_id", page.event_id},
      {"conversation", page.conversation},
      {"desk", conversation.desk},
      {"channel", conversation.channel},
      {"meant", {{"language", sample.language}, {"topic", sample.topic}}},
      {"understood",
       {{"language", page.understood.language()}, {"topic", page.understood.topic()}}},
      {"left", page.left}};
  if (page.taken != Page::kNot) inquiry["taken_seconds"] = Seconds(page.taken - page.sent);
  if (page.replied != Page::kNot) inquiry["replied_seconds"] = Seconds(page.replied - page.sent);
  return inquiry;
}

}  // namespace

std::string ReportJson(const SummaryOptions& options, const Totals& totals, const Tally& tally,
                       const Customers& customers, const DayPlan& plan,
                       const std::vector<Sample>& samples) {
  nlohmann::json report = {{"whole", options.whole},
                           {"speed", options.speed},
                           {"sent",
                            {{"messages", tally.messages_sent},
                             {"messages_refused", tally.messages_refused},
                             {"orders", tally.orders_sent},
                             {"orders_refused", tally.orders_refused}}},
                           {"usher",
                            {{"placed", totals.placed},
                             {"joined", totals.joined},
                             {"rejected", totals.rejected},
                             {"answered", totals.answered},
                             {"resolved", totals.resolved},
                             {"abandoned", totals.abandoned},
                             {"cancelled", totals.cancelled},
                             {"breached", totals.breached},
                             {"by_queue", totals.by_queue},
                             {"by_language", totals.by_language},
                             {"by_topic", totals.by_topic},
                             {"offers", totals.offers}}},
                           {"seen",
                            {{"offers", tally.offers},
                             {"accepted", tally.accepted},
                             {"declined", tally.declined},
                             {"expired", tally.expired},
                             {"rescinded", tally.rescinded},
                             {"resolved", tally.resolved},
                             {"left", tally.left},
                             {"refused", tally.refused},
                             {"streams_lost", tally.streams_lost}}},
                           {"to_a_yes", QuantilesOf(tally.acceptances)},
                           {"to_a_reply", QuantilesOf(tally.responses)}};
  for (const Comparison& number : Compare(totals, tally)) {
    report["compared"][number.what] = {{"usher", number.usher}, {"seen", number.seen}};
  }
  nlohmann::json& messages = report["messages"] = nlohmann::json::array();
  for (const auto& [id, page] : customers.book()) {
    if (page.conversation < plan.conversations.size()) {
      messages.push_back(InquiryOf(id, page, plan, samples));
    }
  }
  return report.dump(1) + "\n";
}

}  // namespace usher::play
