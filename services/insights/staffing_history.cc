#include "insights/staffing_history.h"

#include <string>
#include <string_view>

#include "insights/keys.h"
#include "insights/rows.h"
#include "insights/store_away.h"
#include "measure/sketch.h"
#include "support/status.h"

namespace usher::insights {
namespace {

// One inquiry placed for later comes when it begins.
void Add(const Amounts& amounts, staffing::Came& came) {
  std::int64_t placed = 0;
  for (const auto& [id, amount] : amounts) {
    const auto count = static_cast<std::int64_t>(amount);
    if (id == AmountOf(FactCount::kPlaced) || id == AmountOf(FactCount::kStarted)) placed += count;
    if (id == AmountOf(FactCount::kScheduled)) placed -= count;
    if (id < kTimeAmounts) continue;
    const auto time = static_cast<FactTime>(id / kTimeAmounts - 1);
    const std::uint32_t bucket = id % kTimeAmounts;
    if (bucket >= measure::kSketchBuckets) continue;
    const Duration sum = measure::SketchMiddleOf(bucket) * count;
    if (time == FactTime::kHandling) {
      came.handled += amount;
      came.handling += sum;
    } else if (time == FactTime::kAbandon) {
      came.abandoned += amount;
      came.waited += sum;
    } else if (time == FactTime::kOfferWait || time == FactTime::kAccept) {
      came.waited += sum;
    }
  }
  came.placed += static_cast<std::uint64_t>(std::max<std::int64_t>(placed, 0));
}

Duration Staffed(const Amounts& amounts) {
  for (const auto& [id, amount] : amounts) {
    if (id == AmountOf(FactCount::kStaffedUs)) return Duration(static_cast<Duration::rep>(amount));
  }
  return Duration(0);
}

absl::StatusOr<std::map<AgentName, staffing::Member>> Members(store::Store& store,
                                                              const DeskName& desk,
                                                              std::int32_t partition) {
  const auto rows = store.GetTable(AgentTable(partition));
  if (!rows.ok()) {
    return StoreAway(rows.status());
  }
  std::map<AgentName, staffing::Member> members;
  for (const auto& [name, bytes] : *rows) {
    const std::string_view text = name;
    const std::size_t split = text.find(kRowSplit);
    if (split == std::string_view::npos || text.substr(0, split) != desk.view()) continue;
    const auto agent = AgentName::Parse(text.substr(split + 1));
    const auto record = DecodeAgent(bytes);
    if (!agent || !record || record->bot) continue;
    members[*agent] = {*agent, record->profile, std::max<std::uint32_t>(record->units, 1), {}};
  }
  return members;
}

void SetHours(std::int64_t from, std::int64_t to, const policy::TimeZone& zone,
              staffing::History& history) {
  if (from >= to) return;
  history.from = LocalHourOf(from, zone);
  history.to = LocalHourOf(to - 1, zone) + 1;
  for (staffing::LocalHour hour = history.from; hour < history.to; ++hour) {
    history.seen[hour] = Duration(0);
  }
  for (std::int64_t slot = from; slot < to; ++slot) {
    history.seen[LocalHourOf(slot, zone)] += kSlot;
  }
  std::erase_if(history.seen, [](const auto& part) { return part.second == 1h; });
}

}  // namespace

staffing::LocalHour LocalHourOf(std::int64_t slot, const policy::TimeZone& zone) {
  const policy::LocalTime local = zone.At(SlotStart(slot));
  const std::chrono::sys_days day = std::chrono::year(local.year) /
                                    std::chrono::month(static_cast<unsigned>(local.month)) /
                                    std::chrono::day(static_cast<unsigned>(local.day));
  return std::int64_t{day.time_since_epoch().count()} * staffing::kHoursOfDay + local.hour;
}

absl::StatusOr<staffing::History> ReadHistory(store::Store& store, const DeskName& desk,
                                              std::int32_t partition, std::int64_t from,
                                              std::int64_t to, const policy::TimeZone& zone) {
  staffing::History history;
  SetHours(from, to, zone, history);
  USHER_TRY(auto members, Members(store, desk, partition));
  USHER_RETURN_IF_ERROR(ReadFacts(
      store, desk, from, to, [&](std::int64_t slot, const std::vector<FactEntry>& entries) {
        const staffing::LocalHour hour = LocalHourOf(slot, zone);
        for (const FactEntry& entry : entries) {
          const FactKey& key = entry.key;
          const auto member = members.find(key.agent);
          const Duration staffed = Staffed(entry.amounts);
          if (member != members.end() && staffed > Duration(0)) {
            member->second.present[hour] += staffed;
          }
          if (key.queue.none()) continue;
          Add(entry.amounts,
              history.came[{hour, {key.queue, key.channel, key.language, key.topic}}]);
        }
      }));
  for (auto& [name, member] : members) history.members.push_back(std::move(member));
  return history;
}

}  // namespace usher::insights
