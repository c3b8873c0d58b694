#include "insights/sentences.h"

#include <array>
#include <cstdint>
#include <string_view>
#include <variant>

namespace usher::insights {
namespace {

std::string Name(std::string_view name) { return std::string(name); }

// "in 20s", "20s ago": from the moment of the decision.
std::string Relative(Instant when, Instant from) {
  return when >= from ? "in " + DurationText(when - from) : DurationText(from - when) + " ago";
}

std::string DueText(Instant due, Instant at) {
  if (due == kNever) return "no target for the first response";
  if (due < at) return "the first response was due " + Relative(due, at);
  return "the first response is due " + Relative(due, at);
}

std::string_view Why(OfferReason reason) {
  switch (reason) {
    case OfferReason::kArrival:
      return "fewest skills among the free and able, then longest idle";
    case OfferReason::kReoffered:
      return "an earlier offer or assignment ended, and it kept its place";
    case OfferReason::kInTime:
      return "the agent became free and it came first among those in time: highest priority, then "
             "earliest due";
    case OfferReason::kLateShare:
      return "the agent became free and the share kept for late inquiries was owed";
    case OfferReason::kOnlyLate:
      return "the agent became free and only late inquiries waited for that agent";
    case OfferReason::kPolicyChanged:
      return "a new policy holds";
    case OfferReason::kNone:
      break;
  }
  return "no reason given";
}

std::string_view Why(DeclineReason reason) {
  switch (reason) {
    case DeclineReason::kBusy:
      return "busy";
    case DeclineReason::kNotMySkill:
      return "lacks the skill";
    case DeclineReason::kKnowsCustomer:
      return "should not serve this customer";
    case DeclineReason::kTechnical:
      return "a fault of the tools";
    case DeclineReason::kNone:
    case DeclineReason::kOther:
      break;
  }
  return "another reason";
}

std::string_view Why(RescindCause cause) {
  switch (cause) {
    case RescindCause::kAgentUnavailable:
      return "the agent is no longer available";
    case RescindCause::kAgentRemoved:
      return "the agent left the desk";
    case RescindCause::kInquiryCancelled:
      return "the shop took the inquiry back";
    case RescindCause::kInquiryAbandoned:
      return "the customer went away";
    case RescindCause::kPolicyChanged:
      return "a new policy holds";
    case RescindCause::kNone:
      break;
  }
  return "no reason given";
}

std::string_view Why(CancelReason reason) {
  switch (reason) {
    case CancelReason::kShop:
      return "the shop's own decision";
    case CancelReason::kSpam:
      return "not a customer";
    case CancelReason::kDuplicate:
      return "the same question is open elsewhere";
    case CancelReason::kNone:
    case CancelReason::kOther:
      break;
  }
  return "another reason";
}

std::string_view Why(RejectReason reason) {
  static constexpr std::array<std::string_view, 21> kTexts = {
      "no reason given",
      "the desk has no policy yet",
      "the policy has no such channel",
      "the policy has no such queue",
      "no inquiry of that id is open",
      "the desk has no such agent",
      "no offer of that id is open any more",
      "an inquiry of that id is open already",
      "it is another agent's",
      "no agent has it yet",
      "a priority is 0 to 9",
      "the capacity is out of bounds",
      "too many skills",
      "a level is 0 to 100",
      "the queue holds as many as it may",
      "the desk holds as many inquiries as it may",
      "the desk has as many agents as it may",
      "the desk has seen as many skill names as it may",
      "the policy breaks a bound or refers to nothing",
      "the request id was used with another body",
      "too many source partitions feed the desk"};
  const auto index = static_cast<std::size_t>(reason);
  return index < kTexts.size() ? kTexts[index] : kTexts[0];
}

std::string_view PresenceText(Presence presence) {
  static constexpr std::array<std::string_view, 5> kTexts = {"offline", "available", "busy", "away",
                                                             "draining"};
  const auto index = static_cast<std::size_t>(presence);
  return index < kTexts.size() ? kTexts[index] : "offline";
}

std::string_view CommandText(std::uint8_t command) {
  static constexpr std::array<std::string_view, 14> kTexts = {
      "let time pass",     "place an inquiry", "cancel it",      "abandon it",
      "register an agent", "remove an agent",  "set a presence", "accept an offer",
      "decline an offer",  "record a reply",   "finish it",      "show an agent's work",
      "apply a policy",    "check the state"};
  return command < kTexts.size() ? kTexts[command] : "do something unknown";
}

std::string FeaturesText(const Features& features) {
  std::string text = "channel " + Name(features.channel.view());
  text += ", language " +
          (features.language.none() ? std::string("unknown") : Name(features.language.view()));
  text +=
      ", topic " + (features.topic.none() ? std::string("unknown") : Name(features.topic.view()));
  if (features.sentiment == Sentiment::kNegative) text += ", negative mood";
  if (features.sentiment == Sentiment::kPositive) text += ", positive mood";
  if (!features.tier.none()) text += ", tier " + Name(features.tier.view());
  if (!features.order.none()) text += ", about an order";
  return text;
}

// "by route vip" or "as the command asked".
std::string RouteText(const RouteName& route) {
  return route.none() ? "as the command asked" : "by route " + Name(route.view());
}

struct Writer {
  Instant at;

