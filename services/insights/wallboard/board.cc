#include "insights/wallboard/board.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "insights/keys.h"
#include "support/status.h"

namespace usher::insights {
namespace {

bool BeforeByDue(const InquiryRow& a, const InquiryRow& b) {
  if (a.due != b.due) return a.due < b.due;
  if (a.placed_at != b.placed_at) return a.placed_at < b.placed_at;
  return a.inquiry < b.inquiry;
}

bool BeforeByAge(const InquiryRow& a, const InquiryRow& b) {
  return std::tie(a.placed_at, a.inquiry) < std::tie(b.placed_at, b.inquiry);
}

// At work first.
int Rank(Presence presence) {
  switch (presence) {
    case Presence::kAvailable:
      return 0;
    case Presence::kBusy:
      return 1;
    case Presence::kDraining:
      return 2;
    case Presence::kAway:
      return 3;
    case Presence::kOffline:
      break;
  }
  return 4;
}

// The first kListed by either order, each once.
QueueList Bounded(std::vector<InquiryRow> rows) {
  QueueList list;
  list.in_all = rows.size();
  for (const InquiryRow& row : rows) {
    if (row.breached) ++list.late;
  }
  std::set<InquiryId> taken;
  for (const auto before : {&BeforeByDue, &BeforeByAge}) {
    const std::size_t most = std::min(rows.size(), kListed);
    std::partial_sort(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(most), rows.end(),
                      before);
    for (std::size_t i = 0; i < most; ++i) {
      if (taken.insert(rows[i].inquiry).second) list.rows.push_back(rows[i]);
    }
  }
  std::sort(list.rows.begin(), list.rows.end(), &BeforeByDue);
  return list;
}

void GiveWork(BoardAgent& agent, const InquiryRow& row, bool asked) {
  ++(asked ? agent.asked : agent.has);
  agent.work.push_back(row);
  std::sort(agent.work.begin(), agent.work.end(), &BeforeByAge);
  if (agent.work.size() > kWorkShown) agent.work.pop_back();
}

// What of the partition's open inquiries is the desk's: to its queues' lists and its agents' hands.
absl::Status ReadOpen(store::Store& store, std::int32_t partition, const DeskName& desk,
                      Heavy& heavy) {
  std::unordered_map<std::string, std::size_t> at;
  for (std::size_t i = 0; i < heavy.agents.size(); ++i) at[heavy.agents[i].name.ToString()] = i;
  const auto agent = [&](const AgentName& name) -> BoardAgent* {
    const auto found = at.find(name.ToString());
    return found == at.end() ? nullptr : &heavy.agents[found->second];
  };
  USHER_TRY(const auto rows, store.GetTable(OpenTable(partition)));
  std::map<std::string, std::vector<InquiryRow>> waiting;
  for (const auto& [name, bytes] : rows) {
    if (name.size() < kIdDigits || std::string_view(name).substr(kIdDigits) != desk.view()) {
      continue;
    }
    const std::optional<InquiryRow> row = DecodeInquiry(bytes);
    if (!row) continue;
    if (Waits(row->standing)) waiting[row->queue.ToString()].push_back(*row);
    if (row->standing == Standing::kOffered) {
      for (const AgentName& asked : row->asked) {
        if (BoardAgent* one = agent(asked)) GiveWork(*one, *row, true);
      }
    } else if (row->standing == Standing::kAssigned || row->standing == Standing::kAnswered) {
      if (BoardAgent* one = agent(row->agent)) GiveWork(*one, *row, false);
    }
  }
  for (auto& [queue, list] : waiting) heavy.lists[queue] = Bounded(std::move(list));
  return absl::OkStatus();
}

}  // namespace

std::uint64_t Light::open() const {
  std::uint64_t open = 0;
  for (const auto& [name, row] : queues) {
    open += std::uint64_t{row.waiting} + row.assigned + row.scheduled + row.pending;
  }
  return open;
}

absl::StatusOr<Light> ReadLight(store::Store& store, const DeskName& desk) {
  Light light;
  USHER_TRY(const auto queues, store.GetTable(QueueTable(desk)));
  for (const auto& [name, bytes] : queues) {
    if (const std::optional<QueueRow> row = DecodeQueue(bytes)) light.queues[name] = *row;
  }
  return light;
}

absl::StatusOr<Heavy> ReadHeavy(store::Store& store, std::int32_t partition, const DeskName& desk,
                                bool with_open) {
  Heavy heavy;
  heavy.listed = with_open;
  const std::string prefix = desk.ToString() + kRowSplit;
  USHER_TRY(const auto rows, store.GetTable(AgentTable(partition)));
  for (const auto& [name, bytes] : rows) {
    if (name.compare(0, prefix.size(), prefix) != 0) continue;
    const std::optional<AgentRecord> record = DecodeAgent(bytes);
    const auto agent = AgentName::Parse(std::string_view(name).substr(prefix.size()));
    if (!record || !agent) continue;
    heavy.agents.push_back({*agent, *record, 0, 0, {}});
    ++heavy.presences[static_cast<std::size_t>(record->presence)];
  }
  std::stable_sort(heavy.agents.begin(), heavy.agents.end(), [](const auto& a, const auto& b) {
    return Rank(a.record.presence) < Rank(b.record.presence);
  });
  if (with_open) USHER_RETURN_IF_ERROR(ReadOpen(store, partition, desk, heavy));
  return heavy;
}

absl::StatusOr<std::vector<DeskName>> ReadDesks(store::Store& store, std::int32_t partitions) {
  std::vector<DeskName> desks;
  for (std::int32_t partition = 0; partition < partitions; ++partition) {
    USHER_TRY(const auto rows, store.GetTable(DeskTable(partition)));
    for (const auto& [name, value] : rows) {
      if (desks.size() == kDesksListed) break;
      if (const auto desk = DeskName::Parse(name)) desks.push_back(*desk);
    }
  }
  std::sort(desks.begin(), desks.end());
  return desks;
}

}  // namespace usher::insights
