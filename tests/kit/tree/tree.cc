#include "kit/tree/tree.h"

namespace usher::kit {

std::string TreePath(std::string_view path) {
  return std::string(USHER_SOURCE_DIR "/").append(path);
}

}  // namespace usher::kit
