#!/usr/bin/env python3
"""Each feature F1..F70 that is the engine's has a scenario and a line in deploy/policies/README.md; the others say
why not."""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FEATURES = range(1, 71)

# The closed list of features that no scenario file could show.
NOT_THE_ENGINES = {
    10: "a learned scorer is not built; a score is the shop's own formula (F9)",
    58: "versions, rollback and canaries are the control service's",
    59: "a dry run is `usher simulate`'s",
    63: "the log is Kafka's; that its replay is byte for byte the same is tests/sim",
    64: "metrics are the services'",
    65: "the gRPC API is proto/ and tests/contract",
    66: "Kubernetes is deploy/",
    67: "several nodes, and the loss of one, are tests/e2e",
    69: "a plan before apply is `usher policy`",
}


def scenarios(folder):
    """Feature number -> its files."""
    found = {}
    for path in sorted(folder.glob("*.scenario")):
        name = re.match(r"f(\d+)_", path.name)
        if name:
            found.setdefault(int(name.group(1)), []).append(path)
    return found


def told(readme):
    """Feature number -> the scenarios that its line in the policies' README names."""
    lines = {}
    for line in readme.splitlines():
        row = re.match(r"\| F(\d+) \|", line)
        if row:
            lines[int(row.group(1))] = re.findall(r"`(f\d+_\w+)`", line)
    return lines


def problems(found, lines):
    out = []
    for number in FEATURES:
        has = number in found
        if number in NOT_THE_ENGINES:
            if has:
                out.append(f"F{number} has a scenario: take it off the list of what is not the engine's")
            continue
        if not has:
            out.append(f"F{number} has no tests/scenario/f{number:02}_*.scenario")
        if number not in lines:
            out.append(f"F{number} has no line in deploy/policies/README.md")
        stems = [path.stem for path in found.get(number, [])]
        named = lines.get(number, [])
        if number in lines and not named:
            out.append(f"the line of F{number} in deploy/policies/README.md names no scenario")
        for name in named:
            if name not in stems:
                out.append(f"the line of F{number} in deploy/policies/README.md names {name}, which is not there")
    for number, paths in found.items():
        if number not in FEATURES:
            out.append(f"{paths[0].name}: there is no feature F{number}")
        for path in paths:
            if not path.name.startswith(f"f{number:02}_"):
                out.append(f"{path.name}: write f{number:02}_")
            text = path.read_text()
            if not text.startswith("# "):
                out.append(f"{path.name} does not begin by saying what it shows")
            if not re.search(r"^\s*expect ", text, re.MULTILINE):
                out.append(f"{path.name} expects nothing")
    return out


def self_test(found, lines):
    """Each rule must be able to fail."""
    without = {number: paths for number, paths in found.items() if number != 4}
    assert any("F4 has no tests" in each for each in problems(without, lines))
    assert any("F4 has no line" in each for each in problems(found, {n: l for n, l in lines.items() if n != 4}))
    assert any("names no scenario" in each for each in problems(found, {**lines, 4: []}))
    assert any("which is not there" in each for each in problems(found, {**lines, 4: ["f05_x"]}))
    assert any("F10 has a scenario" in each for each in problems({**found, 10: found[4]}, lines))
    assert any("no feature F71" in each for each in problems({**found, 71: found[4]}, lines))
    print("each rule can fail")


def main():
    found = scenarios(ROOT / "tests" / "scenario")
    lines = told((ROOT / "deploy" / "policies" / "README.md").read_text())
    if "--self-test" in sys.argv:
        return self_test(found, lines)
    wrong = problems(found, lines)
    for each in wrong:
        print(each)
    print(f"{len(FEATURES)} features, {len(wrong)} problems")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
