#!/usr/bin/env python3
"""The commands of a cluster on real Kafka and Redis: topics, one service a process, dead letters, FLUSHALL, metrics."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import grpc

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from integration import topics  # noqa: E402
from kit import parts, protos  # noqa: E402
from kit.desktop import Desktop  # noqa: E402
from kit.recount import Recount  # noqa: E402
from kit.usher import Usher, binary, wait_for  # noqa: E402

SKIPPED = 77  # ctest's SKIP_RETURN_CODE
DESKS = [f"desk-{i}" for i in range(8)]  # on several partitions


def run(*words):
    return subprocess.run([binary(), *map(str, words)], capture_output=True, text=True, timeout=120)


class Cluster(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.p = protos.load()
        cls.work = pathlib.Path(tempfile.mkdtemp(prefix="usher-cluster-"))
        cls.addClassCleanup(shutil.rmtree, cls.work, True)
        cls.kafka = cls.enterClassContext(parts.KafkaCluster())
        cls.redis = cls.enterClassContext(parts.Redis())
        cls.flags = ("--kafka", cls.kafka.bootstrap, "--replication", "1")
        cls.topics_are_planned_and_made()
        cls.a_start_waits_for_brokers()
        redis = ("--redis", cls.redis.address)
        cls.services = {}
        for name, more in (("intake", redis), ("router", ()), ("agents", ()), ("insights", redis),
                           ("insights-2", redis)):
            usher = Usher(name.partition("-")[0], *cls.flags, *more, "--member-id", name, work=cls.work / name)
            cls.services[name] = usher.spawn()
            cls.addClassCleanup(lambda usher=usher: usher.process.poll() is None and usher.kill9())
        for usher in cls.services.values():
            usher.wait_ready()
        for desk in DESKS:
            applied = run("policy", "apply", "--server", cls.services["router"].address, "--desk", desk,
                          ROOT / "deploy/policies/small.yaml")
            assert applied.returncode == 0, applied.stderr

    @classmethod
    def topics_are_planned_and_made(cls):
        missing = run("topics", "plan", *cls.flags)
        assert missing.returncode == 1 and missing.stdout.count("is missing") == 10, missing
        refused = Usher("router", *cls.flags, work=cls.work / "refused").spawn()
        assert refused.wait() == 1
        assert "usher.commands: no such topic" in refused.notes(), refused.notes()
        cls.topics_are_made_once_the_broker_answers()
        other = run("topics", "plan", *cls.flags, "--partitions", "4")
        assert other.returncode == 1 and "usher.commands has 3 partitions, not 4" in other.stdout, other

    @classmethod
    def topics_are_made_once_the_broker_answers(cls):
        cls.kafka.pause(0)
        apply = subprocess.Popen([binary(), "topics", "apply", *cls.flags, "--partitions", "3"], stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True, preexec_fn=parts.die_with_parent)
        try:
            said = apply.stderr.readline()
        finally:
            cls.kafka.resume(0)
        made, more = apply.communicate(timeout=120)
        assert said.endswith("; trying again\n"), said + more
        assert apply.returncode == 0 and made.count(": fine") == 10, (made, said, more)

    @classmethod
    def a_start_waits_for_brokers(cls):
        cls.kafka.kill(0)
        early = Usher("agents", *cls.flags, "--grpc", f"127.0.0.1:{parts.free_ports(1)[0]}", work=cls.work / "early").spawn()
        try:
            early.grpc_port = int(early.argv[early.argv.index("--grpc") + 1].rpartition(":")[2])
            wait_for("it says that it waits", lambda: "note=server.waiting" in early.notes(), 120)

            def told():
                try:
                    return "serving" if protos.serving(early.channel()) else "not serving"
                except grpc.RpcError:  # the port opens after the note
                    return None

            assert wait_for("health answers", told, 120, every=0.2) == "not serving"
            cls.kafka.start(0)
            early.wait_ready(180)
            assert protos.serving(early.channel())
            assert early.stop() == 0
        finally:
            if early.process.poll() is None:
                early.kill9()
        # Its time is bounded, and with none it says at once what is wrong.
        cls.kafka.kill(0)
        hasty = Usher("agents", *cls.flags, "--start-patience", "0", work=cls.work / "hasty").spawn()
        assert hasty.wait(120) == 1
        assert "note=server.failed" in hasty.notes() and "note=server.waiting" not in hasty.notes(), hasty.notes()
        cls.kafka.start(0)

    def submit(self, desk, event):
        message = self.p.event.MessageEvent(desk=desk, event_id=event, conversation_id=event, customer_id=event,
                                            channel="chat", text="Where is my parcel?")
        stub = self.p.IntakeServiceStub(self.services["intake"].channel())
        return stub.SubmitMessage(self.p.intake.SubmitMessageRequest(message=message), timeout=10).inquiry_id

    def summary(self, desk, name="insights"):
        stub = self.p.InsightsServiceStub(self.services[name].channel())
        try:
            return stub.GetSummary(self.p.insights.GetSummaryRequest(desk=desk), timeout=10)
        except grpc.RpcError as error:
            if error.code() not in (grpc.StatusCode.NOT_FOUND, grpc.StatusCode.UNAVAILABLE):
                raise
            return None

    def wait_placed(self, desk, count):
        def there():
            summary = self.summary(desk)
            return summary if summary and summary.placed == count else None

        return wait_for(f"{count} placed on {desk}", there)

    def test_a_broken_promise_is_told_and_the_service_does_not_start(self):
        refused = Usher("router", "--kafka", self.kafka.bootstrap, "--replication", "2", work=self.work / "broken").spawn()
        self.assertEqual(refused.wait(), 1)
        lines = [line for line in refused.notes().splitlines() if "note=server.failed" in line]
        self.assertEqual(len(lines), 10, refused.notes())
        self.assertIn("usher.commands", "".join(lines))

    def test_an_inquiry_goes_its_way_through_four_processes(self):
        desk = DESKS[0]
        agents = self.p.AgentServiceStub(self.services["agents"].channel())
        agents.RegisterAgent(self.p.agents.RegisterAgentRequest(
            desk=desk, agent="ana", units=4, skills=[self.p.inquiry.Need(skill="orders", level=80)]), timeout=10)
        ana = Desktop(self.services["agents"].channel(), desk, "ana")
        agents.SetPresence(self.p.agents.SetPresenceRequest(
            desk=desk, agent="ana", presence=self.p.inquiry.PRESENCE_AVAILABLE), timeout=10)
        inquiry = self.submit(desk, "through")
        ana.accept(ana.wait_offer(inquiry).offer_id)
        ana.wait_assigned(inquiry)
        ana.reply(inquiry)
        ana.done(inquiry)
        for name in ("insights", "insights-2"):  # any replica answers for every desk
            stub = self.p.InsightsServiceStub(self.services[name].channel())
            request = self.p.insights.GetInquiryRequest(desk=desk, inquiry_id=inquiry)

            def resolved():
                try:
                    told = stub.GetInquiry(request, timeout=10)
                except grpc.RpcError as error:
                    if error.code() != grpc.StatusCode.NOT_FOUND:
                        raise
                    return None
                return told if told.inquiry.stage == self.p.inquiry.STAGE_RESOLVED else None

            told = wait_for("resolved", resolved)
            self.assertIn("Offered to ana", " ".join(entry.sentence for entry in told.timeline))
        ana.close()

    def test_flushall_costs_the_views_a_moment_and_the_metrics_nothing(self):
        for i, desk in enumerate(DESKS[1:]):
            for number in range(i + 1):
                self.submit(desk, f"flush-{number}")
        before = {desk: self.wait_placed(desk, i + 1) for i, desk in enumerate(DESKS[1:])}

        def metered():
            return sum(value for name in ("insights", "insights-2")
                       for labels, value in self.services[name].metrics()["usher_inquiries_total"].items()
                       if ("outcome", "placed") in labels and dict(labels)["desk"] in DESKS[1:])

        self.assertEqual(metered(), sum(range(1, len(DESKS))))
        self.redis.flush_all()
        wait_for("a rebuild", lambda: any(self.services[name].metrics()["usher_insights_rebuilds_total"][()]
                                          for name in ("insights", "insights-2")))
        for desk, summary in before.items():
            again = self.wait_placed(desk, summary.placed)
            self.assertEqual(again.by_queue, summary.by_queue)
            self.assertEqual(again.offers, summary.offers)
        self.assertEqual(metered(), sum(range(1, len(DESKS))))

    def recounted(self):
        """What the metrics of all insights show, where it is not what the decisions say."""
        told = Recount(self.p)
        for record in topics.read(self.kafka.bootstrap, "usher.decisions"):
            told.take(record.value)
        shown = {}
        for name in ("insights", "insights-2"):
            for metric, series in self.services[name].metrics().items():
                for labels, value in series.items():
                    sums = shown.setdefault(metric, {})
                    sums[labels] = sums.get(labels, 0) + value
        return told, told.differences(shown)

    def test_metrics_agree_with_a_recount_though_insights_is_killed(self):
        desks = DESKS[:3]
        agents = self.p.AgentServiceStub(self.services["agents"].channel())
        desktops = {}
        for desk in desks:
            agents.RegisterAgent(self.p.agents.RegisterAgentRequest(
                desk=desk, agent="eva", units=9, skills=[self.p.inquiry.Need(skill="orders", level=80)]), timeout=10)
            desktops[desk] = Desktop(self.services["agents"].channel(), desk, "eva")
            agents.SetPresence(self.p.agents.SetPresenceRequest(
                desk=desk, agent="eva", presence=self.p.inquiry.PRESENCE_AVAILABLE), timeout=10)
        for round_ in range(12):
            for desk in desks:
                desktop = desktops[desk]
                inquiry = self.submit(desk, f"killed-{round_}")
                offer = desktop.wait_offer(inquiry)
                desktop.accept(offer.offer_id)
                desktop.wait_assigned(inquiry)
                desktop.reply(inquiry)
                desktop.done(inquiry)
            if round_ in (3, 7):  # whoever has the partitions goes without a word
                victim = self.services["insights" if round_ == 3 else "insights-2"]
                victim.kill9()
                victim.spawn()
        for desktop in desktops.values():
            desktop.close()
        for name in ("insights", "insights-2"):
            self.services[name].wait_ready(120)
        differs = []

        def agrees():
            told, differs[:] = self.recounted()
            return told if not differs else None

        try:
            told = wait_for("the metrics of both together are a recount", agrees, 120, every=1)
        except AssertionError:
            self.fail("\n".join(differs[:30]))
        answered = sum(len(values) for (name, _), values in told.values.items() if name == "usher_first_response_seconds")
        self.assertGreaterEqual(answered, 36)

    def test_the_context_of_orders_comes_back_after_flushall(self):
        desk, orders = DESKS[0], 40
        lines = []
        for number in range(orders):
            lines.append(json.dumps({
                "desk": desk, "eventId": f"placed-{number}", "orderId": f"order-{number}", "customerId": f"buyer-{number % 10}",
                "status": "ORDER_STATUS_PLACED", "happenedAt": f"2026-01-01T00:00:{number:02}Z", "tier": f"tier-{number % 10}",
                "valueCents": str(100 * (number % 10 + 1))}))
        subprocess.run(["kcat", "-b", self.kafka.bootstrap, "-P", "-t", "usher.orders"],
                       input="\n".join(lines).encode(), check=True, timeout=60)

        def taken():
            return sum(value for labels, value in self.services["intake"].metrics()["usher_intake_events_total"].items()
                       if {("input", "usher.orders"), ("outcome", "accepted")} <= set(labels))

        wait_for("all orders are taken", lambda: taken() == orders, seconds=120)

        def tiers(event):
            stub = self.p.IntakeServiceStub(self.services["intake"].channel())
            return [stub.SubmitMessage(self.p.intake.SubmitMessageRequest(message=self.p.event.MessageEvent(
                desk=desk, event_id=f"{event}-{i}", conversation_id=f"buyer-{i}", customer_id=f"buyer-{i}", channel="chat",
                text="Hello", order_id=f"order-{i}")), timeout=30).features for i in range(10)]

        expected = [(f"tier-{i}", 100 * (i + 1)) for i in range(10)]
        self.assertEqual([(f.tier, f.value) for f in tiers("before")], expected)
        self.redis.flush_all()
        self.assertEqual([(f.tier, f.value) for f in tiers("lost")], [("", 0)] * 10)
        rebuild = ("rebuild", "context", *self.flags, "--redis", self.redis.address)
        done = run(*rebuild)
        self.assertEqual((done.returncode, done.stdout), (0, f"records={orders} changed={orders} unchanged=0 refused=0 ignored=0\n"),
                         done.stderr)
        self.assertEqual([(f.tier, f.value) for f in tiers("again")], expected)
        done = run(*rebuild)
        self.assertEqual((done.returncode, done.stdout), (0, f"records={orders} changed=0 unchanged={orders} refused=0 ignored=0\n"),
                         done.stderr)
        self.assertEqual(run("rebuild", "context", *self.flags).returncode, 2)  # of which store?

    def test_what_cannot_be_taken_is_listed_and_sent_again_once(self):
        subprocess.run(["kcat", "-b", self.kafka.bootstrap, "-P", "-t", "usher.messages", "-k", "a key"],
                       input=b"not a message", check=True, timeout=60)

        def listed():
            told = run("dlq", "list", *self.flags, "usher.messages")
            self.assertEqual(told.returncode, 0, told.stderr)
            return told.stdout.splitlines()

        first = wait_for("the dead letter", listed)
        self.assertRegex(first[0], r"^offset=0 reason=\w+ field=\S+ from=usher.messages/\d/0 at=\S+ bytes=13$")
        shown = run("dlq", "show", *self.flags, "usher.messages", "0", "--content")
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertIn("\nkey: a key\nvalue: not a message\n", shown.stdout)
        replayed = run("dlq", "replay", *self.flags, "usher.messages")
        self.assertEqual((replayed.returncode, replayed.stdout), (0, "sent=1 cut=0 next=1\n"), replayed.stderr)
        again = wait_for("it is a dead letter anew", lambda: [line for line in listed() if line.startswith("offset=1 ")])
        self.assertTrue(re.search(r"from=usher.messages/\d/1 ", again[0]), again)
        values = subprocess.run(["kcat", "-b", self.kafka.bootstrap, "-C", "-t", "usher.messages", "-e", "-q", "-f",
                                 "%k=%s\n"], capture_output=True, text=True, check=True, timeout=60).stdout
        self.assertEqual(values.splitlines().count("a key=not a message"), 2)


    def test_what_is_sent_again_twice_is_one_inquiry(self):
        desk = "sent-again"
        applied = run("policy", "apply", "--server", self.services["router"].address, "--desk", desk,
                      ROOT / "deploy/policies/small.yaml")
        self.assertEqual(applied.returncode, 0, applied.stderr)
        # As a dead letter that an intake of an older release could not take.
        event = {"desk": desk, "eventId": "again", "conversationId": "again", "customerId": "again", "channel": "chat",
                 "text": "Where is my parcel?"}
        headers = {"usher-reason": "bad_value", "usher-field": "channel", "usher-topic": "usher.messages",
                   "usher-partition": "0", "usher-offset": "0", "usher-at": "2026-01-01T00:00:00.000000Z"}
        subprocess.run(["kcat", "-b", self.kafka.bootstrap, "-P", "-t", "usher.messages.dlq"] +
                       [word for name, value in headers.items() for word in ("-H", f"{name}={value}")],
                       input=json.dumps(event).encode(), check=True, timeout=60)
        offset = wait_for("the dead letter", lambda: [
            re.match(r"offset=(\d+) ", line).group(1)
            for line in run("dlq", "list", *self.flags, "usher.messages").stdout.splitlines() if "field=channel" in line])[0]

        def taken():
            return sum(value for labels, value in self.services["intake"].metrics()["usher_intake_events_total"].items()
                       if {("input", "usher.messages"), ("outcome", "accepted")} <= set(labels))

        before = taken()
        for _ in range(2):
            replayed = run("dlq", "replay", *self.flags, "usher.messages", "--from", offset)
            self.assertEqual(replayed.returncode, 0, replayed.stderr)
            self.assertIn("sent=1 ", replayed.stdout)
        wait_for("both are in the log", lambda: taken() == before + 2)
        after = self.submit(desk, "after")  # when it is placed they have been decided, too
        stub = self.p.InsightsServiceStub(self.services["insights"].channel())

        def placed():
            try:
                return stub.GetInquiry(self.p.insights.GetInquiryRequest(desk=desk, inquiry_id=after), timeout=10)
            except grpc.RpcError as error:
                if error.code() != grpc.StatusCode.NOT_FOUND:
                    raise
                return None

        wait_for("the last is placed", placed)
        self.assertEqual(self.summary(desk).placed, 2)


class ClusterStops(unittest.TestCase):
    def test_every_service_stops_in_order_when_asked(self):
        with parts.KafkaCluster() as kafka, parts.Redis() as redis:
            flags = ("--kafka", kafka.bootstrap, "--replication", "1")
            self.assertEqual(run("topics", "apply", *flags, "--partitions", "1").returncode, 0)
            for name in ("intake", "router", "agents", "insights"):
                more = ("--redis", redis.address) if name in ("intake", "insights") else ()
                with Usher(name, *flags, *more) as usher:
                    self.assertEqual(usher.stop(), 0, name)
                    self.assertIn("note=server.stopped", usher.notes())
                    self.assertNotIn("level=error", usher.notes())


if __name__ == "__main__":
    missing = parts.kafka_missing()
    if missing:
        print(f"not run for want of a broker: {missing}", flush=True)
        sys.exit(1 if os.environ.get("CI") == "true" else SKIPPED)
    unittest.main(verbosity=2)
