#include "router/quarantines.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "journal/append.h"
#include "journal/topics.h"
#include "support/note.h"
#include "support/status.h"
#include "usher/v1/snapshot.pb.h"
#include "wire/fields.h"

namespace usher::router {
namespace {

constexpr std::size_t kReadMax = 4'096;  // records a read
constexpr Duration kAppendWait = 30s;

log::Entry ToEntry(const LogId& log, std::int32_t partition, std::int64_t offset,
                   const DeskName& desk, std::uint64_t strike) {
  v1::QuarantineRecord record;
  record.set_desk(desk.ToString());
  record.set_log_id(wire::IdBytes(log));
  record.set_partition(partition);
  record.set_offset(offset);
  record.set_strike(strike);
  return {{journal::kQuarantines, 0},
          absl::StrCat(log.ToString(), "/", partition, "/", offset, "/", strike),
          record.SerializeAsString(),
          {}};
}

void Take(const v1::QuarantineRecord& from, const LogId& id, std::int32_t partition,
          PartitionQuarantines& to) {
  wire::FieldCheck check;
  const DeskName desk = check.TakeName<DeskName>("desk", from.desk());
  const LogId log = check.TakeId<LogId>("log_id", from.log_id(), wire::Field::kRequired);
  if (!check.ok() || desk.none() || log != id || from.partition() != partition) return;
  if (from.strike() == 0) {
    to.holds.push_back({desk, from.offset()});
    return;
  }
  const Strike strike{log, partition, from.offset(), desk, from.strike()};
  if (std::find(to.strikes.begin(), to.strikes.end(), strike) == to.strikes.end()) {
    to.strikes.push_back(strike);
  }
}

}  // namespace

absl::StatusOr<PartitionQuarantines> ReadQuarantines(log::Log& log, const LogId& id,
                                                     std::int32_t partition) {
  PartitionQuarantines read;
  for (std::int64_t next = 0;;) {
    const auto records = log.ReadRange({journal::kQuarantines, 0}, next, kReadMax);
    if (absl::IsNotFound(records.status())) return read;
    if (!records.ok()) return records.status();
    for (const log::Record& record : *records) {
      next = record.offset + 1;
      v1::QuarantineRecord proto;
      if (proto.ParseFromString(record.value)) Take(proto, id, partition, read);
    }
    if (records->size() < kReadMax) return read;
  }
}

std::int64_t HeldFrom(const std::set<std::int64_t>& places, std::int64_t included,
                      std::int64_t offset) {
  const auto first = places.upper_bound(included);
  return first == places.end() || *first > offset ? -1 : *first;
}

std::vector<Hold> DueHolds(const PartitionQuarantines& quarantines) {
  std::map<std::pair<std::int64_t, DeskName>, std::set<std::uint64_t>> lives;
  for (const Strike& strike : quarantines.strikes) {
    lives[{strike.offset, strike.desk}].insert(strike.life);
  }
  std::vector<Hold> due;
  for (const auto& [place, each] : lives) {
    const Hold hold{place.second, place.first};
    const auto& holds = quarantines.holds;
    const bool held = std::find(holds.begin(), holds.end(), hold) != holds.end();
    if (each.size() >= kStrikesMax && !held) due.push_back(hold);
  }
  return due;
}

log::Entry HoldEntry(const LogId& log, std::int32_t partition, const Hold& hold) {
  return ToEntry(log, partition, hold.offset, hold.desk, 0);
}

log::Entry StrikeEntry(const Strike& strike) {
  return ToEntry(strike.log, strike.partition, strike.offset, strike.desk, strike.life);
}

absl::Status AppendAndWait(log::Log& log, std::vector<log::Entry> entries) {
  const absl::Status appended =
      journal::AppendAndWait(log, std::move(entries), kAppendWait).status();
  if (!absl::IsDeadlineExceeded(appended)) return appended;
  return absl::UnavailableError(std::string(appended.message()));
}

absl::Status ReportStrikes(log::Log& log, const std::string& file) {
  USHER_TRY(const std::vector<Strike> strikes, ReadStrikes(file));
  if (strikes.empty()) return absl::OkStatus();
  std::vector<log::Entry> entries;
  for (const Strike& strike : strikes) {
    note::Error(
        "command.crashed",
        {{"partition", strike.partition}, {"offset", strike.offset}, {"desk", strike.desk.view()}});
    entries.push_back(StrikeEntry(strike));
  }
  USHER_RETURN_IF_ERROR(AppendAndWait(log, std::move(entries)));
  std::ofstream emptied(file, std::ios::trunc | std::ios::binary);
  if (!emptied) return absl::UnavailableError("cannot write " + file);
  return absl::OkStatus();
}

}  // namespace usher::router
