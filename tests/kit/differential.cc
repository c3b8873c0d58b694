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

// The first of the named parts in which `a` and `b` differ.
template <class T>
class Parts {
 public:
  Parts(const T& a, const T& b) : a_(a), b_(b) {}

  template <class Field>
  Parts& Compare(const char* name, Field field) {
    if (found_.empty() && a_.*field != b_.*field) found_ = name;
    return *this;
  }
  std::string found(const char* otherwise) const {
    return !found_.empty() ? found_ : a_ == b_ ? "" : otherwise;
  }

 private:
  const T& a_;
  const T& b_;
  std::string found_;
};

std::string InquiryDifference(const InquiryState& a, const InquiryState& b) {
  using I = InquiryState;
  const std::string name = "inquiry of arrival " + std::to_string(a.arrival) + ": ";
  if (a.arrival != b.arrival) return Pair("arrival", a.arrival, b.arrival);
  const std::string part = Parts(a, b)
                               .Compare("stage", &I::stage)
                               .Compare("owner", &I::agent)
                               .Compare("offers", &I::offers)
                               .Compare("assigned_at", &I::assigned_at)
                               .Compare("queue", &I::queue)
                               .Compare("route", &I::route)
                               .Compare("priority", &I::priority)
                               .Compare("priority_named", &I::priority_named)
                               .Compare("queue_named", &I::queue_named)
                               .Compare("more_needs", &I::more_needs)
                               .Compare("units", &I::units)
                               .Compare("interruptible", &I::interruptible)
                               .Compare("size", &I::size)
                               .Compare("placed_at", &I::placed_at)
                               .Compare("clocks", &I::clocks)
                               .Compare("forecast", &I::forecast)
                               .Compare("answer timer", &I::answer)
                               .Compare("gone timer", &I::gone)
                               .Compare("exclusions", &I::exclusions)
                               .Compare("start timer", &I::start)
                               .Compare("wake timer", &I::wake)
                               .Compare("holds", &I::holds)
                               .Compare("step", &I::step)
                               .Compare("relax timer", &I::relax)
                               .Compare("relax_left", &I::relax_left)
                               .Compare("escalated", &I::escalated)
                               .Compare("escalate timer", &I::escalate)
                               .Compare("starving", &I::starving)
                               .Compare("starve timer", &I::starve)
                               .Compare("preferred", &I::preferred)
                               .Compare("reserved timer", &I::reserved)
                               .found("what it was placed with");
  return part.empty() ? "" : name + part;
}

std::string AgentDifference(const AgentState& a, const AgentState& b) {
  using A = AgentState;
  const std::string name = "agent " + a.agent.ToString() + ": ";
  if (a.agent != b.agent) return name + "against " + b.agent.ToString();
  if (a.idle != b.idle) return name + Pair("idle", a.idle, b.idle);
  const std::string part = Parts(a, b)
                               .Compare("idle_since", &A::idle_since)
                               .Compare("missed", &A::missed)
                               .Compare("presence", &A::presence)
                               .Compare("away", &A::away)
                               .Compare("shift_ends", &A::shift_ends)
                               .Compare("pace timer", &A::pace)
                               .Compare("paced", &A::paced)
                               .Compare("pace_most", &A::pace_most)
                               .Compare("slow_until", &A::slow_until)
                               .Compare("wrap-ups", &A::wrap_ups)
                               .Compare("profile", &A::profile)
                               .found("units, limits or permissions");
  return part.empty() ? "" : name + part;
}

template <class T, class OneDifference>
std::string ListDifference(const char* name, const std::vector<T>& a, const std::vector<T>& b,
                           OneDifference difference) {
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    const std::string found = difference(a[i], b[i]);
    if (!found.empty()) return found;
  }
  return a.size() == b.size() ? "" : Pair(name, a.size(), b.size());
}

}  // namespace

std::string StateDifference(const DeskState& a, const DeskState& b) {
  using D = DeskState;
  if (a.now != b.now) return "now: " + TimeText(a.now) + " against " + TimeText(b.now);
  if (a.last_arrival != b.last_arrival) return Pair("arrival", a.last_arrival, b.last_arrival);
  if (a.last_offer != b.last_offer) return Pair("offer", a.last_offer, b.last_offer);
  std::string found = ListDifference("inquiries", a.inquiries, b.inquiries, InquiryDifference);
  if (found.empty()) found = ListDifference("agents", a.agents, b.agents, AgentDifference);
  if (!found.empty()) return found;
  if (a.last_idle != b.last_idle) return Pair("idle", a.last_idle, b.last_idle);
  if (a.last_timer != b.last_timer) return Pair("timer", a.last_timer, b.last_timer);
  return Parts(a, b)
      .Compare("commands", &D::commands)
      .Compare("late_credit", &D::late_credit)
      .Compare("facts of queues", &D::queues)
      .Compare("memories", &D::memories)
      .Compare("resolved", &D::resolved)
      .Compare("handlings", &D::handlings)
      .Compare("calendar edges", &D::edges)
      .Compare("sources", &D::sources)
      .Compare("requests", &D::requests)
      .found("policy");
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
