#include "sim/checker/outcome.h"

#include <variant>

namespace usher::sim {
namespace {

// One overload a command that has an answer of its own.
class Matcher {
 public:
  explicit Matcher(const DecisionBody& decision) : decision_(decision) {}

  bool operator()(const PlaceInquiry& c) const {
    if (const auto* placed = Is<InquiryPlaced>()) return placed->message == c.message;
    if (const auto* joined = Is<MessageJoined>()) return joined->message == c.message;
    const auto* rejected = Is<InquiryRejected>();
    return rejected != nullptr && rejected->message == c.message;
  }
  bool operator()(const CancelInquiry& c) const { return Of<InquiryCancelled>(c.inquiry); }
  bool operator()(const AbandonInquiry& c) const { return Of<InquiryAbandoned>(c.inquiry); }
  bool operator()(const UpdateInquiry& c) const { return Of<InquiryUpdated>(c.inquiry); }
  bool operator()(const RecordReply& c) const {
    const auto* answered = Is<InquiryAnswered>();
    if (answered == nullptr || answered->outside != !c.conversation.none()) return false;
    return answered->outside ? answered->agent == c.agent : answered->inquiry == c.inquiry;
  }
  bool operator()(const FinishInquiry& c) const { return Of<InquiryResolved>(c.inquiry); }
  bool operator()(const PauseInquiry& c) const { return Of<InquiryPaused>(c.inquiry); }
  bool operator()(const ScheduleInquiry& c) const { return Of<ScheduleChanged>(c.inquiry); }
  bool operator()(const EstimateWait& c) const { return Of<WaitEstimated>(c.inquiry); }
  bool operator()(const ExplainInquiry& c) const { return Of<InquiryExplained>(c.inquiry); }
  bool operator()(const ResumeInquiry& c) const {
    const auto* resumed = Is<InquiryResumed>();
    return resumed != nullptr && resumed->inquiry == c.inquiry &&
           resumed->cause == WakeCause::kOwner;
  }
  bool operator()(const TransferInquiry& c) const {
    const auto* requeued = Is<InquiryRequeued>();
    return requeued != nullptr && requeued->inquiry == c.inquiry &&
           requeued->reason == RequeueReason::kTransferred;
  }
  bool operator()(const TakeInquiry& c) const { return Given(c.inquiry, OfferReason::kTaken); }
  bool operator()(const AssignInquiry& c) const { return Given(c.inquiry, OfferReason::kAssigned); }
  bool operator()(const AcceptOffer& c) const {
    const auto* accepted = Is<OfferAccepted>();
    return accepted != nullptr && accepted->offer == c.offer && !accepted->automatic;
  }
  bool operator()(const DeclineOffer& c) const {
    const auto* declined = Is<OfferDeclined>();
    return declined != nullptr && declined->offer == c.offer;
  }
  bool operator()(const RegisterAgent& c) const { return Who<AgentRegistered>(c.agent); }
  bool operator()(const RemoveAgent& c) const { return Who<AgentRemoved>(c.agent); }
  bool operator()(const ShowWork& c) const { return Who<WorkShown>(c.agent); }
  bool operator()(const SetPresence& c) const {
    const auto* changed = Is<PresenceChanged>();
    return changed != nullptr && changed->agent == c.agent && changed->presence == c.presence &&
           changed->away != AwayReason::kMissedOffers;
  }
  bool operator()(const UpdateOrder& c) const {
    const auto* updated = Is<OrderUpdated>();
    return updated != nullptr && updated->order == c.order;
  }
  bool operator()(const ReviewInquiry& c) const {
    const auto* reviewed = Is<InquiryReviewed>();
    return reviewed != nullptr && reviewed->inquiry == c.inquiry && reviewed->agent == c.agent &&
           reviewed->reviewer == c.reviewer && reviewed->marks == c.marks;
  }
  bool operator()(const RateInquiry& c) const {
    const auto* rated = Is<InquiryRated>();
    return rated != nullptr && rated->inquiry == c.inquiry && rated->rating == c.rating;
  }
  bool operator()(const ApplyPolicy&) const { return Is<PolicyApplied>() != nullptr; }
  bool operator()(const PreviewPolicy&) const { return Is<PolicyPreviewed>() != nullptr; }
  bool operator()(const Checkpoint&) const { return Is<Checkpointed>() != nullptr; }
  bool operator()(const Tick&) const { return false; }

 private:
  template <class Body>
  const Body* Is() const {
    return std::get_if<Body>(&decision_);
  }
  template <class Body>
  bool Of(const InquiryId& inquiry) const {
    const auto* body = Is<Body>();
    return body != nullptr && body->inquiry == inquiry;
  }
  template <class Body>
  bool Who(const AgentName& agent) const {
    const auto* body = Is<Body>();
    return body != nullptr && body->agent == agent;
  }
  bool Given(const InquiryId& inquiry, OfferReason reason) const {
    const auto* made = Is<OfferMade>();
    return made != nullptr && made->inquiry == inquiry && made->reason == reason;
  }

  const DecisionBody& decision_;
};

}  // namespace

bool WantsAnswer(const Command& command) { return !std::holds_alternative<Tick>(command.body); }

bool Answers(const Command& command, const DecisionBody& decision) {
  if (std::holds_alternative<CommandRepeated>(decision)) return true;
  if (std::holds_alternative<CommandRejected>(decision)) return true;
  return std::visit(Matcher(decision), command.body);
}

}  // namespace usher::sim
