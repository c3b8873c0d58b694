#include "measure/histogram.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace usher::measure {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;

TEST(Edges, RiseAndHoldEveryTargetOnce) {
  const std::vector<Duration> targets = {Duration(47s), Duration(1min), Duration(47s),
                                         Duration(0),   Duration(-5s),  Duration(7'200s)};
  const std::vector<Duration> edges = EdgesWith(targets);
  EXPECT_EQ(std::adjacent_find(edges.begin(), edges.end(), std::greater_equal<>()), edges.end());
  for (const Duration target : {Duration(47s), Duration(1min), Duration(2h)}) {
    EXPECT_EQ(std::count(edges.begin(), edges.end(), target), 1);
  }
  EXPECT_GT(edges.front(), Duration::zero());
  EXPECT_EQ(edges.size(), EdgesWith({}).size() + 1);
}

TEST(Edges, AreBounded) {
  std::vector<Duration> targets;
  for (int i = 1; i <= 2'000; ++i) targets.push_back(i * Duration(1s));
  const std::vector<Duration> edges = EdgesWith(targets);
  EXPECT_EQ(edges.size(), kEdgesMax);
  EXPECT_THAT(edges, Contains(Duration(1s)));
  EXPECT_THAT(edges, Contains(Duration(72h)));
}

TEST(Histogram, CountsAtOrBelowAnEdge) {
  Histogram histogram({Duration(1s), Duration(2s)});
  histogram.Observe(0s);
  histogram.Observe(1s);
  histogram.Observe(Duration(1s) + Duration(1));
  histogram.Observe(2s, 2);
  histogram.Observe(3s);
  EXPECT_THAT(histogram.counts(), ElementsAre(2, 3, 1));
  EXPECT_THAT(histogram.Cumulative(), ElementsAre(2, 5, 6));
  EXPECT_EQ(histogram.count(), 6u);
  EXPECT_EQ(histogram.sum(), Duration(9s) + Duration(1));
  EXPECT_EQ(histogram.AtOrBelow(2s), 5u);
  EXPECT_EQ(histogram.AtOrBelow(1500ms), std::nullopt);
}

TEST(Histogram, WithoutEdgesCounts) {
  Histogram histogram({});
  histogram.Observe(5s);
  EXPECT_THAT(histogram.Cumulative(), ElementsAre(1));
  EXPECT_EQ(histogram.Quantile(500), Duration::max());
}

TEST(Histogram, QuantileIsTheUpperEdgeOfItsBucket) {
  Histogram histogram({Duration(1s), Duration(2s), Duration(4s)});
  EXPECT_EQ(histogram.Quantile(500), std::nullopt);
  histogram.Observe(1s, 500);
  histogram.Observe(2s, 499);
  histogram.Observe(3s, 1);
  EXPECT_EQ(histogram.Quantile(0), Duration(1s));
  EXPECT_EQ(histogram.Quantile(500), Duration(1s));
  EXPECT_EQ(histogram.Quantile(501), Duration(2s));
  EXPECT_EQ(histogram.Quantile(999), Duration(2s));
  EXPECT_EQ(histogram.Quantile(1000), Duration(4s));
  histogram.Observe(5s);
  EXPECT_EQ(histogram.Quantile(1000), Duration::max());
}

TEST(Histogram, QuantileIsNeverBelowTheTrueOne) {
  const std::uint32_t seed = 20'260'501;
  std::mt19937_64 random(seed);
  for (int round = 0; round < 200; ++round) {
    Histogram histogram(EdgesWith({}));
    std::vector<Duration> values(1 + random() % 300);
    for (Duration& value : values) {
      value = Duration(static_cast<std::int64_t>(random() % 100'000'000'000));
      histogram.Observe(value);
    }
    std::sort(values.begin(), values.end());
    for (const std::uint32_t permille : {1u, 250u, 500u, 900u, 990u, 1000u}) {
      const std::size_t rank = std::max<std::size_t>(1, (values.size() * permille + 999) / 1000);
      const Duration exact = values[rank - 1];
      const auto edge = std::lower_bound(histogram.edges().begin(), histogram.edges().end(), exact);
      EXPECT_EQ(histogram.Quantile(permille), *edge) << "seed " << seed << " round " << round;
    }
  }
}

TEST(Histogram, MergeIsAsIfObservedTogether) {
  Histogram a(EdgesWith({}));
  Histogram b(EdgesWith({}));
  Histogram both(EdgesWith({}));
  for (int i = 0; i < 1'000; ++i) {
    const Duration value = i * Duration(777ms);
    (i % 3 == 0 ? a : b).Observe(value);
    both.Observe(value);
  }
  ASSERT_TRUE(a.Merge(b));
  EXPECT_EQ(a.counts(), both.counts());
  EXPECT_EQ(a.count(), both.count());
  EXPECT_EQ(a.sum(), both.sum());
}

TEST(Histogram, MergeOfOtherEdgesChangesNothing) {
  Histogram a({Duration(1s)});
  Histogram b({Duration(2s)});
  b.Observe(1s);
  EXPECT_FALSE(a.Merge(b));
  EXPECT_EQ(a.count(), 0u);
}

TEST(Histogram, RestoresWhatWasStored) {
  Histogram a({Duration(1s), Duration(2s)});
  a.Observe(1500ms, 3);
  a.Observe(9s);
  Histogram b({Duration(1s), Duration(2s)});
  ASSERT_TRUE(b.Restore(a.counts(), a.sum()));
  EXPECT_EQ(b.counts(), a.counts());
  EXPECT_EQ(b.count(), 4u);
  EXPECT_EQ(b.sum(), a.sum());
  const std::vector<std::uint64_t> too_few = {1, 2};
  EXPECT_FALSE(b.Restore(too_few, 0s));
  EXPECT_EQ(b.count(), 4u);
}

TEST(Histogram, SumStaysAtTheLargestDuration) {
  Histogram histogram({Duration(1s)});
  histogram.Observe(Duration::max(), 3);
  histogram.Observe(Duration::max());
  EXPECT_EQ(histogram.sum(), Duration::max());
  EXPECT_EQ(histogram.count(), 4u);
}

TEST(HistogramDeathTest, EdgesMustRise) {
  EXPECT_DEATH(Histogram({Duration(2s), Duration(1s)}), "adjacent_find");
}

}  // namespace
}  // namespace usher::measure
