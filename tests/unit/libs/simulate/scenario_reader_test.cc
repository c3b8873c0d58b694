#include "simulate/scenario_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <ostream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "kit/tree/tree.h"
#include "simulate/rng.h"
#include "unit/libs/simulate/reading.h"

namespace usher::simulate {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr double kPerHour = 1 / 3.6e9;

// Every key once.
constexpr const char kWhole[] = R"(name: two-skills
seed: 7
replications: 3
warmup: {time: 2h}
stop: {inquiries: 1000}
order: fifo
pick: longest_idle
places: 120
offers: {accept: {exp: 6s}, ignore: 0.05, timeout: 15s}
wrap_up: 5s
classes:
  - name: a
    arrivals: {poisson: 75/h}
    needs: [x, w]
    groups: [[g2], [g1]]
    channel: chat
    priority: 9
    first_response: 20s
    patience: {exp: 120s}
    handling: {exp: 240s}
  - name: b
    arrivals: {sine: {mean: 0.5/s, amplitude: 0.5, period: 12h}}
    needs: {y: 60}
    channel: voice
    patience: none
    handling: {lognormal: {mean: 240s, scv: 1.2}}
  - name: c
    arrivals: {curve: [[0h, 20/h], [9h, 60/h]], day_cv: 0.1}
    patience: {fixed: 60s}
    handling: {fixed: 4m}
  - name: d
    arrivals: {flash: {base: 500/h, at: 11h, jump: 5, half_life: 20m}}
    handling: {fixed: 4m}
  - name: e
    arrivals: {trace: arrivals.csv}
    handling: {fixed: 4m}
agents:
  - name: g1
    count: 5
    skills: {x: 100, y: 50}
    handling: {a: {exp: 180s}}
    capacity: {total: 3, chat: 3, voice: 1}
    costs: {voice: 3}
    shift: [[0h, 8h], [9h, 17h]]
  - name: g2
    count: 1
    skills: [x]
report:
  thresholds: [60s, 20s]
  busy_at: [0h, 3h]
)";

TEST(ScenarioReader, ReadsEveryKey) {
  const Scenario s = Read(kWhole, {{"arrivals.csv", "0\n1.5\n1.5\r\n\n20\n"}});
  EXPECT_EQ(s.name, "two-skills");
  EXPECT_EQ(s.seed, 7u);
  EXPECT_EQ(s.replications, 3u);
  EXPECT_EQ(s.warmup, (Extent{0, 2h}));
  EXPECT_EQ(s.stop, (Extent{1000, 0s}));
  EXPECT_EQ(s.order, Order::kFifo);
  EXPECT_EQ(s.pick, Pick::kLongestIdle);
  EXPECT_EQ(s.places, 120u);
  EXPECT_EQ(s.offers, (Offers{false, Law::Exponential(6s), 0.05, 15s}));
  EXPECT_EQ(s.wrap_up, 5s);
  EXPECT_EQ(s.thresholds, (std::vector<Duration>{20s, 60s}));
  EXPECT_EQ(s.busy_at, (std::vector<Duration>{0s, 3h}));
  EXPECT_EQ(s.busy_period, 12h);

  ASSERT_EQ(s.classes.size(), 5u);
  const ClassSpec& a = s.classes[0];
  EXPECT_NEAR(a.arrivals.rate, 75 * kPerHour, 1e-15);
  EXPECT_EQ(a.needs, (std::vector<Need>{{SkillName::Of("w"), 0}, {SkillName::Of("x"), 0}}));
  EXPECT_EQ(a.groups, (std::vector<std::vector<std::size_t>>{{1}, {0}}));
  EXPECT_EQ(a.priority, 9);
  EXPECT_EQ(a.first_response, Duration(20s));
  EXPECT_EQ(a.patience, Law::Exponential(120s));
  EXPECT_EQ(a.handling, Law::Exponential(240s));
  const ClassSpec& b = s.classes[1];
  EXPECT_EQ(b.arrivals.kind, ArrivalLaw::Kind::kSine);
  EXPECT_NEAR(b.arrivals.rate, 0.5e-6, 1e-15);
  EXPECT_EQ(b.needs, (std::vector<Need>{{SkillName::Of("y"), 60}}));
  EXPECT_EQ(b.channel, ChannelName::Of("voice"));
  EXPECT_FALSE(b.patience);
  EXPECT_EQ(b.handling, Law::Lognormal(240s, 1.2));
  EXPECT_EQ(s.classes[2].arrivals.curve.size(), 2u);
  EXPECT_EQ(s.classes[2].arrivals.day_cv, 0.1);
  EXPECT_EQ(s.classes[2].patience, Law::Fixed(60s));
  EXPECT_EQ(s.classes[3].arrivals.jump, 5);
  EXPECT_EQ(s.classes[3].arrivals.half_life, Duration(20min));
  EXPECT_EQ(s.classes[4].arrivals.trace,
            (std::vector<Instant>{FromMicros(0), FromMicros(1'500'000), FromMicros(1'500'000),
                                  FromMicros(20'000'000)}));

  ASSERT_EQ(s.agents.size(), 2u);
  const AgentGroup& g1 = s.agents[0];
  EXPECT_EQ(g1.count, 5u);
  EXPECT_EQ(g1.skills, (std::vector<Need>{{SkillName::Of("x"), 100}, {SkillName::Of("y"), 50}}));
  EXPECT_EQ(g1.handling.at(0), Law::Exponential(180s));
  EXPECT_EQ(g1.units, 3u);
  EXPECT_EQ(g1.limits.at(ChannelName::Of("voice")), 1u);
  EXPECT_EQ(g1.costs.at(ChannelName::Of("voice")), 3u);
  EXPECT_EQ(g1.shifts, (std::vector<AgentGroup::Shift>{{0h, 8h}, {9h, 17h}}));
  EXPECT_EQ(s.agents[1].skills, (std::vector<Need>{{SkillName::Of("x"), 100}}));
}

