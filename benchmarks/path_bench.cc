// How long is the way from a customer's message to an agent's offer, and how many go it in a
// second?
//
// Measured from the produce of a record on usher.messages to the arrival of its OfferMade from
// usher.decisions, against services that run as processes; beside it, in the same run, what plain
// librdkafka does on the same broker: produce and consume, with no, one and two relays between
// (with two a record goes over as many topics as in usher). benchmarks/run_path starts all that it
// needs.
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "journal/topics.h"
#include "raw_kafka.h"
#include "usher/v1/agents.grpc.pb.h"
#include "usher/v1/decision.pb.h"
#include "usher/v1/event.pb.h"
#include "usher/v1/routing.grpc.pb.h"
#include "wire/surface.h"

namespace usher::bench {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr int kRunSecondsMax = 120;
constexpr std::uint32_t kUnitsOfAgent = 1'000;
constexpr const char kChannel[] = "email";

// A desk whose offers stay open: the way to the offer is measured, not what comes after it.
constexpr const char kPolicy[] = R"(version: path-bench
topics: [order_status, refund]
channels:
  email: {units: 1}
sla:
  mail: {first_response: 24h}
queues:
  - {name: all, sla: mail, offer_window: 24h}
otherwise: {queue: all, priority: 3}
)";
constexpr const char* kTexts[] = {
    "hi, ordered a kettle on sunday (no 48213), has it gone out yet?",
    "Guten Tag, wo bleibt meine Bestellung? Laut Sendungsverfolgung ist nichts passiert.",
    "Добрий день, коли повернуть гроші за замовлення? Минуло вже два тижні.",
    "Bună ziua, aș dori banii înapoi pentru comanda de săptămâna trecută."};

struct Options {
  std::string kafka;
  std::string router;
  std::string agents;
  int partitions = 4;
  int inquiries = 20'000;  // of a flood
  int rate = 200;          // of the paced runs, a second
  int seconds = 10;        // of a paced run
  int runs = 3;
};

// A way that numbered records go.
class Path {
 public:
  virtual ~Path() = default;
  virtual void Send(std::uint64_t number) = 0;
  // Waits a little; says which have arrived.
  virtual void Receive(std::vector<std::uint64_t>& numbers) = 0;
};

// Produce → consume, with `relays` times consume → produce between.
class RawPath : public Path {
 public:
  RawPath(const Options& options, int relays) : options_(options), producer_(options.kafka) {
    static int made = 0;
    const std::string stem = "path-bench-" + std::to_string(++made) + "-";
    for (int i = 0; i <= relays; ++i) {
      topics_.push_back(stem + std::to_string(i));
      producer_.CreateTopic(topics_.back(), options.partitions);
    }
    last_ = std::make_unique<Consumer>(options.kafka, topics_.back(), options.partitions);
    for (int i = 0; i < relays; ++i) {
      relays_.emplace_back([this, i] { Relay(topics_[i], topics_[i + 1]); });
    }
    while (relaying_ < relays) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  ~RawPath() override {
    stop_ = true;
    for (std::thread& relay : relays_) relay.join();
  }

  void Send(std::uint64_t number) override {
    // As large as the message that usher gets.
    std::string value(sizeof number, '\0');
    std::memcpy(value.data(), &number, sizeof number);
    value += kTexts[number % std::size(kTexts)];
    value.append(80, '.');
    producer_.Send(topics_.front(), PartitionOf(number), value);
  }

  void Receive(std::vector<std::uint64_t>& numbers) override {
    last_->Poll(10, [&](std::string_view value) { numbers.push_back(NumberIn(value)); });
  }

 private:
  std::int32_t PartitionOf(std::uint64_t number) const {
    return static_cast<std::int32_t>(number % options_.partitions);
  }
  static std::uint64_t NumberIn(std::string_view value) {
    std::uint64_t number = 0;
    if (value.size() < sizeof number) Die("a record that was not sent");
    std::memcpy(&number, value.data(), sizeof number);
    return number;
  }
  void Relay(const std::string& from, const std::string& to) {
    Consumer consumer(options_.kafka, from, options_.partitions);
    Producer producer(options_.kafka);
    ++relaying_;
    while (!stop_) {
      consumer.Poll(10, [&](std::string_view value) {
        producer.Send(to, PartitionOf(NumberIn(value)), value);
      });
    }
  }

  const Options& options_;
  Producer producer_;
  std::vector<std::string> topics_;
  std::unique_ptr<Consumer> last_;
  std::vector<std::thread> relays_;
  std::atomic<int> relaying_{0};
  std::atomic<bool> stop_{false};
};

// usher.messages → intake → usher.commands → router → usher.decisions.
class UsherPath : public Path {
 public:
  // Of records numbered below `records_max`.
  UsherPath(const Options& options, std::uint64_t records_max)
      : options_(options),
        producer_(options.kafka),
        decisions_(options.kafka, journal::kDecisions, options.partitions) {
    PickDesks();
    for (std::uint64_t number = 0; number < records_max; ++number) {
      number_of_.emplace(wire::InquiryIdOf(DeskOf(number), EventIdOf(number)), number);
    }
    SetUp(static_cast<int>(records_max / desks_.size() / kUnitsOfAgent + 2));
  }

