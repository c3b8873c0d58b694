// Questions: the gRPC surface of QuestionService. They go through the log, like commands, and are
// answered by the engine.
//
// Threads: any.
#pragma once

#include "agents/handlers.h"
#include "usher/v1/questions.grpc.pb.h"

namespace usher::agents {

class Questions : public v1::QuestionService::CallbackService {
 public:
  explicit Questions(const FrontDoor& door) : door_(door) {}

  grpc::ServerUnaryReactor* EstimateWait(grpc::CallbackServerContext* context,
                                         const v1::EstimateWaitRequest* request,
                                         v1::EstimateWaitResponse* response) override;
  grpc::ServerUnaryReactor* ExplainInquiry(grpc::CallbackServerContext* context,
                                           const v1::ExplainInquiryRequest* request,
                                           v1::ExplainInquiryResponse* response) override;
  grpc::ServerUnaryReactor* PreviewPolicy(grpc::CallbackServerContext* context,
                                          const v1::PreviewPolicyRequest* request,
                                          v1::PreviewPolicyResponse* response) override;

 private:
  const FrontDoor& door_;
};

}  // namespace usher::agents
