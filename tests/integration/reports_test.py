#!/usr/bin/python3
"""Reports against a recount: a shop's day on a cluster of processes with real Kafka and Redis, insights killed with
kill -9 twice in the middle of it. Afterwards a script that reads `usher.decisions` alone (recount.py) counts again, and
every figure of GetReport must be as it says; so must what a rebuild from the log makes, and what `usher report` prints.
"""

import collections
import contextlib
import csv
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import recount  # noqa: E402
import staffing  # noqa: E402
import topics  # noqa: E402
from kit import parts, protos  # noqa: E402
from kit.desktop import Desktop  # noqa: E402
from kit.usher import Usher, binary, wait_for  # noqa: E402

SKIPPED = 77  # ctest's SKIP_RETURN_CODE
DESKS = ["north", "south", "west"]
GROUPS = list(recount.PROPERTIES)


class Reports(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.p = protos.load()
        cls.stack = contextlib.ExitStack()
        cls.addClassCleanup(cls.stack.close)
        cls.kafka = cls.stack.enter_context(parts.KafkaCluster())
        cls.redis = cls.stack.enter_context(parts.Redis())
        subprocess.run([binary(), "topics", "apply", "--kafka", cls.kafka.bootstrap, "--partitions", "2", "--replication",
                        "1"], check=True, timeout=60)
        cls.work = pathlib.Path(cls.stack.enter_context(tempfile.TemporaryDirectory(prefix="usher-reports-")))
        cls.services = {}
        for name in ("intake", "router", "agents", "insights"):
            more = ["--redis", cls.redis.address] if name in ("intake", "insights") else []
            service = Usher(name, "--kafka", cls.kafka.bootstrap, "--replication", "1", *more, work=cls.work / name)
            cls.stack.callback(lambda service=service: service.process.poll() is None and service.kill9())
            cls.services[name] = service.spawn()
        for service in cls.services.values():
            service.wait_ready(90)

    def play(self):
        printed = self.work / "play.out"
        argv = [binary(), "play", "--plain", "--exit", "--hours", "4", "--speed", "300", "--inquiries", "400", "--seed", "5"]
        for name, service in self.services.items():
            argv += ["--" + name, service.address] if name != "insights" else []
        argv += ["--insights", self.services["insights"].address]
        for desk in DESKS:
            argv += ["--desk", desk]
        with open(printed, "wb") as output:
            return subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                    preexec_fn=parts.die_with_parent), printed

    def report(self, desk, groups=()):
        request = self.p.insights.GetReportRequest(
            desk=desk, time_zone="UTC",
            group_by=[getattr(self.p.insights, "REPORT_GROUP_" + group.upper()) for group in groups])
        request.to.GetCurrentTime()
        request.to.seconds += 3600
        getattr(request, "from").seconds = request.to.seconds - 24 * 3600
        return self.p.InsightsServiceStub(self.services["insights"].channel()).GetReport(request, timeout=30)

    def wrong(self):
        """All that any report says otherwise than the recount."""
        decisions = topics.by_partition(topics.read(self.kafka.bootstrap, "usher.decisions"))
        desks = recount.recount(self.p, decisions)
        out = []
        for name in DESKS:
            found = recount.differences(desks[name], self.report(name, GROUPS), GROUPS)
            out += [f"{name}: {line}" for line in found]
        return desks, out

    def agrees(self, what):
        last = []

        def same():
            nonlocal last
            try:
                desks, last = self.wrong()
            except Exception as error:  # noqa: BLE001: insights may be away for a while
                last = [repr(error)]
                return None
            return desks if not last else None

        try:
            return wait_for(what, same, 120, every=0.5)
        except AssertionError:
            self.fail("\n".join([what, *last[:40]]))

    def say_afterwards(self, mark):
        """Rates and reviews some of what was resolved so far, some of it a second time."""
        decisions = topics.by_partition(topics.read(self.kafka.bootstrap, "usher.decisions"))
        intake = self.p.IntakeServiceStub(self.services["intake"].channel())
        agents = self.p.AgentServiceStub(self.services["agents"].channel())
        ended = [(decision.desk, decision.inquiry_resolved)
                 for records in decisions.values() for record in records
                 for decision in [self.p.decision.Decision.FromString(record.value)]
                 if decision.WhichOneof("body") == "inquiry_resolved"]
        self.assertGreater(len(ended), 5)
        for number, (desk, resolved) in enumerate(ended[::2]):
            intake.RateInquiry(self.p.intake.RateInquiryRequest(
                desk=desk, inquiry_id=resolved.inquiry.hex(), rating=1 + (number + mark) % 5), timeout=30)
            if number % 3 == 0:
                answer = agents.ReviewInquiry(self.p.agents.ReviewInquiryRequest(
                    desk=desk, inquiry_id=resolved.inquiry.hex(), agent=resolved.agent, reviewer="lead",
                    marks=[self.p.inquiry.Mark(criterion="solution", mark=mark), self.p.inquiry.Mark(
                        criterion="tone", mark=number % 101)][:1 + number % 2]), timeout=30)
                self.assertEqual(answer.refused, 0)

    def test_1_the_figures_are_those_of_the_topics_also_after_kill_9(self):
        process, printed = self.play()
        self.addCleanup(lambda: process.poll() is None and process.kill())
        insights = self.services["insights"]
        for hour in ("09:00", "10:30"):
            def at_that_time(hour=hour):
                past = re.search(rf"^{hour} ", printed.read_text(), re.MULTILINE)
                if not past:
                    self.assertIsNone(process.poll(), printed.read_text())
                return past
            wait_for(f"it is {hour}", at_that_time, 240, every=0.05)
            self.say_afterwards(40 if hour == "09:00" else 90)
            insights.kill9()
            # Where it was: the customers' desktops know no other place.
            insights.argv[insights.argv.index("--grpc") + 1] = insights.address
            insights.start(90)
        self.assertEqual(process.wait(300), 0, printed.read_text())
        desks = self.agrees("the reports are as the topics say")
        self.tell(desks)

        # The recount can fail: a decision more or less, and a figure is another one.
        north = desks["north"]
        key = next(key for key in north.counts if north.counts[key]["placed"])
        north.counts[key]["placed"] += 1
        self.assertNotEqual(recount.differences(north, self.report("north", GROUPS), GROUPS), [])

    def tell(self, desks):
        sums = collections.Counter()
        for desk in desks.values():
            for counts in desk.counts.values():
                sums.update(counts)
            for times in desk.times.values():
                sums.update({name: len(values) for name, values in times.items()})
        print("recounted:", json.dumps(dict(sorted(sums.items()))), flush=True)
        for name in ("placed", "joined", "first_response", "resolution", "offers_made", "staffed", "occupied", "wanted",
                     "reviews", "marks solution", "rated 1", "rated 5"):
            self.assertGreater(sums[name], 0, name)
        self.assertGreater(sum(count for name, count in sums.items() if name.startswith("breached_")), 0)

    def test_2_a_rebuild_beside_running_services_makes_the_same(self):
        self.agrees("before it")
        insights = self.services["insights"]
        ran = subprocess.run([binary(), "rebuild", "views", "--kafka", self.kafka.bootstrap, "--replication", "1", "--redis",
                              self.redis.address], capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        wait_for("insights builds them again", lambda: insights.notes().count("views.rebuilding") >= 2, 60, every=0.05)
        self.agrees("after it")
        self.redis.flush_all()
        self.agrees("after Redis lost all")

    def test_3_what_is_printed_is_what_was_counted(self):
        desks = self.agrees("before it")
        placed = sum(counts["placed"] for counts in desks["south"].counts.values())

        def usher(*words):
            ran = subprocess.run([binary(), "report", "--server", self.services["insights"].address, "--desk", "south",
                                  "--week", *words], capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual((ran.returncode, ran.stderr), (0, ""))
            return ran.stdout

        self.assertIn(f"  {placed:,} inquiries.", usher())
        rows = list(csv.DictReader(io.StringIO(usher("--format", "csv", "--by", "topic"))))
        self.assertEqual(int(rows[0]["placed"]), placed)
        self.assertEqual(sum(int(row["placed"]) for row in rows[1:]), placed)
        self.assertTrue(all(row["group"] == "topic" for row in rows[1:]))
        self.assertEqual(int(json.loads(usher("--format", "json"))["total"]["placed"]), placed)
        page = usher("--html")
        self.assertIn(f"<b>{placed:,}</b>", page)
        self.assertNotIn("<script", page)

        for words, status in ((("--desk", "nobody"), 1), (("--desk", "south", "--zone", "Mars/Base"), 2),
                              (("--desk", "south", "--from", "yesterday"), 2), ((), 2),
                              (("--desk", "south", "--day", "--week"), 2)):
            ran = subprocess.run([binary(), "report", "--server", self.services["insights"].address, *words],
                                 capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual((ran.returncode, ran.stdout), (status, ""), words)

    def staffing(self, desk, wanted=0.8):
        request = self.p.staffing.GetStaffingRequest(desk=desk, time_zone="UTC", wanted=wanted)
        return self.p.InsightsServiceStub(self.services["insights"].channel()).GetStaffing(request, timeout=60)

    def test_4_staffing_counts_what_came_in_a_part_of_an_hour(self):
        self.agrees("before it")
        decisions = topics.by_partition(topics.read(self.kafka.bootstrap, "usher.decisions"))
        for desk in DESKS:
            told = self.staffing(desk)
            self.assertTrue(any(row.arrivals > 0 for pool in told.queues for row in pool.hours), desk)
            records = next(records for records in decisions.values()
                           if any(self.p.decision.Decision.FromString(record.value).desk == desk for record in records))
            self.assertEqual(staffing.Came(self.p, records, desk).wrong(told), [], desk)

    def test_5_so_many_agents_are_needed_as_erlang_says(self):
        policy = self.work / "counter.yaml"
        policy.write_text("version: counter-1\nchannels: {chat: {units: 1}}\nsla: {quick: {first_response: 1s, resolution: 2s}}\n"
                          "queues: [{name: all, sla: quick, auto_accept: true}]\notherwise: {queue: all}\n")
        subprocess.run([binary(), "policy", "apply", "--server", self.services["router"].address, "--desk", "counter",
                        str(policy)], check=True, timeout=60, stdout=subprocess.DEVNULL)
        agents = self.p.AgentServiceStub(self.services["agents"].channel())
        intake = self.p.IntakeServiceStub(self.services["intake"].channel())
        insights = self.p.InsightsServiceStub(self.services["insights"].channel())
        desktops = []
        for name in ("ana", "ben", "eva", "ion"):
            agents.RegisterAgent(self.p.agents.RegisterAgentRequest(desk="counter", agent=name, units=1), timeout=30)
            desktops.append(Desktop(self.services["agents"].channel(), "counter", name))
            agents.SetPresence(self.p.agents.SetPresenceRequest(
                desk="counter", agent=name, presence=self.p.inquiry.PRESENCE_AVAILABLE), timeout=30)
        for number in range(len(desktops)):
            message = self.p.event.MessageEvent(desk="counter", event_id=f"e{number}", conversation_id=f"c{number}",
                                                customer_id=f"u{number}", channel="chat", text="Where is my parcel?")
            intake.SubmitMessage(self.p.intake.SubmitMessageRequest(message=message), timeout=30)

        def late():
            queues = insights.ListQueues(self.p.insights.ListQueuesRequest(desk="counter"), timeout=30).queues
            return sum(queue.assigned for queue in queues) == len(desktops) and self.breached() >= len(desktops)
        wait_for("each has one, for longer than its target", late, 120, every=0.2)
        for desktop in desktops:
            told = desktop.wait("its inquiry", lambda told: told.HasField("assigned"))
            desktop.done(told.assigned.inquiry_id)
        wait_for("all is done", lambda: insights.GetSummary(
            self.p.insights.GetSummaryRequest(desk="counter"), timeout=30).resolved == len(desktops), 120, every=0.1)

        needed = []
        for wanted in (0.8, 0.999, 0.9999999):
            told = self.staffing("counter", wanted)
            for row in told.queues[0].hours:
                if row.arrivals == 0:
                    continue
                self.assertGreaterEqual(row.handling, 2 * (1 - staffing.SKETCH))
                load = (row.arrivals / 3600, row.handling)
                self.assertEqual(row.agents_without_leaving, staffing.servers_needed(*load, 1, wanted))
                if row.present >= 0.5:
                    self.assertAlmostEqual(row.answered_in_time, staffing.answered_within(*load, round(row.present), 1), 9)
                needed.append(row.agents_without_leaving)
        self.assertGreater(len(set(needed)), 1, needed)
        records = topics.by_partition(topics.read(self.kafka.bootstrap, "usher.decisions"))
        came = [staffing.Came(self.p, part, "counter") for part in records.values()]
        self.assertEqual([one.wrong(told) for one in came if one.placed], [[]])

    def breached(self):
        """So many targets for the resolution were missed at the counter."""
        return self.services["insights"].metrics().get("usher_target_breaches_total", {}).get(
            (("desk", "counter"), ("queue", "all"), ("target", "resolution")), 0)

    def test_6_staffing_names_what_is_wrong(self):
        for words, status, says in ((("--desk", "nobody"), 1, "nothing was decided"),
                                    (("--desk", "south", "--zone", "Mars/Base"), 2, "time_zone"),
                                    (("--desk", "south", "--day", "mon", "--add", "two uk"), 2, "number of agents"),
                                    (("--desk", "south", "--suggest"), 2, "--day")):
            ran = subprocess.run([binary(), "staff", "--server", self.services["insights"].address, *words],
                                 capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual((ran.returncode, ran.stdout), (status, ""), words)
            self.assertIn(says, ran.stderr)


if __name__ == "__main__":
    missing = parts.kafka_missing()
    if missing:
        print(f"not run for want of a broker: {missing}", flush=True)
        sys.exit(1 if os.environ.get("CI") == "true" else SKIPPED)
    unittest.main(verbosity=2)
