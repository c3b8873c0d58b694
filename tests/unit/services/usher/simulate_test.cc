#include "usher/simulate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "usher/commands.h"

namespace usher {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr const char kScenario[] = R"(name: shop
replications: 2
stop: {inquiries: 200}
classes:
  - {name: a, arrivals: {poisson: 75/h}, handling: {exp: 240s}, patience: {exp: 60s}}
agents: [{name: g, count: 5}]
)";

class SimulateCommand : public testing::Test {
 protected:
  SimulateCommand() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(testing::TempDir()) /
              (std::string("simulate_") + test->name() + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
  }
  ~SimulateCommand() override { std::filesystem::remove_all(folder_); }

  std::string Path(const std::string& name) const { return (folder_ / name).string(); }
  std::string Write(const std::string& name, const std::string& text) const {
    std::ofstream(Path(name)) << text;
    return Path(name);
  }
  std::string ReadBack(const std::string& name) const {
    std::ifstream in(Path(name));
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
  }

  struct Result {
    int exit_code = -1;
    std::string out;
    std::string err;
  };
  static Result Run(const SimulateOptions& options) {
    Result result;
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    result.exit_code = Simulate(options);
    result.out = testing::internal::GetCapturedStdout();
    result.err = testing::internal::GetCapturedStderr();
    return result;
  }
  static Result RunJson(const std::string& file) { return Run({.file = file, .json = true}); }

 private:
  std::filesystem::path folder_;
};

TEST_F(SimulateCommand, PrintsOneJsonObjectTheSameEachTime) {
  const std::string file = Write("s.yaml", kScenario);
  const Result first = RunJson(file);
  EXPECT_EQ(first.exit_code, kFine) << first.err;
  EXPECT_EQ(first.out, Run({.file = file, .threads = 2, .json = true}).out);
  const auto json = nlohmann::json::parse(first.out);
  EXPECT_EQ(json["inquiries"], 400);
  EXPECT_THAT(first.err, HasSubstr("commands/s"));
}

TEST_F(SimulateCommand, PrintsATable) {
  const Result result = Run({.file = Write("s.yaml", kScenario)});
  EXPECT_EQ(result.exit_code, kFine);
  EXPECT_THAT(result.out, StartsWith("shop: 400 inquiries in 2 replications"));
}

TEST_F(SimulateCommand, TakesSeedAndReplicationsFromTheCommandLine) {
  const std::string file = Write("s.yaml", kScenario);
  const Result seven = Run({.file = file, .seed = 7, .json = true});
  EXPECT_NE(seven.out, RunJson(file).out);
  EXPECT_EQ(seven.out, RunJson(Write("t.yaml", kScenario + std::string("seed: 7\n"))).out);
  const auto json = nlohmann::json::parse(Run({.file = file, .replications = 3, .json = true}).out);
  EXPECT_EQ(json["replications"], 3);
  EXPECT_EQ(json["inquiries"], 600);
}

TEST_F(SimulateCommand, WritesEveryDecisionTheSameEachTime) {
  const std::string file = Write("s.yaml", kScenario);
  EXPECT_EQ(Run({.file = file, .decisions = Path("one")}).exit_code, kFine);
  EXPECT_EQ(Run({.file = file, .decisions = Path("two"), .threads = 2}).exit_code, kFine);
  const std::string decisions = ReadBack("one");
  EXPECT_EQ(decisions, ReadBack("two"));
  std::istringstream lines(decisions);
  std::string line;
  int placed = 0;
  std::int64_t before = 0;
  int replication = 1;
  while (std::getline(lines, line)) {
    const auto json = nlohmann::json::parse(line);
    if (json["replication"] != replication) {
      EXPECT_EQ(json["replication"], ++replication);
      before = 0;
    }
    EXPECT_GE(json["at_us"].get<std::int64_t>(), before);
    before = json["at_us"];
    if (json.contains("inquiryPlaced")) ++placed;
  }
  EXPECT_EQ(placed, 400);
  EXPECT_EQ(replication, 2);
}

TEST_F(SimulateCommand, RefusesABadFileWithThePlace) {
  const std::string file = Write("s.yaml", "stop: {inquiries: 1}\nclases: []\n");
  const Result result = Run({.file = file});
  EXPECT_EQ(result.exit_code, kBadUsage);
  EXPECT_THAT(result.err, HasSubstr(file + ":2:1: no key 'clases' in a scenario"));
  EXPECT_EQ(result.out, "");
}

TEST_F(SimulateCommand, RefusesAFileThatIsNotThere) {
  const Result result = Run({.file = Path("none.yaml")});
  EXPECT_EQ(result.exit_code, kBadUsage);
  EXPECT_THAT(result.err, HasSubstr("none.yaml: cannot be read"));
}

TEST_F(SimulateCommand, FindsFilesBesideTheScenario) {
  Write("t.csv", "0\n5\n");
  const Result result = RunJson(Write("s.yaml", R"(replications: 1
stop: {inquiries: 2}
classes: [{name: a, arrivals: {trace: t.csv}, handling: {fixed: 10s}}]
agents: [{name: g, count: 1}]
)"));
  EXPECT_EQ(result.exit_code, kFine) << result.err;
  EXPECT_EQ(nlohmann::json::parse(result.out)["all"]["wait_mean_s"]["mean"], 2.5);
}

TEST_F(SimulateCommand, TellsWhatTheEngineRefuses) {
  std::string needs;
  for (int i = 0; i < 70; ++i) needs += (i > 0 ? ", s" : "s") + std::to_string(i);
  const Result result = RunJson(Write("s.yaml",
                                      "stop: {inquiries: 2}\nclasses: [{name: a, arrivals: "
                                      "{poisson: 1/h}, handling: {fixed: 10s}}]\nagents: "
                                      "[{name: g, count: 1, skills: [" +
                                          needs + "]}]\n"));
  EXPECT_EQ(result.exit_code, kBadUsage);
  EXPECT_THAT(result.err, HasSubstr("agent group 'g': it has more than 64 skills"));
}

}  // namespace
}  // namespace usher
