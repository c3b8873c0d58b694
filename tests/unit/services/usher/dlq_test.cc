#include "usher/dlq.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "intake/dead_letters.h"
#include "journal/topics.h"
#include "log/sim/sim_log.h"
#include "usher/dlq_reasons.h"

namespace usher {
namespace {

// A log with messages, some of which became dead letters.
struct Post {
  Instant now = FromMicros(1'800'000'000'000'000);
  log::SimLog log{{.seed = 1, .clock = [this] { return now; }}};
  std::unique_ptr<log::Appender> appender;

  Post() {
    for (const log::TopicSpec& spec : journal::Topics(2)) EXPECT_TRUE(log.CreateTopic(spec).ok());
    appender = *log.OpenAppender();
  }
  void Refuse(std::int64_t offset, const std::string& value, std::size_t most = 1 << 20) {
    log::Record record;
    record.from = {journal::kMessages, 1};
    record.offset = offset;
    record.at = now;
    record.key = "key" + std::to_string(offset);
    record.value = value;
    record.headers = {{"usher-field", "a sender's own"}, {"trace", std::string("\x00\x01", 2)}};
    const intake::Refusal refusal{intake::RefusalReason::kBadValue, "desk"};
    ASSERT_TRUE(appender->Append(intake::DeadLetterOf(record, refusal, most), 1).ok());
    now += 1s;
    EXPECT_TRUE(log.EndOffset({journal::kMessagesDlq, 0}).ok());
  }
  std::vector<log::Record> Messages() { return *log.ReadRange({journal::kMessages, 1}, 0, 1'000); }
  absl::StatusOr<Replayed> Replay(std::int64_t from = -1) {
    return ReplayDeadLetters(log, {.topic = journal::kMessages, .from = from, .wait = 5s});
  }
};

TEST(DeadLetters, AreListedWithReasonAndOrigin) {
  Post post;
  post.Refuse(7, "bytes");
  post.Refuse(9, std::string(5'000, 'x'), 3'000);
  for (const char* name : {journal::kMessages, journal::kMessagesDlq}) {
    std::vector<DeadLetter> letters;
    ASSERT_TRUE(ListDeadLetters(post.log, name, [&](const DeadLetter& letter) {
                  letters.push_back(letter);
                }).ok());
    ASSERT_EQ(letters.size(), 2u);
    EXPECT_EQ(letters[0].reason, "bad_value");
    EXPECT_EQ(letters[0].field, "desk");
    EXPECT_EQ(letters[0].topic, "usher.messages");
    EXPECT_EQ(letters[0].partition, 1);
    EXPECT_EQ(letters[0].origin_offset, 7);
    EXPECT_EQ(letters[0].value_bytes, 5u);
    EXPECT_FALSE(letters[0].cut);
    EXPECT_TRUE(letters[1].cut);
    EXPECT_EQ(letters[1].value_bytes, 5'000u);
  }
}

TEST(DeadLetters, GoBackAsTheyWereAndOnce) {
  Post post;
  post.Refuse(7, std::string("by\x00tes", 6));
  const absl::StatusOr<Replayed> first = post.Replay();
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->sent, 1u);
  ASSERT_EQ(post.Messages().size(), 1u);
  const log::Record back = post.Messages()[0];
  EXPECT_EQ(back.key, "key7");
  EXPECT_EQ(back.value, std::string("by\x00tes", 6));
  EXPECT_EQ(back.headers, (std::vector<log::Header>{{"usher-field", "a sender's own"},
                                                    {"trace", std::string("\x00\x01", 2)}}));

  EXPECT_EQ(post.Replay()->sent, 0u);
  post.Refuse(8, "more");
  EXPECT_EQ(post.Replay()->sent, 1u);
  EXPECT_EQ(post.Messages().size(), 2u);
}

TEST(DeadLetters, GoBackAgainOnlyWhenAskedFor) {
  Post post;
  for (int i = 0; i < 3; ++i) post.Refuse(i, "bytes");
  EXPECT_EQ(post.Replay()->sent, 3u);
  EXPECT_EQ(post.Replay(2)->sent, 1u);
  EXPECT_EQ(post.Replay()->sent, 0u);
}

TEST(DeadLetters, ThatWereSentAndNotRememberedGoBackAgain) {
  Post post;
  for (int i = 0; i < 3; ++i) post.Refuse(i, "bytes");
  post.log.faults.commit_lost_permille = 1000;
  EXPECT_EQ(post.Replay()->sent, 3u);
  post.log.faults.commit_lost_permille = 0;
  EXPECT_EQ(post.Replay()->sent, 3u);
  EXPECT_EQ(post.Replay()->sent, 0u);
  EXPECT_EQ(post.Messages().size(), 6u);
}

TEST(DeadLetters, AreShownWithWhatHelpsAndTheirContentOnlyWhenAskedFor) {
  Post post;
  post.Refuse(7, "a\x1b[2Jsecret");
  const log::Record letter = *FindDeadLetter(post.log, journal::kMessages, 0);
  const std::string told = DeadLetterText(letter, false);
  EXPECT_EQ(told.find("secret"), std::string::npos);
  EXPECT_NE(told.find("from: usher.messages/1/7 at "), std::string::npos) << told;
  EXPECT_NE(told.find("reason: bad_value, field desk\n"), std::string::npos) << told;
  EXPECT_NE(told.find("meaning: The named field says"), std::string::npos) << told;
  const std::string all = DeadLetterText(letter, true);
  EXPECT_NE(all.find("key: key7\nheader usher-field: a sender's own\n"), std::string::npos) << all;
  EXPECT_NE(all.find("value: a\\x1b[2Jsecret\n"), std::string::npos) << all;
  EXPECT_EQ(FindDeadLetter(post.log, journal::kMessages, 1).status().code(),
            absl::StatusCode::kNotFound);
}

TEST(DeadLetters, HaveReasonsOfAClosedSet) {
  for (std::size_t i = 0; i < intake::kRefusalReasons; ++i) {
    const auto reason = static_cast<intake::RefusalReason>(i);
    EXPECT_EQ(ReasonOf(intake::ToText(reason)), reason);
    EXPECT_FALSE(MeaningOf(reason).empty());
  }
  EXPECT_EQ(ReasonOf("of tomorrow"), std::nullopt);
}

TEST(DeadLetters, ThatWereCutStay) {
  Post post;
  post.Refuse(1, std::string(5'000, 'x'), 3'000);
  post.Refuse(2, "whole");
  const absl::StatusOr<Replayed> replayed = post.Replay();
  ASSERT_TRUE(replayed.ok()) << replayed.status();
  EXPECT_EQ(replayed->sent, 1u);
  EXPECT_EQ(replayed->cut, 1u);
}

TEST(DeadLetters, OfATopicThatIsNotThereAreAnError) {
  Post post;
  EXPECT_FALSE(ListDeadLetters(post.log, "usher.other", [](const DeadLetter&) {}).ok());
}

}  // namespace
}  // namespace usher
