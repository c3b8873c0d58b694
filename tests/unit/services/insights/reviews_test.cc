#include "insights/reviews.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "core/hash.h"
#include "everything.h"
#include "facts_shop.h"
#include "insights/keys.h"
#include "insights/reviews_list.h"

namespace usher::insights {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const InquiryId kOne = InquiryId::Of("one");
const InquiryId kTwo = InquiryId::Of("two");
const CriterionName kTone = CriterionName::Of("tone");
const CriterionName kSolution = CriterionName::Of("solution");

Quality Shares(std::uint16_t all, std::uint16_t angry = 0, std::uint16_t repeats = 0,
               std::uint16_t new_agents = 0, std::uint32_t first = 0) {
  return {{kTone, kSolution}, all, angry, repeats, new_agents, first, 48h};
}

// Decisions on what is said afterwards, over a FactsShop.
struct ReviewShop : FactsShop {
  void Policy(const Quality& quality) { Say(PolicyApplied{"v1", 0, quality}); }
  void Finish(const InquiryId& id, const char* agent = "ana") {
    Offer(id, agent);
    Accept(id, agent);
    Say(InquiryResolved{id, AgentName::Of(agent), 1s, 1s});
  }
  void Rate(const InquiryId& id, std::uint8_t rating) { Say(InquiryRated{id, rating}); }
  void Review(const InquiryId& id, std::vector<Mark> marks, const char* reviewer = "sue",
              const char* agent = "ana") {
    Say(InquiryReviewed{id, AgentName::Of(agent), AgentName::Of(reviewer), std::move(marks)});
  }
  v1::ListReviewsResponse List(const std::function<void(v1::ListReviewsRequest&)>& change = {}) {
    shop.Commit(view);
    v1::ListReviewsRequest request;
    request.set_desk("shop");
    if (change) change(request);
    const auto listed = ListReviews(*shop.store, 1, request);
    EXPECT_TRUE(listed.ok()) << listed.status();
    return listed.value_or(v1::ListReviewsResponse());
  }
};

std::vector<std::string> Ids(const v1::ListReviewsResponse& listed) {
  std::vector<std::string> ids;
  for (const v1::ReviewedInquiry& one : listed.inquiries()) ids.push_back(one.inquiry_id());
  return ids;
}

const v1::ReportFigures& Row(const v1::GetReportResponse& report, int section,
                             const std::string& key) {
  static const v1::ReportFigures kNone;
  for (const v1::ReportRow& row : report.sections(section).rows()) {
    if (row.key() == key) return row.figures();
  }
  ADD_FAILURE() << "no row " << key;
  return kNone;
}

template <class RowType, class Decode>
void ExpectSafe(const RowType& row, const std::string& bytes, const Decode& decode) {
  EXPECT_EQ(decode(bytes), row);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode(bytes.substr(0, size))) << size;
  }
  EXPECT_FALSE(decode(bytes + "x"));
}

TEST(Reviews, RowsComeBackFromTheirBytes) {
  FactKey key;
  key.queue = QueueName::Of("live");
  key.agent = AgentName::Of("ana");
  const EndedRow ended{kMonday, key, 4, 77, MoreKey(), 3};
  ExpectSafe(ended, EncodeEnded(ended), &DecodeEnded);
  const EndedRow unrated{kMonday, key, 0, 0, {}, 0};
  ExpectSafe(unrated, EncodeEnded(unrated), &DecodeEnded);
  const ReviewRow review{kOne,
                         kMonday,
                         key,
                         kWantedAngry | kWantedNewAgent,
                         {{AgentName::Of("sue"), kMonday, 5, key, {{kTone, 90}, {kSolution, 0}}}}};
  ExpectSafe(review, EncodeReview(review), &DecodeReview);
  const ReviewDeskRow desk{Shares(1, 2, 3, 4, 5), {kSolution, kTone}};
  ExpectSafe(desk, EncodeReviewDesk(desk), &DecodeReviewDesk);
}

