// PendingCall: a unary call that is answered later, by another thread, unless it was cancelled
// before.
//
//   auto call = rpc::PendingCall<Response>::Open(response);
//   submitter.Submit(record, [call](auto appended) { call->Answer([&](Response& r) { ... }); });
//   return call.get();
#pragma once

#include <grpcpp/support/server_callback.h>

#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace usher::rpc {

// Threads: any.
template <class Response>
class PendingCall : public grpc::ServerUnaryReactor {
 public:
  // shared: the library and whoever will answer let go of it in either order.
  static std::shared_ptr<PendingCall> Open(Response* response) {
    std::shared_ptr<PendingCall> call(new PendingCall(response));
    call->self_ = call;
    return call;
  }

  // Lets `fill` write the response and ends the call. Nothing happens if it has ended already.
  template <class Fill>
  void Answer(const Fill& fill) {
    absl::MutexLock lock(&mutex_);
    if (ended_) return;
    ended_ = true;
    fill(*response_);
    Finish(grpc::Status::OK);
  }

  // Ends the call with an error. Nothing happens if it has ended already.
  void Fail(grpc::Status status) {
    absl::MutexLock lock(&mutex_);
    if (ended_) return;
    ended_ = true;
    Finish(std::move(status));
  }

  // Cancelled, or past its deadline: whatever it asked for may still happen.
  void OnCancel() override { Fail(grpc::Status::CANCELLED); }
  void OnDone() override { self_.reset(); }

 private:
  explicit PendingCall(Response* response) : response_(response) {}

  std::shared_ptr<PendingCall> self_;
  absl::Mutex mutex_;
  Response* const response_;  // the library's, until the call has ended
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace usher::rpc
