// Address: where a server listens, from its text.
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace usher::store {

struct Address {
  std::string host;
  int port = 0;
  std::string unix_path;  // not empty: neither host nor port

  bool local() const;  // on this machine, by its name alone
};

// host:port, [v6]:port or unix:/path. Errors: kInvalidArgument.
absl::StatusOr<Address> ParseAddress(const std::string& text);

}  // namespace usher::store
