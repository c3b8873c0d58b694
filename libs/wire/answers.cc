#include "wire/answers.h"

#include <cstdint>

#include "model/limits.h"
#include "wire/enums.h"
#include "wire/parts.h"

namespace usher::wire {
namespace {

constexpr std::size_t kVersionBytesMax = 64;
constexpr std::uint32_t kVerdictsMax = v1::Verdict_ARRAYSIZE - 1;  // each at most once

std::uint8_t TakeSmall(const char* field, std::uint32_t value, std::uint32_t most,
                       FieldCheck& check) {
  return static_cast<std::uint8_t>(check.TakeNumber(field, value, most));
}

Candidate Take(const v1::Candidate& from, FieldCheck& check) {
  return {check.TakeName<AgentName>("agent", from.agent()),
          check.TakeEnum("verdict", FromProto(from.verdict())),
          check.TakeName<SkillName>("skill", from.skill()), from.score()};
}

VerdictCount Take(const v1::VerdictCount& from, FieldCheck& check) {
  return {check.TakeEnum("verdict", FromProto(from.verdict())), from.agents()};
}

ClauseCount Take(const v1::ClauseCount& from, FieldCheck& check) {
  return {check.TakeName<SkillName>("skill", from.skill()),
          TakeSmall("level", from.level(), kMaxLevel, check), from.failing(), from.only()};
}

// A whole list, each entry by its own Take() above.
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

}  // namespace

void ToProto(const WaitEstimated& from, v1::WaitEstimated& to) {
  to.set_inquiry(IdBytes(from.inquiry));
  to.set_queue(from.queue.ToString());
  to.set_position(from.position);
  to.set_slots(from.slots);
  if (from.estimate != kForever) to.set_estimate_us(from.estimate.count());
}

void ToProto(const InquiryExplained& from, v1::InquiryExplained& to) {
  to.set_inquiry(IdBytes(from.inquiry));
  to.set_stage(ToProto(from.stage));
  to.set_queue(from.queue.ToString());
  to.set_route(from.route.ToString());
  to.set_priority(from.priority);
  to.set_step(from.step);
  to.set_clock(ToProto(from.clock));
  to.set_due_us(MicrosOrZero(from.due));
  to.set_position(from.position);
  for (const Candidate& candidate : from.candidates) {
    v1::Candidate& added = *to.add_candidates();
    added.set_agent(candidate.agent.ToString());
    added.set_verdict(ToProto(candidate.verdict));
    added.set_skill(candidate.skill.ToString());
    added.set_score(candidate.score);
  }
  for (const VerdictCount& count : from.verdicts) {
    v1::VerdictCount& added = *to.add_verdicts();
    added.set_verdict(ToProto(count.verdict));
    added.set_agents(count.agents);
  }
  for (const ClauseCount& count : from.clauses) {
    v1::ClauseCount& added = *to.add_clauses();
    added.set_skill(count.skill.ToString());
    added.set_level(count.level);
    added.set_failing(count.failing);
    added.set_only(count.only);
  }
  to.set_next(ToProto(from.next));
  to.set_next_at_us(MicrosOrZero(from.next_at));
}

void ToProto(const PolicyPreviewed& from, v1::PolicyPreviewed& to) {
  to.set_version(from.version);
  to.set_sound(from.sound);
  to.set_open(from.open);
  to.set_moved(from.moved);
  to.set_unstaffed(from.unstaffed);
}

WaitEstimated FromProto(const v1::WaitEstimated& from, FieldCheck& check) {
  WaitEstimated to;
  to.inquiry = check.TakeId<InquiryId>("inquiry", from.inquiry(), Field::kRequired);
  to.queue = check.TakeName<QueueName>("queue", from.queue());
  to.position = from.position();
  to.slots = from.slots();
  // No bound: a million questions with one slow agent take as long as they take.
  if (from.has_estimate_us()) to.estimate = Duration(from.estimate_us());
  return to;
}

InquiryExplained FromProto(const v1::InquiryExplained& from, FieldCheck& check) {
  const Limits limits;
  InquiryExplained to;
  to.inquiry = check.TakeId<InquiryId>("inquiry", from.inquiry(), Field::kRequired);
  to.stage = check.TakeEnum("stage", FromProto(from.stage()));
  to.queue = check.TakeName<QueueName>("queue", from.queue());
  to.route = check.TakeName<RouteName>("route", from.route());
  to.priority = TakeSmall("priority", from.priority(), kPriorities - 1, check);
  to.step = check.TakeNumber("step", from.step(), limits.steps_max);
  to.clock = check.TakeEnum("clock", FromProto(from.clock()));
  to.due = InstantOrNever(from.due_us());
  to.position = from.position();
  to.candidates = TakeAll<Candidate>(from.candidates(), "candidates", limits.candidates_max, check);
  to.verdicts = TakeAll<VerdictCount>(from.verdicts(), "verdicts", kVerdictsMax, check);
  // Needs of the step and of the route, and the expression.
  to.clauses = TakeAll<ClauseCount>(from.clauses(), "clauses", 2 * limits.needs_max + 1, check);
  to.next = check.TakeEnum("next", FromProto(from.next()));
  to.next_at = InstantOrNever(from.next_at_us());
  return to;
}

PolicyPreviewed FromProto(const v1::PolicyPreviewed& from, FieldCheck& check) {
  if (from.version().size() > kVersionBytesMax) check.Refuse("version", "at most 64 bytes");
  return {from.version(), from.sound(), from.open(), from.moved(), from.unstaffed()};
}

}  // namespace usher::wire
