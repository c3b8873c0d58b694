// The bound against all that could be done, tried one by one, on days small enough for that.
#include "quality/bound.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <vector>

#include "simulate/rng.h"

namespace usher::quality {
namespace {

Instant At(std::int64_t minute) { return Instant(std::chrono::minutes(minute)); }
Duration For(std::int64_t minutes) { return std::chrono::minutes(minutes); }

Crew OneAgent() { return {{{0}}, {1}}; }

// How much work of the jobs in `set` (bit by job) can be done: the least cut. A set of slots (types
// by bin) is open; a job all of whose slots are open is held back by no cut of its own, and the
// groups that serve an open slot are cut. Small cases only: 2 to the number of slots.
std::int64_t MostWork(const std::vector<Job>& jobs, std::uint64_t set, const Crew& crew,
                      std::int64_t bins) {
  const std::int64_t types = static_cast<std::int64_t>(crew.groups_of_type.size());
  std::int64_t least = kForever.count();
  for (std::uint64_t open = 0; open < (std::uint64_t{1} << (types * bins)); ++open) {
    std::int64_t cut = 0;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      if ((set >> i & 1) == 0) continue;
      bool all_open = true;
      for (std::int64_t bin = ToMicros(jobs[i].from) / 60'000'000;
           bin < (ToMicros(jobs[i].to) + 59'999'999) / 60'000'000; ++bin) {
        all_open = all_open && (open >> (bin * types + jobs[i].type) & 1) != 0;
      }
      if (!all_open) cut += jobs[i].work.count();
    }
    for (std::int64_t bin = 0; bin < bins; ++bin) {
      std::uint64_t groups = 0;
      for (std::int64_t type = 0; type < types; ++type) {
        if ((open >> (bin * types + type) & 1) == 0) continue;
        for (const std::uint32_t group : crew.groups_of_type[static_cast<std::size_t>(type)]) {
          groups |= std::uint64_t{1} << group;
        }
      }
      for (std::size_t group = 0; group < crew.agents_of_group.size(); ++group) {
        if (groups >> group & 1) cut += 60'000'000 * std::int64_t{crew.agents_of_group[group]};
      }
    }
    least = std::min(least, cut);
  }
  return least;
}

// A linear function over a polymatroid is greatest at a vertex, and the vertices are what the
// orders of the jobs give: each as much as it adds to those before it.
double MostDoneByAllOrders(const std::vector<Job>& jobs, const Crew& crew, std::int64_t bins) {
  std::vector<std::int64_t> work_of_set;
  for (std::uint64_t set = 0; set < (std::uint64_t{1} << jobs.size()); ++set) {
    work_of_set.push_back(MostWork(jobs, set, crew, bins));
  }
  std::vector<std::size_t> order(jobs.size());
  std::iota(order.begin(), order.end(), 0);
  double best = 0;
  do {
    double done = 0;
    std::uint64_t set = 0;
    for (const std::size_t i : order) {
      const std::uint64_t with = set | std::uint64_t{1} << i;
      done += static_cast<double>(work_of_set[with] - work_of_set[set]) /
              static_cast<double>(jobs[i].work.count());
      set = with;
    }
    best = std::max(best, done);
  } while (std::next_permutation(order.begin(), order.end()));
  return best;
}

TEST(Bound, DoesAllThatThereIsTimeFor) {
  const std::vector<Job> jobs = {{At(0), At(3), For(2), 0}, {At(1), At(4), For(2), 0}};
  EXPECT_DOUBLE_EQ(MostDone(jobs, OneAgent(), 60s), 2);
}

TEST(Bound, DoesTheShortOnesWhereNotAllCanBeDone) {
  const std::vector<Job> jobs = {
      {At(0), At(3), For(3), 0}, {At(0), At(3), For(1), 0}, {At(0), At(3), For(1), 0}};
  EXPECT_DOUBLE_EQ(MostDone(jobs, OneAgent(), 60s), 2 + 1.0 / 3);
}

TEST(Bound, MovesWorkToMakeRoom) {
  // The first job takes the first minute of the only agent who serves the second one.
  const Crew crew = {{{0, 1}, {0}}, {1, 1}};
  const std::vector<Job> jobs = {{At(0), At(1), For(1), 0}, {At(0), At(1), For(1), 1}};
  EXPECT_DOUBLE_EQ(MostDone(jobs, crew, 60s), 2);
}

TEST(Bound, IsTheBestOfAllOrdersOnDaysSmallEnoughToTryThem) {
  for (std::uint64_t seed = 1; seed <= 25; ++seed) {
    simulate::Rng rng(seed);
    const auto below = [&](std::uint64_t bound) { return rng.Next() % bound; };
    constexpr std::int64_t kBins = 5;
    Crew crew;
    crew.agents_of_group = {1, 1 + static_cast<std::uint32_t>(below(2))};
    crew.groups_of_type = {{0}, {0, 1}};
    std::vector<Job> jobs;
    for (int i = 0; i < 6; ++i) {
      const auto from = static_cast<std::int64_t>(below(kBins));
      const auto to = from + 1 + static_cast<std::int64_t>(below(kBins - from));
      jobs.push_back({At(from), At(to), Duration(1s) * (1 + static_cast<int>(below(200))),
                      static_cast<std::uint32_t>(below(2))});
    }
    EXPECT_NEAR(MostDone(jobs, crew, 60s), MostDoneByAllOrders(jobs, crew, kBins), 1e-9)
        << "seed " << seed;
  }
}

// What one agent gets done without splitting or interrupting, the best order of all.
int MostInTimeByAllOrders(const std::vector<Inquiry>& day, const std::vector<AgentSpec>& staff) {
  std::vector<std::size_t> order(day.size());
  std::iota(order.begin(), order.end(), 0);
  int best = 0;
  do {
    std::vector<Instant> free(staff.size());
    int in_time = 0;
    for (const std::size_t i : order) {
      Instant* first = nullptr;
      for (std::size_t agent = 0; agent < staff.size(); ++agent) {
        if (!staff[agent].Serves(day[i].pool())) continue;
        if (first == nullptr || free[agent] < *first) first = &free[agent];
      }
      const Instant start = std::max(*first, day[i].at);
      if (start > day[i].at + day[i].target()) continue;  // left out
      ++in_time;
      *first = start + day[i].handling;
    }
    best = std::max(best, in_time);
  } while (std::next_permutation(order.begin(), order.end()));
  return best;
}

TEST(Bound, IsNeverAboveWhatTheBestOrderBreaches) {
  const DaySpec spec;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    simulate::Rng rng(seed);
    const auto below = [&](std::uint64_t bound) { return rng.Next() % bound; };
    const std::vector<AgentSpec> staff = {{0, 0b01, 0b01}, {1, 0b11, 0b01}};
    std::vector<Inquiry> day;
    for (int i = 0; i < 7; ++i) {
      Inquiry inquiry;
      inquiry.at = Instant(Duration(1s) * static_cast<int>(below(240)));
      inquiry.kind = static_cast<Kind>(below(3));
      inquiry.language = static_cast<std::uint8_t>(below(2));
      inquiry.handling = Duration(1s) * (20 + static_cast<int>(below(300)));
      day.push_back(inquiry);
    }
    const int fewest = 7 - MostInTimeByAllOrders(day, staff);
    for (const Duration bin : {Duration(5s), Duration(60s), Duration(300s)}) {
      EXPECT_LE(FewestBreaches(spec, day, staff, bin), fewest + 1e-9) << "seed " << seed;
    }
    EXPECT_LE(FewestBreaches(spec, day, staff, 60s), FewestBreaches(spec, day, staff, 5s) + 1e-9)
        << "seed " << seed;
  }
}

}  // namespace
}  // namespace usher::quality
