#include "intake/mapping.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "intake/decode.h"
#include "intake/value_text.h"
#include "policy/compile.h"
#include "unit/services/intake/intake_events.h"

namespace usher::intake {
namespace {

MappingRules Rules(const std::string& mappings) {
  const policy::MappingsResult result = policy::CompileMappings("mappings:\n" + mappings);
  EXPECT_TRUE(result.rules) << (result.problems.empty() ? ""
                                                        : policy::ToString(result.problems[0]));
  return result.rules.value_or(MappingRules());
}

// One mapping of messages: `text` is where the text comes from, `more` further lines.
MappingRules WithText(const std::string& text, const std::string& more = "") {
  return Rules("  - name: m\n    input: messages\n" + more +
               "    fields:\n      event_id: {value: e}\n      conversation_id: {value: t}\n"
               "      customer_id: {value: c}\n      channel: {value: chat}\n      text: " +
               text + "\n");
}

log::Record Webhook(std::string json, std::vector<log::Header> headers = {}) {
  log::Record record;
  record.key = "woo";
  record.value = std::move(json);
  record.headers = std::move(headers);
  return record;
}

// The event's text in brackets, or what became of the record.
std::string Fate(const MappingRules& rules, const log::Record& record) {
  const auto read = ReadMessage(record, DoorWith(rules, DeskName::Of("shop")));
  if (const auto* refusal = std::get_if<Refusal>(&read)) return ToText(*refusal);
  if (std::holds_alternative<Ignored>(read)) return "ignored";
  const auto& event = std::get<v1::MessageEvent>(read);
  EXPECT_EQ(event.desk(), "shop");
  return "[" + event.text() + "]";
}

std::string TextOf(const std::string& source, const std::string& json) {
  return Fate(WithText(source), Webhook(json, {{"X-Name", "from header"}}));
}

TEST(Mapping, FindsTextsInEachWay) {
  const std::string json =
      R"({"a": {"b": "x", "n": 12, "t": true, "nil": null, "empty": ""}, "l": [{"s": "1"}, {"s": "2"}, {"z": 0}],
          "a.b": "dot", "3": "three"})";
  EXPECT_EQ(TextOf("a.b", json), "[x]");
  EXPECT_EQ(TextOf("a.n", json), "[12]");
  EXPECT_EQ(TextOf("a.t", json), "[true]");
  EXPECT_EQ(TextOf("a.nil", json), "[]");
  EXPECT_EQ(TextOf("a.empty", json), "[]");
  EXPECT_EQ(TextOf("a.none.b", json), "[]");
  EXPECT_EQ(TextOf("a.b.c", json), "[]");
  EXPECT_EQ(TextOf("a", json), "text: bad_mapping");
  EXPECT_EQ(TextOf("l", json), "text: bad_mapping");
  EXPECT_EQ(TextOf("l.1.s", json), "[2]");
  EXPECT_EQ(TextOf("l.7.s", json), "[]");
  EXPECT_EQ(TextOf("\"3\"", json), "[three]");
  EXPECT_EQ(TextOf("a\\.b", json), "[dot]");
  EXPECT_EQ(TextOf("{header: x-name}", json), "[from header]");
  EXPECT_EQ(TextOf("{key: true}", json), "[woo]");
  EXPECT_EQ(TextOf("{value: always}", json), "[always]");
  EXPECT_EQ(TextOf("{first: [a.nil, a.empty, a.b, a.n]}", json), "[x]");
  EXPECT_EQ(TextOf("{first: [a.nil, none]}", json), "[]");
  EXPECT_EQ(TextOf("{join: [l.*.s, a.nil, {value: z}], with: \"+\"}", json), "[1+2+z]");
  EXPECT_EQ(TextOf("{join: [a.*.s, none]}", json), "[]");
  EXPECT_EQ(TextOf("{join: [l.*]}", json), "text: bad_mapping");
  EXPECT_EQ(TextOf("{count: l}", json), "[3]");
  EXPECT_EQ(TextOf("{count: none}", json), "[]");
  EXPECT_EQ(TextOf("{count: a}", json), "text: bad_mapping");
}

