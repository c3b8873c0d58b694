// Charts of a report as SVG, and the escaping of what goes into a page.
//
// Threads: any; pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "usher/v1/insights.pb.h"

namespace usher {

// The text as HTML and SVG say it; what cannot be seen is made visible.
std::string Html(std::string_view text);

struct Bar {
  std::string label;  // beneath it
  std::string told;   // what it says to who points at it, and to who cannot see it
  double height = 0;
  double inner = 0;  // of the stronger one before it, not above `height`
};

// Upright bars; about twelve of the labels are shown. `highest` is what the highest of them stands
// for.
std::string BarChart(const std::string& title, const std::vector<Bar>& bars,
                     const std::string& highest);

// Hours of the week, the darker the more was placed.
std::string WeekChart(const std::string& title, const v1::ReportSection& weekday_hours);

// A bar that fills so much of its cell, 0 to 1.
std::string Gauge(double share);

}  // namespace usher
