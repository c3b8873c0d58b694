"""What `GetStaffing` must say, computed again: how much came in each hour of the week from `usher.decisions` alone, and Erlang's C."""

import collections
import datetime
import math

SLOT_US = 15 * 60 * 1_000_000
SKETCH = 1 / 64  # a mean of what was measured is within this of the true one
OWN_MEAN_MIN = 30


def hour_of_week(at_us):
    at = datetime.datetime.fromtimestamp(at_us / 1e6, datetime.timezone.utc)
    return at.weekday() * 24 + at.hour


def hours_seen(from_us, to_us):
    """{hour of the week: so many times it was seen}, by quarters of an hour."""
    seen = collections.Counter()
    for slot in range(from_us // SLOT_US, to_us // SLOT_US):
        seen[hour_of_week(slot * SLOT_US)] += 0.25
    return seen


class Came:
    """What came to a desk, by queue and hour, and how long it was handled. One that begins later comes when it begins."""

    def __init__(self, p, records, desk):
        self.placed = collections.defaultdict(collections.Counter)  # (hour of the week, queue) → kind → how many
        self.handled = collections.defaultdict(list)                # kind → seconds
        kinds = {}
        seen = (-1, 0)
        for record in records:
            decision = p.decision.Decision.FromString(record.value)
            stamp = (decision.stamp.offset, decision.stamp.index)
            if stamp <= seen or decision.desk != desk:
                continue
            seen = stamp
            body = getattr(decision, decision.WhichOneof("body"))
            what = type(body).__name__
            if what in ("InquiryPlaced", "InquiryUpdated"):
                features = body.features
                queue = body.queue if what == "InquiryPlaced" else kinds[body.inquiry][0]
                kinds[body.inquiry] = (queue, features.channel, features.language, features.topic)
            elif what in ("InquiryStarted", "InquiryRerouted", "InquiryEscalated"):
                kinds[body.inquiry] = (body.queue, *kinds[body.inquiry][1:])
            elif what == "InquiryResolved":
                self.handled[kinds[body.inquiry]].append(body.handled_us / 1e6)
            if (what == "InquiryPlaced" and not body.starts_us) or what == "InquiryStarted":
                kind = kinds[body.inquiry]
                self.placed[(hour_of_week(decision.at_us), kind[0])][kind] += 1

    def mean(self, kind):
        """Of the kind, of its queue where that is too little to tell, else of all."""
        queue = [value for other, values in self.handled.items() if other[0] == kind[0] for value in values]
        everything = [value for values in self.handled.values() for value in values]
        for values in (self.handled.get(kind, []), queue):
            if len(values) >= OWN_MEAN_MIN:
                return math.fsum(values) / len(values)
        return math.fsum(everything) / max(1, len(everything))

    def wrong(self, staffing):
        """A line for each figure of the answer's queues that is not so."""
        seen = hours_seen(getattr(staffing, "from").ToMicroseconds(), staffing.to.ToMicroseconds())
        lines = []
        for pool in staffing.queues:
            told = {row.hour: row for row in pool.hours if row.arrivals > 0}
            wanted = {hour for hour, queue in self.placed if queue == pool.name}
            if set(told) != wanted:
                lines.append(f"{pool.name}: hours {sorted(told)}, not {sorted(wanted)}")
                continue
            for hour, row in told.items():
                kinds = self.placed[(hour, pool.name)]
                count = sum(kinds.values())
                if not math.isclose(row.arrivals, count / seen[hour], rel_tol=1e-9):
                    lines.append(f"{pool.name} at {hour}: {row.arrivals} come, not {count} in {seen[hour]} hours")
                handling = math.fsum(self.mean(kind) * number for kind, number in kinds.items()) / count
                if abs(row.handling - handling) > SKETCH * handling + 1e-6:
                    lines.append(f"{pool.name} at {hour}: handled in {row.handling} s, not {handling} s")
        return lines


def answered_within(arrivals_s, handling_s, servers, target_s):
    """Erlang C: the share answered within the target where nobody leaves."""
    load = arrivals_s * handling_s
    if load >= servers:
        return 0.0
    blocked = 1.0
    for k in range(1, servers + 1):
        blocked = load * blocked / (k + load * blocked)
    waits = servers * blocked / (servers - load * (1 - blocked))
    return 1 - waits * math.exp(-(servers - load) * target_s / handling_s)


def servers_needed(arrivals_s, handling_s, target_s, wanted):
    servers = 1
    while answered_within(arrivals_s, handling_s, servers, target_s) < wanted:
        servers += 1
    return servers
