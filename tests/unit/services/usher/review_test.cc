#include <gtest/gtest.h>

#include "usher/review_text.h"

namespace usher {
namespace {

TEST(ReviewText, ListsWhatWaitsAndWhyAndWhatWasSaid) {
  v1::ListReviewsResponse listed;
  EXPECT_EQ(ReviewsText(listed), "Nothing waits for a review.\n");
  v1::ReviewedInquiry* one = listed.add_inquiries();
  one->set_inquiry_id("00ff");
  one->mutable_ended_at()->set_seconds(1'792'924'200);
  one->set_agent("ana");
  one->set_queue("live\x1b[2J");
  one->set_topic("delivery");
  one->add_reasons(v1::REVIEW_REASON_ANGRY);
  one->add_reasons(v1::REVIEW_REASON_NEW_AGENT);
  v1::ReviewView* review = one->add_reviews();
  review->set_reviewer("sue");
  review->set_agent("ana");
  v1::Mark* mark = review->add_marks();
  mark->set_criterion("tone");
  mark->set_mark(90);
  listed.set_waiting(12);
  listed.set_next_page_token("77");
  const std::string text = ReviewsText(listed);
  for (const char* part :
       {"25 October 2026, 10:30  00ff  ana  live", ", delivery  (angry, new agent)\n",
        "    sue on ana: tone 90\n", "12 waiting for a review.\n", "More: --page 77\n"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << " in " << text;
  }
  EXPECT_EQ(text.find('\x1b'), std::string::npos) << "names must not move the cursor";
}

TEST(ReviewText, ReadsMarks) {
  EXPECT_EQ(ReadMark("tone=90")->criterion(), "tone");
  EXPECT_EQ(ReadMark("a=b=7")->criterion(), "a=b");
  EXPECT_EQ(ReadMark("a=b=7")->mark(), 7u);
  for (const char* bad : {"tone", "=5", "tone=", "tone=9x", "tone=-1", ""}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ReadMark(bad).status())) << bad;
  }
}

}  // namespace
}  // namespace usher
