// usher staff: how many agents a desk needs, of which skills, at which hour.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "support/status.h"
#include "usher/answer_json.h"
#include "usher/commands.h"
#include "usher/complain.h"
#include "usher/insights_client.h"
#include "usher/staff_change.h"
#include "usher/staff_text.h"

namespace usher {
namespace {

const std::vector<std::string> kDays = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

struct StaffOptions {
  std::string server = "127.0.0.1:7400";
  std::string desk;
  std::uint32_t weeks = 4;
  double wanted = 80;
  std::string zone;
  std::string day;
  std::vector<std::string> add;
  std::vector<std::string> train;
  bool suggest = false;
  std::string of;
  std::string format = "text";
};

absl::Status AddChanges(const std::vector<std::string>& texts, bool train,
                        v1::GetStaffingRequest& request) {
  for (const std::string& text : texts) {
    absl::StatusOr<v1::StaffingChange> change = ReadChange(text);
    if (!change.ok()) return change.status();
    change->set_train(train);
    *request.add_changes() = *std::move(change);
  }
  return absl::OkStatus();
}

absl::Status Run(const StaffOptions& options) {
  v1::GetStaffingRequest request;
  request.set_desk(options.desk);
  request.set_weeks(options.weeks);
  request.set_wanted(options.wanted / 100);
  request.set_time_zone(options.zone);
  const auto day = std::find(kDays.begin(), kDays.end(), options.day);
  if (day != kDays.end()) request.set_day(static_cast<std::uint32_t>(day - kDays.begin()) + 1);
  request.set_suggest(options.suggest);
  USHER_RETURN_IF_ERROR(AddChanges(options.add, /*train=*/false, request));
  USHER_RETURN_IF_ERROR(AddChanges(options.train, /*train=*/true, request));
  InsightsClient client(options.server);
  USHER_TRY(const v1::GetStaffingResponse response, client.Get(request));
  std::cout << (options.format == "json" ? AnswerJson(response)
                                         : StaffText(request, response, options.of));
  return absl::OkStatus();
}

}  // namespace

void AddStaff(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<StaffOptions>();
  CLI::App* staff = app.add_subcommand(
      "staff", "Says how many agents a desk needs, of which skills, at which hour");
  staff->add_option("--server", options->server, "Where the insights service is: HOST:PORT")
      ->capture_default_str();
  staff->add_option("--desk", options->desk, "Whose agents")->required();
  staff->add_option("--weeks", options->weeks, "From what was seen in so many weeks")
      ->check(CLI::Range(1, 12))
      ->capture_default_str();
  staff->add_option("--wanted", options->wanted, "Per cent to be answered in time")
      ->check(CLI::Range(1.0, 99.9))
      ->capture_default_str();
  staff->add_option("--zone", options->zone,
                    "The time zone of the hours, such as Europe/Kyiv; without it the desk's");
  CLI::Option* day =
      staff->add_option("--day", options->day, "Plays this day of the week: mon to sun")
          ->check(CLI::IsMember(kDays));
  CLI::Option* add =
      staff
          ->add_option("--add", options->add,
                       "What if so many more came: \"2 uk:60,orders 18-22\"; may come often")
          ->needs(day);
  CLI::Option* train =
      staff
          ->add_option("--train", options->train,
                       "What if so many of those there could do this, too: likewise")
          ->needs(day);
  staff->add_flag("--suggest", options->suggest, "Whom to add so that all targets are kept")
      ->needs(day)
      ->excludes(add)
      ->excludes(train);
  staff->add_option("--of", options->of, "The whole week of this queue or skill");
  staff->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  staff->callback([options, &exit_code] {
    const absl::Status status = Run(*options);
    exit_code = status.ok() ? kFine : Complain(status);
  });
}

}  // namespace usher
