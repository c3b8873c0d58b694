#include "insights/reasons.h"

#include <array>
#include <cstddef>

namespace usher::insights {

std::string_view Why(OfferReason reason) {
  switch (reason) {
    case OfferReason::kArrival:
      return "fewest skills among the free and able, then longest idle";
    case OfferReason::kReoffered:
      return "an earlier offer or assignment ended, and it kept its place";
    case OfferReason::kInTime:
      return "the agent became free and it came first by the policy's order, in time";
    case OfferReason::kLateShare:
      return "the agent became free and the share kept for late inquiries was owed";
    case OfferReason::kOnlyLate:
      return "the agent became free and it came first by the policy's order, though late";
    case OfferReason::kPolicyChanged:
      return "a new policy holds";
    case OfferReason::kPreferred:
      return "the inquiry is kept for this agent";
    case OfferReason::kTaken:
      return "the agent chose it";
    case OfferReason::kAssigned:
      return "a supervisor gave it";
    case OfferReason::kChanged:
      return "the inquiry changed, or more agents may take it now";
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
    case RescindCause::kTakenByAnother:
      return "another agent has it";
    case RescindCause::kInquiryUpdated:
      return "the inquiry changed";
    case RescindCause::kNone:
      break;
  }
  return "no reason given";
}

std::string_view Why(RequeueReason reason) {
  switch (reason) {
    case RequeueReason::kAgentRemoved:
      return "left the desk";
    case RequeueReason::kNoReply:
      return "did not reply in the queue's time";
    case RequeueReason::kAgentGone:
      return "was offline for too long";
    case RequeueReason::kTransferred:
      return "handed it on";
    case RequeueReason::kNone:
      break;
  }
  return "had it before";
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
  static constexpr std::array<std::string_view, 34> kTexts = {
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
      "too many source partitions feed the desk",
      "the agent or the supervisor may not do that",
      "the inquiry does not wait",
      "the agent lacks a skill, room or presence, or is excluded",
      "too many exclusions or preferred agents in one request",
      "nobody who is here could take it",
      "too many attributes",
      "the queue is closed at this hour",
      "the inquiry has begun",
      "the inquiry does not wait for its customer",
      "no order was named",
      "the reply went out on another channel",
      "the marks are none, too many, over 100 or of what the policy does not name",
      "a rating is 1 to 5"};
  const auto index = static_cast<std::size_t>(reason);
  return index < kTexts.size() ? kTexts[index] : kTexts[0];
}

std::string_view Why(WakeCause cause) {
  switch (cause) {
    case WakeCause::kOwner:
      return "its owner took it up";
    case WakeCause::kMessage:
      return "the customer wrote";
    case WakeCause::kTime:
      return "its time came";
    case WakeCause::kNone:
      break;
  }
  return "no reason given";
}

std::string_view TargetText(Target target) {
  static constexpr std::array<std::string_view, 4> kTexts = {
      "the first response", "the next response", "the resolution", "the update"};
  const auto index = static_cast<std::size_t>(target);
  return index < kTexts.size() ? kTexts[index] : kTexts[0];
}

std::string_view PresenceText(Presence presence) {
  static constexpr std::array<std::string_view, 5> kTexts = {"offline", "available", "busy", "away",
                                                             "draining"};
  const auto index = static_cast<std::size_t>(presence);
  return index < kTexts.size() ? kTexts[index] : "offline";
}

std::string_view CommandText(std::uint8_t command) {
  static constexpr std::array<std::string_view, 27> kTexts = {
      "let time pass",   "place an inquiry",    "cancel it",
      "abandon it",      "register an agent",   "remove an agent",
      "set a presence",  "accept an offer",     "decline an offer",
      "record a reply",  "finish it",           "show an agent's work",
      "apply a policy",  "check the state",     "update it",
      "take it",         "give it to an agent", "hand it on",
      "set it aside",    "go on with it",       "move its start",
      "update an order", "estimate its wait",   "explain it",
      "try a policy",    "review it",           "rate it"};
  return command < kTexts.size() ? kTexts[command] : "do something unknown";
}

}  // namespace usher::insights
