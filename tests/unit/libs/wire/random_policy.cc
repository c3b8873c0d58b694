#include "unit/libs/wire/random_records.h"

namespace usher::wire {

Clause RandomRecords::AClause() {
  return {OneOf(ClauseOp::kAll, ClauseOp::kAttribute), static_cast<std::uint16_t>(Below(65'536)),
          ANeed(), AnAttribute()};
}

Expression RandomRecords::AnExpression() {
  return Some<Clause>(6, [this] { return AClause(); });
}

Score RandomRecords::AScore() {
  return Some<ScoreStep>(6, [this] {
    return ScoreStep{OneOf(ScoreOp::kNumber, ScoreOp::kEqual), static_cast<std::int64_t>(Next()),
                     AName<SkillName>(), AnAttribute()};
  });
}

// Any edges, in any order: what is sound is the engine's to say.
Calendar RandomRecords::ACalendar() {
  Calendar calendar;
  calendar.name = AName<CalendarName>();
  calendar.open = Some<OpenSpan>(40, [this] { return OpenSpan{AnInstant(), AnInstantOrNever()}; });
  return calendar;
}

SlaClass RandomRecords::AnSlaClass() {
  SlaClass sla;
  sla.name = AName<SlaName>();
  sla.first_response = ASpan();
  sla.next_response = ASpan();
  sla.resolution = ASpan();
  sla.update = ASpan();
  sla.warn_permilles =
      Some<std::uint16_t>(4, [this] { return static_cast<std::uint16_t>(Below(1001)); });
  sla.hours = AName<CalendarName>();
  return sla;
}

Queue RandomRecords::AQueue() {
  const auto requirement = [this] { return Requirement{Needs(16), AnExpression()}; };
  Queue queue;
  queue.name = AName<QueueName>();
  queue.requirement = requirement();
  queue.steps = Some<RelaxStep>(3, [&] { return RelaxStep{ASpan(), requirement()}; });
  queue.prefer = Some<Expression>(3, [this] { return AnExpression(); });
  queue.pick = OneOf(Pick::kRarestFirst, Pick::kScore);
  queue.score = AScore();
  queue.offer_to = static_cast<std::uint8_t>(1 + Below(16));
  queue.rank = static_cast<std::uint8_t>(Below(10));
  queue.interrupts = Coin();
  queue.interruptible = Coin();
  queue.sla = AName<SlaName>();
  queue.auto_accept = Coin();
  queue.offer_window = ASpan();
  queue.answer_within = ASpan();
  queue.wrap_up = ASpan();
  queue.max_waiting = static_cast<std::uint32_t>(Next());
  queue.when_full = OneOf(Refuge::kHold, Refuge::kReject);
  queue.full_queue = AName<QueueName>();
  queue.when_nobody = OneOf(Refuge::kHold, Refuge::kReject);
  queue.nobody_queue = AName<QueueName>();
  queue.escalations = Some<Escalation>(3, [this] {
    return Escalation{ASpan(), Maybe([this] { return APriority(); }), AName<QueueName>()};
  });
  queue.hours = AName<CalendarName>();
  queue.when_closed = OneOf(Refuge::kHold, Refuge::kReject);
  queue.closed_queue = AName<QueueName>();
  queue.expected_work = ASpan();
  queue.wake = OneOf(Wake::kOwner, Wake::kPool);
  queue.borrow = Some<Borrow>(8, [this] {
    return Borrow{AName<QueueName>(), static_cast<std::uint16_t>(Below(1001))};
  });
  queue.forecast = {Coin(), Maybe([this] { return APriority(); }), AName<QueueName>()};
  return queue;
}

Route RandomRecords::ARoute() {
  Route route;
  route.name = AName<RouteName>();
  route.channels = Some<ChannelName>(3, [this] { return AName<ChannelName>(); });
  route.languages = Some<LanguageName>(3, [this] { return AName<LanguageName>(); });
  route.topics = Some<TopicName>(3, [this] { return AName<TopicName>(); });
  route.sentiments = Some<Sentiment>(3, [this] { return AMood(); });
  route.tiers = Some<TierName>(3, [this] { return AName<TierName>(); });
  route.on_site = Maybe([this] { return Coin(); });
  route.repeat = Maybe([this] { return Coin(); });
  route.value_min = static_cast<std::int64_t>(Next());
  route.queue = AName<QueueName>();
  route.priority = APriority();
  route.needs = Needs(4);
  route.order_statuses = Some<OrderStatusName>(3, [this] { return AName<OrderStatusName>(); });
  return route;
}

Quality RandomRecords::AQuality() {
  const auto share = [this] { return static_cast<std::uint16_t>(Below(1001)); };
  if (Coin()) return {};
  return {Some<CriterionName>(5, [this] { return AName<CriterionName>(); }),
          share(),
          share(),
          share(),
          share(),
          static_cast<std::uint32_t>(Below(1001)),
          ASpan()};
}

Policy RandomRecords::APolicy() {
  Policy policy;
  policy.version = "v" + std::to_string(Below(1000));
  policy.channels = Some<Channel>(5, [this] {
    return Channel{AName<ChannelName>(), static_cast<std::uint32_t>(Next()),
                   Maybe([this] { return ASpan(); }), Coin()};
  });
  policy.calendars = Some<Calendar>(3, [this] { return ACalendar(); });
  policy.sla_classes = Some<SlaClass>(5, [this] { return AnSlaClass(); });
  policy.queues = Some<Queue>(4, [this] { return AQueue(); });
  policy.routes = Some<Route>(5, [this] { return ARoute(); });
  policy.decline_cooldown = ASpan();
  policy.missed_offers_max = static_cast<std::uint32_t>(Next());
  policy.late_share_permille = static_cast<std::uint16_t>(Below(1001));
  policy.order = OneOf(Order::kDefault, Order::kAgentLevel);
  policy.then = Some<SortField>(3, [this] { return OneOf(SortField::kValue, SortField::kRepeat); });
  policy.age_credit = ASpan();
  policy.starve_after = ASpan();
  policy.pace = {static_cast<std::uint32_t>(Next()), ASpan(), static_cast<std::uint32_t>(Next()),
                 ASpan()};
  policy.sticky = {ASpan(), Coin(), ASpan(), ASpan(), APriority()};
  policy.reopen = ASpan();
  policy.urgent = ASpan();
  policy.near = ASpan();
  policy.crowd = static_cast<std::uint32_t>(Next());
  policy.angry_needs = Needs(4);
  policy.follow_ups = {static_cast<std::uint8_t>(Next() % 16), APriority(), APriority()};
  policy.quality = AQuality();
  policy.status_raises = Some<StatusRaise>(5, [this] {
    return StatusRaise{AName<OrderStatusName>(), APriority()};
  });
  return policy;
}

}  // namespace usher::wire
