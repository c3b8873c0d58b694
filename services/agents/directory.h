// Directory: the agents of every desk as the decisions read so far say, and whose each open inquiry
// is.
//
// It remembers an inquiry only while an agent has it, on offer or assigned, or has answered it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "agents/news.h"
#include "core/time.h"
#include "model/decision.h"
#include "model/names.h"

namespace usher::agents {

struct Row {
  AgentRegistered agent;
  Presence presence = Presence::kOffline;
  AwayReason away = AwayReason::kNone;
  Instant shift_ends = kNever;
  std::uint32_t offered = 0;
  std::uint32_t assigned = 0;
};

// Threads: any; Take() is one's.
class Directory {
 public:
  // Takes the next decision of `desk`; tells what it means to whom, if to anyone.
  std::optional<News> Take(const DeskName& desk, const Decision& decision);

  // At most `most` agents of `desk` by name, those after `after`.
  std::vector<Row> List(const DeskName& desk, const AgentName& after, std::size_t most) const;

 private:
  struct Inquiry {
    std::vector<AgentName> asked;  // to whom it is on offer
    AgentName owner;               // none: nobody has it; it may wait for its customer
    QueueName queue;
    bool answered = false;  // some agent has replied
  };
  struct Board {
    std::map<AgentName, Row> agents;
    std::unordered_map<InquiryId, Inquiry> inquiries;
    std::unordered_set<InquiryId> pending;  // of them: those that wait for their customer
  };
  class Reading;  // one overload a kind of decision

  mutable absl::Mutex mutex_;
  std::unordered_map<DeskName, Board> boards_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher::agents
