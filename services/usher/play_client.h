// Client: the connections of a played day to a running usher. Plain gRPC, as any shop system or
// agent desktop would use it; answers come back on the day's Loop.
//
// Threads: one (that of the Loop). Bounds: callers keep at most kCallsMax calls under way.
#pragma once

#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/time.h"
#include "usher/play_loop.h"
#include "usher/v1/agents.grpc.pb.h"
#include "usher/v1/insights.grpc.pb.h"
#include "usher/v1/intake.grpc.pb.h"
#include "usher/v1/routing.grpc.pb.h"

namespace usher::play {

constexpr std::size_t kCallsMax = 512;
constexpr Duration kCallLimit = 10s;
constexpr int kTriesMax = 60;  // a call that finds nobody is made again so often
constexpr Duration kTryAgainAfter = 250ms;

// Where the services are; several addresses of one service share the load.
struct Addresses {
  std::vector<std::string> intake;
  std::vector<std::string> router;
  std::vector<std::string> agents;
  std::vector<std::string> insights;
};

class Client {
 public:
  Client(const Addresses& addresses, Loop& loop);
  ~Client();  // Requires: no call is under way.

  template <class Response>
  using Done = std::function<void(const grpc::Status&, const Response&)>;

  // Each makes its call; then `done` on the loop. A call that finds no server, or a busy one, is
  // made again: all of usher's calls may be, since they carry ids.
  void SubmitMessage(const v1::SubmitMessageRequest& request, Done<v1::SubmitMessageResponse> done);
  void SubmitOrder(const v1::SubmitOrderEventRequest& request,
                   Done<v1::SubmitOrderEventResponse> done);
  void Abandon(const v1::AbandonInquiryRequest& request, Done<v1::AbandonInquiryResponse> done);
  void ApplyPolicy(const v1::ApplyPolicyRequest& request, Done<v1::ApplyPolicyResponse> done);
  void RegisterAgent(const v1::RegisterAgentRequest& request, Done<v1::RegisterAgentResponse> done);
  void RemoveAgent(const v1::RemoveAgentRequest& request, Done<v1::RemoveAgentResponse> done);
  void SetPresence(const v1::SetPresenceRequest& request, Done<v1::SetPresenceResponse> done);
  void GetSummary(const v1::GetSummaryRequest& request, Done<v1::GetSummaryResponse> done);
  void ListQueues(const v1::ListQueuesRequest& request, Done<v1::ListQueuesResponse> done);
  void GetInquiry(const v1::GetInquiryRequest& request, Done<v1::GetInquiryResponse> done);

  // The agents service for the `n`-th stream, on its `attempt`-th try.
  v1::AgentService::Stub& AgentsFor(std::size_t n, std::size_t attempt);

  // How many calls are under way.
  std::size_t calls() const { return calls_; }

  // From now on calls that fail are not made again.
  void StopRetries() { retries_ = false; }

 private:
  template <class Service>
  struct Pool {
    std::vector<std::unique_ptr<typename Service::Stub>> stubs;
    std::size_t next = 0;

    typename Service::Stub& Next() { return *stubs[next++ % stubs.size()]; }
  };

  template <class Service, class Request, class Response, class Start>
  void Call(Pool<Service>& pool, Request request, Start start, Done<Response> done, int tries);

  Loop& loop_;
  std::size_t calls_ = 0;
  bool retries_ = true;
  Pool<v1::IntakeService> intake_;
  Pool<v1::RoutingService> router_;
  Pool<v1::AgentService> agents_;
  Pool<v1::InsightsService> insights_;
};

}  // namespace usher::play
