// ReferenceDesk: "The choices" of libs/engine/README.md, from Accept to Idle.
#include <algorithm>
#include <bit>
#include <chrono>

#include "kit/reference_desk.h"

namespace usher::kit {
namespace {

constexpr std::uint32_t kEnoughFinished = 8;
constexpr Duration kUnknownWork = 300s;

}  // namespace

void ReferenceDesk::Accept(InquiryState& i, const AgentName& agent, bool automatic) {
  AgentState& a = *Find(agent);
  const std::vector<OfferState> offers = i.offers;
  i.offers.clear();
  a.missed = 0;
  i.agent = agent;
  i.assigned_at = desk_.now;
  i.stage = i.answered ? Stage::kAnswered : Stage::kAssigned;
  if (ClockOf(i, Target::kUpdate) == nullptr) StartClock(i, Target::kUpdate, desk_.now);
  i.escalate = Timer();
  i.starve = Timer();
  i.reserved = Timer();
  i.starving = false;
  i.preferred.clear();
  const Duration answer_within = QueueOf(i).answer_within;
  if (answer_within > Duration(0)) i.answer = NextTimer(answer_within);
  for (const OfferState& offer : offers) {
    if (offer.agent == agent) Emit(OfferAccepted{offer.offer, i.inquiry, agent, automatic});
  }
  if (i.interruptible) Looks(agent);
  for (const OfferState& other : offers) {
    if (other.agent == agent) continue;
    Emit(OfferRescinded{other.offer, i.inquiry, other.agent, RescindCause::kTakenByAnother});
    Idle(other.agent);
  }
  ReserveLinked(i, a);
}

void ReferenceDesk::ReserveLinked(const InquiryState& i, const AgentState& a) {
  const Sticky& sticky = desk_.policy.sticky;
  if (!sticky.linked || sticky.wait == Duration(0)) return;
  for (InquiryState& other : desk_.inquiries) {  // by arrival
    if (other.stage != Stage::kWaiting || other.reserved.set() || !Linked(i, other)) continue;
    if (Fits(a, other) && !Excludes(other, a.agent)) Reserve(other, {a.agent}, sticky.wait);
  }
}

void ReferenceDesk::Reserve(InquiryState& i, const std::vector<AgentName>& agents,
                            Duration length) {
  i.preferred = agents;
  i.reserved = NextTimer(length);
  Emit(InquiryReserved{i.inquiry, i.preferred, i.reserved.at});
  Looks(i, OfferReason::kPreferred);
}

void ReferenceDesk::EndReservation(InquiryState& i) {
  i.reserved = Timer();
  i.preferred.clear();
  Emit(ReservationEnded{i.inquiry});
  if (i.stage == Stage::kWaiting) Looks(i, OfferReason::kChanged);
}

void ReferenceDesk::EnterStep(InquiryState& i, std::size_t step, bool skipped) {
  i.step = static_cast<std::uint32_t>(step);
  StartStep(i);
  Emit(InquiryRelaxed{i.inquiry, i.step, skipped});
  Looks(i, OfferReason::kChanged);
}

void ReferenceDesk::StartStep(InquiryState& i) {
  i.relax = Timer();
  i.relax_left = Duration(0);
  const std::vector<RelaxStep>& steps = QueueOf(i).steps;
  if (i.step >= steps.size()) return;
  if (i.stage == Stage::kWaiting) {
    i.relax = NextTimer(steps[i.step].after);
  } else {
    i.relax_left = steps[i.step].after;
  }
}

void ReferenceDesk::WaitsAgain(InquiryState& i) {
  const bool was_offered = i.stage == Stage::kOffered;
  i.stage = Stage::kWaiting;
  i.agent = AgentName();
  i.assigned_at = Instant();
  i.answer = Timer();
  i.gone = Timer();
  i.wake = Timer();
  i.holds = false;
  TakeUnits(i);
  if (i.step < QueueOf(i).steps.size()) {
    i.relax = NextTimer(i.relax_left);
    i.relax_left = Duration(0);
  }
  if (!was_offered) {
    StartEscalation(i);
    StartStarving(i);
  }
}

void ReferenceDesk::TakeUnits(InquiryState& i) {
  if (const Channel* channel = ChannelOf(i)) i.units = channel->units;
  i.interruptible = QueueOf(i).interruptible;
  Duration expected = kUnknownWork;
  for (const TopicName& topic : {TopicName(), i.features.topic}) {
    for (const Handling& known : desk_.handlings) {
      const bool its = known.queue == i.queue && known.topic == topic;
      if (its && known.finished >= kEnoughFinished) expected = known.mean;
    }
  }
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(expected).count();
  const auto e = static_cast<std::uint64_t>(std::clamp<std::int64_t>(seconds, 1, 65535));
  i.size = static_cast<std::uint8_t>(std::bit_width(e * e));
}

void ReferenceDesk::StartEscalation(InquiryState& i) {
  i.escalate = Timer();
  const std::vector<Escalation>& escalations = QueueOf(i).escalations;
  if (i.escalated >= escalations.size()) return;
  i.escalate = NextTimerAt(Sum(i.placed_at, escalations[i.escalated].age));
}

// How many of its queue's escalations lie behind an inquiry of this age.
std::uint32_t ReferenceDesk::PassedEscalations(const InquiryState& i) const {
  std::uint32_t passed = 0;
  for (const Escalation& each : QueueOf(i).escalations) {
    if (Sum(i.placed_at, each.age) <= desk_.now) passed += 1;
  }
  return passed;
}

void ReferenceDesk::StartStarving(InquiryState& i) {
  i.starve = Timer();
  i.starving = false;
  const Duration after = desk_.policy.starve_after;
  if (after == Duration(0)) return;
  if (Sum(i.placed_at, after) <= desk_.now) {
    i.starving = true;
  } else {
    i.starve = NextTimerAt(Sum(i.placed_at, after));
  }
}

void ReferenceDesk::Exclude(InquiryState& i, const AgentName& agent) {
  const auto is_of_it = [&](const Exclusion& e) { return e.agent == agent; };
  const bool was_asked_for =
      std::any_of(i.exclusions.begin(), i.exclusions.end(),
                  [&](const Exclusion& e) { return is_of_it(e) && !e.cooling; });
  if (was_asked_for) return;
  AddExclusion(i, agent, desk_.policy.decline_cooldown, true);
}

void ReferenceDesk::EndOtherExclusions(InquiryState& i, const AgentName& agent) {
  const auto is_left = [&](const AgentState& a) {
    return a.agent != agent && AtWork(a) && Fits(a, i) && !Excludes(i, a.agent);
  };
  if (std::any_of(desk_.agents.begin(), desk_.agents.end(), is_left)) return;
  std::erase_if(i.exclusions, [&](const Exclusion& e) { return e.cooling && e.agent != agent; });
}

void ReferenceDesk::AddExclusion(InquiryState& i, const AgentName& agent, Duration length,
                                 bool cooling) {
  if (length <= Duration(0) || limits_.exclusions_max == 0 || agent.none()) return;
  std::vector<Exclusion>& exclusions = i.exclusions;
  std::erase_if(exclusions, [&](const Exclusion& e) { return e.agent == agent; });
  const bool full = exclusions.size() >= limits_.exclusions_max;
  if (full) exclusions.erase(exclusions.begin());
  exclusions.push_back({agent, length == kForever ? Timer() : NextTimer(length), cooling});
  if (full && i.stage == Stage::kWaiting) Looks(i, OfferReason::kChanged);
}

void ReferenceDesk::Requeue(InquiryState& i, RequeueReason reason) {
  Emit(InquiryRequeued{i.inquiry, i.agent, reason});
  WaitsAgain(i);
  Looks(i, OfferReason::kReoffered);
}

void ReferenceDesk::Idle(const AgentName& agent) {
  AgentState& a = *Find(agent);
  a.idle = ++desk_.last_idle;
  a.idle_since = desk_.now;
  Looks(agent);
}

// --- What several commands and timers do with offers
// ----------------------------------------------

// All offers of the inquiry, by offer id. What it does next is left to the caller.
void ReferenceDesk::RescindOffers(InquiryState& i, RescindCause cause, bool idle) {
  const std::vector<OfferState> offers = i.offers;
  i.offers.clear();
  for (const OfferState& offer : offers) {
    Emit(OfferRescinded{offer.offer, i.inquiry, offer.agent, cause});
    if (idle) Idle(offer.agent);
  }
}

// All offers of the agent, by offer id.
void ReferenceDesk::RescindAll(const AgentName& agent, RescindCause cause) {
  for (const OfferId& offer : OffersOf(agent)) {
    InquiryState& i = *Offered(offer);
    Emit(OfferRescinded{offer, i.inquiry, agent, cause});
    EndOffer(i, agent);
    if (!i.offers.empty()) continue;
    WaitsAgain(i);
    Looks(i, OfferReason::kReoffered);
  }
}

void ReferenceDesk::EndOffer(InquiryState& i, const AgentName& agent) {
  std::erase_if(i.offers, [&](const OfferState& o) { return o.agent == agent; });
}

std::vector<OfferId> ReferenceDesk::OffersOf(const AgentName& agent) const {
  std::vector<OfferId> offers;
  for (const InquiryState& i : desk_.inquiries) {
    for (const OfferState& o : i.offers) {
      if (o.agent == agent) offers.push_back(o.offer);
    }
  }
  std::sort(offers.begin(), offers.end());
  return offers;
}

// --- What is likely
// -------------------------------------------------------------------------------

WaitEstimated ReferenceDesk::Estimated(const InquiryState& i) const {
  WaitEstimated answer;
  answer.inquiry = i.inquiry;
  answer.queue = i.queue;
  answer.position = 1;
  for (const InquiryState& other : desk_.inquiries) {
    if (other.stage != Stage::kWaiting || other.queue != i.queue) continue;
    if (KeyOf(other, nullptr) < KeyOf(i, nullptr)) answer.position += 1;
  }
  for (const AgentState& a : desk_.agents) {
    if (AtWork(a) && Fits(a, i)) answer.slots += std::max(1U, a.units / std::max(1U, i.units));
  }
  for (const Handling& handling : desk_.handlings) {
    if (handling.queue != i.queue || !handling.topic.none() || answer.slots == 0) continue;
    const std::int64_t mean = handling.mean.count();
    const bool beyond = mean > 0 && answer.position > kForever.count() / mean;
    answer.estimate = beyond ? kForever : Duration(answer.position * mean / answer.slots);
  }
  return answer;
}

void ReferenceDesk::Foresee(InquiryState& i) {
  const Forecast forecast = QueueOf(i).forecast;
  if (forecast.none() || i.stage != Stage::kWaiting || i.forecast || Late(i) || Due(i) == kNever) {
    return;
  }
  const Duration estimate = Estimated(i).estimate;
  if (estimate == kForever || Sum(desk_.now, estimate) <= Due(i)) return;
  const InquiryState before = i;
  i.forecast = true;
  Emit(BreachForecast{i.inquiry, Due(i), estimate});
  if (forecast.priority) {
    NamePriority(i, *forecast.priority);
  }
  if (forecast.relax && i.step < QueueOf(i).steps.size()) {
    EnterStep(i, i.step + std::size_t{1}, false);
  }
  if (!forecast.queue.none() && forecast.queue != i.queue) Move(i, forecast.queue);
  if (i.queue != before.queue || i.priority != before.priority) TellRerouted(i);
  Looks(i, OfferReason::kChanged);
}

}  // namespace usher::kit
