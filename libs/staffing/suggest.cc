#include "staffing/suggest.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "staffing/change.h"
#include "staffing/need.h"
#include "support/status.h"

namespace usher::staffing {
namespace {

constexpr double kTooFew = 0.5;  // inquiries a day: no share to speak of

bool Below(const TrialHour& day, double wanted) {
  return day.placed >= kTooFew && day.in_time < wanted * day.placed;
}

int WorstHour(const TrialQueue& queue) {
  int worst = 0;
  double most = -1;
  for (int hour = 0; hour < kHoursOfDay; ++hour) {
    const double late = queue.hours[hour].placed - queue.hours[hour].in_time;
    if (late > most) {
      worst = hour;
      most = late;
    }
  }
  return worst;
}

// Just the skills and attributes that the queue names, if they are enough for it.
Profile Named(const Requirement& requirement) {
  std::map<SkillName, std::uint8_t> skills;
  std::set<Attribute> attributes;
  for (const Need& need : requirement.needs) {
    skills[need.skill] = std::max(skills[need.skill], need.level);
  }
  for (const Clause& clause : requirement.who) {
    if (clause.op == ClauseOp::kSkill) {
      skills[clause.skill.skill] = std::max(skills[clause.skill.skill], clause.skill.level);
    } else if (clause.op == ClauseOp::kAttribute) {
      attributes.insert(clause.attribute);
    }
  }
  Profile profile;
  for (const auto& [skill, level] : skills) profile.skills.push_back({skill, level});
  profile.attributes.assign(attributes.begin(), attributes.end());
  return profile;
}

struct Helper {
  Profile profile;
  std::uint32_t units = 1;
};

// Nothing: nobody whom we can think of may take from the queue.
std::optional<Helper> HelperFor(const Week& week, const Requirement& requirement) {
  std::optional<Helper> best;
  std::uint32_t units = 1;
  for (const Crew& crew : week.crews) {
    units = std::max(units, crew.units);
    if (!MayTake(requirement, crew.profile)) continue;
    if (!best || crew.profile.skills.size() < best->profile.skills.size()) {
      best = Helper{crew.profile, crew.units};
    }
  }
  if (best) return best;
  const Profile named = Named(requirement);
  if (!MayTake(requirement, named)) return std::nullopt;
  return Helper{named, units};
}

void Note(std::vector<More>& more, const Helper& helper, int hour, int count) {
  auto found = std::find_if(more.begin(), more.end(), [&](const More& one) {
    return one.profile == helper.profile && one.units == helper.units;
  });
  if (found == more.end()) found = more.insert(found, More{helper.profile, helper.units, {}});
  found->count[hour] += count;
}

}  // namespace

absl::StatusOr<Suggestion> Suggest(const Week& week, const Policy& policy, int weekday,
                                   double wanted, const SuggestOptions& options) {
  Suggestion suggestion;
  USHER_TRY(suggestion.before, Play(week, policy, weekday, options.trial));
  suggestion.after = suggestion.before;
  const int step = static_cast<int>(std::ceil(1 / suggestion.before.share));
  Week now = week;
  for (int round = 1; round < options.rounds_max; ++round) {
    bool added = false;
    for (const Queue& queue : policy.queues) {
      const auto seen = suggestion.after.queues.find(queue.name);
      if (seen == suggestion.after.queues.end() || !Below(seen->second.Day(), wanted)) continue;
      const std::optional<Helper> helper = HelperFor(now, queue.requirement);
      if (!helper) continue;
      const int hour = WorstHour(seen->second);
      AddTo(now, helper->profile, helper->units, weekday * kHoursOfDay + hour, step);
      Note(suggestion.more, *helper, hour, step);
      added = true;
    }
    if (!added) break;
    USHER_TRY(suggestion.after, Play(now, policy, weekday, options.trial));
  }
  for (const auto& [name, queue] : suggestion.after.queues) {
    if (Below(queue.Day(), wanted)) suggestion.not_met.push_back(name);
  }
  return suggestion;
}

}  // namespace usher::staffing
