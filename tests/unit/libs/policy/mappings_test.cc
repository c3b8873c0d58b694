#include "policy/mappings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "policy/compile.h"
#include "unit/libs/policy/policy_files.h"

namespace usher::policy {
namespace {

// The problems of a policy with these mappings, which begin in line 9.
std::vector<std::string> ProblemsOf(const std::string& mappings) {
  const std::string yaml =
      "version: v1\ntopics: [refund]\ntiers: [vip]\nchannels:\n  chat: {}\nqueues:\n"
      "  - {name: q}\notherwise: {queue: q}\n" +
      mappings;
  std::vector<std::string> lines;
  for (const Problem& problem : Compile(yaml).problems) lines.push_back(ToString(problem));
  return lines;
}

// One mapping of orders whose `status` is this.
std::string WithStatus(const std::string& status) {
  return "mappings:\n  - name: m\n    input: orders\n    fields:\n      event_id: id\n      "
         "order_id: id\n"
         "      customer_id: id\n      happened_at: at\n      status: " +
         status + "\n";
}

TEST(Mappings, AreReadWhole) {
  const MappingsResult result = CompileMappings(R"(
mappings:
  - name: m
    input: messages
    when:
      - {header: X-Topic, is: [a, b]}
      - {path: "items.0.a\\.b", there: false}
      - {key: true, is_not: c}
    single: items
    fields:
      event_id: {join: [{value: x}, items.*.id], with: /}
      conversation_id: {first: [a.b, {header: h}], table: {x: y}, otherwise: z}
      customer_id: a
      channel: {value: chat}
      sent_at: {path: at, as: milliseconds}
      value_cents: {path: total, as: decimal}
)");
  ASSERT_TRUE(result.rules) << ToString(result.problems.front());
  const Mapping& mapping = result.rules->mappings.at(0);
  EXPECT_EQ(mapping.input, MappedInput::kMessages);
  ASSERT_EQ(mapping.when.size(), 3u);
  EXPECT_EQ(mapping.when[1].of.path.steps.at(1).index, 0u);
  EXPECT_EQ(mapping.when[1].of.path.steps.at(2).name, "a.b");
  EXPECT_FALSE(mapping.when[1].there);
  EXPECT_EQ(mapping.single.at(0).text, "items");
  EXPECT_TRUE(mapping.fields.at(0).from.parts.at(1).path.steps.at(1).each);
  EXPECT_EQ(mapping.fields.at(1).from.otherwise, "z");
  EXPECT_EQ(mapping.fields.at(4).form, ValueForm::kMilliseconds);
  EXPECT_EQ(mapping.fields.at(5).form, ValueForm::kDecimal);
}

TEST(Mappings, SayInWhichLineWhatIsWrong) {
  EXPECT_THAT(ProblemsOf(WithStatus("{value: shiped}")),
              testing::ElementsAre(testing::AllOf(testing::StartsWith("17:"),
                                                  testing::HasSubstr("'shipped' meant"))));
  EXPECT_THAT(ProblemsOf(WithStatus("{path: s, table: {a: placed, b: sent}}")),
              testing::ElementsAre(testing::HasSubstr("'sent'")));
  EXPECT_THAT(ProblemsOf(WithStatus("{first: [{path: s, table: {a: x}}, {value: y}]}")),
              testing::SizeIs(2));
  EXPECT_THAT(ProblemsOf(WithStatus("{path: s, table: {a: placed}, otherwise: x}")),
              testing::SizeIs(1));
  // What goes into a table need not be a status.
  EXPECT_THAT(ProblemsOf(WithStatus("{join: [a, {value: x}], table: {a: placed}}")),
              testing::IsEmpty());
  EXPECT_THAT(ProblemsOf(WithStatus("{path: s, as: cents}")),
              testing::ElementsAre(testing::HasSubstr("times and money")));
  EXPECT_THAT(ProblemsOf(WithStatus("{path: s, header: h}")),
              testing::ElementsAre(testing::HasSubstr("one of path, header")));
  EXPECT_THAT(ProblemsOf(WithStatus("items.*.s")),
              testing::ElementsAre(testing::HasSubstr("join")));
  EXPECT_THAT(ProblemsOf(WithStatus("a..b")), testing::ElementsAre(testing::HasSubstr("a path")));
  EXPECT_THAT(ProblemsOf(WithStatus("[a]")), testing::ElementsAre(testing::HasSubstr("a map")));
  EXPECT_THAT(ProblemsOf(WithStatus("s\n      promised: x")),
              testing::ElementsAre(testing::HasSubstr("promised_at")));
  EXPECT_THAT(ProblemsOf(WithStatus("s\n      value_cents: x")),
              testing::ElementsAre(testing::HasSubstr("'as'")));
  EXPECT_THAT(ProblemsOf(WithStatus("s\n      tier: {value: gold}")),
              testing::ElementsAre(testing::HasSubstr("no tier 'gold'")));
  EXPECT_THAT(ProblemsOf(WithStatus("s\n    ignore: true")),
              testing::ElementsAre(testing::HasSubstr("either")));
  EXPECT_THAT(
      ProblemsOf("mappings:\n  - {name: m, input: orders, ignore: true}\n"
                 "  - {name: m, input: orders, ignore: true, when: [{path: a, key: true}]}\n"),
      testing::ElementsAre(testing::HasSubstr("twice"), testing::HasSubstr("one of them")));
  EXPECT_THAT(
      ProblemsOf(
          "mappings:\n  - name: m\n    input: messages\n    fields: {channel: {value: mail}}\n"),
      testing::UnorderedElementsAre(
          testing::HasSubstr("'event_id'"), testing::HasSubstr("'conversation_id'"),
          testing::HasSubstr("'customer_id'"), testing::HasSubstr("no channel 'mail'")));
}

// The example of deploy/policies/README.md, which is indented by four.
TEST(Mappings, OfTheReadmeCompile) {
  std::istringstream readme(ReadFile("deploy/policies/README.md"));
  std::string yaml;
  for (std::string line; std::getline(readme, line);) {
    if (yaml.empty() && line != "    mappings:") continue;
    if (!yaml.empty() && !line.starts_with("    ")) break;
    yaml += line.substr(4) + "\n";
  }
  const MappingsResult result = CompileMappings(yaml);
  ASSERT_TRUE(result.rules) << ToString(result.problems.front());
  EXPECT_EQ(result.rules->mappings.size(), 2u);
}

TEST(Mappings, AreBounded) {
  std::string many = "mappings:\n";
  for (std::size_t i = 0; i <= kMappingsMax; ++i) {
    many += "  - {name: m" + std::to_string(i) + ", input: orders, ignore: true}\n";
  }
  EXPECT_THAT(ProblemsOf(many), testing::SizeIs(1));
  std::string parts = "a";
  for (std::size_t i = 0; i < kMappingSourcesMax; ++i) parts += ", a";
  EXPECT_THAT(ProblemsOf(WithStatus("{join: [" + parts + "], table: {a: placed}}")),
              testing::Not(testing::IsEmpty()));
  EXPECT_THAT(ProblemsOf(WithStatus("{first: [{first: [{first: [{first: [{first: [a]}]}]}]}]}")),
              testing::SizeIs(1));
  EXPECT_THAT(ProblemsOf(WithStatus("a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a")), testing::SizeIs(1));
  EXPECT_THAT(ProblemsOf(WithStatus("{value: " + std::string(kMappingTextMax + 1, 'a') + "}")),
              testing::Not(testing::IsEmpty()));
}

}  // namespace
}  // namespace usher::policy
