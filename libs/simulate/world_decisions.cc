// What the engine decides, and what the simulated people make of it.
#include <algorithm>
#include <string>
#include <utility>

#include "simulate/to_policy.h"
#include "simulate/world.h"

namespace usher::simulate {
namespace {

// Does a desk turn customers away for this? All else is a mistake of the simulation.
bool TurnsAway(RejectReason reason) {
  return reason == RejectReason::kTooManyInquiries || reason == RejectReason::kQueueFull ||
         reason == RejectReason::kNobodyHere || reason == RejectReason::kQueueClosed;
}

}  // namespace

void World::Apply(const Command& command, DecisionList& out) {
  out.clear();
  engine_.Apply(command, out);
  ++commands_;
  if (!sink_) return;
  for (const Decision& decision : out) sink_(replication_, decision);
}

void World::ApplyAndReact(const Command& command) {
  Apply(command, decisions_);
  for (const Decision& decision : decisions_) React(decision);
}

void World::React(const Decision& decision) {
  const Instant at = decision.at;
  const DecisionBody& body = decision.body;
  if (const auto* made = std::get_if<OfferMade>(&body)) return On(*made, at);
  if (const auto* accepted = std::get_if<OfferAccepted>(&body)) return On(*accepted, at);
  if (const auto* placed = std::get_if<InquiryPlaced>(&body)) return On(*placed);
  if (const auto* resolved = std::get_if<InquiryResolved>(&body)) return On(*resolved, at);
  if (const auto* abandoned = std::get_if<InquiryAbandoned>(&body)) return On(*abandoned, at);
  if (const auto* rejected = std::get_if<InquiryRejected>(&body)) return On(*rejected);
  if (const auto* ended = std::get_if<WrapUpEnded>(&body)) {
    return LetGo(NumberOf(ended->agent), classes_[ClassOf(ended->inquiry)].units, at);
  }
  if (const auto* expired = std::get_if<OfferExpired>(&body)) {
    return TakeBack(expired->inquiry, expired->offer, expired->agent, at);
  }
  if (const auto* rescinded = std::get_if<OfferRescinded>(&body)) {
    return TakeBack(rescinded->inquiry, rescinded->offer, rescinded->agent, at);
  }
  if (const auto* changed = std::get_if<PresenceChanged>(&body)) return On(*changed, at);
  if (const auto* rerouted = std::get_if<InquiryRerouted>(&body)) {
    Live& live = live_[SlotOf(rerouted->inquiry)];
    if (!scenario_.classes[live.of].first_response) live.due = rerouted->due;
    return;
  }
  if (const auto* rejected = std::get_if<CommandRejected>(&body)) return Refused(*rejected, at);
  if (std::holds_alternative<InquiryRequeued>(body)) {
    status_ = absl::InternalError("simulate: the engine took an inquiry from an agent at work");
  }
}

void World::On(const InquiryPlaced& placed) {
  Live& live = live_[SlotOf(placed.inquiry)];
  const auto& target = scenario_.classes[live.of].first_response;
  live.due = target ? live.placed + *target : placed.due;
  classes_[live.of].waiting.Change(now_, 1);
  if (!live.counted) return;
  ++counted_open_;
  if (live.due != kNever) ++tally_->classes[live.of].targeted;
}

void World::On(const InquiryRejected& rejected) {
  const std::uint32_t slot = SlotOf(rejected.inquiry);
  const Live& live = live_[slot];
  if (!TurnsAway(rejected.reason)) {
    status_ = absl::InternalError("simulate: the engine refused an inquiry of class '" +
                                  scenario_.classes[live.of].name + "', reason " +
                                  std::to_string(static_cast<int>(rejected.reason)));
  }
  if (live.counted) ++tally_->classes[live.of].blocked;
  Free(slot);
}

void World::On(const OfferMade& made, Instant at) {
  const std::uint32_t slot = SlotOf(made.inquiry);
  const std::uint32_t agent = NumberOf(made.agent);
  Live& live = live_[slot];
  Hold(agent, classes_[live.of].units, at);
  live.wrap_up = scenario_.policy ? wrap_up_of_[made.queue] : scenario_.wrap_up;
  ++live.offers;
  if (live.counted) ++tally_->classes[live.of].offers;
  if (made.expires == kNever) return;  // it is accepted in the same breath
  live.open.push_back({made.offer, agent});
  Instant answer = at;
  if (!scenario_.offers.instant) {
    const std::uint64_t key = KeyOf(live.offers_key, live.offers);
    if (UnitAt(KeyOf(key, 1)) < scenario_.offers.ignore) return;
    answer += accept_law_.At(UnitAt(KeyOf(key, 2)));
  }
  if (answer < made.expires) events_.Put(answer, EventKind::kAccept, slot, made.offer.number);
}

void World::On(const OfferAccepted& accepted, Instant at) {
  const std::uint32_t slot = SlotOf(accepted.inquiry);
  Live& live = live_[slot];
  Class& its = classes_[live.of];
  std::erase_if(live.open, [&](const OpenOffer& open) { return open.offer == accepted.offer; });
  live.serving = true;
  live.agent = NumberOf(accepted.agent);
  its.waiting.Change(at, -1);
  its.busy.Change(at, 1);
  ++serving_;
  last_progress_ = at;
  const Duration wait = at - live.placed;
  if (live.counted) {
    ClassTally& tally = tally_->classes[live.of];
    ++tally.served;
    ++tally_->agents[live.agent].served;
    tally.served_wait_us += wait.count();
    NoteWait(live, wait);
  }
  const Duration handling = its.handling_by_group[agents_[live.agent].group].At(live.handling_unit);
  events_.Put(at + handling, EventKind::kFinish, slot);
  auto& reply = std::get<RecordReply>(reply_.body);
  reply_.at = at;
  reply.inquiry = accepted.inquiry;
  reply.agent = accepted.agent;
  Apply(reply_, answers_);
  for (const Decision& answer : answers_) {
    const auto* rejected = std::get_if<CommandRejected>(&answer.body);
    if (rejected != nullptr) Refused(*rejected, at);
  }
}

void World::On(const PresenceChanged& changed, Instant at) {
  const std::uint32_t number = NumberOf(changed.agent);
  Agent& agent = agents_[number];
  const auto there = [](Presence presence) {
    return presence == Presence::kAvailable || presence == Presence::kDraining;
  };
  if (there(agent.presence) != there(changed.presence)) {
    agent.present.Change(at, there(changed.presence) ? agent.units : -agent.units);
  }
  agent.presence = changed.presence;
  if (changed.away == AwayReason::kMissedOffers) {
    events_.Put(at + kCooldown, EventKind::kReturn, number);
  }
}

void World::TakeBack(const InquiryId& inquiry, OfferId offer, const AgentName& agent, Instant at) {
  Live& live = live_[SlotOf(inquiry)];
  std::erase_if(live.open, [&](const OpenOffer& open) { return open.offer == offer; });
  LetGo(NumberOf(agent), classes_[live.of].units, at);
}

void World::On(const InquiryResolved& resolved, Instant at) {
  const std::uint32_t slot = SlotOf(resolved.inquiry);
  const Live& live = live_[slot];
  classes_[live.of].busy.Change(at, -1);
  --serving_;
  last_progress_ = at;
  if (live.wrap_up == Duration(0)) LetGo(live.agent, classes_[live.of].units, at);
  if (live.counted) --counted_open_;
  Free(slot);
}

void World::On(const InquiryAbandoned& abandoned, Instant at) {
  const std::uint32_t slot = SlotOf(abandoned.inquiry);
  const Live& live = live_[slot];
  classes_[live.of].waiting.Change(at, -1);
  last_progress_ = at;
  if (live.counted) {
    const Duration wait = at - live.placed;
    ClassTally& tally = tally_->classes[live.of];
    ++tally.abandoned;
    tally.abandoned_wait_us += wait.count();
    NoteWait(live, wait);
    --counted_open_;
  }
  Free(slot);
}

void World::Refused(const CommandRejected& rejected, Instant at) {
  status_ = absl::InternalError("simulate: the engine refused command " +
                                std::to_string(rejected.command) + ", reason " +
                                std::to_string(static_cast<int>(rejected.reason)) + ", at " +
                                std::to_string(ToMicros(at)) + " us");
}

void World::Hold(std::uint32_t number, std::int64_t units, Instant at) {
  ++agents_[number].in_hand;
  agents_[number].held.Change(at, units);
}

void World::LetGo(std::uint32_t number, std::int64_t units, Instant at) {
  Agent& agent = agents_[number];
  agent.held.Change(at, -units);
  if (--agent.in_hand == 0 && agent.leaving) gone_.push_back(number);
}

// Of a counted one whose wait is over, by service or by leaving.
void World::NoteWait(const Live& live, Duration wait) {
  ClassTally& tally = tally_->classes[live.of];
  tally.waits_us.push_back(wait.count());
  if (live.due == kNever || live.placed + wait <= live.due) return;
  ++tally.breached;
  tally.lateness_us += (live.placed + wait - live.due).count();
}

void World::Free(std::uint32_t slot) {
  Live& live = live_[slot];
  live.number = 0;
  live.serving = false;
  live.offers = 0;
  live.due = kNever;
  live.open.clear();
  free_.push_back(slot);
}

// Who waits when nothing can happen any more: late if their time is up, by as much as was seen.
void World::CountUnserved() {
  for (const Live& live : live_) {
    if (live.number == 0 || !live.counted || live.serving) continue;
    ++tally_->classes[live.of].unserved;
    if (live.due >= now_) continue;
    ++tally_->classes[live.of].breached;
    tally_->classes[live.of].lateness_us += (now_ - live.due).count();
  }
}

}  // namespace usher::simulate
