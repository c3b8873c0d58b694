#!/usr/bin/python3
"""Runs a command with real parts beside it, and ends with the command's status.

    with_parts.py [--kafka[=BROKERS] [--kafka-setting NAME=VALUE]...] [--redis] -- command...

The command finds them by USHER_TEST_KAFKA (bootstrap servers) and USHER_TEST_REDIS (host:port), and can kill, pause
and start them again through the socket whose descriptor is USHER_TEST_CONTROL (see Control).
Where Kafka cannot be had, --kafka-or-mock runs the command without USHER_TEST_KAFKA, with USHER_TEST_NO_KAFKA=1; the
last lines then say what was not run for want of a broker, and with CI=true that is a failure.
"""

import argparse
import contextlib
import os
import pathlib
import socket
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from kit import parts  # noqa: E402


class Control:
    """Lets the command disturb its parts: it sends a line ("redis kill", "kafka.1 start", ...), it gets "ok"."""

    def __init__(self, named):
        self._named = named  # {word: part}
        self._ours, self.theirs = socket.socketpair()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        lines = self._ours.makefile("rw", buffering=1)
        for line in lines:
            try:
                self._do(line.split())
                lines.write("ok\n")
            except Exception as error:  # the command must hear of it, whatever it was
                lines.write(f"failed: {error}".replace("\n", " ") + "\n")

    def _do(self, words):
        target, verb = words
        name, _, node = target.partition(".")
        part = self._named[name]
        if verb not in ("kill", "start", "pause", "resume", "flush_all"):
            raise ValueError("no such verb: " + verb)
        getattr(part, verb)(*([int(node)] if node else []))


NOT_RUN = """\
not run for want of a broker ({why}): the contract of the log on Apache Kafka. librdkafka's mock cluster
stood in for it, which says nothing of idempotence, compaction, retention, topic checks and creation, append times,
or what outlives a broker's end.
"""


def say_not_run(why):
    """Also into the file that USHER_NOT_RUN names, for whoever prints the last lines."""
    lines = NOT_RUN.format(why=why)
    print(lines, end="", flush=True)
    into = os.environ.get("USHER_NOT_RUN")
    if into and lines not in (pathlib.Path(into).read_text() if os.path.exists(into) else ""):
        with open(into, "a") as out:
            out.write(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kafka", nargs="?", const=1, type=int, default=0, metavar="BROKERS")
    parser.add_argument("--kafka-setting", action="append", default=[], metavar="NAME=VALUE", help="of each broker")
    parser.add_argument("--kafka-or-mock", action="store_true")
    parser.add_argument("--redis", action="store_true")
    parser.add_argument("command", nargs="+")
    asked = parser.parse_args()

    environment = dict(os.environ)
    not_run = ""
    with contextlib.ExitStack() as stack:
        named = {}
        if asked.kafka or asked.kafka_or_mock:
            not_run = parts.kafka_missing()
            if not_run and not asked.kafka_or_mock:
                sys.exit("with_parts: " + not_run)
            if not_run:
                environment["USHER_TEST_NO_KAFKA"] = "1"
            else:
                pairs = [setting.split("=", 1) for setting in asked.kafka_setting]
                settings = {name.replace(".", "_"): value for name, value in pairs}
                named["kafka"] = stack.enter_context(parts.KafkaCluster(asked.kafka or 1, **settings))
                environment["USHER_TEST_KAFKA"] = named["kafka"].bootstrap
                environment["USHER_TEST_KAFKA_BROKERS"] = str(asked.kafka or 1)
        if asked.redis:
            named["redis"] = stack.enter_context(parts.Redis())
            environment["USHER_TEST_REDIS"] = named["redis"].address
        control = Control(named)
        environment["USHER_TEST_CONTROL"] = str(control.theirs.fileno())
        status = subprocess.run(asked.command, env=environment, pass_fds=[control.theirs.fileno()],
                                preexec_fn=parts.die_with_parent, check=False).returncode
    if not_run:
        say_not_run(not_run)
        if os.environ.get("CI") == "true" and status == 0:
            print("with CI=true that is a failure", flush=True)
            status = 1
    sys.exit(status)


if __name__ == "__main__":
    try:
        main()
    except parts.PartMissing as missing:
        sys.exit(f"with_parts: {missing}")
