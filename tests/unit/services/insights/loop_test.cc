#include "insights/loop.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "core/hash.h"
#include "everything.h"
#include "insights/insights.h"
#include "insights/keys.h"
#include "journal/topics.h"
#include "log/sim/sim_log.h"
#include "store/sim/sim_store.h"
#include "story.h"

namespace usher::insights {
namespace {

constexpr std::int32_t kPartitions = 3;

// The sum of a counter over all its series.
double Sum(const telemetry::Metrics& metrics, const std::string& name, const std::string& label) {
  const std::string text = metrics.Text();
  double sum = 0;
  for (std::size_t at = text.find("\n" + name + "{"); at != std::string::npos;
       at = text.find("\n" + name + "{", at + 1)) {
    const std::string line = text.substr(at + 1, text.find('\n', at + 1) - at - 1);
    if (line.find(label) != std::string::npos) sum += std::stod(line.substr(line.rfind(' ')));
  }
  return sum;
}

// A log with decisions on it, a store, and processes that follow.
struct Town {
  Instant now = FromMicros(1'800'000'000'000'000);
  store::SimStores stores{3, [this] { return now; }};
  log::SimLog log;
  journal::CommandLog commands;
  std::vector<std::vector<wire::DecisionRecord>> told;  // by partition
  std::vector<Story> stories;
  std::unique_ptr<log::Appender> appender;
  std::uint64_t tokens = 0;

  explicit Town(std::uint64_t seed) : log({.seed = seed, .clock = [this] { return now; }}) {
    for (const log::TopicSpec& spec : journal::Topics(kPartitions)) {
      EXPECT_TRUE(log.CreateTopic(spec).ok());
    }
    commands = *journal::OpenCommandLog(log);
    appender = *log.OpenAppender();
    for (std::int32_t partition = 0; partition < kPartitions; ++partition) {
      stories.emplace_back(seed * 10 + static_cast<std::uint64_t>(partition), partition);
      told.emplace_back();
    }
  }

  void Append(std::int32_t partition, const std::string& bytes) {
    ASSERT_TRUE(appender->Append({{journal::kDecisions, partition}, "", bytes, {}}, ++tokens).ok());
    std::vector<log::Ack> acks;
    appender->Poll(acks);
  }
  // More of the story of each partition.
  void Tell(std::size_t count) {
    for (std::int32_t partition = 0; partition < kPartitions; ++partition) {
      for (wire::DecisionRecord& record : stories[partition].Tell(count)) {
        // Two partitions never share a desk.
        record.desk = DeskName::Of(record.desk.ToString() + std::to_string(partition));
        Append(partition, wire::EncodeDecision(record));
        told[partition].push_back(std::move(record));
      }
    }
  }
  // What the views must be: from the log's content, without any service.
  auto Expected() {
    store::SimStores plain{4, [this] { return now; }};
    std::unique_ptr<store::Store> store = *plain.Open();
    for (std::int32_t partition = 0; partition < kPartitions; ++partition) {
      View view(partition, 1s);
      const auto records = *log.ReadRange({journal::kDecisions, partition}, 0, 1'000'000);
      journal::DecisionFilter filter;
      for (const log::Record& record : records) {
        const auto decision = wire::DecodeDecision(record.value);
        if (!decision.ok()) continue;
        if (filter.Take(decision->stamp, decision->previous) != journal::Verdict::kNew) continue;
        view.Take(*decision, record.value, record.offset);
      }
      auto batch = view.MakeBatch();
      if (!batch) continue;
      Targets none(log);
      telemetry::Metrics metrics;
      Observer observer(metrics, std::move(none), kPartitions);
      observer.Load(partition, view, {}, false);
      observer.Count(partition, view, now, *batch);
      EXPECT_TRUE(*store->Apply(*batch));
    }
    return Everything(plain);
  }
};

// A process of the service.
struct Process {
  Town& town;
  telemetry::Metrics metrics;
  rpc::Health health;
  std::unique_ptr<Insights> insights;

