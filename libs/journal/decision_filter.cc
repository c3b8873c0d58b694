#include "journal/decision_filter.h"

namespace usher::journal {

Verdict DecisionFilter::Take(const Stamp& stamp, const Stamp& previous) {
  if (!watermark_.none()) {
    if (stamp.log != watermark_.log || stamp.partition != watermark_.partition) {
      return Verdict::kAlien;
    }
    if (!stamp.After(watermark_)) return Verdict::kRepeated;
    if (previous != watermark_) return Verdict::kGap;
  }
  watermark_ = stamp;
  return Verdict::kNew;
}

}  // namespace usher::journal
