#!/usr/bin/env python3
"""Holds what STYLE.md and the table of layers say: includes, vendor headers, purity, sizes, words.

Each rule is a function over a file's path and text that yields (line, what is wrong); `--self-test` feeds every rule
something bad and fails if the rule stays silent.
"""
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PURE = {"core", "model", "engine", "measure"}
STANDARD = set("""
algorithm array atomic bit bitset charconv chrono climits cmath compare concepts condition_variable csignal cstddef
cstdint cstdio cstdlib cstring ctime deque exception filesystem fstream functional future initializer_list iomanip
iostream istream iterator limits list locale map memory mutex new numbers numeric optional ostream queue random ranges
ratio regex set shared_mutex span sstream stdexcept string string_view system_error thread tuple type_traits
typeinfo unordered_map unordered_set utility variant vector cctype cerrno cinttypes
""".split())
# Headers that only these folders may include.
VENDOR = [
    (r"librdkafka/", ["libs/log/kafka/", "tests/contract/", "tests/unit/libs/log/", "benchmarks/"]),
    (r"rocksdb/", ["libs/log/embedded/", "libs/store/embedded/", "tests/unit/libs/log/"]),
    (r"hiredis/", ["libs/store/redis/"]),
    (r"prometheus/", ["libs/telemetry/"]),
    (r"civetweb", ["libs/web/"]),
    (r"spdlog/", ["libs/support/"]),
    (r"yaml-cpp/", ["libs/policy/"]),
    (r"cld2/|fasttext/", ["libs/understanding/", "benchmarks/"]),
    (r"grpcpp/|grpc/", ["libs/rpc/", "services/", "tests/", "benchmarks/"]),
    (r"google/protobuf/|usher/v1/", ["libs/wire/", "services/", "tests/", "benchmarks/"]),
    (r"zlib\.h|zstd\w*\.h|lz4\w*\.h", ["services/intake/", "tests/unit/services/intake/"]),
    (r"CLI/", ["services/usher/", "benchmarks/"]),
]
IMPURE = re.compile(
    r"\b(float|double|system_clock|steady_clock|high_resolution_clock|random_device|mt19937\w*|getenv|std::thread|"
    r"std::mutex|std::async|thread_local|fopen|std::cout|std::cerr|std::ifstream|std::ofstream)\b")
WORDS = re.compile(r"\b(tickets?|tenants?|worker_id)\b", re.I)
SLEEP = re.compile(r"\b(sleep_for|sleep_until|usleep|nanosleep|absl::SleepFor|time\.sleep)\s*\(")
INCLUDE = re.compile(r'^\s*#include\s+([<"])([^>"]+)[>"]', re.M)


def layers():
    table = {}
    for name, allowed in re.findall(r"set\(USHER_LAYER_(\w+)([^)]*)\)", (ROOT / "libs/layers.cmake").read_text()):
        table[name] = set(allowed.replace('"', "").split()) | {name}
    return table


