"""Follows the two logs while a test runs: who decided when. What is proven is proven by checker.py from the topics; this
only tells a test when to go on, and how long things took by the brokers' clock.
"""

import collections
import threading

import topics

ENDS = ("inquiry_resolved", "inquiry_cancelled", "inquiry_abandoned")


class Feed:
    def __init__(self, p, bootstrap):
        self.p = p
        self._changed = threading.Condition()
        self.command_at = collections.defaultdict(dict)  # partition → offset → append time, ms
        self.undecided = collections.defaultdict(set)    # partition → offsets of messages without a decision
        self.first_at = collections.defaultdict(dict)    # partition → offset of a command → its first decision, ms
        self.watermark = {}
        self.open = set()
        self.kinds = collections.Counter()
        self.copies = 0
        self.decisions = 0
        self._tails = [topics.Tail(bootstrap, "usher.commands", self._command),
                       topics.Tail(bootstrap, "usher.decisions", self._decision)]

    def stop(self):
        for tail in self._tails:
            tail.stop()

    def _command(self, record):
        command = self.p.command.Command.FromString(record.value)
        kind = command.WhichOneof("body")
        with self._changed:
            self.kinds[kind] += 1
            if kind not in ("header", "tick"):
                self.command_at[record.partition][record.offset] = record.at_ms
            if kind == "place_inquiry" and record.offset not in self.first_at[record.partition]:
                self.undecided[record.partition].add(record.offset)

    def _decision(self, record):
        decision = self.p.decision.Decision.FromString(record.value)
        stamp = (decision.stamp.offset, decision.stamp.index)
        body = decision.WhichOneof("body")
        with self._changed:
            if stamp <= self.watermark.get(record.partition, (-1, 0)):
                self.copies += 1
                return
            self.watermark[record.partition] = stamp
            self.decisions += 1
            self.first_at[record.partition].setdefault(stamp[0], record.at_ms)
            self.undecided[record.partition].discard(stamp[0])
            if body == "inquiry_placed":
                self.open.add(decision.inquiry_placed.inquiry)
            elif body in ENDS:
                self.open.discard(getattr(decision, body).inquiry)
            self._changed.notify_all()

    def first_decided_after(self, partition, at_ms):
        """When the first command that was decided of those appended at or after `at_ms` was appended, and when it was
        decided, in ms; None: none was, so far. A process that was dead by then cannot have decided it."""
        with self._changed:
            return min(((at, self.first_at[partition][offset]) for offset, at in self.command_at[partition].items()
                        if at >= at_ms and offset in self.first_at[partition]), default=None)

    def settled(self):
        with self._changed:
            return not self.open and not any(self.undecided.values())

    def latencies_ms(self):
        with self._changed:
            return [self.first_at[partition][offset] - at for partition, commands in self.command_at.items()
                    for offset, at in commands.items() if offset in self.first_at[partition]]