  void Send(std::uint64_t number) override {
    v1::MessageEvent event;
    event.set_desk(DeskOf(number).ToString());
    event.set_event_id(EventIdOf(number));
    event.set_conversation_id("conversation-" + std::to_string(number));
    event.set_customer_id("customer-" + std::to_string(number));
    event.set_channel(kChannel);
    event.set_text(kTexts[number % std::size(kTexts)]);
    producer_.Send(journal::kMessages, static_cast<std::int32_t>(number % options_.partitions),
                   event.SerializeAsString());
  }

  void Receive(std::vector<std::uint64_t>& numbers) override {
    Read([&](const v1::Decision& decision) {
      if (decision.has_inquiry_rejected()) Die("an inquiry was rejected");
      if (!decision.has_offer_made()) return;
      const auto found = number_of_.find(IdIn(decision.offer_made().inquiry()));
      if (found != number_of_.end()) numbers.push_back(found->second);
    });
  }

 private:
  static std::string EventIdOf(std::uint64_t number) { return "event-" + std::to_string(number); }
  const DeskName& DeskOf(std::uint64_t number) const { return desks_[number % desks_.size()]; }

  static InquiryId IdIn(const std::string& bytes) {
    InquiryId id;
    if (bytes.size() != 16) Die("an inquiry id that is none");
    for (int i = 0; i < 16; ++i) {
      std::uint64_t& half = i < 8 ? id.bits.high : id.bits.low;
      half = half << 8 | static_cast<unsigned char>(bytes[i]);
    }
    return id;
  }

  void Read(const std::function<void(const v1::Decision&)>& take) {
    decisions_.Poll(10, [&](std::string_view value) {
      v1::Decision decision;
      if (!decision.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
        Die("a decision that cannot be read");
      }
      take(decision);
    });
  }

  // One desk a partition, so that all are used alike.
  void PickDesks() {
    for (int partition = 0; partition < options_.partitions; ++partition) {
      DeskName desk;
      for (int i = 0; desk.none() || journal::PartitionOf(desk, options_.partitions) != partition;
           ++i) {
        desk = DeskName::Of("bench-" + std::to_string(i));
      }
      desks_.push_back(desk);
    }
  }

  void SetUp(int agents_of_desk);
  void EnterAgent(v1::AgentService::Stub& stub, const std::string& desk, const std::string& agent);

