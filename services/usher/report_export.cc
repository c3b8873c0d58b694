// A report for spreadsheets: CSV.
#include <array>
#include <cstdio>

#include "usher/report_numbers.h"
#include "usher/report_text.h"

namespace usher {
namespace {

constexpr const char* kTimes[] = {"first_response", "next_response", "offer_wait", "accept",
                                  "handling",       "resolution",    "abandon"};
constexpr const char* kTargets[] = {"first_response", "next_response", "resolution", "update"};
constexpr const char* kCauses[] = {"outage",         "with_agent", "offers_missed", "nobody_here",
                                   "nobody_skilled", "all_busy",   "other"};
constexpr int kRatings = 5;
constexpr const char* kOffers[] = {"made", "accepted", "declined", "expired", "rescinded"};

std::string Decimals(double number, const char* format = "%.3f") {
  std::array<char, 64> text{};
  const int size = std::snprintf(text.data(), text.size(), format, number);
  return {text.data(), static_cast<std::size_t>(size)};
}

// A cell as RFC 4180 has it. What a spreadsheet would take for a formula gets a quote before it.
std::string Cell(const std::string& text) {
  const bool formula = !text.empty() && std::string_view("=+-@").find(text[0]) != std::string::npos;
  const std::string plain = (formula ? "'" : "") + text;
  if (plain.find_first_of(",\"\r\n") == std::string::npos) return plain;
  std::string out = "\"";
  for (const char c : plain) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string Head() {
  std::string line =
      "group,key,placed,placed_before,scheduled,started,repeats,reopened,joined,rejected,answered,"
      "replies,resolved,abandoned,cancelled,transferred,requeued";
  for (const char* outcome : kOffers) line += std::string(",offers_") + outcome;
  for (const char* time : kTimes) {
    for (const char* what : {"mean", "p50", "p90", "p95", "p99"}) {
      line += std::string(",") + time + "_" + what;
    }
    line += std::string(",") + time + "_count";
  }
  for (const char* target : kTargets) {
    line += std::string(",") + target + "_met," + target + "_breached";
  }
  for (const char* cause : kCauses) line += std::string(",cause_") + cause;
  line += ",service_level,staffed,occupied,occupancy";
  for (int rating = 1; rating <= kRatings; ++rating) line += ",rated_" + std::to_string(rating);
  return line + ",rating,satisfied,wanted,lapsed,reviews,mark,marks\r\n";
}

// The criteria are the desk's own: one column, "tone=71.5 solution=80.0".
std::string MarksOf(const v1::ReportFigures& f) {
  std::string marks;
  for (const v1::ReportMark& mark : f.marks()) {
    marks += (marks.empty() ? "" : " ") + mark.criterion() + "=" + Decimals(mark.mean(), "%.1f");
  }
  return marks;
}

std::string Line(const std::string& group, const std::string& key, const v1::ReportFigures& f) {
  std::string line = group + "," + Cell(key);
  const auto count = [&line](std::uint64_t number) { line += "," + std::to_string(number); };
  for (const std::uint64_t number :
       {f.placed(), f.placed_before(), f.scheduled(), f.started(), f.repeats(), f.reopened(),
        f.joined(), f.rejected(), f.answered(), f.replies(), f.resolved(), f.abandoned(),
        f.cancelled(), f.transferred(), f.requeued()}) {
    count(number);
  }
  for (const char* outcome : kOffers) count(Offers(f, outcome));
  for (const v1::ReportTimes* time : {&f.first_response(), &f.next_response(), &f.offer_wait(),
                                      &f.accept(), &f.handling(), &f.resolution(), &f.abandon()}) {
    for (const double seconds :
         {time->mean(), time->p50(), time->p90(), time->p95(), time->p99()}) {
      line += "," + (time->count() > 0 ? Decimals(seconds) : std::string());
    }
    count(time->count());
  }
  for (const char* name : kTargets) {
    const v1::ReportTarget* target = TargetOf(f, name);
    count(target ? target->met() : 0);
    count(target ? target->breached() : 0);
  }
  const auto causes = CausesOf(f);
  for (const char* name : kCauses) {
    std::uint64_t found = 0;
    for (const auto& [cause, times] : causes) found += cause == name ? times : 0;
    count(found);
  }
  line += "," + (f.has_service_level() ? Decimals(f.service_level(), "%.4f") : std::string());
  line += "," + Decimals(f.staffed()) + "," + Decimals(f.occupied());
  line += "," + (f.has_occupancy() ? Decimals(f.occupancy(), "%.4f") : std::string());
  for (int i = 0; i < kRatings; ++i) {
    count(i < f.ratings().by_rating_size() ? f.ratings().by_rating(i) : 0);
  }
  const auto mean = [&line](bool there, double number) {
    line += "," + (there ? Decimals(number, "%.4f") : std::string());
  };
  mean(f.ratings().has_mean(), f.ratings().mean());
  mean(f.ratings().has_satisfied(), f.ratings().satisfied());
  for (const std::uint64_t number : {f.wanted(), f.lapsed(), f.reviews()}) count(number);
  mean(f.has_mark(), f.mark());
  return line + "," + Cell(MarksOf(f)) + "\r\n";
}

}  // namespace

std::string ReportCsv(const v1::GetReportResponse& report) {
  std::string out = Head() + Line("total", "", report.total());
  for (const v1::ReportSection& section : report.sections()) {
    for (const v1::ReportRow& row : section.rows()) {
      out += Line(GroupName(section.group_by()), row.key(), row.figures());
    }
  }
  return out;
}

}  // namespace usher
