#include "usher/review_text.h"

#include <charconv>

#include "policy/time_zone.h"
#include "usher/question_text.h"
#include "usher/report_numbers.h"
#include "usher/report_period.h"

namespace usher {
namespace {

Instant At(const google::protobuf::Timestamp& time) {
  return FromMicros(time.seconds() * 1'000'000 + time.nanos() / 1'000);
}

const char* ReasonText(int reason) {
  switch (reason) {
    case v1::REVIEW_REASON_SHARE:
      return "drawn from all";
    case v1::REVIEW_REASON_ANGRY:
      return "angry";
    case v1::REVIEW_REASON_REPEAT:
      return "asked again";
    case v1::REVIEW_REASON_NEW_AGENT:
      return "new agent";
    default:
      return "another reason";
  }
}

}  // namespace

std::string ReviewsText(const v1::ListReviewsResponse& listed) {
  const policy::TimeZone zone = *policy::TimeZone::Load("UTC");
  std::string out;
  for (const v1::ReviewedInquiry& one : listed.inquiries()) {
    std::string why;
    for (const int reason : one.reasons())
      why += (why.empty() ? "" : ", ") + std::string(ReasonText(reason));
    out += MomentText(At(one.ended_at()), zone) + "  " + Printable(one.inquiry_id()) + "  " +
           (one.agent().empty() ? "-" : Printable(one.agent())) + "  " + Printable(one.queue()) +
           (one.topic().empty() ? "" : ", " + Printable(one.topic())) +
           (why.empty() ? "" : "  (" + why + ")") + "\n";
    for (const v1::ReviewView& review : one.reviews()) {
      out += "    " + Printable(review.reviewer()) + " on " + Printable(review.agent()) + ":";
      for (const v1::Mark& mark : review.marks()) {
        out += " " + Printable(mark.criterion()) + " " + std::to_string(mark.mark());
      }
      out += "\n";
    }
  }
  out += listed.waiting() == 0 ? "Nothing waits for a review.\n"
                               : WithCommas(listed.waiting()) + " waiting for a review.\n";
  if (!listed.next_page_token().empty()) {
    out += "More: --page " + Printable(listed.next_page_token()) + "\n";
  }
  return out;
}

absl::StatusOr<v1::Mark> ReadMark(const std::string& text) {
  const std::size_t split = text.rfind('=');
  v1::Mark mark;
  std::uint32_t number = 0;
  if (split != std::string::npos && split > 0) {
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + split + 1, end, number);
    if (error == std::errc() && stop == end) {
      mark.set_criterion(text.substr(0, split));
      mark.set_mark(number);
      return mark;
    }
  }
  return absl::InvalidArgumentError("'" + text + "' is no mark, such as tone=90");
}

}  // namespace usher
