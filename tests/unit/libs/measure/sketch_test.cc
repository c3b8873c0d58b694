#include "measure/sketch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "core/hash.h"

namespace usher::measure {
namespace {

// Durations of all sizes, from microseconds to days.
std::vector<Duration> Durations(std::uint64_t seed, std::size_t count) {
  std::vector<Duration> durations;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t random = Mix64(seed * 1'000'003 + i);
    durations.emplace_back(static_cast<Duration::rep>((random >> 8) >> (14 + random % 40)));
  }
  return durations;
}

bool Near(Duration said, Duration is) {
  const Duration off = said > is ? said - is : is - said;
  return off.count() <= is.count() / kSketchErrorDivisor;
}

TEST(Sketch, BucketsRiseWithoutAGapAndEachHoldsItsMiddle) {
  std::uint32_t last = 0;
  for (std::int64_t micros = 0; micros < 200'000; ++micros) {
    const std::uint32_t bucket = SketchBucketOf(Duration(micros));
    ASSERT_TRUE(bucket == last || bucket == last + 1) << micros;
    last = bucket;
  }
  for (std::uint32_t bucket = 0; bucket < kSketchBuckets; ++bucket) {
    ASSERT_EQ(SketchBucketOf(SketchMiddleOf(bucket)), bucket);
  }
  EXPECT_EQ(SketchBucketOf(Duration::max()), kSketchBuckets - 1);
  EXPECT_EQ(SketchBucketOf(-5s), 0);
}

TEST(Sketch, SaysEveryValueWithinItsError) {
  for (const Duration value : Durations(1, 100'000)) {
    ASSERT_TRUE(Near(SketchMiddleOf(SketchBucketOf(value)), value)) << value.count();
  }
  for (int bit = 0; bit < 63; ++bit) {
    for (const std::int64_t beside : {-1, 0, 1}) {
      const Duration value((std::int64_t{1} << bit) + beside);
      ASSERT_TRUE(Near(SketchMiddleOf(SketchBucketOf(value)), value)) << value.count();
    }
  }
}

TEST(Sketch, ToldQuantilesAreThoseOfTheSortedValuesWithinItsError) {
  for (const std::size_t count : {1, 2, 3, 10, 999, 1000, 1001, 20'000}) {
    std::vector<Duration> values = Durations(count, count);
    Sketch sketch;
    for (const Duration value : values) sketch.Observe(value);
    std::sort(values.begin(), values.end());
    for (std::uint32_t permille = 0; permille <= 1000; permille += 5) {
      const std::size_t rank = std::max<std::size_t>(1, (count * permille + 999) / 1000);
      ASSERT_TRUE(Near(*sketch.Quantile(permille), values[rank - 1])) << count << " " << permille;
    }
  }
}

TEST(Sketch, MergesToWhatOneWouldHaveSeen) {
  const std::vector<Duration> values = Durations(5, 9'000);
  Sketch one;
  Sketch parts[3];
  for (std::size_t i = 0; i < values.size(); ++i) {
    one.Observe(values[i]);
    parts[i % 3].Observe(values[i]);
  }
  Sketch merged;
  for (const int part : {2, 0, 1}) merged.Merge(parts[part]);
  EXPECT_EQ(merged, one);
  EXPECT_EQ(merged.count(), values.size());

  Sketch added;
  for (const auto& [bucket, times] : one.buckets()) added.Add(bucket, times);
  EXPECT_EQ(added, one);
}

TEST(Sketch, TellsTheMeanWithinItsErrorAndNothingOfNothing) {
  EXPECT_FALSE(Sketch().Mean());
  EXPECT_FALSE(Sketch().Quantile(500));
  Sketch sketch;
  std::int64_t sum = 0;
  for (std::int64_t seconds = 1; seconds <= 1'000; ++seconds) {
    sketch.Observe(Duration(seconds * 1'000'000));
    sum += seconds * 1'000'000;
  }
  EXPECT_TRUE(Near(*sketch.Mean(), Duration(sum / 1'000)));
  Sketch longest;
  longest.Add(kSketchBuckets - 1, std::uint64_t{1} << 40);
  EXPECT_GT(*longest.Mean(), Duration::max() - Duration::max() / 60);
}

}  // namespace
}  // namespace usher::measure
