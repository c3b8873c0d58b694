// The fixture of the log's contract: one adapter, one fresh topic name a test, and the few helpers
// that all tests use.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "contract/log_bench.h"

namespace usher::contract {

class LogContract : public testing::TestWithParam<std::string> {
 protected:
  LogContract() : bench_(MakeLogBench(GetParam())) {}

  log::Log& log() { return bench_->log(); }

  // A name that no other test uses, also on a broker that outlives this process.
  static std::string FreshName(const std::string& stem);

  log::TopicPartition MakeTopic(log::TopicSpec spec = {});

  // Appends all and waits for their acks, given back in order of the entries.
  std::vector<log::Ack> AppendAll(std::vector<log::Entry> entries);
  std::vector<log::Ack> AppendValues(const log::TopicPartition& to,
                                     const std::vector<std::string>& values);

  std::unique_ptr<log::Reader> OpenReader(const std::string& topic, const std::string& group = "",
                                          const std::string& member = "reader");

  // Polls `readers` in turn, handing each event to `take`, until `done` or patience is at an end.
  using Take = std::function<void(std::size_t reader, const log::ReaderEvent& event)>;
  testing::AssertionResult PollUntil(const std::vector<log::Reader*>& readers, const Take& take,
                                     const std::function<bool()>& done);

  // Waits for the assignment of the partition, starts it, and reads `count` records.
  std::vector<log::Record> ReadFrom(const log::TopicPartition& from, std::int64_t offset,
                                    std::size_t count);

  const std::unique_ptr<LogBench> bench_;
};

std::vector<std::string> Values(const std::vector<log::Record>& records);

}  // namespace usher::contract
