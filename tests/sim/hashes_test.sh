#!/bin/sh
# The same histories give the same decisions and states with g++ and clang, at -O0 and -O3.
#   tests/sim/hashes_test.sh BUILD       BUILD has bin/history
set -eu
build=$1
out=$build/hashes
mkdir -p "$out"
files=
for history in "1 3000 small" "2 3000 small" "3 3000 small" "4 1500 large"; do
  # shellcheck disable=SC2086
  set -- $history
  "$build/bin/history" "$1" "$2" "$3" >"$out/$1.scenario"
  files="$files $out/$1.scenario"
done
for compiler in g++ clang++-14; do
  for level in -O0 -O3; do
    # shellcheck disable=SC2086
    tests/sim/compile.sh "$build" "$out/$compiler$level" hashes "$compiler $level" tests/sim/hashes.cc
    # shellcheck disable=SC2086
    "$out/$compiler$level/hashes" $files >"$out/$compiler$level.txt"
    if ! cmp -s "$out/g++-O0.txt" "$out/$compiler$level.txt"; then
      echo "$compiler $level differs from g++ -O0:"
      diff "$out/g++-O0.txt" "$out/$compiler$level.txt"
      exit 1
    fi
  done
done
cat "$out/g++-O0.txt"
