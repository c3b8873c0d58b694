// The verifier finds nothing where nothing is wrong, and each thing that may be wrong where it is.
#include "router/verifier.h"

#include <gtest/gtest.h>

#include <functional>

#include "journal/topics.h"
#include "unit/services/router/rig.h"

namespace usher::router {
namespace {

using Kind = Difference::Kind;

// A history of two desks that a router decided, with snapshots on the way.
void MakeHistory(Rig& rig, int commands) {
  rig.options.checkpoint_commands = 20;
  rig.options.chunk_bytes = 300;
  rig.Start("a");
  History eu(3);
  History us(4);
  for (int i = 0; i < commands; ++i) {
    rig.Put(i % 3 == 2 ? "us" : "eu", i % 3 == 2 ? us.Next() : eu.Next());
    rig.Pass(500ms);
    rig.StepAll();
  }
  rig.Settle();
}

Verifier::Progress RunToEnd(Verifier& verifier) {
  while (true) {
    const auto progress = verifier.Step();
    EXPECT_TRUE(progress.ok()) << progress.status();
    if (!progress.ok() || *progress != Verifier::Progress::kMore) {
      return progress.value_or(Verifier::Progress::kDone);
    }
  }
}

// Another log with the same commands and times, and with the decisions as `change` leaves them.
class Copied {
 public:
  Copied(Rig& rig, const std::function<void(std::vector<log::Record>&)>& change)
      : commands_(rig.commands()),
        log_(log::SimLogOptions{.seed = 1, .clock = [this] { return now_; }}) {
    for (const log::TopicSpec& spec : journal::Topics(1)) {
      EXPECT_TRUE(log_.CreateTopic(spec).ok());
    }
    auto decisions = rig.All(journal::kDecisions);
    change(decisions);
    Append(rig.All(journal::kCommands));
    Append(decisions);
  }

  Verifier Open(const Options& options, const VerifyRange& range = {}) {
    return Verifier(options, commands_, log_, 0, range);
  }

 private:
  void Append(const std::vector<log::Record>& records) {
    now_ = Instant();  // each topic from its own beginning
    const auto appender = *log_.OpenAppender();
    for (const log::Record& record : records) {
      now_ = std::max(now_, record.at);
      EXPECT_TRUE(appender->Append({record.from, record.key, record.value, {}}, 1).ok());
    }
    EXPECT_TRUE(appender->Flush(1s).ok());
  }

