// What every log adapter promises: records, offsets, times, ranges, topics.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>

#include "contract/log_suite.h"

namespace usher::contract {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST_P(LogContract, KeepsTheOrderOfTheAppends) {
  const log::TopicPartition to = MakeTopic();
  std::vector<std::string> values;
  for (int i = 0; i < 2000; ++i) values.push_back("value " + std::to_string(i));
  const std::vector<log::Ack> acks = AppendValues(to, values);
  const std::vector<log::Record> records = ReadFrom(to, 0, values.size());
  ASSERT_EQ(Values(records), values);
  for (std::size_t i = 0; i < records.size(); ++i) {
    EXPECT_EQ(records[i].from, to);
    if (acks[i].offset >= 0) {
      EXPECT_EQ(acks[i].offset, records[i].offset);
    }
    if (i > 0) {
      EXPECT_GT(records[i].offset, records[i - 1].offset);
      EXPECT_GE(records[i].at, records[i - 1].at);
    }
  }
}

TEST_P(LogContract, AcksNameTokenPartitionAndOffset) {
  const log::TopicPartition to = MakeTopic({.partitions = 2});
  const log::TopicPartition other{to.topic, 1};
  const std::vector<log::Ack> acks =
      AppendAll({{to, "", "a", {}}, {other, "", "b", {}}, {to, "", "c", {}}});
  ASSERT_EQ(acks.size(), 3u);
  EXPECT_EQ(acks[0].to, to);
  EXPECT_EQ(acks[1].to, other);
  EXPECT_EQ(acks[0].offset, 0);
  EXPECT_EQ(acks[1].offset, 0);
  EXPECT_EQ(acks[2].offset, 1);
}

TEST_P(LogContract, KeepsEveryByteOfKeyValueAndHeaders) {
  const log::TopicPartition to = MakeTopic();
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  const log::Entry full{to, bytes, bytes + bytes, {{"one", bytes}, {"two", ""}, {"one", "again"}}};
  const log::Entry bare{to, "", "", {}};
  AppendAll({full, bare});
  const std::vector<log::Record> records = ReadFrom(to, 0, 2);
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].key, full.key);
  EXPECT_EQ(records[0].value, full.value);
  EXPECT_EQ(records[0].headers, full.headers);
  EXPECT_EQ(records[1].key, "");
  EXPECT_EQ(records[1].value, "");
  EXPECT_THAT(records[1].headers, IsEmpty());
}

TEST_P(LogContract, StartsAnywhereAlsoAtTheEnd) {
  const log::TopicPartition to = MakeTopic();
  AppendValues(to, {"a", "b", "c"});
  EXPECT_THAT(Values(ReadFrom(to, 1, 2)), ElementsAre("b", "c"));

  const std::unique_ptr<log::Reader> reader = OpenReader(to.topic);
  std::vector<log::Record> records;
  bool started = false;
  const auto take = [&](std::size_t, const log::ReaderEvent& event) {
    if (const auto* const assigned = std::get_if<log::Assigned>(&event)) {
      EXPECT_EQ(assigned->begin, 0);
      EXPECT_EQ(assigned->end, 3);
      EXPECT_EQ(assigned->committed, -1);
      EXPECT_TRUE(reader->Start(to, assigned->end).ok());
      started = true;
    } else if (const auto* const record = std::get_if<log::Record>(&event)) {
      records.push_back(*record);
    }
  };
  ASSERT_TRUE(PollUntil({reader.get()}, take, [&] { return started; }));
  AppendValues(to, {"d"});
  ASSERT_TRUE(PollUntil({reader.get()}, take, [&] { return !records.empty(); }));
  EXPECT_THAT(Values(records), ElementsAre("d"));
}

