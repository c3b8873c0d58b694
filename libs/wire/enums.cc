#include "wire/enums.h"

#include <utility>

#include "core/check.h"

namespace usher::wire {
namespace {

// Pairs in both directions. The number of proto enumerators is checked where each table is used, so
// that a new one cannot be forgotten here.
template <class Model, class Proto, std::size_t kCount>
using Table = const std::pair<Model, Proto>[kCount];

template <class Model, class Proto, std::size_t kCount>
Proto Find(Table<Model, Proto, kCount>& table, Model value) {
  for (const auto& [model, proto] : table) {
    if (model == value) return proto;
  }
  USHER_CHECK(!"an enumerator of the model that the wire does not know");
  return {};
}

template <class Model, class Proto, std::size_t kCount>
std::optional<Model> FindBack(Table<Model, Proto, kCount>& table, Proto value) {
  for (const auto& [model, proto] : table) {
    if (proto == value) return model;
  }
  return std::nullopt;
}

constexpr std::pair<Sentiment, v1::Sentiment> kSentiments[] = {
    {Sentiment::kUnknown, v1::SENTIMENT_UNSPECIFIED},
    {Sentiment::kNegative, v1::SENTIMENT_NEGATIVE},
    {Sentiment::kNeutral, v1::SENTIMENT_NEUTRAL},
    {Sentiment::kPositive, v1::SENTIMENT_POSITIVE},
};
static_assert(std::size(kSentiments) == v1::Sentiment_ARRAYSIZE);

constexpr std::pair<Stage, v1::Stage> kStages[] = {
    {Stage::kWaiting, v1::STAGE_WAITING},     {Stage::kOffered, v1::STAGE_OFFERED},
    {Stage::kAssigned, v1::STAGE_ASSIGNED},   {Stage::kAnswered, v1::STAGE_ANSWERED},
    {Stage::kScheduled, v1::STAGE_SCHEDULED}, {Stage::kPending, v1::STAGE_PENDING},
};
static_assert(std::size(kStages) + 5 == v1::Stage_ARRAYSIZE);  // none, and the four final ones

constexpr std::pair<Presence, v1::Presence> kPresences[] = {
    {Presence::kOffline, v1::PRESENCE_OFFLINE},   {Presence::kAvailable, v1::PRESENCE_AVAILABLE},
    {Presence::kBusy, v1::PRESENCE_BUSY},         {Presence::kAway, v1::PRESENCE_AWAY},
    {Presence::kDraining, v1::PRESENCE_DRAINING},
};
static_assert(std::size(kPresences) + 1 == v1::Presence_ARRAYSIZE);  // an agent always has one

constexpr std::pair<AwayReason, v1::AwayReason> kAwayReasons[] = {
    {AwayReason::kNone, v1::AWAY_REASON_UNSPECIFIED},
    {AwayReason::kAsked, v1::AWAY_REASON_ASKED},
    {AwayReason::kMissedOffers, v1::AWAY_REASON_MISSED_OFFERS},
};
static_assert(std::size(kAwayReasons) == v1::AwayReason_ARRAYSIZE);

constexpr std::pair<OfferReason, v1::OfferReason> kOfferReasons[] = {
    {OfferReason::kNone, v1::OFFER_REASON_UNSPECIFIED},
    {OfferReason::kArrival, v1::OFFER_REASON_ARRIVAL},
    {OfferReason::kReoffered, v1::OFFER_REASON_REOFFERED},
    {OfferReason::kInTime, v1::OFFER_REASON_IN_TIME},
    {OfferReason::kLateShare, v1::OFFER_REASON_LATE_SHARE},
    {OfferReason::kOnlyLate, v1::OFFER_REASON_ONLY_LATE},
    {OfferReason::kPolicyChanged, v1::OFFER_REASON_POLICY_CHANGED},
    {OfferReason::kPreferred, v1::OFFER_REASON_PREFERRED},
    {OfferReason::kTaken, v1::OFFER_REASON_TAKEN},
    {OfferReason::kAssigned, v1::OFFER_REASON_ASSIGNED},
    {OfferReason::kChanged, v1::OFFER_REASON_CHANGED},
};
static_assert(std::size(kOfferReasons) == v1::OfferReason_ARRAYSIZE);

constexpr std::pair<DeclineReason, v1::DeclineReason> kDeclineReasons[] = {
    {DeclineReason::kNone, v1::DECLINE_REASON_UNSPECIFIED},
    {DeclineReason::kBusy, v1::DECLINE_REASON_BUSY},
    {DeclineReason::kNotMySkill, v1::DECLINE_REASON_NOT_MY_SKILL},
    {DeclineReason::kKnowsCustomer, v1::DECLINE_REASON_KNOWS_CUSTOMER},
    {DeclineReason::kTechnical, v1::DECLINE_REASON_TECHNICAL},
    {DeclineReason::kOther, v1::DECLINE_REASON_OTHER},
};
static_assert(std::size(kDeclineReasons) == v1::DeclineReason_ARRAYSIZE);

constexpr std::pair<RescindCause, v1::RescindCause> kRescindCauses[] = {
    {RescindCause::kNone, v1::RESCIND_CAUSE_UNSPECIFIED},
    {RescindCause::kAgentUnavailable, v1::RESCIND_CAUSE_AGENT_UNAVAILABLE},
    {RescindCause::kAgentRemoved, v1::RESCIND_CAUSE_AGENT_REMOVED},
    {RescindCause::kInquiryCancelled, v1::RESCIND_CAUSE_INQUIRY_CANCELLED},
    {RescindCause::kInquiryAbandoned, v1::RESCIND_CAUSE_INQUIRY_ABANDONED},
    {RescindCause::kPolicyChanged, v1::RESCIND_CAUSE_POLICY_CHANGED},
    {RescindCause::kTakenByAnother, v1::RESCIND_CAUSE_TAKEN_BY_ANOTHER},
    {RescindCause::kInquiryUpdated, v1::RESCIND_CAUSE_INQUIRY_UPDATED},
};
static_assert(std::size(kRescindCauses) == v1::RescindCause_ARRAYSIZE);

constexpr std::pair<RequeueReason, v1::RequeueReason> kRequeueReasons[] = {
    {RequeueReason::kNone, v1::REQUEUE_REASON_UNSPECIFIED},
    {RequeueReason::kAgentRemoved, v1::REQUEUE_REASON_AGENT_REMOVED},
    {RequeueReason::kNoReply, v1::REQUEUE_REASON_NO_REPLY},
    {RequeueReason::kAgentGone, v1::REQUEUE_REASON_AGENT_GONE},
    {RequeueReason::kTransferred, v1::REQUEUE_REASON_TRANSFERRED},
};
static_assert(std::size(kRequeueReasons) == v1::RequeueReason_ARRAYSIZE);

constexpr std::pair<CancelReason, v1::CancelReason> kCancelReasons[] = {
    {CancelReason::kNone, v1::CANCEL_REASON_UNSPECIFIED},
    {CancelReason::kShop, v1::CANCEL_REASON_SHOP},
    {CancelReason::kSpam, v1::CANCEL_REASON_SPAM},
    {CancelReason::kDuplicate, v1::CANCEL_REASON_DUPLICATE},
    {CancelReason::kOther, v1::CANCEL_REASON_OTHER},
};
static_assert(std::size(kCancelReasons) == v1::CancelReason_ARRAYSIZE);

constexpr std::pair<RejectReason, v1::RejectReason> kRejectReasons[] = {
    {RejectReason::kNone, v1::REJECT_REASON_UNSPECIFIED},
    {RejectReason::kNoPolicy, v1::REJECT_REASON_NO_POLICY},
    {RejectReason::kUnknownChannel, v1::REJECT_REASON_UNKNOWN_CHANNEL},
    {RejectReason::kUnknownQueue, v1::REJECT_REASON_UNKNOWN_QUEUE},
    {RejectReason::kUnknownInquiry, v1::REJECT_REASON_UNKNOWN_INQUIRY},
    {RejectReason::kUnknownAgent, v1::REJECT_REASON_UNKNOWN_AGENT},
    {RejectReason::kUnknownOffer, v1::REJECT_REASON_UNKNOWN_OFFER},
    {RejectReason::kInquiryExists, v1::REJECT_REASON_INQUIRY_EXISTS},
    {RejectReason::kNotTheOwner, v1::REJECT_REASON_NOT_THE_OWNER},
    {RejectReason::kNotAssigned, v1::REJECT_REASON_NOT_ASSIGNED},
    {RejectReason::kBadPriority, v1::REJECT_REASON_BAD_PRIORITY},
    {RejectReason::kBadCapacity, v1::REJECT_REASON_BAD_CAPACITY},
    {RejectReason::kTooManySkills, v1::REJECT_REASON_TOO_MANY_SKILLS},
    {RejectReason::kBadLevel, v1::REJECT_REASON_BAD_LEVEL},
    {RejectReason::kQueueFull, v1::REJECT_REASON_QUEUE_FULL},
    {RejectReason::kTooManyInquiries, v1::REJECT_REASON_TOO_MANY_INQUIRIES},
    {RejectReason::kTooManyAgents, v1::REJECT_REASON_TOO_MANY_AGENTS},
    {RejectReason::kTooManyNames, v1::REJECT_REASON_TOO_MANY_NAMES},
    {RejectReason::kBadPolicy, v1::REJECT_REASON_BAD_POLICY},
    {RejectReason::kRequestReused, v1::REJECT_REASON_REQUEST_REUSED},
    {RejectReason::kTooManySources, v1::REJECT_REASON_TOO_MANY_SOURCES},
    {RejectReason::kNotPermitted, v1::REJECT_REASON_NOT_PERMITTED},
    {RejectReason::kNotWaiting, v1::REJECT_REASON_NOT_WAITING},
    {RejectReason::kNotAble, v1::REJECT_REASON_NOT_ABLE},
    {RejectReason::kTooManyExclusions, v1::REJECT_REASON_TOO_MANY_EXCLUSIONS},
    {RejectReason::kNobodyHere, v1::REJECT_REASON_NOBODY_HERE},
    {RejectReason::kTooManyAttributes, v1::REJECT_REASON_TOO_MANY_ATTRIBUTES},
    {RejectReason::kQueueClosed, v1::REJECT_REASON_QUEUE_CLOSED},
    {RejectReason::kNotScheduled, v1::REJECT_REASON_NOT_SCHEDULED},
    {RejectReason::kNotPending, v1::REJECT_REASON_NOT_PENDING},
    {RejectReason::kUnknownOrder, v1::REJECT_REASON_UNKNOWN_ORDER},
    {RejectReason::kWrongChannel, v1::REJECT_REASON_WRONG_CHANNEL},
    {RejectReason::kBadMark, v1::REJECT_REASON_BAD_MARK},
    {RejectReason::kBadRating, v1::REJECT_REASON_BAD_RATING},
};
static_assert(std::size(kRejectReasons) == v1::RejectReason_ARRAYSIZE);

constexpr std::pair<RepeatReason, v1::RepeatReason> kRepeatReasons[] = {
    {RepeatReason::kNone, v1::REPEAT_REASON_UNSPECIFIED},
    {RepeatReason::kSource, v1::REPEAT_REASON_SOURCE},
    {RepeatReason::kRequest, v1::REPEAT_REASON_REQUEST},
};
static_assert(std::size(kRepeatReasons) == v1::RepeatReason_ARRAYSIZE);

// The last pair is for reading alone: older records knew one target only.
constexpr std::pair<Target, v1::SlaTarget> kTargets[] = {
    {Target::kFirstResponse, v1::SLA_TARGET_FIRST_RESPONSE},
    {Target::kNextResponse, v1::SLA_TARGET_NEXT_RESPONSE},
    {Target::kResolution, v1::SLA_TARGET_RESOLUTION},
    {Target::kUpdate, v1::SLA_TARGET_UPDATE},
    {Target::kFirstResponse, v1::SLA_TARGET_UNSPECIFIED},
};
static_assert(std::size(kTargets) == v1::SlaTarget_ARRAYSIZE);

constexpr std::pair<ClockState, v1::ClockState> kClockStates[] = {
    {ClockState::kNone, v1::CLOCK_STATE_UNSPECIFIED},
    {ClockState::kRunning, v1::CLOCK_STATE_RUNNING},
    {ClockState::kWarned, v1::CLOCK_STATE_WARNED},
    {ClockState::kMet, v1::CLOCK_STATE_MET},
    {ClockState::kBreached, v1::CLOCK_STATE_BREACHED},
    {ClockState::kPaused, v1::CLOCK_STATE_PAUSED},
};
static_assert(std::size(kClockStates) == v1::ClockState_ARRAYSIZE);

constexpr std::pair<WakeCause, v1::WakeCause> kWakeCauses[] = {
    {WakeCause::kNone, v1::WAKE_CAUSE_UNSPECIFIED},
    {WakeCause::kOwner, v1::WAKE_CAUSE_OWNER},
    {WakeCause::kMessage, v1::WAKE_CAUSE_MESSAGE},
    {WakeCause::kTime, v1::WAKE_CAUSE_TIME},
};
static_assert(std::size(kWakeCauses) == v1::WakeCause_ARRAYSIZE);

constexpr std::pair<EscalateReason, v1::EscalateReason> kEscalateReasons[] = {
    {EscalateReason::kNone, v1::ESCALATE_REASON_UNSPECIFIED},
    {EscalateReason::kAge, v1::ESCALATE_REASON_AGE},
    {EscalateReason::kUnanswered, v1::ESCALATE_REASON_UNANSWERED},
    {EscalateReason::kAngry, v1::ESCALATE_REASON_ANGRY},
};
static_assert(std::size(kEscalateReasons) == v1::EscalateReason_ARRAYSIZE);

constexpr std::pair<Verdict, v1::Verdict> kVerdicts[] = {
    {Verdict::kAble, v1::VERDICT_ABLE},
    {Verdict::kOffline, v1::VERDICT_OFFLINE},
    {Verdict::kLacksSkill, v1::VERDICT_LACKS_SKILL},
    {Verdict::kLowLevel, v1::VERDICT_LOW_LEVEL},
    {Verdict::kWho, v1::VERDICT_WHO},
    {Verdict::kExcluded, v1::VERDICT_EXCLUDED},
    {Verdict::kReserved, v1::VERDICT_RESERVED},
    {Verdict::kClosed, v1::VERDICT_CLOSED},
    {Verdict::kShiftEnds, v1::VERDICT_SHIFT_ENDS},
    {Verdict::kNotAvailable, v1::VERDICT_NOT_AVAILABLE},
    {Verdict::kNoUnits, v1::VERDICT_NO_UNITS},
    {Verdict::kChannelFull, v1::VERDICT_CHANNEL_FULL},
    {Verdict::kPaced, v1::VERDICT_PACED},
};
static_assert(std::size(kVerdicts) + 1 == v1::Verdict_ARRAYSIZE);

constexpr std::pair<NextChange, v1::NextChange> kNextChanges[] = {
    {NextChange::kNone, v1::NEXT_CHANGE_UNSPECIFIED},
    {NextChange::kRelax, v1::NEXT_CHANGE_RELAX},
    {NextChange::kReservationEnd, v1::NEXT_CHANGE_RESERVATION_END},
    {NextChange::kExclusionEnd, v1::NEXT_CHANGE_EXCLUSION_END},
    {NextChange::kEscalation, v1::NEXT_CHANGE_ESCALATION},
    {NextChange::kOpening, v1::NEXT_CHANGE_OPENING},
    {NextChange::kPaceEnd, v1::NEXT_CHANGE_PACE_END},
};
static_assert(std::size(kNextChanges) == v1::NextChange_ARRAYSIZE);

constexpr std::pair<Wake, v1::Wake> kWakes[] = {
    {Wake::kOwner, v1::WAKE_OWNER},
    {Wake::kPool, v1::WAKE_POOL},
    {Wake::kOwner, v1::WAKE_UNSPECIFIED},  // as kPicks
};
static_assert(std::size(kWakes) == v1::Wake_ARRAYSIZE);

// The last pair is for reading alone: what older policies do not say is what they meant.
constexpr std::pair<Pick, v1::Pick> kPicks[] = {
    {Pick::kRarestFirst, v1::PICK_RAREST_FIRST}, {Pick::kLongestIdle, v1::PICK_LONGEST_IDLE},
    {Pick::kLeastLoaded, v1::PICK_LEAST_LOADED}, {Pick::kRoundRobin, v1::PICK_ROUND_ROBIN},
    {Pick::kBestLevel, v1::PICK_BEST_LEVEL},     {Pick::kScore, v1::PICK_SCORE},
    {Pick::kRarestFirst, v1::PICK_UNSPECIFIED},
};
static_assert(std::size(kPicks) == v1::Pick_ARRAYSIZE);

constexpr std::pair<Refuge, v1::Refuge> kRefuges[] = {
    {Refuge::kHold, v1::REFUGE_HOLD},
    {Refuge::kDivert, v1::REFUGE_DIVERT},
    {Refuge::kReject, v1::REFUGE_REJECT},
};
static_assert(std::size(kRefuges) + 1 == v1::Refuge_ARRAYSIZE);  // unspecified: by the field

// As kPicks.
constexpr std::pair<Order, v1::WaitingOrder> kOrders[] = {
    {Order::kDefault, v1::WAITING_ORDER_DEFAULT},
    {Order::kFifo, v1::WAITING_ORDER_FIFO},
    {Order::kPriority, v1::WAITING_ORDER_PRIORITY},
    {Order::kDue, v1::WAITING_ORDER_DUE},
    {Order::kInTimeFirst, v1::WAITING_ORDER_IN_TIME_FIRST},
    {Order::kAged, v1::WAITING_ORDER_AGED},
    {Order::kAgentLevel, v1::WAITING_ORDER_AGENT_LEVEL},
    {Order::kDefault, v1::WAITING_ORDER_UNSPECIFIED},
};
static_assert(std::size(kOrders) == v1::WaitingOrder_ARRAYSIZE);

constexpr std::pair<SortField, v1::SortField> kSortFields[] = {
    {SortField::kValue, v1::SORT_FIELD_VALUE},
    {SortField::kOnSite, v1::SORT_FIELD_ON_SITE},
    {SortField::kRepeat, v1::SORT_FIELD_REPEAT},
};
static_assert(std::size(kSortFields) + 1 == v1::SortField_ARRAYSIZE);

constexpr std::pair<ClauseOp, v1::ClauseOp> kClauseOps[] = {
    {ClauseOp::kAll, v1::CLAUSE_OP_ALL},
    {ClauseOp::kAny, v1::CLAUSE_OP_ANY},
    {ClauseOp::kNot, v1::CLAUSE_OP_NOT},
    {ClauseOp::kSkill, v1::CLAUSE_OP_SKILL},
    {ClauseOp::kAttribute, v1::CLAUSE_OP_ATTRIBUTE},
};
static_assert(std::size(kClauseOps) + 1 == v1::ClauseOp_ARRAYSIZE);

constexpr std::pair<ScoreOp, v1::ScoreOp> kScoreOps[] = {
    {ScoreOp::kNumber, v1::SCORE_OP_NUMBER},
    {ScoreOp::kLevel, v1::SCORE_OP_LEVEL},
    {ScoreOp::kAttribute, v1::SCORE_OP_ATTRIBUTE},
    {ScoreOp::kSkills, v1::SCORE_OP_SKILLS},
    {ScoreOp::kLoad, v1::SCORE_OP_LOAD},
    {ScoreOp::kIdle, v1::SCORE_OP_IDLE},
    {ScoreOp::kPriority, v1::SCORE_OP_PRIORITY},
    {ScoreOp::kWaited, v1::SCORE_OP_WAITED},
    {ScoreOp::kAdd, v1::SCORE_OP_ADD},
    {ScoreOp::kSubtract, v1::SCORE_OP_SUBTRACT},
    {ScoreOp::kMultiply, v1::SCORE_OP_MULTIPLY},
    {ScoreOp::kDivide, v1::SCORE_OP_DIVIDE},
    {ScoreOp::kMin, v1::SCORE_OP_MIN},
    {ScoreOp::kMax, v1::SCORE_OP_MAX},
    {ScoreOp::kLess, v1::SCORE_OP_LESS},
    {ScoreOp::kEqual, v1::SCORE_OP_EQUAL},
};
static_assert(std::size(kScoreOps) + 1 == v1::ScoreOp_ARRAYSIZE);

}  // namespace

v1::Sentiment ToProto(Sentiment value) { return Find(kSentiments, value); }
v1::Stage ToProto(Stage value) { return Find(kStages, value); }
v1::Presence ToProto(Presence value) { return Find(kPresences, value); }
v1::AwayReason ToProto(AwayReason value) { return Find(kAwayReasons, value); }
v1::OfferReason ToProto(OfferReason value) { return Find(kOfferReasons, value); }
v1::DeclineReason ToProto(DeclineReason value) { return Find(kDeclineReasons, value); }
v1::RescindCause ToProto(RescindCause value) { return Find(kRescindCauses, value); }
v1::RequeueReason ToProto(RequeueReason value) { return Find(kRequeueReasons, value); }
v1::CancelReason ToProto(CancelReason value) { return Find(kCancelReasons, value); }
v1::RejectReason ToProto(RejectReason value) { return Find(kRejectReasons, value); }
v1::RepeatReason ToProto(RepeatReason value) { return Find(kRepeatReasons, value); }
v1::SlaTarget ToProto(Target value) { return Find(kTargets, value); }
v1::ClockState ToProto(ClockState value) { return Find(kClockStates, value); }
v1::WakeCause ToProto(WakeCause value) { return Find(kWakeCauses, value); }
v1::EscalateReason ToProto(EscalateReason value) { return Find(kEscalateReasons, value); }
v1::Verdict ToProto(Verdict value) { return Find(kVerdicts, value); }
v1::NextChange ToProto(NextChange value) { return Find(kNextChanges, value); }
v1::Wake ToProto(Wake value) { return Find(kWakes, value); }
v1::Pick ToProto(Pick value) { return Find(kPicks, value); }
v1::Refuge ToProto(Refuge value) { return Find(kRefuges, value); }
v1::WaitingOrder ToProto(Order value) { return Find(kOrders, value); }
v1::SortField ToProto(SortField value) { return Find(kSortFields, value); }
v1::ClauseOp ToProto(ClauseOp value) { return Find(kClauseOps, value); }
v1::ScoreOp ToProto(ScoreOp value) { return Find(kScoreOps, value); }

std::optional<Sentiment> FromProto(v1::Sentiment value) { return FindBack(kSentiments, value); }
std::optional<Stage> FromProto(v1::Stage value) { return FindBack(kStages, value); }
std::optional<Presence> FromProto(v1::Presence value) { return FindBack(kPresences, value); }
std::optional<AwayReason> FromProto(v1::AwayReason value) { return FindBack(kAwayReasons, value); }
std::optional<OfferReason> FromProto(v1::OfferReason value) {
  return FindBack(kOfferReasons, value);
}
std::optional<DeclineReason> FromProto(v1::DeclineReason value) {
  return FindBack(kDeclineReasons, value);
}
std::optional<RescindCause> FromProto(v1::RescindCause value) {
  return FindBack(kRescindCauses, value);
}
std::optional<RequeueReason> FromProto(v1::RequeueReason value) {
  return FindBack(kRequeueReasons, value);
}
std::optional<CancelReason> FromProto(v1::CancelReason value) {
  return FindBack(kCancelReasons, value);
}
std::optional<RejectReason> FromProto(v1::RejectReason value) {
  return FindBack(kRejectReasons, value);
}
std::optional<RepeatReason> FromProto(v1::RepeatReason value) {
  return FindBack(kRepeatReasons, value);
}
std::optional<Target> FromProto(v1::SlaTarget value) { return FindBack(kTargets, value); }
std::optional<ClockState> FromProto(v1::ClockState value) { return FindBack(kClockStates, value); }
std::optional<WakeCause> FromProto(v1::WakeCause value) { return FindBack(kWakeCauses, value); }
std::optional<EscalateReason> FromProto(v1::EscalateReason value) {
  if (value == v1::ESCALATE_REASON_UNSPECIFIED) return EscalateReason::kAge;
  return FindBack(kEscalateReasons, value);
}
std::optional<Verdict> FromProto(v1::Verdict value) { return FindBack(kVerdicts, value); }
std::optional<NextChange> FromProto(v1::NextChange value) { return FindBack(kNextChanges, value); }
std::optional<Wake> FromProto(v1::Wake value) { return FindBack(kWakes, value); }
std::optional<Pick> FromProto(v1::Pick value) { return FindBack(kPicks, value); }
std::optional<Refuge> FromProto(v1::Refuge value) { return FindBack(kRefuges, value); }
std::optional<Order> FromProto(v1::WaitingOrder value) { return FindBack(kOrders, value); }
std::optional<SortField> FromProto(v1::SortField value) { return FindBack(kSortFields, value); }
std::optional<ClauseOp> FromProto(v1::ClauseOp value) { return FindBack(kClauseOps, value); }
std::optional<ScoreOp> FromProto(v1::ScoreOp value) { return FindBack(kScoreOps, value); }

}  // namespace usher::wire
