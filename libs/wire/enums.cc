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
    {Stage::kWaiting, v1::STAGE_WAITING},
    {Stage::kOffered, v1::STAGE_OFFERED},
    {Stage::kAssigned, v1::STAGE_ASSIGNED},
    {Stage::kAnswered, v1::STAGE_ANSWERED},
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
};
static_assert(std::size(kRescindCauses) == v1::RescindCause_ARRAYSIZE);

constexpr std::pair<RequeueReason, v1::RequeueReason> kRequeueReasons[] = {
    {RequeueReason::kNone, v1::REQUEUE_REASON_UNSPECIFIED},
    {RequeueReason::kAgentRemoved, v1::REQUEUE_REASON_AGENT_REMOVED},
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
};
static_assert(std::size(kRejectReasons) == v1::RejectReason_ARRAYSIZE);

constexpr std::pair<RepeatReason, v1::RepeatReason> kRepeatReasons[] = {
    {RepeatReason::kNone, v1::REPEAT_REASON_UNSPECIFIED},
    {RepeatReason::kSource, v1::REPEAT_REASON_SOURCE},
    {RepeatReason::kRequest, v1::REPEAT_REASON_REQUEST},
};
static_assert(std::size(kRepeatReasons) == v1::RepeatReason_ARRAYSIZE);

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

}  // namespace usher::wire
