// How an answer says that the store could not be read.
#pragma once

#include <string>

#include "absl/status/status.h"

namespace usher::insights {

inline absl::Status StoreAway(const absl::Status& status) {
  return absl::UnavailableError("the store is away: " + std::string(status.message()));
}

}  // namespace usher::insights
