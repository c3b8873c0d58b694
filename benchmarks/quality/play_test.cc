// Days are drawn as they say, and played so that nobody is lost and nothing hangs on chance.
#include "quality/play.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "quality/bound.h"
#include "quality/figures.h"

namespace usher::quality {
namespace {

DaySpec SpecOf(char name) {
  const auto& days = Days();
  return *std::find_if(days.begin(), days.end(),
                       [&](const DaySpec& spec) { return spec.name == name; });
}

// A tenth of the customers and of the agents who serve everything.
DaySpec Small(char name) {
  DaySpec spec = SpecOf(name);
  spec.inquiries /= 10;
  return spec;
}

std::vector<AgentSpec> Versatile(std::size_t agents) {
  return std::vector<AgentSpec>(agents, {0, 0b1111, 0b1111});
}

TEST(Day, IsTheSameForTheSameSeedOnly) {
  const DaySpec spec = SpecOf('B');
  EXPECT_EQ(DrawDay(spec, 1), DrawDay(spec, 1));
  EXPECT_NE(DrawDay(spec, 1), DrawDay(spec, 2));
}

TEST(Day, HasTheSameCustomersWhateverHappensToTheAgents) {
  EXPECT_EQ(DrawDay(SpecOf('B'), 3), DrawDay(SpecOf('F'), 3));
  EXPECT_EQ(DrawDay(SpecOf('B'), 3), DrawDay(SpecOf('G'), 3));
}

TEST(Day, HasTheExpectedNumberOfCustomersAndWork) {
  double count = 0;
  double work_s = 0;
  double square = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    for (const Inquiry& inquiry : DrawDay(SpecOf('A'), seed)) {
      const double s = static_cast<double>(inquiry.handling.count()) / 1e6;
      ++count;
      work_s += s;
      square += s * s;
    }
  }
  EXPECT_NEAR(count / 40, 7'600, 7'600 * 0.05);  // three times the spread of 40 day factors
  EXPECT_NEAR(work_s / count, 306, 6);
  // 1.2 within an area, and what the areas differ.
  const double scv = square / count / (work_s / count) / (work_s / count) - 1;
  EXPECT_NEAR(scv, 1.28, 0.12);
}

TEST(Day, HasFourTimesTheMeanRateMoreWhenTheSaleBegins) {
  double sale = 0;
  double plain = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    for (const Inquiry& inquiry : DrawDay(SpecOf('B'), seed)) {
      (inquiry.at >= kFlashAt && inquiry.at < kFlashAt + 10min ? sale : plain) += 1;
    }
    for (const Inquiry& inquiry : DrawDay(SpecOf('A'), 1'000 + seed)) {
      if (inquiry.at >= kFlashAt && inquiry.at < kFlashAt + 10min) sale -= 1;
    }
  }
  // The mean over the first half of the half-life of 20 minutes.
  const double expected = 4 * 7'600 / 14.0 / 60 * 20 / std::log(2.0) * (1 - std::sqrt(.5));
  EXPECT_NEAR(sale / 40, expected, expected * .08);
}

TEST(Staff, ServesEveryPoolAndHasTheNumberAskedFor) {
  for (const DaySpec& spec : Days()) {
    const auto staff = StaffOf(spec);
    EXPECT_EQ(staff.size(), spec.agents);
    for (std::size_t pool = 0; pool < kPools; ++pool) {
      EXPECT_TRUE(std::any_of(staff.begin(), staff.end(),
                              [&](const AgentSpec& agent) { return agent.Serves(pool); }))
          << spec.name << ' ' << pool;
    }
  }
}

TEST(Play, IsTheSameEachTime) {
  const DaySpec spec = Small('G');
  const auto day = DrawDay(spec, 1);
  const auto staff = Versatile(8);
  for (const Rule& rule : Rules()) {
    EXPECT_EQ(Play(spec, day, staff, rule, 1).outcomes, Play(spec, day, staff, rule, 1).outcomes)
        << rule.name;
  }
}

// First come first served by agents who serve everything has an answer that needs no engine.
TEST(Play, ServesInTurnAsTheRecursionSays) {
  const DaySpec spec = Small('B');
  const auto day = DrawDay(spec, 2);
  const auto staff = Versatile(7);
  const Result result = Play(spec, day, staff, Rules()[0], 2);
  std::vector<Instant> free(staff.size());
  for (std::size_t i = 0; i < day.size(); ++i) {
    const auto first = std::min_element(free.begin(), free.end());
    const Instant start = std::max(*first, day[i].at);
    EXPECT_EQ(result.outcomes[i].answered, start) << i;
    *first = start + day[i].handling;
  }
}

TEST(Play, NeverGivesAnAgentMoreAtOnceThanThereIsRoomFor) {
  for (const char name : {'B', 'H'}) {
    DaySpec spec = SpecOf(name);
    spec.inquiries /= 3;
    spec.agents /= 3;
    const auto day = DrawDay(spec, 1);
    const auto staff = StaffOf(spec);
    for (const Rule& rule : Rules()) {
      const Result result = Play(spec, day, staff, rule, 1);
      std::map<std::pair<std::uint32_t, bool>, std::vector<std::pair<Instant, int>>> changes;
      for (std::size_t i = 0; i < day.size(); ++i) {
        const Outcome& outcome = result.outcomes[i];
        ASSERT_TRUE(staff[outcome.agent].Serves(day[i].pool()));
        ASSERT_GE(outcome.answered, day[i].at);
        auto& of = changes[{outcome.agent, spec.concurrent && day[i].kind == Kind::kEmail}];
        of.push_back({outcome.answered, 1});
        of.push_back({outcome.answered + day[i].handling, -1});
      }
      for (auto& [whose, list] : changes) {
        std::sort(list.begin(), list.end());
        int held = 0;
        const int most = spec.concurrent && !whose.second ? kConversations : 1;
        for (const auto& [at, change] : list) ASSERT_LE(held += change, most) << rule.name;
      }
    }
  }
}

TEST(Play, BreachesNoLessThanTheBound) {
  const DaySpec spec = Small('B');
  const auto day = DrawDay(spec, 1);
  const auto staff = Versatile(7);
  const double bound = FewestBreaches(spec, day, staff);
  EXPECT_GT(bound, 0);
  for (const Rule& rule : Rules()) {
    const Figures figures = FiguresOf(day, staff, Play(spec, day, staff, rule, 1));
    EXPECT_GE(figures.breaches, bound) << rule.name;
  }
}

TEST(Figures, TellWaitsBreachesAndSpread) {
  std::vector<Inquiry> day(2);
  day[0].kind = Kind::kChat;
  day[1].kind = Kind::kEmail;
  Result result;
  result.outcomes.resize(2);
  result.outcomes[0].answered = Instant(90s);
  result.outcomes[1].answered = Instant(10s);
  result.worked = {100s, 300s};
  const Figures figures = FiguresOf(day, Versatile(2), result);
  EXPECT_EQ(figures.breaches, 1);
  EXPECT_EQ(figures.breaches_of[static_cast<std::size_t>(Kind::kChat)], 1);
  EXPECT_EQ(figures.lateness_mean, 30);
  EXPECT_EQ(figures.wait_mean, 50);
  EXPECT_EQ(figures.wait_p50, 10);
  EXPECT_EQ(figures.wait_max, 90);
  EXPECT_EQ(figures.spread, 1);
}

}  // namespace
}  // namespace usher::quality
