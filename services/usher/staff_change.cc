#include "usher/staff_change.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace usher {
namespace {

absl::Status Bad(std::string_view text, std::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("'", std::string(text), "': ", std::string(why),
                                                 "; write it as \"2 uk:60,orders 18-22\""));
}

bool ReadSkills(const std::string& text, v1::StaffingChange& change) {
  const std::vector<std::string> parts = absl::StrSplit(text, ',');
  for (const std::string& part : parts) {
    const std::vector<std::string> name_level = absl::StrSplit(part, ':');
    std::uint32_t level = 100;
    if (name_level.size() > 2 || name_level[0].empty()) return false;
    if (name_level.size() == 2 && !absl::SimpleAtoi(name_level[1], &level)) return false;
    v1::Need* skill = change.add_skills();
    skill->set_skill(name_level[0]);
    skill->set_level(level);
  }
  return true;
}

bool ReadHours(const std::string& text, v1::StaffingChange& change) {
  const std::vector<std::string> hours = absl::StrSplit(text, '-');
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  if (hours.size() != 2 || !absl::SimpleAtoi(hours[0], &from) || !absl::SimpleAtoi(hours[1], &to)) {
    return false;
  }
  change.set_from_hour(from);
  change.set_to_hour(to);
  return true;
}

}  // namespace

absl::StatusOr<v1::StaffingChange> ReadChange(std::string_view text) {
  const std::vector<std::string> parts =
      absl::StrSplit(absl::string_view(text.data(), text.size()), ' ', absl::SkipEmpty());
  if (parts.size() < 2 || parts.size() > 3) return Bad(text, "has two or three parts");
  v1::StaffingChange change;
  std::uint32_t count = 0;
  if (!absl::SimpleAtoi(parts[0], &count)) return Bad(text, "begins with a number of agents");
  change.set_count(count);
  if (!ReadSkills(parts[1], change)) return Bad(text, "names skills, with levels behind a colon");
  change.set_to_hour(24);
  if (parts.size() == 3 && !ReadHours(parts[2], change)) {
    return Bad(text, "ends with hours of the day");
  }
  return change;
}

}  // namespace usher
