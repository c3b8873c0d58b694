#include "insights/sentences.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>

namespace usher::insights {
namespace {

const Instant kAt = FromMicros(1'700'000'000'000'000);

std::string Of(DecisionBody body) {
  wire::DecisionRecord record;
  record.decision = Decision{kAt, std::move(body)};
  return Sentence(record);
}

const InquiryId kOne = InquiryId::Of("one");
const AgentName kAna = AgentName::Of("ana");
const QueueName kBilling = QueueName::Of("billing");

template <std::size_t... I>
std::set<std::string> OneOfEach(std::index_sequence<I...>) {
  return {Of(DecisionBody(std::in_place_index<I>))...};
}

TEST(Sentences, DifferForEveryKindOfDecision) {
  constexpr std::size_t kKinds = std::variant_size_v<DecisionBody>;
  const std::set<std::string> sentences = OneOfEach(std::make_index_sequence<kKinds>());
  EXPECT_EQ(sentences.size(), kKinds);
  for (const std::string& sentence : sentences) {
    EXPECT_GT(sentence.size(), 10u) << sentence;
    EXPECT_EQ(sentence.back(), '.') << sentence;
    EXPECT_TRUE(sentence.front() >= 'A' && sentence.front() <= 'Z') << sentence;
  }
}

TEST(Sentences, SayWhereAnInquiryWaitsByWhichRuleAndUntilWhen) {
  InquiryPlaced placed;
  placed.inquiry = kOne;
  placed.queue = kBilling;
  placed.route = RouteName::Of("vip");
  placed.priority = 7;
  placed.features.channel = ChannelName::Of("chat");
  placed.features.language = LanguageName::Of("uk");
  placed.features.topic = TopicName::Of("refund");
  placed.features.sentiment = Sentiment::kNegative;
  placed.features.tier = TierName::Of("gold");
  placed.due = kAt + 90s;
  EXPECT_EQ(
      Of(placed),
      "Placed in queue billing by route vip (channel chat, language uk, topic refund, negative "
      "mood, tier gold) with priority 7; the first response is due in 1m 30s.");
  placed.due = kNever;
  placed.route = RouteName();
  EXPECT_NE(Of(placed).find("as the command asked"), std::string::npos);
  EXPECT_NE(Of(placed).find("no target for the first response"), std::string::npos);
}

TEST(Sentences, SayWhyThisAgentWasAsked) {
  OfferMade made{OfferId{1}, kOne, kAna, kBilling, kAt + 20s, OfferReason::kArrival};
  EXPECT_EQ(Of(made),
            "Offered to ana: fewest skills among the free and able, then longest idle; expires in "
            "20s.");
  std::set<std::string> reasons;
  for (int reason = 1; reason <= static_cast<int>(OfferReason::kChanged); ++reason) {
    made.reason = static_cast<OfferReason>(reason);
    reasons.insert(Of(made));
  }
  EXPECT_EQ(reasons.size(), static_cast<std::size_t>(OfferReason::kChanged));
  made.expires = kNever;
  EXPECT_NE(Of(made).find("accepted at once"), std::string::npos);
}

TEST(Sentences, SayWhyAnOfferOrAnInquiryEnded) {
  EXPECT_EQ(Of(OfferDeclined{OfferId{1}, kOne, kAna, DeclineReason::kNotMySkill}),
            "Declined by ana: lacks the skill; it keeps its place and goes to another agent.");
  EXPECT_EQ(Of(OfferRescinded{OfferId{1}, kOne, kAna, RescindCause::kInquiryAbandoned}),
            "The offer to ana was taken back: the customer went away.");
  EXPECT_EQ(Of(InquiryCancelled{kOne, CancelReason::kDuplicate}),
            "Cancelled: the same question is open elsewhere.");
  EXPECT_EQ(Of(InquiryRejected{kOne, MessageId(), kBilling, RejectReason::kQueueFull}),
            "Not taken in: the queue holds as many as it may (queue billing).");
  EXPECT_EQ(
      Of(CommandRejected{7, RejectReason::kUnknownOffer, kOne, kAna, OfferId{1}}),
      "A request to accept an offer by ana was refused: no offer of that id is open any more.");
}

TEST(Sentences, SayWhyAnInquiryWaitsAgain) {
  std::set<std::string> sentences;
  for (int reason = 1; reason <= static_cast<int>(RequeueReason::kTransferred); ++reason) {
    sentences.insert(Of(InquiryRequeued{kOne, kAna, static_cast<RequeueReason>(reason)}));
  }
  EXPECT_EQ(sentences.size(), static_cast<std::size_t>(RequeueReason::kTransferred));
  EXPECT_EQ(Of(InquiryRequeued{kOne, kAna, RequeueReason::kTransferred}),
            "Waits again at its old place: ana handed it on.");
  std::set<std::string> causes;
  for (int cause = 1; cause <= static_cast<int>(RescindCause::kInquiryUpdated); ++cause) {
    causes.insert(Of(OfferRescinded{OfferId{1}, kOne, kAna, static_cast<RescindCause>(cause)}));
  }
  EXPECT_EQ(causes.size(), static_cast<std::size_t>(RescindCause::kInquiryUpdated));
}

TEST(Sentences, SayWhatChangesWhileAnInquiryWaits) {
  EXPECT_EQ(Of(InquiryRelaxed{kOne, 2, false}),
            "Asks for less from now on (step 2): it waited for the step's time.");
  EXPECT_EQ(Of(InquiryRelaxed{kOne, 2, true}),
            "Asks for less from now on (step 2): nobody here fitted the steps before.");
  EXPECT_EQ(Of(InquiryAnswered{kOne, AgentName::Of("kim"), true, 5s, true}),
            "First reply by kim elsewhere, 5s after it was placed.");
  EXPECT_EQ(Of(InquiryAnswered{kOne, {}, false, 5s, true}),
            "Another reply by an agent elsewhere, 5s after it was placed.");
  EXPECT_EQ(Of(InquiryEscalated{kOne, kBilling, 8, EscalateReason::kAge}),
            "Rose by its age: queue billing, priority 8.");
  EXPECT_EQ(Of(InquiryEscalated{kOne, kBilling, 8, EscalateReason::kUnanswered}),
            "Rose, since its customer wrote again without an answer: queue billing, priority 8.");
  EXPECT_EQ(Of(InquiryEscalated{kOne, kBilling, 9, EscalateReason::kAngry}),
            "Rose, since its customer turned angry: queue billing, priority 9.");
  EXPECT_EQ(Of(InquiryReserved{kOne, {kAna, AgentName::Of("ben")}, kAt + 30s}),
            "Waits for ana, ben first, for 30s.");
  InquiryPlaced placed;
  placed.queue = kBilling;
  placed.features.channel = ChannelName::Of("chat");
  placed.features.on_site = true;
  placed.features.value = 4'200;
  placed.diverted_from = QueueName::Of("refunds");
  placed.repeat = true;
  placed.arrived_at = kAt - 2h;
  EXPECT_EQ(Of(placed),
            "Placed in queue billing as the command asked (channel chat, language unknown, topic "
            "unknown, on the site, worth 4200) with priority 0, diverted from refunds, as a "
            "repeat, first asked 2h ago; no target for the first response.");
}

TEST(Sentences, SayWhichTargetIsMeant) {
  std::set<std::string> sentences;
  for (int target = 0; target <= static_cast<int>(Target::kUpdate); ++target) {
    sentences.insert(Of(SlaBreached{kOne, static_cast<Target>(target), kAt}));
  }
  EXPECT_EQ(sentences.size(), 4u);
  EXPECT_EQ(Of(SlaWarned{kOne, Target::kResolution, kAt + 1h, 750}),
            "The target for the resolution is near: due in 1h.");
  EXPECT_EQ(Of(SlaMet{kOne, Target::kFirstResponse, kAt + 50s}),
            "The target for the first response is kept, with 50s to spare.");
  EXPECT_EQ(Of(SlaMet{kOne, Target::kResolution, kNever}),
            "The target for the resolution is kept.");
}

TEST(Sentences, SayWhomAnInquiryWaitsForAndWhatWakesIt) {
  EXPECT_EQ(Of(InquiryPaused{kOne, kAna, kAt + 24h}),
            "Set aside by ana until the customer answers, at most 1d.");
  std::set<std::string> causes;
  for (int cause = 1; cause <= static_cast<int>(WakeCause::kTime); ++cause) {
    causes.insert(Of(InquiryResumed{kOne, kAna, static_cast<WakeCause>(cause)}));
  }
  EXPECT_EQ(causes.size(), 3u);
  EXPECT_EQ(Of(InquiryResumed{kOne, AgentName(), WakeCause::kMessage}),
            "Waits for an agent again: the customer wrote.");
}

TEST(Sentences, AnswerQuestions) {
  EXPECT_EQ(Of(WaitEstimated{kOne, kBilling, 3, 2, 6min}),
            "The wait was estimated: place 3 in queue billing, about 6m.");
  EXPECT_EQ(Of(WaitEstimated{kOne, kBilling, 3, 0, kForever}),
            "The wait was estimated: place 3 in queue billing, no telling how long.");
  EXPECT_EQ(Of(PolicyPreviewed{"v2", true, 9, 4, 1}),
            "Policy v2 was tried: it would move 4 of 9 open inquiries.");
}

TEST(Sentences, SayWhatIsSaidOfIt) {
  const InquiryReviewed reviewed{
      kOne,
      kAna,
      AgentName::Of("sue"),
      {{CriterionName::Of("tone"), 90}, {CriterionName::Of("solution"), 0}}};
  EXPECT_EQ(Of(reviewed), "The work of ana was reviewed by sue: tone 90, solution 0.");
  EXPECT_EQ(Of(InquiryRated{kOne, 4}), "The customer rated it 4 of 5.");
}

TEST(Sentences, KnowEveryReasonToReject) {
  std::set<std::string> sentences;
  for (int reason = 1; reason <= static_cast<int>(RejectReason::kBadRating); ++reason) {
    sentences.insert(
        Of(CommandRejected{1, static_cast<RejectReason>(reason), kOne, kAna, OfferId{1}}));
  }
  EXPECT_EQ(sentences.size(), static_cast<std::size_t>(RejectReason::kBadRating));
}

TEST(Sentences, NameEveryCommandThatCanBeRefused) {
  std::set<std::string> sentences;
  for (std::size_t command = 0; command < std::variant_size_v<CommandBody>; ++command) {
    sentences.insert(Of(CommandRejected{static_cast<std::uint8_t>(command),
                                        RejectReason::kNotAssigned, kOne, kAna, OfferId()}));
  }
  EXPECT_EQ(sentences.size(), std::variant_size_v<CommandBody>);
  for (const std::string& sentence : sentences) {
    EXPECT_EQ(sentence.find("something unknown"), std::string::npos) << sentence;
  }
}

TEST(Sentences, WriteDurationsInTheirTwoLargestUnits) {
  EXPECT_EQ(DurationText(0s), "0s");
  EXPECT_EQ(DurationText(-5s), "0s");
  EXPECT_EQ(DurationText(Duration(400)), "under 1ms");
  EXPECT_EQ(DurationText(850ms), "850ms");
  EXPECT_EQ(DurationText(20s), "20s");
  EXPECT_EQ(DurationText(90s), "1m 30s");
  EXPECT_EQ(DurationText(2h + 5min + 9s), "2h 5m");
  EXPECT_EQ(DurationText(2h), "2h");
  EXPECT_EQ(DurationText(76h), "3d 4h");
}

}  // namespace
}  // namespace usher::insights