  std::string operator()(const InquiryPlaced& d) const {
    return "Placed in queue " + Name(d.queue.view()) + " " + RouteText(d.route) + " (" +
           FeaturesText(d.features) + ") with priority " + std::to_string(d.priority) + "; " +
           DueText(d.due, at);
  }
  std::string operator()(const MessageJoined&) const {
    return "A further message of the conversation joined";
  }
  std::string operator()(const InquiryRejected& d) const {
    return "Not taken in: " + Name(Why(d.reason)) +
           (d.queue.none() ? "" : " (queue " + Name(d.queue.view()) + ")");
  }
  std::string operator()(const InquiryRerouted& d) const {
    return "Moved to queue " + Name(d.queue.view()) + " " + RouteText(d.route) + " with priority " +
           std::to_string(d.priority) + ", because a new policy holds; it kept its place; " +
           DueText(d.due, at);
  }
  std::string operator()(const OfferMade& d) const {
    return "Offered to " + Name(d.agent.view()) + ": " + Name(Why(d.reason)) + "; " +
           (d.expires == kNever ? "accepted at once by the queue's rule"
                                : "expires " + Relative(d.expires, at));
  }
  std::string operator()(const OfferAccepted& d) const {
    return d.automatic ? "Accepted for " + Name(d.agent.view()) + " by the queue's rule"
                       : "Accepted by " + Name(d.agent.view());
  }
  std::string operator()(const OfferDeclined& d) const {
    return "Declined by " + Name(d.agent.view()) + ": " + Name(Why(d.reason)) +
           "; it keeps its place and goes to another agent";
  }
  std::string operator()(const OfferExpired& d) const {
    return "Not answered by " + Name(d.agent.view()) +
           " in time; it keeps its place and goes to another agent";
  }
  std::string operator()(const OfferRescinded& d) const {
    return "The offer to " + Name(d.agent.view()) + " was taken back: " + Name(Why(d.cause));
  }
  std::string operator()(const InquiryAnswered& d) const {
    return (d.first ? "First reply by " : "Another reply by ") + Name(d.agent.view()) + ", " +
           DurationText(d.since_placed) + " after it was placed";
  }
  std::string operator()(const InquiryResolved& d) const {
    return "Resolved by " + Name(d.agent.view()) + " after " + DurationText(d.handled) +
           " of work, " + DurationText(d.since_placed) + " after it was placed";
  }
  std::string operator()(const InquiryCancelled& d) const {
    return "Cancelled: " + Name(Why(d.reason));
  }
  std::string operator()(const InquiryAbandoned& d) const {
    return "The customer went away " + DurationText(d.since_placed) + " after it was placed";
  }
  std::string operator()(const InquiryRequeued& d) const {
    return "Waits again at its old place: " + Name(d.agent.view()) + " left the desk";
  }
  std::string operator()(const WrapUpEnded& d) const {
    return "The wrap-up of " + Name(d.agent.view()) + " ended";
  }
  std::string operator()(const AgentRegistered& d) const {
    return "Agent " + Name(d.agent.view()) + " entered the desk with " +
           std::to_string(d.skills.size()) + " skills and capacity " + std::to_string(d.units);
  }
  std::string operator()(const AgentRemoved& d) const {
    return "Agent " + Name(d.agent.view()) + " left the desk";
  }
  std::string operator()(const PresenceChanged& d) const {
    return "Agent " + Name(d.agent.view()) + " is " + Name(PresenceText(d.presence)) +
           (d.away == AwayReason::kMissedOffers ? ", after missing too many offers in a row" : "");
  }
  std::string operator()(const SlaWarned& d) const {
    return "The target for the first response is near: due " + Relative(d.due, at);
  }
  std::string operator()(const SlaBreached&) const {
    return "The target for the first response is missed; it now waits among the late";
  }
  std::string operator()(const SlaMet& d) const {
    return "The target for the first response is kept, with " +
           DurationText(d.due > at ? d.due - at : Duration::zero()) + " to spare";
  }
  std::string operator()(const WorkShown& d) const {
    return "The open work of " + Name(d.agent.view()) +
           " was asked for: " + std::to_string(d.offers.size()) + " offers, " +
           std::to_string(d.assignments.size()) + " inquiries";
  }
  std::string operator()(const PolicyApplied& d) const {
    return "Policy " + d.version + " holds from here on; it moved " + std::to_string(d.rerouted) +
           " waiting inquiries";
  }
  std::string operator()(const CommandRejected& d) const {
    return "A request to " + Name(CommandText(d.command)) +
           (d.agent.none() ? "" : " by " + Name(d.agent.view())) +
           " was refused: " + Name(Why(d.reason));
  }
  std::string operator()(const CommandRepeated& d) const {
    return d.reason == RepeatReason::kSource
               ? "A record that was seen before had no second effect"
               : "A request that was seen before had no second effect";
  }
  std::string operator()(const ClockCapped& d) const {
    return "The log's time jumped ahead by " + DurationText(d.asked > at ? d.asked - at : 0s) +
           " more than is taken at once";
  }
  std::string operator()(const Checkpointed& d) const {
    return "The state was checked: " + std::to_string(d.inquiries) + " open inquiries, " +
           std::to_string(d.agents) + " agents";
  }
};

}  // namespace

std::string DurationText(Duration duration) {
  struct Unit {
    Duration size;
    const char* name;
  };
  static constexpr std::array<Unit, 4> kUnits = {{{24h, "d"}, {1h, "h"}, {1min, "m"}, {1s, "s"}}};
  if (duration < Duration::zero()) return "0s";
  if (duration == Duration::zero()) return "0s";
  if (duration < 1ms) return "under 1ms";
  if (duration < 1s) return std::to_string(duration / 1ms) + "ms";
  for (std::size_t i = 0; i < kUnits.size(); ++i) {
    if (duration < kUnits[i].size) continue;
    std::string text = std::to_string(duration / kUnits[i].size) + kUnits[i].name;
    const Duration rest = duration % kUnits[i].size;
    if (i + 1 < kUnits.size() && rest >= kUnits[i + 1].size) {
      text += " " + std::to_string(rest / kUnits[i + 1].size) + kUnits[i + 1].name;
    }
    return text;
  }
  return "0s";
}

std::string Sentence(const wire::DecisionRecord& record) {
  return std::visit(Writer{record.decision.at}, record.decision.body) + ".";
}

}  // namespace usher::insights
