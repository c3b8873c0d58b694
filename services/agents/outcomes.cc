#include "agents/outcomes.h"

#include <algorithm>
#include <variant>
#include <vector>

namespace usher::agents {
namespace {

absl::Status Stopping() {
  return absl::UnavailableError("the server stops: it is in the log and will be decided");
}

// Whether the decision is the one answer to a command that somebody waits for. Timers that fire on
// the way to a command make none of these.
struct IsOutcome {
  bool operator()(const CommandRejected&) const { return true; }
  bool operator()(const CommandRepeated&) const { return true; }
  bool operator()(const WaitEstimated&) const { return true; }
  bool operator()(const InquiryExplained&) const { return true; }
  bool operator()(const PolicyPreviewed&) const { return true; }
  bool operator()(const InquiryReviewed&) const { return true; }
  bool operator()(const OfferMade& made) const {
    return made.reason == OfferReason::kTaken || made.reason == OfferReason::kAssigned;
  }
  bool operator()(const InquiryRequeued& requeued) const {
    return requeued.reason == RequeueReason::kTransferred;
  }
  template <class Other>
  bool operator()(const Other&) const {
    return false;
  }
};

}  // namespace

void Outcomes::Await(const journal::Appended& at, Done done) {
  const Key key{at.partition, at.offset};
  absl::StatusOr<DecisionBody> known = Stopping();
  {
    absl::MutexLock lock(&mutex_);
    const auto found = std::find_if(latest_.rbegin(), latest_.rend(),
                                    [&](const auto& entry) { return entry.first == key; });
    if (found != latest_.rend()) {
      known = found->second;
    } else if (!ending_) {
      waiting_[key] = {now_ + kOutcomeWait, std::move(done)};
      return;
    }
  }
  done(known);
}

void Outcomes::Take(const Stamp& stamp, const DecisionBody& body) {
  if (!std::visit(IsOutcome(), body)) return;
  const Key key{stamp.partition, stamp.offset};
  Done done;
  {
    absl::MutexLock lock(&mutex_);
    latest_.emplace_back(key, body);
    if (latest_.size() > kOutcomesKept) latest_.pop_front();
    const auto found = waiting_.find(key);
    if (found == waiting_.end()) return;
    done = std::move(found->second.done);
    waiting_.erase(found);
  }
  done(body);
}

void Outcomes::Expire(Instant now) {
  std::vector<Done> late;
  {
    absl::MutexLock lock(&mutex_);
    now_ = now;
    for (auto at = waiting_.begin(); at != waiting_.end();) {
      if (now < at->second.until) {
        ++at;
        continue;
      }
      late.push_back(std::move(at->second.done));
      at = waiting_.erase(at);
    }
  }
  for (const Done& done : late) {
    done(absl::DeadlineExceededError("it is in the log and was not decided in time"));
  }
}

void Outcomes::EndAll() {
  std::map<Key, Waiting> all;
  {
    absl::MutexLock lock(&mutex_);
    ending_ = true;
    all.swap(waiting_);
  }
  for (const auto& [key, waiting] : all) waiting.done(Stopping());
}

}  // namespace usher::agents
