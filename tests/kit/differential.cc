#include "kit/differential.h"

#include <algorithm>

#include "kit/ledger.h"
#include "kit/random_history.h"
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
                               .Compare("unanswered", &I::unanswered)
                               .Compare("raised", &I::raised)
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

namespace {

// One history on two engines, step by step.
class Comparison {
 public:
  Comparison(const Scenario& scenario, AnyEngine& engine, AnyEngine& reference,
             const DifferentialOptions& options)
      : scenario_(scenario), engine_(engine), reference_(reference), options_(options) {}

  std::string Run() {
    for (const Step& step : scenario_.steps) {
      count_ += 1;
      if (!step.restore && options_.short_reach && IsFar(step)) return "";
      const std::string wrong = step.restore ? Exchange() : Play(step);
      if (wrong.empty()) continue;
      return "at step " + std::to_string(count_) + ", " + WriteStep(step, scenario_.labels) +
             ":\n  " + wrong + "\n";
    }
    return "";
  }

 private:
  bool IsFar(const Step& step) const {
    const DeskState state = reference_.Save();
    return step.command.at - state.now > ShortReach(state, scenario_.limits) + 30s;
  }

  // Each goes on from the other's state.
  std::string Exchange() {
    std::string wrong = engine_.Reincarnate();
    if (wrong.empty()) wrong = StateDifference(engine_.Save(), reference_.Save());
    if (!wrong.empty()) return wrong;
    const DeskState state = engine_.Save();
    if (!engine_.Renew(reference_.Save())) return "the engine refuses the reference's state";
    if (!reference_.Renew(state)) {
      return "the reference refuses the engine's state: " + Contradiction(state, scenario_.limits);
    }
    return "";
  }

  std::string Play(const Step& step) {
    const Command command = offers_.Resolve(step);
    DecisionList decided, expected;
    engine_.Apply(command, decided);
    reference_.Apply(command, expected);
    offers_.Note(expected);
    if (decided != expected) {
      return "the engine decided\n" + Listed(decided, scenario_.labels) +
             "  the reference decided\n" + Listed(expected, scenario_.labels);
    }
    if (engine_.now() != reference_.now()) return "the times differ";
    if (engine_.next_timer() != reference_.next_timer()) {
      return "the next timer is " + TimeText(engine_.next_timer()) + " against " +
             TimeText(reference_.next_timer());
    }
    if (engine_.inquiries() != reference_.inquiries() || engine_.agents() != reference_.agents()) {
      return "the counts differ";
    }
    if (std::string wrong = ledger_.Note(expected); !wrong.empty()) return wrong;
    return CheckState();
  }

  std::string CheckState() {
    const bool last = count_ == scenario_.steps.size();
    if (count_ % options_.rules_every == 0 || last) {
      const DeskState after = engine_.Save();
      std::string broken = Contradiction(after, scenario_.limits);
      if (broken.empty()) broken = ledger_.Compare(after);
      // The rules of change are for two states with one command between.
      if (broken.empty() && after.commands == before_.commands + 1) {
        broken = BrokenInvariant(before_, after);
      }
      before_ = after;
      if (!broken.empty()) return "broken rule: " + broken;
    }
    const bool compare = count_ % options_.hash_every == 0 || last;
    if (compare && engine_.StateHash() != reference_.StateHash()) {
      return "the states differ: " + StateDifference(engine_.Save(), reference_.Save());
    }
    return "";
  }

  const Scenario& scenario_;
  AnyEngine& engine_;
  AnyEngine& reference_;
  const DifferentialOptions options_;
  std::size_t count_ = 0;
  OfferBook offers_;
  Ledger ledger_;
  DeskState before_;
};

}  // namespace

std::string Difference(const Scenario& scenario, AnyEngine& engine, AnyEngine& reference,
                       const DifferentialOptions& options) {
  return Comparison(scenario, engine, reference, options).Run();
}

}  // namespace usher::kit
