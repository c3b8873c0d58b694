#include "agents/agents.h"

#include <utility>

#include "agents/desktops.h"
#include "agents/directory.h"
#include "agents/handlers.h"
#include "agents/loop.h"
#include "agents/outcomes.h"
#include "agents/questions.h"
#include "journal/submitter.h"
#include "journal/topics.h"
#include "rpc/in_flight.h"
#include "support/status.h"

namespace usher::agents {

// Who owns whom: the members, in order of need.
class Agents::Impl {
 public:
  Impl(const Options& options, const journal::CommandLog& commands, log::Log& log,
       std::unique_ptr<log::Reader> reader, std::unique_ptr<log::Appender> appender,
       telemetry::Metrics& metrics, rpc::Health& health)
      : desktops_(metrics),
        submitter_(commands, std::move(appender), options.queue_max),
        loop_(commands, log, std::move(reader), directory_, desktops_, outcomes_, metrics, health),
        door_{submitter_, loop_, directory_, desktops_, outcomes_, in_flight_, options.outbox_max},
        handlers_(door_),
        questions_(door_) {}

  std::vector<Stepper*> steppers() { return {&loop_, &submitter_}; }
  grpc::Service& grpc_service() { return handlers_; }
  grpc::Service& question_service() { return questions_; }
  const FrontDoor& front_door() const { return door_; }

  absl::Status Drain(Duration wait) {
    in_flight_.Close();
    desktops_.EndAll();
    outcomes_.EndAll();
    if (in_flight_.WaitNone(wait)) return absl::OkStatus();
    return absl::DeadlineExceededError("agents: not all commands taken are in the log");
  }

 private:
  rpc::InFlight in_flight_;
  Directory directory_;
  Desktops desktops_;
  Outcomes outcomes_;
  journal::Submitter submitter_;
  DecisionLoop loop_;
  const FrontDoor door_;
  Handlers handlers_;
  Questions questions_;
};

absl::StatusOr<std::unique_ptr<Agents>> Agents::Bind(const Options& options,
                                                     const journal::CommandLog& commands,
                                                     log::Log& log, telemetry::Metrics& metrics,
                                                     rpc::Health& health) {
  health.Declare(kServiceName);
  USHER_TRY(auto reader, log.OpenReader({{journal::kDecisions}, "", options.member_id}));
  USHER_TRY(auto appender, log.OpenAppender());
  return std::unique_ptr<Agents>(new Agents(std::make_unique<Impl>(
      options, commands, log, std::move(reader), std::move(appender), metrics, health)));
}

Agents::Agents(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Agents::~Agents() = default;

std::vector<Stepper*> Agents::steppers() { return impl_->steppers(); }
grpc::Service& Agents::grpc_service() { return impl_->grpc_service(); }
grpc::Service& Agents::question_service() { return impl_->question_service(); }
const FrontDoor& Agents::front_door() const { return impl_->front_door(); }
absl::Status Agents::Drain(Duration wait) { return impl_->Drain(wait); }

}  // namespace usher::agents
