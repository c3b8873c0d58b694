#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "kit/forwarding_store.h"
#include "model/limits.h"
#include "unit/services/intake/intake_world.h"
#include "wire/surface.h"

namespace usher::intake {
namespace {

const DeskName kShop = DeskName::Of("shop");

struct BySource {
  bool operator()(const Source& a, const Source& b) const {
    return std::tie(a.topic, a.partition, a.offset) < std::tie(b.topic, b.partition, b.offset);
  }
};

class IntakeLoops : public testing::Test, public IntakeWorld {};

TEST_F(IntakeLoops, MakeACommandOfAMessage) {
  SendPolicy(5, "[refund]");
  const std::int64_t offset = Send(Message("e1", "uk: refund please"), 2);
  Start();
  Step(5);
  const PlaceInquiry placed = OnlyPlaced();
  EXPECT_EQ(placed.inquiry, wire::InquiryIdOf(kShop, "e1"));
  EXPECT_EQ(placed.conversation, wire::ConversationIdOf(kShop, "talk-e1"));
  EXPECT_EQ(placed.customer, wire::CustomerIdOf(kShop, "c1"));
  EXPECT_EQ(placed.message, wire::MessageIdOf(kShop, "e1"));
  EXPECT_EQ(placed.features.channel.view(), "chat");
  EXPECT_EQ(placed.features.language.view(), "uk");
  EXPECT_EQ(placed.features.topic.view(), "refund");
  EXPECT_TRUE(placed.features.tier.none());
  EXPECT_TRUE(placed.queue.none());
  const wire::CommandRecord record = Commands().front();
  EXPECT_EQ(record.desk, kShop);
  EXPECT_EQ(record.command.source, (Source{"usher.messages", 2, offset}));
  EXPECT_FALSE(record.command.request.none());
  EXPECT_TRUE(Shows(
      R"(usher_intake_events_total{input="usher.messages",kind="message",outcome="accepted"} 1)"));
}

TEST_F(IntakeLoops, GiveARepeatUnderAnotherOffsetTheSameRequest) {
  Send(Message("e1"));
  Send(Message("e1"));
  Start();
  Step(5);
  const auto all = Commands();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].command.request, all[1].command.request);
  EXPECT_EQ(all[0].command.digest, all[1].command.digest);
  EXPECT_EQ(std::get<PlaceInquiry>(all[0].command.body).inquiry,
            std::get<PlaceInquiry>(all[1].command.body).inquiry);
  EXPECT_NE(all[0].command.source, all[1].command.source);
}

TEST_F(IntakeLoops, BelieveTheSenderOnLanguageAndTopic) {
  v1::MessageEvent event = Message("e1", "uk: refund please");
  event.set_language("de");
  event.set_topic("account");
  Send(event);
  Start();
  Step(5);
  EXPECT_EQ(OnlyPlaced().features.language.view(), "de");
  EXPECT_EQ(OnlyPlaced().features.topic.view(), "account");
}

TEST_F(IntakeLoops, RememberTheCustomersLanguage) {
  Start();
  Send(Message("e1", "de: guten Tag"));
  Send(Message("e2", "ok"));  // of the same batch
  Step(5);
  Send(Message("e3", "??"));
  Send(Message("e4", "??", "another"));
  Step(5);
  std::vector<std::string> languages;
  for (const auto& record : Commands()) {
    languages.push_back(std::get<PlaceInquiry>(record.command.body).features.language.ToString());
  }
  EXPECT_THAT(languages, testing::ElementsAre("de", "de", "de", ""));
}

TEST_F(IntakeLoops, KnowTierAndOrderFromEarlierOrderEvents) {
  v1::OrderEvent order = Order("a", 100);
  order.set_tier("gold");
  Send(order, 1);
  Start();
  Step(5);
  v1::MessageEvent event = Message("e1");
  event.set_order_id("o1");
  Send(event);
  v1::MessageEvent unknown = Message("e2");
  unknown.set_order_id("o9");
  Send(unknown);
  Step(5);
  const auto all = Placements();
  ASSERT_EQ(all.size(), 2u);
  const auto& first = std::get<PlaceInquiry>(all[0].command.body).features;
  EXPECT_EQ(first.tier.view(), "gold");
  EXPECT_EQ(first.order, wire::OrderIdOf(kShop, "o1"));
  EXPECT_EQ(first.order_status.view(), "placed");
  EXPECT_TRUE(std::get<PlaceInquiry>(all[1].command.body).features.order.none());
}

