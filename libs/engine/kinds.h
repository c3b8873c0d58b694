// Kinds: what an inquiry takes of an agent. A kind is a channel of the policy at its units, a bit.
//
// Bit 0 is the stray kind: all that the policy in force does not name so (its channel went, its
// units changed while someone held it). A stray inquiry has to be compared with each agent by
// itself.
//
// Threads: one.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "engine/records.h"

namespace usher::engine {

constexpr std::uint8_t kStrayKind = 0;
constexpr std::uint32_t kKindsMost = 64;

class Kinds {
 public:
  Kinds() { Finish(); }

  // For each channel of the policy, in its order; those over the last bit are strays.
  void Add(std::uint32_t channel, std::uint32_t units) {
    if (count_ == kKindsMost) return;
    if (channel >= of_channel_.size()) of_channel_.resize(channel + 1, kStrayKind);
    of_channel_[channel] = static_cast<std::uint8_t>(count_);
    units_[count_++] = units;
  }
  void Finish() {
    const std::uint32_t most = *std::max_element(units_.begin(), units_.begin() + count_);
    fitting_.assign(most + 1, 0);
    for (std::uint32_t free = 0; free <= most; ++free) {
      for (std::uint32_t kind = 0; kind < count_; ++kind) {
        if (units_[kind] <= free) fitting_[free] |= std::uint64_t{1} << kind;
      }
    }
  }

  std::uint32_t count() const { return count_; }

  std::uint8_t Of(std::uint32_t channel, std::uint32_t units) const {
    const std::uint8_t kind = OfChannel(channel);
    return units_[kind] == units ? kind : kStrayKind;
  }

  // The kinds of which `agent` has room for one more; stray is among them if it has any room.
  std::uint64_t Fitting(const Agent& agent) const {
    if (!agent.registered || agent.presence != Presence::kAvailable || agent.used >= agent.units) {
      return 0;
    }
    const std::size_t free = agent.units - agent.used;
    std::uint64_t kinds = fitting_[std::min(free, fitting_.size() - 1)];
    for (const LimitRecord& limit : agent.limits) {
      if (limit.count < limit.most) continue;
      const std::uint8_t kind = OfChannel(limit.channel);
      if (kind != kStrayKind) kinds &= ~(std::uint64_t{1} << kind);
    }
    return kinds;
  }

  // The same for one inquiry, of whatever kind.
  static bool HasRoom(const Agent& agent, const Inquiry& inquiry) {
    if (!agent.registered || agent.presence != Presence::kAvailable) return false;
    if (agent.used + inquiry.units > agent.units) return false;
    return std::none_of(agent.limits.begin(), agent.limits.end(), [&](const LimitRecord& limit) {
      return limit.channel == inquiry.channel && limit.count >= limit.most;
    });
  }

 private:
  std::uint8_t OfChannel(std::uint32_t channel) const {
    return channel < of_channel_.size() ? of_channel_[channel] : kStrayKind;
  }

  std::uint32_t count_ = 1;
  std::array<std::uint32_t, kKindsMost> units_{1};  // a stray takes at least one
  std::vector<std::uint8_t> of_channel_;
  std::vector<std::uint64_t> fitting_;  // kinds by free units
};

}  // namespace usher::engine
