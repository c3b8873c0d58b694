#include "agents/directory.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "unit/services/agents/agents_world.h"

namespace usher::agents {
namespace {

class DirectoryTest : public testing::Test {
 protected:
  std::optional<News> Take(DecisionBody body, const DeskName& desk = kShop) {
    return directory_.Take(desk, {FromMicros(1), std::move(body)});
  }
  void Register(const AgentName& agent) { Take(AgentRegistered{agent, {}, 2, {}}); }

  Row RowOf(const AgentName& agent) {
    for (Row& row : directory_.List(kShop, AgentName(), 100)) {
      if (row.agent.agent == agent) return row;
    }
    ADD_FAILURE() << "no " << agent.ToString();
    return {};
  }

  // The news, which must be for `agent` and of this kind.
  template <class Body>
  Body For(const AgentName& agent, const std::optional<News>& news) {
    EXPECT_TRUE(news.has_value());
    if (!news) return {};
    EXPECT_EQ(news->agent, agent);
    const auto* body = std::get_if<Body>(&news->body);
    EXPECT_NE(body, nullptr);
    return body == nullptr ? Body() : *body;
  }

  Directory directory_;
};

TEST_F(DirectoryTest, ListsAgentsByNameInPages) {
  for (const char* name : {"c", "a", "d", "b"}) Register(AgentName::Of(name));
  Take(AgentRegistered{AgentName::Of("z"), {}, 1, {}}, DeskName::Of("other"));
  std::string names;
  for (const Row& row : directory_.List(kShop, AgentName(), 3)) {
    names += row.agent.agent.ToString();
  }
  EXPECT_EQ(names, "abc");
  EXPECT_EQ(directory_.List(kShop, AgentName::Of("c"), 3).size(), 1u);
  EXPECT_TRUE(directory_.List(DeskName::Of("nowhere"), AgentName(), 3).empty());
}

TEST_F(DirectoryTest, KeepsPresenceAndWorkWhenAnAgentIsRegisteredAgain) {
  Register(kAna);
  EXPECT_EQ(RowOf(kAna).presence, Presence::kOffline);
  const auto news = For<PresenceIs>(
      kAna, Take(PresenceChanged{kAna, Presence::kAway, AwayReason::kMissedOffers}));
  EXPECT_EQ(news.away, AwayReason::kMissedOffers);
  Take(Made(1, 1));
  Take(AgentRegistered{kAna, {{SkillName::Of("uk"), 5}}, 7, {}});
  const Row row = RowOf(kAna);
  EXPECT_EQ(row.presence, Presence::kAway);
  EXPECT_EQ(row.agent.units, 7u);
  EXPECT_EQ(row.offered, 1u);
}

TEST_F(DirectoryTest, FollowsAnOfferToItsEnd) {
  Register(kAna);
  const auto offered = For<Offered>(kAna, Take(Made(1, 10)));
  EXPECT_EQ(offered.offer, Offer(1));
  EXPECT_EQ(offered.expires, FromMicros(5'000'000));
  EXPECT_EQ(RowOf(kAna).offered, 1u);
  const auto over = For<OfferOver>(kAna, Take(OfferExpired{Offer(1), Inquiry(10), kAna}));
  EXPECT_EQ(over.end, v1::OFFER_END_EXPIRED);
  EXPECT_EQ(RowOf(kAna).offered, 0u);
  Take(Made(2, 10));
  EXPECT_EQ(
      For<OfferOver>(kAna, Take(OfferDeclined{Offer(2), Inquiry(10), kAna, DeclineReason::kBusy}))
          .end,
      v1::OFFER_END_DECLINED);
  Take(Made(3, 10));
  EXPECT_EQ(For<OfferOver>(kAna, Take(OfferRescinded{Offer(3), Inquiry(10), kAna,
                                                     RescindCause::kPolicyChanged}))
                .end,
            v1::OFFER_END_RESCINDED);
  EXPECT_EQ(RowOf(kAna).offered, 0u);
}

TEST_F(DirectoryTest, FollowsAnInquiryThatIsOfferedToSeveral) {
  Register(kAna);
  Register(kBen);
  Take(Made(1, 10, kAna));
  For<Offered>(kBen, Take(Made(2, 10, kBen)));
  EXPECT_EQ(RowOf(kAna).offered, 1u);
  EXPECT_EQ(RowOf(kBen).offered, 1u);
  For<Assigned>(kBen, Take(Accepted(2, 10, kBen)));
  const auto over = For<OfferOver>(
      kAna, Take(OfferRescinded{Offer(1), Inquiry(10), kAna, RescindCause::kTakenByAnother}));
  EXPECT_EQ(over.end, v1::OFFER_END_RESCINDED);
  EXPECT_EQ(over.cause, RescindCause::kTakenByAnother);
  EXPECT_EQ(RowOf(kAna).offered, 0u);
  EXPECT_EQ(RowOf(kAna).assigned, 0u);
  EXPECT_EQ(RowOf(kBen).offered, 0u);
  EXPECT_EQ(RowOf(kBen).assigned, 1u);
  EXPECT_EQ(For<MessageCame>(kBen, Take(MessageJoined{Inquiry(10), MessageId()})).inquiry,
            Inquiry(10));
}

TEST_F(DirectoryTest, KeepsTheOtherOffersWhenOneOfThemEnds) {
  Register(kAna);
  Register(kBen);
  Take(Made(1, 10, kAna));
  Take(Made(2, 10, kBen));
  Take(OfferDeclined{Offer(1), Inquiry(10), kAna, DeclineReason::kBusy});
  EXPECT_EQ(RowOf(kAna).offered, 0u);
  EXPECT_EQ(RowOf(kBen).offered, 1u);
  EXPECT_EQ(For<Assigned>(kBen, Take(Accepted(2, 10, kBen))).queue.view(), "q");
  EXPECT_EQ(RowOf(kBen).offered, 0u);
}

TEST_F(DirectoryTest, TellsTheOwnerThatAnInquiryWasHandedOn) {
  Register(kAna);
  Register(kBen);
  Take(Made(1, 10));
  Take(Accepted(1, 10));
  for (const RequeueReason reason :
       {RequeueReason::kTransferred, RequeueReason::kNoReply, RequeueReason::kAgentGone}) {
    EXPECT_EQ(For<Ended>(kAna, Take(InquiryRequeued{Inquiry(10), kAna, reason})).stage,
              v1::STAGE_WAITING);
    EXPECT_EQ(RowOf(kAna).assigned, 0u);
    EXPECT_FALSE(Take(MessageJoined{Inquiry(10), MessageId()}).has_value());
    Take(Made(2, 10));
    Take(Accepted(2, 10));
    EXPECT_EQ(RowOf(kAna).assigned, 1u);
  }
}

TEST_F(DirectoryTest, FollowsAnInquiryThatWaitsForItsCustomer) {
  Register(kAna);
  Take(Made(1, 10));
  Take(Accepted(1, 10));
  EXPECT_EQ(For<Paused>(kAna, Take(InquiryPaused{Inquiry(10), kAna, FromMicros(7)})).until,
            FromMicros(7));
  EXPECT_EQ(RowOf(kAna).assigned, 1u);
  EXPECT_EQ(For<MessageCame>(kAna, Take(MessageJoined{Inquiry(10), MessageId()})).inquiry,
            Inquiry(10));
  EXPECT_EQ(For<Resumed>(kAna, Take(InquiryResumed{Inquiry(10), kAna, WakeCause::kMessage})).cause,
            WakeCause::kMessage);
  EXPECT_EQ(RowOf(kAna).assigned, 1u);
  // It wakes while its owner has no room: anybody may have it.
  Take(InquiryPaused{Inquiry(10), kAna, kNever});
  EXPECT_EQ(
      For<Ended>(kAna, Take(InquiryResumed{Inquiry(10), AgentName(), WakeCause::kTime})).stage,
      v1::STAGE_WAITING);
  EXPECT_EQ(RowOf(kAna).assigned, 0u);
}

TEST_F(DirectoryTest, ForgetsWhoHadAPendingInquiryWhenTheAgentLeaves) {
  Register(kAna);
  Take(Made(1, 10));
  Take(Accepted(1, 10));
  Take(InquiryPaused{Inquiry(10), kAna, kNever});
  Take(AgentRemoved{kAna});
  Register(kAna);  // another one of that name
  EXPECT_FALSE(Take(InquiryResumed{Inquiry(10), AgentName(), WakeCause::kMessage}).has_value());
  EXPECT_EQ(RowOf(kAna).assigned, 0u);
}

TEST_F(DirectoryTest, KnowsWhenAShiftEnds) {
  Register(kAna);
  EXPECT_EQ(RowOf(kAna).shift_ends, kNever);
  Take(PresenceChanged{kAna, Presence::kAvailable, AwayReason::kNone, FromMicros(9)});
  EXPECT_EQ(RowOf(kAna).shift_ends, FromMicros(9));
}

TEST_F(DirectoryTest, DoesNotTellAnAgentWhatASupervisorWasRefused) {
  CommandRejected rejected;
  rejected.command = static_cast<std::uint8_t>(CommandBody(AssignInquiry()).index());
  rejected.reason = RejectReason::kNotAble;
  rejected.inquiry = Inquiry(1);
  rejected.agent = kAna;
  EXPECT_FALSE(Take(rejected).has_value());
  rejected.command = static_cast<std::uint8_t>(CommandBody(TakeInquiry()).index());
  EXPECT_EQ(For<Refused>(kAna, Take(rejected)).reason, RejectReason::kNotAble);
}

TEST_F(DirectoryTest, TellsTheOwnerWhatHappensToAnInquiry) {
  Register(kAna);
  Take(Made(1, 10));
  EXPECT_FALSE(Take(MessageJoined{Inquiry(10), MessageId()}).has_value());  // only offered yet
  const auto assigned = For<Assigned>(kAna, Take(Accepted(1, 10)));
  EXPECT_EQ(assigned.queue.view(), "q");
  EXPECT_FALSE(assigned.answered);
  EXPECT_EQ(RowOf(kAna).offered, 0u);
  EXPECT_EQ(RowOf(kAna).assigned, 1u);
  EXPECT_EQ(For<MessageCame>(kAna, Take(MessageJoined{Inquiry(10), MessageId()})).inquiry,
            Inquiry(10));
  EXPECT_FALSE(Take(InquiryAnswered{Inquiry(10), kAna, true, 1s}).has_value());
  EXPECT_EQ(For<Ended>(kAna, Take(InquiryResolved{Inquiry(10), kAna, 1s, 2s})).stage,
            v1::STAGE_RESOLVED);
  EXPECT_EQ(RowOf(kAna).assigned, 0u);
  EXPECT_FALSE(Take(MessageJoined{Inquiry(10), MessageId()}).has_value());
}

TEST_F(DirectoryTest, TellsTheOwnerWhenTheShopOrTheCustomerEndsAnInquiry) {
  Register(kAna);
  Take(Made(1, 10));
  Take(Accepted(1, 10));
  EXPECT_EQ(For<Ended>(kAna, Take(InquiryCancelled{Inquiry(10), CancelReason::kShop})).stage,
            v1::STAGE_CANCELLED);
  Take(Made(2, 11));
  Take(Accepted(2, 11));
  EXPECT_EQ(For<Ended>(kAna, Take(InquiryAbandoned{Inquiry(11), 1s})).stage, v1::STAGE_ABANDONED);
  EXPECT_FALSE(Take(InquiryCancelled{Inquiry(12), CancelReason::kShop}).has_value());
  // On offer the offer is taken back first; then it is nobody's.
  Take(Made(3, 13));
  Take(OfferRescinded{Offer(3), Inquiry(13), kAna, RescindCause::kInquiryCancelled});
  EXPECT_FALSE(Take(InquiryCancelled{Inquiry(13), CancelReason::kShop}).has_value());
  EXPECT_EQ(RowOf(kAna).offered, 0u);
  EXPECT_EQ(RowOf(kAna).assigned, 0u);
}

TEST_F(DirectoryTest, RemembersThatACustomerHadAReplyWhenTheInquiryGoesOn) {
  Register(kAna);
  Register(kBen);
  Take(Made(1, 10));
  Take(Accepted(1, 10));
  Take(InquiryAnswered{Inquiry(10), kAna, true, 1s});
  Take(AgentRemoved{kAna});
  EXPECT_EQ(For<Ended>(kAna, Take(InquiryRequeued{Inquiry(10), kAna, RequeueReason::kAgentRemoved}))
                .stage,
            v1::STAGE_WAITING);
  Take(Made(2, 10, kBen));
  EXPECT_TRUE(For<Assigned>(kBen, Take(Accepted(2, 10, kBen))).answered);
  EXPECT_EQ(RowOf(kBen).assigned, 1u);
  EXPECT_EQ(directory_.List(kShop, AgentName(), 10).size(), 1u);
}

TEST_F(DirectoryTest, KnowsARefusalFromAQuestionAboutNobody) {
  CommandRejected rejected;
  rejected.command = static_cast<std::uint8_t>(CommandBody(AcceptOffer()).index());
  rejected.reason = RejectReason::kUnknownOffer;
  rejected.agent = kAna;
  rejected.offer = Offer(9);
  EXPECT_EQ(For<Refused>(kAna, Take(rejected)).offer, Offer(9));
  rejected.command = static_cast<std::uint8_t>(CommandBody(ShowWork()).index());
  For<NotKnown>(kAna, Take(rejected));
  rejected.agent = AgentName();
  EXPECT_FALSE(Take(rejected).has_value());
}

TEST_F(DirectoryTest, KeepsDesksApart) {
  Register(kAna);
  Take(Made(1, 10));
  EXPECT_FALSE(
      Take(InquiryCancelled{Inquiry(10), CancelReason::kShop}, DeskName::Of("other")).has_value());
  EXPECT_EQ(RowOf(kAna).offered, 1u);
}

}  // namespace
}  // namespace usher::agents