  const journal::CommandLog commands_;
  Instant now_;
  log::SimLog log_;
};

// The one difference that `change` makes.
Difference TheDifference(const std::function<void(std::vector<log::Record>&)>& change) {
  Rig rig;
  MakeHistory(rig, 60);
  Copied copied(rig, change);
  Verifier verifier = copied.Open(rig.options);
  RunToEnd(verifier);
  std::vector<Difference> differences = verifier.TakeDifferences();
  EXPECT_FALSE(differences.empty());
  return differences.empty() ? Difference{} : differences.front();
}

wire::DecisionRecord DecisionOf(const log::Record& record) {
  return *wire::DecodeDecision(record.value);
}

TEST(Verifier, FindsEveryDecisionAndEveryHashAsTheReplayMakesIt) {
  Rig rig;
  MakeHistory(rig, 100);
  Verifier verifier(rig.options, rig.commands(), rig.log(), 0, {});
  EXPECT_EQ(RunToEnd(verifier), Verifier::Progress::kCaughtUp);
  EXPECT_EQ(verifier.verified().differences, 0U);
  EXPECT_EQ(verifier.verified().decisions, rig.Decided().size());
  EXPECT_GT(verifier.verified().checkpoints, 3U);
  EXPECT_EQ(verifier.verified().first, 1);
  EXPECT_EQ(verifier.verified().last, rig.Decided().back().stamp.offset);
}

TEST(Verifier, GoesOnAsTheLogsGrow) {
  Rig rig;
  MakeHistory(rig, 30);
  Verifier verifier(rig.options, rig.commands(), rig.log(), 0, {});
  RunToEnd(verifier);
  const std::uint64_t before = verifier.verified().decisions;
  rig.Put("eu", ApplyPolicy{ShopPolicy()});
  RunToEnd(verifier);
  EXPECT_EQ(verifier.verified().decisions, before) << "ahead of the router";
  rig.Settle();
  RunToEnd(verifier);
  EXPECT_GT(verifier.verified().decisions, before);
  EXPECT_EQ(verifier.verified().differences, 0U);
}

TEST(Verifier, ComparesTheRangeThatItIsAskedForAndNoMore) {
  Rig rig;
  MakeHistory(rig, 60);
  Copied copied(rig, [](std::vector<log::Record>& decisions) {
    auto first = DecisionOf(decisions.front());
    first.command_at += 1s;  // before the range: not looked at
    decisions.front().value = wire::EncodeDecision(first);
  });
  Verifier verifier = copied.Open(rig.options, {20, 40});
  EXPECT_EQ(RunToEnd(verifier), Verifier::Progress::kDone);
  EXPECT_EQ(verifier.verified().differences, 0U);
  EXPECT_EQ(verifier.verified().first, 20);
  EXPECT_LE(verifier.verified().last, 40);
  EXPECT_GT(verifier.verified().decisions, 10U);
}

TEST(Verifier, BeginsAtASnapshotIfAsked) {
  Rig rig;
  MakeHistory(rig, 200);
  telemetry::Metrics metrics;
  Gauges gauges(metrics);
  Verifier verifier(rig.options, rig.commands(), rig.log(), 0, {});
  ASSERT_TRUE(verifier.BeginAtSnapshot(gauges).ok());
  EXPECT_GT(verifier.next_command(), 100);
  rig.Put("eu", ApplyPolicy{ShopPolicy()});
  rig.Settle();
  RunToEnd(verifier);
  EXPECT_EQ(verifier.verified().differences, 0U);
  EXPECT_GT(verifier.verified().decisions, 0U);
  EXPECT_EQ(verifier.verified().last, rig.Decided().back().stamp.offset);
}

TEST(Verifier, SaysWhereADecisionIsAnother) {
  Stamp changed;
  const Difference difference = TheDifference([&](std::vector<log::Record>& decisions) {
    for (log::Record& record : decisions) {
      auto decision = DecisionOf(record);
      auto* const checkpointed = std::get_if<Checkpointed>(&decision.decision.body);
      if (checkpointed == nullptr) continue;
      checkpointed->hash ^= 1;  // one bit of one state
      record.value = wire::EncodeDecision(decision);
      changed = decision.stamp;
      return;
    }
  });
  EXPECT_EQ(difference.kind, Kind::kDiffers);
  EXPECT_EQ(difference.stamp, changed);
  ASSERT_TRUE(difference.in_log && difference.replayed);
  EXPECT_EQ(std::get<Checkpointed>(difference.in_log->decision.body).hash ^ 1,
            std::get<Checkpointed>(difference.replayed->decision.body).hash);
}

TEST(Verifier, SaysWhichDecisionIsMissing) {
  Stamp gone;
  const Difference difference = TheDifference([&](std::vector<log::Record>& decisions) {
    gone = DecisionOf(decisions[30]).stamp;
    decisions.erase(decisions.begin() + 30);
  });
  EXPECT_EQ(difference.kind, Kind::kMissing);
  EXPECT_EQ(difference.stamp, gone);
}

TEST(Verifier, SaysWhichDecisionIsOneTooMany) {
  Stamp extra;
  const Difference difference = TheDifference([&](std::vector<log::Record>& decisions) {
    auto decision = DecisionOf(decisions[30]);
    decision.stamp.index += 1'000;
    extra = decision.stamp;
    log::Record record = decisions[30];
    record.value = wire::EncodeDecision(decision);
    decisions.insert(decisions.begin() + 31, record);
  });
  EXPECT_EQ(difference.kind, Kind::kExtra);
  EXPECT_EQ(difference.stamp, extra);
}

TEST(Verifier, TakesCopiesAndFindsOneThatIsNone) {
  Rig rig;
  MakeHistory(rig, 60);
  Copied good(rig, [](std::vector<log::Record>& decisions) {
    decisions.insert(decisions.begin() + 30, decisions.begin() + 10, decisions.begin() + 20);
  });
  Verifier fine = good.Open(rig.options);
  RunToEnd(fine);
  EXPECT_EQ(fine.verified().differences, 0U);
  EXPECT_EQ(fine.verified().copies, 10U);

  const Difference difference = TheDifference([](std::vector<log::Record>& decisions) {
    auto decision = DecisionOf(decisions[12]);
    decision.decision.at += 1ms;
    log::Record record = decisions[12];
    record.value = wire::EncodeDecision(decision);
    decisions.insert(decisions.begin() + 30, record);
  });
  EXPECT_EQ(difference.kind, Kind::kCopyDiffers);
}

TEST(Verifier, SaysWhatIsNoDecisionOrAnotherLogs) {
  EXPECT_EQ(TheDifference([](std::vector<log::Record>& decisions) {
              decisions[20].value = "not a decision";
            }).kind,
            Kind::kUnreadable);
  EXPECT_EQ(TheDifference([](std::vector<log::Record>& decisions) {
              auto decision = DecisionOf(decisions[20]);
              decision.stamp.log = LogId::Of("another");
              decisions[20].value = wire::EncodeDecision(decision);
            }).kind,
            Kind::kAlien);
}

TEST(Verifier, AsksToTryAgainWhereADecisionSpeaksOfACommandThatIsNotThere) {
  Rig rig;
  MakeHistory(rig, 60);
  Copied copied(rig, [](std::vector<log::Record>& decisions) {
    auto decision = DecisionOf(decisions.back());
    decision.stamp.offset += 1'000;
    decisions.back().value = wire::EncodeDecision(decision);
  });
  Verifier verifier = copied.Open(rig.options);
  absl::Status status;
  for (int i = 0; i < 1'000 && status.ok(); ++i) status = verifier.Step().status();
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
  EXPECT_EQ(verifier.Step().status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace usher::router
