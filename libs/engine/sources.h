// SourceWindows: which offsets of each source partition were seen.
//
// Threads: one.
// Memory:  Limits::sources_max windows of kSourceWindow bits.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "model/command.h"
#include "model/limits.h"
#include "model/state.h"

namespace usher::engine {

class SourceWindows {
 public:
  explicit SourceWindows(const Limits& limits) : most_(limits.sources_max) {}

  enum class Seen { kNew, kRepeat, kTooMany };

  // Marks the source's offset as seen.
  Seen Note(const Source& source);

  std::vector<SourceState> Save() const;
  std::size_t size() const { return windows_.size(); }
  void Load(const std::vector<SourceState>& windows);  // sorted

 private:
  // The bit of an offset is that of the offset modulo the window: nothing moves as it goes on.
  struct Window {
    std::string topic;
    std::int32_t partition = 0;
    std::int64_t highest = -1;
    std::array<std::uint64_t, kSourceWindow / 64> seen{};

    bool IsOf(const Source& source) const {
      return partition == source.partition && topic == source.topic;
    }
    bool Has(std::uint64_t offset) const {
      return (seen[offset / 64 % seen.size()] >> (offset % 64) & 1) != 0;
    }
    void Put(std::uint64_t offset) {
      seen[offset / 64 % seen.size()] |= std::uint64_t{1} << (offset % 64);
    }
    void Remove(std::uint64_t offset) {
      seen[offset / 64 % seen.size()] &= ~(std::uint64_t{1} << (offset % 64));
    }
    Seen Mark(std::int64_t offset);
  };

  std::size_t most_;
  std::vector<Window> windows_;  // sorted by (topic, partition)
  std::size_t last_ = 0;         // the one used last: most often the next, too
};

}  // namespace usher::engine