// A small scenario with one line of it replaced.
std::string With(const std::string& line, const std::string& instead) {
  std::string text = R"(stop: {inquiries: 10}
classes:
  - name: a
    arrivals: {poisson: 75/h}
    handling: {exp: 240s}
agents:
  - name: g
    count: 5
)";
  const std::size_t at = text.find(line);
  EXPECT_NE(at, std::string::npos) << line;
  return text.replace(at, line.size(), instead);
}

TEST(ScenarioReader, ReadsTheExampleOfThePage) {
  std::ifstream page(kit::TreePath("libs/simulate/README.md"));
  std::stringstream whole;
  whole << page.rdbuf();
  const std::string text = whole.str();
  const std::size_t from = text.find("```yaml\n") + 8;
  const Scenario scenario = Read(text.substr(from, text.find("```\n", from) - from));
  EXPECT_EQ(scenario.name, "two-skills");
  EXPECT_EQ(scenario.classes.size(), 2u);
}

TEST(ScenarioReader, NeedsLittle) {
  const Scenario s = Read(With("a", "a"));
  EXPECT_EQ(s.seed, 1u);
  EXPECT_EQ(s.warmup, Extent());
  EXPECT_TRUE(s.offers.instant);
  EXPECT_EQ(s.places, Limits().inquiries_max);
  EXPECT_FALSE(s.classes[0].patience);
  EXPECT_EQ(s.agents[0].units, 1u);
  EXPECT_EQ(s.busy_period, 24h);
}

struct Bad {
  std::string line;
  std::string instead;
  std::string problem;  // "line:column: ..." from its first letter on
};

void PrintTo(const Bad& bad, std::ostream* out) { *out << bad.instead; }

class BadScenario : public testing::TestWithParam<Bad> {};

TEST_P(BadScenario, IsRefusedWithItsPlace) {
  const Bad& bad = GetParam();
  EXPECT_THAT(ProblemsIn(With(bad.line, bad.instead)), StartsWith(bad.problem));
}

