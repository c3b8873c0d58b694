#include "theory/chain.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

namespace usher::theory {
namespace {

constexpr int kIdle = -1;
constexpr double kConverged = 1e-13;
constexpr int kSweepsMax = 100'000;

struct State {
  std::vector<int> serving;        // by agent: a class, or kIdle
  std::vector<std::size_t> idle;   // agents, longest idle first
  std::vector<std::size_t> queue;  // classes, longest waiting first

  friend auto operator<=>(const State&, const State&) = default;
};

class Chain {
 public:
  explicit Chain(const SmallDesk& desk) : desk_(desk) {}

  // From an empty desk through all that can follow.
  void Explore() {
    State empty;
    empty.serving.assign(desk_.agents.size(), kIdle);
    for (std::size_t agent = 0; agent < desk_.agents.size(); ++agent) empty.idle.push_back(agent);
    NumberOf(empty);
    for (std::size_t from = 0; from < states_.size(); ++from) {
      const State state = states_[from];
      for (std::size_t of = 0; of < desk_.arrivals.size(); ++of) {
        if (Full(state)) continue;
        Add(from, Arrived(state, of), desk_.arrivals[of]);
      }
      for (std::size_t agent = 0; agent < desk_.agents.size(); ++agent) {
        if (state.serving[agent] == kIdle) continue;
        const auto of = static_cast<std::size_t>(state.serving[agent]);
        Add(from, Finished(state, agent), desk_.rates[of][desk_.agents[agent]]);
      }
      for (std::size_t place = 0; place < state.queue.size(); ++place) {
        State left = state;
        left.queue.erase(left.queue.begin() + static_cast<std::ptrdiff_t>(place));
        Add(from, left, desk_.leaving[state.queue[place]]);
      }
    }
  }

  // Gauss and Seidel on the balance of each state's flow in and out.
  std::vector<double> Stationary() const {
    std::vector<double> p(states_.size(), 1.0 / static_cast<double>(states_.size()));
    for (int sweep = 0; sweep < kSweepsMax; ++sweep) {
      double change = 0, sum = 0;
      for (std::size_t i = 0; i < p.size(); ++i) {
        double in = 0;
        for (const auto& [from, rate] : into_[i]) in += p[from] * rate;
        const double next = in / out_[i];
        change = std::max(change, std::abs(next - p[i]));
        p[i] = next;
        sum += next;
      }
      for (double& share : p) share /= sum;
      if (change < kConverged) break;
    }
    return p;
  }

  const std::vector<State>& states() const { return states_; }
  bool Full(const State& state) const {
    const auto busy = desk_.agents.size() - state.idle.size();
    return busy + state.queue.size() >= static_cast<std::size_t>(desk_.places);
  }

  // The idle agent who gets an inquiry of the class.
  std::optional<std::size_t> AgentFor(const State& state, std::size_t of) const {
    if (desk_.preferences.empty() || desk_.preferences[of].empty()) {
      return BestOf(state, of, nullptr);
    }
    for (const std::vector<std::size_t>& level : desk_.preferences[of]) {
      if (const auto agent = BestOf(state, of, &level)) return agent;
    }
    return std::nullopt;
  }

 private:
  bool Able(std::size_t of, std::size_t group) const { return desk_.rates[of][group] > 0; }

  int Level(std::size_t of, std::size_t group) const {
    return desk_.levels.empty() ? 0 : desk_.levels[of][group];
  }

  // What the rule puts first is lowest; the longest idle comes first in the list.
  int Rank(std::size_t of, std::size_t group) const {
    switch (desk_.pick) {
      case SmallDesk::Pick::kLongestIdle:
        return 0;
      case SmallDesk::Pick::kFewestSkills:
        return desk_.skills[group];
      case SmallDesk::Pick::kBestLevel:
        return -Level(of, group);
    }
    return 0;
  }

  std::optional<std::size_t> BestOf(const State& state, std::size_t of,
                                    const std::vector<std::size_t>* groups) const {
    std::optional<std::size_t> best;
    for (const std::size_t agent : state.idle) {
      const std::size_t group = desk_.agents[agent];
      if (!Able(of, group)) continue;
      if (groups != nullptr && std::find(groups->begin(), groups->end(), group) == groups->end()) {
        continue;
      }
      if (!best || Rank(of, group) < Rank(of, desk_.agents[*best])) best = agent;
    }
    return best;
  }

