// PlaceInquiry: a message joins its open inquiry, or opens one.
#include "engine/desk.h"
#include "engine/times.h"

namespace usher::engine {

constexpr std::uint8_t kPriorityOfNamedQueue = 5;  // unless the command names one

void Engine::Desk::RejectPlace(const PlaceInquiry& command, const QueueName& queue,
                               RejectReason reason) {
  Emit<InquiryRejected>() = {command.inquiry, command.message, queue, reason};
}

void Engine::Desk::Do(const PlaceInquiry& command) {
  const auto reject = [&](RejectReason reason) { RejectPlace(command, command.queue, reason); };
  if (!rules_.taken()) return reject(RejectReason::kNoPolicy);
  if (command.priority && *command.priority >= kPriorities) {
    return reject(RejectReason::kBadPriority);
  }
  const std::uint32_t channel = rules_.FindChannel(command.features.channel);
  if (channel == kNone) return reject(RejectReason::kUnknownChannel);
  std::uint32_t named_queue = kNone;
  if (!command.queue.none()) {
    named_queue = rules_.FindQueue(command.queue);
    if (named_queue == kNone) return reject(RejectReason::kUnknownQueue);
  }
  if (!command.conversation.none()) {
    const std::uint32_t open = FindConversation(command.conversation);
    if (open != kNone) {
      Emit<MessageJoined>() = {inquiries_[open].id, command.message};
      return;
    }
  }
  if (FindInquiry(command.inquiry) != kNone) return reject(RejectReason::kInquiryExists);
  if (inquiries_.size() >= limits_.inquiries_max) return reject(RejectReason::kTooManyInquiries);

  const Way way = Route(command.features, named_queue, command.priority);
  const Queue& queue = rules_.policy().queues[way.queue];
  const std::uint32_t name = rules_.queue(way.queue).name;
  if (queue.max_waiting > 0 && queued_[name] >= queue.max_waiting) {
    return RejectPlace(command, queue.name, RejectReason::kQueueFull);
  }
  TryAgents(Open(command, way, channel), OfferReason::kArrival);
}

Engine::Desk::Way Engine::Desk::Route(const Features& features, std::uint32_t named_queue,
                                      std::optional<std::uint8_t> named_priority) const {
  if (named_queue != kNone) {
    return {named_queue, rules_.no_route(), named_priority.value_or(kPriorityOfNamedQueue)};
  }
  const std::uint32_t route = rules_.FirstRoute(features);
  return {rules_.route_queue(route), rules_.route_name(route),
          named_priority.value_or(rules_.policy().routes[route].priority)};
}

std::uint32_t Engine::Desk::Open(const PlaceInquiry& command, const Way& way,
                                 std::uint32_t channel) {
  const std::uint32_t slot = inquiries_.Add();
  Inquiry& inquiry = inquiries_[slot];
  inquiry.id = command.inquiry;
  inquiry.conversation = command.conversation;
  inquiry.customer = command.customer;
  inquiry.message = command.message;
  inquiry.features = command.features;
  inquiry.queue_named = !command.queue.none();
  inquiry.priority_named = command.priority;
  inquiry.channel = rules_.channel(channel).name;
  inquiry.units = rules_.channel(channel).units;
  lexicon_.channels.Hold(inquiry.channel);
  inquiry.arrival = ++last_arrival_;
  inquiry.placed_at = now_;
  Follow(inquiry, way);
  inquiry_of_.Insert(inquiry.id, slot);
  if (!inquiry.conversation.none()) inquiry_of_conversation_.Insert(inquiry.conversation, slot);
  ++queued_[inquiry.queue];
  StartClock(slot, rules_.queue(way.queue));

  InquiryPlaced& placed = Emit<InquiryPlaced>();
  placed.inquiry = inquiry.id;
  placed.conversation = inquiry.conversation;
  placed.customer = inquiry.customer;
  placed.message = inquiry.message;
  placed.features = inquiry.features;
  placed.queue = lexicon_.queues[inquiry.queue];
  placed.route = lexicon_.routes[inquiry.route];
  placed.priority = inquiry.priority;
  placed.sla = lexicon_.slas[inquiry.sla];
  placed.due = inquiry.due;
  StartWaiting(slot);
  return slot;
}

// Copies what the queue says, and holds the names.
void Engine::Desk::Follow(Inquiry& inquiry, const Way& way) {
  const Queue& queue = rules_.policy().queues[way.queue];
  const QueueRule& rule = rules_.queue(way.queue);
  inquiry.queue = rule.name;
  inquiry.route = way.route_name;
  inquiry.sla = rule.sla;
  inquiry.needs = rule.needs;
  inquiry.priority = way.priority;
  inquiry.offer_window = queue.offer_window;
  inquiry.auto_accept = queue.auto_accept;
  inquiry.wrap_up = queue.wrap_up;
  lexicon_.queues.Hold(inquiry.queue);
  lexicon_.routes.Hold(inquiry.route);
  lexicon_.slas.Hold(inquiry.sla);
  coverage_.HoldNeeds(inquiry.needs);
}

void Engine::Desk::StartClock(std::uint32_t slot, const QueueRule& rule) {
  if (rule.target == Duration(0)) return;
  Inquiry& inquiry = inquiries_[slot];
  inquiry.due = After(now_, rule.target);
  inquiry.clock = ClockState::kRunning;
  if (rule.warns) inquiry.warn = SetTimer(TimerKind::kWarn, slot, now_, rule.warn_after);
  inquiry.breach = SetTimer(TimerKind::kBreach, slot, now_, rule.target);
}

}  // namespace usher::engine
