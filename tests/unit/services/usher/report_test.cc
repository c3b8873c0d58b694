#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "usher/answer_json.h"
#include "usher/report_charts.h"
#include "usher/report_html.h"
#include "usher/report_numbers.h"
#include "usher/report_period.h"
#include "usher/report_text.h"

namespace usher {
namespace {

const policy::TimeZone kKyiv = *policy::TimeZone::Load("Europe/Kyiv");
const Instant kNow = FromMicros(1'792'924'200'000'000);  // Sunday 25 October 2026, 10:30 UTC

void Count(v1::NamedCount* named, const char* name, std::uint64_t count) {
  named->set_name(name);
  named->set_count(count);
}

void Times(v1::ReportTimes* times, std::uint64_t count, double p50, double p90) {
  times->set_count(count);
  times->set_p50(p50);
  times->set_p90(p90);
}

v1::ReportRow* Row(v1::ReportSection* section, const std::string& key, std::uint64_t placed,
                   std::uint64_t before) {
  v1::ReportRow* row = section->add_rows();
  row->set_key(key);
  row->mutable_figures()->set_placed(placed);
  row->mutable_figures()->set_placed_before(before);
  return row;
}

// A week as a manager may have had it.
v1::GetReportResponse Week() {
  v1::GetReportResponse report;
  report.mutable_from()->set_seconds(1'792'357'200);  // Monday 19 October, midnight in Kyiv
  report.mutable_to()->set_seconds(1'792'924'200);
  report.mutable_before_from()->set_seconds(1'791'752'400);
  report.mutable_since()->set_seconds(1'700'000'000);
  report.mutable_as_of()->set_seconds(1'792'924'200);
  report.set_time_zone("Europe/Kyiv");
  report.set_relative_error(1.0 / 64);
  v1::ReportFigures* all = report.mutable_total();
  all->set_placed(1'240);
  all->set_placed_before(1'000);
  all->set_joined(310);
  all->set_repeats(85);
  all->set_answered(1'180);
  all->set_resolved(1'100);
  all->set_abandoned(22);
  Times(all->mutable_first_response(), 1'180, 42, 190);
  Times(all->mutable_abandon(), 22, 240, 400);
  all->set_service_level(0.9138);
  v1::ReportTarget* first = all->add_targets();
  first->set_target("first_response");
  first->set_met(1'060);
  first->set_breached(100);
  Count(first->add_causes(), "all_busy", 70);
  Count(first->add_causes(), "nobody_skilled", 30);
  Count(all->add_offers(), "made", 1'400);
  Count(all->add_offers(), "expired", 40);
  all->set_staffed(144'000);
  all->set_occupied(100'800);
  all->set_occupancy(0.7);

  v1::ReportSection* topics = report.add_sections();
  topics->set_group_by(v1::REPORT_GROUP_TOPIC);
  Row(topics, "delivery", 600, 590);
  Row(topics, "<refund> & \"co\"", 120, 50);
  Row(topics, "=cmd,\x1b[2J", 3, 0);
  v1::ReportSection* hours = report.add_sections();
  hours->set_group_by(v1::REPORT_GROUP_WEEKDAY_HOUR);
  Row(hours, "mon 10:00", 90, 0);
  Row(hours, "fri 18:00", 140, 0);
  v1::ReportSection* agents = report.add_sections();
  agents->set_group_by(v1::REPORT_GROUP_AGENT);
  v1::ReportFigures* ana = Row(agents, "ana", 0, 0)->mutable_figures();
  ana->set_staffed(72'000);
  ana->set_occupied(66'240);
  ana->set_occupancy(0.92);
  ana->set_resolved(410);
  v1::ReportFigures* ben = Row(agents, "ben", 0, 0)->mutable_figures();
  ben->set_staffed(72'000);
  ben->set_occupied(34'560);
  ben->set_occupancy(0.48);
  v1::ReportFigures* guest = Row(agents, "guest", 0, 0)->mutable_figures();
  guest->set_staffed(60);
  guest->set_occupied(60);
  guest->set_occupancy(1);
  v1::ReportSection* days = report.add_sections();
  days->set_group_by(v1::REPORT_GROUP_DAY);
  Row(days, "2026-10-19", 200, 0);
  return report;
}

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(ReportPeriod, IsDaysOfTheZoneAndComparesWithAsMany) {
  const auto at = [](int month, int day) { return kKyiv.DayStart(2026, month, day); };
  EXPECT_EQ(*ReadPeriod({}, kKyiv, kNow), (Period{at(10, 19), kNow, at(10, 12)}));
  EXPECT_EQ(*ReadPeriod({.day = true}, kKyiv, kNow), (Period{at(10, 25), kNow, at(10, 24)}));
  EXPECT_EQ(*ReadPeriod({.month = true}, kKyiv, kNow), (Period{at(9, 26), kNow, at(8, 27)}));
  EXPECT_EQ(*ReadPeriod({.from = "2026-10-20", .to = "2026-10-21"}, kKyiv, kNow),
            (Period{at(10, 20), at(10, 22), at(10, 18)}));
  EXPECT_EQ(ReadPeriod({.from = "2026-10-20"}, kKyiv, kNow)->to, kNow);
  for (const PeriodFlags& bad :
       {PeriodFlags{.to = "2026-10-20"}, PeriodFlags{.from = "20.10.2026"},
        PeriodFlags{.from = "2026-02-30"}, PeriodFlags{.from = "2026-1x-20"},
        PeriodFlags{.from = "2026-10-21", .to = "2026-10-20"}, PeriodFlags{.from = "2026-10-26"}}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ReadPeriod(bad, kKyiv, kNow).status())) << bad.from;
  }
  EXPECT_EQ(PeriodText(*ReadPeriod({}, kKyiv, kNow), kKyiv), "Mon 19 to Sun 25 October 2026");
  EXPECT_EQ(PeriodText(*ReadPeriod({.day = true}, kKyiv, kNow), kKyiv), "Sun 25 October 2026");
  EXPECT_EQ(PeriodText(*ReadPeriod({.month = true}, kKyiv, kNow), kKyiv),
            "Sat 26 September 2026 to Sun 25 October 2026");
  EXPECT_EQ(MomentText(kNow, kKyiv), "25 October 2026, 12:30");
}

TEST(ReportNumbers, ReadAsPeopleSayThem) {
  EXPECT_EQ(WithCommas(0), "0");
  EXPECT_EQ(WithCommas(999), "999");
  EXPECT_EQ(WithCommas(1'234'567), "1,234,567");
  EXPECT_EQ(Share(0, 0), "0%");
  EXPECT_EQ(Share(1, 1'000), "under 1%");
  EXPECT_EQ(Share(999, 1'000), "99%");
  EXPECT_EQ(Share(5, 5), "100%");
  EXPECT_EQ(GrowthText(5, 0), "new");
  EXPECT_EQ(GrowthText(5, 5), "as many");
  EXPECT_EQ(GrowthText(120, 50), "2.4 times as many");
  EXPECT_EQ(GrowthText(120, 100), "20% more");
  EXPECT_EQ(GrowthText(80, 100), "20% fewer");
}

TEST(ReportText, TellsWhatCameHowFastWhatWentWrongAndWhy) {
  const std::string text =
      ReportText("shop", Week(), kKyiv, {v1::REPORT_GROUP_TOPIC, v1::REPORT_GROUP_QUEUE});
  for (const char* line :
       {"Desk shop, Mon 19 to Sun 25 October 2026 (Europe/Kyiv)\n",
        "As far as decided by 25 October 2026, 12:30.\n",
        "  1,240 inquiries, 24% more (1,000 in as much time before). 310 further messages joined "
        "them.\n",
        "  85 (7%) repeat the same customer's topic; 0 reopen what was resolved.\n",
        "  1,180 inquiries got a first reply: half within 42s, nine of ten within 3m 10s.\n",
        "  Service level: 91% of first replies in time (1,060 kept, 100 missed).\n",
        "  100 targets were missed (first response 100):\n",
        "        70       70%  all who could were busy\n",
        "  22 customers went away, half of them after 4m at most.\n",
        "  Of 1,400 offers 40 were not answered and 0 declined.\n", "was 50: 2.4 times as many\n",
        "\nBusiest hours\n  fri 18:00",
        "  All agents: 1d 16h of work time, 70% of it with inquiries.\n", "\nBy topic\n"}) {
    EXPECT_TRUE(Has(text, line)) << line << "\nin\n" << text;
  }
  EXPECT_FALSE(Has(text, "Known from"));
  EXPECT_FALSE(Has(text, "guest")) << "one minute says nothing of who is loaded";
  EXPECT_FALSE(Has(text, "\x1b")) << "names must not move the cursor";
  EXPECT_LT(text.find("ana"), text.find("ben"));
}

TEST(ReportText, TellsWhatCustomersAndReviewersSaid) {
  v1::GetReportResponse report = Week();
  EXPECT_FALSE(Has(ReportText("shop", report, kKyiv, {}), "What was said"));
  v1::ReportFigures* all = report.mutable_total();
  for (const std::uint64_t count : {1, 0, 2, 10, 37}) all->mutable_ratings()->add_by_rating(count);
  all->mutable_ratings()->set_count(50);
  all->mutable_ratings()->set_mean(4.64);
  all->mutable_ratings()->set_satisfied(0.94);
  all->set_wanted(40);
  all->set_lapsed(3);
  all->set_reviews(31);
  all->set_mark(81.25);
  v1::ReportMark* mark = all->add_marks();
  mark->set_criterion("<tone>");
  mark->set_count(31);
  mark->set_mean(81.25);
  const std::string text = ReportText("shop", report, kKyiv, {v1::REPORT_GROUP_TOPIC});
  for (const char* line :
       {"\nWhat was said of it\n  50 customers rated: 4.6 of 5 in the mean, 94% gave 4 or 5.\n",
        "  31 reviews were made; 40 of the resolved were wanted for review; of 3 nobody made one "
        "in "
        "time.\n",
        "  Marks: 81.3 of 100 in the mean (<tone> 81.3).\n"}) {
    EXPECT_TRUE(Has(text, line)) << line << "\nin\n" << text;
  }
  const std::string page = ReportHtml("shop", report, kKyiv);
  EXPECT_TRUE(Has(page, "<b>4.6</b>"));
  EXPECT_TRUE(Has(page, "&lt;tone&gt;"));
  EXPECT_FALSE(Has(page, "<tone>"));
  const std::string csv = ReportCsv(report);
  EXPECT_TRUE(Has(csv, ",1,0,2,10,37,4.6400,0.9400,40,3,31,81.2500,<tone>=81.2\r\n")) << csv;
}

TEST(ReportText, ComparesWithNothingThatItDoesNotKnow) {
  v1::GetReportResponse report = Week();
  report.mutable_since()->set_seconds(report.from().seconds() + 3'600);
  const std::string text = ReportText("shop", report, kKyiv, {});
  EXPECT_TRUE(Has(text, "Known from 19 October 2026, 01:00 on.\n")) << text;
  EXPECT_FALSE(Has(text, "What grew"));
  EXPECT_FALSE(Has(text, "as much time before"));
}

TEST(ReportText, OfNothingIsShort) {
  v1::GetReportResponse report;
  report.mutable_to()->set_seconds(900);
  const std::string text = ReportText("shop", report, *policy::TimeZone::Load("UTC"), {});
  EXPECT_TRUE(Has(text, "  0 inquiries. 0 further messages joined them.\n")) << text;
  EXPECT_TRUE(Has(text, "  nothing was answered\n"));
  EXPECT_TRUE(Has(text, "and why\n  nothing\n"));
}

TEST(ReportCsv, HasALineForEachRowWithAsManyCells) {
  const std::string csv = ReportCsv(Week());
  EXPECT_EQ(csv.substr(0, 33), "group,key,placed,placed_before,sc");
  EXPECT_TRUE(Has(csv, "\r\ntotal,,1240,1000,"));
  EXPECT_TRUE(Has(csv, "\r\ntopic,\"<refund> & \"\"co\"\"\",120,50,"));
  EXPECT_TRUE(Has(csv, "\r\ntopic,\"'=cmd,")) << "no formula for a spreadsheet";
  EXPECT_TRUE(Has(csv, "\r\nweekday-hour,fri 18:00,140,"));
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 11);
  const std::size_t head_end = csv.find("\r\n");
  const auto commas = [&csv](std::size_t from) {
    const std::size_t end = csv.find("\r\n", from);
    return std::count(csv.begin() + static_cast<std::ptrdiff_t>(from),
                      csv.begin() + static_cast<std::ptrdiff_t>(end), ',');
  };
  EXPECT_EQ(commas(0), commas(head_end + 2));
}

TEST(ReportJson, IsOneLineWithEveryFigure) {
  const std::string json = AnswerJson(Week());
  EXPECT_EQ(std::count(json.begin(), json.end(), '\n'), 1);
  EXPECT_TRUE(Has(json, "\"placed\":\"1240\""));
  EXPECT_TRUE(Has(json, "\"cancelled\":\"0\""));
}

TEST(ReportHtml, IsOnePageThatNeedsNothingFromElsewhere) {
  const std::string page = ReportHtml("shop<1>", Week(), kKyiv);
  EXPECT_TRUE(Has(page, "<!DOCTYPE html>"));
  EXPECT_TRUE(Has(page, "prefers-color-scheme: dark"));
  EXPECT_TRUE(Has(page, "@media print"));
  EXPECT_TRUE(Has(page, "<svg role=\"img\" aria-label=\"Inquiries by hour of the week\""));
  EXPECT_TRUE(Has(page, "Desk shop&lt;1&gt;, Mon 19"));
  EXPECT_TRUE(Has(page, "&lt;refund&gt; &amp; &quot;co&quot;"));
  for (const char* not_in : {"<script", "http:", "https:", "url(", "@import",
                             "src=", "href=", "<refund>", "\x1b", "onload"}) {
    EXPECT_FALSE(Has(page, not_in)) << not_in;
  }
  const auto count = [&page](const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = page.find(part); at != std::string::npos; at = page.find(part, at + 1)) {
      ++found;
    }
    return found;
  };
  for (const char* tag :
       {"section", "table", "svg", "div", "tr", "td", "th", "g", "title", "text"}) {
    EXPECT_EQ(count("</" + std::string(tag) + ">"),
              count("<" + std::string(tag) + ">") + count("<" + std::string(tag) + " "))
        << tag;
  }
}

}  // namespace
}  // namespace usher
