// Ledger: who has which inquiry, written from the decisions alone.
//
// A reader of the decision log knows no more than this; so nothing may be lost, owned twice or
// offered behind its back. Also a count of what was placed and what ended.
//
// Threads: one.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "model/decision.h"
#include "model/state.h"

namespace usher::kit {

class Ledger {
 public:
  // Empty, or one sentence: the first decision that does not follow from those before.
  std::string Note(const DecisionList& decisions);

  // Empty, or one sentence: where `state` is not what the decisions say.
  std::string Compare(const DeskState& state) const;

 private:
  struct Entry {
    Stage stage = Stage::kWaiting;
    AgentName owner;
    std::map<OfferId, AgentName> offers;
    QueueName queue;
    std::uint8_t priority = 0;
    std::uint32_t step = 0;
  };

  // One decision each; false if it does not follow.
  bool Take(const InquiryPlaced& decision);
  bool Take(const InquiryRejected& decision);
  bool Take(const InquiryStarted& decision);
  bool Take(const InquiryRerouted& decision);
  bool Take(const InquiryUpdated& decision);
  bool Take(const InquiryRelaxed& decision);
  bool Take(const InquiryEscalated& decision);
  bool Take(const OfferMade& decision);
  bool Take(const OfferAccepted& decision);
  bool Take(const OfferDeclined& decision);
  bool Take(const OfferExpired& decision);
  bool Take(const OfferRescinded& decision);
  bool Take(const InquiryAnswered& decision);
  bool Take(const InquiryPaused& decision);
  bool Take(const InquiryResumed& decision);
  bool Take(const InquiryRequeued& decision);
  bool Take(const InquiryResolved& decision);
  bool Take(const InquiryCancelled& decision) { return Ends(decision.inquiry); }
  bool Take(const InquiryAbandoned& decision) { return Ends(decision.inquiry); }
  bool Take(const AgentRemoved& decision);
  template <class Other>
  bool Take(const Other&) {
    return true;
  }

  Entry* Open(const InquiryId& inquiry);
  bool Ends(const InquiryId& inquiry);
  bool EndOffer(const InquiryId& inquiry, const OfferId& offer, const AgentName& agent);

  std::map<InquiryId, Entry> open_;
  std::map<InquiryId, bool> answered_;
  std::uint64_t placed_ = 0;
  std::uint64_t ended_ = 0;
};

}  // namespace usher::kit
