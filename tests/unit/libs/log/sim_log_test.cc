#include "log/sim/sim_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace usher::log {
namespace {

const TopicPartition kTo{"t", 0};

class SimLogFaulty : public testing::Test {
 protected:
  SimLogFaulty() { EXPECT_TRUE(log_.CreateTopic({.name = "t", .partitions = 2}).ok()); }

  std::vector<Ack> Poll(Appender& appender) {
    std::vector<Ack> acks;
    appender.Poll(acks);
    return acks;
  }
  std::vector<std::string> Landed(const TopicPartition& partition = kTo) {
    std::vector<std::string> values;
    const std::vector<Record> records = log_.ReadRange(partition, 0, 1000).value();
    for (const Record& record : records) values.push_back(record.value);
    return values;
  }
  static Entry Numbered(int number) { return {kTo, "", std::to_string(number), {}}; }

  // Polls once, starting whatever is assigned where the group left it.
  std::vector<Record> Poll(Reader& reader) {
    std::vector<ReaderEvent> events;
    EXPECT_TRUE(reader.Poll(1000, 0s, events).ok());
    std::vector<Record> records;
    for (const ReaderEvent& event : events) {
      if (const auto* const assigned = std::get_if<Assigned>(&event)) {
        EXPECT_TRUE(
            reader.Start(assigned->partition, std::max(assigned->committed, assigned->begin)).ok());
      } else if (const auto* const record = std::get_if<Record>(&event)) {
        records.push_back(*record);
      }
    }
    return records;
  }

  Instant now_ = FromMicros(1'000'000);
  SimLog log_{{.seed = 7, .clock = [this] { return now_; }, .pending_entries_max = 1000}};
};

TEST_F(SimLogFaulty, EntriesLandLateButInOrder) {
  log_.faults.land_max = 100ms;
  const auto appender = log_.OpenAppender().value();
  std::vector<std::string> all;
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(appender->Append(Numbered(i), 0).ok());
    all.push_back(std::to_string(i));
  }
  EXPECT_LT(Landed().size(), 50u);
  now_ += 100ms;
  EXPECT_EQ(Landed(), all);
  EXPECT_EQ(Poll(*appender).size(), 50u);
}

TEST_F(SimLogFaulty, AcksComeLateOrWithoutAnOffset) {
  log_.faults.ack_max = 100ms;
  log_.faults.ack_lost_permille = 500;
  const auto appender = log_.OpenAppender().value();
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(appender->Append(Numbered(i), 0).ok());
  EXPECT_EQ(Landed().size(), 50u);
  EXPECT_LT(Poll(*appender).size(), 10u);
  now_ += 100ms;
  int without = 0;
  for (const Ack& ack : Poll(*appender)) without += ack.offset < 0 ? 1 : 0;
  EXPECT_GT(without, 5);
  EXPECT_LT(without, 45);
}

TEST_F(SimLogFaulty, ACrashLetsTheFirstFewOfEachPartitionLand) {
  log_.faults.land_max = 1s;
  std::set<std::size_t> sizes;
  for (int round = 0; round < 20; ++round) {
    const std::size_t before = Landed().size();
    auto appender = log_.OpenAppender().value();
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(appender->Append(Numbered(i), 0).ok());
    appender.reset();
    const std::vector<std::string> landed = Landed();
    for (std::size_t i = before; i < landed.size(); ++i) {
      EXPECT_EQ(landed[i], std::to_string(i - before));
    }
    sizes.insert(landed.size() - before);
    now_ += 2s;
    EXPECT_EQ(Landed(), landed);
  }
  EXPECT_GT(sizes.size(), 3u);
}

TEST_F(SimLogFaulty, AnAppendThatFailsForGoodEndsTheAppender) {
  log_.faults.land_max = 1s;
  const auto appender = log_.OpenAppender().value();
  ASSERT_TRUE(appender->Append(Numbered(0), 10).ok());
  log_.faults.append_fails_permille = 1000;
  ASSERT_TRUE(appender->Append(Numbered(1), 11).ok());
  log_.faults.append_fails_permille = 0;
  ASSERT_TRUE(appender->Append(Numbered(2), 12).ok());
  const std::vector<Ack> acks = Poll(*appender);
  ASSERT_EQ(acks.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(acks[i].token, 10 + i);
    EXPECT_FALSE(acks[i].status.ok());
  }
  now_ += 2s;
  EXPECT_LE(Landed().size(), 1u);
  EXPECT_TRUE(appender->Flush(1s).ok());
}