INSTANTIATE_TEST_SUITE_P(
    Keys, BadScenario,
    testing::Values(
        Bad{"stop:", "stopp:", "1:1: no key 'stopp' in a scenario; is 'stop' meant?"},
        Bad{"    handling: {exp: 240s}\n", "", "3:5: a class needs the key 'handling'"},
        Bad{"name: a", "nme: a", "3:5: no key 'nme' in a class; is 'name' meant?"},
        Bad{"count: 5", "count: 5\n    shifts: [[0h, 8h]]",
            "9:5: no key 'shifts' in an agent group; is 'shift' meant?"},
        Bad{"exp: 240s", "expo: 240s", "5:16: no key 'expo' in handling; is 'exp' meant?"},
        Bad{"exp: 240s", "exp: 240s, fixed: 3s",
            "5:34: handling has both exp and fixed; one of them is taken"},
        Bad{"poisson: 75/h", "trace: x", "4:23: x: cannot be read"},
        Bad{"poisson: 75/h", "", "4:15: arrivals need exactly one of"},
        Bad{"poisson: 75/h", "poisson: 75/h, day_cv: 0.1", "4:39: day_cv goes with a curve"},
        Bad{"inquiries: 10", "inquiries: 10, time: 3h", "1:29: stop has both inquiries and time"},
        Bad{"name: a", "name: a\n    name: b", "4:5: the key 'name' is there twice"},
        Bad{"name: a", "name: a\n    topic: refund", "4:12: topic has no effect without a policy"},
        Bad{"agents:", "agent:", "1:1: a scenario needs the key 'agents'\n6:1: no key 'agent'"}));

INSTANTIATE_TEST_SUITE_P(
    Values, BadScenario,
    testing::Values(
        Bad{"75/h", "75", "4:25: poisson is '75'; it must be a rate such as 75/h or 0.5/s"},
        Bad{"75/h", "75/d", "4:25: poisson is '75/d'; it must be a rate"},
        Bad{"75/h", "-75/h", "4:25: poisson is '-75/h'; it must be a rate"},
        Bad{"75/h", "1e9/h", "4:25: poisson is '1e9/h'; it must be a rate"},
        Bad{"240s", "240", "5:21: exp is '240'; it must be a duration with its unit"},
        Bad{"240s", "0s", "5:21: exp is '0s'; it must be from 1ms to "},
        Bad{"{exp: 240s}", "240s", "5:15: handling is '240s'; it must be a map"},
        Bad{"{inquiries: 10}", "{inquiries: 0}", "1:19: inquiries is '0'; it must be"},
        Bad{"{inquiries: 10}", "10", "1:7: stop is '10'; it must be a map"},
        Bad{"count: 5", "count: 0", "8:12: count is '0'; it must be a whole number"},
        Bad{"count: 5", "count: five", "8:12: count is 'five'; it must be a whole number"},
        Bad{"name: a", "name: a\n    priority: 10", "4:15: priority is '10'"},
        Bad{"name: a", "name: a\n    patience: 60s", "4:15: patience is '60s'; it must be a map"},
        Bad{"name: a", "name: a\n    needs: x", "4:12: needs is 'x'; it must be a list of skills"},
        Bad{"name: a", "name: a\n    needs: {x: 101}", "4:16: a level is '101'"},
        Bad{"name: a", "name: a\n    needs: [x, x]", "4:16: the skill 'x' is there twice"},
        Bad{"name: a", "name: a\n    groups: [[gg]]", "4:15: no agent group 'gg'; is 'g' meant?"},
        Bad{"count: 5", "count: 5\n    handling: {b: {exp: 1s}}",
            "9:16: no class 'b'; is 'a' meant?"},
        Bad{"count: 5", "count: 5\n    capacity: {chat: 3}", "9:15: capacity needs the key"},
        Bad{"count: 5", "count: 5\n    capacity: {total: 3, chats: 1}",
            "9:26: no channel 'chats'; is 'chat' meant?"},
        Bad{"count: 5", "count: 5\n    costs: {caht: 1}", "9:13: no channel 'caht'; is 'chat'"},
        Bad{"count: 5", "count: 5\n    shift: [[8h, 0h]]", "9:13: shifts are hours of one day"},
        Bad{"count: 5", "count: 5\n    shift: [[0h, 8h], [7h, 9h]]", "9:23: shifts are hours"},
        Bad{"count: 5", "count: 5\n    shift: [0h, 8h]",
            "9:13: a shift is '0h'; it must be a list"},
        Bad{"count: 5", "count: 5\n  - name: g\n    count: 1", "9:5: the agent group 'g' is there"},
        Bad{"stop:", "order: lifo\nstop:", "1:8: order is 'lifo'; it must be one of default, fifo"},
        Bad{"stop:", "pick: best\nstop:", "1:7: pick is 'best'; it must be one of default"},
        Bad{"stop:", "offers: later\nstop:", "1:9: offers is 'later'; it must be 'instant'"},
        Bad{"stop:", "offers: {ignore: 5%}\nstop:", "1:18: ignore is '5%'; it must be a number"},
        Bad{"stop:", "seed: -1\nstop:", "1:7: seed is '-1'; it must be a whole number"},
        Bad{"stop:", "replications: 0\nstop:", "1:15: replications is '0'"},
        Bad{"stop:", "report: {busy_at: [25h]}\nstop:", "1:20: busy_at is '25h'"},
        Bad{"stop:", "policy: none.yaml\nstop:", "1:9: none.yaml: cannot be read"},
        Bad{"{poisson: 75/h}", "{sine: {mean: 1/h, amplitude: 2, period: 24h}}",
            "4:45: amplitude is '2'; it must be a number from 0 to 1"},
        Bad{"{poisson: 75/h}", "{curve: [[1h, 1/h]]}", "4:25: the start of a piece is '1h'"},
        Bad{"{poisson: 75/h}", "{curve: [[0h, 1/h], [0h, 1/h]]}",
            "4:36: the start of a piece is '0h'; it must be rising"}));

