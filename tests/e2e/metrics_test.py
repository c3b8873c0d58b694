#!/usr/bin/env python3
"""The list of metrics, deploy/prometheus/metrics.tsv, and what a running usher serves after a played day: the same names, types,
labels and help, none more and none less."""

import importlib.machinery
import importlib.util
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from kit import played_day  # noqa: E402
from kit.usher import Usher, binary, parse_metrics, wait_for  # noqa: E402

_LOADER = importlib.machinery.SourceFileLoader("metrics_script", str(ROOT / "scripts/metrics"))
METRICS = importlib.util.module_from_spec(importlib.util.spec_from_loader("metrics_script", _LOADER))
_LOADER.exec_module(METRICS)

PARTS = {"histogram": ("_bucket", "_sum", "_count")}


def families(text):
    """{name: (type, help)} as a scrape tells them, without those of the endpoint itself."""
    helps = dict(re.findall(r"^# HELP (\S+) (.*)$", text, re.M))
    types = dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.M))
    return {name: (types[name], helps[name]) for name in types if not name.startswith("exposer_")}


def differences(metrics, text):
    """A line for each way in which the scrape is not what the list says."""
    lines = []
    series = parse_metrics(text)
    told = families(text)
    for name in sorted(told.keys() | metrics.keys()):
        if name not in metrics or name not in told:
            lines.append(f"{name} is " + ("served and not in the list" if name in told else "in the list and not served"))
            continue
        metric = metrics[name]
        if told[name] != (metric.type, metric.help):
            lines.append(f"{name}: served as {told[name]}, listed as {(metric.type, metric.help)}")
        for part in PARTS.get(metric.type, ("",)):
            wanted = set(metric.labels) | ({"le"} if part == "_bucket" else set())
            for labels in series.get(name + part, {}):
                if {label for label, _ in labels} != wanted:
                    lines.append(f"{name}{part} has the labels {labels}, not {sorted(wanted)}")
                    break
            if not series.get(name + part):
                lines.append(f"{name}{part} has no series")
    return lines


def of(metrics, wanted):
    return {name: metric for name, metric in metrics.items() if wanted(metric.service)}


class Metrics(unittest.TestCase):
    def setUp(self):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="usher-metrics-"))
        self.addCleanup(shutil.rmtree, self.work, True)

    def follower(self, usher):
        """What `usher verify --follow` serves beside it, once it has verified something."""
        ports = self.work / "verify.ports"
        process = subprocess.Popen([binary(), "verify", "--follow", "--data-dir", str(usher.work / "data"), "--metrics",
                                    "127.0.0.1:0", "--ports-file", str(ports)], stderr=subprocess.DEVNULL)

        def verified():
            port = re.search(r"metrics_port=(\d+)", ports.read_text()).group(1)
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
                text = answer.read().decode()
            return text if parse_metrics(text)["usher_verify_decisions_total"][()] else None

        try:
            wait_for("the follower serves", lambda: ports.exists() and "metrics_port" in ports.read_text(), 60)
            return wait_for("it verifies", verified, 60)
        finally:
            process.kill()
            process.wait()

    def test_a_played_day_serves_what_the_list_has_and_nothing_else(self):
        metrics = METRICS.read_list()
        with Usher("up", "--data-dir", self.work / "data", work=self.work) as usher:
            played_day.play(usher)
            played_day.act(usher)
            served = usher.metrics_text()
            self.assertEqual(differences(of(metrics, lambda service: service != "verify"), served), [])
            checked = subprocess.run(["promtool", "check", "metrics"], input=served, text=True, capture_output=True)
            self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)
            followed = self.follower(usher)
        verify = of(metrics, lambda service: service in ("verify", "every"))
        told = [line for line in differences(verify, followed) if "usher_verify" in line or "in the list" not in line]
        self.assertEqual(told, [])

    def test_a_difference_is_seen(self):
        metrics = METRICS.read_list()
        text = ('# HELP usher_agents Agents.\n# TYPE usher_agents gauge\nusher_agents{desk="d",color="red"} 1\n'
                "# HELP usher_news_total New.\n# TYPE usher_news_total counter\nusher_news_total 1\n")
        lines = differences({"usher_agents": metrics["usher_agents"], "usher_work_streams": metrics["usher_work_streams"]}, text)
        self.assertEqual([line.split(" ")[0].rstrip(":") for line in lines],
                         ["usher_agents", "usher_agents", "usher_news_total", "usher_work_streams"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
