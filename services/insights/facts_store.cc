// The side of Facts that the store sees: writes out, facts back in.
#include <string>

#include "insights/facts.h"
#include "insights/keys.h"
#include "support/status.h"

namespace usher::insights {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

// The parts of a row's name.
std::vector<std::string_view> Split(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(kRowSplit);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

void Facts::AppendTo(std::vector<store::Write>& writes) const {
  writes.insert(writes.end(), writes_.begin(), writes_.end());
  sweep_.AppendTo(writes);
  for (const DeskName& name : dirty_desks_) {
    const Desk& desk = desks_.at(name);
    writes.push_back(
        store::PutRow{FactDeskTable(partition_), name.ToString(), EncodeFactDesk(desk.row)});
    const std::int64_t day = DayOfSlot(desk.row.slot);
    const std::span<const FactEntry> all(desk.entries);
    for (const std::size_t page : desk.dirty_pages) {
      const std::size_t from = page * kFactPage;
      writes.push_back(
          store::PutRow{FactTable(name, day), FactRow(desk.row.slot - day * kSlotsADay, page),
                        EncodeFacts(all.subspan(from, std::min(kFactPage, all.size() - from)))});
    }
  }
  for (const auto& [name, agent_name] : dirty_agents_) {
    const std::string row = AgentRow(name, agent_name);
    const Agent& agent = desks_.at(name).agents.at(agent_name);
    if (agent.here()) {
      writes.push_back(
          store::PutRow{FactAgentTable(partition_), row, EncodeFactAgent(agent.changed_at)});
    } else {
      writes.push_back(store::DeleteRow{FactAgentTable(partition_), row});
    }
  }
  for (const auto& [name, inquiry] : dirty_inquiries_) {
    const std::string row = OpenRow(name, inquiry);
    const Desk& desk = desks_.at(name);
    const auto known = desk.inquiries.find(inquiry);
    if (known == desk.inquiries.end()) {
      writes.push_back(store::DeleteRow{FactInquiryTable(partition_), row});
    } else {
      writes.push_back(
          store::PutRow{FactInquiryTable(partition_), row, EncodeFactInquiry(known->second)});
    }
  }
}

void Facts::Committed() {
  for (const DeskName& name : dirty_desks_) desks_.at(name).dirty_pages.clear();
  writes_.clear();
  sweep_.Committed();
  dirty_desks_.clear();
  dirty_agents_.clear();
  dirty_inquiries_.clear();
}

// The desk and its running slot.
absl::StatusOr<bool> Facts::LoadDesk(store::Store& store, const DeskName& name,
                                     const std::string& bytes) {
  const std::optional<FactDeskRow> row = DecodeFactDesk(bytes);
  if (!row) return false;
  Desk& desk = desks_[name];
  desk.row = *row;
  const std::int64_t day = DayOfSlot(row->slot);
  for (std::size_t page = 0;; ++page) {
    USHER_TRY(const std::optional<std::string> facts,
              store.GetRow(FactTable(name, day), FactRow(row->slot - day * kSlotsADay, page)));
    if (!facts) return true;
    const auto entries = DecodeFacts(*facts);
    if (!entries || desk.entries.size() != page * kFactPage) return false;
    for (const FactEntry& entry : *entries) {
      desk.places.emplace(entry.key, desk.entries.size());
      desk.entries.push_back(entry);
    }
  }
}

absl::StatusOr<bool> Facts::Load(store::Store& store, const std::map<DeskName, LiveDesk>& live) {
  USHER_TRY(const bool swept, sweep_.Load(store));
  if (!swept) return false;
  USHER_TRY(const Rows desks, store.GetTable(FactDeskTable(partition_)));
  for (const auto& [name, bytes] : desks) {
    const auto desk_name = NameOf<DeskName>(name);
    USHER_TRY(const bool sound, LoadDesk(store, desk_name, bytes));
    if (!sound) return false;
    const auto known = live.find(desk_name);
    if (known == live.end()) return false;
    Populate(desks_[desk_name], known->second);
  }
  USHER_TRY(const Rows agents, store.GetTable(FactAgentTable(partition_)));
  for (const auto& [name, bytes] : agents) {
    const std::vector<std::string_view> parts = Split(name);
    const std::optional<Instant> since = DecodeFactAgent(bytes);
    if (parts.size() != 2 || !since) return false;
    const auto desk = desks_.find(NameOf<DeskName>(parts[0]));
    if (desk == desks_.end()) return false;
    desk->second.agents[NameOf<AgentName>(parts[1])].changed_at = *since;
  }
  USHER_TRY(const Rows inquiries, store.GetTable(FactInquiryTable(partition_)));
  for (const auto& [name, bytes] : inquiries) {
    const std::optional<FactInquiryRow> row = DecodeFactInquiry(bytes);
    const std::string_view text = name;
    if (!row || text.size() < kIdDigits) return false;
    const auto id = InquiryId::Parse(text.substr(0, kIdDigits));
    const auto desk = desks_.find(NameOf<DeskName>(text.substr(kIdDigits)));
    if (!id || desk == desks_.end()) return false;
    desk->second.inquiries[*id] = *row;
  }
  USHER_TRY(const Rows able, store.GetTable(FactAbleTable(partition_)));
  for (const auto& [name, nothing] : able) {
    const std::vector<std::string_view> parts = Split(name);
    if (parts.size() != 4) return false;
    const auto desk = desks_.find(NameOf<DeskName>(parts[0]));
    if (desk == desks_.end()) return false;
    desk->second.able[{NameOf<QueueName>(parts[1]), NameOf<LanguageName>(parts[2])}].insert(
        NameOf<AgentName>(parts[3]));
    ++desk->second.able_count;
  }
  return true;
}

}  // namespace usher::insights
