#include "policy/refusal.h"

#include <string>

namespace usher::policy {

absl::Status Refusal(const CompileResult& result) {
  std::string lines = "yaml:";
  for (const Problem& problem : result.problems) lines += "\n" + ToString(problem);
  constexpr std::size_t kBytesMax = 6'000;  // of metadata: more and the peer refuses it
  if (lines.size() > kBytesMax) {
    lines.resize(lines.rfind('\n', kBytesMax));
    lines += "\nand more; CheckPolicy tells all " + std::to_string(result.problems.size());
  }
  return absl::InvalidArgumentError(lines);
}

}  // namespace usher::policy
