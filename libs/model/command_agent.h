// Commands on agents: directory, presence, their answers to offers.
#pragma once

#include <cstdint>
#include <vector>

#include "core/time.h"
#include "model/expression.h"
#include "model/names.h"
#include "model/reason.h"

namespace usher {

struct ChannelLimit {
  ChannelName channel;
  std::uint32_t most = 0;  // inquiries of that channel at once
  friend bool operator==(const ChannelLimit&, const ChannelLimit&) = default;
};

// Enters an agent into the desk's directory, or replaces what it says of them.
struct RegisterAgent {
  AgentName agent;
  std::vector<Need> skills;           // in any order; a skill named twice keeps the higher level
  std::uint32_t units = 1;            // capacity, 1 to Limits::units_max
  std::vector<ChannelLimit> limits;   // besides the units; a channel not named has no own limit
  std::vector<Attribute> attributes;  // in any order
  bool may_take = false;              // may choose among what waits
  bool supervisor = false;            // may give inquiries to agents
  bool bot = false;                   // its replies are no answer to the clocks
  friend bool operator==(const RegisterAgent&, const RegisterAgent&) = default;
};

struct RemoveAgent {
  AgentName agent;
  friend bool operator==(const RemoveAgent&, const RemoveAgent&) = default;
};

struct SetPresence {
  AgentName agent;
  Presence presence = Presence::kOffline;
  Instant shift_ends = kNever;
  friend bool operator==(const SetPresence&, const SetPresence&) = default;
};

struct AcceptOffer {
  OfferId offer;
  AgentName agent;
  friend bool operator==(const AcceptOffer&, const AcceptOffer&) = default;
};

struct DeclineOffer {
  OfferId offer;
  AgentName agent;
  DeclineReason reason = DeclineReason::kOther;
  friend bool operator==(const DeclineOffer&, const DeclineOffer&) = default;
};

// Asks for the open offers and assignments of an agent, as of this place in the log.
struct ShowWork {
  AgentName agent;
  friend bool operator==(const ShowWork&, const ShowWork&) = default;
};

}  // namespace usher
