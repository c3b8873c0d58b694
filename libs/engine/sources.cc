#include "engine/sources.h"

#include <algorithm>
#include <cstdint>
#include <tuple>

namespace usher::engine {
namespace {

constexpr std::uint64_t kWindow = kSourceWindow;

bool IsOf(const SourceState& window, const Source& source) {
  return window.partition == source.partition && window.topic == source.topic;
}

// Bit d becomes bit d + by.
void Shift(std::vector<std::uint64_t>& words, std::uint64_t by) {
  const std::size_t whole = by / 64;
  const unsigned bits = by % 64;
  for (std::size_t i = words.size(); i-- > 0;) {
    std::uint64_t word = i >= whole ? words[i - whole] << bits : 0;
    if (bits > 0 && i > whole) word |= words[i - whole - 1] >> (64 - bits);
    words[i] = word;
  }
}

SourceWindows::Seen Mark(SourceState& window, std::int64_t offset) {
  // Unsigned: the difference of two offsets may be more than an int64 holds.
  const auto highest = static_cast<std::uint64_t>(window.highest);
  const auto seen = static_cast<std::uint64_t>(offset);
  if (offset > window.highest) {
    if (seen - highest >= kWindow) {
      std::fill(window.seen.begin(), window.seen.end(), 0);
    } else {
      Shift(window.seen, seen - highest);
    }
    window.highest = offset;
    window.seen[0] |= 1;
    return SourceWindows::Seen::kNew;
  }
  const std::uint64_t below = highest - seen;
  if (below >= kWindow) return SourceWindows::Seen::kRepeat;
  const std::uint64_t bit = std::uint64_t{1} << (below % 64);
  if ((window.seen[below / 64] & bit) != 0) return SourceWindows::Seen::kRepeat;
  window.seen[below / 64] |= bit;
  return SourceWindows::Seen::kNew;
}

}  // namespace

SourceWindows::Seen SourceWindows::Note(const Source& source) {
  if (last_ >= windows_.size() || !IsOf(windows_[last_], source)) {
    const auto place = std::lower_bound(windows_.begin(), windows_.end(), source,
                                        [](const SourceState& window, const Source& wanted) {
                                          return std::tie(window.topic, window.partition) <
                                                 std::tie(wanted.topic, wanted.partition);
                                        });
    if (place == windows_.end() || !IsOf(*place, source)) {
      if (windows_.size() >= most_) return Seen::kTooMany;
      SourceState window;
      window.topic = source.topic;
      window.partition = source.partition;
      window.highest = source.offset;
      window.seen[0] = 1;
      windows_.insert(place, std::move(window));
      return Seen::kNew;
    }
    last_ = static_cast<std::size_t>(place - windows_.begin());
  }
  return Mark(windows_[last_], source.offset);
}

void SourceWindows::Load(const std::vector<SourceState>& windows) {
  windows_ = windows;
  last_ = 0;
}

}  // namespace usher::engine
