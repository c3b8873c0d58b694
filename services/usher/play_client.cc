#include "usher/play_client.h"

#include "core/check.h"

namespace usher::play {
namespace {

template <class Service>
std::vector<std::unique_ptr<typename Service::Stub>> Connect(
    const std::vector<std::string>& addresses) {
  grpc::ChannelArguments arguments;
  // A server that was killed is tried again at once when it is back, not after a minute's back-off.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1'000);
  std::vector<std::unique_ptr<typename Service::Stub>> stubs;
  for (const std::string& address : addresses) {
    stubs.push_back(Service::NewStub(
        grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments)));
  }
  return stubs;
}

bool MayPass(grpc::StatusCode code) {
  return code == grpc::StatusCode::UNAVAILABLE || code == grpc::StatusCode::RESOURCE_EXHAUSTED ||
         code == grpc::StatusCode::DEADLINE_EXCEEDED;
}

}  // namespace

Client::Client(const Addresses& addresses, Loop& loop) : loop_(loop) {
  intake_.stubs = Connect<v1::IntakeService>(addresses.intake);
  router_.stubs = Connect<v1::RoutingService>(addresses.router);
  agents_.stubs = Connect<v1::AgentService>(addresses.agents);
  insights_.stubs = Connect<v1::InsightsService>(addresses.insights);
}

Client::~Client() { USHER_CHECK(calls_ == 0); }

template <class Service, class Request, class Response, class Start>
void Client::Call(Pool<Service>& pool, Request request, Start start, Done<Response> done,
                  int tries) {
  struct Running {
    grpc::ClientContext context;
    Request request;
    Response response;
  };
  // Shared with gRPC's callback, which may come when the loop no longer looks.
  auto running = std::make_shared<Running>();
  running->request = std::move(request);
  running->context.set_deadline(std::chrono::system_clock::now() + kCallLimit);
  ++calls_;
  const auto finish = [this, &pool, running, start, done = std::move(done),
                       tries](const grpc::Status& status) {
    --calls_;
    if (!MayPass(status.error_code()) || !retries_ || tries >= kTriesMax) {
      done(status, running->response);
      return;
    }
    ++calls_;  // one that waits for its next try counts
    loop_.After(kTryAgainAfter, [this, &pool, running, start, done, tries] {
      --calls_;
      Call<Service, Request, Response>(pool, running->request, start, done, tries + 1);
    });
  };
  start(pool.Next(), &running->context, &running->request, &running->response,
        [this, finish](grpc::Status status) {
          loop_.Post([finish, status = std::move(status)] { finish(status); });
        });
}

#define USHER_PLAY_CALL(Name, Rpc, pool, Service)                                                \
  void Client::Name(const v1::Rpc##Request& request, Done<v1::Rpc##Response> done) {             \
    Call<v1::Service, v1::Rpc##Request, v1::Rpc##Response>(                                      \
        pool, request,                                                                           \
        [](v1::Service::Stub& stub, grpc::ClientContext* context, const v1::Rpc##Request* asked, \
           v1::Rpc##Response* answer, std::function<void(grpc::Status)> then) {                  \
          stub.async()->Rpc(context, asked, answer, std::move(then));                            \
        },                                                                                       \
        std::move(done), 1);                                                                     \
  }

USHER_PLAY_CALL(SubmitMessage, SubmitMessage, intake_, IntakeService)
USHER_PLAY_CALL(SubmitOrder, SubmitOrderEvent, intake_, IntakeService)
USHER_PLAY_CALL(Abandon, AbandonInquiry, intake_, IntakeService)
USHER_PLAY_CALL(ApplyPolicy, ApplyPolicy, router_, RoutingService)
USHER_PLAY_CALL(RegisterAgent, RegisterAgent, agents_, AgentService)
USHER_PLAY_CALL(RemoveAgent, RemoveAgent, agents_, AgentService)
USHER_PLAY_CALL(SetPresence, SetPresence, agents_, AgentService)
USHER_PLAY_CALL(GetSummary, GetSummary, insights_, InsightsService)
USHER_PLAY_CALL(ListQueues, ListQueues, insights_, InsightsService)
USHER_PLAY_CALL(GetInquiry, GetInquiry, insights_, InsightsService)

#undef USHER_PLAY_CALL

v1::AgentService::Stub& Client::AgentsFor(std::size_t n, std::size_t attempt) {
  return *agents_.stubs[(n + attempt) % agents_.stubs.size()];
}

}  // namespace usher::play
