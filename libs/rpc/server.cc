#include "rpc/server.h"

#include <grpc/grpc.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/impl/server_builder_option.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/support/server_interceptor.h>

#include <chrono>
#include <utility>

namespace usher::rpc {
namespace {

using CallEnd = std::function<void(const std::string&, int, Duration)>;

// Lives as long as one call and tells how it went. A call whose status was never sent was
// cancelled.
class CallTimer : public grpc::experimental::Interceptor {
 public:
  CallTimer(std::string method, const CallEnd& told) : method_(std::move(method)), told_(told) {}

  ~CallTimer() override {
    const auto took = std::chrono::steady_clock::now() - begin_;
    told_(method_, code_, std::chrono::duration_cast<Duration>(took));
  }

  void Intercept(grpc::experimental::InterceptorBatchMethods* batch) override {
    using Point = grpc::experimental::InterceptionHookPoints;
    if (batch->QueryInterceptionHookPoint(Point::PRE_SEND_STATUS)) {
      code_ = batch->GetSendStatus().error_code();
    }
    batch->Proceed();
  }

 private:
  const std::string method_;
  const CallEnd& told_;
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  int code_ = grpc::StatusCode::CANCELLED;
};

class CallTimers : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit CallTimers(CallEnd told) : told_(std::move(told)) {}

  grpc::experimental::Interceptor* CreateServerInterceptor(
      grpc::experimental::ServerRpcInfo* info) override {
    return new CallTimer(info->method(), told_);
  }

 private:
  const CallEnd told_;
};

// Linking the reflection library turns it on for every server of the process; here each server has
// it as asked.
class ReflectionOption : public grpc::ServerBuilderOption {
 public:
  explicit ReflectionOption(bool wanted) : wanted_(wanted) {}

  void UpdateArguments(grpc::ChannelArguments*) override {}

  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
    auto reflection = std::make_unique<grpc::reflection::ProtoServerReflectionPlugin>();
    std::erase_if(*plugins, [&](const std::unique_ptr<grpc::ServerBuilderPlugin>& plugin) {
      return plugin->name() == reflection->name();
    });
    if (wanted_) plugins->push_back(std::move(reflection));
  }

 private:
  const bool wanted_;
};

void SetLimits(const ServerOptions& options, grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(options.message_bytes_max);
  builder.SetMaxSendMessageSize(options.message_bytes_max);
  // What a small request may unpack to is not bounded by its size on the wire.
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
  builder.SetResourceQuota(grpc::ResourceQuota("usher").Resize(options.memory_bytes_max));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, options.streams_per_connection_max);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, 16 * 1024);
  // By default a second process may bind the same port and gets a share of the calls, unnoticed.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
  // Only reflection is served by threads of this pool; all else runs on the callback threads.
  builder.SetSyncServerOption(grpc::ServerBuilder::SyncServerOption::NUM_CQS, 1);
  builder.SetSyncServerOption(grpc::ServerBuilder::SyncServerOption::MAX_POLLERS, 2);
}

}  // namespace

Server::Server() = default;

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServerOptions& options,
                                                      const std::vector<grpc::Service*>& services) {
  std::unique_ptr<Server> server(new Server());
  grpc::ServerBuilder builder;
  SetLimits(options, builder);
  builder.SetOption(std::make_unique<ReflectionOption>(options.reflection));
  if (options.on_call_end) {
    std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> creators;
    creators.push_back(std::make_unique<CallTimers>(options.on_call_end));
    builder.experimental().SetInterceptorCreators(std::move(creators));
  }
  builder.AddListeningPort(options.address, grpc::InsecureServerCredentials(), &server->port_);
  for (grpc::Service* service : services) builder.RegisterService(service);
  server->server_ = builder.BuildAndStart();
  if (!server->server_ || server->port_ <= 0) {
    return absl::UnavailableError("gRPC cannot bind " + options.address);
  }
  return server;
}

Server::~Server() { Stop(Duration::zero()); }

void Server::Stop(Duration grace) {
  if (!server_) return;
  server_->Shutdown(std::chrono::system_clock::now() + grace);
  server_->Wait();
  server_.reset();
}

}  // namespace usher::rpc
