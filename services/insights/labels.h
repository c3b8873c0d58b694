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