TEST_F(SimLogFaulty, ABufferIsFullNowAndThen) {
  log_.faults.buffer_full_permille = 500;
  const auto appender = log_.OpenAppender().value();
  std::size_t taken = 0;
  for (int i = 0; i < 100; ++i) {
    const absl::Status status = appender->Append(Numbered(i), 0);
    if (status.ok()) {
      ++taken;
    } else {
      EXPECT_TRUE(absl::IsResourceExhausted(status));
    }
  }
  EXPECT_EQ(Landed().size(), taken);
  EXPECT_GT(taken, 20u);
  EXPECT_LT(taken, 80u);
}

TEST_F(SimLogFaulty, DeliveryIsLateButInOrder) {
  log_.faults.delivery_max = 100ms;
  const auto reader = log_.OpenReader({{"t"}, "", "r"}).value();
  EXPECT_TRUE(Poll(*reader).empty());
  const auto appender = log_.OpenAppender().value();
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(appender->Append(Numbered(i), 0).ok());
  EXPECT_EQ(log_.EndOffset(kTo).value(), 20);
  std::vector<Record> got = Poll(*reader);
  EXPECT_LT(got.size(), 20u);
  now_ += 100ms;
  for (Record& record : Poll(*reader)) got.push_back(std::move(record));
  ASSERT_EQ(got.size(), 20u);
  for (std::size_t i = 0; i < got.size(); ++i) {
    EXPECT_EQ(got[i].offset, static_cast<std::int64_t>(i));
  }
}

TEST_F(SimLogFaulty, AReaderThatIsGoneIsMissedOnlyAfterItsSession) {
  log_.faults.session = 6s;
  auto one = log_.OpenReader({{"t"}, "g", "one"}).value();
  const auto two = log_.OpenReader({{"t"}, "g", "two"}).value();
  std::vector<ReaderEvent> events;
  ASSERT_TRUE(one->Poll(10, 0s, events).ok());
  ASSERT_EQ(events.size(), 1u);
  one.reset();
  events.clear();
  ASSERT_TRUE(two->Poll(10, 0s, events).ok());
  EXPECT_EQ(events.size(), 1u);
  now_ += 5s;
  events.clear();
  ASSERT_TRUE(two->Poll(10, 0s, events).ok());
  EXPECT_TRUE(events.empty());
  now_ += 1s;
  std::set<std::int32_t> assigned;
  for (int i = 0; i < 2; ++i) {
    events.clear();
    ASSERT_TRUE(two->Poll(10, 0s, events).ok());
    for (const ReaderEvent& event : events) {
      if (const auto* const a = std::get_if<Assigned>(&event))
        assigned.insert(a->partition.partition);
    }
  }
  EXPECT_THAT(assigned, testing::ElementsAre(0, 1));
}

TEST_F(SimLogFaulty, AnExpelledReaderGoesOnUntilItHears) {
  const auto one = log_.OpenReader({{"t"}, "g", "one"}).value();
  Poll(*one);
  log_.Expel("g", "one");
  std::vector<ReaderEvent> events;
  ASSERT_TRUE(one->Poll(10, 0s, events).ok());
  int lost = 0;
  for (const ReaderEvent& event : events) {
    if (const auto* const revoked = std::get_if<Revoked>(&event)) lost += revoked->lost ? 1 : 0;
  }
  EXPECT_EQ(lost, 2);
}

TEST_F(SimLogFaulty, AnExpelledReaderMayGoOnForAWhileBeforeItHears) {
  log_.faults.deaf_max = 10s;
  const auto one = log_.OpenReader({{"t"}, "g", "one"}).value();
  Poll(*one);
  log_.ExpelMember("one");
  const auto two = log_.OpenReader({{"t"}, "g", "two"}).value();
  const auto appender = log_.OpenAppender().value();
  ASSERT_TRUE(appender->Append(Numbered(1), 0).ok());
  std::vector<ReaderEvent> events;
  ASSERT_TRUE(one->Poll(10, 0s, events).ok());
  ASSERT_EQ(events.size(), 1u);  // another has it already, and it reads on
  EXPECT_TRUE(std::holds_alternative<Record>(events.front()));
  now_ += 11s;
  events.clear();
  ASSERT_TRUE(one->Poll(10, 0s, events).ok());
  ASSERT_FALSE(events.empty());
  EXPECT_TRUE(std::holds_alternative<Revoked>(events.front()));
}

