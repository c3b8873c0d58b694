#include "contract/log_suite.h"

#include <unistd.h>

#include <atomic>

namespace usher::contract {

std::string LogContract::FreshName(const std::string& stem) {
  static std::atomic<int> counter{0};
  static const auto kRun = std::chrono::system_clock::now().time_since_epoch().count();
  return stem + "." + std::to_string(kRun) + "." + std::to_string(getpid()) + "." +
         std::to_string(++counter);
}

log::TopicPartition LogContract::MakeTopic(log::TopicSpec spec) {
  if (spec.name.empty()) spec.name = FreshName("contract");
  const absl::Status made = bench_->MakeTopic(spec);
  EXPECT_TRUE(made.ok()) << made;
  return {spec.name, 0};
}

std::vector<log::Ack> LogContract::AppendAll(std::vector<log::Entry> entries) {
  auto appender = log().OpenAppender();
  EXPECT_TRUE(appender.ok()) << appender.status();
  std::vector<log::Ack> acks;
  std::uint64_t token = 0;
  for (log::Entry& entry : entries) {
    absl::Status taken = (*appender)->Append(entry, token);
    while (absl::IsResourceExhausted(taken)) {
      EXPECT_TRUE((*appender)->Flush(bench_->patience()).ok());
      (*appender)->Poll(acks);
      taken = (*appender)->Append(entry, token);
    }
    EXPECT_TRUE(taken.ok()) << taken;
    ++token;
  }
  const absl::Status flushed = (*appender)->Flush(bench_->patience());
  EXPECT_TRUE(flushed.ok()) << flushed;
  (*appender)->Poll(acks);
  EXPECT_EQ(acks.size(), entries.size());
  std::sort(acks.begin(), acks.end(),
            [](const log::Ack& a, const log::Ack& b) { return a.token < b.token; });
  for (const log::Ack& ack : acks) EXPECT_TRUE(ack.status.ok()) << ack.status;
  return acks;
}

std::vector<log::Ack> LogContract::AppendValues(const log::TopicPartition& to,
                                                const std::vector<std::string>& values) {
  std::vector<log::Entry> entries;
  for (const std::string& value : values) entries.push_back({to, "key", value, {}});
  return AppendAll(std::move(entries));
}

std::unique_ptr<log::Reader> LogContract::OpenReader(const std::string& topic,
                                                     const std::string& group,
                                                     const std::string& member) {
  auto reader = log().OpenReader({{topic}, group, member});
  EXPECT_TRUE(reader.ok()) << reader.status();
  return std::move(reader).value();
}

testing::AssertionResult LogContract::PollUntil(const std::vector<log::Reader*>& readers,
                                                const Take& take,
                                                const std::function<bool()>& done) {
  // Counted in polls of 10 ms, so that a simulated adapter needs no real time.
  const auto rounds = bench_->patience() / std::chrono::milliseconds(10);
  const auto deadline = std::chrono::steady_clock::now() + bench_->patience();
  for (std::int64_t round = 0; round < rounds && std::chrono::steady_clock::now() < deadline;
       ++round) {
    if (done()) return testing::AssertionSuccess();
    for (std::size_t i = 0; i < readers.size(); ++i) {
      std::vector<log::ReaderEvent> events;
      const absl::Status polled = readers[i]->Poll(1000, std::chrono::milliseconds(10), events);
      if (!polled.ok() && !absl::IsUnavailable(polled)) {
        return testing::AssertionFailure() << "reader " << i << ": " << polled;
      }
      for (const log::ReaderEvent& event : events) take(i, event);
    }
    bench_->PassTime(std::chrono::milliseconds(10));
  }
  if (done()) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "it did not happen within the time given";
}

std::vector<log::Record> LogContract::ReadFrom(const log::TopicPartition& from, std::int64_t offset,
                                               std::size_t count) {
  const std::unique_ptr<log::Reader> reader = OpenReader(from.topic);
  std::vector<log::Record> records;
  EXPECT_TRUE(PollUntil(
      {reader.get()},
      [&](std::size_t, const log::ReaderEvent& event) {
        if (const auto* const assigned = std::get_if<log::Assigned>(&event)) {
          if (assigned->partition == from) {
            EXPECT_TRUE(reader->Start(from, offset).ok());
          }
        } else if (const auto* const record = std::get_if<log::Record>(&event)) {
          records.push_back(*record);
        }
      },
      [&] { return records.size() >= count; }));
  return records;
}

std::vector<std::string> Values(const std::vector<log::Record>& records) {
  std::vector<std::string> values;
  for (const log::Record& record : records) values.push_back(record.value);
  return values;
}

}  // namespace usher::contract
