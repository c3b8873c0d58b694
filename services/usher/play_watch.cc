#include "usher/play_watch.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <utility>

namespace usher::play {
namespace {

constexpr Duration kAskEvery = 250ms;

// Nothing was decided on the desk yet.
bool IsNew(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::NOT_FOUND;
}

}  // namespace

Watch::Watch(const std::vector<std::string>& desks, Loop& loop, Client& client)
    : desks_(desks), loop_(loop), client_(client) {}

void Watch::Begin() { Ask(); }

void Watch::Ask() {
  if (stopped_) return;
  asked_ = Totals();
  asked_queues_.clear();
  failed_ = false;
  missing_ = 2 * desks_.size();
  for (const std::string& desk : desks_) {
    v1::GetSummaryRequest summary;
    summary.set_desk(desk);
    client_.GetSummary(summary,
                       [this](const grpc::Status& status, const v1::GetSummaryResponse& response) {
                         failed_ |= !status.ok() && !IsNew(status);
                         asked_ = asked_ + FromSummary(response);
                         Took();
                       });
    v1::ListQueuesRequest queues;
    queues.set_desk(desk);
    client_.ListQueues(
        queues, [this](const grpc::Status& status, const v1::ListQueuesResponse& response) {
          failed_ |= !status.ok() && !IsNew(status);
          for (const v1::QueueView& view : response.queues()) {
            QueueScene& queue = asked_queues_[view.queue()];
            queue.waiting += view.waiting();
            queue.assigned += view.assigned();
            if (!view.has_oldest_placed_at()) continue;
            const Duration oldest(google::protobuf::util::TimeUtil::DurationToMicroseconds(
                response.as_of() - view.oldest_placed_at()));
            queue.oldest = std::max(queue.oldest, oldest * loop_.speed());
          }
          Took();
        });
  }
}

void Watch::Took() {
  if (--missing_ > 0) return;
  if (!failed_) {
    if (rounds_++ == 0) before_ = asked_;
    totals_ = asked_ - before_;
    queues_ = std::move(asked_queues_);
  }
  loop_.After(kAskEvery, [this] { Ask(); });
}

bool Watch::nobody_waits() const {
  return std::all_of(queues_.begin(), queues_.end(),
                     [](const auto& entry) { return entry.second.waiting == 0; });
}

}  // namespace usher::play
