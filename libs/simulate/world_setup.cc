// Before the first event: the engine gets its policy and agents, the heap what is known to come.
#include <algorithm>
#include <string>
#include <utility>

#include "simulate/to_policy.h"
#include "simulate/world.h"

namespace usher::simulate {
namespace {

constexpr std::uint64_t kArrivalStream = 0;

std::string WhyRefused(RejectReason reason) {
  switch (reason) {
    case RejectReason::kBadPolicy:
      return "it breaks a bound of the engine: too many classes, needs or channels";
    case RejectReason::kBadCapacity:
      return "its capacity breaks a bound of the engine";
    case RejectReason::kTooManySkills:
      return "it has more than " + std::to_string(Limits().skills_per_agent_max) + " skills";
    case RejectReason::kTooManyNames:
      return "there are more than " + std::to_string(Limits().names_max) + " skills in all";
    default:
      return "reason " + std::to_string(static_cast<int>(reason));
  }
}

absl::Status RefusalIn(const DecisionList& decisions, const std::string& what) {
  for (const Decision& decision : decisions) {
    const auto* rejected = std::get_if<CommandRejected>(&decision.body);
    if (rejected == nullptr) continue;
    return absl::InvalidArgumentError("the engine does not take " + what + ": " +
                                      WhyRefused(rejected->reason));
  }
  return absl::OkStatus();
}

bool Always(const AgentGroup& group) {
  return group.shifts.empty() || (group.shifts.size() == 1 && group.shifts[0].from == Duration(0) &&
                                  group.shifts[0].to == kDay);
}

}  // namespace

World::World(const Scenario& scenario, std::uint32_t replication, const DecisionSink& sink)
    : scenario_(scenario),
      replication_(replication),
      sink_(sink),
      engine_(ToLimits(scenario)),
      accept_law_(scenario.offers.accept) {
  reply_.body = RecordReply();
  finish_.body = FinishInquiry();
  abandon_.body = AbandonInquiry();
  accept_.body = AcceptOffer();
  presence_.body = usher::SetPresence();
}

absl::Status World::SetUp() {
  const Policy policy = ToPolicy(scenario_);
  for (const Queue& queue : policy.queues) wrap_up_of_[queue.name] = queue.wrap_up;
  Command command;
  command.body = ApplyPolicy{policy};
  Apply(command, decisions_);
  if (absl::Status status = RefusalIn(decisions_, "the policy"); !status.ok()) return status;
  AddClasses();
  for (Class& of : classes_) {
    for (const Channel& channel : policy.channels) {
      if (channel.name == of.body->features.channel) of.units = channel.units;
    }
  }
  tally_->classes.resize(classes_.size());
  if (absl::Status status = AddAgents(); !status.ok()) return status;
  AddShifts();
  AddSamples();
  if (scenario_.warmup.time > Duration(0)) {
    events_.Put(Instant() + scenario_.warmup.time, EventKind::kOpen, 0);
  } else if (scenario_.warmup.inquiries == 0) {
    Open();
  }
  sources_ = classes_.size();
  for (std::uint32_t i = 0; i < classes_.size(); ++i) ScheduleArrival(i);
  return absl::OkStatus();
}

void World::AddClasses() {
  const std::uint64_t seed = KeyOf(scenario_.seed, replication_);
  classes_.reserve(scenario_.classes.size());  // the commands in it are pointed at
  for (std::size_t i = 0; i < scenario_.classes.size(); ++i) {
    const ClassSpec& spec = scenario_.classes[i];
    const std::uint64_t own = KeyOf(seed, Hash64(spec.name));
    Class& of = classes_.emplace_back(own);
    of.arrivals = MakeArrivals(spec.arrivals, KeyOf(own, kArrivalStream));
    of.place.body = ToPlace(scenario_, spec);
    of.body = &std::get<PlaceInquiry>(of.place.body);
    of.patient = !spec.patience.has_value();
    if (spec.patience) of.patience_law = Sampler(*spec.patience);
    for (const AgentGroup& group : scenario_.agents) {
      const auto own_law = group.handling.find(i);
      of.handling_by_group.emplace_back(own_law == group.handling.end() ? spec.handling
                                                                        : own_law->second);
    }
  }
}

absl::Status World::AddAgents() {
  std::vector<std::uint32_t> on_shift;
  for (std::uint32_t group = 0; group < scenario_.agents.size(); ++group) {
    const AgentGroup& spec = scenario_.agents[group];
    const bool begins = Always(spec) || spec.shifts.front().from == Duration(0);
    for (std::uint32_t i = 0; i < spec.count; ++i) {
      const auto number = static_cast<std::uint32_t>(agents_.size());
      Command command;
      RegisterAgent registered = ToAgent(scenario_, group, number);
      Agent& agent = agents_.emplace_back();
      agent.name = registered.agent;
      agent.group = group;
      agent.units = registered.units;
      agent.on_shift = begins;
      tally_->agents.push_back({group, 0, 0, 0});
      if (begins) on_shift.push_back(number);
      command.body = std::move(registered);
      Apply(command, decisions_);
      if (absl::Status status = RefusalIn(decisions_, "agent group '" + spec.name + "'");
          !status.ok()) {
        return status;
      }
    }
  }
  for (const std::uint32_t agent : on_shift) SetPresence(agent, Presence::kAvailable);
  return status_;
}

void World::AddShifts() {
  for (std::uint32_t group = 0; group < scenario_.agents.size(); ++group) {
    const AgentGroup& spec = scenario_.agents[group];
    if (Always(spec)) continue;
    // Who works across midnight has no end and no beginning there.
    const bool through = spec.shifts.front().from == Duration(0) && spec.shifts.back().to == kDay;
    for (const AgentGroup::Shift& shift : spec.shifts) {
      if (!through || shift.to != kDay) {
        events_.Put(Instant() + shift.to, EventKind::kShift, group, 0);
      }
      if (shift.from > Duration(0)) {
        events_.Put(Instant() + shift.from, EventKind::kShift, group, 1);
      } else if (!through) {
        events_.Put(Instant() + kDay, EventKind::kShift, group, 1);
      }
    }
  }
}

void World::AddSamples() {
  tally_->busy_at_sum.assign(scenario_.busy_at.size(), 0);
  tally_->busy_at_count.assign(scenario_.busy_at.size(), 0);
  for (std::uint32_t i = 0; i < scenario_.busy_at.size(); ++i) {
    events_.Put(Instant() + scenario_.busy_at[i], EventKind::kSample, i);
  }
}

}  // namespace usher::simulate
