#include "usher/report_numbers.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/time.h"
#include "insights/sentences.h"

namespace usher {
namespace {

constexpr std::uint64_t kGrownAtLeast = 5;  // fewer more may be chance

using Rows = std::vector<const v1::ReportRow*>;

std::int64_t More(const v1::ReportFigures& figures) {
  return static_cast<std::int64_t>(figures.placed()) -
         static_cast<std::int64_t>(figures.placed_before());
}

void Cut(Rows& rows, std::size_t most) {
  if (rows.size() > most) rows.resize(most);
}

}  // namespace

std::string WithCommas(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, 1, ',');
  return text;
}

std::string Share(double part, double whole) {
  if (part <= 0 || whole <= 0) return "0%";
  const double percent = 100 * part / whole;
  if (percent < 1) return "under 1%";
  // What is not all of it is not told as all of it.
  const auto told = static_cast<int>(std::lround(percent));
  return std::to_string(part < whole ? std::min(told, 99) : told) + "%";
}

std::string MeanText(double mean) {
  const auto tenths = static_cast<std::uint64_t>(std::lround(mean * 10));
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

std::string Seconds(double seconds) {
  return insights::DurationText(Duration(static_cast<Duration::rep>(seconds * 1e6)));
}

std::string Plural(std::uint64_t count, const char* one, const char* many) {
  return WithCommas(count) + " " + (count == 1 ? one : many);
}

std::uint64_t Offers(const v1::ReportFigures& figures, const std::string& outcome) {
  for (const v1::NamedCount& offer : figures.offers()) {
    if (offer.name() == outcome) return offer.count();
  }
  return 0;
}

const v1::ReportTarget* TargetOf(const v1::ReportFigures& figures, const std::string& target) {
  for (const v1::ReportTarget& one : figures.targets()) {
    if (one.target() == target) return &one;
  }
  return nullptr;
}

std::vector<std::pair<std::string, std::uint64_t>> CausesOf(const v1::ReportFigures& figures) {
  std::map<std::string, std::uint64_t> sums;
  for (const v1::ReportTarget& target : figures.targets()) {
    for (const v1::NamedCount& cause : target.causes()) sums[cause.name()] += cause.count();
  }
  std::vector<std::pair<std::string, std::uint64_t>> causes(sums.begin(), sums.end());
  std::stable_sort(causes.begin(), causes.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  return causes;
}

std::uint64_t BreachesOf(const v1::ReportFigures& figures) {
  std::uint64_t breaches = 0;
  for (const v1::ReportTarget& target : figures.targets()) breaches += target.breached();
  return breaches;
}

std::string CauseText(const std::string& cause) {
  static const std::map<std::string, std::string> kTexts = {
      {"outage", "routing was down"},
      {"with_agent", "the agent who had it did not get to it"},
      {"offers_missed", "offers were declined or not answered"},
      {"nobody_here", "nobody was there for work"},
      {"nobody_skilled", "nobody with the skills was there"},
      {"all_busy", "all who could were busy"},
      {"other", "another reason, or not to be told"}};
  const auto found = kTexts.find(cause);
  return found == kTexts.end() ? cause : found->second;
}

const v1::ReportSection* SectionOf(const v1::GetReportResponse& report, v1::ReportGroup group) {
  for (const v1::ReportSection& section : report.sections()) {
    if (section.group_by() == group) return &section;
  }
  return nullptr;
}

bool BeforeIsKnown(const v1::GetReportResponse& report) {
  return report.has_before_from() && report.since().seconds() <= report.before_from().seconds();
}

Rows Grown(const v1::ReportSection& section, std::size_t most) {
  Rows rows;
  for (const v1::ReportRow& row : section.rows()) {
    if (More(row.figures()) >= static_cast<std::int64_t>(kGrownAtLeast)) rows.push_back(&row);
  }
  std::stable_sort(rows.begin(), rows.end(), [](const auto* a, const auto* b) {
    return More(a->figures()) > More(b->figures());
  });
  Cut(rows, most);
  return rows;
}

Rows Busiest(const v1::ReportSection& section, std::size_t most) {
  Rows rows;
  for (const v1::ReportRow& row : section.rows()) {
    if (row.figures().placed() > 0) rows.push_back(&row);
  }
  std::stable_sort(rows.begin(), rows.end(), [](const auto* a, const auto* b) {
    return a->figures().placed() > b->figures().placed();
  });
  Cut(rows, most);
  return rows;
}

Rows Loaded(const v1::ReportSection& section, std::size_t most) {
  Rows rows;
  double longest = 0;
  for (const v1::ReportRow& row : section.rows()) {
    longest = std::max(longest, row.figures().staffed());
  }
  for (const v1::ReportRow& row : section.rows()) {
    if (longest > 0 && row.figures().staffed() * 10 >= longest) rows.push_back(&row);
  }
  std::stable_sort(rows.begin(), rows.end(), [](const auto* a, const auto* b) {
    return a->figures().occupancy() > b->figures().occupancy();
  });
  Cut(rows, most);
  return rows;
}

std::string GrowthText(std::uint64_t now, std::uint64_t before) {
  if (before == 0) return now == 0 ? "none" : "new";
  const auto a = static_cast<double>(now);
  const auto b = static_cast<double>(before);
  if (now == before) return "as many";
  if (now > 2 * before) {
    const auto tenths = std::lround(10 * a / b);
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " times as many";
  }
  return now > before ? Share(a - b, b) + " more" : Share(b - a, b) + " fewer";
}

}  // namespace usher
