// View: what the decisions of one partition amount to, in memory, and the writes that bring the
// store to the same place.
//
// Decisions go in one by one; what they changed leaves as one batch with the watermark, so that the
// store is always at exactly one place of the log. The batch and all observations are functions of
// the decisions taken: any owner makes the same.
//
// Threads: one. Memory: grows with open inquiries and registered agents, never with what has ended.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "insights/facts.h"
#include "insights/live.h"
#include "insights/observation.h"
#include "insights/reviews.h"
#include "insights/rows.h"
#include "store/store.h"
#include "wire/records.h"

namespace usher::insights {

// Of one inquiry. The last entries are kept for how it ends, whatever came before.
constexpr std::uint32_t kTimelineMax = 1'000;
constexpr std::uint32_t kTimelineRepeatsMax = 900;  // offers, joined messages, further replies

class View {
 public:
  // The view of a partition that the store knows nothing of: begins with the first decision. The
  // first batch clears what an earlier view of the partition may have left.
  View(std::int32_t partition, Duration ended_ttl, Duration facts_keep = kFactsKeep);

  // The view as the store has it. Without a watermark() if the store has none that can be used: it
  // must then be built from the beginning of the log. Errors: kUnavailable: try again.
  static absl::StatusOr<View> Load(store::Store& store, std::int32_t partition, Duration ended_ttl,
                                   Duration facts_keep = kFactsKeep);

  // Takes the next decision of the partition. `bytes`: as it is in the log at `offset`.
  void Take(const wire::DecisionRecord& record, std::string_view bytes, std::int64_t offset);

  // What has been taken since the last Committed(), as one batch; nothing: nothing has.
  std::optional<store::Batch> MakeBatch() const;

  // The batch is in the store.
  void Committed();

  // Of the batch, in order.
  const std::vector<Observation>& observations() const { return observations_; }
  // Touched by the batch.
  const std::set<std::pair<DeskName, QueueName>>& dirty_queues() const { return dirty_queues_; }
  const std::set<DeskName>& dirty_desks() const { return dirty_desks_; }

  const std::map<DeskName, LiveDesk>& desks() const { return desks_; }
  const std::optional<Watermark>& watermark() const { return watermark_; }
  // The watermark's bytes as the store holds them before the batch.
  const std::optional<std::string>& stored_watermark() const { return stored_; }

 private:
  struct Taking;  // one decision on its way through Take()
  struct Tables;  // what the store has

  void On(Taking& taking, const InquiryPlaced& placed);
  void On(Taking& taking, const MessageJoined& joined);
  void On(Taking& taking, const InquiryRejected& rejected);
  void On(Taking& taking, const InquiryRerouted& rerouted);
  void On(Taking& taking, const OfferMade& made);
  void On(Taking& taking, const OfferAccepted& accepted);
  void On(Taking& taking, const OfferDeclined& declined);
  void On(Taking& taking, const OfferExpired& expired);
  void On(Taking& taking, const OfferRescinded& rescinded);
  void On(Taking& taking, const InquiryAnswered& answered);
  void On(Taking& taking, const InquiryResolved& resolved);
  void On(Taking& taking, const InquiryCancelled& cancelled);
  void On(Taking& taking, const InquiryAbandoned& abandoned);
  void On(Taking& taking, const InquiryRequeued& requeued);
  void On(Taking& taking, const InquiryRelaxed& relaxed);
  void On(Taking& taking, const InquiryEscalated& escalated);
  void On(Taking& taking, const InquiryReserved& reserved);
  void On(Taking& taking, const ReservationEnded& ended);
  void On(Taking& taking, const InquiryStarving& starving);
  void On(Taking& taking, const InquiryUpdated& updated);
  void On(Taking& taking, const InquiryStarted& started);
  void On(Taking& taking, const ScheduleChanged& changed);
  void On(Taking& taking, const InquiryPaused& paused);
  void On(Taking& taking, const InquiryResumed& resumed);
  void On(Taking& taking, const BreachForecast& forecast);
  void On(Taking& taking, const WrapUpEnded& ended);
  void On(Taking& taking, const AgentRegistered& registered);
  void On(Taking& taking, const AgentRemoved& removed);
  void On(Taking& taking, const PresenceChanged& changed);
  void On(Taking& taking, const SlaWarned& warned);
  void On(Taking& taking, const SlaBreached& breached);
  void On(Taking& taking, const SlaMet& met);
  void On(Taking& taking, const PolicyApplied& applied);
  void On(Taking& taking, const CommandRepeated& repeated);
  void On(Taking& taking, const CommandRejected& rejected);
  void On(Taking& taking, const InquiryReviewed& reviewed);
  void On(Taking& taking, const InquiryRated& rated);
  // Nothing of these is kept: WorkShown, ClockCapped, Checkpointed, OrderUpdated
  // (its inquiries are told one by one), and the answers to questions.
  template <class Other>
  void On(Taking&, const Other&) {}

  InquiryRow* Find(Taking& taking, const InquiryId& inquiry);
  template <class Ended>
  void OfferEnded(Taking& taking, const Ended& ended, const char* outcome);
  void Ends(Taking& taking, const InquiryId& inquiry, Standing standing, const char* outcome);
  void Leaves(Taking& taking, InquiryRow& row, Standing standing);  // `row` is gone after it
  void Count(Taking& taking, const std::string& name);
  Observation& Observe(Taking& taking, Observation::Kind kind, const QueueName& queue,
                       const char* label = "");
  void Entry(Taking& taking, InquiryRow& row, bool repeats = false);
  void Enter(LiveDesk& desk, const InquiryRow& row);  // counts it in its queue
  void Leave(LiveDesk& desk, const InquiryRow& row);
  void Move(Taking& taking, InquiryRow& row, Standing standing);
  // Whatever `change` does to the row, its queue goes on counting it.
  template <class Change>
  void Alter(Taking& taking, InquiryRow& row, const Change& change);
  void Transfer(Taking& taking, InquiryRow& row, const QueueName& queue, std::uint8_t priority);
  void SaidAfterwards(Taking& taking);
  void Touch(Taking& taking, const InquiryRow& row);
  void TouchAgent(Taking& taking, const AgentName& agent);

  void AppendRows(std::vector<store::Write>& writes) const;
  bool FillFrom(const Tables& tables);  // false: they are not what a view wrote

  std::int32_t partition_;
  Duration ended_ttl_;
  std::map<DeskName, LiveDesk> desks_;
  Facts facts_;  // for reports
  Reviews reviews_;
  std::optional<Watermark> watermark_;
  std::optional<std::string> stored_;

  // Since the last Committed().
  std::vector<store::Write> writes_;  // whose order counts
  std::set<std::pair<DeskName, InquiryId>> dirty_inquiries_;
  std::set<std::pair<DeskName, QueueName>> dirty_queues_;
  std::set<std::pair<DeskName, AgentName>> dirty_agents_;
  std::set<DeskName> dirty_desks_;
  std::map<std::pair<DeskName, std::string>, std::int64_t> counts_;
  std::vector<Observation> observations_;
};

}  // namespace usher::insights
