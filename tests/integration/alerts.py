#!/usr/bin/env python3
"""Each alert fires for real: services as processes, the fault that it is about, and a real Prometheus that scrapes them with the rules of
deploy/prometheus. Only time is another: every duration of the rules, and every threshold of an age, is a sixtieth; no threshold of an inquiry's
age is over half a minute, and that of a snapshot's is a minute and a half, since one is due each minute.

    tests/integration/alerts.py [Embedded.test_late_answers ...]
"""

import calendar
import collections
import contextlib
import datetime
import json
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import topics  # noqa: E402
from kit import parts, protos  # noqa: E402
from kit.usher import Usher, binary, wait_for  # noqa: E402

# Which scene fires which alert; tests/tidy/alerts_test.py wants each alert here or below.
FIRED_BY = {
    "UsherSlaBurnsFast": "test_late_answers",
    "UsherSlaBurns": "test_late_answers",
    "UsherSlaBurnsSlowly": "test_late_answers",
    "UsherManyBreaches": "test_late_answers",
    "UsherMissedTargets": "test_late_answers",
    "UsherNobodyAvailable": "test_nobody_is_there_and_then_only_somebody_who_is_not_able",
    "UsherNobodyLoggedIn": "test_nobody_is_there_and_then_only_somebody_who_is_not_able",
    "UsherAgentsIdle": "test_nobody_is_there_and_then_only_somebody_who_is_not_able",
    "UsherOldestWaitsLong": "test_nobody_is_there_and_then_only_somebody_who_is_not_able",
    "UsherDeskQuarantined": "test_a_desk_is_held",
    "UsherDiskFull": "test_a_disk_is_full_and_then_the_process_is_gone",
    "UsherDown": "test_a_disk_is_full_and_then_the_process_is_gone",
    "UsherDeadLetters": "test_a_record_that_nobody_can_read",
    "UsherPartitionStuck": "test_a_store_that_is_away_stops_the_views",
    "UsherNoOwner": "test_no_router_is_left",
    "UsherCalendarEnds": "test_opening_days_that_are_named_one_by_one_run_out",
    "UsherSnapshotOld": "test_the_topic_of_snapshots_takes_nothing",
    "UsherReplayDiffers": "test_another_decision_is_in_the_log",
}
NO_SCENE = {}

SCALE = 60
SKIPPED = 77  # ctest's SKIP_RETURN_CODE
DESK = "shop"
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
POLICY = """version: alerts-1
topics: [order_status]
skills: [orders, rare]
channels: {chat: {units: 1}}
sla:
  quick: {first_response: 1s, resolution: 2s}
queues:
  - {name: live, needs: {rare: 20}, sla: quick}
otherwise: {queue: live}
"""


def scaled_rules():
    """The rules with every duration a sixtieth: ranges, `for`, and thresholds in seconds."""
    def shorter(match):
        seconds = int(match.group(1)) * UNITS[match.group(2)] / SCALE
        return f"{max(1, round(seconds))}s"

    lines = []
    for line in (ROOT / "deploy/prometheus/rules.yml").read_text().splitlines():
        line = re.sub(r"(?<=\[)(\d+)([smhd])(?=\])", shorter, line)
        line = re.sub(r"(?<=for: )(\d+)([smhd])\b", shorter, line)
        if "usher_router_snapshot_age_seconds)" in line:
            line = line.replace("> 1800", "> 90")
        elif "_age_seconds)" in line:
            line = re.sub(r"> (\d+)\b", lambda match: f"> {min(30, int(match.group(1)) / SCALE):g}", line)
        # The rate of a shorter window is as high: what is counted in it is a sixtieth.
        lines.append(line.replace("rate15m * 900 >=", "rate15m * 15 >="))
    return "\n".join(lines) + "\n"


def days_that_run_out(today):
    """A policy that is open on a day of its own next month and on no other: every date of a year is a holiday."""
    dates = [f"{month:02}-{day:02}" for month in range(1, 13) for day in range(1, calendar.monthrange(2000, month)[1] + 1)]
    last = today + datetime.timedelta(days=30)
    return POLICY + f"""calendars:
  fair: {{time_zone: UTC, open: {{mon: 09:00-18:00}}, holidays: [{", ".join(dates)}, {{date: {last}, open: 09:00-18:00}}]}}
"""


