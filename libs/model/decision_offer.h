// Decisions on offers: made, and how each ended.
#pragma once

#include <cstdint>

#include "core/time.h"
#include "model/names.h"
#include "model/reason.h"

namespace usher {

struct OfferMade {
  OfferId offer;
  InquiryId inquiry;
  AgentName agent;
  QueueName queue;
  Instant expires = kNever;  // kNever: accepted at once by the queue's rule
  OfferReason reason = OfferReason::kNone;
  friend bool operator==(const OfferMade&, const OfferMade&) = default;
};

// The inquiry is assigned to the agent from here on.
struct OfferAccepted {
  OfferId offer;
  InquiryId inquiry;
  AgentName agent;
  bool automatic = false;
  friend bool operator==(const OfferAccepted&, const OfferAccepted&) = default;
};

struct OfferDeclined {
  OfferId offer;
  InquiryId inquiry;
  AgentName agent;
  DeclineReason reason = DeclineReason::kNone;
  friend bool operator==(const OfferDeclined&, const OfferDeclined&) = default;
};

// Nobody answered it in its window.
struct OfferExpired {
  OfferId offer;
  InquiryId inquiry;
  AgentName agent;
  friend bool operator==(const OfferExpired&, const OfferExpired&) = default;
};

struct OfferRescinded {
  OfferId offer;
  InquiryId inquiry;
  AgentName agent;
  RescindCause cause = RescindCause::kNone;
  friend bool operator==(const OfferRescinded&, const OfferRescinded&) = default;
};

}  // namespace usher
