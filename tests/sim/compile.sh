#!/bin/sh
# Compiles the pure libs and what is named with a compiler and flags of one's own, and links it with
# the kit as the build made it.
#   tests/sim/compile.sh BUILD OUT_DIR PROGRAM "COMPILER FLAGS" SOURCE...
# Objects stay in OUT_DIR; ccache, if it is there, makes the second time fast.
set -eu
kit=$1/tests/kit/libusher_kit.a
out=$2 program=$3 compiler=$4
shift 4
mkdir -p "$out"
cache=$(command -v ccache || true)
for source in libs/core/*.cc libs/model/*.cc libs/engine/*.cc "$@"; do
  echo "$source"
done >"$out/$program.sources"
# shellcheck disable=SC2016
xargs -P 2 -I {} sh -c '
  object=$1/$(echo "$4" | tr / _).o
  exec $2 $3 -std=c++20 -Ilibs -Itests -c "$4" -o "$object"' sh "$out" "$cache" "$compiler" {} \
  <"$out/$program.sources"
# shellcheck disable=SC2086
$compiler $(sed "s#/#_#g; s#^#$out/#; s#\$#.o#" "$out/$program.sources") "$kit" -o "$out/$program"
