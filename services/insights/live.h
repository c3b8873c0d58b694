// LiveQueue and LiveDesk: how the queues and agents of a desk are at one place of the log.
//
// Threads: one. Memory: grows with open inquiries and registered agents.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "core/time.h"
#include "insights/rows.h"
#include "model/limits.h"
#include "model/names.h"

namespace usher::insights {

struct LiveQueue {
  std::array<std::uint32_t, kPriorities> waiting{};  // or on offer, by priority
  std::uint32_t assigned = 0;                        // or answered
  std::uint32_t scheduled = 0;
  std::uint32_t pending = 0;
  std::uint32_t foretold = 0;                           // open, and its breach is foretold
  std::set<std::pair<Instant, InquiryId>> waiting_ids;  // oldest first
  std::set<std::pair<Instant, InquiryId>> due_ids;      // of these, by first response due
  // Likewise as waiting_ids, by priority.
  std::array<std::set<std::pair<Instant, InquiryId>>, kPriorities> waiting_by_priority;

  QueueRow Row() const;
};

// Open inquiries of a channel that take units of an agent, or may do so.
struct ChannelLoad {
  std::uint32_t assigned = 0;  // or answered
  std::uint32_t pending = 0;   // the policy says whether they keep their units
};

struct LiveDesk {
  std::unordered_map<InquiryId, InquiryRow> inquiries;
  std::map<QueueName, LiveQueue> queues;  // that ever had an inquiry
  std::map<AgentName, AgentRecord> agents;
  std::array<std::uint32_t, 5> presences{};  // agents by Presence
  std::uint64_t units_here = 0;              // capacity of those who are not offline
  std::map<ChannelName, ChannelLoad> loads;
};

}  // namespace usher::insights
