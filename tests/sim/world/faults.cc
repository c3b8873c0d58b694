#include "sim/world/faults.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "usher/v1/snapshot.pb.h"

namespace usher::sim {
namespace {

constexpr const char* kGroups[] = {"usher.router", "usher.insights", "usher.intake.usher.messages",
                                   "usher.intake.usher.orders"};
constexpr Duration kJumps[] = {1h, -1h, 24h * 365, -24h * 365};

}  // namespace

Faults::Faults(Cluster::Parts parts, Cluster& cluster)
    : parts_(std::move(parts)), cluster_(cluster) {}

void Faults::Draw(std::int64_t count, Instant from, Instant until, Act act) {
  for (std::int64_t i = 0; i < count; ++i) {
    const auto within = static_cast<std::uint64_t>((until - from).count());
    plan_.emplace(from + Duration(static_cast<std::int64_t>(parts_.dice.Below(within))), act);
  }
}

void Faults::Plan(Instant from, Instant until) {
  const Workload& w = parts_.workload;
  Draw(w.kills, from, until, &Faults::Kill);
  Draw(w.freezes, from, until, &Faults::Freeze);
  Draw(w.rebalances, from, until, &Faults::Rebalance);
  Draw(w.expels, from, until, &Faults::Expel);
  Draw(w.clock_jumps, from, until, &Faults::JumpClock);
  Draw(w.store_flushes, from, until, &Faults::FlushStore);
  Draw(w.store_rollbacks, from, until, &Faults::RollBackStore);
  Draw(w.store_outages, from, until, &Faults::StopStore);
  Draw(w.log_outages, from, until, &Faults::StopLog);
  Draw(w.bad_snapshots, from, until, &Faults::SpoilSnapshot);
  Draw(w.cut_commands, from, until, &Faults::CutCommands);
  Draw(w.cut_decisions, from, until, &Faults::CutDecisions);
  Draw(w.cut_snapshots, from, until, &Faults::CutSnapshots);
  Break();
}

void Faults::Break() {
  const Workload& w = parts_.workload;
  const auto ms = [](std::int64_t count) { return Duration(std::chrono::milliseconds(count)); };
  const auto permille = [](std::int64_t count) { return static_cast<std::uint32_t>(count); };
  log::SimLogFaults& log = parts_.log.faults;
  log.land_max = ms(w.land_ms);
  log.ack_max = ms(w.ack_ms);
  log.delivery_max = ms(w.delivery_ms);
  log.session = ms(w.session_ms);
  log.deaf_max = ms(w.deaf_ms);
  log.ack_lost_permille = permille(w.ack_lost_permille);
  log.append_fails_permille = permille(w.append_fails_permille);
  log.buffer_full_permille = permille(w.buffer_full_permille);
  log.unavailable_permille = permille(w.unavailable_permille);
  log.commit_lost_permille = permille(w.commit_lost_permille);
  log.uncompacted_permille = permille(w.uncompacted_permille);
  cluster_.range_away_permille = static_cast<std::uint64_t>(w.range_away_permille);
  parts_.stores.faults.refused_permille = permille(w.refused_permille);
  parts_.stores.faults.fate_unknown_permille = permille(w.fate_unknown_permille);
}

void Faults::End() {
  plan_.clear();
  parts_.log.faults = log::SimLogFaults();
  parts_.stores.faults = store::SimStoreFaults();
  cluster_.range_away_permille = 0;
  cluster_.SetQuick();
}

void Faults::Step() {
  const Instant now = parts_.now();
  while (!plan_.empty() && plan_.begin()->first <= now) {
    const Act act = plan_.begin()->second;
    plan_.erase(plan_.begin());
    (this->*act)();
  }
  if (now >= keep_next_ && parts_.workload.store_rollbacks > 0) {
    keep_next_ = now + 4s;
    kept_ = parts_.stores.content();
  }
  if (now >= store_back_) {
    store_back_ = kNever;
    parts_.stores.faults.down = false;
  }
  if (now >= log_back_) {
    log_back_ = kNever;
    Break();
  }
}

Slot& Faults::AnySlot() { return cluster_.slots()[parts_.dice.Below(cluster_.slots().size())]; }

log::TopicPartition Faults::AnyPartition(const char* topic) {
  return {topic, static_cast<std::int32_t>(
                     parts_.dice.Below(static_cast<std::uint64_t>(parts_.workload.partitions)))};
}

void Faults::Kill() { cluster_.KillAt(AnySlot(), parts_.dice.Below(12)); }

void Faults::Freeze() { cluster_.FreezeAt(AnySlot(), parts_.dice.Below(12)); }

void Faults::Rebalance() {
  const char* const group = parts_.dice.Pick(kGroups);
  parts_.trace.Line(parts_.since(), "faults", absl::StrCat(group, " shares anew, three times"));
  for (int i = 0; i < 3; ++i) parts_.log.Rebalance(group);
}

void Faults::Expel() {
  const Slot& slot = AnySlot();
  parts_.trace.Line(parts_.since(), "faults", slot.name + " is expelled");
  parts_.log.ExpelMember(absl::StrCat(slot.name, ".", slot.starts));
}

void Faults::JumpClock() {
  Slot& slot = AnySlot();
  slot.skew = parts_.dice.Pick(kJumps);
  parts_.trace.Line(parts_.since(), "faults",
                    absl::StrCat(slot.name, "'s clock is off by ", slot.skew / 1s, " s"));
}

void Faults::FlushStore() {
  parts_.trace.Line(parts_.since(), "faults", "FLUSHALL");
  parts_.stores.FlushAll();
}

void Faults::RollBackStore() {
  parts_.trace.Line(parts_.since(), "faults", "the store is what it was some seconds ago");
  parts_.stores.content() = kept_;
}

void Faults::StopStore() {
  parts_.trace.Line(parts_.since(), "faults", "the store is away");
  parts_.stores.faults.down = true;
  store_back_ = parts_.now() + 3s;
}

void Faults::StopLog() {
  parts_.trace.Line(parts_.since(), "faults", "nothing lands in the log");
  parts_.log.faults.land_max = 4s;
  parts_.log.faults.unavailable_permille = 1000;
  log_back_ = parts_.now() + 2s;
}

// Either bytes are turned over, or the record is one of a newer binary.
void Faults::SpoilSnapshot() {
  const log::TopicPartition from = AnyPartition("usher.snapshots");
  const auto records = parts_.log.ReadRange(from, 0, 10'000);
  if (!records.ok() || records->empty()) return;
  log::Record record = (*records)[parts_.dice.Below(records->size())];
  v1::Manifest manifest;
  const bool is_manifest = record.key.rfind("manifest/", 0) == 0;
  if (is_manifest && parts_.dice.Chance(60) && manifest.ParseFromString(record.value)) {
    manifest.set_format(manifest.format() + 1);
    manifest.set_number(manifest.number() + 2);
    record.value = manifest.SerializeAsString();
  } else if (!record.value.empty()) {
    char& byte = record.value[parts_.dice.Below(record.value.size())];
    byte = static_cast<char>(byte ^ (1 << parts_.dice.Below(8)));
  }
  parts_.trace.Line(parts_.since(), "faults", "a snapshot's " + record.key + " is spoiled");
  const auto appender = *parts_.log.OpenAppender();
  if (!appender->Append({from, record.key, record.value, {}}, 1).ok()) return;
  (void)appender->Flush(Duration::zero());
}

void Faults::Cut(const char* topic) {
  const log::TopicPartition from = AnyPartition(topic);
  const std::int64_t end = *parts_.log.EndOffset(from);
  const auto lost = static_cast<std::int64_t>(1 + parts_.dice.Below(5));
  if (end - lost < 1) return;
  parts_.trace.Line(parts_.since(), "faults",
                    absl::StrCat(topic, "/", from.partition, " loses ", lost, " records"));
  parts_.log.CutBack(from, end - lost);
}

}  // namespace usher::sim
