// deploy/policies/README.md says what is so: its example and the YAML of each row compile.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "unit/libs/policy/policy_files.h"

namespace usher::policy {
namespace {

std::string Readme() { return ReadFile("deploy/policies/README.md"); }

TEST(Readme, ItsExampleCompiles) {
  const std::string readme = Readme();
  const std::string opening = "```yaml\n";
  const std::size_t start = readme.find(opening) + opening.size();
  const Policy made = Made(readme.substr(start, readme.find("```", start) - start));
  // Each route, and one more for the angry.
  ASSERT_EQ(made.routes.size(), 8u);
  EXPECT_EQ(made.routes[1].queue.view(), "returns");
  EXPECT_EQ(made.routes[1].priority, 4);
  EXPECT_EQ(made.routes[2].priority, 9);
  EXPECT_EQ(made.queues[0].steps.size(), 2u);
}

// The cells of the table of rows, without their backticks.
std::vector<std::vector<std::string>> Rows() {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(Readme());
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| F")) continue;
    std::vector<std::string> cells;
    std::istringstream parts(line.substr(1));
    for (std::string cell; std::getline(parts, cell, '|');) {
      std::string plain;
      for (const char c : cell) plain += c == '`' ? std::string() : std::string(1, c);
      const std::size_t start = plain.find_first_not_of(' ');
      if (start == std::string::npos) continue;
      cells.push_back(plain.substr(start, plain.find_last_not_of(' ') + 1 - start));
    }
    rows.push_back(std::move(cells));
  }
  return rows;
}

// A policy in which `yaml` stands where the row says, and all is declared that rows refer to.
std::string Around(const std::string& of, const std::string& yaml) {
  const auto more = [&](std::string_view place) { return of == place ? yaml : std::string(); };
  const auto then = [&](std::string_view place) {
    return of == place ? ", " + yaml : std::string();
  };
  return "version: 1\nskills: [uk, en, returns]\nattributes: {team: [day, night]}\n"
         "channels: {chat: {" +
         more("channel") +
         "}}\ncalendars: {office: {time_zone: UTC, open: {mon: 09:00-18:00}}}\nsla: {live: {" +
         (of == "sla" ? yaml : "update: 1h") +
         "}}\nqueues:\n  - {name: general}\n  - {name: q, sla: live" + then("queue") +
         "}\nroutes:\n  - {name: r, match: {channel: chat, sentiment: negative}, queue: q" +
         then("route") + "}\notherwise: {queue: general}\n" + more("policy") + "\n";
}

TEST(Readme, TheYamlOfEachRowCompilesAndDoesSomething) {
  const auto rows = Rows();
  EXPECT_GT(rows.size(), 40u);
  for (const std::vector<std::string>& row : rows) {
    ASSERT_EQ(row.size(), 5u) << row[0];
    if (row[2] == "–") continue;
    const Policy made = Made(Around(row[2], row[3]));
    const bool built_in = row[3] == "offers: {decline_cooldown: 60s}" ||
                          row[3] == "offers: {missed_offers_max: 3}" ||
                          row[3] == "offer_window: 20s" || row[3] == "pending_holds: false";
    EXPECT_EQ(made == Made(Around("", "")), built_in) << row[0] << ": " << row[3];
  }
}

TEST(Readme, TheScenarioOfEachRowIsThere) {
  for (const std::vector<std::string>& row : Rows()) {
    std::istringstream names(row[4]);
    for (std::string name; std::getline(names >> std::ws, name, ',');) {
      const std::string path =
          std::string(USHER_SOURCE_DIR) + "/tests/scenario/" + name + ".scenario";
      EXPECT_TRUE(std::filesystem::exists(path)) << row[0] << ": " << name;
    }
  }
}

}  // namespace
}  // namespace usher::policy