TEST(ScenarioReader, TellsAllProblemsAtOnce) {
  const std::string problems = ProblemsIn("stop: {time: 1}\nclasses: []\nagents: {}\nseeed: 1\n");
  EXPECT_THAT(problems, HasSubstr("1:14: time is '1'"));
  EXPECT_THAT(problems, HasSubstr("2:10: classes is an empty list"));
  EXPECT_THAT(problems, HasSubstr("3:9: agents is a map; it must be a list"));
  EXPECT_THAT(problems, HasSubstr("4:1: no key 'seeed'"));
}

TEST(ScenarioReader, RefusesWhatIsNoScenarioAtAll) {
  for (const char* text : {"", "42", "[1, 2]", "a: [", "\t", "a: 1\n---\nb: 2", "\xff"}) {
    EXPECT_NE(ProblemsIn(text), "") << text;
  }
}

TEST(ScenarioReader, TakesAnyBytes) {
  // Bytes of a good file are dropped, doubled and exchanged. Whatever comes of it is read or
  // refused, and what is refused says why.
  Rng rng(1);
  const Files files = {{"arrivals.csv", "0\n1\n"}};
  int good = 0;
  for (int round = 0; round < 1'500; ++round) {
    std::string text = kWhole;
    for (std::uint64_t edits = 1 + rng.Next() % 4; edits > 0; --edits) {
      const std::size_t at = rng.Next() % text.size();
      const std::size_t other = rng.Next() % text.size();
      const std::size_t length = 1 + rng.Next() % 8;
      switch (rng.Next() % 3) {
        case 0:
          text.erase(at, length);
          break;
        case 1:
          text.insert(at, text.substr(other, length));
          break;
        default:
          std::swap(text[at], text[other]);
      }
    }
    const ReadResult result = ReadScenario(text, FilesOf(files));
    ASSERT_NE(result.scenario.has_value(), !result.problems.empty()) << text;
    if (result.scenario) ++good;
  }
  EXPECT_GT(good, 5);
  EXPECT_LT(good, 2'000);
}

TEST(ScenarioReader, NamesTheLineOfABadTrace) {
  const std::string yaml = With("{poisson: 75/h}", "{trace: t.csv}");
  EXPECT_THAT(ProblemsIn(yaml, {{"t.csv", "1\ntwo\n"}}), StartsWith("4:23: t.csv:2: 'two' is no"));
  EXPECT_THAT(ProblemsIn(yaml, {{"t.csv", "2\n1\n"}}), StartsWith("4:23: t.csv:2: '1' is no"));
  EXPECT_THAT(ProblemsIn(yaml, {{"t.csv", "-1e-05\n"}}), StartsWith("4:23: t.csv:1: '-1e-05' is"));
  EXPECT_EQ(ProblemsIn(yaml, {{"t.csv", "1e-05\n0.5\n"}}), "");
}

TEST(ScenarioReader, TakesBrokenUnits) {
  const Scenario scenario = Read(With("name: a",
                                      "name: a\n    first_response: 0s\n"
                                      "    patience: {lognormal: {mean: 0.25h, scv: 0.5}}") +
                                 "wrap_up: 1.5s\nreport: {thresholds: [0.25s], busy_at: []}\n");
  ASSERT_EQ(scenario.classes.size(), 1u);
  EXPECT_EQ(scenario.classes[0].patience, Law::Lognormal(15min, 0.5));
  EXPECT_EQ(scenario.classes[0].first_response, 0s);
  EXPECT_EQ(scenario.wrap_up, 1500ms);
  EXPECT_EQ(scenario.thresholds, std::vector<Duration>{250ms});
  for (const char* bad : {"1.5", ".s", "1..5s", "1.5d", "s", "-1.5s", "1e9h", "99999999.5h"}) {
    EXPECT_NE(ProblemsIn(With("name: a", std::string("name: a\n    first_response: ") + bad)), "")
        << bad;
  }
}

TEST(ScenarioReader, TakesACapacityForAChannelOnWhichNobodyComes) {
  const Scenario scenario = Read(
      With("count: 5", "count: 5\n    capacity: {total: 3, chat: 3, voice: 1, costs: {voice: 3}}"));
  ASSERT_EQ(scenario.agents.size(), 1u);
  EXPECT_EQ(scenario.agents[0].limits.at(ChannelName::Of("voice")), 1u);
  EXPECT_EQ(scenario.agents[0].costs.at(ChannelName::Of("voice")), 3u);
}

TEST(ScenarioReader, RefusesWhatAPolicySaysItself) {
  constexpr const char kPolicy[] = R"(version: p
channels: {chat: {units: 1}}
queues: [{name: q}]
otherwise: {queue: q}
)";
  const Files files = {{"p.yaml", kPolicy}, {"bad.yaml", "version: p\n"}};
  EXPECT_EQ(ProblemsIn(With("stop:", "policy: p.yaml\nstop:"), files), "");
  EXPECT_THAT(ProblemsIn(With("stop:", "policy: bad.yaml\nstop:"), files),
              StartsWith("1:9: bad.yaml:"));
  const std::string broken = ProblemsIn(With("stop:", "policy: bad.yaml\nstop:"), files);
  EXPECT_THAT(broken, Not(HasSubstr("no channel")));  // the file has enough to say already
  EXPECT_THAT(ProblemsIn(With("stop:", "policy: p.yaml\norder: fifo\nstop:"), files),
              StartsWith("2:8: order has no effect: it comes from the policy"));
  EXPECT_THAT(ProblemsIn("policy: p.yaml\n" + With("name: a", "name: a\n    needs: [x]"), files),
              StartsWith("5:12: needs has no effect"));
  EXPECT_THAT(
      ProblemsIn("policy: p.yaml\n" + With("count: 5", "count: 5\n    costs: {chat: 2}"), files),
      HasSubstr("costs has no effect"));
  EXPECT_THAT(ProblemsIn("policy: p.yaml\n" + With("name: a", "name: a\n    channel: fax"), files),
              StartsWith("5:14: no channel 'fax'"));
}

}  // namespace
}  // namespace usher::simulate
