#include "insights/staffing.h"

#include <string>
#include <utility>
#include <vector>

#include "insights/desk_policy.h"
#include "insights/staffing_answer.h"
#include "insights/staffing_history.h"
#include "journal/topics.h"
#include "staffing/change.h"
#include "staffing/need.h"
#include "staffing/suggest.h"
#include "support/status.h"
#include "wire/surface.h"

namespace usher::insights {
namespace {

constexpr std::uint32_t kWeeks = 4;
constexpr double kWanted = 0.8;
constexpr std::int64_t kSlotsAWeek = 7 * kSlotsADay;

struct Asked {
  DeskName desk;
  std::int64_t weeks = kWeeks;
  double wanted = kWanted;
  int day = -1;  // none
  std::vector<staffing::Change> changes;
};

absl::StatusOr<staffing::Change> ReadChange(const v1::StaffingChange& asked) {
  staffing::Change change;
  change.what = asked.train() ? staffing::Change::What::kTrain : staffing::Change::What::kAdd;
  change.count = asked.count();
  std::map<SkillName, std::uint32_t> skills;
  for (const v1::Need& skill : asked.skills()) {
    USHER_TRY(const SkillName name,
              wire::ParseName<SkillName>("changes.skills.skill", skill.skill()));
    if (skill.level() < 1 || skill.level() > 100) {
      return absl::InvalidArgumentError("changes.skills.level: must be 1 to 100");
    }
    skills[name] = skill.level();
  }
  for (const auto& [name, level] : skills) {
    change.skills.push_back({name, static_cast<std::uint8_t>(level)});
  }
  if (asked.from_hour() >= 24) return absl::InvalidArgumentError("changes.from_hour: at most 23");
  if (asked.to_hour() > 24) return absl::InvalidArgumentError("changes.to_hour: at most 24");
  change.from = static_cast<int>(asked.from_hour());
  change.to = static_cast<int>(asked.to_hour());
  // What is left to say is said by what is done with it.
  const absl::StatusOr<staffing::Week> tried = staffing::With(staffing::Week(), change);
  if (!tried.ok()) {
    return absl::InvalidArgumentError("changes." + std::string(tried.status().message()));
  }
  return change;
}

absl::StatusOr<Asked> Read(const v1::GetStaffingRequest& request) {
  Asked asked;
  USHER_TRY(asked.desk, wire::ParseName<DeskName>("desk", request.desk()));
  if (request.weeks() > kStaffingWeeksMax) {
    return absl::InvalidArgumentError("weeks: at most " + std::to_string(kStaffingWeeksMax));
  }
  if (request.weeks() != 0) asked.weeks = request.weeks();
  if (request.wanted() != 0) asked.wanted = request.wanted();
  if (!(asked.wanted > 0 && asked.wanted < 1)) {
    return absl::InvalidArgumentError("wanted: must be above 0 and below 1");
  }
  if (request.day() > 7) return absl::InvalidArgumentError("day: 1 is Monday, 7 Sunday");
  asked.day = static_cast<int>(request.day()) - 1;
  if (request.changes_size() > kStaffingChangesMax) {
    return absl::InvalidArgumentError("changes: at most " + std::to_string(kStaffingChangesMax));
  }
  if (asked.day < 0 && (request.changes_size() > 0 || request.suggest())) {
    return absl::InvalidArgumentError("day: is missing; it is played for changes and suggest");
  }
  if (request.suggest() && request.changes_size() > 0) {
    return absl::InvalidArgumentError("suggest: not with changes");
  }
  for (const v1::StaffingChange& change : request.changes()) {
    USHER_TRY(asked.changes.emplace_back(), ReadChange(change));
  }
  return asked;
}

absl::Status CannotPlay(const absl::Status& status) {
  if (absl::IsCancelled(status)) return absl::CancelledError("nobody waits any more, or it stops");
  return absl::FailedPreconditionError("day: " + std::string(status.message()));
}

absl::Status PlayDay(const Asked& asked, const staffing::Week& week, const Policy& policy,
                     bool suggest, const Stopped& stopped, v1::GetStaffingResponse& response) {
  staffing::TrialOptions how;
  how.stopped = stopped;
  if (suggest) {
    const auto suggestion =
        staffing::Suggest(week, policy, asked.day, asked.wanted, {.trial = how});
    if (!suggestion.ok()) return CannotPlay(suggestion.status());
    Tell(*suggestion, response);
    return absl::OkStatus();
  }
  const auto expected = staffing::Play(week, policy, asked.day, how);
  if (!expected.ok()) return CannotPlay(expected.status());
  Tell(*expected, *response.mutable_expected());
  if (asked.changes.empty()) return absl::OkStatus();
  staffing::Week changed = week;
  for (const staffing::Change& change : asked.changes) {
    USHER_TRY(changed, staffing::With(changed, change));
  }
  const auto played = staffing::Play(changed, policy, asked.day, how);
  if (!played.ok()) return CannotPlay(played.status());
  Tell(*played, *response.mutable_changed());
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::GetStaffingResponse> GetStaffing(store::Store& store, std::int32_t partitions,
                                                    Zones& zones, log::Log& log,
                                                    const v1::GetStaffingRequest& request,
                                                    const Stopped& stopped) {
  USHER_TRY(const Asked asked, Read(request));
  USHER_TRY(const DeskZone zone, ZoneOf(asked.desk, request.time_zone(), zones));
  USHER_TRY(const FactPlace place, FindFacts(store, asked.desk, partitions));
  std::int64_t to = place.last;
  if (request.has_to()) {
    USHER_TRY(const Instant until, wire::FromTimestamp("to", request.to()));
    to = std::min(to, SlotOf(until));
  }
  const std::int64_t from = std::max(place.first, to - asked.weeks * kSlotsAWeek);
  USHER_TRY(const staffing::History history,
            ReadHistory(store, asked.desk, journal::PartitionOf(asked.desk, partitions), from,
                        std::max(from, to), zone.zone));
  if (history.from >= history.to) {
    return absl::FailedPreconditionError("desk: nothing is known of it in that time");
  }
  const absl::StatusOr<Policy> policy = PolicyOf(log, asked.desk);
  if (!policy.ok()) return policy.status();

  const staffing::Week week = staffing::Expect(history);
  v1::GetStaffingResponse response;
  response.set_time_zone(zone.name);
  *response.mutable_from() = wire::ToTimestamp(SlotStart(from));
  *response.mutable_to() = wire::ToTimestamp(SlotStart(to));
  response.set_growth(week.growth);
  Tell(staffing::Compute(week, *policy, asked.wanted), response);
  if (asked.day >= 0) {
    USHER_RETURN_IF_ERROR(PlayDay(asked, week, *policy, request.suggest(), stopped, response));
  }
  return response;
}

}  // namespace usher::insights
