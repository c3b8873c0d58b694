#include "simulate/arrivals.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

namespace usher::simulate {
namespace {

constexpr double kPerHour = 1 / 3.6e9;

// How many come in each `bin` of the first `bins`.
std::vector<double> CountsOf(const ArrivalLaw& law, std::uint64_t seed, Duration bin, int bins) {
  const auto arrivals = MakeArrivals(law, seed);
  std::vector<double> counts(static_cast<std::size_t>(bins));
  Instant before;
  for (;;) {
    const Instant at = arrivals->Next();
    EXPECT_GE(at, before);
    before = at;
    if (at >= Instant() + bin * bins) return counts;
    counts[static_cast<std::size_t>((at - Instant()) / bin)] += 1;
  }
}

double MeanOf(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double VarianceOf(const std::vector<double>& values) {
  const double mean = MeanOf(values);
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return squares / static_cast<double>(values.size() - 1);
}

ArrivalLaw Curve(double day_cv) {
  ArrivalLaw law;
  law.kind = ArrivalLaw::Kind::kCurve;
  law.curve = {{0h, 20 * kPerHour}, {9h, 60 * kPerHour}, {18h, 0}, {20h, 5 * kPerHour}};
  law.day_cv = day_cv;
  return law;
}

TEST(Arrivals, OfPoissonHaveItsMeanAndVariance) {
  ArrivalLaw law;
  law.rate = 75 * kPerHour;
  const std::vector<double> counts = CountsOf(law, 11, 1h, 4'000);
  EXPECT_NEAR(MeanOf(counts), 75, 4 * std::sqrt(75.0 / 4'000));
  EXPECT_NEAR(VarianceOf(counts) / 75, 1, 0.1);
}

TEST(Arrivals, OfASeedAreTheSameEachTime) {
  ArrivalLaw law;
  law.rate = 75 * kPerHour;
  EXPECT_EQ(CountsOf(law, 5, 1h, 100), CountsOf(law, 5, 1h, 100));
  EXPECT_NE(CountsOf(law, 5, 1h, 100), CountsOf(law, 6, 1h, 100));
}

TEST(Arrivals, OfRateZeroNeverCome) {
  EXPECT_EQ(MakeArrivals(ArrivalLaw(), 1)->Next(), kNever);
  ArrivalLaw dead = Curve(0);
  for (ArrivalLaw::Piece& piece : dead.curve) piece.rate = 0;
  EXPECT_EQ(MakeArrivals(dead, 1)->Next(), kNever);
}

TEST(Arrivals, OfASineFollowIt) {
  ArrivalLaw law;
  law.kind = ArrivalLaw::Kind::kSine;
  law.rate = 600 * kPerHour;
  law.amplitude = 0.5;
  law.period = 24h;
  constexpr int kDays = 200;
  const std::vector<double> counts = CountsOf(law, 3, 6h, 4 * kDays);
  std::vector<double> quarters(4);
  for (std::size_t i = 0; i < counts.size(); ++i) quarters[i % 4] += counts[i] / kDays;
  // The sine's integral over a quarter is 1 / (2 pi) of the period.
  const double swing = 600 * 0.5 * 24 / (2 * std::numbers::pi);
  for (std::size_t i = 0; i < 4; ++i) {
    const double expected = 600 * 6 + (i < 2 ? swing : -swing);
    EXPECT_NEAR(quarters[i], expected, 4 * std::sqrt(expected / kDays)) << i;
  }
}

TEST(Arrivals, OfACurveFollowItEveryDay) {
  constexpr int kDays = 500;
  const std::vector<double> counts = CountsOf(Curve(0), 3, 1h, 24 * kDays);
  std::vector<double> hours(24);
  for (std::size_t i = 0; i < counts.size(); ++i) hours[i % 24] += counts[i] / kDays;
  for (std::size_t hour = 0; hour < 24; ++hour) {
    const double rate = hour < 9 ? 20 : hour < 18 ? 60 : hour < 20 ? 0 : 5;
    EXPECT_NEAR(hours[hour], rate, 4.5 * std::sqrt(rate / kDays)) << hour;
  }
}

TEST(Arrivals, OfACurveWithADayFactorVaryByDay) {
  const double mean = 9 * 20 + 9 * 60 + 4 * 5;
  const std::vector<double> days = CountsOf(Curve(0.2), 9, 24h, 3'000);
  EXPECT_NEAR(MeanOf(days) / mean, 1, 4 * 0.2 / std::sqrt(3'000));
  const double expected = mean + 0.2 * 0.2 * mean * mean;
  EXPECT_NEAR(VarianceOf(days) / expected, 1, 0.12);
}

TEST(Arrivals, OfAFlashJumpAndFade) {
  ArrivalLaw law;
  law.kind = ArrivalLaw::Kind::kFlash;
  law.rate = 100 * kPerHour;
  law.at = 11h;
  law.jump = 5;
  law.half_life = 1h;
  constexpr int kDays = 400;
  const std::vector<double> counts = CountsOf(law, 4, 1h, 24 * kDays);
  std::vector<double> hours(24);
  for (std::size_t i = 24; i < counts.size(); ++i) hours[i % 24] += counts[i] / (kDays - 1);
  for (int hour = 0; hour < 24; ++hour) {
    const int since = (hour - 11 + 24) % 24;
    // What is above the base, over an hour: 4 * 100 * 2^-since / (2 ln 2).
    const double expected = 100 + 400 * std::exp2(-since) / (2 * std::numbers::ln2);
    EXPECT_NEAR(hours[static_cast<std::size_t>(hour)], expected, 4.5 * std::sqrt(expected / kDays))
        << hour;
  }
}

TEST(Arrivals, OfATraceAreTheTrace) {
  ArrivalLaw law;
  law.kind = ArrivalLaw::Kind::kTrace;
  law.trace = {FromMicros(0), FromMicros(5), FromMicros(5)};
  const auto arrivals = MakeArrivals(law, 1);
  EXPECT_EQ(arrivals->Next(), FromMicros(0));
  EXPECT_EQ(arrivals->Next(), FromMicros(5));
  EXPECT_EQ(arrivals->Next(), FromMicros(5));
  EXPECT_EQ(arrivals->Next(), kNever);
}

}  // namespace
}  // namespace usher::simulate
