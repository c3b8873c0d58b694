#include "unit/libs/wire/random_records.h"

namespace usher::wire {
namespace {

constexpr RejectReason kLastReject = RejectReason::kBadRating;

}  // namespace

CommandBody RandomRecords::ABody(std::size_t kind) {
  switch (kind) {
    case 0:
      return Tick{};
    case 1: {
      PlaceInquiry place;
      place.inquiry = AnId<InquiryId>();
      place.conversation = MaybeId<ConversationId>();
      place.customer = MaybeId<CustomerId>();
      place.message = MaybeId<MessageId>();
      place.features = SomeFeatures();
      place.queue = AName<QueueName>();
      place.priority = Maybe([this] { return APriority(); });
      place.starts_at = AMoment();
      place.arrived_at = AnInstantOrNever();
      place.preferred = Agents(8);
      place.prefer_for = ASpan();
      place.exclude = Exclusions();
      return place;
    }
    case 2:
      return CancelInquiry{AnId<InquiryId>(), OneOf(CancelReason::kShop, CancelReason::kOther)};
    case 3:
      return AbandonInquiry{AnId<InquiryId>()};
    case 4:
      return RegisterAgent{AName<AgentName>(),
                           Needs(64),
                           static_cast<std::uint32_t>(Next()),
                           ChannelLimits(),
                           Attributes(),
                           Coin(),
                           Coin(),
                           Coin()};
    case 5:
      return RemoveAgent{AName<AgentName>()};
    case 6:
      return SetPresence{AName<AgentName>(), APresence(), AnInstantOrNever()};
    case 7:
      return AcceptOffer{AnOffer(), AName<AgentName>()};
    case 8:
      return DeclineOffer{AnOffer(), AName<AgentName>(),
                          OneOf(DeclineReason::kBusy, DeclineReason::kOther)};
    case 9:
      return Coin() ? RecordReply{AnId<InquiryId>(), AName<AgentName>(), AName<ChannelName>(), {}}
                    : RecordReply{{}, AName<AgentName>(), {}, AnId<ConversationId>()};
    case 10:
      return FinishInquiry{AnId<InquiryId>(), AName<AgentName>()};
    case 11:
      return ShowWork{AName<AgentName>()};
    case 12:
      return ApplyPolicy{APolicy(), Coin()};
    case 13:
      return Checkpoint{};
    case 14:
      return UpdateInquiry{AnId<InquiryId>(),
                           Maybe([this] { return APriority(); }),
                           Maybe([this] { return AMood(); }),
                           Maybe([this] { return Coin(); }),
                           Maybe([this] { return ALong(); }),
                           Exclusions()};
    case 15:
      return TakeInquiry{AnId<InquiryId>(), AName<AgentName>()};
    case 16:
      return AssignInquiry{AnId<InquiryId>(), AName<AgentName>(), AName<AgentName>()};
    case 17:
      return TransferInquiry{AnId<InquiryId>(), AName<AgentName>(), AName<QueueName>(),
                             AName<AgentName>()};
    case 18:
      return PauseInquiry{AnId<InquiryId>(), AName<AgentName>(), AnInstantOrNever()};
    case 19:
      return ResumeInquiry{AnId<InquiryId>(), AName<AgentName>()};
    case 20:
      return ScheduleInquiry{AnId<InquiryId>(), AMoment()};
    case 21:
      return UpdateOrder{AnId<OrderId>(), AName<OrderStatusName>()};
    case 22:
      return EstimateWait{AnId<InquiryId>()};
    case 23:
      return ExplainInquiry{AnId<InquiryId>()};
    case 24:
      return PreviewPolicy{APolicy()};
    case 25:
      return ReviewInquiry{AnId<InquiryId>(), AName<AgentName>(), AName<AgentName>(), Marks()};
    default:
      return RateInquiry{AnId<InquiryId>(), static_cast<std::uint8_t>(1 + Below(5))};
  }
}

std::vector<Mark> RandomRecords::Marks() {
  return Some<Mark>(16, [this] {
    return Mark{AName<CriterionName>(), static_cast<std::uint8_t>(Below(101))};
  });
}

DecisionBody RandomRecords::AConclusion(std::size_t kind) {
  const auto inquiry = AnId<InquiryId>();
  const auto agent = AName<AgentName>();
  switch (kind) {
    case 0:
      return InquiryPlaced{inquiry,
                           MaybeId<ConversationId>(),
                           MaybeId<CustomerId>(),
                           MaybeId<MessageId>(),
                           SomeFeatures(),
                           AName<QueueName>(),
                           AName<RouteName>(),
                           APriority(),
                           AName<SlaName>(),
                           AnInstantOrNever(),
                           AName<QueueName>(),
                           Coin(),
                           AnInstant(),
                           AMoment(),
                           MaybeId<InquiryId>()};
    case 1:
      return MessageJoined{inquiry, MaybeId<MessageId>()};
    case 2:
      return InquiryRejected{inquiry, MaybeId<MessageId>(), AName<QueueName>(),
                             OneOf(RejectReason::kNoPolicy, kLastReject)};
    case 3:
      return InquiryRerouted{inquiry,     AName<QueueName>(), AName<RouteName>(),
                             APriority(), AName<SlaName>(),   AnInstantOrNever()};
    case 4:
      return OfferMade{AnOffer(),
                       inquiry,
                       agent,
                       AName<QueueName>(),
                       AnInstantOrNever(),
                       OneOf(OfferReason::kArrival, OfferReason::kChanged)};
    case 5:
      return OfferAccepted{AnOffer(), inquiry, agent, Coin()};
    case 6:
      return OfferDeclined{AnOffer(), inquiry, agent,
                           OneOf(DeclineReason::kBusy, DeclineReason::kOther)};
    case 7:
      return OfferExpired{AnOffer(), inquiry, agent};
    case 8:
      return OfferRescinded{AnOffer(), inquiry, agent,
                            OneOf(RescindCause::kAgentUnavailable, RescindCause::kInquiryUpdated)};
    case 9:
      return InquiryAnswered{inquiry, agent, Coin(), ASpan(), Coin()};
    case 10:
      return InquiryResolved{inquiry, agent, ASpan(), ASpan()};
    case 11:
      return InquiryCancelled{inquiry, OneOf(CancelReason::kShop, CancelReason::kOther)};
    case 12:
      return InquiryAbandoned{inquiry, ASpan()};
    case 13:
      return InquiryRequeued{inquiry, agent,
                             OneOf(RequeueReason::kAgentRemoved, RequeueReason::kTransferred)};
    case 14:
      return WrapUpEnded{inquiry, agent};
    case 18:
      return SlaWarned{inquiry, ATarget(), AnInstantOrNever(),
                       static_cast<std::uint16_t>(Below(1001))};
    case 19:
      return SlaBreached{inquiry, ATarget(), AnInstantOrNever()};
    case 20:
      return SlaMet{inquiry, ATarget(), AnInstantOrNever()};
    default:
      return AConclusionOnAgents(kind);
  }
}

DecisionBody RandomRecords::AConclusionOnAgents(std::size_t kind) {
  const auto agent = AName<AgentName>();
  switch (kind) {
    case 15:
      return AgentRegistered{agent,           Needs(64),    static_cast<std::uint32_t>(Next()),
                             ChannelLimits(), Attributes(), Coin(),
                             Coin(),          Coin()};
    case 16:
      return AgentRemoved{agent};
    case 17:
      return PresenceChanged{agent, APresence(),
                             OneOf(AwayReason::kNone, AwayReason::kMissedOffers),
                             AnInstantOrNever()};
    case 21: {
      WorkShown shown;
      shown.agent = agent;
      shown.presence = APresence();
      shown.offers = Some<OpenOffer>(4, [this] {
        return OpenOffer{AnOffer(), AnId<InquiryId>(), AName<QueueName>(), AnInstantOrNever()};
      });
      shown.assignments = Some<OpenAssignment>(4, [this] {
        return OpenAssignment{AnId<InquiryId>(), AName<QueueName>(), Coin(), Coin()};
      });
      return shown;
    }
    case 22:
      return PolicyApplied{"v" + std::to_string(Below(100)), static_cast<std::uint32_t>(Next()),
                           AQuality()};
    case 23:
      return CommandRejected{static_cast<std::uint8_t>(Below(std::variant_size_v<CommandBody>)),
                             OneOf(RejectReason::kNoPolicy, kLastReject), MaybeId<InquiryId>(),
                             agent, AnOffer()};
    case 24:
      return CommandRepeated{OneOf(RepeatReason::kSource, RepeatReason::kRequest)};
    case 25:
      return ClockCapped{AnInstant()};
    case 26:
      return Checkpointed{Next(), Next(), Next()};
    default:
      return AConclusionOnWaiting(kind);
  }
}

DecisionBody RandomRecords::AConclusionOnWaiting(std::size_t kind) {
  const auto inquiry = AnId<InquiryId>();
  switch (kind) {
    case 27:
      return InquiryRelaxed{inquiry, static_cast<std::uint32_t>(Below(17)), Coin()};
    case 28:
      return InquiryEscalated{inquiry, AName<QueueName>(), APriority(),
                              static_cast<EscalateReason>(1 + Next() % 3)};
    case 29:
      return InquiryReserved{inquiry, Agents(8), AnInstantOrNever()};
    case 30:
      return ReservationEnded{inquiry};
    case 31:
      return InquiryStarving{inquiry};
    case 32:
      return InquiryUpdated{inquiry, SomeFeatures(), APriority()};
    default:
      return AConclusionOnTime(kind);
  }
}

DecisionBody RandomRecords::AConclusionOnTime(std::size_t kind) {
  const auto inquiry = AnId<InquiryId>();
  switch (kind) {
    case 33:
      return InquiryStarted{inquiry,     AName<QueueName>(), AName<QueueName>(),
                            APriority(), AName<SlaName>(),   AnInstantOrNever()};
    case 34:
      return ScheduleChanged{inquiry, AnInstant()};
    case 35:
      return InquiryPaused{inquiry, AName<AgentName>(), AnInstantOrNever()};
    case 36:
      return InquiryResumed{inquiry, AName<AgentName>(),
                            OneOf(WakeCause::kOwner, WakeCause::kTime)};
    case 37:
      return OrderUpdated{AnId<OrderId>(), AName<OrderStatusName>(),
                          static_cast<std::uint32_t>(Next())};
    case 41:
      return BreachForecast{inquiry, AnInstantOrNever(), Duration(ALong())};
    default:
      return AnAnswer(kind);
  }
}

DecisionBody RandomRecords::AnAnswer(std::size_t kind) {
  const auto number = [this] { return static_cast<std::uint32_t>(Next()); };
  switch (kind) {
    case 38:
      return WaitEstimated{AnId<InquiryId>(), AName<QueueName>(), number(), number(),
                           Coin() ? Duration(ALong()) : kForever};
    case 39:
      return AnExplanation();
    case 42:
      return InquiryReviewed{AnId<InquiryId>(), AName<AgentName>(), AName<AgentName>(), Marks()};
    case 43:
      return InquiryRated{AnId<InquiryId>(), static_cast<std::uint8_t>(1 + Below(5))};
    default:
      return PolicyPreviewed{"v" + std::to_string(Below(100)), Coin(), number(), number(),
                             number()};
  }
}

InquiryExplained RandomRecords::AnExplanation() {
  const auto number = [this] { return static_cast<std::uint32_t>(Next()); };
  const auto verdict = [this] { return OneOf(Verdict::kAble, Verdict::kPaced); };
  InquiryExplained explained;
  explained.inquiry = AnId<InquiryId>();
  explained.stage = OneOf(Stage::kWaiting, Stage::kPending);
  explained.queue = AName<QueueName>();
  explained.route = AName<RouteName>();
  explained.priority = APriority();
  explained.step = static_cast<std::uint32_t>(Below(17));
  explained.clock = OneOf(ClockState::kNone, ClockState::kPaused);
  explained.due = AnInstantOrNever();
  explained.position = number();
  explained.candidates = Some<Candidate>(50, [&] {
    return Candidate{AName<AgentName>(), verdict(), AName<SkillName>(),
                     static_cast<std::int64_t>(Next())};
  });
  explained.verdicts = Some<VerdictCount>(13, [&] { return VerdictCount{verdict(), number()}; });
  explained.clauses = Some<ClauseCount>(33, [&] {
    return ClauseCount{AName<SkillName>(), static_cast<std::uint8_t>(Below(101)), number(),
                       number()};
  });
  explained.next = OneOf(NextChange::kNone, NextChange::kPaceEnd);
  explained.next_at = AnInstantOrNever();
  return explained;
}

}  // namespace usher::wire
