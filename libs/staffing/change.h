// Change: what if others were there, or could do more?
#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "staffing/forecast.h"

namespace usher::staffing {

struct Change {
  enum class What : std::uint8_t {
    kAdd,   // so many more agents, who hold these skills
    kTrain  // so many of those who are there hold these skills, too
  };

  What what = What::kAdd;
  double count = 0;
  std::vector<Need> skills;  // sorted by skill, each once
  int from = 0;              // hour of the day, of every day
  int to = kHoursOfDay;      // to just before

  friend bool operator==(const Change&, const Change&) = default;
};

// The week with the change. Those added have the units of most others. Of those there the ones
// with the fewest skills learn; where fewer are there than the change says, all learn.
//
// Errors: kInvalidArgument names the field: a count above 0 to 1,000, at least one skill of level 1
//         to 100, 0 <= from < to <= 24.
absl::StatusOr<Week> With(const Week& week, const Change& change);

// So many more with this profile, in this hour of the week.
void AddTo(Week& week, const Profile& profile, std::uint32_t units, int hour, double count);

}  // namespace usher::staffing
