// What the metrics of insights cost a decision: the time of Observer alone, beside all else that
// insights does with it (decode, the views, their batch), and beside the way of a decision from its
// command to the store.
//
//     build/release/bin/metrics_bench [--decisions=N] [--queues=N] [--way_us=N]
//
// Inquiries are placed, offered, accepted, answered and finished, in batches of 100 decisions. Time
// is the processor's, of the one thread. `way_us` is what the decision's whole way takes, as
// benchmarks/run_path measures it.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

#include "insights/observer.h"
#include "insights/view.h"
#include "journal/topics.h"
#include "log/sim/sim_log.h"
#include "wire/records.h"

namespace usher::insights {
namespace {

constexpr std::size_t kBatch = 100;

double CpuNanos() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

std::size_t Flag(int argc, char** argv, std::string_view name, std::size_t fallback) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word.starts_with(name)) {
      return std::strtoull(word.substr(name.size()).data(), nullptr, 10);
    }
  }
  return fallback;
}

// The decisions on inquiry `number`, which stays one second in each stage.
std::vector<DecisionBody> Life(std::size_t number, std::size_t queues) {
  const auto id = InquiryId::Of("i" + std::to_string(number));
  const auto queue = QueueName::Of("queue" + std::to_string(number % queues));
  const auto ana = AgentName::Of("ana");
  const OfferId offer{number + 1};
  InquiryPlaced placed;
  placed.inquiry = id;
  placed.queue = queue;
  placed.priority = 5;
  placed.features.channel = ChannelName::Of("chat");
  return {placed, OfferMade{offer, id, ana, queue, kNever, OfferReason::kArrival},
          OfferAccepted{offer, id, ana, false}, InquiryAnswered{id, ana, true, 3s},
          InquiryResolved{id, ana, 2s, 4s}};
}

std::vector<std::string> Decisions(std::size_t count, std::size_t queues) {
  std::vector<std::string> made;
  Instant now = FromMicros(1'700'000'000'000'000);
  for (std::size_t number = 0; made.size() < count; ++number) {
    for (DecisionBody& body : Life(number, queues)) {
      wire::DecisionRecord record;
      record.stamp = Stamp{LogId::Of("log"), 0, static_cast<std::int64_t>(made.size()), 0};
      record.desk = DeskName::Of("shop");
      record.command_at = now += 1ms;
      record.decision = Decision{now, std::move(body)};
      made.push_back(wire::EncodeDecision(record));
    }
  }
  return made;
}

int Main(int argc, char** argv) {
  const std::vector<std::string> decisions =
      Decisions(Flag(argc, argv, "--decisions=", 300'000), Flag(argc, argv, "--queues=", 40));
  const double way_ns = static_cast<double>(Flag(argc, argv, "--way_us=", 3'200)) * 1e3;
  log::SimLog log({.seed = 1, .clock = [] { return FromMicros(1); }});
  for (const log::TopicSpec& spec : journal::Topics(1)) {
    if (!log.CreateTopic(spec).ok()) return 1;
  }
  telemetry::Metrics metrics;
  Observer observer(metrics, Targets(log), 1);
  View view(0, std::chrono::hours(1));
  observer.Load(0, view, {}, false);
  double all = 0;
  double metered = 0;
  for (std::size_t at = 0; at < decisions.size(); at += kBatch) {
    const std::size_t end = std::min(at + kBatch, decisions.size());
    const double began = CpuNanos();
    for (std::size_t i = at; i < end; ++i) {
      const auto record = wire::DecodeDecision(decisions[i]);
      if (!record.ok()) return 1;
      view.Take(*record, decisions[i], static_cast<std::int64_t>(i));
    }
    auto batch = view.MakeBatch();
    const double made = CpuNanos();
    observer.Count(0, view, FromMicros(1), *batch);
    observer.Settle(0, view, false);
    metered += CpuNanos() - made;
    view.Committed();
    all += CpuNanos() - began;
  }
  const double count = static_cast<double>(decisions.size());
  const double began = CpuNanos();
  const std::size_t bytes = [&] {
    metrics.AddSource([&] { return observer.Collect(FromMicros(1)); });
    return metrics.Text().size();
  }();
  std::printf("decisions                        %zu\n", decisions.size());
  std::printf("metrics, ns a decision           %.0f\n", metered / count);
  std::printf("insights without it, ns          %.0f\n", (all - metered) / count);
  std::printf("metrics of a decision's way      %.3f %% of %.0f us\n",
              100 * metered / count / way_ns, way_ns / 1e3);
  std::printf("a scrape                         %.1f ms, %zu kB\n", (CpuNanos() - began) / 1e6,
              bytes / 1000);
  return 0;
}

}  // namespace
}  // namespace usher::insights

int main(int argc, char** argv) { return usher::insights::Main(argc, argv); }
