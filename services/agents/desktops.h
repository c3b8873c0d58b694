// Desktops: the open Work streams of this process, by desk and agent.
//
// A stream waits until the engine has shown its agent's work (WorkShown); it gets that, and from
// there on everything that the decisions say of the agent. So nothing is lost and nothing told
// twice, wherever the stream begins.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "agents/news.h"
#include "agents/outbox.h"
#include "model/names.h"
#include "telemetry/metrics.h"

namespace usher::agents {

// Threads: any; Tell() is one's.
class Desktops {
 public:
  explicit Desktops(telemetry::Metrics& metrics);

  // A stream of `agent` waits for its work from now on; an older one ends with kAborted. shared:
  // the stream and this map let go of the outbox in either order. Errors: kUnavailable: all are
  // being ended.
  absl::Status Open(const DeskName& desk, const AgentName& agent, std::shared_ptr<Outbox> outbox);

  // The stream is gone. Nothing happens if a newer one has taken its place.
  void Close(const DeskName& desk, const AgentName& agent, const Outbox* outbox);

  // Passes news on to the agent's stream, if there is one here and it is its turn.
  void Tell(const DeskName& desk, const News& news);

  // Ends all streams with kUnavailable; none opens after this.
  void EndAll();

  std::size_t open() const;

 private:
  using Key = std::pair<DeskName, AgentName>;
  struct Desktop {
    std::shared_ptr<Outbox> outbox;
    bool live = false;  // it has got its current work
  };

  void Pass(const Key& key, Desktop& desktop, const NewsBody& news)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void End(const Key& key, absl::Status status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  telemetry::Counter& offers_sent_;
  telemetry::Counter& slow_ended_;
  telemetry::Counter& replaced_;
  mutable absl::Mutex mutex_;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::map<Key, Desktop> desktops_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace usher::agents
