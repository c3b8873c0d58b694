#include "store/redis/address.h"

#include <charconv>

#include "absl/strings/str_cat.h"

namespace usher::store {

bool Address::local() const {
  return !unix_path.empty() || host == "localhost" || host == "::1" || host.starts_with("127.");
}

absl::StatusOr<Address> ParseAddress(const std::string& text) {
  Address address;
  const absl::Status bad = absl::InvalidArgumentError(
      absl::StrCat("\"", text, "\" is no address: host:port, [v6]:port or unix:/path"));
  if (text.starts_with("unix:")) {
    address.unix_path = text.substr(5);
    if (!address.unix_path.starts_with('/')) return bad;
    return address;
  }
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return bad;
  address.host = text.substr(0, colon);
  if (address.host.starts_with('[') && address.host.ends_with(']')) {
    address.host = address.host.substr(1, address.host.size() - 2);
  } else if (address.host.find(':') != std::string::npos) {
    return bad;
  }
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, address.port);
  if (error != std::errc() || stop != end || address.port < 1 || address.port > 65535 ||
      address.host.empty()) {
    return bad;
  }
  return address;
}

}  // namespace usher::store
