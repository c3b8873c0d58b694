#!/usr/bin/python3
"""Kills everything, again and again, under load: real Kafka with three brokers, real Redis, two processes of each service.

    tests/integration/kills.py [--kills 1000] [--seed N] [--rate 20] [--scenes all|none|NAME,...]
                                [--other-binary PATH]

Each kill is a kill -9 of a service or a broker, drawn from the seed; a supervisor starts it again. Between the kills come the
scenes (faults that are no kills; --help names them). At the end the load stops, everything must come to rest, and checker.py
reads the topics alone: nothing lost, nothing doubled, views equal to a recount; and `usher verify` replays it all. The last
lines are the figures.

Exit status: 0 all promises held, 1 not, 77 there is no Kafka here.
"""

import argparse
import collections
import contextlib
import os
import pathlib
import random
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import checker  # noqa: E402
import scenes  # noqa: E402
import topics  # noqa: E402
from cluster import PATIENCE, Cluster  # noqa: E402
from feed import Feed  # noqa: E402
from kit import parts, protos  # noqa: E402
from kit.usher import binary, pace, wait_for  # noqa: E402
from load import Load  # noqa: E402

SKIPPED = 77  # ctest's SKIP_RETURN_CODE
DESKS = ["north", "south", "east", "west", "harbour", "castle", "bridge", "garden"]
PARTITIONS = 4
SLOW_MS = 3000  # a take-over that is told about
IDLE_MS = 500   # a partition without a command for so long after a kill says nothing about the take-over
WEIGHTS = {"router": 9, "intake": 3, "agents": 3, "insights": 2, "broker": 3}  # of each twenty kills


def say(*words):
    print(time.strftime("%X"), *words, flush=True)


def quantile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else float("nan")


