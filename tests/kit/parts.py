"""Real parts for tests: Apache Kafka, Redis, Prometheus, as processes on free ports of the loopback.

    sys.path.insert(0, "tests")
    from kit.parts import KafkaCluster, Redis, Prometheus
    with KafkaCluster(brokers=3) as kafka, Redis() as redis:
        ... kafka.bootstrap ... redis.address ...
        kafka.kill(1)      # as a crash does
        kafka.start(1)     # same folder, same port

Each waits until it really answers, has a temporary folder of its own that goes with it, and is killed with this
process, however that ends. A part that is not installed raises PartMissing, which says what to run.
"""

import atexit
import base64
import ctypes
import json
import os
import pathlib
import random
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]
KAFKA_LIBS = ROOT / ".deps" / "kafka" / "libs"

_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1
_running = []


class PartMissing(RuntimeError):
    """A part that is not installed."""


@atexit.register
def _kill_all():
    for process in _running:
        if process.poll() is None:
            process.kill()


def die_with_parent():
    """For a child just made: the kernel kills it when its parent ends, however that ends."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _spawn(argv, output, cwd=None):
    """Starts a process that dies with this one; `output` gets what it prints."""
    with open(output, "ab") as out:
        process = subprocess.Popen(
            [str(word) for word in argv], stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=cwd,
            preexec_fn=die_with_parent)
    _running.append(process)
    return process


def _program(name):
    found = shutil.which(name)
    if not found:
        raise PartMissing(f"{name} is not installed: run scripts/setup")
    return found


def free_ports(count):
    """Ports that nobody listens on now, from below the range from which the kernel takes ports for connections."""
    ports = []
    while len(ports) < count:
        port = random.SystemRandom().randrange(20000, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in ports:
            ports.append(port)
    return ports


def _tail(path, size=4000):
    try:
        return pathlib.Path(path).read_text(errors="replace")[-size:]
    except OSError:
        return ""


class _Ended(RuntimeError):
    """The process ended before it answered; perhaps somebody took its port."""


def _wait_ready(what, process, output, answers, seconds):
    deadline = time.monotonic() + seconds
    while not answers():
        if process.poll() is not None:
            raise _Ended(f"{what} ended with {process.returncode}:\n{_tail(output)}")
        if time.monotonic() > deadline:
            raise RuntimeError(f"{what} does not answer within {seconds} s:\n{_tail(output)}")
        time.sleep(0.05)


class _Part:
    """Start, stop and a folder; what is common to all parts."""

    def __init__(self, stem):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix=f"usher-{stem}-"))
        atexit.register(shutil.rmtree, self.dir, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.stop()

    def stop(self):
        shutil.rmtree(self.dir, ignore_errors=True)

    @staticmethod
    def _end(process, seconds=20):
        """Asks the process to stop, and kills it if it does not."""
        if process is None or process.poll() is not None:
            return
        process.send_signal(signal.SIGCONT)
        process.terminate()
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    @staticmethod
    def _start_with_retry(start, tries=3):
        """`start` picks ports and starts; another process may have been quicker to take them."""
        for left in reversed(range(tries)):
            try:
                return start()
            except _Ended:
                if left == 0:
                    raise


class Redis(_Part):
    """One redis-server without persistence. `address` is host:port."""

    def __init__(self, *flags):
        self._server = _program("redis-server")
        super().__init__("redis")
        self._flags = flags
        self._process = None
        self.port = None
        self._start_with_retry(self._start_anew)

    def _start_anew(self):
        self.port = free_ports(1)[0]
        self.start()

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def start(self):
        """Starts it, on the port it had before if there was one. It is empty then."""
        output = self.dir / "redis.out"
        self._process = _spawn(
            [self._server, "--bind", "127.0.0.1", "--port", self.port, "--dir", self.dir, "--save", "",
             "--appendonly", "no", "--daemonize", "no", *self._flags], output)
        _wait_ready("redis-server", self._process, output, self._pong, 30)

    def _pong(self):
        try:
            return self.command("PING").startswith("+PONG")
        except OSError:
            return False

    def command(self, *words):
        """The first line of the answer to one command, as it comes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as link:
            link.sendall((f"*{len(words)}\r\n" + "".join(f"${len(w.encode())}\r\n{w}\r\n" for w in words)).encode())
            return link.makefile("rb").readline().decode().rstrip()

    def flush_all(self):
        answer = self.command("FLUSHALL")
        if answer != "+OK":
            raise RuntimeError("FLUSHALL: " + answer)

    def pause(self):
        """Stops it in the middle of whatever it does: it hangs, and closes nothing."""
        self._process.send_signal(signal.SIGSTOP)

    def resume(self):
        self._process.send_signal(signal.SIGCONT)

    def kill(self):
        self._process.kill()
        self._process.wait()

    def stop(self):
        self._end(self._process)
        super().stop()


