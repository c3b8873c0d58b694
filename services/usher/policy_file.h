// A policy file, read and checked.
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace usher {

struct PolicyFile {
  std::string yaml;
  std::string version;
};

// Errors: kInvalidArgument: it cannot be read, or has problems: as compilers write them, one a
// line.
absl::StatusOr<PolicyFile> ReadPolicyFile(const std::string& path);

}  // namespace usher
