#include "sim/world/cluster.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/check.h"
#include "insights/loop.h"
#include "support/status.h"
#include "understanding/understand.h"

namespace usher::sim {
namespace {

constexpr Duration kRestart = 700ms;  // of a process that ended, at the least

const char* NameOf(Kind kind) {
  switch (kind) {
    case Kind::kIntake:
      return "intake";
    case Kind::kRouter:
      return "router";
    case Kind::kAgents:
      return "agents";
    case Kind::kInsights:
      return "insights";
  }
  return "";
}

const char* ServiceOf(Kind kind) {
  switch (kind) {
    case Kind::kIntake:
      return intake::kServiceName;
    case Kind::kRouter:
      return router::kServiceName;
    case Kind::kAgents:
      return agents::kServiceName;
    case Kind::kInsights:
      return insights::kServiceName;
  }
  return "";
}

// A plain reader of texts: what they are about is no concern of the simulation.
understanding::Understood ReadPlainly(std::string_view text, const UnderstandingRules& rules,
                                      LanguageName last_language) {
  understanding::Understood understood;
  understood.language = last_language.none() ? LanguageName::Of("en") : last_language;
  understood.topic = TopicName::Of(kOtherTopic);
  for (const TopicName& topic : rules.topics) {
    if (text.find(topic.view()) != std::string_view::npos) understood.topic = topic;
  }
  return understood;
}

}  // namespace

Cluster::Cluster(Parts parts, Stopped stopped)
    : parts_(std::move(parts)), stopped_(std::move(stopped)) {
  planted_.plant = parts_.workload.plant;
  const auto add = [this](Kind kind, std::int64_t count) {
    for (std::int64_t i = 1; i <= count; ++i) {
      Slot& slot = slots_.emplace_back();
      slot.name = absl::StrCat(NameOf(kind), "-", i);
      slot.kind = kind;
    }
  };
  add(Kind::kIntake, parts_.workload.intakes);
  add(Kind::kRouter, parts_.workload.routers);
  add(Kind::kAgents, parts_.workload.agent_services);
  add(Kind::kInsights, parts_.workload.insights);
  for (Slot& slot : slots_) {
    const bool slow =
        parts_.dice.Below(1000) < static_cast<std::uint64_t>(parts_.workload.slow_permille);
    if (slow) slot.step_every = Duration(std::chrono::milliseconds(100)) * 8;
  }
}

Cluster::~Cluster() {
  for (Slot& slot : slots_) slot.process.reset();
}

journal::Submitter* Cluster::SubmitterOf(Process& process) {
  for (Stepper* stepper : process.steppers) {
    if (auto* submitter = dynamic_cast<journal::Submitter*>(stepper)) return submitter;
  }
  return nullptr;
}

absl::Status Cluster::Bind(Slot& slot, Process& process) {
  const Workload& workload = parts_.workload;
  USHER_TRY(const journal::CommandLog commands, journal::OpenCommandLog(*process.log));
  // Each life joins its groups anew, as a pod with a new name does.
  const std::string member = absl::StrCat(slot.name, ".", slot.starts);
  switch (slot.kind) {
    case Kind::kIntake: {
      intake::Options options;
      options.member_id = member;
      options.look_every = 200ms;  // promises of this world are seconds, not days
      USHER_TRY(process.intake,
                intake::Intake::Bind(options, commands, *process.log, *process.stores, ReadPlainly,
                                     process.metrics, process.health));
      process.steppers = process.intake->steppers();
      return absl::OkStatus();
    }
    case Kind::kRouter: {
      router::Options options;
      options.member_id = member;
      options.checkpoint_commands = workload.checkpoint_commands;
      options.checkpoint_every = std::chrono::milliseconds(workload.checkpoint_ms);
      // Several pieces a desk. (This bug is put into a state as a whole.)
      if (workload.plant != Plant::kReuseOffer) options.chunk_bytes = 700;
      options.snapshot_window = 12;  // a manifest is found after several looks back
      options.tick_timeout = 2s;
      options.join_grace = 3s;
      USHER_TRY(process.router, router::Router::Bind(options, commands, *process.log,
                                                     process.metrics, process.health));
      process.steppers = process.router->steppers();
      return absl::OkStatus();
    }
    case Kind::kAgents: {
      agents::Options options;
      options.member_id = member;
      USHER_TRY(process.agents, agents::Agents::Bind(options, commands, *process.log,
                                                     process.metrics, process.health));
      process.steppers = process.agents->steppers();
      return absl::OkStatus();
    }
    case Kind::kInsights: {
      insights::Options options;
      options.member_id = member;
      options.query_steppers = 1;
      options.batch_decisions_max = 20;
      options.clock = parts_.now;
      USHER_TRY(process.insights,
                insights::Insights::Bind(options, commands, *process.log, *process.stores,
                                         process.metrics, process.health));
      process.steppers = process.insights->steppers();
      return absl::OkStatus();
    }
  }
  return absl::OkStatus();
}

void Cluster::Start(Slot& slot) {
  auto process = std::make_unique<Process>();
  ++slot.starts;
  if (slot.name == change_first_ && slot.starts == 1) {
    process->gate.change_at = change_first_at_;
    process->gate.change_to = change_first_to_;
  }
  log::Log* log = &parts_.log;
  store::Stores* stores = &parts_.stores;
  const auto clock = [&slot, now = parts_.now] { return now() + slot.skew; };
  if (slot.kind == Kind::kRouter || slot.kind == Kind::kIntake) {
    process->planted = PlantLog(*log, planted_, slot.kind == Kind::kIntake, clock);
  }
  if (process->planted != nullptr) log = process->planted.get();
  if (slot.kind == Kind::kInsights) process->planted_stores = PlantStores(*stores, planted_);
  if (process->planted_stores != nullptr) stores = process->planted_stores.get();
  process->gate.away = [this, &slot] {
    // A process that cannot start would only start again.
    return slot.process != nullptr && !slot.process->steppers.empty() && range_away_permille > 0 &&
           parts_.dice.Below(1000) < range_away_permille;
  };
  process->log = GateLog(*log, process->gate);
  process->stores = GateStores(*stores, process->gate);
  slot.life = ++lives_;
  slot.process = std::move(process);
  parts_.trace.Line(parts_.since(), slot.name, "starts");
  const absl::Status bound = Bind(slot, *slot.process);
  if (bound.ok()) return;
  if (slot.process->gate.open()) stopped_(slot, std::string(bound.message()));
  if (slot.process->gate.state != Gate::State::kFrozen) return End(slot);
  // Whoever is frozen before it is bound is as good as dead: nothing of it is anywhere.
  slot.process->gate.state = Gate::State::kDead;
  End(slot);
}

void Cluster::End(Slot& slot) {
  slot.calls += slot.process->gate.calls;
  slot.life = 0;
  // The last answers of its parts come in here; who is told compares the life.
  slot.process.reset();
  slot.wakes_at = kNever;
  slot.starts_at =
      parts_.now() + kRestart + Duration(static_cast<std::int64_t>(parts_.dice.Below(3'000'000)));
}

void Cluster::Tend(Slot& slot) {
  if (slot.process == nullptr) {
    if (parts_.now() >= slot.starts_at) Start(slot);
    return;
  }
  Gate& gate = slot.process->gate;
  if (gate.state == Gate::State::kDead) {
    parts_.trace.Line(parts_.since(), slot.name, absl::StrCat("is killed at call ", gate.calls));
    return End(slot);
  }
  if (gate.state != Gate::State::kFrozen) return;
  if (slot.wakes_at == kNever) {
    // Half of them wake before anybody missed them.
    const bool missed = parts_.dice.Chance(70);
    slot.wakes_at = parts_.now() + Duration(200ms) +
                    Duration(static_cast<std::int64_t>(parts_.dice.Below(5'000'000)));
    parts_.trace.Line(parts_.since(), slot.name,
                      absl::StrCat("freezes at call ", gate.calls, missed ? ", is missed" : ""));
    if (missed) parts_.log.ExpelMember(absl::StrCat(slot.name, ".", slot.starts));
  } else if (parts_.now() >= slot.wakes_at) {
    parts_.trace.Line(parts_.since(), slot.name, "wakes");
    slot.wakes_at = kNever;
    gate.state = Gate::State::kOpen;
    gate.change_at = 0;
  }
}

void Cluster::StepOne(Slot& slot) {
  Process& process = *slot.process;
  const Instant now = parts_.now() + slot.skew;
  for (Stepper* stepper : process.steppers) {
    const absl::Status status = stepper->Step(now, Duration::zero());
    if (!process.gate.open()) return;
    if (status.ok()) continue;
    parts_.trace.Line(parts_.since(), slot.name,
                      absl::StrCat("ends: ", std::string(status.message())));
    stopped_(slot, std::string(status.message()));
    return End(slot);
  }
}

void Cluster::Step() {
  const std::size_t first = parts_.dice.Below(slots_.size());
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    Slot& slot = slots_[(first + i) % slots_.size()];
    Tend(slot);
    if (!slot.runs() || parts_.now() < slot.step_next) continue;
    slot.step_next = parts_.now() + slot.step_every;
    StepOne(slot);
  }
}

