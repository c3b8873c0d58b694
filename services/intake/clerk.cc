#include "intake/clerk.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/time/time.h"
#include "intake/order_taker.h"
#include "intake/settle.h"

namespace usher::intake {
namespace {

constexpr std::size_t kItemsAtOnce = 64;
constexpr std::size_t kQueueBytesMax = 64 * 1024 * 1024;  // of texts

// How several submissions of one call end. Threads: any.
class Ends {
 public:
  explicit Ends(std::size_t left) : left_(left) {}

  // The first error of all, with the last of them; until then nothing.
  std::optional<absl::Status> Take(const absl::Status& status) {
    const absl::MutexLock lock(&mutex_);
    all_.Update(status);
    if (--left_ > 0) return std::nullopt;
    return all_;
  }

 private:
  absl::Mutex mutex_;
  std::size_t left_ ABSL_GUARDED_BY(mutex_);
  absl::Status all_ ABSL_GUARDED_BY(mutex_);
};

absl::Status StoreAway(const absl::Status& status) {
  return absl::UnavailableError("the store is away: " + std::string(status.message()));
}

}  // namespace

Clerk::Clerk(Placer placer, journal::Submitter& submitter, Meters& meters, std::size_t queue_max)
    : placer_(std::move(placer)), submitter_(submitter), meters_(meters), queue_max_(queue_max) {}

void Clerk::Place(MessageFacts message, PlacedDone done) {
  const std::size_t bytes = message.text.size();
  Item item = Message{std::move(message), std::move(done)};
  if (!Queue(item, bytes)) {
    std::get<Message>(item).done(absl::ResourceExhaustedError("too many events wait: try again"));
  }
}

void Clerk::Take(OrderFacts order, TakenDone done) {
  Item item = Order{std::move(order), std::move(done)};
  if (!Queue(item, 0)) {
    std::get<Order>(item).done(absl::ResourceExhaustedError("too many events wait: try again"));
  }
}

bool Clerk::Queue(Item& item, std::size_t bytes) {
  absl::MutexLock lock(&mutex_);
  if (queue_.size() >= queue_max_ || queued_bytes_ + bytes > kQueueBytesMax) return false;
  queued_bytes_ += bytes;
  queue_.push_back(std::move(item));
  return true;
}

// Over the bounds as well: it was let in before.
void Clerk::QueueAgain(Appended order) {
  const absl::MutexLock lock(&mutex_);
  queue_.emplace_back(std::move(order));
}

std::vector<Clerk::Item> Clerk::TakeSome(Duration wait) {
  const auto some = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return !queue_.empty(); };
  std::vector<Item> items;
  absl::MutexLock lock(&mutex_);
  // A wait of no length would still give the processor away.
  if (wait > Duration::zero()) {
    mutex_.AwaitWithTimeout(absl::Condition(&some), absl::Microseconds(wait.count()));
  }
  while (!queue_.empty() && items.size() < kItemsAtOnce) {
    if (const auto* message = std::get_if<Message>(&queue_.front())) {
      queued_bytes_ -= message->facts.text.size();
    }
    items.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return items;
}

absl::Status Clerk::Step(Instant now, Duration wait) {
  std::vector<Message> messages;
  for (Item& item : TakeSome(wait)) {
    if (auto* message = std::get_if<Message>(&item)) {
      messages.push_back(std::move(*message));
    } else if (auto* appended = std::get_if<Appended>(&item)) {
      LookAgain(std::move(*appended));
    } else {
      // What a caller sent first is there first: an order before the message that names it.
      PlaceAll(std::exchange(messages, {}), now);
      TakeOne(std::move(std::get<Order>(item)), now);
    }
  }
  PlaceAll(std::move(messages), now);
  return absl::OkStatus();
}

void Clerk::PlaceAll(std::vector<Message> messages, Instant now) {
  if (messages.empty()) return;
  std::vector<MessageFacts> facts;
  facts.reserve(messages.size());
  for (Message& message : messages) facts.push_back(std::move(message.facts));
  std::vector<Placer::Outcome> outcomes = placer_.Place(facts, now);
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (const auto* sign = std::get_if<AutomaticSign>(&outcomes[i])) {
      meters_.grpc_messages.ignored.Add();
      messages[i].done(Placed{{}, {}, {}, *sign});
      continue;
    }
    auto& record = std::get<wire::CommandRecord>(outcomes[i]);
    Placed placed;
    if (const auto* body = std::get_if<PlaceInquiry>(&record.command.body)) {
      placed.inquiry = body->inquiry;
      placed.features = body->features;
    }
    submitter_.Submit(std::move(record),
                      [this, placed, done = std::move(messages[i].done)](auto appended) mutable {
                        if (!appended.ok()) return done(appended.status());
                        meters_.grpc_messages.accepted.Add();
                        placed.at = *appended;
                        done(placed);
                      });
  }
}

void Clerk::TakeOne(Order order, Instant now) {
  absl::StatusOr<OrderOutcome> outcome =
      TakeOrder(placer_.context(), placer_.rules(), meters_, order.facts, now);
  if (absl::IsFailedPrecondition(outcome.status())) {
    meters_.grpc_orders.Refused(RefusalReason::kUnwritable);
    return order.done(outcome.status());
  }
  if (!outcome.ok()) return order.done(StoreAway(outcome.status()));
  // The time before, its commands may have come after those of a later event, and nobody looked.
  if (!outcome->changed) {
    const auto acting = placer_.rules().ActingOf(order.facts.desk);
    for (wire::CommandRecord& record : Settle(order.facts, outcome->order, *acting)) {
      outcome->commands.push_back(std::move(record));
    }
  }
  SubmitAll(std::move(outcome->commands), {std::move(order.facts), std::move(outcome->order),
                                           outcome->changed, std::move(order.done)});
}

void Clerk::LookAgain(Appended order) {
  auto found = intake::LookAgain(placer_.context(), placer_.rules(), order.facts, order.order);
  if (!found.ok()) return order.done(StoreAway(found.status()));
  if (!*found) return Tell(order);
  order.order = std::move((*found)->order);
  SubmitAll(std::move((*found)->commands), std::move(order));
}

void Clerk::SubmitAll(std::vector<wire::CommandRecord> commands, Appended order) {
  if (commands.empty()) return Tell(order);
  // shared: each submission holds it until its end is known.
  auto ends = std::make_shared<Ends>(commands.size());
  auto waits = std::make_shared<Appended>(std::move(order));
  for (wire::CommandRecord& record : commands) {
    submitter_.Submit(std::move(record), [this, ends, waits](const auto& appended) {
      const std::optional<absl::Status> all = ends->Take(appended.status());
      if (!all) return;
      if (all->ok()) return QueueAgain(std::move(*waits));
      waits->done(*all);
    });
  }
}

void Clerk::Tell(const Appended& order) {
  (order.changed ? meters_.grpc_orders.accepted : meters_.grpc_orders.unchanged).Add();
  order.done(order.changed);
}

}  // namespace usher::intake
