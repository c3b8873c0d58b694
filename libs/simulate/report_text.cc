// A report as JSON and as a table.
#include <algorithm>
#include <charconv>
#include <cstdio>

#include "core/fold.h"
#include "simulate/report.h"

namespace usher::simulate {
namespace {

constexpr std::array<std::string_view, kMeasures> kNames = {
    "p_blocked",          "p_abandoned",           "p_wait",     "wait_mean_s", "wait_sd_s",
    "wait_served_mean_s", "wait_abandoned_mean_s", "queue_mean", "busy_mean",   "p_breached",
    "lateness_mean_s",    "offers_per_inquiry"};
// The order of the JSON: the waits' distribution comes before the targets.
constexpr std::size_t kBeforeDistribution = static_cast<std::size_t>(Measure::kPBreached);

std::string Digits(double number, const char* format) {
  char text[40];
  std::snprintf(text, sizeof(text), format, number);
  return text;
}

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof(escape), "\\u%04x", static_cast<unsigned>(c));
      quoted += escape;
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

// Members of one object, in the order in which they are added.
class Object {
 public:
  Object& Raw(std::string_view key, const std::string& value) {
    text_ += (text_.empty() ? "" : ", ") + Quoted(key) + ": " + value;
    return *this;
  }
  Object& Text(std::string_view key, std::string_view value) { return Raw(key, Quoted(value)); }
  Object& Count(std::string_view key, std::uint64_t value) {
    return Raw(key, std::to_string(value));
  }
  Object& Number(std::string_view key, double value) { return Raw(key, Digits(value, "%.9g")); }
  Object& Mean(std::string_view key, const Estimate& estimate) {
    const std::string spread = Digits(estimate.ci95.value_or(0), "%.6g");
    return Raw(key, "{\"mean\": " + Digits(estimate.mean, "%.9g") + ", \"ci95\": " + spread + "}");
  }
  std::string Whole() const { return "{" + text_ + "}"; }

 private:
  std::string text_;
};

std::string ScopeJson(const Scope& scope, const std::vector<Duration>& thresholds) {
  Object object;
  object.Count("arrived", scope.arrived)
      .Count("blocked", scope.blocked)
      .Count("abandoned", scope.abandoned)
      .Count("served", scope.served)
      .Count("unserved", scope.unserved);
  for (std::size_t i = 0; i < kBeforeDistribution; ++i) object.Mean(kNames[i], scope.measures[i]);
  Object above;
  for (std::size_t i = 0; i < thresholds.size(); ++i) {
    above.Mean(SecondsText(thresholds[i]), scope.p_wait_gt[i]);
  }
  Object quantiles;
  for (std::size_t i = 0; i < kQuantiles.size(); ++i) {
    quantiles.Mean(Digits(kQuantiles[i], "%g"), scope.wait_quantile_s[i]);
  }
  object.Raw("p_wait_gt", above.Whole())
      .Raw("wait_quantile_s", quantiles.Whole())
      .Count("breached", scope.breached);
  for (std::size_t i = kBeforeDistribution; i < kMeasures; ++i) {
    object.Mean(kNames[i], scope.measures[i]);
  }
  return object.Whole();
}

// Cells by column; the first column is to the left, the others to the right.
using Row = std::vector<std::string>;

std::string Cell(const Estimate& estimate) {
  const std::string mean = Digits(estimate.mean, "%.4g");
  return estimate.ci95 ? mean + " ±" + Digits(*estimate.ci95, "%.2g") : mean;
}

std::string Aligned(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], CountCharacters(row[i]));
  }
  std::string text;
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string gap(widths[i] - CountCharacters(row[i]), ' ');
      text += i == 0 ? row[i] + gap : "  " + gap + row[i];
    }
    while (!text.empty() && text.back() == ' ') text.pop_back();
    text += "\n";
  }
  return text;
}

