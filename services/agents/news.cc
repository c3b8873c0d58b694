#include "agents/news.h"

#include "wire/enums.h"
#include "wire/surface.h"

namespace usher::agents {
namespace {

std::string Text(const InquiryId& inquiry) { return inquiry.none() ? "" : inquiry.ToString(); }

void Fill(const OfferId& offer, const InquiryId& inquiry, const QueueName& queue, Instant expires,
          v1::WorkOffer& to) {
  to.set_offer_id(offer.number);
  to.set_inquiry_id(Text(inquiry));
  to.set_queue(queue.ToString());
  if (expires != kNever) *to.mutable_expires_at() = wire::ToTimestamp(expires);
}

void Fill(const InquiryId& inquiry, const QueueName& queue, bool answered, v1::WorkAssigned& to) {
  to.set_inquiry_id(Text(inquiry));
  to.set_queue(queue.ToString());
  to.set_answered(answered);
}

// One overload a kind; false: nothing to send.
bool Put(const Offered& news, v1::WorkResponse& to) {
  Fill(news.offer, news.inquiry, news.queue, news.expires, *to.mutable_offer());
  to.mutable_offer()->set_reason(wire::ToProto(news.reason));
  return true;
}
bool Put(const OfferOver& news, v1::WorkResponse& to) {
  to.mutable_offer_ended()->set_offer_id(news.offer.number);
  to.mutable_offer_ended()->set_inquiry_id(Text(news.inquiry));
  to.mutable_offer_ended()->set_end(news.end);
  to.mutable_offer_ended()->set_cause(wire::ToProto(news.cause));
  return true;
}
bool Put(const Assigned& news, v1::WorkResponse& to) {
  Fill(news.inquiry, news.queue, news.answered, *to.mutable_assigned());
  return true;
}
bool Put(const Paused& news, v1::WorkResponse& to) {
  to.mutable_paused()->set_inquiry_id(Text(news.inquiry));
  if (news.until != kNever) *to.mutable_paused()->mutable_until() = wire::ToTimestamp(news.until);
  return true;
}
bool Put(const Resumed& news, v1::WorkResponse& to) {
  to.mutable_resumed()->set_inquiry_id(Text(news.inquiry));
  to.mutable_resumed()->set_cause(wire::ToProto(news.cause));
  return true;
}
bool Put(const Ended& news, v1::WorkResponse& to) {
  to.mutable_ended()->set_inquiry_id(Text(news.inquiry));
  to.mutable_ended()->set_stage(news.stage);
  return true;
}
bool Put(const MessageCame& news, v1::WorkResponse& to) {
  to.mutable_message()->set_inquiry_id(Text(news.inquiry));
  return true;
}
bool Put(const PresenceIs& news, v1::WorkResponse& to) {
  to.mutable_presence()->set_presence(wire::ToProto(news.presence));
  to.mutable_presence()->set_away(wire::ToProto(news.away));
  return true;
}
bool Put(const Refused& news, v1::WorkResponse& to) {
  to.mutable_refused()->set_reason(wire::ToProto(news.reason));
  to.mutable_refused()->set_inquiry_id(Text(news.inquiry));
  to.mutable_refused()->set_offer_id(news.offer.number);
  return true;
}
bool Put(const WorkShown& news, v1::WorkResponse& to) {
  v1::WorkCurrent& current = *to.mutable_current();
  current.set_presence(wire::ToProto(news.presence));
  for (const OpenOffer& offer : news.offers) {
    Fill(offer.offer, offer.inquiry, offer.queue, offer.expires, *current.add_offers());
  }
  for (const OpenAssignment& open : news.assignments) {
    v1::WorkAssigned& assigned = *current.add_assigned();
    Fill(open.inquiry, open.queue, open.answered, assigned);
    assigned.set_pending(open.pending);
  }
  return true;
}
bool Put(const NotKnown&, v1::WorkResponse&) { return false; }
bool Put(const Removed&, v1::WorkResponse&) { return false; }

}  // namespace

std::optional<v1::WorkResponse> ToResponse(const NewsBody& news) {
  v1::WorkResponse response;
  const bool any = std::visit([&](const auto& body) { return Put(body, response); }, news);
  if (!any) return std::nullopt;
  return response;
}

}  // namespace usher::agents
