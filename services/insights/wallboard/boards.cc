#include "insights/wallboard/boards.h"

#include <utility>

namespace usher::insights {

absl::StatusOr<std::unique_ptr<Boards::Seat>> Boards::Take(const DeskName& desk) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return absl::UnavailableError("the wallboard stops");
    if (viewers_ >= limits_.viewers) {
      return absl::ResourceExhaustedError("too many viewers: " + std::to_string(limits_.viewers));
    }
    if (!desks_.count(desk) && desks_.size() >= limits_.desks) {
      return absl::ResourceExhaustedError("too many desks are watched: " +
                                          std::to_string(limits_.desks));
    }
    ++viewers_;
    if (++desks_[desk].viewers == 1) waited_for_ = true;
  }
  newcomer_.notify_all();
  return std::make_unique<Seat>(*this, desk);
}

void Boards::Leave(const DeskName& desk) {
  const std::lock_guard lock(mutex_);
  --viewers_;
  const auto found = desks_.find(desk);
  if (--found->second.viewers == 0) desks_.erase(found);
}

bool Boards::Await(const Seat& seat, std::uint64_t change, Duration wait, BoardNow& now) {
  std::unique_lock lock(mutex_);
  const Watched& watched = desks_.at(seat.desk());
  changed_.wait_for(lock, wait, [&] { return closed_ || watched.now.change > change; });
  now = watched.now;
  return !closed_;
}

BoardNow Boards::Look(const DeskName& desk) const {
  const std::lock_guard lock(mutex_);
  const auto found = desks_.find(desk);
  return found == desks_.end() ? BoardNow() : found->second.now;
}

std::vector<DeskName> Boards::watched() const {
  const std::lock_guard lock(mutex_);
  std::vector<DeskName> desks;
  for (const auto& [desk, watched] : desks_) desks.push_back(desk);
  return desks;
}

void Boards::Publish(const DeskName& desk, BoardNow now) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = desks_.find(desk);
    if (found == desks_.end()) return;  // nobody looks any more
    BoardNow& last = found->second.now;
    const bool news = now.version != last.version || now.live != last.live;
    now.change = last.change + (news ? 1 : 0);
    last = std::move(now);
    if (!news) return;
  }
  changed_.notify_all();
}

void Boards::Rest(Duration wait) {
  std::unique_lock lock(mutex_);
  newcomer_.wait_for(lock, wait, [this] { return closed_ || waited_for_; });
  waited_for_ = false;
}

void Boards::Close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
  newcomer_.notify_all();
}

}  // namespace usher::insights
