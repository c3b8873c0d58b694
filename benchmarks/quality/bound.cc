#include "quality/bound.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace usher::quality {
namespace {

constexpr std::uint32_t kNone = ~std::uint32_t{0};

// Work flows from a job to slots (its type in a bin of its window), from there to places (a group
// in that bin) and away, as much as the place holds.
class Flow {
 public:
  Flow(const std::vector<Job>& jobs, const Crew& crew, Duration bin);

  // As much of `job` as fits beside what is there; that may move, but not shrink.
  std::int64_t Fit(std::uint32_t job) {
    const std::int64_t work = jobs_[job].work.count();
    std::int64_t fitted = 0;
    while (fitted < work) {
      const std::int64_t more = Augment(job, work - fitted);
      if (more == 0) break;
      fitted += more;
    }
    return fitted;
  }

 private:
  struct Share {
    std::uint32_t job = 0;
    std::int64_t work = 0;
  };
  // How a search came to a slot: with a job, or from the slot `before` by taking a place from it.
  struct Entry {
    std::uint64_t search = 0;
    std::uint32_t job = kNone;
    std::uint32_t group = 0;
    std::size_t before = 0;
  };

  std::size_t PlaceOf(std::size_t slot, std::uint32_t group) const {
    return slot / types_ * groups_ + group;
  }
  std::int64_t& Held(std::size_t slot, std::uint32_t group) {
    return held_[PlaceOf(slot, group) * types_ + slot % types_];
  }
  std::int64_t& ShareOf(std::size_t slot, std::uint32_t job) {
    for (Share& share : shares_[slot]) {
      if (share.job == job) return share.work;
    }
    return shares_[slot].emplace_back(Share{job, 0}).work;
  }

  void ReachWindow(std::uint32_t job);
  void ReachRivals(std::size_t slot, std::uint32_t group);
  void ReachJobs(std::size_t slot);
  std::int64_t Augment(std::uint32_t job, std::int64_t most);
  std::int64_t Carries(std::uint32_t job, std::size_t last);
  void Carry(std::uint32_t job, std::size_t last, std::uint32_t group, std::int64_t amount);

  const std::vector<Job>& jobs_;
  const Crew& crew_;
  const std::size_t types_;
  const std::size_t groups_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> windows_;  // in bins, by job
  std::vector<std::int64_t> left_;                                // by place
  std::vector<std::int64_t> held_;                                // by place and type
  std::vector<std::vector<Share>> shares_;                        // by slot

