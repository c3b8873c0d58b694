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

from kit import protos  # noqa: E402
from kit.usher import Usher, binary, wait_for  # noqa: E402

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

    def test_a_payload_is_mapped_or_refused(self):
        mappings = ROOT / "deploy/policies/mappings"
        words = ("map", mappings / "samples/telegram_message.json", "--desk", "shop")
        told = run(*words, "--mappings", mappings / "telegram.yaml")
        self.assertEqual(told.returncode, 0, told.stderr)
        self.assertEqual(json.loads(told.stdout),
                         json.loads((mappings / "samples/telegram_message.event.json").read_text()))
        refused = run(*words, "--policy", SMALL)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("refused: unmapped", refused.stdout)
        shopify = ("map", mappings / "samples/shopify_refund.json", "--mappings", mappings / "shopify.yaml",
                   "--desk", "shop", "--input", "orders")
        ignored = run(*shopify, "--header", "X-Shopify-Topic=refunds/create")
        self.assertEqual((ignored.returncode, ignored.stdout), (0, "ignored: a mapping says that it is no event\n"))
        bad = self.work / "bad.yaml"
        bad.write_text("mappings:\n  - {name: a, input: oders, ignore: true}\n")
        told = run(*words, "--mappings", bad)
        self.assertEqual(told.returncode, 2)
        self.assertIn("bad.yaml:2:22: input is 'oders'", told.stderr)
        self.assertEqual(run(*words, "--header", "no-value").returncode, 2)

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

    def test_people_are_told_why_an_inquiry_waits_and_how_long(self):
        p = protos.load()
        with Usher("up", "--data-dir", self.work / "data", "--policy", SMALL, "--desk", "shop", work=self.work) as usher:
            server = ("--server", usher.address, "--desk", "shop")
            intake = p.IntakeServiceStub(usher.channel())
            agents = p.AgentServiceStub(usher.channel())

            def submit(event, text):
                return intake.SubmitMessage(p.intake.SubmitMessageRequest(message=p.event.MessageEvent(
                    desk="shop", event_id=event, conversation_id=event, customer_id=event, channel="chat",
                    text=text)), timeout=10).inquiry_id

            def register(agent, skill):
                agents.RegisterAgent(p.agents.RegisterAgentRequest(
                    desk="shop", agent=agent, units=4, skills=[p.inquiry.Need(skill=skill, level=50)]), timeout=10)
                agents.SetPresence(p.agents.SetPresenceRequest(
                    desk="shop", agent=agent, presence=p.inquiry.PRESENCE_AVAILABLE), timeout=10)

            first = submit("e1", "Where is my parcel?")
            second = submit("e2", "Where is my parcel?")
            told = run("explain", *server, first)
            self.assertEqual((told.returncode, told.stderr), (0, ""))
            self.assertIn(f"inquiry {first} of desk shop\n  waits in queue live, by route live, priority ", told.stdout)
            self.assertIn("place 1 there", told.stdout)
            waits = run("wait", *server, second)
            self.assertEqual(waits.returncode, 0, waits.stderr)
            self.assertIn("place 2 in queue live\n  0 slots", waits.stdout)
            self.assertIn("estimate: none; nobody who could take it is at work", waits.stdout)

            register("ben", "returns")
            told = run("explain", *server, first)
            self.assertIn("ben  lacks the skill orders\n", told.stdout)
            self.assertIn("orders at level 20: 1 without it, which leaves nobody; "
                          "asking for less here would add 1 agent\n  so nobody logged in fits\n", told.stdout)
            record = json.loads(run("explain", *server, "--json", first).stdout)["explained"]
            self.assertEqual(record["stage"], "STAGE_WAITING")
            self.assertEqual(record["candidates"], [
                {"agent": "ben", "verdict": "VERDICT_LACKS_SKILL", "skill": "orders"}])
            self.assertEqual(json.loads(run("wait", *server, "--json", second).stdout)["place"], 2)

            for words, code, said in (
                    (("explain", *server, "f" * 32), 1, f"desk shop, inquiry {'f' * 32}: no inquiry of that id is open"),
                    (("wait", "--server", usher.address, "--desk", "other", first), 1, "no inquiry of that id is open"),
                    (("explain", *server, "no-id"), 2, "inquiry_id: "),
                    (("explain", *server, "\x1b[2J"), 2, "inquiry_id: "),
                    (("explain", "--server", usher.address, "--desk", "a\x1b[2Jb", first), 2, "desk: "),
                    (("wait", "--server", "127.0.0.1:1", "--desk", "shop", first), 1, "127.0.0.1:1: "),
                    (("explain", first), 2, "--desk")):
                refused = run(*words)
                self.assertEqual((refused.returncode, refused.stdout), (code, ""), words)
                self.assertIn(said, refused.stderr)
                self.assertNotIn("\x1b", refused.stderr)

            register("ana", "orders")

            def offered():
                told = run("explain", *server, first).stdout
                return told if "is on offer from queue live" in told else None

            told = wait_for("the offer", offered)
            self.assertIn("in the order in which they are asked\n  ana  score ", told)
            self.assertIn("next: the answer to the offer", told)
            self.assertEqual(run("wait", *server, first).returncode, 1)

    def test_a_policy_is_previewed_and_may_leave_what_is_open(self):
        p = protos.load()
        with Usher("up", "--data-dir", self.work / "data", "--policy", SMALL, "--desk", "shop", work=self.work) as usher:
            server = ("--server", usher.address, "--desk", "shop")
            intake = p.IntakeServiceStub(usher.channel())
            for event in ("e1", "e2", "e3"):
                intake.SubmitMessage(p.intake.SubmitMessageRequest(message=p.event.MessageEvent(
                    desk="shop", event_id=event, conversation_id=event, customer_id=event,
                    channel="email" if event == "e3" else "chat", text="Where is my parcel?")), timeout=10)
            same = run("policy", "preview", *server, SMALL)
            self.assertEqual((same.returncode, same.stderr), (0, ""))
            self.assertEqual(same.stdout, "desk shop, version small-1: 0 of 3 open inquiries would move, "
                                          "3 would wait with nobody logged in who could take them\n")
            moves = self.work / "moves.yaml"
            moves.write_text(SMALL.read_text().replace("messenger]}\n    queue: live", "messenger]}\n    queue: returns")
                             .replace("version: small-1", "version: small-2"))
            moved = run("policy", "preview", *server, moves)
            self.assertEqual(moved.returncode, 0, moved.stderr)
            self.assertIn("version small-2: 2 of 3 open inquiries would move", moved.stdout)
            self.assertEqual(json.loads(run("policy", "preview", *server, "--json", moves).stdout)["previewed"]["moved"], 2)
            bad = self.work / "bad.yaml"
            bad.write_text(SMALL.read_text().replace("queue: returns", "queue: retruns"))
            refused = run("policy", "preview", *server, bad)
            self.assertEqual((refused.returncode, refused.stdout), (2, ""))
            self.assertRegex(refused.stderr, rf"^{bad}:\d+:\d+: ")
            self.assertEqual(run("policy", "preview", *server, self.work / "none.yaml").returncode, 2)
            nobody = run("policy", "preview", "--server", "127.0.0.1:1", "--desk", "shop", SMALL)
            self.assertEqual(nobody.returncode, 1)
            self.assertIn("127.0.0.1:1: ", nobody.stderr)
            self.assertEqual(run("policy", "show", *server).stdout, SMALL.read_text())
            kept = run("policy", "apply", *server, "--keep-open", moves)
            self.assertEqual(kept.returncode, 0, kept.stderr)
            moved = run("policy", "preview", *server, moves)  # they are where they were, and would move still
            self.assertIn("version small-2: 2 of 3 open inquiries would move", moved.stdout)

    def test_a_desk_is_reported_on_by_its_own_clock_also_after_a_rebuild(self):
        p = protos.load()
        policy = self.work / "kyiv.yaml"
        policy.write_text(SMALL.read_text() + "time_zone: Europe/Kyiv\n")
        usher = Usher("up", "--data-dir", self.work / "data", "--policy", policy, "--desk", "shop", work=self.work)
        with usher:
            def report(*words):
                told = run("report", "--server", usher.address, "--desk", "shop", "--format", "json", *words)
                return json.loads(told.stdout) if told.returncode == 0 else None

            def three():
                told = report("--by", "channel")
                return told if told and told["total"]["placed"] == "3" else None

            intake = p.IntakeServiceStub(usher.channel())
            for event in ("e1", "e2", "e3"):
                intake.SubmitMessage(p.intake.SubmitMessageRequest(message=p.event.MessageEvent(
                    desk="shop", event_id=event, conversation_id=event, customer_id=event,
                    channel="email" if event == "e3" else "chat", text="Where is my parcel?")), timeout=10)
            told = wait_for("the report", three)
            self.assertEqual(told["time_zone"], "Europe/Kyiv")
            self.assertEqual([(row["key"], row["figures"]["placed"]) for row in told["sections"][0]["rows"]],
                             [("chat", "2"), ("email", "1")])
            self.assertEqual(report("--channel", "email")["total"]["placed"], "1")
            rebuild = ("rebuild", "views", "--data-dir", self.work / "data")
            self.assertEqual(run(*rebuild).returncode, 1, "the folder is in use")
            self.assertEqual(usher.stop(), 0)
            rebuilt = run(*rebuild)
            self.assertEqual(rebuilt.returncode, 0, rebuilt.stderr)
            usher.start()
            again = wait_for("the report again", three)
            self.assertEqual(again["sections"], told["sections"])
            self.assertIn("views.rebuilding", usher.notes())

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
