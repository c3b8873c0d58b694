// Two binaries, one of which knows newer rules of deciding, make one sequence of decisions.
//
// There is no second logic yet. The newer binary of these tests knows one that differs in one
// thing: by logic 2 nothing is said to who asks for an agent's open work.
#include "router/logic.h"

#include <gtest/gtest.h>

#include "journal/topics.h"
#include "router/router.h"
#include "router/verifier.h"
#include "unit/services/router/rig.h"

namespace usher::router {
namespace {

Logic NewLogic() {
  Logic logic;
  logic.newest = 2;
  logic.decide = [](std::uint32_t version, engine::Engine& engine, const Command& command,
                    DecisionList& decided) {
    const std::size_t before = decided.size();
    engine.Apply(command, decided);
    if (version == 2 && std::holds_alternative<ShowWork>(command.body)) decided.resize(before);
  };
  return logic;
}

// Fails the test if a replay by the newer binary makes anything else of the log.
Verified Verify(Rig& rig, const Logic& logic) {
  Options options = rig.options;
  options.logic = logic;
  Verifier verifier(options, rig.commands(), rig.log(), 0, {});
  for (int i = 0; i < 1'000; ++i) {
    const auto progress = verifier.Step();
    EXPECT_TRUE(progress.ok()) << progress.status();
    if (!progress.ok() || *progress != Verifier::Progress::kMore) break;
  }
  EXPECT_EQ(verifier.verified().differences, 0U);
  return verifier.verified();
}

void Play(Rig& rig, History& history, int commands) {
  for (int i = 0; i < commands; ++i) {
    rig.Put("eu", history.Next());
    rig.Put("eu", ShowWork{AgentName::Of("agent-0")});
    rig.Pass(300ms);
    rig.StepAll();
  }
}

std::size_t Shown(Rig& rig) {
  std::size_t shown = 0;
  for (const wire::DecisionRecord& decided : rig.Decided()) {
    const auto* rejected = std::get_if<CommandRejected>(&decided.decision.body);
    const bool asked = rejected != nullptr && rejected->command == CommandBody(ShowWork{}).index();
    shown += asked || std::holds_alternative<WorkShown>(decided.decision.body) ? 1 : 0;
  }
  return shown;
}

void StartOld(Rig& rig, const std::string& name) {
  rig.options.logic = Logic();
  rig.Start(name);
}

void StartNew(Rig& rig, const std::string& name) {
  rig.options.logic = NewLogic();
  rig.Start(name);
}

TEST(LogicVersion, ANewBinaryKeepsToTheOldRulesUntilTheSwitch) {
  Rig rig;
  History history(1);
  StartNew(rig, "new");
  Play(rig, history, 20);
  rig.Settle();
  Verify(rig, Logic());  // as an old one would decide
  const std::size_t before = Shown(rig);
  EXPECT_GE(before, 20U);
  rig.PutControl(0, wire::LogicSwitch{2});
  Play(rig, history, 20);
  rig.Settle();
  EXPECT_EQ(Shown(rig), before);
  EXPECT_EQ(rig.Metric("new", "usher_router_logic_version"), 2);
  Verify(rig, NewLogic());
}

TEST(LogicVersion, AnOldBinaryStopsAtTheSwitchAndDecidesNothingWrong) {
  Rig rig;
  History history(1);
  StartOld(rig, "old");
  Play(rig, history, 10);
  rig.PutControl(0, wire::LogicSwitch{2});
  for (int i = 0; i < 10; ++i) rig.Put("eu", ShowWork{AgentName::Of("agent-0")});
  absl::Status status;
  for (int i = 0; i < 100 && status.ok(); ++i) status = rig.Step("old");
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
  EXPECT_NE(status.message().find("goes on by logic 2 from offset"), std::string::npos) << status;
  rig.Kill("old");
  StartOld(rig, "old");  // and does not serve at the next start
  status = absl::OkStatus();
  for (int i = 0; i < 100 && status.ok(); ++i) {
    status = rig.Step("old");
    EXPECT_FALSE(rig.process("old").health.serving(kServiceName));
  }
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  rig.Kill("old");
  StartNew(rig, "new");
  rig.Settle();
  Verify(rig, NewLogic());
  EXPECT_EQ(Shown(rig), 10U) << "by logic 2 nothing is said";
}

TEST(LogicVersion, InARollingUpgradeOldAndNewMakeOneSequence) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Rig rig(seed);
    rig.options.checkpoint_commands = 15;
    History history(seed);
    History dice(seed * 77);
    bool switched = false;
    for (int part = 0; part < 16; ++part) {
      for (const char* name : {"a", "b"}) {
        if (rig.Runs(name) && dice.Below(2) == 0) rig.Kill(name);
      }
      for (const char* name : {"a", "b"}) {
        if (rig.Runs(name)) continue;
        // Before the switch either binary may come, back to the old one too.
        if (switched || dice.Below(2) == 0) {
          StartNew(rig, name);
        } else {
          StartOld(rig, name);
        }
      }
      if (part == 9) {  // all are new now
        for (const char* name : {"a", "b"}) rig.Kill(name);
        for (const char* name : {"a", "b"}) StartNew(rig, name);
        rig.PutControl(0, wire::LogicSwitch{2});
        switched = true;
      }
      Play(rig, history, 4);
      if (dice.Below(3) == 0) rig.log().Rebalance(rig.options.group);
    }
    rig.Settle();
    const Verified verified = Verify(rig, NewLogic());
    EXPECT_GT(verified.decisions, 60U);
    EXPECT_EQ(verified.decisions, rig.Decided().size());
    if (testing::Test::HasFailure()) return;
  }
}

TEST(LogicVersion, ASnapshotKnowsTheRulesThatHold) {
  Rig rig;
  rig.options.checkpoint_commands = 5;
  History history(3);
  StartNew(rig, "a");
  Play(rig, history, 4);
  rig.PutControl(0, wire::LogicSwitch{2});
  Play(rig, history, 40);
  rig.Settle();
  rig.Kill("a");
  const std::size_t before = Shown(rig);
  StartNew(rig, "b");
  rig.Settle();
  EXPECT_LT(rig.Metric("b", "usher_router_commands_total"), 30) << "it replayed from the beginning";
  EXPECT_EQ(rig.Metric("b", "usher_router_logic_version"), 2);
  Play(rig, history, 10);
  rig.Settle();
  EXPECT_EQ(Shown(rig), before);
  Verify(rig, NewLogic());
}

}  // namespace
}  // namespace usher::router
