#include <vector>

#include "kit/random_policy.h"

namespace usher::kit {
namespace {

using Spoil = void (*)(Policy& policy, Queue& queue);

const QueueName kNowhere = QueueName::Of("nowhere");
const CalendarName kNoTime = CalendarName::Of("nowhen");

// Each breaks one rule.
const Spoil kOfQueues[] = {
    [](Policy& p, Queue& q) { p.queues.push_back(Queue(q)); },
    [](Policy&, Queue& q) { q.name = QueueName(); },
    [](Policy&, Queue& q) { q.sla = SlaName::Of("nothing"); },
    [](Policy&, Queue& q) { q.auto_accept = false, q.offer_window = 999us; },
    [](Policy&, Queue& q) {
      q.requirement.needs = {{SkillOf(1), 1}, {SkillOf(0), 1}};
    },
    [](Policy&, Queue& q) {
      q.requirement.needs = {{SkillOf(1), 101}};
    },
    [](Policy&, Queue& q) { q.requirement.needs.resize(17); },
    [](Policy& p, Queue&) {
      p.angry_needs = {{SkillOf(1), 1}, {SkillOf(1), 2}};
    },
    [](Policy&, Queue& q) {
      q.requirement.who.push_back({ClauseOp::kNot, 0, {}, {}});
    },
    [](Policy&, Queue& q) { q.requirement.who = Expression(65); },
    [](Policy&, Queue& q) {
      q.prefer = {{{ClauseOp::kSkill, 0, {SkillOf(0), 101}, {}}}};
    },
    [](Policy&, Queue& q) { q.prefer.resize(17); },
    [](Policy&, Queue& q) {
      q.steps = {{-1s, {}}};
    },
    [](Policy&, Queue& q) { q.steps.resize(17); },
    [](Policy&, Queue& q) { q.wrap_up = -1s; },
    [](Policy&, Queue& q) { q.answer_within = 999us; },
    [](Policy&, Queue& q) { q.expected_work = -1us; },
    [](Policy&, Queue& q) { q.pick = Pick::kScore, q.score.clear(); },
    [](Policy&, Queue& q) {
      q.score = {{ScoreOp::kAdd, 0, {}, {}}};
    },
    [](Policy&, Queue& q) { q.offer_to = 0; },
    [](Policy&, Queue& q) { q.offer_to = 17; },
    [](Policy&, Queue& q) { q.rank = 10; },
    [](Policy&, Queue& q) { q.when_full = Refuge::kHold; },
    [](Policy&, Queue& q) { q.when_full = Refuge::kDivert, q.full_queue = kNowhere; },
    [](Policy&, Queue& q) { q.when_nobody = Refuge::kDivert, q.nobody_queue = QueueName(); },
    [](Policy&, Queue& q) { q.when_closed = Refuge::kDivert, q.closed_queue = kNowhere; },
    [](Policy&, Queue& q) { q.hours = kNoTime; },
    [](Policy&, Queue& q) {
      q.escalations = {{1s, std::nullopt, {}}};
    },
    [](Policy&, Queue& q) {
      q.escalations = {{1s, 10, {}}};
    },
    [](Policy&, Queue& q) {
      q.escalations = {{1s, 1, kNowhere}};
    },
    [](Policy&, Queue& q) {
      q.escalations = {{2s, 1, {}}, {1s, 1, {}}};
    },
    [](Policy&, Queue& q) {
      q.escalations.resize(17, {1s, 1, {}});
    },
    [](Policy&, Queue& q) {
      q.borrow = {{q.name, 900}};
    },
    [](Policy&, Queue& q) {
      q.borrow = {{kNowhere, 900}};
    },
    [](Policy& p, Queue& q) {
      q.borrow.resize(9, {p.queues[0].name, 900});
    },
    [](Policy&, Queue& q) { q.forecast.priority = 10; },
    [](Policy&, Queue& q) { q.forecast.queue = kNowhere; },
};

const Spoil kOfTheRest[] = {
    [](Policy& p, Queue&) { p.channels.push_back(Channel(p.channels[0])); },
    [](Policy& p, Queue&) { p.channels[0].units = 0; },
    [](Policy& p, Queue&) { p.channels[0].units = 1001; },
    [](Policy& p, Queue&) { p.channels[0].name = ChannelName(); },
    [](Policy& p, Queue&) { p.channels[0].grace = -1s; },
    [](Policy& p, Queue&) { p.calendars.emplace_back(); },
    [](Policy& p, Queue&) {
      p.calendars = {{kNoTime, {{Instant(1s), Instant(1s)}}}};
    },
    [](Policy& p, Queue&) {
      p.calendars = {{kNoTime, {{Instant(1s), Instant(3s)}, {Instant(2s), Instant(4s)}}}};
    },
    [](Policy& p, Queue&) { p.sla_classes.push_back({}); },
    [](Policy& p, Queue&) {
      p.sla_classes.emplace_back();
      p.sla_classes.back().name = SlaName::Of("odd");
      p.sla_classes.back().warn_permilles = {750, 750};
    },
    [](Policy& p, Queue&) {
      p.sla_classes.emplace_back();
      p.sla_classes.back().name = SlaName::Of("odd");
      p.sla_classes.back().warn_permilles = {0};
    },
    [](Policy& p, Queue&) {
      p.sla_classes.emplace_back();
      p.sla_classes.back().name = SlaName::Of("odd");
      p.sla_classes.back().update = -1s;
    },
    [](Policy& p, Queue&) {
      p.sla_classes.emplace_back();
      p.sla_classes.back().name = SlaName::Of("odd");
      p.sla_classes.back().hours = kNoTime;
    },
    [](Policy& p, Queue&) { p.routes[0].priority = 10; },
    [](Policy& p, Queue&) { p.routes[0].queue = kNowhere; },
    [](Policy& p, Queue&) {
      p.routes[0].needs = {{SkillOf(1), 1}, {SkillOf(1), 2}};
    },
    [](Policy& p, Queue&) { p.routes.back().tiers.push_back(TierName()); },
    [](Policy& p, Queue&) { p.routes.back().value_min = -1; },
    [](Policy& p, Queue&) { p.routes.back().repeat = false; },
    [](Policy& p, Queue&) { p.routes.clear(); },
    [](Policy& p, Queue&) { p.late_share_permille = 1001; },
    [](Policy& p, Queue&) { p.decline_cooldown = -1us; },
    [](Policy& p, Queue&) {
      p.then = {SortField::kValue, SortField::kValue};
    },
    [](Policy& p, Queue&) { p.urgent = 2s, p.near = 1s; },
    [](Policy& p, Queue&) {
      p.pace = {1, 0s, 0, 0s};
    },
    [](Policy& p, Queue&) {
      p.pace = {1, 1s, 2, 0s};
    },
    [](Policy& p, Queue&) { p.sticky.wait = -1s; },
    [](Policy& p, Queue&) { p.sticky.repeat_raise = 10; },
    [](Policy& p, Queue&) { p.reopen = -1s; },
    [](Policy& p, Queue&) { p.follow_ups.unanswered = 16; },
    [](Policy& p, Queue&) { p.follow_ups.raise = 10; },
    [](Policy& p, Queue&) { p.follow_ups.angry_raise = 10; },
    [](Policy& p, Queue&) { p.quality.criteria.resize(17); },
    [](Policy& p, Queue&) {
      p.quality.criteria = {CriterionName::Of("a"), CriterionName::Of("a")};
    },
    [](Policy& p, Queue&) { p.quality.angry_permille = 1001; },
    [](Policy& p, Queue&) { p.quality.keep = -1s; },
    [](Policy& p, Queue&) { p.quality.new_agents_first = 1001; },
    [](Policy& p, Queue&) {
      p.status_raises = {{OrderStatusName::Of("late"), 10}};
    },
    [](Policy& p, Queue&) {
      p.status_raises = {{OrderStatusName::Of("late"), 1}, {OrderStatusName::Of("late"), 2}};
    },
};

}  // namespace

void SpoilPolicy(Dice& dice, Policy& policy) {
  Queue& queue = policy.queues[dice.Below(policy.queues.size())];
  const Spoil spoil = dice.Chance(50) ? dice.Pick(kOfQueues) : dice.Pick(kOfTheRest);
  spoil(policy, queue);
}

}  // namespace usher::kit
