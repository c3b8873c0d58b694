#include "unit/libs/model/random_state.h"

namespace usher {

Clause RandomState::MakeClause() {
  Clause clause;
  clause.op = UpTo(ClauseOp::kAttribute);
  clause.count = Any<std::uint16_t>();
  clause.skill = MakeNeed();
  clause.attribute = MakeAttribute();
  return clause;
}

Expression RandomState::MakeExpression() {
  return List<Clause>([this] { return MakeClause(); });
}

ScoreStep RandomState::MakeScoreStep() {
  ScoreStep step;
  step.op = UpTo(ScoreOp::kEqual);
  step.number = Any<std::int64_t>();
  step.skill = AnyName<SkillName>();
  step.attribute = MakeAttribute();
  return step;
}

Requirement RandomState::MakeRequirement() {
  Requirement requirement;
  requirement.needs = Needs();
  requirement.who = MakeExpression();
  return requirement;
}

Channel RandomState::MakeChannel() {
  Channel channel;
  channel.name = AnyName<ChannelName>();
  channel.units = Any<std::uint32_t>();
  channel.grace = Maybe([this] { return For(); });
  channel.pending_holds = Flip();
  return channel;
}

Calendar RandomState::MakeCalendar() {
  Calendar calendar;
  calendar.name = AnyName<CalendarName>();
  calendar.open = List<OpenSpan>([this] {
    OpenSpan span;
    span.from = At();
    span.to = At();
    return span;
  });
  return calendar;
}

SlaClass RandomState::MakeSlaClass() {
  SlaClass sla;
  sla.name = AnyName<SlaName>();
  sla.first_response = For();
  sla.next_response = For();
  sla.resolution = For();
  sla.update = For();
  sla.warn_permilles = List<std::uint16_t>([this] { return Any<std::uint16_t>(); });
  sla.hours = AnyName<CalendarName>();
  return sla;
}

Queue RandomState::MakeQueue() {
  Queue queue;
  queue.name = AnyName<QueueName>();
  queue.requirement = MakeRequirement();
  queue.steps = List<RelaxStep>([this] {
    RelaxStep step;
    step.after = For();
    step.requirement = MakeRequirement();
    return step;
  });
  queue.prefer = List<Expression>([this] { return MakeExpression(); });
  queue.pick = UpTo(Pick::kScore);
  queue.score = List<ScoreStep>([this] { return MakeScoreStep(); });
  queue.offer_to = Any<std::uint8_t>();
  queue.rank = Any<std::uint8_t>();
  queue.interrupts = Flip();
  queue.interruptible = Flip();
  queue.sla = AnyName<SlaName>();
  queue.auto_accept = Flip();
  queue.offer_window = For();
  queue.answer_within = For();
  queue.wrap_up = For();
  queue.max_waiting = Any<std::uint32_t>();
  queue.when_full = UpTo(Refuge::kReject);
  queue.full_queue = AnyName<QueueName>();
  queue.when_nobody = UpTo(Refuge::kReject);
  queue.nobody_queue = AnyName<QueueName>();
  queue.hours = AnyName<CalendarName>();
  queue.when_closed = UpTo(Refuge::kReject);
  queue.closed_queue = AnyName<QueueName>();
  queue.expected_work = For();
  queue.wake = UpTo(Wake::kPool);
  queue.borrow = List<Borrow>([this] {
    Borrow borrow;
    borrow.from = AnyName<QueueName>();
    borrow.service_permille = Any<std::uint16_t>();
    return borrow;
  });
  queue.forecast.relax = Flip();
  queue.forecast.priority = Maybe([this] { return Any<std::uint8_t>(); });
  queue.forecast.queue = AnyName<QueueName>();
  queue.escalations = List<Escalation>([this] {
    Escalation escalation;
    escalation.age = For();
    escalation.priority = Maybe([this] { return Any<std::uint8_t>(); });
    escalation.queue = AnyName<QueueName>();
    return escalation;
  });
  return queue;
}

Route RandomState::MakeRoute() {
  Route route;
  route.name = AnyName<RouteName>();
  route.channels = Names<ChannelName>();
  route.languages = Names<LanguageName>();
  route.topics = Names<TopicName>();
  route.sentiments = List<Sentiment>([this] { return UpTo(Sentiment::kPositive); });
  route.tiers = Names<TierName>();
  route.on_site = Maybe([this] { return Flip(); });
  route.repeat = Maybe([this] { return Flip(); });
  route.order_statuses = Names<OrderStatusName>();
  route.value_min = Any<std::int64_t>();
  route.queue = AnyName<QueueName>();
  route.priority = Any<std::uint8_t>();
  route.needs = Needs();
  return route;
}

Policy RandomState::MakePolicy() {
  Policy policy;
  policy.version = Text();
  policy.channels = List<Channel>([this] { return MakeChannel(); });
  policy.calendars = List<Calendar>([this] { return MakeCalendar(); });
  policy.sla_classes = List<SlaClass>([this] { return MakeSlaClass(); });
  policy.queues = List<Queue>([this] { return MakeQueue(); });
  policy.routes = List<Route>([this] { return MakeRoute(); });
  policy.decline_cooldown = For();
  policy.missed_offers_max = Any<std::uint32_t>();
  policy.late_share_permille = Any<std::uint16_t>();
  policy.order = UpTo(Order::kAgentLevel);
  policy.then = List<SortField>([this] { return UpTo(SortField::kRepeat); });
  policy.urgent = For();
  policy.near = For();
  policy.crowd = Any<std::uint32_t>();
  policy.age_credit = For();
  policy.starve_after = For();
  policy.pace.most = Any<std::uint32_t>();
  policy.pace.window = For();
  policy.pace.start_most = Any<std::uint32_t>();
  policy.pace.start = For();
  policy.sticky.last_agent = For();
  policy.sticky.linked = Flip();
  policy.sticky.wait = For();
  policy.sticky.repeat = For();
  policy.sticky.repeat_raise = Any<std::uint8_t>();
  policy.reopen = For();
  policy.status_raises = List<StatusRaise>([this] {
    StatusRaise raise;
    raise.status = AnyName<OrderStatusName>();
    raise.raise = Any<std::uint8_t>();
    return raise;
  });
  policy.angry_needs = Needs();
  policy.follow_ups.unanswered = Any<std::uint8_t>();
  policy.follow_ups.raise = Any<std::uint8_t>();
  policy.follow_ups.angry_raise = Any<std::uint8_t>();
  policy.quality.criteria = List<CriterionName>([this] { return AnyName<CriterionName>(); });
  policy.quality.share_permille = Any<std::uint16_t>();
  policy.quality.angry_permille = Any<std::uint16_t>();
  policy.quality.repeats_permille = Any<std::uint16_t>();
  policy.quality.new_agents_permille = Any<std::uint16_t>();
  policy.quality.new_agents_first = Any<std::uint32_t>();
  policy.quality.keep = For();
  return policy;
}

}  // namespace usher
