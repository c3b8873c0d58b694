// Cancel, abandon, update, schedule, orders: what the shop and the customer say of open inquiries.
#include <algorithm>

#include "engine/desk.h"

namespace usher::engine {

template <class Ended>
void Engine::Desk::CancelOrAbandon(Slot slot, RescindCause cause, const Ended& ended) {
  const Inquiry& inquiry = inquiries_[slot];
  Slots held_by;
  for (const Slot offer : OffersOf(inquiry)) held_by.push_back(offers_[offer].agent);
  const bool weighs = inquiry.stage != Stage::kPending || inquiry.holds;
  if (inquiry.owner != kNone && weighs) held_by.push_back(inquiry.owner);
  RescindOffers(slot, cause, false);
  Emit<Ended>() = ended;
  Leave(slot);
  for (const Slot agent : held_by) Idle(agent);
}

void Engine::Desk::Do(const CancelInquiry& command) {
  const Slot slot = FindInquiry(command.inquiry);
  if (slot == kNone) return Reject(RejectReason::kUnknownInquiry);
  CancelOrAbandon(slot, RescindCause::kInquiryCancelled,
                  InquiryCancelled{command.inquiry, command.reason});
}

void Engine::Desk::Do(const AbandonInquiry& command) {
  const Slot slot = FindInquiry(command.inquiry);
  if (slot == kNone) return Reject(RejectReason::kUnknownInquiry);
  const Duration since_placed = std::max(Duration(0), now_ - inquiries_[slot].placed_at);
  CancelOrAbandon(slot, RescindCause::kInquiryAbandoned,
                  InquiryAbandoned{command.inquiry, since_placed});
}

void Engine::Desk::Do(const UpdateInquiry& command) {
  const Slot slot = FindInquiry(command.inquiry);
  if (slot == kNone) return Reject(RejectReason::kUnknownInquiry);
  if (command.priority && *command.priority >= kPriorities) {
    return Reject(RejectReason::kBadPriority);
  }
  if (command.exclude.size() > limits_.exclusions_max) {
    return Reject(RejectReason::kTooManyExclusions);
  }
  Touch(slot);
  Inquiry& inquiry = inquiries_[slot];
  const Before before = BeforeOf(inquiry);
  if (command.priority) inquiry.NamePriority(*command.priority);
  if (command.sentiment) inquiry.sentiment = *command.sentiment;
  if (command.on_site) inquiry.on_site = *command.on_site;
  if (command.value) AboutFor(inquiry).value = *command.value;
  for (const AskedExclusion& asked : command.exclude) {
    const Slot agent = HoldAgent(asked.agent);
    AddExclusion(slot, agent, asked.length, false);
    DropAgent(agent);
  }
  Reroute(slot, before, nullptr);
  Emit<InquiryUpdated>() = {inquiry.id, FeaturesOf(inquiry), inquiry.priority};
  if (inquiry.stage == Stage::kWaiting) Looks(slot, OfferReason::kChanged);

  const Slots offers = OffersOf(inquiry);
  for (const Slot offer : offers) {
    const Slot agent = offers_[offer].agent;
    if (!Excludes(inquiry, agent)) continue;
    Emit<OfferRescinded>() = {OfferId{offers_[offer].number}, inquiry.id, agents_[agent].name,
                              RescindCause::kInquiryUpdated};
    EndOffer(offer);
    Idle(agent);
  }
  if (offers.empty() || inquiry.offers != kNone) return;
  WaitsAgain(slot);
  Looks(slot, OfferReason::kReoffered);
}

void Engine::Desk::Do(const ScheduleInquiry& command) {
  const Slot slot = FindInquiry(command.inquiry);
  if (slot == kNone) return Reject(RejectReason::kUnknownInquiry);
  Inquiry& inquiry = inquiries_[slot];
  if (inquiry.stage != Stage::kScheduled) return Reject(RejectReason::kNotScheduled);
  inquiry.placed_at = std::max(command.at, now_);
  ClearWake(inquiry);
  ExtraFor(inquiry).wake =
      SetTimerAt(TimerKind::kStart, slot, inquiry.placed_at, inquiry.placed_at - now_);
  Emit<ScheduleChanged>() = {inquiry.id, inquiry.placed_at};
}

void Engine::Desk::Do(const UpdateOrder& command) {
  if (command.order.none()) return Reject(RejectReason::kUnknownOrder);
  Slots of_order;
  for (Slot i = of_order_.First(command.order); i != kNone; i = of_order_.Next(i)) {
    of_order.push_back(i);
  }
  SortByArrival(of_order);
  for (const Slot slot : of_order) {
    Touch(slot);
    Inquiry& inquiry = inquiries_[slot];
    const Before before = BeforeOf(inquiry);
    const Slot status = command.status.none() ? kNone : lexicon_.statuses.Add(command.status);
    About& about = AboutFor(inquiry);
    if (about.order_status != kNone) lexicon_.statuses.Drop(about.order_status);
    about.order_status = status;
    Reroute(slot, before, nullptr);
    Emit<InquiryUpdated>() = {inquiry.id, FeaturesOf(inquiry), inquiry.priority};
    if (inquiry.stage == Stage::kWaiting) Looks(slot, OfferReason::kChanged);
  }
  Emit<OrderUpdated>() = {command.order, command.status,
                          static_cast<std::uint32_t>(of_order.size())};
}

}  // namespace usher::engine
