// MessageStream: one StreamMessages call. Messages are taken while earlier ones are on their way,
// up to a window; the answers go back in order.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "intake/handlers.h"
#include "usher/v1/intake.grpc.pb.h"

namespace usher::intake {

constexpr std::size_t kStreamWindow = 256;  // messages taken and not answered, of one stream

// Threads: any; lets go of itself when the call is over.
class MessageStream
    : public grpc::ServerBidiReactor<v1::StreamMessagesRequest, v1::StreamMessagesResponse> {
 public:
  static MessageStream* Open(const FrontDoor& door);

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override { self_.reset(); }

 private:
  // The answer to one message, in its turn.
  struct Slot {
    bool filled = false;
    absl::Status end;  // not ok: the stream ends here with it
    v1::StreamMessagesResponse response;
  };

  explicit MessageStream(const FrontDoor& door) : door_(door) {}

  void Take();
  void Fill(std::int64_t number, const absl::StatusOr<Placed>& placed);
  void Advance() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void End(const absl::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const FrontDoor& door_;
  // shared: answers still on their way outlive the call.
  std::shared_ptr<MessageStream> self_;
  v1::StreamMessagesRequest request_;    // of the read under way
  v1::StreamMessagesResponse response_;  // of the write under way

  absl::Mutex mutex_;
  std::deque<Slot> slots_ ABSL_GUARDED_BY(mutex_);
  std::int64_t first_ ABSL_GUARDED_BY(mutex_) = 0;  // number of slots_.front()
  bool reading_ ABSL_GUARDED_BY(mutex_) = false;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool read_all_ ABSL_GUARDED_BY(mutex_) = false;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace usher::intake
