// The JSON of a board. Names may hold any bytes: what is no UTF-8 becomes U+FFFD.
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "insights/labels.h"
#include "insights/wallboard/board.h"
#include "insights/wallboard/json.h"
#include "model/moods.h"

namespace usher::insights {
namespace {

constexpr const char* kStandings[] = {"waiting",   "offered",   "assigned", "answered",  "resolved",
                                      "abandoned", "cancelled", "rejected", "scheduled", "pending"};

Json Seconds(const std::optional<double>& seconds) {
  if (!seconds) return nullptr;
  return std::round(*seconds * 1'000) / 1'000;
}

Json QueueJson(const std::string& name, const QueueRow& row, const Heavy& heavy) {
  Json queue = {{"name", name},
                {"waiting", row.waiting},
                {"assigned", row.assigned},
                {"scheduled", row.scheduled},
                {"pending", row.pending},
                {"oldest", Millis(row.oldest_placed_at)},
                {"due", Millis(row.earliest_due)},
                {"foretold", row.foretold}};
  const auto list = heavy.lists.find(name);
  // The lists may be half a second older than the queues.
  queue["late"] =
      list == heavy.lists.end() ? 0 : std::min<std::uint64_t>(list->second.late, row.waiting);
  return queue;
}

Json AgentJson(const BoardAgent& agent) {
  Json work = Json::array();
  for (const InquiryRow& row : agent.work) {
    work.push_back({{"id", row.inquiry.ToString()},
                    {"queue", row.queue.ToString()},
                    {"stage", StandingText(row.standing)},
                    {"placed", Millis(row.placed_at)}});
  }
  return {{"name", agent.name.ToString()},
          {"state", kPresenceLabels[static_cast<int>(agent.record.presence)]},
          {"missed", agent.record.away == AwayReason::kMissedOffers},
          {"has", agent.has},
          {"asked", agent.asked},
          {"work", std::move(work)}};
}

// The names of the queues to show: all, or those where most wait; by name.
std::vector<std::string> Shown(const Light& light) {
  std::vector<std::string> names;
  for (const auto& [name, row] : light.queues) names.push_back(name);
  if (names.size() <= kQueuesShown) return names;
  std::stable_sort(names.begin(), names.end(), [&light](const auto& a, const auto& b) {
    return light.queues.at(a).waiting > light.queues.at(b).waiting;
  });
  names.resize(kQueuesShown);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

const char* StandingText(Standing standing) { return kStandings[static_cast<int>(standing)]; }

Json Millis(Instant at) {
  if (at == kNever) return nullptr;
  return at.time_since_epoch().count() / 1'000;
}

std::string Text(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json InquiryJson(const InquiryRow& row) {
  return {{"id", row.inquiry.ToString()},
          {"stage", StandingText(row.standing)},
          {"queue", row.queue.ToString()},
          {"priority", row.priority},
          {"placed", Millis(row.placed_at)},
          {"due", Millis(row.due)},
          {"late", row.breached},
          {"starving", row.starving},
          {"repeat", row.repeat},
          {"step", row.step},
          {"offers", row.offers},
          {"channel", row.features.channel.ToString()},
          {"language", row.features.language.ToString()},
          {"topic", row.features.topic.ToString()},
          {"mood", std::string(NameOf(row.features.sentiment))}};
}

std::string BoardJson(const DeskName& desk, const Light& light, const Heavy& heavy,
                      const HourFacts& hour) {
  Json queues = Json::array();
  const std::vector<std::string> names = Shown(light);
  for (const std::string& name : names) {
    queues.push_back(QueueJson(name, light.queues.at(name), heavy));
  }
  Json agents = Json::array();
  for (std::size_t i = 0; i < heavy.agents.size() && i < kAgentsShown; ++i) {
    agents.push_back(AgentJson(heavy.agents[i]));
  }
  Json states;
  for (int i = 0; i < kPresences; ++i) {
    states[kPresenceLabels[i]] = heavy.presences[static_cast<std::size_t>(i)];
  }
  return Text({{"desk", desk.ToString()},
               {"known", hour.since != kNever || !light.queues.empty() || !heavy.agents.empty()},
               {"listed", heavy.listed},
               {"queues", std::move(queues)},
               {"queues_more", light.queues.size() - names.size()},
               {"agents", std::move(agents)},
               {"agents_more", heavy.agents.size() - std::min(heavy.agents.size(), kAgentsShown)},
               {"states", std::move(states)},
               {"hour",
                {{"since", Millis(hour.since)},
                 {"placed", hour.placed},
                 {"answered", hour.answered},
                 {"breached", hour.breached},
                 {"half", Seconds(hour.half)},
                 {"most", Seconds(hour.most)}}}});
}

std::string QueueListJson(const DeskName& desk, const std::string& queue, const QueueList& list) {
  Json rows = Json::array();
  for (const InquiryRow& row : list.rows) rows.push_back(InquiryJson(row));
  return Text({{"desk", desk.ToString()},
               {"queue", queue},
               {"in_all", list.in_all},
               {"inquiries", std::move(rows)}});
}

}  // namespace usher::insights
