#include "insights/sentences.h"

#include <array>
#include <string_view>
#include <variant>

#include "insights/reasons.h"
#include "model/limits.h"

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
  if (features.on_site) text += ", on the site";
  if (features.value > 0) text += ", worth " + std::to_string(features.value);
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
           FeaturesText(d.features) + ") with priority " + std::to_string(d.priority) +
           (d.diverted_from.none() ? "" : ", diverted from " + Name(d.diverted_from.view())) +
           (d.repeat ? ", as a repeat" : "") +
           (d.arrived_at != Instant() && d.arrived_at < at
                ? ", first asked " + Relative(d.arrived_at, at)
                : "") +
           "; " + DueText(d.due, at);
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
           std::to_string(d.priority) + "; it keeps its age; " + DueText(d.due, at);
  }
  std::string operator()(const OfferMade& d) const {
    return "Offered to " + Name(d.agent.view()) + ": " + Name(Why(d.reason)) + "; " +
           (d.expires == kNever ? "accepted at once" : "expires " + Relative(d.expires, at));
  }
  std::string operator()(const OfferAccepted& d) const {
    return d.automatic ? "Accepted for " + Name(d.agent.view()) + " at once"
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
    const std::string who = d.agent.none() ? "an agent" : Name(d.agent.view());
    return (d.first ? "First reply by " : "Another reply by ") + who +
           (d.outside ? " elsewhere, " : ", ") + DurationText(d.since_placed) +
           " after it was placed";
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
    return "Waits again at its old place: " + Name(d.agent.view()) + " " + Name(Why(d.reason));
  }
  std::string operator()(const InquiryRelaxed& d) const {
    return "Asks for less from now on (step " + std::to_string(d.step) + "): " +
           (d.skipped ? "nobody here fitted the steps before" : "it waited for the step's time");
  }
  std::string operator()(const InquiryEscalated& d) const {
    const std::string why = d.reason == EscalateReason::kUnanswered
                                ? "Rose, since its customer wrote again without an answer"
                            : d.reason == EscalateReason::kAngry
                                ? "Rose, since its customer turned angry"
                                : "Rose by its age";
    return why + ": queue " + Name(d.queue.view()) + ", priority " + std::to_string(d.priority);
  }
  std::string operator()(const InquiryReserved& d) const {
    std::string agents;
    for (const AgentName& agent : d.agents) {
      agents += (agents.empty() ? "" : ", ") + Name(agent.view());
    }
    return "Waits for " + (agents.empty() ? std::string("certain agents") : agents) + " first" +
           (d.until == kNever ? "" : ", for " + DurationText(d.until - at));
  }
  std::string operator()(const ReservationEnded&) const {
    return "Waits for certain agents no longer; anybody able is asked";
  }
  std::string operator()(const InquiryStarving&) const {
    return "Waited for the policy's longest time; it goes before all others";
  }
  std::string operator()(const InquiryUpdated& d) const {
    return "More became known (" + FeaturesText(d.features) + "); priority " +
           std::to_string(d.priority);
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
    return "The target for " + Name(TargetText(d.target)) + " is near: due " + Relative(d.due, at);
  }
  std::string operator()(const SlaBreached& d) const {
    return "The target for " + Name(TargetText(d.target)) + " is missed";
  }
  std::string operator()(const SlaMet& d) const {
    return "The target for " + Name(TargetText(d.target)) + " is kept" +
           (d.due == kNever ? ""
                            : ", with " + DurationText(d.due > at ? d.due - at : Duration::zero()) +
                                  " to spare");
  }
  std::string operator()(const InquiryStarted& d) const {
    return "Its time has come: it waits in queue " + Name(d.queue.view()) + " with priority " +
           std::to_string(d.priority) +
           (d.diverted_from.none() ? "" : ", diverted from " + Name(d.diverted_from.view())) +
           "; " + DueText(d.due, at);
  }
  std::string operator()(const ScheduleChanged& d) const {
    return "It begins at another time, " + Relative(d.at, at);
  }
  std::string operator()(const InquiryPaused& d) const {
    return "Set aside by " + Name(d.agent.view()) + " until the customer answers" +
           (d.until == kNever ? "" : ", at most " + DurationText(d.until - at));
  }
  std::string operator()(const InquiryResumed& d) const {
    return (d.agent.none() ? std::string("Waits for an agent again: ")
                           : "Goes on with " + Name(d.agent.view()) + ": ") +
           Name(Why(d.cause));
  }
  std::string operator()(const OrderUpdated& d) const {
    return "An order became " + Name(d.status.view()) + "; " + std::to_string(d.inquiries) +
           " open inquiries are about it";
  }
  std::string operator()(const WaitEstimated& d) const {
    return "The wait was estimated: place " + std::to_string(d.position) + " in queue " +
           Name(d.queue.view()) + ", " +
           (d.estimate == kForever ? std::string("no telling how long")
                                   : "about " + DurationText(d.estimate));
  }
  std::string operator()(const InquiryExplained& d) const {
    return "It was explained: place " + std::to_string(d.position) + " in queue " +
           Name(d.queue.view()) + ", step " + std::to_string(d.step);
  }
  std::string operator()(const PolicyPreviewed& d) const {
    return "Policy " + d.version + " was tried: " +
           (d.sound ? "it would move " + std::to_string(d.moved) + " of " + std::to_string(d.open) +
                          " open inquiries"
                    : std::string("it would be refused"));
  }
  std::string operator()(const BreachForecast& d) const {
    return "It will hardly be answered in time: the wait is about " + DurationText(d.estimate) +
           ", and " + DueText(d.due, at);
  }
  std::string operator()(const InquiryReviewed& d) const {
    std::string marks;
    for (const Mark& mark : d.marks) {
      marks +=
          (marks.empty() ? "" : ", ") + mark.criterion.ToString() + " " + std::to_string(mark.mark);
    }
    return "The work of " + Name(d.agent.view()) + " was reviewed by " + Name(d.reviewer.view()) +
           ": " + marks;
  }
  std::string operator()(const InquiryRated& d) const {
    return "The customer rated it " + std::to_string(d.rating) + " of " +
           std::to_string(kRatingMax);
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
