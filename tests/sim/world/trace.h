// Trace: what happened in a world, one line an event, the latest so many.
//
// Threads: one.
#pragma once

#include <cstddef>
#include <deque>
#include <ostream>
#include <string>

#include "core/time.h"

namespace usher::sim {

class Trace {
 public:
  static constexpr std::size_t kLinesMax = 20'000;

  // Nothing is kept unless `on`: a failing seed is played again with its trace.
  explicit Trace(bool on) : on_(on) {}

  bool on() const { return on_; }
  void Line(Duration since, const std::string& who, const std::string& what);
  void Write(std::ostream& to) const;

 private:
  const bool on_;
  std::size_t left_out_ = 0;
  std::deque<std::string> lines_;
};

}  // namespace usher::sim
