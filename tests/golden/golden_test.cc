// What a release decided, this build decides too: every decision by value, every hash of a state.
#include "golden/golden.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "journal/command_log.h"
#include "kit/tree/tree.h"
#include "router/verifier.h"
#include "wire/records.h"

namespace usher::golden {
namespace {

std::vector<std::string> Files() {
  std::set<std::string> files;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(kit::TreePath("tests/golden"))) {
    if (entry.path().extension() == ".gz") files.insert(entry.path().string());
  }
  return {files.begin(), files.end()};
}

router::Verified Replay(const Recorded& recorded) {
  Replayed replayed(recorded);
  const auto commands = journal::ReadCommandLog(replayed.log());
  EXPECT_TRUE(commands.ok()) << commands.status();
  const router::Options options;
  router::Verifier verifier(options, *commands, replayed.log(), 0, {});
  while (true) {
    const auto progress = verifier.Step();
    EXPECT_TRUE(progress.ok()) << progress.status();
    if (!progress.ok() || *progress != router::Verifier::Progress::kMore) break;
  }
  for (const router::Difference& difference : verifier.TakeDifferences()) {
    ADD_FAILURE() << "command " << difference.stamp.offset << ", decision "
                  << difference.stamp.index << ", kind " << static_cast<int>(difference.kind);
    break;  // `usher verify` shows such a thing in full; the first is enough here
  }
  return verifier.verified();
}

TEST(Golden, LogsOfReleasesAreDecidedAsTheyWere) {
  const std::vector<std::string> files = Files();
  ASSERT_FALSE(files.empty());
  for (const std::string& file : files) {
    SCOPED_TRACE(file);
    const absl::StatusOr<Recorded> recorded = Read(file);
    ASSERT_TRUE(recorded.ok()) << recorded.status();
    const router::Verified verified = Replay(*recorded);
    EXPECT_EQ(verified.decisions, recorded->decisions.size());
    EXPECT_GE(verified.checkpoints, 20U);
    EXPECT_LT(std::filesystem::file_size(file), 300'000U);
    std::printf("%s: %zu commands, %zu decisions, %zu hashes\n", file.c_str(),
                recorded->commands.size(), recorded->decisions.size(),
                static_cast<std::size_t>(verified.checkpoints));
  }
}

TEST(Golden, LogsHaveCommandsAndDecisionsOfAllKinds) {
  std::set<std::size_t> commands;
  std::set<std::size_t> decisions;
  for (const std::string& file : Files()) {
    const absl::StatusOr<Recorded> recorded = Read(file);
    ASSERT_TRUE(recorded.ok()) << recorded.status();
    for (const log::Record& record : recorded->commands) {
      const auto command = wire::DecodeCommand(record.value);
      if (const auto* one = std::get_if<wire::CommandRecord>(&*command)) {
        commands.insert(one->command.body.index());
      }
    }
    for (const log::Record& record : recorded->decisions) {
      decisions.insert(wire::DecodeDecision(record.value)->decision.body.index());
    }
  }
  EXPECT_EQ(commands.size(), std::variant_size_v<CommandBody>);
  EXPECT_GE(decisions.size(), std::variant_size_v<DecisionBody> - 3);
}

TEST(Golden, OneChangedTimeIsADifference) {
  const absl::StatusOr<Recorded> recorded = Read(Files().front());
  ASSERT_TRUE(recorded.ok());
  Recorded changed = *recorded;
  for (std::size_t i = changed.commands.size() / 2; i < changed.commands.size(); ++i) {
    changed.commands[i].at += 1ms;
  }
  Replayed replayed(changed);
  const auto commands = journal::ReadCommandLog(replayed.log());
  const router::Options options;
  router::Verifier verifier(options, *commands, replayed.log(), 0, {});
  ASSERT_TRUE(verifier.Step().ok());
  EXPECT_GT(verifier.verified().differences, 0U);
}

}  // namespace
}  // namespace usher::golden
