#include "unit/libs/model/random_state.h"

namespace usher {

// Values are made one statement at a time: what a call's arguments do first is not fixed.
Timer RandomState::MakeTimer() {
  Timer timer;
  timer.at = At();
  timer.order = Number();
  return timer;
}

std::string RandomState::Text() {
  std::string text(Small(20), ' ');
  for (char& c : text) c = static_cast<char>(Small(256));
  return text;
}

Need RandomState::MakeNeed() {
  Need need;
  need.skill = AnyName<SkillName>();
  need.level = Any<std::uint8_t>();
  return need;
}

std::vector<Need> RandomState::Needs() {
  return List<Need>([this] { return MakeNeed(); });
}

Attribute RandomState::MakeAttribute() {
  Attribute attribute;
  attribute.name = AnyName<AttributeName>();
  attribute.value = AnyName<ValueName>();
  return attribute;
}

AgentState RandomState::Agent() {
  AgentState agent;
  agent.agent = AnyName<AgentName>();
  agent.profile.skills = Needs();
  agent.profile.attributes = List<Attribute>([this] { return MakeAttribute(); });
  agent.may_take = Flip();
  agent.supervisor = Flip();
  agent.bot = Flip();
  agent.units = Any<std::uint32_t>();
  agent.limits = List<ChannelLimit>([this] {
    ChannelLimit limit;
    limit.channel = AnyName<ChannelName>();
    limit.most = Any<std::uint32_t>();
    return limit;
  });
  agent.presence = UpTo(Presence::kDraining);
  agent.away = UpTo(AwayReason::kMissedOffers);
  agent.shift_ends = At();
  agent.idle = Number();
  agent.idle_since = At();
  agent.paced = Any<std::uint32_t>();
  agent.pace_most = Any<std::uint32_t>();
  agent.pace = MakeTimer();
  agent.slow_until = At();
  agent.missed = Any<std::uint32_t>();
  agent.wrap_ups = List<WrapUp>([this] {
    WrapUp wrap_up;
    wrap_up.inquiry = AnyId<InquiryId>();
    wrap_up.channel = AnyName<ChannelName>();
    wrap_up.units = Any<std::uint32_t>();
    wrap_up.end = MakeTimer();
    return wrap_up;
  });
  return agent;
}

Features RandomState::SomeFeatures() {
  Features features;
  features.channel = AnyName<ChannelName>();
  features.language = AnyName<LanguageName>();
  features.topic = AnyName<TopicName>();
  features.sentiment = UpTo(Sentiment::kPositive);
  features.tier = AnyName<TierName>();
  features.order = AnyId<OrderId>();
  features.order_status = AnyName<OrderStatusName>();
  features.on_site = Flip();
  features.value = Any<std::int64_t>();
  return features;
}

Clock RandomState::MakeClock() {
  Clock clock;
  clock.target = UpTo(Target::kUpdate);
  clock.state = UpTo(ClockState::kPaused);
  clock.length = For();
  clock.hours = AnyName<CalendarName>();
  clock.since = At();
  clock.used = For();
  clock.due = At();
  clock.warned = Any<std::uint32_t>();
  clock.warn = MakeTimer();
  clock.breach = MakeTimer();
  return clock;
}

InquiryState RandomState::Inquiry() {
  InquiryState inquiry;
  inquiry.inquiry = AnyId<InquiryId>();
  inquiry.conversation = AnyId<ConversationId>();
  inquiry.customer = AnyId<CustomerId>();
  inquiry.message = AnyId<MessageId>();
  inquiry.features = SomeFeatures();
  inquiry.repeat = Flip();
  inquiry.queue_named = Flip();
  inquiry.priority_named = Maybe([this] { return Any<std::uint8_t>(); });
  inquiry.unanswered = Any<std::uint8_t>();
  inquiry.raised = Any<std::uint8_t>();
  inquiry.queue = AnyName<QueueName>();
  inquiry.route = AnyName<RouteName>();
  inquiry.more_needs = Needs();
  inquiry.priority = Any<std::uint8_t>();
  inquiry.units = Any<std::uint32_t>();
  inquiry.interruptible = Flip();
  inquiry.size = Any<std::uint8_t>();
  inquiry.arrival = Number();
  inquiry.placed_at = At();
  inquiry.clocks = List<Clock>([this] { return MakeClock(); });
  inquiry.forecast = Flip();
  Place(inquiry);
  return inquiry;
}

// Where it stands, and what moves it.
void RandomState::Place(InquiryState& inquiry) {
  inquiry.stage = UpTo(Stage::kPending);
  inquiry.answered = Flip();
  inquiry.offers = List<OfferState>([this] {
    OfferState offer;
    offer.offer = {Number()};
    offer.agent = AnyName<AgentName>();
    offer.made_at = At();
    offer.expiry = MakeTimer();
    return offer;
  });
  inquiry.agent = AnyName<AgentName>();
  inquiry.assigned_at = At();
  inquiry.answer = MakeTimer();
  inquiry.gone = MakeTimer();
  inquiry.exclusions = List<Exclusion>([this] {
    Exclusion exclusion;
    exclusion.agent = AnyName<AgentName>();
    exclusion.end = MakeTimer();
    exclusion.cooling = Flip();
    return exclusion;
  });
  inquiry.start = MakeTimer();
  inquiry.wake = MakeTimer();
  inquiry.holds = Flip();
  inquiry.reopens = AnyId<InquiryId>();
  inquiry.step = Any<std::uint32_t>();
  inquiry.relax = MakeTimer();
  inquiry.relax_left = For();
  inquiry.escalated = Any<std::uint32_t>();
  inquiry.escalate = MakeTimer();
  inquiry.starving = Flip();
  inquiry.starve = MakeTimer();
  inquiry.preferred = Names<AgentName>();
  inquiry.reserved = MakeTimer();
  inquiry.prefer_for = For();
}

SourceState RandomState::MakeSource() {
  SourceState source;
  source.topic = Text();
  source.partition = Any<std::int32_t>();
  source.highest = Any<std::int64_t>();
  for (std::uint64_t& word : source.seen) word = Number();
  return source;
}

DeskState RandomState::Desk() {
  DeskState desk;
  desk.now = At();
  desk.commands = Number();
  desk.last_arrival = Number();
  desk.last_offer = Number();
  desk.last_idle = Number();
  desk.last_timer = Number();
  desk.late_credit = Small(1000);
  desk.has_policy = Flip();
  desk.policy = MakePolicy();
  desk.agents = List<AgentState>([this] { return Agent(); });
  desk.inquiries = List<InquiryState>([this] { return Inquiry(); });
  desk.queues = List<QueueFacts>([this] {
    QueueFacts facts;
    facts.queue = AnyName<QueueName>();
    facts.turn = AnyName<AgentName>();
    facts.service_ppm = Any<std::uint32_t>();
    facts.gates = Any<std::uint32_t>();
    return facts;
  });
  desk.memories = List<Memory>([this] {
    Memory memory;
    memory.customer = AnyId<CustomerId>();
    memory.topic = AnyName<TopicName>();
    memory.agent = AnyName<AgentName>();
    memory.at = At();
    return memory;
  });
  desk.resolved = List<Resolved>([this] {
    Resolved resolved;
    resolved.conversation = AnyId<ConversationId>();
    resolved.inquiry = AnyId<InquiryId>();
    resolved.agent = AnyName<AgentName>();
    resolved.at = At();
    return resolved;
  });
  desk.handlings = List<Handling>([this] {
    Handling handling;
    handling.queue = AnyName<QueueName>();
    handling.topic = AnyName<TopicName>();
    handling.mean = For();
    handling.finished = Any<std::uint32_t>();
    return handling;
  });
  desk.edges = List<CalendarEdge>([this] {
    CalendarEdge edge;
    edge.calendar = AnyName<CalendarName>();
    edge.at = MakeTimer();
    return edge;
  });
  desk.sources = List<SourceState>([this] { return MakeSource(); });
  desk.requests = List<RequestState>([this] {
    RequestState request;
    request.request = AnyId<RequestId>();
    request.digest = Number();
    return request;
  });
  return desk;
}

}  // namespace usher