  std::uint64_t search_ = 0;
  std::vector<std::size_t> queue_;
  std::vector<Entry> entries_;  // by slot
  std::vector<char> dead_;      // by slot: leads nowhere, and never will again
  std::vector<std::uint64_t> place_seen_;
  std::vector<std::uint64_t> job_seen_;
  std::vector<std::size_t> job_left_;  // the slot that a search takes the job out of
};

Flow::Flow(const std::vector<Job>& jobs, const Crew& crew, Duration bin)
    : jobs_(jobs),
      crew_(crew),
      types_(crew.groups_of_type.size()),
      groups_(crew.agents_of_group.size()) {
  Instant first = kNever;
  for (const Job& job : jobs) first = std::min(first, job.from);
  std::uint32_t bins = 0;
  for (const Job& job : jobs) {
    const auto begin = static_cast<std::uint32_t>((job.from - first) / bin);
    const auto end = static_cast<std::uint32_t>((job.to - first + bin - Duration(1)) / bin);
    windows_.emplace_back(begin, std::max(end, begin + 1));
    bins = std::max(bins, windows_.back().second);
  }
  left_.resize(bins * groups_);
  for (std::size_t at = 0; at < left_.size(); ++at) {
    left_[at] = bin.count() * crew.agents_of_group[at % groups_];
  }
  held_.resize(left_.size() * types_);
  place_seen_.resize(left_.size());
  shares_.resize(bins * types_);
  entries_.resize(shares_.size());
  dead_.resize(shares_.size());
  job_seen_.resize(jobs.size());
  job_left_.resize(jobs.size());
}

void Flow::ReachWindow(std::uint32_t job) {
  for (std::uint32_t bin = windows_[job].first; bin < windows_[job].second; ++bin) {
    const std::size_t slot = bin * types_ + jobs_[job].type;
    if (dead_[slot] != 0 || entries_[slot].search == search_) continue;
    entries_[slot] = {search_, job, 0, 0};
    queue_.push_back(slot);
  }
}

// Work of other types at the same place may go, for that of `slot`.
void Flow::ReachRivals(std::size_t slot, std::uint32_t group) {
  const std::size_t place = PlaceOf(slot, group);
  if (place_seen_[place] == search_) return;
  place_seen_[place] = search_;
  for (std::size_t type = 0; type < types_; ++type) {
    const std::size_t rival = slot / types_ * types_ + type;
    if (held_[place * types_ + type] == 0 || dead_[rival] != 0) continue;
    if (entries_[rival].search == search_) continue;
    entries_[rival] = {search_, kNone, group, slot};
    queue_.push_back(rival);
  }
}

// A job in `slot` may move within its window.
void Flow::ReachJobs(std::size_t slot) {
  for (const Share& share : shares_[slot]) {
    if (share.work == 0 || job_seen_[share.job] == search_) continue;
    job_seen_[share.job] = search_;
    job_left_[share.job] = slot;
    ReachWindow(share.job);
  }
}

// One shortest way from `job` to a place with room; 0 if there is none: then nothing that was seen
// leads to one, and nothing that is done later changes that.
std::int64_t Flow::Augment(std::uint32_t job, std::int64_t most) {
  ++search_;
  queue_.clear();
  job_seen_[job] = search_;
  ReachWindow(job);
  for (std::size_t next = 0; next < queue_.size(); ++next) {
    const std::size_t slot = queue_[next];
    const std::vector<std::uint32_t>& groups = crew_.groups_of_type[slot % types_];
    for (const std::uint32_t group : groups) {
      const std::int64_t room = left_[PlaceOf(slot, group)];
      if (room == 0) continue;
      const std::int64_t amount = std::min({most, room, Carries(job, slot)});
      Carry(job, slot, group, amount);
      return amount;
    }
    for (const std::uint32_t group : groups) ReachRivals(slot, group);
    ReachJobs(slot);
  }
  for (const std::size_t slot : queue_) dead_[slot] = 1;
  return 0;
}

// What the way back from slot `last` to `job` can take.
std::int64_t Flow::Carries(std::uint32_t job, std::size_t last) {
  std::int64_t amount = kForever.count();
  for (std::size_t slot = last;;) {
    const Entry& entry = entries_[slot];
    if (entry.job == job) return amount;
    if (entry.job == kNone) {
      amount = std::min(amount, Held(slot, entry.group));
      slot = entry.before;
    } else {
      slot = job_left_[entry.job];
      amount = std::min(amount, ShareOf(slot, entry.job));
    }
  }
}

void Flow::Carry(std::uint32_t job, std::size_t last, std::uint32_t group, std::int64_t amount) {
  left_[PlaceOf(last, group)] -= amount;
  Held(last, group) += amount;
  for (std::size_t slot = last;;) {
    const Entry& entry = entries_[slot];
    if (entry.job == kNone) {
      Held(slot, entry.group) -= amount;
      slot = entry.before;
      Held(slot, entry.group) += amount;
      continue;
    }
    ShareOf(slot, entry.job) += amount;
    if (entry.job == job) return;
    slot = job_left_[entry.job];
    ShareOf(slot, entry.job) -= amount;
  }
}

}  // namespace

double MostDone(const std::vector<Job>& jobs, const Crew& crew, Duration bin) {
  std::vector<std::uint32_t> order(jobs.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return jobs[a].work < jobs[b].work; });
  Flow flow(jobs, crew, bin);
  double done = 0;
  for (const std::uint32_t job : order) {
    done += static_cast<double>(flow.Fit(job)) / static_cast<double>(jobs[job].work.count());
  }
  return done;
}

double FewestBreaches(const DaySpec& spec, const std::vector<Inquiry>& day,
                      const std::vector<AgentSpec>& staff, Duration bin) {
  // Where an email goes beside conversations, those are types and groups of their own.
  const std::uint32_t layers = spec.concurrent ? 2 : 1;
  const std::uint32_t groups = staff.empty() ? 0 : staff.back().group + 1;
  Crew crew;
  crew.agents_of_group.resize(layers * groups);
  crew.groups_of_type.resize(layers * kPools);
  for (const AgentSpec& agent : staff) {
    for (std::uint32_t layer = 0; layer < layers; ++layer) {
      const std::uint32_t group = layer * groups + agent.group;
      if (crew.agents_of_group[group] == 0) {
        for (std::size_t pool = 0; pool < kPools; ++pool) {
          if (agent.Serves(pool)) crew.groups_of_type[layer * kPools + pool].push_back(group);
        }
      }
      crew.agents_of_group[group] += spec.concurrent && layer == 0 ? kConversations : 1;
    }
  }
  std::vector<Job> jobs;
  for (const Inquiry& inquiry : day) {
    // Who leaves before the target is no breach, served or not.
    if (inquiry.patience <= inquiry.target()) continue;
    Job& job = jobs.emplace_back();
    job.from = inquiry.at;
    job.to = inquiry.at + inquiry.target() + inquiry.handling;
    job.work = inquiry.handling;
    const bool beside = spec.concurrent && inquiry.kind == Kind::kEmail;
    job.type = static_cast<std::uint32_t>(inquiry.pool() + (beside ? kPools : 0));
  }
  return static_cast<double>(jobs.size()) - MostDone(jobs, crew, bin);
}

}  // namespace usher::quality
