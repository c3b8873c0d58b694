#include "wire/policy.h"

#include "model/limits.h"
#include "wire/enums.h"
#include "wire/expressions.h"
#include "wire/parts.h"

namespace usher::wire {
namespace {

constexpr std::uint32_t kMatchesMax = 1'024;  // values in one list of a route
constexpr std::size_t kVersionBytesMax = 64;
constexpr std::uint32_t kRankMax = 9;
constexpr std::uint32_t kSortFields = 3;
constexpr std::uint32_t kPermilleMax = 65'535;  // what the model holds; the engine says what fits

using Texts = google::protobuf::RepeatedPtrField<std::string>;

void Put(const Channel& from, v1::Channel& to) {
  to.set_name(from.name.ToString());
  to.set_units(from.units);
  if (from.grace) to.set_grace_us(from.grace->count());
}

void Put(const SlaClass& from, v1::SlaClass& to) {
  to.set_name(from.name.ToString());
  to.set_first_response_us(from.first_response.count());
  to.set_warn_permille(from.warn_permille);
}

void Put(const Escalation& from, v1::Escalation& to) {
  to.set_age_us(from.age.count());
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

Channel Take(const v1::Channel& from, FieldCheck& check) {
  Channel to;
  to.name = check.TakeName<ChannelName>("name", from.name());
  to.units = from.units();
  if (from.has_grace_us()) to.grace = check.TakeSpan("grace_us", from.grace_us());
  return to;
}

SlaClass Take(const v1::SlaClass& from, FieldCheck& check) {
  SlaClass to;
  to.name = check.TakeName<SlaName>("name", from.name());
  to.first_response = check.TakeSpan("first_response_us", from.first_response_us());
  to.warn_permille = static_cast<std::uint16_t>(
      check.TakeNumber("warn_permille", from.warn_permille(), kPermilleMax));
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
  to.late_share_permille = static_cast<std::uint16_t>(
      check.TakeNumber("late_share_permille", from.late_share_permille(), kPermilleMax));
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
  return to;
}

}  // namespace usher::wire
