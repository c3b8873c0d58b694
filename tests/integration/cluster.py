"""Three brokers, Redis and several processes of each service, with a supervisor that starts again whatever ends.

    with contextlib.ExitStack() as stack:
        cluster = Cluster(stack, partitions=4)
        cluster.kill("router", 0)      # kill -9; the supervisor starts it again, as Kubernetes does

A service that ends by itself is started again too, and remembered with its last words: `cluster.ended`.
"""

import collections
import pathlib
import re
import signal
import subprocess
import tempfile
import threading
import time

from kit import parts
from kit.usher import ROOT, Usher, binary, wait_for

SERVICES = ("intake", "router", "agents", "insights")
RESTART_AFTER = 0.3  # seconds, as a container's first restart
PATIENCE = 240       # seconds, for anything on a machine that has other things to do

# The small shop's, with people who are quick: work must end within a test.
POLICY = (ROOT / "deploy/policies/small.yaml").read_text()
for was, now in (("offer_window: 20s", "offer_window: 4s"), ("offer_window: 60s", "offer_window: 4s"),
                 ("wrap_up: 30s", "wrap_up: 500ms"), ("wait: 5s", "wait: 1s"),
                 ("\nstarve_after", "\noffers: {decline_cooldown: 2s}\nstarve_after")):
    assert POLICY.count(was) == 1, was
    POLICY = POLICY.replace(was, now)

Ended = collections.namedtuple("Ended", "service number status words")


class Member:
    """One process of a service, on an address that it keeps."""

    def __init__(self, service, number, flags, work, binaries):
        self.service, self.number = service, number
        self.binaries = binaries  # of its lives, by turns
        self.lives = number
        self.usher = Usher(service, *flags, "--member-id", f"{service}-{number}", "--grpc",
                           f"127.0.0.1:{parts.free_ports(1)[0]}", work=work)
        self.held = False   # the supervisor leaves it alone
        self.asked = False  # its end was asked for
        self.back_at = 0.0

    @property
    def address(self):
        return self.usher.argv[self.usher.argv.index("--grpc") + 1]

    @property
    def pid(self):
        return self.usher.process.pid

    def alive(self):
        return self.usher.process is not None and self.usher.process.poll() is None

    def serving(self):
        """It has said so once since it was started."""
        return self.alive() and self.usher.ports_file.exists()

    def partitions(self):
        """What a router has, by its own notes."""
        mine = set()
        for line in self.usher.notes().splitlines():
            if "process.started" in line:
                mine.clear()
            told = re.search(r"\bpartition\.(assigned|revoked)\b.*\bpartition=(\d+)", line)
            if told:
                (mine.add if told[1] == "assigned" else mine.discard)(int(told[2]))
        return mine

    def spawn(self):
        with open(self.usher.notes_file, "a") as notes:
            notes.write("process.started\n")  # ours, between its notes
        self.usher.argv[0] = self.binaries[self.lives % len(self.binaries)]
        self.lives += 1
        self.usher.spawn()

    def signal(self, number):
        self.usher.process.send_signal(number)


class Cluster:
    def __init__(self, stack, partitions=4, each=2, brokers=3, router_flags=(), other_binary=None):
        self.partitions = partitions
        self.binaries = [binary(), other_binary] if other_binary else [binary()]
        self.kafka = stack.enter_context(parts.KafkaCluster(brokers))
        self.redis = stack.enter_context(parts.Redis())
        self._kafka_flags = ["--kafka", self.kafka.bootstrap, "--replication", str(min(3, brokers))]
        made = subprocess.run(
            [binary(), "topics", "apply", *self._kafka_flags, "--partitions", str(partitions)],
            capture_output=True, text=True, timeout=PATIENCE, check=False)
        if made.returncode != 0:
            raise RuntimeError(f"topics apply: {made.stdout}{made.stderr}")
        self.work = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="usher-kills-")))
        self._router_flags = list(router_flags)
        self.policy = self.work / "policy.yaml"
        self.policy.write_text(POLICY)
        self.members = {name: [self.make(name, number) for number in range(each)] for name in SERVICES}
        self.ended = []
        self._lock = threading.Lock()
        self._stop = threading.Event()
        stack.callback(self._end)
        for member in self.all():
            member.spawn()
        self._supervisor = threading.Thread(target=self._supervise, daemon=True)
        self._supervisor.start()
        self.wait_serving()

    def make(self, service, number):
        flags = list(self._kafka_flags)
        if service in ("intake", "insights"):
            flags += ["--redis", self.redis.address]
        if service == "router":
            flags += self._router_flags
        return Member(service, number, flags, self.work / f"{service}-{number}", self.binaries)

    def all(self):
        return [member for members in self.members.values() for member in members]

    def addresses(self, service):
        return [member.address for member in self.members[service]]

    def apply_policy(self, desk):
        """Any router takes it; one of them may be on its way back."""
        def applied():
            for address in self.addresses("router"):
                done = subprocess.run([binary(), "policy", "apply", "--server", address, "--desk", desk, str(self.policy)],
                                      capture_output=True, text=True, timeout=60, check=False)
                if done.returncode == 0:
                    return True
            return False
        wait_for(f"a router takes the policy of {desk}", applied, PATIENCE, every=0.2)

    def _supervise(self):
        while not self._stop.wait(0.05):
            with self._lock:
                for member in self.all():
                    self._look_after(member)

    def _look_after(self, member):
        if member.held or member.alive():
            return
        now = time.monotonic()
        if not member.back_at:
            member.back_at = now + RESTART_AFTER
            if not member.asked:
                words = [line for line in member.usher.notes().splitlines() if "level=error" in line or "failed" in line]
                self.ended.append(Ended(member.service, member.number, member.usher.process.returncode,
                                        words[-1][:300] if words else "no words"))
        elif now >= member.back_at:
            member.back_at, member.asked = 0.0, False
            member.spawn()

    def kill(self, service, number):
        """kill -9. Returns when it was, by the wall clock, or None if it is not there just now."""
        with self._lock:
            member = self.members[service][number]
            if not member.alive():
                return None
            member.asked = True
            at = time.time()
            member.signal(signal.SIGKILL)
            member.usher.process.wait()
            return at

    def all_serve(self):
        return all(member.serving() for member in self.all())

    def wait_serving(self):
        try:
            wait_for("all services serve", self.all_serve, PATIENCE, every=0.1)
        except AssertionError as late:
            away = [f"{member.service}-{member.number}" for member in self.all() if not member.serving()]
            raise AssertionError(f"{late}: not {', '.join(away)}; ended: {self.ended[-3:]}") from late

    def wait_whole(self):
        """All brokers up, and every partition of every topic has all its copies."""
        wait_for("all partitions have all their copies", self.whole, PATIENCE, every=0.3)

    def whole(self):
        told = self.kafka.describe()
        if told is None or len(told["brokers"]) < len(self.kafka.brokers):
            return False
        return all(partition["leader"] >= 0 and len(partition["isrs"]) == len(partition["replicas"])
                   for topic in told["topics"] for partition in topic["partitions"])

    def _end(self):
        self._stop.set()
        if hasattr(self, "_supervisor"):
            self._supervisor.join(10)
        for member in self.all():
            if member.alive():
                member.usher.kill9()
