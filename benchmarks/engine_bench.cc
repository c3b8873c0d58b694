// How many commands a second the engine takes, and what one costs, on desks of several sizes.
//
// A shop is made from a seed (--seed=N): queues are a language and a topic at a level, agents hold
// a few of each, messages find their queue by its route. A driver plays it against an engine and
// writes down the commands; what is timed is Apply() alone, on an engine restored to the state
// before them. Beside it runs a bare match core (a deque a queue, no offers, clocks, ids or
// decisions) on the same inquiries: `x_bare` is the engine's time for one inquiry, all its
// commands, over the core's.
#include <benchmark/benchmark.h>
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "bare_core.h"
#include "core/check.h"
#include "core/hash.h"
#include "engine/engine.h"

namespace usher::engine {
namespace {

std::uint64_t seed = 1;

constexpr std::uint32_t kWaiting = 100'000;
constexpr std::uint32_t kCommands = 200'000;  // timed in one go
constexpr std::size_t kAhead = 6;             // commands are expected before they are applied
constexpr int kLanguages = 10;
constexpr const char* kChannels[] = {"chat", "email", "social", "voice"};

class Dice {
 public:
  explicit Dice(std::uint64_t start) : state_(Mix64(start + 1)) {}
  std::uint32_t Below(std::uint32_t bound) {
    state_ += 0x9e3779b97f4a7c15ULL;
    return static_cast<std::uint32_t>((Mix64(state_) >> 32) * bound >> 32);
  }

 private:
  std::uint64_t state_;
};

std::string Numbered(const char* word, std::uint32_t number) {
  return word + std::to_string(number);
}

struct Shape {
  std::uint32_t queues = 1;
  std::uint32_t agents = 100;
  std::uint32_t waiting = kWaiting;
  bool auto_accept = false;

