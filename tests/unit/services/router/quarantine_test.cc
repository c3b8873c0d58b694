// A command that crashes every engine holds its desk, and its desk only, until it is released.
#include <gtest/gtest.h>

#include <set>

#include "journal/topics.h"
#include "router/quarantines.h"
#include "router/router.h"
#include "router/verifier.h"
#include "unit/services/router/rig.h"

namespace usher::router {
namespace {

struct Crash {};  // thrown where a process would die

const InquiryId kPoison = InquiryId::FromNumber(666);

Logic Fragile() {
  Logic logic;
  logic.decide = [](std::uint32_t, engine::Engine& engine, const Command& command,
                    DecisionList& decided) {
    const auto* abandon = std::get_if<AbandonInquiry>(&command.body);
    if (abandon != nullptr && abandon->inquiry == kPoison) throw Crash();
    engine.Apply(command, decided);
  };
  return logic;
}

PlaceInquiry AChat(std::uint64_t number) {
  PlaceInquiry place;
  place.inquiry = InquiryId::FromNumber(number);
  place.features.channel = ChannelName::Of("chat");
  return place;
}

std::int64_t EndOf(Rig& rig) { return rig.All(journal::kCommands).back().offset; }

class Quarantine : public testing::Test {
 protected:
  Quarantine() {
    rig_.options.logic = Fragile();
    rig_.options.checkpoint_commands = 6;
    for (const char* desk : {"eu", "us"}) {
      rig_.Put(desk, ApplyPolicy{ShopPolicy()});
      rig_.Put(desk, RegisterAgent{AgentName::Of("ana"), {{SkillName::Of("help"), 50}}, 3, {}});
      rig_.Put(desk, SetPresence{AgentName::Of("ana"), Presence::kAvailable});
    }
  }

  // A life of the process: true if it ends by a crash.
  bool CrashesIn(const std::string& name) {
    try {
      for (int i = 0; i < 200; ++i) {
        rig_.StepAll();
        rig_.Pass(50ms);
      }
      return false;
    } catch (const Crash&) {
      rig_.Kill(name);
      return true;
    }
  }

  // What the next life finds in its file, and reports.
  void Strike(std::int64_t offset, std::uint64_t life) {
    const struct Strike strike { rig_.commands().log_ids[0], 0, offset, DeskName::Of("eu"), life };
    ASSERT_TRUE(AppendAndWait(rig_.log(), {StrikeEntry(strike)}).ok());
  }

  // Two lives end at `offset`; the third is running.
  void CrashTwice(std::int64_t offset) {
    for (const std::uint64_t life : {11U, 12U}) {
      rig_.Start("a");
      ASSERT_TRUE(CrashesIn("a"));
      Strike(offset, life + static_cast<std::uint64_t>(offset));
    }
    rig_.Start("a");
    ASSERT_FALSE(CrashesIn("a"));
  }

  void ExpectVerified() {
    Verifier verifier(rig_.options, rig_.commands(), rig_.log(), 0, {});
    for (int i = 0; i < 1'000; ++i) {
      const auto progress = verifier.Step();
      ASSERT_TRUE(progress.ok()) << progress.status();
      if (*progress != Verifier::Progress::kMore) break;
    }
    EXPECT_EQ(verifier.verified().differences, 0U);
    EXPECT_EQ(verifier.verified().decisions, rig_.Decided().size());
  }

  // Inquiries of the desk that were placed.
  std::set<InquiryId> Placed(const std::string& desk) {
    std::set<InquiryId> placed;
    for (const wire::DecisionRecord& decided : rig_.Decided()) {
      const auto* body = std::get_if<InquiryPlaced>(&decided.decision.body);
      if (body != nullptr && decided.desk == DeskName::Of(desk)) placed.insert(body->inquiry);
    }
    return placed;
  }

  double Quarantined(const std::string& name) {
    return rig_.Metric(name, "usher_router_desks_quarantined");
  }

