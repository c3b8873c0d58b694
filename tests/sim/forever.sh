#!/usr/bin/env bash
# Plays seeds of all workloads on all cores for so many seconds, each core with seeds of its own, and says how many a
# minute. Ends with 1 if a seed failed; its line is above.
#
#   tests/sim/forever.sh [SECONDS] [BUILD] [FIRST_SEED]
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-3600}
build=${2:-build/release}
first=${3:-$(date +%s)00000}
cores=$(nproc)
workloads=(storm zombies crashes lossy_store clocks bad_snapshots unclean_commands unclean_decisions calm)
batch=50
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

play() {
  local core=$1 round=0 failed=0 played=0 ends=$((SECONDS + seconds))
  while ((SECONDS < ends)); do
    local workload=${workloads[$((round % ${#workloads[@]}))]}
    local seed=$((first + (round * cores + core) * batch))
    "$build/bin/sim_world" --workload "$workload" --seed "$seed" --seeds "$batch" || failed=1
    played=$((played + batch))
    round=$((round + 1))
  done
  echo "$played" > "$out/$core"
  return "$failed"
}

began=$SECONDS
jobs=()
for ((core = 0; core < cores; ++core)); do
  play "$core" &
  jobs+=($!)
done
failed=0
for job in "${jobs[@]}"; do wait "$job" || failed=1; done
played=$(cat "$out"/* | paste -sd+ | bc)
took=$((SECONDS - began > 0 ? SECONDS - began : 1))
echo "$played seeds in $took s on $cores cores: $((played * 60 / took)) a minute; $( ((failed)) && echo "SOME FAILED" || echo "none failed")"
exit "$failed"
