// The embedded log on a disk that loses power and fills up.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/hash.h"
#include "failing_disk.h"
#include "log/embedded/embedded_log.h"

namespace usher::log {
namespace {

using testing::HasSubstr;

class EmbeddedFaults : public testing::Test {
 protected:
  EmbeddedFaults() {
    std::string path = (std::filesystem::temp_directory_path() / "usher-log-XXXXXX").string();
    EXPECT_NE(mkdtemp(path.data()), nullptr);
    root_ = path;
    options_.dir = root_ + "/log";
  }
  ~EmbeddedFaults() override {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }

  // A new disk under the same folder.
  FailingDisk& MakeDisk(std::uint64_t seed) {
    disk_ = std::make_shared<FailingDisk>(seed, root_ + "/limbo");
    env_ = rocksdb::NewCompositeEnv(disk_);
    options_.env = env_.get();
    return *disk_;
  }

  std::string root_;
  std::shared_ptr<FailingDisk> disk_;
  std::unique_ptr<rocksdb::Env> env_;
  EmbeddedOptions options_;
};

// A log that is written to through one loss of power after another. What is acknowledged is known
// here, beside the disk.
class Lives {
 public:
  Lives(FailingDisk& disk, const EmbeddedOptions& options, std::uint64_t seed)
      : disk_(disk), options_(options), random_(seed) {}

  // One life, until the power goes; then it comes back.
  void LiveUntilPowerGoes() {
    disk_.LosePowerAfter(static_cast<std::int64_t>(Below(120)));
    Live();
    disk_.PowerUp();
  }

  // A life on an undisturbed disk: how many acknowledged entries are lost.
  std::int64_t Lost() {
    auto log = OpenEmbeddedLog(options_);
    EXPECT_TRUE(log.ok()) << log.status();
    if (!log.ok()) return acknowledged_;
    return LostIn(**log);
  }

  std::int64_t acknowledged() const { return acknowledged_; }

 private:
  std::uint64_t Below(std::uint64_t bound) {
    random_ = Mix64(random_ + 1);
    return random_ % bound;
  }

  static std::string KeyOf(std::int64_t i) { return "key" + std::to_string(i % 5); }
  static std::string ValueOf(std::int64_t i) {
    return std::to_string(i) + std::string(static_cast<std::size_t>(i * 7919 % 300), '.');
  }

  std::int64_t LostIn(Log& log) {
    if (!log.Partitions("all").ok()) return acknowledged_;
    const std::vector<Record> all = log.ReadRange({"all", 0}, 0, 1'000'000).value();
    for (std::size_t i = 0; i < all.size(); ++i) {
      EXPECT_EQ(all[i].offset, static_cast<std::int64_t>(i));
      EXPECT_EQ(all[i].value, ValueOf(all[i].offset));
    }
    const auto there = static_cast<std::int64_t>(all.size());
    if (log.Partitions("last").ok()) LookAtKeys(log.ReadRange({"last", 0}, 0, 1'000'000).value());
    next_ = there;
    return acknowledged_ - there;
  }

  // Of each key the last acknowledged entry is there, or one after it.
  void LookAtKeys(const std::vector<Record>& records) {
    std::map<std::string, std::int64_t> there;
    for (const Record& record : records) {
      const std::int64_t i = std::stoll(record.value);
      EXPECT_EQ(record.key, KeyOf(i));
      EXPECT_EQ(record.value, ValueOf(i));
      EXPECT_TRUE(there.emplace(record.key, i).second) << record.key << " is there twice";
    }
    if (!options_.sync) return;
    for (const auto& [key, i] : last_of_key_) {
      EXPECT_TRUE(there.contains(key)) << key;
      EXPECT_GE(there[key], i) << key;
    }
  }

  void Live() {
    auto log = OpenEmbeddedLog(options_);
    if (!log.ok()) return;
    if (!(*log)->CreateTopic({.name = "last", .compacted = true}).ok()) return;
    if (!(*log)->CreateTopic({.name = "all", .kept_for_ever = true}).ok()) return;
    EXPECT_LE(LostIn(**log), options_.sync ? 0 : acknowledged_);
    const auto appender = (*log)->OpenAppender().value();
    std::vector<Ack> acks;
    while (!disk_.powerless()) {
      for (std::uint64_t left = 1 + Below(8); left > 0; --left, ++next_) {
        for (const char* topic : {"last", "all"}) {
          const auto token = static_cast<std::uint64_t>(next_);
          EXPECT_TRUE(appender->Append({{topic, 0}, KeyOf(next_), ValueOf(next_), {}}, token).ok());
        }
      }
      EXPECT_TRUE(appender->Flush(60s).ok());
      acks.clear();
      appender->Poll(acks);
      for (const Ack& ack : acks) {
        if (!ack.status.ok()) return;
        if (ack.to.topic == "all") acknowledged_ = ack.offset + 1;
        const auto i = static_cast<std::int64_t>(ack.token);
        if (ack.to.topic == "last") last_of_key_[KeyOf(i)] = i;
      }
    }
  }

