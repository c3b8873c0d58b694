#include "kit/differential.h"

#include <algorithm>

#include "kit/state_rules.h"
#include "kit/words.h"

namespace usher::kit {
namespace {

std::string Listed(const DecisionList& decisions, const Labels& labels) {
  std::string text;
  for (const Decision& each : decisions) text += "    " + Describe(each, labels).ToString() + "\n";
  return text.empty() ? "    nothing\n" : text;
}

std::string Pair(const std::string& what, std::uint64_t a, std::uint64_t b) {
  return what + ": " + std::to_string(a) + " against " + std::to_string(b);
}

std::string InquiryDifference(const InquiryState& a, const InquiryState& b) {
  const std::string name = "inquiry of arrival " + std::to_string(a.arrival) + ": ";
  if (a.arrival != b.arrival) return Pair("arrival", a.arrival, b.arrival);
  if (a.stage != b.stage || a.offer != b.offer || a.agent != b.agent)
    return name + "stage or owner";
  if (a.assigned_at != b.assigned_at) return name + "assigned_at";
  if (a.clock != b.clock || a.due != b.due) return name + "clock or due";
  if (a.warn != b.warn || a.breach != b.breach) {
    return name + Pair("warn or breach timer, orders", a.warn.order * 1'000'000 + a.breach.order,
                       b.warn.order * 1'000'000 + b.breach.order);
  }
  if (a.exclusions != b.exclusions) return name + "exclusions";
  if (a.queue != b.queue || a.route != b.route || a.priority != b.priority || a.needs != b.needs ||
      a.units != b.units || a.auto_accept != b.auto_accept || a.offer_window != b.offer_window ||
      a.wrap_up != b.wrap_up || a.sla != b.sla || a.queue_named != b.queue_named) {
    return name + "how it is routed";
  }
  return a == b ? "" : name + "what it was placed with";
}

std::string AgentDifference(const AgentState& a, const AgentState& b) {
  const std::string name = "agent " + a.agent.ToString() + ": ";
  if (a.agent != b.agent) return name + "against " + b.agent.ToString();
  if (a.idle != b.idle) return name + Pair("idle", a.idle, b.idle);
  if (a.missed != b.missed) return name + Pair("missed", a.missed, b.missed);
  if (a.presence != b.presence || a.away != b.away) return name + "presence";
  if (a.wrap_ups != b.wrap_ups) return name + "wrap-ups";
  return a == b ? "" : name + "skills, units or limits";
}

}  // namespace

std::string StateDifference(const DeskState& a, const DeskState& b) {
  if (a.now != b.now) return "now: " + TimeText(a.now) + " against " + TimeText(b.now);
  if (a.commands != b.commands) return Pair("commands", a.commands, b.commands);
  if (a.last_arrival != b.last_arrival) return Pair("arrival", a.last_arrival, b.last_arrival);
  if (a.last_offer != b.last_offer) return Pair("offer", a.last_offer, b.last_offer);
  if (a.late_credit != b.late_credit) return Pair("late_credit", a.late_credit, b.late_credit);
  if (a.inquiries.size() != b.inquiries.size()) {
    return Pair("inquiries", a.inquiries.size(), b.inquiries.size());
  }
  if (a.agents.size() != b.agents.size()) return Pair("agents", a.agents.size(), b.agents.size());
  for (std::size_t i = 0; i < a.inquiries.size(); ++i) {
    const std::string difference = InquiryDifference(a.inquiries[i], b.inquiries[i]);
    if (!difference.empty()) return difference;
  }
  for (std::size_t i = 0; i < a.agents.size(); ++i) {
    const std::string difference = AgentDifference(a.agents[i], b.agents[i]);
    if (!difference.empty()) return difference;
  }
  if (a.last_idle != b.last_idle) return Pair("idle", a.last_idle, b.last_idle);
  if (a.last_timer != b.last_timer) return Pair("timer", a.last_timer, b.last_timer);
  if (a.sources != b.sources) return "sources";
  if (a.requests != b.requests) return "requests";
  return a == b ? "" : "policy";
}

std::string Difference(const Scenario& scenario, AnyEngine& engine, AnyEngine& reference,
                       const DifferentialOptions& options) {
  OfferBook offers;
  std::size_t count = 0;
  const auto at = [&](const Step& step, const std::string& what) {
    return "at step " + std::to_string(count) + ", " + WriteStep(step, scenario.labels) + ":\n  " +
           what + "\n";
  };
  for (const Step& step : scenario.steps) {
    count += 1;
    if (step.restore) {
      std::string wrong = engine.Reincarnate();
      if (wrong.empty()) wrong = StateDifference(engine.Save(), reference.Save());
      const DeskState state = engine.Save();
      if (wrong.empty() && !engine.Renew(reference.Save())) {
        wrong = "the engine refuses the reference's state";
      }
      if (wrong.empty() && !reference.Renew(state)) {
        wrong =
            "the reference refuses the engine's state: " + Contradiction(state, scenario.limits);
      }
      if (!wrong.empty()) return at(step, wrong);
      continue;
    }
    const bool check = count % options.invariants_every == 0;
    const DeskState before = check ? engine.Save() : DeskState();
    const Command command = offers.Resolve(step);
    DecisionList decided, expected;
    engine.Apply(command, decided);
    reference.Apply(command, expected);
    offers.Note(expected);
    if (decided != expected) {
      return at(step, "the engine decided\n" + Listed(decided, scenario.labels) +
                          "  the reference decided\n" + Listed(expected, scenario.labels));
    }
    if (engine.now() != reference.now()) return at(step, "the times differ");
    if (engine.next_timer() != reference.next_timer()) {
      return at(step, "the next timer is " + TimeText(engine.next_timer()) + " against " +
                          TimeText(reference.next_timer()));
    }
    if (engine.inquiries() != reference.inquiries() || engine.agents() != reference.agents()) {
      return at(step, "the counts differ");
    }
    if (check) {
      const DeskState after = engine.Save();
      std::string broken = Contradiction(after, scenario.limits);
      if (broken.empty()) broken = BrokenInvariant(before, after);
      if (!broken.empty()) return at(step, "broken rule: " + broken);
    }
    const bool compare = count % options.hash_every == 0 || count == scenario.steps.size();
    if (compare && engine.StateHash() != reference.StateHash()) {
      return at(step, "the states differ: " + StateDifference(engine.Save(), reference.Save()));
    }
  }
  return "";
}

}  // namespace usher::kit
