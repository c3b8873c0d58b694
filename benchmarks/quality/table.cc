#include "quality/table.h"

#include <cstdio>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace usher::quality {
namespace {

using simulate::Estimate;

std::string Fixed(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  // What rounds to nothing has no sign.
  const std::string zero = digits == 0 ? "-0" : "-0." + std::string(digits, '0');
  return zero == text ? zero.substr(1) : text;
}

std::string WithInterval(const Estimate& estimate, int digits, bool sign = false) {
  std::string text = Fixed(estimate.mean, digits);
  if (sign && estimate.mean > 0 && text[0] != '-') text = "+" + text;
  if (estimate.ci95) text += " ± " + Fixed(*estimate.ci95, digits);
  return text;
}

std::string Row(std::initializer_list<std::string> cells) {
  std::string row = "|";
  for (const std::string& cell : cells) row += " " + cell + " |";
  return row + "\n";
}

std::string TitleOf(const Comparison& comparison) {
  const DaySpec& spec = comparison.spec;
  const double inquiries = MeanOf(comparison.plays.front(), &Figures::inquiries).mean;
  std::string title = "### " + std::string(1, spec.name) + ": " + Fixed(inquiries, 0) +
                      " inquiries, " + std::to_string(spec.agents) + " agents";
  if (spec.jump > 0) title += ", flash sale x" + Fixed(spec.jump + 1, 0);
  if (spec.skewed) title += ", most of it in the rarest language";
  if (spec.outage) title += ", a fifth of the agents offline for 30 minutes";
  if (spec.offers) title += ", offers to accept";
  if (spec.concurrent) title += ", three conversations and an email at once";
  if (spec.impatient) title += ", chats leave";
  if (spec.topics == Topics::kAlike) title += "; topics alike";
  if (spec.topics == Topics::kFarApart) title += "; topics far apart";
  return title + " (" + std::to_string(comparison.plays.front().size()) + " seeds)\n\n";
}

// Of what first come first served breaches and the bound does not, how much the rule saves.
std::string GapClosed(const Comparison& comparison, double breaches, const Estimate& bound) {
  const double first = MeanOf(comparison.plays.front(), &Figures::breaches).mean;
  if (first <= bound.mean) return "";
  return Fixed((first - breaches) / (first - bound.mean), 3);
}

std::string FiguresTable(const Comparison& comparison) {
  std::string table =
      Row({"rule", "breaches", "vip chat", "chat", "messenger", "email", "lateness, s", "wait, s",
           "p50", "p95", "p99", "longest", "left", "offers", "spread", "gap closed"});
  table += "| --- |";
  for (int i = 0; i < 15; ++i) table += " ---: |";
  table += "\n";
  std::optional<Estimate> bound;
  if (!comparison.bounds.empty()) bound = simulate::EstimateOf(comparison.bounds);
  for (std::size_t i = 0; i < comparison.rules.size(); ++i) {
    const std::vector<Figures>& plays = comparison.plays[i];
    const auto mean = [&](double Figures::*figure, int digits) {
      return Fixed(MeanOf(plays, figure).mean, digits);
    };
    std::array<double, kKinds> kinds{};
    for (const Figures& play : plays) {
      for (std::size_t k = 0; k < kKinds; ++k) {
        kinds[k] += play.breaches_of[k] / static_cast<double>(plays.size());
      }
    }
    const double breaches = MeanOf(plays, &Figures::breaches).mean;
    table +=
        Row({comparison.rules[i].name, WithInterval(MeanOf(plays, &Figures::breaches), 1),
             Fixed(kinds[0], 1), Fixed(kinds[1], 1), Fixed(kinds[2], 1), Fixed(kinds[3], 1),
             mean(&Figures::lateness_mean, 0), mean(&Figures::wait_mean, 1),
             mean(&Figures::wait_p50, 1), mean(&Figures::wait_p95, 0), mean(&Figures::wait_p99, 0),
             mean(&Figures::wait_max, 0), Fixed(100 * MeanOf(plays, &Figures::left).mean, 1) + "%",
             mean(&Figures::offers, 2), mean(&Figures::spread, 3),
             bound ? GapClosed(comparison, breaches, *bound) : ""});
  }
  if (bound) {
    table += Row({"no rule below", WithInterval(*bound, 1), "", "", "", "", "", "", "", "", "", "",
                  "", "", "", "1"});
  }
  return table + "\n";
}

std::string ComparedTable(const Comparison& comparison) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < kBaselines; ++i) {
    if (MeanOf(comparison.plays[i], &Figures::breaches).mean <
        MeanOf(comparison.plays[best], &Figures::breaches).mean) {
      best = i;
    }
  }
  const std::vector<Figures>& first_come = comparison.plays[0];
  const std::vector<Figures>& priority = comparison.plays[1];
  const double best_breaches = MeanOf(comparison.plays[best], &Figures::breaches).mean;
  std::string table =
      Row({"day by day", "times fewer breaches than " + comparison.rules[best].name,
           "breaches less its", "mean wait less " + comparison.rules[0].name + "'s, s",
           "longest wait less " + comparison.rules[1].name + "'s, s"});
  table += "| --- | ---: | ---: | ---: | ---: |\n";
  for (std::size_t i = kBaselines; i < comparison.rules.size(); ++i) {
    const std::vector<Figures>& plays = comparison.plays[i];
    const double breaches = MeanOf(plays, &Figures::breaches).mean;
    table +=
        Row({comparison.rules[i].name, breaches > 0 ? Fixed(best_breaches / breaches, 2) : "",
             WithInterval(DifferenceOf(plays, comparison.plays[best], &Figures::breaches), 1, true),
             WithInterval(DifferenceOf(plays, first_come, &Figures::wait_mean), 1, true),
             WithInterval(DifferenceOf(plays, priority, &Figures::wait_max), 0, true)});
  }
  return table + "\n";
}

}  // namespace

std::string ToMarkdown(const Comparison& comparison) {
  return TitleOf(comparison) + FiguresTable(comparison) + ComparedTable(comparison);
}

}  // namespace usher::quality
