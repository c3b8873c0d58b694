// ReferenceEngine: what a further message of a conversation does, PlaceInquiry and Hear of
// libs/engine/README.md.
#include <algorithm>

#include "kit/reference_engine.h"

namespace usher::kit {

void ReferenceEngine::Join(InquiryId inquiry, const PlaceInquiry& c) {
  Emit(MessageJoined{inquiry, c.message});
  if (Open(inquiry)->stage == Stage::kScheduled) {
    Start(*Open(inquiry));
  } else if (Open(inquiry)->stage == Stage::kPending) {
    Resume(*Open(inquiry), WakeCause::kMessage);
  }
  InquiryState* i = Open(inquiry);
  if (i == nullptr) return;
  if (i->answered && ClockOf(*i, Target::kNextResponse) == nullptr) {
    StartClock(*i, Target::kNextResponse, desk_.now);
  }
  Hear(*i, c);
}

void ReferenceEngine::Hear(InquiryState& i, const PlaceInquiry& c) {
  const FollowUps& rules = desk_.policy.follow_ups;
  int rise_unanswered = 0;
  if (!c.message.none() && i.unanswered < 15) {
    i.unanswered += 1;
    if (i.unanswered == rules.unanswered) rise_unanswered = rules.raise;
  }

  const InquiryState before = i;
  Features& has = i.features;
  const Features& told = c.features;
  if (has.language.none()) has.language = told.language;
  if (has.topic.none()) {
    has.topic = told.topic;
  } else if (has.topic == TopicName::Of("other") && !told.topic.none()) {
    has.topic = told.topic;
  }
  if (has.topic != before.features.topic) i.repeat = IsRepeat(i);
  int rise_angry = 0;
  if (told.sentiment == Sentiment::kNegative && has.sentiment != Sentiment::kNegative) {
    has.sentiment = Sentiment::kNegative;
    rise_angry = rules.angry_raise;
  } else if (has.sentiment == Sentiment::kUnknown) {
    has.sentiment = told.sentiment;
  }
  if (has.tier.none()) has.tier = told.tier;
  if (has.order == told.order) {
    if (!told.order_status.none()) has.order_status = told.order_status;
  } else if (has.order.none()) {
    has.order = told.order;
    has.order_status = told.order_status;
  }
  if (has.value == 0) has.value = told.value;
  if (told.on_site) has.on_site = true;

  const bool news = has != before.features;
  if (!news && rise_unanswered == 0) return;
  i.raised = static_cast<std::uint8_t>(std::min(9, i.raised + rise_unanswered + rise_angry));
  Reroute(i, before, nullptr);
  if (news) Emit(InquiryUpdated{i.inquiry, i.features, i.priority});
  if (rise_unanswered > 0) {
    Emit(InquiryEscalated{i.inquiry, i.queue, i.priority, EscalateReason::kUnanswered});
  }
  if (rise_angry > 0) {
    Emit(InquiryEscalated{i.inquiry, i.queue, i.priority, EscalateReason::kAngry});
  }
  if (i.stage == Stage::kWaiting) Looks(i, OfferReason::kChanged);
}

}  // namespace usher::kit
