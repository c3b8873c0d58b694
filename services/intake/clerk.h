// Clerk: takes checked events off the hands of gRPC handlers. Its step asks the store, which a
// handler must not wait for, and hands the commands on.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <variant>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "intake/facts.h"
#include "intake/meters.h"
#include "intake/order_taker.h"
#include "intake/placer.h"
#include "journal/submitter.h"
#include "support/stepper.h"

namespace usher::intake {

struct Placed {
  InquiryId inquiry;  // none: it opens none, as an agent's message
  Features features;
  journal::Appended at;
  AutomaticSign automatic = AutomaticSign::kNone;  // else nothing came of it
};

// Threads: Place() and Take() any; Step() one.
class Clerk : public Stepper {
 public:
  using PlacedDone = std::function<void(absl::StatusOr<Placed>)>;
  using TakenDone = std::function<void(absl::StatusOr<bool>)>;  // whether the order changed

  Clerk(Placer placer, journal::Submitter& submitter, Meters& meters, std::size_t queue_max);

  // `done` is called once, from another thread; over the bounds here and now, with
  // kResourceExhausted. Never blocks.
  void Place(MessageFacts message, PlacedDone done);
  void Take(OrderFacts order, TakenDone done);

  absl::Status Step(Instant now, Duration wait) override;

 private:
  struct Message {
    MessageFacts facts;
    PlacedDone done;
  };
  struct Order {
    OrderFacts facts;
    TakenDone done;
  };
  // Commands of it are in the log: it is looked at again.
  struct Appended {
    OrderFacts facts;
    OrderRecord order;  // as the commands were made for it
    bool changed = false;
    TakenDone done;
  };
  using Item = std::variant<Message, Order, Appended>;

  bool Queue(Item& item, std::size_t bytes);  // false: over the bounds, `item` is as it was
  void QueueAgain(Appended order);
  std::vector<Item> TakeSome(Duration wait);
  void PlaceAll(std::vector<Message> messages, Instant now);
  void TakeOne(Order order, Instant now);
  void LookAgain(Appended order);
  void SubmitAll(std::vector<wire::CommandRecord> commands, Appended order);
  void Tell(const Appended& order);

  Placer placer_;
  journal::Submitter& submitter_;
  Meters& meters_;
  const std::size_t queue_max_;
  absl::Mutex mutex_;
  std::deque<Item> queue_ ABSL_GUARDED_BY(mutex_);
  std::size_t queued_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace usher::intake