TEST(Mapping, LooksTextsUpInTables) {
  const std::string json = R"({"s": "fulfilled", "n": null})";
  EXPECT_EQ(TextOf("{path: s, table: {fulfilled: shipped}}", json), "[shipped]");
  EXPECT_EQ(TextOf("{path: s, table: {paid: p}}", json), "text: unmapped");
  EXPECT_EQ(TextOf("{path: s, table: {paid: p}, otherwise: o}", json), "[o]");
  EXPECT_EQ(TextOf("{path: s, table: {paid: p, \"*\": any}}", json), "[any]");
  EXPECT_EQ(TextOf("{path: n, table: {\"*\": any}}", json), "[]");
  EXPECT_EQ(TextOf("{path: n, otherwise: o}", json), "[o]");
  EXPECT_EQ(TextOf("{first: [{path: s, table: {paid: p}}, {value: v}]}", json), "[v]");
  EXPECT_EQ(TextOf("{first: [{path: s, table: {paid: p}}, n]}", json), "text: unmapped");
}

TEST(Mapping, HoldsWhereItsConditionsHold) {
  const auto holds = [](const std::string& when,
                        const std::string& json = R"({"t": "x", "n": null, "l": [], "e": ""})") {
    const std::string fate = Fate(WithText("{value: fits}", "    when: [" + when + "]\n"),
                                  Webhook(json, {{"X-Topic", "orders/create"}}));
    EXPECT_TRUE(fate == "[fits]" || fate == "unmapped") << fate;
    return fate == "[fits]";
  };
  EXPECT_TRUE(holds("{header: x-topic, is: orders/create}"));
  EXPECT_FALSE(holds("{header: x-topic, is: [a, b]}"));
  EXPECT_TRUE(holds("{header: x-topic}"));
  EXPECT_FALSE(holds("{header: x-none}"));
  EXPECT_TRUE(holds("{header: x-none, there: false}"));
  EXPECT_TRUE(holds("{header: x-none, is_not: a}"));
  EXPECT_FALSE(holds("{header: x-topic, is_not: orders/create}"));
  EXPECT_TRUE(holds("{path: t, is: [x, y]}"));
  EXPECT_TRUE(holds("{path: l}"));
  EXPECT_TRUE(holds("{path: e}"));
  EXPECT_FALSE(holds("{path: n}"));
  EXPECT_TRUE(holds("{path: n, there: false}"));
  EXPECT_FALSE(holds("{path: l, there: false}"));
  EXPECT_TRUE(holds("{key: true, is: woo}"));
  EXPECT_FALSE(holds("{key: true, is: other}"));
  EXPECT_FALSE(holds("{path: t, is: x}, {path: t, is: y}"));
}

TEST(Mapping, FirstThatFitsHoldsAndMayIgnore) {
  const MappingRules rules = Rules(
      "  - {name: orders_only, input: orders, ignore: true}\n"
      "  - {name: bots, input: messages, ignore: true, when: [{path: bot, is: \"true\"}]}\n"
      "  - name: people\n    input: messages\n    when: [{path: chat}]\n    single: list\n"
      "    fields: {event_id: id, conversation_id: chat, customer_id: who, channel: {value: chat}, "
      "text: t}\n");
  EXPECT_EQ(Fate(rules, Webhook(R"({"chat": 1, "bot": true})")), "ignored");
  EXPECT_EQ(Fate(rules, Webhook(R"({"chat": 1, "bot": false, "t": "hi", "list": [1]})")), "[hi]");
  EXPECT_EQ(Fate(rules, Webhook(R"({"chat": 1, "list": [1, 2]})")), "list: bad_mapping");
  EXPECT_EQ(Fate(rules, Webhook(R"({"something": "else"})")), "unmapped");
}

TEST(Mapping, LeavesEventsAlone) {
  const MappingRules rules = WithText("t", "    when: [{path: t}]\n");
  EXPECT_EQ(Fate(rules, Webhook(R"({"desk": "shop", "text": "mine"})")), "[mine]");
  log::Record bare = Webhook(R"({"t": "mapped"})");
  EXPECT_EQ(Fate(rules, bare), "[mapped]");
  // Without a desk there is no mapping to look for.
  const auto read = DecodeMessage(bare, DoorWith(rules));
  EXPECT_EQ(ToText(std::get<Refusal>(read)), "desk: missing_field");
}