  FailingDisk& disk_;
  const EmbeddedOptions options_;
  std::uint64_t random_;
  std::int64_t next_ = 0;
  std::int64_t acknowledged_ = 0;                    // of the topic that keeps all
  std::map<std::string, std::int64_t> last_of_key_;  // acknowledged, of the compacted topic
};

TEST_F(EmbeddedFaults, NothingAcknowledgedIsLostWhenThePowerGoes) {
  options_.memory_bytes = 64 << 10;  // tables are written and joined meanwhile
  std::int64_t acknowledged = 0;
  for (std::uint64_t seed = 1; seed <= 16; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed ", seed));
    std::filesystem::remove_all(root_);
    Lives lives(MakeDisk(seed), options_, seed);
    for (int life = 0; life < 6; ++life) lives.LiveUntilPowerGoes();
    ASSERT_LE(lives.Lost(), 0);
    acknowledged += lives.acknowledged();
    if (HasFailure()) return;
  }
  EXPECT_GT(acknowledged, 400);
}

// The same disk does lose what was not synced: else the test above would prove nothing.
TEST_F(EmbeddedFaults, WithoutSyncALossOfPowerCostsTheLastSeconds) {
  options_.sync = false;
  std::int64_t lost = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    std::filesystem::remove_all(root_);
    Lives lives(MakeDisk(seed), options_, seed);
    lives.LiveUntilPowerGoes();
    lost += std::max<std::int64_t>(lives.Lost(), 0);
  }
  EXPECT_GT(lost, 0);
}

TEST_F(EmbeddedFaults, ADiskThatIsFullTakesNothingUntilThereIsRoom) {
  FailingDisk& disk = MakeDisk(1);
  options_.keep_free_bytes = 100 << 20;
  disk.SetFreeBytes(std::uint64_t{101} << 20);
  const auto log = OpenEmbeddedLog(options_).value();
  ASSERT_TRUE(log->CreateTopic({.name = "t"}).ok());
  const auto appender = log->OpenAppender().value();
  ASSERT_TRUE(appender->Append({{"t", 0}, "", "before", {}}, 0).ok());
  ASSERT_TRUE(appender->Flush(60s).ok());
  disk.SetFreeBytes(std::uint64_t{99} << 20);
  // The room is looked at now and then: some entries may still be taken.
  const auto append_until = [&](absl::StatusCode code) {
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    absl::Status status;
    do {
      status = appender->Append({{"t", 0}, "", "value", {}}, 0);
      EXPECT_TRUE(appender->Flush(60s).ok());
    } while (status.code() != code && std::chrono::steady_clock::now() < deadline);
    return status;
  };
  const absl::Status full = append_until(absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(full.message()), HasSubstr("is full: 99 MiB are free, the last 100 MiB"));
  EXPECT_EQ(log->Stats().at("disk_full"), 1);
  EXPECT_EQ(log->ReadRange({"t", 0}, 0, 1).value().size(), 1u);
  disk.SetFreeBytes(std::uint64_t{200} << 20);
  EXPECT_TRUE(append_until(absl::StatusCode::kOk).ok());
  EXPECT_EQ(log->Stats().at("disk_full"), 0);
  std::vector<Ack> acks;
  appender->Poll(acks);
  for (const Ack& ack : acks) EXPECT_TRUE(ack.status.ok()) << ack.status;
}

TEST_F(EmbeddedFaults, OnTheLastByteAWriteFailsForGoodAndNothingIsLost) {
  FailingDisk& disk = MakeDisk(1);
  {
    const auto log = OpenEmbeddedLog(options_).value();
    ASSERT_TRUE(log->CreateTopic({.name = "t"}).ok());
    const auto appender = log->OpenAppender().value();
    ASSERT_TRUE(appender->Append({{"t", 0}, "", "landed", {}}, 1).ok());
    ASSERT_TRUE(appender->Flush(60s).ok());
    disk.SetFull(true);
    ASSERT_TRUE(appender->Append({{"t", 0}, "", "refused", {}}, 2).ok());
    ASSERT_TRUE(appender->Flush(60s).ok());
    std::vector<Ack> acks;
    appender->Poll(acks);
    ASSERT_EQ(acks.size(), 2u);
    EXPECT_TRUE(acks[0].status.ok());
    EXPECT_EQ(acks[1].status.code(), absl::StatusCode::kUnavailable);
    EXPECT_THAT(std::string(acks[1].status.message()), HasSubstr("No space left"));
    EXPECT_EQ(log->Stats().at("failed"), 1);
  }
  const auto full = OpenEmbeddedLog(options_);
  if (!full.ok()) {
    EXPECT_THAT(std::string(full.status().message()), HasSubstr("No space left"));
  }
  disk.SetFull(false);
  const auto log = OpenEmbeddedLog(options_).value();
  const std::vector<Record> records = log->ReadRange({"t", 0}, 0, 10).value();
  ASSERT_GE(records.size(), 1u);
  EXPECT_EQ(records[0].value, "landed");
}

// A compacted topic takes as much room as its last records do, however often they are written.
TEST_F(EmbeddedFaults, WhatIsCompactedGivesItsRoomBack) {
  options_.memory_bytes = 256 << 10;
  const auto log = OpenEmbeddedLog(options_).value();
  ASSERT_TRUE(log->CreateTopic({.name = "last", .compacted = true}).ok());
  const auto appender = log->OpenAppender().value();
  std::uint64_t random = 1;
  std::uint64_t written = 0;
  for (int i = 0; i < 2'000; ++i) {
    std::string value(20'000, ' ');
    for (char& c : value) {
      random = Mix64(random + 1);
      c = static_cast<char>(random);
    }
    written += value.size();
    ASSERT_TRUE(appender->Append({{"last", 0}, std::to_string(i % 10), value, {}}, 0).ok());
    ASSERT_TRUE(appender->Flush(60s).ok());
  }
  std::uint64_t on_disk = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(options_.dir)) {
    if (entry.is_regular_file()) on_disk += entry.file_size();
  }
  EXPECT_LT(on_disk, written / 4) << written;
}

}  // namespace
}  // namespace usher::log
