#include "policy/rules.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "model/limits.h"
#include "policy/durations.h"
#include "policy/expressions.h"
#include "policy/routes.h"

namespace usher::policy {
namespace {

constexpr std::array<std::string_view, 7> kOrders = {"default",       "fifo", "priority",   "due",
                                                     "in_time_first", "aged", "agent_level"};
constexpr std::array<std::string_view, 3> kSortFields = {"value", "on_site", "repeat"};
constexpr std::uint32_t kPaceMax = 1'000'000;
constexpr std::uint32_t kCrowdMax = 1'000'000;

std::uint8_t ReadRaise(const Yaml& value, Problems& problems) {
  return static_cast<std::uint8_t>(
      ReadNumber(value, "raise", 1, kPriorities - 1, problems).value_or(0));
}

void ReadThen(const Yaml& value, const Declared& declared, Policy& policy, Problems& problems) {
  for (const Yaml* item : ReadList(value, "then", true, problems)) {
    const auto chosen = ReadChoice(*item, "then", kSortFields, problems);
    if (!chosen) continue;
    const auto field = static_cast<SortField>(*chosen);
    if (std::find(policy.then.begin(), policy.then.end(), field) != policy.then.end()) {
      problems.Add(item->at, Quoted(item->text) + " is in this list twice");
      continue;
    }
    if (field == SortField::kRepeat && !declared.repeats) {
      problems.Add(item->at, "nothing is a repeat without sticky: {repeat: {window: ...}}");
    }
    policy.then.push_back(field);
  }
}

// What the default order calls urgent, near and a crowd.
void ReadNearness(const Fields& fields, Policy& policy, Problems& problems) {
  const Yaml* urgent = fields.Find("urgent");
  const Yaml* near = fields.Find("near");
  if (urgent != nullptr) {
    policy.urgent = ReadDuration(*urgent, "urgent", 0s, problems).value_or(0s);
  }
  if (near != nullptr) {
    policy.near = ReadDuration(*near, "near", 0s, problems).value_or(kDurationMax);
  }
  if (policy.urgent > policy.near) {
    problems.Add((urgent != nullptr ? urgent : near)->at,
                 "urgent is " + WriteDuration(policy.urgent) + " and near is " +
                     WriteDuration(policy.near) + "; what is urgent must be near, too");
  }
  if (const Yaml* crowd = fields.Find("crowd")) {
    policy.crowd = ReadNumber(*crowd, "crowd", 0, kCrowdMax, problems).value_or(policy.crowd);
  }
}

}  // namespace

void ReadOrder(const Fields& fields, const Declared& declared, Policy& policy, Problems& problems) {
  if (const Yaml* order = fields.Find("order")) {
    const auto chosen = ReadChoice(*order, "order", kOrders, problems);
    if (chosen) policy.order = static_cast<Order>(*chosen);
  }
  if (const Yaml* then = fields.Find("then")) ReadThen(*then, declared, policy, problems);
  ReadNearness(fields, policy, problems);
  if (const Yaml* credit = fields.Find("age_credit")) {
    policy.age_credit =
        ReadDuration(*credit, "age_credit", 1ms, problems).value_or(policy.age_credit);
  }
  if (const Yaml* starve = fields.Find("starve_after")) {
    policy.starve_after = ReadDuration(*starve, "starve_after", 1ms, problems).value_or(0s);
  }
}

Pace ReadPace(const Yaml& value, Problems& problems) {
  Pace pace;
  Fields fields(value, "pace", {"most", "window", "start_most", "start"}, problems);
  if (const Yaml* most = fields.Need("most")) {
    pace.most = ReadNumber(*most, "most", 1, kPaceMax, problems).value_or(0);
  }
  if (const Yaml* window = fields.Need("window")) {
    pace.window = ReadDuration(*window, "window", 1ms, problems).value_or(1ms);
  }
  const Yaml* start_most = fields.Find("start_most");
  const Yaml* start = fields.Find("start");
  if (start_most != nullptr) {
    pace.start_most = ReadNumber(*start_most, "start_most", 1, kPaceMax, problems).value_or(0);
    if (pace.most > 0 && pace.start_most > pace.most) {
      problems.Add(start_most->at, "start_most is above most; at the start there are fewer offers");
    }
    if (start == nullptr)
      problems.Add(start_most->at, "start_most needs the key 'start' beside it");
  }
  if (start != nullptr) {
    pace.start = ReadDuration(*start, "start", 1ms, problems).value_or(0s);
    if (start_most == nullptr)
      problems.Add(start->at, "start needs the key 'start_most' beside it");
  }
  return pace;
}

Sticky ReadSticky(const Yaml& value, Declared& declared, Problems& problems) {
  Sticky sticky;
  Fields fields(value, "sticky", {"last_agent", "linked", "wait", "repeat"}, problems);
  if (const Yaml* last = fields.Find("last_agent")) {
    sticky.last_agent = ReadDuration(*last, "last_agent", 1ms, problems, kMemoryMax).value_or(0s);
  }
  if (const Yaml* linked = fields.Find("linked")) {
    sticky.linked = ReadSwitch(*linked, "linked", problems).value_or(false);
  }
  if (const Yaml* wait = fields.Find("wait")) {
    sticky.wait = ReadDuration(*wait, "wait", 0s, problems).value_or(0s);
  }
  if (const Yaml* repeat = fields.Find("repeat")) {
    declared.repeats = true;
    Fields inner(*repeat, "repeat", {"window", "raise"}, problems);
    if (const Yaml* window = inner.Need("window")) {
      sticky.repeat = ReadDuration(*window, "window", 1ms, problems, kMemoryMax).value_or(1ms);
    }
    if (const Yaml* raise = inner.Find("raise")) sticky.repeat_raise = ReadRaise(*raise, problems);
  }
  return sticky;
}

std::vector<StatusRaise> ReadOrderRaises(const Yaml& value, Problems& problems) {
  std::vector<StatusRaise> raises;
  if (value.kind != Yaml::Kind::kMap || value.keys.empty()) {
    TellMisfit(value, "order_raises", "a map such as {late: 2, lost: 3}", problems);
    return raises;
  }
  for (std::size_t i = 0; i < value.keys.size(); ++i) {
    if (!ReadChoice(value.keys[i], "the status of an order", kOrderStatuses, problems)) continue;
    raises.push_back(
        {OrderStatusName::Of(value.keys[i].text), ReadRaise(value.items[i], problems)});
  }
  return raises;
}

FollowUps ReadFollowUps(const Yaml& value, Problems& problems) {
  FollowUps rules;
  Fields fields(value, "follow_ups", {"unanswered", "raise", "angry_raise"}, problems);
  const Yaml* unanswered = fields.Find("unanswered");
  const Yaml* raise = fields.Find("raise");
  const Yaml* angry_raise = fields.Find("angry_raise");
  if (unanswered != nullptr) {
    rules.unanswered = static_cast<std::uint8_t>(
        ReadNumber(*unanswered, "unanswered", 2, kUnansweredMost, problems).value_or(0));
    if (raise == nullptr) {
      problems.Add(unanswered->at, "unanswered needs the key 'raise' beside it");
    }
  }
  if (raise != nullptr) {
    rules.raise = ReadRaise(*raise, problems);
    if (unanswered == nullptr) {
      problems.Add(raise->at, "raise needs the key 'unanswered' beside it");
    }
  }
  if (angry_raise != nullptr) rules.angry_raise = ReadRaise(*angry_raise, problems);
  if (fields.is_map() && unanswered == nullptr && raise == nullptr && angry_raise == nullptr) {
    problems.Add(value.at, "follow_ups needs the key 'unanswered' or 'angry_raise'");
  }
  return rules;
}

Angry ReadAngry(const Yaml& value, const Declared& declared, Problems& problems) {
  Angry angry;
  Fields fields(value, "angry", {"needs", "raise"}, problems);
  const Yaml* needs = fields.Find("needs");
  const Yaml* raise = fields.Find("raise");
  if (needs != nullptr) angry.needs = ReadNeeds(*needs, declared, problems);
  if (raise != nullptr) angry.raise = ReadRaise(*raise, problems);
  if (fields.is_map() && needs == nullptr && raise == nullptr) {
    problems.Add(value.at, "angry needs the key 'needs' or 'raise'");
  }
  return angry;
}

std::vector<Route> WithAngry(const std::vector<Route>& routes, const Angry& angry,
                             const Yaml& value, Problems& problems) {
  if (angry.raise == 0) return routes;
  std::vector<Route> all;
  for (const Route& route : routes) {
    std::vector<Sentiment> others;
    for (const Sentiment sentiment : route.sentiments) {
      if (sentiment != Sentiment::kNegative) others.push_back(sentiment);
    }
    const bool any = route.sentiments.empty();
    if (any || others.size() < route.sentiments.size()) {
      Route upset = route;
      upset.sentiments = {Sentiment::kNegative};
      upset.priority =
          static_cast<std::uint8_t>(std::min<int>(kPriorities - 1, route.priority + angry.raise));
      all.push_back(std::move(upset));
    }
    if (!any && others.empty()) continue;
    all.push_back(route);
    all.back().sentiments = std::move(others);
  }
  if (all.size() > Limits().routes_max) {
    problems.Add(value.at, "with one more for the angry there are " + std::to_string(all.size()) +
                               " routes; at most " + std::to_string(Limits().routes_max) +
                               " are taken");
  }
  return all;
}

}  // namespace usher::policy
