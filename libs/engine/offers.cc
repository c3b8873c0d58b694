// Offers, and what agents hold: the lists and the loads.
#include <algorithm>

#include "engine/steps.h"

namespace usher::engine {

// The agent holds the inquiry from now on, or no longer.
void Steps::Weigh(Slot slot, const Inquiry& inquiry, bool soft, int sign) {
  Agent& agent = agents_[slot];
  const std::uint32_t units = sign > 0 ? inquiry.units : 0 - inquiry.units;
  agent.used += units;
  if (soft && inquiry.interruptible) agent.soft += units;
  CountChannel(agent, inquiry.channel, sign);
  free_.Touch(slot);
}

void Steps::CountChannel(Agent& agent, std::uint32_t channel, int by) {
  for (LimitRecord& limit : agent.limits) {
    if (limit.channel == channel) limit.count += static_cast<std::uint32_t>(by);
  }
}

Steps::Slot Steps::AddOffer(Slot slot, Slot agent_slot) {
  inquiry_rows_.Mark(slot);
  Inquiry& inquiry = inquiries_[slot];
  Agent& agent = agents_[agent_slot];
  const Slot made = offers_.Add();
  OfferRecord& offer = offers_[made];
  offer.number = ++last_offer_;
  offer.made_at = now_;
  offer.inquiry = slot;
  offer.agent = agent_slot;
  offer.next_of_agent = agent.offers;
  if (agent.offers != kNone) offers_[agent.offers].previous = made;
  agent.offers = made;
  Slot* last = &inquiry.offers;
  while (*last != kNone) last = &offers_[*last].next;
  *last = made;
  offer_of_.Insert(OfferId{offer.number}, made);
  Weigh(agent_slot, inquiry, false, 1);
  return made;
}

void Steps::EndOffer(Slot slot) {
  OfferRecord& offer = offers_[slot];
  inquiry_rows_.Mark(offer.inquiry);
  Inquiry& inquiry = inquiries_[offer.inquiry];
  Agent& agent = agents_[offer.agent];
  Slot* link = &inquiry.offers;
  while (*link != slot) link = &offers_[*link].next;
  *link = offer.next;
  (offer.previous == kNone ? agent.offers : offers_[offer.previous].next_of_agent) =
      offer.next_of_agent;
  if (offer.next_of_agent != kNone) offers_[offer.next_of_agent].previous = offer.previous;
  offer_of_.Erase(OfferId{offer.number}, slot);
  ClearTimer(offer.expiry);
  Weigh(offer.agent, inquiry, false, -1);
  offers_.Remove(slot);
}

// All offers of the inquiry, by number. What it does next is left to the caller.
void Steps::RescindOffers(Slot slot, RescindCause cause, bool idle) {
  while (inquiries_[slot].offers != kNone) {
    const Slot first = inquiries_[slot].offers;
    const Slot agent = offers_[first].agent;
    Emit<OfferRescinded>() = {OfferId{offers_[first].number}, inquiries_[slot].id,
                              agents_[agent].name, cause};
    EndOffer(first);
    if (idle) Idle(agent);
  }
}

// All offers of the agent, by number.
void Steps::RescindAll(Slot agent, RescindCause cause) {
  for (const Slot offer : OffersOf(agents_[agent])) {
    const Slot slot = offers_[offer].inquiry;
    Emit<OfferRescinded>() = {OfferId{offers_[offer].number}, inquiries_[slot].id,
                              agents_[agent].name, cause};
    EndOffer(offer);
    if (inquiries_[slot].offers != kNone) continue;
    WaitsAgain(slot);
    Looks(slot, OfferReason::kReoffered);
  }
}

Steps::Slots Steps::OffersOf(const Agent& agent) const {
  Slots slots;
  for (Slot each = agent.offers; each != kNone; each = offers_[each].next_of_agent) {
    slots.push_back(each);
  }
  std::sort(slots.begin(), slots.end(),
            [this](Slot a, Slot b) { return offers_[a].number < offers_[b].number; });
  return slots;
}

Steps::Slots Steps::OffersOf(const Inquiry& inquiry) const {
  Slots slots;
  for (Slot each = inquiry.offers; each != kNone; each = offers_[each].next) slots.push_back(each);
  return slots;
}

Steps::Slots Steps::OwnedBy(const Agent& agent) const {
  Slots slots;
  for (Slot each = agent.held; each != kNone; each = inquiries_[each].next) slots.push_back(each);
  SortByArrival(slots);
  return slots;
}

// Weighs nothing by itself.
void Steps::Own(Slot slot, Slot holder) {
  inquiry_rows_.Mark(slot);
  Inquiry& inquiry = inquiries_[slot];
  Agent& agent = agents_[holder];
  inquiry.owner = holder;
  inquiry.previous = kNone;
  inquiry.next = agent.held;
  if (agent.held != kNone) inquiries_[agent.held].previous = slot;
  agent.held = slot;
}

// With what it weighs.
void Steps::Disown(Slot slot) {
  inquiry_rows_.Mark(slot);
  Inquiry& inquiry = inquiries_[slot];
  if (inquiry.owner == kNone) return;
  Agent& agent = agents_[inquiry.owner];
  if (inquiry.owned() || inquiry.holds) Weigh(inquiry.owner, inquiry, inquiry.owned(), -1);
  (inquiry.previous == kNone ? agent.held : inquiries_[inquiry.previous].next) = inquiry.next;
  if (inquiry.next != kNone) inquiries_[inquiry.next].previous = inquiry.previous;
  inquiry.owner = inquiry.previous = inquiry.next = kNone;
}

}  // namespace usher::engine
