#!/usr/bin/env python3
"""`usher verify` from outside: beside a running usher, on a copy of its folder, and on one with a wrong record; and what
operators say to the log: `usher logic`, `usher desk`."""

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

from kit import protos  # noqa: E402
from kit.usher import Usher, binary, parse_metrics, wait_for  # noqa: E402

p = protos.load()
DESK = "shop"


def run(*words):
    return subprocess.run([binary(), *map(str, words)], capture_output=True, text=True, timeout=120)


class Verify(unittest.TestCase):
    def setUp(self):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="usher-verify-"))
        self.addCleanup(shutil.rmtree, self.work, True)
        self.data = self.work / "data"
        self.usher = Usher("up", "--data-dir", self.data, "--policy", ROOT / "deploy/policies/small.yaml", "--desk", DESK,
                           work=self.work)

    def submit(self, first, count):
        stub = p.IntakeServiceStub(self.usher.channel())
        for i in range(first, first + count):
            message = p.event.MessageEvent(desk=DESK, event_id=f"e{i}", conversation_id=f"c{i}", customer_id=f"u{i}",
                                           channel="chat", text="Where is my parcel?")
            stub.SubmitMessage(p.intake.SubmitMessageRequest(message=message), timeout=30)

    def verified(self, *words):
        """(exit status, decisions, whole output)."""
        ran = run("verify", *words)
        found = re.search(r"commands (\d+)\.\.(\d+), (\d+) decisions", ran.stdout)
        return ran.returncode, int(found.group(3)) if found else 0, ran.stdout + ran.stderr

    def test_a_running_usher_is_verified_from_beside_it(self):
        with self.usher:
            self.submit(0, 40)
            def all_there():
                status, decisions, text = self.verified("--data-dir", self.data)
                self.assertEqual(status, 0, text)
                return decisions >= 41 and decisions
            before = wait_for("the decisions are verified", all_there)
            follower = subprocess.Popen(
                [binary(), "verify", "--follow", "--data-dir", str(self.data), "--metrics", "127.0.0.1:0",
                 "--ports-file", str(self.work / "verify.ports")], stderr=subprocess.DEVNULL)
            try:
                ports = wait_for("the follower serves", lambda: (self.work / "verify.ports").exists()
                                 and (self.work / "verify.ports").read_text())
                port = int(ports.split("=")[1])

                def metric(name):
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
                        return sum(parse_metrics(answer.read().decode()).get(name, {(): 0}).values())

                wait_for("it has caught up", lambda: metric("usher_verify_decisions_total") >= before)
                self.submit(40, 20)
                wait_for("it goes on", lambda: metric("usher_verify_decisions_total") >= before + 20)
                self.assertEqual(metric("usher_verify_differences_total"), 0)
            finally:
                follower.terminate()
                self.assertEqual(follower.wait(30), 0)
            self.assertEqual(self.usher.stop(), 0)
        copy = self.work / "copy"
        shutil.copytree(self.data, copy)
        status, decisions, text = self.verified("--data-dir", copy, "--from", 5, "--to", 20)
        self.assertEqual(status, 0, text)
        self.assertIn("commands 5..20", text)
        status, _, text = self.verified("--data-dir", copy, "--to", 100000)
        self.assertEqual(status, 1)
        self.assertIn("does not reach command 100000", text)

    def test_bad_usage_is_told(self):
        self.assertEqual(run("verify").returncode, 2)
        self.assertEqual(run("verify", "--data-dir", self.work / "none").returncode, 1)
        self.assertEqual(run("logic", "switch", "--to", 99, "--data-dir", self.work / "none").returncode, 2)
        self.assertEqual(run("desk", "release", DESK, "--data-dir", self.work / "none").returncode, 2)

    def test_a_desk_is_held_and_released_and_the_log_verifies(self):
        with self.usher:
            self.submit(0, 5)
            self.assertEqual(run("desk", "quarantine", DESK, "--data-dir", self.data).returncode, 1, "it is in use")
            self.assertEqual(self.usher.stop(), 0)
            held = run("desk", "quarantine", DESK, "--data-dir", self.data)
            self.assertEqual(held.returncode, 0, held.stderr)
            self.usher.start()

            def quarantined():
                return self.usher.metrics()["usher_router_desks_quarantined"][()]

            wait_for("the desk is held", lambda: quarantined() == 1)
            self.submit(5, 5)
            listed = run("desk", "list", "--data-dir", self.data)
            self.assertRegex(listed.stdout, rf"desk {DESK}: partition 0, held from command \d+\n")
            self.assertEqual(self.usher.stop(), 0)
            released = run("desk", "release", DESK, "--retry", "--data-dir", self.data)
            self.assertEqual(released.returncode, 0, released.stderr)
            self.usher.start()
            wait_for("the desk goes on", lambda: quarantined() == 0)
            insights = p.InsightsServiceStub(self.usher.channel())
            wait_for("what was held is decided", lambda: insights.GetSummary(
                p.insights.GetSummaryRequest(desk=DESK), timeout=10).placed == 10)
            status, _, text = self.verified("--data-dir", self.data)
            self.assertEqual(status, 0, text)
            self.assertIn("commands held", text)
            self.assertEqual(self.usher.stop(), 0)
        shown = run("logic", "show", "--data-dir", self.data)
        self.assertIn("partition 0: logic 1 from offset 0", shown.stdout)
        self.assertEqual(run("logic", "switch", "--to", 1, "--data-dir", self.data).returncode, 0)
        self.assertEqual(run("desk", "list", "--data-dir", self.data).stdout, "no desk is in quarantine\n")


if __name__ == "__main__":
    unittest.main(verbosity=2)
