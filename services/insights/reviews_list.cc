#include "insights/reviews_list.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "insights/keys.h"
#include "insights/reviews_rows.h"
#include "insights/store_away.h"
#include "journal/topics.h"
#include "support/status.h"
#include "wire/surface.h"

namespace usher::insights {
namespace {

constexpr std::uint32_t kPageDefault = 100;

// What a request asks for, checked.
struct Asked {
  DeskName desk;
  AgentName agent;           // empty: any
  std::uint8_t reasons = 0;  // 0: any
  bool reviewed = false;
  std::size_t size = kPageDefault;
  std::string after;  // ReviewKey() of the last one of the page before

  bool Wants(const ReviewRow& row) const {
    if (row.reviews.empty() == reviewed) return false;
    if (reasons != 0 && (row.reasons & reasons) == 0) return false;
    if (agent.none() || row.key.agent == agent) return true;
    return std::any_of(row.reviews.begin(), row.reviews.end(),
                       [this](const Review& one) { return one.key.agent == agent; });
  }
};

absl::StatusOr<Asked> Read(const v1::ListReviewsRequest& request) {
  Asked asked;
  USHER_TRY(asked.desk, wire::ParseName<DeskName>("desk", request.desk()));
  USHER_TRY(asked.agent,
            wire::ParseName<AgentName>("agent", request.agent(), wire::NameIs::kOptional));
  if (!v1::ReviewReason_IsValid(request.reason())) {
    return absl::InvalidArgumentError("reason: an unknown value");
  }
  if (request.reason() != v1::REVIEW_REASON_UNSPECIFIED) {
    asked.reasons = static_cast<std::uint8_t>(1 << (request.reason() - 1));
  }
  asked.reviewed = request.reviewed();
  if (request.page_size() > 0) asked.size = std::min(request.page_size(), kReviewsPageMax);
  asked.after = request.page_token();
  if (!asked.after.empty() && asked.after.size() != kReviewTimeDigits + kIdDigits) {
    return absl::InvalidArgumentError("page_token: is none that was given");
  }
  return asked;
}

void Tell(const ReviewRow& row, Duration keep, v1::ReviewedInquiry& to) {
  to.set_inquiry_id(row.inquiry.ToString());
  *to.mutable_ended_at() = wire::ToTimestamp(row.ended_at);
  to.set_agent(row.key.agent.ToString());
  to.set_queue(row.key.queue.ToString());
  to.set_channel(row.key.channel.ToString());
  to.set_topic(row.key.topic.ToString());
  to.set_language(row.key.language.ToString());
  for (int reason = v1::REVIEW_REASON_SHARE; reason <= v1::REVIEW_REASON_NEW_AGENT; ++reason) {
    if ((row.reasons >> (reason - 1) & 1) != 0) {
      to.add_reasons(static_cast<v1::ReviewReason>(reason));
    }
  }
  *to.mutable_until() = wire::ToTimestamp(row.ended_at + keep);
  for (const Review& review : row.reviews) {
    v1::ReviewView& told = *to.add_reviews();
    told.set_reviewer(review.reviewer.ToString());
    told.set_agent(review.key.agent.ToString());
    *told.mutable_at() = wire::ToTimestamp(review.at);
    for (const Mark& mark : review.marks) {
      v1::Mark& added = *told.add_marks();
      added.set_criterion(mark.criterion.ToString());
      added.set_mark(mark.mark);
    }
  }
}

// Nothing: no decision was made for the desk, or none since there are reviews.
absl::StatusOr<std::optional<ReviewDeskRow>> DeskRow(store::Store& store, const DeskName& desk,
                                                     std::int32_t partitions) {
  const auto bytes =
      store.GetRow(ReviewDeskTable(journal::PartitionOf(desk, partitions)), desk.ToString());
  if (!bytes.ok()) return StoreAway(bytes.status());
  return *bytes ? DecodeReviewDesk(**bytes) : std::nullopt;
}

}  // namespace

absl::StatusOr<std::vector<CriterionName>> CriteriaOf(store::Store& store, const DeskName& desk,
                                                      std::int32_t partitions) {
  USHER_TRY(const std::optional<ReviewDeskRow> row, DeskRow(store, desk, partitions));
  return row ? row->criteria : std::vector<CriterionName>();
}

absl::StatusOr<v1::ListReviewsResponse> ListReviews(store::Store& store, std::int32_t partitions,
                                                    const v1::ListReviewsRequest& request) {
  USHER_TRY(const Asked asked, Read(request));
  USHER_TRY(const std::optional<ReviewDeskRow> desk, DeskRow(store, asked.desk, partitions));
  if (!desk) {
    return absl::NotFoundError("desk: nothing was decided for " + asked.desk.ToString() +
                               " so far");
  }
  const auto rows = store.GetTable(ReviewTable(asked.desk));
  if (!rows.ok()) return StoreAway(rows.status());
  v1::ListReviewsResponse response;
  for (const CriterionName& criterion : desk->quality.criteria) {
    response.add_criteria(criterion.ToString());
  }
  std::string last;
  for (const auto& [key, bytes] : *rows) {
    const std::optional<ReviewRow> row = DecodeReview(bytes);
    if (!row) return absl::DataLossError("a review cannot be read");
    response.set_waiting(response.waiting() + (row->reviews.empty() ? 1 : 0));
    if (key <= asked.after || !asked.Wants(*row)) continue;
    if (static_cast<std::size_t>(response.inquiries_size()) < asked.size) {
      Tell(*row, desk->quality.keep, *response.add_inquiries());
      last = key;
    } else {
      response.set_next_page_token(last);
    }
  }
  return response;
}

}  // namespace usher::insights
