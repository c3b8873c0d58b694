// LogBench: one log adapter on the bench of the contract suite, with what the suite must know about
// it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "log/log.h"

namespace usher::contract {

class LogBench {
 public:
  virtual ~LogBench() = default;

  virtual log::Log& log() = 0;

  // Makes the topic as the adapter's operator would. The name is new in this run.
  virtual absl::Status MakeTopic(const log::TopicSpec& spec) { return log().CreateTopic(spec); }

  // Closes the log and opens it again, as a new process would. Appenders and readers are gone by
  // then.
  virtual void Reopen() = 0;

  // The same log with room for few entries only.
  virtual std::unique_ptr<log::Appender> CrampedAppender() = 0;

  // Time goes by: real adapters live by the real clock, a simulated one is told.
  virtual void PassTime(Duration) {}

  // A second look at things that take the adapter a while (a rebalance, a cleaner's run).
  virtual Duration patience() const { return std::chrono::seconds(60); }

  enum class Compaction { kAtOnce, kLater, kNever };  // kLater: some time after an append
  virtual Compaction compaction() const { return Compaction::kAtOnce; }
  virtual bool commits_while_sharing() const { return true; }  // false: a commit may get lost then
  virtual bool checks_topics() const { return true; }          // false: no admin interface
};

// "sim", "embedded"; "kafka" if USHER_TEST_KAFKA names a broker, "mock" if there is none to be had.
std::vector<std::string> LogAdapters();
std::unique_ptr<LogBench> MakeLogBench(const std::string& adapter);

}  // namespace usher::contract
