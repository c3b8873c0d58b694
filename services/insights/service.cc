#include "insights/service.h"

#include <string>
#include <type_traits>
#include <utility>

#include "insights/report.h"
#include "insights/reviews_list.h"
#include "insights/staffing.h"
#include "rpc/grpc_status.h"

namespace usher::insights {

template <class Request, class Response, class Answer>
grpc::ServerUnaryReactor* Service::Hand(grpc::CallbackServerContext* context,
                                        const Request* request, Response* response, Answer answer,
                                        Queries& queries) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  // Context, request and response live until Finish(), which comes from the stepper that answers.
  const bool taken = queries.Submit(
      [this, context, request, response, reactor, answer, &queries](store::Store* store) {
        if (!store) {
          reactor->Finish(rpc::ToGrpc(absl::UnavailableError("insights: stopping")));
          return;
        }
        if (context->IsCancelled()) {
          reactor->Finish(grpc::Status(grpc::StatusCode::CANCELLED, "nobody waits any more"));
          return;
        }
        [[maybe_unused]] const auto stopped = [context, &queries] {
          return context->IsCancelled() || queries.closed();
        };
        absl::StatusOr<Response> answered;
        if constexpr (std::is_invocable_v<Answer, store::Store&, std::int32_t, const Request&>) {
          answered = answer(*store, partitions_, *request);
        } else {
          answered = answer(*store, partitions_, *request, stopped);
        }
        if (!answered.ok()) {
          reactor->Finish(rpc::ToGrpc(answered.status()));
          return;
        }
        *response = *std::move(answered);
        reactor->Finish(grpc::Status::OK);
      });
  if (!taken) {
    reactor->Finish(
        rpc::ToGrpc(absl::UnavailableError("insights: too many queries wait, or it stops")));
  }
  return reactor;
}

grpc::ServerUnaryReactor* Service::GetInquiry(grpc::CallbackServerContext* context,
                                              const v1::GetInquiryRequest* request,
                                              v1::GetInquiryResponse* response) {
  return Hand(context, request, response, &insights::GetInquiry, queries_);
}

grpc::ServerUnaryReactor* Service::ListQueues(grpc::CallbackServerContext* context,
                                              const v1::ListQueuesRequest* request,
                                              v1::ListQueuesResponse* response) {
  return Hand(context, request, response, &insights::ListQueues, queries_);
}

grpc::ServerUnaryReactor* Service::GetSummary(grpc::CallbackServerContext* context,
                                              const v1::GetSummaryRequest* request,
                                              v1::GetSummaryResponse* response) {
  return Hand(context, request, response, &insights::GetSummary, queries_);
}

grpc::ServerUnaryReactor* Service::GetReport(grpc::CallbackServerContext* context,
                                             const v1::GetReportRequest* request,
                                             v1::GetReportResponse* response) {
  return Hand(
      context, request, response,
      [this](store::Store& store, std::int32_t partitions, const v1::GetReportRequest& asked) {
        return insights::GetReport(store, partitions, zones_, asked);
      },
      reports_);
}

grpc::ServerUnaryReactor* Service::ListReviews(grpc::CallbackServerContext* context,
                                               const v1::ListReviewsRequest* request,
                                               v1::ListReviewsResponse* response) {
  return Hand(context, request, response, &insights::ListReviews, queries_);
}

grpc::ServerUnaryReactor* Service::GetStaffing(grpc::CallbackServerContext* context,
                                               const v1::GetStaffingRequest* request,
                                               v1::GetStaffingResponse* response) {
  return Hand(
      context, request, response,
      [this](store::Store& store, std::int32_t partitions, const v1::GetStaffingRequest& asked,
             const Stopped& stopped) {
        return insights::GetStaffing(store, partitions, zones_, log_, asked, stopped);
      },
      slow_queries_);
}

}  // namespace usher::insights
