#include "insights/facts_read.h"

#include "insights/keys.h"
#include "insights/rows.h"
#include "insights/store_away.h"
#include "journal/topics.h"
#include "support/status.h"

namespace usher::insights {
absl::StatusOr<FactPlace> FindFacts(store::Store& store, const DeskName& desk,
                                    std::int32_t partitions) {
  const std::int32_t partition = journal::PartitionOf(desk, partitions);
  // The desk's row after the watermark: it is at least as far.
  const auto mark = store.Get(WatermarkKey(partition));
  if (!mark.ok()) return StoreAway(mark.status());
  const auto bytes = store.GetRow(FactDeskTable(partition), desk.ToString());
  if (!bytes.ok()) return StoreAway(bytes.status());
  const std::optional<FactDeskRow> row = *bytes ? DecodeFactDesk(**bytes) : std::nullopt;
  if (!row) {
    return absl::NotFoundError("desk: nothing was decided for " + desk.ToString() + " so far");
  }
  const std::optional<Watermark> watermark = *mark ? DecodeWatermark(**mark) : std::nullopt;
  FactPlace place;
  place.since = row->since;
  place.first = SlotOf(row->since);
  place.last = row->slot + 1;
  if (watermark) place.as_of = watermark->at;
  return place;
}

absl::Status ReadFacts(
    store::Store& store, const DeskName& desk, std::int64_t from, std::int64_t to,
    const std::function<void(std::int64_t slot, const std::vector<FactEntry>&)>& take) {
  for (std::int64_t day = DayOfSlot(from); from < to && day <= DayOfSlot(to - 1); ++day) {
    const auto rows = store.GetTable(FactTable(desk, day));
    if (!rows.ok()) return StoreAway(rows.status());
    for (const auto& [name, bytes] : *rows) {
      if (name.size() < 2) continue;
      const std::int64_t slot = day * kSlotsADay + (name[0] - '0') * 10 + (name[1] - '0');
      if (slot < from || slot >= to) continue;
      const auto entries = DecodeFacts(bytes);
      if (!entries) {
        return absl::DataLossError("the facts of day " + std::to_string(day) + " cannot be read");
      }
      take(slot, *entries);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<DeskZone> ZoneOf(const DeskName& desk, const std::string& asked, Zones& zones) {
  std::string name = asked;
  if (name.empty()) {
    const absl::StatusOr<std::string> own = zones.Of(desk);
    if (!own.ok()) {
      return absl::UnavailableError("the desk's policy cannot be read for its time zone: " +
                                    std::string(own.status().message()));
    }
    name = *own;
  }
  const std::optional<policy::TimeZone> zone = policy::TimeZone::Load(name);
  if (!zone) {
    return absl::InvalidArgumentError(
        "time_zone: must be the name of a time zone, such as Europe/Kyiv or UTC");
  }
  return DeskZone{name, *zone};
}

}  // namespace usher::insights