TEST(Mapping, LacksAreSaidByTheEventsOwnCheck) {
  const MappingRules rules = Rules(
      "  - name: m\n    input: messages\n"
      "    fields: {event_id: id, conversation_id: chat, customer_id: who, channel: {value: chat}, "
      "text: t}\n");
  const Doorway door = DoorWith(rules, DeskName::Of("shop"));
  EXPECT_EQ(ToText(std::get<Refusal>(DecodeMessage(Webhook(R"({"id": 1, "chat": 2})"), door))),
            "customer_id: missing_field");
  EXPECT_EQ(
      ToText(std::get<Refusal>(DecodeMessage(
          Webhook(R"({"id": 1, "chat": 2, "who": ")" + std::string(201, 'w') + "\"}"), door))),
      "customer_id: too_long");
  EXPECT_EQ(ToText(std::get<Refusal>(
                DecodeMessage(Webhook(R"({"id": "a\u0000", "chat": 2, "who": 3})"), door))),
            "event_id: bad_value");
}

TEST(Mapping, TextFromOutsideTheJsonMustBeUtf8) {
  EXPECT_EQ(Fate(WithText("{header: h}"), Webhook("{}", {{"h", "\xff"}})), "text: bad_mapping");
}

TEST(Mapping, ReadsMoney) {
  const auto cents = [](const char* text) {
    return CentsOf(text, ValueForm::kDecimal).value_or(-77);
  };
  EXPECT_EQ(cents("129.90"), 12'990);
  EXPECT_EQ(cents("129.9"), 12'990);
  EXPECT_EQ(cents("129"), 12'900);
  EXPECT_EQ(cents("0.005"), 1);
  EXPECT_EQ(cents("0.004999"), 0);
  EXPECT_EQ(cents("249.0000"), 24'900);
  EXPECT_EQ(cents("-1.50"), -150);
  EXPECT_EQ(cents("999999999999999.99"), 99'999'999'999'999'999);
  for (const char* bad : {"", ".5", "5.", "1,50", "1.5e2", " 1", "1 ", "1.2.3", "--1",
                          "1000000000000000", "\xd9\xa1"}) {
    EXPECT_EQ(cents(bad), -77) << bad;
  }
  EXPECT_EQ(CentsOf("12990", ValueForm::kCents), 12'990);
  EXPECT_EQ(CentsOf("-5", ValueForm::kCents), -5);
  EXPECT_EQ(CentsOf("1.0", ValueForm::kCents), std::nullopt);
}

TEST(Mapping, ReadsNumbers) {
  EXPECT_EQ(NumberOf("3"), 3u);
  EXPECT_EQ(NumberOf("4294967295"), 4'294'967'295u);
  for (const char* bad : {"", "-1", "1.0", "4294967296", " 1", "x"}) {
    EXPECT_EQ(NumberOf(bad), std::nullopt) << bad;
  }
}

TEST(Mapping, ReadsTimes) {
  const auto at = [](const char* text, ValueForm form) {
    const auto time = TimeOf(text, form);
    return time ? time->seconds() * 1'000 + time->nanos() / 1'000'000 : -77;
  };
  constexpr std::int64_t kTen = 1'777'629'600'000;  // 2026-05-01T10:00:00Z
  EXPECT_EQ(at("2026-05-01T10:00:00Z", ValueForm::kIso), kTen);
  EXPECT_EQ(at("2026-05-01T12:00:00.250+02:00", ValueForm::kIso), kTen + 250);
  EXPECT_EQ(at("2026-05-01 12:00:00+0200", ValueForm::kIso), kTen);
  EXPECT_EQ(at("2026-05-01T10:00:00.254571515Z", ValueForm::kIso), kTen + 254);
  EXPECT_EQ(at("2026-05-01T10:00:00", ValueForm::kIsoUtc), kTen);
  EXPECT_EQ(at("2026-05-01 10:00:00", ValueForm::kIsoUtc), kTen);
  EXPECT_EQ(at("1777629600", ValueForm::kSeconds), kTen);
  EXPECT_EQ(at("1777629600123", ValueForm::kMilliseconds), kTen + 123);
  for (const char* bad : {"", "2026-05-01", "2026-05-01T10:00:00", "2026-13-01T10:00:00Z",
                          "infinite-future", "2026-05-01T10:00:00Z more", "1777629600"}) {
    EXPECT_EQ(at(bad, ValueForm::kIso), -77) << bad;
  }
  for (const char* bad : {"2026-05-01T10:00:00Z", "2026-05-01T10:00:00+02:00"}) {
    EXPECT_EQ(at(bad, ValueForm::kIsoUtc), -77) << bad;
  }
  for (const char* bad : {"-1", "1.5", "1e9", "99999999999999999999"}) {
    EXPECT_EQ(at(bad, ValueForm::kSeconds), -77) << bad;
  }
}

TEST(Mapping, TellsTheAuthorAndTheHeadersOfAMail) {
  const MappingRules rules = WithText(
      "{value: x}\n      author: {path: by, table: {staff: agent, robot: automatic}, otherwise: "
      "customer}\n      headers.auto-submitted: mail.auto");
  const Doorway door = DoorWith(rules, DeskName::Of("shop"));
  const auto facts = [&](const std::string& json) {
    return std::get<MessageFacts>(DecodeMessage(Webhook(json), door));
  };
  EXPECT_TRUE(facts(R"({"by": "staff"})").by_agent);
  EXPECT_EQ(facts(R"({"by": "robot"})").automatic, AutomaticSign::kAuthor);
  EXPECT_EQ(facts(R"({"by": "ana"})").automatic, AutomaticSign::kNone);
  EXPECT_EQ(facts(R"({"by": "ana", "mail": {"auto": "auto-replied"}})").automatic,
            AutomaticSign::kNone);  // the author is believed
  const Doorway unsaid = DoorWith(WithText("{value: x}\n      headers.auto-submitted: mail.auto"),
                                  DeskName::Of("shop"));
  const auto replied = DecodeMessage(Webhook(R"({"mail": {"auto": "auto-replied"}})"), unsaid);
  EXPECT_EQ(std::get<MessageFacts>(replied).automatic, AutomaticSign::kAutoSubmitted);
}

// The names of the fields that a mapping can fill are the policy's; the events have them all, of a
// kind that fits.
TEST(Mapping, KnowsTheFieldsOfTheEvents) {
  const auto check = [](std::span<const MappableField> fields,
                        const google::protobuf::Descriptor& event) {
    using Field = google::protobuf::FieldDescriptor;
    for (const MappableField& field : fields) {
      const Field* found = event.FindFieldByName(std::string(field.name));
      ASSERT_NE(found, nullptr) << field.name;
      const Field::CppType wanted =
          field.type == MappableField::Type::kText     ? Field::CPPTYPE_STRING
          : field.type == MappableField::Type::kTime   ? Field::CPPTYPE_MESSAGE
          : field.type == MappableField::Type::kMoney  ? Field::CPPTYPE_INT64
          : field.type == MappableField::Type::kSwitch ? Field::CPPTYPE_BOOL
          : field.type == MappableField::Type::kNumber ? Field::CPPTYPE_UINT32
                                                       : Field::CPPTYPE_ENUM;
      EXPECT_EQ(found->cpp_type(), wanted) << field.name;
      EXPECT_FALSE(found->is_repeated()) << field.name;
    }
  };
  std::vector<MappableField> plain;
  for (const MappableField& field : kMessageFields) {
    if (field.type != MappableField::Type::kMailHeader) {
      plain.push_back(field);
    } else {
      ASSERT_TRUE(field.name.starts_with("headers."));
      const std::string_view header = field.name.substr(8);
      EXPECT_TRUE(IsMailHeader(header) || header == "content-type") << field.name;
    }
  }
  check(plain, *v1::MessageEvent::descriptor());
  check(kOrderFields, *v1::OrderEvent::descriptor());
}

}  // namespace
}  // namespace usher::intake
