#include "usher/play_stream.h"

#include <utility>

namespace usher::play {

WorkStream::WorkStream(Loop& loop, Said said, Ended ended)
    : loop_(loop), said_(std::move(said)), ended_(std::move(ended)) {}

std::shared_ptr<WorkStream> WorkStream::Open(v1::AgentService::Stub& stub, Loop& loop,
                                             const v1::WorkHello& hello, Said said, Ended ended) {
  std::shared_ptr<WorkStream> stream(new WorkStream(loop, std::move(said), std::move(ended)));
  stream->self_ = stream;
  stub.async()->Work(&stream->context_, stream.get());
  // Writes start outside gRPC's reactions: the hold keeps OnDone away until reading has ended.
  stream->AddHold();
  stream->StartRead(&stream->response_);
  v1::WorkRequest first;
  *first.mutable_hello() = hello;
  stream->Write(std::move(first));
  stream->StartCall();
  return stream;
}

void WorkStream::Write(v1::WorkRequest request) {
  absl::MutexLock lock(&mutex_);
  if (broken_) return;
  unsent_.push_back(std::move(request));
  if (unsent_.size() == 1) StartWrite(&unsent_.front());
}

void WorkStream::OnReadDone(bool ok) {
  if (ok) {
    loop_.Post([self = self_, said = response_] { self->said_(said); });
    StartRead(&response_);
    return;
  }
  {
    absl::MutexLock lock(&mutex_);
    broken_ = true;
  }
  RemoveHold();
}

void WorkStream::OnWriteDone(bool ok) {
  absl::MutexLock lock(&mutex_);
  unsent_.pop_front();
  if (!ok) broken_ = true;
  if (!broken_ && !unsent_.empty()) StartWrite(&unsent_.front());
}

void WorkStream::OnDone(const grpc::Status& status) {
  loop_.Post([self = std::move(self_), status] { self->ended_(status); });
}

}  // namespace usher::play
