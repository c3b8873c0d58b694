"""Runs the real binary for a test: start, wait until it serves, stop, kill -9, look at its metrics.

    sys.path.insert(0, "tests")
    from kit.usher import Usher, wait_for
    with Usher("up", "--data-dir", folder) as usher:
        stub = protos.load().IntakeServiceStub(usher.channel())
        ...
        usher.kill9()
        usher.start()      # same flags, same data, new ports

Import this as `kit.usher` (with tests/ on sys.path): a bare `usher` is the package of the generated stubs.
"""

import ctypes
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time
import urllib.request

import grpc

ROOT = pathlib.Path(__file__).resolve().parents[2]
_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


def binary():
    """The binary under test: $USHER_BIN, as ctest sets it."""
    named = os.environ.get("USHER_BIN")
    if named:
        return named
    made = sorted(ROOT.glob("build/*/bin/usher"), key=lambda path: path.stat().st_mtime)
    if not made:
        raise RuntimeError("no usher binary: set USHER_BIN or build one")
    return str(made[-1])


def wait_for(what, condition, seconds=30, every=0.01):
    """Calls `condition` until it gives something true, and returns that; fails with `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        got = condition()
        if got:
            return got
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(every)


def pace(seconds):
    """How long a fault lasts, or the next one is away: where there is nothing to wait for."""
    time.sleep(max(0.0, seconds))


def parse_metrics(text):
    """{name: {labels as a sorted tuple of pairs: value}} of the text that a scrape gets."""
    metrics = {}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        match = re.fullmatch(r'([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)', line)
        if not match:
            raise AssertionError("not a line of metrics: " + line)
        labels = tuple(sorted(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', match.group(2) or "")))
        metrics.setdefault(match.group(1), {})[labels] = float(match.group(3))
    return metrics


class Usher:
    """One process of usher. Ports are free ones of the loopback, unless the flags name others.

    `command`, `flags`: as on the command line, without --grpc, --metrics, --wallboard and --ports-file.
    `work`:             a folder for the ports file and the notes; by default a new temporary one.
    """

    def __init__(self, command, *flags, work=None, env=None):
        self.work = pathlib.Path(work or tempfile.mkdtemp(prefix="usher-"))
        self.work.mkdir(parents=True, exist_ok=True)
        self.ports_file = self.work / f"{command}.ports"
        self.notes_file = self.work / f"{command}.notes"
        self.argv = [binary(), command, *map(str, flags), "--ports-file", str(self.ports_file)]
        if "--grpc" not in self.argv:
            self.argv += ["--grpc", "127.0.0.1:0"]
        if "--metrics" not in self.argv:
            self.argv += ["--metrics", "127.0.0.1:0"]
        if command in ("up", "insights") and "--wallboard" not in self.argv:
            self.argv += ["--wallboard", "127.0.0.1:0"]
        self.env = dict(os.environ, **(env or {}))
        self.process = None
        self.grpc_port = self.metrics_port = self.wallboard_port = None
        self._channels = []

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, error, trace):
        if self.process and self.process.poll() is None:
            self.kill9()
        if kind:
            print(f"--- notes of {' '.join(self.argv)}\n{self.notes()[-8000:]}")

    def spawn(self):
        """Starts the process and does not wait for anything."""
        assert self.process is None or self.process.poll() is not None, "already running"
        self.ports_file.unlink(missing_ok=True)
        with open(self.notes_file, "ab") as notes:
            self.process = subprocess.Popen(
                self.argv, stdin=subprocess.DEVNULL, stdout=notes, stderr=notes, env=self.env,
                # A test that dies takes its processes along.
                preexec_fn=lambda: _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL))
        return self

    def start(self, seconds=60):
        """Starts the process and waits until it serves: the ports file is written then."""
        self.spawn()
        self.wait_ready(seconds)
        return self

    def wait_ready(self, seconds=60):
        """Waits for the ports file; fails at once, with the notes, if the process ends instead."""
        def ready():
            if self.process.poll() is not None:
                raise AssertionError(f"usher ended with {self.process.returncode}:\n{self.notes()[-4000:]}")
            return self.ports_file.exists()

        try:
            wait_for("usher serves", ready, seconds)
        except AssertionError:
            print(self.notes()[-4000:])
            raise
        ports = dict(line.split("=", 1) for line in self.ports_file.read_text().split())
        self.grpc_port = int(ports["grpc_port"])
        self.metrics_port = int(ports["metrics_port"])
        self.wallboard_port = int(ports.get("wallboard_port", 0))

    def _close(self):
        for channel in self._channels:
            channel.close()
        self._channels = []

    def stop(self, seconds=30):
        """Asks it to stop (SIGTERM), waits for its end and returns the exit status."""
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(seconds)
        self._close()
        return status

    def kill9(self):
        """Ends it as a crash does."""
        self.process.kill()
        self.process.wait()
        self._close()

    def wait(self, seconds=60):
        """Waits for it to end by itself and returns the exit status."""
        return self.process.wait(seconds)

    @property
    def address(self):
        return f"127.0.0.1:{self.grpc_port}"

    def channel(self):
        """A channel of its own (one connection) to its gRPC port; closed when the process is stopped."""
        channel = grpc.insecure_channel(self.address, options=[("grpc.use_local_subchannel_pool", 1)])
        self._channels.append(channel)
        return channel

    def metrics_text(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.metrics_port}/metrics", timeout=10) as answer:
            return answer.read().decode()

    def metrics(self):
        return parse_metrics(self.metrics_text())

    def notes(self):
        return self.notes_file.read_text(errors="replace") if self.notes_file.exists() else ""
