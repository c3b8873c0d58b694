// Small worlds whose every figure can be told by hand.
#include "simulate/simulate.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "unit/libs/simulate/reading.h"

namespace usher::simulate {
namespace {

// One class `a` by trace and one agent, with `more` lines on top and more of the class's keys.
std::string OneAgent(const std::string& more, const std::string& its) {
  return "replications: 1\n" + more + "classes: [{name: a, arrivals: {trace: t}, " + its +
         "}]\n"
         "agents: [{name: g, count: 1}]\n";
}

double Mean(const Scope& scope, Measure measure) { return scope[measure].mean; }

TEST(Simulate, ServesOneAfterTheOther) {
  const Report report = Play(
      OneAgent("stop: {inquiries: 3}\nreport: {thresholds: [5s, 6s]}\n", "handling: {fixed: 10s}"),
      {{"t", "0\n4\n30\n"}});
  EXPECT_EQ(report.inquiries, 3u);
  EXPECT_EQ(report.all.served, 3u);
  EXPECT_DOUBLE_EQ(Mean(report.all, Measure::kPWait), 1.0 / 3);
  EXPECT_DOUBLE_EQ(Mean(report.all, Measure::kWaitMean), 2);
  EXPECT_DOUBLE_EQ(Mean(report.all, Measure::kQueueMean), 6.0 / 30);
  EXPECT_DOUBLE_EQ(Mean(report.all, Measure::kBusyMean), 20.0 / 30);
  EXPECT_DOUBLE_EQ(report.all.p_wait_gt[0].mean, 1.0 / 3);
  EXPECT_DOUBLE_EQ(report.all.p_wait_gt[1].mean, 0);  // not longer than 6s
  EXPECT_DOUBLE_EQ(report.all.wait_quantile_s[0].mean, 0);
  EXPECT_DOUBLE_EQ(report.all.wait_quantile_s[3].mean, 6);
  EXPECT_DOUBLE_EQ(report.agents[0].occupancy.mean, 20.0 / 30);
  EXPECT_EQ(report.agents[0].served, 3u);
}

TEST(Simulate, FreesAnAgentForWhoComesAtThatInstant) {
  const Report report =
      Play(OneAgent("stop: {inquiries: 2}\n", "handling: {fixed: 10s}"), {{"t", "0\n10\n"}});
  EXPECT_DOUBLE_EQ(Mean(report.all, Measure::kPWait), 0);
}

TEST(Simulate, LetsThoseWhoComeTogetherInByClassAndLine) {
  // At 5s three come, though the second class was put in first: its last one came before.
  const Report report = Play(R"(replications: 1
order: fifo
stop: {inquiries: 5}
classes:
  - {name: a, arrivals: {trace: a}, handling: {fixed: 10s}}
  - {name: b, arrivals: {trace: b}, handling: {fixed: 10s}}
agents: [{name: g, count: 1}]
)",
                             {{"a", "1\n5\n5\n"}, {"b", "0\n5\n"}});
  // b at 0s, a at 10s, then a at 20s and 30s, b at 40s.
  EXPECT_DOUBLE_EQ(Mean(report.classes[0], Measure::kWaitMean), (9 + 15 + 25) / 3.0);
  EXPECT_DOUBLE_EQ(Mean(report.classes[1], Measure::kWaitMean), (0 + 35) / 2.0);
}

TEST(Simulate, ServesWhoseAgentIsFreeAtTheEndOfPatience) {
  const Report report =
      Play(OneAgent("stop: {inquiries: 3}\n", "handling: {fixed: 10s}, patience: {fixed: 10s}"),
           {{"t", "0\n0\n0\n"}});
  EXPECT_EQ(report.all.served, 2u);
  EXPECT_EQ(report.all.abandoned, 1u);
}

TEST(Simulate, CountsTheEndOfTheTargetAsInTime) {
  // At 20s the agent is free: a's time is up at that moment, but not over; c's was at 19s.
  const Report report = Play(R"(replications: 1
order: in_time_first
stop: {inquiries: 4}
classes:
  - {name: c, arrivals: {trace: c}, first_response: 18s, handling: {fixed: 20s}}
  - {name: a, arrivals: {trace: a}, first_response: 19s, handling: {fixed: 20s}}
  - {name: b, arrivals: {trace: b}, first_response: 40s, handling: {fixed: 20s}}
agents: [{name: g, count: 1}]
)",
                             {{"c", "0\n1\n"}, {"a", "1\n"}, {"b", "2\n"}});
  EXPECT_DOUBLE_EQ(Mean(report.classes[1], Measure::kWaitMean), 19);
  EXPECT_DOUBLE_EQ(Mean(report.classes[2], Measure::kWaitMean), 38);
  EXPECT_DOUBLE_EQ(Mean(report.classes[0], Measure::kWaitMean), 59 / 2.0);
  EXPECT_EQ(report.all.breached, 1u);
}

