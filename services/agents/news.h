// News: what one decision means to one agent, before it becomes a message down the agent's stream.
#pragma once

#include <optional>
#include <variant>

#include "core/time.h"
#include "model/decision.h"
#include "model/names.h"
#include "model/reason.h"
#include "usher/v1/agents.pb.h"

namespace usher::agents {

struct Offered {
  OfferId offer;
  InquiryId inquiry;
  QueueName queue;
  Instant expires = kNever;  // kNever: accepted at once
  OfferReason reason = OfferReason::kNone;
};
struct OfferOver {
  OfferId offer;
  InquiryId inquiry;
  v1::OfferEnd end = v1::OFFER_END_UNSPECIFIED;
  RescindCause cause = RescindCause::kNone;
};
struct Assigned {
  InquiryId inquiry;
  QueueName queue;
  bool answered = false;
};
struct Paused {
  InquiryId inquiry;
  Instant until = kNever;
};
struct Resumed {
  InquiryId inquiry;
  WakeCause cause = WakeCause::kNone;
};
struct Ended {
  InquiryId inquiry;
  v1::Stage stage = v1::STAGE_UNSPECIFIED;
};
struct MessageCame {
  InquiryId inquiry;
};
struct PresenceIs {
  Presence presence = Presence::kOffline;
  AwayReason away = AwayReason::kNone;
};
struct Refused {
  RejectReason reason = RejectReason::kNone;
  InquiryId inquiry;
  OfferId offer;
};
struct NotKnown {};  // the agent's work was asked for, and there is no such agent
struct Removed {};   // the agent left for good

using NewsBody = std::variant<Offered, OfferOver, Assigned, Paused, Resumed, Ended, MessageCame,
                              PresenceIs, Refused, WorkShown, NotKnown, Removed>;

struct News {
  AgentName agent;
  NewsBody body;
};

// What goes down the stream. Nothing for NotKnown and Removed, which end it.
std::optional<v1::WorkResponse> ToResponse(const NewsBody& news);

}  // namespace usher::agents
