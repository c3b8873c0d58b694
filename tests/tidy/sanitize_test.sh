#!/usr/bin/env bash
# The pure libs and what reads hostile bytes, under AddressSanitizer and UndefinedBehaviorSanitizer.
set -euo pipefail
cd "$(dirname "$0")/../.."
suites=(unit_core unit_model unit_engine unit_wire unit_policy unit_journal unit_measure unit_web)
cmake --preset asan >/dev/null
cmake --build build/asan --target "${suites[@]}"
export ASAN_OPTIONS=detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1
for suite in "${suites[@]}"; do
  "build/asan/bin/$suite" --gtest_brief=1
done
