#include "agents/work_stream.h"

#include <utility>
#include <variant>

#include "agents/requests.h"
#include "rpc/grpc_status.h"
#include "support/status.h"
#include "wire/surface.h"

namespace usher::agents {
WorkStream::WorkStream(const FrontDoor& door)
    : door_(door), outbox_(std::make_shared<Outbox>(door.outbox_max, [this] { Advance(); })) {}

WorkStream* WorkStream::Open(const FrontDoor& door) {
  std::shared_ptr<WorkStream> stream(new WorkStream(door));
  stream->self_ = stream;
  if (!door.loop.caught_up()) {
    stream->outbox_->End(absl::UnavailableError("the decisions are still being read: try again"));
  }
  stream->Advance();
  return stream.get();
}

void WorkStream::OnReadDone(bool ok) {
  absl::Status status;
  if (ok) status = Take();
  if (!ok || !status.ok()) outbox_->End(status);
  {
    absl::MutexLock lock(&mutex_);
    reading_ = false;
    hello_read_ = true;
    if (!ok || !status.ok()) read_all_ = true;
  }
  Advance();
}

absl::Status WorkStream::Take() {
  if (desk_.none()) return TakeHello();
  USHER_TRY(CommandBody body, ToCommand(request_, agent_));
  return Submit(std::move(body));
}

absl::Status WorkStream::TakeHello() {
  if (!request_.has_hello()) return absl::InvalidArgumentError("hello: must come first");
  USHER_TRY(const DeskName desk, wire::ParseName<DeskName>("hello.desk", request_.hello().desk()));
  USHER_TRY(const AgentName agent,
            wire::ParseName<AgentName>("hello.agent", request_.hello().agent()));
  desk_ = desk;
  agent_ = agent;
  // First the place to receive it, then the question.
  USHER_RETURN_IF_ERROR(door_.desktops.Open(desk_, agent_, outbox_));
  return Submit(ShowWork{agent_});
}

absl::Status WorkStream::Submit(CommandBody body) {
  if (!door_.in_flight.Enter()) return absl::UnavailableError("the server stops: connect again");
  {
    absl::MutexLock lock(&mutex_);
    ++commands_;
  }
  wire::CommandRecord record;
  record.desk = desk_;
  record.command.body = std::move(body);
  // Without a request id: each of these is refused, not doubled, when it comes twice.
  door_.submitter.Submit(std::move(record), [self = self_, &gate = door_.in_flight](auto appended) {
    if (!appended.ok()) self->outbox_->End(appended.status());
    {
      absl::MutexLock lock(&self->mutex_);
      --self->commands_;
    }
    self->Advance();
    gate.Leave();
  });
  return absl::OkStatus();
}

void WorkStream::OnWriteDone(bool ok) {
  {
    absl::MutexLock lock(&mutex_);
    writing_ = false;
    if (!ok) cancelled_ = true;
  }
  Advance();
}

void WorkStream::OnCancel() {
  {
    absl::MutexLock lock(&mutex_);
    cancelled_ = true;
  }
  Advance();
}

void WorkStream::Advance() {
  absl::MutexLock lock(&mutex_);
  if (ended_) return;
  if (!writing_) {
    Outbox::Next next = outbox_->Take();
    if (cancelled_) next = absl::CancelledError();
    if (const auto* end = std::get_if<absl::Status>(&next)) {
      ended_ = true;
      Finish(rpc::ToGrpc(*end));
      return;
    }
    if (auto* response = std::get_if<v1::WorkResponse>(&next)) {
      response_ = std::move(*response);
      shown_ = true;
      writing_ = true;
      StartWrite(&response_);
    }
  }
  // Between hello and the agent's work nothing is read: what a desktop asks for, it asks knowing
  // its work.
  const bool may_read = shown_ || !hello_read_;
  if (may_read && !reading_ && !read_all_ && !cancelled_ && commands_ < kCommandsMax) {
    reading_ = true;
    StartRead(&request_);
  }
}

void WorkStream::OnDone() {
  if (!agent_.none()) door_.desktops.Close(desk_, agent_, outbox_.get());
  self_.reset();
}

}  // namespace usher::agents
