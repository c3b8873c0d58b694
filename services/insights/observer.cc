#include "insights/observer.h"

#include <algorithm>

#include "insights/keys.h"
#include "insights/metric_names.h"
#include "insights/show.h"
#include "measure/histogram.h"

namespace usher::insights {
namespace {

// By then the owner of a partition has copied an applied policy to its topic, or never will.
constexpr Duration kPolicyWithin = 30s;
constexpr Duration kPolicyEvery = 1s;

std::vector<Duration> EdgesOf(const Targets& targets) {
  return measure::EdgesWith(std::vector<Duration>(targets.all().begin(), targets.all().end()));
}

}  // namespace

Observer::Observer(telemetry::Metrics& metrics, Targets targets, std::int32_t partitions)
    : metrics_(metrics), partitions_(partitions), targets_(std::move(targets)) {
  edges_ = EdgesOf(targets_);
  for (const char* call : {"load", "apply", "get"}) {
    metrics_.GetCounter(kStoreErrors.name, kStoreErrors.help, {{"call", call}});
  }
  metrics_.GetCounter(kRebuilds.name, kRebuilds.help);
}

void Observer::Load(std::int32_t partition, const View& view, const Tally::Rows& rows, bool hold) {
  absl::MutexLock lock(&mutex_);
  const auto [found, is_new] = parts_.try_emplace(partition, Part{Board(partitions_), {}, true});
  Part& part = found->second;
  // What the store lost is not taken back before it is there again, or a counter would seem to
  // have started anew and all that is counted again to have happened now.
  if (hold && !part.held) part.held = is_new ? Board(partitions_) : std::move(part.board);
  if (!hold) part.held.reset();
  part.board = Board(partitions_);
  part.board.tally.Load(rows);
  part.board.FollowAll(view);
  part.fresh = !view.watermark();
}

void Observer::RenewEdges(Instant now) {
  const bool again = now >= policies_again_ || policies_again_ - now > kPolicyWithin;
  if (now > policies_until_ || !again) return;
  policies_again_ = now + kPolicyEvery;
  absl::MutexLock lock(&mutex_);
  if (targets_.Refresh().ok()) edges_ = EdgesOf(targets_);
}

void Observer::Count(std::int32_t partition, const View& view, Instant now, store::Batch& batch) {
  for (const Observation& observation : view.observations()) {
    if (observation.kind == Observation::Kind::kPolicy) policies_until_ = now + kPolicyWithin;
  }
  RenewEdges(now);
  absl::MutexLock lock(&mutex_);
  Part& part = parts_.at(partition);
  Tally& tally = part.board.tally;
  for (const Observation& observation : view.observations()) tally.Count(observation, edges_);
  for (const auto& [desk, queue] : view.dirty_queues()) tally.Name(desk, queue);
  for (const DeskName& desk : view.dirty_desks()) tally.Name(desk);
  if (part.fresh) batch.writes.push_back(store::DeleteKey{TallyTable(partition)});
  tally.AppendWrites(TallyTable(partition), batch.writes);
}

void Observer::Settle(std::int32_t partition, const View& view, bool hold) {
  absl::MutexLock lock(&mutex_);
  Part& part = parts_.at(partition);
  part.fresh = false;
  part.board.tally.Committed();
  part.board.Follow(view);
  if (!hold) part.held.reset();
}

void Observer::Withdraw(std::int32_t partition) {
  absl::MutexLock lock(&mutex_);
  parts_.erase(partition);
}

void Observer::StoreFailed(const char* tried) {
  metrics_.GetCounter(kStoreErrors.name, kStoreErrors.help, {{"call", tried}}).Add();
}

void Observer::Rebuilding() { metrics_.GetCounter(kRebuilds.name, kRebuilds.help).Add(); }

std::vector<telemetry::Shown> Observer::Collect(Instant now) const {
  absl::MutexLock lock(&mutex_);
  std::vector<const Board*> boards;
  for (const auto& [partition, part] : parts_) {
    boards.push_back(part.held ? &*part.held : &part.board);
  }
  std::vector<telemetry::Shown> shown;
  ShowCounts(boards, edges_, shown);
  ShowQueues(boards, now, shown);
  ShowDesks(boards, targets_, shown);
  return shown;
}

}  // namespace usher::insights