  const Options& options_;
  Producer producer_;
  Consumer decisions_;
  std::vector<DeskName> desks_;
  std::unordered_map<InquiryId, std::uint64_t> number_of_;
};

void Must(const grpc::Status& status, const char* what) {
  if (!status.ok()) Die(std::string(what) + ": " + status.error_message());
}

void UsherPath::EnterAgent(v1::AgentService::Stub& stub, const std::string& desk,
                           const std::string& agent) {
  v1::RegisterAgentRequest enters;
  enters.set_desk(desk);
  enters.set_agent(agent);
  enters.set_units(kUnitsOfAgent);
  v1::RegisterAgentResponse entered;
  grpc::ClientContext first;
  Must(stub.RegisterAgent(&first, enters, &entered), "RegisterAgent");
  v1::SetPresenceRequest comes;
  comes.set_desk(desk);
  comes.set_agent(agent);
  comes.set_presence(v1::PRESENCE_AVAILABLE);
  v1::SetPresenceResponse came;
  grpc::ClientContext second;
  Must(stub.SetPresence(&second, comes, &came), "SetPresence");
}

void UsherPath::SetUp(int agents_of_desk) {
  const auto credentials = grpc::InsecureChannelCredentials();
  const auto router =
      v1::RoutingService::NewStub(grpc::CreateChannel(options_.router, credentials));
  const auto agents = v1::AgentService::NewStub(grpc::CreateChannel(options_.agents, credentials));
  for (const DeskName& desk : desks_) {
    v1::ApplyPolicyRequest request;
    request.set_desk(desk.ToString());
    request.set_yaml(kPolicy);
    v1::ApplyPolicyResponse response;
    grpc::ClientContext context;
    Must(router->ApplyPolicy(&context, request, &response), "ApplyPolicy");
    for (int i = 0; i < agents_of_desk; ++i) {
      EnterAgent(*agents, desk.ToString(), "agent-" + std::to_string(i));
    }
  }
  int missing = agents_of_desk * static_cast<int>(desks_.size());
  const auto deadline = Clock::now() + std::chrono::seconds(kRunSecondsMax);
  while (missing > 0) {
    Read([&](const v1::Decision& decision) { missing -= decision.has_presence_changed() ? 1 : 0; });
    if (Clock::now() > deadline) Die("the agents are not there after two minutes");
  }
}

// What one run measured.
struct Figures {
  double per_second = 0;
  double p50_ms = 0;
  double p99_ms = 0;
};

// Sends `count` records from `first` on, so many a second or, at 0, as fast as they go, and waits
// for all.
Figures Run(Path& path, std::uint64_t first, std::uint64_t count, int rate) {
  std::vector<std::atomic<Clock::rep>> sent(count);
  std::vector<double> ms(count, -1);
  const auto began = Clock::now();
  auto ended = began;
  std::thread receiver([&] {
    const auto deadline = began + std::chrono::seconds(kRunSecondsMax);
    std::vector<std::uint64_t> numbers;
    for (std::uint64_t arrived = 0; arrived < count;) {
      if (Clock::now() > deadline) {
        Die(std::to_string(count - arrived) + " records have not arrived in time");
      }
      numbers.clear();
      path.Receive(numbers);
      ended = Clock::now();
      for (const std::uint64_t number : numbers) {
        if (number < first || number >= first + count || ms[number - first] >= 0) continue;
        const Clock::time_point sent_at(Clock::duration(sent[number - first].load()));
        ms[number - first] = Seconds(ended - sent_at).count() * 1e3;
        ++arrived;
      }
    }
  });
  for (std::uint64_t i = 0; i < count; ++i) {
    if (rate > 0) std::this_thread::sleep_until(began + Seconds(static_cast<double>(i) / rate));
    sent[i].store(Clock::now().time_since_epoch().count());
    path.Send(first + i);
  }
  receiver.join();
  std::sort(ms.begin(), ms.end());
  return {.per_second = static_cast<double>(count) / Seconds(ended - began).count(),
          .p50_ms = ms[count / 2],
          .p99_ms = ms[count * 99 / 100]};
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// All runs of one path.
struct Series {
  std::string name;
  std::vector<double> per_second;
  std::vector<double> p50_ms;
  std::vector<double> p99_ms;
};

void Print(const std::vector<Series>& all, const Options& options) {
  const Series& usher = all.front();
  std::printf(
      "\n| way | flood, records/s | usher's share of it | p50 at %d/s, ms | p99, ms | usher's p50 "
      "over it |\n",
      options.rate);
  std::printf("| --- | ---: | ---: | ---: | ---: | ---: |\n");
  for (const Series& series : all) {
    std::printf("| %s | %.0f | %.3f | %.1f | %.1f | %.1f |\n", series.name.c_str(),
                Median(series.per_second), Median(usher.per_second) / Median(series.per_second),
                Median(series.p50_ms), Median(series.p99_ms),
                Median(usher.p50_ms) / Median(series.p50_ms));
  }
  std::printf("\nmedians of %d runs; a flood is %d records, a paced run %d s; %d partitions\n",
              options.runs, options.inquiries, options.seconds, options.partitions);
}

void Measure(const Options& options) {
  const auto flood = static_cast<std::uint64_t>(options.inquiries);
  const auto paced = static_cast<std::uint64_t>(options.rate) * options.seconds;
  const std::uint64_t warm_up = flood / 10;
  const std::uint64_t all_runs = warm_up + (flood + paced) * options.runs;
  std::vector<std::unique_ptr<Path>> paths;
  paths.push_back(std::make_unique<UsherPath>(options, all_runs));
  for (int relays = 0; relays <= 2; ++relays) {
    paths.push_back(std::make_unique<RawPath>(options, relays));
  }
  std::vector<Series> all(paths.size());
  const char* names[] = {"usher: message to offer", "librdkafka: produce, consume",
                         "librdkafka: one relay between", "librdkafka: two relays between"};
  std::uint64_t next = warm_up;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    all[i].name = names[i];
    Run(*paths[i], 0, warm_up, 0);
  }
  // The ways take turns, so that a busy minute of the machine falls on all of them.
  for (int run = 0; run < options.runs; ++run) {
    for (std::size_t i = 0; i < paths.size(); ++i) {
      const Figures flooded = Run(*paths[i], next, flood, 0);
      const Figures in_pace = Run(*paths[i], next + flood, paced, options.rate);
      std::printf("run %d  %-32s %9.0f/s  p50 %7.2f ms  p99 %7.2f ms\n", run + 1, names[i],
                  flooded.per_second, in_pace.p50_ms, in_pace.p99_ms);
      std::fflush(stdout);
      all[i].per_second.push_back(flooded.per_second);
      all[i].p50_ms.push_back(in_pace.p50_ms);
      all[i].p99_ms.push_back(in_pace.p99_ms);
    }
    next += flood + paced;
  }
  Print(all, options);
}

int Main(int argc, char** argv) {
  Options options;
  const std::map<std::string, std::string*> texts = {
      {"--kafka", &options.kafka}, {"--router", &options.router}, {"--agents", &options.agents}};
  const std::map<std::string, int*> numbers = {{"--partitions", &options.partitions},
                                               {"--inquiries", &options.inquiries},
                                               {"--rate", &options.rate},
                                               {"--seconds", &options.seconds},
                                               {"--runs", &options.runs}};
  for (int i = 1; i + 1 < argc; i += 2) {
    if (const auto text = texts.find(argv[i]); text != texts.end()) {
      *text->second = argv[i + 1];
    } else if (const auto number = numbers.find(argv[i]); number != numbers.end()) {
      *number->second = std::atoi(argv[i + 1]);
    } else {
      Die(std::string("what is ") + argv[i] + "?");
    }
  }
  bool sound = argc % 2 == 1;
  for (const auto& [flag, text] : texts) sound &= !text->empty();
  for (const auto& [flag, number] : numbers) sound &= *number > 0 && *number <= 1'000'000;
  if (!sound) {
    Die("--kafka, --router and --agents HOST:PORT; --partitions, --inquiries, --rate, --seconds, "
        "--runs N; benchmarks/run_path gives them all");
  }
  Measure(options);
  return 0;
}

}  // namespace
}  // namespace usher::bench

int main(int argc, char** argv) { return usher::bench::Main(argc, argv); }
