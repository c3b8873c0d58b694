#include "intake/message_stream.h"

#include <utility>

#include "rpc/grpc_status.h"

namespace usher::intake {

MessageStream* MessageStream::Open(const FrontDoor& door) {
  std::shared_ptr<MessageStream> stream(new MessageStream(door));
  stream->self_ = stream;
  absl::MutexLock lock(&stream->mutex_);
  stream->Advance();
  return stream.get();
}

void MessageStream::OnReadDone(bool ok) {
  if (ok) Take();
  absl::MutexLock lock(&mutex_);
  reading_ = false;
  if (!ok) read_all_ = true;
  Advance();
}

void MessageStream::Take() {
  std::int64_t number = 0;
  {
    absl::MutexLock lock(&mutex_);
    number = first_ + static_cast<std::int64_t>(slots_.size());
    slots_.emplace_back();
    slots_.back().response.set_event_id(request_.message().event_id());
  }
  // Not under the lock: a full queue answers here and now.
  const absl::Status status = door_.Place(
      request_.message(),
      [self = self_, number](const absl::StatusOr<Placed>& placed) { self->Fill(number, placed); });
  if (status.ok()) return;
  absl::MutexLock lock(&mutex_);
  Slot& slot = slots_[static_cast<std::size_t>(number - first_)];
  slot.filled = true;
  if (absl::IsInvalidArgument(status)) {
    slot.response.set_refused(std::string(status.message()));
  } else {
    slot.end = status;
  }
}

void MessageStream::Fill(std::int64_t number, const absl::StatusOr<Placed>& placed) {
  absl::MutexLock lock(&mutex_);
  Slot& slot = slots_[static_cast<std::size_t>(number - first_)];
  slot.filled = true;
  if (placed.ok() && placed->automatic != AutomaticSign::kNone) {
    slot.response.set_automatic(ToText(placed->automatic));
  } else if (placed.ok()) {
    if (!placed->inquiry.none()) slot.response.set_inquiry_id(placed->inquiry.ToString());
    slot.response.mutable_position()->set_partition(placed->at.partition);
    slot.response.mutable_position()->set_offset(placed->at.offset);
  } else {
    slot.end = placed.status();
  }
  Advance();
}

void MessageStream::OnWriteDone(bool ok) {
  absl::MutexLock lock(&mutex_);
  writing_ = false;
  if (!ok) cancelled_ = true;
  Advance();
}

void MessageStream::OnCancel() {
  absl::MutexLock lock(&mutex_);
  cancelled_ = true;
  Advance();
}

void MessageStream::Advance() {
  if (ended_ || writing_) return;
  if (cancelled_) return End(absl::CancelledError());
  if (!slots_.empty() && slots_.front().filled) {
    if (!slots_.front().end.ok()) return End(slots_.front().end);
    response_ = std::move(slots_.front().response);
    slots_.pop_front();
    ++first_;
    writing_ = true;
    StartWrite(&response_);
  } else if (read_all_ && slots_.empty()) {
    return End(absl::OkStatus());
  }
  if (!reading_ && !read_all_ && slots_.size() < kStreamWindow) {
    reading_ = true;
    StartRead(&request_);
  }
}

void MessageStream::End(const absl::Status& status) {
  ended_ = true;
  Finish(rpc::ToGrpc(status));
}

}  // namespace usher::intake
