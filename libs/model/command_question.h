// Questions that need the live state: answered by a decision, at one place of the log.
#pragma once

#include "model/names.h"
#include "model/policy.h"

namespace usher {

// Asks how long a waiting inquiry still waits.
struct EstimateWait {
  InquiryId inquiry;
  friend bool operator==(const EstimateWait&, const EstimateWait&) = default;
};

// Asks why an inquiry waits, and for whom.
struct ExplainInquiry {
  InquiryId inquiry;
  friend bool operator==(const ExplainInquiry&, const ExplainInquiry&) = default;
};

// Asks what a policy would move. Changes nothing.
struct PreviewPolicy {
  Policy policy;
  friend bool operator==(const PreviewPolicy&, const PreviewPolicy&) = default;
};

}  // namespace usher
