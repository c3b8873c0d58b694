#include "engine/sources.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace usher::engine {
namespace {

constexpr std::uint64_t kWindow = kSourceWindow;

}  // namespace

// Unsigned throughout: the difference of two offsets may be more than an int64 holds.
SourceWindows::Seen SourceWindows::Window::Mark(std::int64_t offset) {
  const auto top = static_cast<std::uint64_t>(highest);
  const auto next = static_cast<std::uint64_t>(offset);
  if (offset > highest) {
    if (next - top >= kWindow) {
      seen.fill(0);
    } else {
      for (std::uint64_t skipped = top + 1; skipped != next; ++skipped) Remove(skipped);
    }
    highest = offset;
    Put(next);
    return Seen::kNew;
  }
  if (top - next >= kWindow || Has(next)) return Seen::kRepeat;
  Put(next);
  return Seen::kNew;
}

SourceWindows::Seen SourceWindows::Note(const Source& source) {
  if (last_ >= windows_.size() || !windows_[last_].IsOf(source)) {
    const auto place = std::lower_bound(windows_.begin(), windows_.end(), source,
                                        [](const Window& window, const Source& wanted) {
                                          return std::tie(window.topic, window.partition) <
                                                 std::tie(wanted.topic, wanted.partition);
                                        });
    if (place == windows_.end() || !place->IsOf(source)) {
      if (windows_.size() >= most_) return Seen::kTooMany;
      Window window;
      window.topic = source.topic;
      window.partition = source.partition;
      window.highest = source.offset;
      window.Put(static_cast<std::uint64_t>(source.offset));
      windows_.insert(place, std::move(window));
      return Seen::kNew;
    }
    last_ = static_cast<std::size_t>(place - windows_.begin());
  }
  return windows_[last_].Mark(source.offset);
}

std::vector<SourceState> SourceWindows::Save() const {
  std::vector<SourceState> saved;
  saved.reserve(windows_.size());
  for (const Window& window : windows_) {
    SourceState& state = saved.emplace_back();
    state.topic = window.topic;
    state.partition = window.partition;
    state.highest = window.highest;
    const auto top = static_cast<std::uint64_t>(window.highest);
    for (std::uint64_t d = 0; d < kWindow; ++d) {
      if (window.Has(top - d)) state.seen[d / 64] |= std::uint64_t{1} << (d % 64);
    }
  }
  return saved;
}

void SourceWindows::Load(const std::vector<SourceState>& saved) {
  windows_.clear();
  last_ = 0;
  for (const SourceState& state : saved) {
    Window& window = windows_.emplace_back();
    window.topic = state.topic;
    window.partition = state.partition;
    window.highest = state.highest;
    const auto top = static_cast<std::uint64_t>(state.highest);
    for (std::uint64_t d = 0; d < kWindow; ++d) {
      if ((state.seen[d / 64] >> (d % 64) & 1) != 0) window.Put(top - d);
    }
  }
}

}  // namespace usher::engine
