// The words of the closed sets, as metrics' labels and counts say them. Closed: only append.
#pragma once

#include "model/reason.h"

namespace usher::insights {

inline constexpr char kMade[] = "made";
inline constexpr char kAccepted[] = "accepted";
inline constexpr char kDeclined[] = "declined";
inline constexpr char kExpired[] = "expired";
inline constexpr char kRescinded[] = "rescinded";

inline constexpr const char* kPresenceLabels[] = {"offline", "available", "busy", "away",
                                                  "draining"};
inline constexpr int kPresences = 5;

inline constexpr char kByTime[] = "time";
inline constexpr char kNobodyFits[] = "nobody_fits";

inline constexpr const char* Label(OfferReason reason) {
  switch (reason) {
    case OfferReason::kArrival:
      return "arrival";
    case OfferReason::kReoffered:
      return "reoffered";
    case OfferReason::kInTime:
      return "in_time";
    case OfferReason::kLateShare:
      return "late_share";
    case OfferReason::kOnlyLate:
      return "only_late";
    case OfferReason::kPolicyChanged:
      return "policy_changed";
    case OfferReason::kPreferred:
      return "preferred";
    case OfferReason::kTaken:
      return "taken";
    case OfferReason::kAssigned:
      return "assigned";
    case OfferReason::kChanged:
      return "changed";
    case OfferReason::kNone:
      break;
  }
  return "none";
}

inline constexpr const char* Label(RescindCause cause) {
  switch (cause) {
    case RescindCause::kAgentUnavailable:
      return "agent_unavailable";
    case RescindCause::kAgentRemoved:
      return "agent_removed";
    case RescindCause::kInquiryCancelled:
      return "inquiry_cancelled";
    case RescindCause::kInquiryAbandoned:
      return "inquiry_abandoned";
    case RescindCause::kPolicyChanged:
      return "policy_changed";
    case RescindCause::kTakenByAnother:
      return "taken_by_another";
    case RescindCause::kInquiryUpdated:
      return "inquiry_updated";
    case RescindCause::kNone:
      break;
  }
  return "none";
}

inline constexpr const char* Label(Target target) {
  switch (target) {
    case Target::kFirstResponse:
      break;
    case Target::kNextResponse:
      return "next_response";
    case Target::kResolution:
      return "resolution";
    case Target::kUpdate:
      return "update";
  }
  return "first_response";
}

inline constexpr const char* Label(RepeatReason reason) {
  switch (reason) {
    case RepeatReason::kSource:
      return "source";
    case RepeatReason::kRequest:
      return "request";
    case RepeatReason::kNone:
      break;
  }
  return "none";
}

inline constexpr const char* Label(WakeCause cause) {
  switch (cause) {
    case WakeCause::kOwner:
      return "owner";
    case WakeCause::kMessage:
      return "message";
    case WakeCause::kTime:
      return "time";
    case WakeCause::kNone:
      break;
  }
  return "none";
}

inline constexpr const char* Label(RequeueReason reason) {
  switch (reason) {
    case RequeueReason::kAgentRemoved:
      return "agent_removed";
    case RequeueReason::kNoReply:
      return "no_reply";
    case RequeueReason::kAgentGone:
      return "agent_gone";
    case RequeueReason::kTransferred:
      return "transferred";
    case RequeueReason::kNone:
      break;
  }
  return "none";
}

inline constexpr const char* Label(DeclineReason reason) {
  switch (reason) {
    case DeclineReason::kBusy:
      return "busy";
    case DeclineReason::kNotMySkill:
      return "not_my_skill";
    case DeclineReason::kKnowsCustomer:
      return "knows_customer";
    case DeclineReason::kTechnical:
      return "technical";
    case DeclineReason::kNone:
    case DeclineReason::kOther:
      break;
  }
  return "other";
}

}  // namespace usher::insights
