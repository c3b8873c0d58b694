#!/usr/bin/env python3
"""`usher up`, from outside: a message becomes an offer, a reply, a measured response; kill -9 in the middle changes
nothing that was decided, loses nothing, and offers nothing twice."""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import grpc

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from kit import protos  # noqa: E402
from kit.desktop import Desktop  # noqa: E402
from kit.usher import Usher, wait_for  # noqa: E402

p = protos.load()
DESK = "shop"
TARGETS = (60, 3600, 14400)  # first-response targets of deploy/policies/small.yaml, in seconds


def is_counter(name):
    return name.endswith(("_total", "_count", "_bucket", "_sum"))


class Shop:
    """One desk of a running usher."""

    def __init__(self, usher):
        self.usher = usher
        self.connect()

    def connect(self):
        self.intake = p.IntakeServiceStub(self.usher.channel())
        self.agents = p.AgentServiceStub(self.usher.channel())
        self.insights = p.InsightsServiceStub(self.usher.channel())

    def submit(self, event, text="Where is my parcel?", channel="chat", conversation=None):
        message = p.event.MessageEvent(
            desk=DESK, event_id=event, conversation_id=conversation or "conversation-" + event, customer_id="customer-" + event,
            channel=channel, text=text)
        return self.intake.SubmitMessage(p.intake.SubmitMessageRequest(message=message), timeout=10).inquiry_id

    def register(self, agent, units=8):
        skills = [p.inquiry.Need(skill="orders", level=80), p.inquiry.Need(skill="returns", level=80)]
        self.agents.RegisterAgent(
            p.agents.RegisterAgentRequest(desk=DESK, agent=agent, skills=skills, units=units), timeout=10)

    def presence(self, agent, presence):
        self.agents.SetPresence(
            p.agents.SetPresenceRequest(desk=DESK, agent=agent, presence=presence), timeout=10)

    def list_agents(self):
        answer = self.agents.ListAgents(p.agents.ListAgentsRequest(desk=DESK), timeout=10)
        return {agent.agent: agent for agent in answer.agents}

    def inquiry(self, inquiry):
        return self.insights.GetInquiry(
            p.insights.GetInquiryRequest(desk=DESK, inquiry_id=inquiry), timeout=10)

    def summary(self):
        return self.insights.GetSummary(p.insights.GetSummaryRequest(desk=DESK), timeout=10)

    def wait_stage(self, inquiry, stage):
        def there():
            try:
                told = self.inquiry(inquiry)
            except grpc.RpcError as error:
                if error.code() != grpc.StatusCode.NOT_FOUND:
                    raise
                return None
            return told if told.inquiry.stage == stage else None

        return wait_for(f"{inquiry} is {p.inquiry.Stage.Name(stage)}", there)


