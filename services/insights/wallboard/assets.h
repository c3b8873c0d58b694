// Assets: the files of page/, which the build puts into the binary.
#pragma once

#include <span>
#include <string_view>

namespace usher::insights {

struct Asset {
  std::string_view name;  // "board.css"
  std::string_view bytes;
};

// By name.
std::span<const Asset> Assets();

}  // namespace usher::insights
