// ReferenceEngine: how open inquiries end early or change, of the chapter "Commands" of
// libs/engine/README.md.
#include <algorithm>

#include "kit/reference_engine.h"

namespace usher::kit {

// --- CancelInquiry, AbandonInquiry
// ----------------------------------------------------------------

void ReferenceEngine::Do(const CancelInquiry& c) {
  CancelOrAbandon(c.inquiry, RescindCause::kInquiryCancelled,
                  InquiryCancelled{c.inquiry, c.reason});
}

void ReferenceEngine::Do(const AbandonInquiry& c) {
  const InquiryState* i = Open(c.inquiry);
  const Duration since_placed =
      i == nullptr ? Duration(0) : std::max(Duration(0), desk_.now - i->placed_at);
  CancelOrAbandon(c.inquiry, RescindCause::kInquiryAbandoned,
                  InquiryAbandoned{c.inquiry, since_placed});
}

void ReferenceEngine::CancelOrAbandon(const InquiryId& inquiry, RescindCause cause,
                                      DecisionBody ended) {
  InquiryState* i = Open(inquiry);
  if (i == nullptr) return Reject(RejectReason::kUnknownInquiry);
  std::vector<AgentName> held_by;
  for (const OfferState& offer : i->offers) held_by.push_back(offer.agent);
  if (!i->agent.none() && (i->stage != Stage::kPending || i->holds)) held_by.push_back(i->agent);
  RescindOffers(*i, cause, false);
  Emit(std::move(ended));
  Leaves(inquiry);
  for (const AgentName& agent : held_by) Idle(agent);
}

void ReferenceEngine::Leaves(InquiryId inquiry) {
  std::erase_if(desk_.inquiries, [&](const InquiryState& i) { return i.inquiry == inquiry; });
}

// --- UpdateInquiry
// --------------------------------------------------------------------------------

void ReferenceEngine::Do(const UpdateInquiry& c) {
  InquiryState* open = Open(c.inquiry);
  if (open == nullptr) return Reject(RejectReason::kUnknownInquiry);
  if (c.priority && *c.priority > 9) return Reject(RejectReason::kBadPriority);
  if (c.exclude.size() > limits_.exclusions_max) return Reject(RejectReason::kTooManyExclusions);

  InquiryState& i = *open;
  const InquiryState before = i;
  if (c.priority) NamePriority(i, *c.priority);
  if (c.sentiment) i.features.sentiment = *c.sentiment;
  if (c.on_site) i.features.on_site = *c.on_site;
  if (c.value) i.features.value = *c.value;
  for (const AskedExclusion& asked : c.exclude) AddExclusion(i, asked.agent, asked.length, false);
  Reroute(i, before, nullptr);
  Emit(InquiryUpdated{i.inquiry, i.features, i.priority});
  if (i.stage == Stage::kWaiting) Looks(i, OfferReason::kChanged);

  const std::vector<OfferState> offers = i.offers;
  for (const OfferState& offer : offers) {
    if (!Excludes(i, offer.agent)) continue;
    Emit(OfferRescinded{offer.offer, i.inquiry, offer.agent, RescindCause::kInquiryUpdated});
    EndOffer(i, offer.agent);
    Idle(offer.agent);
  }
  if (!offers.empty() && i.offers.empty()) {
    WaitsAgain(i);
    Looks(i, OfferReason::kReoffered);
  }
}

// --- ScheduleInquiry, UpdateOrder
// -----------------------------------------------------------------

void ReferenceEngine::Do(const ScheduleInquiry& c) {
  InquiryState* i = Open(c.inquiry);
  if (i == nullptr) return Reject(RejectReason::kUnknownInquiry);
  if (i->stage != Stage::kScheduled) return Reject(RejectReason::kNotScheduled);
  i->placed_at = std::max(c.at, desk_.now);
  i->start = NextTimerAt(i->placed_at);
  Emit(ScheduleChanged{i->inquiry, i->placed_at});
}

void ReferenceEngine::Do(const UpdateOrder& c) {
  if (c.order.none()) return Reject(RejectReason::kUnknownOrder);
  OrderUpdated updated{c.order, c.status, 0};
  for (InquiryState& i : desk_.inquiries) {  // by arrival
    if (i.features.order != c.order) continue;
    const InquiryState before = i;
    i.features.order_status = c.status;
    Reroute(i, before, nullptr);
    Emit(InquiryUpdated{i.inquiry, i.features, i.priority});
    if (i.stage == Stage::kWaiting) Looks(i, OfferReason::kChanged);
    updated.inquiries += 1;
  }
  Emit(updated);
}

}  // namespace usher::kit
