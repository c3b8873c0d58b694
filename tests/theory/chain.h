// Chain: a small desk as a Markov chain, solved exactly. Arrivals Poisson, handling and patience
// exponential; so few agents and places that every state can be written down: who serves which
// class, who is idle and for how long in order, who waits in order of arrival.
//
// It knows nothing of the engine: its rules are written out here once more.
//
// Threads: one.
#pragma once

#include <cstddef>
#include <vector>

namespace usher::theory {

struct SmallDesk {
  enum class Order { kFifo, kPriority, kAgentLevel };
  enum class Pick { kLongestIdle, kFewestSkills, kBestLevel };

  int places = 0;                          // in service and waiting, together
  std::vector<double> arrivals;            // by class: a second
  std::vector<double> leaving;             // by class: each who waits leaves at this rate
  std::vector<int> priorities;             // by class: larger first
  std::vector<std::size_t> agents;         // by agent: its group
  std::vector<std::vector<double>> rates;  // by class and group: of service; 0: not able
  std::vector<std::vector<int>> levels;    // by class and group; may be empty
  std::vector<int> skills;                 // by group: how many it has
  // By class: groups in levels of preference, asked one level after the other; empty: all alike.
  std::vector<std::vector<std::vector<std::size_t>>> preferences;
  Order order = Order::kFifo;
  Pick pick = Pick::kLongestIdle;
};

struct ExactClass {
  double p_blocked = 0;
  double p_abandoned = 0;  // of those who come
  double p_wait = 0;       // of those let in
  double queue_mean = 0;
  double wait_mean = 0;  // of those let in, served or not
};

struct ExactDesk {
  std::vector<ExactClass> classes;
  std::vector<double> occupancy;  // by group
  std::size_t states = 0;
};

ExactDesk Solve(const SmallDesk& desk);

}  // namespace usher::theory
