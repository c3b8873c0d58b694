// Decisions on agents: directory, presence, capacity, open work.
#pragma once

#include <cstdint>
#include <vector>

#include "core/time.h"
#include "model/command.h"
#include "model/names.h"
#include "model/policy.h"
#include "model/reason.h"

namespace usher {

struct WrapUpEnded {
  InquiryId inquiry;
  AgentName agent;
  friend bool operator==(const WrapUpEnded&, const WrapUpEnded&) = default;
};

struct AgentRegistered {
  AgentName agent;
  std::vector<Need> skills;  // sorted by skill
  std::uint32_t units = 0;
  std::vector<ChannelLimit> limits;
  std::vector<Attribute> attributes;  // sorted, each once
  bool may_take = false;
  bool supervisor = false;
  bool bot = false;
  friend bool operator==(const AgentRegistered&, const AgentRegistered&) = default;
};

struct AgentRemoved {
  AgentName agent;
  friend bool operator==(const AgentRemoved&, const AgentRemoved&) = default;
};

struct PresenceChanged {
  AgentName agent;
  Presence presence = Presence::kOffline;
  AwayReason away = AwayReason::kNone;
  Instant shift_ends = kNever;
  friend bool operator==(const PresenceChanged&, const PresenceChanged&) = default;
};

struct OpenOffer {
  OfferId offer;
  InquiryId inquiry;
  QueueName queue;
  Instant expires = kNever;
  friend bool operator==(const OpenOffer&, const OpenOffer&) = default;
};

struct OpenAssignment {
  InquiryId inquiry;
  QueueName queue;
  bool answered = false;
  bool pending = false;
  friend bool operator==(const OpenAssignment&, const OpenAssignment&) = default;
};

struct WorkShown {
  AgentName agent;
  Presence presence = Presence::kOffline;
  std::vector<OpenOffer> offers;            // by offer id
  std::vector<OpenAssignment> assignments;  // by age of the inquiry, oldest first
  friend bool operator==(const WorkShown&, const WorkShown&) = default;
};

}  // namespace usher
