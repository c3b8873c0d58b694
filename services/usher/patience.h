// Patience: a start that waits for what is not there yet: brokers that start as well, a controller
// that is being elected. While it waits, health says NOT_SERVING on the port of gRPC, so whoever
// watches the process sees one that lives and is not ready, and leaves it alone.
//
// Threads: one.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "core/time.h"
#include "rpc/server.h"

namespace usher {

struct PatienceOptions {
  std::string address = "127.0.0.1:7400";  // of gRPC; port 0 picks a free one
  Duration total = 120s;                   // from the first try on
  Duration pause = 300ms;                  // between two tries
};

class Patience {
 public:
  // Borrows `health`, which serves nobody yet.
  Patience(const PatienceOptions& options, rpc::Health& health)
      : options_(options), health_(health) {}

  // Calls `attempt` until it is ok, or says no for good, or has said "not yet" for too long; what
  // it said last is returned. The port is free again by then. Each "not yet" is a note.
  absl::Status Try(const std::function<absl::Status()>& attempt);

  // Where health is served between the first "not yet" and the end; 0 otherwise.
  int port() const { return server_ == nullptr ? 0 : server_->port(); }

 private:
  const PatienceOptions options_;
  rpc::Health& health_;
  std::unique_ptr<rpc::Server> server_;
};

// The same question may have another answer later.
bool IsNotYet(const absl::Status& status);

}  // namespace usher
