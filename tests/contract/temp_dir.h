// TempDir: a folder that goes with its owner.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include "core/check.h"

namespace usher::contract {

class TempDir {
 public:
  TempDir() {
    path_ = (std::filesystem::temp_directory_path() / "usher-contract-XXXXXX").string();
    USHER_CHECK(mkdtemp(path_.data()) != nullptr);
  }
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace usher::contract
