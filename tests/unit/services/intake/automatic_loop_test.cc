// What intake does with messages that no customer wrote, on both ways in.
#include <gtest/gtest.h>

#include <string>

#include "unit/services/intake/intake_world.h"
#include "wire/surface.h"

namespace usher::intake {
namespace {

class AutomaticMessages : public testing::Test, public IntakeWorld {
 protected:
  void SendRules(const std::string& automatic) {
    SendPolicy(1, "",
               "version: v1\nskills: [orders]\nchannels: {chat: {units: 1}}\nqueues: [{name: q}]\n"
               "otherwise: {queue: q}\n" +
                   automatic);
  }
  // How many messages became commands.
  std::size_t Count() {
    Step(6);
    return Placements().size();
  }
  v1::MessageEvent AutoReply(const std::string& id) {
    v1::MessageEvent event = Message(id);
    (*event.mutable_headers())["Auto-Submitted"] = "auto-replied";
    return event;
  }
};

TEST_F(AutomaticMessages, AreDroppedCountedAndCommitted) {
  Start();
  Send(AutoReply("e1"));
  Send(Message("e2"));
  Send(journal::kMessages, Message("e3").SerializeAsString(), 0, {{"Precedence", "bulk"}});
  EXPECT_EQ(Count(), 1u);
  EXPECT_TRUE(Shows("usher_intake_automatic_total{sign=\"auto_submitted\"} 1"));
  EXPECT_TRUE(Shows("usher_intake_automatic_total{sign=\"precedence\"} 1"));
  EXPECT_TRUE(Shows(
      "usher_intake_events_total{input=\"usher.messages\",kind=\"message\",outcome=\"ignored\"} "
      "2"));
  EXPECT_TRUE(Records(journal::kMessagesDlq).empty());
  now += 10s;
  Step(2);
  Crash();
  EXPECT_EQ(Committed(journal::kMessages, 0), 3);
}

TEST_F(AutomaticMessages, AreTakenIfThePolicySaysSo) {
  SendRules("automatic: {do: take, same_text: {messages: 1, window: 1m}}\n");
  Start();
  for (int i = 0; i < 3; ++i) Send(AutoReply("e" + std::to_string(i)));
  EXPECT_EQ(Count(), 3u);
}

TEST_F(AutomaticMessages, OfALoopAreFoundByTheirText) {
  SendRules("automatic: {same_text: {messages: 2, window: 1m}}\n");
  Start();
  for (int i = 0; i < 5; ++i) Send(Message("e" + std::to_string(i), "uk: we got your mail"));
  Send(Message("other", "uk: we got your mail", "c2"));  // another customer
  Send(Message("different", "uk: where is it?"));
  for (int i = 0; i < 5; ++i) Send(Message("p" + std::to_string(i), ""));  // pictures
  EXPECT_EQ(Count(), 2u + 1 + 1 + 5);
  EXPECT_TRUE(Shows("usher_intake_automatic_total{sign=\"loop\"} 3"));
  now += 2min;
  Send(Message("later", "uk: we got your mail"));
  EXPECT_EQ(Count(), 10u);
}

TEST_F(AutomaticMessages, OfAFloodAreFoundByTheirNumber) {
  SendRules("automatic: {flood: {messages: 3, window: 1m}}\n");
  Start();
  for (int i = 0; i < 7; ++i) {
    v1::MessageEvent event = Message("e" + std::to_string(i), "uk: " + std::to_string(i));
    event.set_conversation_id("talk");
    Send(event);
  }
  Send(Message("other"));
  EXPECT_EQ(Count(), 4u);
  EXPECT_TRUE(Shows("usher_intake_automatic_total{sign=\"flood\"} 4"));
}

TEST_F(AutomaticMessages, AreNotTheRepliesOfAgents) {
  Start();
  v1::MessageEvent reply = AutoReply("e1");
  reply.set_author(v1::MESSAGE_AUTHOR_AGENT);
  reply.set_agent("kim");
  Send(reply);
  Step(6);
  EXPECT_TRUE(Placements().empty());
  const auto commands = Commands();
  ASSERT_EQ(commands.size(), 1u);
  const auto& recorded = std::get<RecordReply>(commands[0].command.body);
  EXPECT_EQ(recorded.agent.view(), "kim");
  EXPECT_EQ(recorded.conversation, wire::ConversationIdOf(DeskName::Of("shop"), "talk-e1"));
  EXPECT_TRUE(recorded.inquiry.none());
  EXPECT_EQ(commands[0].command.source.offset, 0);
  EXPECT_FALSE(commands[0].command.request.none());
}

TEST_F(AutomaticMessages, WithHeadersBeyondBoundsAreRefused) {
  Start();
  v1::MessageEvent many = Message("e1");
  for (int i = 0; i < 201; ++i) (*many.mutable_headers())["h" + std::to_string(i)] = "x";
  Send(many);
  v1::MessageEvent longer = Message("e2");
  (*longer.mutable_headers())["Subject"] = std::string(2'001, 'x');
  Send(longer);
  v1::MessageEvent idle = Message("e3");  // does not count
  (*idle.mutable_headers())["References"] = std::string(10'000, 'x');
  Send(idle);
  v1::MessageEvent unknown = Message("e4");
  unknown.set_author(static_cast<v1::MessageAuthor>(77));
  Send(unknown);
  EXPECT_EQ(Count(), 1u);
  const auto letters = Records(journal::kMessagesDlq);
  ASSERT_EQ(letters.size(), 3u);
}

TEST_F(AutomaticMessages, HaveTheSameDigestInAnyOrderOfTheirHeaders) {
  v1::MessageEvent one = Message("e1");
  v1::MessageEvent other = Message("e1");
  for (int i = 0; i < 50; ++i) (*one.mutable_headers())["h" + std::to_string(i)] = "x";
  for (int i = 49; i >= 0; --i) (*other.mutable_headers())["h" + std::to_string(i)] = "x";
  const auto digest = [](const v1::MessageEvent& event) {
    return std::get<MessageFacts>(CheckMessage(event)).digest;
  };
  EXPECT_EQ(digest(one), digest(other));
  (*other.mutable_headers())["h7"] = "y";
  EXPECT_NE(digest(one), digest(other));
}

}  // namespace
}  // namespace usher::intake
