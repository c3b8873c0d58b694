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
#include "engine/lexicon.h"
#include "engine/route_index.h"
#include "engine/slot_index.h"
#include "model/policy.h"

namespace usher::engine {

// What an inquiry of a queue, at a step, with the needs of a route, asks of an agent.
struct Asked {
  std::uint32_t set = kNone;          // need set; a queue that borrows has its own
  std::uint32_t base = kNone;         // the same, shared by all that ask it
  std::vector<std::uint32_t> prefer;  // need sets of who is asked first
  std::vector<std::uint32_t> lent;    // need set of the lender, by borrow
  std::uint32_t queue = kNone;
};

constexpr std::size_t kTargetCount = 4;  // of enum Target

// What most steps ask of a queue, in two cache lines: the policy has it among much else.
struct alignas(64) QueueRule {
  std::uint32_t asked = kNone;  // of step 0; those of the steps follow
  std::uint32_t sla = kNone;    // place of the class
  std::uint32_t max_waiting = 0;
  std::array<Duration, kTargetCount> lengths{};  // of the class, by target; 0: none
  std::uint8_t steps = 0;                        // how many
  std::uint8_t escalations = 0;
  std::uint8_t offer_to = 1;
  std::uint8_t rank = 0;
  Pick pick = Pick::kRarestFirst;
  bool auto_accept = false;
  bool interrupts = false;
  bool interruptible = false;
  bool diverts_closed = false;
  bool diverts_nobody = false;
  bool forecasts = false;
  Duration expected_work{0};
  Duration offer_window{0};
  Duration answer_within{0};
  Duration wrap_up{0};

  std::uint32_t calendar = kNone;  // place; kNone: always open
  std::uint32_t full_queue = kNone;
  std::uint32_t nobody_queue = kNone;
  std::uint32_t closed_queue = kNone;
  std::vector<std::uint32_t> lenders;  // places, by borrow
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
  std::uint32_t FindQueue(const QueueName& name) const {
    return queue_of_.Find(name, [this](std::uint32_t place) -> const QueueName& {
      return policy_.queues[place].name;
    });
  }
  std::uint32_t FindCalendar(const CalendarName& name) const;
  // Any route of that name with these needs, for a state that tells no more.
  std::uint32_t FindRoute(const RouteName& name, const std::vector<Need>& needs) const;
  std::uint32_t FirstRoute(const Featured& features) const { return index_.FirstMatch(features); }
  std::uint32_t ChannelOf(std::uint32_t name) const {  // place of a name of the lexicon
    return name < place_of_channel_.size() ? place_of_channel_.data()[name] : kNone;
  }

  const ChannelRule& channel(std::uint32_t place) const { return channels_.data()[place]; }
  const QueueRule& queue(std::uint32_t place) const { return queues_.data()[place]; }
  std::uint32_t route_queue(std::uint32_t place) const { return route_queues_.data()[place]; }

  // Index of what is asked; `route` may be kNone. `angry`: of negative sentiment.
  std::uint32_t AskedBy(std::uint32_t queue, std::uint32_t step, std::uint32_t route, bool angry,
                        Coverage& coverage) {
    const bool needs_more = (route != kNone && routes_need_) || (angry && anger_needs_);
    if (needs_more) return AskedBeside(queue, step, route, angry, coverage);
    return queues_.data()[queue].asked + step;
  }
  // Tags from 1 to this one set apart the need sets of queues that borrow.
  std::uint32_t last_tag() const { return static_cast<std::uint32_t>(tags_.size()); }
  const Asked& asked(std::uint32_t index) const { return asked_.data()[index]; }
  std::size_t asked_end() const { return asked_.size(); }

 private:
  void TakeQueues(Coverage& coverage);
  QueueRule RuleFor(const Queue& queue) const;
  std::uint32_t AskedBeside(std::uint32_t queue, std::uint32_t step, std::uint32_t route,
                            bool angry, Coverage& coverage);
  std::uint32_t MakeAsked(std::uint32_t queue, std::uint32_t step, const std::vector<Need>& more,
                          Coverage& coverage);
  std::uint32_t TagFor(std::uint32_t queue, const std::vector<Need>& more);

  bool taken_ = false;
  bool has_steps_ = false;
  bool interrupts_ = false;
  bool routes_need_ = false;  // some route has needs of its own
  bool anger_needs_ = false;
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
  SlotIndex<QueueName> queue_of_;
};

}  // namespace usher::engine
