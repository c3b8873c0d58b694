#include "simulate/world.h"

#include <algorithm>

#include "simulate/to_policy.h"

namespace usher::simulate {
namespace {

// Who nobody could begin with for so long, with nobody at work, is not waited for any more.
constexpr Duration kPatienceOfRun = 2 * kDay;

}  // namespace

absl::Status World::Run(Tally& tally) {
  tally = Tally();
  tally_ = &tally;
  if (absl::Status status = SetUp(); !status.ok()) return status;
  while (status_.ok() && !(closed_ && counted_open_ == 0)) {
    const Instant timer = engine_.next_timer();
    const Instant next = std::min(timer, events_.next());
    if (next == kNever || Stuck(next)) break;
    now_ = next;
    if (timer <= events_.next()) {
      tick_.at = timer;
      ApplyAndReact(tick_);
    } else {
      Handle(events_.Take());
    }
    while (!gone_.empty() && status_.ok()) {
      const std::uint32_t agent = gone_.back();
      gone_.pop_back();
      if (agents_[agent].leaving && agents_[agent].in_hand == 0) {
        agents_[agent].leaving = false;
        SetPresence(agent, Presence::kOffline);
      }
    }
  }
  if (!closed_) Close();
  CountUnserved();
  tally.commands = commands_;
  tally.simulated = now_.time_since_epoch();
  return status_;
}

bool World::Stuck(Instant next) const {
  return closed_ && serving_ == 0 && next - last_progress_ > kPatienceOfRun;
}

void World::Handle(const Event& event) {
  switch (event.kind()) {
    case EventKind::kArrival:
      return Arrive(event.subject);
    case EventKind::kFinish:
      return Finish(event.subject);
    case EventKind::kAbandon:
      return Abandon(event);
    case EventKind::kAccept:
      return AnswerOffer(event);
    case EventKind::kShift:
      return ChangeShift(event);
    case EventKind::kReturn:
      if (agents_[event.subject].on_shift) SetPresence(event.subject, Presence::kAvailable);
      return;
    case EventKind::kSample:
      return Sample(event.subject);
    case EventKind::kOpen:
      return Open();
    case EventKind::kClose:
      return Close();
  }
}

void World::Arrive(std::uint32_t of) {
  if (closed_) return;
  Class& its = classes_[of];
  std::uint32_t slot = static_cast<std::uint32_t>(live_.size());
  if (free_.empty()) {
    live_.emplace_back();
  } else {
    slot = free_.back();
    free_.pop_back();
  }
  Live& live = live_[slot];
  const std::uint64_t number = live.number = ++arrived_;
  live.placed = now_;
  live.of = of;
  live.counted = opened_;
  live.handling_unit = its.handling.Unit();
  live.offers_key = KeyOf(its.offers_key, ++its.arrived);
  // Drawn here even for those who are served at once: the next one's is the same in any case.
  const Duration patience = its.patient ? Duration(0) : its.patience_law.At(its.patience.Unit());
  if (live.counted) {
    ++counted_;
    ++tally_->classes[of].arrived;
  }
  its.place.at = now_;
  its.body->inquiry = IdOf(slot);
  ApplyAndReact(its.place);
  const Live& after = live_[slot];
  if (!its.patient && after.number == number && !after.serving) {
    events_.Put(now_ + patience, EventKind::kAbandon, slot, number);
  }
  if (!opened_ && arrived_ == scenario_.warmup.inquiries) Open();
  if (opened_ && counted_ > 0 && counted_ == scenario_.stop.inquiries) return Close();
  ScheduleArrival(of);
}

void World::ScheduleArrival(std::uint32_t of) {
  const Instant next = classes_[of].arrivals->Next();
  if (next != kNever) return events_.Put(next, EventKind::kArrival, of);
  // Where inquiries are counted off, the last of all ends what was to be counted.
  const bool counts = scenario_.stop.inquiries > 0 || (!opened_ && scenario_.warmup.inquiries > 0);
  if (--sources_ == 0 && counts) Close();
}

void World::Abandon(const Event& event) {
  const Live& live = live_[event.subject];
  if (live.number != event.detail || live.serving) return;
  abandon_.at = now_;
  std::get<AbandonInquiry>(abandon_.body).inquiry = IdOf(event.subject);
  ApplyAndReact(abandon_);
}

void World::AnswerOffer(const Event& event) {
  const Live& live = live_[event.subject];
  const auto offer = std::find_if(live.open.begin(), live.open.end(), [&](const OpenOffer& open) {
    return open.offer.number == event.detail;
  });
  if (offer == live.open.end()) return;  // it was taken back meanwhile
  auto& body = std::get<AcceptOffer>(accept_.body);
  accept_.at = now_;
  body.offer = offer->offer;
  body.agent = agents_[offer->agent].name;
  ApplyAndReact(accept_);
}

void World::Finish(std::uint32_t slot) {
  auto& body = std::get<FinishInquiry>(finish_.body);
  finish_.at = now_;
  body.inquiry = IdOf(slot);
  body.agent = agents_[live_[slot].agent].name;
  ApplyAndReact(finish_);
}

void World::ChangeShift(const Event& event) {
  const bool begins = event.detail == 1;
  for (std::uint32_t i = 0; i < agents_.size(); ++i) {
    Agent& agent = agents_[i];
    if (agent.group != event.subject) continue;
    agent.on_shift = begins;
    agent.leaving = !begins && agent.in_hand > 0;
    SetPresence(i, begins          ? Presence::kAvailable
                   : agent.leaving ? Presence::kDraining
                                   : Presence::kOffline);
  }
  events_.Put(now_ + kDay, EventKind::kShift, event.subject, event.detail);
}

void World::SetPresence(std::uint32_t agent, Presence presence) {
  auto& body = std::get<usher::SetPresence>(presence_.body);
  presence_.at = now_;
  body.agent = agents_[agent].name;
  body.presence = presence;
  ApplyAndReact(presence_);
}

void World::Sample(std::uint32_t index) {
  if (closed_) return;
  if (opened_) {
    tally_->busy_at_sum[index] += static_cast<std::int64_t>(serving_);
    ++tally_->busy_at_count[index];
  }
  events_.Put(now_ + scenario_.busy_period, EventKind::kSample, index);
}

void World::Open() {
  opened_ = true;
  tally_->opened = now_;
  for (Class& of : classes_) {
    of.waiting.Restart(now_);
    of.busy.Restart(now_);
  }
  for (Agent& agent : agents_) {
    agent.held.Restart(now_);
    agent.present.Restart(now_);
  }
  if (scenario_.stop.time > Duration(0)) {
    events_.Put(now_ + scenario_.stop.time, EventKind::kClose, 0);
  }
}

void World::Close() {
  if (!opened_) Open();
  closed_ = true;
  tally_->closed = now_;
  last_progress_ = now_;
  for (std::size_t i = 0; i < classes_.size(); ++i) {
    classes_[i].waiting.Change(now_, 0);
    classes_[i].busy.Change(now_, 0);
    tally_->classes[i].waiting_sum = classes_[i].waiting.sum();
    tally_->classes[i].busy_sum = classes_[i].busy.sum();
  }
  for (std::size_t i = 0; i < agents_.size(); ++i) {
    agents_[i].held.Change(now_, 0);
    agents_[i].present.Change(now_, 0);
    tally_->agents[i].held_sum = agents_[i].held.sum();
    tally_->agents[i].present_sum = agents_[i].present.sum();
  }
}

}  // namespace usher::simulate