class Run:
    def __init__(self, stack, asked):
        self.p = protos.load()
        self.asked = asked
        self.random = random.Random(asked.seed)
        self.kills = collections.Counter()
        self.takeovers_ms = []
        self.idle = 0
        self.cluster = Cluster(stack, PARTITIONS, other_binary=asked.other_binary)
        say(f"3 brokers, Redis and {len(self.cluster.all())} processes serve")
        for desk in DESKS:
            self.cluster.apply_policy(desk)
        self.feed = Feed(self.p, self.cluster.kafka.bootstrap)
        stack.callback(self.feed.stop)
        self.load = Load(self.p, self.cluster, DESKS, asked.rate, asked.seed)
        self.load.start()

    # Kills.

    def deck(self):
        """What is killed, in what order: every twenty hold each kind as often as WEIGHTS says."""
        while True:
            cards = [kind for kind, count in WEIGHTS.items() for _ in range(count)]
            self.random.shuffle(cards)
            yield from cards

    def kill_all(self):
        deck = self.deck()
        pause = max(1, self.asked.kills // (len(self.asked.scenes) + 1))
        waiting = list(self.asked.scenes)
        for number in range(1, self.asked.kills + 1):
            self.kill(next(deck))
            if number % pause == 0 and waiting:
                self.scene(waiting.pop(0))
            if number % 20 == 0:
                say(f"{number} kills, {self.feed.decisions} decisions, {self.feed.copies} copies, "
                    f"take-over p50 {quantile(self.takeovers_ms, .5) / 1000:.2f} s")
        for name in waiting:
            self.scene(name)

    def kill(self, kind):
        if kind == "broker":
            node = self.random.randrange(3)
            self.cluster.wait_whole()  # one copy at a time, as a cluster with three copies bears
            self.cluster.kafka.kill(node)
            self.cluster.kafka.start(node)
        else:
            number = self.random.randrange(len(self.cluster.members[kind]))
            member = self.cluster.members[kind][number]
            wait_for(f"{kind}-{number} is up", member.serving, PATIENCE)
            had = member.partitions() if kind == "router" else set()
            at = self.cluster.kill(kind, number)
            if at is None:
                return  # it ended by itself in this very moment
            if kind == "router":
                took = self.taken_over(had, at)
                self.takeovers_ms += took
                if max(took, default=0) > SLOW_MS:
                    self.tell_slow(f"{kind}-{number}", took, at)
        self.kills[kind] += 1
        pace(self.random.random() * 0.5)  # kills come at any moment of what follows

    def taken_over(self, partitions, at):
        """Milliseconds from the kill to the first decision that the dead cannot have made, for each of its partitions."""
        at_ms = int(at * 1000) + 1
        firsts = wait_for(f"partitions {partitions} are decided again", lambda: (lambda found: None not in found and [found])(
            [self.feed.first_decided_after(partition, at_ms) for partition in partitions]), PATIENCE, every=0.02)[0]
        # Where no command came for a while, the wait was for that.
        waited = [decided - at_ms for appended, decided in firsts if appended - at_ms <= IDLE_MS]
        self.idle += len(firsts) - len(waited)
        return waited

    def tell_slow(self, who, took, at):
        """What the routers said since then, for whoever wonders where the time went."""
        since = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at))
        say(f"{who} was killed at {at:.3f}, its partitions were decided again after {took} ms:")
        for member in self.cluster.members["router"]:
            for line in member.usher.notes().splitlines():
                if line.startswith("time=") and line[len("time="):] >= since:
                    print(f"    {member.service}-{member.number} {line}", flush=True)

    def scene(self, name):
        began = time.monotonic()
        say(f"scene: {name}")
        told = scenes.SCENES[name](self)
        say(f"scene {name} took {time.monotonic() - began:.1f} s{': ' + told if told else ''}")

    # The end.

    def come_to_rest(self):
        self.cluster.wait_whole()
        self.cluster.wait_serving()
        self.load.stop_customers()
        say("the load has ended")
        wait_for("every message is decided and every inquiry has ended", self.feed.settled, PATIENCE, every=0.1)
        self.load.stop()
        say("all is at rest")

    def topic(self, name):
        return topics.read(self.cluster.kafka.bootstrap, name)

    def check(self):
        def held():
            """Commands that were on their way when the load ended may still come, and their decisions."""
            decisions, commands = self.topic("usher.decisions"), self.topic("usher.commands")  # each with its command
            try:
                return commands, checker.check(self.p, topics.by_partition(commands), topics.by_partition(decisions)), decisions
            except checker.Violation as violation:
                if "have no outcome" not in str(violation) or time.monotonic() > deadline:
                    raise
                return None
        deadline = time.monotonic() + 60
        commands, outcome, decisions = wait_for("all commands have an outcome", held, PATIENCE, every=1)
        inputs = self.topic("usher.messages") + self.topic("usher.orders")
        letters = self.topic("usher.messages.dlq") + self.topic("usher.orders.dlq")
        checker.check_inputs(self.p, commands, inputs, letters)
        checker.check_accepted(self.p, commands, outcome, {
            (desk, inquiry): (partition, offset)
            for (desk, _), (inquiry, partition, offset) in self.load.accepted.items()})
        for what, spoiled in checker.corruptions(self.p, topics.by_partition(decisions)):
            try:
                checker.check(self.p, topics.by_partition(commands), spoiled)
            except checker.Violation:
                continue
            raise AssertionError(f"the checker is blind: {what}, and it found nothing")
        still_open = sum(inquiry.stage != checker.ENDED for desk in outcome.desks.values()
                         for inquiry in desk.inquiries.values())
        if still_open:
            raise AssertionError(f"{still_open} inquiries never ended")
        self.compare_views(outcome)
        self.verify()
        return outcome, len(inputs)

    def verify(self):
        """usher's own word on it: a replay of all commands decides what the log says."""
        ran = subprocess.run([binary(), "verify", "--kafka", self.cluster.kafka.bootstrap], capture_output=True, text=True,
                             timeout=3600, check=False)
        if ran.returncode != 0 or ran.stdout.count(" are as in the log") != PARTITIONS:
            raise AssertionError(f"usher verify says {ran.returncode}: {ran.stdout}{ran.stderr}")
        print(ran.stdout, end="", flush=True)

    def compare_views(self, outcome):
        """Every process of insights says what a recount of the log says."""
        for address in self.cluster.addresses("insights"):
            for desk in DESKS:
                wait_for(f"the views of {desk} at {address} equal a recount",
                         lambda address=address, desk=desk: scenes.view_is(self, address, desk, outcome.desks[desk]),
                         PATIENCE, every=0.5)

    def figures(self, outcome, inputs, seconds):
        latencies = self.feed.latencies_ms()
        taken = self.takeovers_ms
        lines = [
            f"kills: {sum(self.kills.values())} in {seconds:.0f} s: "
            + ", ".join(f"{count} {kind}" for kind, count in sorted(self.kills.items())),
            f"scenes: {', '.join(self.asked.scenes) or 'none'}",
            f"ended by themselves and started again: {len(self.cluster.ended)}",
            *(f"  {end.service}-{end.number} status {end.status}: {end.words}" for end in self.cluster.ended),
            f"input records {inputs}, gRPC messages taken {len(self.load.accepted)}, "
            f"calls tried again {self.load.count['calls tried again']}, streams broken {self.load.count['streams broken']}",
            f"commands {outcome.commands}, decisions {outcome.decisions}, copies dropped {outcome.copies}",
            f"messages with exactly one outcome: {sum(len(desk.messages) for desk in outcome.desks.values())}; "
            f"repeats refused {sum(desk.count['commands_repeated'] for desk in outcome.desks.values())}",
            f"command to decision, all faults included: p50 {quantile(latencies, .5)} ms, p99 {quantile(latencies, .99)} ms, "
            f"max {max(latencies, default=0)} ms",
            f"take-over (kill -9 of a router to the first decision of the new owner, {len(taken)} partitions, {self.idle} more "
            f"had nothing to decide): "
            f"p50 {quantile(taken, .5) / 1000:.2f} s, p99 {quantile(taken, .99) / 1000:.2f} s, "
            f"max {max(taken, default=0) / 1000:.2f} s",
            "nothing lost, nothing doubled",
        ]
        print("\n".join(lines), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
                                     epilog="scenes: " + ", ".join(scenes.SCENES))
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=20, help="messages a second")
    parser.add_argument("--scenes", default="all")
    parser.add_argument("--long", action="store_true", help="scenes last for minutes, as in life")
    parser.add_argument("--other-binary", help="an usher of another release: every process is of this and of that one by turns, "
                        "as in a rolling upgrade that goes back and forth")
    asked = parser.parse_args()
    asked.scenes = {"all": list(scenes.SCENES), "none": []}.get(asked.scenes, asked.scenes.split(","))
    missing = parts.kafka_missing()
    if missing:
        print(f"not run for want of a broker: {missing}", flush=True)
        sys.exit(1 if os.environ.get("CI") == "true" else SKIPPED)
    say(f"seed {asked.seed}")
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        run = Run(stack, asked)
        run.kill_all()
        run.come_to_rest()
        outcome, inputs = run.check()
        run.figures(outcome, inputs, time.monotonic() - began)


if __name__ == "__main__":
    main()