  Process(Town& t, const std::string& member, std::size_t batch = 50) : town(t) {
    Options options;
    options.member_id = member;
    options.batch_decisions_max = batch;
    options.ended_ttl = std::chrono::hours(24 * 365);
    options.clock = [&t] { return t.now; };
    absl::StatusOr<std::unique_ptr<Insights>> bound =
        Insights::Bind(options, t.commands, t.log, t.stores, metrics, health);
    EXPECT_TRUE(bound.ok()) << bound.status();
    insights = *std::move(bound);
  }

  absl::Status Step() {
    town.now += 10ms;
    return insights->steppers()[0]->Step(town.now, Duration::zero());
  }
  absl::Status Steps(int count) {
    for (int i = 0; i < count; ++i) {
      if (absl::Status status = Step(); !status.ok()) return status;
    }
    return absl::OkStatus();
  }
  bool serving() const { return health.serving(kServiceName); }
};

TEST(InsightsLoop, FollowsTheDecisionsAndServesOnceCaughtUp) {
  Town town(1);
  town.Tell(300);
  Process process(town, "a", 100);
  EXPECT_FALSE(process.serving());
  ASSERT_TRUE(process.Steps(4).ok());
  EXPECT_FALSE(process.serving());
  ASSERT_TRUE(process.Steps(30).ok());
  EXPECT_TRUE(process.serving());
  EXPECT_EQ(Everything(town.stores), town.Expected());
  town.Tell(50);
  ASSERT_TRUE(process.Steps(30).ok());
  EXPECT_EQ(Everything(town.stores), town.Expected());
}

TEST(InsightsLoop, MetersEveryDecisionOnceWhateverHappensToTheStore) {
  Town town(2);
  Process process(town, "a", 20);
  const auto placed = [&town] {
    double count = 0;
    for (const auto& story : town.told) {
      for (const auto& [desk, recount] : CountAgain(story)) {
        count += static_cast<double>(recount.totals.at("placed"));
      }
    }
    return count;
  };
  town.stores.faults.fate_unknown_permille = 150;
  town.stores.faults.refused_permille = 150;
  for (int round = 0; round < 20; ++round) {
    town.Tell(20);
    ASSERT_TRUE(process.Steps(40).ok());
    if (round == 7 || round == 13) town.stores.FlushAll();
  }
  town.stores.faults = {};
  ASSERT_TRUE(process.Steps(400).ok());
  EXPECT_EQ(Everything(town.stores), town.Expected());
  EXPECT_EQ(Sum(process.metrics, "usher_inquiries_total", "outcome=\"placed\""), placed());
  EXPECT_GT(Sum(process.metrics, "usher_insights_store_errors_total", ""), 0);
}

TEST(InsightsLoop, RebuildsAfterAFlushEvenWhenNothingElseHappens) {
  Town town(3);
  town.Tell(200);
  Process process(town, "a");
  ASSERT_TRUE(process.Steps(60).ok());
  ASSERT_TRUE(process.serving());
  town.stores.FlushAll();
  bool stopped = false;
  for (int i = 0; i < 400; ++i) {
    ASSERT_TRUE(process.Step().ok());
    stopped = stopped || !process.serving();
  }
  EXPECT_TRUE(stopped);  // while the views were not whole
  EXPECT_TRUE(process.serving());
  EXPECT_EQ(Everything(town.stores), town.Expected());
  EXPECT_EQ(Sum(process.metrics, "usher_insights_rebuilds_total", ""), 0);  // has no labels
  EXPECT_NE(process.metrics.Text().find("usher_insights_rebuilds_total 3"), std::string::npos);
}

TEST(InsightsLoop, MetersGoOnAfterACrashAndAfterTheStoreWasLost) {
  Town town(4);
  town.Tell(200);
  double before = 0;
  {
    Process process(town, "a");
    ASSERT_TRUE(process.Steps(300).ok());
    before = Sum(process.metrics, "usher_inquiries_total", "");
    EXPECT_GT(before, 100);
  }
  {
    Process crashed(town, "a");
    ASSERT_TRUE(crashed.Steps(2).ok());  // has its partitions and the store, and took nothing new
    EXPECT_EQ(Sum(crashed.metrics, "usher_inquiries_total", ""), before);
    town.Tell(30);
    ASSERT_TRUE(crashed.Steps(1).ok());
  }
  town.stores.FlushAll();
  Process after(town, "a");
  double least = 1e9;
  for (int i = 0; i < 300; ++i) {
    ASSERT_TRUE(after.Step().ok());
    const double now = Sum(after.metrics, "usher_first_response_seconds_count", "");
    if (now > 0) least = std::min(least, now);
  }
  EXPECT_EQ(Everything(town.stores), town.Expected());
  EXPECT_GE(Sum(after.metrics, "usher_inquiries_total", ""), before);
  double answered = 0;
  for (const auto& story : town.told) {
    for (const auto& [desk, recount] : CountAgain(story)) {
      answered += static_cast<double>(recount.totals.at("answered"));
    }
  }
  EXPECT_EQ(Sum(after.metrics, "usher_first_response_seconds_count", ""), answered);
  // Each partition is shown once it is whole, so the first sight has all of one.
  EXPECT_GT(least, answered / kPartitions / 2);
}

TEST(InsightsLoop, DropsCopiesByATakenOverRouter) {
  Town town(5);
  town.Tell(20);
  for (std::int32_t partition = 0; partition < kPartitions; ++partition) {
    const auto& told = town.told[partition];
    for (std::size_t i = told.size() - 5; i < told.size(); ++i) {
      town.Append(partition, wire::EncodeDecision(told[i]));
    }
  }
  town.Tell(20);
  Process process(town, "a");
  ASSERT_TRUE(process.Steps(60).ok());
  EXPECT_TRUE(process.serving());
  EXPECT_EQ(Everything(town.stores), town.Expected());
}

TEST(InsightsLoop, StopsAtAGapAndSaysWhere) {
  Town town(6);
  town.Tell(20);
  town.stories[1].Tell(1);  // made, but never landed
  town.Tell(5);
  Process process(town, "a");
  const absl::Status status = process.Steps(60);
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_NE(std::string(status.message()).find("usher.decisions/1 offset 20: a gap"),
            std::string::npos)
      << status;
}

TEST(InsightsLoop, StopsAtAnotherLogsDecisionsAndAtWhatIsNone) {
  for (const bool alien : {true, false}) {
    Town town(7);
    town.Tell(3);
    wire::DecisionRecord other = town.told[2].back();
    other.stamp.log = LogId::Of("another");
    other.previous = town.told[2].back().stamp;
    town.Append(2, alien ? wire::EncodeDecision(other) : "no decision");
    Process process(town, "a");
    EXPECT_EQ(process.Steps(60).code(), absl::StatusCode::kDataLoss) << alien;
  }
}

TEST(InsightsLoop, RefusesViewsOfAnotherLog) {
  Town town(8);
  town.Tell(50);
  {
    Process before(town, "a");
    ASSERT_TRUE(before.Steps(60).ok());
  }
  town.log.CutBack({journal::kDecisions, 0}, 10);
  Process after(town, "a");
  const absl::Status status = after.Steps(60);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_NE(std::string(status.message()).find("flush the store"), std::string::npos) << status;
}

TEST(InsightsLoop, WaitsForAStoreThatIsAwayAndGoesOn) {
  Town town(9);
  Process process(town, "a");
  town.Tell(50);
  ASSERT_TRUE(process.Steps(60).ok());
  ASSERT_TRUE(process.serving());
  town.stores.faults.down = true;
  town.Tell(50);
  ASSERT_TRUE(process.Steps(300).ok());
  EXPECT_FALSE(process.serving());
  town.stores.faults.down = false;
  ASSERT_TRUE(process.Steps(300).ok());
  EXPECT_TRUE(process.serving());
  EXPECT_EQ(Everything(town.stores), town.Expected());
}

TEST(InsightsLoop, ServesWithoutAPartitionOnceTheOthersHaveThem) {
  Town town(10);
  std::vector<std::unique_ptr<Process>> processes;
  for (const char* member : {"a", "b", "c", "d"}) {
    processes.push_back(std::make_unique<Process>(town, member));
  }
  for (int i = 0; i < 100; ++i) {
    for (const auto& process : processes) ASSERT_TRUE(process->Step().ok());
  }
  const auto serving = [&processes] {
    return std::count_if(processes.begin(), processes.end(),
                         [](const auto& process) { return process->serving(); });
  };
  EXPECT_EQ(serving(), 3);
  town.now += 20s;
  for (const auto& process : processes) ASSERT_TRUE(process->Steps(3).ok());
  EXPECT_EQ(serving(), 4);
}

TEST(InsightsLoop, TellsTheLag) {
  Town town(11);
  town.Tell(40);
  Process process(town, "a");
  ASSERT_TRUE(process.Steps(60).ok());
  town.Tell(7);
  ASSERT_TRUE(process.insights->steppers()[1]->Step(town.now, Duration::zero()).ok());
  EXPECT_EQ(Sum(process.metrics, "usher_insights_lag_records", "partition=\"1\""), 7);
}

// Two processes that come and go, a store and a log with every fault: the views end up the same.
void Weather(std::uint64_t seed) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  Town town(seed);
  std::uint64_t random = seed;
  const auto draw = [&random](std::uint64_t below) {
    return Mix64(random += 0x9e3779b97f4a7c15ULL) % below;
  };
  town.stores.faults = {.refused_permille = 30, .fate_unknown_permille = 30};
  town.log.faults.delivery_max = 30ms;
  town.log.faults.unavailable_permille = 20;
  town.log.faults.commit_lost_permille = 300;
  town.log.faults.rebalance_permille = 10;
  town.log.faults.expel_permille = 10;
  town.log.faults.session = 200ms;
  std::unique_ptr<Process> processes[2];
  for (int round = 0; round < 60; ++round) {
    if (draw(2) == 0) town.Tell(1 + draw(20));
    for (int i = 0; i < 2; ++i) {
      const std::string member = i == 0 ? "a" : "b";
      if (!processes[i]) {
        town.stores.faults = {};  // Bind needs the store only to open
        processes[i] = std::make_unique<Process>(town, member, 1 + draw(40));
        town.stores.faults = {.refused_permille = 30, .fate_unknown_permille = 30};
      }
      const absl::Status status = processes[i]->Steps(static_cast<int>(draw(40)));
      ASSERT_TRUE(status.ok()) << status;
      if (draw(10) == 0) processes[i].reset();  // as a crash does
    }
    if (draw(25) == 0) town.stores.FlushAll();
  }
  town.stores.faults = {};
  town.log.faults = {};
  for (int i = 0; i < 2; ++i) {
    if (!processes[i]) processes[i] = std::make_unique<Process>(town, i == 0 ? "a" : "b");
  }
  for (int i = 0; i < 1'000; ++i) {
    for (const auto& process : processes) ASSERT_TRUE(process->Step().ok());
  }
  EXPECT_TRUE(processes[0]->serving());
  EXPECT_TRUE(processes[1]->serving());
  EXPECT_EQ(Everything(town.stores), town.Expected());
}

TEST(InsightsLoop, EndsUpWithTheSameViewsInAnyWeather) {
  for (std::uint64_t seed = 100; seed < 112; ++seed) Weather(seed);
}

}  // namespace
}  // namespace usher::insights