TEST_F(IntakeLoops, CountOrderEventsThatCameTooLate) {
  Send(Order("b", 200, v1::ORDER_STATUS_SHIPPED));
  Send(Order("a", 100, v1::ORDER_STATUS_PLACED));
  Start();
  Step(5);
  EXPECT_TRUE(Shows(
      R"(usher_intake_events_total{input="usher.orders",kind="order",outcome="accepted"} 1)"));
  EXPECT_TRUE(Shows(
      R"(usher_intake_events_total{input="usher.orders",kind="order",outcome="unchanged"} 1)"));
}

TEST_F(IntakeLoops, SendWhatTheyCannotTakeToTheDeadLettersAndGoOn) {
  v1::MessageEvent nameless = Message("e2");
  nameless.clear_desk();
  const std::vector<log::Header> headers = {{"ce_id", "7"}, {"x", std::string("\0\xff", 2)}};
  Send(Message("e1"));
  const std::int64_t alien = Send(journal::kMessages, "alien \xff bytes", 0, headers);
  Send(nameless);
  Send(journal::kMessages, std::string(300'000, 'x'));
  Send(journal::kMessages, std::string("\0\0\0", 3));
  Send(journal::kMessages, "{\"desk\":");
  Send(Message("e3"));
  Send(journal::kOrders, "{}", 1);
  Start();
  Step(5);

  EXPECT_EQ(Commands().size(), 2u);
  const auto dead = Records(journal::kMessagesDlq);
  ASSERT_EQ(dead.size(), 5u);
  EXPECT_EQ(dead[0].value, "alien \xff bytes");
  EXPECT_EQ(dead[0].key, "key");
  EXPECT_EQ(HeaderOf(dead[0], "ce_id"), "7");
  EXPECT_EQ(HeaderOf(dead[0], "x"), std::string("\0\xff", 2));
  EXPECT_EQ(HeaderOf(dead[0], "usher-topic"), "usher.messages");
  EXPECT_EQ(HeaderOf(dead[0], "usher-partition"), "0");
  EXPECT_EQ(HeaderOf(dead[0], "usher-offset"), std::to_string(alien));
  std::vector<std::string> reasons;
  for (const log::Record& record : dead) reasons.push_back(HeaderOf(record, "usher-reason"));
  EXPECT_THAT(reasons, testing::ElementsAre("bad_protobuf", "missing_field", "oversize",
                                            "bad_framing", "bad_json"));
  EXPECT_EQ(HeaderOf(dead[1], "usher-field"), "desk");
  EXPECT_EQ(dead[2].value.size(), 300'000u);

  const auto dead_orders = Records(journal::kOrdersDlq);
  ASSERT_EQ(dead_orders.size(), 1u);
  EXPECT_EQ(HeaderOf(dead_orders[0], "usher-field"), "desk");
  EXPECT_TRUE(Shows(R"(usher_intake_refused_total{input="usher.messages",kind="message",)"
                    R"(reason="missing_field"} 1)"));
}

constexpr char kMappedPolicy[] = R"(
version: v1
channels: {chat: {units: 1}}
queues: [{name: q}]
otherwise: {queue: q}
mappings:
  - name: shop_message
    input: messages
    when: [{path: said}]
    fields:
      event_id: id
      conversation_id: talk
      customer_id: who
      channel: {value: chat}
      text: said
  - {name: receipts, input: messages, ignore: true, when: [{path: receipt}]}
  - name: shop_order
    input: orders
    fields: {event_id: id, order_id: id, customer_id: who, status: state, happened_at: {path: at, as: seconds}}
)";

TEST_F(IntakeLoops, MakeCommandsOfAShopsOwnJson) {
  const std::vector<log::Header> desk = {{"usher-desk", "shop"}};
  // Before the policy stands in the topic nothing is taken for unmapped.
  Start();
  Send(journal::kMessages, R"({"id": 1, "talk": "t", "who": "c", "said": "uk: hello"})", 0, desk);
  Send(journal::kMessages, R"({"receipt": 1})", 0, desk);
  Send(journal::kMessages, R"({"other": 1})", 0, desk);
  Send(journal::kOrders, R"({"id": "o7", "who": "c", "state": "shipped", "at": 100})", 0, desk);
  SendPolicy(5, "", kMappedPolicy);
  Step(5);
  EXPECT_EQ(OnlyPlaced().inquiry, wire::InquiryIdOf(kShop, "1"));
  EXPECT_EQ(OnlyPlaced().features.language.view(), "uk");
  std::vector<OrderId> orders;
  for (const auto& record : Commands()) {
    if (const auto* update = std::get_if<UpdateOrder>(&record.command.body))
      orders.push_back(update->order);
  }
  EXPECT_THAT(orders, testing::ElementsAre(wire::OrderIdOf(kShop, "o7")));
  const auto dead = Records(journal::kMessagesDlq);
  ASSERT_EQ(dead.size(), 1u);
  EXPECT_EQ(HeaderOf(dead[0], "usher-reason"), "unmapped");
  EXPECT_TRUE(Shows(
      R"(usher_intake_events_total{input="usher.messages",kind="message",outcome="ignored"} 1)"));
  now += 10s;
  Step();
  Crash();
  EXPECT_EQ(Committed(journal::kMessages, 0), 3);  // what was ignored is done, too
}

TEST_F(IntakeLoops, WaitForThePoliciesBeforeTheyReadMessages) {
  SendPolicy(5, "[refund]");
  Send(Message("e1", "refund"));
  Start();
  Stepper* policies = intake->steppers().front();
  for (Stepper* stepper : intake->steppers()) {
    if (stepper == policies) continue;
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(stepper->Step(now, 0s).ok());
  }
  EXPECT_TRUE(Commands().empty());
  EXPECT_FALSE(health.serving(kServiceName));
  Step(5);
  EXPECT_EQ(OnlyPlaced().features.topic.view(), "refund");
  EXPECT_TRUE(health.serving(kServiceName));
}

TEST_F(IntakeLoops, FollowTheNewestPolicyAndShrugAtBadOnes) {
  SendPolicy(9, "[refund]");
  SendPolicy(5, "[account]");  // applied before the first one: a copy that came late
  SendPolicy(12, "", "version: [");
  Send(journal::kPolicies, "no policy at all", 0, {}, "alien");
  Start();
  Step(5);
  Send(Message("e1", "refund of my account"));
  Step(5);
  EXPECT_EQ(OnlyPlaced().features.topic.view(), "refund");
  EXPECT_TRUE(Shows("usher_intake_policies_refused_total 2"));
  SendPolicy(20, "[account]");
  Step(5);
  Send(Message("e2", "refund of my account"));
  Step(5);
  EXPECT_EQ(std::get<PlaceInquiry>(Commands().back().command.body).features.topic.view(),
            "account");
}

TEST_F(IntakeLoops, PlaceMessagesWithoutContextWhileTheStoreIsAway) {
  v1::OrderEvent order = Order("a", 100);
  order.set_tier("gold");
  Send(order);
  Start();
  Step(5);
  stores.faults.down = true;
  Send(Message("e1"));
  Step(5);
  EXPECT_TRUE(OnlyPlaced().features.tier.none());
  EXPECT_TRUE(Shows("usher_intake_without_context_total 1"));
  stores.faults.down = false;
  now += 2s;
  Send(Message("e2"));
  Step(5);
  EXPECT_EQ(std::get<PlaceInquiry>(Commands().back().command.body).features.tier.view(), "gold");
}

TEST_F(IntakeLoops, HoldOrderEventsUntilTheStoreIsBack) {
  stores.faults.down = true;
  for (int i = 0; i < 10; ++i) {
    v1::OrderEvent order = Order("e" + std::to_string(i), 100 + i);
    order.set_order_id("o" + std::to_string(i));
    Send(order, i % kPartitions);
  }
  Start();
  for (int i = 0; i < 50; ++i) {
    now += 100ms;
    Step();
  }
  EXPECT_TRUE(stores.content().values.empty());
  stores.faults.down = false;
  now += 1s;
  Step(5);
  EXPECT_EQ(stores.content().values.size(), 11u);  // the orders, and whose they are
  EXPECT_TRUE(Records(journal::kOrdersDlq).empty());
  now += 1s;
  Step();
  Crash();
  EXPECT_EQ(Committed(journal::kOrders, 0), 4);
}

// A store in which something else stands at the place of one order.
class TakenStore : public kit::ForwardingStore {
 public:
  TakenStore(std::unique_ptr<store::Store> inner, std::string taken)
      : ForwardingStore(std::move(inner)), taken_(std::move(taken)) {}

  // To a reader of many keys it looks as if nothing were there.
  absl::StatusOr<bool> PutIf(const std::optional<std::string>& expected,
                             const store::PutValue& put) override {
    if (put.key.find(taken_) != std::string::npos) return absl::FailedPreconditionError("a table");
    return inner_->PutIf(expected, put);
  }

 private:
  const std::string taken_;
};

class TakenStores : public store::Stores {
 public:
  TakenStores(store::Stores& inner, std::string taken) : inner_(inner), taken_(std::move(taken)) {}
  absl::StatusOr<std::unique_ptr<store::Store>> Open() override {
    return std::make_unique<TakenStore>(inner_.Open().value(), taken_);
  }

 private:
  store::Stores& inner_;
  const std::string taken_;
};

TEST_F(IntakeLoops, BuryAnOrderWhosePlaceInTheStoreIsTaken) {
  TakenStores taken(stores, wire::OrderIdOf(kShop, "o1").ToString());
  stores_used = &taken;
  Send(Order("a", 100));
  v1::OrderEvent other = Order("b", 200);
  other.set_order_id("o2");
  Send(other);
  Start();
  Step(5);
  const auto dead = Records(journal::kOrdersDlq);
  ASSERT_EQ(dead.size(), 1u);
  EXPECT_EQ(HeaderOf(dead[0], "usher-reason"), "unwritable");
  EXPECT_EQ(stores.content().values.size(), 2u);  // the other one, and whose it is
  Crash();
}

TEST_F(IntakeLoops, CommitNoOffsetBeforeItsCommandIsAcknowledged) {
  Start();
  for (int i = 0; i < 10; ++i) Send(Message("a" + std::to_string(i)));
  Step(3);
  now += 1s;
  Step(2);
  log.faults.ack_max = std::chrono::hours(1'000);  // none of them comes in this test
  for (int i = 0; i < 10; ++i) Send(Message("b" + std::to_string(i)));
  for (int i = 0; i < 10; ++i) {
    now += 1s;
    Step();
  }
  EXPECT_EQ(Commands().size(), 20u);
  Crash();
  EXPECT_EQ(Committed(journal::kMessages, 0), 10);
}

TEST_F(IntakeLoops, KeepTheSpanUnderWayWithinHalfOfWhatTheEngineRemembers) {
  Start();
  Step(3);
  log.faults.ack_max = std::chrono::hours(1'000);
  constexpr int kMany = 5'000;
  for (int i = 0; i < kMany; ++i) Send(Message("e" + std::to_string(i), "uk: hi"));
  int most = 0;
  for (int i = 0; i < 100; ++i) {
    Step();
    int under_way = 0;
    const std::string text = metrics.Text();
    const std::size_t at = text.find("\nusher_intake_under_way_records ");
    ASSERT_NE(at, std::string::npos);
    under_way = std::stoi(text.substr(at + 32));
    most = std::max(most, under_way);
  }
  EXPECT_EQ(Commands().size(), static_cast<std::size_t>(kMany));
  EXPECT_LE(most, kSourceWindow / 2);
  EXPECT_GT(most, 256);
}

TEST_F(IntakeLoops, DrainAndCommitAllThatTheyTook) {
  Start();
  for (int i = 0; i < 300; ++i) Send(Message("e" + std::to_string(i)));
  Send(Order("a", 100));
  Step(3);
  log.faults.ack_max = 1s;
  Step(1);
  absl::Status drained = absl::DeadlineExceededError("");
  for (int i = 0; i < 10 && !drained.ok(); ++i) {
    drained = intake->Drain(0s);
    Step();
  }
  EXPECT_TRUE(drained.ok()) << drained;
  const std::size_t commands = Placements().size();
  Send(Message("late"));
  Step(5);
  EXPECT_EQ(Placements().size(), commands);
  EXPECT_EQ(Commands().size(), commands + 1);  // and what became of the order
  Crash();
  EXPECT_EQ(Committed(journal::kMessages, 0), static_cast<std::int64_t>(commands));
  EXPECT_EQ(Committed(journal::kOrders, 0), 1);
}

TEST_F(IntakeLoops, EndTheProcessWhenAnAppendFailsForGood) {
  Start();
  Step(3);
  Send(Message("e1"));
  log.faults.append_fails_permille = 1000;
  absl::Status status;
  for (int i = 0; i < 5 && status.ok(); ++i) status = TryStep();
  EXPECT_FALSE(status.ok());
}

// Crashes, rebalances, lost commits, full buffers and a store that comes and goes: every message is
// in the log under its own source, every order in the store, every alien record among the dead
// letters.
class IntakeStorm : public testing::TestWithParam<std::uint64_t>, public IntakeWorld {
 protected:
  void Shake(std::mt19937_64& random) {
    log.faults.land_max = Duration(random() % 20'000);
    log.faults.ack_max = Duration(random() % 50'000);
    log.faults.delivery_max = Duration(random() % 5'000);
    log.faults.buffer_full_permille = random() % 3 == 0 ? 200 : 0;
    log.faults.unavailable_permille = 50;
    log.faults.commit_lost_permille = 100;
    log.faults.rebalance_permille = 10;
    log.faults.expel_permille = 5;
    stores.faults.down = random() % 4 == 0;
    stores.faults.refused_permille = 50;
    stores.faults.fate_unknown_permille = 50;
  }
};

TEST_P(IntakeStorm, LosesNothingAndRepeatsOnlyUnderTheSameSource) {
  std::mt19937_64 random(GetParam());
  std::map<Source, std::string, BySource> sent;  // to the event's id
  std::map<Source, std::string, BySource> ordered;
  std::set<std::string> aliens;
  Start();
  constexpr int kEvents = 400;
  for (int i = 0; i < kEvents; ++i) {
    const std::string id = "e" + std::to_string(i);
    const auto partition = static_cast<std::int32_t>(random() % kPartitions);
    const log::SimLogFaults faults =
        std::exchange(log.faults, {});  // not of the shop's own appends
    if (random() % 10 == 0) {
      Send(journal::kMessages, "\xff alien " + id, partition);
      aliens.insert("\xff alien " + id);
    } else {
      sent[{journal::kMessages, partition, Send(Message(id), partition)}] = id;
    }
    v1::OrderEvent order = Order(id, i);
    order.set_order_id(id);
    ordered[{journal::kOrders, partition, Send(order, partition)}] = id;
    log.faults = faults;
    if (random() % 20 == 0) Shake(random);
    if (random() % 3 == 0) now += Duration(random() % 300'000);
    if (random() % 25 == 0 || !TryStep().ok()) {
      Crash();
      Start();
    }
  }
  log.faults = {};
  stores.faults = {};
  for (int i = 0; i < 200; ++i) {
    now += 100ms;
    if (!TryStep().ok()) {
      Crash();
      Start();
    }
  }

  std::map<Source, std::string, BySource> placed;
  std::map<Source, std::string, BySource> told;
  for (const wire::CommandRecord& record : Commands()) {
    const Source& source = record.command.source;
    if (const auto* update = std::get_if<UpdateOrder>(&record.command.body)) {
      ASSERT_EQ(ordered.count(source), 1u) << source.partition << "@" << source.offset;
      EXPECT_EQ(update->order, wire::OrderIdOf(kShop, ordered[source]));
      told[source] = ordered[source];
      continue;
    }
    const auto found = sent.find(source);
    ASSERT_NE(found, sent.end()) << source.topic << "/" << source.partition << "@" << source.offset;
    EXPECT_EQ(std::get<PlaceInquiry>(record.command.body).message,
              wire::MessageIdOf(kShop, found->second));
    placed[source] = found->second;
  }
  EXPECT_EQ(placed, sent) << "seed " << GetParam();
  EXPECT_EQ(told, ordered) << "seed " << GetParam();
  std::set<std::string> dead;
  for (const log::Record& record : Records(journal::kMessagesDlq)) dead.insert(record.value);
  EXPECT_EQ(dead, aliens) << "seed " << GetParam();
  int orders = 0;
  for (const auto& [key, value] : stores.content().values) {
    orders += key.find("/order/") != std::string::npos ? 1 : 0;
  }
  EXPECT_EQ(orders, kEvents) << "seed " << GetParam();
}

INSTANTIATE_TEST_SUITE_P(Seeds, IntakeStorm, testing::Range<std::uint64_t>(1, 17));

}  // namespace
}  // namespace usher::intake
