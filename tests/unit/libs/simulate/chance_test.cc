// The numbers behind it all: streams, laws, the heap, the intervals.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "simulate/estimate.h"
#include "simulate/event_heap.h"
#include "simulate/laws.h"
#include "simulate/rng.h"

namespace usher::simulate {
namespace {

TEST(SplitMix, GivesThePublishedNumbers) {
  std::uint64_t state = 1234567;
  EXPECT_EQ(SplitMix(state), 6457827717110365317u);
  EXPECT_EQ(SplitMix(state), 3203168211198807973u);
  EXPECT_EQ(SplitMix(state), 9817491932198370423u);
}

TEST(Rng, IsUniformAndItsStreamsDiffer) {
  Rng one(KeyOf(1, 1));
  Rng other(KeyOf(1, 2));
  double sum = 0, squares = 0, products = 0;
  constexpr int kDraws = 100'000;
  for (int i = 0; i < kDraws; ++i) {
    const double x = one.Unit();
    const double y = other.Unit();
    ASSERT_GT(x, 0);
    ASSERT_LT(x, 1);
    sum += x;
    squares += x * x;
    products += (x - 0.5) * (y - 0.5);
  }
  // Each within four deviations of what is expected.
  EXPECT_NEAR(sum / kDraws, 1.0 / 2, 4 * std::sqrt(1.0 / 12 / kDraws));
  EXPECT_NEAR(squares / kDraws, 1.0 / 3, 4 * std::sqrt(4.0 / 45 / kDraws));
  EXPECT_NEAR(products / kDraws, 0, 4.0 / 12 / std::sqrt(kDraws));
}

TEST(NormalQuantile, InvertsTheNormalLaw) {
  for (const double x : {-8.0, -5.3, -3.0, -1.4, -0.5, -0.01, 0.0, 0.3, 1.07, 2.0, 4.0}) {
    const double p = 0.5 * std::erfc(-x / std::sqrt(2.0));
    EXPECT_NEAR(NormalQuantile(p), x, 1e-11 * (1 + std::exp(x * x / 2) * 1e-3)) << x;
  }
}

struct Moments {
  double mean_s = 0;
  double scv = 0;
};

// Over a grid of the unit interval, which leaves no chance in it.
Moments MomentsOf(const Law& law) {
  constexpr int kCells = 2'000'000;
  const Sampler sampler(law);
  double sum = 0, squares = 0;
  for (int i = 0; i < kCells; ++i) {
    const double x = static_cast<double>(sampler.At((i + 0.5) / kCells).count()) / 1e6;
    sum += x;
    squares += x * x;
  }
  const double mean = sum / kCells;
  return {mean, squares / kCells / (mean * mean) - 1};
}

TEST(Law, HasTheMomentsThatItSays) {
  const Moments exponential = MomentsOf(Law::Exponential(300s));
  EXPECT_NEAR(exponential.mean_s, 300, 0.01);
  EXPECT_NEAR(exponential.scv, 1, 1e-3);
  const Moments lognormal = MomentsOf(Law::Lognormal(240s, 1.2));
  EXPECT_NEAR(lognormal.mean_s, 240, 0.02);
  EXPECT_NEAR(lognormal.scv, 1.2, 0.01);
  const Moments fixed = MomentsOf(Law::Fixed(60s));
  EXPECT_DOUBLE_EQ(fixed.mean_s, 60);
  EXPECT_NEAR(fixed.scv, 0, 1e-9);
}

TEST(Law, GoesTogetherWithAnotherOnTheSameNumber) {
  const Sampler slow(Law::Exponential(300s));
  const Sampler fast(Law::Lognormal(100s, 0.5));
  for (int i = 1; i < 100; ++i) {
    EXPECT_LT(slow.At((i - 0.5) / 100), slow.At((i + 0.5) / 100));
    EXPECT_LT(fast.At((i - 0.5) / 100), fast.At((i + 0.5) / 100));
  }
}

TEST(GammaFactor, HasMeanOneAndItsVariation) {
  for (const double cv : {0.1, 0.5, 1.0, 2.0}) {
    Rng rng(7);
    constexpr int kDraws = 200'000;
    double sum = 0, squares = 0;
    for (int i = 0; i < kDraws; ++i) {
      const double x = GammaFactor(cv, rng);
      ASSERT_GE(x, 0);
      sum += x;
      squares += x * x;
    }
    const double mean = sum / kDraws;
    EXPECT_NEAR(mean, 1, 5 * cv / std::sqrt(kDraws)) << cv;
    EXPECT_NEAR(std::sqrt(squares / kDraws - mean * mean) / cv, 1, 0.03) << cv;
  }
}

TEST(StudentT, IsThatOfTheTables) {
  EXPECT_NEAR(StudentT95(1), 12.7062, 1e-4);
  EXPECT_NEAR(StudentT95(9), 2.26216, 1e-5);
  EXPECT_NEAR(StudentT95(20), 2.08596, 1e-5);
  EXPECT_NEAR(StudentT95(21), 2.07961, 1e-5);  // the first of the expansion
  EXPECT_NEAR(StudentT95(60), 2.00030, 1e-5);
  EXPECT_NEAR(StudentT95(1'000), 1.96234, 1e-5);
}

TEST(Estimate, IsMeanAndHalfWidth) {
  const Estimate estimate = EstimateOf({1, 2, 3, 4, 5});
  EXPECT_DOUBLE_EQ(estimate.mean, 3);
  ASSERT_TRUE(estimate.ci95);
  EXPECT_NEAR(*estimate.ci95, 2.776445 * std::sqrt(2.5 / 5), 1e-6);
}

TEST(Estimate, OfOneValueHasNoInterval) {
  EXPECT_EQ(EstimateOf({7}).mean, 7);
  EXPECT_FALSE(EstimateOf({7}).ci95);
  EXPECT_EQ(EstimateOf({}).mean, 0);
}

TEST(EventHeap, GivesTheEarliestThenByKindThenAsPutIn) {
  EventHeap heap;
  EXPECT_EQ(heap.next(), kNever);
  heap.Put(FromMicros(5), EventKind::kArrival, 1);
  heap.Put(FromMicros(5), EventKind::kFinish, 2);
  heap.Put(FromMicros(3), EventKind::kAbandon, 3);
  heap.Put(FromMicros(5), EventKind::kArrival, 4);
  std::vector<std::uint32_t> subjects;
  while (!heap.empty()) subjects.push_back(heap.Take().subject);
  EXPECT_EQ(subjects, (std::vector<std::uint32_t>{3, 2, 1, 4}));
}

TEST(EventHeap, SortsAnything) {
  EventHeap heap;
  Rng rng(3);
  std::vector<std::int64_t> times;
  for (int i = 0; i < 5'000; ++i) {
    times.push_back(static_cast<std::int64_t>(rng.Next() % 1'000));
    heap.Put(FromMicros(times.back()), EventKind::kArrival, 0);
    if (i % 3 != 0) continue;
    const auto least = std::min_element(times.begin(), times.end());
    ASSERT_EQ(ToMicros(heap.Take().at), *least);
    times.erase(least);
  }
  std::sort(times.begin(), times.end());
  for (const std::int64_t time : times) ASSERT_EQ(ToMicros(heap.Take().at), time);
  EXPECT_TRUE(heap.empty());
}

}  // namespace
}  // namespace usher::simulate
