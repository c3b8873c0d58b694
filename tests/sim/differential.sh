#!/bin/sh
# Plays so many commands of random histories on both engines, one process per core, each with seeds
# of its own.
#   tests/sim/differential.sh COMMANDS [BUILD]     USHER_DIFFERENTIAL_SEED: the first seed (1)
set -eu
commands=$1
build=${2:-build/release}
cores=$(nproc)
first=${USHER_DIFFERENTIAL_SEED:-1}
# A history has 10 to 409 steps: 209 in the mean.
runs=$((commands / 209 / cores + 1))
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
trap 'kill $pids; exit 1' INT TERM
core=0
pids=
while [ "$core" -lt "$cores" ]; do
  USHER_DIFFERENTIAL_SEED=$((first + core * runs)) USHER_DIFFERENTIAL_RUNS=$runs \
    "$build/bin/differential" --gtest_filter=Differential.EnginesAgreeOnEveryHistory \
    --gtest_output="xml:$out/$core.xml" >"$out/$core.log" 2>&1 &
  pids="$pids $!"
  core=$((core + 1))
done
failed=0
for pid in $pids; do wait "$pid" || failed=1; done
[ "$failed" -eq 0 ] || grep -h -v '^\[' "$out"/*.log || true
sed -n 's/.*name="commands" value="\([0-9]*\)".*/\1/p' "$out"/*.xml |
  awk -v cores="$cores" '{ sum += $1 } END { print sum " commands in " cores " processes" }'
exit "$failed"
