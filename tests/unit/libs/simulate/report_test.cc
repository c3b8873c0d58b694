#include "simulate/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "unit/libs/simulate/reading.h"

namespace usher::simulate {
namespace {

using nlohmann::ordered_json;

constexpr const char kShop[] = R"(name: 'a "small" shop'
replications: 3
stop: {inquiries: 50}
classes:
  - {name: a, arrivals: {poisson: 75/h}, handling: {exp: 240s}, first_response: 20s}
  - {name: b, arrivals: {poisson: 10/h}, handling: {exp: 240s}, patience: {exp: 60s}}
agents: [{name: g1, count: 5}, {name: g2, count: 1}]
report: {thresholds: [250ms, 20s, 1h], busy_at: [0h, 3h]}
)";

std::vector<std::string> KeysOf(const ordered_json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

TEST(Report, HasTheKeysOfTheContract) {
  const auto json = ordered_json::parse(ToJson(Play(kShop)));
  EXPECT_THAT(KeysOf(json),
              testing::ElementsAre("name", "replications", "inquiries", "commands_per_s", "all",
                                   "classes", "agents", "busy_at"));
  EXPECT_EQ(json["name"], "a \"small\" shop");
  EXPECT_EQ(json["replications"], 3);
  EXPECT_EQ(json["inquiries"], 150);
  const std::vector<std::string> scope = {
      "arrived",     "blocked",    "abandoned",          "served",
      "unserved",    "p_blocked",  "p_abandoned",        "p_wait",
      "wait_mean_s", "wait_sd_s",  "wait_served_mean_s", "wait_abandoned_mean_s",
      "queue_mean",  "busy_mean",  "p_wait_gt",          "wait_quantile_s",
      "breached",    "p_breached", "lateness_mean_s",    "offers_per_inquiry"};
  EXPECT_EQ(KeysOf(json["all"]), scope);
  EXPECT_THAT(KeysOf(json["classes"]), testing::ElementsAre("a", "b"));
  EXPECT_EQ(KeysOf(json["classes"]["a"]), scope);
  EXPECT_THAT(KeysOf(json["all"]["p_wait"]), testing::ElementsAre("mean", "ci95"));
  EXPECT_THAT(KeysOf(json["all"]["p_wait_gt"]), testing::ElementsAre("0.25", "20", "3600"));
  EXPECT_THAT(KeysOf(json["all"]["wait_quantile_s"]),
              testing::ElementsAre("0.5", "0.95", "0.99", "1"));
  EXPECT_THAT(KeysOf(json["agents"]), testing::ElementsAre("g1", "g2"));
  EXPECT_THAT(KeysOf(json["agents"]["g1"]),
              testing::ElementsAre("count", "occupancy", "occupancy_spread", "served"));
  EXPECT_THAT(KeysOf(json["busy_at"]), testing::ElementsAre("0", "10800"));
  EXPECT_EQ(json["all"]["arrived"].get<int>(), json["classes"]["a"]["arrived"].get<int>() +
                                                   json["classes"]["b"]["arrived"].get<int>());
}

TEST(Report, OfOneReplicationHasIntervalsOfNoWidth) {
  Scenario scenario = Read(kShop);
  scenario.replications = 1;
  const auto json = ordered_json::parse(ToJson(Play(scenario)));
  EXPECT_EQ(json["all"]["wait_mean_s"]["ci95"], 0);  // a number in any case
  EXPECT_TRUE(json["all"]["wait_mean_s"]["mean"].is_number());
}

TEST(Report, LinesItsColumnsUp) {
  const std::string table = ToTable(Play(kShop));
  std::size_t width = 0;
  int rows = 0;
  for (std::size_t at = table.find("\narrived") + 1; table[at] != '\n';) {
    const std::size_t end = table.find('\n', at);
    std::size_t characters = 0;
    for (std::size_t i = at; i < end; ++i) characters += (table[i] & 0xc0) != 0x80 ? 1 : 0;
    if (width == 0) width = characters;
    EXPECT_EQ(characters, width) << table.substr(at, end - at);
    at = end + 1;
    ++rows;
  }
  EXPECT_GT(rows, 20);
}

TEST(Report, WritesSecondsAsKeys) {
  EXPECT_EQ(SecondsText(0s), "0");
  EXPECT_EQ(SecondsText(20s), "20");
  EXPECT_EQ(SecondsText(250ms), "0.25");
  EXPECT_EQ(SecondsText(1'000'000s), "1000000");
}

}  // namespace
}  // namespace usher::simulate
