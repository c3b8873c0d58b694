#include "router/replica.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "journal/topics.h"
#include "router/crash.h"
#include "router/renewals.h"
#include "support/status.h"

namespace usher::router {
namespace {

constexpr std::size_t kHeldReadMax = 4'096;  // records a read, of what was held

// Calendars are renewed beside whatever else goes into the log: an older policy must not come back.
bool Renews(const Desk& desk, const wire::CommandRecord& command) {
  const auto* body = std::get_if<ApplyPolicy>(&command.command.body);
  return body != nullptr && SameButCalendars(desk.engine.policy(), body->policy);
}

// Null: it is of no desk.
const DeskName* DeskOf(const wire::AnyCommand& command) {
  if (const auto* of = std::get_if<wire::CommandRecord>(&command)) return &of->desk;
  if (const auto* of = std::get_if<wire::DeskHold>(&command)) return &of->desk;
  if (const auto* of = std::get_if<wire::DeskRelease>(&command)) return &of->desk;
  return nullptr;
}

}  // namespace

Replica::Replica(const Options& options, const journal::CommandLog& commands, log::Log& log,
                 std::int32_t partition)
    : options_(options),
      log_(log),
      partition_(partition),
      partitions_(commands.partitions),
      log_id_(commands.log_ids[static_cast<std::size_t>(partition)]) {}

void Replica::Restore(std::vector<Desk> desks, std::uint32_t logic) {
  logic_ = logic;
  for (Desk& desk : desks) {
    if (!index_.emplace(desk.name, desks_.size()).second) continue;
    desks_.push_back(std::make_unique<Desk>(std::move(desk)));
  }
}

Desk* Replica::FindOrMake(const DeskName& name, std::size_t& index) {
  const auto [found, added] = index_.try_emplace(name, desks_.size());
  index = found->second;
  if (!added) return desks_[index].get();
  if (desks_.size() >= options_.desks_max) {
    index_.erase(found);
    return nullptr;
  }
  desks_.push_back(
      std::make_unique<Desk>(Desk{.name = name, .engine = engine::Engine(options_.limits)}));
  return desks_.back().get();
}

std::int64_t Replica::HeldFrom(const Desk& desk, std::int64_t offset) const {
  if (holds_.empty()) return -1;
  const auto holds = holds_.find(desk.name);
  return holds == holds_.end() ? -1 : router::HeldFrom(holds->second, desk.included, offset);
}

std::size_t Replica::held(std::int64_t offset) const {
  std::size_t count = 0;
  for (const auto& [name, holds] : holds_) {
    const auto desk = index_.find(name);
    if (desk != index_.end() && HeldFrom(*desks_[desk->second], offset) >= 0) ++count;
  }
  return count;
}

absl::Status Replica::Take(const log::Record& record, Taken& taken) {
  taken.what = Taken::What::kNothing;
  taken.desk = nullptr;
  taken.released = taken.hold = false;
  taken.decided.clear();
  taken.applied.clear();
  absl::StatusOr<wire::AnyCommand> command = wire::DecodeCommand(record.value);
  if (!command.ok()) {
    taken.what = Taken::What::kUndecodable;
    taken.problem = std::string(command.status().message());
    return absl::OkStatus();
  }
  if (const auto* to = std::get_if<wire::LogicSwitch>(&*command)) return Switch(*to, record, taken);
  const DeskName* const name = DeskOf(*command);
  if (name == nullptr) return absl::OkStatus();
  if (journal::PartitionOf(*name, partitions_) != partition_) {
    taken.what = Taken::What::kMisplaced;
    return absl::OkStatus();
  }
  taken.desk = FindOrMake(*name, taken.index);
  if (taken.desk == nullptr) {
    taken.what = Taken::What::kTooManyDesks;
    return absl::OkStatus();
  }
  return TakeOfDesk(*command, record, taken);
}

absl::Status Replica::Switch(const wire::LogicSwitch& to, const log::Record& record, Taken& taken) {
  if (!options_.logic.Knows(to.version)) {
    return absl::FailedPreconditionError(
        absl::StrCat(journal::kCommands, "/", partition_, " goes on by logic ", to.version,
                     " from offset ", record.offset, "; this usher knows ", options_.logic.oldest,
                     " to ", options_.logic.newest, ": run one that knows it"));
  }
  taken.what = Taken::What::kSwitched;
  logic_ = to.version;
  return absl::OkStatus();
}

absl::Status Replica::TakeOfDesk(wire::AnyCommand& command, const log::Record& record,
                                 Taken& taken) {
  Desk& desk = *taken.desk;
  if (record.offset <= desk.included) {
    taken.what = Taken::What::kIncluded;
    return absl::OkStatus();
  }
  const bool held_before = HeldFrom(desk, record.offset - 1) >= 0;
  if (std::holds_alternative<wire::DeskHold>(command) && !held_before) {
    holds_[desk.name].insert(record.offset);
    taken.hold = true;
  }
  if (const auto* release = std::get_if<wire::DeskRelease>(&command)) {
    if (!held_before) return absl::OkStatus();
    // A release at which engines crashed is held like all else.
    if (!holds_[desk.name].contains(record.offset)) return Release(desk, *release, record, taken);
  }
  if (HeldFrom(desk, record.offset) >= 0) {
    taken.what = Taken::What::kHeld;
    return absl::OkStatus();
  }
  auto* const one = std::get_if<wire::CommandRecord>(&command);
  if (one == nullptr) return absl::OkStatus();
  if (one->renewal && !Renews(desk, *one)) {
    taken.what = Taken::What::kSuperseded;
    return absl::OkStatus();
  }
  Decide(desk, *one, record, record.offset, taken);
  taken.what = Taken::What::kDecided;
  desk.included = record.offset;
  return absl::OkStatus();
}

// `named` is the place that a crash is put down to: that of the record which the reader is at.
void Replica::Decide(Desk& desk, wire::CommandRecord& command, const log::Record& record,
                     std::int64_t named, Taken& taken) {
  command.command.at = record.at;
  const std::size_t before = taken.decided.size();
  {
    const ApplyScope scope(log_id_, partition_, named, desk.name);
    if (options_.logic.decide) {
      options_.logic.decide(logic_, desk.engine, command.command, taken.decided);
    } else {
      desk.engine.Apply(command.command, taken.decided);
    }
  }
  desk.changed = true;
  const bool policy = std::holds_alternative<ApplyPolicy>(command.command.body) &&
                      std::any_of(taken.decided.begin() + static_cast<std::ptrdiff_t>(before),
                                  taken.decided.end(), [](const Decision& decision) {
                                    return std::holds_alternative<PolicyApplied>(decision.body);
                                  });
  taken.tick = std::holds_alternative<Tick>(command.command.body);
  taken.checkpoint = std::holds_alternative<Checkpoint>(command.command.body);
  if (policy) taken.applied.push_back({record.offset, std::move(command)});
}

absl::Status Replica::Release(Desk& desk, const wire::DeskRelease& release,
                              const log::Record& record, Taken& taken) {
  const std::set<std::int64_t> skip(release.skip.begin(), release.skip.end());
  // Read first, then decide: what fails here must leave the desk as it is.
  std::vector<std::pair<log::Record, wire::CommandRecord>> held;
  for (std::int64_t next = HeldFrom(desk, record.offset); next < record.offset;) {
    USHER_TRY(const std::vector<log::Record> records,
              log_.ReadRange({journal::kCommands, partition_}, next, kHeldReadMax));
    for (const log::Record& each : records) {
      next = each.offset + 1;
      if (each.offset >= record.offset) break;
      auto command = wire::DecodeCommand(each.value);
      if (!command.ok() || skip.contains(each.offset)) continue;
      auto* const one = std::get_if<wire::CommandRecord>(&*command);
      if (one == nullptr || one->desk != desk.name) continue;
      held.emplace_back(log::Record{.from = each.from, .offset = each.offset, .at = each.at},
                        std::move(*one));
    }
    if (!records.empty()) continue;
    return absl::UnavailableError(absl::StrCat(journal::kCommands, "/", partition_,
                                               ": what was held from ", next, " to ", record.offset,
                                               " can't be read"));
  }
  for (auto& [each, command] : held) {
    if (command.renewal && !Renews(desk, command)) continue;
    Decide(desk, command, each, record.offset, taken);
  }
  taken.what = Taken::What::kDecided;
  taken.released = true;
  taken.tick = true;
  taken.checkpoint = false;
  desk.changed = true;
  desk.included = record.offset;
  return absl::OkStatus();
}

}  // namespace usher::router
