// ReferenceDesk: "The choices" of libs/engine/README.md, from Look to MakeOffers.
#include <algorithm>
#include <chrono>
#include <utility>

#include "kit/reference_desk.h"

namespace usher::kit {
namespace {

std::int64_t WholeSeconds(Duration length) {
  return std::chrono::duration_cast<std::chrono::seconds>(length).count();
}

}  // namespace

// --- Look, Settle
// ---------------------------------------------------------------------------------

void ReferenceDesk::Looks(const InquiryState& i, OfferReason reason) {
  for (const Mark& mark : looking_inquiries_) {
    if (mark.inquiry == i.inquiry) return;
  }
  looking_inquiries_.push_back({i.inquiry, reason});
}

void ReferenceDesk::Settle() {
  Prepare();
  do {
    Match();
  } while (Prepare());
}

// True if it found something to change.
bool ReferenceDesk::Prepare() {
  const bool turned = TurnGates();
  const bool ended = EndHopelessReservations();
  const bool skipped = SkipUnstaffedSteps();
  return turned || ended || skipped;
}

bool ReferenceDesk::TurnGates() {
  bool changed = false;
  for (const Queue& queue : desk_.policy.queues) {
    if (queue.borrow.empty()) continue;
    std::uint32_t& gates = FactsOf(queue.name).gates;
    const std::uint32_t before = gates;
    std::uint32_t after = 0;
    for (std::size_t b = 0; b < queue.borrow.size(); ++b) {
      if (IsGateOpen(queue.borrow[b])) after |= std::uint32_t{1} << b;
    }
    gates = after;
    changed = changed || before != after;
    if ((after & ~before) == 0) continue;
    for (const InquiryState& i : desk_.inquiries) {
      if (i.queue == queue.name && i.stage == Stage::kWaiting) Looks(i, OfferReason::kChanged);
    }
  }
  return changed;
}

bool ReferenceDesk::EndHopelessReservations() {
  bool changed = false;
  for (InquiryState& i : desk_.inquiries) {  // by arrival
    if (i.stage != Stage::kWaiting || !i.reserved.set()) continue;
    const bool hope =
        std::any_of(i.preferred.begin(), i.preferred.end(), [&](const AgentName& name) {
          const AgentState* a = Find(name);
          return a != nullptr && AtWork(*a) && Fits(*a, i) && !Excludes(i, name);
        });
    if (hope) continue;
    EndReservation(i);
    changed = true;
  }
  return changed;
}

bool ReferenceDesk::SkipUnstaffedSteps() {
  bool changed = false;
  for (InquiryState& i : desk_.inquiries) {  // by arrival
    if (i.stage != Stage::kWaiting || i.reserved.set() || StaffedAt(i, i.step)) continue;
    const std::size_t steps = QueueOf(i).steps.size();
    for (std::size_t step = i.step + 1; step <= steps; ++step) {
      if (!StaffedAt(i, step)) continue;
      EnterStep(i, step, true);
      changed = true;
      break;
    }
  }
  return changed;
}

// Until nothing looks.
void ReferenceDesk::Match() {
  for (;;) {
    if (InquiryState* i = FirstLooking()) {
      const auto mark = std::find_if(looking_inquiries_.begin(), looking_inquiries_.end(),
                                     [&](const Mark& each) { return each.inquiry == i->inquiry; });
      const OfferReason reason = mark->reason;
      looking_inquiries_.erase(mark);
      TryAgents(*i, reason);
      continue;
    }
    const AgentState* first = nullptr;
    for (const AgentName& name : looking_agents_) {
      const AgentState* a = Find(name);
      if (a != nullptr && (first == nullptr || a->idle < first->idle)) first = a;
    }
    if (first == nullptr) break;
    const AgentName agent = first->agent;
    looking_agents_.erase(agent);
    TryInquiries(agent);
  }
  // Left are marks of what does not wait or is gone.
  looking_inquiries_.clear();
  looking_agents_.clear();
}

// The first by key of those that look and wait.
InquiryState* ReferenceDesk::FirstLooking() {
  InquiryState* first = nullptr;
  for (const Mark& mark : looking_inquiries_) {
    InquiryState* i = Open(mark.inquiry);
    if (i == nullptr || i->stage != Stage::kWaiting) continue;
    if (first == nullptr || KeyOf(*i, nullptr) < KeyOf(*first, nullptr)) first = i;
  }
  return first;
}

// --- TryAgents, Pick
// ------------------------------------------------------------------------------

void ReferenceDesk::TryAgents(InquiryState& i, OfferReason reason) {
  const bool at_once = QueueOf(i).auto_accept;
  if (i.reserved.set()) {
    for (const AgentName& name : i.preferred) {
      const AgentState* a = Find(name);
      if (a != nullptr && Able(*a, i)) {
        return MakeOffers(i, {name}, OfferReason::kPreferred, at_once);
      }
    }
    return;
  }
  const std::vector<AgentName> picked = Picked(i);
  if (!picked.empty()) {
    MakeOffers(i, picked, reason, at_once);
  } else if (reason == OfferReason::kArrival) {
    Foresee(i);
  }
}

std::vector<AgentName> ReferenceDesk::Picked(const InquiryState& i) const {
  const Queue& queue = QueueOf(i);
  std::vector<const AgentState*> fitting;
  std::vector<const AgentState*> borrowable;
  for (const AgentState& a : desk_.agents) {
    if (Able(a, i)) (Fits(a, i) ? fitting : borrowable).push_back(&a);
  }
  std::vector<const AgentState*> asked = fitting.empty() ? borrowable : fitting;
  for (const Expression& group : queue.prefer) {
    std::vector<const AgentState*> in_group;
    for (const AgentState* a : asked) {
      if (Holds(group, a->profile)) in_group.push_back(a);
    }
    if (in_group.empty()) continue;
    asked = in_group;
    break;
  }
  std::vector<AgentName> picked;
  for (const AgentState* a : SortedByPick(asked, i)) {
    if (picked.size() < queue.offer_to) picked.push_back(a->agent);
  }
  return picked;
}

std::vector<const AgentState*> ReferenceDesk::SortedByPick(std::vector<const AgentState*> agents,
                                                           const InquiryState& i) const {
  std::sort(agents.begin(), agents.end(), [&](const AgentState* a, const AgentState* b) {
    return PickKey(*a, i) < PickKey(*b, i);
  });
  return agents;
}

// For the round robin the places of the names stand for the names: agents are sorted by them.
ReferenceDesk::Key ReferenceDesk::PickKey(const AgentState& a, const InquiryState& i) const {
  const Queue& queue = QueueOf(i);
  const auto used = static_cast<std::int64_t>(WorkOf(a, {}, i.inquiry).used);
  const std::int64_t load = used * 1000 / a.units;
  Key key{};
  switch (queue.pick) {
    case Pick::kRarestFirst:
      key[0] = static_cast<std::int64_t>(a.profile.skills.size());
      break;
    case Pick::kLongestIdle:
      break;
    case Pick::kLeastLoaded:
      key[0] = load;
      break;
    case Pick::kRoundRobin: {
      const AgentName turn = FactsOf(i.queue).turn;
      key[0] = !turn.none() && a.agent <= turn ? 1 : 0;
      key[1] = &a - desk_.agents.data();
      break;
    }
    case Pick::kBestLevel:
      key[0] = -Level(a, i);
      break;
    case Pick::kScore: {
      const ScoreFacts facts{.load_permille = load,
                             .idle_seconds = WholeSeconds(desk_.now - a.idle_since),
                             .priority = i.priority,
                             .waited_seconds = WholeSeconds(desk_.now - i.placed_at)};
      key[0] = -Evaluate(queue.score, a.profile, facts);
      break;
    }
  }
  key[2] = static_cast<std::int64_t>(a.idle);
  return key;
}

// --- TryInquiries
// ---------------------------------------------------------------------------------

void ReferenceDesk::TryInquiries(const AgentName& agent) {
  for (;;) {
    const AgentState& a = *Find(agent);
    std::vector<InquiryState*> able;
    bool fits_any = false;
    for (InquiryState& i : desk_.inquiries) {
      if (i.stage != Stage::kWaiting || !Able(a, i)) continue;
      able.push_back(&i);
      fits_any = fits_any || Fits(a, i);
    }
    if (fits_any) std::erase_if(able, [&](const InquiryState* i) { return !Fits(a, *i); });
    if (able.empty()) return;
    std::sort(able.begin(), able.end(), [&](const InquiryState* x, const InquiryState* y) {
      return KeyOf(*x, &a) < KeyOf(*y, &a);
    });
    const auto late = std::find_if(able.begin(), able.end(), [&](const InquiryState* i) {
      return KnowsLate() && Late(*i) && !i->starving;
    });

    InquiryState* chosen = able.front();
    OfferReason reason = OfferReason::kInTime;
    if (late == able.begin()) {
      reason = OfferReason::kOnlyLate;
    } else if (late != able.end() && !chosen->starving) {
      desk_.late_credit += desk_.policy.late_share_permille;
      if (desk_.late_credit >= 1000) {
        desk_.late_credit -= 1000;
        chosen = *late;
        reason = OfferReason::kLateShare;
      }
    }
    if (chosen->reserved.set()) reason = OfferReason::kPreferred;
    MakeOffers(*chosen, {agent}, reason, QueueOf(*chosen).auto_accept);
  }
}

// --- MakeOffers
// -----------------------------------------------------------------------------------

void ReferenceDesk::MakeOffers(InquiryState& i, const std::vector<AgentName>& agents,
                               OfferReason reason, bool accept_at_once) {
  if (i.relax.set()) {
    i.relax_left = i.relax.at == kNever ? kForever : i.relax.at - desk_.now;
    i.relax = Timer();
  }
  i.stage = Stage::kOffered;
  for (const AgentName& name : agents) {
    AgentState& a = *Find(name);
    const OfferId offer{++desk_.last_offer};
    a.idle = ++desk_.last_idle;
    a.idle_since = desk_.now;
    CountForPace(a);
    if (QueueOf(i).pick == Pick::kRoundRobin) FactsOf(i.queue).turn = name;
    i.offers.push_back({offer, name, desk_.now, Timer()});
    if (accept_at_once) {
      Emit(OfferMade{offer, i.inquiry, name, i.queue, kNever, reason});
      return Accept(i, name, true);
    }
    const Timer expiry = NextTimer(QueueOf(i).offer_window);
    i.offers.back().expiry = expiry;
    Emit(OfferMade{offer, i.inquiry, name, i.queue, expiry.at, reason});
  }
}

void ReferenceDesk::CountForPace(AgentState& a) {
  const Pace& pace = desk_.policy.pace;
  if (pace.most == 0) return;
  if (a.pace.set()) {
    a.paced += 1;
    return;
  }
  a.paced = 1;
  const bool slow = pace.start_most > 0 && desk_.now < a.slow_until;
  a.pace_most = slow ? pace.start_most : pace.most;
  a.pace = NextTimer(pace.window);
}

}  // namespace usher::kit
