#!/usr/bin/env python3
"""The commands of the binary as a user meets them: exit codes, messages, policies by server."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from kit.usher import Usher, binary  # noqa: E402

SMALL = ROOT / "deploy/policies/small.yaml"


def run(*words, env=None):
    return subprocess.run([binary(), *map(str, words)], capture_output=True, text=True, timeout=60, env=env)


class Commands(unittest.TestCase):
    def setUp(self):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="usher-commands-"))
        self.addCleanup(shutil.rmtree, self.work, True)

    def test_the_version_is_told(self):
        told = run("--version")
        self.assertEqual(told.returncode, 0)
        self.assertRegex(told.stdout, r"^usher \d+\.\d+\.\d+\n$")

    def test_what_is_unknown_is_refused(self):
        for words in ((), ("nothing",), ("up", "--data-dir", "x", "--nothing"), ("up",), ("policy",),
                      ("up", "--data-dir", "x", "--grpc", "no-port"), ("policy", "check"),
                      ("up", "--data-dir", "x", "--desk", "shop"), ("router",), ("topics", "plan", "--partitions", "0")):
            self.assertEqual(run(*words).returncode, 2, words)

    def test_a_policy_is_checked_with_every_problem_by_place(self):
        self.assertEqual(run("policy", "check", SMALL).returncode, 0)
        bad = self.work / "bad.yaml"
        bad.write_text(SMALL.read_text().replace("queue: returns", "queue: retruns").replace("units: 2", "units: two"))
        told = run("policy", "check", bad)
        self.assertEqual(told.returncode, 2)
        lines = told.stderr.splitlines()
        self.assertGreaterEqual(len(lines), 2, told.stderr)
        for line in lines:
            self.assertRegex(line, rf"^{bad}:\d+:\d+: ")
        self.assertEqual(run("policy", "check", self.work / "none.yaml").returncode, 2)

    def test_a_policy_is_applied_and_shown(self):
        with Usher("up", "--data-dir", self.work / "data", work=self.work) as usher:
            server = ("--server", usher.address, "--desk", "shop")
            self.assertEqual(run("policy", "show", *server).returncode, 1)
            applied = run("policy", "apply", *server, SMALL)
            self.assertEqual(applied.returncode, 0, applied.stderr)
            self.assertIn("version small-1 holds", applied.stdout)
            self.assertEqual(run("policy", "show", *server).stdout, SMALL.read_text())
            second = self.work / "second.yaml"
            second.write_text(SMALL.read_text().replace("version: small-1", "version: small-2"))
            self.assertEqual(run("policy", "apply", *server, second).returncode, 0)
            self.assertEqual(run("policy", "show", *server).stdout, second.read_text())
            bad = self.work / "bad.yaml"
            bad.write_text("version: 1\nqueues: nothing\n")
            self.assertEqual(run("policy", "apply", *server, bad).returncode, 2)
            self.assertEqual(run("policy", "show", *server).stdout, second.read_text())

    def test_up_applies_the_policy_of_another_version_once(self):
        flags = ("--data-dir", self.work / "data", "--policy", SMALL, "--desk", "shop")
        with Usher("up", *flags, work=self.work) as usher:
            self.assertIn("note=policy.applied desk=shop version=small-1", usher.notes())
            self.assertEqual(usher.stop(), 0)
            usher.start()
            self.assertEqual(usher.notes().count("note=policy.applied"), 1)

    def test_up_with_a_bad_policy_ends_and_says_why(self):
        bad = self.work / "bad.yaml"
        bad.write_text("version: [")
        usher = Usher("up", "--data-dir", self.work / "data", "--policy", bad, "--desk", "shop", work=self.work).spawn()
        self.assertEqual(usher.wait(), 2)
        self.assertRegex(usher.notes(), rf"{bad}:\d+:\d+: ")
        self.assertFalse(usher.ports_file.exists())

    def test_a_second_process_on_a_port_or_a_folder_ends_with_a_line(self):
        with Usher("up", "--data-dir", self.work / "data", work=self.work / "one") as first:
            for words, said in ((("--data-dir", self.work / "other", "--grpc", first.address), "gRPC cannot bind"),
                                (("--data-dir", self.work / "other2", "--metrics", f"127.0.0.1:{first.metrics_port}"),
                                 "metrics cannot bind"),
                                (("--data-dir", self.work / "data"), "another usher has it open")):
                second = Usher("up", *words, work=self.work / "two").spawn()
                self.assertEqual(second.wait(), 1, words)
                self.assertIn(said, second.notes())
                second.notes_file.unlink()

    def test_flags_come_from_the_environment_and_the_line_wins(self):
        env = {"USHER_LOG_FORMAT": "json", "USHER_DATA_DIR": str(self.work / "data"), "USHER_NO_SYNC": "true",
               "USHER_GRPC": "127.0.0.1:1", "USHER_HELP": "true", "USHER_VERSION": "true"}
        with Usher("up", work=self.work, env=env) as usher:
            self.assertTrue((self.work / "data").is_dir())
            notes = [json.loads(line) for line in usher.notes().splitlines()]
            started = [note for note in notes if note["note"] == "server.started"]
            self.assertEqual(started[0]["grpc_port"], usher.grpc_port)
            self.assertEqual(started[0]["metrics_port"], usher.metrics_port)
        wrong = run("policy", "show", env=dict(os.environ, USHER_DESK="shop", USHER_SERVER="127.0.0.1:1"))
        self.assertEqual(wrong.returncode, 1, "the desk came from the environment, nobody answers")


if __name__ == "__main__":
    unittest.main(verbosity=2)
