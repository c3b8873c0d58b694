// Outcomes: what the engine concludes on commands whose callers wait for it.
//
// A command is known by its place in the log, which its caller learns when it has landed. By then
// the decision may have been read here, so the latest ones are kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "core/time.h"
#include "journal/submitter.h"
#include "model/decision.h"
#include "model/stamp.h"

namespace usher::agents {

constexpr Duration kOutcomeWait = 5s;         // far more than a router that lives needs
constexpr std::size_t kOutcomesKept = 1'024;  // of the latest, asked for or not

// Threads: any; Take() and Expire() are one's.
class Outcomes {
 public:
  // Called once, outside of all locks: the decision, or why there is none: kDeadlineExceeded: it
  // was not read in kOutcomeWait; kUnavailable: the server stops.
  using Done = std::function<void(const absl::StatusOr<DecisionBody>&)>;

  // The command has landed at `at`.
  void Await(const journal::Appended& at, Done done);

  // The next decision of the log, of any command.
  void Take(const Stamp& stamp, const DecisionBody& body);

  // Time passes.
  void Expire(Instant now);

  // All that wait, and all that will, hear kUnavailable.
  void EndAll();

 private:
  using Key = std::pair<std::int32_t, std::int64_t>;  // partition, offset
  struct Waiting {
    Instant until;
    Done done;
  };

  absl::Mutex mutex_;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  Instant now_ ABSL_GUARDED_BY(mutex_);
  std::map<Key, Waiting> waiting_ ABSL_GUARDED_BY(mutex_);
  std::deque<std::pair<Key, DecisionBody>> latest_ ABSL_GUARDED_BY(mutex_);  // oldest first
};

}  // namespace usher::agents