  State Arrived(State state, std::size_t of) const {
    const std::optional<std::size_t> agent = AgentFor(state, of);
    if (!agent) {
      state.queue.push_back(of);
      return state;
    }
    state.idle.erase(std::find(state.idle.begin(), state.idle.end(), *agent));
    state.serving[*agent] = static_cast<int>(of);
    return state;
  }

  State Finished(State state, std::size_t agent) const {
    const std::size_t group = desk_.agents[agent];
    std::optional<std::size_t> next;  // its place in the queue
    for (std::size_t place = 0; place < state.queue.size(); ++place) {
      if (!Able(state.queue[place], group)) continue;
      if (!next || Before(state.queue[place], state.queue[*next], group)) next = place;
    }
    if (!next) {
      state.serving[agent] = kIdle;
      state.idle.push_back(agent);
      return state;
    }
    state.serving[agent] = static_cast<int>(state.queue[*next]);
    state.queue.erase(state.queue.begin() + static_cast<std::ptrdiff_t>(*next));
    return state;
  }

  // Does a later one of class `of` go before an earlier one of class `other`?
  bool Before(std::size_t of, std::size_t other, std::size_t group) const {
    switch (desk_.order) {
      case SmallDesk::Order::kFifo:
        return false;
      case SmallDesk::Order::kPriority:
        return desk_.priorities[of] > desk_.priorities[other];
      case SmallDesk::Order::kAgentLevel:
        return Level(of, group) > Level(other, group);
    }
    return false;
  }

  std::size_t NumberOf(const State& state) {
    const auto [found, fresh] = numbers_.try_emplace(state, states_.size());
    if (fresh) {
      states_.push_back(state);
      into_.emplace_back();
      out_.push_back(0);
    }
    return found->second;
  }

  void Add(std::size_t from, const State& to, double rate) {
    if (rate <= 0) return;
    const std::size_t number = NumberOf(to);
    into_[number].emplace_back(from, rate);
    out_[from] += rate;
  }

  const SmallDesk& desk_;
  std::map<State, std::size_t> numbers_;
  std::vector<State> states_;
  std::vector<std::vector<std::pair<std::size_t, double>>> into_;
  std::vector<double> out_;
};

}  // namespace

ExactDesk Solve(const SmallDesk& desk) {
  Chain chain(desk);
  chain.Explore();
  const std::vector<double> p = chain.Stationary();
  ExactDesk exact;
  exact.states = p.size();
  exact.classes.resize(desk.arrivals.size());
  exact.occupancy.resize(desk.skills.size());
  std::vector<double> sizes(desk.skills.size());
  for (const std::size_t group : desk.agents) sizes[group] += 1;
  for (std::size_t i = 0; i < p.size(); ++i) {
    const State& state = chain.states()[i];
    // Who comes finds the desk as it is on average: arrivals are Poisson.
    for (std::size_t of = 0; of < desk.arrivals.size(); ++of) {
      if (chain.Full(state)) {
        exact.classes[of].p_blocked += p[i];
      } else if (!chain.AgentFor(state, of)) {
        exact.classes[of].p_wait += p[i];
      }
    }
    for (const std::size_t of : state.queue) exact.classes[of].queue_mean += p[i];
    for (std::size_t agent = 0; agent < desk.agents.size(); ++agent) {
      const std::size_t group = desk.agents[agent];
      if (state.serving[agent] != kIdle) exact.occupancy[group] += p[i] / sizes[group];
    }
  }
  for (std::size_t of = 0; of < desk.arrivals.size(); ++of) {
    ExactClass& its = exact.classes[of];
    its.p_wait /= 1 - its.p_blocked;
    its.wait_mean = its.queue_mean / (desk.arrivals[of] * (1 - its.p_blocked));
    its.p_abandoned = desk.leaving[of] * its.queue_mean / desk.arrivals[of];
  }
  return exact;
}

}  // namespace usher::theory
