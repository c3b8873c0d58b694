#include "sim/checker/book.h"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

namespace usher::sim {

std::string Book::Take(const Command& command, const Decision& decision) {
  command_ = &command;
  at_ = decision.at;
  if (decision.at < now_) return "time goes back";
  now_ = decision.at;
  return std::visit([this](const auto& body) { return On(body); }, decision.body);
}

Book::Inquiry* Book::Find(const InquiryId& inquiry) {
  const auto found = open_.find(inquiry);
  return found == open_.end() ? nullptr : &found->second;
}

std::uint32_t Book::UnitsOf(const ChannelName& channel) const {
  const auto found = std::find_if(policy_.channels.begin(), policy_.channels.end(),
                                  [&](const Channel& c) { return c.name == channel; });
  return found == policy_.channels.end() ? 1 : found->units;
}

bool Book::WrapsUp(const QueueName& queue) const {
  return std::any_of(policy_.queues.begin(), policy_.queues.end(), [&](const Queue& q) {
    return q.name == queue && q.wrap_up > Duration::zero();
  });
}

std::uint32_t Book::UsedBy(const AgentName& agent) const {
  std::uint32_t used = 0;
  for (const auto& [id, inquiry] : open_) {
    const bool asked = std::any_of(inquiry.offers.begin(), inquiry.offers.end(),
                                   [&](const auto& offer) { return offer.second == agent; });
    if (asked || (inquiry.held && inquiry.owner == agent)) used += UnitsOf(inquiry.channel);
  }
  for (const auto& [id, channel] : agents_.at(agent).wrap_ups) used += UnitsOf(channel);
  return used;
}

std::string Book::On(const InquiryPlaced& d) {
  const auto* place = std::get_if<PlaceInquiry>(&command_->body);
  if (place == nullptr || place->inquiry != d.inquiry || place->message != d.message) {
    return "an inquiry opens that its command did not name";
  }
  if (!open_.try_emplace(d.inquiry).second) return "an inquiry opens twice";
  Inquiry& inquiry = open_[d.inquiry];
  inquiry.stage = d.starts_at == Instant() ? Stage::kWaiting : Stage::kScheduled;
  inquiry.queue = d.queue;
  inquiry.channel = d.features.channel;
  inquiry.conversation = d.conversation;
  ended_.erase(d.inquiry);
  ++counts_.placed;
  if (d.message.none()) return "";  // usher's own
  if (++messages_[d.message] > 1) return "a second outcome of one message";
  return "";
}

std::string Book::On(const MessageJoined& d) {
  ++counts_.joined;
  Inquiry* const inquiry = Find(d.inquiry);
  if (inquiry == nullptr) return "a message joins what is not open";
  inquiry->awaits = true;
  if (++messages_[d.message] > 1) return "a second outcome of one message";
  return "";
}

std::string Book::On(const InquiryRejected& d) {
  Inquiry* const inquiry = Find(d.inquiry);
  const bool there = d.reason == RejectReason::kInquiryExists;  // another one of that id
  if (there && inquiry == nullptr) return "refused for what is not open";
  if (!there || !d.message.none()) ++counts_.rejected;
  if (!there && inquiry != nullptr && inquiry->stage == Stage::kScheduled) return Ends(d.inquiry);
  const auto* place = std::get_if<PlaceInquiry>(&command_->body);
  if (place == nullptr || place->message != d.message) return "a message is refused that none sent";
  if (inquiry == nullptr) ended_[d.inquiry] = true;
  if (d.message.none()) return "";  // usher's own
  return ++messages_[d.message] > 1 ? "a second outcome of one message" : "";
}

std::string Book::On(const InquiryRerouted& d) {
  Inquiry* const inquiry = Find(d.inquiry);
  if (inquiry == nullptr) return "what is not open goes to another queue";
  inquiry->queue = d.queue;
  return "";
}

std::string Book::On(const InquiryEscalated& d) {
  Inquiry* const inquiry = Find(d.inquiry);
  if (inquiry == nullptr) return "what is not open goes to another queue";
  inquiry->queue = d.queue;
  return "";
}

std::string Book::On(const InquiryStarted& d) {
  Inquiry* const inquiry = Find(d.inquiry);
  if (inquiry == nullptr || inquiry->stage != Stage::kScheduled) return "it was not to start";
  inquiry->stage = Stage::kWaiting;
  inquiry->queue = d.queue;
  return "";
}

std::string Book::On(const OfferMade& d) {
  ++counts_.offers_made;
  Inquiry* const inquiry = Find(d.inquiry);
  const auto agent = agents_.find(d.agent);
  if (inquiry == nullptr || agent == agents_.end()) return "an offer of or to nothing";
  if (!inquiry->owner.none()) return "an offer of what has an owner";
  if (inquiry->stage != Stage::kWaiting && inquiry->stage != Stage::kOffered) {
    return "an offer of what does not wait";
  }
  if (!(last_offer_ < d.offer)) return "the id of an offer is used again";
  last_offer_ = d.offer;
  const bool chosen = d.reason == OfferReason::kTaken || d.reason == OfferReason::kAssigned;
  if (agent->second.presence != Presence::kAvailable && !chosen) {
    return "an offer to one who is not available";
  }
  if (UsedBy(d.agent) + UnitsOf(inquiry->channel) > agent->second.units) {
    return "over the capacity of the agent";
  }
  inquiry->stage = Stage::kOffered;
  inquiry->offers[d.offer] = d.agent;
  inquiry->expires[d.offer] = d.expires;
  return "";
}

std::string Book::OfferEnds(OfferId offer, const InquiryId& id, const AgentName& agent) {
  Inquiry* const inquiry = Find(id);
  if (inquiry == nullptr) return "an offer ends of what is not open";
  const auto made = inquiry->offers.find(offer);
  if (made == inquiry->offers.end() || made->second != agent) return "an offer ends that was not";
  inquiry->offers.erase(made);
  inquiry->expires.erase(offer);
  if (inquiry->offers.empty() && inquiry->stage == Stage::kOffered) {
    inquiry->stage = Stage::kWaiting;
  }
  return "";
}

std::string Book::On(const OfferExpired& d) {
  const Inquiry* const inquiry = Find(d.inquiry);
  if (inquiry != nullptr && inquiry->expires.count(d.offer) > 0 &&
      inquiry->expires.at(d.offer) != at_) {
    return "an offer expires at another time than it said";
  }
  return OfferEnds(d.offer, d.inquiry, d.agent);
}

std::string Book::On(const OfferAccepted& d) {
  Inquiry* const inquiry = Find(d.inquiry);
  if (inquiry == nullptr) return "what is not open is accepted";
  if (!inquiry->owner.none()) return "a second owner";
  const std::string ends = OfferEnds(d.offer, d.inquiry, d.agent);
  if (!ends.empty()) return ends;
  inquiry->owner = d.agent;
  inquiry->held = true;
  inquiry->stage = inquiry->answered ? Stage::kAnswered : Stage::kAssigned;
  return "";
}

std::string Book::On(const InquiryAnswered& d) {
  Inquiry* const inquiry = Find(d.inquiry);
  if (inquiry == nullptr || (!d.outside && inquiry->owner != d.agent)) {
    return "a reply by one who has it not";
  }
  if (d.first == inquiry->answered) return "the first reply is the first";
  inquiry->answered = true;
  inquiry->awaits = false;
  if (inquiry->stage == Stage::kAssigned) inquiry->stage = Stage::kAnswered;
  counts_.answered += d.first ? 1 : 0;
  return "";
}

std::string Book::Ends(const InquiryId& inquiry) {
  open_.erase(inquiry);
  ended_[inquiry] = true;
  return "";
}

std::string Book::On(const InquiryResolved& d) {
  const Inquiry* const inquiry = Find(d.inquiry);
  if (inquiry == nullptr || inquiry->owner != d.agent) return "resolved by one who has it not";
  ++counts_.resolved;
  if (inquiry->held && WrapsUp(inquiry->queue)) {
    agents_[d.agent].wrap_ups[d.inquiry] = inquiry->channel;
  }
  return Ends(d.inquiry);
}

std::string Book::On(const InquiryCancelled& d) {
  ++counts_.cancelled;
  const Inquiry* const inquiry = Find(d.inquiry);
  if (inquiry == nullptr || !inquiry->offers.empty()) return "cancelled: not open, or on offer";
  return Ends(d.inquiry);
}

std::string Book::On(const InquiryAbandoned& d) {
  ++counts_.abandoned;
  const Inquiry* const inquiry = Find(d.inquiry);
  if (inquiry == nullptr || !inquiry->offers.empty()) return "abandoned: not open, or on offer";
  return Ends(d.inquiry);
}

std::string Book::On(const InquiryRequeued& d) {
  Inquiry* const inquiry = Find(d.inquiry);
  if (inquiry == nullptr || inquiry->owner != d.agent) return "requeued from one who has it not";
  inquiry->owner = AgentName();
  inquiry->held = false;
  inquiry->stage = Stage::kWaiting;
  return "";
}

std::string Book::On(const InquiryPaused& d) {
  Inquiry* const inquiry = Find(d.inquiry);
  if (inquiry == nullptr || inquiry->owner != d.agent) return "paused by one who has it not";
  if (inquiry->stage != Stage::kPending) {
    const auto channel = std::find_if(policy_.channels.begin(), policy_.channels.end(),
                                      [&](const Channel& c) { return c.name == inquiry->channel; });
    inquiry->held = channel != policy_.channels.end() && channel->pending_holds;
  }
  inquiry->stage = Stage::kPending;
  return "";
}

std::string Book::On(const InquiryResumed& d) {
  Inquiry* const inquiry = Find(d.inquiry);
  if (inquiry == nullptr || inquiry->stage != Stage::kPending) return "resumed, but not pending";
  inquiry->owner = d.agent;
  inquiry->held = !d.agent.none();
  inquiry->stage = d.agent.none()      ? Stage::kWaiting
                   : inquiry->answered ? Stage::kAnswered
                                       : Stage::kAssigned;
  if (!d.agent.none() && UsedBy(d.agent) > agents_[d.agent].units) {
    return "resumed over the capacity of the agent";
  }
  return "";
}

std::string Book::On(const WrapUpEnded& d) {
  return agents_[d.agent].wrap_ups.erase(d.inquiry) == 1 ? "" : "a wrap-up ends that was not";
}

std::string Book::On(const AgentRegistered& d) {
  agents_[d.agent].units = d.units;
  return "";
}

std::string Book::On(const AgentRemoved& d) {
  agents_.erase(d.agent);
  return "";
}

std::string Book::On(const PresenceChanged& d) {
  const auto agent = agents_.find(d.agent);
  if (agent == agents_.end()) return "presence of one who is not there";
  agent->second.presence = d.presence;
  return "";
}

std::string Book::On(const WorkShown& d) {
  std::set<InquiryId> told;
  for (const OpenOffer& offer : d.offers) told.insert(offer.inquiry);
  for (const OpenAssignment& work : d.assignments) told.insert(work.inquiry);
  for (const auto& [id, inquiry] : open_) {
    const bool its = inquiry.owner == d.agent ||
                     std::any_of(inquiry.offers.begin(), inquiry.offers.end(),
                                 [&](const auto& offer) { return offer.second == d.agent; });
    if (its != (told.count(id) > 0)) return "the work shown is not what the agent has";
  }
  return "";
}

std::string Book::On(const SlaBreached& d) {
  const Inquiry* const inquiry = Find(d.inquiry);
  if (inquiry == nullptr) return "a clock of what is not open";
  const bool stopped = (d.target == Target::kFirstResponse && inquiry->answered) ||
                       (d.target == Target::kNextResponse && !inquiry->awaits);
  if (stopped) return "a clock runs on that a reply stopped";
  ++counts_.breached;
  return "";
}

std::string Book::On(const PolicyApplied&) {
  const auto* apply = std::get_if<ApplyPolicy>(&command_->body);
  if (apply == nullptr) return "a policy that nobody applied";
  policy_ = apply->policy;
  return "";
}

// An agent's message is the reply to what is open of its conversation, whoever has it.
std::string Book::On(const CommandRejected&) {
  const auto* reply = std::get_if<RecordReply>(&command_->body);
  if (reply == nullptr || reply->conversation.none()) return "";
  for (const auto& [id, inquiry] : open_) {
    if (inquiry.conversation != reply->conversation || inquiry.stage == Stage::kScheduled) continue;
    return "a reply from elsewhere is refused, and the inquiry is open";
  }
  return "";
}

std::string Book::On(const Checkpointed& d) {
  return d.inquiries == open_.size() && d.agents == agents_.size() ? "" : "a checkpoint miscounts";
}

}  // namespace usher::sim
