// The identities of the routing domain. Design, section 2: one word for one thing.
#pragma once

#include "core/id.h"

namespace usher {

using DeskName = Name<struct DeskTag>;
using AgentName = Name<struct AgentTag>;
using QueueName = Name<struct QueueTag>;
using SkillName = Name<struct SkillTag>;
using ChannelName = Name<struct ChannelTag>;
using LanguageName = Name<struct LanguageTag>;
using TopicName = Name<struct TopicTag>;
using TierName = Name<struct TierTag>;
using SlaName = Name<struct SlaTag>;
using AttributeName = Name<struct AttributeTag>;
using ValueName = Name<struct ValueTag>;
using CalendarName = Name<struct CalendarTag>;
using OrderStatusName = Name<struct OrderStatusTag>;
using RouteName = Name<struct RouteTag>;
using CriterionName = Name<struct CriterionTag>;

using InquiryId = Id<struct InquiryTag>;
using ConversationId =
    Id<struct ConversationTag>;  // a hash: the address of a customer never enters the log
using CustomerId = Id<struct CustomerTag>;  // a hash, likewise
using MessageId = Id<struct MessageTag>;
using OrderId = Id<struct OrderTag>;
using RequestId = Id<struct RequestTag>;
using LogId = Id<struct LogTag>;

using OfferId = Serial<struct OfferTag>;  // counted by the engine of the desk

constexpr const char kOtherTopic[] = "other";  // what is not understood; every desk has it

}  // namespace usher
