// From what the partitions of a process counted and hold to the series of a scrape. Partitions that
// have a desk or queue without a name share the series of "other".
//
// Threads: any; nothing is kept.
#pragma once

#include <vector>

#include "core/time.h"
#include "insights/board.h"
#include "insights/targets.h"
#include "telemetry/metrics.h"

namespace usher::insights {

// Counters and histograms. All histograms have the same edges, whatever they were counted by.
void ShowCounts(const std::vector<const Board*>& boards, const std::vector<Duration>& edges,
                std::vector<telemetry::Shown>& shown);

// How the queues are at `now`.
void ShowQueues(const std::vector<const Board*>& boards, Instant now,
                std::vector<telemetry::Shown>& shown);

// Agents and capacity by desk.
void ShowDesks(const std::vector<const Board*>& boards, const Targets& targets,
               std::vector<telemetry::Shown>& shown);

}  // namespace usher::insights
