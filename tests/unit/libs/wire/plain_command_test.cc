// The short way says what the long way says, or nothing.
#include "wire/plain_command.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <variant>

#include "unit/libs/wire/random_records.h"

namespace usher::wire {
namespace {

constexpr std::uint64_t kSeed = 20250117;

// A field that no message of ours has: only the long way reads past it.
std::string WithUnknownField(const std::string& bytes) { return bytes + "\xa0\x3f\x01"; }

void ExpectLongWayAgrees(const std::string& bytes, const CommandRecord& plain) {
  CommandRecord none;
  ASSERT_FALSE(ReadPlainCommand(WithUnknownField(bytes), none));
  const auto decoded = DecodeCommand(WithUnknownField(bytes));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  const auto* record = std::get_if<CommandRecord>(&*decoded);
  ASSERT_NE(record, nullptr);
  EXPECT_EQ(plain.desk, record->desk);
  EXPECT_EQ(plain.command, record->command);
  EXPECT_EQ(plain.policy_yaml, record->policy_yaml);
  EXPECT_EQ(plain.renewal, record->renewal);
}

TEST(PlainCommand, SaysWhatTheLongWaySays) {
  SCOPED_TRACE(kSeed);
  RandomRecords random(kSeed);
  std::set<std::size_t> plain_kinds;
  for (std::size_t kind = 0; kind < std::variant_size_v<CommandBody>; ++kind) {
    for (int round = 0; round < 300; ++round) {
      const std::string bytes = EncodeCommand(random.ACommand(kind));
      CommandRecord plain;
      if (!ReadPlainCommand(bytes, plain)) continue;
      plain_kinds.insert(kind);
      ExpectLongWayAgrees(bytes, plain);
    }
  }
  EXPECT_EQ(plain_kinds.size(), 7U) << "a tick, a placement, a presence, an acceptance, a reply, an"
                                       " end and a checkpoint are read in the short way";
}

TEST(PlainCommand, OfWhatIsNoCommandOfOursItSaysWhatTheLongWaySaysOrNothing) {
  SCOPED_TRACE(kSeed);
  RandomRecords random(kSeed);
  int read = 0;
  for (int round = 0; round < 40'000; ++round) {
    std::string bytes = EncodeCommand(random.ACommand(random.Below(12)));
    for (std::uint64_t flips = 1 + random.Below(3); flips > 0; --flips) {
      bytes[random.Below(bytes.size())] = static_cast<char>(random.Below(256));
    }
    if (random.Below(8) == 0) bytes.resize(random.Below(bytes.size() + 1));
    CommandRecord plain;
    if (!ReadPlainCommand(bytes, plain)) continue;
    ++read;
    ExpectLongWayAgrees(bytes, plain);
    if (HasFailure()) FAIL() << "round " << round;
  }
  EXPECT_GT(read, 1'000);
}

TEST(PlainCommand, WhatIsUnusualIsLeftToTheLongWay) {
  CommandRecord record;
  EXPECT_FALSE(ReadPlainCommand("", record));
  EXPECT_FALSE(ReadPlainCommand(EncodeHeader({LogId::Of("log"), 1}), record));
  EXPECT_FALSE(ReadPlainCommand(EncodeControl(DeskHold{DeskName::Of("eu")}), record));
  CommandRecord accept;
  accept.desk = DeskName::Of("eu");
  accept.command.body = AcceptOffer{OfferId{7}, AgentName::Of("ana")};
  const std::string bytes = EncodeCommand(accept);
  EXPECT_TRUE(ReadPlainCommand(bytes, record = {}));
  EXPECT_FALSE(ReadPlainCommand(bytes + bytes, record = {})) << "fields again";
  accept.desk = DeskName::Of("кіт");
  EXPECT_FALSE(ReadPlainCommand(EncodeCommand(accept), record = {})) << "beyond ASCII";
  accept.desk = DeskName();
  EXPECT_FALSE(ReadPlainCommand(EncodeCommand(accept), record = {})) << "no desk";
}

}  // namespace
}  // namespace usher::wire
