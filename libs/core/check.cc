#include "core/check.h"

#include <cstdio>
#include <cstdlib>

namespace usher {

void CheckFailed(const char* condition, const char* file, int line) noexcept {
  // The last words of a process that must not go on; the one place of the pure libs that writes.
  std::fprintf(stderr, "level=fatal note=check.failed condition=\"%s\" file=%s line=%d\n",
               condition, file, line);
  std::abort();
}

}  // namespace usher
