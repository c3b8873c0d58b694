// Each tests/scenario/*.scenario is one test on the engine and one on the reference engine.
#include "kit/scenario.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "kit/reference_engine.h"
#include "kit/tree/tree.h"

namespace usher::kit {
namespace {

// The stems of all scenario files, sorted.
std::vector<std::string> Stems() {
  std::vector<std::string> stems;
  for (const auto& entry : std::filesystem::directory_iterator(kit::TreePath("tests/scenario"))) {
    if (entry.path().extension() == ".scenario") stems.push_back(entry.path().stem());
  }
  std::sort(stems.begin(), stems.end());
  return stems;
}

class Scenarios : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    const std::string file = "tests/scenario/" + GetParam() + ".scenario";
    std::ifstream in(kit::TreePath(file));
    std::ostringstream text;
    text << in.rdbuf();
    ASSERT_TRUE(in) << file;
    ReadResult read = ReadScenario(file, text.str());
    ASSERT_EQ(read.error, "");
    scenario_ = std::move(read.scenario);
    ASSERT_FALSE(scenario_.steps.empty()) << file << " does nothing";
  }

  Scenario scenario_;
};

TEST_P(Scenarios, HoldOnTheEngine) {
  EngineBehind<engine::Engine> engine(scenario_.limits);
  const std::string failure = Play(scenario_, engine);
  EXPECT_TRUE(failure.empty()) << failure;
}

TEST_P(Scenarios, HoldOnTheReferenceEngine) {
  EngineBehind<ReferenceEngine> engine(scenario_.limits);
  const std::string failure = Play(scenario_, engine);
  EXPECT_TRUE(failure.empty()) << failure;
}

TEST_P(Scenarios, ReadBackAsTheyWereWritten) {
  const std::string written = WriteScenario(scenario_);
  const ReadResult again = ReadScenario("written", written);
  ASSERT_EQ(again.error, "") << written;
  EXPECT_EQ(WriteScenario(again.scenario), written);
  ASSERT_EQ(again.scenario.steps.size(), scenario_.steps.size());
  EXPECT_EQ(again.scenario.limits, scenario_.limits);
  for (std::size_t i = 0; i < scenario_.steps.size(); ++i) {
    EXPECT_EQ(again.scenario.steps[i].command, scenario_.steps[i].command)
        << scenario_.file << ":" << scenario_.steps[i].line;
  }
}

INSTANTIATE_TEST_SUITE_P(All, Scenarios, testing::ValuesIn(Stems()), [](const auto& info) {
  std::string name = info.param;
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
});

}  // namespace
}  // namespace usher::kit