LAYERS = layers()


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def strip_comments(text):
    def blank(match):
        return re.sub(r"[^\n]", " ", match.group(0))
    return re.sub(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', blank, text, flags=re.S)


def lib_of(path):
    parts = path.split("/")
    return parts[1] if parts[0] == "libs" and len(parts) > 2 else None


def rule_layers(path, text):
    """A lib includes only what the table of layers allows it; pure libs only the standard library besides."""
    lib = lib_of(path)
    if lib is None or lib not in LAYERS:
        return
    for match in INCLUDE.finditer(text):
        kind, name = match.groups()
        first = name.split("/")[0]
        if first in LAYERS and "/" in name:
            if first not in LAYERS[lib]:
                yield line_of(text, match.start()), f"libs/{lib} may not include libs/{first}"
        elif lib in PURE and (kind == '"' or name not in STANDARD):
            yield line_of(text, match.start()), f"libs/{lib} is pure: the standard library only, not {name}"


def rule_vendor(path, text):
    """A vendor's headers are included only in the folder that wraps them."""
    for match in INCLUDE.finditer(text):
        for pattern, folders in VENDOR:
            if re.match(pattern, match.group(2)) and not any(path.startswith(folder) for folder in folders):
                yield line_of(text, match.start()), f"{match.group(2)} belongs in {' or '.join(folders)}"


def rule_services(path, text):
    """A service includes no other service's folder."""
    parts = path.split("/")
    if parts[0] != "services" or len(parts) < 3 or parts[1] == "usher":
        return
    for match in INCLUDE.finditer(text):
        first = match.group(2).split("/")[0]
        if first != parts[1] and first in ("intake", "router", "agents", "insights"):
            yield line_of(text, match.start()), f"services/{parts[1]} may not include services/{first}"


def rule_pure(path, text):
    """No clock, thread, randomness, environment or floating point in the pure libs; no walk over a hash container."""
    if lib_of(path) not in PURE or path == "libs/core/check.cc":
        return
    code = strip_comments(text)
    for match in IMPURE.finditer(code):
        yield line_of(code, match.start()), f"{match.group(1)} in a pure lib"
    hashed = set(re.findall(r"unordered_(?:map|set)<[^;]*?>\s+(\w+)", code, re.S))
    for match in re.finditer(r"for\s*\([^;)]*:\s*(?:\w+(?:\.|->))*(\w+)\s*\)", code):
        if match.group(1) in hashed:
            yield line_of(code, match.start()), f"walks the hash container {match.group(1)}"


def rule_size(path, text):
    """Files of one idea: .cc at most 500 lines, .h at most 200."""
    limit = 200 if path.endswith(".h") else 500
    lines = text.count("\n")
    if lines > limit:
        yield lines, f"{lines} lines, at most {limit}"


def rule_header(path, text):
    """A header opens by saying what it is, and is included once."""
    if path.endswith(".h"):
        if not text.startswith("//"):
            yield 1, "a header opens with a comment that says what the thing is"
        if "#pragma once" not in text:
            yield 1, "no #pragma once"


def rule_words(path, text):
    """One word for one thing: the words that the house does not use."""
    for match in WORDS.finditer(text):
        yield line_of(text, match.start()), f"'{match.group(1)}' is not a word of the house (ARCHITECTURE.md, Words)"


def rule_unfinished(path, text):
    """No unfinished business without an issue number."""
    for match in re.finditer(r"\b(TODO(?!\(#\d+\))|FIXME|XXX|HACK)\b", text):
        yield line_of(text, match.start()), f"{match.group(1)} without an issue number"


def rule_sleep(path, text):
    """Tests wait on events, they do not sleep; product code waits on conditions."""
    code = strip_comments(text)
    for match in SLEEP.finditer(code):
        if path.startswith(("tests/kit/", "tests/examples/", "benchmarks/")):
            continue  # polling with a deadline; pacing of an open loop
        yield line_of(code, match.start()), f"{match.group(1)}: wait on an event instead"


CXX_RULES = [rule_layers, rule_vendor, rule_services, rule_pure, rule_size, rule_header, rule_words, rule_unfinished,
             rule_sleep]
PYTHON_RULES = [rule_unfinished, rule_sleep]


def files():
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                            capture_output=True, text=True, check=True)
    return sorted(set(listed.stdout.split()))


def self_test():
    bad = {
        rule_layers: ("libs/model/a.h", '#include "engine/engine.h"\n'),
        rule_vendor: ("libs/wire/a.cc", "#include <rocksdb/db.h>\n"),
        rule_services: ("services/router/a.cc", '#include "intake/intake.h"\n'),
        rule_pure: ("libs/engine/a.cc", "double x = 1;\n"),
        rule_size: ("libs/log/a.h", "\n" * 201),
        rule_header: ("libs/log/a.h", "int x;\n"),
        rule_words: ("libs/log/a.h", "// a ticket\n"),
        rule_unfinished: ("libs/log/a.cc", "// TODO later\n"),
        rule_sleep: ("tests/unit/a.cc", "std::this_thread::sleep_for(1s);\n"),
    }
    silent = [rule.__name__ for rule in CXX_RULES if not list(rule(*bad[rule]))]
    walk = "std::unordered_map<int, int> table_;\nfor (auto& x : table_) {}\n"
    if not list(rule_pure("libs/engine/a.cc", walk)):
        silent.append("rule_pure over a hash container")
    if silent:
        print("rules that cannot fail:", ", ".join(silent))
        return 1
    print(f"{len(bad) + 1} rules each found what was planted")
    return 0


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    problems = 0
    checked = 0
    for path in files():
        rules = CXX_RULES if path.endswith((".h", ".cc")) else PYTHON_RULES if path.endswith(".py") else []
        if not rules or path.startswith("tests/tidy/") or not (ROOT / path).is_file():
            continue
        text = (ROOT / path).read_text(encoding="utf-8")
        checked += 1
        for rule in rules:
            for line, what in rule(path, text):
                print(f"{path}:{line}: {what} [{rule.__name__}]")
                problems += 1
    print(f"{checked} files, {problems} problems")
    return 1 if problems or not checked else 0


if __name__ == "__main__":
    sys.exit(main())