TEST_P(LogContract, DeliversNothingBeforeStart) {
  const log::TopicPartition to = MakeTopic({.partitions = 2});
  AppendAll({{to, "", "a", {}}, {{to.topic, 1}, "", "b", {}}});
  const std::unique_ptr<log::Reader> reader = OpenReader(to.topic);
  std::vector<log::Record> records;
  int assigned = 0;
  const auto take = [&](std::size_t, const log::ReaderEvent& event) {
    if (std::holds_alternative<log::Assigned>(event)) {
      EXPECT_THAT(records, IsEmpty());
      ++assigned;
    } else if (const auto* const record = std::get_if<log::Record>(&event)) {
      records.push_back(*record);
    }
  };
  ASSERT_TRUE(PollUntil({reader.get()}, take, [&] { return assigned == 2; }));
  EXPECT_THAT(records, IsEmpty());
  ASSERT_TRUE(reader->Start({to.topic, 1}, 0).ok());
  ASSERT_TRUE(PollUntil({reader.get()}, take, [&] { return records.size() == 1; }));
  EXPECT_EQ(records[0].value, "b");
  // Starting the other must not disturb the one that runs.
  ASSERT_TRUE(reader->Start(to, 0).ok());
  AppendAll({{{to.topic, 1}, "", "c", {}}});
  ASSERT_TRUE(PollUntil({reader.get()}, take, [&] { return records.size() == 3; }));
  std::vector<std::string> values = Values(records);
  std::sort(values.begin(), values.end());
  EXPECT_THAT(values, ElementsAre("a", "b", "c"));
}

TEST_P(LogContract, StartAgainMovesThePosition) {
  const log::TopicPartition to = MakeTopic();
  AppendValues(to, {"a", "b", "c"});
  const std::unique_ptr<log::Reader> reader = OpenReader(to.topic);
  std::vector<log::Record> records;
  const auto take = [&](std::size_t, const log::ReaderEvent& event) {
    if (std::holds_alternative<log::Assigned>(event)) {
      EXPECT_TRUE(reader->Start(to, 0).ok());
    } else if (const auto* const record = std::get_if<log::Record>(&event)) {
      records.push_back(*record);
    }
  };
  ASSERT_TRUE(PollUntil({reader.get()}, take, [&] { return records.size() == 3; }));
  records.clear();
  ASSERT_TRUE(reader->Start(to, 1).ok());
  ASSERT_TRUE(PollUntil({reader.get()}, take, [&] { return records.size() == 2; }));
  EXPECT_THAT(Values(records), ElementsAre("b", "c"));
}

TEST_P(LogContract, StartOfWhatIsNotAssignedIsRefused) {
  const log::TopicPartition to = MakeTopic();
  const std::unique_ptr<log::Reader> reader = OpenReader(to.topic);
  EXPECT_EQ(reader->Start({to.topic, 7}, 0).code(), absl::StatusCode::kFailedPrecondition);
}

