// Refusal: why a policy was not taken, as the error of a call.
#pragma once

#include "absl/status/status.h"
#include "policy/compile.h"

namespace usher::policy {

// kInvalidArgument with one line a problem, as compilers write them; at most what fits the metadata
// of a call. Requires: there are problems.
absl::Status Refusal(const CompileResult& result);

}  // namespace usher::policy