TEST(Reviews, WhatIsDrawnFollowsFromTheIdAlone) {
  std::uint32_t below = 0;
  for (std::uint64_t i = 1; i <= 10'000; ++i) {
    below += DrawOf(InquiryId::FromNumber(i)) < 250 ? 1 : 0;
  }
  EXPECT_GT(below, 2'300u);
  EXPECT_LT(below, 2'700u);
  EXPECT_EQ(DrawOf(kOne), DrawOf(InquiryId::Of("one")));
}

TEST(Reviews, EachReasonWantsItsShare) {
  ReviewShop desk;
  desk.Policy(Shares(0, 1000, 1000, 1000, 2));
  desk.Say(AgentRegistered{AgentName::Of("robot"), {}, 1, {}, {}, false, false, true});
  const auto place = [&desk](const char* id, Sentiment mood, bool repeat) {
    desk.After(1s);
    InquiryPlaced placed;
    placed.inquiry = InquiryId::Of(id);
    placed.queue = QueueName::Of("live");
    placed.features.sentiment = mood;
    placed.repeat = repeat;
    desk.Say(placed);
  };
  place("first", Sentiment::kNeutral, false);
  desk.Finish(InquiryId::Of("first"));
  place("second", Sentiment::kNegative, true);
  desk.Finish(InquiryId::Of("second"));
  place("plain", Sentiment::kPositive, false);
  desk.Finish(InquiryId::Of("plain"));
  place("angry", Sentiment::kNegative, false);
  desk.Finish(InquiryId::Of("angry"));
  place("bots", Sentiment::kNegative, true);
  desk.Finish(InquiryId::Of("bots"), "robot");
  place("gone", Sentiment::kNegative, true);
  desk.Say(InquiryAbandoned{InquiryId::Of("gone"), 1s});

  const v1::ListReviewsResponse listed = desk.List();
  EXPECT_THAT(Ids(listed),
              ElementsAre(InquiryId::Of("first").ToString(), InquiryId::Of("second").ToString(),
                          InquiryId::Of("angry").ToString()));
  EXPECT_EQ(listed.waiting(), 3u);
  EXPECT_THAT(listed.criteria(), ElementsAre("tone", "solution"));
  EXPECT_THAT(listed.inquiries(0).reasons(), ElementsAre(v1::REVIEW_REASON_NEW_AGENT));
  EXPECT_THAT(
      listed.inquiries(1).reasons(),
      ElementsAre(v1::REVIEW_REASON_ANGRY, v1::REVIEW_REASON_REPEAT, v1::REVIEW_REASON_NEW_AGENT));
  EXPECT_THAT(listed.inquiries(2).reasons(), ElementsAre(v1::REVIEW_REASON_ANGRY));
  EXPECT_EQ(desk.Day().total().wanted(), 3u);
}

TEST(Reviews, NothingIsWantedWithoutAPolicyThatSaysSo) {
  ReviewShop desk;
  desk.Place(kOne);
  desk.Finish(kOne);
  EXPECT_THAT(Ids(desk.List()), IsEmpty());
  desk.Policy(Shares(1000));
  desk.Place(kTwo);
  desk.Finish(kTwo);
  EXPECT_THAT(Ids(desk.List()), ElementsAre(kTwo.ToString()));
}

TEST(Reviews, AreListedByPageAgentAndReason) {
  ReviewShop desk;
  desk.Policy(Shares(1000, 1000));
  std::vector<std::string> all;
  for (int i = 1; i <= 5; ++i) {
    const InquiryId id = InquiryId::FromNumber(static_cast<std::uint64_t>(i));
    desk.After(1s);
    desk.Place(id);
    desk.Finish(id, i % 2 == 0 ? "bob" : "ana");
    all.push_back(id.ToString());
  }
  std::vector<std::string> seen;
  std::string token;
  int pages = 0;
  do {
    const v1::ListReviewsResponse page = desk.List([&](v1::ListReviewsRequest& request) {
      request.set_page_size(2);
      request.set_page_token(token);
    });
    for (const std::string& id : Ids(page)) seen.push_back(id);
    token = page.next_page_token();
    ASSERT_LE(++pages, 3);
  } while (!token.empty());
  EXPECT_EQ(seen, all);
  EXPECT_EQ(pages, 3);

  desk.Review(InquiryId::FromNumber(2), {{kTone, 70}}, "sue", "bob");
  EXPECT_THAT(Ids(desk.List([](auto& request) { request.set_agent("bob"); })), ElementsAre(all[3]));
  const v1::ListReviewsResponse reviewed =
      desk.List([](auto& request) { request.set_reviewed(true); });
  ASSERT_THAT(Ids(reviewed), ElementsAre(all[1]));
  EXPECT_EQ(reviewed.waiting(), 4u);
  EXPECT_EQ(reviewed.inquiries(0).reviews(0).reviewer(), "sue");
  EXPECT_EQ(reviewed.inquiries(0).reviews(0).marks(0).mark(), 70u);
  EXPECT_EQ(reviewed.inquiries(0).queue(), "live");
  EXPECT_THAT(Ids(desk.List([](auto& request) { request.set_reason(v1::REVIEW_REASON_ANGRY); })),
              IsEmpty());

  v1::ListReviewsRequest bad;
  bad.set_desk("shop");
  bad.set_page_token("x");
  EXPECT_EQ(ListReviews(*desk.shop.store, 1, bad).status().code(),
            absl::StatusCode::kInvalidArgument);
  bad.set_desk("elsewhere");
  bad.clear_page_token();
  EXPECT_EQ(ListReviews(*desk.shop.store, 1, bad).status().code(), absl::StatusCode::kNotFound);
}

TEST(Reviews, ALaterReviewOfTheSameReviewerReplacesTheFirstWhereverThatWasCounted) {
  ReviewShop desk;
  desk.Policy(Shares(0));
  desk.Place(kOne);
  desk.Finish(kOne);
  desk.Review(kOne, {{kTone, 10}, {kSolution, 20}});
  desk.Review(kOne, {{kTone, 50}});  // in the same quarter of an hour
  v1::GetReportResponse report = desk.Day({v1::REPORT_GROUP_AGENT});
  EXPECT_EQ(report.total().reviews(), 1u);
  ASSERT_EQ(report.total().marks_size(), 1);
  EXPECT_EQ(report.total().marks(0).criterion(), "tone");
  EXPECT_EQ(report.total().marks(0).mean(), 50);

  desk.Review(kOne, {{kTone, 100}}, "max");  // another reviewer counts besides
  desk.After(2h);
  desk.Review(kOne, {{kTone, 70}, {kSolution, 90}}, "sue", "bob");  // it was bob after all
  report = desk.Day({v1::REPORT_GROUP_HOUR, v1::REPORT_GROUP_AGENT, v1::REPORT_GROUP_TOPIC});
  EXPECT_EQ(report.total().reviews(), 2u);
  EXPECT_DOUBLE_EQ(report.total().mark(), (100 + 70 + 90) / 3.0);
  EXPECT_EQ(Row(report, 0, "2023-11-20T00:00+00:00").reviews(), 1u);
  EXPECT_EQ(Row(report, 0, "2023-11-20T00:00+00:00").mark(), 100);
  EXPECT_EQ(Row(report, 0, "2023-11-20T02:00+00:00").mark(), 80);
  EXPECT_EQ(Row(report, 1, "ana").reviews(), 1u);
  EXPECT_EQ(Row(report, 1, "bob").mark(), 80);
  EXPECT_EQ(Row(report, 2, "delivery").reviews(), 2u);
}

TEST(Reviews, AnInquiryCountsByItsLastRating) {
  ReviewShop desk;
  desk.Place(kOne);
  desk.Finish(kOne);
  desk.Rate(kOne, 1);
  desk.Rate(kOne, 2);
  desk.After(24h);
  desk.Rate(kOne, 5);
  EXPECT_EQ(desk.Day().total().ratings().count(), 0u) << "the day of those that were replaced";
  desk.Place(kTwo);
  desk.Rate(kTwo, 3);  // before its end
  desk.Offer(kTwo, "bob");
  desk.Accept(kTwo, "bob");
  desk.Say(InquiryResolved{kTwo, AgentName::Of("bob"), 1s, 1s});
  desk.Rate(kTwo, 4);
  desk.Rate(InquiryId::Of("nobody knows it"), 1);
  const v1::GetReportResponse report =
      desk.Day({v1::REPORT_GROUP_AGENT, v1::REPORT_GROUP_QUEUE}, kMonday + 24h);
  const v1::ReportRatings& ratings = report.total().ratings();
  EXPECT_THAT(ratings.by_rating(), ElementsAre(1, 0, 0, 1, 1));
  EXPECT_EQ(ratings.count(), 3u);
  EXPECT_DOUBLE_EQ(ratings.mean(), 10 / 3.0);
  EXPECT_DOUBLE_EQ(ratings.satisfied(), 2 / 3.0);
  EXPECT_EQ(Row(report, 0, "ana").ratings().mean(), 5);
  EXPECT_EQ(Row(report, 0, "bob").ratings().mean(), 4);
  EXPECT_EQ(Row(report, 1, "live").ratings().count(), 2u);
  EXPECT_EQ(Row(report, 1, "unknown").ratings().count(), 1u);
}

TEST(Reviews, WhatNobodyReviewsInTimeLapses) {
  ReviewShop desk;
  desk.Policy(Shares(1000));
  for (const InquiryId& id : {kOne, kTwo}) {
    desk.Place(id);
    desk.Finish(id);
  }
  desk.Review(kTwo, {{kTone, 60}});
  desk.After(48h - 1us);
  desk.Presence("ana", Presence::kAway);
  EXPECT_EQ(desk.List().waiting(), 1u);
  desk.After(1us);
  desk.Presence("ana", Presence::kOffline);
  EXPECT_EQ(desk.List().waiting(), 0u);
  EXPECT_THAT(Ids(desk.List([](auto& request) { request.set_reviewed(true); })), IsEmpty());
  EXPECT_EQ(desk.Day({}, kMonday + 48h).total().lapsed(), 1u);
  EXPECT_EQ(desk.Day().total().reviews(), 1u) << "what was said stays";
}

TEST(Reviews, AreBoundedTheOldestGivesWay) {
  ReviewShop desk;
  desk.Policy(Shares(1000));
  for (std::uint64_t i = 1; i <= kReviewsMax + 3; ++i) {
    const InquiryId id = InquiryId::FromNumber(i);
    desk.Place(id);
    desk.Finish(id);
  }
  const v1::ListReviewsResponse listed =
      desk.List([](auto& request) { request.set_page_size(kReviewsPageMax); });
  EXPECT_EQ(listed.waiting(), kReviewsMax);
  EXPECT_EQ(listed.inquiries_size(), static_cast<int>(kReviewsPageMax));
  EXPECT_EQ(desk.Day().total().lapsed(), 3u);
  EXPECT_EQ(desk.Day().total().wanted(), kReviewsMax + 3);
}

TEST(Reviews, TheTimelineOfAnEndedInquiryTellsThem) {
  ReviewShop desk;
  desk.Place(kOne);
  desk.Finish(kOne);
  for (int i = 0; i < kSaidMax + 10; ++i) desk.Rate(kOne, 5);
  desk.shop.Commit(desk.view);
  v1::GetInquiryRequest request;
  request.set_desk("shop");
  request.set_inquiry_id(kOne.ToString());
  const auto found = GetInquiry(*desk.shop.store, 1, request);
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_EQ(found->timeline_size(), 4 + kSaidMax);
  EXPECT_EQ(found->timeline(4).sentence(), "The customer rated it 5 of 5.");
}

// Random lives, reviews and ratings; `each` is called after every decision.
void Live(ReviewShop& desk, std::uint64_t seed, const std::function<void()>& each) {
  std::uint64_t random = seed;
  const auto draw = [&random](std::uint64_t below) {
    random = Mix64(random + 0x9e3779b97f4a7c15ULL);
    return random % below;
  };
  const char* agents[] = {"ana", "bob", "eva"};
  desk.Policy(Shares(300, 500, 500, 700, 3));
  for (int i = 1; i <= 120; ++i) {
    const InquiryId id = InquiryId::FromNumber(static_cast<std::uint64_t>(i));
    const InquiryId other = InquiryId::FromNumber(1 + draw(static_cast<std::uint64_t>(i)));
    desk.After(std::chrono::seconds(draw(4'000)));
    desk.Place(id);
    each();
    if (draw(5) > 0) desk.Finish(id, agents[draw(3)]);
    each();
    if (draw(2) > 0) desk.Rate(other, static_cast<std::uint8_t>(1 + draw(5)));
    each();
    const auto mark = static_cast<std::uint8_t>(draw(101));
    if (draw(2) > 0) desk.Review(other, {{draw(2) > 0 ? kTone : kSolution, mark}}, agents[draw(2)]);
    each();
    if (i == 60) desk.Policy(Shares(100, 0, 0, 0, 0));
    if (draw(40) == 0) desk.Say(AgentRemoved{AgentName::Of(agents[draw(3)])});
    each();
  }
}

TEST(Reviews, ARestartAnywhereChangesNothing) {
  ReviewShop whole;
  Live(whole, 7, [] {});
  whole.shop.Commit(whole.view);
  ReviewShop broken;
  Live(broken, 7, [&broken] {
    broken.shop.Commit(broken.view);
    absl::StatusOr<View> loaded = View::Load(*broken.shop.store, 0, kTtl);
    ASSERT_TRUE(loaded.ok()) << loaded.status();
    ASSERT_TRUE(loaded->watermark());
    broken.view = *std::move(loaded);
  });
  EXPECT_EQ(Everything(whole.shop.stores), Everything(broken.shop.stores));
}

TEST(Reviews, AViewThatIsBuiltAnewMakesTheSame) {
  ReviewShop desk;
  Live(desk, 8, [] {});
  desk.shop.Commit(desk.view);
  const auto before = Everything(desk.shop.stores);
  desk.shop.stores.content().values.erase(WatermarkKey(0));  // all else is still there
  ReviewShop anew;
  Live(anew, 8, [] {});
  const std::optional<store::Batch> batch = anew.view.MakeBatch();
  ASSERT_TRUE(batch);
  ASSERT_TRUE(*desk.shop.store->Apply(*batch));
  EXPECT_EQ(Everything(desk.shop.stores), before);
}

}  // namespace
}  // namespace usher::insights