TEST_P(LogContract, SaysThatAnOffsetIsNotThere) {
  const log::TopicPartition to = MakeTopic();
  AppendValues(to, {"a", "b"});
  const std::unique_ptr<log::Reader> reader = OpenReader(to.topic);
  bool started = false;
  ASSERT_TRUE(PollUntil(
      {reader.get()},
      [&](std::size_t, const log::ReaderEvent& event) {
        if (std::holds_alternative<log::Assigned>(event)) {
          EXPECT_TRUE(reader->Start(to, 100).ok());
          started = true;
        }
      },
      [&] { return started; }));
  const auto deadline = std::chrono::steady_clock::now() + bench_->patience();
  absl::Status polled;
  while (polled.ok() && std::chrono::steady_clock::now() < deadline) {
    std::vector<log::ReaderEvent> events;
    polled = reader->Poll(10, std::chrono::milliseconds(10), events);
    EXPECT_THAT(events, IsEmpty());
    bench_->PassTime(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(polled.code(), absl::StatusCode::kOutOfRange) << polled;
  // It stays so until the reader is moved.
  std::vector<log::ReaderEvent> events;
  EXPECT_EQ(reader->Poll(10, Duration::zero(), events).code(), absl::StatusCode::kOutOfRange);
  ASSERT_TRUE(reader->Start(to, 1).ok());
  std::vector<log::Record> records;
  ASSERT_TRUE(PollUntil(
      {reader.get()},
      [&](std::size_t, const log::ReaderEvent& event) {
        if (const auto* const record = std::get_if<log::Record>(&event)) records.push_back(*record);
      },
      [&] { return !records.empty(); }));
  EXPECT_THAT(Values(records), ElementsAre("b"));
}

TEST_P(LogContract, PollGivesAtMostWhatIsAskedFor) {
  const log::TopicPartition to = MakeTopic({.partitions = 3});
  AppendValues(to, {"a", "b", "c", "d", "e"});
  const std::unique_ptr<log::Reader> reader = OpenReader(to.topic);
  std::size_t records = 0;
  const auto deadline = std::chrono::steady_clock::now() + bench_->patience();
  while (records < 5 && std::chrono::steady_clock::now() < deadline) {
    std::vector<log::ReaderEvent> events;
    ASSERT_TRUE(reader->Poll(2, std::chrono::milliseconds(10), events).ok());
    EXPECT_LE(events.size(), 2u);
    for (const log::ReaderEvent& event : events) {
      if (const auto* const assigned = std::get_if<log::Assigned>(&event)) {
        ASSERT_TRUE(reader->Start(assigned->partition, 0).ok());
      } else {
        ++records;
      }
    }
    bench_->PassTime(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(records, 5u);
}

TEST_P(LogContract, EndOffsetIsTheNextToBeGiven) {
  const log::TopicPartition to = MakeTopic({.partitions = 2});
  EXPECT_EQ(log().EndOffset(to).value(), 0);
  AppendValues(to, {"a", "b"});
  EXPECT_EQ(log().EndOffset(to).value(), 2);
  EXPECT_EQ(log().EndOffset({to.topic, 1}).value(), 0);
}

TEST_P(LogContract, ReadRangeEndsWhereTheLogEnds) {
  const log::TopicPartition to = MakeTopic();
  EXPECT_THAT(log().ReadRange(to, 0, 10).value(), IsEmpty());
  AppendValues(to, {"a", "b", "c", "d"});
  EXPECT_THAT(Values(log().ReadRange(to, 0, 100).value()), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(Values(log().ReadRange(to, 1, 2).value()), ElementsAre("b", "c"));
  EXPECT_THAT(Values(log().ReadRange(to, 3, 100).value()), ElementsAre("d"));
  EXPECT_THAT(log().ReadRange(to, 4, 100).value(), IsEmpty());
  EXPECT_THAT(log().ReadRange(to, 99, 100).value(), IsEmpty());
}

TEST_P(LogContract, ReadRangeCarriesMoreThanOneFetch) {
  const log::TopicPartition to = MakeTopic();
  std::vector<std::string> values;
  for (int i = 0; i < 60; ++i)
    values.push_back(std::string(50'000, static_cast<char>('a' + i % 26)));
  AppendValues(to, values);
  EXPECT_EQ(Values(log().ReadRange(to, 0, 100).value()), values);
}

// All that a scan has left to give, `at_once` a call.
std::vector<std::string> Drain(log::Scan& scan, std::size_t at_once) {
  std::vector<std::string> values;
  while (true) {
    const auto records = scan.Next(at_once);
    EXPECT_TRUE(records.ok()) << records.status();
    if (!records.ok() || records->empty()) return values;
    EXPECT_LE(records->size(), at_once);
    for (const log::Record& record : *records) values.push_back(record.value);
  }
}

TEST_P(LogContract, AScanReadsItsStretchAndNoMore) {
  const log::TopicPartition to = MakeTopic();
  EXPECT_THAT(Drain(**log().OpenScan(to, 0, 10), 3), IsEmpty());
  AppendValues(to, {"a", "b", "c", "d", "e"});
  EXPECT_THAT(Drain(**log().OpenScan(to, 0, 100), 2), ElementsAre("a", "b", "c", "d", "e"));
  EXPECT_THAT(Drain(**log().OpenScan(to, 1, 4), 100), ElementsAre("b", "c", "d"));
  EXPECT_THAT(Drain(**log().OpenScan(to, 1, 4), 1), ElementsAre("b", "c", "d"));
  EXPECT_THAT(Drain(**log().OpenScan(to, 4, 4), 1), IsEmpty());
  EXPECT_THAT(Drain(**log().OpenScan(to, 99, 200), 1), IsEmpty());
}

TEST_P(LogContract, ScansAndReadsOfOnePartitionDoNotDisturbEachOther) {
  const log::TopicPartition to = MakeTopic();
  std::vector<std::string> values;
  for (int i = 0; i < 40; ++i) values.push_back(std::to_string(i));
  AppendValues(to, values);
  const auto one = *log().OpenScan(to, 0, 40);
  const auto other = *log().OpenScan(to, 0, 40);
  std::vector<std::string> ones;
  std::vector<std::string> others;
  for (int i = 0; i < 5; ++i) {
    for (const std::string& value : Values(one->Next(3).value())) ones.push_back(value);
    for (const std::string& value : Values(other->Next(5).value())) others.push_back(value);
    EXPECT_THAT(Values(log().ReadRange(to, 7, 2).value()), ElementsAre("7", "8"));
  }
  for (const std::string& value : Drain(*one, 7)) ones.push_back(value);
  { const auto abandoned = *log().OpenScan(to, 3, 30); }
  for (const std::string& value : Drain(*other, 7)) others.push_back(value);
  EXPECT_EQ(ones, values);
  EXPECT_EQ(others, values);
}

TEST_P(LogContract, RefusesAnEntryThatIsTooLarge) {
  const log::TopicPartition to = MakeTopic();
  const std::size_t most = log().entry_bytes_max();
  auto appender = log().OpenAppender();
  ASSERT_TRUE(appender.ok()) << appender.status();
  const log::Entry over{to, "k", std::string(most - 2, 'x'), {{"h", "v"}}};
  EXPECT_EQ((*appender)->Append(over, 1).code(), absl::StatusCode::kInvalidArgument);
  const log::Entry fits{to, "k", std::string(most - 3, 'x'), {{"h", "v"}}};
  EXPECT_TRUE((*appender)->Append(fits, 2).ok());
  ASSERT_TRUE((*appender)->Flush(bench_->patience()).ok());
  std::vector<log::Ack> acks;
  (*appender)->Poll(acks);
  ASSERT_EQ(acks.size(), 1u);
  EXPECT_EQ(acks[0].token, 2u);
  EXPECT_TRUE(acks[0].status.ok()) << acks[0].status;
  const std::vector<log::Record> records = ReadFrom(to, 0, 1);
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].value, fits.value);
}

TEST_P(LogContract, AFullBufferTakesNothingAndLosesNothing) {
  const log::TopicPartition to = MakeTopic();
  const std::unique_ptr<log::Appender> appender = bench_->CrampedAppender();
  std::vector<log::Ack> acks;
  bool refused = false;
  std::vector<std::string> values;
  for (int i = 0; i < 5000; ++i) {
    values.push_back(std::to_string(i));
    absl::Status taken = appender->Append({to, "", values.back(), {}}, 0);
    while (absl::IsResourceExhausted(taken)) {
      refused = true;
      ASSERT_TRUE(appender->Flush(bench_->patience()).ok());
      appender->Poll(acks);
      taken = appender->Append({to, "", values.back(), {}}, 0);
    }
    ASSERT_TRUE(taken.ok()) << taken;
  }
  ASSERT_TRUE(appender->Flush(bench_->patience()).ok());
  appender->Poll(acks);
  EXPECT_TRUE(refused);
  EXPECT_EQ(acks.size(), values.size());
  EXPECT_EQ(Values(ReadFrom(to, 0, values.size())), values);
}

TEST_P(LogContract, ATopicOrPartitionThatIsNotThereIsNotFound) {
  const log::TopicPartition to = MakeTopic({.partitions = 2});
  EXPECT_EQ(log().Partitions(to.topic).value(), 2);
  if (!bench_->checks_topics()) GTEST_SKIP() << "asking makes the topic here";
  EXPECT_EQ(log().Partitions(FreshName("missing")).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(log().EndOffset({to.topic, 5}).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(log().ReadRange({to.topic, 5}, 0, 1).status().code(), absl::StatusCode::kNotFound);
}

TEST_P(LogContract, CheckTopicNamesEachBrokenPromise) {
  if (!bench_->checks_topics()) GTEST_SKIP() << "no admin interface here";
  const log::TopicSpec spec{.name = FreshName("checked"),
                            .partitions = 2,
                            .compacted = false,
                            .kept_for_ever = true,
                            .log_append_time = true};
  EXPECT_EQ(log().CheckTopic(spec).value().size(), 1u);  // it is missing
  ASSERT_TRUE(log().CreateTopic(spec).ok());
  ASSERT_TRUE(log().CreateTopic(spec).ok());  // it exists already
  EXPECT_THAT(log().CheckTopic(spec).value(), IsEmpty());
  log::TopicSpec other = spec;
  other.partitions = 3;
  other.compacted = true;
  EXPECT_EQ(log().CheckTopic(other).value().size(), 2u);
  const log::TopicSpec brief{.name = FreshName("brief"), .partitions = 1};
  ASSERT_TRUE(log().CreateTopic(brief).ok());
  EXPECT_THAT(log().CheckTopic(brief).value(), IsEmpty());
  log::TopicSpec lasting = brief;
  lasting.kept_for_ever = true;
  EXPECT_EQ(log().CheckTopic(lasting).value().size(), 1u);
}

TEST_P(LogContract, CompactionKeepsTheLastRecordOfEachKey) {
  const LogBench::Compaction compaction = bench_->compaction();
  if (compaction == LogBench::Compaction::kNever) GTEST_SKIP() << "does not compact";
  const log::TopicPartition to = MakeTopic({.compacted = true});
  AppendAll({{to, "a", "a1", {}}, {to, "b", "b1", {}}, {to, "a", "a2", {}}});
  AppendAll({{to, "a", "a3", {}}, {to, "c", "c1", {}}, {to, "", "none", {}}});
  EXPECT_EQ(log().EndOffset(to).value(), 6);
  const auto deadline = std::chrono::steady_clock::now() + bench_->patience();
  std::vector<std::string> values;
  do {
    // Brokers clean only what is not the newest part of the log: keep it growing.
    if (compaction == LogBench::Compaction::kLater) AppendAll({{to, "filler", "filler", {}}});
    values = Values(log().ReadRange(to, 0, 100'000).value());
    values.erase(std::remove(values.begin(), values.end(), "filler"), values.end());
    EXPECT_THAT(values, testing::IsSupersetOf({"b1", "a3", "c1", "none"}));
  } while (values.size() > 4 && std::chrono::steady_clock::now() < deadline);
  EXPECT_THAT(values, ElementsAre("b1", "a3", "c1", "none"));
  EXPECT_EQ(ReadFrom(to, 0, 3)[0].offset, 1);
}

TEST_P(LogContract, EverythingIsThereAfterReopening) {
  const log::TopicPartition to = MakeTopic({.partitions = 2});
  AppendValues(to, {"a", "b", "c"});
  const std::vector<log::Record> before = log().ReadRange(to, 0, 10).value();
  bench_->Reopen();
  EXPECT_EQ(log().Partitions(to.topic).value(), 2);
  EXPECT_EQ(log().EndOffset(to).value(), 3);
  EXPECT_EQ(AppendValues(to, {"d"}).at(0).offset, 3);
  const std::vector<log::Record> after = log().ReadRange(to, 0, 10).value();
  ASSERT_EQ(after.size(), 4u);
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(after[i].value, before[i].value);
    EXPECT_EQ(after[i].at, before[i].at);
  }
  EXPECT_GE(after[3].at, after[2].at);
}

TEST_P(LogContract, TellsItsCounts) {
  const log::TopicPartition to = MakeTopic();
  AppendValues(to, {"a", "b"});
  for (const auto& [name, value] : log().Stats()) {
    EXPECT_TRUE(std::all_of(name.begin(), name.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    })) << name;
    EXPECT_GE(value, 0) << name;
  }
  EXPECT_GE(log().Stats().at("append_total"), 2);
  const log::AppendTimes times = log().TimesOfAppends();
  EXPECT_GE(times.count, 2U);
  EXPECT_GE(times.sum_us, 0);
  EXPECT_LE(std::accumulate(times.within.begin(), times.within.end(), std::uint64_t{0}),
            times.count);
}

INSTANTIATE_TEST_SUITE_P(Adapters, LogContract, testing::ValuesIn(LogAdapters()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace usher::contract
