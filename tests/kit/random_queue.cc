#include <algorithm>

#include "kit/random_policy.h"

namespace usher::kit {
namespace {

constexpr Duration kWindows[] = {1ms, 1s, 2s, 5s, 5s, 10s, 20s, 1h, Duration::max()};
constexpr Duration kWrapUps[] = {0s, 0s, 0s, 1s, 5s, 30s};
constexpr Duration kAnswers[] = {0s, 0s, 0s, 0s, 2s, 5s, 20s, 90s, 1ms};
constexpr std::uint32_t kMaxWaiting[] = {0, 0, 0, 0, 1, 2, 5};
constexpr Duration kStepTimes[] = {0s, 1s, 2s, 5s, 20s, 60s, Duration::max()};
constexpr Duration kAges[] = {0s, 1s, 3s, 10s, 30s, 90s, 1h};
constexpr Duration kWorks[] = {0s, 0s, 0s, 5s, 30s, 10min};

void AddExpression(Dice& dice, const Pools& pools, int depth, Expression& out) {
  Clause clause;
  const std::uint64_t kind = dice.Below(depth > 2 ? 2 : 6);
  if (kind < 2) {
    clause.op = kind == 0 ? ClauseOp::kSkill : ClauseOp::kAttribute;
    if (kind == 0) clause.skill = {SkillOf(dice.Below(pools.skills)), dice.Pick(kSomeLevels)};
    if (kind == 1) clause.attribute = RandomAttribute(dice);
    return out.push_back(clause);
  }
  if (kind == 2) {
    clause.op = ClauseOp::kNot;
    out.push_back(clause);
    return AddExpression(dice, pools, depth + 1, out);
  }
  clause.op = kind == 3 ? ClauseOp::kAll : ClauseOp::kAny;
  clause.count = static_cast<std::uint16_t>(dice.Chance(5) ? 0 : 1 + dice.Below(3));
  out.push_back(clause);
  for (std::uint16_t i = 0; i < clause.count; ++i) AddExpression(dice, pools, depth + 1, out);
}

void AddScore(Dice& dice, const Pools& pools, int depth, Score& out) {
  ScoreStep step;
  if (depth > 2 || dice.Chance(40)) {
    step.op = static_cast<ScoreOp>(dice.Below(static_cast<std::uint64_t>(ScoreOp::kAdd)));
    if (step.op == ScoreOp::kNumber) step.number = static_cast<std::int64_t>(dice.Below(100)) - 20;
    if (step.op == ScoreOp::kNumber && dice.Chance(3)) step.number = INT64_MIN;
    if (step.op == ScoreOp::kLevel) step.skill = SkillOf(dice.Below(pools.skills));
    if (step.op == ScoreOp::kAttribute) step.attribute = RandomAttribute(dice);
    return out.push_back(step);
  }
  AddScore(dice, pools, depth + 1, out);
  AddScore(dice, pools, depth + 1, out);
  const auto first = static_cast<std::uint64_t>(ScoreOp::kAdd);
  const auto last = static_cast<std::uint64_t>(ScoreOp::kEqual);
  step.op = static_cast<ScoreOp>(first + dice.Below(last - first + 1));
  out.push_back(step);
}

// Less and less is asked, or something else.
std::vector<RelaxStep> RandomSteps(Dice& dice, const Pools& pools, const Requirement& first) {
  std::vector<RelaxStep> steps;
  Requirement requirement = first;
  for (std::uint64_t left = 1 + dice.Below(3); left > 0; --left) {
    if (dice.Chance(30)) requirement = RandomRequirement(dice, pools);
    if (!requirement.needs.empty()) requirement.needs.pop_back();
    if (dice.Chance(50)) requirement.who.clear();
    steps.push_back({dice.Pick(kStepTimes), requirement});
  }
  return steps;
}

const QueueName& Other(Dice& dice, const Policy& policy) { return dice.Pick(policy.queues).name; }

std::vector<Escalation> RandomEscalations(Dice& dice, const Policy& policy) {
  std::vector<Escalation> escalations;
  Duration age = dice.Pick(kAges);
  for (std::uint64_t left = 1 + dice.Below(3); left > 0; --left) {
    Escalation escalation{age, std::nullopt, {}};
    if (dice.Chance(60)) escalation.priority = static_cast<std::uint8_t>(dice.Below(10));
    if (!escalation.priority || dice.Chance(50)) escalation.queue = Other(dice, policy);
    escalations.push_back(escalation);
    age += dice.Pick(kAges);
  }
  return escalations;
}

}  // namespace

Attribute RandomAttribute(Dice& dice) {
  constexpr const char* kNames[] = {"site", "team"};
  constexpr const char* kValues[] = {"kyiv", "lviv", "odesa"};
  return {AttributeName::Of(dice.Pick(kNames)), ValueName::Of(dice.Pick(kValues))};
}

Expression RandomExpression(Dice& dice, const Pools& pools) {
  Expression expression;
  AddExpression(dice, pools, 0, expression);
  return expression;
}

Score RandomScore(Dice& dice, const Pools& pools) {
  Score score;
  AddScore(dice, pools, 0, score);
  return score;
}

Requirement RandomRequirement(Dice& dice, const Pools& pools) {
  Requirement requirement;
  for (std::uint64_t needs = dice.Below(4); needs > 1; --needs) {
    const SkillName skill = SkillOf(dice.Below(pools.skills));
    const auto same = [&](const Need& need) { return need.skill == skill; };
    if (std::any_of(requirement.needs.begin(), requirement.needs.end(), same)) continue;
    requirement.needs.push_back({skill, dice.Pick(kSomeLevels)});
  }
  std::sort(requirement.needs.begin(), requirement.needs.end());
  if (dice.Chance(25)) requirement.who = RandomExpression(dice, pools);
  return requirement;
}

Queue RandomQueue(Dice& dice, std::uint64_t number, const Policy& policy, const Pools& pools) {
  Queue queue;
  queue.name = QueueName::Of("q" + std::to_string(number));
  queue.requirement = RandomRequirement(dice, pools);
  if (dice.Chance(35)) queue.steps = RandomSteps(dice, pools, queue.requirement);
  if (dice.Chance(25)) {
    for (std::uint64_t left = 1 + dice.Below(2); left > 0; --left) {
      queue.prefer.push_back(RandomExpression(dice, pools));
    }
  }
  queue.pick = dice.Chance(35) ? Pick::kRarestFirst : static_cast<Pick>(dice.Below(6));
  if (queue.pick == Pick::kScore || dice.Chance(5)) queue.score = RandomScore(dice, pools);
  if (dice.Chance(25)) queue.offer_to = static_cast<std::uint8_t>(2 + dice.Below(3));
  if (dice.Chance(25)) queue.rank = static_cast<std::uint8_t>(dice.Below(4));
  queue.interrupts = dice.Chance(20);
  queue.interruptible = dice.Chance(30);
  if (!policy.sla_classes.empty() && dice.Chance(70)) {
    queue.sla = dice.Pick(policy.sla_classes).name;
  }
  queue.auto_accept = dice.Chance(30);
  queue.offer_window = dice.Pick(kWindows);
  queue.answer_within = dice.Pick(kAnswers);
  queue.wrap_up = dice.Pick(kWrapUps);
  queue.max_waiting = dice.Pick(kMaxWaiting);
  if (!policy.calendars.empty() && dice.Chance(30)) {
    queue.hours = dice.Pick(policy.calendars).name;
  }
  queue.expected_work = dice.Pick(kWorks);
  queue.wake = dice.Chance(70) ? Wake::kOwner : Wake::kPool;
  return queue;
}

void LinkQueues(Dice& dice, Policy& policy) {
  for (Queue& queue : policy.queues) {
    const auto refuge = [&](Refuge otherwise, QueueName& to) {
      if (!dice.Chance(30)) return otherwise;
      if (dice.Chance(30)) return Refuge::kReject;
      to = Other(dice, policy);
      return Refuge::kDivert;
    };
    queue.when_full = refuge(Refuge::kReject, queue.full_queue);
    queue.when_nobody = refuge(Refuge::kHold, queue.nobody_queue);
    queue.when_closed = refuge(Refuge::kHold, queue.closed_queue);
    if (dice.Chance(30)) queue.escalations = RandomEscalations(dice, policy);
    if (dice.Chance(25)) {
      Forecast& forecast = queue.forecast;
      forecast.relax = dice.Chance(50);
      if (dice.Chance(50)) forecast.priority = static_cast<std::uint8_t>(dice.Below(10));
      if (dice.Chance(50)) forecast.queue = Other(dice, policy);
    }
    for (std::uint64_t left = dice.Chance(25) ? 1 + dice.Below(2) : 0; left > 0; --left) {
      constexpr std::uint16_t kServices[] = {0, 500, 900, 990, 1000};
      const QueueName from = Other(dice, policy);
      if (from != queue.name) queue.borrow.push_back({from, dice.Pick(kServices)});
    }
  }
}

}  // namespace usher::kit
