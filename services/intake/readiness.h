// Readiness: the service is healthy once each of its parts has said so, once.
#pragma once

#include <atomic>
#include <string>
#include <utility>

#include "rpc/server.h"

namespace usher::intake {

// Threads: any.
class Readiness {
 public:
  Readiness(rpc::Health& health, std::string service, int parts)
      : health_(health), service_(std::move(service)), missing_(parts) {
    health_.Declare(service_);
  }

  void Arrive() {
    if (missing_.fetch_sub(1) == 1) health_.Set(service_, true);
  }

 private:
  rpc::Health& health_;
  const std::string service_;
  std::atomic<int> missing_;
};

}  // namespace usher::intake
