// Policy: the compiled rules of a desk, as the engine takes them. Made from YAML by libs/policy.
//
// All lists are in the order of the YAML; references are by name and all resolve (the compiler
// checks, the engine checks again and rejects).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"
#include "model/expression.h"
#include "model/names.h"
#include "model/reason.h"

namespace usher {

struct Channel {
  ChannelName name;
  std::uint32_t units = 1;  // capacity that one inquiry of this channel takes
  // An owner who went offline for so long loses the inquiry, which waits again; absent: never.
  std::optional<Duration> grace;
  bool pending_holds = false;  // an inquiry that waits for its customer keeps its units

  friend bool operator==(const Channel&, const Channel&) = default;
};

struct SlaClass {
  SlaName name;
  Duration first_response{0};  // 0: no target
  std::uint16_t warn_permille =
      750;  // the warning comes at this share of the target; 0: no warning

  friend bool operator==(const SlaClass&, const SlaClass&) = default;
};

// From `from` until just before `to`.
struct OpenSpan {
  Instant from;
  Instant to;

  friend bool operator==(const OpenSpan&, const OpenSpan&) = default;
};

// Business hours as instants: the compiler knows time zones and holidays, the engine does not.
struct Calendar {
  CalendarName name;
  std::vector<OpenSpan> open;  // ascending, apart; closed outside, also after the last one

  friend bool operator==(const Calendar&, const Calendar&) = default;
};

// A change of an order raises the priority of its inquiries.
struct StatusRaise {
  OrderStatusName status;
  std::uint8_t raise = 0;

  friend bool operator==(const StatusRaise&, const StatusRaise&) = default;
};

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
  std::vector<Escalation> escalations;  // by age, lower first

  friend bool operator==(const Queue&, const Queue&) = default;
};

// Takes inquiries whose every listed feature matches; an empty list matches all.
struct Route {
  RouteName name;
  std::vector<ChannelName> channels;
  std::vector<LanguageName> languages;
  std::vector<TopicName> topics;
  std::vector<Sentiment> sentiments;
  std::vector<TierName> tiers;
  std::optional<bool> on_site;
  std::optional<bool> repeat;
  std::vector<OrderStatusName> order_statuses;
  std::int64_t value_min = 0;  // of Features::value
  QueueName queue;
  std::uint8_t priority = 5;  // 0 to 9
  std::vector<Need> needs;    // asked beside those of the queue, at every step; sorted, each once

  friend bool operator==(const Route&, const Route&) = default;
};

// Which waiting inquiry an agent gets; libs/engine/README.md has the exact keys.
enum class Order : std::uint8_t {
  kDefault,
  kFifo,         // longest since placed
  kPriority,     // priority, then fifo
  kDue,          // earliest due
  kInTimeFirst,  // earliest due among those in time, then the late by age
  kAged,         // priority, each step of it worth `age_credit` of waiting
  kAgentLevel    // what the agent is best at, then fifo
};

enum class SortField : std::uint8_t { kValue, kOnSite, kRepeat };  // higher, yes, yes first

struct Pace {
  std::uint32_t most = 0;        // offers to one agent in a window; 0: no bound
  Duration window{0};            // begins with an offer
  std::uint32_t start_most = 0;  // the same within `start` of becoming available; 0: as `most`
  Duration start{0};

  friend bool operator==(const Pace&, const Pace&) = default;
};

struct Sticky {
  Duration last_agent{0};         // the agent who had the customer so lately is asked first; 0: no
  bool linked = false;            // so is who has another inquiry of the same order or customer
  Duration wait{0};               // for them, if they are logged in and busy
  Duration repeat{0};             // the same customer and topic so lately: a repeat; 0: none are
  std::uint8_t repeat_raise = 0;  // added to a repeat's priority, up to 9

  friend bool operator==(const Sticky&, const Sticky&) = default;
};

struct Policy {
  std::string version;  // what the author calls it; at most 64 bytes
  std::vector<Channel> channels;
  std::vector<Calendar> calendars;
  std::vector<SlaClass> sla_classes;
  std::vector<Queue> queues;
  std::vector<Route> routes;  // first match wins; the last one matches all ("otherwise")
  Duration decline_cooldown =
      60s;  // an agent who declined or missed an inquiry is not asked again so long
  std::uint32_t missed_offers_max = 3;  // so many missed in a row: away(missed offers); 0: never
  std::uint16_t late_share_permille =
      100;  // share of picks kept for late inquiries while others are in time
  Order order = Order::kDefault;
  std::vector<SortField> then;  // among equals of the order, before the age; each at most once
  Duration age_credit = 60s;    // for kAged
  Duration starve_after{0};     // so long unassigned and it goes before all; 0: never
  Pace pace;
  Sticky sticky;
  Duration reopen{0};  // a conversation resolved so lately goes to its agent again; 0: never
  std::vector<StatusRaise> status_raises;  // each status once

  friend bool operator==(const Policy&, const Policy&) = default;
};

}  // namespace usher
