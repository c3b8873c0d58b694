#include "usher/environment.h"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

namespace usher {
namespace {

struct Line {
  CLI::App app{"usher"};
  std::string grpc = "none";
  bool no_sync = false;
  std::string file;

  Line() {
    CLI::App* up = app.add_subcommand("up")->add_subcommand("deep");
    up->add_option("--grpc", grpc);
    up->add_flag("--no-sync", no_sync);
    up->add_option("FILE", file);
    TakeFlagsFromEnvironment(app);
  }
  void Parse(std::vector<std::string> words) {
    std::reverse(words.begin(), words.end());
    app.parse(words);
  }
};

TEST(Environment, GivesFlagsThatTheLineLeavesOut) {
  setenv("USHER_GRPC", "from:1", 1);
  setenv("USHER_NO_SYNC", "true", 1);
  setenv("USHER_FILE", "nothing asks for it", 1);
  Line line;
  line.Parse({"up", "deep"});
  EXPECT_EQ(line.grpc, "from:1");
  EXPECT_TRUE(line.no_sync);
  EXPECT_EQ(line.file, "");
  Line other;
  other.Parse({"up", "deep", "--grpc", "line:2"});
  EXPECT_EQ(other.grpc, "line:2");
  for (const char* name : {"USHER_GRPC", "USHER_NO_SYNC", "USHER_FILE"}) unsetenv(name);
  Line plain;
  plain.Parse({"up", "deep"});
  EXPECT_EQ(plain.grpc, "none");
}

}  // namespace
}  // namespace usher
