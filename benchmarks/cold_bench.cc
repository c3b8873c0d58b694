// What it costs insights to begin with views that are in the store already: a partition of many
// desks, each with agents, queues, open inquiries and facts.
//
//     build/release/bin/cold_bench [--desks=N] [--redis=HOST:PORT]
//
// Without --redis the store is in memory and answers at once: what is left is the calls and the
// work. Redis should be empty: what is written stays there.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "insights/view.h"
#include "store/redis/redis_store.h"
#include "store/sim/sim_store.h"
#include "wire/records.h"

namespace usher::insights {
namespace {

constexpr std::size_t kBatch = 1'000;
constexpr Duration kTtl = std::chrono::hours(1);

double CpuSeconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

std::string Flag(int argc, char** argv, std::string_view name) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word.starts_with(name)) return std::string(word.substr(name.size()));
  }
  return "";
}

// One agent who has an inquiry, and one inquiry that waits.
std::vector<DecisionBody> Day(std::size_t desk) {
  const auto ana = AgentName::Of("ana");
  AgentRegistered registered;
  registered.agent = ana;
  registered.units = 4;
  registered.skills = {{SkillName::Of("orders"), 80}};
  std::vector<DecisionBody> day = {
      registered, PresenceChanged{ana, Presence::kAvailable, AwayReason::kNone, kNever}};
  for (int i = 0; i < 2; ++i) {
    InquiryPlaced placed;
    placed.inquiry = InquiryId::Of("d" + std::to_string(desk) + "/" + std::to_string(i));
    placed.queue = QueueName::Of("live");
    placed.features.channel = ChannelName::Of("chat");
    placed.features.topic = TopicName::Of("delivery");
    day.push_back(placed);
    if (i > 0) continue;
    day.push_back(OfferMade{OfferId{desk + 1}, placed.inquiry, ana, placed.queue, kNever,
                            OfferReason::kArrival});
    day.push_back(OfferAccepted{OfferId{desk + 1}, placed.inquiry, ana, false});
  }
  return day;
}

bool Fill(store::Store& store, std::size_t desks) {
  View view(0, kTtl);
  Instant now = FromMicros(1'700'000'000'000'000);
  std::int64_t offset = 0;
  const auto commit = [&] {
    const auto batch = view.MakeBatch();
    if (!batch) return true;
    const auto applied = store.Apply(*batch);
    view.Committed();
    return applied.ok() && *applied;
  };
  for (std::size_t desk = 0; desk < desks; ++desk) {
    for (DecisionBody& body : Day(desk)) {
      wire::DecisionRecord record;
      record.stamp = Stamp{LogId::Of("log"), 0, offset, 0};
      record.desk = DeskName::Of("desk" + std::to_string(desk));
      record.command_at = now += 1ms;
      record.decision = Decision{now, std::move(body)};
      view.Take(record, wire::EncodeDecision(record), offset++);
      if (offset % kBatch == 0 && !commit()) return false;
    }
  }
  return commit();
}

int Main(int argc, char** argv) {
  const std::string asked = Flag(argc, argv, "--desks=");
  const std::size_t desks = asked.empty() ? 100'000 : std::strtoull(asked.c_str(), nullptr, 10);
  const std::string redis = Flag(argc, argv, "--redis=");
  store::SimStores memory(1, [] { return FromMicros(0); });
  std::unique_ptr<store::Stores> away;
  if (!redis.empty()) {
    auto opened = store::OpenRedisStores({.address = redis});
    if (!opened.ok()) {
      std::fprintf(stderr, "%s\n", opened.status().ToString().c_str());
      return 1;
    }
    away = *std::move(opened);
  }
  auto store = (away ? *away : static_cast<store::Stores&>(memory)).Open();
  if (!store.ok() || !Fill(**store, desks)) {
    std::fprintf(stderr, "the store cannot be filled\n");
    return 1;
  }
  const double cpu = CpuSeconds();
  const auto began = std::chrono::steady_clock::now();
  const auto view = View::Load(**store, 0, kTtl);
  if (!view.ok() || !view->watermark() || view->desks().size() != desks) {
    std::fprintf(stderr, "what was written does not come back\n");
    return 1;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::printf("desks                   %zu\n", desks);
  std::printf("to have them, s         %.2f\n", took.count());
  std::printf("of it processor, s      %.2f\n", CpuSeconds() - cpu);
  if (away) return 0;
  std::size_t bytes = 0;
  std::size_t facts = 0;
  for (const auto& [name, table] : memory.content().tables) {
    std::size_t size = name.size();
    for (const auto& [row, value] : table) size += row.size() + value.size();
    bytes += size;
    if (name.find("/facts") != std::string::npos) facts += size;
  }
  std::printf("bytes a desk            %.0f\n",
              static_cast<double>(bytes) / static_cast<double>(desks));
  std::printf("of them facts           %.0f\n",
              static_cast<double>(facts) / static_cast<double>(desks));
  return 0;
}

}  // namespace
}  // namespace usher::insights

int main(int argc, char** argv) { return usher::insights::Main(argc, argv); }