TEST(Simulate, LetsCustomersLeave) {
  const Report report =
      Play(OneAgent("stop: {inquiries: 3}\n", "handling: {fixed: 100s}, patience: {fixed: 60s}"),
           {{"t", "0\n10\n70\n"}});
  EXPECT_EQ(report.all.abandoned, 1u);
  EXPECT_EQ(report.all.served, 2u);
  EXPECT_DOUBLE_EQ(Mean(report.all, Measure::kWaitAbandonedMean), 60);
  EXPECT_DOUBLE_EQ(Mean(report.all, Measure::kWaitServedMean), 15);
  EXPECT_DOUBLE_EQ(Mean(report.all, Measure::kPAbandoned), 1.0 / 3);
}

TEST(Simulate, BlocksWhoFindsNoPlace) {
  const Report report =
      Play(OneAgent("places: 2\nstop: {inquiries: 4}\n", "handling: {fixed: 10s}"),
           {{"t", "0\n1\n2\n50\n"}});
  EXPECT_EQ(report.all.blocked, 1u);
  EXPECT_EQ(report.all.served, 3u);
  EXPECT_DOUBLE_EQ(Mean(report.all, Measure::kPBlocked), 0.25);
  EXPECT_DOUBLE_EQ(Mean(report.all, Measure::kWaitMean), 3);  // 0, 9 and 0
}

TEST(Simulate, CountsABreachAndHowLateItWas) {
  const Report report =
      Play(OneAgent("stop: {inquiries: 2}\n", "handling: {fixed: 100s}, first_response: 20s"),
           {{"t", "0\n10\n"}});
  EXPECT_EQ(report.all.breached, 1u);
  EXPECT_DOUBLE_EQ(Mean(report.all, Measure::kPBreached), 0.5);
  EXPECT_DOUBLE_EQ(Mean(report.all, Measure::kLatenessMean), 70);
}

TEST(Simulate, TakesTimeToAccept) {
  const Report report = Play(
      OneAgent("offers: {accept: {fixed: 6s}}\nstop: {inquiries: 2}\n", "handling: {fixed: 10s}"),
      {{"t", "0\n1\n"}});
  // 6s for the first, who is done at 16s; the second is accepted at 22s.
  EXPECT_DOUBLE_EQ(Mean(report.all, Measure::kWaitMean), (6 + 21) / 2.0);
  EXPECT_DOUBLE_EQ(Mean(report.all, Measure::kOffersPerInquiry), 1);
}

TEST(Simulate, AsksTheNextAgentWhenAnOfferIsMissed) {
  // Whoever is asked accepts after 15s, which is too late; nobody ever begins.
  const Report report =
      Play(OneAgent("offers: {accept: {fixed: 15s}, timeout: 10s}\nstop: {inquiries: 1}\n",
                    "handling: {fixed: 10s}, patience: {fixed: 100s}, first_response: 100s"),
           {{"t", "0\n"}});
  // Asked at 0s, and again a minute after each miss: at 70s.
  EXPECT_EQ(report.all.abandoned, 1u);
  EXPECT_EQ(report.all.breached, 0u);
  EXPECT_DOUBLE_EQ(Mean(report.all, Measure::kOffersPerInquiry), 2);
}

TEST(Simulate, IgnoresAShareOfTheOffers) {
  const Report report = Play(R"(seed: 3
replications: 1
stop: {inquiries: 20000}
offers: {accept: {exp: 2s}, ignore: 0.25, timeout: 60s}
classes: [{name: a, arrivals: {poisson: 60/h}, handling: {exp: 60s}}]
agents: [{name: g, count: 20}]
)");
  // Offers until the first that is neither ignored (1/4) nor answered too late (e^-30).
  EXPECT_NEAR(Mean(report.all, Measure::kOffersPerInquiry), 4.0 / 3, 0.02);
  EXPECT_NEAR(Mean(report.all, Measure::kWaitMean), 2 + 60.0 / 3, 0.5);
}

