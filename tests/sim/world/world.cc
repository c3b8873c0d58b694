#include "sim/world/world.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/check.h"
#include "core/hash.h"
#include "insights/insights.h"
#include "journal/topics.h"
#include "sim/checker/views.h"
#include "wire/records.h"

namespace usher::sim {
namespace {

constexpr Duration kFollowEvery = 500ms;
constexpr Duration kLookEvery = 1'500ms;
constexpr Duration kSetUpMost = 240s;

}  // namespace

World::World(const Workload& workload, std::uint64_t seed, bool trace)
    : workload_(workload),
      dice_(seed),
      trace_(trace),
      log_({.seed = seed ^ 0x5eed, .clock = [this] { return now_; }}),
      stores_(seed ^ 0x570e, [this] { return now_; }),
      checker_(log_, static_cast<std::int32_t>(workload.partitions), ledger_,
               trace ? Checker::Line([this](const auto& who, const auto& what) {
                 trace_.Line(Since(), who, what);
               })
                     : Checker::Line()),
      cluster_(PartsOf(), [this](const Slot& slot, const auto& line) { Stopped(slot, line); }),
      office_(PartsOf(), cluster_, ledger_),
      shop_(PartsOf(), cluster_, ledger_),
      desktops_(PartsOf(), cluster_, ledger_,
                [this](const std::string& what) {
                  if (violation_.empty()) violation_ = "a desktop: " + what;
                }),
      faults_(PartsOf(), cluster_) {
  ledger_.store_forgets = workload_.store_flushes + workload_.store_rollbacks > 0;
  ledger_.log_forgets = workload_.cut_commands + workload_.cut_decisions > 0;
  ledger_.clocks_lie = workload_.clock_jumps > 0;
  ledger_.calm = IsCalm(workload_);
  MakeLog();
}

Cluster::Parts World::PartsOf() {
  return {
      workload_, log_, stores_, dice_, trace_, [this] { return now_; }, [this] { return Since(); }};
}

// Topics, and headers with log ids of this seed: those that services draw are of the machine.
void World::MakeLog() {
  const auto partitions = static_cast<std::int32_t>(workload_.partitions);
  for (const log::TopicSpec& spec : journal::Topics(partitions)) {
    USHER_CHECK(log_.CreateTopic(spec).ok());
  }
  const auto appender = *log_.OpenAppender();
  for (std::int32_t p = 0; p < partitions; ++p) {
    const LogId id{{dice_.Next(), dice_.Next() | 1}};
    const log::Entry entry{{journal::kCommands, p}, "", wire::EncodeHeader({id, partitions}), {}};
    USHER_CHECK(appender->Append(entry, static_cast<std::uint64_t>(p)).ok());
  }
  USHER_CHECK(appender->Flush(Duration::zero()).ok());
}

void World::Stopped(const Slot& slot, const std::string& line) {
  const bool known =
      std::any_of(workload_.stops.begin(), workload_.stops.end(),
                  [&](const std::string& stop) { return absl::StrContains(line, stop); });
  if (!known && violation_.empty()) violation_ = absl::StrCat(slot.name, " ends: ", line);
}

void World::Round(Duration most) {
  now_ += Duration(
      1 + static_cast<std::int64_t>(dice_.Below(static_cast<std::uint64_t>(most.count()))));
  // What an unclean election takes away must have been seen before, and that it did right after.
  const bool cuts = workload_.cut_commands + workload_.cut_decisions > 0;
  if (cuts) Follow();
  faults_.Step();
  if (cuts) Follow();
  cluster_.Step();
  office_.Step();
  shop_.Step();
  desktops_.Step();
}

void World::Follow() {
  const std::string& why = checker_.Follow();
  if (violation_.empty()) violation_ = why;
}

// One look: is all work done?
std::string World::LookDone() {
  if (!office_.done() || !shop_.done()) return "the outside still waits for answers";
  if (!cluster_.AllServe()) return "not all services serve";
  if (!desktops_.idle()) return "an agent still has work";
  std::string why = checker_.Unfinished();
  if (!why.empty()) return why;
  const auto store = *stores_.Open();
  return CompareViews(checker_, *store, static_cast<std::int32_t>(workload_.partitions));
}

std::string World::Finish() {
  const Duration most = std::chrono::milliseconds(workload_.step_ms);
  faults_.End();
  desktops_.SetDiligent();
  const Instant until = now_ + std::chrono::milliseconds(workload_.quiet_ms);
  std::string why;
  Instant look_next = now_;
  while (now_ < until && violation_.empty()) {
    Round(most * 2);
    if (now_ < look_next) continue;
    look_next = now_ + kLookEvery;
    Follow();
    why = LookDone();
    if (why.empty()) return "";
  }
  return "after the quiet time: " + why;
}

Verdict World::Run() {
  const Duration most = std::chrono::milliseconds(workload_.step_ms);
  office_.Plan(now_ + 4s, now_ + std::chrono::milliseconds(workload_.load_ms));
  while (!office_.set_up() && now_ - began_ < kSetUpMost && violation_.empty()) Round(most);
  const Instant from = now_;
  const Instant until = from + std::chrono::milliseconds(workload_.load_ms);
  shop_.Plan(from, until);
  faults_.Plan(from, until);
  Instant follow_next = now_;
  while (now_ < until && violation_.empty()) {
    Round(most);
    if (now_ < follow_next) continue;
    follow_next = now_ + kFollowEvery;
    Follow();
  }
  std::string unfinished;
  if (workload_.liveness && violation_.empty()) unfinished = Finish();
  Follow();
  return Judge(std::move(unfinished));
}

Verdict World::Judge(std::string unfinished) {
  Verdict verdict;
  verdict.violation = violation_.empty() ? std::move(unfinished) : violation_;
  if (verdict.violation.empty()) verdict.violation = checker_.Recompute();
  verdict.commands = checker_.commands();
  verdict.decisions = checker_.decisions();
  verdict.copies = checker_.copies();
  verdict.lasted = Since();
  verdict.hash = checker_.hash();
  for (const Slot& slot : cluster_.slots()) {
    verdict.starts += slot.starts;
    if (slot.starts == 1 && slot.process != nullptr) {
      verdict.calls[slot.name] = slot.process->gate.calls;
    }
  }
  return verdict;
}

}  // namespace usher::sim
