#include "intake/handlers.h"

#include <memory>
#include <utility>

#include "intake/message_stream.h"
#include "model/limits.h"
#include "rpc/grpc_status.h"
#include "rpc/pending_call.h"
#include "support/status.h"
#include "wire/enums.h"
#include "wire/fields.h"
#include "wire/surface.h"

namespace usher::intake {
namespace {

constexpr char kStopping[] = "the server stops: try again";

absl::Status ToStatus(const char* message, const Refusal& refusal) {
  const std::string place = refusal.field.empty() ? "" : "." + refusal.field;
  return absl::InvalidArgumentError(message + place + ": " + ToText(refusal.reason));
}

void SetPosition(const journal::Appended& at, v1::LogPosition* position) {
  position->set_partition(at.partition);
  position->set_offset(at.offset);
}

absl::StatusOr<RequestId> TakeRequestId(const DeskName& desk, const std::string& request_id) {
  if (request_id.size() > kIdBytesMax) {
    return absl::InvalidArgumentError("request_id: at most 200 bytes");
  }
  return wire::RequestIdOf(desk, request_id);
}

absl::StatusOr<CancelReason> TakeReason(v1::CancelReason reason) {
  const auto known = wire::FromProto(reason);
  if (!known) return absl::InvalidArgumentError("reason: an unknown value");
  return *known == CancelReason::kNone ? CancelReason::kOther : *known;
}

absl::StatusOr<wire::CommandRecord> ToRecord(const v1::CancelInquiryRequest& request) {
  wire::CommandRecord record;
  CancelInquiry cancel;
  USHER_TRY(record.desk, wire::ParseName<DeskName>("desk", request.desk()));
  USHER_TRY(cancel.inquiry, wire::ParseInquiryId("inquiry_id", request.inquiry_id()));
  USHER_TRY(cancel.reason, TakeReason(request.reason()));
  USHER_TRY(record.command.request, TakeRequestId(record.desk, request.request_id()));
  record.command.body = cancel;
  return record;
}

absl::StatusOr<wire::CommandRecord> ToRecord(const v1::AbandonInquiryRequest& request) {
  wire::CommandRecord record;
  AbandonInquiry abandon;
  USHER_TRY(record.desk, wire::ParseName<DeskName>("desk", request.desk()));
  USHER_TRY(abandon.inquiry, wire::ParseInquiryId("inquiry_id", request.inquiry_id()));
  USHER_TRY(record.command.request, TakeRequestId(record.desk, request.request_id()));
  record.command.body = abandon;
  return record;
}

absl::StatusOr<wire::CommandRecord> ToRecord(const v1::UpdateInquiryRequest& request) {
  wire::CommandRecord record;
  UpdateInquiry update;
  USHER_TRY(record.desk, wire::ParseName<DeskName>("desk", request.desk()));
  USHER_TRY(update.inquiry, wire::ParseInquiryId("inquiry_id", request.inquiry_id()));
  if (request.has_priority()) {
    if (request.priority() >= kPriorities) {
      return absl::InvalidArgumentError("priority: 0 to 9");
    }
    update.priority = static_cast<std::uint8_t>(request.priority());
  }
  if (request.has_sentiment()) {
    update.sentiment = wire::FromProto(request.sentiment());
    if (!update.sentiment) return absl::InvalidArgumentError("sentiment: an unknown value");
  }
  if (request.has_on_site()) update.on_site = request.on_site();
  if (request.has_value_cents()) {
    if (request.value_cents() < 0) return absl::InvalidArgumentError("value_cents: below 0");
    update.value = request.value_cents();
  }
  if (const auto refusal = TakeExclusions(request.exclude(), update.exclude)) {
    return absl::InvalidArgumentError(ToText(*refusal));
  }
  if (update == UpdateInquiry{update.inquiry}) {
    return absl::InvalidArgumentError("priority: or another field must say something");
  }
  USHER_TRY(record.command.request, TakeRequestId(record.desk, request.request_id()));
  record.command.body = std::move(update);
  return record;
}

absl::StatusOr<wire::CommandRecord> ToRecord(const v1::ScheduleInquiryRequest& request) {
  wire::CommandRecord record;
  ScheduleInquiry schedule;
  USHER_TRY(record.desk, wire::ParseName<DeskName>("desk", request.desk()));
  USHER_TRY(schedule.inquiry, wire::ParseInquiryId("inquiry_id", request.inquiry_id()));
  if (!request.has_starts_at()) return absl::InvalidArgumentError("starts_at: required");
  USHER_TRY(schedule.at, wire::FromTimestamp("starts_at", request.starts_at()));
  if (schedule.at < Instant() || schedule.at > wire::kMomentMax) {
    return absl::InvalidArgumentError("starts_at: a time between 1970 and 2070");
  }
  USHER_TRY(record.command.request, TakeRequestId(record.desk, request.request_id()));
  record.command.body = schedule;
  return record;
}

absl::StatusOr<wire::CommandRecord> ToRecord(const v1::RateInquiryRequest& request) {
  wire::CommandRecord record;
  RateInquiry rate;
  USHER_TRY(record.desk, wire::ParseName<DeskName>("desk", request.desk()));
  USHER_TRY(rate.inquiry, wire::ParseInquiryId("inquiry_id", request.inquiry_id()));
  if (request.rating() < 1 || request.rating() > kRatingMax) {
    return absl::InvalidArgumentError("rating: 1 to 5");
  }
  rate.rating = static_cast<std::uint8_t>(request.rating());
  USHER_TRY(record.command.request, TakeRequestId(record.desk, request.request_id()));
  record.command.body = rate;
  return record;
}

// Hands the command over and answers with its position.
template <class Request, class Response>
grpc::ServerUnaryReactor* SubmitRecord(const Request& request, Response* response,
                                       rpc::InFlight& in_flight, journal::Submitter& submitter) {
  auto call = rpc::PendingCall<Response>::Open(response);
  absl::StatusOr<wire::CommandRecord> record = ToRecord(request);
  if (!record.ok()) {
    call->Fail(rpc::ToGrpc(record.status()));
  } else if (!in_flight.Enter()) {
    call->Fail(rpc::ToGrpc(absl::UnavailableError(kStopping)));
  } else {
    submitter.Submit(*std::move(record), [call, &in_flight](auto appended) {
      if (appended.ok()) {
        call->Answer([&](Response& to) { SetPosition(*appended, to.mutable_position()); });
      } else {
        call->Fail(rpc::ToGrpc(appended.status()));
      }
      in_flight.Leave();
    });
  }
  return call.get();
}

}  // namespace

absl::Status FrontDoor::Enter() const {
  if (!rules.Ready()) return absl::UnavailableError("the policies are still being read: try again");
  if (!in_flight.Enter()) return absl::UnavailableError(kStopping);
  return absl::OkStatus();
}

absl::Status FrontDoor::Place(const v1::MessageEvent& message, Clerk::PlacedDone done) const {
  MessageOrRefusal checked = message.ByteSizeLong() > kEventBytesMax
                                 ? Refusal{RefusalReason::kOversize, ""}
                                 : CheckMessage(message);
  if (const auto* refusal = std::get_if<Refusal>(&checked)) {
    meters.grpc_messages.Refused(refusal->reason);
    return ToStatus("message", *refusal);
  }
  USHER_RETURN_IF_ERROR(Enter());
  auto& facts = std::get<MessageFacts>(checked);
  clerk.Place(std::move(facts), [&gate = in_flight, done = std::move(done)](auto placed) {
    done(std::move(placed));
    gate.Leave();
  });
  return absl::OkStatus();
}

absl::Status FrontDoor::Take(const v1::OrderEvent& order, Clerk::TakenDone done) const {
  OrderOrRefusal checked = order.ByteSizeLong() > kEventBytesMax
                               ? Refusal{RefusalReason::kOversize, ""}
                               : CheckOrder(order);
  if (const auto* refusal = std::get_if<Refusal>(&checked)) {
    meters.grpc_orders.Refused(refusal->reason);
    return ToStatus("order", *refusal);
  }
  USHER_RETURN_IF_ERROR(Enter());
  v1::OrderEvent copy = order;
  copy.DiscardUnknownFields();  // so it is small, whatever came
  clerk.Take(std::move(std::get<OrderFacts>(checked)),
             [this, copy = std::move(copy), done = std::move(done)](absl::StatusOr<bool> changed) {
               const auto end = [&gate = in_flight, done, changed](const absl::Status& kept) {
                 done(kept.ok() ? changed : kept);
                 gate.Leave();
               };
               if (!changed.ok()) return end(changed.status());
               copies.Keep(copy, end);
             });
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* Handlers::SubmitMessage(grpc::CallbackServerContext*,
                                                  const v1::SubmitMessageRequest* request,
                                                  v1::SubmitMessageResponse* response) {
  auto call = rpc::PendingCall<v1::SubmitMessageResponse>::Open(response);
  const auto answer = [call](const absl::StatusOr<Placed>& placed) {
    if (!placed.ok()) return call->Fail(rpc::ToGrpc(placed.status()));
    call->Answer([&](v1::SubmitMessageResponse& to) {
      if (placed->automatic != AutomaticSign::kNone) {
        return to.set_automatic(ToText(placed->automatic));
      }
      if (!placed->inquiry.none()) to.set_inquiry_id(placed->inquiry.ToString());
      *to.mutable_features() = wire::ToFeatures(placed->features);
      SetPosition(placed->at, to.mutable_position());
    });
  };
  const absl::Status status = door_.Place(request->message(), answer);
  if (!status.ok()) call->Fail(rpc::ToGrpc(status));
  return call.get();
}

grpc::ServerBidiReactor<v1::StreamMessagesRequest, v1::StreamMessagesResponse>*
Handlers::StreamMessages(grpc::CallbackServerContext*) {
  return MessageStream::Open(door_);
}

grpc::ServerUnaryReactor* Handlers::SubmitOrderEvent(grpc::CallbackServerContext*,
                                                     const v1::SubmitOrderEventRequest* request,
                                                     v1::SubmitOrderEventResponse* response) {
  auto call = rpc::PendingCall<v1::SubmitOrderEventResponse>::Open(response);
  const auto answer = [call](const absl::StatusOr<bool>& changed) {
    if (!changed.ok()) return call->Fail(rpc::ToGrpc(changed.status()));
    call->Answer([&](auto& to) { to.set_changed(*changed); });
  };
  const absl::Status status = door_.Take(request->order(), answer);
  if (!status.ok()) call->Fail(rpc::ToGrpc(status));
  return call.get();
}

grpc::ServerUnaryReactor* Handlers::CancelInquiry(grpc::CallbackServerContext*,
                                                  const v1::CancelInquiryRequest* request,
                                                  v1::CancelInquiryResponse* response) {
  return SubmitRecord(*request, response, door_.in_flight, submitter_);
}

grpc::ServerUnaryReactor* Handlers::AbandonInquiry(grpc::CallbackServerContext*,
                                                   const v1::AbandonInquiryRequest* request,
                                                   v1::AbandonInquiryResponse* response) {
  return SubmitRecord(*request, response, door_.in_flight, submitter_);
}

grpc::ServerUnaryReactor* Handlers::UpdateInquiry(grpc::CallbackServerContext*,
                                                  const v1::UpdateInquiryRequest* request,
                                                  v1::UpdateInquiryResponse* response) {
  return SubmitRecord(*request, response, door_.in_flight, submitter_);
}

grpc::ServerUnaryReactor* Handlers::ScheduleInquiry(grpc::CallbackServerContext*,
                                                    const v1::ScheduleInquiryRequest* request,
                                                    v1::ScheduleInquiryResponse* response) {
  return SubmitRecord(*request, response, door_.in_flight, submitter_);
}

grpc::ServerUnaryReactor* Handlers::RateInquiry(grpc::CallbackServerContext*,
                                                const v1::RateInquiryRequest* request,
                                                v1::RateInquiryResponse* response) {
  return SubmitRecord(*request, response, door_.in_flight, submitter_);
}

}  // namespace usher::intake
