#!/usr/bin/python3
"""A shop's day on a cluster of processes: real Kafka and Redis, two of each service, one router killed half-way.

Afterwards an independent checker reads the topics alone (checker.py), and its counts, those of InsightsService and those
of `usher play` must be the same to the last one. Then records that are no events are fed in: each must be found in the
dead-letter topic with its reason and origin, while the rest flows. At last a desk is held and released, and `usher verify`
replays everything.
"""

import contextlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import checker  # noqa: E402
import topics  # noqa: E402
from kit import parts, protos  # noqa: E402
from kit.usher import ROOT, Usher, binary, wait_for  # noqa: E402

SKIPPED = 77  # ctest's SKIP_RETURN_CODE
PARTITIONS = 4
DESKS = ["north", "south", "east", "west", "harbour", "castle"]
HOURS = 4
SPEED = 200  # 72 s
INQUIRIES = 500
EVENT_BYTES_MAX = 256 * 1024


class Cluster:
    """Kafka, Redis, and two processes of each service."""

    def __init__(self, stack):
        self.kafka = stack.enter_context(parts.KafkaCluster())
        self.redis = stack.enter_context(parts.Redis())
        subprocess.run([binary(), "topics", "apply", "--kafka", self.kafka.bootstrap, "--partitions", str(PARTITIONS),
                        "--replication", "1"], check=True, timeout=60)
        work = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="usher-cluster-")))
        self.services = {}
        for name in ("intake", "router", "agents", "insights"):
            more = ["--redis", self.redis.address] if name in ("intake", "insights") else []
            # Both at once: what they do to each other at the start is part of the test.
            pair = [Usher(name, "--kafka", self.kafka.bootstrap, "--replication", "1", "--member-id", f"{name}-{n}", *more,
                          work=work / f"{name}-{n}")
                    for n in range(2)]
            for service in pair:
                stack.enter_context(contextlib.ExitStack()).callback(self.end, service)
                service.spawn()
            self.services[name] = pair
        for pair in self.services.values():
            for service in pair:
                service.wait_ready(90)

    @staticmethod
    def end(service):
        if service.process.poll() is None:
            service.kill9()

    def addresses(self, name):
        return [service.address for service in self.services[name]]

    def topic(self, name):
        return topics.by_partition(topics.read(self.kafka.bootstrap, name))


def play(cluster, report, output):
    argv = [binary(), "play", "--plain", "--exit", "--hours", str(HOURS), "--speed", str(SPEED), "--inquiries",
            str(INQUIRIES), "--seed", "11", "--report", str(report)]
    for name in ("intake", "router", "agents", "insights"):
        for address in cluster.addresses(name):
            argv += ["--" + name, address]
    for desk in DESKS:
        argv += ["--desk", desk]
    return subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                            preexec_fn=parts.die_with_parent)


