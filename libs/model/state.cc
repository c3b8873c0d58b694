#include "model/state.h"

#include <bit>
#include <concepts>
#include <type_traits>
#include <utility>

#include "core/bytes.h"
#include "core/hash.h"

namespace usher {
namespace {

// One list of fields a type serves both directions, so that what is read is what was written.
template <class T, class Type>
concept Is = std::same_as<std::remove_const_t<T>, Type>;

template <class A>
void Fields(A& archive, Is<Need> auto& need) {
  archive(need.skill, need.level);
}
template <class A>
void Fields(A& archive, Is<Attribute> auto& attribute) {
  archive(attribute.name, attribute.value);
}
template <class A>
void Fields(A& archive, Is<Profile> auto& profile) {
  archive(profile.skills, profile.attributes);
}
template <class A>
void Fields(A& archive, Is<Clause> auto& clause) {
  archive(clause.op, clause.count, clause.skill, clause.attribute);
}
template <class A>
void Fields(A& archive, Is<ScoreStep> auto& step) {
  archive(step.op, step.number, step.skill, step.attribute);
}
template <class A>
void Fields(A& archive, Is<Requirement> auto& requirement) {
  archive(requirement.needs, requirement.who);
}
template <class A>
void Fields(A& archive, Is<RelaxStep> auto& step) {
  archive(step.after, step.requirement);
}
template <class A>
void Fields(A& archive, Is<Escalation> auto& escalation) {
  archive(escalation.age, escalation.priority, escalation.queue);
}
template <class A>
void Fields(A& archive, Is<Channel> auto& channel) {
  archive(channel.name, channel.units, channel.grace, channel.pending_holds);
}
template <class A>
void Fields(A& archive, Is<SlaClass> auto& sla) {
  archive(sla.name, sla.first_response, sla.next_response, sla.resolution, sla.update,
          sla.warn_permilles, sla.hours);
}
template <class A>
void Fields(A& archive, Is<OpenSpan> auto& span) {
  archive(span.from, span.to);
}
template <class A>
void Fields(A& archive, Is<Calendar> auto& calendar) {
  archive(calendar.name, calendar.open);
}
template <class A>
void Fields(A& archive, Is<StatusRaise> auto& raise) {
  archive(raise.status, raise.raise);
}
template <class A>
void Fields(A& archive, Is<Borrow> auto& borrow) {
  archive(borrow.from, borrow.service_permille);
}
template <class A>
void Fields(A& archive, Is<Forecast> auto& forecast) {
  archive(forecast.relax, forecast.priority, forecast.queue);
}
template <class A>
void Fields(A& archive, Is<Queue> auto& queue) {
  archive(queue.name, queue.requirement, queue.steps, queue.prefer, queue.pick, queue.score,
          queue.offer_to, queue.rank, queue.interrupts, queue.interruptible);
  archive(queue.sla, queue.auto_accept, queue.offer_window, queue.answer_within, queue.wrap_up,
          queue.max_waiting, queue.when_full, queue.full_queue, queue.when_nobody,
          queue.nobody_queue, queue.hours, queue.when_closed, queue.closed_queue,
          queue.expected_work, queue.wake, queue.borrow, queue.forecast, queue.escalations);
}
template <class A>
void Fields(A& archive, Is<Route> auto& route) {
  archive(route.name, route.channels, route.languages, route.topics, route.sentiments, route.tiers,
          route.on_site, route.repeat, route.order_statuses, route.value_min, route.queue,
          route.priority, route.needs);
}
template <class A>
void Fields(A& archive, Is<Pace> auto& pace) {
  archive(pace.most, pace.window, pace.start_most, pace.start);
}
template <class A>
void Fields(A& archive, Is<Sticky> auto& sticky) {
  archive(sticky.last_agent, sticky.linked, sticky.wait, sticky.repeat, sticky.repeat_raise);
}
template <class A>
void Fields(A& archive, Is<Policy> auto& policy) {
  archive(policy.version, policy.channels, policy.calendars, policy.sla_classes, policy.queues,
          policy.routes, policy.decline_cooldown, policy.missed_offers_max,
          policy.late_share_permille, policy.order, policy.then, policy.urgent, policy.near,
          policy.crowd, policy.age_credit, policy.starve_after, policy.pace, policy.sticky,
          policy.reopen, policy.status_raises, policy.angry_needs);
}
template <class A>
void Fields(A& archive, Is<Features> auto& features) {
  archive(features.channel, features.language, features.topic, features.sentiment, features.tier,
          features.order, features.order_status, features.on_site, features.value);
}
template <class A>
void Fields(A& archive, Is<ChannelLimit> auto& limit) {
  archive(limit.channel, limit.most);
}
template <class A>
void Fields(A& archive, Is<Timer> auto& timer) {
  archive(timer.at, timer.order);
}
template <class A>
void Fields(A& archive, Is<OfferState> auto& offer) {
  archive(offer.offer, offer.agent, offer.made_at, offer.expiry);
}
template <class A>
void Fields(A& archive, Is<Exclusion> auto& exclusion) {
  archive(exclusion.agent, exclusion.end, exclusion.cooling);
}
template <class A>
void Fields(A& archive, Is<Clock> auto& clock) {
  archive(clock.target, clock.state, clock.length, clock.hours, clock.since, clock.used, clock.due,
          clock.warned, clock.warn, clock.breach);
}
template <class A>
void Fields(A& archive, Is<InquiryState> auto& inquiry) {
  archive(inquiry.inquiry, inquiry.conversation, inquiry.customer, inquiry.message,
          inquiry.features, inquiry.repeat, inquiry.queue_named, inquiry.priority_named);
  archive(inquiry.queue, inquiry.route, inquiry.more_needs, inquiry.priority, inquiry.units,
          inquiry.interruptible, inquiry.size);
  archive(inquiry.arrival, inquiry.placed_at, inquiry.clocks, inquiry.forecast);
  archive(inquiry.stage, inquiry.answered, inquiry.offers, inquiry.agent, inquiry.assigned_at,
          inquiry.answer, inquiry.gone, inquiry.exclusions, inquiry.start, inquiry.wake,
          inquiry.holds, inquiry.reopens);
  archive(inquiry.step, inquiry.relax, inquiry.relax_left, inquiry.escalated, inquiry.escalate,
          inquiry.starving, inquiry.starve, inquiry.preferred, inquiry.reserved,
          inquiry.prefer_for);
}
template <class A>
void Fields(A& archive, Is<WrapUp> auto& wrap_up) {
  archive(wrap_up.inquiry, wrap_up.channel, wrap_up.units, wrap_up.end);
}
template <class A>
void Fields(A& archive, Is<AgentState> auto& agent) {
  archive(agent.agent, agent.profile, agent.may_take, agent.supervisor, agent.bot, agent.units,
          agent.limits, agent.presence, agent.away, agent.shift_ends, agent.idle, agent.idle_since,
          agent.paced, agent.pace_most, agent.pace, agent.slow_until, agent.missed, agent.wrap_ups);
}
template <class A>
void Fields(A& archive, Is<Memory> auto& memory) {
  archive(memory.customer, memory.topic, memory.agent, memory.at);
}
template <class A>
void Fields(A& archive, Is<QueueFacts> auto& facts) {
  archive(facts.queue, facts.turn, facts.service_ppm, facts.gates);
}
template <class A>
void Fields(A& archive, Is<Resolved> auto& resolved) {
  archive(resolved.conversation, resolved.inquiry, resolved.agent, resolved.at);
}
template <class A>
void Fields(A& archive, Is<Handling> auto& handling) {
  archive(handling.queue, handling.topic, handling.mean, handling.finished);
}
template <class A>
void Fields(A& archive, Is<CalendarEdge> auto& edge) {
  archive(edge.calendar, edge.at);
}
template <class A>
void Fields(A& archive, Is<SourceState> auto& source) {
  archive(source.topic, source.partition, source.highest, source.seen);
}
template <class A>
void Fields(A& archive, Is<RequestState> auto& request) {
  archive(request.request, request.digest);
}
template <class A>
void Fields(A& archive, Is<DeskState> auto& desk) {
  archive(desk.now, desk.commands, desk.last_arrival, desk.last_offer, desk.last_idle,
          desk.last_timer, desk.late_credit, desk.has_policy, desk.policy);
  archive(desk.agents, desk.inquiries, desk.queues, desk.memories, desk.resolved, desk.handlings,
          desk.edges, desk.sources, desk.requests);
}

// The last enumerator of each enum of the state: what lies beyond is refused.
constexpr Sentiment Last(Sentiment) { return Sentiment::kPositive; }
constexpr Stage Last(Stage) { return Stage::kPending; }
constexpr Wake Last(Wake) { return Wake::kPool; }
constexpr Presence Last(Presence) { return Presence::kDraining; }
constexpr AwayReason Last(AwayReason) { return AwayReason::kMissedOffers; }
constexpr ClockState Last(ClockState) { return ClockState::kPaused; }
constexpr Target Last(Target) { return Target::kUpdate; }
constexpr ClauseOp Last(ClauseOp) { return ClauseOp::kAttribute; }
constexpr ScoreOp Last(ScoreOp) { return ScoreOp::kEqual; }
constexpr Pick Last(Pick) { return Pick::kScore; }
constexpr Refuge Last(Refuge) { return Refuge::kReject; }
constexpr Order Last(Order) { return Order::kAgentLevel; }
constexpr SortField Last(SortField) { return SortField::kRepeat; }

class Encoder {
 public:
  template <class... T>
  void operator()(const T&... fields) {
    (One(fields), ...);
  }
  std::string Take() { return out_.Take(); }

