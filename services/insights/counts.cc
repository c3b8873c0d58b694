#include "insights/counts.h"

#include <algorithm>

#include "measure/histogram.h"

namespace usher::insights {

const std::vector<Duration>& SummaryEdges() {
  static const std::vector<Duration> edges = measure::EdgesWith({});
  return edges;
}

std::string FirstResponseRow(Duration value) {
  const std::vector<Duration>& edges = SummaryEdges();
  const auto edge = std::lower_bound(edges.begin(), edges.end(), value);
  return kCountFirstResponse +
         (edge == edges.end() ? std::string(kAboveAll) : std::to_string(edge->count()));
}

}  // namespace usher::insights
