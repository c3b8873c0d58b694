// Held to published values, and to the birth-death chain solved state by state.
#include "staffing/erlang.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace usher::staffing {
namespace {

double Abandoned(const Load& load, int servers) {
  return 1 - AnsweredWithin(load, servers, std::numeric_limits<double>::infinity());
}

// M/M/n+M by its chain: the share that leaves (flow: each of those who wait leaves at a rate).
double AbandonedByChain(const Load& load, int servers) {
  double weight = 1;
  double sum = 1;
  double waiting = 0;
  for (int state = 1; state < servers + 5'000; ++state) {
    const double busy = std::min(state, servers) / load.handling;
    const double leave = std::max(0, state - servers) / load.patience;
    weight *= load.arrivals / (busy + leave);
    sum += weight;
    waiting += weight * std::max(0, state - servers);
  }
  return waiting / sum / load.patience / load.arrivals;
}

TEST(Erlang, ServiceLevelOfKoolesBook) {
  // n = 8, a = 5, s = 300 s, 20 s (Koole, Call Center Optimization).
  EXPECT_NEAR(AnsweredWithin({5.0 / 300, 300, 0}, 8, 20), 0.8631, 5e-5);
}

TEST(Erlang, ShareThatWaitsIsErlangC) {
  EXPECT_NEAR(1 - AnsweredWithin({6.0 / 60, 60, 0}, 10, 0), 0.1013, 5e-5);
  EXPECT_NEAR(1 - AnsweredWithin({84.0 / 600, 600, 0}, 90, 0), 0.4120, 5e-5);
}

TEST(Erlang, AbandonmentOfGarnettMandelbaumReiman) {
  // 48 calls a minute, one minute of service, 50 agents, patience of two minutes: 3.1% leave.
  EXPECT_NEAR(Abandoned({48.0 / 60, 60, 120}, 50), 0.0309, 5e-5);
}

TEST(Erlang, AbandonmentIsThatOfTheChain) {
  for (const double patience : {5.0, 60.0, 3'000.0}) {
    for (const int servers : {1, 3, 10, 40}) {
      const Load load{0.1, 100, patience};
      EXPECT_NEAR(Abandoned(load, servers), AbandonedByChain(load, servers), 1e-6)
          << patience << " s, " << servers;
    }
  }
}

TEST(Erlang, WithEndlessPatienceNearlyErlangC) {
  const Load without{5.0 / 300, 300, 0};
  const Load with{5.0 / 300, 300, 1e9};
  EXPECT_NEAR(AnsweredWithin(with, 8, 20), AnsweredWithin(without, 8, 20), 1e-5);
}

TEST(Erlang, AnOverloadedLineAnswersNobodyInTimeUnlessSomeLeave) {
  EXPECT_EQ(AnsweredWithin({0.1, 100, 0}, 10, 60), 0);
  EXPECT_GT(AnsweredWithin({0.1, 100, 30}, 5, 60), 0.3);
}

TEST(Erlang, NobodyComesNobodyIsNeeded) {
  EXPECT_EQ(AnsweredWithin({0, 100, 0}, 0, 60), 1);
  EXPECT_EQ(ServersNeeded({0, 100, 0}, {{1, 60}}, 0.8), 0);
  EXPECT_EQ(AnsweredWithin({0.1, 100, 0}, 0, 60), 0);
  EXPECT_EQ(Abandoned({0.1, 100, 60}, 0), 1);
}

TEST(Erlang, TheFewestServersThatAreEnough) {
  for (const double patience : {0.0, 120.0}) {
    for (const double erlangs : {0.2, 5.0, 77.0}) {
      const Load load{erlangs / 300, 300, patience};
      const std::optional<int> servers = ServersNeeded(load, {{1, 20}}, 0.8);
      ASSERT_TRUE(servers);
      EXPECT_GE(AnsweredWithin(load, *servers, 20), 0.8);
      EXPECT_LT(AnsweredWithin(load, *servers - 1, 20), 0.8);
    }
  }
}

TEST(Erlang, PartsWithTargetsOfTheirOwn) {
  const Load load{20.0 / 300, 300, 0};
  const std::optional<int> strict = ServersNeeded(load, {{1, 10}}, 0.9);
  const std::optional<int> mixed = ServersNeeded(load, {{0.5, 10}, {0.5, 3600}}, 0.9);
  const std::optional<int> easy = ServersNeeded(load, {{1, 3600}}, 0.9);
  ASSERT_TRUE(strict && mixed && easy);
  EXPECT_GT(*strict, *mixed);
  EXPECT_GT(*mixed, *easy);
}

TEST(Erlang, NoNumberIsEnough) {
  EXPECT_EQ(ServersNeeded({1, 300, 0}, {{1, 20}}, 0.8, 300), std::nullopt);
  EXPECT_TRUE(ServersNeeded({1, 300, 0}, {{1, 20}}, 0.8, 400));
}

}  // namespace
}  // namespace usher::staffing
