#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "policy/compile.h"
#include "unit/libs/policy/policy_files.h"

namespace usher::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Problems, AreAllTold) {
  EXPECT_THAT(
      Told("version: 1\n"
           "chanels: {chat: {}}\n"
           "sla: {live: {first_response: 60}}\n"
           "queues:\n"
           "  - {name: q1, sla: life, wrapup: 5s}\n"
           "  - {name: q1, needs: {ru: 101}}\n"
           "routes:\n"
           "  - {name: a, match: {language: ru}, queue: q3}\n"),
      ElementsAre(
          "1:1: the policy needs the key 'channels'", "1:1: the policy needs the key 'otherwise'",
          HasSubstr("2:1: no key 'chanels' in the policy; is 'channels' meant?"),
          "3:30: first_response is '60'; it must be a duration with its unit, such as "
          "250ms, 20s, 5m, 1h or 1h30m",
          "5:21: no SLA class 'life'; is 'live' meant?",
          HasSubstr("5:27: no key 'wrapup' in a queue; is 'wrap_up' meant?"),
          "6:12: the queue 'q1' is there twice; first in line 5",
          "6:24: no skill 'ru'; none is declared",
          "6:28: the level of a need is '101'; it must be a whole number from 0 to 100",
          "8:33: no language 'ru'; none is declared", "8:45: no queue 'q3'; is 'q1' meant?"));
}

TEST(Problems, CountColumnsInCharacters) {
  EXPECT_THAT(Told(With("routes:\n  - {name: возврат, match: {topic: refund}, queue: нет}\n")),
              ElementsAre(At(2, 52) + "no queue 'нет'; declared: q1, q2"));
}