  Rig rig_;
};

const InquiryId kFirst = InquiryId::FromNumber(1);
const InquiryId kSecond = InquiryId::FromNumber(2);

TEST_F(Quarantine, ACommandThatCrashesTwiceHoldsItsDeskAndNoOther) {
  rig_.Put("eu", AbandonInquiry{kPoison});
  const std::int64_t poison = EndOf(rig_);
  rig_.Put("eu", AChat(1));
  rig_.Put("us", AChat(2));
  rig_.Start("a");
  ASSERT_TRUE(CrashesIn("a"));
  Strike(poison, 11);
  Strike(poison, 11);  // reported twice: one life is one strike
  rig_.Start("a");
  ASSERT_TRUE(CrashesIn("a")) << "one strike is not enough";
  Strike(poison, 12);
  rig_.Start("a");
  ASSERT_FALSE(CrashesIn("a"));
  EXPECT_EQ(Quarantined("a"), 1);
  EXPECT_EQ(Placed("eu"), std::set<InquiryId>{});
  EXPECT_EQ(Placed("us"), std::set{kSecond});
  EXPECT_TRUE(rig_.process("a").health.serving(kServiceName));
  ExpectVerified();
  // The next owner holds it too, from a snapshot that was made meanwhile.
  for (std::uint64_t i = 10; i < 40; ++i) rig_.Put("us", AChat(i));
  rig_.Settle();
  rig_.Kill("a");
  rig_.Start("b");
  ASSERT_FALSE(CrashesIn("b"));
  EXPECT_LT(rig_.Metric("b", "usher_router_commands_total"), 40) << "no snapshot was used";
  EXPECT_EQ(Quarantined("b"), 1);
  ExpectVerified();
}

TEST_F(Quarantine, AReleaseDecidesWhatWasHeldWithoutTheCommandThatCrashed) {
  rig_.Put("eu", AbandonInquiry{kPoison});
  const std::int64_t poison = EndOf(rig_);
  rig_.Put("eu", AChat(1));
  CrashTwice(poison);
  rig_.Put("us", AChat(2));
  rig_.Settle();
  rig_.PutControl(0, wire::DeskRelease{DeskName::Of("eu"), {poison}});
  const std::int64_t release = EndOf(rig_);
  rig_.Settle();
  EXPECT_EQ(Placed("eu"), std::set{kFirst});
  EXPECT_EQ(Quarantined("a"), 0);
  for (const wire::DecisionRecord& decided : rig_.Decided()) {
    const auto* placed = std::get_if<InquiryPlaced>(&decided.decision.body);
    if (placed == nullptr || placed->inquiry != kFirst) continue;
    EXPECT_EQ(decided.stamp.offset, release);
    EXPECT_LT(decided.decision.at, decided.command_at) << "it waits since it came";
  }
  rig_.Put("eu", AChat(3));
  rig_.Settle();
  EXPECT_TRUE(Placed("eu").contains(InquiryId::FromNumber(3)));
  ExpectVerified();
  rig_.Kill("a");
  rig_.Start("b");
  ASSERT_FALSE(CrashesIn("b"));
  EXPECT_EQ(Quarantined("b"), 0);
  ExpectVerified();
}

TEST_F(Quarantine, AReleaseThatCrashesIsHeldLikeAllElse) {
  rig_.Put("eu", AbandonInquiry{kPoison});
  const std::int64_t poison = EndOf(rig_);
  rig_.Put("eu", AChat(1));
  CrashTwice(poison);
  rig_.Kill("a");
  rig_.PutControl(0, wire::DeskRelease{DeskName::Of("eu"), {}});  // with the poison
  CrashTwice(EndOf(rig_));
  EXPECT_EQ(Quarantined("a"), 1);
  EXPECT_TRUE(Placed("eu").empty());
  ExpectVerified();
  rig_.Kill("a");
  rig_.options.logic = Logic();  // a router that can
  rig_.Start("b");
  ASSERT_FALSE(CrashesIn("b"));
  EXPECT_EQ(Quarantined("b"), 1) << "held until it is released";
  rig_.PutControl(0, wire::DeskRelease{DeskName::Of("eu"), {}});
  rig_.Settle();
  EXPECT_EQ(Placed("eu"), std::set{kFirst});
  EXPECT_EQ(Quarantined("b"), 0);
  ExpectVerified();
}

TEST_F(Quarantine, ACommandHoldsADeskAsWell) {
  rig_.Start("a");
  rig_.PutControl(0, wire::DeskHold{DeskName::Of("eu")});
  rig_.PutControl(0, wire::DeskHold{DeskName::Of("eu")});  // again: nothing more
  rig_.Put("eu", AChat(1));
  for (std::uint64_t i = 10; i < 40; ++i) rig_.Put("us", AChat(i));
  rig_.Settle();
  EXPECT_EQ(Quarantined("a"), 1);
  EXPECT_TRUE(Placed("eu").empty());
  rig_.Kill("a");
  rig_.Start("b");
  ASSERT_FALSE(CrashesIn("b"));
  EXPECT_LT(rig_.Metric("b", "usher_router_commands_total"), 40) << "no snapshot was used";
  EXPECT_EQ(Quarantined("b"), 1);
  rig_.PutControl(0, wire::DeskRelease{DeskName::Of("eu"), {}});
  rig_.PutControl(0, wire::DeskRelease{DeskName::Of("eu"), {}});  // of what is not held
  rig_.Settle();
  EXPECT_EQ(Placed("eu"), std::set{kFirst});
  ExpectVerified();
}

TEST_F(Quarantine, StrikesMeanNothingWhereAnEngineGotBy) {
  rig_.Put("eu", AbandonInquiry{kPoison});
  const std::int64_t poison = EndOf(rig_);
  rig_.options.logic = Logic();
  rig_.Start("a");
  ASSERT_FALSE(CrashesIn("a"));
  Strike(poison, 11);
  Strike(poison, 12);
  rig_.Kill("a");
  rig_.Start("b");
  ASSERT_FALSE(CrashesIn("b"));
  EXPECT_EQ(Quarantined("b"), 0);
  ExpectVerified();
}

// Held, worked on beside, released: whoever dies at whatever moment, the decisions are the same.
TEST_F(Quarantine, KilledBeforeAnyStepTheDecisionsAreThoseOfAnUndisturbedRun) {
  const auto run = [](int killed_before, bool moves) {
    Rig rig(5);
    rig.options.logic = Fragile();
    rig.options.checkpoint_every = std::chrono::hours(1000);
    rig.Put("eu", ApplyPolicy{ShopPolicy()});
    rig.Put("us", ApplyPolicy{ShopPolicy()});
    rig.Put("eu", AbandonInquiry{kPoison});
    const Hold hold{DeskName::Of("eu"), EndOf(rig)};
    EXPECT_TRUE(AppendAndWait(rig.log(), {HoldEntry(rig.commands().log_ids[0], 0, hold)}).ok());
    rig.Start("a");
    History eu(8);
    History us(9);
    for (int step = 0; step < 40; ++step) {
      if (step == killed_before) {
        rig.Kill("a");
        if (moves) rig.Start("b");
        rig.Start("a");
        for (int i = 0; i < 20; ++i) rig.StepAll();
      }
      rig.Put(step % 2 == 0 ? "eu" : "us", step % 2 == 0 ? eu.Next() : us.Next());
      if (step == 25) rig.PutControl(0, wire::DeskRelease{hold.desk, {hold.offset}});
      rig.Pass(300ms);
      rig.StepAll();
    }
    rig.Settle();
    return rig.Decided();
  };
  const auto undisturbed = run(-1, false);
  ASSERT_GT(undisturbed.size(), 40U);
  for (int step = 0; step < 40; ++step) {
    SCOPED_TRACE(step);
    const auto disturbed = run(step, step % 2 == 1);
    ASSERT_EQ(disturbed.size(), undisturbed.size());
    for (std::size_t i = 0; i < disturbed.size(); ++i) {
      ASSERT_EQ(disturbed[i].stamp.offset, undisturbed[i].stamp.offset) << i;
      ASSERT_EQ(disturbed[i].stamp.index, undisturbed[i].stamp.index) << i;
      ASSERT_EQ(disturbed[i].decision, undisturbed[i].decision) << i;
    }
  }
}

}  // namespace
}  // namespace usher::router