TEST(Simulate, HoldsTheAgentForWrapUp) {
  const Report report =
      Play(OneAgent("wrap_up: 5s\nstop: {inquiries: 3}\n", "handling: {fixed: 10s}"),
           {{"t", "0\n1\n40\n"}});
  EXPECT_DOUBLE_EQ(Mean(report.all, Measure::kWaitMean), 14.0 / 3);
  EXPECT_DOUBLE_EQ(Mean(report.all, Measure::kBusyMean), 20.0 / 40);
  EXPECT_DOUBLE_EQ(report.agents[0].occupancy.mean, 30.0 / 40);
}

TEST(Simulate, KeepsCapacitiesOfChannels) {
  const Report report = Play(R"(replications: 1
stop: {inquiries: 6}
classes:
  - {name: chat, channel: chat, arrivals: {trace: c}, handling: {fixed: 100s}}
  - {name: call, channel: voice, arrivals: {trace: v}, handling: {fixed: 10s}}
agents: [{name: g, count: 1, capacity: {total: 3, chat: 2}, costs: {voice: 3}}]
)",
                             {{"c", "0\n1\n2\n"}, {"v", "3\n250\n300\n"}});
  // Two chats at once; the third at 100s until 200s; the call needs all three units.
  EXPECT_DOUBLE_EQ(Mean(report.classes[0], Measure::kWaitMean), 98.0 / 3);
  EXPECT_DOUBLE_EQ(Mean(report.classes[1], Measure::kWaitMean), 197.0 / 3);
}

TEST(Simulate, WorksInShiftsAndFinishesWhatIsBegun) {
  const Report report = Play(R"(replications: 1
stop: {inquiries: 4}
classes: [{name: a, arrivals: {trace: t}, handling: {fixed: 60s}}]
agents: [{name: g, count: 1, shift: [[8h, 9h], [10h, 11h]]}]
)",
                             {{"t", "25200\n32390\n32395\n36001\n"}});
  // At 7h: until 8h. At 8:59:50: at once. At 8:59:55: until 10h. At 10:00:01: 59s.
  EXPECT_EQ(report.all.served, 4u);
  EXPECT_DOUBLE_EQ(report.all.wait_quantile_s[3].mean, 3605);
  EXPECT_DOUBLE_EQ(Mean(report.all, Measure::kWaitMean), (3600 + 0 + 3605 + 59) / 4.0);
}

TEST(Simulate, LetsNightShiftsWorkThroughMidnight) {
  const Report report = Play(R"(replications: 1
stop: {inquiries: 2}
classes: [{name: a, arrivals: {trace: t}, handling: {fixed: 2h}}]
agents: [{name: g, count: 1, shift: [[0h, 6h], [22h, 24h]]}]
)",
                             {{"t", "82800\n82801\n"}});
  EXPECT_DOUBLE_EQ(report.all.wait_quantile_s[3].mean, 7199);  // 23h to 1h, and at once the next
}

TEST(Simulate, HandlesByTheGroupsOwnLaw) {
  const Report report = Play(R"(replications: 1
stop: {inquiries: 2}
classes: [{name: a, arrivals: {trace: t}, needs: [x], handling: {fixed: 10s}}]
agents: [{name: g, count: 1, skills: [x], handling: {a: {fixed: 30s}}}]
)",
                             {{"t", "0\n1\n"}});
  EXPECT_DOUBLE_EQ(Mean(report.all, Measure::kWaitMean), 29.0 / 2);
}

// Three wait for one agent who gets free at 100s: `a` is late by then, `b` is urgent by priority,
// `c` is due before `b`. In which order are they begun with?
std::string WhoIsNext(const std::string& order) {
  const Report report = Play("replications: 1\nstop: {inquiries: 4}\norder: " + order + R"(
classes:
  - {name: x, needs: [x], arrivals: {trace: "0"}, handling: {fixed: 100s}}
  - {name: a, needs: [a], arrivals: {trace: "10"}, priority: 1, first_response: 30s,
     handling: {fixed: 100s}}
  - {name: b, needs: [b], arrivals: {trace: "20"}, priority: 9, first_response: 300s,
     handling: {fixed: 100s}}
  - {name: c, needs: [c], arrivals: {trace: "30"}, priority: 5, first_response: 100s,
     handling: {fixed: 100s}}
agents: [{name: g, count: 1, skills: {x: 1, a: 50, b: 40, c: 90}}]
)",
                             {{"0", "0"}, {"10", "10"}, {"20", "20"}, {"30", "30"}});
  std::map<double, std::string> begun;
  for (int i = 1; i < 4; ++i) {
    const Scope& scope = report.classes[static_cast<std::size_t>(i)];
    begun[10 * i + Mean(scope, Measure::kWaitMean)] = scope.name;
  }
  std::string names;
  for (const auto& [at, name] : begun) names += name;
  return names;
}

