// How a command says that it failed.
#pragma once

#include "absl/status/status.h"

namespace usher {

// Writes the message to standard error, safe for a terminal: it may hold the words of another
// machine. Returns the exit code: kBadUsage if what the user gave is wrong, else kFailed.
int Complain(const absl::Status& status);

}  // namespace usher
