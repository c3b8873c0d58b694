// Facts: what the decisions of a partition add up to for reports, quarter of an hour by quarter of
// an hour, in memory, and the writes that bring the store to the same place.
//
// It hears of each decision before and after the live view has taken it. Its writes go into the
// view's batch, under the view's watermark, so that the store has each fact once. All of it is a
// function of the decisions taken: any owner makes the same.
//
// Threads: one. Memory: the running slot of each desk, at most kFactEntriesMax entries; a little
// for each agent, and for each open inquiry whose customer waits for more than the first reply.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "insights/fact_sweep.h"
#include "insights/facts_rows.h"
#include "insights/live.h"
#include "insights/rows.h"
#include "store/store.h"
#include "wire/records.h"

namespace usher::insights {

// Entries of a slot of one desk; what would be more is counted under MoreKey().
constexpr std::size_t kFactEntriesMax = 4'096;
// Slots without any decision that the presence of agents is still counted for: a day.
constexpr std::int64_t kFactFillMax = kSlotsADay;
// Queue, language and agent, of one desk, that are remembered as fitting.
constexpr std::size_t kFactAbleMax = 50'000;
// A timer that fires so late had no owner.
constexpr Duration kOutage = 10s;
constexpr Duration kFactsKeep = std::chrono::hours(24 * 400);

class Facts {
 public:
  // Days older than `keep` are taken out of the store, also of desks that fell silent.
  Facts(std::int32_t partition, Duration keep);

  // The store knows nothing of this partition: what an earlier view may have left is cleared.
  void Clear();

  // What the store has, with the live desks as they are in the store, too. False: it is not what
  // this wrote. Errors: kUnavailable: try again.
  absl::StatusOr<bool> Load(store::Store& store, const std::map<DeskName, LiveDesk>& desks);

  // Around the live view's taking of `record`, whose desk is `live`.
  void Before(const wire::DecisionRecord& record, const LiveDesk& live);
  void After(const wire::DecisionRecord& record, const LiveDesk& live);

  // For what else the view counts of the decision that Before() was given last: `amount` more in
  // the running slot of its desk. Returns the names that it is counted under.
  FactKey Count(const DeskName& desk, const FactKey& key, std::uint32_t id, std::uint64_t amount);
  std::int64_t slot(const DeskName& desk) const { return desks_.at(desk).row.slot; }

  // Adds to a slot that may be over. `name` is given once a slot.
  void Correct(const DeskName& desk, std::int64_t slot, const std::string& name,
               const FactEntry& entry);

  // What has been taken since the last Committed().
  void AppendTo(std::vector<store::Write>& writes) const;
  void Committed();

 private:
  friend struct FactTaker;

  struct Agent {
    Presence presence = Presence::kOffline;
    std::uint32_t assigned = 0;  // inquiries that are its, and not pending
    std::uint32_t offered = 0;
    Instant changed_at;  // since when the time is not counted yet

    bool here() const;  // for work
    bool idle() const;  // could have more at once
  };
  struct Desk {
    FactDeskRow row;
    std::vector<FactEntry> entries;  // of the slot
    std::unordered_map<FactKey, std::size_t, FactKeyHash> places;
    std::set<std::size_t> dirty_pages;
    std::map<AgentName, Agent> agents;
    std::uint32_t here = 0;  // agents
    std::uint32_t idle = 0;
    std::unordered_map<InquiryId, FactInquiryRow> inquiries;  // that have something to remember
    std::map<std::pair<QueueName, LanguageName>, std::set<AgentName>> able;
    std::size_t able_count = 0;
  };
  // Who has an inquiry, and who is asked.
  struct Held {
    AgentName owner;
    std::vector<AgentName> asked;
  };

  Desk& Enter(const wire::DecisionRecord& record, const LiveDesk& live);
  void Populate(Desk& desk, const LiveDesk& live);
  void MoveTo(const DeskName& name, Desk& desk, std::int64_t slot);
  void Sweep(std::int64_t day);
  void EnterDays(const DeskName& name, std::int64_t from, std::int64_t to);
  void Fill(const DeskName& name, const Desk& desk, std::int64_t slot);
  FactKey Add(Desk& desk, const FactKey& key, std::uint32_t id, std::uint64_t amount);
  void AddTime(Desk& desk, const AgentName& name, const Agent& agent, Instant until);
  void NoteOutage(Desk& desk, const wire::DecisionRecord& record);
  template <class Change>
  void ChangeAgent(const wire::DecisionRecord& record, Desk& desk, const AgentName& name,
                   const Change& change);
  void Hold(const wire::DecisionRecord& record, Desk& desk, const Held& held, bool add);
  void Forget(const DeskName& name, Desk& desk, const AgentName& agent);
  absl::StatusOr<bool> LoadDesk(store::Store& store, const DeskName& name,
                                const std::string& bytes);

  std::int32_t partition_;
  std::int64_t keep_days_;
  std::map<DeskName, Desk> desks_;
  FactSweep sweep_;
  Held held_before_;

  // Since the last Committed().
  std::vector<store::Write> writes_;  // whose order counts
  std::set<DeskName> dirty_desks_;
  std::set<std::pair<DeskName, AgentName>> dirty_agents_;
  std::set<std::pair<DeskName, InquiryId>> dirty_inquiries_;
};

}  // namespace usher::insights
