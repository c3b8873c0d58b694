#!/usr/bin/env python3
"""The second compiler: clang 14 reads every file of libs/ and services/ with warnings, thread safety included, as errors.

g++ does not check ABSL_GUARDED_BY; clang does. Only the front end runs (-fsyntax-only), with the flags of the build.
ccache, if it is there, makes the second time fast, in another clone as well.
"""
import json
import os
import shlex
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("USHER_BUILD") or sys.exit("set USHER_BUILD to a build folder"))
CACHE = [path for path in [shutil.which("ccache")] if path]
SHARED = {"CCACHE_BASEDIR": str(ROOT), "CCACHE_NOHASHDIR": "1"}
KEEP = ("-I", "-D", "-std", "-isystem")
WARNINGS = ["-Wall", "-Wextra", "-Wthread-safety", "-Werror", "-Wno-missing-field-initializers",
            "-Wno-unused-private-field", "-Wno-macro-redefined"]


def command_for(entry):
    words = shlex.split(entry["command"])
    flags = []
    take_next = False
    for word in words:
        if take_next:
            flags.append(word)
            take_next = False
        elif word == "-isystem":
            flags.append(word)
            take_next = True
        elif word.startswith(KEEP) and not word.startswith("-D_FORTIFY_SOURCE"):
            flags.append(word)
    return [*CACHE, "clang++-14", "-fsyntax-only", *WARNINGS, *flags, entry["file"]]


def check(entry):
    done = subprocess.run(command_for(entry), cwd=entry["directory"], env=os.environ | SHARED, capture_output=True,
                          text=True)
    return entry["file"], done.returncode, done.stderr


def main():
    entries = json.loads((BUILD / "compile_commands.json").read_text())
    wanted = [str(ROOT / folder) + "/" for folder in ("libs", "services")]
    chosen = [entry for entry in entries if entry["file"].startswith(tuple(wanted))]
    planted = ROOT / "tests/tidy/planted_race.cc"
    bad = subprocess.run(["clang++-14", "-fsyntax-only", "-std=c++20", *WARNINGS, str(planted)], capture_output=True,
                         text=True)
    if bad.returncode == 0 or "requires holding" not in bad.stderr:
        print("clang did not find the planted race:", bad.stderr)
        return 1
    failures = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, code, errors in pool.map(check, chosen):
            if code != 0:
                failures += 1
                print(f"{path}\n{errors}")
    print(f"{len(chosen)} files, {failures} failed")
    return 1 if failures or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