TEST(Problems, AreCountedPastTheBound) {
  std::string yaml = With("late_share: 1%\n");
  for (int i = 0; i < 1'200; ++i) yaml += "unknown" + std::to_string(i) + ": 1\n";
  const CompileResult result = Compile(yaml);
  ASSERT_EQ(result.problems.size(), kProblemsMax + 1);
  EXPECT_EQ(result.problems.back().message, "and 200 more problems");
}

// One mistake each: what is added to kBase, and the one problem it must bring.
struct Added {
  const char* name;
  const char* yaml;
  int line;
  int column;
  const char* message;
};

void PrintTo(const Added& mistake, std::ostream* out) { *out << mistake.name; }

class Mistakes : public ::testing::TestWithParam<Added> {};

TEST_P(Mistakes, AreToldAtTheirPlace) {
  const Added& mistake = GetParam();
  const auto told = Told(With(mistake.yaml));
  ASSERT_EQ(told.size(), 1u) << ::testing::PrintToString(told);
  EXPECT_THAT(told[0], HasSubstr(At(mistake.line, mistake.column)));
  EXPECT_THAT(told[0], HasSubstr(mistake.message));
}

constexpr Added kMistakes[] = {
    {"ActingUnknown", "acting: {late: {}}\n", 1, 10, "no key 'late' in acting"},
    {"ActingChannel", "acting: {late_promise: {channel: fax, text: a}}\n", 1, 34,
     "no channel 'fax'"},
    {"ActingText", "acting: {late_promise: {channel: chat}}\n", 1, 24,
     "late_promise needs the key 'text'"},
    {"ActingQueue", "acting: {late_promise: {channel: chat, text: a, queue: q9}}\n", 1, 56,
     "no queue 'q9'"},
    {"ActingWindow", "acting: {confirming_call: {from: 4h, to: 2h, channel: chat, text: a}}\n", 1,
     42, "to is 2h and from is 4h; a call is made from one to the other"},
    {"ActingHours",
     "acting: {confirming_call: {from: 2h, to: 4h, hours: day, channel: chat, text: a}}\n", 1, 53,
     "no calendar 'day'"},
    {"ActingOrders",
     "acting: {carrier_incident: {orders: 1, window: 1h, channel: chat, text: a}}\n", 1, 37,
     "a whole number from 2 to 250"},
    {"TierByValueList", "tier_by_value: [vip]\n", 1, 16,
     "tier_by_value is a list; it must be a map such as {vip: 50000}"},
    {"TierByValueUnknown", "tier_by_value: {vpi: 1}\n", 1, 17, "no tier 'vpi'; is 'vip' meant?"},
    {"TierByValueNothing", "tier_by_value: {vip: 0}\n", 1, 22, "a whole number from 1 to"},
    {"UnknownKey", "colour: red\n", 1, 1, "no key 'colour' in the policy Known: version"},
    {"NearKey", "ofers: {missed_offers_max: 1}\n", 1, 1, "is 'offers' meant?"},
    {"DoubledKey", "late_share: 5%\nlate_share: 6%\n", 2, 1, "the key 'late_share' is there twice"},
    {"EmptyKey", "offers:\n", 1, 1, "offers has no value"},
    {"WrongType", "offers: [1]\n", 1, 9,
     "offers is a list; it must be a map with the keys decline_"},
    {"NoUnit", "offers: {decline_cooldown: 20}\n", 1, 28,
     "is '20'; it must be a duration with its"},
    {"Fraction", "offers: {decline_cooldown: 1.5s}\n", 1, 28, "is '1.5s'; it must be a duration"},
    {"WrongUnit", "offers: {decline_cooldown: 2d}\n", 1, 28, "is '2d'; it must be a duration"},
    {"UnitsBackwards", "offers: {decline_cooldown: 5s1m}\n", 1, 28, "is '5s1m'; it must be"},
    {"Negative", "offers: {decline_cooldown: -5s}\n", 1, 28, "is '-5s'; it must be a duration"},
    {"TooLong", "offers: {decline_cooldown: 745h}\n", 1, 28, "it must be from 0s to 744h"},
    {"Overflow", "offers: {decline_cooldown: 99999999999999999999h}\n", 1, 28,
     "must be a duration"},
    {"Escaped", "offers: {decline_cooldown: \"2\\x30s\"}\n", 1, 28, "written plainly"},
    {"NotANumber", "offers: {missed_offers_max: few}\n", 1, 29, "a whole number from 0 to 1000"},
    {"QuotedNumber", "offers: {missed_offers_max: \"3\"}\n", 1, 29, "a whole number from 0"},
    {"ShareWithoutSign", "late_share: 10\n", 1, 13, "is '10'; it must be a share from 0% to 100%"},
    {"ShareTooLarge", "late_share: 101%\n", 1, 13, "is '101%'; it must be a share"},
    {"ShareTooFine", "late_share: 1.25%\n", 1, 13, "is '1.25%'; it must be a share"},
    {"Confidence", "topic_confidence: high\n", 1, 19, "topic_confidence is 'high'; it must be a"},
    {"RoutesNoList", "routes: {a: b}\n", 1, 9, "routes is a map; it must be a list"},
    {"RouteNoMap", "routes: [a]\n", 1, 10, "a route is 'a'; it must be a map with the keys name,"},
    {"RouteNoName", "routes: [{match: {topic: refund}, queue: q1}]\n", 1, 10,
     "needs the key 'name'"},
    {"RouteNoMatch", "routes: [{name: a, queue: q1}]\n", 1, 10, "a route needs a match"},
    {"RouteEmptyMatch", "routes: [{name: a, match: {}, queue: q1}]\n", 1, 27, "an empty match"},
    {"RouteNoQueue", "routes: [{name: a, match: {tier: vip}}]\n", 1, 10, "needs a queue"},
    {"RouteNamedOtherwise", "routes: [{name: otherwise, match: {tier: vip}, queue: q1}]\n", 1, 17,
     "'otherwise' is the name of the last route"},
    {"RouteTwice",
     "routes:\n  - {name: a, match: {tier: vip}, queue: q1}\n"
     "  - {name: a, match: {topic: refund}, queue: q1}\n",
     3, 12, "the route 'a' is there twice; first in line 13"},
    {"RouteDeepQueue",
     "routes:\n  - name: a\n    match: {tier: vip}\n    queue: q1\n    routes:\n"
     "      - {name: b, match: {topic: refund}, queue: q22}\n",
     6, 50, "no queue 'q22'; is 'q2' meant?"},
    {"RoutePriority", "routes: [{name: a, match: {tier: vip}, queue: q1, priority: 10}]\n", 1, 61,
     "priority is '10'; it must be a whole number from 0 to 9"},
    {"MatchKey", "routes: [{name: a, match: {topics: refund}, queue: q1}]\n", 1, 28,
     "no key 'topics' in match; is 'topic' meant?"},
    {"MatchChannel", "routes: [{name: a, match: {channel: chatt}, queue: q1}]\n", 1, 37,
     "no channel 'chatt'; is 'chat' meant?"},
    {"MatchLanguage", "routes: [{name: a, match: {language: fr}, queue: q1}]\n", 1, 38,
     "no language 'fr'; declared: de, ru, uk"},
    {"MatchTopic", "routes: [{name: a, match: {topic: [refund, refunds]}, queue: q1}]\n", 1, 44,
     "no topic 'refunds'; is 'refund' meant?"},
    {"MatchSentiment", "routes: [{name: a, match: {sentiment: angry}, queue: q1}]\n", 1, 39,
     "no sentiment 'angry'; declared: negative, neutral, positive"},
    {"MatchTier", "routes: [{name: a, match: {tier: gold}, queue: q1}]\n", 1, 34,
     "no tier 'gold'; declared: vip"},
    {"MatchGlob", "routes: [{name: a, match: {topic: \"ref*\"}, queue: q1}]\n", 1, 35,
     "it must be a name of letters, digits and - _ . : /"},
    {"MatchMap", "routes: [{name: a, match: {topic: {is: refund}}, queue: q1}]\n", 1, 35,
     "topic is a map; it must be a name or a list of names"},
    {"MatchEmptyList", "routes: [{name: a, match: {topic: []}, queue: q1}]\n", 1, 35,
     "topic is an empty list"},
    {"MatchTwice", "routes: [{name: a, match: {topic: [refund, refund]}, queue: q1}]\n", 1, 44,
     "'refund' is in this list twice"},
    {"OutsideTheParent",
     "routes:\n  - name: a\n    match: {language: [ru, uk]}\n    queue: q1\n    routes:\n"
     "      - {name: b, match: {language: [de, ru]}, queue: q2}\n",
     6, 38, "language 'de' never comes here: the route 'a' above takes only ru, uk"},
    {"Shadowed",
     "routes:\n  - {name: a, match: {language: [ru, uk]}, queue: q1}\n"
     "  - {name: b, match: {language: ru, tier: vip}, queue: q2}\n",
     3, 5, "the route 'b' is never reached: 'a' in line 13 takes all that it would"},
    {"ShadowedByAllChannels",
     "routes:\n  - {name: a, match: {channel: [email, chat], topic: refund}, queue: q1}\n"
     "  - {name: b, match: {topic: refund, channel: chat}, queue: q2}\n",
     3, 5, "the route 'b' is never reached: 'a'"},
    {"ParentShadowed",
     "routes:\n  - name: a\n    match: {topic: refund}\n    queue: q1\n    routes:\n"
     "      - {name: b, match: {topic: refund}, queue: q2}\n",
     2, 5, "the route 'a' is never reached: 'b' in line 17"},
    {"Anchor", "late_share: &x 5%\n", 1, 13, "anchors (&name) are not taken"},
    {"Tag", "late_share: !!str 5%\n", 1, 13, "tags are not taken"},
    {"ControlCharacter", "late_share: \x01\n", 1, 13, "the character U+0001 has no place"},
    {"EndCharacter", "late_share: \x04\n", 1, 13, "the character U+0004 has no place"},
    {"BadUtf8", "# \xd0\n", 1, 3, "not valid UTF-8"},
    {"BrokenYaml", "routes: [a\nx: 1\n", 2, 2, "not valid YAML: "},
    {"UnclosedQuote", "offers: {decline_cooldown: 1s}\nlate_share: \"5%\n", 2, 13,
     "this quote is never closed"},
    {"Tab", "routes:\n\t- a\n", 2, 2, "not valid YAML: "},
};

INSTANTIATE_TEST_SUITE_P(All, Mistakes, ::testing::ValuesIn(kMistakes),
                         [](const auto& info) { return std::string(info.param.name); });

// Mistakes in the sections that kBase has: each replaces one line of it.
struct Replaced {
  const char* name;
  int line;
  const char* with;
  int column;
  const char* message;
};

void PrintTo(const Replaced& replaced, std::ostream* out) { *out << replaced.name; }

class Replacements : public ::testing::TestWithParam<Replaced> {};

TEST_P(Replacements, AreToldAtTheirPlace) {
  const Replaced& replaced = GetParam();
  std::istringstream lines{std::string(kBase)};
  std::string yaml;
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    yaml += (number == replaced.line ? replaced.with : line) + "\n";
  }
  const std::string place =
      std::to_string(replaced.line) + ":" + std::to_string(replaced.column) + ": ";
  const auto told = Told(yaml);
  ASSERT_EQ(told.size(), 1u) << ::testing::PrintToString(told);
  EXPECT_THAT(told[0], HasSubstr(place));
  EXPECT_THAT(told[0], HasSubstr(replaced.message));
}

