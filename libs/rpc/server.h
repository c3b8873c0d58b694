// Server: a gRPC server with the house's limits, and our own health service. Knows no service by
// name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/time.h"

namespace grpc {
class Server;
class Service;
}  // namespace grpc

namespace usher::rpc {

// grpc.health.v1 of our own: everything says NOT_SERVING until it is set. ("" is the whole server;
// the built-in service would say SERVING as soon as the port opens.) An unknown service is
// NOT_FOUND on Check.
//
// Threads: any.
class Health {
 public:
  Health();
  ~Health();

  void Declare(const std::string& service);  // known from now on, NOT_SERVING
  void Set(const std::string& service,
           bool serving);  // "" follows: SERVING iff all declared ones are
  void StopAll();          // NOT_SERVING for good; open watches are told, then ended
  bool serving(const std::string& service) const;

  grpc::Service& grpc_service();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

struct ServerOptions {
  std::string address = "127.0.0.1:7400";  // host:port; port 0 picks a free one
  bool reflection = false;
  int message_bytes_max = 1024 * 1024;     // either way; a compressed request is refused
  int streams_per_connection_max = 4'096;  // calls under way at once on one connection
  std::size_t memory_bytes_max =
      256 * 1024 * 1024;  // of all connections; over it new ones are refused

  // Called once at the end of every call of a known method ("/usher.v1.AgentService/Work"), with
  // its status code and how long it took. From any thread, must be quick.
  std::function<void(const std::string& method, int code, Duration took)> on_call_end;
};

// Threads: one (start, stop). Own the services longer than the Server.
class Server {
 public:
  // Errors: kUnavailable: the address cannot be bound (also: another process has it).
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ServerOptions& options,
                                                       const std::vector<grpc::Service*>& services);
  ~Server();  // Stop(0s)

  int port() const { return port_; }

  // Refuses new calls, gives those under way `grace`, cancels the rest and waits for their ends: so
  // every stream must end itself when it is cancelled.
  void Stop(Duration grace);

 private:
  Server();
  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

}  // namespace usher::rpc