TEST(Simulate, OrdersWhoWaits) {
  EXPECT_EQ(WhoIsNext("fifo"), "abc");
  EXPECT_EQ(WhoIsNext("priority"), "bca");
  EXPECT_EQ(WhoIsNext("due"), "acb");
  EXPECT_EQ(WhoIsNext("in_time_first"), "cba");
  EXPECT_EQ(WhoIsNext("agent_level"), "cab");
}

// All have room; `first` has something in hand since 0s, the others did a little meanwhile. Who is
// asked?
std::string WhoIsAsked(const std::string& rule, const std::string& preference = "") {
  const Report report = Play("replications: 1\nstop: {inquiries: 4}\n" + rule + R"(
classes:
  - {name: a, needs: [a], arrivals: {trace: "5"}, handling: {fixed: 1h})" +
                                 preference + R"(}
  - {name: x, arrivals: {trace: "0"}, groups: [[first]], handling: {fixed: 1h}}
  - {name: y, arrivals: {trace: "1"}, groups: [[rare]], handling: {fixed: 1s}}
  - {name: z, arrivals: {trace: "2"}, groups: [[best]], handling: {fixed: 1s}}
agents:
  - {name: first, count: 1, skills: {a: 50, b: 1}, capacity: {total: 2}}
  - {name: rare, count: 1, skills: {a: 60}}
  - {name: best, count: 1, skills: {a: 90, b: 1}}
)",
                             {{"0", "0"}, {"1", "1"}, {"2", "2"}, {"5", "5"}});
  for (const GroupReport& group : report.agents) {
    if (group.served == 2) return group.name;
  }
  return "nobody";
}

TEST(Simulate, PicksWhoIsAsked) {
  EXPECT_EQ(WhoIsAsked("pick: longest_idle"), "first");
  EXPECT_EQ(WhoIsAsked("pick: rarest_first"), "rare");
  EXPECT_EQ(WhoIsAsked("pick: best_level"), "best");
  EXPECT_EQ(WhoIsAsked("pick: least_loaded"), "rare");
  EXPECT_EQ(WhoIsAsked("pick: best_level", ", groups: [[first, rare], [best]]"), "rare");
  EXPECT_EQ(WhoIsAsked("pick: rarest_first", ", groups: [[best], [rare]]"), "best");
  EXPECT_EQ(WhoIsAsked("", ", groups: [[first]]"), "first");
}

TEST(Simulate, CountsOnlyInTheWindow) {
  const Report report =
      Play(OneAgent("warmup: {time: 5s}\nstop: {time: 20s}\n", "handling: {fixed: 10s}"),
           {{"t", "0\n1\n6\n24.9\n25\n"}});
  // Those at 6s and at 24.9s. The window is 5s to 25s; nobody comes at 25s.
  EXPECT_EQ(report.all.arrived, 2u);
  EXPECT_DOUBLE_EQ(Mean(report.all, Measure::kWaitMean), (14 + 5.1) / 2);
  EXPECT_DOUBLE_EQ(Mean(report.all, Measure::kBusyMean), 1);
  EXPECT_DOUBLE_EQ(Mean(report.all, Measure::kQueueMean), (5 + 14 + 0.1) / 20);
}

TEST(Simulate, CountsFromTheLastOfTheWarmup) {
  const Report report =
      Play(OneAgent("warmup: {inquiries: 2}\nstop: {inquiries: 2}\n", "handling: {fixed: 10s}"),
           {{"t", "0\n1\n6\n30\n31\n"}});
  EXPECT_EQ(report.all.arrived, 2u);
  EXPECT_DOUBLE_EQ(Mean(report.all, Measure::kWaitMean), 14.0 / 2);
  EXPECT_DOUBLE_EQ(Mean(report.all, Measure::kQueueMean), (9 + 14) / 29.0);
}

