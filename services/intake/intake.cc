#include "intake/intake.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/time/clock.h"
#include "google/protobuf/stubs/logging.h"
#include "intake/clerk.h"
#include "intake/due_watch.h"
#include "intake/handlers.h"
#include "intake/heard.h"
#include "intake/loop.h"
#include "intake/meters.h"
#include "intake/order_copies.h"
#include "intake/readiness.h"
#include "intake/rules.h"
#include "journal/submitter.h"
#include "journal/topics.h"
#include "rpc/in_flight.h"
#include "support/status.h"

namespace usher::intake {
namespace {

absl::StatusOr<Input> OpenInput(const Options& options, log::Log& log, const std::string& topic) {
  USHER_TRY(auto reader, log.OpenReader({{topic}, options.group + "." + topic, options.member_id}));
  return Input(std::move(reader), options.commit_every);
}

absl::StatusOr<DeadLetters> OpenDeadLetters(log::Log& log) {
  USHER_TRY(auto appender, log.OpenAppender());
  return DeadLetters(std::move(appender), log.entry_bytes_max());
}

}  // namespace

// Who owns whom: the members, in order of need.
class Intake::Impl {
 public:
  Impl(const journal::CommandLog& commands, telemetry::Metrics& metrics, rpc::Health& health,
       bool read_topics)
      : commands_(commands),
        metrics_(metrics),
        meters_(metrics),
        readiness_(health, kServiceName, read_topics ? 3 : 1) {}

  absl::Status Open(const Options& options, log::Log& log, store::Stores& stores,
                    const ReadText& read) {
    USHER_TRY(auto policies, log.OpenReader({{journal::kPolicies}, "", options.member_id}));
    tail_.emplace(commands_, std::move(policies), rules_, readiness_, metrics_);

    USHER_TRY(auto appender, log.OpenAppender());
    submitter_.emplace(commands_, std::move(appender), options.queue_max);
    USHER_TRY(auto store, stores.Open());
    clerk_.emplace(Placer(rules_, read, std::move(store), options.context_keep, meters_),
                   *submitter_, meters_, options.queue_max);
    USHER_TRY(auto copies, log.OpenAppender());
    USHER_TRY(const std::int32_t partitions, log.Partitions(journal::kOrders));
    copies_.emplace(std::move(copies), partitions, options.queue_max);
    door_.emplace(FrontDoor{*clerk_, *copies_, rules_, meters_, in_flight_});
    handlers_.emplace(*door_, *submitter_);
    USHER_RETURN_IF_ERROR(OpenWatch(options, log, stores));
    if (!options.read_topics) return absl::OkStatus();
    USHER_RETURN_IF_ERROR(OpenMessages(options, log, stores, read));
    return OpenOrders(options, log, stores);
  }

  std::vector<Stepper*> steppers() {
    std::vector<Stepper*> all = {&*tail_, &*clerk_, &*submitter_, &*copies_, &*watch_};
    if (messages_) all.push_back(&*messages_);
    if (orders_) all.push_back(&*orders_);
    return all;
  }

  grpc::Service& grpc_service() { return *handlers_; }
  const FrontDoor& front_door() const { return *door_; }

  absl::Status Drain(Duration wait) {
    const absl::Time until = absl::Now() + absl::Microseconds(wait.count());
    const auto left = [until] {
      return std::max(Duration::zero(), Duration(absl::ToInt64Microseconds(until - absl::Now())));
    };
    in_flight_.Close();
    if (messages_) messages_->gate().Ask();
    if (orders_) orders_->gate().Ask();
    watch_->StopLooking();
    bool done = in_flight_.WaitNone(left());
    if (messages_) done = messages_->gate().WaitDone(left()) && done;
    if (orders_) done = orders_->gate().WaitDone(left()) && done;
    return done ? absl::OkStatus()
                : absl::DeadlineExceededError("intake: not all events taken are in the log");
  }

