// Kinds: what an inquiry takes of an agent. Channels of the same units that no agent limits are one
// kind, for queues that interrupt and for those that do not; a channel that some agent limits is
// one by itself. A kind is a bit.
//
// Bit 0 is the stray kind: all that the policy in force does not name so (its channel went). A
// stray inquiry has to be compared with each agent by itself.
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
  // For each channel of the policy, in its order; those over the last bit are strays. `limited`:
  // some agent may have a limit for it.
  void Add(std::uint32_t channel, std::uint32_t units, bool limited) {
    std::uint8_t kind = kStrayKind;
    if (!limited) kind = SharedOf(units);
    if (kind == kStrayKind) {
      if (count_ + 2 > kKindsMost) return;
      kind = static_cast<std::uint8_t>(count_);
      units_[count_] = units_[count_ + 1] = units;
      if (!limited) shared_.push_back(kind);
      count_ += 2;
    }
    if (channel >= of_channel_.size()) of_channel_.resize(channel + 1, kStrayKind);
    of_channel_[channel] = kind;
  }
  // Requires: after all Add(). `interrupts`: some queue does.
  void Finish(bool interrupts) {
    const std::uint32_t most = *std::max_element(units_.begin(), units_.begin() + count_);
    calm_.assign(most + 1, 0);
    interrupting_.assign(most + 1, 0);
    for (std::uint32_t free = 0; free <= most; ++free) {
      for (std::uint32_t kind = 1; kind < count_; ++kind) {
        if (units_[kind] > free) continue;
        if (kind % 2 == 1) calm_[free] |= std::uint64_t{1} << kind;
        if (kind % 2 == 0 && interrupts) interrupting_[free] |= std::uint64_t{1} << kind;
      }
    }
  }

  std::uint32_t count() const { return count_; }

  std::uint8_t Of(std::uint32_t channel, bool interrupts, std::uint32_t units) const {
    const std::uint8_t kind = OfChannel(channel);
    if (kind == kStrayKind || units_[kind] != units) return kStrayKind;
    return static_cast<std::uint8_t>(kind + (interrupts ? 1 : 0));
  }

  // The kinds of which an agent who is free to be asked has room for one more; stray is always
  // among them. Requires: the channels of the agent's limits are limited.
  std::uint64_t Fitting(const Agent& agent) const {
    if (!agent.registered || agent.presence != Presence::kAvailable || agent.paced_out()) return 0;
    const auto free = [&](std::uint32_t used) {
      return std::min<std::size_t>(used < agent.units ? agent.units - used : 0, calm_.size() - 1);
    };
    std::uint64_t kinds = calm_[free(agent.used)] | interrupting_[free(agent.used - agent.soft)];
    for (const LimitRecord& limit : agent.limits) {
      if (limit.count < limit.most) continue;
      const std::uint8_t kind = OfChannel(limit.channel);
      if (kind != kStrayKind) kinds &= ~(std::uint64_t{3} << kind);
    }
    return kinds | 1;
  }

 private:
  std::uint8_t OfChannel(std::uint32_t channel) const {
    return channel < of_channel_.size() ? of_channel_[channel] : kStrayKind;
  }
  std::uint8_t SharedOf(std::uint32_t units) const {
    for (const std::uint8_t kind : shared_) {
      if (units_[kind] == units) return kind;
    }
    return kStrayKind;
  }

  std::uint32_t count_ = 1;
  std::array<std::uint32_t, kKindsMost> units_{1};
  std::vector<std::uint8_t> of_channel_;
  std::vector<std::uint8_t> shared_;          // kinds of the channels without limits
  std::vector<std::uint64_t> calm_ = {0, 0};  // kinds by free units
  std::vector<std::uint64_t> interrupting_ = {0, 0};
};

}  // namespace usher::engine
