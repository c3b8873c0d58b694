#!/usr/bin/env python3
"""Holds the files of deploy/ together with the binary: flags, ports, health names, metrics, libraries, runbook."""
import json
import os
import re
import subprocess
import sys
import unittest
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
USHER = os.environ.get("USHER_BIN", "")
BASE = DEPLOY / "kubernetes" / "base"
SUFFIXES = ("_bucket", "_sum", "_count")


def documents():
    kustomization = yaml.safe_load((BASE / "kustomization.yaml").read_text())
    for name in kustomization["resources"]:
        for document in yaml.safe_load_all((BASE / name).read_text()):
            yield name, document


def flags_of(command):
    shown = subprocess.run([USHER, command, "--help"], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"--[a-z][a-z-]*", shown))


def metrics_in_code():
    """Every metric name that appears as a string in the sources."""
    names = set()
    for folder in ("services", "libs"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in (".h", ".cc"):
                names |= set(re.findall(r'"(usher_[a-z_]+)"', path.read_text()))
    return names


def metrics_used(text):
    """Metric names in a PromQL text: recorded series (with colons) are no metrics of the binary."""
    return {name for name in re.findall(r"(?<![:\w])usher_[a-z_]+(?![:\w])", text)}


def plain(name):
    for suffix in SUFFIXES:
        if name.endswith(suffix):
            return name[: -len(suffix)]
    return name


class Kubernetes(unittest.TestCase):
    def test_every_flag_is_one_of_the_binary(self):
        seen = 0
        for name, document in documents():
            if document["kind"] not in ("Deployment", "StatefulSet"):
                continue
            arguments = document["spec"]["template"]["spec"]["containers"][0]["args"]
            known = flags_of(arguments[0])
            for argument in arguments[1:]:
                self.assertIn(argument.split("=")[0], known, name)
                seen += 1
        self.assertGreater(seen, 10)

    def test_ports_are_those_that_the_flags_open(self):
        for name, document in documents():
            if document["kind"] not in ("Deployment", "StatefulSet"):
                continue
            container = document["spec"]["template"]["spec"]["containers"][0]
            ports = {port["name"]: port["containerPort"] for port in container["ports"]}
            self.assertIn(f"--grpc=0.0.0.0:{ports['grpc']}", container["args"], name)
            self.assertIn(f"--metrics=0.0.0.0:{ports['metrics']}", container["args"], name)
            self.assertEqual(container["readinessProbe"]["grpc"]["port"], ports["grpc"], name)

    def test_probes_ask_for_services_of_the_protos(self):
        services = set()
        for path in (ROOT / "proto/usher/v1").glob("*.proto"):
            services |= {f"usher.v1.{name}" for name in re.findall(r"^service (\w+)", path.read_text(), re.M)}
        for name, document in documents():
            if document["kind"] in ("Deployment", "StatefulSet"):
                container = document["spec"]["template"]["spec"]["containers"][0]
                self.assertIn(container["readinessProbe"]["grpc"]["service"], services, name)

    def test_selectors_match_the_pods(self):
        pods = {}
        for _, document in documents():
            if document["kind"] in ("Deployment", "StatefulSet"):
                labels = document["spec"]["template"]["metadata"]["labels"]
                self.assertEqual(document["spec"]["selector"]["matchLabels"], labels)
                pods[document["metadata"]["name"]] = labels
        for _, document in documents():
            if document["kind"] == "Service":
                self.assertEqual(document["spec"]["selector"], pods[document["metadata"]["name"]])

    def test_pods_are_restricted(self):
        for name, document in documents():
            if document["kind"] in ("Deployment", "StatefulSet"):
                pod = document["spec"]["template"]["spec"]
                self.assertTrue(pod["securityContext"]["runAsNonRoot"], name)
                inner = pod["containers"][0]["securityContext"]
                self.assertFalse(inner["allowPrivilegeEscalation"], name)
                self.assertEqual(inner["capabilities"]["drop"], ["ALL"], name)

    def test_the_verifier_is_restricted_and_asks_for_flags_that_there_are(self):
        document = yaml.safe_load((DEPLOY / "kubernetes/verify/verify.yaml").read_text())
        pod = document["spec"]["template"]["spec"]
        container = pod["containers"][0]
        for argument in container["args"][1:]:
            self.assertIn(argument.split("=")[0], flags_of(container["args"][0]))
        self.assertIn(f"--metrics=0.0.0.0:{container['ports'][0]['containerPort']}", container["args"])
        self.assertEqual(document["spec"]["selector"]["matchLabels"], document["spec"]["template"]["metadata"]["labels"])
        self.assertTrue(pod["securityContext"]["runAsNonRoot"])
        self.assertEqual(container["securityContext"]["capabilities"]["drop"], ["ALL"])

    def test_the_router_asks_for_no_store(self):
        self.assertNotIn("--redis", (BASE / "router.yaml").read_text())


class Compose(unittest.TestCase):
    def test_every_flag_is_one_of_the_binary(self):
        services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
        for name, service in services.items():
            if service["image"] != "usher":
                continue
            command = service["command"]
            words = [word for word in command if not word.startswith("--")]
            shown = subprocess.run([USHER, *words, "--help"], capture_output=True, text=True, check=True).stdout
            for argument in command[len(words):]:
                self.assertIn(argument.split("=")[0], shown, name)


class Image(unittest.TestCase):
    def test_has_the_libraries_that_the_binary_is_linked_with(self):
        dockerfile = (DEPLOY / "docker/Dockerfile").read_text().split("FROM debian:bookworm-slim")[1]
        listed = set(re.findall(r"^\s+([a-z0-9.+-]+) \\$", dockerfile, re.M))
        needed = subprocess.run(["readelf", "-d", USHER], capture_output=True, text=True, check=True).stdout
        self.assertIn("NEEDED", needed)
        for library in re.findall(r"\(NEEDED\).*\[(.+)\]", needed):
            found = subprocess.run(["dpkg", "-S", f"*/{library}"], capture_output=True, text=True).stdout
            packages = {line.split(":")[0] for line in found.splitlines()}
            self.assertTrue(packages & (listed | {"libc6"}), f"{library} of {packages or 'no package'} is not installed")

    def test_starts_with_flags_of_the_binary(self):
        dockerfile = (DEPLOY / "docker/Dockerfile").read_text()
        command = json.loads(re.search(r"^CMD (\[.*\])$", dockerfile, re.M).group(1))
        known = flags_of(command[0])
        for word in command[1:]:
            if word.startswith("--"):
                self.assertIn(word, known)


class Prometheus(unittest.TestCase):
    def test_promtool_takes_the_configuration(self):
        subprocess.run(["promtool", "check", "config", "prometheus.yml"], cwd=DEPLOY / "prometheus", check=True,
                       capture_output=True)

    def test_promtool_runs_the_rule_tests(self):
        result = subprocess.run(["promtool", "test", "rules", "rules_test.yml"], cwd=DEPLOY / "prometheus",
                                capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

    def test_rules_use_metrics_of_the_binary(self):
        rules = yaml.safe_load((DEPLOY / "prometheus/rules.yml").read_text())
        expressions = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
        used = {plain(name) for name in metrics_used("\n".join(expressions))}
        self.assertTrue(used)
        self.assertEqual(used - metrics_in_code(), set())

    def test_every_alert_has_a_test_and_a_runbook_entry(self):
        rules = yaml.safe_load((DEPLOY / "prometheus/rules.yml").read_text())
        tests = (DEPLOY / "prometheus/rules_test.yml").read_text()
        runbook = {line[4:].strip().lower() for line in (DEPLOY / "README.md").read_text().splitlines()
                   if line.startswith("### ")}
        for group in rules["groups"]:
            for rule in group["rules"]:
                if "alert" in rule:
                    self.assertIn(f"alertname: {rule['alert']}", tests)
                    self.assertIn(rule["alert"].lower(), runbook)
                    self.assertTrue(rule["annotations"]["runbook"].endswith("#" + rule["alert"].lower()))


class DeadLetters(unittest.TestCase):
    def test_every_reason_is_in_the_runbook(self):
        code = (ROOT / "services/intake/facts.cc").read_text()
        body = code[code.index("const char* ToText(RefusalReason"):code.index("std::string ToText(const Refusal&")]
        reasons = set(re.findall(r'return "(\w+)";', body))
        self.assertGreater(len(reasons), 5)
        page = (DEPLOY / "README.md").read_text()
        table = page[page.index("## Dead letters"):page.index("## Runbook")]
        self.assertEqual(set(re.findall(r"^\| `(\w+)` \|", table, re.M)), reasons)


class MetricList(unittest.TestCase):
    def test_it_names_what_the_sources_name(self):
        lines = (DEPLOY / "prometheus/metrics.tsv").read_text().splitlines()
        listed = {line.split("\t")[0] for line in lines if line.startswith("usher_")}
        self.assertGreater(len(listed), 70)
        self.assertEqual(listed, metrics_in_code())

    def test_names_end_as_their_types_want(self):
        for line in (DEPLOY / "prometheus/metrics.tsv").read_text().splitlines():
            if not line.startswith("usher_"):
                continue
            name, kind, unit, _, _, text = line.split("\t")
            self.assertEqual(name.endswith("_total"), kind == "counter", name)
            if kind == "histogram" or unit == "seconds":
                self.assertTrue(name.endswith("_seconds") or name.endswith("_seconds_total"), name)
            self.assertTrue(text.endswith("."), name)


class Grafana(unittest.TestCase):
    def boards(self):
        boards = {path.name: json.loads(path.read_text()) for path in (DEPLOY / "grafana").glob("*.json")}
        self.assertGreaterEqual(len(boards), 3)
        return boards

    def test_panels_use_metrics_and_recorded_series_that_there_are(self):
        rules = yaml.safe_load((DEPLOY / "prometheus/rules.yml").read_text())
        recorded = {rule["record"] for group in rules["groups"] for rule in group["rules"] if "record" in rule}
        for name, board in self.boards().items():
            text = "\n".join(target["expr"] for panel in board["panels"] for target in panel["targets"])
            self.assertEqual({plain(used) for used in metrics_used(text)} - metrics_in_code(), set(), name)
            self.assertEqual(set(re.findall(r"\b[a-z_]+:usher_[a-z_]+:[a-z0-9_]+", text)) - recorded, set(), name)

    def test_every_metric_of_the_list_has_its_panel(self):
        used = {plain(name) for board in self.boards().values() for panel in board["panels"] for target in panel["targets"]
                for name in metrics_used(target["expr"])}
        listed = {line.split("\t")[0] for line in (DEPLOY / "prometheus/metrics.tsv").read_text().splitlines()
                  if line.startswith("usher_")}
        behind_a_rule = {"usher_rpc_seconds"}
        self.assertEqual(listed - used - behind_a_rule, set())

    def test_panels_do_not_overlap_and_have_names_of_their_own(self):
        for name, board in self.boards().items():
            places = set()
            for panel in board["panels"]:
                at = panel["gridPos"]
                cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
                self.assertFalse(places & cells, (name, panel["title"]))
                places |= cells
            for key in ("id", "title"):
                self.assertEqual(len({panel[key] for panel in board["panels"]}), len(board["panels"]), name)


if __name__ == "__main__":
    if not USHER:
        sys.exit("set USHER_BIN to the binary to compare with")
    unittest.main()
