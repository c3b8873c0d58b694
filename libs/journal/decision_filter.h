// DecisionFilter: the reader's watermark over one partition of `usher.decisions`: drops identical
// copies, finds gaps.
//
// Threads: one.
#pragma once

#include "model/stamp.h"
#include "wire/records.h"

namespace usher::journal {

enum class Verdict {
  kNew,       // take it; the watermark is now here
  kRepeated,  // at or before the watermark: a copy by a router that was taken over
  kGap,       // its predecessor was never seen: stop and say so
  kAlien      // another log's: stop and say so
};

class DecisionFilter {
 public:
  // Starts after `watermark`; none(): with the first decision that comes, whatever its predecessor.
  explicit DecisionFilter(const Stamp& watermark = {}) : watermark_(watermark) {}

  Verdict Take(const Stamp& stamp, const Stamp& previous);

  const Stamp& watermark() const { return watermark_; }

 private:
  Stamp watermark_;
};

}  // namespace usher::journal
