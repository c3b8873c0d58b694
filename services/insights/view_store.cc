// The side of View that the store sees: batches out, a view back in.
#include <string>

#include "insights/counts.h"
#include "insights/keys.h"
#include "insights/view.h"
#include "insights/view_taking.h"
#include "support/status.h"

namespace usher::insights {

using Rows = std::vector<std::pair<std::string, std::string>>;

// What the store has of a partition, as it came.
struct View::Tables {
  std::map<std::string, std::vector<std::string>> desks;  // desk → its queues
  Rows inquiries;
  Rows agents;
};

View::View(std::int32_t partition, Duration ended_ttl, Duration facts_keep)
    : partition_(partition),
      ended_ttl_(ended_ttl),
      facts_(partition, facts_keep),
      reviews_(partition) {}

std::optional<store::Batch> View::MakeBatch() const {
  if (!watermark_) return std::nullopt;
  std::string next = EncodeWatermark(*watermark_);
  if (stored_ == next) return std::nullopt;
  store::Batch batch;
  batch.watermark_key = WatermarkKey(partition_);
  batch.expected = stored_;
  batch.next = std::move(next);
  batch.writes = writes_;
  AppendRows(batch.writes);
  return batch;
}

void View::AppendRows(std::vector<store::Write>& writes) const {
  for (const auto& [desk, inquiry] : dirty_inquiries_) {
    const LiveDesk& live = desks_.at(desk);
    const auto row = live.inquiries.find(inquiry);
    if (row == live.inquiries.end()) {
      writes.push_back(store::DeleteRow{OpenTable(partition_), OpenRow(desk, inquiry)});
    } else {
      writes.push_back(
          store::PutRow{OpenTable(partition_), OpenRow(desk, inquiry), EncodeInquiry(row->second)});
    }
  }
  for (const auto& [desk, queue] : dirty_queues_) {
    writes.push_back(store::PutRow{QueueTable(desk), queue.ToString(),
                                   EncodeQueue(desks_.at(desk).queues.at(queue).Row())});
  }
  for (const auto& [desk, agent] : dirty_agents_) {
    const LiveDesk& live = desks_.at(desk);
    const auto record = live.agents.find(agent);
    if (record == live.agents.end()) {
      writes.push_back(store::DeleteRow{AgentTable(partition_), AgentRow(desk, agent)});
    } else {
      writes.push_back(store::PutRow{AgentTable(partition_), AgentRow(desk, agent),
                                     EncodeAgent(record->second)});
    }
  }
  for (const auto& [name, amount] : counts_) {
    writes.push_back(store::AddToRow{CountTable(name.first), name.second, amount});
  }
  facts_.AppendTo(writes);
  reviews_.AppendTo(writes);
}

void View::Committed() {
  if (watermark_) stored_ = EncodeWatermark(*watermark_);
  writes_.clear();
  dirty_inquiries_.clear();
  dirty_queues_.clear();
  dirty_agents_.clear();
  dirty_desks_.clear();
  counts_.clear();
  observations_.clear();
  facts_.Committed();
  reviews_.Committed();
}

bool View::FillFrom(const Tables& tables) {
  for (const auto& [name, queues] : tables.desks) {
    LiveDesk& desk = desks_[NameOf<DeskName>(name)];
    for (const std::string& queue : queues) desk.queues[NameOf<QueueName>(queue)];
  }
  for (const auto& [name, value] : tables.inquiries) {
    const std::optional<InquiryRow> row = DecodeInquiry(value);
    if (!row || name.size() < kIdDigits || row->priority >= kPriorities || Ended(row->standing)) {
      return false;
    }
    LiveDesk& desk = desks_[NameOf<DeskName>(std::string_view(name).substr(kIdDigits))];
    Enter(desk, desk.inquiries[row->inquiry] = *row);
  }
  for (const auto& [name, value] : tables.agents) {
    const std::optional<AgentRecord> agent = DecodeAgent(value);
    const std::size_t split = name.find(kRowSplit);
    if (!agent || split == std::string::npos) return false;
    const std::string_view text = name;
    LiveDesk& desk = desks_[NameOf<DeskName>(text.substr(0, split))];
    desk.agents[NameOf<AgentName>(text.substr(split + 1))] = *agent;
    CountAgent(desk, *agent, 1);
  }
  return true;
}

absl::StatusOr<View> View::Load(store::Store& store, std::int32_t partition, Duration ended_ttl,
                                Duration facts_keep) {
  View view(partition, ended_ttl, facts_keep);
  USHER_TRY(view.stored_, store.Get(WatermarkKey(partition)));
  if (!view.stored_) return view;
  view.watermark_ = DecodeWatermark(*view.stored_);

  Tables tables;
  if (view.watermark_) {
    USHER_TRY(const Rows desks, store.GetTable(DeskTable(partition)));
    for (const auto& [desk, nothing] : desks) {
      USHER_TRY(const Rows queues, store.GetTable(QueueTable(NameOf<DeskName>(desk))));
      std::vector<std::string>& names = tables.desks[desk];
      for (const auto& [queue, row] : queues) names.push_back(queue);
    }
    USHER_TRY(tables.inquiries, store.GetTable(OpenTable(partition)));
    USHER_TRY(tables.agents, store.GetTable(AgentTable(partition)));
  }
  bool sound = view.watermark_ && view.FillFrom(tables);
  if (sound) {
    USHER_TRY(sound, view.facts_.Load(store, view.desks_));
  }
  if (sound) {
    USHER_TRY(sound, view.reviews_.Load(store, view.desks_));
  }
  // The tables came one by one: another owner may have moved on between them.
  USHER_TRY(const std::optional<std::string> after, store.Get(WatermarkKey(partition)));
  if (after != view.stored_) {
    return absl::UnavailableError("insights: the views moved while they were read");
  }
  if (sound) return view;

  View anew(partition, ended_ttl,
            facts_keep);  // what is there cannot be used: build it again over it
  anew.stored_ = view.stored_;
  return anew;
}

}  // namespace usher::insights