constexpr Replaced kReplaced[] = {
    {"VersionList", 1, "version: [1]", 10, "version is a list; it must be text"},
    {"VersionLong", 1, "version: a234567890b234567890c234567890d234567890e234567890f234567890g2345",
     10, "version has 65 bytes; at most 64"},
    {"LanguageWord", 2, "languages: [russian]", 13, "it must be a code such as en, uk or pt-BR"},
    {"LanguageCountry", 2, "languages: [ua]", 13, "'ua' is a country; its language is 'uk'"},
    {"LanguageTwice", 2, "languages: [ru, ru]", 17, "the language 'ru' is there twice"},
    {"LanguagesText", 2, "languages: ru", 12, "languages is 'ru'; it must be a list"},
    {"TopicTwice", 3, "topics: [refund, refund]", 18, "the topic 'refund' is there twice"},
    {"TopicLong", 3, "topics: [a234567890b234567890c234567890d23456789x]", 10,
     "has 40 bytes; at most 39"},
    {"TopicKey", 3, "topics: [{name: refund, words: [a]}]", 25, "no key 'words' in a topic"},
    {"KeywordEmpty", 3, "topics: [{name: refund, keywords: ['?!']}]", 36, "must have letters or"},
    {"KeywordGlob", 3, "topics: [{name: refund, keywords: ['re*nd']}]", 36, "a * at its end only"},
    {"KeywordTwice", 3, "topics: [{name: refund, keywords: [Money Back, money  back]}]", 48,
     "the keyword ' money back ' is there twice"},
    {"KeywordNumberList", 3, "topics: [{name: refund, keywords: [[a]]}]", 36,
     "a keyword is a list"},
    {"TierName", 4, "tiers: [\"v i p\"]", 9, "a tier is 'v i p'; it must be a name of"},
    {"SkillTwice", 5, "skills: [ru, ru]", 14, "the skill 'ru' is there twice"},
    {"ChannelsList", 6, "channels: [chat]", 11, "channels is a list; it must be a map"},
    {"ChannelsEmpty", 6, "channels: {}", 11, "no channels; a policy needs at least one"},
    {"ChannelUnits", 6, "channels: {chat: {units: 0}}", 26, "from 1 to 1000"},
    {"ChannelKey", 6, "channels: {chat: {unit: 1}}", 19, "is 'units' meant?"},
    {"SlaNoTarget", 7, "sla: {live: {warn: 5%}}", 7,
     "an SLA class needs a target: first_response,"},
    {"SlaWarnUnordered", 7, "sla: {live: {first_response: 1s, warn: [50%, 50%]}}", 46,
     "warnings must come one after the other"},
    {"SlaWarnNone", 7, "sla: {live: {first_response: 1s, warn: [0%, 50%]}}", 41,
     "warnings must come one after the other"},
    {"SlaWarnMany", 7, "sla: {live: {first_response: 1s, warn: [1%, 2%, 3%, 4%, 5%]}}", 40,
     "5 warnings; at most 4 are taken"},
    {"SlaZero", 7, "sla: {live: {first_response: 0s}}", 30, "it must be from 1ms to 744h"},
    {"SlaWarn", 7, "sla: {live: {first_response: 1s, warn: 75}}", 40, "warn is '75'; it must be a"},
    {"QueueNoName", 10, "  - {sla: live}", 5, "a queue needs the key 'name'"},
    {"QueueSla", 10, "  - {name: q2, sla: life}", 21, "no SLA class 'life'; is 'live' meant?"},
    {"QueueSkill", 10, "  - {name: q2, needs: {calmm: 5}}", 24,
     "no skill 'calmm'; is 'calm' meant?"},
    {"QueueLevel", 10, "  - {name: q2, needs: {calm: high}}", 30, "a whole number from 0 to 100"},
    {"QueueNeedTwice", 10, "  - {name: q2, needs: {calm: 1, calm: 2}}", 33,
     "'calm' is there twice"},
    {"QueueNeedsList", 10, "  - {name: q2, needs: [calm]}", 23,
     "needs is a list; it must be a map"},
    {"QueueWindow", 10, "  - {name: q2, offer_window: 0s}", 30, "it must be from 1ms to 744h"},
    {"QueueAccept", 10, "  - {name: q2, auto_accept: yes}", 29,
     "is 'yes'; it must be true or false"},
    {"QueueWaiting", 10, "  - {name: q2, max_waiting: 0}", 29, "a whole number from 1 to 1000000"},

    {"OtherwiseText", 11, "otherwise: q1", 12, "otherwise is 'q1'; it must be a map"},
    {"OtherwiseNoQueue", 11, "otherwise: {priority: 1}", 12, "otherwise needs the key 'queue'"},
    {"OtherwiseQueue", 11, "otherwise: {queue: q3}", 20, "no queue 'q3'"},
};