TEST(Simulate, LooksAtTheNumberBusy) {
  const Report report = Play(R"(replications: 1
stop: {time: 48h}
classes: [{name: a, arrivals: {trace: t}, handling: {fixed: 2h}}]
agents: [{name: g, count: 3}]
report: {busy_at: [0h, 1h, 2h]}
)",
                             {{"t", "1800\n1801\n88200\n"}});
  ASSERT_EQ(report.busy_at.size(), 3u);
  EXPECT_DOUBLE_EQ(report.busy_at[0].second.mean, 0);
  EXPECT_DOUBLE_EQ(report.busy_at[1].second.mean, 1.5);  // two on the first day, one on the second
  EXPECT_DOUBLE_EQ(report.busy_at[2].second.mean, 1.5);
}

TEST(Simulate, EndsWhenNobodyCouldEverBegin) {
  const Report report = Play(R"(replications: 2
stop: {inquiries: 5}
classes:
  - {name: a, arrivals: {poisson: 60/h}, needs: [x], handling: {exp: 60s}, first_response: 1h}
agents: [{name: g, count: 3, shift: [[9h, 17h]]}]
)");
  EXPECT_EQ(report.all.arrived, 10u);
  EXPECT_EQ(report.all.unserved, 10u);
  EXPECT_EQ(report.all.breached, 10u);
}

TEST(Simulate, PlaysAPolicy) {
  constexpr const char kPolicy[] = R"(version: p
languages: [de, en]
skills: [de, en]
channels: {chat: {units: 1}}
sla: {fast: {first_response: 30s}}
queues:
  - {name: german, needs: {de: 50}, sla: fast, auto_accept: true}
  - {name: rest, offer_window: 20s, wrap_up: 10s}
routes:
  - {name: de, match: {language: de}, queue: german, priority: 8}
otherwise: {queue: rest}
)";
  const Report report = Play(R"(replications: 1
stop: {inquiries: 5}
policy: p.yaml
classes:
  - {name: german, language: de, arrivals: {trace: g}, handling: {fixed: 100s}}
  - {name: english, language: en, arrivals: {trace: e}, handling: {fixed: 5s}}
agents:
  - {name: both, count: 1, skills: {de: 60}}
  - {name: none, count: 1}
)",
                             {{"p.yaml", kPolicy}, {"g", "0\n1\n2\n"}, {"e", "3\n4\n"}});
  // German ones go to `both` alone: 0, 99 and 198s. The others to `none`: 0 and 14s.
  EXPECT_DOUBLE_EQ(Mean(report.classes[0], Measure::kWaitMean), (0 + 99 + 198) / 3.0);
  EXPECT_EQ(report.classes[0].breached, 2u);
  EXPECT_DOUBLE_EQ(Mean(report.classes[1], Measure::kWaitMean), 14 / 2.0);
  EXPECT_EQ(report.agents[0].served, 3u);
}

TEST(Simulate, BringsBackWhoWasPutAwayByAPolicy) {
  constexpr const char kPolicy[] = R"(version: p
channels: {chat: {units: 1}}
queues: [{name: q, offer_window: 20s}]
otherwise: {queue: q}
offers: {missed_offers_max: 1, decline_cooldown: 10s}
)";
  const Report report = Play(R"(replications: 1
stop: {inquiries: 1}
policy: p.yaml
offers: {accept: {fixed: 30s}}
classes:
  - {name: a, arrivals: {trace: t}, handling: {fixed: 5s}, patience: {fixed: 150s}}
agents: [{name: g, count: 1}]
)",
                             {{"p.yaml", kPolicy}, {"t", "0\n"}});
  // Missed at 20s, back at 80s, missed at 100s.
  EXPECT_DOUBLE_EQ(Mean(report.all, Measure::kOffersPerInquiry), 2);
}

TEST(Simulate, TellsWhenTheEngineRefuses) {
  Scenario scenario =
      Read(OneAgent("stop: {inquiries: 1}\n", "handling: {fixed: 5s}"), {{"t", "0\n"}});
  scenario.agents[0].units = 0;
  const absl::StatusOr<Report> report = Simulate(scenario);
  EXPECT_TRUE(absl::IsInvalidArgument(report.status()));
  EXPECT_NE(report.status().message().find("agent group 'g'"), std::string::npos);
}

