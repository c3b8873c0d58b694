#!/usr/bin/env bash
# Every C++ file reads as .clang-format says.
set -euo pipefail
cd "$(dirname "$0")/../.."
mapfile -t files < <(git ls-files --cached --others --exclude-standard -- '*.h' '*.cc')
[ ${#files[@]} -gt 0 ] || { echo "no files to check"; exit 1; }
clang-format-14 --dry-run -Werror "${files[@]}"
echo "${#files[@]} files formatted"
