// Policy: the compiled rules of a desk, as the engine takes them. Made from YAML by libs/policy.
//
// All lists are in the order of the YAML; references are by name and all resolve (the compiler
// checks, the engine checks again and rejects).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/time.h"
#include "model/names.h"
#include "model/reason.h"

namespace usher {

struct Need {
  SkillName skill;
  std::uint8_t level = 0;  // minimum for a queue, held for an agent; 0 to 100

  friend bool operator==(const Need&, const Need&) = default;
  friend auto operator<=>(const Need&, const Need&) = default;
};

struct Channel {
  ChannelName name;
  std::uint32_t units = 1;  // capacity that one inquiry of this channel takes

  friend bool operator==(const Channel&, const Channel&) = default;
};

struct SlaClass {
  SlaName name;
  Duration first_response{0};  // 0: no target
  std::uint16_t warn_permille =
      750;  // the warning comes at this share of the target; 0: no warning

  friend bool operator==(const SlaClass&, const SlaClass&) = default;
};

struct Queue {
  QueueName name;
  std::vector<Need> needs;        // all of them; sorted by skill, each skill once
  SlaName sla;                    // empty: no clock
  bool auto_accept = false;       // an offer counts as accepted at once
  Duration offer_window = 20s;    // to accept in; ignored with auto_accept
  Duration wrap_up{0};            // capacity held after the end
  std::uint32_t max_waiting = 0;  // 0: only Limits bound it

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
  QueueName queue;
  std::uint8_t priority = 5;  // 0 to 9

  friend bool operator==(const Route&, const Route&) = default;
};

struct Policy {
  std::string version;  // what the author calls it; at most 64 bytes
  std::vector<Channel> channels;
  std::vector<SlaClass> sla_classes;
  std::vector<Queue> queues;
  std::vector<Route> routes;  // first match wins; the last one matches all ("otherwise")
  Duration decline_cooldown =
      60s;  // an agent who declined or missed an inquiry is not asked again so long
  std::uint32_t missed_offers_max = 3;  // so many missed in a row: away(missed offers); 0: never
  std::uint16_t late_share_permille =
      100;  // share of picks kept for late inquiries while others are in time

  friend bool operator==(const Policy&, const Policy&) = default;
};

}  // namespace usher
