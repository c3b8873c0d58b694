#include "kit/coverage.h"

#include <algorithm>
#include <variant>

#include "kit/desk_view.h"
#include "kit/words.h"

namespace usher::kit {
namespace {

// "offer reason arrival", ...: each word of the enum but the first `skip`.
template <class Enum>
void AddAll(const char* what, std::size_t skip, std::map<std::string, std::uint64_t>& hits) {
  const auto words = WordsOf(Enum{});
  for (std::size_t i = skip; i < words.size(); ++i) {
    hits[std::string(what) + " " + std::string(words[i])] = 0;
  }
}

template <class Enum>
std::string Said(const char* what, Enum value) {
  return std::string(what) + " " + EnumText(value);
}

// Situations that no single word of a decision tells.
constexpr const char* kSituations[] = {
    "several offers at once",
    "an offer over soft units",
    "an offer to a borrowed agent",
    "an offer to one of a preferred group",
    "an offer to one that is not the longest idle",
    "a score chose",
    "an agent paced out",
    "an agent in its slow start",
    "the oldest exclusion dropped",
    "an exclusion after a decline",
    "exclusions ended since nobody else was left",
    "an exclusion for ever",
    "a wait by reservation",
    "a reservation of several agents",
    "a step skipped",
    "a step frozen by an offer",
    "an escalation to another queue",
    "a forecast",
    "a queue closed",
    "a gate open",
    "a gate shut again",
    "an inquiry pending with its units",
    "an inquiry pending without an owner",
    "a clock paused",
    "a clock that warned twice",
    "a crowd that lifts",
    "sizes that differ",
    "a starving one",
    "two levels of priority raised",
    "diverted while placing",
    "diverted while starting",
    "imported",
    "a repeat",
    "a repeat by what a message told",
    "the topic of a further message",
    "the order of a further message",
    "a re-opened one",
    "a bot answers",
    "a first reply from elsewhere",
    "another from elsewhere",
    "an answer after the due",
    "a memory that gave way",
    "late credit above nothing",
    "a calendar edge",
    "several timers in one step",
    "a policy with open work",
    "a policy that moves what is owned",
};

}  // namespace

Coverage::Coverage() {
  for (std::size_t i = 0; i < std::variant_size_v<CommandBody>; ++i) {
    hits_["command " + CommandWord(i)] = 0;
  }
  for (std::size_t i = 0; i < std::variant_size_v<DecisionBody>; ++i) {
    hits_["decision " + std::to_string(i)] = 0;
  }
  AddAll<OfferReason>("offer", 1, hits_);
  AddAll<DeclineReason>("declined", 1, hits_);
  AddAll<RescindCause>("rescinded", 1, hits_);
  AddAll<RequeueReason>("requeued", 1, hits_);
  AddAll<CancelReason>("cancelled", 1, hits_);
  AddAll<RejectReason>("rejected", 1, hits_);
  AddAll<RepeatReason>("repeated", 1, hits_);
  AddAll<WakeCause>("woken", 1, hits_);
  AddAll<EscalateReason>("rises by", 1, hits_);
  AddAll<Verdict>("verdict", 0, hits_);
  AddAll<NextChange>("next", 0, hits_);
  AddAll<Pick>("pick", 0, hits_);
  AddAll<Order>("order", 0, hits_);
  AddAll<SortField>("then", 0, hits_);
  AddAll<Target>("warned", 0, hits_);
  AddAll<Target>("breached", 0, hits_);
  hits_["met first"] = hits_["met next"] = hits_["met resolution"] = 0;
  AddAll<ClockState>("clock", 1, hits_);
  AddAll<Stage>("stage", 0, hits_);
  AddAll<Presence>("presence", 0, hits_);
  AddAll<AwayReason>("away", 1, hits_);
  for (const char* situation : kSituations) hits_[situation] = 0;
}

void Coverage::Hit(const std::string& name) { hits_[name] += 1; }

std::vector<std::string> Coverage::Below(std::uint64_t least) const {
  std::vector<std::string> below;
  for (const auto& [name, count] : hits_) {
    if (count < least) below.push_back(name + ": " + std::to_string(count));
  }
  return below;
}

void Coverage::Note(const DeskState& before, const Command& command, const DecisionList& decisions,
                    const DeskState& after) {
  Hit("command " + CommandWord(command.body.index()));
  for (const Decision& decision : decisions) NoteDecision(decision, after);
  NoteOffers(decisions, before, after);
  NoteState(before, after);
}

void Coverage::NoteDecision(const Decision& decision, const DeskState& after) {
  Hit("decision " + std::to_string(decision.body.index()));
  const DecisionBody& body = decision.body;
  if (const auto* d = std::get_if<OfferMade>(&body)) Hit(Said("offer", d->reason));
  if (const auto* d = std::get_if<OfferDeclined>(&body)) Hit(Said("declined", d->reason));
  if (const auto* d = std::get_if<OfferRescinded>(&body)) Hit(Said("rescinded", d->cause));
  if (const auto* d = std::get_if<InquiryRequeued>(&body)) Hit(Said("requeued", d->reason));
  if (const auto* d = std::get_if<InquiryCancelled>(&body)) Hit(Said("cancelled", d->reason));
  if (const auto* d = std::get_if<InquiryRejected>(&body)) Hit(Said("rejected", d->reason));
  if (const auto* d = std::get_if<CommandRejected>(&body)) Hit(Said("rejected", d->reason));
  if (const auto* d = std::get_if<CommandRepeated>(&body)) Hit(Said("repeated", d->reason));
  if (const auto* d = std::get_if<InquiryResumed>(&body)) Hit(Said("woken", d->cause));
  if (const auto* d = std::get_if<SlaWarned>(&body)) Hit(Said("warned", d->target));
  if (const auto* d = std::get_if<SlaBreached>(&body)) Hit(Said("breached", d->target));
  if (const auto* d = std::get_if<SlaMet>(&body)) Hit(Said("met", d->target));
  if (const auto* d = std::get_if<PresenceChanged>(&body)) {
    Hit(Said("presence", d->presence));
    if (d->away != AwayReason::kNone) Hit(Said("away", d->away));
  }
  if (const auto* d = std::get_if<InquiryExplained>(&body)) {
    Hit(Said("next", d->next));
    for (const VerdictCount& each : d->verdicts) Hit(Said("verdict", each.verdict));
  }
  if (const auto* d = std::get_if<InquiryPlaced>(&body)) {
    if (!d->diverted_from.none()) Hit("diverted while placing");
    if (d->arrived_at < decision.at) Hit("imported");
    if (d->repeat) Hit("a repeat");
    if (!d->reopens.none()) Hit("a re-opened one");
  }
  if (const auto* d = std::get_if<InquiryStarted>(&body)) {
    if (!d->diverted_from.none()) Hit("diverted while starting");
  }
  if (const auto* d = std::get_if<InquiryEscalated>(&body)) Hit(Said("rises by", d->reason));
  if (const auto* d = std::get_if<InquiryRelaxed>(&body)) {
    if (d->skipped) Hit("a step skipped");
  }
  if (const auto* d = std::get_if<InquiryReserved>(&body)) {
    if (d->agents.size() > 1) Hit("a reservation of several agents");
  }
  if (std::get_if<BreachForecast>(&body) != nullptr) Hit("a forecast");
  if (const auto* d = std::get_if<InquiryAnswered>(&body)) {
    if (d->outside) Hit(d->first ? "a first reply from elsewhere" : "another from elsewhere");
    for (const AgentState& a : after.agents) {
      if (a.agent == d->agent && a.bot) Hit("a bot answers");
    }
  }
  if (const auto* d = std::get_if<PolicyApplied>(&body)) {
    Hit(Said("order", after.policy.order));
    for (const SortField field : after.policy.then) Hit(Said("then", field));
    if (d->rerouted > 0) Hit("a policy with open work");
  }
}

// What became of the offers that stand after the step, or were accepted in it.
void Coverage::NoteOffers(const DecisionList& decisions, const DeskState& before,
                          const DeskState& after) {
  const DeskView view(after);
  for (const Decision& decision : decisions) {
    const auto* made = std::get_if<OfferMade>(&decision.body);
    if (made == nullptr) continue;
    const AgentState* a = view.agent(made->agent);
    const Queue* queue = view.queue(made->queue);
    const auto i =
        std::find_if(after.inquiries.begin(), after.inquiries.end(),
                     [&](const InquiryState& each) { return each.inquiry == made->inquiry; });
    if (a == nullptr || queue == nullptr || i == after.inquiries.end() || i->queue != made->queue) {
      continue;
    }
    Hit(Said("pick", queue->pick));
    const bool chosen =
        made->reason == OfferReason::kArrival || made->reason == OfferReason::kReoffered;
    if (chosen && queue->pick == Pick::kScore) Hit("a score chose");
    const Load& load = view.load(made->agent);
    if (load.firm + load.soft > a->units && queue->interrupts) Hit("an offer over soft units");
    const bool given =
        made->reason == OfferReason::kTaken || made->reason == OfferReason::kAssigned;
    if (!given && i->step < queue->steps.size() + 1 && !view.Fits(*a, *i, i->step)) {
      Hit("an offer to a borrowed agent");
    }
    for (const Expression& group : queue->prefer) {
      if (chosen && Holds(group, a->profile)) Hit("an offer to one of a preferred group");
    }
    const bool longer =
        std::any_of(before.agents.begin(), before.agents.end(), [&](const AgentState& other) {
          return other.agent != a->agent && other.idle < a->idle &&
                 other.presence == Presence::kAvailable;
        });
    if (chosen && longer) Hit("an offer to one that is not the longest idle");
  }
}

void Coverage::NoteInquiry(const InquiryState& i, const DeskState& state) {
  Hit(Said("stage", i.stage));
  for (const Clock& clock : i.clocks) {
    Hit(Said("clock", clock.state));
    if (clock.state == ClockState::kPaused) Hit("a clock paused");
    if (clock.warned >= 2) Hit("a clock that warned twice");
    if (clock.target == Target::kFirstResponse && i.answered &&
        clock.state == ClockState::kBreached) {
      Hit("an answer after the due");
    }
  }
  if (i.offers.size() > 1) Hit("several offers at once");
  if (i.stage == Stage::kWaiting && i.reserved.set()) Hit("a wait by reservation");
  if (i.stage == Stage::kOffered && i.relax_left > Duration(0)) Hit("a step frozen by an offer");
  if (i.starving) Hit("a starving one");
  if (i.stage == Stage::kPending && i.holds) Hit("an inquiry pending with its units");
  if (i.stage == Stage::kPending && i.agent.none()) Hit("an inquiry pending without an owner");
  for (const Exclusion& e : i.exclusions) {
    if (!e.end.set()) Hit("an exclusion for ever");
    if (e.cooling) Hit("an exclusion after a decline");
  }
  if (i.repeat && !i.features.order_status.none() && !i.priority_named) {
    Hit("two levels of priority raised");
  }
  for (const InquiryState& other : state.inquiries) {
    if (other.queue == i.queue && other.size != i.size) Hit("sizes that differ");
  }
}

void Coverage::NoteState(const DeskState& before, const DeskState& after) {
  const DeskView view(after);
  for (const InquiryState& i : after.inquiries) {
    NoteInquiry(i, after);
    for (const InquiryState& was : before.inquiries) {
      if (was.inquiry != i.inquiry || was.arrival != i.arrival) continue;
      const bool dropped = !was.exclusions.empty() && !i.exclusions.empty() &&
                           i.exclusions.size() == was.exclusions.size() &&
                           i.exclusions.front().agent != was.exclusions.front().agent &&
                           was.exclusions.front().end.at > after.now;
      if (dropped) Hit("the oldest exclusion dropped");
      const bool freed = was.exclusions.size() > 1 && was.exclusions.front().cooling &&
                         was.exclusions.front().end.at > after.now && i.exclusions.size() == 1 &&
                         i.exclusions.front().cooling;
      if (freed) Hit("exclusions ended since nobody else was left");
      if (was.repeat != i.repeat) Hit("a repeat by what a message told");
      if (was.features.topic != i.features.topic) Hit("the topic of a further message");
      if (was.features.order != i.features.order) Hit("the order of a further message");
      if (was.queue != i.queue && was.escalated != i.escalated) {
        Hit("an escalation to another queue");
      }
      if (was.queue != i.queue && !i.agent.none() &&
          before.policy.version != after.policy.version) {
        Hit("a policy that moves what is owned");
      }
    }
    if (i.stage != Stage::kWaiting || after.policy.order != Order::kDefault) continue;
    const auto crowd = std::count_if(
        after.inquiries.begin(), after.inquiries.end(), [&](const InquiryState& other) {
          return other.stage == Stage::kWaiting && other.queue == i.queue && !other.clocks.empty();
        });
    if (after.policy.crowd > 0 && crowd >= std::int64_t{after.policy.crowd}) {
      Hit("a crowd that lifts");
    }
  }
  for (const AgentState& a : after.agents) {
    if (a.pace.set() && a.paced >= a.pace_most) Hit("an agent paced out");
    if (a.pace.set() && a.slow_until > after.now && a.pace_most < after.policy.pace.most) {
      Hit("an agent in its slow start");
    }
  }
  for (const QueueFacts& facts : after.queues) {
    if (facts.gates != 0) Hit("a gate open");
    for (const QueueFacts& was : before.queues) {
      if (was.queue == facts.queue && (was.gates & ~facts.gates) != 0 &&
          before.policy.version == after.policy.version) {
        Hit("a gate shut again");
      }
    }
  }
  for (const Queue& queue : after.policy.queues) {
    const Calendar* calendar = view.calendar(queue.hours);
    if (calendar != nullptr && !view.IsOpen(queue)) Hit("a queue closed");
  }
  for (const CalendarEdge& edge : after.edges) {
    for (const CalendarEdge& was : before.edges) {
      if (was.calendar == edge.calendar && was.at.at < edge.at.at && was.at.at <= after.now) {
        Hit("a calendar edge");
      }
    }
  }
  if (!before.memories.empty() && after.memories.size() == before.memories.size() &&
      after.memories.front() != before.memories.front()) {
    Hit("a memory that gave way");
  }
  if (after.late_credit > 0) Hit("late credit above nothing");
  if (after.last_timer > before.last_timer + 3) Hit("several timers in one step");
}

}  // namespace usher::kit
