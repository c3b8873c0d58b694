// Rules: the policy in force, made ready for look-up: names as numbers, routes indexed, needs
// shared.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/coverage.h"
#include "engine/kinds.h"
#include "engine/names.h"
#include "engine/route_index.h"
#include "engine/slot_index.h"
#include "model/policy.h"

namespace usher::engine {

// The names that inquiries carry. One that the policy has dropped lives on while an inquiry has it.
struct Lexicon {
  Names<ChannelName> channels;
  Names<QueueName> queues;
  Names<RouteName> routes;
  Names<SlaName> slas;
};

struct QueueRule {
  std::uint32_t name = kNone;  // in the lexicon
  std::uint32_t needs = kNone;
  std::uint32_t sla = kNone;
  Duration target{0};  // 0: none
  Duration warn_after{0};
  bool warns = false;
};

struct ChannelRule {
  std::uint32_t name = kNone;  // in the lexicon
  std::uint32_t units = 0;
};

class Rules {
 public:
  // Makes `policy`, which is sound, ready. It holds its names and need sets until Release().
  void Take(const Policy& policy, Lexicon& lexicon, Coverage& coverage);
  void Release(Lexicon& lexicon, Coverage& coverage);

  bool taken() const { return taken_; }
  const Policy& policy() const { return policy_; }
  const Kinds& kinds() const { return kinds_; }

  // Places in the policy's lists; kNone if it has no such name.
  std::uint32_t FindChannel(const ChannelName& name) const {
    return channel_of_.Find(name,
                            [this](std::uint32_t place) { return policy_.channels[place].name; });
  }
  std::uint32_t FindQueue(const QueueName& name) const {
    return queue_of_.Find(name, [this](std::uint32_t place) { return policy_.queues[place].name; });
  }
  std::uint32_t FirstRoute(const Features& features) const { return index_.FirstMatch(features); }

  const ChannelRule& channel(std::uint32_t place) const { return channels_[place]; }
  const QueueRule& queue(std::uint32_t place) const { return queues_[place]; }
  std::uint32_t route_name(std::uint32_t place) const { return route_names_[place]; }
  std::uint32_t route_queue(std::uint32_t place) const { return route_queues_[place]; }
  std::uint32_t no_route() const { return no_route_; }  // the empty route name

 private:
  void TakeQueues(Lexicon& lexicon, Coverage& coverage);

  bool taken_ = false;
  Policy policy_;
  Kinds kinds_;
  RouteIndex index_;
  std::vector<ChannelRule> channels_;
  std::vector<QueueRule> queues_;
  std::vector<std::uint32_t> route_names_;
  std::vector<std::uint32_t> route_queues_;
  std::uint32_t no_route_ = kNone;
  SlotIndex<ChannelName> channel_of_;
  SlotIndex<QueueName> queue_of_;
};

}  // namespace usher::engine
