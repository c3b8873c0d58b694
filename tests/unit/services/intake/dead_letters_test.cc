#include "intake/dead_letters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "unit/services/intake/intake_world.h"

namespace usher::intake {
namespace {

log::Record Origin() {
  log::Record record;
  record.from = {"usher.messages", 2};
  record.offset = 77;
  record.at = FromMicros(1'700'000'000'123'456);
  record.key = "k";
  record.value = std::string("\0\xff raw", 6);
  record.headers = {{"ce_id", "1"}, {"usher-reason", "theirs"}};
  return record;
}

TEST(DeadLetters, KeepBytesAndHeadersAndTellTheOrigin) {
  const log::Record origin = Origin();
  const log::Entry entry = DeadLetterOf(origin, {RefusalReason::kTooLong, "text"}, 1'000'000);
  EXPECT_EQ(entry.to, (log::TopicPartition{"usher.messages.dlq", 0}));
  EXPECT_EQ(entry.key, origin.key);
  EXPECT_EQ(entry.value, origin.value);
  const std::vector<log::Header> expected = {{"ce_id", "1"},
                                             {"usher-reason", "theirs"},
                                             {"usher-reason", "too_long"},
                                             {"usher-field", "text"},
                                             {"usher-topic", "usher.messages"},
                                             {"usher-partition", "2"},
                                             {"usher-offset", "77"},
                                             {"usher-at", "2023-11-14T22:13:20.123456Z"}};
  EXPECT_EQ(entry.headers, expected);
}

std::size_t BytesOf(const log::Entry& entry) {
  std::size_t bytes = entry.key.size() + entry.value.size();
  for (const log::Header& header : entry.headers) bytes += header.key.size() + header.value.size();
  return bytes;
}

TEST(DeadLetters, CutAValueThatLeavesNoRoomForTheReason) {
  log::Record origin = Origin();
  origin.value = std::string(9'990, 'v');
  const log::Entry entry = DeadLetterOf(origin, {RefusalReason::kOversize, ""}, 10'000);
  EXPECT_LE(BytesOf(entry), 10'000u);
  EXPECT_GT(entry.value.size(), 8'000u);
  EXPECT_THAT(entry.headers, testing::Contains(log::Header{"usher-value-bytes", "9990"}));
  EXPECT_THAT(entry.headers, testing::Contains(log::Header{"ce_id", "1"}));
}

TEST(DeadLetters, DropHeadersThatLeaveNoRoomForTheReason) {
  log::Record origin = Origin();
  origin.headers = {{"big", std::string(9'990, 'h')}};
  origin.key = std::string(9'000, 'k');
  const log::Entry entry = DeadLetterOf(origin, {RefusalReason::kEmpty, ""}, 10'000);
  EXPECT_LE(BytesOf(entry), 10'000u);
  EXPECT_THAT(entry.headers, testing::Contains(log::Header{"usher-reason", "empty"}));
}

}  // namespace
}  // namespace usher::intake
