// ReferenceEngine: libs/engine/README.md once more, written for obviousness.
//
// It has the surface of engine::Engine and must agree with it on every history. Written from the
// page alone; see ReferenceDesk for how.
//
// Threads: one.
// Cost:    O(agents * inquiries) per decision.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "kit/reference_desk.h"

namespace usher::kit {

class ReferenceEngine : private ReferenceDesk {
 public:
  explicit ReferenceEngine(const Limits& limits);

  void Apply(const Command& command, DecisionList& out);

  Instant now() const { return desk_.now; }
  Instant next_timer() const;

  DeskState Save() const { return desk_; }
  const DeskState& state() const { return desk_; }
  bool Restore(const DeskState& state);
  std::uint64_t StateHash() const { return HashState(desk_); }

  std::uint64_t inquiries() const { return desk_.inquiries.size(); }
  std::uint64_t agents() const { return desk_.agents.size(); }

 private:
  enum class TimerKind {
    kWarn,
    kBreach,
    kOfferExpiry,
    kExclusionEnd,
    kWrapUpEnd,
    kRelax,
    kEscalate,
    kStarve,
    kReserved,
    kAnswer,
    kGone,
    kStart,
    kWake,
    kEdge,
    kPace
  };
  struct DueTimer {
    Timer timer;
    TimerKind kind;
    InquiryId inquiry;
    AgentName agent;
    Target target;
    CalendarName calendar;
  };
  // How a question on one inquiry is answered.
  struct Judged {
    const AgentState* agent;
    Candidate candidate;
    bool fits;
  };

  // Time and repeats.
  std::vector<DueTimer> Timers() const;
  std::optional<DueTimer> EarliestTimer() const;
  bool SourceIsNew(const Command& command);
  bool RequestIsNew(const Command& command);
  void Reject(RejectReason reason);

  // Commands on inquiries.
  void Do(const PlaceInquiry& command);
  void Do(const CancelInquiry& command);
  void Do(const AbandonInquiry& command);
  void Do(const UpdateInquiry& command);
  void Do(const ScheduleInquiry& command);
  void Do(const UpdateOrder& command);
  std::optional<RejectReason> Unplaceable(const PlaceInquiry& command) const;
  // By value: an id in the list would become another one as the list closes up.
  void Join(InquiryId inquiry, const PlaceInquiry& command);
  void Hear(InquiryState& inquiry, const PlaceInquiry& command);
  bool IsRepeat(const InquiryState& inquiry) const;
  InquiryState Described(const PlaceInquiry& command) const;
  void Schedule(InquiryState made, const PlaceInquiry& command);
  void Begin(InquiryState& inquiry);  // what placing and starting have in common
  void Start(InquiryState& inquiry);
  const Memory* MemoryOf(const CustomerId& customer, const TopicName& topic) const;
  const Resolved* ResolvedOf(const ConversationId& conversation) const;
  // kNone: it stays where it now is, after so many diversions.
  RejectReason Divert(InquiryState& inquiry, int& diversions) const;
  void ReserveForPreferred(InquiryState& inquiry, const std::vector<AgentName>& asked,
                           Duration prefer_for);
  std::vector<AgentName> PreferredFor(const InquiryState& inquiry,
                                      const std::vector<AgentName>& asked) const;
  void CancelOrAbandon(const InquiryId& inquiry, RescindCause cause, DecisionBody ended);
  void Leaves(InquiryId inquiry);

  // Commands of agents and supervisors.
  void Do(const AcceptOffer& command);
  void Do(const DeclineOffer& command);
  void Do(const TakeInquiry& command);
  void Do(const AssignInquiry& command);
  void Do(const TransferInquiry& command);
  void Do(const RecordReply& command);
  void ReplyOutside(const RecordReply& command);
  void Answered(InquiryState& inquiry, const AgentName& by, bool outside);
  void Do(const FinishInquiry& command);
  void Do(const PauseInquiry& command);
  void Do(const ResumeInquiry& command);
  void Do(const ShowWork& command);
  bool IsOfferOf(const OfferId& offer, const AgentName& agent);
  bool OwnerMay(const InquiryId& inquiry, const AgentName& agent);
  void Resume(InquiryState& inquiry, WakeCause cause);
  void Learn(const QueueName& queue, const TopicName& topic, Duration handled);
  void Remember(const InquiryState& inquiry);

  // Commands on agents and the desk.
  void Do(const RegisterAgent& command);
  void Do(const RemoveAgent& command);
  void Do(const SetPresence& command);
  void Do(const ApplyPolicy& command);
  void Do(const Checkpoint& command);
  void Do(const Tick&) {}
  std::optional<RejectReason> Unfit(const RegisterAgent& command);
  void Grace(const AgentState& agent, Presence before);
  bool IsGood(const Policy& policy) const;
  std::uint32_t TakePolicy(const Policy& policy,
                           bool keep);  // how many open inquiries were rerouted
  void RenewFacts();
  void RenewEdges();

  // Questions.
  void Do(const EstimateWait& command);
  void Do(const ExplainInquiry& command);
  void Do(const PreviewPolicy& command);

  // What is said afterwards.
  void Do(const ReviewInquiry& command);
  void Do(const RateInquiry& command);
  Candidate Judge(const AgentState& agent, const InquiryState& inquiry) const;
  std::vector<Candidate> Candidates(const InquiryState& inquiry,
                                    const std::vector<Judged>& judged) const;
  std::vector<ClauseCount> Clauses(const InquiryState& inquiry) const;
  void TellNext(const InquiryState& inquiry, const std::vector<Judged>& judged,
                InquiryExplained& explained) const;

  // Timers.
  void Fire(const DueTimer& due);
  void FireOfClock(InquiryState& inquiry, const DueTimer& due);
  void FireOfferExpiry(InquiryState& inquiry, const AgentName& agent);
  void FireWrapUpEnd(AgentState& agent, std::uint64_t order);
  void FireEscalate(InquiryState& inquiry);
  void FireEdge(const CalendarName& calendar);

  const Command* command_ = nullptr;  // the one being applied
};

}  // namespace usher::kit