std::vector<Row> ScopeRows(const Report& report) {
  std::vector<const Scope*> scopes = {&report.all};
  for (const Scope& scope : report.classes) scopes.push_back(&scope);
  std::vector<Row> rows;
  const auto add = [&](std::string_view name, auto&& cell) {
    Row row = {std::string(name)};
    for (const Scope* scope : scopes) row.push_back(cell(*scope));
    rows.push_back(std::move(row));
  };
  const auto count = [&](std::string_view name, std::uint64_t Scope::*member) {
    add(name, [&](const Scope& scope) { return std::to_string(scope.*member); });
  };
  const auto measures = [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      add(kNames[i], [&](const Scope& scope) { return Cell(scope.measures[i]); });
    }
  };
  add("", [](const Scope& scope) { return scope.name; });
  count("arrived", &Scope::arrived);
  count("blocked", &Scope::blocked);
  count("abandoned", &Scope::abandoned);
  count("served", &Scope::served);
  if (report.all.unserved > 0) count("unserved", &Scope::unserved);
  measures(0, kBeforeDistribution);
  for (std::size_t i = 0; i < report.thresholds.size(); ++i) {
    add("p_wait_gt " + SecondsText(report.thresholds[i]) + "s",
        [&](const Scope& scope) { return Cell(scope.p_wait_gt[i]); });
  }
  for (std::size_t i = 0; i < kQuantiles.size(); ++i) {
    add("wait_quantile_s " + Digits(kQuantiles[i], "%g"),
        [&](const Scope& scope) { return Cell(scope.wait_quantile_s[i]); });
  }
  count("breached", &Scope::breached);
  measures(kBeforeDistribution, kMeasures);
  return rows;
}

}  // namespace

std::string_view NameOf(Measure measure) { return kNames[static_cast<std::size_t>(measure)]; }

std::string SecondsText(Duration time) {
  char text[40];
  const double seconds = static_cast<double>(time.count()) / 1e6;
  return std::string(
      text, std::to_chars(text, text + sizeof(text), seconds, std::chars_format::fixed).ptr);
}

std::string ToJson(const Report& report) {
  Object classes, agents, busy_at;
  for (const Scope& scope : report.classes) {
    classes.Raw(scope.name, ScopeJson(scope, report.thresholds));
  }
  for (const GroupReport& group : report.agents) {
    Object object;
    object.Count("count", group.count)
        .Mean("occupancy", group.occupancy)
        .Mean("occupancy_spread", group.occupancy_spread)
        .Count("served", group.served);
    agents.Raw(group.name, object.Whole());
  }
  for (const auto& [time, estimate] : report.busy_at) busy_at.Mean(SecondsText(time), estimate);
  Object object;
  object.Text("name", report.name)
      .Count("replications", report.replications)
      .Count("inquiries", report.inquiries)
      .Number("commands_per_s", report.commands_per_s)
      .Raw("all", ScopeJson(report.all, report.thresholds))
      .Raw("classes", classes.Whole())
      .Raw("agents", agents.Whole())
      .Raw("busy_at", busy_at.Whole());
  return object.Whole() + "\n";
}

std::string ToTable(const Report& report) {
  std::string text = report.name + ": " + std::to_string(report.inquiries) + " inquiries in " +
                     std::to_string(report.replications) +
                     " replications; means with 95% intervals\n\n" + Aligned(ScopeRows(report));
  std::vector<Row> rows = {{"agents", "count", "occupancy", "spread", "served"}};
  for (const GroupReport& group : report.agents) {
    rows.push_back({group.name, std::to_string(group.count), Cell(group.occupancy),
                    Cell(group.occupancy_spread), std::to_string(group.served)});
  }
  text += "\n" + Aligned(rows);
  if (report.busy_at.empty()) return text;
  rows = {{"busy_at", "busy"}};
  for (const auto& [time, estimate] : report.busy_at) {
    rows.push_back({SecondsText(time) + "s", Cell(estimate)});
  }
  return text + "\n" + Aligned(rows);
}

}  // namespace usher::simulate
