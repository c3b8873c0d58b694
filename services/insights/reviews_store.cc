// The side of Reviews that the store sees: writes out, reviews back in.
#include <string>

#include "insights/keys.h"
#include "insights/reviews.h"
#include "support/status.h"

namespace usher::insights {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

}  // namespace

void Reviews::AppendTo(std::vector<store::Write>& writes) const {
  writes.insert(writes.end(), writes_.begin(), writes_.end());
  for (const DeskName& name : dirty_desks_) {
    writes.push_back(store::PutRow{ReviewDeskTable(partition_), name.ToString(),
                                   EncodeReviewDesk(desks_.at(name).row)});
  }
  for (const auto& [name, inquiry] : dirty_ended_) {
    const Desk& desk = desks_.at(name);
    const auto row = desk.ended.find(inquiry);
    const std::string key = OpenRow(name, inquiry);
    if (row == desk.ended.end()) {
      writes.push_back(store::DeleteRow{EndedTable(partition_), key});
    } else {
      writes.push_back(store::PutRow{EndedTable(partition_), key, row->second});
    }
  }
  for (const auto& [name, key] : dirty_reviews_) {
    const Desk& desk = desks_.at(name);
    const auto row = desk.reviews.find(
        InquiryId::Parse(std::string_view(key).substr(kReviewTimeDigits)).value_or(InquiryId()));
    if (row == desk.reviews.end() || ReviewKey(row->second.ended_at, row->first) != key) {
      writes.push_back(store::DeleteRow{ReviewTable(name), key});
    } else {
      writes.push_back(store::PutRow{ReviewTable(name), key, EncodeReview(row->second)});
    }
  }
  for (const auto& [name, agent] : dirty_agents_) {
    const Desk& desk = desks_.at(name);
    const auto finished = desk.finished.find(agent);
    const std::string key = AgentRow(name, agent);
    if (finished == desk.finished.end()) {
      writes.push_back(store::DeleteRow{ReviewAgentTable(partition_), key});
    } else {
      writes.push_back(
          store::PutRow{ReviewAgentTable(partition_), key, std::to_string(finished->second)});
    }
  }
}

void Reviews::Committed() {
  writes_.clear();
  dirty_desks_.clear();
  dirty_ended_.clear();
  dirty_reviews_.clear();
  dirty_agents_.clear();
}

absl::StatusOr<bool> Reviews::Load(store::Store& store, const std::map<DeskName, LiveDesk>& live) {
  USHER_TRY(const Rows desks, store.GetTable(ReviewDeskTable(partition_)));
  for (const auto& [name, bytes] : desks) {
    const std::optional<ReviewDeskRow> row = DecodeReviewDesk(bytes);
    const auto desk_name = NameOf<DeskName>(name);
    if (!row || !live.contains(desk_name)) return false;
    Desk& desk = desks_[desk_name];
    desk.row = *row;
    USHER_TRY(const Rows reviews, store.GetTable(ReviewTable(desk_name)));
    for (const auto& [key, review] : reviews) {
      const std::optional<ReviewRow> read = DecodeReview(review);
      if (!read || ReviewKey(read->ended_at, read->inquiry) != key) return false;
      desk.oldest.emplace(read->ended_at, read->inquiry);
      desk.waiting += read->reviews.empty() ? 1 : 0;
      desk.reviews[read->inquiry] = *read;
    }
  }
  USHER_TRY(const Rows ended, store.GetTable(EndedTable(partition_)));
  for (const auto& [name, bytes] : ended) {
    const std::optional<EndedRow> row = DecodeEnded(bytes);
    const std::string_view text = name;
    if (!row || text.size() < kIdDigits) return false;
    const auto id = InquiryId::Parse(text.substr(0, kIdDigits));
    const auto desk = desks_.find(NameOf<DeskName>(text.substr(kIdDigits)));
    if (!id || desk == desks_.end()) return false;
    desk->second.ended[*id] = bytes;
    ended_.emplace(row->ended_at, *id, desk->first);
  }
  USHER_TRY(const Rows agents, store.GetTable(ReviewAgentTable(partition_)));
  for (const auto& [name, number] : agents) {
    const std::size_t split = name.find(kRowSplit);
    const std::string_view text = name;
    if (split == std::string::npos || number.empty() || number.size() > 4 ||
        number.find_first_not_of("0123456789") != std::string::npos) {
      return false;
    }
    const auto desk = desks_.find(NameOf<DeskName>(text.substr(0, split)));
    if (desk == desks_.end()) return false;
    desk->second.finished[NameOf<AgentName>(text.substr(split + 1))] =
        static_cast<std::uint32_t>(std::stoul(number));
  }
  return true;
}

}  // namespace usher::insights
