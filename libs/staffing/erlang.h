// How many must be there so that enough are answered in time: one queue, agents all alike, Poisson
// arrivals, exponential handling, first come first served.
//
// With patience it is M/M/n+M (Palm 1957; the form with the offered wait's density: Baccelli,
// Hebuterne 1981; Zeltyn, Mandelbaum, Queueing Systems 51 (2005)); without it M/M/n (Erlang 1917).
//
// Threads: any.
#pragma once

#include <optional>
#include <vector>

namespace usher::staffing {

// Times in seconds.
struct Load {
  double arrivals = 0;  // a second
  double handling = 0;  // mean
  double patience = 0;  // mean; 0: nobody leaves

  double erlangs() const { return arrivals * handling; }
};

// The share of all who come that is answered within `target`; who left is not. Nobody comes: 1.
// Without patience and with a load that the servers cannot carry: 0.
//
// Requires: servers >= 0, all of `load` finite, nothing negative; an infinite target leaves out
// only
//           those who leave.
// Cost:     O(servers).
double AnsweredWithin(const Load& load, int servers, double target);

// A part of what comes, with a target of its own. The parts wait in one line.
struct Part {
  double share = 0;  // of the arrivals; all parts sum to 1
  double target = 0;
};

// The fewest servers with which `wanted` of all who come are answered within the target of their
// part; nothing: not even `most` are enough. Nobody comes: 0.
//
// Requires: 0 < wanted < 1.
std::optional<int> ServersNeeded(const Load& load, const std::vector<Part>& parts, double wanted,
                                 int most = 10'000);

}  // namespace usher::staffing
