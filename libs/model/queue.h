// Queue: a named place where inquiries wait, and all that its policy says of them.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/time.h"
#include "model/expression.h"
#include "model/names.h"

namespace usher {

// Who may take an inquiry: the agent holds all the needs, and the expression holds for the agent.
struct Requirement {
  std::vector<Need> needs;  // sorted by skill, each skill once
  Expression who;

  friend bool operator==(const Requirement&, const Requirement&) = default;
  friend auto operator<=>(const Requirement&, const Requirement&) = default;
};

// From `after` on, counted in waiting time since the step before began, this is asked instead.
struct RelaxStep {
  Duration after{0};
  Requirement requirement;

  friend bool operator==(const RelaxStep&, const RelaxStep&) = default;
};

// Once the inquiry is `age` old and nobody owns it.
struct Escalation {
  Duration age{0};
  std::optional<std::uint8_t> priority;  // the new one
  QueueName queue;                       // where it waits from now on; empty: where it is

  friend bool operator==(const Escalation&, const Escalation&) = default;
};

// Which of the agents able to take an inquiry is asked. The longest idle breaks every tie.
enum class Pick : std::uint8_t {
  kRarestFirst,  // fewest skills held: who can do much is kept free
  kLongestIdle,
  kLeastLoaded,  // lowest share of units in use
  kRoundRobin,   // the next by name after the one asked last
  kBestLevel,    // highest mean level over the needs
  kScore         // highest Queue::score
};

// To whom an inquiry goes when its customer answers.
enum class Wake : std::uint8_t { kOwner, kPool };

// Agents of another queue may take from this one while that queue keeps its own target.
struct Borrow {
  QueueName from;
  std::uint16_t service_permille = 900;  // of its clocks met, lately; and none of it waits late

  friend bool operator==(const Borrow&, const Borrow&) = default;
};

// What is done about an inquiry that is likely to breach.
struct Forecast {
  bool relax = false;                    // its next step begins
  std::optional<std::uint8_t> priority;  // its new priority
  QueueName queue;                       // where it waits from now on; empty: where it is

  bool none() const { return !relax && !priority && queue.none(); }
  friend bool operator==(const Forecast&, const Forecast&) = default;
};

// What a newcomer meets.
enum class Refuge : std::uint8_t { kHold, kDivert, kReject };

struct Queue {
  QueueName name;
  Requirement requirement;
  std::vector<RelaxStep> steps;
  std::vector<Expression> prefer;  // agents for whom the first one holds are asked first, then ...
  Pick pick = Pick::kRarestFirst;
  Score score;                         // for kScore
  std::uint8_t offer_to = 1;           // agents asked at once; the first to accept has it
  std::uint8_t rank = 0;               // 0 to 9: an agent takes from the higher one first
  bool interrupts = false;             // may use the units that interruptible inquiries hold
  bool interruptible = false;          // leaves its units to queues that interrupt
  SlaName sla;                         // empty: no clock
  bool auto_accept = false;            // an offer counts as accepted at once
  Duration offer_window = 20s;         // to accept in; ignored with auto_accept
  Duration answer_within{0};           // an owner without a reply by then loses it; 0: never
  Duration wrap_up{0};                 // capacity held after the end
  std::uint32_t max_waiting = 0;       // 0: only Limits bound it
  Refuge when_full = Refuge::kReject;  // not kHold
  QueueName full_queue;                // for kDivert
  Refuge when_nobody = Refuge::kHold;  // nobody logged in fits any step
  QueueName nobody_queue;              // for kDivert
  CalendarName hours;                  // nobody is asked outside them; empty: always open
  Refuge when_closed = Refuge::kHold;
  QueueName closed_queue;     // for kDivert
  Duration expected_work{0};  // an agent whose shift ends sooner is not asked; 0: any
  Wake wake = Wake::kOwner;
  std::vector<Borrow> borrow;
  Forecast forecast;
  std::vector<Escalation> escalations;  // by age, lower first

  friend bool operator==(const Queue&, const Queue&) = default;
};

}  // namespace usher
