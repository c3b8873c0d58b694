#include "insights/reviews_rows.h"

#include "core/bytes.h"
#include "model/limits.h"

namespace usher::insights {
namespace {

constexpr std::uint8_t kFormat = 1;

void Put(ByteWriter& out, const Review& review) {
  out.Put(review.reviewer);
  out.At(review.at);
  out.I64(review.slot);
  PutKey(out, review.key);
  out.U32(static_cast<std::uint32_t>(review.marks.size()));
  for (const Mark& mark : review.marks) {
    out.Put(mark.criterion);
    out.U8(mark.mark);
  }
}

Review GetReview(ByteReader& in) {
  Review review;
  review.reviewer = in.GetName<AgentName>();
  review.at = in.At();
  review.slot = in.I64();
  review.key = GetKey(in);
  for (std::uint32_t left = in.Count(2); left > 0 && in.ok(); --left) {
    const auto criterion = in.GetName<CriterionName>();
    review.marks.push_back({criterion, in.U8()});
  }
  return review;
}

void PutNames(ByteWriter& out, const std::vector<CriterionName>& names) {
  out.U32(static_cast<std::uint32_t>(names.size()));
  for (const CriterionName& name : names) out.Put(name);
}

std::vector<CriterionName> GetNames(ByteReader& in) {
  std::vector<CriterionName> names;
  for (std::uint32_t left = in.Count(1); left > 0 && in.ok(); --left) {
    names.push_back(in.GetName<CriterionName>());
  }
  return names;
}

}  // namespace

std::string EncodeEnded(const EndedRow& row) {
  ByteWriter out;
  out.U8(kFormat);
  out.At(row.ended_at);
  PutKey(out, row.key);
  out.U8(row.said);
  out.U8(row.rating);
  if (row.rating == 0) return out.Take();
  out.I64(row.slot);
  PutKey(out, row.rated_key);
  return out.Take();
}

std::optional<EndedRow> DecodeEnded(std::string_view bytes) {
  ByteReader in(bytes);
  const std::uint8_t format = in.U8();
  EndedRow row;
  row.ended_at = in.At();
  row.key = GetKey(in);
  row.said = in.U8();
  row.rating = in.U8();
  if (row.rating > 0) {
    row.slot = in.I64();
    row.rated_key = GetKey(in);
  }
  if (format != kFormat || !in.done() || row.rating > kRatingMax) return std::nullopt;
  return row;
}

std::string EncodeReview(const ReviewRow& row) {
  ByteWriter out;
  out.U8(kFormat);
  out.Put(row.inquiry);
  out.At(row.ended_at);
  PutKey(out, row.key);
  out.U8(row.reasons);
  out.U32(static_cast<std::uint32_t>(row.reviews.size()));
  for (const Review& review : row.reviews) Put(out, review);
  return out.Take();
}

std::optional<ReviewRow> DecodeReview(std::string_view bytes) {
  ByteReader in(bytes);
  const std::uint8_t format = in.U8();
  ReviewRow row;
  row.inquiry = in.GetId<InquiryId>();
  row.ended_at = in.At();
  row.key = GetKey(in);
  row.reasons = in.U8();
  for (std::uint32_t left = in.Count(1); left > 0 && in.ok(); --left) {
    row.reviews.push_back(GetReview(in));
  }
  if (format != kFormat || !in.done() || row.reasons > kWantedAll) return std::nullopt;
  return row;
}

std::string EncodeReviewDesk(const ReviewDeskRow& row) {
  ByteWriter out;
  out.U8(kFormat);
  PutNames(out, row.quality.criteria);
  out.U16(row.quality.share_permille);
  out.U16(row.quality.angry_permille);
  out.U16(row.quality.repeats_permille);
  out.U16(row.quality.new_agents_permille);
  out.U32(row.quality.new_agents_first);
  out.For(row.quality.keep);
  PutNames(out, row.criteria);
  return out.Take();
}

std::optional<ReviewDeskRow> DecodeReviewDesk(std::string_view bytes) {
  ByteReader in(bytes);
  const std::uint8_t format = in.U8();
  ReviewDeskRow row;
  row.quality.criteria = GetNames(in);
  row.quality.share_permille = in.U16();
  row.quality.angry_permille = in.U16();
  row.quality.repeats_permille = in.U16();
  row.quality.new_agents_permille = in.U16();
  row.quality.new_agents_first = in.U32();
  row.quality.keep = in.For();
  row.criteria = GetNames(in);
  if (format != kFormat || !in.done() || row.criteria.size() > kCriteriaKnownMax) {
    return std::nullopt;
  }
  return row;
}

}  // namespace usher::insights
