// What happens to an inquiry between its commands: from Accept to Idle in README.md.
#include <algorithm>
#include <bit>
#include <chrono>

#include "engine/steps.h"

namespace usher::engine {
namespace {

constexpr std::uint32_t kEnoughFinished = 8;
constexpr Duration kUnknownWork = 300s;

}  // namespace

// Keeps count of what waits or is offered.
void Steps::SetStage(Slot slot, Stage stage) {
  inquiry_rows_.Mark(slot);
  Inquiry& inquiry = inquiries_[slot];
  const auto counts = [](Stage s) { return s == Stage::kWaiting || s == Stage::kOffered; };
  if (inquiry.counted != counts(stage)) {
    inquiry.counted = counts(stage);
    facts_[inquiry.queue].queued += inquiry.counted ? 1 : static_cast<std::uint32_t>(-1);
  }
  inquiry.stage = stage;
}

void Steps::Accept(Slot slot, Slot taken, bool automatic) {
  Inquiry& inquiry = inquiries_[slot];
  const Slot holder = offers_[taken].agent;
  const OfferId number{offers_[taken].number};
  EndOffer(taken);
  Agent& agent = agents_[holder];
  agent.missed = 0;
  agent_rows_.Mark(holder);
  SetStage(slot, inquiry.answered ? Stage::kAnswered : Stage::kAssigned);
  Own(slot, holder);
  Weigh(holder, inquiry, true, 1);
  inquiry.assigned_at = now_;
  for (Slot each = inquiry.offers; each != kNone; each = offers_[each].next) {
    ClearTimer(offers_[each].expiry);
  }
  const bool updates = LengthOf(inquiry, Target::kUpdate) > Duration(0);
  if (updates && ClockOf(inquiry, Target::kUpdate) == nullptr) {
    StartClock(slot, Target::kUpdate, now_);
  }
  ClearTimer(inquiry.escalate);
  ClearTimer(inquiry.starve);
  ClearTimer(inquiry.reserved);
  inquiry.starving = false;
  Unprefer(slot);
  const Duration answer_within = RuleOf(inquiry).answer_within;
  if (answer_within > Duration(0)) {
    inquiry.answer = SetTimer(TimerKind::kAnswer, slot, now_, answer_within);
  }
  OfferAccepted& accepted = Emit<OfferAccepted>();
  accepted.offer = number;
  accepted.inquiry = inquiry.id;
  accepted.agent = agent.name;
  accepted.automatic = automatic;
  if (inquiry.interruptible) AgentLooks(holder);
  RescindOffers(slot, RescindCause::kTakenByAnother, true);
  ReserveLinked(slot, holder);
}

void Steps::ReserveLinked(Slot slot, Slot agent) {
  const Sticky& sticky = rules_.policy().sticky;
  if (!sticky.linked || sticky.wait == Duration(0)) return;
  for (const Slot other : LinkedWith(slot)) {
    const Inquiry& linked = inquiries_[other];
    if (linked.stage != Stage::kWaiting || linked.reserved != kNone) continue;
    if (Fits(agent, linked) && !Excludes(linked, agent)) Reserve(other, {agent}, sticky.wait);
  }
}

void Steps::Reserve(Slot slot, const Slots& agents, Duration length) {
  Touch(slot);
  Inquiry& inquiry = inquiries_[slot];
  for (const Slot agent : agents) ++agents_[agent].references;
  Unprefer(slot);
  ExtraFor(inquiry).preferred = agents;
  ClearTimer(inquiry.reserved);
  inquiry.reserved = SetTimer(TimerKind::kReserved, slot, now_, length);
  InquiryReserved& reserved = Emit<InquiryReserved>();
  reserved.inquiry = inquiry.id;
  for (const Slot agent : agents) reserved.agents.push_back(agents_[agent].name);
  reserved.until = timers_[inquiry.reserved].at;
  Looks(slot, OfferReason::kPreferred);
}

void Steps::Unprefer(Slot slot) {
  const Inquiry& inquiry = inquiries_[slot];
  if (inquiry.extra == kNone) return;
  Slots preferred;
  preferred.swap(extras_[inquiry.extra].preferred);
  for (const Slot agent : preferred) DropAgent(agent);
}

void Steps::EndReservation(Slot slot) {
  Touch(slot);
  Inquiry& inquiry = inquiries_[slot];
  ClearTimer(inquiry.reserved);
  Unprefer(slot);
  Emit<ReservationEnded>().inquiry = inquiry.id;
  if (inquiry.stage == Stage::kWaiting) Looks(slot, OfferReason::kChanged);
}

void Steps::EnterStep(Slot slot, std::uint32_t step, bool skipped) {
  Touch(slot);
  Inquiry& inquiry = inquiries_[slot];
  inquiry.step = static_cast<std::uint8_t>(step);
  Ask(inquiry);
  StartStep(slot);
  Emit<InquiryRelaxed>() = {inquiry.id, step, skipped};
  Looks(slot, OfferReason::kChanged);
}

void Steps::StartStep(Slot slot) {
  Inquiry& inquiry = inquiries_[slot];
  ClearTimer(inquiry.relax);
  SetRelaxLeft(inquiry, Duration(0));
  if (inquiry.step >= RuleOf(inquiry).steps) return;
  const std::vector<RelaxStep>& steps = QueueOf(inquiry).steps;
  if (inquiry.stage == Stage::kWaiting) {
    inquiry.relax = SetTimer(TimerKind::kRelax, slot, now_, steps[inquiry.step].after);
  } else {
    SetRelaxLeft(inquiry, steps[inquiry.step].after);
  }
}

// Its offers have ended before.
void Steps::WaitsAgain(Slot slot) {
  Touch(slot);
  Inquiry& inquiry = inquiries_[slot];
  const bool was_offered = inquiry.stage == Stage::kOffered;
  Disown(slot);
  inquiry.holds = false;
  SetStage(slot, Stage::kWaiting);
  inquiry.assigned_at = Instant();
  ClearTimer(inquiry.answer);
  ClearGone(inquiry);
  ClearWake(inquiry);
  TakeUnits(inquiry);
  if (inquiry.step < RuleOf(inquiry).steps) {
    ClearTimer(inquiry.relax);
    inquiry.relax = SetTimer(TimerKind::kRelax, slot, now_, ExtraOf(inquiry).relax_left);
    SetRelaxLeft(inquiry, Duration(0));
  }
  if (was_offered) return;
  StartEscalation(slot);
  StartStarving(slot);
}

// Requires: nobody holds it, and it is not listed.
void Steps::TakeUnits(Inquiry& inquiry) {
  if (const Channel* channel = ChannelOf(inquiry)) inquiry.units = channel->units;
  inquiry.interruptible = RuleOf(inquiry).interruptible;
  Duration expected = kUnknownWork;
  const Handlings::Entry* known = nullptr;
  if (inquiry.topic != kNone) known = handlings_.Find(inquiry.queue, inquiry.topic);
  if (known == nullptr || known->finished < kEnoughFinished) {
    known = handlings_.Find(inquiry.queue, kNone);
  }
  if (known != nullptr && known->finished >= kEnoughFinished) expected = known->mean;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(expected).count();
  const auto e = static_cast<std::uint64_t>(std::clamp<std::int64_t>(seconds, 1, 65535));
  inquiry.size = static_cast<std::uint8_t>(std::bit_width(e * e));
}

void Steps::StartEscalation(Slot slot) {
  Inquiry& inquiry = inquiries_[slot];
  ClearTimer(inquiry.escalate);
  if (inquiry.escalated >= RuleOf(inquiry).escalations) return;
  const std::vector<Escalation>& escalations = QueueOf(inquiry).escalations;
  inquiry.escalate =
      SetTimer(TimerKind::kEscalate, slot, inquiry.placed_at, escalations[inquiry.escalated].age);
}

// How many of its queue's escalations lie behind an inquiry of this age.
std::uint8_t Steps::PassedEscalations(const Inquiry& inquiry) const {
  std::uint8_t passed = 0;
  for (const Escalation& each : QueueOf(inquiry).escalations) {
    if (After(inquiry.placed_at, each.age) <= now_) ++passed;
  }
  return passed;
}

void Steps::StartStarving(Slot slot) {
  Inquiry& inquiry = inquiries_[slot];
  ClearTimer(inquiry.starve);
  inquiry.starving = false;
  const Duration after = rules_.policy().starve_after;
  if (after == Duration(0)) return;
  if (After(inquiry.placed_at, after) <= now_) {
    inquiry.starving = true;
  } else {
    inquiry.starve = SetTimer(TimerKind::kStarve, slot, inquiry.placed_at, after);
  }
}

void Steps::Exclude(Slot slot, Slot agent) {
  for (const ExclusionRecord& known : ExtraOf(inquiries_[slot]).exclusions) {
    if (known.agent == agent && !known.cooling) return;
  }
  AddExclusion(slot, agent, rules_.policy().decline_cooldown, true);
}

// Is nobody else left, those who cool down are asked again.
void Steps::EndOtherExclusions(Slot slot, Slot agent) {
  const auto is_other = [agent](const ExclusionRecord& e) { return e.cooling && e.agent != agent; };
  const std::vector<ExclusionRecord>& exclusions = ExtraOf(inquiries_[slot]).exclusions;
  if (std::none_of(exclusions.begin(), exclusions.end(), is_other)) return;
  if (IsAnyoneLeft(inquiries_[slot], agent)) return;
  for (std::size_t place = 0; place < exclusions.size();) {
    if (is_other(exclusions[place])) {
      DropExclusion(slot, place);
    } else {
      ++place;
    }
  }
}

bool Steps::IsAnyoneLeft(const Inquiry& inquiry, Slot beside) const {
  for (Slot agent = 0; agent < agents_.end(); ++agent) {
    if (agent == beside || !agents_.used(agent) || !agents_[agent].at_work()) continue;
    if (Fits(agent, inquiry) && !Excludes(inquiry, agent)) return true;
  }
  return false;
}

void Steps::AddExclusion(Slot slot, Slot agent, Duration length, bool cooling) {
  if (length <= Duration(0) || limits_.exclusions_max == 0 || agents_[agent].name.none()) return;
  Touch(slot);
  Inquiry& inquiry = inquiries_[slot];
  ++agents_[agent].references;
  std::vector<ExclusionRecord>& exclusions = ExtraFor(inquiry).exclusions;
  for (std::size_t place = 0; place < exclusions.size(); ++place) {
    if (exclusions[place].agent != agent) continue;
    DropExclusion(slot, place);
    break;
  }
  const bool full = exclusions.size() >= limits_.exclusions_max;
  if (full) DropExclusion(slot, 0);
  ExclusionRecord made{agent, kNone, cooling};
  if (length != kForever) made.end = SetTimer(TimerKind::kExclusionEnd, slot, now_, length);
  exclusions.push_back(made);
  if (full && inquiry.stage == Stage::kWaiting) Looks(slot, OfferReason::kChanged);
}

void Steps::DropExclusion(Slot slot, std::size_t place) {
  inquiry_rows_.Mark(slot);
  std::vector<ExclusionRecord>& exclusions = extras_[inquiries_[slot].extra].exclusions;
  ExclusionRecord exclusion = exclusions[place];
  exclusions.erase(exclusions.begin() + static_cast<std::ptrdiff_t>(place));
  ClearTimer(exclusion.end);
  DropAgent(exclusion.agent);
}

void Steps::Requeue(Slot slot, RequeueReason reason) {
  Emit<InquiryRequeued>() = {inquiries_[slot].id, agents_[inquiries_[slot].owner].name, reason};
  WaitsAgain(slot);
  Looks(slot, OfferReason::kReoffered);
}

void Steps::Idle(Slot agent) {
  NewIdle(agent);
  AgentLooks(agent);
}

void Steps::NewIdle(Slot agent) {
  agent_rows_.Mark(agent);
  agents_[agent].idle = ++last_idle_;
  agents_[agent].idle_since = now_;
  free_.Touch(agent);
}

WaitEstimated Steps::Estimated(Slot slot) {
  Flush();
  const Inquiry& inquiry = inquiries_[slot];
  WaitEstimated answer;
  answer.inquiry = inquiry.id;
  answer.queue = QueueOf(inquiry).name;
  answer.position = 1;
  const WaitingRoom::Found key = KeyOf(slot, kNone);
  for (Slot other = 0; other < inquiries_.end(); ++other) {
    if (!inquiries_.used(other) || inquiries_[other].stage != Stage::kWaiting) continue;
    if (inquiries_[other].queue != inquiry.queue) continue;
    if (KeyOf(other, kNone).Before(key)) ++answer.position;
  }
  for (Slot agent = 0; agent < agents_.end(); ++agent) {
    if (!agents_.used(agent) || !agents_[agent].at_work() || !Fits(agent, inquiry)) continue;
    answer.slots += std::max(1U, agents_[agent].units / std::max(1U, inquiry.units));
  }
  const Handlings::Entry* known = handlings_.Find(inquiry.queue, kNone);
  if (known == nullptr || answer.slots == 0) return answer;
  const std::int64_t mean = known->mean.count();
  const bool beyond = mean > 0 && answer.position > kForever.count() / mean;
  answer.estimate = beyond ? kForever : Duration(answer.position * mean / answer.slots);
  return answer;
}

void Steps::Foresee(Slot slot) {
  Inquiry& inquiry = inquiries_[slot];
  if (!RuleOf(inquiry).forecasts) return;
  const Forecast& forecast = QueueOf(inquiry).forecast;
  if (inquiry.stage != Stage::kWaiting || inquiry.forecast || inquiry.late ||
      inquiry.due == kNever) {
    return;
  }
  const Duration estimate = Estimated(slot).estimate;
  if (estimate == kForever || After(now_, estimate) <= inquiry.due) return;
  const Slot queue_before = inquiry.queue;
  const std::uint8_t priority_before = inquiry.priority;
  Touch(slot);
  inquiry.forecast = true;
  Emit<BreachForecast>() = {inquiry.id, inquiry.due, estimate};
  if (forecast.priority) inquiry.NamePriority(*forecast.priority);
  if (forecast.relax && inquiry.step < QueueOf(inquiry).steps.size()) {
    EnterStep(slot, inquiry.step + 1U, false);
  }
  if (!forecast.queue.none() && forecast.queue != QueueOf(inquiry).name) {
    Move(slot, rules_.FindQueue(forecast.queue));
  }
  if (inquiry.queue != queue_before || inquiry.priority != priority_before) TellRerouted(inquiry);
  Looks(slot, OfferReason::kChanged);
}

// With all its timers. Whoever held it is told by the caller.
void Steps::Leave(Slot slot) {
  Touch(slot);
  Inquiry& inquiry = inquiries_[slot];
  while (inquiry.offers != kNone) EndOffer(inquiry.offers);
  Disown(slot);
  SetStage(slot, Stage::kScheduled);  // counts for no queue
  for (std::uint32_t* timer :
       {&inquiry.reserved, &inquiry.relax, &inquiry.escalate, &inquiry.starve, &inquiry.answer}) {
    ClearTimer(*timer);
  }
  DropClocks(inquiry);
  if (inquiry.extra != kNone) {
    ClearGone(inquiry);
    ClearWake(inquiry);
    Unprefer(slot);
    while (!extras_[inquiry.extra].exclusions.empty()) {
      DropExclusion(slot, extras_[inquiry.extra].exclusions.size() - 1);
    }
    extras_.Remove(inquiry.extra);
  }
  inquiry_of_.Erase(inquiry.id, slot);
  if (!inquiry.conversation.none()) inquiry_of_conversation_.Erase(inquiry.conversation, slot);
  if (!inquiry.customer.none() && rules_.policy().sticky.linked) of_customer_.Remove(slot);
  lexicon_.channels.Drop(inquiry.channel);
  if (inquiry.topic != kNone) lexicon_.topics.Drop(inquiry.topic);
  if (inquiry.language != kNone) lexicon_.languages.Drop(inquiry.language);
  if (inquiry.about != kNone) {
    const About& about = abouts_[inquiry.about];
    if (!about.order.none()) of_order_.Remove(slot);
    if (about.tier != kNone) lexicon_.tiers.Drop(about.tier);
    if (about.order_status != kNone) lexicon_.statuses.Drop(about.order_status);
    abouts_.Remove(inquiry.about);
  }
  inquiry.look = OfferReason::kNone;
  inquiries_.Remove(slot);
}

}  // namespace usher::engine
