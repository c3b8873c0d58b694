#include "wire/quality.h"

#include "model/limits.h"

namespace usher::wire {
namespace {

constexpr std::uint32_t kWholeShare = 1000;

std::uint16_t TakeShare(const char* field, std::uint32_t permille, FieldCheck& check) {
  return static_cast<std::uint16_t>(check.TakeNumber(field, permille, kWholeShare));
}

std::uint8_t TakeRating(std::uint32_t rating, FieldCheck& check) {
  if (rating == 0) check.Refuse("rating", "1 to 5");
  return static_cast<std::uint8_t>(check.TakeNumber("rating", rating, kRatingMax));
}

template <class Proto>
void PutReview(const auto& from, Proto& to) {
  to.set_inquiry(IdBytes(from.inquiry));
  to.set_agent(from.agent.ToString());
  to.set_reviewer(from.reviewer.ToString());
  for (const Mark& mark : from.marks) {
    v1::Mark& added = *to.add_marks();
    added.set_criterion(mark.criterion.ToString());
    added.set_mark(mark.mark);
  }
}

template <class Model>
Model TakeReview(const auto& from, FieldCheck& check) {
  Model to;
  to.inquiry = check.TakeId<InquiryId>("inquiry", from.inquiry(), Field::kRequired);
  to.agent = check.TakeName<AgentName>("agent", from.agent());
  to.reviewer = check.TakeName<AgentName>("reviewer", from.reviewer());
  to.marks = FromProto(from.marks(), check);
  return to;
}

}  // namespace

void ToProto(const Quality& from, v1::Quality& to) {
  for (const CriterionName& criterion : from.criteria) to.add_criteria(criterion.ToString());
  to.set_share_permille(from.share_permille);
  to.set_angry_permille(from.angry_permille);
  to.set_repeats_permille(from.repeats_permille);
  to.set_new_agents_permille(from.new_agents_permille);
  to.set_new_agents_first(from.new_agents_first);
  to.set_keep_us(from.keep.count());
}

void ToProto(const ReviewInquiry& from, v1::ReviewInquiry& to) { PutReview(from, to); }
void ToProto(const InquiryReviewed& from, v1::InquiryReviewed& to) { PutReview(from, to); }

void ToProto(const RateInquiry& from, v1::RateInquiry& to) {
  to.set_inquiry(IdBytes(from.inquiry));
  to.set_rating(from.rating);
}

void ToProto(const InquiryRated& from, v1::InquiryRated& to) {
  to.set_inquiry(IdBytes(from.inquiry));
  to.set_rating(from.rating);
}

Quality FromProto(const v1::Quality& from, FieldCheck& check) {
  const FieldCheck::Inside inside(check, "quality");
  Quality to;
  if (check.CheckCount("criteria", from.criteria_size(), kCriteriaMax)) {
    for (const std::string& criterion : from.criteria()) {
      to.criteria.push_back(check.TakeName<CriterionName>("criteria", criterion));
    }
  }
  to.share_permille = TakeShare("share_permille", from.share_permille(), check);
  to.angry_permille = TakeShare("angry_permille", from.angry_permille(), check);
  to.repeats_permille = TakeShare("repeats_permille", from.repeats_permille(), check);
  to.new_agents_permille = TakeShare("new_agents_permille", from.new_agents_permille(), check);
  to.new_agents_first =
      check.TakeNumber("new_agents_first", from.new_agents_first(), kFirstInquiriesMax);
  to.keep = check.TakeSpan("keep_us", from.keep_us());
  return to;
}

std::vector<Mark> FromProto(const MarkList& from, FieldCheck& check) {
  std::vector<Mark> to;
  if (!check.CheckCount("marks", from.size(), kCriteriaMax)) return to;
  to.reserve(static_cast<std::size_t>(from.size()));
  for (int i = 0; i < from.size(); ++i) {
    const FieldCheck::Inside inside(check, "marks", i);
    to.push_back({check.TakeName<CriterionName>("criterion", from[i].criterion()),
                  static_cast<std::uint8_t>(check.TakeNumber("mark", from[i].mark(), kMarkMax))});
  }
  return to;
}

ReviewInquiry FromProto(const v1::ReviewInquiry& from, FieldCheck& check) {
  return TakeReview<ReviewInquiry>(from, check);
}

InquiryReviewed FromProto(const v1::InquiryReviewed& from, FieldCheck& check) {
  return TakeReview<InquiryReviewed>(from, check);
}

RateInquiry FromProto(const v1::RateInquiry& from, FieldCheck& check) {
  return {check.TakeId<InquiryId>("inquiry", from.inquiry(), Field::kRequired),
          TakeRating(from.rating(), check)};
}

InquiryRated FromProto(const v1::InquiryRated& from, FieldCheck& check) {
  return {check.TakeId<InquiryId>("inquiry", from.inquiry(), Field::kRequired),
          TakeRating(from.rating(), check)};
}

}  // namespace usher::wire
