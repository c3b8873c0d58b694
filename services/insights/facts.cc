#include "insights/facts.h"

#include <algorithm>
#include <optional>
#include <variant>

#include "insights/facts_taker.h"
#include "insights/keys.h"

namespace usher::insights {
namespace {

InquiryId InquiryOf(const DecisionBody& body) {
  return std::visit(
      [](const auto& one) {
        if constexpr (requires { one.inquiry; }) {
          return one.inquiry;
        } else {
          return InquiryId();
        }
      },
      body);
}

AgentName OwnerOf(const InquiryRow& row) {
  const bool owned = row.standing == Standing::kAssigned || row.standing == Standing::kAnswered;
  return owned ? row.agent : AgentName();
}

const InquiryRow* FindRow(const LiveDesk& live, const DecisionBody& body) {
  const auto found = live.inquiries.find(InquiryOf(body));
  return found == live.inquiries.end() ? nullptr : &found->second;
}

}  // namespace

bool Facts::Agent::here() const {
  return presence == Presence::kAvailable || presence == Presence::kBusy ||
         presence == Presence::kDraining;
}

bool Facts::Agent::idle() const {
  return presence == Presence::kAvailable && assigned == 0 && offered == 0;
}

Facts::Facts(std::int32_t partition, Duration keep)
    : partition_(partition),
      keep_days_(std::max<std::int64_t>(1, keep / std::chrono::hours(24))),
      sweep_(partition, keep_days_) {}

void Facts::Clear() {
  for (const std::string& table :
       {FactDeskTable(partition_), FactAgentTable(partition_), FactInquiryTable(partition_),
        FactAbleTable(partition_), FactSweepTable(partition_)}) {
    writes_.push_back(store::DeleteKey{table});
  }
}

void Facts::Before(const wire::DecisionRecord& record, const LiveDesk& live) {
  Desk& desk = Enter(record, live);
  Sweep(DayOfSlot(SlotOf(record.decision.at)));
  NoteOutage(desk, record);
  const InquiryRow* row = FindRow(live, record.decision.body);
  held_before_ = row ? Held{OwnerOf(*row), row->asked} : Held();
  std::visit(FactTaker{*this, desk, record, row}, record.decision.body);
}

void Facts::After(const wire::DecisionRecord& record, const LiveDesk& live) {
  Desk& desk = desks_.at(record.desk);
  const InquiryRow* row = FindRow(live, record.decision.body);
  const Held held = row ? Held{OwnerOf(*row), row->asked} : Held();
  if (held.owner != held_before_.owner || held.asked != held_before_.asked) {
    Hold(record, desk, held_before_, false);
    Hold(record, desk, held, true);
  }
  if (const auto* changed = std::get_if<PresenceChanged>(&record.decision.body)) {
    ChangeAgent(record, desk, changed->agent,
                [changed](Agent& agent) { agent.presence = changed->presence; });
  } else if (const auto* removed = std::get_if<AgentRemoved>(&record.decision.body)) {
    ChangeAgent(record, desk, removed->agent,
                [](Agent& agent) { agent.presence = Presence::kOffline; });
    Forget(record.desk, desk, removed->agent);
  } else if (const auto* registered = std::get_if<AgentRegistered>(&record.decision.body)) {
    Forget(record.desk, desk, registered->agent);  // its skills may be others now
  }
}

Facts::Desk& Facts::Enter(const wire::DecisionRecord& record, const LiveDesk& live) {
  const std::int64_t slot = SlotOf(record.decision.at);
  const auto [found, is_new] = desks_.try_emplace(record.desk);
  Desk& desk = found->second;
  dirty_desks_.insert(record.desk);
  if (is_new) {
    desk.row.since = record.decision.at;
    desk.row.slot = slot;
    EnterDays(record.desk, DayOfSlot(slot), DayOfSlot(slot));
    Populate(desk, live);
  } else if (slot > desk.row.slot) {
    MoveTo(record.desk, desk, slot);
  }
  return desk;
}

// The agents as the live desk has them: it may have been there before anything was counted.
void Facts::Populate(Desk& desk, const LiveDesk& live) {
  for (const auto& [name, record] : live.agents) {
    desk.agents[name].presence = record.presence;
  }
  for (const auto& [id, row] : live.inquiries) {
    if (const AgentName owner = OwnerOf(row); !owner.none()) ++desk.agents[owner].assigned;
    for (const AgentName& asked : row.asked) ++desk.agents[asked].offered;
  }
  for (auto& [name, agent] : desk.agents) {
    agent.changed_at = desk.row.since;
    desk.here += agent.here() ? 1 : 0;
    desk.idle += agent.idle() ? 1 : 0;
  }
}

void Facts::MoveTo(const DeskName& name, Desk& desk, std::int64_t slot) {
  const Instant end = SlotStart(desk.row.slot + 1);
  for (const auto& [agent_name, agent] : desk.agents) AddTime(desk, agent_name, agent, end);
  for (const std::size_t page : desk.dirty_pages) {
    const auto from = desk.entries.begin() + static_cast<std::ptrdiff_t>(page * kFactPage);
    const std::size_t count = std::min(kFactPage, desk.entries.size() - page * kFactPage);
    writes_.push_back(
        store::PutRow{FactTable(name, DayOfSlot(desk.row.slot)),
                      FactRow(desk.row.slot - DayOfSlot(desk.row.slot) * kSlotsADay, page),
                      EncodeFacts({from, count})});
  }
  desk.entries.clear();
  desk.places.clear();
  desk.dirty_pages.clear();
  EnterDays(name, DayOfSlot(desk.row.slot) + 1, DayOfSlot(slot));
  const std::int64_t filled = std::min(slot, desk.row.slot + 1 + kFactFillMax);
  for (std::int64_t between = desk.row.slot + 1; between < filled; ++between) {
    Fill(name, desk, between);
  }
  desk.row.slot = slot;
}

void Facts::Sweep(std::int64_t day) {
  const auto next = [this](const DeskName& after) -> std::optional<FactSweep::Days> {
    const auto found = after.none() ? desks_.begin() : desks_.upper_bound(after);
    if (found == desks_.end()) return std::nullopt;
    const FactDeskRow& row = found->second.row;
    return FactSweep::Days{found->first, DayOfSlot(SlotOf(row.since)), DayOfSlot(row.slot)};
  };
  sweep_.Step(day, next, writes_);
}

// Clears the days [from, to] of what an earlier view may have left there, and takes out those that
// are too old now.
void Facts::EnterDays(const DeskName& name, std::int64_t from, std::int64_t to) {
  for (std::int64_t day = std::max(from, to - 1); day <= to; ++day) {
    writes_.push_back(store::DeleteKey{FactTable(name, day)});
  }
  // The first days may be written to by Fill().
  if (from < to - 1) {
    for (std::int64_t day = from; day < std::min(from + 2, to - 1); ++day) {
      writes_.push_back(store::DeleteKey{FactTable(name, day)});
    }
  }
  const std::int64_t oldest = from - 1 - keep_days_;
  for (std::int64_t day = oldest + 1; day <= std::min(to - keep_days_, from - 1); ++day) {
    writes_.push_back(store::DeleteKey{FactTable(name, day)});
  }
}

// A slot in which nothing was decided: its agents' time alone.
void Facts::Fill(const DeskName& name, const Desk& desk, std::int64_t slot) {
  std::vector<FactEntry> entries;
  for (const auto& [agent_name, agent] : desk.agents) {
    if (!agent.here() || entries.size() >= kFactEntriesMax) continue;
    FactEntry& entry = entries.emplace_back();
    entry.key.agent = agent_name;
    const auto micros = static_cast<std::uint64_t>(Duration(kSlot).count());
    AddAmount(entry.amounts, AmountOf(FactCount::kStaffedUs), micros);
    if (agent.assigned > 0) {
      AddAmount(entry.amounts, AmountOf(FactCount::kOccupiedUs), micros);
    }
  }
  for (std::size_t at = 0; at < entries.size(); at += kFactPage) {
    const std::span<const FactEntry> all(entries);
    writes_.push_back(
        store::PutRow{FactTable(name, DayOfSlot(slot)),
                      FactRow(slot - DayOfSlot(slot) * kSlotsADay, at / kFactPage),
                      EncodeFacts(all.subspan(at, std::min(kFactPage, all.size() - at)))});
  }
}

FactKey Facts::Add(Desk& desk, const FactKey& key, std::uint32_t id, std::uint64_t amount) {
  auto place = desk.places.find(key);
  if (place == desk.places.end()) {
    const FactKey held = desk.entries.size() < kFactEntriesMax ? key : MoreKey();
    const auto [made, is_new] = desk.places.try_emplace(held, desk.entries.size());
    if (is_new) desk.entries.push_back({held, {}});
    place = made;
  }
  AddAmount(desk.entries[place->second].amounts, id, amount);
  desk.dirty_pages.insert(place->second / kFactPage);
  return desk.entries[place->second].key;
}

FactKey Facts::Count(const DeskName& name, const FactKey& key, std::uint32_t id,
                     std::uint64_t amount) {
  return Add(desks_.at(name), key, id, amount);
}

void Facts::Correct(const DeskName& name, std::int64_t slot, const std::string& row,
                    const FactEntry& entry) {
  Desk& desk = desks_.at(name);
  if (slot == desk.row.slot) {
    for (const auto& [id, amount] : entry.amounts) Add(desk, entry.key, id, amount);
    return;
  }
  const std::int64_t day = DayOfSlot(slot);
  if (day <= DayOfSlot(desk.row.slot) - keep_days_) return;  // it is not kept any more
  writes_.push_back(store::PutRow{FactTable(name, day),
                                  FactCorrectionRow(slot - day * kSlotsADay, row),
                                  EncodeFacts({&entry, 1})});
}

void Facts::AddTime(Desk& desk, const AgentName& name, const Agent& agent, Instant until) {
  const Instant from = std::max(agent.changed_at, SlotStart(desk.row.slot));
  if (!agent.here() || until <= from) return;
  FactKey key;
  key.agent = name;
  const auto micros = static_cast<std::uint64_t>((until - from).count());
  Add(desk, key, AmountOf(FactCount::kStaffedUs), micros);
  if (agent.assigned > 0) Add(desk, key, AmountOf(FactCount::kOccupiedUs), micros);
}

void Facts::NoteOutage(Desk& desk, const wire::DecisionRecord& record) {
  const Instant at = record.decision.at;
  if (record.command_at - at < kOutage) return;
  if (at > desk.row.outage_until) desk.row.outage_from = at;
  desk.row.outage_until = std::max(desk.row.outage_until, record.command_at);
}

template <class Change>
void Facts::ChangeAgent(const wire::DecisionRecord& record, Desk& desk, const AgentName& name,
                        const Change& change) {
  Agent& agent = desk.agents[name];
  const Agent before = agent;
  change(agent);
  desk.here += (agent.here() ? 1 : 0) - (before.here() ? 1 : 0);
  desk.idle += (agent.idle() ? 1 : 0) - (before.idle() ? 1 : 0);
  const bool same = agent.here() == before.here() && (agent.assigned > 0) == (before.assigned > 0);
  if (same) return;
  const Instant at = std::max(record.decision.at, SlotStart(desk.row.slot));
  AddTime(desk, name, before, at);
  agent.changed_at = at;
  dirty_agents_.emplace(record.desk, name);
}

void Facts::Hold(const wire::DecisionRecord& record, Desk& desk, const Held& held, bool add) {
  const auto count = [add](std::uint32_t& number) {
    if (add) {
      ++number;
    } else if (number > 0) {
      --number;
    }
  };
  if (!held.owner.none()) {
    ChangeAgent(record, desk, held.owner, [&](Agent& agent) { count(agent.assigned); });
  }
  for (const AgentName& asked : held.asked) {
    ChangeAgent(record, desk, asked, [&](Agent& agent) { count(agent.offered); });
  }
}

void Facts::Forget(const DeskName& name, Desk& desk, const AgentName& agent) {
  for (auto& [needs, agents] : desk.able) {
    if (agents.erase(agent) == 0) continue;
    --desk.able_count;
    writes_.push_back(store::DeleteRow{FactAbleTable(partition_),
                                       AbleRow(name, needs.first, needs.second, agent)});
  }
}

}  // namespace usher::insights
