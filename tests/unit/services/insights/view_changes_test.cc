// What changes an inquiry while it is open, as the views tell it.
#include <gtest/gtest.h>

#include "one_inquiry.h"

namespace usher::insights {
namespace {

TEST(ViewChanges, TellsHowAnInquiryChangesWhileItWaits) {
  OneInquiry one;
  one.Place();
  one.Take(1s, InquiryReserved{one.id, {one.ana}, one.story.now() + 31s});
  auto told = one.Ask();
  EXPECT_EQ(told->inquiry().reserved_until().seconds(), ToMicros(one.story.now()) / 1'000'000 + 30);
  one.Take(30s, ReservationEnded{one.id});
  EXPECT_FALSE(one.Ask()->inquiry().has_reserved_until());
  one.Take(1s, InquiryRelaxed{one.id, 2, true});
  one.Take(1s, InquiryStarving{one.id});
  Features features;
  features.channel = ChannelName::Of("chat");
  features.on_site = true;
  one.Take(1s, InquiryUpdated{one.id, features, 9});
  told = one.Ask();
  EXPECT_EQ(told->inquiry().step(), 2u);
  EXPECT_TRUE(told->inquiry().starving());
  EXPECT_EQ(told->inquiry().priority(), 9u);
  EXPECT_TRUE(told->inquiry().features().on_site());
  one.Take(1s, InquiryEscalated{one.id, QueueName::Of("refunds"), 8, EscalateReason::kAge});
  told = one.Ask();
  EXPECT_EQ(told->inquiry().queue(), "refunds");
  EXPECT_EQ(told->inquiry().priority(), 8u);
  EXPECT_EQ(told->inquiry().step(), 0u);  // of the new queue
  EXPECT_EQ(told->timeline_size(), 7);
  v1::ListQueuesRequest request;
  request.set_desk("shop");
  const auto queues = ListQueues(*one.shop.store, 1, request);
  ASSERT_EQ(queues->queues_size(), 2);
  EXPECT_EQ(queues->queues(0).waiting(), 0u);
  EXPECT_EQ(queues->queues(1).waiting(), 1u);
}

TEST(ViewChanges, FollowsAScheduledInquiryToItsStart) {
  OneInquiry one;
  const auto billing = QueueName::Of("billing");
  InquiryPlaced placed;
  placed.inquiry = one.id;
  placed.queue = billing;
  placed.starts_at = placed.arrived_at = one.story.now() + 1h;
  one.Take(1s, placed);
  const auto queue = [&] {
    one.shop.Commit(one.view);
    v1::ListQueuesRequest request;
    request.set_desk("shop");
    return ListQueues(*one.shop.store, 1, request)->queues(0);
  };
  EXPECT_EQ(one.Ask()->inquiry().stage(), v1::STAGE_SCHEDULED);
  EXPECT_EQ(queue().scheduled(), 1u);
  EXPECT_EQ(queue().waiting(), 0u);
  EXPECT_FALSE(queue().has_oldest_placed_at());
  one.Take(1s, ScheduleChanged{one.id, one.story.now() + 2h});
  EXPECT_EQ(one.Ask()->inquiry().starts_at().seconds(),
            ToMicros(one.story.now() + 2h) / 1'000'000 - 1);
  one.Take(2h, InquiryStarted{one.id, QueueName::Of("refunds"), billing, 7, SlaName(),
                              one.story.now() + 3h});
  const auto told = one.Ask();
  EXPECT_EQ(told->inquiry().stage(), v1::STAGE_WAITING);
  EXPECT_EQ(told->inquiry().queue(), "refunds");
  EXPECT_EQ(told->inquiry().diverted_from(), "billing");
  EXPECT_EQ(told->inquiry().priority(), 7u);
  EXPECT_FALSE(told->inquiry().has_starts_at());
  EXPECT_EQ(told->inquiry().placed_at().seconds(), ToMicros(one.story.now()) / 1'000'000);
  EXPECT_EQ(queue().scheduled(), 0u);
}

TEST(ViewChanges, EndsAScheduledInquiryThatItsQueueDidNotTake) {
  OneInquiry one;
  InquiryPlaced placed;
  placed.inquiry = one.id;
  placed.queue = QueueName::Of("billing");
  placed.starts_at = placed.arrived_at = one.story.now() + 1h;
  one.Take(1s, placed);
  one.Take(1s, InquiryRejected{one.id, MessageId(), QueueName(), RejectReason::kUnknownChannel});
  EXPECT_EQ(one.Ask()->inquiry().stage(), v1::STAGE_SCHEDULED);  // of another message
  one.Take(1h, InquiryRejected{one.id, MessageId(), placed.queue, RejectReason::kQueueClosed});
  EXPECT_EQ(one.Ask()->inquiry().stage(), v1::STAGE_REJECTED);
  EXPECT_TRUE(one.view.desks().at(DeskName::Of("shop")).inquiries.empty());
}

TEST(ViewChanges, FollowsAnInquiryThatWaitsForItsCustomer) {
  OneInquiry one;
  one.Place();
  const auto queue = [&] {
    one.shop.Commit(one.view);
    v1::ListQueuesRequest request;
    request.set_desk("shop");
    return ListQueues(*one.shop.store, 1, request)->queues(0);
  };
  one.Take(1s, OfferMade{OfferId{1}, one.id, one.ana, QueueName::Of("billing"), kNever,
                         OfferReason::kArrival});
  one.Take(0s, OfferAccepted{OfferId{1}, one.id, one.ana, true});
  one.Take(1s, InquiryPaused{one.id, one.ana, one.story.now() + 1h});
  auto told = one.Ask();
  EXPECT_EQ(told->inquiry().stage(), v1::STAGE_PENDING);
  EXPECT_EQ(told->inquiry().agent(), "ana");
  EXPECT_TRUE(told->inquiry().has_paused_until());
  EXPECT_EQ(queue().pending(), 1u);
  EXPECT_EQ(queue().assigned(), 0u);
  one.Take(1s, InquiryAnswered{one.id, one.ana, true, 4s});
  EXPECT_EQ(one.Ask()->inquiry().stage(), v1::STAGE_PENDING);
  one.Take(1s, InquiryResumed{one.id, one.ana, WakeCause::kMessage});
  told = one.Ask();
  EXPECT_EQ(told->inquiry().stage(), v1::STAGE_ANSWERED);
  EXPECT_FALSE(told->inquiry().has_paused_until());
  one.Take(1s, InquiryPaused{one.id, one.ana, kNever});
  one.Take(1s, InquiryResumed{one.id, AgentName(), WakeCause::kTime});
  told = one.Ask();
  EXPECT_EQ(told->inquiry().stage(), v1::STAGE_WAITING);
  EXPECT_EQ(told->inquiry().agent(), "");
  EXPECT_EQ(queue().pending(), 0u);
  EXPECT_EQ(queue().waiting(), 1u);
}

v1::QueueView FirstQueue(OneInquiry& one) {
  one.shop.Commit(one.view);
  v1::ListQueuesRequest request;
  request.set_desk("shop");
  return ListQueues(*one.shop.store, 1, request)->queues(0);
}

std::int64_t Seconds(Instant at) { return ToMicros(at) / 1'000'000; }

TEST(ViewChanges, KnowsTheMostUrgentOfThoseThatWait) {
  OneInquiry one;
  one.Place();  // due a minute after
  const Instant due = one.story.now() + 60s;
  InquiryPlaced later;
  later.inquiry = InquiryId::Of("later");
  later.queue = QueueName::Of("billing");
  later.due = due + 30s;
  one.Take(1s, later);
  InquiryPlaced never = later;
  never.inquiry = InquiryId::Of("never");
  never.due = kNever;
  one.Take(1s, never);
  EXPECT_EQ(FirstQueue(one).earliest_due_at().seconds(), Seconds(due));

  // What the engine says of a due that a pause moved is believed.
  one.Take(1s, SlaWarned{one.id, Target::kFirstResponse, due + 10s, 500});
  EXPECT_EQ(FirstQueue(one).earliest_due_at().seconds(), Seconds(due + 10s));
  one.Take(1s, SlaWarned{one.id, Target::kResolution, due - 10s, 500});
  EXPECT_EQ(FirstQueue(one).earliest_due_at().seconds(), Seconds(due + 10s));
  one.Take(1s, InquiryRerouted{one.id, later.queue, RouteName(), 3, SlaName(), due + 20s});
  EXPECT_EQ(FirstQueue(one).earliest_due_at().seconds(), Seconds(due + 20s));

  // On offer it is as urgent as before; with an agent it waits no more.
  one.Take(1s, OfferMade{OfferId{1}, one.id, one.ana, later.queue, kNever, OfferReason::kArrival});
  EXPECT_EQ(FirstQueue(one).earliest_due_at().seconds(), Seconds(due + 20s));
  one.Take(1s, OfferAccepted{OfferId{1}, one.id, one.ana, false});
  EXPECT_EQ(FirstQueue(one).earliest_due_at().seconds(), Seconds(due + 30s));

  // Answered once, it has no first response to be late with.
  one.Take(1s, InquiryAnswered{one.id, one.ana, true, 9s});
  one.Take(1s, InquiryRequeued{one.id, one.ana, RequeueReason::kTransferred});
  EXPECT_EQ(FirstQueue(one).waiting(), 3u);
  EXPECT_EQ(FirstQueue(one).earliest_due_at().seconds(), Seconds(due + 30s));

  // Late, it is still the most urgent; only those without a target are left after it.
  one.Take(5min, SlaBreached{later.inquiry, Target::kFirstResponse, due + 30s});
  EXPECT_EQ(FirstQueue(one).earliest_due_at().seconds(), Seconds(due + 30s));
  one.Take(1s, InquiryAbandoned{later.inquiry, 5min});
  EXPECT_EQ(FirstQueue(one).waiting(), 2u);
  EXPECT_FALSE(FirstQueue(one).has_earliest_due_at());
}

TEST(ViewChanges, CountsWhatIsForetoldUntilItComesOrIsAnswered) {
  OneInquiry one;
  one.Place();
  EXPECT_EQ(FirstQueue(one).foretold(), 0u);
  one.Take(1s, BreachForecast{one.id, one.story.now() + 1min, 2min});
  EXPECT_EQ(FirstQueue(one).foretold(), 1u);
  EXPECT_TRUE(one.Ask()->inquiry().foretold());
  one.Take(1min, SlaBreached{one.id, Target::kFirstResponse, one.story.now()});
  EXPECT_EQ(FirstQueue(one).foretold(), 0u);
  EXPECT_FALSE(one.Ask()->inquiry().foretold());

  InquiryPlaced second;
  second.inquiry = InquiryId::Of("second");
  second.queue = QueueName::Of("billing");
  second.due = one.story.now() + 60s;
  one.Take(1s, second);
  one.Take(1s, BreachForecast{second.inquiry, second.due, 2min});
  one.Take(1s, OfferMade{OfferId{1}, second.inquiry, one.ana, second.queue, kNever,
                         OfferReason::kArrival});
  one.Take(1s, OfferAccepted{OfferId{1}, second.inquiry, one.ana, false});
  EXPECT_EQ(FirstQueue(one).foretold(), 1u);  // with an agent, and unanswered
  one.Take(1s, InquiryAnswered{second.inquiry, one.ana, true, 9s});
  EXPECT_EQ(FirstQueue(one).foretold(), 0u);

  one.Take(1s, BreachForecast{second.inquiry, second.due, 2min});
  one.Take(1s, InquiryResolved{second.inquiry, one.ana, 1s, 1s});
  EXPECT_EQ(FirstQueue(one).foretold(), 0u);
}

TEST(ViewChanges, TellsWhichTargetsWereMissed) {
  OneInquiry one;
  one.Place();
  one.Take(1s, BreachForecast{one.id, one.story.now() + 1min, 2min});
  one.Take(1s, SlaBreached{one.id, Target::kResolution, one.story.now()});
  auto told = one.Ask();
  EXPECT_FALSE(told->inquiry().breached());
  one.Take(1s, SlaBreached{one.id, Target::kFirstResponse, one.story.now()});
  one.Take(1s, SlaBreached{one.id, Target::kResolution, one.story.now()});
  told = one.Ask();
  EXPECT_TRUE(told->inquiry().breached());
  ASSERT_EQ(told->inquiry().missed_size(), 2);
  EXPECT_EQ(told->inquiry().missed(0), v1::SLA_TARGET_RESOLUTION);
  const auto summary = GetSummary(*one.shop.store, 1, SummaryOf("shop"));
  EXPECT_EQ(summary->breached(), 1u);
  EXPECT_EQ(summary->forecast(), 1u);
  ASSERT_EQ(summary->breaches_size(), 2);
  EXPECT_EQ(summary->breaches(1).name(), "resolution");
  EXPECT_EQ(summary->breaches(1).count(), 2u);
}

TEST(ViewChanges, CountsTheAgeOfWhatWasImportedFromWhenItCame) {
  OneInquiry one;
  InquiryPlaced placed;
  placed.inquiry = one.id;
  placed.queue = QueueName::Of("billing");
  placed.arrived_at = one.story.now() - 2h;
  one.Take(1s, placed);
  EXPECT_EQ(one.Ask()->inquiry().placed_at().seconds(),
            ToMicros(one.story.now() - 2h) / 1'000'000 - 1);
}

}  // namespace
}  // namespace usher::insights