INSTANTIATE_TEST_SUITE_P(All, Replacements, ::testing::ValuesIn(kReplaced),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(Problems, OfTheFileAsAWholeHaveNoPlace) {
  EXPECT_THAT(Told(""), ElementsAre(HasSubstr("the file is empty")));
  EXPECT_THAT(Told("# nothing\n"), ElementsAre(HasSubstr("the file is empty")));
  EXPECT_THAT(Told(With("---\nversion: 2\n")), ElementsAre(HasSubstr("more than one document")));
  EXPECT_THAT(Told(std::string(kYamlBytesMax + 1, ' ')),
              ElementsAre("the file has 524289 bytes; at most 524288 are taken"));
  EXPECT_THAT(Told("just text"), ElementsAre(HasSubstr("1:1: the policy is 'just text'")));
}

TEST(Problems, NestingIsBounded) {
  for (const char* piece : {"[", "{a: ", "- ", "? "}) {
    std::string bomb = "late_share: ";
    if (*piece != '[' && *piece != '{') bomb = "";
    for (int i = 0; i < 5'000; ++i) bomb += piece;
    EXPECT_FALSE(Told(bomb).empty()) << piece;
  }
  std::string deep = "late_share: " + std::string(40, '[') + std::string(40, ']') + "\n";
  EXPECT_THAT(Told(With(deep)), ElementsAre(At(1, 44) + "nested deeper than 32 levels"));
}

TEST(Problems, AliasesDoNotMultiply) {
  std::string bomb = "a0: &a0 [x, x]\n";
  for (int i = 1; i < 30; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before + ", " + before +
            "]\n";
  }
  EXPECT_THAT(Told(bomb)[0], HasSubstr("anchors"));
}

TEST(Problems, RoutesThatRepeatTheirParentsAreBounded) {
  std::string yaml =
      "version: 1\nchannels: {chat: {}}\nqueues: [{name: q}]\n"
      "otherwise: {queue: q}\ntiers: [a, b, c]\ntopics: [";
  for (int i = 0; i < 400; ++i) yaml += "t" + std::to_string(i) + ", ";
  yaml += "]\nroutes:\n  - name: wide\n    match: {topic: [";
  for (int i = 0; i < 400; ++i) yaml += "t" + std::to_string(i) + ", ";
  yaml += "]}\n    queue: q\n    routes:\n";
  for (int i = 0; i < 200; ++i) {
    yaml += "      - {name: r" + std::to_string(i) + ", match: {tier: a}}\n";
  }
  EXPECT_THAT(Told(yaml), ::testing::Contains(HasSubstr("too many routes: at most 20000")));
}

// Any cut or one wrong byte of a policy gives a result, never a crash.
TEST(Problems, AnyBytesGiveAResult) {
  const std::string whole = ReadFile("deploy/policies/small.yaml");
  for (std::size_t cut = 0; cut < whole.size(); ++cut) Compile(whole.substr(0, cut));
  for (const char wrong : {'\0', '{', ']', ':', '"', '&', '*', '\t', '\xff', '-', '\n'}) {
    for (std::size_t at = 0; at < whole.size(); at += 3) {
      std::string bytes = whole;
      bytes[at] = wrong;
      const CompileResult result = Compile(bytes);
      EXPECT_EQ(result.compiled.has_value(), result.problems.empty());
    }
  }
}

}  // namespace
}  // namespace usher::policy
