// ReferenceEngine: ReviewInquiry and RateInquiry of libs/engine/README.md.
#include <set>

#include "kit/reference_engine.h"

namespace usher::kit {

void ReferenceEngine::Do(const ReviewInquiry& c) {
  if (c.inquiry.none()) return Reject(RejectReason::kUnknownInquiry);
  if (c.agent.none()) return Reject(RejectReason::kUnknownAgent);
  if (c.reviewer.none()) return Reject(RejectReason::kUnknownAgent);
  if (c.agent == c.reviewer) return Reject(RejectReason::kNotPermitted);
  std::set<CriterionName> criteria(desk_.policy.quality.criteria.begin(),
                                   desk_.policy.quality.criteria.end());
  std::set<CriterionName> marked;
  bool good = true;
  for (const usher::Mark& mark : c.marks) {
    if (mark.criterion.none() || mark.mark > 100) good = false;
    if (!criteria.empty() && criteria.count(mark.criterion) == 0) good = false;
    marked.insert(mark.criterion);
  }
  if (!good || c.marks.empty() || c.marks.size() > 16 || marked.size() != c.marks.size()) {
    return Reject(RejectReason::kBadMark);
  }
  Emit(InquiryReviewed{c.inquiry, c.agent, c.reviewer, c.marks});
}

void ReferenceEngine::Do(const RateInquiry& c) {
  if (c.inquiry.none()) return Reject(RejectReason::kUnknownInquiry);
  if (c.rating < 1 || c.rating > 5) return Reject(RejectReason::kBadRating);
  Emit(InquiryRated{c.inquiry, c.rating});
}

}  // namespace usher::kit