class Up(unittest.TestCase):
    def setUp(self):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="usher-up-"))
        self.addCleanup(shutil.rmtree, self.work, True)
        # Offers must not run out while a busy machine restarts the process.
        policy = self.work / "policy.yaml"
        text = (ROOT / "deploy/policies/small.yaml").read_text()
        self.assertIn("offer_window: 20s", text)
        policy.write_text(text.replace("offer_window: 20s", "offer_window: 30m"))
        self.usher = Usher("up", "--data-dir", self.work / "data", "--policy", policy, "--desk", DESK, work=self.work)
        self.offers = {}  # id → (inquiry, agent), over all lives of the process

    def remember(self, *desktops):
        """No offer id ever means two things."""
        for desktop in desktops:
            for offer, inquiry in desktop.offers().items():
                meaning = (inquiry, desktop.agent)
                self.assertEqual(self.offers.setdefault(offer, meaning), meaning)

    def check_edges(self, metrics):
        series = {}
        for labels in metrics["usher_first_response_seconds_bucket"]:
            rest = tuple(pair for pair in labels if pair[0] != "le")
            series.setdefault(rest, set()).add(float(dict(labels)["le"]))
        self.assertTrue(series)
        for labels, edges in series.items():
            for target in TARGETS:
                self.assertIn(target, edges, labels)

    def check_monotone(self, before, after):
        for name, series in before.items():
            if is_counter(name) and not name.startswith("exposer_"):
                for labels, value in series.items():
                    self.assertGreaterEqual(after[name][labels], value, (name, labels))

    def test_a_question_is_routed_answered_and_measured(self):
        with self.usher as usher:
            shop = Shop(usher)
            for service in ("", "usher.v1.IntakeService", "usher.v1.RoutingService", "usher.v1.AgentService",
                            "usher.v1.InsightsService"):
                self.assertTrue(protos.serving(usher.channel(), service), service)
            inquiry = shop.submit("e1")
            self.assertEqual(shop.wait_stage(inquiry, p.inquiry.STAGE_WAITING).inquiry.queue, "live")
            before = usher.metrics()
            shop.register("ana")
            ana = Desktop(usher.channel(), DESK, "ana")
            self.assertEqual(ana.current.presence, p.inquiry.PRESENCE_OFFLINE)
            shop.presence("ana", p.inquiry.PRESENCE_AVAILABLE)
            offer = ana.wait_offer(inquiry)
            self.assertEqual(shop.wait_stage(inquiry, p.inquiry.STAGE_OFFERED).inquiry.agent, "ana")
            ana.accept(offer.offer_id)
            ana.wait_assigned(inquiry)
            joined = shop.submit("e2", text="It should have been here on Monday.", conversation="conversation-e1")
            ana.wait("of the new message",
                     lambda told: told.HasField("message") and told.message.inquiry_id == inquiry)
            self.assertNotEqual(joined, inquiry)
            ana.reply(inquiry)
            shop.wait_stage(inquiry, p.inquiry.STAGE_ANSWERED)
            ana.done(inquiry)
            told = shop.wait_stage(inquiry, p.inquiry.STAGE_RESOLVED)
            self.assertEqual(told.inquiry.messages, 2)
            sentences = [entry.sentence for entry in told.timeline]
            self.assertTrue(sentences[0].startswith("Placed in queue live by route live"), sentences)
            self.assertTrue(sentences[-1].startswith("Resolved by ana"), sentences)
            self.assertTrue(any(s.startswith("Offered to ana: ") for s in sentences), sentences)

            summary = shop.summary()
            self.assertEqual((summary.placed, summary.joined, summary.answered, summary.resolved), (1, 1, 1, 1))
            self.assertEqual({count.name: count.count for count in summary.offers}, {"made": 1, "accepted": 1})
            after = usher.metrics()
            self.check_monotone(before, after)
            self.check_edges(after)
            placed = (("desk", DESK), ("outcome", "placed"), ("queue", "live"))
            self.assertEqual(after["usher_inquiries_total"][placed], 1)
            self.assertEqual(after["usher_agents"][(("desk", DESK), ("state", "available"))], 1)
            ana.close()
            self.assertEqual(usher.stop(), 0)
            self.assertIn("note=server.stopped", usher.notes())

    def test_kill_9_loses_nothing_and_offers_nothing_twice(self):
        with self.usher as usher:
            shop = Shop(usher)
            shop.register("ana", units=12)
            shop.register("ben", units=2)
            shop.presence("ana", p.inquiry.PRESENCE_AVAILABLE)
            ana = Desktop(usher.channel(), DESK, "ana")
            inquiries = {}
            for name in ("resolved", "answered", "assigned", "offered"):
                inquiries[name] = shop.submit("event-" + name)
                offer = ana.wait_offer(inquiries[name])
                if name == "offered":
                    continue
                ana.accept(offer.offer_id)
                ana.wait_assigned(inquiries[name])
                if name != "assigned":
                    ana.reply(inquiries[name])
                if name == "resolved":
                    ana.done(inquiries[name])
            shop.presence("ana", p.inquiry.PRESENCE_DRAINING)
            ana.wait("to be draining", lambda told: told.presence.presence == p.inquiry.PRESENCE_DRAINING)
            inquiries["waiting"] = shop.submit("event-waiting", text="I want my money back", channel="chat")
            stages = {"resolved": p.inquiry.STAGE_RESOLVED, "answered": p.inquiry.STAGE_ANSWERED,
                      "assigned": p.inquiry.STAGE_ASSIGNED, "offered": p.inquiry.STAGE_OFFERED,
                      "waiting": p.inquiry.STAGE_WAITING}
            before = {name: shop.wait_stage(inquiries[name], stage) for name, stage in stages.items()}
            agents = shop.list_agents()
            self.assertEqual(agents["ana"].offered, 1)
            self.assertEqual(agents["ana"].assigned, 2)
            self.remember(ana)
            self.check_edges(usher.metrics())

            usher.kill9()
            usher.start()
            shop.connect()
            for name, told in before.items():
                again = shop.inquiry(inquiries[name])
                self.assertEqual(again, told, name)
            self.assertEqual(shop.list_agents(), agents)
            ana = Desktop(usher.channel(), DESK, "ana")
            self.assertEqual(ana.current.presence, p.inquiry.PRESENCE_DRAINING)
            self.assertEqual([offer.inquiry_id for offer in ana.current.offers], [inquiries["offered"]])
            self.assertEqual({work.inquiry_id for work in ana.current.assigned},
                             {inquiries["answered"], inquiries["assigned"]})
            self.remember(ana)

            # A repeat of what was sent before the crash has no effect; what is new goes on from where it was.
            self.assertEqual(shop.submit("event-answered"), inquiries["answered"])
            fresh = shop.submit("event-fresh")
            shop.wait_stage(fresh, p.inquiry.STAGE_WAITING)
            self.assertEqual(shop.summary().placed, 6)
            shop.presence("ana", p.inquiry.PRESENCE_AVAILABLE)
            last_before = max(self.offers)
            for inquiry in (inquiries["waiting"], fresh):
                offer = ana.wait_offer(inquiry)
                self.assertGreater(offer.offer_id, last_before)
                ana.accept(offer.offer_id)
                ana.wait_assigned(inquiry)
                self.remember(ana)
            ana.accept(ana.current.offers[0].offer_id)
            ana.wait_assigned(inquiries["offered"])
            for inquiry in [fresh, *(inquiries[name] for name in ("answered", "assigned", "offered", "waiting"))]:
                ana.reply(inquiry)
                ana.done(inquiry)
                shop.wait_stage(inquiry, p.inquiry.STAGE_RESOLVED)
            self.remember(ana)

            summary = shop.summary()
            made = {count.name: count.count for count in summary.offers}
            self.assertEqual(made["made"], len(self.offers))
            self.assertEqual(made["accepted"], 6)
            self.assertEqual((summary.placed, summary.answered, summary.resolved, summary.breached), (6, 6, 6, 0))
            self.check_edges(usher.metrics())

    def test_kill_9_at_many_moments_decides_each_message_once(self):
        with self.usher as usher:
            shop = Shop(usher)
            shop.register("ana", units=1000)
            shop.presence("ana", p.inquiry.PRESENCE_AVAILABLE)
            events = []
            for life in range(4):
                for i in range(25):
                    # What was sent just before a crash may be in the log or not: the sender tries again.
                    events.append(f"event-{life}-{i}")
                calls = [shop.intake.SubmitMessage.future(p.intake.SubmitMessageRequest(
                    message=p.event.MessageEvent(
                        desk=DESK, event_id=event, conversation_id=event, customer_id=event, channel="email",
                        text="Could you send me the invoice?")), timeout=10) for event in events[-25:]]
                calls[life * 8].exception()  # it is decided that this many are in the log, or nearly
                usher.kill9()
                for call in calls:
                    call.exception()
                usher.start()
                shop.connect()
                for event in events:
                    shop.submit(event, text="Could you send me the invoice?", channel="email", conversation=event)
            last = shop.submit("event-last", channel="email")
            shop.wait_stage(last, p.inquiry.STAGE_ASSIGNED)
            summary = shop.summary()
            self.assertEqual(summary.placed, len(events) + 1)
            made = {count.name: count.count for count in summary.offers}
            self.assertEqual(made, {"made": len(events) + 1, "accepted": len(events) + 1})

    def test_a_second_process_on_the_folder_is_refused(self):
        with self.usher as usher:
            second = subprocess.run(
                [usher.argv[0], "up", "--data-dir", str(self.work / "data"), "--grpc", "127.0.0.1:0", "--metrics", "127.0.0.1:0"],
                capture_output=True, text=True, timeout=60)
            self.assertEqual(second.returncode, 1)
            self.assertIn("is in use: another usher has it open", second.stderr)
            self.assertTrue(Shop(usher).submit("event-first"))

    def test_a_full_disk_takes_nothing_and_shows_what_is_there(self):
        with self.usher as usher:
            before = Shop(usher)
            inquiry = before.submit("event-before")
            before.wait_stage(inquiry, p.inquiry.STAGE_WAITING)  # decided: later there is no room for it
        with Usher("up", "--data-dir", self.work / "data", "--keep-free-mib", 1 << 30, work=self.work / "full") as full:
            shop = Shop(full)
            with self.assertRaises(grpc.RpcError) as refused:
                shop.submit("event-while")
            self.assertEqual(refused.exception.code(), grpc.StatusCode.RESOURCE_EXHAUSTED)
            self.assertRegex(refused.exception.details(), "the disk of .* is full")
            shop.wait_stage(inquiry, p.inquiry.STAGE_WAITING)
            self.assertEqual(full.metrics()["usher_log_stat"][(("name", "disk_full"),)], 1)
        with self.usher as usher:
            shop = Shop(usher)
            self.assertNotEqual(shop.submit("event-while"), inquiry)
            self.assertEqual(shop.submit("event-before"), inquiry)

    def test_metrics_are_such_as_prometheus_wants_them(self):
        if not shutil.which("promtool"):
            self.skipTest("promtool is not installed")
        with self.usher as usher:
            shop = Shop(usher)
            shop.wait_stage(shop.submit("e1"), p.inquiry.STAGE_WAITING)
            checked = subprocess.run(["promtool", "check", "metrics"], input=usher.metrics_text(), text=True,
                                     capture_output=True)
            self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
