#include "router/replica.h"

#include <utility>
#include <variant>

#include "journal/topics.h"
#include "router/renewals.h"

namespace usher::router {

Replica::Replica(const Options& options, std::int32_t partition, std::int32_t partitions)
    : options_(options), partition_(partition), partitions_(partitions) {}

void Replica::Restore(std::vector<Desk> desks) {
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

// Calendars are renewed beside whatever else goes into the log: an older policy must not come back.
bool Replica::Renews(const Desk& desk, const wire::CommandRecord& command) {
  const auto* body = std::get_if<ApplyPolicy>(&command.command.body);
  return body != nullptr && SameButCalendars(desk.engine.policy(), body->policy);
}

absl::Status Replica::Take(const log::Record& record, Taken& taken) {
  taken.desk = nullptr;
  taken.decided.clear();
  auto decoded = wire::DecodeCommand(record.value);
  if (!decoded.ok()) {
    taken.what = Taken::What::kUndecodable;
    taken.problem = std::string(decoded.status().message());
    return absl::OkStatus();
  }
  auto* const command = std::get_if<wire::CommandRecord>(&*decoded);
  if (command == nullptr) {
    taken.what = Taken::What::kNothing;
    return absl::OkStatus();
  }
  if (journal::PartitionOf(command->desk, partitions_) != partition_) {
    taken.what = Taken::What::kMisplaced;
    return absl::OkStatus();
  }
  Desk* const desk = FindOrMake(command->desk, taken.index);
  if (desk == nullptr) {
    taken.what = Taken::What::kTooManyDesks;
  } else if (record.offset <= desk->included) {
    taken.what = Taken::What::kIncluded;
  } else if (command->renewal && !Renews(*desk, *command)) {
    taken.what = Taken::What::kSuperseded;
  } else {
    taken.what = Taken::What::kDecided;
    taken.desk = desk;
    taken.command = std::move(*command);
    taken.command.command.at = record.at;
    desk->engine.Apply(taken.command.command, taken.decided);
    desk->changed = true;
    desk->included = record.offset;
  }
  return absl::OkStatus();
}

}  // namespace usher::router
