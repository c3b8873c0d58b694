// WorkStream: one agent's desktop on a real `Work` stream. Writes what the agent does, brings what
// usher says to the day's Loop.
//
// Threads: Write(), Close() one, that of the Loop; the rest is gRPC's.
#pragma once

#include <grpcpp/grpcpp.h>

#include <deque>
#include <functional>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "usher/play_loop.h"
#include "usher/v1/agents.grpc.pb.h"

namespace usher::play {

class WorkStream : public grpc::ClientBidiReactor<v1::WorkRequest, v1::WorkResponse> {
 public:
  // Both are called on the loop, `ended` once and last.
  using Said = std::function<void(const v1::WorkResponse&)>;
  using Ended = std::function<void(const grpc::Status&)>;

  // Opens the stream and says hello. The stream keeps itself alive until `ended`.
  static std::shared_ptr<WorkStream> Open(v1::AgentService::Stub& stub, Loop& loop,
                                          const v1::WorkHello& hello, Said said, Ended ended);

  // Sends when the ones before it are sent; after the end of the stream it does nothing.
  void Write(v1::WorkRequest request);

  // Ends the stream.
  void Close() { context_.TryCancel(); }

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;

 private:
  WorkStream(Loop& loop, Said said, Ended ended);

  Loop& loop_;
  const Said said_;
  const Ended ended_;
  grpc::ClientContext context_;
  v1::WorkResponse response_;  // of the read under way
  absl::Mutex mutex_;
  std::deque<v1::WorkRequest> unsent_ ABSL_GUARDED_BY(mutex_);  // the first one is under way
  bool broken_ ABSL_GUARDED_BY(mutex_) = false;
  std::shared_ptr<WorkStream> self_;  // until OnDone
};

}  // namespace usher::play
