#include "kit/ledger.h"

#include <variant>

namespace usher::kit {

std::string Ledger::Note(const DecisionList& decisions) {
  for (std::size_t n = 0; n < decisions.size(); ++n) {
    const DecisionBody& body = decisions[n].body;
    if (!std::visit([this](const auto& each) { return Take(each); }, body)) {
      return "decision " + std::to_string(n + 1) + " does not follow from those before";
    }
    if (n > 0 && decisions[n].at < decisions[n - 1].at &&
        !std::holds_alternative<ClockCapped>(decisions[n - 1].body)) {
      return "decision " + std::to_string(n + 1) + " goes back in time";
    }
  }
  return "";
}

std::string Ledger::Compare(const DeskState& state) const {
  if (placed_ - ended_ != state.inquiries.size() || open_.size() != state.inquiries.size()) {
    return std::to_string(placed_) + " placed, " + std::to_string(ended_) + " ended, but " +
           std::to_string(state.inquiries.size()) + " are open";
  }
  if (placed_ != state.last_arrival) return "an arrival was counted, and not told";
  for (const InquiryState& i : state.inquiries) {
    const std::string name = "inquiry of arrival " + std::to_string(i.arrival) + ": ";
    const auto found = open_.find(i.inquiry);
    if (found == open_.end()) return name + "open, but not told";
    const Entry& told = found->second;
    if (told.stage != i.stage) return name + "another stage than told";
    if (told.owner != i.agent) return name + "another owner than told";
    if (told.queue != i.queue || told.priority != i.priority) return name + "routed behind the log";
    if (told.offers.size() != i.offers.size()) return name + "other offers than told";
    for (const OfferState& offer : i.offers) {
      const auto made = told.offers.find(offer.offer);
      if (made == told.offers.end() || made->second != offer.agent) {
        return name + "an offer that was not told";
      }
    }
  }
  return "";
}

Ledger::Entry* Ledger::Open(const InquiryId& inquiry) {
  const auto found = open_.find(inquiry);
  return found == open_.end() ? nullptr : &found->second;
}

bool Ledger::Ends(const InquiryId& inquiry) {
  Entry* entry = Open(inquiry);
  if (entry == nullptr || !entry->offers.empty()) return false;
  open_.erase(inquiry);
  answered_.erase(inquiry);
  ended_ += 1;
  return true;
}

bool Ledger::EndOffer(const InquiryId& inquiry, const OfferId& offer, const AgentName& agent) {
  Entry* entry = Open(inquiry);
  if (entry == nullptr) return false;
  const auto made = entry->offers.find(offer);
  if (made == entry->offers.end() || made->second != agent) return false;
  entry->offers.erase(made);
  if (entry->offers.empty() && entry->stage == Stage::kOffered) entry->stage = Stage::kWaiting;
  return true;
}

bool Ledger::Take(const InquiryPlaced& d) {
  if (Open(d.inquiry) != nullptr) return false;
  Entry entry;
  entry.stage = d.starts_at == Instant() ? Stage::kWaiting : Stage::kScheduled;
  entry.queue = d.queue;
  entry.priority = d.priority;
  open_[d.inquiry] = entry;
  placed_ += 1;
  return true;
}

// Of what was never placed, or of what was to start now.
bool Ledger::Take(const InquiryRejected& d) {
  const Entry* entry = Open(d.inquiry);
  const bool starts =
      entry != nullptr && entry->stage == Stage::kScheduled &&
      (d.reason == RejectReason::kQueueFull || d.reason == RejectReason::kQueueClosed ||
       d.reason == RejectReason::kNobodyHere);
  return !starts || Ends(d.inquiry);
}

bool Ledger::Take(const InquiryStarted& d) {
  Entry* entry = Open(d.inquiry);
  if (entry == nullptr || entry->stage != Stage::kScheduled) return false;
  entry->stage = Stage::kWaiting;
  entry->queue = d.queue;
  entry->priority = d.priority;
  return true;
}

bool Ledger::Take(const InquiryRerouted& d) {
  Entry* entry = Open(d.inquiry);
  if (entry == nullptr) return false;
  entry->queue = d.queue;
  entry->priority = d.priority;
  return true;
}

bool Ledger::Take(const InquiryUpdated& d) {
  const Entry* entry = Open(d.inquiry);
  return entry != nullptr && entry->priority == d.priority;
}

bool Ledger::Take(const InquiryRelaxed& d) {
  const Entry* entry = Open(d.inquiry);
  return entry != nullptr && entry->stage == Stage::kWaiting && d.step > 0;
}

bool Ledger::Take(const InquiryEscalated& d) {
  Entry* entry = Open(d.inquiry);
  if (entry == nullptr) return false;
  entry->queue = d.queue;
  entry->priority = d.priority;
  return true;
}

bool Ledger::Take(const OfferMade& d) {
  Entry* entry = Open(d.inquiry);
  if (entry == nullptr || !entry->owner.none()) return false;
  if (entry->stage != Stage::kWaiting && entry->stage != Stage::kOffered) return false;
  if (d.queue != entry->queue || d.reason == OfferReason::kNone) return false;
  entry->stage = Stage::kOffered;
  return entry->offers.emplace(d.offer, d.agent).second;
}

bool Ledger::Take(const OfferAccepted& d) {
  Entry* entry = Open(d.inquiry);
  if (entry == nullptr || !entry->owner.none()) return false;
  const auto made = entry->offers.find(d.offer);
  if (made == entry->offers.end() || made->second != d.agent) return false;
  entry->offers.erase(made);
  entry->owner = d.agent;
  entry->stage = answered_[d.inquiry] ? Stage::kAnswered : Stage::kAssigned;
  return true;
}

bool Ledger::Take(const OfferDeclined& d) { return EndOffer(d.inquiry, d.offer, d.agent); }
bool Ledger::Take(const OfferExpired& d) { return EndOffer(d.inquiry, d.offer, d.agent); }
bool Ledger::Take(const OfferRescinded& d) {
  return d.cause != RescindCause::kNone && EndOffer(d.inquiry, d.offer, d.agent);
}

bool Ledger::Take(const InquiryAnswered& d) {
  Entry* entry = Open(d.inquiry);
  if (entry == nullptr || (!d.outside && entry->owner != d.agent)) return false;
  if (d.first) answered_[d.inquiry] = true;
  const bool owned = entry->stage == Stage::kAssigned || entry->stage == Stage::kAnswered;
  if (answered_[d.inquiry] && owned) entry->stage = Stage::kAnswered;
  return true;
}

bool Ledger::Take(const InquiryPaused& d) {
  Entry* entry = Open(d.inquiry);
  if (entry == nullptr || entry->owner != d.agent) return false;
  entry->stage = Stage::kPending;
  return true;
}

bool Ledger::Take(const InquiryResumed& d) {
  Entry* entry = Open(d.inquiry);
  if (entry == nullptr || entry->stage != Stage::kPending) return false;
  if (!d.agent.none() && entry->owner != d.agent) return false;
  entry->owner = d.agent;
  entry->stage = d.agent.none()         ? Stage::kWaiting
                 : answered_[d.inquiry] ? Stage::kAnswered
                                        : Stage::kAssigned;
  return true;
}

bool Ledger::Take(const InquiryRequeued& d) {
  Entry* entry = Open(d.inquiry);
  if (entry == nullptr || entry->owner != d.agent || d.reason == RequeueReason::kNone) return false;
  entry->owner = AgentName();
  entry->stage = Stage::kWaiting;
  return true;
}

bool Ledger::Take(const InquiryResolved& d) {
  const Entry* entry = Open(d.inquiry);
  return entry != nullptr && entry->owner == d.agent && Ends(d.inquiry);
}

// What is pending on its name stays so, without an owner.
bool Ledger::Take(const AgentRemoved& d) {
  for (auto& [inquiry, entry] : open_) {
    if (entry.stage == Stage::kPending && entry.owner == d.agent) entry.owner = AgentName();
  }
  return true;
}

}  // namespace usher::kit