 private:
  void One(bool value) { out_.Bool(value); }
  void One(std::uint8_t value) { out_.U8(value); }
  void One(std::uint16_t value) { out_.U16(value); }
  void One(std::uint32_t value) { out_.U32(value); }
  void One(std::uint64_t value) { out_.U64(value); }
  void One(std::int32_t value) { out_.U32(static_cast<std::uint32_t>(value)); }
  void One(std::int64_t value) { out_.I64(value); }
  void One(Instant value) { out_.At(value); }
  void One(Duration value) { out_.For(value); }
  void One(const std::string& value) { out_.Text(value); }
  template <class Tag>
  void One(const Id<Tag>& id) {
    out_.Put(id);
  }
  template <class Tag>
  void One(const Serial<Tag>& serial) {
    out_.Put(serial);
  }
  template <class Tag>
  void One(const Name<Tag>& name) {
    out_.Put(name);
  }
  template <class T>
  void One(const std::optional<T>& value) {
    out_.Bool(value.has_value());
    if (value) One(*value);
  }
  template <class T>
  void One(const std::vector<T>& list) {
    out_.U32(static_cast<std::uint32_t>(list.size()));
    for (const T& element : list) One(element);
  }
  template <class T>
  void One(const T& value) {
    if constexpr (std::is_enum_v<T>) {
      out_.U8(static_cast<std::uint8_t>(value));
    } else {
      Fields(*this, value);
    }
  }

