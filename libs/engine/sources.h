// SourceWindows: which offsets of each source partition were seen.
//
// Threads: one.
// Memory:  Limits::sources_max windows of kSourceWindow bits.
#pragma once

#include <cstddef>
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

  const std::vector<SourceState>& Save() const { return windows_; }
  void Load(const std::vector<SourceState>& windows);  // sorted

 private:
  std::size_t most_;
  std::vector<SourceState> windows_;  // sorted by (topic, partition)
  std::size_t last_ = 0;              // the one used last: most often the next, too
};

}  // namespace usher::engine
