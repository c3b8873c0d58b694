#!/usr/bin/env bash
# Each of six bugs, put in on purpose, must be found within a few seeds; without them the same seeds pass.
#
#   tests/sim/plants_test.sh BUILD
set -euo pipefail
world="$1/bin/sim_world"
seeds=24
find_bug() {
  local plant=$1 workload=$2
  "$world" --workload "$workload" --seeds "$seeds"
  "$world" --workload "$workload" --seeds "$seeds" --set "plant=$plant" --expect-violation ||
    { echo "the checker does not find: $plant"; exit 1; }
  echo "found: $plant"
}
find_bug skip_watermark lossy_store
find_bug emit_before_tail crashes
find_bug snapshot_before_flush crashes
find_bug reuse_offer bad_snapshots
find_bug tick_backwards clocks
find_bug commit_before_log crashes
