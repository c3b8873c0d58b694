// Rules: the policy in force, made ready for look-up: names as numbers, routes indexed, what is
// asked of agents shared.
//
// Threads: one.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/coverage.h"
#include "engine/kinds.h"
#include "engine/names.h"
#include "engine/route_index.h"
#include "engine/slot_index.h"
#include "model/policy.h"

namespace usher::engine {

// The names that inquiries carry. One that the policy has dropped lives on while something has it.
struct Lexicon {
  Names<ChannelName> channels;
  Names<LanguageName> languages;
  Names<TopicName> topics;
  Names<TierName> tiers;
  Names<OrderStatusName> statuses;
  Names<CalendarName> calendars;
};

// What an inquiry of a queue, at a step, with the needs of a route, asks of an agent.
struct Asked {
  std::uint32_t set = kNone;          // need set; a queue that borrows has its own
  std::uint32_t base = kNone;         // the same, shared by all that ask it
  std::vector<std::uint32_t> prefer;  // need sets of who is asked first
  std::vector<std::uint32_t> lent;    // need set of the lender, by borrow
  std::uint32_t queue = kNone;
};

struct QueueRule {
  std::uint32_t asked = kNone;         // of step 0; those of the steps follow
  std::uint32_t sla = kNone;           // place of the class
  std::uint32_t calendar = kNone;      // place; kNone: always open
  std::vector<std::uint32_t> lenders;  // places, by borrow
  std::uint32_t full_queue = kNone;
  std::uint32_t nobody_queue = kNone;
  std::uint32_t closed_queue = kNone;
};

struct ChannelRule {
  std::uint32_t name = kNone;  // in the lexicon
  std::uint32_t units = 0;
};

class Rules {
 public:
  // Makes `policy`, which is sound, ready. It holds its names and need sets until Release().
  // `limited`: the channels for which an agent has a limit.
  void Take(const Policy& policy, const Bits& limited, Lexicon& lexicon, Coverage& coverage);
  // The kinds anew, if other channels are limited.
  void Sort(const Bits& limited);
  void Release(Lexicon& lexicon, Coverage& coverage);

  bool taken() const { return taken_; }
  const Policy& policy() const { return policy_; }
  const Kinds& kinds() const { return kinds_; }
  bool has_steps() const { return has_steps_; }
  bool interrupts() const { return interrupts_; }
  const std::vector<std::uint32_t>& borrowers() const { return borrowers_; }  // queues

  // Places in the policy's lists; kNone if it has no such name.
  std::uint32_t FindChannel(const ChannelName& name) const {
    return channel_of_.Find(name, [this](std::uint32_t place) -> const ChannelName& {
      return policy_.channels[place].name;
    });
  }
  std::uint32_t FindQueue(const QueueName& name) const {
    return queue_of_.Find(name, [this](std::uint32_t place) -> const QueueName& {
      return policy_.queues[place].name;
    });
  }
  std::uint32_t FindCalendar(const CalendarName& name) const;
  // Any route of that name with these needs, for a state that tells no more.
  std::uint32_t FindRoute(const RouteName& name, const std::vector<Need>& needs) const;
  std::uint32_t FirstRoute(const Features& features, bool repeat) const {
    return index_.FirstMatch(features, repeat);
  }
  std::uint32_t ChannelOf(std::uint32_t name) const {  // place of a name of the lexicon
    return name < place_of_channel_.size() ? place_of_channel_[name] : kNone;
  }

  const ChannelRule& channel(std::uint32_t place) const { return channels_[place]; }
  const QueueRule& queue(std::uint32_t place) const { return queues_[place]; }
  std::uint32_t route_queue(std::uint32_t place) const { return route_queues_[place]; }

  // Index of what is asked; `route` may be kNone. `angry`: of negative sentiment.
  std::uint32_t AskedBy(std::uint32_t queue, std::uint32_t step, std::uint32_t route, bool angry,
                        Coverage& coverage);
  // Tags from 1 to this one set apart the need sets of queues that borrow.
  std::uint32_t last_tag() const { return static_cast<std::uint32_t>(tags_.size()); }
  const Asked& asked(std::uint32_t index) const { return asked_[index]; }
  std::size_t asked_end() const { return asked_.size(); }

 private:
  void TakeQueues(Coverage& coverage);
  std::uint32_t MakeAsked(std::uint32_t queue, std::uint32_t step, const std::vector<Need>& more,
                          Coverage& coverage);
  std::uint32_t TagFor(std::uint32_t queue, const std::vector<Need>& more);

  bool taken_ = false;
  bool has_steps_ = false;
  bool interrupts_ = false;
  Policy policy_;
  Kinds kinds_;
  RouteIndex index_;
  std::vector<ChannelRule> channels_;
  std::vector<std::uint32_t> place_of_channel_;
  std::vector<QueueRule> queues_;
  std::vector<std::uint32_t> borrowers_;
  std::vector<std::uint32_t> route_queues_;
  std::vector<Asked> asked_;
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::vector<Need>>, std::uint32_t> asked_of_;
  std::map<std::pair<std::uint32_t, std::vector<Need>>, std::uint32_t> tags_;
  SlotIndex<ChannelName> channel_of_;
  SlotIndex<QueueName> queue_of_;
};

}  // namespace usher::engine
