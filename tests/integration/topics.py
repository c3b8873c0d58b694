"""Reads and writes topics with kcat, bytes as they are: what a test sees here, usher did not prepare for it."""

import collections
import struct
import subprocess
import tempfile
import threading

from kit.parts import die_with_parent

Record = collections.namedtuple("Record", "topic partition offset at_ms key value headers")

_FORMAT = "%p %o %T %K %S %R%h\\n%k%s"  # %R: the value's length again, as 4 bytes: guards the parsing


def read(bootstrap, topic, extra=()):
    """All records of a topic up to its end, in the order of each partition."""
    got = subprocess.run(
        ["kcat", "-C", "-q", "-b", bootstrap, "-t", topic, "-o", "beginning", "-e", "-f", _FORMAT,
         "-X", "isolation.level=read_uncommitted", "-X", "check.crcs=true", *extra],
        stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False)
    if got.returncode != 0:
        raise RuntimeError(f"kcat cannot read {topic}: {got.stderr.decode(errors='replace')}")
    return list(parse(topic, got.stdout))


def parse(topic, text):
    """The records in what kcat printed."""
    place = 0
    while place < len(text):
        words = []
        for _ in range(5):
            end = text.index(b" ", place)
            words.append(int(text[place:end]))
            place = end + 1
        partition, offset, at_ms, key_bytes, value_bytes = words
        (guard,) = struct.unpack(">i", text[place:place + 4])
        assert guard == value_bytes, f"{topic} {partition}/{offset}: {guard} is not {value_bytes}"
        place += 4
        end = text.index(b"\n", place)
        headers = dict(part.split("=", 1) for part in text[place:end].decode(errors="replace").split(",") if "=" in part)
        place = end + 1
        key = text[place:place + max(0, key_bytes)]
        place += max(0, key_bytes)
        value = None if value_bytes < 0 else text[place:place + value_bytes]
        place += max(0, value_bytes)
        yield Record(topic, partition, offset, at_ms, key, value, headers)


def write(bootstrap, topic, values, partition=None, headers=()):
    """Appends each of `values` (bytes) as a record."""
    with tempfile.TemporaryDirectory(prefix="usher-records-") as folder:
        names = []
        for number, value in enumerate(values):
            names.append(f"{folder}/{number:06}")
            with open(names[-1], "wb") as file:
                file.write(value)
        where = [] if partition is None else ["-p", str(partition)]
        for header in headers:
            where += ["-H", header]
        for first in range(0, len(names), 100):  # the command line has an end
            sent = subprocess.run(
                ["kcat", "-P", "-b", bootstrap, "-t", topic, "-X", "acks=all", *where, *names[first:first + 100]],
                stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
            if sent.returncode != 0:
                raise RuntimeError(f"kcat cannot write {topic}: {sent.stderr}")


def by_partition(records):
    """{partition: records}, offsets rising."""
    sorted_records = collections.defaultdict(list)
    for record in records:
        sorted_records[record.partition].append(record)
    for partition in sorted_records.values():
        partition.sort(key=lambda record: record.offset)
    return dict(sorted_records)


class Tail:
    """Follows a topic from its beginning, calling `take` with each record, until stop(). Brokers may come and go."""

    def __init__(self, bootstrap, topic, take):
        self._bootstrap, self._topic, self._take = bootstrap, topic, take
        self._next = {}  # partition → offset
        self._stopped = False
        self._process = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self):
        self._stopped = True
        if self._process is not None:
            self._process.kill()
        self._thread.join(30)

    def _run(self):
        while not self._stopped:  # kcat may give up when no broker answers
            self._process = subprocess.Popen(
                ["kcat", "-C", "-q", "-u", "-E", "-b", self._bootstrap, "-t", self._topic, "-o", "beginning", "-f", _FORMAT,
                 "-X", "isolation.level=read_uncommitted", "-X", "topic.metadata.refresh.fast.interval.ms=100",
                 "-X", "reconnect.backoff.max.ms=500", "-X", "socket.timeout.ms=3000"],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, preexec_fn=die_with_parent)
            self._read(self._process.stdout)
            self._process.wait()

    def _read(self, stream):
        while True:
            line = b""
            while line.count(b" ") < 5:  # five numbers, then four bytes that may be anything
                got = stream.read(1)
                if not got:
                    return
                line += got
            partition, offset, at_ms, key_bytes, value_bytes = map(int, line.split())
            stream.read(4)
            headers = stream.readline()
            key = stream.read(max(0, key_bytes))
            value = None if value_bytes < 0 else stream.read(value_bytes)
            if value is not None and len(value) < value_bytes:
                return
            if offset < self._next.get(partition, 0):
                continue  # kcat began anew
            self._next[partition] = offset + 1
            self._take(Record(self._topic, partition, offset, at_ms, key, value, headers))
