#include "log/embedded/embedded_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

namespace usher::log {
namespace {

constexpr char kChildDir[] = "USHER_TEST_EMBEDDED_CHILD";
constexpr int kTell = 100;  // the descriptor on which the child tells

class EmbeddedLog : public testing::Test {
 protected:
  EmbeddedLog() {
    std::string path = (std::filesystem::temp_directory_path() / "usher-log-XXXXXX").string();
    EXPECT_NE(mkdtemp(path.data()), nullptr);
    dir_ = path;
  }
  ~EmbeddedLog() override {
    std::error_code ignored;
    std::filesystem::remove_all(dir_, ignored);
  }

  std::unique_ptr<Log> Open(std::function<Instant()> clock = nullptr) {
    auto log = OpenEmbeddedLog({.dir = dir_, .clock = std::move(clock)});
    EXPECT_TRUE(log.ok()) << log.status();
    return std::move(log).value();
  }

  static void AppendOne(Log& log, const std::string& topic, const std::string& value) {
    const auto appender = log.OpenAppender().value();
    ASSERT_TRUE(appender->Append({{topic, 0}, "", value, {}}, 0).ok());
    ASSERT_TRUE(appender->Flush(60s).ok());
  }

  std::string dir_;
};

TEST_F(EmbeddedLog, SaysWhoseFolderItIsWhenItIsInUse) {
  const std::unique_ptr<Log> log = Open();
  const auto second = OpenEmbeddedLog({.dir = dir_});
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(second.status().message()), testing::HasSubstr("is in use"));
}

TEST_F(EmbeddedLog, IsReadFromBesideWhileItIsWritten) {
  EXPECT_EQ(OpenEmbeddedLogBeside(dir_).status().code(), absl::StatusCode::kNotFound);
  const std::unique_ptr<Log> log = Open();
  ASSERT_TRUE(log->CreateTopic({.name = "t"}).ok());
  AppendOne(*log, "t", "a");
  const auto beside = OpenEmbeddedLogBeside(dir_);
  ASSERT_TRUE(beside.ok()) << beside.status();
  const auto read = [&](std::int64_t from) {
    std::vector<std::string> values;
    const auto records = (*beside)->ReadRange({"t", 0}, from, 100);
    EXPECT_TRUE(records.ok()) << records.status();
    for (const Record& record : records.value_or(std::vector<Record>())) {
      values.push_back(record.value.substr(0, 1));
    }
    return values;
  };
  EXPECT_EQ(read(0), std::vector<std::string>{"a"});
  ASSERT_TRUE(log->CreateTopic({.name = "later"}).ok());
  // So much that RocksDB turns to new files, more than once.
  const auto appender = log->OpenAppender().value();
  for (std::uint64_t i = 0; i < 100; ++i) {
    ASSERT_TRUE(appender->Append({{"t", 0}, "", std::string(500'000, 'b'), {}}, i).ok());
  }
  ASSERT_TRUE(appender->Flush(60s).ok());
  AppendOne(*log, "t", "c");
  EXPECT_EQ((*beside)->EndOffset({"t", 0}).value(), 102);
  EXPECT_EQ(read(100), (std::vector<std::string>{"b", "c"}));
  EXPECT_EQ((*beside)->Partitions("later").value(), 1);
  EXPECT_EQ((*beside)->Partitions("none").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ((*beside)->OpenAppender().status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(EmbeddedLog, AppendTimeNeverGoesBack) {
  Instant now = FromMicros(1'000'000);
  {
    const std::unique_ptr<Log> log = Open([&] { return now; });
    ASSERT_TRUE(log->CreateTopic({.name = "t"}).ok());
    AppendOne(*log, "t", "a");
    now -= 500ms;
    AppendOne(*log, "t", "b");
  }
  now -= 400ms;
  const std::unique_ptr<Log> log = Open([&] { return now; });
  AppendOne(*log, "t", "c");
  now = FromMicros(2'000'000);
  AppendOne(*log, "t", "d");
  const std::vector<Record> records = log->ReadRange({"t", 0}, 0, 10).value();
  ASSERT_EQ(records.size(), 4u);
  EXPECT_EQ(records[1].at, FromMicros(1'000'000));
  EXPECT_EQ(records[2].at, FromMicros(1'000'000));
  EXPECT_EQ(records[3].at, FromMicros(2'000'000));
}

TEST_F(EmbeddedLog, RetentionDropsWhatIsOldAndSaysSo) {
  Instant now = FromMicros(0);
  const std::unique_ptr<Log> log = Open([&] { return now; });
  ASSERT_TRUE(log->CreateTopic({.name = "brief"}).ok());
  ASSERT_TRUE(log->CreateTopic({.name = "kept", .kept_for_ever = true}).ok());
  for (const char* topic : {"brief", "kept"}) {
    AppendOne(*log, topic, "old");
  }
  now += std::chrono::hours(24 * 8);
  for (const char* topic : {"brief", "kept"}) {
    AppendOne(*log, topic, "new");
  }
  EXPECT_EQ(log->ReadRange({"kept", 0}, 0, 10).value().size(), 2u);
  const std::vector<Record> left = log->ReadRange({"brief", 0}, 0, 10).value();
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left[0].offset, 1);
  const auto reader = log->OpenReader({{"brief"}, "", "r"}).value();
  std::vector<ReaderEvent> events;
  ASSERT_TRUE(reader->Poll(10, 0s, events).ok());
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(std::get<Assigned>(events[0]).begin, 1);
  ASSERT_TRUE(reader->Start({"brief", 0}, 0).ok());
  EXPECT_EQ(reader->Poll(10, 0s, events).code(), absl::StatusCode::kOutOfRange);
}

TEST_F(EmbeddedLog, ManyEntriesShareOneWrite) {
  const std::unique_ptr<Log> log = Open();
  ASSERT_TRUE(log->CreateTopic({.name = "t"}).ok());
  const auto appender = log->OpenAppender().value();
  for (std::uint64_t i = 0; i < 5000; ++i) {
    ASSERT_TRUE(appender->Append({{"t", 0}, "", "value", {}}, i).ok());
  }
  ASSERT_TRUE(appender->Flush(60s).ok());
  const auto stats = log->Stats();
  EXPECT_EQ(stats.at("append_total"), 5000);
  EXPECT_LT(stats.at("write_groups_total"), 2500);
  EXPECT_EQ(stats.at("pending_entries"), 0);
  EXPECT_EQ(stats.at("pending_bytes"), 0);
}

TEST_F(EmbeddedLog, AnAppenderMayGoBeforeItsEntriesAreWritten) {
  const std::unique_ptr<Log> log = Open();
  ASSERT_TRUE(log->CreateTopic({.name = "t"}).ok());
  {
    const auto appender = log->OpenAppender().value();
    for (std::uint64_t i = 0; i < 100; ++i) {
      ASSERT_TRUE(appender->Append({{"t", 0}, "", "value", {}}, i).ok());
    }
  }
  const auto other = log->OpenAppender().value();
  ASSERT_TRUE(other->Append({{"t", 0}, "", "last", {}}, 0).ok());
  ASSERT_TRUE(other->Flush(60s).ok());
  EXPECT_EQ(log->EndOffset({"t", 0}).value(), 101);
}

TEST_F(EmbeddedLog, AnEntryForNoTopicFailsForGood) {
  const std::unique_ptr<Log> log = Open();
  const auto appender = log->OpenAppender().value();
  ASSERT_TRUE(appender->Append({{"nowhere", 0}, "", "value", {}}, 7).ok());
  std::vector<Ack> acks;
  appender->Poll(acks);
  ASSERT_EQ(acks.size(), 1u);
  EXPECT_EQ(acks[0].token, 7u);
  EXPECT_EQ(acks[0].status.code(), absl::StatusCode::kNotFound);
}

// Not a test by itself (so not among the tests of ctest): what the test below starts as a process
// of its own, to be killed.
TEST(EmbeddedLogChild, AppendsForEverAndTellsWhatIsAcknowledged) {
  const char* const dir = std::getenv(kChildDir);
  ASSERT_NE(dir, nullptr) << "run by EmbeddedLog.LosesNothingAcknowledgedWhenKilled";
  const auto log = OpenEmbeddedLog({.dir = dir}).value();
  ASSERT_TRUE(log->CreateTopic({.name = "t"}).ok());
  const auto appender = log->OpenAppender().value();
  std::uint64_t acknowledged = 0;
  std::vector<Ack> acks;
  for (std::uint64_t i = 0;; ++i) {
    ASSERT_TRUE(appender->Append({{"t", 0}, "", std::to_string(i), {}}, i).ok());
    if (i % 16 == 15) {
      ASSERT_TRUE(appender->Flush(60s).ok());
    }
    acks.clear();
    appender->Poll(acks);
    acknowledged += acks.size();
    if (!acks.empty()) {
      ASSERT_EQ(write(kTell, &acknowledged, sizeof acknowledged),
                static_cast<ssize_t>(sizeof acknowledged));
    }
  }
}

TEST_F(EmbeddedLog, LosesNothingAcknowledgedWhenKilled) {
  int tell[2];
  ASSERT_EQ(pipe(tell), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    dup2(tell[1], kTell);
    setenv(kChildDir, dir_.c_str(), 1);
    execl("/proc/self/exe", "unit_log", "--gtest_filter=EmbeddedLogChild.*", "--gtest_brief=1",
          static_cast<char*>(nullptr));
    _exit(127);
  }
  close(tell[1]);
  std::string told;
  char buffer[4096];
  while (told.size() < 8 * 200) {  // let it get well under way
    const ssize_t got = read(tell[0], buffer, sizeof buffer);
    ASSERT_GT(got, 0) << "the child died by itself";
    told.append(buffer, static_cast<std::size_t>(got));
  }
  ASSERT_EQ(kill(child, SIGKILL), 0);
  for (ssize_t got = 0; (got = read(tell[0], buffer, sizeof buffer)) > 0;) {
    told.append(buffer, static_cast<std::size_t>(got));
  }
  close(tell[0]);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  std::uint64_t acknowledged = 0;
  const std::size_t whole = told.size() / 8 * 8;
  ASSERT_GE(whole, 8u);
  std::memcpy(&acknowledged, told.data() + whole - 8, 8);

  const std::unique_ptr<Log> log = Open();
  const std::vector<Record> records = log->ReadRange({"t", 0}, 0, 10'000'000).value();
  ASSERT_GE(records.size(), acknowledged);
  ASSERT_GT(acknowledged, 100u);
  for (std::size_t i = 0; i < records.size(); ++i) {
    ASSERT_EQ(records[i].offset, static_cast<std::int64_t>(i));
    ASSERT_EQ(records[i].value, std::to_string(i));
  }
  AppendOne(*log, "t", "after");
  EXPECT_EQ(log->EndOffset({"t", 0}).value(), static_cast<std::int64_t>(records.size()) + 1);
}

}  // namespace
}  // namespace usher::log
