#include "staffing/change.h"

#include <algorithm>
#include <map>
#include <string>

namespace usher::staffing {
namespace {

constexpr double kCountMax = 1'000;
constexpr int kLevelMax = 100;

absl::Status Check(const Change& change) {
  if (!(change.count > 0 && change.count <= kCountMax)) {
    return absl::InvalidArgumentError("count: more than 0, at most 1000");
  }
  if (change.skills.empty()) return absl::InvalidArgumentError("skills: at least one");
  for (const Need& skill : change.skills) {
    if (skill.skill.none() || skill.level < 1 || skill.level > kLevelMax) {
      return absl::InvalidArgumentError("skills: a name with a level of 1 to 100");
    }
  }
  if (change.from < 0 || change.to > kHoursOfDay || change.from >= change.to) {
    return absl::InvalidArgumentError("hours: from 0 to 24, the first before the last");
  }
  return absl::OkStatus();
}

std::uint32_t UsualUnits(const Week& week) {
  std::map<std::uint32_t, double> hours;
  for (const Crew& crew : week.crews) {
    for (const double present : crew.present) hours[crew.units] += present;
  }
  std::uint32_t usual = 1;
  double most = 0;
  for (const auto& [units, present] : hours) {
    if (present > most) {
      usual = units;
      most = present;
    }
  }
  return usual;
}

// The profile that holds these skills as well, at the higher level of two.
Profile Trained(Profile profile, const std::vector<Need>& skills) {
  for (const Need& learnt : skills) {
    const auto at = std::lower_bound(
        profile.skills.begin(), profile.skills.end(), learnt,
        [](const Need& left, const Need& right) { return left.skill < right.skill; });
    if (at != profile.skills.end() && at->skill == learnt.skill) {
      at->level = std::max(at->level, learnt.level);
    } else {
      profile.skills.insert(at, learnt);
    }
  }
  return profile;
}

bool Comes(const Change& change, int hour_of_week) {
  const int hour = hour_of_week % kHoursOfDay;
  return hour >= change.from && hour < change.to;
}

Week WithTrained(const Week& week, const Change& change) {
  std::vector<std::size_t> learners;
  for (std::size_t i = 0; i < week.crews.size(); ++i) {
    const Profile& profile = week.crews[i].profile;
    if (Trained(profile, change.skills) != profile) learners.push_back(i);
  }
  std::stable_sort(learners.begin(), learners.end(), [&](std::size_t left, std::size_t right) {
    return week.crews[left].profile.skills.size() < week.crews[right].profile.skills.size();
  });
  Week changed = week;
  for (int hour = 0; hour < kHoursOfWeek; ++hour) {
    if (!Comes(change, hour)) continue;
    double left = change.count;
    for (const std::size_t i : learners) {
      const Crew crew = week.crews[i];
      const double learn = std::min(left, crew.present[hour]);
      if (learn <= 0) continue;
      changed.crews[i].present[hour] -= learn;
      AddTo(changed, Trained(crew.profile, change.skills), crew.units, hour, learn);
      left -= learn;
    }
  }
  return changed;
}

}  // namespace

void AddTo(Week& week, const Profile& profile, std::uint32_t units, int hour, double count) {
  auto crew = std::find_if(week.crews.begin(), week.crews.end(), [&](const Crew& one) {
    return one.profile == profile && one.units == units;
  });
  if (crew == week.crews.end()) crew = week.crews.insert(crew, Crew{profile, units, {}});
  crew->present[hour] += count;
}

absl::StatusOr<Week> With(const Week& week, const Change& change) {
  if (absl::Status status = Check(change); !status.ok()) return status;
  if (change.what == Change::What::kTrain) return WithTrained(week, change);
  Week changed = week;
  const std::uint32_t units = UsualUnits(week);
  const Profile profile{change.skills, {}};
  for (int hour = 0; hour < kHoursOfWeek; ++hour) {
    if (Comes(change, hour)) AddTo(changed, profile, units, hour, change.count);
  }
  return changed;
}

}  // namespace usher::staffing
