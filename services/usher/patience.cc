#include "usher/patience.h"

#include <chrono>

#include "support/note.h"
#include "support/pause.h"
#include "support/status.h"

namespace usher {

bool IsNotYet(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kNotFound:  // brokers hear of a topic one after the other
    case absl::StatusCode::kAborted:   // a producer that met such a broker
      return true;
    default:
      return false;
  }
}

absl::Status Patience::Try(const std::function<absl::Status()>& attempt) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point until = Clock::now() + options_.total;
  Pause pause;
  while (true) {
    absl::Status status = attempt();
    if (!IsNotYet(status) || Clock::now() + options_.pause > until) {
      server_.reset();
      return status;
    }
    note::Warn("server.waiting",
               {{"reason", std::string(status.message())},
                {"left_s",
                 std::chrono::duration_cast<std::chrono::seconds>(until - Clock::now()).count()}});
    if (server_ == nullptr) {
      rpc::ServerOptions server;
      server.address = options_.address;
      USHER_TRY(server_, rpc::Server::Start(server, {&health_.grpc_service()}));
    }
    pause.For(options_.pause);
  }
}

}  // namespace usher