TEST_F(SimLogFaulty, AReaderHearsOfATruncationAlsoWhenItsOffsetIsThereAgain) {
  const auto appender = log_.OpenAppender().value();
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(appender->Append(Numbered(i), 0).ok());
  const auto reader = log_.OpenReader({{"t"}, "", "r"}).value();
  Poll(*reader);
  EXPECT_EQ(Poll(*reader).size(), 10u);
  log_.CutBack(kTo, 8);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(appender->Append(Numbered(100 + i), 0).ok());
  std::vector<ReaderEvent> events;
  EXPECT_EQ(reader->Poll(10, 0s, events).code(), absl::StatusCode::kOutOfRange);
}

TEST_F(SimLogFaulty, RetentionAndUncleanElectionsAreNoticedByReaders) {
  const auto appender = log_.OpenAppender().value();
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(appender->Append(Numbered(i), 0).ok());
  const auto reader = log_.OpenReader({{"t"}, "", "r"}).value();
  Poll(*reader);
  EXPECT_EQ(Poll(*reader).size(), 10u);
  log_.CutBack(kTo, 8);
  std::vector<ReaderEvent> events;
  EXPECT_EQ(reader->Poll(10, 0s, events).code(), absl::StatusCode::kOutOfRange);
  ASSERT_TRUE(appender->Append(Numbered(100), 0).ok());
  EXPECT_EQ(Landed().at(8), "100");
  log_.DropBefore(kTo, 5);
  ASSERT_TRUE(reader->Start(kTo, 4).ok());
  EXPECT_EQ(reader->Poll(10, 0s, events).code(), absl::StatusCode::kOutOfRange);
  ASSERT_TRUE(reader->Start(kTo, 5).ok());
  EXPECT_EQ(Poll(*reader).size(), 4u);
}

TEST_F(SimLogFaulty, TheSameSeedGivesTheSameHistory) {
  const auto run = [](std::uint64_t seed) {
    Instant now = FromMicros(0);
    SimLog log({.seed = seed, .clock = [&] { return now; }});
    EXPECT_TRUE(log.CreateTopic({.name = "t"}).ok());
    log.faults = {.land_max = 50ms,
                  .ack_max = 50ms,
                  .delivery_max = 50ms,
                  .buffer_full_permille = 100,
                  .ack_lost_permille = 100};
    const auto appender = log.OpenAppender().value();
    std::string history;
    for (int i = 0; i < 200; ++i) {
      history += appender->Append(Numbered(i), static_cast<std::uint64_t>(i)).ok() ? "+" : "-";
      std::vector<Ack> acks;
      appender->Poll(acks);
      for (const Ack& ack : acks) {
        history += std::to_string(ack.token) + "@" + std::to_string(ack.offset) + " ";
      }
      now += 5ms;
    }
    return history;
  };
  EXPECT_EQ(run(1), run(1));
  EXPECT_NE(run(1), run(2));
}

TEST_F(SimLogFaulty, GroupsSurviveAnyNumberOfRebalances) {
  log_.faults = {.unavailable_permille = 50, .rebalance_permille = 100, .expel_permille = 50};
  const auto appender = log_.OpenAppender().value();
  std::vector<std::unique_ptr<Reader>> readers;
  for (const char* name : {"one", "two", "three"}) {
    readers.push_back(log_.OpenReader({{"t"}, "g", name}).value());
  }
  std::set<std::string> seen;
  const auto poll_all = [&] {
    for (const auto& reader : readers) {
      std::vector<ReaderEvent> events;
      if (!reader->Poll(10, 0s, events).ok()) continue;
      for (const ReaderEvent& event : events) {
        if (const auto* const assigned = std::get_if<Assigned>(&event)) {
          ASSERT_TRUE(
              reader->Start(assigned->partition, std::max(assigned->committed, assigned->begin))
                  .ok());
        } else if (const auto* const record = std::get_if<Record>(&event)) {
          seen.insert(record->value);
          ASSERT_TRUE(reader->Commit(record->from, record->offset + 1).ok());
        }
      }
    }
    now_ += 10ms;
  };
  for (int i = 0; i < 300; ++i) {
    Entry entry = Numbered(i);
    entry.to.partition = i % 2;
    ASSERT_TRUE(appender->Append(std::move(entry), 0).ok());
    poll_all();
  }
  log_.faults = {};
  for (int i = 0; i < 10; ++i) poll_all();
  EXPECT_EQ(seen.size(), 300u);
}

}  // namespace
}  // namespace usher::log
