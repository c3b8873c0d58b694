#include "sim/world/trace.h"

#include "absl/strings/str_format.h"

namespace usher::sim {

void Trace::Line(Duration since, const std::string& who, const std::string& what) {
  if (!on_) return;
  lines_.push_back(absl::StrFormat("%10.3f %-12s %s",
                                   static_cast<double>(since.count()) / 1'000'000.0, who, what));
  if (lines_.size() <= kLinesMax) return;
  lines_.pop_front();
  ++left_out_;
}

void Trace::Write(std::ostream& to) const {
  if (left_out_ > 0) to << "(" << left_out_ << " earlier lines are left out)\n";
  for (const std::string& line : lines_) to << line << "\n";
}

}  // namespace usher::sim
