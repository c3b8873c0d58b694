// usher report: what a desk did in a period.
#include <CLI/CLI.hpp>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "support/status.h"
#include "support/stepper.h"
#include "usher/answer_json.h"
#include "usher/commands.h"
#include "usher/complain.h"
#include "usher/insights_client.h"
#include "usher/report_html.h"
#include "usher/report_period.h"
#include "usher/report_text.h"
#include "wire/surface.h"

namespace usher {
namespace {

struct ReportOptions {
  std::string server = "127.0.0.1:7400";
  std::string desk;
  PeriodFlags period;
  std::string zone;
  std::vector<std::string> by;
  std::string format = "text";
  bool html = false;
  std::vector<std::string> queues;
  std::vector<std::string> channels;
  std::vector<std::string> topics;
  std::vector<std::string> languages;
  std::vector<std::string> agents;
};

const std::map<std::string, v1::ReportGroup>& Groups() {
  static const std::map<std::string, v1::ReportGroup> groups = [] {
    std::map<std::string, v1::ReportGroup> named;
    for (int i = v1::ReportGroup_MIN + 1; i <= v1::ReportGroup_MAX; ++i) {
      named[GroupName(static_cast<v1::ReportGroup>(i))] = static_cast<v1::ReportGroup>(i);
    }
    return named;
  }();
  return groups;
}

v1::GetReportRequest RequestOf(const ReportOptions& options, const std::string& zone,
                               const Period& period) {
  v1::GetReportRequest request;
  request.set_desk(options.desk);
  *request.mutable_from() = wire::ToTimestamp(period.from);
  *request.mutable_to() = wire::ToTimestamp(period.to);
  request.set_time_zone(zone);
  request.mutable_queues()->Assign(options.queues.begin(), options.queues.end());
  request.mutable_channels()->Assign(options.channels.begin(), options.channels.end());
  request.mutable_topics()->Assign(options.topics.begin(), options.topics.end());
  request.mutable_languages()->Assign(options.languages.begin(), options.languages.end());
  request.mutable_agents()->Assign(options.agents.begin(), options.agents.end());
  *request.mutable_before_from() = wire::ToTimestamp(period.before_from);
  return request;
}

// The desk's own time zone, if none is asked for: the days of the period are its days.
absl::StatusOr<std::string> ZoneName(const ReportOptions& options, InsightsClient& client,
                                     Instant now) {
  if (!options.zone.empty()) return options.zone;
  USHER_TRY(const v1::GetReportResponse answer,
            client.Get(RequestOf(options, "", {now, now + Duration(1), now})));
  return answer.time_zone();
}

// What the format shows: a page is made of more than the tables that were asked for.
void AskFor(const ReportOptions& options, const Period& period,
            const std::vector<v1::ReportGroup>& tables, v1::GetReportRequest& request) {
  const auto ask = [&request](v1::ReportGroup group) {
    for (const int there : request.group_by()) {
      if (there == group) return;
    }
    request.add_group_by(group);
  };
  for (const v1::ReportGroup group : tables) ask(group);
  if (options.format != "text" && options.format != "html") return;
  for (const v1::ReportGroup group :
       {v1::REPORT_GROUP_CHANNEL, v1::REPORT_GROUP_TOPIC, v1::REPORT_GROUP_LANGUAGE,
        v1::REPORT_GROUP_AGENT, v1::REPORT_GROUP_WEEKDAY_HOUR}) {
    ask(group);
  }
  if (options.format != "html") return;
  ask(v1::REPORT_GROUP_QUEUE);
  ask(period.to - period.from > 73h ? v1::REPORT_GROUP_DAY : v1::REPORT_GROUP_HOUR);
}

absl::Status Run(const ReportOptions& options) {
  InsightsClient client(options.server);
  const Instant now = WallNow();
  USHER_TRY(const std::string name, ZoneName(options, client, now));
  const std::optional<policy::TimeZone> zone = policy::TimeZone::Load(name);
  if (!zone) {
    return absl::InvalidArgumentError("--zone: " + name + " is no time zone that is known here");
  }
  USHER_TRY(const Period period, ReadPeriod(options.period, *zone, now));
  std::vector<v1::ReportGroup> tables;
  for (const std::string& by : options.by) tables.push_back(Groups().at(by));
  if (tables.empty() && options.format != "html") tables.push_back(v1::REPORT_GROUP_QUEUE);
  v1::GetReportRequest request = RequestOf(options, name, period);
  AskFor(options, period, tables, request);
  USHER_TRY(const v1::GetReportResponse report, client.Get(request));
  if (options.format == "csv") {
    std::cout << ReportCsv(report);
  } else if (options.format == "json") {
    std::cout << AnswerJson(report);
  } else if (options.format == "html") {
    std::cout << ReportHtml(options.desk, report, *zone);
  } else {
    std::cout << ReportText(options.desk, report, *zone, tables);
  }
  return absl::OkStatus();
}

void AddPeriod(CLI::App& command, PeriodFlags& period) {
  CLI::Option* day = command.add_flag("--day", period.day, "Today");
  CLI::Option* week = command.add_flag("--week", period.week,
                                       "Today and the six days before (also without a flag)");
  CLI::Option* month = command.add_flag("--month", period.month, "Today and the 29 days before");
  CLI::Option* from = command.add_option("--from", period.from, "The first day: 2026-11-16");
  command.add_option("--to", period.to, "The last day; without it today");
  day->excludes(week)->excludes(month)->excludes(from);
  week->excludes(month)->excludes(from);
  month->excludes(from);
}

}  // namespace

void AddReport(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<ReportOptions>();
  CLI::App* report = app.add_subcommand(
      "report", "Says what a desk did in a period: how fast, what went wrong and why");
  report->add_option("--server", options->server, "Where the insights service is: HOST:PORT")
      ->capture_default_str();
  report->add_option("--desk", options->desk, "Whose report")->required();
  AddPeriod(*report, options->period);
  report->add_option("--zone", options->zone,
                     "The time zone of days and hours, such as Europe/Kyiv; without it the desk's");
  std::vector<std::string> names;
  for (const auto& [name, group] : Groups()) names.push_back(name);
  report->add_option("--by", options->by, "A table, or rows, by this; may come often")
      ->check(CLI::IsMember(names));
  CLI::Option* format = report->add_option("--format", options->format, "text, csv, json or html")
                            ->check(CLI::IsMember({"text", "csv", "json", "html"}))
                            ->capture_default_str();
  report->add_flag("--html", options->html, "One page with charts: as --format html")
      ->excludes(format);
  report->add_option("--queue", options->queues, "Of this queue alone; may come often");
  report->add_option("--channel", options->channels, "Of this channel; likewise");
  report->add_option("--topic", options->topics, "Of this topic; likewise");
  report->add_option("--language", options->languages, "Of this language; likewise");
  report->add_option("--agent", options->agents, "Of this agent; likewise");
  report->callback([options, &exit_code] {
    if (options->html) options->format = "html";
    const absl::Status status = Run(*options);
    exit_code = status.ok() ? kFine : Complain(status);
  });
}

}  // namespace usher
