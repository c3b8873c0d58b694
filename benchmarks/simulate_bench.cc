// How many inquiries a second `usher simulate` plays on one core, and how that compares with a bare
// event loop of M/M/n: the same draws, the same heap, a queue and a number of idle agents, no
// engine. `x_bare` is the time of one over that of the other.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <ctime>
#include <deque>
#include <string>

#include "core/check.h"
#include "simulate/simulate.h"

namespace usher::simulate {
namespace {

constexpr std::uint64_t kInquiries = 200'000;

double CpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// `agents` of one group, busy nine tenths of their time; `classes` of equal share.
Scenario MakeShop(std::uint32_t agents, std::uint32_t classes) {
  constexpr Duration kHandling = 300s;
  Scenario scenario;
  scenario.name = "bench";
  scenario.stop.inquiries = kInquiries;
  AgentGroup group;
  group.name = "g";
  group.count = agents;
  for (std::uint32_t i = 0; i < classes; ++i) {
    ClassSpec spec;
    spec.name = "c" + std::to_string(i);
    spec.channel = spec.features.channel = ChannelName::Of("chat");
    spec.needs = {{SkillName::Of(spec.name), 10}};
    spec.handling = Law::Exponential(kHandling);
    spec.arrivals.rate = 0.9 * agents / static_cast<double>(kHandling.count()) / classes;
    group.skills.push_back({spec.needs[0].skill, 50});
    scenario.classes.push_back(spec);
  }
  scenario.agents.push_back(group);
  return scenario;
}

// The bare loop. Gives the mean wait, so that nothing of it can be left out.
double PlayBare(const Scenario& scenario) {
  ArrivalLaw all = scenario.classes[0].arrivals;
  all.rate *= static_cast<double>(scenario.classes.size());
  const auto arrivals = MakeArrivals(all, 1);
  const Sampler handling(scenario.classes[0].handling);
  Rng draws(2);
  EventHeap events;
  std::deque<Instant> waiting;
  std::uint32_t idle = scenario.agents[0].count;
  std::int64_t waited_us = 0;
  std::uint64_t arrived = 0;
  events.Put(arrivals->Next(), EventKind::kArrival, 0);
  while (!events.empty()) {
    const Event event = events.Take();
    if (event.kind() == EventKind::kArrival) {
      waiting.push_back(event.at);
      if (++arrived < kInquiries) events.Put(arrivals->Next(), EventKind::kArrival, 0);
    } else {
      ++idle;
    }
    if (waiting.empty() || idle == 0) continue;
    --idle;
    waited_us += (event.at - waiting.front()).count();
    waiting.pop_front();
    events.Put(event.at + handling.At(draws.Unit()), EventKind::kFinish, 0);
  }
  return static_cast<double>(waited_us) / 1e6 / static_cast<double>(arrived);
}

void BM_Simulate(benchmark::State& state) {
  const Scenario scenario = MakeShop(static_cast<std::uint32_t>(state.range(0)),
                                     static_cast<std::uint32_t>(state.range(1)));
  double engine_s = 0, bare_s = 0;
  std::uint64_t commands = 0;
  for (auto _ : state) {
    const double start = CpuSeconds();
    const absl::StatusOr<Report> report = Simulate(scenario);
    const double middle = CpuSeconds();
    benchmark::DoNotOptimize(PlayBare(scenario));
    const double end = CpuSeconds();
    USHER_CHECK(report.ok() && report->all.served == kInquiries);
    commands = report->commands;
    engine_s += middle - start;
    bare_s += end - middle;
    state.SetIterationTime(middle - start);
  }
  const double played = static_cast<double>(state.iterations() * kInquiries);
  state.counters["inquiries_per_s"] = played / engine_s;
  state.counters["bare_per_s"] = played / bare_s;
  state.counters["x_bare"] = engine_s / bare_s;
  state.counters["commands_per_inquiry"] =
      static_cast<double>(commands) / static_cast<double>(kInquiries);
}

BENCHMARK(BM_Simulate)
    ->ArgNames({"agents", "classes"})
    ->ArgsProduct({{10, 100, 1'000}, {1, 20}})
    ->UseManualTime()
    ->Iterations(1)
    ->Repetitions(5)
    ->ReportAggregatesOnly()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace usher::simulate

BENCHMARK_MAIN();
