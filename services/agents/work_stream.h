// WorkStream: one Work call. Commands come up, news go down; one read and one write under way at
// most.
#pragma once

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "agents/handlers.h"
#include "agents/outbox.h"
#include "model/names.h"
#include "usher/v1/agents.grpc.pb.h"
#include "wire/records.h"

namespace usher::agents {

constexpr int kCommandsMax = 64;  // of one stream, on their way to the log

// Threads: any; lets go of itself when the call is over.
class WorkStream : public grpc::ServerBidiReactor<v1::WorkRequest, v1::WorkResponse> {
 public:
  static WorkStream* Open(const FrontDoor& door);

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  explicit WorkStream(const FrontDoor& door);

  absl::Status Take();
  absl::Status TakeHello();
  absl::Status Submit(CommandBody body);
  void Advance();

  const FrontDoor& door_;
  // shared: answers from the log that are still on their way outlive the call.
  std::shared_ptr<WorkStream> self_;
  const std::shared_ptr<Outbox> outbox_;  // shared with Desktops
  v1::WorkRequest request_;               // of the read under way
  v1::WorkResponse response_;             // of the write under way
  DeskName desk_;                         // none before hello; of the reading side
  AgentName agent_;

  absl::Mutex mutex_;
  int commands_ ABSL_GUARDED_BY(mutex_) = 0;
  bool reading_ ABSL_GUARDED_BY(mutex_) = false;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool hello_read_ ABSL_GUARDED_BY(mutex_) = false;
  bool shown_ ABSL_GUARDED_BY(mutex_) = false;  // the agent's work is on its way down
  bool read_all_ ABSL_GUARDED_BY(mutex_) = false;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace usher::agents
