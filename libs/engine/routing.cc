// The chapter "Routing", and what a new route does to an open inquiry.
#include <algorithm>

#include "engine/steps.h"

namespace usher::engine {

constexpr std::uint8_t kPriorityOfNamedQueue = 5;

Steps::Before Steps::BeforeOf(const Inquiry& inquiry) const {
  Before before;
  before.queue = inquiry.queue;
  before.queue_name = QueueOf(inquiry).name;
  before.route = inquiry.route;
  if (inquiry.route != kNone) {
    before.route_name = rules_.policy().routes[inquiry.route].name;
    before.more_needs = rules_.policy().routes[inquiry.route].needs;
  }
  before.angry = inquiry.angry();
  before.step = inquiry.step;
  before.priority = inquiry.priority;
  before.due = inquiry.due;
  before.sla = QueueOf(inquiry).sla;
  return before;
}

Features Steps::FeaturesOf(const Inquiry& inquiry) const {
  Features features;
  features.channel = lexicon_.channels[inquiry.channel];
  if (inquiry.language != kNone) features.language = lexicon_.languages[inquiry.language];
  if (inquiry.topic != kNone) features.topic = lexicon_.topics[inquiry.topic];
  features.sentiment = inquiry.sentiment;
  const About& about = AboutOf(inquiry);
  if (about.tier != kNone) features.tier = lexicon_.tiers[about.tier];
  features.order = about.order;
  if (about.order_status != kNone) features.order_status = lexicon_.statuses[about.order_status];
  features.on_site = inquiry.on_site;
  features.value = about.value;
  return features;
}

// Leaves what is asked, and the counts of the queues, to the caller.
void Steps::Route(Inquiry& inquiry) const {
  const Policy& policy = rules_.policy();
  const About& about = AboutOf(inquiry);
  std::uint8_t routed = kPriorityOfNamedQueue;
  if (inquiry.queue_named) {
    inquiry.route = kNone;
  } else {
    inquiry.route = rules_.FirstRoute({.channel = inquiry.channel,
                                       .language = inquiry.language,
                                       .topic = inquiry.topic,
                                       .tier = about.tier,
                                       .order_status = about.order_status,
                                       .sentiment = inquiry.sentiment,
                                       .on_site = inquiry.on_site,
                                       .repeat = inquiry.repeat,
                                       .value = about.value});
    inquiry.queue = rules_.route_queue(inquiry.route);
    routed = policy.routes[inquiry.route].priority;
  }
  int priority = inquiry.raised;
  if (inquiry.priority_named != Inquiry::kUnnamed) {
    inquiry.priority = static_cast<std::uint8_t>(std::min(9, priority + inquiry.priority_named));
    return;
  }
  priority += routed + (inquiry.repeat ? policy.sticky.repeat_raise : 0);
  for (const StatusRaise& raise : policy.status_raises) {
    const bool unknown = about.order_status == kNone;
    if (unknown ? raise.status.none() : raise.status == lexicon_.statuses[about.order_status]) {
      priority += raise.raise;
    }
  }
  inquiry.priority = static_cast<std::uint8_t>(std::min(9, priority));
}

void Steps::Ask(Inquiry& inquiry) {
  inquiry.asked =
      rules_.AskedBy(inquiry.queue, inquiry.step, inquiry.route, inquiry.angry(), coverage_);
}

// Keeps the counts of the queues.
void Steps::SetQueue(Inquiry& inquiry, Slot queue) {
  if (inquiry.counted) {
    --facts_[inquiry.queue].queued;
    ++facts_[queue].queued;
  }
  inquiry.queue = queue;
}

// `before` is the inquiry as it was before the command; `policy_before` is null unless the policy
// is new; then it is counted for no queue. True if something that counts differs.
bool Steps::Reroute(Slot slot, const Before& before, const Policy* policy_before, bool stays) {
  Touch(slot);
  Inquiry& inquiry = inquiries_[slot];
  const bool new_policy = policy_before != nullptr;
  const Slot counted_for = inquiry.queue;
  if (!stays) Route(inquiry);
  const Slot queue = inquiry.queue;
  inquiry.queue = counted_for;
  SetQueue(inquiry, queue);
  const bool moved = QueueOf(inquiry).name != before.queue_name;
  if (moved) {
    inquiry.step = 0;
    inquiry.escalated = PassedEscalations(inquiry);
  }
  const std::vector<RelaxStep>& steps = QueueOf(inquiry).steps;
  if (inquiry.step > steps.size()) inquiry.step = static_cast<std::uint8_t>(steps.size());
  Ask(inquiry);
  if (new_policy) {
    RenewClocks(slot, *policy_before);
  } else if (QueueOf(inquiry).sla != before.sla) {
    RenewClocks(slot, rules_.policy());
  }
  RouteName route;
  std::vector<Need> more_needs;
  if (inquiry.route != kNone) {
    route = rules_.policy().routes[inquiry.route].name;
    more_needs = rules_.policy().routes[inquiry.route].needs;
  }
  const bool turned = inquiry.angry() != before.angry && !rules_.policy().angry_needs.empty();
  const bool other_needs =
      more_needs != before.more_needs || turned || moved || inquiry.step != before.step;
  if (inquiry.stage == Stage::kOffered && (other_needs || new_policy)) {
    RescindOffers(slot, new_policy ? RescindCause::kPolicyChanged : RescindCause::kInquiryUpdated,
                  !new_policy);
    WaitsAgain(slot);
  }
  if (moved || new_policy) {
    if (inquiry.stage == Stage::kWaiting) {
      StartStep(slot);
      StartEscalation(slot);
      StartStarving(slot);
    } else {
      ClearTimer(inquiry.relax);
      const bool goes_on = inquiry.step < steps.size();
      SetRelaxLeft(inquiry, goes_on ? steps[inquiry.step].after : Duration(0));
    }
  }
  const bool differs = moved || route != before.route_name || inquiry.priority != before.priority ||
                       inquiry.due != before.due;
  if (differs) TellRerouted(inquiry);
  if (inquiry.stage == Stage::kWaiting) TakeUnits(inquiry);
  return differs;
}

void Steps::TellRerouted(const Inquiry& inquiry) {
  InquiryRerouted& told = Emit<InquiryRerouted>();
  told.inquiry = inquiry.id;
  told.queue = QueueOf(inquiry).name;
  if (inquiry.route != kNone) told.route = rules_.policy().routes[inquiry.route].name;
  told.priority = inquiry.priority;
  told.sla = QueueOf(inquiry).sla;
  told.due = inquiry.due;
}

void Steps::Move(Slot slot, Slot queue) {
  Touch(slot);
  Inquiry& inquiry = inquiries_[slot];
  const SlaName sla_before = QueueOf(inquiry).sla;
  inquiry.queue_named = true;
  inquiry.NamePriority(inquiry.priority);
  inquiry.route = kNone;
  SetQueue(inquiry, queue);
  inquiry.step = 0;
  Ask(inquiry);
  inquiry.escalated = PassedEscalations(inquiry);
  if (inquiry.stage == Stage::kOffered) {
    RescindOffers(slot, RescindCause::kInquiryUpdated, true);
    WaitsAgain(slot);
  }
  if (QueueOf(inquiry).sla != sla_before) RenewClocks(slot, rules_.policy());
  StartStep(slot);
  TakeUnits(inquiry);
  StartEscalation(slot);
}

}  // namespace usher::engine