class ClusterDay(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.p = protos.load()
        cls.stack = contextlib.ExitStack()
        cls.addClassCleanup(cls.stack.close)
        cls.cluster = Cluster(cls.stack)

    def test_1_a_day_with_a_router_killed_half_way_loses_and_doubles_nothing(self):
        folder = pathlib.Path(self.stack.enter_context(tempfile.TemporaryDirectory(prefix="usher-day-")))
        report_file, printed = folder / "report.json", folder / "play.out"
        with open(printed, "wb") as output:
            process = play(self.cluster, report_file, output)
            self.addCleanup(lambda: process.poll() is None and process.kill())

            def half_way():
                self.assertIsNone(process.poll(), printed.read_text())
                return re.search(r"^10:00 ", printed.read_text(), re.MULTILINE)

            wait_for("half of the day is over", half_way, 120, every=0.05)
            killed, other = self.cluster.services["router"]
            owned = killed.metrics()["usher_router_partitions"][(("state", "live"),)]
            killed.kill9()
            print(f"killed router-0 at {time.strftime('%X')}, it had {owned:.0f} partitions", flush=True)
            self.assertGreater(owned, 0)
            # As an orchestrator does; the group is without the dead one only when its session has timed out.
            killed.start(90)
            self.assertEqual(process.wait(240), 0, printed.read_text())
        print(printed.read_text(), flush=True)
        self.assertIsNone(other.process.poll())
        self.assertIsNone(killed.process.poll())
        live = sum(router.metrics()["usher_router_partitions"][(("state", "live"),)] for router in (killed, other))
        self.assertEqual(live, PARTITIONS)
        report = json.loads(report_file.read_text())
        self.assertTrue(report["whole"])
        self.assertEqual(report["sent"]["messages_refused"], 0)
        self.check_logs(report)

    def check_logs(self, report):
        commands, decisions = self.cluster.topic("usher.commands"), self.cluster.topic("usher.decisions")
        outcome = checker.check(self.p, commands, decisions)
        print(f"checked {outcome.decisions} decisions of {outcome.commands} commands on {outcome.partitions_used} "
              f"partitions, {outcome.copies} copies", flush=True)
        self.assertGreaterEqual(outcome.partitions_used, 3)
        for what, spoiled in checker.corruptions(self.p, decisions):
            with self.assertRaises(checker.Violation, msg=what):
                checker.check(self.p, commands, spoiled)

        # Each message that was sent has its one outcome, and no other has any.
        for number, desk in enumerate(DESKS):
            sent = {bytes.fromhex(message["inquiry_id"]) for message in report["messages"] if message["desk"] == number}
            self.assertEqual(sent, set(outcome.desks[desk].outcome_of), desk)
        self.assertEqual(sum(len(desk.messages) for desk in outcome.desks.values()), report["sent"]["messages"])
        ends = sum(desk.count[how] for desk in outcome.desks.values() for how in ("resolved", "abandoned", "cancelled"))
        self.assertEqual(ends, report["usher"]["placed"], "all that opened has ended")

        # Both insights say what the log says, desk by desk.
        for service in self.cluster.services["insights"]:
            stub = self.p.InsightsServiceStub(service.channel())
            for desk in DESKS:
                self.compare(outcome.desks[desk], stub.GetSummary(
                    self.p.insights.GetSummaryRequest(desk=desk), timeout=10), f"{desk} at {service.address}")

    def compare(self, desk, summary, where):
        for name in ("placed", "joined", "rejected", "answered", "resolved", "abandoned", "cancelled", "breached"):
            self.assertEqual(getattr(summary, name), desk.count[name], f"{name} of {where}")
        self.assertEqual({count.name: count.count for count in summary.by_queue}, dict(desk.by_queue), where)
        offers = {count.name: count.count for count in summary.offers if count.count}
        outcomes = {name[len("offers."):]: count for name, count in desk.count.items()
                    if name.startswith("offers.") and count}
        self.assertEqual(offers, outcomes, where)

    def test_2_what_is_no_event_is_a_dead_letter_and_the_rest_flows(self):
        good = {"usher.messages": self.message, "usher.orders": self.order}
        bad = {}
        for topic, make in good.items():
            bad[topic] = [
                ("bad_json", b'{"desk": "north", "eventId": '),
                ("bad_protobuf", make("truncated").SerializeToString()[:-3]),
                ("bad_protobuf", b"\xff\xfe\xfdnothing that usher knows"),
                ("bad_framing", b"\x00\x00\x00"),
                ("oversize", make("oversize").SerializeToString() + b"\x0a" * EVENT_BYTES_MAX),
                ("missing_field", b"{}"),
                ("missing_field", self.p.decision.Decision(desk="north", at_us=5).SerializeToString()),
                ("too_long", make("long" * 60).SerializeToString()),
            ]
        placed_before = self.placed()
        for topic, make in good.items():
            for number, (_, value) in enumerate(bad[topic]):
                # One good record behind each bad one, on the same partition: it must not wait for anything.
                topics.write(self.cluster.kafka.bootstrap, topic,
                             [value, make(f"{number}").SerializeToString()], partition=number % PARTITIONS)

        for topic, expected in bad.items():
            letters = wait_for(f"{len(expected)} dead letters of {topic}", lambda topic=topic, expected=expected: (
                lambda found: found if len(found) >= len(expected) else None)(
                    topics.read(self.cluster.kafka.bootstrap, topic + ".dlq")), 60, every=0.5)
            self.assertEqual(sorted((letter.headers["usher-reason"], letter.value) for letter in letters), sorted(expected))
            origins = {(record.partition, record.offset): record.value
                       for record in topics.read(self.cluster.kafka.bootstrap, topic)}
            for letter in letters:
                self.assertEqual(letter.headers["usher-topic"], topic)
                origin = (int(letter.headers["usher-partition"]), int(letter.headers["usher-offset"]))
                self.assertEqual(origins[origin], letter.value, "bytes untouched")
        wait_for("every good message is placed", lambda: self.placed() == placed_before + len(bad["usher.messages"]), 60,
                 every=0.5)
        checker.check(self.p, self.cluster.topic("usher.commands"), self.cluster.topic("usher.decisions"))

    def test_3_a_desk_is_held_and_released_beside_the_cluster_and_all_that_was_decided_verifies(self):
        def held():
            return sum(router.metrics()["usher_router_desks_quarantined"][()]
                       for router in self.cluster.services["router"])

        self.assertEqual(self.run_usher("desk", "list").stdout, "no desk is in quarantine\n")
        self.run_usher("desk", "quarantine", "south")
        wait_for("the desk is held", lambda: held() == 1, 60, every=0.1)
        self.assertRegex(self.run_usher("desk", "list").stdout, r"desk south: partition \d, held from command \d+\n")
        before = {desk: self.placed(desk) for desk in ("south", "north")}
        for desk in ("south", "north"):
            topics.write(self.cluster.kafka.bootstrap, "usher.messages", [
                self.message(f"{desk}-held-{number}", desk).SerializeToString() for number in range(5)], partition=0)
        wait_for("the other desk goes on", lambda: self.placed("north") == before["north"] + 5, 60, every=0.5)
        self.assertEqual(self.placed("south"), before["south"])
        self.run_usher("desk", "release", "south", "--retry")
        wait_for("what was held is decided", lambda: self.placed("south") == before["south"] + 5, 60, every=0.5)
        wait_for("no desk is held", lambda: held() == 0, 60, every=0.1)

        shown = self.run_usher("logic", "show").stdout
        for partition in range(PARTITIONS):
            self.assertIn(f"partition {partition}: logic 1 from offset 0", shown)
        for words in ((), ("--from-snapshot",)):
            verified = self.run_usher("verify", *words).stdout
            print(verified, flush=True)
            self.assertEqual(verified.count(" are as in the log"), PARTITIONS)

    def run_usher(self, *words):
        ran = subprocess.run([binary(), *words, "--kafka", self.cluster.kafka.bootstrap, "--replication", "1"],
                             capture_output=True, text=True, timeout=240, check=False)
        self.assertEqual(ran.returncode, 0, f"usher {' '.join(words)}: {ran.stdout}{ran.stderr}")
        return ran

    def message(self, name, desk="north"):
        return self.p.event.MessageEvent(desk=desk, event_id=name, conversation_id="c-" + name, customer_id="u-" + name,
                                         channel="email", text="Where is my order?")

    def order(self, name):
        event = self.p.event.OrderEvent(desk="north", event_id=name, order_id="o-" + name, customer_id="u-" + name,
                                        status=self.p.event.ORDER_STATUS_PLACED)
        event.happened_at.GetCurrentTime()
        return event

    def placed(self, desk=None):
        decisions = (self.p.decision.Decision.FromString(record.value)
                     for record in topics.read(self.cluster.kafka.bootstrap, "usher.decisions"))
        return sum(decision.WhichOneof("body") == "inquiry_placed" and desk in (None, decision.desk)
                   for decision in decisions)


if __name__ == "__main__":
    missing = parts.kafka_missing()
    if missing:
        print(f"not run for want of a broker: {missing}", flush=True)
        sys.exit(1 if os.environ.get("CI") == "true" else SKIPPED)
    unittest.main(verbosity=2)
