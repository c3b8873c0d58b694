#include "usher/policy_file.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "policy/compile.h"
#include "support/status.h"
#include "support/stepper.h"
#include "usher/files.h"

namespace usher {

absl::StatusOr<PolicyFile> ReadPolicyFile(const std::string& path) {
  USHER_TRY(std::string yaml, ReadWholeFile(path));
  const policy::CompileResult result = policy::Compile(yaml, WallNow());
  if (result.compiled) return PolicyFile{std::move(yaml), result.compiled->policy.version};
  std::string lines;
  for (const policy::Problem& problem : result.problems) {
    absl::StrAppend(&lines, lines.empty() ? "" : "\n", path, ":", policy::ToString(problem));
  }
  return absl::InvalidArgumentError(lines);
}

}  // namespace usher
