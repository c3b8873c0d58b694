// Board: what a wallboard shows of one desk, read from the views and written as JSON. Ids and names
// only, as the views have them; nothing of a customer.
//
// Threads: any; pure but for the reads of the store they are given.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "insights/rows.h"
#include "insights/wallboard/hour.h"
#include "store/store.h"

namespace usher::insights {

constexpr std::size_t kQueuesShown = 200;   // those where most wait; the rest is a number
constexpr std::size_t kAgentsShown = 400;   // those at work first
constexpr std::size_t kWorkShown = 12;      // of an agent
constexpr std::size_t kListed = 50;         // of a queue: so many oldest, so many most urgent
constexpr std::uint64_t kOpenMax = 20'000;  // of a desk: above it the open ones are not read
constexpr std::size_t kDesksListed = 500;

// What waits in a queue, bounded.
struct QueueList {
  std::uint64_t in_all = 0;
  std::vector<InquiryRow> rows;  // the oldest and the most urgent, by due, then by age
  std::uint64_t late = 0;        // whose first response was missed
};

struct BoardAgent {
  AgentName name;
  AgentRecord record;
  std::uint64_t has = 0;         // assigned or answered
  std::uint64_t asked = 0;       // on offer
  std::vector<InquiryRow> work;  // of both, oldest first, at most kWorkShown
};

// The queues of a desk: small, read often.
struct Light {
  std::map<std::string, QueueRow> queues;

  std::uint64_t open() const;
};
absl::StatusOr<Light> ReadLight(store::Store& store, const DeskName& desk);

// The agents of a desk and what is open: read once for all who look.
struct Heavy {
  bool listed = true;  // false: too much is open, `lists` and what agents have is not known
  std::map<std::string, QueueList> lists;
  std::vector<BoardAgent> agents;  // by state, then by name; all
  std::array<std::uint64_t, 5> presences{};
};
absl::StatusOr<Heavy> ReadHeavy(store::Store& store, std::int32_t partition, const DeskName& desk,
                                bool with_open);

// The names of the desks that the partitions have seen, at most kDesksListed.
absl::StatusOr<std::vector<DeskName>> ReadDesks(store::Store& store, std::int32_t partitions);

// Equal boards have equal JSON, whenever it is asked for.
std::string BoardJson(const DeskName& desk, const Light& light, const Heavy& heavy,
                      const HourFacts& hour);

std::string QueueListJson(const DeskName& desk, const std::string& queue, const QueueList& list);

}  // namespace usher::insights
