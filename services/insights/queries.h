// Queries: the way of a gRPC handler to the store. Handlers hand over and go; steppers, each with a
// store of its own, read and answer.
//
// Threads: Submit(), Close(), closed() any; each QueryStepper one.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>

#include "absl/status/status.h"
#include "store/store.h"
#include "support/stepper.h"

namespace usher::insights {

class Queries {
 public:
  // Called once: with a store, or with null when it never will be answered.
  using Query = std::function<void(store::Store*)>;

  explicit Queries(std::size_t waiting_max) : waiting_max_(waiting_max) {}
  ~Queries() { Close(Duration::zero()).IgnoreError(); }

  // False: too many wait, or it is closed; `query` is not called then. Never blocks for long.
  bool Submit(Query query);

  // Close() was called: what is under way may end early.
  bool closed();

  // Takes nothing more; waits at most `wait` until what waits is answered, then drops the rest.
  // Errors: kDeadlineExceeded: some were dropped.
  absl::Status Close(Duration wait);

  // Answers the next one, after at most `wait`. False: there was none.
  bool AnswerOne(store::Store& store, Duration wait);

 private:
  const std::size_t waiting_max_;
  // Not absl's: its waits are by wall time.
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Query> waiting_;
  std::size_t answering_ = 0;
  bool closed_ = false;
};

class QueryStepper : public Stepper {
 public:
  QueryStepper(Queries& queries, std::unique_ptr<store::Store> store)
      : queries_(queries), store_(std::move(store)) {}

  absl::Status Step(Instant now, Duration wait) override;

 private:
  Queries& queries_;
  const std::unique_ptr<store::Store> store_;
};

}  // namespace usher::insights
