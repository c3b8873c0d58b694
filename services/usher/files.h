// Files that commands read and write whole.
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace usher {

// Errors: kInvalidArgument: it cannot be read.
absl::StatusOr<std::string> ReadWholeFile(const std::string& path);

// Whole or not at all: a script that sees the file sees all of it.
// Errors: kUnavailable: it cannot be written.
absl::Status WriteWholeFile(const std::string& path, const std::string& text);

}  // namespace usher
