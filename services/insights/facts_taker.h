// FactTaker: what each decision adds to the facts, told from the live desk as it was before it. For
// the parts of Facts alone.
#pragma once

#include "insights/facts.h"

namespace usher::insights {

struct FactTaker {
  Facts& facts;
  Facts::Desk& desk;
  const wire::DecisionRecord& record;
  const InquiryRow* row;  // null: the inquiry is not open

  void operator()(const InquiryPlaced& placed) const;
  void operator()(const MessageJoined& joined) const;
  void operator()(const InquiryRejected& rejected) const;
  void operator()(const OfferMade& made) const;
  void operator()(const OfferAccepted& accepted) const;
  void operator()(const OfferDeclined& declined) const;
  void operator()(const OfferExpired& expired) const;
  void operator()(const OfferRescinded& rescinded) const;
  void operator()(const InquiryAnswered& answered) const;
  void operator()(const InquiryResolved& resolved) const;
  void operator()(const InquiryCancelled& cancelled) const;
  void operator()(const InquiryAbandoned& abandoned) const;
  void operator()(const InquiryRequeued& requeued) const;
  void operator()(const InquiryRelaxed& relaxed) const;
  void operator()(const InquiryStarted& started) const;
  void operator()(const SlaMet& met) const;
  void operator()(const SlaBreached& breached) const;
  // The others add nothing.
  template <class Other>
  void operator()(const Other&) const {}

 private:
  Instant at() const { return record.decision.at; }
  FactKey Key(const AgentName& agent = AgentName()) const;
  FactKey KeyOf(const InquiryId& inquiry, const AgentName& agent) const;
  void Count(const FactKey& key, FactCount count) const;
  void Time(const FactKey& key, FactTime time, Duration value) const;
  template <class Change>
  void Remember(const InquiryId& inquiry, const Change& change) const;
  void LearnAble(const AgentName& agent) const;
  BreachCause CauseOf(const InquiryId& inquiry) const;
  bool Outage() const;
};

}  // namespace usher::insights
