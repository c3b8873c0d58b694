#include "support/note.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace usher {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

std::string Said(note::Format format, note::Level least, note::Fields fields) {
  note::Configure(format, least);
  ::testing::internal::CaptureStderr();
  note::Warn("log.stalled", fields);
  return ::testing::internal::GetCapturedStderr();
}

TEST(Notes, AreOneLineOfLogfmt) {
  const std::string line =
      Said(note::Format::kLogfmt, note::Level::kInfo, {{"desk", "north"}, {"lag_records", 42}});
  EXPECT_THAT(line, MatchesRegex("time=[0-9T:.-]+Z level=warn note=log.stalled desk=north "
                                 "lag_records=42\n"));
}

TEST(Notes, QuoteWhatWouldBreakTheLine) {
  const std::string line = Said(note::Format::kLogfmt, note::Level::kInfo,
                                {{"why", "a \"b\"\nc"}, {"path", "x=y"}, {"empty", ""}});
  EXPECT_THAT(line, HasSubstr("why=\"a \\\"b\\\"\\nc\" path=\"x=y\" empty=\"\"\n"));
  EXPECT_EQ(line.find('\n'), line.size() - 1);
}

TEST(Notes, AreJsonWhenAsked) {
  const std::string line = Said(note::Format::kJson, note::Level::kInfo,
                                {{"desk", "no\x01rth"}, {"lag", 42}, {"fresh", true}});
  EXPECT_THAT(line, HasSubstr("\"note\":\"log.stalled\",\"desk\":\"no\\u0001rth\",\"lag\":42,"
                              "\"fresh\":true}\n"));
}

TEST(Notes, BelowTheLeastLevelAreSilent) {
  EXPECT_THAT(Said(note::Format::kLogfmt, note::Level::kError, {}), IsEmpty());
}

}  // namespace
}  // namespace usher
