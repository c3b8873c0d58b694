// Handlers: the gRPC surface of the agents service. They check, hand over and go; nothing here
// waits.
#pragma once

#include "agents/desktops.h"
#include "agents/directory.h"
#include "agents/loop.h"
#include "agents/outcomes.h"
#include "journal/submitter.h"
#include "rpc/in_flight.h"
#include "usher/v1/agents.grpc.pb.h"

namespace usher::agents {

// What handlers and streams share. Borrowed by all; lives longer than the server.
struct FrontDoor {
  journal::Submitter& submitter;
  const DecisionLoop& loop;
  const Directory& directory;
  Desktops& desktops;
  Outcomes& outcomes;
  rpc::InFlight& in_flight;
  std::size_t outbox_max;
};

// Threads: any.
class Handlers : public v1::AgentService::CallbackService {
 public:
  explicit Handlers(const FrontDoor& door) : door_(door) {}

  grpc::ServerUnaryReactor* RegisterAgent(grpc::CallbackServerContext* context,
                                          const v1::RegisterAgentRequest* request,
                                          v1::RegisterAgentResponse* response) override;
  grpc::ServerUnaryReactor* RemoveAgent(grpc::CallbackServerContext* context,
                                        const v1::RemoveAgentRequest* request,
                                        v1::RemoveAgentResponse* response) override;
  grpc::ServerUnaryReactor* ListAgents(grpc::CallbackServerContext* context,
                                       const v1::ListAgentsRequest* request,
                                       v1::ListAgentsResponse* response) override;
  grpc::ServerUnaryReactor* SetPresence(grpc::CallbackServerContext* context,
                                        const v1::SetPresenceRequest* request,
                                        v1::SetPresenceResponse* response) override;
  grpc::ServerUnaryReactor* TakeInquiry(grpc::CallbackServerContext* context,
                                        const v1::TakeInquiryRequest* request,
                                        v1::TakeInquiryResponse* response) override;
  grpc::ServerUnaryReactor* AssignInquiry(grpc::CallbackServerContext* context,
                                          const v1::AssignInquiryRequest* request,
                                          v1::AssignInquiryResponse* response) override;
  grpc::ServerUnaryReactor* TransferInquiry(grpc::CallbackServerContext* context,
                                            const v1::TransferInquiryRequest* request,
                                            v1::TransferInquiryResponse* response) override;
  grpc::ServerUnaryReactor* ReviewInquiry(grpc::CallbackServerContext* context,
                                          const v1::ReviewInquiryRequest* request,
                                          v1::ReviewInquiryResponse* response) override;
  grpc::ServerBidiReactor<v1::WorkRequest, v1::WorkResponse>* Work(
      grpc::CallbackServerContext* context) override;

 private:
  const FrontDoor& door_;
};

}  // namespace usher::agents
