// The topics of usher: names, what each must be, and which partition a desk belongs to.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "log/log.h"
#include "model/names.h"

namespace usher::journal {

inline constexpr char kMessages[] = "usher.messages";
inline constexpr char kOrders[] = "usher.orders";
inline constexpr char kCommands[] = "usher.commands";
inline constexpr char kDecisions[] = "usher.decisions";
inline constexpr char kSnapshots[] = "usher.snapshots";
inline constexpr char kPolicies[] = "usher.policies";
inline constexpr char kQuarantines[] = "usher.quarantines";
inline constexpr char kBeats[] = "usher.beats";
inline constexpr char kMessagesDlq[] = "usher.messages.dlq";
inline constexpr char kOrdersDlq[] = "usher.orders.dlq";

// All of them. Commands, decisions and snapshots have `partitions` each, as have messages and
// orders; policies, quarantines, beats and dead letters have one.
std::vector<log::TopicSpec> Topics(std::int32_t partitions);

// Where the commands of `desk` go, for ever: a hash of the name modulo the pinned count.
std::int32_t PartitionOf(const DeskName& desk, std::int32_t partitions);

}  // namespace usher::journal
