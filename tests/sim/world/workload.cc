#include "sim/world/workload.h"

#include <fstream>
#include <map>
#include <sstream>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "support/status.h"

namespace usher::sim {
namespace {

const std::map<std::string, std::int64_t Workload::*>& Numbers() {
  using W = Workload;
  static const std::map<std::string, std::int64_t W::*> kNumbers = {
      {"load_ms", &W::load_ms},
      {"quiet_ms", &W::quiet_ms},
      {"step_ms", &W::step_ms},
      {"partitions", &W::partitions},
      {"desks", &W::desks},
      {"intakes", &W::intakes},
      {"routers", &W::routers},
      {"agent_services", &W::agent_services},
      {"insights", &W::insights},
      {"agents", &W::agents},
      {"messages", &W::messages},
      {"orders", &W::orders},
      {"promises", &W::promises},
      {"incident_permille", &W::incident_permille},
      {"replies", &W::replies},
      {"automatic", &W::automatic},
      {"policies", &W::policies},
      {"bad_permille", &W::bad_permille},
      {"repeat_permille", &W::repeat_permille},
      {"checkpoint_commands", &W::checkpoint_commands},
      {"checkpoint_ms", &W::checkpoint_ms},
      {"kills", &W::kills},
      {"freezes", &W::freezes},
      {"rebalances", &W::rebalances},
      {"expels", &W::expels},
      {"clock_jumps", &W::clock_jumps},
      {"store_flushes", &W::store_flushes},
      {"store_rollbacks", &W::store_rollbacks},
      {"store_outages", &W::store_outages},
      {"log_outages", &W::log_outages},
      {"bad_snapshots", &W::bad_snapshots},
      {"cut_commands", &W::cut_commands},
      {"cut_decisions", &W::cut_decisions},
      {"cut_snapshots", &W::cut_snapshots},
      {"slow_permille", &W::slow_permille},
      {"land_ms", &W::land_ms},
      {"ack_ms", &W::ack_ms},
      {"delivery_ms", &W::delivery_ms},
      {"session_ms", &W::session_ms},
      {"deaf_ms", &W::deaf_ms},
      {"ack_lost_permille", &W::ack_lost_permille},
      {"append_fails_permille", &W::append_fails_permille},
      {"buffer_full_permille", &W::buffer_full_permille},
      {"unavailable_permille", &W::unavailable_permille},
      {"commit_lost_permille", &W::commit_lost_permille},
      {"uncompacted_permille", &W::uncompacted_permille},
      {"refused_permille", &W::refused_permille},
      {"fate_unknown_permille", &W::fate_unknown_permille},
      {"answer_lost_permille", &W::answer_lost_permille},
      {"range_away_permille", &W::range_away_permille},
  };
  return kNumbers;
}

const std::map<std::string, Plant>& Plants() {
  static const std::map<std::string, Plant> kPlants = {
      {"none", Plant::kNone},
      {"skip_watermark", Plant::kSkipWatermark},
      {"emit_before_tail", Plant::kEmitBeforeTail},
      {"snapshot_before_flush", Plant::kSnapshotBeforeFlush},
      {"reuse_offer", Plant::kReuseOffer},
      {"tick_backwards", Plant::kTickBackwards},
      {"commit_before_log", Plant::kCommitBeforeLog},
  };
  return kPlants;
}

}  // namespace

absl::Status SetWorkload(const std::string& name, const std::string& value, Workload& workload) {
  const auto bad = [&] { return absl::InvalidArgumentError(absl::StrCat(name, ": ", value)); };
  if (name == "mode") {
    if (value != "liveness" && value != "safety") return bad();
    workload.liveness = value == "liveness";
  } else if (name == "stops") {
    workload.stops.push_back(value);
  } else if (name == "plant") {
    const auto plant = Plants().find(value);
    if (plant == Plants().end()) return bad();
    workload.plant = plant->second;
  } else {
    const auto number = Numbers().find(name);
    std::int64_t taken = 0;
    if (number == Numbers().end() || !absl::SimpleAtoi(value, &taken) || taken < 0) return bad();
    workload.*(number->second) = taken;
  }
  return absl::OkStatus();
}

absl::StatusOr<Workload> ReadWorkload(const std::string& path) {
  std::ifstream file(path);
  if (!file) return absl::NotFoundError("no file " + path);
  Workload workload;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    line = line.substr(0, line.find('#'));
    std::istringstream words(line);
    std::string name;
    if (!(words >> name)) continue;
    std::string value;
    std::getline(words, value);
    value = std::string(absl::StripAsciiWhitespace(value));
    const absl::Status status = SetWorkload(name, value, workload);
    if (!status.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(path, ":", number, ": ", status.message()));
    }
  }
  return workload;
}

// What goes wrong is none by default; what a world is made of is not.
bool IsCalm(const Workload& workload) {
  const Workload calm;
  for (const auto& [name, number] : Numbers()) {
    if (calm.*number == 0 && workload.*number != 0) return false;
  }
  return workload.plant == Plant::kNone;
}

}  // namespace usher::sim
