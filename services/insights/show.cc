#include "insights/show.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "insights/counted.h"
#include "insights/metric_names.h"

namespace usher::insights {
namespace {

using telemetry::Labels;
using telemetry::Shown;

using Counts = std::map<TallyKey, std::int64_t>;
using LabelPair = std::pair<std::string, std::string>;  // of a desk and a queue

double Seconds(std::int64_t micros) { return static_cast<double>(micros) / 1e6; }

double AgeSeconds(Instant at, Instant now) {
  return at == kNever || now < at ? 0 : Seconds((now - at).count());
}

Shown Empty(const MetricName& metric, Shown::Type type) {
  return {metric.name, metric.help, type, {}};
}

Labels LabelsOf(const std::string& desk, const std::string& queue) {
  return {{"desk", desk}, {"queue", queue}};
}

// What alerts rest on is there from 0 on, for every queue with a name.
void AddZeros(const Board& board, Counts& counts) {
  for (const auto& [desk, queues] : board.tally.named()) {
    for (const QueueName& queue : queues) {
      for (std::size_t i = 0; i < std::size(kCounted); ++i) {
        for (const char* const* label = kCounted[i].from_zero; label && *label; ++label) {
          counts.try_emplace({static_cast<std::uint8_t>(i), desk.ToString(),
                              board.tally.QueueLabel(desk, queue), *label, 0},
                             0);
        }
      }
    }
  }
}

bool SameSeries(const TallyKey& a, const TallyKey& b) {
  return a.metric == b.metric && a.desk == b.desk && a.queue == b.queue && a.label == b.label;
}

// The rows of one histogram are neighbours, rising by edge, the sum first.
Shown::Series ToHistogram(Counts::const_iterator& row, Counts::const_iterator end,
                          const std::set<std::int64_t>& edges) {
  Shown::Series series;
  const TallyKey first = row->first;
  auto edge = edges.begin();
  for (; row != end && SameSeries(row->first, first); ++row) {
    if (row->first.edge == TallyKey::kSum) {
      series.sum = static_cast<double>(row->second) / 1e3;
      continue;
    }
    for (; edge != edges.end() && *edge < row->first.edge; ++edge) {
      series.buckets.push_back({Seconds(*edge), series.count});
    }
    series.count += static_cast<std::uint64_t>(row->second);
  }
  for (; edge != edges.end(); ++edge) series.buckets.push_back({Seconds(*edge), series.count});
  return series;
}

}  // namespace

void ShowCounts(const std::vector<const Board*>& boards, const std::vector<Duration>& edges,
                std::vector<Shown>& shown) {
  Counts counts;
  std::set<std::int64_t> all_edges;
  for (const Duration edge : edges) all_edges.insert(edge.count());
  for (const Board* board : boards) {
    for (const auto& [key, count] : board->tally.counts()) {
      counts[key] += count;
      const bool bucket = kCounted[key.metric].histogram && key.edge != TallyKey::kSum &&
                          key.edge != TallyKey::kAbove;
      if (bucket) all_edges.insert(key.edge);  // of a target that no policy has any more
    }
    AddZeros(*board, counts);
  }
  for (auto row = counts.cbegin(); row != counts.cend();) {
    const std::uint8_t metric = row->first.metric;
    const Counted& counted = kCounted[metric];
    const auto type = counted.histogram ? Shown::Type::kHistogram : Shown::Type::kCounter;
    Shown one = Empty(counted.metric, type);
    while (row != counts.cend() && row->first.metric == metric) {
      const TallyKey key = row->first;
      Shown::Series series;
      if (counted.histogram) {
        series = ToHistogram(row, counts.cend(), all_edges);
      } else {
        series.value = static_cast<double>((row++)->second);
      }
      series.labels = LabelsOf(key.desk, key.queue);
      if (counted.label) series.labels[counted.label] = key.label;
      one.series.push_back(std::move(series));
    }
    shown.push_back(std::move(one));
  }
}

void ShowQueues(const std::vector<const Board*>& boards, Instant now, std::vector<Shown>& shown) {
  std::map<LabelPair, QueueNow> queues;
  for (const Board* board : boards) {
    for (const auto& [key, queue] : board->queues) {
      queues[{board->tally.DeskLabel(key.first), board->tally.QueueLabel(key.first, key.second)}]
          .Merge(queue);
    }
  }
  Shown waiting = Empty(kWaiting, Shown::Type::kGauge);
  Shown oldest = Empty(kOldestAge, Shown::Type::kGauge);
  Shown slack = Empty(kSlack, Shown::Type::kGauge);
  Shown foretold = Empty(kForetold, Shown::Type::kGauge);
  Shown assigned = Empty(kAssigned, Shown::Type::kGauge);
  Shown pending = Empty(kPending, Shown::Type::kGauge);
  Shown scheduled = Empty(kScheduled, Shown::Type::kGauge);
  for (const auto& [names, queue] : queues) {
    const Labels labels = LabelsOf(names.first, names.second);
    const auto add = [&labels](Shown& metric, double value) {
      metric.series.push_back({.labels = labels, .value = value});
    };
    for (std::size_t priority = 0; priority < kPriorities; ++priority) {
      if (!queue.known[priority]) continue;
      Labels with = labels;
      with["priority"] = std::to_string(priority);
      waiting.series.push_back(
          {.labels = with, .value = static_cast<double>(queue.waiting[priority])});
      oldest.series.push_back({.labels = with, .value = AgeSeconds(queue.oldest[priority], now)});
    }
    if (queue.earliest_due != kNever) add(slack, Seconds((queue.earliest_due - now).count()));
    add(foretold, queue.foretold);
    add(assigned, queue.assigned);
    add(pending, queue.pending);
    add(scheduled, queue.scheduled);
  }
  for (Shown* metric : {&waiting, &oldest, &slack, &foretold, &assigned, &pending, &scheduled}) {
    if (!metric->series.empty()) shown.push_back(std::move(*metric));
  }
}

void ShowDesks(const std::vector<const Board*>& boards, const Targets& targets,
               std::vector<Shown>& shown) {
  struct Sums {
    std::array<std::uint64_t, kPresences> presences{};
    std::uint64_t units = 0;
    std::uint64_t used = 0;
  };
  std::map<std::string, Sums> desks;
  std::array<std::uint64_t, 2> named{};
  for (const Board* board : boards) {
    for (const auto& [name, desk] : board->desks) {
      ++named[board->tally.Named(name) ? 0 : 1];
      Sums& sums = desks[board->tally.DeskLabel(name)];
      for (std::size_t i = 0; i < kPresences; ++i) sums.presences[i] += desk.presences[i];
      sums.units += desk.units;
      for (const auto& [channel, load] : desk.loads) {
        const ChannelUnits units = targets.UnitsOf(name, channel);
        sums.used +=
            std::uint64_t{units.units} * (load.assigned + (units.pending_holds ? load.pending : 0));
      }
    }
  }
  Shown agents = Empty(kAgents, Shown::Type::kGauge);
  Shown units = Empty(kUnits, Shown::Type::kGauge);
  Shown used = Empty(kUnitsUsed, Shown::Type::kGauge);
  for (const auto& [desk, sums] : desks) {
    for (std::size_t state = 0; state < kPresences; ++state) {
      agents.series.push_back({.labels = {{"desk", desk}, {"state", kPresenceLabels[state]}},
                               .value = static_cast<double>(sums.presences[state])});
    }
    units.series.push_back({.labels = {{"desk", desk}}, .value = static_cast<double>(sums.units)});
    used.series.push_back({.labels = {{"desk", desk}}, .value = static_cast<double>(sums.used)});
  }
  for (Shown* metric : {&agents, &units, &used}) {
    if (!metric->series.empty()) shown.push_back(std::move(*metric));
  }
  Shown seen = Empty(kDesksNamed, Shown::Type::kGauge);
  seen.series.push_back({.labels = {{"series", "named"}}, .value = static_cast<double>(named[0])});
  seen.series.push_back({.labels = {{"series", "other"}}, .value = static_cast<double>(named[1])});
  shown.push_back(std::move(seen));
}

}  // namespace usher::insights
