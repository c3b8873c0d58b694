#include "unit/libs/wire/random_records.h"

namespace usher::wire {

Policy RandomRecords::APolicy() {
  Policy policy;
  policy.version = "v" + std::to_string(Below(1000));
  policy.channels = Some<Channel>(5, [this] {
    return Channel{AName<ChannelName>(), static_cast<std::uint32_t>(Next())};
  });
  policy.sla_classes = Some<SlaClass>(5, [this] {
    return SlaClass{AName<SlaName>(), ASpan(), static_cast<std::uint16_t>(Below(1001))};
  });
  policy.queues = Some<Queue>(5, [this] {
    return Queue{AName<QueueName>(),
                 Needs(16),
                 AName<SlaName>(),
                 Coin(),
                 ASpan(),
                 ASpan(),
                 static_cast<std::uint32_t>(Next())};
  });
  policy.routes = Some<Route>(5, [this] {
    Route route;
    route.name = AName<RouteName>();
    route.channels = Some<ChannelName>(3, [this] { return AName<ChannelName>(); });
    route.languages = Some<LanguageName>(3, [this] { return AName<LanguageName>(); });
    route.topics = Some<TopicName>(3, [this] { return AName<TopicName>(); });
    route.sentiments = Some<Sentiment>(3, [this] { return AMood(); });
    route.tiers = Some<TierName>(3, [this] { return AName<TierName>(); });
    route.queue = AName<QueueName>();
    route.priority = APriority();
    return route;
  });
  policy.decline_cooldown = ASpan();
  policy.missed_offers_max = static_cast<std::uint32_t>(Next());
  policy.late_share_permille = static_cast<std::uint16_t>(Below(1001));
  return policy;
}

CommandBody RandomRecords::ABody(std::size_t kind) {
  switch (kind) {
    case 0:
      return Tick{};
    case 1: {
      PlaceInquiry place{
          AnId<InquiryId>(), MaybeId<ConversationId>(), MaybeId<CustomerId>(), MaybeId<MessageId>(),
          SomeFeatures(),    AName<QueueName>(),        std::nullopt};
      if (Coin()) place.priority = APriority();
      return place;
    }
    case 2:
      return CancelInquiry{AnId<InquiryId>(), OneOf(CancelReason::kShop, CancelReason::kOther)};
    case 3:
      return AbandonInquiry{AnId<InquiryId>()};
    case 4:
      return RegisterAgent{AName<AgentName>(), Needs(64), static_cast<std::uint32_t>(Next()),
                           ChannelLimits()};
    case 5:
      return RemoveAgent{AName<AgentName>()};
    case 6:
      return SetPresence{AName<AgentName>(), APresence()};
    case 7:
      return AcceptOffer{AnOffer(), AName<AgentName>()};
    case 8:
      return DeclineOffer{AnOffer(), AName<AgentName>(),
                          OneOf(DeclineReason::kBusy, DeclineReason::kOther)};
    case 9:
      return RecordReply{AnId<InquiryId>(), AName<AgentName>()};
    case 10:
      return FinishInquiry{AnId<InquiryId>(), AName<AgentName>()};
    case 11:
      return ShowWork{AName<AgentName>()};
    case 12:
      return ApplyPolicy{APolicy()};
    default:
      return Checkpoint{};
  }
}

DecisionBody RandomRecords::AConclusion(std::size_t kind) {
  const auto inquiry = AnId<InquiryId>();
  const auto agent = AName<AgentName>();
  switch (kind) {
    case 0:
      return InquiryPlaced{
          inquiry,          MaybeId<ConversationId>(), MaybeId<CustomerId>(), MaybeId<MessageId>(),
          SomeFeatures(),   AName<QueueName>(),        AName<RouteName>(),    APriority(),
          AName<SlaName>(), AnInstantOrNever()};
    case 1:
      return MessageJoined{inquiry, MaybeId<MessageId>()};
    case 2:
      return InquiryRejected{inquiry, MaybeId<MessageId>(), AName<QueueName>(),
                             OneOf(RejectReason::kNoPolicy, RejectReason::kTooManySources)};
    case 3:
      return InquiryRerouted{inquiry,     AName<QueueName>(), AName<RouteName>(),
                             APriority(), AName<SlaName>(),   AnInstantOrNever()};
    case 4:
      return OfferMade{AnOffer(),
                       inquiry,
                       agent,
                       AName<QueueName>(),
                       AnInstantOrNever(),
                       OneOf(OfferReason::kArrival, OfferReason::kPolicyChanged)};
    case 5:
      return OfferAccepted{AnOffer(), inquiry, agent, Coin()};
    case 6:
      return OfferDeclined{AnOffer(), inquiry, agent,
                           OneOf(DeclineReason::kBusy, DeclineReason::kOther)};
    case 7:
      return OfferExpired{AnOffer(), inquiry, agent};
    case 8:
      return OfferRescinded{AnOffer(), inquiry, agent,
                            OneOf(RescindCause::kAgentUnavailable, RescindCause::kPolicyChanged)};
    case 9:
      return InquiryAnswered{inquiry, agent, Coin(), ASpan()};
    case 10:
      return InquiryResolved{inquiry, agent, ASpan(), ASpan()};
    case 11:
      return InquiryCancelled{inquiry, OneOf(CancelReason::kShop, CancelReason::kOther)};
    case 12:
      return InquiryAbandoned{inquiry, ASpan()};
    case 13:
      return InquiryRequeued{inquiry, agent, RequeueReason::kAgentRemoved};
    case 14:
      return WrapUpEnded{inquiry, agent};
    case 18:
      return SlaWarned{inquiry, AnInstantOrNever()};
    case 19:
      return SlaBreached{inquiry, AnInstantOrNever()};
    case 20:
      return SlaMet{inquiry, AnInstantOrNever()};
    default:
      return AConclusionOnAgents(kind);
  }
}

DecisionBody RandomRecords::AConclusionOnAgents(std::size_t kind) {
  const auto agent = AName<AgentName>();
  switch (kind) {
    case 15:
      return AgentRegistered{agent, Needs(64), static_cast<std::uint32_t>(Next()), ChannelLimits()};
    case 16:
      return AgentRemoved{agent};
    case 17:
      return PresenceChanged{agent, APresence(),
                             OneOf(AwayReason::kNone, AwayReason::kMissedOffers)};
    case 21: {
      WorkShown shown;
      shown.agent = agent;
      shown.presence = APresence();
      shown.offers = Some<OpenOffer>(4, [this] {
        return OpenOffer{AnOffer(), AnId<InquiryId>(), AName<QueueName>(), AnInstantOrNever()};
      });
      shown.assignments = Some<OpenAssignment>(4, [this] {
        return OpenAssignment{AnId<InquiryId>(), AName<QueueName>(), Coin()};
      });
      return shown;
    }
    case 22:
      return PolicyApplied{"v" + std::to_string(Below(100)), static_cast<std::uint32_t>(Next())};
    case 23:
      return CommandRejected{static_cast<std::uint8_t>(Below(std::variant_size_v<CommandBody>)),
                             OneOf(RejectReason::kNoPolicy, RejectReason::kTooManySources),
                             MaybeId<InquiryId>(), agent, AnOffer()};
    case 24:
      return CommandRepeated{OneOf(RepeatReason::kSource, RepeatReason::kRequest)};
    case 25:
      return ClockCapped{AnInstant()};
    default:
      return Checkpointed{Next(), Next(), Next()};
  }
}

}  // namespace usher::wire