class Watch:
    """A Prometheus with those rules over some processes."""

    def __init__(self, stack, work, *ushers):
        rules = work / "rules.yml"
        rules.write_text(scaled_rules())
        targets = ", ".join(f"'127.0.0.1:{usher.metrics_port}'" for usher in ushers)
        config = ("global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}\n"
                  f"rule_files: ['{rules}']\n"
                  f"scrape_configs: [{{job_name: usher, static_configs: [{{targets: [{targets}]}}]}}]\n")
        self.prometheus = stack.enter_context(parts.Prometheus(config))

    def firing(self):
        with urllib.request.urlopen(self.prometheus.url + "/api/v1/alerts", timeout=10) as answer:
            told = json.load(answer)["data"]["alerts"]
        return {alert["labels"]["alertname"] for alert in told if alert["state"] == "firing"}

    def fires(self, *alerts, seconds=300, meanwhile=lambda: None):
        """Waits until each has fired at least once; `meanwhile` keeps the fault up."""
        seen = set()

        def all_fired():
            meanwhile()
            seen.update(self.firing())
            return set(alerts) <= seen

        try:
            wait_for("alerts", all_fired, seconds, every=0.3)
        except AssertionError:
            raise AssertionError(f"not fired within {seconds} s: {sorted(set(alerts) - seen)}; fired: {sorted(seen)}") from None

    def ends(self, *alerts, seconds=300):
        wait_for(f"{alerts} end", lambda: not set(alerts) & self.firing(), seconds, every=0.3)


# A process that is scraped and is no `Usher`.
Serving = collections.namedtuple("Serving", "metrics_port")


class Scene(unittest.TestCase):
    def setUp(self):
        self.p = protos.load()
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="usher-alerts-"))
        self.addCleanup(shutil.rmtree, self.work, True)
        self.stack = contextlib.ExitStack()
        self.addCleanup(self.stack.close)
        self.policy = self.work / "policy.yaml"
        self.policy.write_text(POLICY)
        self.events = 0

    def submit(self, usher, desk=DESK):
        self.events += 1
        message = self.p.event.MessageEvent(desk=desk, event_id=f"e{self.events}", conversation_id=f"c{self.events}",
                                            customer_id=f"u{self.events}", channel="chat", text="Where is my parcel?")
        stub = self.p.IntakeServiceStub(usher.channel())
        return stub.SubmitMessage(self.p.intake.SubmitMessageRequest(message=message), timeout=20).inquiry_id

    def agent(self, usher, name, skill):
        stub = self.p.AgentServiceStub(usher.channel())
        stub.RegisterAgent(self.p.agents.RegisterAgentRequest(
            desk=DESK, agent=name, units=8, skills=[self.p.inquiry.Need(skill=skill, level=80)]), timeout=20)
        stub.SetPresence(self.p.agents.SetPresenceRequest(
            desk=DESK, agent=name, presence=self.p.inquiry.PRESENCE_AVAILABLE), timeout=20)

    def run_usher(self, *words):
        ran = subprocess.run([binary(), *map(str, words)], capture_output=True, text=True, timeout=120)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        return ran.stdout


class Embedded(Scene):
    """On `usher up`."""

    def setUp(self):
        super().setUp()
        self.data = self.work / "data"
        self.usher = self.stack.enter_context(
            Usher("up", "--data-dir", self.data, "--policy", self.policy, "--desk", DESK, work=self.work))

    def test_late_answers(self):
        watch = Watch(self.stack, self.work, self.usher)
        watch.fires("UsherSlaBurnsFast", "UsherSlaBurns", "UsherSlaBurnsSlowly", "UsherManyBreaches", "UsherMissedTargets",
                    meanwhile=lambda: self.submit(self.usher))
        # Nobody comes any more: the short windows end what the long ones still remember.
        watch.ends("UsherSlaBurnsFast", "UsherSlaBurns", "UsherManyBreaches")

    def test_nobody_is_there_and_then_only_somebody_who_is_not_able(self):
        self.submit(self.usher)
        watch = Watch(self.stack, self.work, self.usher)
        watch.fires("UsherNobodyAvailable", "UsherNobodyLoggedIn")
        self.agent(self.usher, "ana", "orders")
        watch.fires("UsherAgentsIdle")
        watch.ends("UsherNobodyAvailable", "UsherNobodyLoggedIn")
        watch.fires("UsherOldestWaitsLong")

    def test_opening_days_that_are_named_one_by_one_run_out(self):
        watch = Watch(self.stack, self.work, self.usher)
        today = datetime.datetime.now(datetime.timezone.utc).date()
        self.policy.write_text(days_that_run_out(today))
        self.run_usher("policy", "apply", "--server", self.usher.address, "--desk", DESK, self.policy)
        watch.fires("UsherCalendarEnds")
        self.policy.write_text(POLICY)
        self.run_usher("policy", "apply", "--server", self.usher.address, "--desk", DESK, self.policy)
        watch.ends("UsherCalendarEnds")

    def test_a_desk_is_held(self):
        self.submit(self.usher)
        self.usher.stop()
        self.run_usher("desk", "quarantine", DESK, "--data-dir", self.data)
        self.usher.start()
        watch = Watch(self.stack, self.work, self.usher)
        watch.fires("UsherDeskQuarantined")

    def test_a_disk_is_full_and_then_the_process_is_gone(self):
        self.usher.stop()
        full = self.stack.enter_context(
            Usher("up", "--data-dir", self.data, "--keep-free-mib", 1 << 30, work=self.work / "full"))
        watch = Watch(self.stack, self.work, full)
        watch.fires("UsherDiskFull")
        full.kill9()
        watch.fires("UsherDown")


