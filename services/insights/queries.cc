#include "insights/queries.h"

#include <utility>

namespace usher::insights {
namespace {

constexpr int kBurst = 100;  // answered by one step

}  // namespace

bool Queries::Submit(Query query) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_ || waiting_.size() >= waiting_max_) return false;
    waiting_.push_back(std::move(query));
  }
  changed_.notify_one();
  return true;
}

bool Queries::closed() {
  const std::lock_guard lock(mutex_);
  return closed_;
}

bool Queries::AnswerOne(store::Store& store, Duration wait) {
  Query query;
  {
    std::unique_lock lock(mutex_);
    if (waiting_.empty() && wait > Duration::zero()) {
      changed_.wait_for(lock, wait, [this] { return !waiting_.empty(); });
    }
    if (waiting_.empty()) return false;
    query = std::move(waiting_.front());
    waiting_.pop_front();
    ++answering_;
  }
  query(&store);
  {
    const std::lock_guard lock(mutex_);
    --answering_;
  }
  changed_.notify_all();
  return true;
}

absl::Status Queries::Close(Duration wait) {
  std::deque<Query> dropped;
  {
    std::unique_lock lock(mutex_);
    closed_ = true;
    changed_.wait_for(lock, wait, [this] { return waiting_.empty() && answering_ == 0; });
    dropped.swap(waiting_);
  }
  for (const Query& query : dropped) query(nullptr);
  if (dropped.empty()) return absl::OkStatus();
  return absl::DeadlineExceededError("insights: " + std::to_string(dropped.size()) +
                                     " queries were not answered");
}

absl::Status QueryStepper::Step(Instant /*now*/, Duration wait) {
  for (int i = 0; i < kBurst && queries_.AnswerOne(*store_, i == 0 ? wait : Duration::zero());) ++i;
  return absl::OkStatus();
}

}  // namespace usher::insights