  std::uint32_t languages() const { return queues == 1 ? 1 : kLanguages; }
  std::uint32_t topics() const { return queues / languages(); }
};

// One queue for each language and topic, with a route of its own; the last route takes the rest.
Policy MakePolicy(const Shape& shape) {
  Policy policy;
  policy.version = "bench";
  for (const char* channel : kChannels) {
    policy.channels.push_back({ChannelName::Of(channel), 1, std::nullopt, false});
  }
  const auto sla = [](const char* name, Duration first_response) {
    SlaClass made;
    made.name = SlaName::Of(name);
    made.first_response = first_response;
    return made;
  };
  policy.sla_classes = {sla("fast", 1h), sla("slow", 8h)};
  for (std::uint32_t i = 0; i < shape.queues; ++i) {
    const std::string language = Numbered("l", i % shape.languages());
    const std::string topic = Numbered("t", i / shape.languages());
    Queue queue;
    queue.name = QueueName::Of(language + "-" + topic);
    queue.requirement.needs = {{SkillName::Of(language), 30},
                               {SkillName::Of(topic), static_cast<std::uint8_t>(20 + i % 3 * 20)}};
    queue.sla = SlaName::Of(i % 2 == 0 ? "fast" : "slow");
    queue.auto_accept = shape.auto_accept;
    policy.queues.push_back(queue);
    Route route;
    route.name = RouteName::Of(queue.name.view());
    route.languages = {LanguageName::Of(language)};
    route.topics = {TopicName::Of(topic)};
    route.queue = queue.name;
    route.priority = static_cast<std::uint8_t>(4 + i % 3);
    policy.routes.push_back(route);
  }
  Route otherwise;
  otherwise.queue = policy.queues.front().name;
  policy.routes.push_back(otherwise);
  return policy;
}

// One or two languages, three to eight topics, each at a level of its own.
RegisterAgent MakeAgent(const Shape& shape, std::uint32_t number, Dice& dice) {
  RegisterAgent agent;
  agent.agent = AgentName::Of(Numbered("agent", number));
  agent.units = 3;
  const auto add = [&](const char* word, std::uint32_t which) {
    agent.skills.push_back(
        {SkillName::Of(Numbered(word, which)), static_cast<std::uint8_t>(30 + dice.Below(71))});
  };
  for (std::uint32_t i = 0; i < 1 + dice.Below(2); ++i) add("l", dice.Below(shape.languages()));
  const std::uint32_t topics = 3 + dice.Below(6);
  for (std::uint32_t i = 0; i < topics; ++i) add("t", dice.Below(shape.topics()));
  return agent;
}

// Plays a shop: says what happens next, and listens to what the engine decides.
class Driver {
 public:
  Driver(const Shape& shape, Engine& engine)
      : shape_(shape), engine_(engine), dice_(seed), at_(FromMicros(1'700'000'000'000'000)) {}

  void Open() {
    Send({.body = ApplyPolicy{MakePolicy(shape_)}});
    for (std::uint32_t i = 0; i < shape_.agents; ++i) {
      RegisterAgent agent = MakeAgent(shape_, i, dice_);
      const AgentName name = agent.agent;
      Send({.body = std::move(agent)});
      Send({.body = SetPresence{name, Presence::kAvailable, kNever}});
    }
  }

  // Inquiries arrive and agents take what they can, until so many wait that nobody can take.
  void Fill() {
    for (std::uint32_t i = 0; i < shape_.waiting + 3 * shape_.agents; ++i) {
      Place();
      while (!clicks_.empty()) Click(clicks_);
    }
  }

  void Place() {
    const std::uint64_t number = ++placed_;
    PlaceInquiry place;
    place.inquiry = InquiryId{Hash128(Numbered("inquiry", static_cast<std::uint32_t>(number)))};
    place.conversation = ConversationId{{Mix64(number), number}};
    place.customer = CustomerId{{Mix64(number), number}};
    place.message = MessageId{place.inquiry.bits};
    place.features.channel = ChannelName::Of(kChannels[dice_.Below(4)]);
    place.features.language = LanguageName::Of(Numbered("l", dice_.Below(shape_.languages())));
    place.features.topic = TopicName::Of(Numbered("t", dice_.Below(shape_.topics())));
    place.features.sentiment = Sentiment::kNeutral;
    Command command{.body = place};
    command.source = {"usher.messages", static_cast<std::int32_t>(number % 8),
                      static_cast<std::int64_t>(number / 8)};
    Send(std::move(command));
  }

  // An inquiry arrives for each that ends; agents answer at once, and finish when all have
  // answered.
  void Turn() {
    if (!clicks_.empty()) return Click(clicks_);
    if (resolved_ == 0 && !finishes_.empty()) return Click(finishes_);
    if (resolved_ > 0) --resolved_;
    Place();
  }

  void Record(std::vector<Command>* commands) { commands_ = commands; }

 private:
  // The next thing that an agent does.
  void Click(std::deque<CommandBody>& clicks) {
    Command command{.body = std::move(clicks.front())};
    clicks.pop_front();
    command.request = RequestId{{Mix64(++requests_), requests_}};
    Send(std::move(command));
  }

  void Send(Command command) {
    at_ += 200us;
    command.at = at_;
    decisions_.clear();
    engine_.Apply(command, decisions_);
    if (commands_ != nullptr) commands_->push_back(std::move(command));
    for (const Decision& decision : decisions_) Hear(decision);
  }

  void Hear(const Decision& decision) {
    if (const auto* made = std::get_if<OfferMade>(&decision.body)) {
      if (made->expires != kNever) clicks_.push_back(AcceptOffer{made->offer, made->agent});
    } else if (const auto* accepted = std::get_if<OfferAccepted>(&decision.body)) {
      if (accepted->automatic) {
        finishes_.push_back(FinishInquiry{accepted->inquiry, accepted->agent});
      } else {
        clicks_.push_back(RecordReply{accepted->inquiry, accepted->agent, ChannelName()});
      }
    } else if (const auto* answered = std::get_if<InquiryAnswered>(&decision.body)) {
      finishes_.push_back(FinishInquiry{answered->inquiry, answered->agent});
    } else if (std::holds_alternative<InquiryResolved>(decision.body)) {
      ++resolved_;
    }
    USHER_CHECK(!std::holds_alternative<CommandRejected>(decision.body));
    USHER_CHECK(!std::holds_alternative<InquiryRejected>(decision.body));
  }

  const Shape shape_;
  Engine& engine_;
  Dice dice_;
  Instant at_;
  std::uint64_t placed_ = 0;
  std::uint64_t requests_ = 0;
  std::uint64_t resolved_ = 0;
  std::deque<CommandBody> clicks_;  // accept, reply
  std::deque<CommandBody> finishes_;
  DecisionList decisions_;
  std::vector<Command>* commands_ = nullptr;
};

bool May(const std::vector<Need>& skills, const std::vector<Need>& needs) {
  return std::all_of(needs.begin(), needs.end(), [&](const Need& need) {
    return std::any_of(skills.begin(), skills.end(), [&](const Need& held) {
      return held.skill == need.skill && held.level >= need.level;
    });
  });
}

// Time of this one thread on its core: neighbours on the machine don't count.
double CpuNanoseconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

// What the bare core needs for one inquiry of this shop, in nanoseconds: it arrives, it ends.
double BareNanoseconds(const Shape& shape) {
  Dice dice(seed);
  const Policy policy = MakePolicy(shape);
  std::vector<std::vector<std::uint32_t>> queues_of(shape.agents);
  for (std::uint32_t a = 0; a < shape.agents; ++a) {
    const RegisterAgent agent = MakeAgent(shape, a, dice);
    for (std::uint32_t q = 0; q < shape.queues; ++q) {
      if (May(agent.skills, policy.queues[q].requirement.needs)) queues_of[a].push_back(q);
    }
  }
  BareCore core(shape.queues, queues_of);
  std::vector<std::uint32_t> queues(kCommands);
  for (std::uint32_t& queue : queues) queue = dice.Below(shape.queues);
  std::vector<std::uint32_t> agents(kCommands);
  for (std::uint32_t& agent : agents) agent = dice.Below(shape.agents);
  std::uint64_t inquiry = 0;
  for (std::uint32_t i = 0; i < shape.waiting; ++i)
    core.Arrive(dice.Below(shape.queues), ++inquiry);
  const double start = CpuNanoseconds();
  for (std::uint32_t i = 0; i < kCommands; ++i) {
    benchmark::DoNotOptimize(core.Release(agents[i]));
    benchmark::DoNotOptimize(core.Arrive(queues[i], ++inquiry));
  }
  return (CpuNanoseconds() - start) / kCommands;
}

// A state and what happens next, made once for each shape.
struct Play {
  DeskState before;
  std::vector<Command> commands;
  double inquiries = 0;  // that arrive among the commands
};

enum class Course { kTurns, kArrivals };

const Play& PlayOf(const Shape& shape, Course course) {
  static std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, bool, Course>, Play>
      plays;
  const auto key = std::tuple(shape.queues, shape.agents, shape.waiting, shape.auto_accept, course);
  const auto known = plays.find(key);
  if (known != plays.end()) return known->second;
  plays.clear();  // one at a time fits the memory
  Play& made = plays[key];
  Engine engine((Limits()));
  Driver driver(shape, engine);
  driver.Open();
  if (shape.waiting > 0) {
    driver.Fill();
  } else {
    for (std::uint32_t i = 0; i < shape.agents / 4 + 1; ++i) driver.Place();
  }
  made.before = engine.Save();
  driver.Record(&made.commands);
  made.commands.reserve(kCommands);
  while (made.commands.size() < kCommands) {
    course == Course::kTurns ? driver.Turn() : driver.Place();
  }
  for (const Command& command : made.commands) {
    made.inquiries += std::holds_alternative<PlaceInquiry>(command.body) ? 1 : 0;
  }
  return made;
}

void Run(benchmark::State& state, const Shape& shape, Course course) {
  const Play& play = PlayOf(shape, course);
  double nanoseconds = 0;
  double runs = 0;
  std::uint64_t decided = 0;
  DecisionList decisions;
  for (auto _ : state) {
    Engine engine((Limits()));
    USHER_CHECK(engine.Restore(play.before));
    const double start = CpuNanoseconds();
    for (std::size_t next = 0; next < kAhead; ++next) engine.Expect(play.commands[next]);
    for (std::size_t next = 0; next < play.commands.size(); ++next) {
      if (next + kAhead < play.commands.size()) engine.Expect(play.commands[next + kAhead]);
      decisions.clear();
      engine.Apply(play.commands[next], decisions);
      decided += decisions.size();
    }
    const double elapsed = CpuNanoseconds() - start;
    state.SetIterationTime(elapsed / 1e9);
    nanoseconds += elapsed;
    runs += 1;
  }
  const auto commands = static_cast<double>(play.commands.size());
  state.counters["commands/s"] = runs * commands / nanoseconds * 1e9;
  state.counters["ns/command"] = nanoseconds / runs / commands;
  state.counters["decisions/command"] = static_cast<double>(decided) / runs / commands;
  if (course == Course::kTurns) {
    const double bare = BareNanoseconds(shape);
    state.counters["bare_ns/inquiry"] = bare;
    state.counters["x_bare"] = nanoseconds / runs / play.inquiries / bare;
  }
}

Shape ShapeOf(const benchmark::State& state, std::uint32_t waiting, bool auto_accept) {
  return {static_cast<std::uint32_t>(state.range(0)), static_cast<std::uint32_t>(state.range(1)),
          waiting, auto_accept};
}

// 100,000 wait, every agent is full: an agent accepts, replies, finishes and takes the next,
// another inquiry arrives.
void BM_Busy(benchmark::State& state) {
  Run(state, ShapeOf(state, kWaiting, false), Course::kTurns);
}

// The same with queues that accept by themselves: an agent finishes and has the next.
void BM_BusyAutoAccept(benchmark::State& state) {
  Run(state, ShapeOf(state, kWaiting, true), Course::kTurns);
}

// 100,000 wait, every agent is full, more arrive.
void BM_Arrivals(benchmark::State& state) {
  Run(state, ShapeOf(state, kWaiting, false), Course::kArrivals);
}

// Hardly anybody waits: each inquiry has its agent at once, chosen among all who are free.
void BM_AgentsFree(benchmark::State& state) {
  Run(state, ShapeOf(state, 0, false), Course::kTurns);
}

// One command's time by the clock of the wall, the neighbours' interruptions included, beside that
// of an empty loop with the same two looks at the clock.
void BM_OneCommand(benchmark::State& state) {
  const Play& play = PlayOf({1'000, 10'000, kWaiting, false}, Course::kTurns);
  std::vector<std::int64_t> times;
  std::vector<std::int64_t> empty;
  const auto now = [] { return std::chrono::steady_clock::now().time_since_epoch().count(); };
  DecisionList decisions;
  for (auto _ : state) {
    Engine engine((Limits()));
    USHER_CHECK(engine.Restore(play.before));
    for (std::size_t next = 0; next < play.commands.size(); ++next) {
      if (next + kAhead < play.commands.size()) engine.Expect(play.commands[next + kAhead]);
      decisions.clear();
      const std::int64_t start = now();
      engine.Apply(play.commands[next], decisions);
      times.push_back(now() - start);
      const std::int64_t again = now();
      empty.push_back(now() - again);
    }
  }
  const auto at = [](std::vector<std::int64_t>& sorted, double share) {
    std::sort(sorted.begin(), sorted.end());
    return static_cast<double>(
        sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))]);
  };
  state.counters["p50_ns"] = at(times, 0.5);
  state.counters["p99_ns"] = at(times, 0.99);
  state.counters["p999_ns"] = at(times, 0.999);
  state.counters["max_ns"] = at(times, 1);
  state.counters["empty_p999_ns"] = at(empty, 0.999);
}

// What the heap holds for an inquiry that waits, over the bytes of its command.
void BM_Memory(benchmark::State& state) {
  const auto bytes = [] { return static_cast<double>(mallinfo2().uordblks + mallinfo2().hblkhd); };
  double per_inquiry = 0;
  for (auto _ : state) {
    Engine engine((Limits()));
    Driver driver({1'000, 10, kWaiting, false}, engine);
    driver.Open();
    const double before = bytes();
    driver.Fill();
    per_inquiry = (bytes() - before) / static_cast<double>(engine.inquiries());
  }
  state.counters["bytes/inquiry"] = per_inquiry;
  state.counters["x_command"] = per_inquiry / static_cast<double>(sizeof(PlaceInquiry));
}

const Play& FullDesk() { return PlayOf({100, 1'000, kWaiting, false}, Course::kTurns); }

void BM_Save(benchmark::State& state) {
  Engine engine((Limits()));
  USHER_CHECK(engine.Restore(FullDesk().before));
  for (auto _ : state) benchmark::DoNotOptimize(engine.Save());
  state.counters["inquiries"] = static_cast<double>(engine.inquiries());
}

void BM_Restore(benchmark::State& state) {
  const DeskState& saved = FullDesk().before;
  for (auto _ : state) {
    Engine engine((Limits()));
    USHER_CHECK(engine.Restore(saved));
  }
  state.counters["inquiries"] = static_cast<double>(saved.inquiries.size());
}

void BM_StateHash(benchmark::State& state) {
  Engine engine((Limits()));
  USHER_CHECK(engine.Restore(FullDesk().before));
  for (auto _ : state) benchmark::DoNotOptimize(engine.StateHash());
  state.counters["inquiries"] = static_cast<double>(engine.inquiries());
}

void Sizes(benchmark::internal::Benchmark* bench) {
  bench->ArgNames({"queues", "agents"});
  bench->ArgsProduct({{1, 100, 1'000}, {100, 1'000, 10'000}});
  bench->UseManualTime()->Iterations(3)->Repetitions(3)->ReportAggregatesOnly();
  bench->Unit(benchmark::kMillisecond);
}

void Whole(benchmark::internal::Benchmark* bench) {
  bench->Iterations(3)->Repetitions(3)->ReportAggregatesOnly()->Unit(benchmark::kMillisecond);
}

BENCHMARK(BM_Busy)->Apply(Sizes);
BENCHMARK(BM_AgentsFree)->Apply(Sizes);
BENCHMARK(BM_BusyAutoAccept)->Apply(Sizes);
BENCHMARK(BM_Arrivals)->Apply(Sizes);
BENCHMARK(BM_OneCommand)->Iterations(3)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Memory)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Save)->Apply(Whole);
BENCHMARK(BM_Restore)->Apply(Whole);
BENCHMARK(BM_StateHash)->Apply(Whole);

}  // namespace
}  // namespace usher::engine

int main(int argc, char** argv) {
  int kept = 1;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument.rfind("--seed=", 0) == 0) {
      usher::engine::seed = std::strtoull(argument.c_str() + 7, nullptr, 10);
    } else {
      argv[kept++] = argv[i];
    }
  }
  argc = kept;
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::AddCustomContext("seed", std::to_string(usher::engine::seed));
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