class Prometheus(_Part):
    """One Prometheus on `config`, the text of its configuration file or the path of one. `url` is where it answers."""

    def __init__(self, config, rules=None):
        self._server = _program("prometheus")
        super().__init__("prometheus")
        text = pathlib.Path(config).read_text() if os.path.exists(str(config)) else str(config)
        (self.dir / "prometheus.yml").write_text(text)
        for name, rule in (rules or {}).items():
            (self.dir / name).write_text(rule)
        self._process = None
        self.port = None
        self._start_with_retry(self._start_anew)

    def _start_anew(self):
        self.port = free_ports(1)[0]
        self.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        output = self.dir / "prometheus.out"
        self._process = _spawn(
            [self._server, f"--config.file={self.dir}/prometheus.yml", f"--storage.tsdb.path={self.dir}/data",
             f"--web.listen-address=127.0.0.1:{self.port}"], output)
        _wait_ready("prometheus", self._process, output, self._ready, 60)

    def _ready(self):
        try:
            with urllib.request.urlopen(self.url + "/-/ready", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def query(self, expression):
        """The result list of an instant query."""
        words = urllib.parse.urlencode({"query": expression})
        with urllib.request.urlopen(f"{self.url}/api/v1/query?{words}", timeout=10) as answer:
            return json.load(answer)["data"]["result"]

    def kill(self):
        self._process.kill()
        self._process.wait()

    def stop(self):
        self._end(self._process)
        super().stop()


# No logging: Kafka's is on slf4j without a backend here. Small heaps and the quick compiler: it starts in seconds.
_JAVA = ["-Xmx256m", "-Xms64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData",
         "-Djava.awt.headless=true"]

_BROKER = """
process.roles=broker,controller
node.id={node}
controller.quorum.voters={voters}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs={dir}
auto.create.topics.enable=false
unclean.leader.election.enable=false
default.replication.factor={replication}
min.insync.replicas={min_insync}
offsets.topic.replication.factor={replication}
offsets.topic.num.partitions=3
transaction.state.log.replication.factor={replication}
transaction.state.log.min.isr={min_insync}
transaction.state.log.num.partitions=3
group.initial.rebalance.delay.ms=0
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=4000
log.cleaner.backoff.ms=200
log.cleaner.dedupe.buffer.size=4194304
num.network.threads=2
num.io.threads=4
background.threads=2
"""


def kafka_missing():
    """Why there can be no Kafka here, or nothing."""
    if os.environ.get("USHER_TEST_NO_KAFKA") == "1":
        return "USHER_TEST_NO_KAFKA=1"
    if not list(KAFKA_LIBS.glob("kafka_2.13-*.jar")):
        return "the jars of Apache Kafka are not in .deps/kafka/libs: run scripts/setup"
    if not shutil.which("java"):
        return "java is not installed: run scripts/setup"
    if not shutil.which("kcat"):
        return "kcat is not installed: run scripts/setup"
    return ""


class KafkaCluster(_Part):
    """Apache Kafka in KRaft mode, each broker a controller too. `bootstrap` is for clients.

    With three brokers topics have three copies and need two, by default; with one broker one.
    """

    def __init__(self, brokers=1, **settings):
        missing = kafka_missing()
        if missing:
            raise PartMissing(missing)
        super().__init__("kafka")
        self._count = brokers
        self._settings = settings  # with _ for the dots of the names
        self._processes = [None] * brokers
        self._start_with_retry(self._start_anew)

    def _start_anew(self):
        self._end_all()
        self._ports = free_ports(2 * self._count)
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=").replace("-", "A")
        voters = ",".join(f"{node}@127.0.0.1:{self._ports[2 * node + 1]}" for node in range(self._count))
        formats = []
        for node in range(self._count):
            folder = self.dir / str(node)
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            text = _BROKER.format(
                node=node, voters=voters, port=self._ports[2 * node], controller_port=self._ports[2 * node + 1],
                dir=folder / "data", replication=min(3, self._count), min_insync=2 if self._count >= 3 else 1)
            text += "".join(f"{name.replace('_', '.')}={value}\n" for name, value in self._settings.items())
            (folder / "server.properties").write_text(text)
            formats.append(self._java(node, "kafka.tools.StorageTool", "format", "-t", cluster, "-c",
                                      folder / "server.properties"))
        for node, process in enumerate(formats):
            if process.wait(120) != 0:
                raise RuntimeError(f"kafka's storage format failed:\n{_tail(self._output(node))}")
        for node in range(self._count):
            self._launch(node)
        self._wait_brokers(range(self._count))

    def _output(self, node):
        return self.dir / str(node) / "broker.out"

    def _java(self, node, main, *words):
        return _spawn([_program("java"), *_JAVA, "-cp", f"{KAFKA_LIBS}/*", main, *words], self._output(node),
                      cwd=self.dir / str(node))

    def _launch(self, node):
        self._processes[node] = self._java(node, "kafka.Kafka", self.dir / str(node) / "server.properties")

    def _wait_brokers(self, nodes):
        for node in nodes:
            _wait_ready(f"kafka broker {node}", self._processes[node], self._output(node),
                        lambda node=node: self._sees(node, nodes), 240)

    def _sees(self, node, others):
        """True if this broker answers, and knows of the others."""
        asked = subprocess.run(
            ["kcat", "-L", "-J", "-b", f"127.0.0.1:{self._ports[2 * node]}", "-m", "2"],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if asked.returncode != 0:
            return False
        return set(others) <= {broker["id"] for broker in json.loads(asked.stdout)["brokers"]}

    @property
    def brokers(self):
        """The address of each broker."""
        return [f"127.0.0.1:{self._ports[2 * node]}" for node in range(self._count)]

    @property
    def bootstrap(self):
        return ",".join(self.brokers)

    def describe(self):
        """The cluster as it says itself (kcat -L -J), or None while nobody answers."""
        asked = subprocess.run(["kcat", "-L", "-J", "-b", self.bootstrap, "-m", "5"], stdin=subprocess.DEVNULL,
                               capture_output=True, text=True, check=False)
        return json.loads(asked.stdout) if asked.returncode == 0 else None

    def configure_topic(self, topic, setting, value):
        """Changes one setting of a topic, as operators do."""
        changed = self._java(0, "kafka.admin.ConfigCommand", "--bootstrap-server", self.bootstrap, "--alter", "--entity-type", "topics",
                             "--entity-name", topic, "--add-config", f"{setting}={value}")
        if changed.wait(120) != 0:
            raise RuntimeError(f"{topic}: {setting} was not changed:\n{_tail(self._output(0))}")

    def wait_ended(self, node, seconds=120):
        """Waits for a broker to end by itself."""
        self._processes[node].wait(seconds)

    def fill_disk(self, node):
        """From now on the broker can write no more to its files: what a full disk does, without one."""
        most = resource.prlimit(self._processes[node].pid, resource.RLIMIT_FSIZE)[1]
        resource.prlimit(self._processes[node].pid, resource.RLIMIT_FSIZE, (1, most))

    def alive(self, node):
        return self._processes[node] is not None and self._processes[node].poll() is None

    def kill(self, node):
        """Ends one broker as a crash does."""
        self._processes[node].kill()
        self._processes[node].wait()

    def stop_one(self, node):
        """Ends one broker as a roll-out does: its partitions move first."""
        self._end(self._processes[node])

    def pause(self, node):
        """Stops one broker in the middle of whatever it does: it hangs, and closes nothing."""
        self._processes[node].send_signal(signal.SIGSTOP)

    def resume(self, node):
        self._processes[node].send_signal(signal.SIGCONT)

    def start(self, *nodes):
        """Starts brokers again, on their own folders and ports, and waits until they answer."""
        for node in nodes:
            if self.alive(node):
                raise RuntimeError(f"kafka broker {node} is running")
            self._launch(node)
        self._wait_brokers(nodes)

    def _end_all(self):
        for process in self._processes:
            if process is not None and process.poll() is None:
                process.kill()
                process.wait()

    def stop(self):
        # Its folder goes with it: no need to ask the brokers to leave in good order.
        self._end_all()
        super().stop()
