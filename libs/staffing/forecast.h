// Forecast: the week to expect, from the weeks that were.
//
// What comes in an hour of the week is the mean of that hour over the weeks seen (of an hour that
// was seen in part, by that part), times the growth:
// the last seven days over the mean of the seven days before each, bounded to between a half and
// twice. Shops with less than two weeks seen get no growth. It knows no holidays and no campaigns.
//
// Threads: any.
#pragma once

#include <array>
#include <vector>

#include "staffing/history.h"

namespace usher::staffing {

constexpr double kGrowthMin = 0.5;
constexpr double kGrowthMax = 2;

// So many of a kind must have been handled for its own mean; else its queue's counts, else that of
// all.
constexpr std::uint64_t kOwnMeanMin = 30;

struct KindWeek {
  Kind kind;
  std::array<double, kHoursOfWeek> arrivals{};  // mean number in the hour
  double handling_s = 0;                        // mean
  double patience_s = 0;                        // mean, of its queue; 0: too few left to tell

  friend bool operator==(const KindWeek&, const KindWeek&) = default;
};

// Agents who can do the same.
struct Crew {
  Profile profile;
  std::uint32_t units = 1;
  std::array<double, kHoursOfWeek> present{};  // mean number of them

  friend bool operator==(const Crew&, const Crew&) = default;
};

struct Week {
  std::vector<KindWeek> kinds;  // by kind
  std::vector<Crew> crews;      // by profile, then units
  double growth = 1;            // that is in the arrivals

  friend bool operator==(const Week&, const Week&) = default;
};

// Requires: history.from <= history.to.
Week Expect(const History& history);

}  // namespace usher::staffing
