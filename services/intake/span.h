// Span: the offsets of one input partition that are under way, and the offset below which all are
// done.
//
// Threads: one.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>

namespace usher::intake {

class Span {
 public:
  explicit Span(std::int64_t start) : done_below_(start) {}

  // Requires: offsets rise from call to call.
  void Begin(std::int64_t offset) { under_way_.push_back({offset, false}); }

  // Requires: Begin(offset) was called, Done(offset) was not.
  void Done(std::int64_t offset) {
    const auto found = std::lower_bound(
        under_way_.begin(), under_way_.end(), offset,
        [](const Item& item, std::int64_t wanted) { return item.offset < wanted; });
    found->done = true;
    while (!under_way_.empty() && under_way_.front().done) {
      done_below_ = under_way_.front().offset + 1;
      under_way_.pop_front();
    }
  }

  // All begun offsets below are done: what may be committed.
  std::int64_t done_below() const { return done_below_; }

  // From the oldest that is not done to `offset`: how far a restart may have to reach back.
  std::int64_t WidthWith(std::int64_t offset) const {
    return under_way_.empty() ? 0 : offset - under_way_.front().offset;
  }

  std::size_t under_way() const { return under_way_.size(); }

 private:
  struct Item {
    std::int64_t offset;
    bool done;
  };

  std::deque<Item> under_way_;
  std::int64_t done_below_;
};

}  // namespace usher::intake
