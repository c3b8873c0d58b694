#include "intake/decode.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>
#include <vector>

#include "unit/services/intake/intake_world.h"
#include "wire/surface.h"

namespace usher::intake {
namespace {

// As a schema registry's client writes it.
std::string Framed(const std::string& indexes, const std::string& value) {
  return std::string("\0\0\0\0\x07", 5) + indexes + value;
}

MessageFacts Taken(const log::Record& record) {
  auto decoded = DecodeMessage(record, DoorWith());
  if (const auto* refusal = std::get_if<Refusal>(&decoded)) {
    ADD_FAILURE() << ToText(*refusal);
    return {};
  }
  return std::get<MessageFacts>(std::move(decoded));
}

Refusal RefusedOf(const log::Record& record) {
  auto decoded = DecodeMessage(record, DoorWith());
  EXPECT_TRUE(std::holds_alternative<Refusal>(decoded));
  const auto* refusal = std::get_if<Refusal>(&decoded);
  return refusal == nullptr ? Refusal{} : *refusal;
}

TEST(Decode, TakesEachFormOfAMessageAlike) {
  v1::MessageEvent event = Message("e1");
  event.set_order_id("o1");
  const std::string bytes = event.SerializeAsString();
  const std::string json = JsonOf(event);
  const MessageFacts plain = Taken(RecordOf(bytes));
  EXPECT_EQ(plain.desk.view(), "shop");
  EXPECT_EQ(plain.inquiry, wire::InquiryIdOf(plain.desk, "e1"));
  EXPECT_EQ(plain.conversation, wire::ConversationIdOf(plain.desk, "talk-e1"));
  EXPECT_EQ(plain.order, wire::OrderIdOf(plain.desk, "o1"));
  EXPECT_EQ(plain.text, "uk: hello");

  const std::vector<log::Record> same = {
      RecordOf(json),
      RecordOf("\n " + json, {{"content-type", "application/json; charset=utf-8"}}),
      RecordOf(bytes, {{"ce_id", "other"}, {"ce_type", "x"}, {"ce_specversion", "1.0"}}),
      RecordOf(Framed(std::string("\0", 1), bytes)),            // index list [0], written short
      RecordOf(Framed(std::string("\x02\x00", 2), bytes)),      // one index: 0
      RecordOf(Framed(std::string("\x04\x02\x04", 3), bytes)),  // two indexes: 1, 2
      RecordOf(Framed("", json)),
  };
  for (const log::Record& record : same) {
    const MessageFacts taken = Taken(record);
    EXPECT_EQ(taken.inquiry, plain.inquiry);
    EXPECT_EQ(taken.digest, plain.digest);
    EXPECT_EQ(taken.text, plain.text);
  }
}

TEST(Decode, NamesTheWishThatIsWrong) {
  const auto field = [](const auto& set) {
    v1::MessageEvent event = Message("e1");
    set(event);
    return RefusedOf(RecordOf(event.SerializeAsString())).field;
  };
  EXPECT_EQ(field([](auto& e) { e.mutable_arrived_at()->set_seconds(-1); }), "arrived_at");
  EXPECT_EQ(field([](auto& e) { e.set_value_cents(-1); }), "value_cents");
  EXPECT_EQ(field([](auto& e) { e.add_preferred_agents(""); }), "preferred_agents");
  EXPECT_EQ(field([](auto& e) {
              for (int i = 0; i < 9; ++i) e.add_preferred_agents("ana");
            }),
            "preferred_agents");
  EXPECT_EQ(field([](auto& e) { e.mutable_prefer_for()->set_seconds(-1); }), "prefer_for");
  EXPECT_EQ(field([](auto& e) { e.mutable_prefer_for()->set_seconds(INT64_MAX); }), "prefer_for");
  EXPECT_EQ(field([](auto& e) { e.add_exclude(); }), "exclude.agent");
  EXPECT_EQ(field([](auto& e) {
              for (int i = 0; i < 17; ++i) e.add_exclude()->set_agent("ana");
            }),
            "exclude");
}

TEST(Decode, HoldsARepeatWithOtherWishesForAnother) {
  const auto digest = [](const auto& set) {
    v1::MessageEvent event = Message("e1");
    set(event);
    return Taken(RecordOf(event.SerializeAsString())).digest;
  };
  const std::vector<std::uint64_t> digests = {
      digest([](auto&) {}),
      digest([](auto& e) { e.mutable_arrived_at()->set_seconds(7); }),
      digest([](auto& e) { e.set_on_site(true); }),
      digest([](auto& e) { e.set_value_cents(7); }),
      digest([](auto& e) { e.add_preferred_agents("ana"); }),
      digest([](auto& e) { e.mutable_prefer_for()->set_seconds(7); }),
      digest([](auto& e) { e.add_exclude()->set_agent("ana"); }),
  };
  EXPECT_EQ(std::set<std::uint64_t>(digests.begin(), digests.end()).size(), digests.size());
}

TEST(Decode, IgnoresFieldsThatItDoesNotKnow) {
  std::string json = JsonOf(Message("e1"));
  json.insert(1, "\"someday\":{\"deep\":[1,2]},");
  EXPECT_EQ(Taken(RecordOf(json)).text, "uk: hello");
  const std::string later = Message("e1").SerializeAsString() + "\xfa\x3e\x03new";
  EXPECT_EQ(Taken(RecordOf(later)).text, "uk: hello");
}

TEST(Decode, TellsARepeatFromAReusedEventId) {
  v1::MessageEvent event = Message("e1");
  const MessageFacts first = Taken(RecordOf(event.SerializeAsString()));
  event.mutable_sent_at()->set_seconds(5);
  EXPECT_EQ(Taken(RecordOf(event.SerializeAsString())).digest, first.digest);
  event.set_text("uk: something else");
  const MessageFacts reused = Taken(RecordOf(event.SerializeAsString()));
  EXPECT_EQ(reused.request, first.request);
  EXPECT_NE(reused.digest, first.digest);
}

TEST(Decode, RefusesWhatIsNoMessage) {
  const std::string bytes = Message("e1").SerializeAsString();
  EXPECT_EQ(RefusedOf(RecordOf("")).reason, RefusalReason::kEmpty);
  EXPECT_EQ(RefusedOf(RecordOf(std::string(kEventBytesMax + 1, 'a'))).reason,
            RefusalReason::kOversize);
  EXPECT_EQ(RefusedOf(RecordOf("alien bytes")).reason, RefusalReason::kBadProtobuf);
  EXPECT_EQ(RefusedOf(RecordOf(bytes.substr(0, bytes.size() - 3))).reason,
            RefusalReason::kBadProtobuf);
  EXPECT_EQ(RefusedOf(RecordOf("{\"desk\":")).reason, RefusalReason::kBadJson);
  EXPECT_EQ(RefusedOf(RecordOf("{\"desk\": [1]}")).reason, RefusalReason::kBadJson);
  EXPECT_EQ(RefusedOf(RecordOf(std::string(2'000, '{'))).reason, RefusalReason::kBadJson);
  v1::MessageEvent broken = Message("e1");
  broken.set_text("\xc3\x28");  // not UTF-8
  EXPECT_EQ(RefusedOf(RecordOf(broken.SerializePartialAsString())).reason,
            RefusalReason::kBadProtobuf);
}

TEST(Decode, RefusesFramingThatIsCutOrHasNoSense) {
  EXPECT_EQ(RefusedOf(RecordOf(std::string("\0", 1))).reason, RefusalReason::kBadFraming);
  EXPECT_EQ(RefusedOf(RecordOf(std::string("\0\0\0\1", 4))).reason, RefusalReason::kBadFraming);
  EXPECT_EQ(RefusedOf(RecordOf(Framed("", ""))).reason, RefusalReason::kBadFraming);
  EXPECT_EQ(RefusedOf(RecordOf(Framed("\x04\x02", ""))).reason, RefusalReason::kBadFraming);
  EXPECT_EQ(RefusedOf(RecordOf(Framed("\x01", "abc"))).reason, RefusalReason::kBadFraming);
  EXPECT_EQ(RefusedOf(RecordOf(Framed(std::string(9, '\xff'), "abc"))).reason,
            RefusalReason::kBadFraming);
}

struct FieldCase {
  const char* field;
  RefusalReason reason;
  void (*spoil)(v1::MessageEvent& event);
};

TEST(Decode, NamesTheFieldThatBreaksItsLimit) {
  const std::vector<FieldCase> cases = {
      {"desk", RefusalReason::kMissingField, [](auto& e) { e.clear_desk(); }},
      {"desk", RefusalReason::kTooLong, [](auto& e) { e.set_desk(std::string(40, 'd')); }},
      {"desk", RefusalReason::kBadValue, [](auto& e) { e.set_desk("sh\nop"); }},
      {"event_id", RefusalReason::kMissingField, [](auto& e) { e.clear_event_id(); }},
      {"event_id", RefusalReason::kTooLong, [](auto& e) { e.set_event_id(std::string(201, 'e')); }},
      {"conversation_id", RefusalReason::kMissingField, [](auto& e) { e.clear_conversation_id(); }},
      {"conversation_id", RefusalReason::kTooLong,
       [](auto& e) { e.set_conversation_id(std::string(201, 'c')); }},
      {"customer_id", RefusalReason::kMissingField, [](auto& e) { e.clear_customer_id(); }},
      {"customer_id", RefusalReason::kTooLong,
       [](auto& e) { e.set_customer_id(std::string(201, 'c')); }},
      {"channel", RefusalReason::kMissingField, [](auto& e) { e.clear_channel(); }},
      {"channel", RefusalReason::kTooLong, [](auto& e) { e.set_channel(std::string(40, 'c')); }},
      {"text", RefusalReason::kTooLong, [](auto& e) { e.set_text(std::string(65'537, 't')); }},
      {"order_id", RefusalReason::kTooLong, [](auto& e) { e.set_order_id(std::string(201, 'o')); }},
      {"language", RefusalReason::kTooLong, [](auto& e) { e.set_language(std::string(40, 'l')); }},
      {"topic", RefusalReason::kBadValue, [](auto& e) { e.set_topic("a\tb"); }},
  };
  for (const FieldCase& one : cases) {
    v1::MessageEvent event = Message("e1");
    one.spoil(event);
    const Refusal expected{one.reason, one.field};
    EXPECT_EQ(ToText(RefusedOf(RecordOf(event.SerializeAsString()))), ToText(expected));
  }
}

TEST(Decode, TakesFieldsAtTheirLimits) {
  v1::MessageEvent event = Message(std::string(200, 'e'));
  event.set_desk(std::string(39, 'd'));
  event.set_conversation_id(std::string(200, 'c'));
  event.set_text(std::string(65'536, 't'));
  EXPECT_EQ(Taken(RecordOf(event.SerializeAsString())).text.size(), 65'536u);
  event.clear_text();
  EXPECT_EQ(Taken(RecordOf(event.SerializeAsString())).text, "");
}

TEST(Decode, ChecksOrders) {
  const auto refusal = [](const v1::OrderEvent& event) {
    auto decoded = DecodeOrder(RecordOf(event.SerializeAsString()), DoorWith());
    const auto* refused = std::get_if<Refusal>(&decoded);
    return refused == nullptr ? std::string("taken") : ToText(*refused);
  };
  EXPECT_EQ(refusal(Order("e1", 100)), "taken");
  v1::OrderEvent event = Order("e1", 100);
  event.clear_status();
  EXPECT_EQ(refusal(event), "status: missing_field");
  event.set_status(static_cast<v1::OrderStatus>(77));
  EXPECT_EQ(refusal(event), "status: bad_value");
  event = Order("e1", 100);
  event.clear_happened_at();
  EXPECT_EQ(refusal(event), "happened_at: missing_field");
  event.mutable_happened_at()->set_nanos(-1);
  EXPECT_EQ(refusal(event), "happened_at: bad_value");
  event = Order("e1", 100);
  event.mutable_promised_at()->set_seconds(INT64_MAX);
  EXPECT_EQ(refusal(event), "promised_at: bad_value");
  event = Order("e1", 100);
  event.set_value_cents(-1);
  EXPECT_EQ(refusal(event), "value_cents: bad_value");
  event = Order("e1", 100);
  event.clear_order_id();
  EXPECT_EQ(refusal(event), "order_id: missing_field");
  event = Order("e1", 100);
  event.set_carrier(std::string(40, 'c'));
  EXPECT_EQ(refusal(event), "carrier: too_long");
}

TEST(Decode, SurvivesBytesOfAnyKind) {
  std::mt19937_64 random(20'240'901);
  const std::string good = Message("e1").SerializeAsString();
  const std::string json = JsonOf(Message("e1"));
  int taken = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes = i % 3 == 0 ? json : i % 3 == 1 ? good : Framed(std::string(1, '\0'), good);
    for (int change = 0; change < 1 + i % 4; ++change) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    if (i % 7 == 0) bytes.resize(random() % bytes.size());
    const auto decoded = DecodeMessage(RecordOf(bytes), DoorWith());
    const auto* facts = std::get_if<MessageFacts>(&decoded);
    if (facts == nullptr) continue;
    ++taken;
    ASSERT_FALSE(facts->desk.none());
    ASSERT_FALSE(facts->message.none());
    ASSERT_LE(facts->text.size(), kTextBytesMax);
  }
  EXPECT_GT(taken, 0);  // some changes hit only the text
}

}  // namespace
}  // namespace usher::intake
