// deploy/policies/README.md says what is so: its example and the YAML of each row compile.
#include "unit/libs/policy/readme.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "kit/tree/tree.h"
#include "unit/libs/policy/policy_files.h"

namespace usher::policy {
namespace {

TEST(Readme, ItsExampleCompiles) {
  const Policy made = Made(ReadmeExample());
  // Each route, and one more for the angry.
  ASSERT_EQ(made.routes.size(), 8u);
  EXPECT_EQ(made.routes[1].queue.view(), "returns");
  EXPECT_EQ(made.routes[1].priority, 4);
  EXPECT_EQ(made.routes[2].priority, 9);
  EXPECT_EQ(made.queues[0].steps.size(), 2u);
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
      const std::string path = kit::TreePath("tests/scenario/" + name + ".scenario");
      EXPECT_TRUE(std::filesystem::exists(path)) << row[0] << ": " << name;
    }
  }
}

}  // namespace
}  // namespace usher::policy
