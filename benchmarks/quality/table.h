// Table: the figures of one day under all rules, as Markdown.
//
// Threads: any.
#pragma once

#include <string>
#include <vector>

#include "quality/day.h"
#include "quality/figures.h"
#include "quality/rules.h"

namespace usher::quality {

// One day, drawn with several seeds, the same for all rules.
struct Comparison {
  DaySpec spec;
  std::vector<Rule> rules;                  // the baselines first
  std::vector<std::vector<Figures>> plays;  // by rule, then seed
  std::vector<double> bounds;  // by seed: no rule breaches fewer; empty: not looked for
};

// What each rule came to, then how it compares with the baselines. Equal figures, equal bytes.
std::string ToMarkdown(const Comparison& comparison);

}  // namespace usher::quality
