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
#include "model/quality.h"
#include "model/queue.h"
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

// Targets of an SLA class; 0: none.
struct SlaClass {
  SlaName name;
  Duration first_response{0};  // from its placing to the first reply
  Duration next_response{0};   // from a customer's message after a reply to the next reply
  Duration resolution{0};      // from its placing to its end
  Duration update{0};          // from an assignment or a reply to the next reply, again and again
  std::vector<std::uint16_t> warn_permilles = {750};  // shares of a target; ascending, at most 4
  CalendarName hours;  // the clocks count only while it is open; empty: always

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

// What a customer's further messages do to the open inquiry that they join.
struct FollowUps {
  std::uint8_t unanswered = 0;   // so many messages without an answer raise it, 1 to 15; 0: never
  std::uint8_t raise = 0;        // by so much, each time that it comes to this
  std::uint8_t angry_raise = 0;  // by so much when one of them turns the mood negative

  friend bool operator==(const FollowUps&, const FollowUps&) = default;
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
  // Of an agent's picks, the share kept for the late while others come before them.
  std::uint16_t late_share_permille = 0;
  Order order = Order::kDefault;
  std::vector<SortField> then;  // among equals of the order, before the age; each at most once
  // For kDefault: what is due so soon is urgent, or near; so many of the same needs are a crowd.
  Duration urgent = 60s;
  Duration near = 600s;
  std::uint32_t crowd = 4;    // 0: crowds do not matter
  Duration age_credit = 60s;  // for kAged
  Duration starve_after{0};   // so long unassigned and it goes before all; 0: never
  Pace pace;
  Sticky sticky;
  Duration reopen{0};  // a conversation resolved so lately goes to its agent again; 0: never
  std::vector<StatusRaise> status_raises;  // each status once
  // What an inquiry of negative sentiment needs besides, at every step of every queue, however it
  // got there; sorted, each once.
  std::vector<Need> angry_needs;
  FollowUps follow_ups;
  Quality quality;

  friend bool operator==(const Policy&, const Policy&) = default;
};

}  // namespace usher
