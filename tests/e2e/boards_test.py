#!/usr/bin/env python3
"""Every query of every board of deploy/grafana, asked of a real Prometheus that watched a played day: none is refused, none is empty."""

import contextlib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.error

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from kit import parts, played_day  # noqa: E402
from kit.usher import Usher, binary, wait_for  # noqa: E402

SKIPPED = 77  # ctest's SKIP_RETURN_CODE


def queries():
    """(board, panel, expression) with the variables of Grafana filled in."""
    for path in sorted((ROOT / "deploy/grafana").glob("*.json")):
        for panel in json.loads(path.read_text())["panels"]:
            for target in panel["targets"]:
                expression = target["expr"].replace("$__rate_interval", "5m").replace("$__range", "5m")
                yield path.name, panel["title"], re.sub(r"\$(desk|queue)\b", ".*", expression)


class Boards(unittest.TestCase):
    def test_no_panel_is_empty_after_a_played_day(self):
        work = pathlib.Path(tempfile.mkdtemp(prefix="usher-boards-"))
        self.addCleanup(shutil.rmtree, work, True)
        with contextlib.ExitStack() as stack:
            usher = stack.enter_context(Usher("up", "--data-dir", work / "data", work=work))
            ports = work / "verify.ports"
            follower = subprocess.Popen([binary(), "verify", "--follow", "--data-dir", str(work / "data"), "--metrics",
                                         "127.0.0.1:0", "--ports-file", str(ports)], stderr=subprocess.DEVNULL)
            stack.callback(lambda: (follower.kill(), follower.wait()))
            wait_for("the follower serves", lambda: ports.exists() and "metrics_port" in ports.read_text(), 60)
            targets = [usher.metrics_port, int(re.search(r"metrics_port=(\d+)", ports.read_text()).group(1))]
            targets = ", ".join(f"'127.0.0.1:{port}'" for port in targets)
            prometheus = stack.enter_context(parts.Prometheus(
                "global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}\n"
                "rule_files: [rules.yml]\n"
                f"scrape_configs: [{{job_name: usher, static_configs: [{{targets: [{targets}]}}]}}]\n",
                {"rules.yml": (ROOT / "deploy/prometheus/rules.yml").read_text()}))
            played_day.act(usher)  # first, so that what it leaves waiting is scraped often
            played_day.play(usher)
            asked = list(queries())
            self.assertGreater(len(asked), 60)
            empty = {}

            def all_answer():
                for key in list(empty) or asked:
                    try:
                        found = prometheus.query(key[2])
                    except urllib.error.HTTPError as error:
                        self.fail(f"{key}: {error.read().decode()}")
                    empty.pop(key, None)
                    if not found:
                        empty[key] = True
                return not empty

            try:
                wait_for("every query has an answer", all_answer, 60, every=1)
            except AssertionError:
                self.fail("empty:\n" + "\n".join(map(str, empty)))


if __name__ == "__main__":
    if not shutil.which("prometheus"):
        print("skipped: prometheus is not installed")
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
