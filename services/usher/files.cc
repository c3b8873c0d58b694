#include "usher/files.h"

#include <cstdio>
#include <fstream>
#include <sstream>

namespace usher {

absl::StatusOr<std::string> ReadWholeFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in || !text) return absl::InvalidArgumentError(path + ": cannot be read");
  return text.str();
}

absl::Status WriteWholeFile(const std::string& path, const std::string& text) {
  const std::string made = path + ".made";
  std::ofstream out(made, std::ios::trunc);
  out << text;
  out.close();
  if (!out || std::rename(made.c_str(), path.c_str()) != 0) {
    return absl::UnavailableError("cannot write " + path);
  }
  return absl::OkStatus();
}

}  // namespace usher
