// Writes a golden log of this build: golden_make FILE [COMMANDS [FIRST_SEED]]
//
// With some seeds a desk that is asked again and again meets a day without commands: millions of
// decisions. Then take others.
//
// Random histories of some desks, which between them use all kinds of commands, interleaved in one
// partition and decided by the router's own replica, with a Checkpoint every fifty commands.
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

#include "golden/golden.h"
#include "journal/command_log.h"
#include "journal/topics.h"
#include "kit/random_history.h"
#include "kit/scenario.h"
#include "router/replica.h"

namespace usher::golden {
namespace {

constexpr std::size_t kCheckpointEvery = 50;

// One desk: what it is asked next, and what it decided on.
struct History {
  kit::Scenario scenario;
  kit::OfferBook offers;
  std::size_t next = 0;
};

class Maker {
 public:
  Maker() : partition_{journal::kCommands, 0} {
    commands_.partitions = 1;
    commands_.log_ids = {LogId::Of("a golden log")};
    replica_ = std::make_unique<router::Replica>(options_, commands_, empty_, 0);
    recorded_.commands.push_back(
        {partition_, 0, at_, "", wire::EncodeHeader({commands_.log_ids[0], 1}), {}});
  }

  // False: these bytes are none that a router would take. They are not recorded.
  bool Put(const DeskName& desk, const Command& command, kit::OfferBook& offers) {
    wire::CommandRecord record{desk, command, "", false};
    log::Record made{partition_, next_, at_, desk.ToString(), wire::EncodeCommand(record), {}};
    if (!wire::DecodeCommand(made.value).ok()) return false;
    router::Taken taken;
    if (!replica_->Take(made, taken).ok() || taken.what != router::Taken::What::kDecided) {
      return false;
    }
    offers.Note(taken.decided);
    for (std::size_t i = 0; i < taken.decided.size(); ++i) {
      const Stamp stamp{commands_.log_ids[0], 0, next_, static_cast<std::uint32_t>(i)};
      recorded_.decisions.push_back(
          {{journal::kDecisions, 0},
           static_cast<std::int64_t>(recorded_.decisions.size()),
           at_,
           desk.ToString(),
           wire::EncodeDecision({stamp, last_, desk, at_, taken.decided[i]}),
           {}});
      last_ = stamp;
    }
    recorded_.commands.push_back(std::move(made));
    ++next_;
    return true;
  }

  void MoveTo(Instant at) { at_ = std::max(at_, at); }
  const Recorded& recorded() const { return recorded_; }

 private:
  const log::TopicPartition partition_;
  const router::Options options_;
  journal::CommandLog commands_;
  log::SimLog empty_{log::SimLogOptions{.seed = 1, .clock = [] { return Instant(); }}};
  std::unique_ptr<router::Replica> replica_;
  Recorded recorded_;
  Instant at_;
  std::int64_t next_ = 1;
  Stamp last_;
};

// The desk whose next step is the earliest; null: all are at their end.
History* Earliest(std::map<std::string, History>& desks, DeskName& name) {
  History* earliest = nullptr;
  for (auto& [text, history] : desks) {
    const auto& steps = history.scenario.steps;
    while (history.next < steps.size() && steps[history.next].restore) ++history.next;
    if (history.next == steps.size()) continue;
    if (earliest != nullptr &&
        earliest->scenario.steps[earliest->next].command.at <= steps[history.next].command.at) {
      continue;
    }
    earliest = &history;
    name = DeskName::Of(text);
  }
  return earliest;
}

Recorded Make(std::size_t commands, std::uint64_t first_seed) {
  Maker maker;
  std::map<std::string, History> desks;
  for (std::uint64_t seed = first_seed; seed < first_seed + 6; ++seed) {
    desks["desk-" + std::to_string(seed)].scenario =
        kit::RandomHistory(seed, commands / 4, seed % 3 == 0 ? kit::kLargePools : kit::kSmallPools);
  }
  DeskName desk;
  while (maker.recorded().commands.size() < commands) {
    History* const history = Earliest(desks, desk);
    if (history == nullptr) break;
    const Command command = history->offers.Resolve(history->scenario.steps[history->next++]);
    maker.MoveTo(command.at);
    maker.Put(desk, command, history->offers);
    if (history->next % kCheckpointEvery != 0) continue;
    Command checkpoint;
    checkpoint.body = Checkpoint{};
    maker.Put(desk, checkpoint, history->offers);
  }
  return maker.recorded();
}

}  // namespace
}  // namespace usher::golden

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const std::size_t commands = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 5'100;
  const std::size_t first_seed = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 156;
  const usher::golden::Recorded recorded = usher::golden::Make(commands, first_seed);
  const absl::Status written = usher::golden::Write(argv[1], recorded);
  if (!written.ok()) {
    std::fprintf(stderr, "%s\n", std::string(written.message()).c_str());
    return 1;
  }
  std::printf("%zu commands, %zu decisions\n", recorded.commands.size(), recorded.decisions.size());
  return 0;
}
