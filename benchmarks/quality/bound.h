// Bound: how few breaches any rule could have come to, had it known the whole day beforehand.
//
// An inquiry that is answered in time has all its handling between its arrival and its target plus
// its handling. The bound asks no more: work may be split, moved between agents and interrupted,
// and who is not answered in time costs nothing. What of each handling can then be done is a
// polymatroid over the inquiries, so taking them shortest first, each as far as it goes beside
// those before it, gives the most; no rule, with any knowledge, breaches fewer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/time.h"
#include "quality/day.h"

namespace usher::quality {

// Something to be done between two instants, by the groups that serve its type.
struct Job {
  Instant from;
  Instant to;
  Duration work{0};
  std::uint32_t type = 0;
};

struct Crew {
  std::vector<std::vector<std::uint32_t>> groups_of_type;
  std::vector<std::uint32_t> agents_of_group;  // capacity: so much at once
};

// The most that the parts done of all jobs can add up to (1 for each that is done), from above:
// time is cut into bins, and a job may use the whole of each bin that it touches.
//
// Requires: work of each job over 0; bin over 0.
// Cost:     a search of what is reachable for each piece of work moved; near linear in practice.
double MostDone(const std::vector<Job>& jobs, const Crew& crew, Duration bin);

// The fewest breaches of a day, from below. Who leaves, who is away for a while, and the time that
// offers take are left out, which can only lower it.
double FewestBreaches(const DaySpec& spec, const std::vector<Inquiry>& day,
                      const std::vector<AgentSpec>& staff, Duration bin = 60s);

}  // namespace usher::quality