 private:
  absl::Status OpenWatch(const Options& options, log::Log& log, store::Stores& stores) {
    USHER_TRY(auto appender, log.OpenAppender());
    USHER_TRY(auto store, stores.Open());
    watch_.emplace(rules_, Context(std::move(store), options.context_keep), commands_,
                   std::move(appender), options.read_topics ? &heard_ : nullptr, options.look_every,
                   meters_);
    return absl::OkStatus();
  }

  absl::Status OpenMessages(const Options& options, log::Log& log, store::Stores& stores,
                            const ReadText& read) {
    USHER_TRY(Input input, OpenInput(options, log, journal::kMessages));
    USHER_TRY(auto appender, log.OpenAppender());
    USHER_TRY(DeadLetters dead_letters, OpenDeadLetters(log));
    USHER_TRY(auto store, stores.Open());
    messages_.emplace(std::move(input), commands_, std::move(appender), std::move(dead_letters),
                      rules_, options.desk,
                      Placer(rules_, read, std::move(store), options.context_keep, meters_),
                      meters_, readiness_);
    return absl::OkStatus();
  }

  absl::Status OpenOrders(const Options& options, log::Log& log, store::Stores& stores) {
    USHER_TRY(Input input, OpenInput(options, log, journal::kOrders));
    USHER_TRY(auto appender, log.OpenAppender());
    USHER_TRY(DeadLetters dead_letters, OpenDeadLetters(log));
    USHER_TRY(auto store, stores.Open());
    orders_.emplace(std::move(input), commands_, std::move(appender), std::move(dead_letters),
                    rules_, options.desk, Context(std::move(store), options.context_keep), heard_,
                    meters_, readiness_);
    return absl::OkStatus();
  }

  const journal::CommandLog commands_;
  telemetry::Metrics& metrics_;
  Meters meters_;
  Readiness readiness_;
  RuleBook rules_;
  Heard heard_;
  rpc::InFlight in_flight_;
  std::optional<PolicyTail> tail_;
  std::optional<journal::Submitter> submitter_;
  std::optional<OrderCopies> copies_;
  std::optional<Clerk> clerk_;
  std::optional<DueWatch> watch_;
  std::optional<FrontDoor> door_;
  std::optional<Handlers> handlers_;
  std::optional<MessageLoop> messages_;
  std::optional<OrderLoop> orders_;
};

absl::StatusOr<std::unique_ptr<Intake>> Intake::Bind(
    const Options& options, const journal::CommandLog& commands, log::Log& log,
    store::Stores& stores, const understanding::Understanding& understanding,
    telemetry::Metrics& metrics, rpc::Health& health) {
  const auto read = [&understanding](std::string_view text, const UnderstandingRules& rules,
                                     LanguageName last_language) {
    return understanding.Understand(text, rules, last_language);
  };
  return Bind(options, commands, log, stores, ReadText(read), metrics, health);
}

absl::StatusOr<std::unique_ptr<Intake>> Intake::Bind(const Options& options,
                                                     const journal::CommandLog& commands,
                                                     log::Log& log, store::Stores& stores,
                                                     ReadText read, telemetry::Metrics& metrics,
                                                     rpc::Health& health) {
  // The library writes a line of its own for each text that is not UTF-8; a dead letter or an error
  // says it.
  google::protobuf::SetLogHandler(nullptr);
  auto impl = std::make_unique<Impl>(commands, metrics, health, options.read_topics);
  USHER_RETURN_IF_ERROR(impl->Open(options, log, stores, read));
  return std::unique_ptr<Intake>(new Intake(std::move(impl)));
}

Intake::Intake(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Intake::~Intake() = default;

std::vector<Stepper*> Intake::steppers() { return impl_->steppers(); }
grpc::Service& Intake::grpc_service() { return impl_->grpc_service(); }
const FrontDoor& Intake::front_door() const { return impl_->front_door(); }
absl::Status Intake::Drain(Duration wait) { return impl_->Drain(wait); }

}  // namespace usher::intake
