// Handlers: the gRPC surface of intake. They check, hand over and go; nothing here waits.
#pragma once

#include "absl/status/statusor.h"
#include "intake/clerk.h"
#include "intake/meters.h"
#include "intake/order_copies.h"
#include "intake/rules.h"
#include "journal/submitter.h"
#include "rpc/in_flight.h"
#include "usher/v1/intake.grpc.pb.h"

namespace usher::intake {

// What handlers and streams share. Borrowed by all; lives longer than the server.
struct FrontDoor {
  Clerk& clerk;
  OrderCopies& copies;
  const RuleBook& rules;
  Meters& meters;
  rpc::InFlight& in_flight;

  // Checks `message` and hands it over; `done` as in Clerk::Place().
  // Errors: kInvalidArgument names the field; kUnavailable: not ready yet, or stopping. Then `done`
  // is not called.
  absl::Status Place(const v1::MessageEvent& message, Clerk::PlacedDone done) const;

  // The same of an order event. `done`: once it is taken, and its copy is in `usher.orders`.
  absl::Status Take(const v1::OrderEvent& order, Clerk::TakenDone done) const;

  // Counts a call that is taken in. Errors: kUnavailable, as above.
  absl::Status Enter() const;
};

// Threads: any.
class Handlers : public v1::IntakeService::CallbackService {
 public:
  Handlers(const FrontDoor& door, journal::Submitter& submitter)
      : door_(door), submitter_(submitter) {}

  grpc::ServerUnaryReactor* SubmitMessage(grpc::CallbackServerContext* context,
                                          const v1::SubmitMessageRequest* request,
                                          v1::SubmitMessageResponse* response) override;
  grpc::ServerBidiReactor<v1::StreamMessagesRequest, v1::StreamMessagesResponse>* StreamMessages(
      grpc::CallbackServerContext* context) override;
  grpc::ServerUnaryReactor* SubmitOrderEvent(grpc::CallbackServerContext* context,
                                             const v1::SubmitOrderEventRequest* request,
                                             v1::SubmitOrderEventResponse* response) override;
  grpc::ServerUnaryReactor* CancelInquiry(grpc::CallbackServerContext* context,
                                          const v1::CancelInquiryRequest* request,
                                          v1::CancelInquiryResponse* response) override;
  grpc::ServerUnaryReactor* AbandonInquiry(grpc::CallbackServerContext* context,
                                           const v1::AbandonInquiryRequest* request,
                                           v1::AbandonInquiryResponse* response) override;
  grpc::ServerUnaryReactor* UpdateInquiry(grpc::CallbackServerContext* context,
                                          const v1::UpdateInquiryRequest* request,
                                          v1::UpdateInquiryResponse* response) override;
  grpc::ServerUnaryReactor* ScheduleInquiry(grpc::CallbackServerContext* context,
                                            const v1::ScheduleInquiryRequest* request,
                                            v1::ScheduleInquiryResponse* response) override;
  grpc::ServerUnaryReactor* RateInquiry(grpc::CallbackServerContext* context,
                                        const v1::RateInquiryRequest* request,
                                        v1::RateInquiryResponse* response) override;

 private:
  const FrontDoor& door_;
  journal::Submitter& submitter_;
};

}  // namespace usher::intake
