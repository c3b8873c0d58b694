#include "usher/staff_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "usher/question_text.h"
#include "usher/report_numbers.h"

namespace usher {
namespace {

constexpr int kHoursOfDay = 24;
constexpr std::size_t kWorstHours = 12;  // of a list
constexpr std::array<const char*, 7> kDays = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

// With customers who leave, where that is known.
std::optional<std::uint32_t> Needed(const v1::StaffingHour& hour) {
  if (hour.has_agents()) return hour.agents();
  if (hour.has_agents_without_leaving()) return hour.agents_without_leaving();
  return std::nullopt;
}

std::string NeededText(const v1::StaffingHour& hour) {
  const std::optional<std::uint32_t> needed = Needed(hour);
  return needed ? std::to_string(*needed) : "no number";
}

double Missing(const v1::StaffingHour& hour) {
  const std::optional<std::uint32_t> needed = Needed(hour);
  return needed ? *needed - hour.present() : hour.arrivals();
}

std::string HourName(std::uint32_t hour) {
  return absl::StrFormat("%s %02d:00", kDays[hour / kHoursOfDay % 7], hour % kHoursOfDay);
}

struct Place {
  const v1::StaffingPool* pool;
  const v1::StaffingHour* hour;
};

template <class Pools>
void TellMissing(const char* what, const Pools& pools, std::string& page) {
  std::vector<Place> places;
  for (const v1::StaffingPool& pool : pools) {
    for (const v1::StaffingHour& hour : pool.hours()) {
      if (hour.arrivals() > 0 && Missing(hour) >= 0.5) places.push_back({&pool, &hour});
    }
  }
  if (places.empty()) {
    absl::StrAppend(&page, "By ", what, ": nobody is missing.\n\n");
    return;
  }
  std::stable_sort(places.begin(), places.end(), [](const Place& left, const Place& right) {
    return Missing(*left.hour) > Missing(*right.hour);
  });
  absl::StrAppend(&page, "By ", what, ", where agents are missing most (", places.size(),
                  " hours in all):\n",
                  absl::StrFormat("  %-24s %-10s %8s %10s %8s %8s %10s\n", what, "hour", "come",
                                  "handling", "needed", "there", "in time"));
  for (std::size_t i = 0; i < std::min(places.size(), kWorstHours); ++i) {
    const v1::StaffingHour& hour = *places[i].hour;
    absl::StrAppend(&page,
                    absl::StrFormat("  %-24s %-10s %8.1f %10s %8s %8.1f %9.0f%%\n",
                                    Printable(places[i].pool->name()), HourName(hour.hour()),
                                    hour.arrivals(), Seconds(hour.handling()), NeededText(hour),
                                    hour.present(), 100 * hour.answered_in_time()));
  }
  page += "\n";
}

// Needed and there, a column a day, a row an hour.
void TellWeek(const v1::StaffingPool& pool, std::string& page) {
  std::array<const v1::StaffingHour*, 7 * kHoursOfDay> hours{};
  for (const v1::StaffingHour& hour : pool.hours()) {
    if (hour.hour() < hours.size()) hours[hour.hour()] = &hour;
  }
  absl::StrAppend(&page, Printable(pool.name()), ": agents needed / there\n       ");
  for (const char* day : kDays) absl::StrAppend(&page, absl::StrFormat("%12s", day));
  page += "\n";
  for (int of_day = 0; of_day < kHoursOfDay; ++of_day) {
    std::string row = absl::StrFormat("  %02d:00", of_day);
    bool empty = true;
    for (int day = 0; day < 7; ++day) {
      const v1::StaffingHour* hour = hours[static_cast<std::size_t>(day * kHoursOfDay + of_day)];
      empty &= hour == nullptr;
      const std::string cell =
          hour == nullptr
              ? "."
              : absl::StrFormat("%s / %.1f", Needed(*hour) ? std::to_string(*Needed(*hour)) : "?",
                                hour->present());
      absl::StrAppend(&row, absl::StrFormat("%12s", cell));
    }
    if (!empty) absl::StrAppend(&page, row, "\n");
  }
  page += "\n";
}

const v1::StaffingPool* Find(const v1::GetStaffingResponse& response, const std::string& name) {
  for (const auto* pools : {&response.queues(), &response.skills()}) {
    for (const v1::StaffingPool& pool : *pools) {
      if (pool.name() == name) return &pool;
    }
  }
  return nullptr;
}

std::optional<double> ShareOf(const v1::PlayedDay& day, const std::string& queue) {
  for (const v1::PlayedQueue& played : day.queues()) {
    if (played.queue() != queue || played.hours().empty()) continue;
    const v1::PlayedHour& all = *played.hours().rbegin();
    if (all.placed() > 0) return all.in_time() / all.placed();
  }
  return std::nullopt;
}

void TellDay(const v1::GetStaffingRequest& request, const v1::GetStaffingResponse& response,
             std::string& page) {
  const bool changed = response.has_changed();
  absl::StrAppend(&page, kDays[(request.day() + 6) % 7],
                  ", played on the engine with the desk's "
                  "policy, ",
                  absl::StrFormat("%.0f", response.expected().placed()),
                  " inquiries; answered in time:\n",
                  absl::StrFormat("  %-24s %8s %10s%s\n", "queue", "come", "as it is",
                                  changed ? "    changed" : ""));
  for (const v1::PlayedQueue& queue : response.expected().queues()) {
    const auto before = ShareOf(response.expected(), queue.queue());
    const auto after = ShareOf(response.changed(), queue.queue());
    if (!before) continue;
    absl::StrAppend(&page, absl::StrFormat("  %-24s %8.1f %9.0f%%", Printable(queue.queue()),
                                           queue.hours().rbegin()->placed(), 100 * *before));
    if (changed && after) absl::StrAppend(&page, absl::StrFormat(" %9.0f%%", 100 * *after));
    page += "\n";
  }
  absl::StrAppend(&page, absl::StrFormat("  %-24s %8s %10.1f", "customers who leave", "",
                                         response.expected().abandoned()));
  if (changed) absl::StrAppend(&page, absl::StrFormat(" %10.1f", response.changed().abandoned()));
  page += "\n";
  if (response.expected().left_out() > 0) {
    absl::StrAppend(&page, absl::StrFormat("  %.1f inquiries are left out: the policy does not "
                                           "have their channel\n",
                                           response.expected().left_out()));
  }
  if (response.expected().share() < 1) {
    absl::StrAppend(&page,
                    absl::StrFormat("  played at %.2g of the shop's size, since it is large; "
                                    "the numbers are of all of it\n",
                                    response.expected().share()));
  }
  page += "\n";
}

// "+2 from 18:00 to 22:00" for each run of hours with the same number.
std::string RunsOf(const v1::StaffingMore& more) {
  std::string text;
  for (int from = 0; from < more.count_size();) {
    int to = from + 1;
    while (to < more.count_size() && more.count(to) == more.count(from)) ++to;
    if (more.count(from) > 0) {
      absl::StrAppend(&text, text.empty() ? "" : ", ",
                      absl::StrFormat("+%d from %02d:00 to %02d:00", more.count(from), from, to));
    }
    from = to;
  }
  return text;
}

void TellMore(const v1::GetStaffingResponse& response, std::string& page) {
  if (response.more().empty()) {
    page += "Nobody need be added.\n";
  } else {
    page += "Whom to add:\n";
  }
  for (const v1::StaffingMore& more : response.more()) {
    std::string who;
    for (const v1::Need& skill : more.skills()) {
      absl::StrAppend(&who, who.empty() ? "" : ", ", Printable(skill.skill()), " ", skill.level());
    }
    for (const v1::Attribute& attribute : more.attributes()) {
      absl::StrAppend(&who, who.empty() ? "" : ", ", Printable(attribute.name()), "=",
                      Printable(attribute.value()));
    }
    absl::StrAppend(&page, "  ", RunsOf(more), ": ", who.empty() ? "any" : who, "\n");
  }
  for (const std::string& queue : response.not_met()) {
    absl::StrAppend(&page, "  ", Printable(queue), " does not keep its target even then.\n");
  }
}

}  // namespace

std::string StaffText(const v1::GetStaffingRequest& request,
                      const v1::GetStaffingResponse& response, const std::string& pool) {
  std::string page = absl::StrFormat(
      "Staffing of %s, from what was seen in %.1f days; hours of %s, %.0f%% to be answered in "
      "time\n",
      Printable(request.desk()),
      static_cast<double>(response.to().seconds() - response.from().seconds()) / 86'400,
      Printable(response.time_zone()), 100 * (request.wanted() > 0 ? request.wanted() : 0.8));
  if (response.growth() != 1) {
    absl::StrAppend(&page, absl::StrFormat("The last week had %.2f times what the weeks before "
                                           "it had: that is counted on.\n",
                                           response.growth()));
  }
  page += "\n";
  if (!pool.empty()) {
    if (const v1::StaffingPool* found = Find(response, pool)) {
      TellWeek(*found, page);
    } else {
      absl::StrAppend(&page, "There is no queue with a target, and no skill of one, named ",
                      Printable(pool), ".\n\n");
    }
  } else {
    TellMissing("skill", response.skills(), page);
    TellMissing("queue", response.queues(), page);
  }
  if (response.has_expected()) TellDay(request, response, page);
  if (request.suggest()) TellMore(response, page);
  return page;
}

}  // namespace usher
