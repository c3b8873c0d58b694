#include "intake/rebuild.h"

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "intake/context.h"
#include "intake/decode.h"
#include "intake/rules.h"
#include "journal/command_log.h"
#include "journal/topics.h"
#include "rpc/server.h"
#include "support/status.h"
#include "telemetry/metrics.h"

namespace usher::intake {
namespace {

constexpr std::size_t kRecordsAtOnce = 1'000;
constexpr int kTriesMax = 60;  // while nothing moves
constexpr int kPolicyStepsMax = 10'000;
constexpr Duration kPolicyWait = 20ms;  // so 200 s, if nothing comes at all

// What `call` gives once it does not say "try again" any more.
template <class Call>
auto Insist(const Call& call, const std::function<void()>& pause) -> decltype(call()) {
  auto result = call();
  for (int tries = 1; tries < kTriesMax && WorthRetrying(result.status()); ++tries) {
    pause();
    result = call();
  }
  return result;
}

// The policies that stand in the topic now.
absl::Status ReadRules(log::Log& log, const RebuildOptions& options, RuleBook& rules) {
  USHER_TRY(const journal::CommandLog commands, journal::OpenCommandLog(log));
  USHER_TRY(auto reader, log.OpenReader({{journal::kPolicies}, "", "rebuild"}));
  rpc::Health health;
  Readiness readiness(health, "rebuild", 1);
  telemetry::Metrics metrics;
  PolicyTail tail(commands, std::move(reader), rules, readiness, metrics);
  for (int steps = 0; steps < kPolicyStepsMax && !rules.Ready(); ++steps) {
    USHER_RETURN_IF_ERROR(tail.Step(options.now, kPolicyWait));
  }
  if (rules.Ready()) return absl::OkStatus();
  return absl::UnavailableError("usher.policies can't be read to its end");
}

absl::Status TakeOne(Context& context, const log::Record& record, const RuleBook& rules,
                     const RebuildOptions& options, const std::function<void()>& pause,
                     RebuildProgress& progress) {
  ++progress.records;
  const OrderDecoded decoded = DecodeOrder(record, DoorOf(rules, options.desk));
  if (std::holds_alternative<Ignored>(decoded)) {
    ++progress.ignored;
    return absl::OkStatus();
  }
  const auto* facts = std::get_if<OrderFacts>(&decoded);
  if (facts == nullptr) {
    ++progress.refused;
    return absl::OkStatus();
  }
  const KeepDue due = KeepDue::By(*rules.ActingOf(facts->desk), options.now);
  const auto taken = Insist([&] { return context.Take(*facts, due); }, pause);
  if (absl::IsFailedPrecondition(taken.status())) {  // something else is at its place
    ++progress.refused;
    return absl::OkStatus();
  }
  USHER_RETURN_IF_ERROR(taken.status());
  ++(taken->changed ? progress.changed : progress.unchanged);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<RebuildProgress> RebuildContext(
    log::Log& log, store::Stores& stores, const RebuildOptions& options,
    const std::function<void(const RebuildProgress&)>& told, const std::function<void()>& pause) {
  RuleBook rules;
  USHER_RETURN_IF_ERROR(ReadRules(log, options, rules));
  USHER_TRY(auto store, stores.Open());
  Context context(std::move(store), options.keep);
  USHER_TRY(const std::int32_t partitions, log.Partitions(journal::kOrders));
  std::vector<std::int64_t> ends;
  RebuildProgress progress;
  for (std::int32_t partition = 0; partition < partitions; ++partition) {
    USHER_TRY(const std::int64_t end, log.EndOffset({journal::kOrders, partition}));
    ends.push_back(end);
    progress.ahead += end;
  }
  for (std::int32_t partition = 0; partition < partitions; ++partition) {
    const std::int64_t end = ends[static_cast<std::size_t>(partition)];
    std::int64_t next = 0;
    while (next < end) {
      const log::TopicPartition from{journal::kOrders, partition};
      USHER_TRY(const std::vector<log::Record> page,
                Insist([&] { return log.ReadRange(from, next, kRecordsAtOnce); }, pause));
      const std::int64_t before = next;
      for (const log::Record& record : page) {
        if (record.offset >= end) break;
        USHER_RETURN_IF_ERROR(TakeOne(context, record, rules, options, pause, progress));
        next = record.offset + 1;
      }
      if (page.empty() || page.back().offset >= end) next = end;
      progress.ahead -= next - before;
      told(progress);
    }
  }
  return progress;
}

}  // namespace usher::intake