void Cluster::KillAt(Slot& slot, std::uint64_t calls) {
  if (!slot.runs()) return;
  slot.process->gate.change_to = Gate::State::kDead;
  slot.process->gate.change_at = slot.process->gate.calls + 1 + calls;
}

void Cluster::FreezeAt(Slot& slot, std::uint64_t calls) {
  if (!slot.runs()) return;
  slot.process->gate.change_to = Gate::State::kFrozen;
  slot.process->gate.change_at = slot.process->gate.calls + 1 + calls;
}

void Cluster::ChangeFirst(const std::string& name, std::uint64_t call, Gate::State to) {
  change_first_ = name;
  change_first_at_ = call;
  change_first_to_ = to;
}

Slot* Cluster::Any(Kind kind) {
  std::vector<Slot*> running;
  for (Slot& slot : slots_) {
    if (slot.kind == kind && slot.runs()) running.push_back(&slot);
  }
  return running.empty() ? nullptr : parts_.dice.Pick(running);
}

bool Cluster::AllServe() const {
  return std::all_of(slots_.begin(), slots_.end(), [](const Slot& slot) {
    return slot.runs() && slot.process->health.serving(ServiceOf(slot.kind));
  });
}

void Cluster::SetQuick() {
  for (Slot& slot : slots_) {
    slot.skew = Duration::zero();
    slot.step_every = Duration::zero();
    slot.step_next = Instant();
    if (slot.process != nullptr && slot.runs()) slot.process->gate.change_at = 0;
  }
}

}  // namespace usher::sim
