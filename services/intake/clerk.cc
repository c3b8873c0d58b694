#include "intake/clerk.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/time/time.h"

namespace usher::intake {
namespace {

constexpr std::size_t kItemsAtOnce = 64;
constexpr std::size_t kQueueBytesMax = 64 * 1024 * 1024;  // of texts

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
    } else {
      // What a caller sent first is there first: an order before the message that names it.
      PlaceAll(std::exchange(messages, {}), now);
      TakeOne(std::move(std::get<Order>(item)));
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
  std::vector<wire::CommandRecord> records = placer_.Place(facts, now);
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto& body = std::get<PlaceInquiry>(records[i].command.body);
    Placed placed{body.inquiry, body.features, {}};
    submitter_.Submit(std::move(records[i]),
                      [this, placed, done = std::move(messages[i].done)](auto appended) mutable {
                        if (!appended.ok()) return done(appended.status());
                        meters_.grpc_messages.accepted.Add();
                        placed.at = *appended;
                        done(placed);
                      });
  }
}

void Clerk::TakeOne(Order order) {
  const absl::StatusOr<OrderTaken> taken = placer_.context().Take(order.facts);
  if (taken.ok()) {
    const auto told = [this, changed = taken->changed, done = order.done] {
      (changed ? meters_.grpc_orders.accepted : meters_.grpc_orders.unchanged).Add();
      done(changed);
    };
    if (!taken->status_holds) return told();
    // Also when the store knew it already: the log may have failed after it.
    submitter_.Submit(OrderCommand(order.facts), [told, done = order.done](auto appended) {
      if (!appended.ok()) return done(appended.status());
      told();
    });
  } else if (absl::IsFailedPrecondition(taken.status())) {
    meters_.grpc_orders.Refused(RefusalReason::kUnwritable);
    order.done(taken.status());
  } else {
    order.done(
        absl::UnavailableError("the store is away: " + std::string(taken.status().message())));
  }
}

}  // namespace usher::intake
