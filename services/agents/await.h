// SubmitAndAwait: a call that is answered by what the engine decides on its command.
#pragma once

#include <utility>

#include "absl/status/statusor.h"
#include "agents/handlers.h"
#include "rpc/grpc_status.h"
#include "rpc/pending_call.h"
#include "usher/v1/intake.pb.h"
#include "wire/records.h"

namespace usher::agents {

inline void SetPosition(const journal::Appended& at, v1::LogPosition& to) {
  to.set_partition(at.partition);
  to.set_offset(at.offset);
}

// Hands the command over; `fill` makes the answer of the decision.
template <class Response, class Fill>
grpc::ServerUnaryReactor* SubmitAndAwait(const FrontDoor& door,
                                         absl::StatusOr<wire::CommandRecord> record,
                                         Response* response, Fill fill) {
  auto call = rpc::PendingCall<Response>::Open(response);
  absl::Status refused = record.status();
  if (refused.ok() && !door.loop.caught_up()) {
    refused = absl::UnavailableError("the decisions are still being read: nothing was taken");
  }
  if (refused.ok() && !door.in_flight.Enter()) {
    refused = absl::UnavailableError("the server stops: try again");
  }
  if (!refused.ok()) {
    call->Fail(rpc::ToGrpc(refused));
    return call.get();
  }
  const auto decided = [call, fill, &gate = door.in_flight](
                           const journal::Appended& at, const absl::StatusOr<DecisionBody>& body) {
    if (body.ok()) {
      call->Answer([&](Response& to) {
        SetPosition(at, *to.mutable_position());
        fill(*body, to);
      });
    } else {
      call->Fail(rpc::ToGrpc(body.status()));
    }
    gate.Leave();
  };
  door.submitter.Submit(*std::move(record), [call, decided, &door](auto appended) {
    if (appended.ok()) {
      door.outcomes.Await(*appended,
                          [decided, at = *appended](const auto& body) { decided(at, body); });
    } else {
      call->Fail(rpc::ToGrpc(appended.status()));
      door.in_flight.Leave();
    }
  });
  return call.get();
}

}  // namespace usher::agents
