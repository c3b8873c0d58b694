#!/bin/sh
# Builds the fuzz targets with clang's libFuzzer and address and undefined-behaviour sanitizers, and
# runs each for some seconds on its seeds.
#   tests/fuzz/run.sh BUILD [SECONDS] [commands|snapshot]
set -eu
out=$1/fuzz
seconds=${2:-20}
targets=${3:-commands snapshot}
compiler="clang++-14 -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all"
mkdir -p "$out/seeds/commands" "$out/seeds/snapshot"
"$1/bin/fuzz_seeds" "$out/seeds/commands" "$out/seeds/snapshot"
for target in $targets; do
  # shellcheck disable=SC2086
  tests/sim/compile.sh "$1" "$out" "$target" "$compiler -fsanitize=fuzzer" "tests/fuzz/${target}_fuzz.cc"
  mkdir -p "$out/found/$target"
  "$out/$target" -seed=1 -max_total_time="$seconds" -rss_limit_mb=4096 -timeout=30 -max_len=65536 \
    -artifact_prefix="$out/" -print_final_stats=1 "$out/found/$target" "$out/seeds/$target" \
    >"$out/$target.log" 2>&1 || {
    tail -60 "$out/$target.log"
    exit 1
  }
  grep -E 'stat::number_of_executed_units|cov:' "$out/$target.log" | tail -2
done
