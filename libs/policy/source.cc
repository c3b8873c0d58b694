#include "policy/source.h"

#include <algorithm>
#include <utility>

#include "core/fold.h"

namespace usher::policy {

Source::Source(std::string_view text) : text_(text), line_starts_{0} {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') line_starts_.push_back(i + 1);
  }
}

std::uint32_t Source::LineOf(std::size_t at) const {
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), at);
  return static_cast<std::uint32_t>(after - line_starts_.begin());
}

std::uint32_t Source::ColumnOf(std::size_t at) const {
  const std::size_t start = line_starts_[LineOf(at) - 1];
  return static_cast<std::uint32_t>(CountCharacters(text_.substr(start, at - start))) + 1;
}

void Problems::Add(std::size_t at, std::string message) {
  if (found_.size() >= kProblemsMax) {
    ++beyond_;
    return;
  }
  found_.push_back({at, std::move(message)});
}

std::vector<Problem> Problems::InOrder() const {
  std::vector<Found> sorted = found_;
  // kNowhere is the largest offset: what is missing from the file comes after what is wrong in it.
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Found& a, const Found& b) { return a.at < b.at; });
  std::vector<Problem> problems;
  for (Found& found : sorted) {
    Problem problem{0, 0, std::move(found.message)};
    if (found.at != kNowhere) {
      problem.line = source_.LineOf(found.at);
      problem.column = source_.ColumnOf(found.at);
    }
    problems.push_back(std::move(problem));
  }
  if (beyond_ > 0) problems.push_back({0, 0, "and " + std::to_string(beyond_) + " more problems"});
  return problems;
}

}  // namespace usher::policy
