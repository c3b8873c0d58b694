#!/usr/bin/python3
"""A rolling upgrade over a change of the state's format and of the rules of deciding, and back again half-way.

Two real binaries share one desk's partition on a real Kafka: today's, and `usher_next`, which writes another state format
and knows logic 2, by which every inquiry has priority 9. They take over from each other by kill -9 while messages come in.
Neither takes the other's snapshot: it says so, and replays in full unless there is one of its own kind. What they make is one sequence: each inquiry is placed
once, and `usher verify`, of either binary as long as it knows the rules, finds nothing that differs.
"""

import contextlib
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import topics  # noqa: E402
from kit import parts, protos  # noqa: E402
from kit.usher import ROOT, Usher, binary, wait_for  # noqa: E402

SKIPPED = 77  # ctest's SKIP_RETURN_CODE
PATIENCE = 240
DESK = "shop"


def next_binary():
    return str(pathlib.Path(binary()).parent / "usher_next")


class Upgrade(unittest.TestCase):
    def setUp(self):
        self.p = protos.load()
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        self.kafka = stack.enter_context(parts.KafkaCluster())
        redis = stack.enter_context(parts.Redis())
        self.work = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="usher-upgrade-")))
        self.stack = stack
        self.flags = ["--kafka", self.kafka.bootstrap, "--replication", "1"]
        made = self.run_usher(binary(), "topics", "apply", *self.flags, "--partitions", "1")
        self.assertEqual(made.returncode, 0, made.stderr)
        self.intake = self.member("intake", binary(), "intake", "--redis", redis.address)
        self.sent = 0

    def run_usher(self, path, *words):
        return subprocess.run([path, *words], capture_output=True, text=True, timeout=PATIENCE, check=False)

    def member(self, name, path, service, *more):
        usher = Usher(service, *self.flags, *more, "--member-id", name, work=self.work / name)
        usher.argv[0] = path
        self.stack.callback(lambda: usher.process.poll() is None and usher.kill9())
        usher.spawn()
        usher.wait_ready(PATIENCE)
        return usher

    def submit(self, count=20):
        stub = self.p.IntakeServiceStub(self.intake.channel())
        for self.sent in range(self.sent + 1, self.sent + count + 1):
            message = self.p.event.MessageEvent(
                desk=DESK, event_id=f"event-{self.sent}", conversation_id=f"conversation-{self.sent}",
                customer_id=f"customer-{self.sent}", channel="chat", text="Where is my parcel?")
            stub.SubmitMessage(self.p.intake.SubmitMessageRequest(message=message), timeout=60)

    def placed(self):
        """{inquiry: priority} of what the decisions say, copies left out; each inquiry is placed once."""
        found, stamps = {}, set()
        for record in topics.read(self.kafka.bootstrap, "usher.decisions"):
            decision = self.p.decision.Decision.FromString(record.value)
            stamp = (decision.stamp.log_id, decision.stamp.partition, decision.stamp.offset, decision.stamp.index)
            if stamp in stamps:
                continue
            stamps.add(stamp)
            if decision.WhichOneof("body") != "inquiry_placed":
                continue
            self.assertNotIn(decision.inquiry_placed.inquiry, found)
            found[decision.inquiry_placed.inquiry] = decision.inquiry_placed.priority
        return found

    def all_placed(self):
        return wait_for(f"{self.sent} inquiries are placed",
                        lambda: (lambda found: found if len(found) == self.sent else None)(self.placed()), PATIENCE, every=0.3)

    def saved(self, router):
        """Its newest snapshot is in the log."""
        before = router.notes().count("note=snapshot.written")
        self.submit(1)  # something changed
        wait_for("a snapshot is written", lambda: router.notes().count("note=snapshot.written") > before, PATIENCE, every=0.2)

    def take_over(self, name, path, killed, first=False):
        """A router of `path` goes on where `killed` was killed, with messages that nobody has decided yet."""
        killed.kill9()
        self.submit()
        router = self.member(name, path, "router")
        notes = router.notes()
        # The other's snapshot is there and is not for it.
        self.assertRegex(notes, r"note=manifest\.refused .*format", notes)
        if first:  # later ones may find one of their own kind, and replay from there
            self.assertRegex(notes, r"note=partition\.replaying .*from=1 .*snapshot=false", notes)
        self.submit()
        self.all_placed()
        return router

    def verify(self, path):
        return self.run_usher(path, "verify", *self.flags)

    def test_two_releases_make_one_sequence(self):
        router = self.member("today-1", binary(), "router")
        applied = self.run_usher(binary(), "policy", "apply", "--server", router.address, "--desk", DESK,
                                 str(ROOT / "deploy/policies/small.yaml"))
        self.assertEqual(applied.returncode, 0, applied.stderr)
        self.submit()
        self.saved(router)
        router = self.take_over("next-1", next_binary(), router, first=True)
        self.saved(router)
        router = self.take_over("today-2", binary(), router)  # rolled back
        self.saved(router)
        router = self.take_over("next-2", next_binary(), router)
        for path in (binary(), next_binary()):
            verified = self.verify(path)
            self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)
        before = self.all_placed()
        self.assertNotIn(9, before.values())

        # The upgrade is through. Today's usher can't switch to rules that it does not know, the next one can.
        self.assertNotEqual(self.run_usher(binary(), "logic", "switch", *self.flags, "--to", "2").returncode, 0)
        switched = self.run_usher(next_binary(), "logic", "switch", *self.flags, "--to", "2")
        self.assertEqual(switched.returncode, 0, switched.stdout + switched.stderr)
        self.submit()
        after = self.all_placed()
        self.assertEqual({inquiry: after[inquiry] for inquiry in before}, before)
        self.assertEqual({priority for inquiry, priority in after.items() if inquiry not in before}, {9})
        verified = self.verify(next_binary())
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)

        # From here on there is no way back: today's router says why, and decides nothing.
        router.kill9()
        old = Usher("router", *self.flags, "--member-id", "today-3", work=self.work / "today-3").spawn()
        self.stack.callback(lambda: old.process.poll() is None and old.kill9())
        self.assertEqual(old.wait(PATIENCE), 1, old.notes())
        self.assertRegex(old.notes(), r"logic.* 2")
        refused = self.verify(binary())
        self.assertNotEqual(refused.returncode, 0, refused.stdout)
        self.assertIn("logic", refused.stdout + refused.stderr)
        router = self.member("next-3", next_binary(), "router")
        self.submit()
        self.all_placed()
        verified = self.verify(next_binary())
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)


if __name__ == "__main__":
    if missing := parts.kafka_missing():
        print(f"skipped: {missing}")
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
