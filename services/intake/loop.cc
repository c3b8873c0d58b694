#include "intake/loop.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "intake/order_copies.h"
#include "support/note.h"
#include "support/status.h"

namespace usher::intake {
namespace {

constexpr std::size_t kRecordsAtOnce = 256;
constexpr Duration kAckWait = 5ms;       // for room, before looking at the group again
constexpr Duration kStorePause = 200ms;  // before the next try

}  // namespace

MessageLoop::MessageLoop(Input input, const journal::CommandLog& commands,
                         std::unique_ptr<log::Appender> appender, DeadLetters dead_letters,
                         const RuleBook& rules, const DeskName& desk, Placer placer, Meters& meters,
                         Readiness& readiness)
    : input_(std::move(input)),
      writer_(commands, std::move(appender)),
      dead_letters_(std::move(dead_letters)),
      rules_(rules),
      door_(DoorOf(rules, desk)),
      placer_(std::move(placer)),
      meters_(meters),
      readiness_(readiness) {}

absl::Status MessageLoop::Step(Instant now, Duration wait) {
  const bool draining = gate_.asked();
  if (!draining && !rules_.Ready(wait)) return absl::OkStatus();
  if (draining) {
    taken_.clear();
    items_.clear();
  } else if (items_.empty()) {
    USHER_RETURN_IF_ERROR(input_.Poll(kRecordsAtOnce, wait, taken_));
    if (!ready_ && input_.Settled(now)) {
      ready_ = true;
      readiness_.Arrive();
    }
    Read(now);
  }
  USHER_RETURN_IF_ERROR(Append());
  if (!items_.empty() || draining) {
    // A full buffer or span empties only by acknowledgements; past its time the next step waits on.
    USHER_RETURN_IF_ERROR(AwaitAcks(std::min(wait, kAckWait)));
  }
  USHER_RETURN_IF_ERROR(PollAcks());
  USHER_RETURN_IF_ERROR(input_.Commit(now, draining));
  meters_.messages_under_way.Set(static_cast<double>(input_.under_way()));
  if (draining && writer_.pending() == 0 && dead_letters_.pending() == 0) gate_.SetDone();
  return absl::OkStatus();
}

void MessageLoop::Read(Instant now) {
  std::vector<MessageFacts> messages;
  for (Taken& taken : taken_) {
    if (!input_.Holds(taken.place)) continue;
    auto decoded = DecodeMessage(taken.record, door_);
    if (auto* refusal = std::get_if<Refusal>(&decoded)) {
      items_.push_back({taken.place, DeadLetter{std::move(taken.record), std::move(*refusal)}});
    } else if (std::holds_alternative<Ignored>(decoded)) {
      items_.push_back({taken.place, Ignored()});
    } else {
      items_.push_back({taken.place, wire::CommandRecord()});
      messages.push_back(std::move(std::get<MessageFacts>(decoded)));
    }
  }
  taken_.clear();
  std::vector<Placer::Outcome> outcomes = placer_.Place(messages, now);
  auto next = outcomes.begin();
  for (Item& item : items_) {
    if (!std::holds_alternative<wire::CommandRecord>(item.body)) continue;
    auto* record = std::get_if<wire::CommandRecord>(&*next++);
    if (record == nullptr) {
      item.body = Ignored();
      continue;
    }
    item.body = std::move(*record);
    record = &std::get<wire::CommandRecord>(item.body);
    record->command.source = {item.place.partition.topic, item.place.partition.partition,
                              item.place.offset};
  }
}

absl::Status MessageLoop::Append() {
  while (!items_.empty()) {
    Item& item = items_.front();
    if (input_.Holds(item.place)) {
      if (input_.Width(item.place) >= kUnderWayMax) break;
      const absl::Status status = AppendOne(item);
      if (absl::IsResourceExhausted(status)) break;
      USHER_RETURN_IF_ERROR(status);
      input_.Begin(item.place);
      if (std::holds_alternative<Ignored>(item.body)) {
        meters_.messages.ignored.Add();
        input_.Done(item.place);
      }
    }
    items_.pop_front();
  }
  return absl::OkStatus();
}

absl::Status MessageLoop::AppendOne(Item& item) {
  if (std::holds_alternative<Ignored>(item.body)) return absl::OkStatus();
  if (auto* dead = std::get_if<DeadLetter>(&item.body)) {
    const RefusalReason reason = dead->refusal.reason;
    return dead_letters_.Append(dead->record, dead->refusal, [this, place = item.place, reason] {
      meters_.messages.Refused(reason);
      input_.Done(place);
    });
  }
  const auto begin = std::chrono::steady_clock::now();
  return writer_.Append(
      std::get<wire::CommandRecord>(item.body),
      [this, place = item.place, begin](const absl::StatusOr<journal::Appended>& appended) {
        if (!appended.ok()) return;  // Poll() tells it, and this process ends
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
        meters_.append_seconds.Observe(took.count());
        meters_.messages.accepted.Add();
        input_.Done(place);
      });
}

absl::Status MessageLoop::AwaitAcks(Duration wait) {
  for (const absl::Status& waited : {writer_.Flush(wait), dead_letters_.Flush(wait)}) {
    if (!waited.ok() && !absl::IsDeadlineExceeded(waited)) return waited;
  }
  return absl::OkStatus();
}

absl::Status MessageLoop::PollAcks() {
  USHER_RETURN_IF_ERROR(writer_.Poll());
  return dead_letters_.Poll();
}

OrderLoop::OrderLoop(Input input, const journal::CommandLog& commands,
                     std::unique_ptr<log::Appender> appender, DeadLetters dead_letters,
                     const RuleBook& rules, const DeskName& desk, Context context, Heard& heard,
                     Meters& meters, Readiness& readiness)
    : input_(std::move(input)),
      writer_(commands, std::move(appender)),
      dead_letters_(std::move(dead_letters)),
      rules_(rules),
      door_(DoorOf(rules, desk)),
      context_(std::move(context)),
      heard_(heard),
      meters_(meters),
      readiness_(readiness) {}

absl::Status OrderLoop::Step(Instant now, Duration wait) {
  // Until it is time to try again there is nothing to do but to stop.
  const Duration pause = std::max(Duration::zero(), again_ - now);
  const bool draining = gate_.asked(std::min(wait, pause));
  if (!draining && !rules_.Ready(wait)) return absl::OkStatus();
  if (!draining && now >= again_) {
    taken_.clear();
    USHER_RETURN_IF_ERROR(input_.Poll(kRecordsAtOnce, wait, taken_));
    if (!ready_ && input_.Settled(now)) {
      ready_ = true;
      readiness_.Arrive();
    }
    USHER_TRY(const bool all, TakeAll(now));
    if (input_.CaughtUp(now) && all && taken_.size() < kRecordsAtOnce) heard_.Set(now);
  }
  USHER_RETURN_IF_ERROR(writer_.Poll());
  USHER_RETURN_IF_ERROR(dead_letters_.Poll());
  USHER_RETURN_IF_ERROR(input_.Commit(now, draining));
  if (draining && writer_.pending() == 0 && dead_letters_.pending() == 0) {
    gate_.SetDone();
  } else if (draining) {
    const Duration most = std::min(wait, kAckWait);
    for (const absl::Status& waited : {writer_.Flush(most), dead_letters_.Flush(most)}) {
      if (!waited.ok() && !absl::IsDeadlineExceeded(waited)) return waited;
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> OrderLoop::TakeAll(Instant now) {
  std::set<log::TopicPartition> stalled;
  for (const Taken& taken : taken_) {
    if (!input_.Holds(taken.place) || stalled.count(taken.place.partition) > 0) continue;
    USHER_TRY(const bool done, Take(taken, now));
    if (done) continue;
    stalled.insert(taken.place.partition);
    USHER_RETURN_IF_ERROR(input_.Rewind(taken.place));
    again_ = now + kStorePause;
  }
  return stalled.empty();
}

absl::StatusOr<bool> OrderLoop::Take(const Taken& taken, Instant now) {
  if (input_.Width(taken.place) >= kUnderWayMax) return false;
  // A copy was taken, and counted, when it came.
  if (IsOrderCopy(taken.record)) return Pass(taken.place);
  const OrderDecoded decoded = DecodeOrder(taken.record, door_);
  if (const auto* refusal = std::get_if<Refusal>(&decoded)) return Bury(taken, *refusal);
  if (std::holds_alternative<Ignored>(decoded)) {
    meters_.orders.ignored.Add();
    return Pass(taken.place);
  }
  const auto& facts = std::get<OrderFacts>(decoded);
  absl::StatusOr<OrderOutcome> outcome = TakeOrder(context_, rules_, meters_, facts, now);
  if (absl::IsFailedPrecondition(outcome.status())) {
    return Bury(taken, {RefusalReason::kUnwritable, "order_id"});
  }
  if (!outcome.ok()) {
    meters_.order_retries.Add();
    note::Warn("order.waits", {{"error", std::string(outcome.status().message())}});
    return false;
  }
  if (!outcome->commands.empty()) return Tell(taken, *std::move(outcome));
  (outcome->changed ? meters_.orders.accepted : meters_.orders.unchanged).Add();
  return Pass(taken.place);
}

bool OrderLoop::Pass(const Place& place) {
  input_.Begin(place);
  input_.Done(place);
  return true;
}

absl::StatusOr<bool> OrderLoop::Tell(const Taken& taken, OrderOutcome outcome) {
  // shared: each append holds it until it is acknowledged.
  auto left = std::make_shared<std::size_t>(outcome.commands.size());
  for (std::size_t i = 0; i < outcome.commands.size(); ++i) {
    wire::CommandRecord& record = outcome.commands[i];
    if (i == 0 && outcome.tells_status) {  // one command a source: the others are known by request
      record.command.source = {taken.place.partition.topic, taken.place.partition.partition,
                               taken.place.offset};
    }
    const absl::Status status =
        writer_.Append(record, [this, place = taken.place, changed = outcome.changed,
                                left](const absl::StatusOr<journal::Appended>& at) {
          if (!at.ok()) return;  // Poll() tells it, and this process ends
          if (--*left > 0) return;
          (changed ? meters_.orders.accepted : meters_.orders.unchanged).Add();
          input_.Done(place);
        });
    if (absl::IsResourceExhausted(status)) {
      *left = outcome.commands.size() + 1;  // it comes again as a whole; this time is never done
      return false;
    }
    USHER_RETURN_IF_ERROR(status);
  }
  input_.Begin(taken.place);
  return true;
}

absl::StatusOr<bool> OrderLoop::Bury(const Taken& taken, const Refusal& refusal) {
  const absl::Status status = dead_letters_.Append(
      taken.record, refusal, [this, place = taken.place, reason = refusal.reason] {
        meters_.orders.Refused(reason);
        input_.Done(place);
      });
  if (absl::IsResourceExhausted(status)) return false;
  USHER_RETURN_IF_ERROR(status);
  input_.Begin(taken.place);
  return true;
}

}  // namespace usher::intake
