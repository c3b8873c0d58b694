#!/bin/sh
# Builds the fuzz targets of intake's decoders and of what understands a text with clang's libFuzzer and address and
# undefined-behaviour sanitizers, and runs each for some seconds on its seeds.
#   tests/fuzz/door.sh BUILD [SECONDS] [TARGET...]
# USHER_FUZZ_SECONDS, if it is set, counts instead of SECONDS. What stands around the decoders (wire,
# the generated code, most of policy) is linked as the build made it.
set -eu
build=$1
out=$build/fuzz
seconds=${USHER_FUZZ_SECONDS:-${2:-8}}
shift
[ $# -eq 0 ] || shift
targets=${*:-json framing inflate protobuf json_event cloud_event mapping understand}
export USHER_MODELS="$build/models"
objects=$out/door
compiler="clang++-14 -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all"
mkdir -p "$objects"

{
  echo libs/core/fold.cc
  echo libs/core/json.cc
  ls libs/policy/mapping*.cc
  for part in features language lexicon message_model order_numbers order_words text_model understand words; do
    echo "libs/understanding/$part.cc"
  done
  for part in automatic automatic_words cloud_event content decode facts framing inflate json_event mapping media_type value_text; do
    echo "services/intake/$part.cc"
  done
} >"$objects/parts"
for target in $targets; do
  echo "tests/fuzz/door_${target}_fuzz.cc"
done | cat "$objects/parts" - >"$objects/sources"
export CCACHE_BASEDIR="$PWD" CCACHE_NOHASHDIR=1  # as the build does
cache=$(command -v ccache || true)
# shellcheck disable=SC2016
xargs -P 2 -I {} sh -c '
  object=$1/$(echo "$5" | tr / _).o
  exec $2 $3 -fsanitize=fuzzer-no-link -std=c++20 -Ilibs -Iservices -Itests "-I$4/proto" -c "$5" -o "$object"' \
  sh "$objects" "$cache" "$compiler" "$build" {} <"$objects/sources"

libraries=$(pkg-config --libs fasttext protobuf yaml-cpp spdlog zlib libzstd liblz4 absl_strings absl_time absl_status \
  absl_statusor absl_synchronization)
libraries="$libraries -lcld2"
for target in $targets; do
  # shellcheck disable=SC2046,SC2086
  $compiler -fsanitize=fuzzer "$objects/tests_fuzz_door_${target}_fuzz.cc.o" \
    $(sed "s#/#_#g; s#^#$objects/#; s#\$#.o#" "$objects/parts") -Wl,--start-group "$build/libs/policy/libusher_policy.a" \
    "$build/libs/wire/libusher_wire.a" "$build/libs/support/libusher_support.a" "$build/libs/core/libusher_core.a" \
    $([ ! -e "$build/libs/model/libusher_model.a" ] || echo "$build/libs/model/libusher_model.a") \
    "$build/proto/libusher_proto.a" -Wl,--end-group $libraries -lpthread -o "$out/door_$target"
done

# Two at a time: each runs in one thread.
# shellcheck disable=SC2016,SC2086
printf '%s\n' $targets | xargs -P 2 -I {} sh -c '
  target=$1 out=$2 seconds=$3
  seeds=tests/fuzz/seeds/door_$target
  [ "$target" != mapping ] || seeds="$seeds deploy/policies/mappings/samples"
  log=$out/door_$target.log
  mkdir -p "$out/found/door_$target"
  "$out/door_$target" -seed=1 -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=10 -max_len=65536 \
    -artifact_prefix="$out/" -print_final_stats=1 "$out/found/door_$target" $seeds >"$log" 2>&1 || {
    tail -60 "$log"
    exit 1
  }
  echo "$target: $(grep -o "stat::number_of_executed_units:.*" "$log")," "$(grep -o "cov: [0-9]*" "$log" | tail -1)"
' sh {} "$out" "$seconds"
