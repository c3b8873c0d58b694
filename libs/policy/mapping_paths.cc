#include "policy/mapping_paths.h"

#include <algorithm>
#include <string>
#include <utility>

#include "policy/mappings.h"

namespace usher::policy {
namespace {

constexpr std::size_t kIndexDigitsMax = 6;

JsonPath::Step StepOf(std::string name, bool escaped) {
  JsonPath::Step step;
  step.each = name == "*" && !escaped;
  const bool number =
      !name.empty() && name.size() <= kIndexDigitsMax && !escaped &&
      std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (number) {
    std::uint32_t index = 0;
    for (const char c : name) index = index * 10 + static_cast<std::uint32_t>(c - '0');
    step.index = index;
  }
  step.name = std::move(name);
  return step;
}

// Nothing: a step is empty, or a backslash stands before something else.
std::optional<std::vector<JsonPath::Step>> Split(std::string_view text) {
  std::vector<JsonPath::Step> steps;
  std::string name;
  bool escaped = false;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i == text.size() || text[i] == '.') {
      if (name.empty()) return std::nullopt;
      steps.push_back(StepOf(std::exchange(name, ""), std::exchange(escaped, false)));
    } else if (text[i] == '\\') {
      if (++i == text.size()) return std::nullopt;
      escaped = true;
      name.push_back(text[i]);
    } else {
      name.push_back(text[i]);
    }
  }
  return steps;
}

}  // namespace

std::optional<JsonPath> ReadPath(const Yaml& value, std::string_view what, bool each,
                                 Problems& problems) {
  std::optional<std::vector<JsonPath::Step>> steps;
  if (value.kind == Yaml::Kind::kText && value.text.size() <= kMappingTextMax) {
    steps = Split(value.text);
  }
  if (!steps || steps->size() > kMappingStepsMax) {
    TellMisfit(
        value, what,
        "a path such as line_items.0.name, at most " + std::to_string(kMappingStepsMax) + " steps",
        problems);
    return std::nullopt;
  }
  const bool has_each =
      std::any_of(steps->begin(), steps->end(), [](const JsonPath::Step& s) { return s.each; });
  if (has_each && !each) {
    problems.Add(value.at, "'*' in " + Quoted(value.text) + " may be many; it is taken in a join");
    return std::nullopt;
  }
  return JsonPath{std::move(*steps), value.text};
}

}  // namespace usher::policy
