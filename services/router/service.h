// RoutingService: translates calls; policies are compiled here, what they say is decided in the
// log.
//
// Threads: any.
#pragma once

#include "journal/submitter.h"
#include "router/shelf.h"
#include "rpc/in_flight.h"
#include "usher/v1/routing.grpc.pb.h"

namespace usher::router {

class RoutingService : public v1::RoutingService::CallbackService {
 public:
  // Borrows both.
  RoutingService(journal::Submitter& submitter, const Shelf& shelf)
      : submitter_(submitter), shelf_(shelf) {}

  grpc::ServerUnaryReactor* CheckPolicy(grpc::CallbackServerContext* context,
                                        const v1::CheckPolicyRequest* request,
                                        v1::CheckPolicyResponse* response) override;
  grpc::ServerUnaryReactor* ApplyPolicy(grpc::CallbackServerContext* context,
                                        const v1::ApplyPolicyRequest* request,
                                        v1::ApplyPolicyResponse* response) override;
  grpc::ServerUnaryReactor* GetPolicy(grpc::CallbackServerContext* context,
                                      const v1::GetPolicyRequest* request,
                                      v1::GetPolicyResponse* response) override;

  // Refuses ApplyPolicy from now on, and waits at most `wait` for those under way.
  bool Drain(Duration wait) {
    in_flight_.Close();
    return in_flight_.WaitNone(wait);
  }

 private:
  journal::Submitter& submitter_;
  const Shelf& shelf_;
  rpc::InFlight in_flight_;
};

}  // namespace usher::router
