#include "unit/libs/wire/random_records.h"

namespace usher::wire {
namespace {

constexpr RejectReason kLastReject = RejectReason::kTooManyAttributes;

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
    default:
      return TransferInquiry{AnId<InquiryId>(), AName<AgentName>(), AName<QueueName>(),
                             AName<AgentName>()};
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
          AName<SlaName>(), AnInstantOrNever(),        AName<QueueName>(),    Coin(),
          AnInstant()};
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
      return InquiryAnswered{inquiry, agent, Coin(), ASpan()};
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
      return AgentRegistered{agent,           Needs(64),    static_cast<std::uint32_t>(Next()),
                             ChannelLimits(), Attributes(), Coin(),
                             Coin(),          Coin()};
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
      return InquiryEscalated{inquiry, AName<QueueName>(), APriority()};
    case 29:
      return InquiryReserved{inquiry, Agents(8), AnInstantOrNever()};
    case 30:
      return ReservationEnded{inquiry};
    case 31:
      return InquiryStarving{inquiry};
    default:
      return InquiryUpdated{inquiry, SomeFeatures(), APriority()};
  }
}

}  // namespace usher::wire
