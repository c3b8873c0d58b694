#include "insights/facts_taker.h"

#include <algorithm>

#include "insights/counts.h"
#include "insights/keys.h"
#include "measure/sketch.h"

namespace usher::insights {

FactKey FactTaker::Key(const AgentName& agent) const {
  FactKey key;
  if (row) {
    key.queue = row->queue;
    key.channel = row->features.channel;
    key.topic = row->features.topic;
    key.language = row->features.language;
  }
  key.agent = agent;
  return key;
}

// The last target of an inquiry is met after its end, by the same command.
FactKey FactTaker::KeyOf(const InquiryId& inquiry, const AgentName& agent) const {
  return !row && inquiry == desk.row.ended ? desk.row.ended_key : Key(agent);
}

void FactTaker::Count(const FactKey& key, FactCount count) const {
  facts.Add(desk, key, AmountOf(count), 1);
}

void FactTaker::Time(const FactKey& key, FactTime time, Duration value) const {
  facts.Add(desk, key, AmountOf(time, measure::SketchBucketOf(value)), 1);
}

template <class Change>
void FactTaker::Remember(const InquiryId& inquiry, const Change& change) const {
  const auto found = desk.inquiries.find(inquiry);
  const FactInquiryRow before = found == desk.inquiries.end() ? FactInquiryRow() : found->second;
  FactInquiryRow after = before;
  change(after);
  if (after == before) return;
  if (after == FactInquiryRow()) {
    desk.inquiries.erase(inquiry);
  } else {
    desk.inquiries[inquiry] = after;
  }
  facts.dirty_inquiries_.emplace(record.desk, inquiry);
}

void FactTaker::operator()(const InquiryPlaced& placed) const {
  FactKey key;
  key.queue = placed.queue;
  key.channel = placed.features.channel;
  key.topic = placed.features.topic;
  key.language = placed.features.language;
  Count(key, FactCount::kPlaced);
  if (placed.starts_at != Instant()) Count(key, FactCount::kScheduled);
  if (placed.repeat) Count(key, FactCount::kRepeats);
  if (!placed.reopens.none()) Count(key, FactCount::kReopened);
  Remember(placed.inquiry, [](FactInquiryRow& known) { known = FactInquiryRow(); });
}

void FactTaker::operator()(const MessageJoined& joined) const {
  Count(Key(), FactCount::kJoined);
  if (!row || row->answered_at == kNever) return;
  Remember(joined.inquiry, [this](FactInquiryRow& known) {
    if (known.asked_at == kNever) known.asked_at = at();
  });
}

void FactTaker::operator()(const InquiryRejected& rejected) const {
  if (!IsLoss(rejected)) return;
  FactKey key = Key();
  if (!row) key.queue = rejected.queue;
  Count(key, FactCount::kRejected);
}

void FactTaker::operator()(const OfferMade& made) const {
  const FactKey key = Key(made.agent);
  Count(key, FactCount::kMade);
  if (row && row->offers == 0) Time(key, FactTime::kOfferWait, at() - row->placed_at);
}

void FactTaker::operator()(const OfferAccepted& accepted) const {
  const FactKey key = Key(accepted.agent);
  Count(key, FactCount::kAccepted);
  if (!row) return;
  if (!accepted.automatic && row->offered_at != kNever) {
    Time(key, FactTime::kAccept, at() - row->offered_at);
  }
  Remember(accepted.inquiry, [](FactInquiryRow& known) { known.missed = false; });
  LearnAble(accepted.agent);
}

void FactTaker::operator()(const OfferDeclined& declined) const {
  Count(Key(declined.agent), FactCount::kDeclined);
  if (row) Remember(declined.inquiry, [](FactInquiryRow& known) { known.missed = true; });
}

void FactTaker::operator()(const OfferExpired& expired) const {
  Count(Key(expired.agent), FactCount::kExpired);
  if (row) Remember(expired.inquiry, [](FactInquiryRow& known) { known.missed = true; });
}

void FactTaker::operator()(const OfferRescinded& rescinded) const {
  Count(Key(rescinded.agent), FactCount::kRescinded);
}

void FactTaker::operator()(const InquiryAnswered& answered) const {
  // Who replied elsewhere may be anybody: no agent's figures.
  const FactKey key = Key(answered.outside ? AgentName() : answered.agent);
  Count(key, FactCount::kReplies);
  if (answered.first) Time(key, FactTime::kFirstResponse, answered.since_placed);
  const auto known = desk.inquiries.find(answered.inquiry);
  if (known == desk.inquiries.end() || known->second.asked_at == kNever) return;
  Time(key, FactTime::kNextResponse, at() - known->second.asked_at);
  Remember(answered.inquiry, [](FactInquiryRow& changed) { changed.asked_at = kNever; });
}

void FactTaker::operator()(const InquiryResolved& resolved) const {
  const FactKey key = Key(resolved.agent);
  Time(key, FactTime::kHandling, resolved.handled);
  Time(key, FactTime::kResolution, resolved.since_placed);
  Remember(resolved.inquiry, [](FactInquiryRow& known) { known = FactInquiryRow(); });
  desk.row.ended = resolved.inquiry;
  desk.row.ended_key = key;
}

void FactTaker::operator()(const InquiryCancelled& cancelled) const {
  Count(Key(), FactCount::kCancelled);
  Remember(cancelled.inquiry, [](FactInquiryRow& known) { known = FactInquiryRow(); });
}

void FactTaker::operator()(const InquiryAbandoned& abandoned) const {
  Time(Key(), FactTime::kAbandon, abandoned.since_placed);
  Remember(abandoned.inquiry, [](FactInquiryRow& known) { known = FactInquiryRow(); });
}

void FactTaker::operator()(const InquiryRequeued& requeued) const {
  Count(Key(requeued.agent), requeued.reason == RequeueReason::kTransferred
                                 ? FactCount::kTransferred
                                 : FactCount::kRequeued);
}

void FactTaker::operator()(const InquiryRelaxed& relaxed) const {
  if (!row || !relaxed.skipped) return;
  Remember(relaxed.inquiry, [](FactInquiryRow& known) { known.nobody_fitted = true; });
}

void FactTaker::operator()(const InquiryStarted& started) const {
  FactKey key = Key();
  key.queue = started.queue;
  Count(key, FactCount::kStarted);
}

void FactTaker::operator()(const SlaMet& met) const {
  const bool owned =
      row && (row->standing == Standing::kAssigned || row->standing == Standing::kAnswered ||
              row->standing == Standing::kPending);
  facts.Add(desk, KeyOf(met.inquiry, owned ? row->agent : AgentName()), AmountOfMet(met.target), 1);
}

void FactTaker::operator()(const SlaBreached& breached) const {
  const BreachCause cause = CauseOf(breached.inquiry);
  const bool owned =
      row && (row->standing == Standing::kAssigned || row->standing == Standing::kAnswered ||
              row->standing == Standing::kPending);
  facts.Add(desk, KeyOf(breached.inquiry, owned ? row->agent : AgentName()),
            AmountOfBreach(breached.target, cause), 1);
}

void FactTaker::LearnAble(const AgentName& agent) const {
  if (desk.able_count >= kFactAbleMax) return;
  const LanguageName& language = row->features.language;
  if (!desk.able[{row->queue, language}].insert(agent).second) return;
  ++desk.able_count;
  facts.writes_.push_back(store::PutRow{FactAbleTable(facts.partition_),
                                        AbleRow(record.desk, row->queue, language, agent), ""});
}

// The owner was away at this very instant, or for at least half of the time since it was placed.
bool FactTaker::Outage() const {
  if (desk.row.outage_until == Instant()) return false;
  if (at() >= desk.row.outage_from && at() < desk.row.outage_until) return true;
  const Instant from = std::max(desk.row.outage_from, row->placed_at);
  const Instant until = std::min(desk.row.outage_until, at());
  return until > from && (until - from) >= (at() - row->placed_at) / 2;
}

BreachCause FactTaker::CauseOf(const InquiryId& inquiry) const {
  if (!row) return BreachCause::kOther;
  if (Outage()) return BreachCause::kOutage;
  if (!Waits(row->standing)) {
    return row->agent.none() || row->standing == Standing::kScheduled ? BreachCause::kOther
                                                                      : BreachCause::kWithAgent;
  }
  const auto known = desk.inquiries.find(inquiry);
  const FactInquiryRow about = known == desk.inquiries.end() ? FactInquiryRow() : known->second;
  if (about.missed) return BreachCause::kOffersMissed;
  if (row->reserved_until != kNever) return BreachCause::kOther;
  if (desk.here == 0) return BreachCause::kNobodyHere;

  const auto able = desk.able.find({row->queue, row->features.language});
  if (able != desk.able.end()) {
    bool here = false;
    for (const AgentName& name : able->second) {
      const auto agent = desk.agents.find(name);
      if (agent == desk.agents.end() || !agent->second.here()) continue;
      // One who fits and is free was not asked: something else holds it.
      if (agent->second.idle()) return BreachCause::kOther;
      here = true;
    }
    if (here) return BreachCause::kAllBusy;
    if (!able->second.empty()) return BreachCause::kNobodySkilled;
  }
  // Whoever fits and is free is asked at once: who is free does not fit.
  if (about.nobody_fitted || desk.idle > 0) return BreachCause::kNobodySkilled;
  return BreachCause::kOther;
}

}  // namespace usher::insights
