#include "insights/view.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "core/hash.h"
#include "everything.h"
#include "insights/keys.h"
#include "insights/service.h"
#include "one_inquiry.h"
#include "store/sim/sim_store.h"
#include "story.h"
#include "wire/surface.h"

namespace usher::insights {
namespace {

std::map<std::string, std::uint64_t> TotalsOf(const v1::GetSummaryResponse& summary) {
  std::map<std::string, std::uint64_t> totals = {
      {"placed", summary.placed()},       {"joined", summary.joined()},
      {"rejected", summary.rejected()},   {"answered", summary.answered()},
      {"resolved", summary.resolved()},   {"abandoned", summary.abandoned()},
      {"cancelled", summary.cancelled()}, {"breached", summary.breached()},
      {"relaxed", summary.relaxed()},     {"escalated", summary.escalated()},
      {"reserved", summary.reserved()},   {"starved", summary.starved()},
      {"updated", summary.updated()}};
  const auto add = [&totals](const std::string& family, const auto& counts) {
    for (const v1::NamedCount& count : counts) totals[family + count.name()] = count.count();
  };
  add("queue/", summary.by_queue());
  add("language/", summary.by_language());
  add("topic/", summary.by_topic());
  add("offer/", summary.offers());
  add("requeue/", summary.requeues());
  return totals;
}

TEST(View, AddsUpToWhatAPlainRecountSays) {
  const std::vector<wire::DecisionRecord> story = Story(7).Tell(4'000);
  Shop shop;
  View view(0, kTtl);
  shop.Take(view, story, 0, story.size(), 37);
  for (const auto& [desk, recount] : CountAgain(story)) {
    const auto summary = GetSummary(*shop.store, 1, SummaryOf(desk));
    ASSERT_TRUE(summary.ok()) << summary.status();
    for (const auto& [name, count] : TotalsOf(*summary)) {
      const auto told = recount.totals.find(name);
      EXPECT_EQ(count, told == recount.totals.end() ? 0 : told->second) << desk << " " << name;
    }
    EXPECT_GT(summary->placed(), 100);
    EXPECT_GT(summary->updated(), 0);
    EXPECT_EQ(summary->requeues_size(), 4);
    EXPECT_EQ(summary->first_response().rbegin()->count(), summary->answered());

    v1::ListQueuesRequest request;
    request.set_desk(desk);
    const auto queues = ListQueues(*shop.store, 1, request);
    ASSERT_TRUE(queues.ok()) << queues.status();
    EXPECT_EQ(queues->queues_size(), 3);
    for (const v1::QueueView& queue : queues->queues()) {
      const auto count = [&queue](const std::map<std::string, std::uint64_t>& counts) {
        const auto found = counts.find(queue.queue());
        return found == counts.end() ? 0 : found->second;
      };
      EXPECT_EQ(queue.waiting(), count(recount.waiting)) << desk << " " << queue.queue();
      EXPECT_EQ(queue.assigned(), count(recount.assigned)) << desk << " " << queue.queue();
      EXPECT_EQ(queue.has_oldest_placed_at(), queue.waiting() > 0);
      EXPECT_EQ(queue.foretold(), count(recount.foretold)) << desk << " " << queue.queue();
      const auto due = recount.earliest_due.find(queue.queue());
      EXPECT_EQ(queue.has_earliest_due_at(), due != recount.earliest_due.end());
      if (due != recount.earliest_due.end()) {
        EXPECT_EQ(*wire::FromTimestamp("due", queue.earliest_due_at()), due->second);
      }
    }
  }
}

TEST(View, IsTheSameAfterALoadAtEveryBatch) {
  const std::vector<wire::DecisionRecord> story = Story(8).Tell(1'200);
  Shop straight;
  View one(0, kTtl);
  straight.Take(one, story, 0, story.size(), 1'000'000);

  Shop restarted;
  for (std::size_t i = 0; i < story.size(); i += 7) {
    absl::StatusOr<View> view = View::Load(*restarted.store, 0, kTtl);
    ASSERT_TRUE(view.ok()) << view.status();
    ASSERT_EQ(view->watermark().has_value(), i > 0);
    restarted.Take(*view, story, i, std::min(i + 7, story.size()), 3);
  }
  EXPECT_EQ(Everything(restarted.stores), Everything(straight.stores));
}

TEST(View, IsTheSameWhenBuiltAnewOverWhatIsLeft) {
  const std::vector<wire::DecisionRecord> story = Story(9).Tell(1'000);
  Shop straight;
  View one(0, kTtl);
  straight.Take(one, story, 0, story.size(), 50);

  for (const bool all : {true, false}) {
    Shop shop;
    View before(0, kTtl);
    shop.Take(before, story, 0, 600, 50);
    if (all) {
      shop.stores.FlushAll();
    } else {
      shop.stores.content().values.erase(WatermarkKey(0));
    }
    absl::StatusOr<View> after = View::Load(*shop.store, 0, kTtl);
    ASSERT_TRUE(after.ok());
    EXPECT_FALSE(after->watermark());
    shop.Take(*after, story, 0, story.size(), 41);
    EXPECT_EQ(Everything(shop.stores), Everything(straight.stores)) << all;
  }
}

TEST(View, IsBuiltAnewWhenTheStoreHoldsWhatNoViewWrote) {
  const std::vector<wire::DecisionRecord> story = Story(10).Tell(500);
  Shop straight;
  View one(0, kTtl);
  straight.Take(one, story, 0, story.size(), 50);
  const std::string good = straight.stores.content().values.at(WatermarkKey(0)).bytes;

  for (const std::string& damage : {WatermarkKey(0), OpenTable(0), AgentTable(0)}) {
    Shop shop;
    View before(0, kTtl);
    shop.Take(before, story, 0, 400, 50);
    if (damage == WatermarkKey(0)) {
      shop.stores.content().values[damage].bytes = "no watermark";
    } else {
      shop.stores.content().tables[damage].begin()->second += "x";
    }
    absl::StatusOr<View> after = View::Load(*shop.store, 0, kTtl);
    ASSERT_TRUE(after.ok());
    EXPECT_FALSE(after->watermark()) << damage;
    shop.Take(*after, story, 0, story.size(), 50);
    EXPECT_EQ(Everything(shop.stores), Everything(straight.stores)) << damage;
  }
}

TEST(View, ChangesNothingInAStoreThatAnotherOwnerMoved) {
  const std::vector<wire::DecisionRecord> story = Story(11).Tell(300);
  Shop shop;
  View stale(0, kTtl);
  shop.Take(stale, story, 0, 100, 10);
  absl::StatusOr<View> owner = View::Load(*shop.store, 0, kTtl);
  ASSERT_TRUE(owner.ok());
  shop.Take(*owner, story, 100, 200, 10);
  const auto before = Everything(shop.stores);

  stale.Take(story[100], wire::EncodeDecision(story[100]), 100);
  EXPECT_FALSE(*shop.store->Apply(*stale.MakeBatch()));
  EXPECT_EQ(Everything(shop.stores), before);
}

TEST(View, HasNoBatchWhenNothingWasTaken) {
  Shop shop;
  EXPECT_FALSE(View(0, kTtl).MakeBatch());
  const std::vector<wire::DecisionRecord> story = Story(12).Tell(5);
  View view(0, kTtl);
  shop.Take(view, story, 0, 5, 5);
  EXPECT_FALSE(view.MakeBatch());
}

TEST(View, TellsWhereAnInquiryStandsAtEachStep) {
  OneInquiry one;
  one.Place();
  auto told = one.Ask();
  ASSERT_TRUE(told.ok()) << told.status();
  EXPECT_EQ(told->inquiry().stage(), v1::STAGE_WAITING);
  EXPECT_EQ(told->inquiry().route(), "vip");
  EXPECT_EQ(told->inquiry().priority(), 7);

  const auto billing = QueueName::Of("billing");
  one.Take(1s, OfferMade{OfferId{1}, one.id, one.ana, billing, one.story.now() + 21s,
                         OfferReason::kArrival});
  told = one.Ask();
  EXPECT_EQ(told->inquiry().stage(), v1::STAGE_OFFERED);
  EXPECT_EQ(told->inquiry().agent(), "ana");
  EXPECT_EQ(told->timeline(1).sentence(),
            "Offered to ana: fewest skills among the free and able, then longest idle; expires in "
            "20s.");

  one.Take(2s, OfferDeclined{OfferId{1}, one.id, one.ana, DeclineReason::kBusy});
  told = one.Ask();
  EXPECT_EQ(told->inquiry().stage(), v1::STAGE_WAITING);
  EXPECT_EQ(told->inquiry().agent(), "");

  const auto ben = AgentName::Of("ben");
  one.Take(0s, OfferMade{OfferId{2}, one.id, ben, billing, one.story.now() + 20s,
                         OfferReason::kReoffered});
  one.Take(3s, OfferAccepted{OfferId{2}, one.id, ben, false});
  EXPECT_EQ(one.Ask()->inquiry().stage(), v1::STAGE_ASSIGNED);
  one.Take(4s, InquiryAnswered{one.id, ben, true, 10s});
  one.Take(0s, SlaMet{one.id, Target::kFirstResponse, one.story.now() + 50s});
  told = one.Ask();
  EXPECT_EQ(told->inquiry().stage(), v1::STAGE_ANSWERED);
  EXPECT_TRUE(told->inquiry().has_answered_at());

  one.Take(5s, InquiryResolved{one.id, ben, 12s, 15s});
  told = one.Ask();
  ASSERT_TRUE(told.ok()) << told.status();
  EXPECT_EQ(told->inquiry().stage(), v1::STAGE_RESOLVED);
  EXPECT_EQ(told->inquiry().agent(), "ben");
  EXPECT_EQ(told->inquiry().offers(), 2);
  EXPECT_TRUE(told->inquiry().has_ended_at());
  EXPECT_EQ(told->timeline_size(), 8);
  EXPECT_EQ(told->timeline(7).sentence(),
            "Resolved by ben after 12s of work, 15s after it was placed.");
}

TEST(View, TellsAllWhoAreAskedAndWhoGotIt) {
  OneInquiry one;
  one.Place();
  const auto ben = AgentName::Of("ben");
  const auto billing = QueueName::Of("billing");
  const auto offer = [&](std::uint64_t id, const AgentName& agent) {
    one.Take(1s, OfferMade{OfferId{id}, one.id, agent, billing, one.story.now() + 20s,
                           OfferReason::kArrival});
  };
  offer(1, one.ana);
  offer(2, ben);
  auto told = one.Ask();
  EXPECT_EQ(told->inquiry().stage(), v1::STAGE_OFFERED);
  EXPECT_EQ(told->inquiry().agent(), "ana");
  ASSERT_EQ(told->inquiry().asked_size(), 2);
  EXPECT_EQ(told->inquiry().asked(1), "ben");

  // One of them says no: the other is still asked.
  one.Take(1s, OfferDeclined{OfferId{1}, one.id, one.ana, DeclineReason::kBusy});
  told = one.Ask();
  EXPECT_EQ(told->inquiry().stage(), v1::STAGE_OFFERED);
  EXPECT_EQ(told->inquiry().agent(), "ben");

  offer(3, one.ana);
  one.Take(1s, OfferAccepted{OfferId{2}, one.id, ben, false});
  one.Take(0s, OfferRescinded{OfferId{3}, one.id, one.ana, RescindCause::kTakenByAnother});
  told = one.Ask();
  EXPECT_EQ(told->inquiry().stage(), v1::STAGE_ASSIGNED);
  EXPECT_EQ(told->inquiry().agent(), "ben");
  EXPECT_EQ(told->inquiry().asked_size(), 0);
  EXPECT_EQ(told->timeline(6).sentence(), "The offer to ana was taken back: another agent has it.");

  one.Take(1s, InquiryRequeued{one.id, ben, RequeueReason::kTransferred});
  EXPECT_EQ(one.Ask()->inquiry().stage(), v1::STAGE_WAITING);
}

TEST(View, ForgetsAnEndedInquiryAfterItsTime) {
  OneInquiry one;
  one.Place();
  one.Take(1s, InquiryAbandoned{one.id, 1s});
  ASSERT_TRUE(one.Ask().ok());
  one.shop.now += kTtl - 1s;
  EXPECT_EQ(one.Ask()->timeline_size(), 2);
  one.shop.now += 2s;
  EXPECT_TRUE(absl::IsNotFound(one.Ask().status()));
}

TEST(View, KeepsTheEndOfATimelineHoweverLongItWas) {
  OneInquiry one;
  one.Place();
  for (std::uint64_t i = 1; i <= 1'500; ++i) {
    one.Take(1s, OfferMade{OfferId{i}, one.id, one.ana, QueueName::Of("billing"),
                           one.story.now() + 20s, OfferReason::kReoffered});
    one.Take(1s, OfferExpired{OfferId{i}, one.id, one.ana});
  }
  one.Take(1s, InquiryCancelled{one.id, CancelReason::kShop});
  const auto told = one.Ask();
  ASSERT_TRUE(told.ok());
  EXPECT_LE(told->timeline_size(), static_cast<int>(kTimelineMax));
  EXPECT_EQ(told->timeline_size(), static_cast<int>(kTimelineRepeatsMax) + 1);
  EXPECT_EQ(told->inquiry().offers(), 1'500);
  EXPECT_EQ(told->timeline().rbegin()->sentence(), "Cancelled: the shop's own decision.");
}

TEST(View, TellsOfARejectedInquiryAndLeavesAnOpenOneOfItsIdAlone) {
  OneInquiry one;
  one.Take(0s, InquiryRejected{one.id, MessageId::Of("m"), QueueName::Of("billing"),
                               RejectReason::kQueueFull});
  EXPECT_EQ(one.Ask()->inquiry().stage(), v1::STAGE_REJECTED);
  one.Place();
  one.Take(1s,
           InquiryRejected{one.id, MessageId::Of("m"), QueueName(), RejectReason::kInquiryExists});
  const auto told = one.Ask();
  EXPECT_EQ(told->inquiry().stage(), v1::STAGE_WAITING);
  EXPECT_EQ(told->timeline_size(), 2);
}

TEST(View, DoesNotCountWhatUsherAsksForOnceMoreAndIsThere) {
  OneInquiry one;
  one.Place();
  one.Take(1s, InquiryRejected{one.id, MessageId(), QueueName(), RejectReason::kInquiryExists});
  EXPECT_TRUE(one.Ask().ok());
  EXPECT_EQ(GetSummary(*one.shop.store, 1, SummaryOf("shop"))->rejected(), 0u);
  one.Take(2s,
           InquiryRejected{one.id, MessageId::Of("n"), QueueName(), RejectReason::kInquiryExists});
  EXPECT_TRUE(one.Ask().ok());
  EXPECT_EQ(GetSummary(*one.shop.store, 1, SummaryOf("shop"))->rejected(), 1u);
}

TEST(View, NamesTheFieldThatIsWrongAndWhatIsNotThere) {
  OneInquiry one;
  one.Place();
  ASSERT_TRUE(one.Ask().ok());
  v1::GetInquiryRequest request;
  EXPECT_TRUE(absl::IsInvalidArgument(GetInquiry(*one.shop.store, 1, request).status()));
  request.set_desk("shop");
  request.set_inquiry_id("not hex");
  const absl::Status bad = GetInquiry(*one.shop.store, 1, request).status();
  EXPECT_TRUE(absl::IsInvalidArgument(bad));
  EXPECT_NE(std::string(bad.message()).find("inquiry_id"), std::string::npos);
  request.set_inquiry_id(InquiryId::Of("another").ToString());
  EXPECT_TRUE(absl::IsNotFound(GetInquiry(*one.shop.store, 1, request).status()));
  EXPECT_TRUE(absl::IsNotFound(GetSummary(*one.shop.store, 1, SummaryOf("nobody")).status()));
  one.shop.stores.faults.down = true;
  EXPECT_TRUE(absl::IsUnavailable(GetInquiry(*one.shop.store, 1, request).status()));
  EXPECT_TRUE(absl::IsUnavailable(GetSummary(*one.shop.store, 1, SummaryOf("shop")).status()));
}

}  // namespace
}  // namespace usher::insights
