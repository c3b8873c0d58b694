// InsightsService over the store: what the views say, translated.
//
// Threads: any.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "insights/queries.h"
#include "insights/zones.h"
#include "log/log.h"
#include "store/store.h"
#include "usher/v1/insights.grpc.pb.h"

namespace usher::insights {

// The answers themselves: one read of the store each. Errors: kInvalidArgument names the field;
// kNotFound; kUnavailable: the store is away.
absl::StatusOr<v1::GetInquiryResponse> GetInquiry(store::Store& store, std::int32_t partitions,
                                                  const v1::GetInquiryRequest& request);
absl::StatusOr<v1::ListQueuesResponse> ListQueues(store::Store& store, std::int32_t partitions,
                                                  const v1::ListQueuesRequest& request);
absl::StatusOr<v1::GetSummaryResponse> GetSummary(store::Store& store, std::int32_t partitions,
                                                  const v1::GetSummaryRequest& request);

class Service : public v1::InsightsService::CallbackService {
 public:
  // Borrows all. `reports`: what takes a second or two; `slow_queries`: what takes many. So nothing
  // quick waits for them.
  Service(Queries& queries, Queries& reports, Queries& slow_queries, Zones& zones, log::Log& log,
          std::int32_t partitions)
      : queries_(queries),
        reports_(reports),
        slow_queries_(slow_queries),
        zones_(zones),
        log_(log),
        partitions_(partitions) {}

  grpc::ServerUnaryReactor* GetInquiry(grpc::CallbackServerContext* context,
                                       const v1::GetInquiryRequest* request,
                                       v1::GetInquiryResponse* response) override;
  grpc::ServerUnaryReactor* ListQueues(grpc::CallbackServerContext* context,
                                       const v1::ListQueuesRequest* request,
                                       v1::ListQueuesResponse* response) override;
  grpc::ServerUnaryReactor* GetSummary(grpc::CallbackServerContext* context,
                                       const v1::GetSummaryRequest* request,
                                       v1::GetSummaryResponse* response) override;
  grpc::ServerUnaryReactor* GetReport(grpc::CallbackServerContext* context,
                                      const v1::GetReportRequest* request,
                                      v1::GetReportResponse* response) override;
  grpc::ServerUnaryReactor* ListReviews(grpc::CallbackServerContext* context,
                                        const v1::ListReviewsRequest* request,
                                        v1::ListReviewsResponse* response) override;
  grpc::ServerUnaryReactor* GetStaffing(grpc::CallbackServerContext* context,
                                        const v1::GetStaffingRequest* request,
                                        v1::GetStaffingResponse* response) override;

 private:
  // `answer(store, partitions, request)`, or with a Stopped as well, gives the response or why
  // there is none.
  template <class Request, class Response, class Answer>
  grpc::ServerUnaryReactor* Hand(grpc::CallbackServerContext* context, const Request* request,
                                 Response* response, Answer answer, Queries& queries);

  Queries& queries_;
  Queries& reports_;
  Queries& slow_queries_;
  Zones& zones_;
  log::Log& log_;
  const std::int32_t partitions_;
};

}  // namespace usher::insights
