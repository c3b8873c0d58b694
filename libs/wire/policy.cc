#include "wire/policy.h"

#include "model/limits.h"
#include "wire/enums.h"
#include "wire/expressions.h"
#include "wire/parts.h"
#include "wire/quality.h"

namespace usher::wire {
namespace {

constexpr std::uint32_t kMatchesMax = 1'024;  // values in one list of a route
constexpr std::size_t kVersionBytesMax = 64;
constexpr std::uint32_t kRankMax = 9;
constexpr std::uint32_t kWarningsMax = 4;
constexpr std::uint32_t kSortFields = 3;
constexpr std::uint32_t kPermilleMax = 65'535;  // what the model holds; the engine says what fits

using Texts = google::protobuf::RepeatedPtrField<std::string>;

void Put(const Channel& from, v1::Channel& to) {
  to.set_name(from.name.ToString());
  to.set_units(from.units);
  if (from.grace) to.set_grace_us(from.grace->count());
  to.set_pending_holds(from.pending_holds);
}

void Put(const SlaClass& from, v1::SlaClass& to) {
  to.set_name(from.name.ToString());
  to.set_first_response_us(from.first_response.count());
  to.set_next_response_us(from.next_response.count());
  to.set_resolution_us(from.resolution.count());
  to.set_update_us(from.update.count());
  for (const std::uint16_t permille : from.warn_permilles) to.add_warn_permilles(permille);
  to.set_hours(from.hours.ToString());
}

void Put(const Escalation& from, v1::Escalation& to) {
  to.set_age_us(from.age.count());
  if (from.priority) to.set_priority(*from.priority);
  to.set_queue(from.queue.ToString());
}

void Put(const Forecast& from, v1::Forecast& to) {
  to.set_relax(from.relax);
  if (from.priority) to.set_priority(*from.priority);
  to.set_queue(from.queue.ToString());
}

void Put(const Queue& from, v1::Queue& to) {
  to.set_name(from.name.ToString());
  ToProto(from.requirement.needs, *to.mutable_needs());
  ToProto(from.requirement.who, *to.mutable_who());
  for (const RelaxStep& step : from.steps) {
    v1::RelaxStep& added = *to.add_steps();
    added.set_after_us(step.after.count());
    ToProto(step.requirement.needs, *added.mutable_needs());
    ToProto(step.requirement.who, *added.mutable_who());
  }
  for (const Expression& prefer : from.prefer) {
    ToProto(prefer, *to.add_prefer()->mutable_clauses());
  }
  to.set_pick(ToProto(from.pick));
  ToProto(from.score, *to.mutable_score());
  to.set_offer_to(from.offer_to);
  to.set_rank(from.rank);
  to.set_interrupts(from.interrupts);
  to.set_interruptible(from.interruptible);
  to.set_sla(from.sla.ToString());
  to.set_auto_accept(from.auto_accept);
  to.set_offer_window_us(from.offer_window.count());
  to.set_answer_within_us(from.answer_within.count());
  to.set_wrap_up_us(from.wrap_up.count());
  to.set_max_waiting(from.max_waiting);
  to.set_when_full(ToProto(from.when_full));
  to.set_full_queue(from.full_queue.ToString());
  to.set_when_nobody(ToProto(from.when_nobody));
  to.set_nobody_queue(from.nobody_queue.ToString());
  for (const Escalation& escalation : from.escalations) Put(escalation, *to.add_escalations());
  to.set_hours(from.hours.ToString());
  to.set_when_closed(ToProto(from.when_closed));
  to.set_closed_queue(from.closed_queue.ToString());
  to.set_expected_work_us(from.expected_work.count());
  to.set_wake(ToProto(from.wake));
  for (const Borrow& borrow : from.borrow) {
    v1::Borrow& added = *to.add_borrow();
    added.set_from(borrow.from.ToString());
    added.set_service_permille(borrow.service_permille);
  }
  Put(from.forecast, *to.mutable_forecast());
}

template <class NameType>
void PutNames(const std::vector<NameType>& from, Texts& to) {
  for (const NameType& name : from) to.Add(name.ToString());
}

void Put(const Route& from, v1::Route& to) {
  to.set_name(from.name.ToString());
  PutNames(from.channels, *to.mutable_channels());
  PutNames(from.languages, *to.mutable_languages());
  PutNames(from.topics, *to.mutable_topics());
  for (const Sentiment sentiment : from.sentiments) to.add_sentiments(ToProto(sentiment));
  PutNames(from.tiers, *to.mutable_tiers());
  to.set_queue(from.queue.ToString());
  to.set_priority(from.priority);
  if (from.on_site) to.set_on_site(*from.on_site);
  if (from.repeat) to.set_repeat(*from.repeat);
  to.set_value_min(from.value_min);
  ToProto(from.needs, *to.mutable_needs());
  PutNames(from.order_statuses, *to.mutable_order_statuses());
}

// Edges as distances: a year of hours is a few kilobytes. Unsigned, so that no distance overflows.
void Put(const Calendar& from, v1::Calendar& to) {
  to.set_name(from.name.ToString());
  to.mutable_open_us()->Reserve(static_cast<int>(from.open.size() * 2));
  std::uint64_t before = 0;
  const auto add = [&](Instant edge) {
    const auto at = static_cast<std::uint64_t>(ToMicros(edge));
    to.add_open_us(static_cast<std::int64_t>(at - before));
    before = at;
  };
  for (const OpenSpan& span : from.open) {
    add(span.from);
    add(span.to);
  }
}

void Put(const Pace& from, v1::Pace& to) {
  to.set_most(from.most);
  to.set_window_us(from.window.count());
  to.set_start_most(from.start_most);
  to.set_start_us(from.start.count());
}

void Put(const Sticky& from, v1::Sticky& to) {
  to.set_last_agent_us(from.last_agent.count());
  to.set_linked(from.linked);
  to.set_wait_us(from.wait.count());
  to.set_repeat_us(from.repeat.count());
  to.set_repeat_raise(from.repeat_raise);
}

std::uint8_t TakeSmall(const char* field, std::uint32_t value, std::uint32_t most,
                       FieldCheck& check) {
  return static_cast<std::uint8_t>(check.TakeNumber(field, value, most));
}

// What a refuge says; `otherwise` if it says nothing.
Refuge TakeRefuge(const char* field, v1::Refuge value, Refuge otherwise, FieldCheck& check) {
  return value == v1::REFUGE_UNSPECIFIED ? otherwise : check.TakeEnum(field, FromProto(value));
}

std::uint16_t TakePermille(const char* field, std::uint32_t value, FieldCheck& check) {
  return static_cast<std::uint16_t>(check.TakeNumber(field, value, kPermilleMax));
}

Channel Take(const v1::Channel& from, FieldCheck& check) {
  Channel to;
  to.name = check.TakeName<ChannelName>("name", from.name());
  to.units = from.units();
  if (from.has_grace_us()) to.grace = check.TakeSpan("grace_us", from.grace_us());
  to.pending_holds = from.pending_holds();
  return to;
}

SlaClass Take(const v1::SlaClass& from, FieldCheck& check) {
  SlaClass to;
  to.name = check.TakeName<SlaName>("name", from.name());
  to.first_response = check.TakeSpan("first_response_us", from.first_response_us());
  to.next_response = check.TakeSpan("next_response_us", from.next_response_us());
  to.resolution = check.TakeSpan("resolution_us", from.resolution_us());
  to.update = check.TakeSpan("update_us", from.update_us());
  to.warn_permilles.clear();
  if (check.CheckCount("warn_permilles", from.warn_permilles_size(), kWarningsMax)) {
    for (const std::uint32_t permille : from.warn_permilles()) {
      to.warn_permilles.push_back(TakePermille("warn_permilles", permille, check));
    }
  }
  // Older records had one at most, in a field of its own.
  if (from.warn_permille() != 0 && to.warn_permilles.empty()) {
    to.warn_permilles.push_back(TakePermille("warn_permille", from.warn_permille(), check));
  }
  to.hours = check.TakeName<CalendarName>("hours", from.hours());
  return to;
}

RelaxStep Take(const v1::RelaxStep& from, FieldCheck& check) {
  RelaxStep to;
  to.after = check.TakeSpan("after_us", from.after_us());
  to.requirement.needs = FromProto(from.needs(), "needs", Limits().needs_max, check);
  to.requirement.who = FromProto(from.who(), "who", check);
  return to;
}

Expression Take(const v1::Expression& from, FieldCheck& check) {
  return FromProto(from.clauses(), "clauses", check);
}

Escalation Take(const v1::Escalation& from, FieldCheck& check) {
  Escalation to;
  to.age = check.TakeSpan("age_us", from.age_us());
  if (from.has_priority()) {
    to.priority = TakeSmall("priority", from.priority(), kPriorities - 1, check);
  }
  to.queue = check.TakeName<QueueName>("queue", from.queue());
  return to;
}

Queue Take(const v1::Queue& from, FieldCheck& check);
Route Take(const v1::Route& from, FieldCheck& check);

Borrow Take(const v1::Borrow& from, FieldCheck& check) {
  return {check.TakeName<QueueName>("from", from.from()),
          TakePermille("service_permille", from.service_permille(), check)};
}

Forecast Take(const v1::Forecast& from, FieldCheck& check) {
  const FieldCheck::Inside inside(check, "forecast");
  Forecast to;
  to.relax = from.relax();
  if (from.has_priority()) {
    to.priority = TakeSmall("priority", from.priority(), kPriorities - 1, check);
  }
  to.queue = check.TakeName<QueueName>("queue", from.queue());
  return to;
}

StatusRaise Take(const v1::StatusRaise& from, FieldCheck& check) {
  return {check.TakeName<OrderStatusName>("status", from.status()),
          TakeSmall("raise", from.raise(), kPriorities - 1, check)};
}

Calendar Take(const v1::Calendar& from, FieldCheck& check) {
  Calendar to;
  to.name = check.TakeName<CalendarName>("name", from.name());
  if (!check.CheckCount("open_us", from.open_us_size(), 2 * Limits().spans_max)) return to;
  if (from.open_us_size() % 2 != 0) check.Refuse("open_us", "a span without its end");
  std::uint64_t before = 0;
  const auto next = [&](int place) {
    before += static_cast<std::uint64_t>(from.open_us(place));
    if (before > static_cast<std::uint64_t>(INT64_MAX)) check.Refuse("open_us", "before 1970");
    return FromMicros(static_cast<std::int64_t>(before));
  };
  to.open.reserve(static_cast<std::size_t>(from.open_us_size() / 2));
  for (int i = 0; i + 1 < from.open_us_size(); i += 2) {
    const Instant opens = next(i);
    to.open.push_back({opens, next(i + 1)});
  }
  return to;
}

// A whole list, each entry by its own Take().
template <class To, class From>
std::vector<To> TakeAll(const google::protobuf::RepeatedPtrField<From>& from, const char* field,
                        std::uint32_t most, FieldCheck& check) {
  std::vector<To> to;
  if (!check.CheckCount(field, from.size(), most)) return to;
  to.reserve(static_cast<std::size_t>(from.size()));
  for (int i = 0; i < from.size(); ++i) {
    const FieldCheck::Inside inside(check, field, i);
    to.push_back(Take(from[i], check));
  }
  return to;
}

Queue Take(const v1::Queue& from, FieldCheck& check) {
  const Limits limits;
  Queue to;
  to.name = check.TakeName<QueueName>("name", from.name());
  to.requirement.needs = FromProto(from.needs(), "needs", limits.needs_max, check);
  to.requirement.who = FromProto(from.who(), "who", check);
  to.steps = TakeAll<RelaxStep>(from.steps(), "steps", limits.steps_max, check);
  to.prefer = TakeAll<Expression>(from.prefer(), "prefer", limits.prefer_max, check);
  to.pick = check.TakeEnum("pick", FromProto(from.pick()));
  to.score = FromProto(from.score(), "score", check);
  // Older policies do not say it: they asked one agent.
  to.offer_to = from.offer_to() == 0
                    ? std::uint8_t{1}
                    : TakeSmall("offer_to", from.offer_to(), limits.offers_max, check);
  to.rank = TakeSmall("rank", from.rank(), kRankMax, check);
  to.interrupts = from.interrupts();
  to.interruptible = from.interruptible();
  to.sla = check.TakeName<SlaName>("sla", from.sla());
  to.auto_accept = from.auto_accept();
  to.offer_window = check.TakeSpan("offer_window_us", from.offer_window_us());
  to.answer_within = check.TakeSpan("answer_within_us", from.answer_within_us());
  to.wrap_up = check.TakeSpan("wrap_up_us", from.wrap_up_us());
  to.max_waiting = from.max_waiting();
  to.when_full = TakeRefuge("when_full", from.when_full(), Refuge::kReject, check);
  to.full_queue = check.TakeName<QueueName>("full_queue", from.full_queue());
  to.when_nobody = TakeRefuge("when_nobody", from.when_nobody(), Refuge::kHold, check);
  to.nobody_queue = check.TakeName<QueueName>("nobody_queue", from.nobody_queue());
  to.escalations =
      TakeAll<Escalation>(from.escalations(), "escalations", limits.escalations_max, check);
  to.hours = check.TakeName<CalendarName>("hours", from.hours());
  to.when_closed = TakeRefuge("when_closed", from.when_closed(), Refuge::kHold, check);
  to.closed_queue = check.TakeName<QueueName>("closed_queue", from.closed_queue());
  to.expected_work = check.TakeSpan("expected_work_us", from.expected_work_us());
  to.wake = check.TakeEnum("wake", FromProto(from.wake()));
  to.borrow = TakeAll<Borrow>(from.borrow(), "borrow", limits.borrow_max, check);
  to.forecast = Take(from.forecast(), check);
  return to;
}

template <class NameType>
std::vector<NameType> TakeNames(const Texts& from, const char* field, FieldCheck& check) {
  std::vector<NameType> to;
  if (!check.CheckCount(field, from.size(), kMatchesMax)) return to;
  to.reserve(static_cast<std::size_t>(from.size()));
  for (const std::string& name : from) to.push_back(check.TakeName<NameType>(field, name));
  return to;
}

Route Take(const v1::Route& from, FieldCheck& check) {
  Route to;
  to.name = check.TakeName<RouteName>("name", from.name());
  to.channels = TakeNames<ChannelName>(from.channels(), "channels", check);
  to.languages = TakeNames<LanguageName>(from.languages(), "languages", check);
  to.topics = TakeNames<TopicName>(from.topics(), "topics", check);
  if (check.CheckCount("sentiments", from.sentiments_size(), kMatchesMax)) {
    for (int i = 0; i < from.sentiments_size(); ++i) {
      to.sentiments.push_back(check.TakeEnum("sentiments", FromProto(from.sentiments(i))));
    }
  }
  to.tiers = TakeNames<TierName>(from.tiers(), "tiers", check);
  to.queue = check.TakeName<QueueName>("queue", from.queue());
  to.priority = TakeSmall("priority", from.priority(), kPriorities - 1, check);
  if (from.has_on_site()) to.on_site = from.on_site();
  if (from.has_repeat()) to.repeat = from.repeat();
  to.value_min = from.value_min();
  to.needs = FromProto(from.needs(), "needs", Limits().needs_max, check);
  to.order_statuses = TakeNames<OrderStatusName>(from.order_statuses(), "order_statuses", check);
  return to;
}

Pace Take(const v1::Pace& from, FieldCheck& check) {
  const FieldCheck::Inside inside(check, "pace");
  Pace to;
  to.most = from.most();
  to.window = check.TakeSpan("window_us", from.window_us());
  to.start_most = from.start_most();
  to.start = check.TakeSpan("start_us", from.start_us());
  return to;
}

FollowUps Take(const v1::FollowUps& from, FieldCheck& check) {
  const FieldCheck::Inside inside(check, "follow_ups");
  FollowUps to;
  to.unanswered = TakeSmall("unanswered", from.unanswered(), kUnansweredMost, check);
  to.raise = TakeSmall("raise", from.raise(), kPriorities - 1, check);
  to.angry_raise = TakeSmall("angry_raise", from.angry_raise(), kPriorities - 1, check);
  return to;
}

Sticky Take(const v1::Sticky& from, FieldCheck& check) {
  const FieldCheck::Inside inside(check, "sticky");
  Sticky to;
  to.last_agent = check.TakeSpan("last_agent_us", from.last_agent_us());
  to.linked = from.linked();
  to.wait = check.TakeSpan("wait_us", from.wait_us());
  to.repeat = check.TakeSpan("repeat_us", from.repeat_us());
  to.repeat_raise = TakeSmall("repeat_raise", from.repeat_raise(), kPriorities - 1, check);
  return to;
}

}  // namespace

void ToProto(const Policy& from, v1::Policy& to) {
  to.set_version(from.version);
  for (const Channel& channel : from.channels) Put(channel, *to.add_channels());
  for (const SlaClass& sla : from.sla_classes) Put(sla, *to.add_sla_classes());
  for (const Queue& queue : from.queues) Put(queue, *to.add_queues());
  for (const Route& route : from.routes) Put(route, *to.add_routes());
  to.set_decline_cooldown_us(from.decline_cooldown.count());
  to.set_missed_offers_max(from.missed_offers_max);
  to.set_late_share_permille(from.late_share_permille);
  to.set_order(ToProto(from.order));
  for (const SortField field : from.then) to.add_then(ToProto(field));
  to.set_age_credit_us(from.age_credit.count());
  to.set_starve_after_us(from.starve_after.count());
  Put(from.pace, *to.mutable_pace());
  Put(from.sticky, *to.mutable_sticky());
  for (const Calendar& calendar : from.calendars) Put(calendar, *to.add_calendars());
  to.set_reopen_us(from.reopen.count());
  to.set_urgent_us(from.urgent.count());
  to.set_near_us(from.near.count());
  to.set_crowd(from.crowd);
  for (const StatusRaise& raise : from.status_raises) {
    v1::StatusRaise& added = *to.add_status_raises();
    added.set_status(raise.status.ToString());
    added.set_raise(raise.raise);
  }
  ToProto(from.angry_needs, *to.mutable_angry_needs());
  if (from.follow_ups != FollowUps()) {
    v1::FollowUps& follow_ups = *to.mutable_follow_ups();
    follow_ups.set_unanswered(from.follow_ups.unanswered);
    follow_ups.set_raise(from.follow_ups.raise);
    follow_ups.set_angry_raise(from.follow_ups.angry_raise);
  }
  if (from.quality != Quality()) ToProto(from.quality, *to.mutable_quality());
}

Policy FromProto(const v1::Policy& from, FieldCheck& check) {
  const FieldCheck::Inside inside(check, "policy");
  const Limits limits;
  Policy to;
  if (from.version().size() > kVersionBytesMax) check.Refuse("version", "at most 64 bytes");
  to.version = from.version();
  to.channels = TakeAll<Channel>(from.channels(), "channels", limits.channels_max, check);
  to.sla_classes =
      TakeAll<SlaClass>(from.sla_classes(), "sla_classes", limits.sla_classes_max, check);
  to.queues = TakeAll<Queue>(from.queues(), "queues", limits.queues_max, check);
  to.routes = TakeAll<Route>(from.routes(), "routes", limits.routes_max, check);
  to.decline_cooldown = check.TakeSpan("decline_cooldown_us", from.decline_cooldown_us());
  to.missed_offers_max = from.missed_offers_max();
  to.late_share_permille = TakePermille("late_share_permille", from.late_share_permille(), check);
  to.order = check.TakeEnum("order", FromProto(from.order()));
  if (check.CheckCount("then", from.then_size(), kSortFields)) {
    for (int i = 0; i < from.then_size(); ++i) {
      to.then.push_back(check.TakeEnum("then", FromProto(from.then(i))));
    }
  }
  to.age_credit = check.TakeSpan("age_credit_us", from.age_credit_us());
  to.starve_after = check.TakeSpan("starve_after_us", from.starve_after_us());
  to.pace = Take(from.pace(), check);
  to.sticky = Take(from.sticky(), check);
  to.calendars = TakeAll<Calendar>(from.calendars(), "calendars", limits.calendars_max, check);
  to.reopen = check.TakeSpan("reopen_us", from.reopen_us());
  to.urgent = check.TakeSpan("urgent_us", from.urgent_us());
  to.near = check.TakeSpan("near_us", from.near_us());
  to.crowd = from.crowd();
  to.status_raises =
      TakeAll<StatusRaise>(from.status_raises(), "status_raises", limits.status_raises_max, check);
  to.angry_needs = FromProto(from.angry_needs(), "angry_needs", limits.needs_max, check);
  to.follow_ups = Take(from.follow_ups(), check);
  if (from.has_quality()) to.quality = FromProto(from.quality(), check);
  return to;
}

}  // namespace usher::wire
