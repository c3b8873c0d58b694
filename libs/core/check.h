// USHER_CHECK: "we are wrong". On in every build: crash, restart, replay.
#pragma once

namespace usher {

// Writes `condition` with its place to standard error and aborts.
[[noreturn]] void CheckFailed(const char* condition, const char* file, int line) noexcept;

}  // namespace usher

#define USHER_CHECK(condition)                       \
  (__builtin_expect(static_cast<bool>(condition), 1) \
       ? static_cast<void>(0)                        \
       : ::usher::CheckFailed(#condition, __FILE__, __LINE__))
