// ReviewInquiry, RateInquiry: what is said of inquiries afterwards. They are checked and told on.
#include <algorithm>

#include "engine/desk.h"
#include "model/limits.h"

namespace usher::engine {
namespace {

bool AreGood(const std::vector<Mark>& marks, const std::vector<CriterionName>& criteria) {
  if (marks.empty() || marks.size() > kCriteriaMax) return false;
  for (auto mark = marks.begin(); mark != marks.end(); ++mark) {
    if (mark->criterion.none() || mark->mark > kMarkMax) return false;
    const auto same = [&](const Mark& other) { return other.criterion == mark->criterion; };
    if (std::any_of(marks.begin(), mark, same)) return false;
    const bool known =
        std::find(criteria.begin(), criteria.end(), mark->criterion) != criteria.end();
    if (!criteria.empty() && !known) return false;
  }
  return true;
}

}  // namespace

void Engine::Desk::Do(const ReviewInquiry& command) {
  if (command.inquiry.none()) return Reject(RejectReason::kUnknownInquiry);
  if (command.agent.none() || command.reviewer.none()) return Reject(RejectReason::kUnknownAgent);
  if (command.agent == command.reviewer) return Reject(RejectReason::kNotPermitted);
  if (!AreGood(command.marks, rules_.policy().quality.criteria)) {
    return Reject(RejectReason::kBadMark);
  }
  Emit<InquiryReviewed>() = {command.inquiry, command.agent, command.reviewer, command.marks};
}

void Engine::Desk::Do(const RateInquiry& command) {
  if (command.inquiry.none()) return Reject(RejectReason::kUnknownInquiry);
  if (command.rating == 0 || command.rating > kRatingMax) return Reject(RejectReason::kBadRating);
  Emit<InquiryRated>() = {command.inquiry, command.rating};
}

}  // namespace usher::engine