constexpr const char kShop[] = R"(seed: 5
replications: 2
warmup: {inquiries: 100}
stop: {inquiries: 2000}
places: 40
offers: {accept: {exp: 6s}, ignore: 0.05, timeout: 20s}
wrap_up: 3s
classes:
  - name: a
    arrivals: {poisson: 120/h}
    needs: [x]
    priority: 7
    first_response: 60s
    patience: {exp: 120s}
    handling: {exp: 120s}
  - name: b
    arrivals: {poisson: 60/h}
    needs: {y: 20}
    first_response: 120s
    handling: {lognormal: {mean: 120s, scv: 1.2}}
agents:
  - {name: g1, count: 3, skills: [x]}
  - {name: g2, count: 4, skills: {x: 80, y: 30}, handling: {a: {exp: 150s}}}
report: {thresholds: [20s], busy_at: [1h]}
)";

TEST(Simulate, AccountsForEveryInquiry) {
  const Report report = Play(kShop);
  EXPECT_EQ(report.inquiries, 4'000u);
  EXPECT_GT(report.all.abandoned, 0u);
  for (const Scope& scope : {report.all, report.classes[0], report.classes[1]}) {
    EXPECT_EQ(scope.arrived, scope.blocked + scope.abandoned + scope.served + scope.unserved);
  }
  EXPECT_EQ(report.classes[0].arrived + report.classes[1].arrived, report.all.arrived);
  EXPECT_EQ(report.agents[0].served + report.agents[1].served, report.all.served);
}

TEST(Simulate, GivesTheSameBytesEachTime) {
  const auto run = [](std::vector<std::tuple<std::uint32_t, Decision>>& decisions) {
    Options options;
    options.decisions = [&](std::uint32_t replication, const Decision& decision) {
      decisions.emplace_back(replication, decision);
    };
    return ToJson(Play(Read(kShop), options));
  };
  std::vector<std::tuple<std::uint32_t, Decision>> first, second;
  EXPECT_EQ(run(first), run(second));
  EXPECT_GT(first.size(), 10'000u);
  EXPECT_TRUE(first == second);
}

TEST(Simulate, GivesTheSameOnSeveralThreads) {
  Scenario scenario = Read(kShop);
  scenario.replications = 7;
  Options options;
  options.threads = 3;
  std::vector<std::uint32_t> done;
  options.progress = [&](std::uint32_t now, std::uint32_t) { done.push_back(now); };
  EXPECT_EQ(ToJson(Play(scenario)), ToJson(Play(scenario, options)));
  EXPECT_EQ(done, (std::vector<std::uint32_t>{1, 2, 3, 4, 5, 6, 7}));
  scenario.agents[0].units = 0;
  EXPECT_TRUE(absl::IsInvalidArgument(Simulate(scenario, options).status()));
}

TEST(Simulate, ReplicationsAndSeedsDiffer) {
  Scenario scenario = Read(kShop);
  const Report report = Play(scenario);
  EXPECT_GT(report.all[Measure::kWaitMean].ci95.value_or(0), 0);
  scenario.seed = 6;
  EXPECT_NE(ToJson(report), ToJson(Play(scenario)));
}

// When each inquiry came and, for those served, how long it was handled.
using Customers = std::map<std::uint64_t, std::tuple<Instant, Duration>>;

Customers CustomersOf(const Scenario& scenario) {
  Customers customers;
  Options options;
  options.decisions = [&](std::uint32_t, const Decision& decision) {
    if (const auto* placed = std::get_if<InquiryPlaced>(&decision.body)) {
      std::get<0>(customers[placed->inquiry.bits.low]) = decision.at;
    }
    if (const auto* resolved = std::get_if<InquiryResolved>(&decision.body)) {
      std::get<1>(customers[resolved->inquiry.bits.low]) = resolved->handled;
    }
  };
  Play(scenario, options);
  return customers;
}

TEST(Simulate, BringsTheSameCustomersWhateverTheRule) {
  Scenario scenario = Read(R"(seed: 5
replications: 1
stop: {inquiries: 2000}
classes:
  - {name: a, arrivals: {poisson: 120/h}, priority: 7, handling: {exp: 100s}}
  - {name: b, arrivals: {poisson: 60/h}, handling: {lognormal: {mean: 120s, scv: 1.2}}}
agents: [{name: g, count: 6}]
)");
  const Customers before = CustomersOf(scenario);
  ASSERT_EQ(before.size(), 2'000u);
  scenario.classes[0].priority = 1;
  scenario.agents[0].count = 9;
  scenario.offers.instant = false;
  scenario.offers.accept = Law::Exponential(6s);
  EXPECT_EQ(before, CustomersOf(scenario));
}

}  // namespace
}  // namespace usher::simulate