class ServicesScene(Scene):
    """On Kafka and Redis, a service a process."""

    BROKERS = 1

    def setUp(self):
        super().setUp()
        self.kafka = self.stack.enter_context(parts.KafkaCluster(self.BROKERS, broker_session_timeout_ms=9000))
        self.redis = self.stack.enter_context(parts.Redis())
        flags = ("--kafka", self.kafka.bootstrap, "--replication", str(self.BROKERS))
        self.run_usher("topics", "apply", *flags, "--partitions", "2")
        self.services = {}
        for name, more in (("intake", ("--redis", self.redis.address)), ("router", ()), ("agents", ()),
                           ("insights", ("--redis", self.redis.address))):
            usher = Usher(name, *flags, *more, "--member-id", name, work=self.work / name).spawn()
            self.stack.callback(lambda usher=usher: usher.process.poll() is None and usher.kill9())
            self.services[name] = usher
        for usher in self.services.values():
            usher.wait_ready(120)
        self.run_usher("policy", "apply", "--server", self.services["router"].address, "--desk", DESK, self.policy)
        self.watch = Watch(self.stack, self.work, *self.services.values())


class Cluster(ServicesScene):
    def test_a_record_that_nobody_can_read(self):
        def send():
            subprocess.run(["kcat", "-b", self.kafka.bootstrap, "-P", "-t", "usher.messages"], input=b"{no message", check=True,
                           timeout=60)
        self.watch.fires("UsherDeadLetters", meanwhile=send)
        self.watch.ends("UsherDeadLetters")

    def test_a_store_that_is_away_stops_the_views(self):
        self.submit(self.services["intake"])
        self.redis.kill()
        self.watch.fires("UsherPartitionStuck", meanwhile=lambda: self.submit(self.services["intake"]))

    def test_another_decision_is_in_the_log(self):
        work = self.work / "verify"
        work.mkdir()
        verifier = subprocess.Popen(
            [binary(), "verify", "--follow", "--kafka", self.kafka.bootstrap, "--replication", "1", "--metrics", "127.0.0.1:0",
             "--ports-file", str(work / "ports")], stderr=subprocess.DEVNULL, preexec_fn=parts.die_with_parent)
        self.stack.callback(lambda: (verifier.kill(), verifier.wait()))
        told = wait_for("the verifier serves", lambda: (work / "ports").exists() and (work / "ports").read_text(), 60)
        watch = Watch(self.stack, self.work, Serving(int(told.split("=")[1])))
        self.submit(self.services["intake"])
        placed = wait_for("the inquiry is decided", self.placed, 60)
        wait_for("the verifier follows", lambda: watch.prometheus.query("usher_verify_decisions_total > 0"), 60)
        self.assertFalse(watch.prometheus.query("usher_verify_differences_total > 0"))
        # As a router would write it that decides otherwise: the same place in the log, another priority.
        wrong = self.p.decision.Decision.FromString(placed.value)
        wrong.inquiry_placed.priority += 1
        topics.write(self.kafka.bootstrap, placed.topic, [wrong.SerializeToString()], placed.partition)
        watch.fires("UsherReplayDiffers")

    def placed(self):
        """The first decision that placed an inquiry, as a record."""
        for record in topics.read(self.kafka.bootstrap, "usher.decisions"):
            if record.offset > 0 and self.p.decision.Decision.FromString(record.value).HasField("inquiry_placed"):
                return record
        return None

    def test_no_router_is_left(self):
        router = self.services["router"]
        wait_for("the agents service tells its lag", lambda: self.watch.prometheus.query("cluster:usher_partitions:count"), 60)
        router.process.send_signal(signal.SIGTERM)
        router.wait()
        self.watch.fires("UsherNoOwner", seconds=240)


class Replicated(ServicesScene):
    """The same on three brokers."""

    BROKERS = 3

    def test_the_topic_of_snapshots_takes_nothing(self):
        # It wants all three copies, which a broker refuses while one is away; the other topics want two and go on.
        self.kafka.configure_topic("usher.snapshots", "min.insync.replicas", 3)
        self.kafka.kill(2)
        self.watch.fires("UsherSnapshotOld", seconds=300, meanwhile=lambda: self.submit(self.services["intake"]))
        self.kafka.start(2)
        self.watch.ends("UsherSnapshotOld")


if __name__ == "__main__":
    absent = [program for program in ("prometheus", "redis-server", "kcat") if not shutil.which(program)]
    if absent or parts.kafka_missing():
        print("skipped:", ", ".join(absent) or parts.kafka_missing())
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
