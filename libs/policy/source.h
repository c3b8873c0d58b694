// Source: the text of a policy, and the problems found in it by byte offset.
//
// Threads: one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "policy/compile.h"

namespace usher::policy {

constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);  // the file as a whole

class Source {
 public:
  explicit Source(std::string_view text);  // borrowed

  std::string_view text() const { return text_; }
  std::uint32_t LineOf(std::size_t at) const;    // from 1
  std::uint32_t ColumnOf(std::size_t at) const;  // from 1, in characters

 private:
  std::string_view text_;
  std::vector<std::size_t> line_starts_;
};

// Collects all problems; lists the first kProblemsMax and counts the rest.
class Problems {
 public:
  explicit Problems(const Source& source) : source_(source) {}

  void Add(std::size_t at, std::string message);
  std::size_t count() const { return found_.size() + beyond_; }
  bool none() const { return found_.empty(); }
  std::uint32_t LineOf(std::size_t at) const { return source_.LineOf(at); }

  std::vector<Problem> InOrder() const;

 private:
  struct Found {
    std::size_t at;
    std::string message;
  };

  const Source& source_;
  std::vector<Found> found_;
  std::size_t beyond_ = 0;
};

}  // namespace usher::policy