  ByteWriter out_;
};

class Decoder {
 public:
  explicit Decoder(std::string_view bytes) : in_(bytes) {}

  template <class... T>
  void operator()(T&... fields) {
    (One(fields), ...);
  }
  bool done() const { return in_.done(); }

 private:
  void One(bool& value) { value = in_.Bool(); }
  void One(std::uint8_t& value) { value = in_.U8(); }
  void One(std::uint16_t& value) { value = in_.U16(); }
  void One(std::uint32_t& value) { value = in_.U32(); }
  void One(std::uint64_t& value) { value = in_.U64(); }
  void One(std::int32_t& value) { value = static_cast<std::int32_t>(in_.U32()); }
  void One(std::int64_t& value) { value = in_.I64(); }
  void One(Instant& value) { value = in_.At(); }
  void One(Duration& value) { value = in_.For(); }
  void One(std::string& value) { value = in_.Text(); }
  template <class Tag>
  void One(Id<Tag>& id) {
    id = in_.template GetId<Id<Tag>>();
  }
  template <class Tag>
  void One(Serial<Tag>& serial) {
    serial = in_.template GetSerial<Serial<Tag>>();
  }
  template <class Tag>
  void One(Name<Tag>& name) {
    name = in_.template GetName<Name<Tag>>();
  }
  template <class T>
  void One(std::optional<T>& value) {
    value.reset();
    if (in_.Bool()) One(value.emplace());
  }
  // Element by element and no further than the bytes reach: a hostile count reserves nothing.
  template <class T>
  void One(std::vector<T>& list) {
    list.clear();
    const std::uint32_t count = in_.Count(1);
    for (std::uint32_t i = 0; i < count && in_.ok(); ++i) One(list.emplace_back());
  }
  template <class T>
  void One(T& value) {
    if constexpr (std::is_enum_v<T>) {
      value = in_.GetEnum(Last(T{}));
    } else {
      Fields(*this, value);
    }
  }

  ByteReader in_;
};

// The word at `bytes`, little-endian, zeros beyond the end.
std::uint64_t WordAt(std::string_view bytes) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < 8 && i < bytes.size(); ++i) {
    word |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  }
  return word;
}

}  // namespace

std::string EncodeState(const DeskState& state) {
  Encoder encoder;
  encoder(kStateFormat, state);
  return encoder.Take();
}

std::optional<DeskState> DecodeState(std::string_view bytes) {
  Decoder decoder(bytes);
  std::uint16_t format = 0;
  decoder(format);
  if (format != kStateFormat) return std::nullopt;
  std::optional<DeskState> state(std::in_place);
  decoder(*state);
  if (!decoder.done()) return std::nullopt;
  for (const SourceState& source : state->sources) {
    if (source.seen.size() != kSourceWindow / 64) return std::nullopt;
  }
  return state;
}

std::uint64_t HashState(const DeskState& state) { return HashBytes(EncodeState(state)); }

std::uint64_t HashBytes(std::string_view bytes) {
  constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15ULL;  // 2^64 divided by the golden ratio
  std::uint64_t hash = bytes.size();
  while (!bytes.empty()) {
    hash = std::rotl((hash ^ WordAt(bytes)) * kOdd, 29);
    bytes.remove_prefix(bytes.size() < 8 ? bytes.size() : 8);
  }
  return Mix64(hash);
}

}  // namespace usher
