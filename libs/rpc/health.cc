#include <grpcpp/support/server_callback.h>

#include <map>
#include <set>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "grpc/health/v1/health.grpc.pb.h"
#include "rpc/server.h"

namespace usher::rpc {
namespace {

using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;
using Status = HealthCheckResponse::ServingStatus;

// One open Watch. Tells the newest status only: states in between that the stream was too slow for
// are skipped.
//
// Threads: any; deletes itself when the call is over.
class Watch : public grpc::ServerWriteReactor<HealthCheckResponse> {
 public:
  // `forget` is called once, just before the end.
  explicit Watch(std::function<void(Watch*)> forget) : forget_(std::move(forget)) {}

  void Tell(Status status) {
    absl::MutexLock lock(&mutex_);
    wanted_ = status;
    Advance();
  }

  // Tells what is still to be told, then ends the call.
  void End() {
    absl::MutexLock lock(&mutex_);
    ending_ = true;
    Advance();
  }

  void OnWriteDone(bool ok) override {
    absl::MutexLock lock(&mutex_);
    writing_ = false;
    if (!ok) ending_ = true;
    Advance();
  }

  void OnCancel() override {
    absl::MutexLock lock(&mutex_);
    cancelled_ = true;
    Advance();
  }

  void OnDone() override {
    forget_(this);
    delete this;
  }

 private:
  void Advance() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (writing_ || finished_) return;
    if (!cancelled_ && wanted_ != told_) {
      told_ = wanted_;
      response_.set_status(told_);
      writing_ = true;
      StartWrite(&response_);
    } else if (cancelled_ || ending_) {
      finished_ = true;
      Finish(cancelled_ ? grpc::Status::CANCELLED
                        : grpc::Status(grpc::StatusCode::UNAVAILABLE, "the server stops"));
    }
  }

  const std::function<void(Watch*)> forget_;
  absl::Mutex mutex_;
  HealthCheckResponse response_;  // of the write under way
  Status wanted_ ABSL_GUARDED_BY(mutex_) = HealthCheckResponse::UNKNOWN;
  Status told_ ABSL_GUARDED_BY(mutex_) = HealthCheckResponse::UNKNOWN;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  bool cancelled_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace

class Health::Impl : public grpc::health::v1::Health::CallbackService {
 public:
  void Declare(const std::string& service) {
    absl::MutexLock lock(&mutex_);
    if (serving_.emplace(service, false).second) Publish();
  }

  void Set(const std::string& service, bool serving) {
    absl::MutexLock lock(&mutex_);
    if (stopped_) return;
    serving_[service] = serving;
    Publish();
  }

  void StopAll() {
    absl::MutexLock lock(&mutex_);
    stopped_ = true;
    for (auto& [service, serving] : serving_) serving = false;
    Publish();
    for (const auto& [watch, service] : watches_) watch->End();
  }

  bool serving(const std::string& service) const {
    absl::MutexLock lock(&mutex_);
    return StatusOf(service) == HealthCheckResponse::SERVING;
  }

  grpc::ServerUnaryReactor* Check(grpc::CallbackServerContext* context,
                                  const HealthCheckRequest* request,
                                  HealthCheckResponse* response) override {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    absl::MutexLock lock(&mutex_);
    const Status status = StatusOf(request->service());
    if (status == HealthCheckResponse::SERVICE_UNKNOWN) {
      reactor->Finish(grpc::Status(grpc::StatusCode::NOT_FOUND, "no such service"));
    } else {
      response->set_status(status);
      reactor->Finish(grpc::Status::OK);
    }
    return reactor;
  }

  grpc::ServerWriteReactor<HealthCheckResponse>* Watch(grpc::CallbackServerContext*,
                                                       const HealthCheckRequest* request) override {
    auto* watch = new rpc::Watch([this](rpc::Watch* gone) {
      absl::MutexLock lock(&mutex_);
      watches_.erase(gone);
    });
    absl::MutexLock lock(&mutex_);
    watches_[watch] = request->service();
    watch->Tell(StatusOf(request->service()));
    if (stopped_) watch->End();
    return watch;
  }

 private:
  Status StatusOf(const std::string& service) const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    if (service.empty()) {
      bool all = !serving_.empty();
      for (const auto& [name, serving] : serving_) all = all && serving;
      return all ? HealthCheckResponse::SERVING : HealthCheckResponse::NOT_SERVING;
    }
    const auto found = serving_.find(service);
    if (found == serving_.end()) return HealthCheckResponse::SERVICE_UNKNOWN;
    return found->second ? HealthCheckResponse::SERVING : HealthCheckResponse::NOT_SERVING;
  }

  void Publish() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    for (const auto& [watch, service] : watches_) watch->Tell(StatusOf(service));
  }

  mutable absl::Mutex mutex_;  // before a Watch's own
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::map<std::string, bool> serving_ ABSL_GUARDED_BY(mutex_);
  std::map<rpc::Watch*, std::string> watches_ ABSL_GUARDED_BY(mutex_);
};

Health::Health() : impl_(std::make_unique<Impl>()) {}
Health::~Health() = default;

void Health::Declare(const std::string& service) { impl_->Declare(service); }
void Health::Set(const std::string& service, bool serving) { impl_->Set(service, serving); }
void Health::StopAll() { impl_->StopAll(); }
bool Health::serving(const std::string& service) const { return impl_->serving(service); }
grpc::Service& Health::grpc_service() { return *impl_; }

}  // namespace usher::rpc
