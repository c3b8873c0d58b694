// The chapter "Words": who fits, who has room, who is able.
#include <algorithm>

#include "engine/steps.h"

namespace usher::engine {

bool Steps::Prefers(const Inquiry& inquiry, Slot agent) const {
  const Slots& preferred = ExtraOf(inquiry).preferred;
  return std::find(preferred.begin(), preferred.end(), agent) != preferred.end();
}

std::uint32_t DeskData::HoldAgent(const AgentName& name) {
  std::uint32_t slot = FindAgentSlot(name);
  if (slot == kNone) slot = AddAgentSlot(name);
  ++agents_[slot].references;
  return slot;
}

std::uint32_t DeskData::AddAgentSlot(const AgentName& name) {
  const std::uint32_t slot = agents_.Add();
  agents_[slot].name = name;
  agent_of_.Insert(name, slot);
  return slot;
}

void DeskData::DropAgent(std::uint32_t slot) {
  if (slot == kNone) return;
  --agents_[slot].references;
  FreeAgentSlot(slot);
}

void DeskData::FreeAgentSlot(std::uint32_t slot) {
  if (agents_[slot].registered || agents_[slot].references > 0) return;
  agent_of_.Erase(agents_[slot].name, slot);
  agents_.Remove(slot);
}

void DeskData::SetRelaxLeft(Inquiry& i, Duration left) {
  if (i.extra != kNone || left != Duration(0)) ExtraFor(i).relax_left = left;
}

void DeskData::ClearGone(const Inquiry& i) {
  if (i.extra != kNone) ClearTimer(extras_[i.extra].gone);
}

void DeskData::ClearWake(const Inquiry& i) {
  if (i.extra != kNone) ClearTimer(extras_[i.extra].wake);
}

bool Steps::IsBorrowable(Slot agent, const Inquiry& inquiry) const {
  const Asked& asked = AskedOf(inquiry);
  if (asked.lent.empty() || Fits(agent, inquiry)) return false;
  const std::uint32_t gates = facts_[inquiry.queue].gates;
  for (std::size_t b = 0; b < asked.lent.size(); ++b) {
    if ((gates >> b & 1) != 0 && FitsSet(agent, asked.lent[b])) return true;
  }
  return false;
}

bool Steps::EndsTooSoon(const Agent& agent, const Inquiry& inquiry) const {
  if (agent.shift_ends == kNever) return false;
  const Duration work = RuleOf(inquiry).expected_work;
  return work > Duration(0) && After(now_, work) > agent.shift_ends;
}

// What is held by the agent counts as if it were not.
bool Steps::HasUnits(Slot slot, const Inquiry& inquiry) const {
  const Agent& agent = agents_[slot];
  const Channel* channel = ChannelOf(inquiry);
  std::uint64_t used = agent.used;
  std::uint64_t soft = agent.soft;
  if (inquiry.owner == slot && (inquiry.owned() || inquiry.holds)) {
    used -= inquiry.units;
    if (inquiry.owned() && inquiry.interruptible) soft -= inquiry.units;
  }
  for (const Slot offer : OffersOf(inquiry)) {
    if (offers_[offer].agent == slot) used -= inquiry.units;
  }
  const std::uint64_t units = channel == nullptr ? inquiry.units : channel->units;
  return used - (RuleOf(inquiry).interrupts ? soft : 0) + units <= agent.units;
}

bool Steps::HasChannel(Slot slot, const Inquiry& inquiry) const {
  std::uint32_t own = inquiry.owner == slot && (inquiry.owned() || inquiry.holds) ? 1 : 0;
  for (const Slot offer : OffersOf(inquiry)) own += offers_[offer].agent == slot ? 1 : 0;
  for (const LimitRecord& limit : agents_[slot].limits) {
    if (limit.channel == inquiry.channel && limit.count - own >= limit.most) return false;
  }
  return true;
}

bool Steps::HasRoom(Slot slot, const Inquiry& inquiry, bool busy_too) const {
  const Agent& agent = agents_[slot];
  const bool present = agent.registered && (agent.presence == Presence::kAvailable ||
                                            (busy_too && agent.presence == Presence::kBusy));
  return present && HasUnits(slot, inquiry) && HasChannel(slot, inquiry);
}

bool Steps::May(Slot slot, const Inquiry& inquiry) const {
  const Agent& agent = agents_[slot];
  return agent.registered && (Fits(slot, inquiry) || IsBorrowable(slot, inquiry)) &&
         !Excludes(inquiry, slot) && (inquiry.reserved == kNone || Prefers(inquiry, slot)) &&
         facts_[inquiry.queue].is_open && !EndsTooSoon(agent, inquiry);
}

bool Steps::IsAble(Slot slot, const Inquiry& inquiry) const {
  const Agent& agent = agents_[slot];
  return agent.registered && agent.presence == Presence::kAvailable && !agent.looks &&
         !agent.paced_out() && May(slot, inquiry) && HasRoom(slot, inquiry, false);
}

bool Steps::IsStaffed(const Inquiry& inquiry, std::uint32_t step) {
  const Slot asked = rules_.AskedBy(inquiry.queue, step, inquiry.route, inquiry.angry(), coverage_);
  return coverage_.IsStaffed(rules_.asked(asked).base);
}

bool Steps::IsStaffedAtAll(const Inquiry& inquiry) {
  const std::size_t steps = QueueOf(inquiry).steps.size();
  for (std::uint32_t step = 0; step <= steps; ++step) {
    if (IsStaffed(inquiry, step)) return true;
  }
  return false;
}

// Nobody whom it is kept for can take it.
bool Steps::IsHopeless(const Inquiry& inquiry) const {
  for (const Slot agent : ExtraOf(inquiry).preferred) {
    if (agents_[agent].at_work() && Fits(agent, inquiry) && !Excludes(inquiry, agent)) return false;
  }
  return true;
}

void Steps::SortByArrival(Slots& slots) const {
  std::sort(slots.begin(), slots.end(),
            [this](Slot a, Slot b) { return inquiries_[a].arrival < inquiries_[b].arrival; });
}

Steps::Slots Steps::OpenByArrival() const {
  Slots open;
  open.reserve(inquiries_.size());
  for (Slot slot = 0; slot < inquiries_.end(); ++slot) {
    if (inquiries_.used(slot)) open.push_back(slot);
  }
  SortByArrival(open);
  return open;
}

Steps::Slots Steps::LinkedWith(Slot slot) const {
  const Inquiry& inquiry = inquiries_[slot];
  Slots linked;
  const auto add = [&](Slot other) {
    if (other != slot && std::find(linked.begin(), linked.end(), other) == linked.end()) {
      linked.push_back(other);
    }
  };
  if (!inquiry.customer.none()) {
    for (Slot i = of_customer_.First(inquiry.customer); i != kNone; i = of_customer_.Next(i))
      add(i);
  }
  const OrderId& order = AboutOf(inquiry).order;
  if (!order.none()) {
    for (Slot i = of_order_.First(order); i != kNone; i = of_order_.Next(i)) add(i);
  }
  SortByArrival(linked);
  return linked;
}

}  // namespace usher::engine
