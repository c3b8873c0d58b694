#include "agents/questions.h"

#include <variant>

#include "agents/await.h"
#include "agents/requests.h"
#include "wire/answers.h"
#include "wire/enums.h"
#include "wire/surface.h"

namespace usher::agents {
namespace {

template <class Response>
void FillRefusal(const DecisionBody& body, Response& to) {
  if (const auto* rejected = std::get_if<CommandRejected>(&body)) {
    to.set_refused(wire::ToProto(rejected->reason));
  }
}

}  // namespace

grpc::ServerUnaryReactor* Questions::EstimateWait(grpc::CallbackServerContext*,
                                                  const v1::EstimateWaitRequest* request,
                                                  v1::EstimateWaitResponse* response) {
  return SubmitAndAwait(door_, ToRecord(*request), response,
                        [](const DecisionBody& body, v1::EstimateWaitResponse& to) {
                          FillRefusal(body, to);
                          const auto* estimated = std::get_if<WaitEstimated>(&body);
                          if (estimated == nullptr) return;
                          to.set_queue(estimated->queue.ToString());
                          to.set_place(estimated->position);
                          to.set_slots(estimated->slots);
                          if (estimated->estimate != kForever) {
                            *to.mutable_wait() = wire::ToDuration(estimated->estimate);
                          }
                        });
}

grpc::ServerUnaryReactor* Questions::ExplainInquiry(grpc::CallbackServerContext*,
                                                    const v1::ExplainInquiryRequest* request,
                                                    v1::ExplainInquiryResponse* response) {
  return SubmitAndAwait(door_, ToRecord(*request), response,
                        [](const DecisionBody& body, v1::ExplainInquiryResponse& to) {
                          FillRefusal(body, to);
                          if (const auto* explained = std::get_if<InquiryExplained>(&body)) {
                            wire::ToProto(*explained, *to.mutable_explained());
                          }
                        });
}

grpc::ServerUnaryReactor* Questions::PreviewPolicy(grpc::CallbackServerContext*,
                                                   const v1::PreviewPolicyRequest* request,
                                                   v1::PreviewPolicyResponse* response) {
  return SubmitAndAwait(door_, ToRecord(*request), response,
                        [](const DecisionBody& body, v1::PreviewPolicyResponse& to) {
                          FillRefusal(body, to);
                          if (const auto* previewed = std::get_if<PolicyPreviewed>(&body)) {
                            wire::ToProto(*previewed, *to.mutable_previewed());
                          }
                        });
}

}  // namespace usher::agents
