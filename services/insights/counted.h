// Counted: which metric an observation counts in, with which label, and from when on its series are
// there. One row for each kind of observation, in their order.
#pragma once

#include <cstddef>
#include <iterator>

#include "insights/counts.h"
#include "insights/labels.h"
#include "insights/metric_names.h"
#include "insights/observation.h"

namespace usher::insights {

struct Counted {
  Observation::Kind kind;
  MetricName metric;
  bool histogram = false;
  const char* label = nullptr;             // besides desk and queue
  const char* const* from_zero = nullptr;  // label values shown as 0 as soon as a queue is known;
                                           // ends with null
};

namespace counted {

inline constexpr const char* kPlain[] = {"", nullptr};
inline constexpr const char* kSteps[] = {kByTime, kNobodyFits, nullptr};
inline constexpr const char* kOfferOutcomes[] = {kMade,    kAccepted,  kDeclined,
                                                 kExpired, kRescinded, nullptr};
inline constexpr const char* kTargets[] = {"first_response", "next_response", "resolution",
                                           "update", nullptr};
inline constexpr const char* kOutcomes[] = {kCountPlaced,    kCountJoined,   kCountRejected,
                                            kCountAnswered,  kCountResolved, kCountAbandoned,
                                            kCountCancelled, nullptr};
using Kind = Observation::Kind;

}  // namespace counted

// A counter that appears with its first event has no increase by it: what alerts and service levels
// rest on begins at 0.
inline constexpr Counted kCounted[] = {
    {counted::Kind::kFirstResponse, kFirstResponse, true, "channel"},
    {counted::Kind::kOfferWait, kOfferWait, true},
    {counted::Kind::kAccept, kAccept, true},
    {counted::Kind::kHandling, kHandling, true},
    {counted::Kind::kOffer, kOffers, false, "outcome", counted::kOfferOutcomes},
    {counted::Kind::kDecline, kDeclines, false, "reason"},
    {counted::Kind::kAsked, kAsked, false, "reason"},
    {counted::Kind::kRescind, kRescinds, false, "cause"},
    {counted::Kind::kRequeue, kRequeues, false, "reason"},
    {counted::Kind::kRelax, kRelaxations, false, "reason", counted::kSteps},
    {counted::Kind::kEscalate, kEscalations, false, nullptr, counted::kPlain},
    {counted::Kind::kReserve, kReservations, false, nullptr, counted::kPlain},
    {counted::Kind::kStarve, kStarved, false, nullptr, counted::kPlain},
    {counted::Kind::kTargetBreach, kTargetBreaches, false, "target", counted::kTargets},
    {counted::Kind::kTargetWarning, kTargetWarnings, false, "target", counted::kTargets},
    {counted::Kind::kForecast, kForecasts, false, nullptr, counted::kPlain},
    {counted::Kind::kPause, kPauses, false, nullptr, counted::kPlain},
    {counted::Kind::kWake, kWakes, false, "cause"},
    {counted::Kind::kBreach, kBreaches, false, nullptr, counted::kPlain},
    {counted::Kind::kWarning, kWarnings, false, nullptr, counted::kPlain},
    {counted::Kind::kInquiry, kInquiries, false, "outcome", counted::kOutcomes},
    {counted::Kind::kNextResponse, kNextResponse, true},
    {counted::Kind::kResolution, kResolution, true},
    {counted::Kind::kRepeat, kRepeats, false, "reason"},
    {counted::Kind::kStrayReply, kStrayReplies},
};

constexpr bool CountedInOrder() {
  for (std::size_t i = 0; i < std::size(kCounted); ++i) {
    if (kCounted[i].kind != static_cast<Observation::Kind>(i)) return false;
  }
  return std::size(kCounted) == static_cast<std::size_t>(Observation::Kind::kPolicy);
}
static_assert(CountedInOrder());

}  // namespace usher::insights
