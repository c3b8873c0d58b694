#include "usher/report_html.h"

#include <algorithm>
#include <vector>

#include "usher/report_charts.h"
#include "usher/report_numbers.h"
#include "usher/report_period.h"
#include "usher/report_text.h"

namespace usher {
namespace {

constexpr const char* kStyle = R"(
:root { color-scheme: light dark; --ink: #1d2530; --dim: #5b6675; --paper: #ffffff; --card: #f3f5f8;
  --line: #d5dbe3; --main: #2f6fc4; --deep: #14407f; --bad: #b3362b; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --dim: #9aa6b5; --paper: #14181e;
  --card: #1e242d; --line: #353e4a; --main: #5b9bef; --deep: #b9d6ff; --bad: #ff8b7e; } }
* { box-sizing: border-box; }
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; background: var(--paper);
  color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
p.dim, .dim { color: var(--dim); } p { margin: .3rem 0; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem;
  margin: 1.25rem 0; }
.tile { background: var(--card); border-radius: .5rem; padding: .75rem 1rem; }
.tile b { display: block; font-size: 1.5rem; } .bad { color: var(--bad); }
svg { width: 100%; height: auto; } svg text { fill: var(--dim); font-size: 11px; }
.rule { stroke: var(--line); }
.bar { fill: var(--main); opacity: .55; } .inner { fill: var(--deep); } .heat { fill: var(--main); }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .3rem .5rem; border-bottom: 1px solid var(--line); }
th:first-child, td:first-child { text-align: left; overflow-wrap: anywhere; }
th { color: var(--dim); font-weight: 600; }
.gauge { display: inline-block; width: 6rem; height: .6rem; background: var(--line);
  border-radius: .3rem; overflow: hidden; vertical-align: middle; margin-right: .5rem; }
.gauge span { display: block; height: 100%; background: var(--main); }
.wide { overflow-x: auto; }
@media print { body { margin: 0; max-width: none; font-size: 11pt; } .tile { border: 1px solid #999; }
  section { break-inside: avoid; } .gauge span, .bar, .inner, .heat { print-color-adjust: exact; } }
)";

Instant At(const google::protobuf::Timestamp& time) {
  return FromMicros(time.seconds() * 1'000'000 + time.nanos() / 1'000);
}

std::string Tile(const std::string& number, const std::string& words, bool bad = false) {
  return "<div class=\"tile\"><b" + std::string(bad ? " class=\"bad\"" : "") + ">" + Html(number) +
         "</b><span class=\"dim\">" + Html(words) + "</span></div>\n";
}

std::string Tiles(const v1::GetReportResponse& report) {
  const v1::ReportFigures& all = report.total();
  std::string out = "<div class=\"tiles\">\n";
  out += Tile(WithCommas(all.placed()),
              BeforeIsKnown(report) ? "inquiries, " + GrowthText(all.placed(), all.placed_before())
                                    : std::string("inquiries"));
  if (all.answered() > 0) {
    out += Tile(Seconds(all.first_response().p50()), "half had a first reply within");
    out += Tile(Seconds(all.first_response().p90()), "nine of ten within");
  }
  if (all.has_service_level()) {
    out += Tile(Share(all.service_level(), 1), "of first replies in time");
  }
  out += Tile(WithCommas(BreachesOf(all)), "targets missed", BreachesOf(all) > 0);
  out += Tile(WithCommas(all.resolved()), "resolved");
  out += Tile(WithCommas(all.abandoned()), "customers went away", all.abandoned() > 0);
  if (all.has_occupancy()) {
    out += Tile(Share(all.occupancy(), 1), "of agents' time with inquiries");
  }
  if (all.ratings().has_mean()) {
    out += Tile(MeanText(all.ratings().mean()),
                "of 5, what " + Plural(all.ratings().count(), "customer", "customers") + " gave");
  }
  if (all.has_mark()) {
    out += Tile(MeanText(all.mark()),
                "of 100, the mark of " + Plural(all.reviews(), "review", "reviews"));
  }
  return out + "</div>\n";
}

// By hours if there are few days, else by days.
std::string OverTime(const v1::GetReportResponse& report) {
  const v1::ReportSection* hours = SectionOf(report, v1::REPORT_GROUP_HOUR);
  const v1::ReportSection* section = hours ? hours : SectionOf(report, v1::REPORT_GROUP_DAY);
  if (!section || section->rows().empty()) return "";
  std::vector<Bar> placed;
  std::vector<Bar> times;
  std::uint64_t most = 0;
  double longest = 0;
  for (const v1::ReportRow& row : section->rows()) {
    const v1::ReportFigures& figures = row.figures();
    const std::string label = hours ? row.key().substr(11, 5) : row.key().substr(5);
    placed.push_back({label, row.key() + ": " + Plural(figures.placed(), "inquiry", "inquiries"),
                      static_cast<double>(figures.placed()), 0});
    const v1::ReportTimes& first = figures.first_response();
    times.push_back({label,
                     row.key() + ": " +
                         (first.count() > 0 ? "half within " + Seconds(first.p50()) +
                                                  ", nine of ten within " + Seconds(first.p90())
                                            : std::string("nothing answered")),
                     first.p90(), first.p50()});
    most = std::max<std::uint64_t>(most, figures.placed());
    longest = std::max(longest, first.p90());
  }
  const std::string by = hours ? "by hour" : "by day";
  return "<section><h2>What came, " + by + "</h2>\n" +
         BarChart("Inquiries " + by, placed, WithCommas(most)) +
         "</section>\n<section><h2>First replies, " + by +
         "</h2>\n<p class=\"dim\">Nine of ten were given within the whole bar, half within its "
         "lower part.</p>\n" +
         BarChart("First replies " + by, times, Seconds(longest)) + "</section>\n";
}

std::string Wrong(const v1::ReportFigures& all) {
  const std::uint64_t breaches = BreachesOf(all);
  if (breaches == 0) return "";
  std::string out =
      "<section><h2>Why targets were missed</h2>\n<table><tr><th>cause</th><th></th>"
      "<th>missed</th></tr>\n";
  for (const auto& [cause, count] : CausesOf(all)) {
    const double share = static_cast<double>(count) / static_cast<double>(breaches);
    out += "<tr><td>" + Html(CauseText(cause)) + "</td><td>" + Gauge(share) + Share(share, 1) +
           "</td><td>" + WithCommas(count) + "</td></tr>\n";
  }
  return out + "</table></section>\n";
}

// What customers gave, from 5 down, and what reviewers did.
std::string Said(const v1::ReportFigures& all) {
  std::string out;
  const v1::ReportRatings& ratings = all.ratings();
  if (ratings.count() > 0) {
    out +=
        "<section><h2>What customers gave</h2>\n<table><tr><th>rating</th><th></th>"
        "<th>customers</th></tr>\n";
    for (int i = ratings.by_rating_size() - 1; i >= 0; --i) {
      const auto count = static_cast<double>(ratings.by_rating(i));
      const double share = count / static_cast<double>(ratings.count());
      out += "<tr><td>" + std::to_string(i + 1) + "</td><td>" + Gauge(share) + Share(share, 1) +
             "</td><td>" + WithCommas(ratings.by_rating(i)) + "</td></tr>\n";
    }
    out += "</table></section>\n";
  }
  if (all.reviews() + all.wanted() == 0) return out;
  out += "<section><h2>Reviews</h2>\n<p class=\"dim\">" +
         Plural(all.reviews(), "review", "reviews") + " made; " + WithCommas(all.wanted()) +
         " of the resolved were wanted; of " + WithCommas(all.lapsed()) +
         " nobody made one in time.</p>\n";
  if (all.marks().empty()) return out + "</section>\n";
  out += "<table><tr><th>criterion</th><th></th><th>marks</th></tr>\n";
  for (const v1::ReportMark& mark : all.marks()) {
    out += "<tr><td>" + Html(mark.criterion()) + "</td><td>" + Gauge(mark.mean() / 100) +
           MeanText(mark.mean()) + "</td><td>" + WithCommas(mark.count()) + "</td></tr>\n";
  }
  return out + "</table></section>\n";
}

std::string Week(const v1::GetReportResponse& report) {
  const v1::ReportSection* section = SectionOf(report, v1::REPORT_GROUP_WEEKDAY_HOUR);
  if (!section || section->rows().empty()) return "";
  return "<section><h2>Busiest hours</h2>\n" +
         WeekChart("Inquiries by hour of the week", *section) + "</section>\n";
}

std::string Table(const v1::GetReportResponse& report, v1::ReportGroup group,
                  const std::string& title) {
  const v1::ReportSection* section = SectionOf(report, group);
  if (!section || section->rows().empty()) return "";
  std::string out = "<section><h2>" + title + "</h2>\n<div class=\"wide\"><table><tr><th>" +
                    GroupName(group) +
                    "</th><th>placed</th><th>against before</th><th>repeats</th><th>answered</th>"
                    "<th>half in</th><th>9 of 10 in</th><th>in time</th><th>missed</th>"
                    "<th>rating</th></tr>\n";
  for (const v1::ReportRow& row : section->rows()) {
    const v1::ReportFigures& f = row.figures();
    const bool answered = f.answered() > 0;
    out += "<tr><td>" + Html(row.key()) + "</td>";
    for (const std::string& cell :
         {WithCommas(f.placed()),
          BeforeIsKnown(report) ? GrowthText(f.placed(), f.placed_before()) : std::string("-"),
          WithCommas(f.repeats()), WithCommas(f.answered()),
          answered ? Seconds(f.first_response().p50()) : std::string("-"),
          answered ? Seconds(f.first_response().p90()) : std::string("-"),
          f.has_service_level() ? Share(f.service_level(), 1) : std::string("-"),
          WithCommas(BreachesOf(f)),
          f.ratings().has_mean() ? MeanText(f.ratings().mean()) : std::string("-")}) {
      out += "<td>" + Html(cell) + "</td>";
    }
    out += "</tr>\n";
  }
  return out + "</table></div></section>\n";
}

std::string Agents(const v1::GetReportResponse& report) {
  const v1::ReportSection* section = SectionOf(report, v1::REPORT_GROUP_AGENT);
  if (!section || section->rows().empty()) return "";
  std::string out =
      "<section><h2>Agents</h2>\n<div class=\"wide\"><table><tr><th>agent</th><th>there for</th>"
      "<th>with inquiries</th><th>replies</th><th>resolved</th><th>work on one, half in</th>"
      "<th>offers missed</th><th>declined</th><th>rating</th><th>mark</th></tr>\n";
  std::vector<const v1::ReportRow*> rows;
  for (const v1::ReportRow& row : section->rows()) rows.push_back(&row);
  std::stable_sort(rows.begin(), rows.end(), [](const auto* a, const auto* b) {
    return a->figures().occupancy() > b->figures().occupancy();
  });
  for (const v1::ReportRow* row : rows) {
    const v1::ReportFigures& f = row->figures();
    out += "<tr><td>" + Html(row->key()) + "</td><td>" + Seconds(f.staffed()) + "</td><td>" +
           Gauge(f.occupancy()) + Share(f.occupied(), f.staffed()) + "</td><td>" +
           WithCommas(f.replies()) + "</td><td>" + WithCommas(f.resolved()) + "</td><td>" +
           (f.handling().count() > 0 ? Seconds(f.handling().p50()) : std::string("-")) +
           "</td><td>" + WithCommas(Offers(f, "expired")) + "</td><td>" +
           WithCommas(Offers(f, "declined")) + "</td><td>" +
           (f.ratings().has_mean() ? MeanText(f.ratings().mean()) : std::string("-")) +
           "</td><td>" + (f.has_mark() ? MeanText(f.mark()) : std::string("-")) + "</td></tr>\n";
  }
  return out + "</table></div></section>\n";
}

}  // namespace

std::string ReportHtml(const std::string& desk, const v1::GetReportResponse& report,
                       const policy::TimeZone& zone) {
  const Period period{At(report.from()), At(report.to())};
  const std::string title = "Desk " + desk + ", " + PeriodText(period, zone);
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
      Html(title) + "</title>\n<style>" + kStyle + "</style>\n</head>\n<body>\n<h1>" + Html(title) +
      "</h1>\n<p class=\"dim\">Time zone " + Html(report.time_zone());
  if (report.has_as_of()) {
    out += "; as far as decided by " + MomentText(At(report.as_of()), zone);
  }
  if (At(report.since()) > period.from) {
    out += "; known from " + MomentText(At(report.since()), zone) + " on";
  }
  out += ". Times are within " + Share(report.relative_error(), 1) + ".</p>\n";
  out += Tiles(report) + OverTime(report) + Wrong(report.total()) + Said(report.total()) +
         Week(report);
  out += Table(report, v1::REPORT_GROUP_QUEUE, "Queues");
  out += Table(report, v1::REPORT_GROUP_TOPIC, "Topics");
  out += Table(report, v1::REPORT_GROUP_CHANNEL, "Channels");
  out += Table(report, v1::REPORT_GROUP_LANGUAGE, "Languages");
  return out + Agents(report) + "</body>\n</html>\n";
}

}  // namespace usher
