// Reviews: which ended inquiries are wanted for review, what reviewers and customers said of
// inquiries after their end, and the facts that follow from it.
//
// A function of the decisions alone: which inquiries are drawn follows from their ids. All it holds
// is bounded, in memory and in the store, where it is in the batch of the watermark.
//
// Threads: one. Memory: about 250 bytes for each of kEndedMax inquiries of the partition, about
// 500 for each of kReviewsMax of a desk that draws as many.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "insights/facts.h"
#include "insights/live.h"
#include "insights/reviews_rows.h"
#include "store/store.h"
#include "wire/records.h"

namespace usher::insights {

constexpr std::size_t kEndedMax = 65'536;   // of a partition; the oldest gives way
constexpr std::size_t kReviewsMax = 2'000;  // of a desk, likewise

// What is drawn for `inquiry`: 0 to 999. A share of so many thousandths takes the draws below it.
std::uint32_t DrawOf(const InquiryId& inquiry);

class Reviews {
 public:
  explicit Reviews(std::int32_t partition) : partition_(partition) {}

  // The store knows nothing of this partition: what an earlier view may have left is cleared.
  void Clear();

  // What the store has. False: it is not what this wrote. Errors: kUnavailable: try again.
  absl::StatusOr<bool> Load(store::Store& store, const std::map<DeskName, LiveDesk>& desks);

  // Between facts.Before(record, live) and the live view's taking of `record`. True: it says
  // something of an inquiry that has ended, for its timeline.
  bool Take(const wire::DecisionRecord& record, const LiveDesk& live, Facts& facts);

  // What has been taken since the last Committed().
  void AppendTo(std::vector<store::Write>& writes) const;
  void Committed();

  std::size_t waiting(const DeskName& desk) const;

 private:
  struct Desk {
    ReviewDeskRow row;
    std::unordered_map<InquiryId, std::string> ended;  // → EncodeEnded()
    std::map<InquiryId, ReviewRow> reviews;
    std::set<std::pair<Instant, InquiryId>> oldest;  // of `reviews`
    std::size_t waiting = 0;                         // of `reviews`
    std::map<AgentName, std::uint32_t> finished;     // inquiries; counted to kFirstInquiriesMax
  };
  struct Taking;  // one decision on its way through Take()

  void Ends(Taking& taking, const InquiryId& inquiry, const AgentName& agent);
  void On(Taking& taking, const InquiryPlaced& placed);
  void On(Taking& taking, const InquiryResolved& resolved);
  void On(Taking& taking, const InquiryAbandoned& abandoned);
  void On(Taking& taking, const InquiryCancelled& cancelled);
  void On(Taking& taking, const AgentRemoved& removed);
  void On(Taking& taking, const PolicyApplied& applied);
  void On(Taking& taking, const InquiryReviewed& reviewed);
  void On(Taking& taking, const InquiryRated& rated);
  template <class Other>
  void On(Taking&, const Other&) {}

  FactKey KeyOf(const Taking& taking, const InquiryId& inquiry) const;
  void Tell(Taking& taking, const InquiryId& inquiry);
  ReviewRow& Enter(Taking& taking, const InquiryId& inquiry, Instant ended_at, const FactKey& key);
  void Drop(Taking& taking, const InquiryId& inquiry);
  void PutEnded(const DeskName& name, Desk& desk, const InquiryId& inquiry, const EndedRow& row);
  void DropEnded(const DeskName& name, Desk& desk, const InquiryId& inquiry);
  void CountMarks(Taking& taking, Review& review);
  void Withdraw(Taking& taking, const InquiryId& inquiry, const Review& review);
  std::size_t NumberOf(Taking& taking, const CriterionName& criterion);

  std::int32_t partition_;
  std::map<DeskName, Desk> desks_;
  std::set<std::tuple<Instant, InquiryId, DeskName>> ended_;  // of all desks, oldest first

  // Since the last Committed().
  std::vector<store::Write> writes_;  // whose order counts
  std::set<DeskName> dirty_desks_;
  std::set<std::pair<DeskName, InquiryId>> dirty_ended_;
  std::set<std::pair<DeskName, std::string>> dirty_reviews_;  // by ReviewKey()
  std::set<std::pair<DeskName, AgentName>> dirty_agents_;
};

}  // namespace usher::insights
