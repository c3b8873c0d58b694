// Engine::Desk: the state of an engine and the steps of README.md, in its words.
//
// Where to look: words.cc, order.cc, choices.cc, offers.cc, stages.cc, clocks.cc, routing.cc follow
// its chapters; place.cc, inquiries.cc, work.cc, agents.cc, apply_policy.cc, questions.cc,
// explain.cc, quality.cc the commands; fire.cc the timers; save.cc, copy.cc, restore.cc the way out
// and back in; engine.cc the order of it all; listing.cc where those who wait stand.
//
// Threads: one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/engine.h"
#include "engine/state_check.h"
#include "engine/steps.h"

namespace usher::engine {

class Engine::Desk : private Steps {
 public:
  explicit Desk(const Limits& limits) : Steps(limits) {}
  void Apply(const Command& command, DecisionList& out);
  void Expect(const Command& command);

  Instant now() const { return now_; }
  Instant next_timer() const;
  const Policy& policy() const { return rules_.policy(); }
  const Limits& limits() const { return limits_; }
  std::uint64_t inquiries() const { return inquiries_.size(); }
  std::uint64_t agents() const { return registered_; }

  DeskState Save() const;
  std::uint64_t StateHash();
  void BeginCopy(std::string& out);
  std::size_t CopySome(std::size_t most, std::string& out);
  std::size_t RowsToCopy() const;
  std::size_t RestEntries() const;
  void EndCopy(std::string& out);
  // Requires: this desk is new. After false it is of no further use.
  bool Restore(const DeskState& state);
  bool Restore(const CopyRows& copy);

 private:
  // Lookahead (expect.cc).
  static constexpr std::size_t kExpectedMost = 8;
  struct Expected {
    InquiryId inquiry;
    OfferId offer;
    Slot slot = kNone;  // the inquiry, probably
    bool finishes = false;
  };
  bool Approach();
  void FetchFound(Expected& expected) const;
  void FetchReferred(const Expected& expected) const;
  void FetchServed(const Expected& expected) const;

  // Time and repeats (engine.cc).
  void Prefetch(const Command& command) const;
  void Advance(Instant asked);
  void SetNow(Instant now);
  Slot NextRipe();
  void FindOpen();
  bool IsNew(const Command& command);
  void Reject(RejectReason reason);

  // Commands.
  void Do(const Tick&) {}
  void Do(const PlaceInquiry& command);
  void Do(const CancelInquiry& command);
  void Do(const AbandonInquiry& command);
  void Do(const RegisterAgent& command);
  void Do(const RemoveAgent& command);
  void Do(const SetPresence& command);
  void Do(const AcceptOffer& command);
  void Do(const DeclineOffer& command);
  void Do(const RecordReply& command);
  void Do(const FinishInquiry& command);
  void Do(const ShowWork& command);
  void Do(const ApplyPolicy& command);
  void Do(const Checkpoint& command);
  void Do(const UpdateInquiry& command);
  void Do(const TakeInquiry& command);
  void Do(const AssignInquiry& command);
  void Do(const TransferInquiry& command);
  void Do(const PauseInquiry& command);
  void Do(const ResumeInquiry& command);
  void Do(const ScheduleInquiry& command);
  void Do(const UpdateOrder& command);
  void Do(const EstimateWait& command);
  void Do(const ExplainInquiry& command);
  void Do(const PreviewPolicy& command);
  void Do(const ReviewInquiry& command);
  void Do(const RateInquiry& command);

  // How an inquiry enters (place.cc).
  void RejectPlace(const PlaceInquiry& command, const QueueName& queue, RejectReason reason);
  RejectReason Unplaceable(const PlaceInquiry& command, Slot& channel, Slot& queue) const;
  bool IsRepeat(const Inquiry& inquiry) const;
  Slot Describe(const PlaceInquiry& command, Slot channel, Slot queue);
  void Schedule(Slot slot, const PlaceInquiry& command);
  void Begin(Slot slot);
  void Start(Slot slot);
  RejectReason Divert(Slot slot, int& diversions);
  void ReserveForPreferred(Slot slot, const Slots& asked, Duration prefer_for);
  Slots PreferredFor(const Inquiry& inquiry, const Slots& asked);
  void TellPlaced(Slot slot, const Features& features, Slot diverted_from, Instant starts_at);

  // What a further message does (follow_ups.cc).
  void Join(Slot slot, const PlaceInquiry& command);
  void Hear(Slot slot, const PlaceInquiry& command);
  void Adopt(Slot slot, const Features& known, const Features& told);

  // What owners do (work.cc), and how an inquiry ends (inquiries.cc).
  Slot OwnerMay(const InquiryId& inquiry, const AgentName& agent);
  void ReplyOutside(const RecordReply& command);
  void Answered(Slot slot, const AgentName& agent, bool bot, bool outside);
  bool OfferIs(const OfferId& offer, const AgentName& agent, Slot& found);
  void Resume(Slot slot, WakeCause cause);
  void Learn(Slot queue, Slot topic, Duration handled);
  void Remember(const Inquiry& inquiry);
  template <class Ended>
  void CancelOrAbandon(Slot slot, RescindCause cause, const Ended& ended);

  // Agents (agents.cc).
  RejectReason Refusal(const RegisterAgent& command) const;
  void SetProfile(Slot agent, const Profile& profile);
  void Limit(std::uint32_t channel);
  void SetLimits(Slot agent, const std::vector<ChannelLimit>& limits);
  void SetPresenceOf(Slot agent, Presence presence);
  void Grace(Slot agent, Presence before);

  // The policy (apply_policy.cc) and questions (questions.cc, explain.cc).
  bool IsGood(const Policy& policy) const;
  void LoadPolicy(const Policy& policy);
  bool Stays(Inquiry& inquiry, const Before& before) const;
  std::uint32_t TakePolicy(const Policy& policy, bool keep);
  void RenewEdges();
  struct Judged {
    Slot agent = kNone;
    Candidate candidate;
    bool fits = false;
  };
  Candidate Judge(Slot agent, const Inquiry& inquiry) const;
  std::vector<Candidate> Candidates(const Inquiry& inquiry, const std::vector<Judged>& judged);
  std::vector<ClauseCount> Clauses(const Inquiry& inquiry) const;
  void TellNext(const Inquiry& inquiry, const std::vector<Judged>& judged,
                InquiryExplained& explained) const;
  Slots AgentsByName() const;

  // Timers (fire.cc).
  void Fire(Slot timer);
  void FireOfClock(Slot slot, Slot timer, bool breach);
  void FireExpiry(Slot offer);
  void FireExclusionEnd(Slot slot, Slot timer);
  void FireWrapUpEnd(Slot agent, Slot timer);
  void FireEscalate(Slot slot);
  void FireEdge(Slot edge);

  // The way out and back in (save.cc, copy.cc, restore.cc).
  DeskState SaveRest() const;
  void SaveBrief(DeskState& state) const;
  void SaveMemories(DeskState& state) const;
  void PutRest(std::string& out) const;
  AgentState SaveAgent(const Agent& agent) const;
  void SaveInquiry(const Inquiry& inquiry, InquiryState& state) const;
  bool HasAgentRow(Slot slot) const;
  void SaveBooks(DeskState& state) const;
  bool Load(const DeskState& state, StateCheck* check);
  template <class NextInquiry>
  bool LoadAll(const DeskState& rest, std::size_t count, NextInquiry&& next, StateCheck* check);
  void LoadFirst(const DeskState& rest, std::size_t inquiries);
  void LoadAgent(const AgentState& state);
  bool LoadInquiry(const InquiryState& state);
  void LoadClocks(const InquiryState& state, Slot slot);
  void LoadBooks(const DeskState& state);
  void LoadTimers(const InquiryState& state, Slot slot);
  void LoadTimers(const DeskState& rest);
  void SetLater(TimerKind kind, Slot owner, const Timer& timer, Slot& place);
  void SetTimers();
  void Expect(const InquiryState& state) const;
  bool IsSettled();

  const Command* command_ = nullptr;  // the one being applied
  std::array<Expected, kExpectedMost> expected_;
  std::uint64_t expected_count_ = 0;
  std::uint64_t applied_count_ = 0;  // of those expected

  std::vector<SavedTimer> saved_timers_;  // while it is restored

  InquiryState saved_inquiry_;    // the one that is being encoded
  std::string rest_;              // encoded for a hash, kept while a copy is taken
  std::uint64_t rest_as_of_ = 0;  // so many commands
};

}  // namespace usher::engine
