"""What reports must say, counted again from `usher.decisions` alone: knows the protos and the definitions of
services/insights/README.md, and nothing of usher's code.

    desks = recount(p, decisions)      # {partition: records}, as topics.by_partition() gives them
    differences(desks["north"], report, "queue")   # of a GetReportResponse: [] if every figure is as counted here

Counts are equal to the last one, seconds of agents to the microsecond; a quantile is within the error that the report
states of the value of its rank.
"""

import collections
import dataclasses
import math

WAITING, OFFERED, ASSIGNED, ANSWERED, PENDING, SCHEDULED = "waiting offered assigned answered pending scheduled".split()
THERE = ("PRESENCE_AVAILABLE", "PRESENCE_BUSY", "PRESENCE_DRAINING")
SLOT_US = 15 * 60 * 1_000_000
OUTAGE_US = 10_000_000
TIMES = ("first_response", "next_response", "offer_wait", "accept", "handling", "resolution", "abandon")
TARGETS = {0: "first_response", 1: "first_response", 2: "next_response", 3: "resolution", 4: "update"}
MIX = (0xff51afd7ed558ccd, 0xc4ceb9fe1a85ec53)
PROPERTIES = ("queue", "channel", "topic", "language", "agent")

Key = collections.namedtuple("Key", PROPERTIES)


def mixed(value):
    for factor in MIX:
        value ^= value >> 33
        value = value * factor & (1 << 64) - 1
    return value ^ value >> 33


def draw(inquiry):
    """0 to 999: what the sampling for reviews draws for an id of 16 bytes."""
    high, low = int.from_bytes(inquiry[:8], "big"), int.from_bytes(inquiry[8:], "big")
    return mixed(high ^ mixed(low)) % 1000


@dataclasses.dataclass
class Inquiry:
    queue: str
    features: object
    placed_us: int
    stage: str = WAITING
    agent: str = ""
    asked: list = dataclasses.field(default_factory=list)
    offers: int = 0
    offered_us: int = 0
    answered: bool = False
    asked_us: int = 0       # since when its customer waits for the next reply
    missed: bool = False
    nobody_fitted: bool = False
    reserved: bool = False
    repeat: bool = False    # or re-opened

    def key(self, agent=""):
        return Key(self.queue, self.features.channel, self.features.topic, self.features.language, agent)

    def owner(self):
        return self.agent if self.stage in (ASSIGNED, ANSWERED) else ""


class Agent:
    def __init__(self, at_us):
        self.presence = "PRESENCE_OFFLINE"
        self.since_us = at_us
        self.was_there = self.was_occupied = False


class Desk:
    def __init__(self):
        self.counts = collections.defaultdict(collections.Counter)   # key → name → how many
        self.times = collections.defaultdict(lambda: collections.defaultdict(list))  # key → name → microseconds
        self.inquiries = {}
        self.agents = {}
        self.able = collections.defaultdict(set)    # (queue, language) → agents
        self.ended = (b"", None)
        self.outage = (0, 0)
        self.at_us = 0
        self.quality = None
        self.ended_keys = {}    # inquiry → what it was at its end
        self.ratings = {}       # inquiry → (key, rating)
        self.reviews = {}       # (inquiry, reviewer) → (key, {criterion: mark})
        self.wanted = {}        # inquiry → (when it ended, key), in that order: nobody reviewed it yet
        self.finished = collections.Counter()   # by agent
        self.bots = set()

    # ---- what is said afterwards

    def key_of(self, inquiry_id):
        inquiry = self.inquiries.get(inquiry_id)
        if inquiry is None:
            return self.ended_keys.get(inquiry_id, Key("", "", "", "", ""))
        return inquiry.key(inquiry.agent if inquiry.stage in (ASSIGNED, ANSWERED, PENDING) else "")

    def lapse(self):
        keep_us = self.quality.keep_us if self.quality else 336 * 3600 * 1_000_000
        for inquiry, (ended_us, key) in list(self.wanted.items()):
            if self.at_us - ended_us < keep_us:
                return
            self.counts[key]["lapsed"] += 1
            del self.wanted[inquiry]

    def want(self, inquiry_id, inquiry, key, negative):
        if key.agent in self.bots:
            return
        reasons = [] if not self.quality else [
            self.quality.share_permille,
            self.quality.angry_permille if inquiry.features.sentiment == negative else 0,
            self.quality.repeats_permille if inquiry.repeat else 0,
            self.quality.new_agents_permille if self.finished[key.agent] < self.quality.new_agents_first else 0]
        self.finished[key.agent] += 1
        reviewed = any(one == inquiry_id for one, _ in self.reviews)
        if any(draw(inquiry_id) < share for share in reasons) and not reviewed:
            self.wanted[inquiry_id] = (self.at_us, key)
            self.counts[key]["wanted"] += 1

    def count_review(self, key, marks, by):
        self.counts[key]["reviews"] += by
        for criterion, mark in marks.items():
            self.counts[key]["marks " + criterion] += by
            self.counts[key]["sum of " + criterion] += by * mark

    # ---- agents

    def work_of(self, agent):
        assigned = sum(one.owner() == agent for one in self.inquiries.values())
        offered = sum(agent in one.asked for one in self.inquiries.values())
        return assigned, offered

    def there(self, agent):
        return agent in self.agents and self.agents[agent].presence in THERE

    def idle(self, agent):
        return self.agents[agent].presence == "PRESENCE_AVAILABLE" and self.work_of(agent) == (0, 0)

    def count_time(self, name, until_us):
        agent = self.agents[name]
        if agent.was_there and until_us > agent.since_us:
            key = Key("", "", "", "", name)
            self.counts[key]["staffed"] += until_us - agent.since_us
            if agent.was_occupied:
                self.counts[key]["occupied"] += until_us - agent.since_us
        agent.since_us = max(agent.since_us, until_us)

    def look_at_agents(self, names, at_us):
        """After a decision: those whose state changed have their time counted until now."""
        for name in names:
            agent = self.agents.setdefault(name, Agent(at_us))
            there, occupied = self.there(name), self.work_of(name)[0] > 0
            if (there, occupied) != (agent.was_there, agent.was_occupied):
                self.count_time(name, at_us)
                agent.since_us = at_us
                agent.was_there, agent.was_occupied = there, occupied

    def close(self):
        """Time counts to the end of each quarter of an hour that is over."""
        for name in self.agents:
            self.count_time(name, self.at_us // SLOT_US * SLOT_US)

    # ---- breaches

    def cause(self, inquiry, at_us):
        if inquiry is None:
            return "other"
        begin, end = self.outage
        if end:
            if begin <= at_us < end:
                return "outage"
            covered = min(end, at_us) - max(begin, inquiry.placed_us)
            if covered > 0 and covered >= (at_us - inquiry.placed_us) // 2:
                return "outage"
        if inquiry.stage not in (WAITING, OFFERED):
            return "with_agent" if inquiry.agent and inquiry.stage != SCHEDULED else "other"
        if inquiry.missed:
            return "offers_missed"
        if inquiry.reserved:
            return "other"
        if not any(self.there(name) for name in self.agents):
            return "nobody_here"
        able = self.able.get((inquiry.queue, inquiry.features.language), set())
        here = [name for name in able if self.there(name)]
        if any(self.idle(name) for name in here):
            return "other"
        if here:
            return "all_busy"
        if able or inquiry.nobody_fitted or any(self.idle(name) for name in self.agents):
            return "nobody_skilled"
        return "other"


class Recount:
    def __init__(self, p):
        self.p = p
        self.desks = collections.defaultdict(Desk)

    def take(self, decision):
        desk = self.desk = self.desks[decision.desk]
        desk.at_us = self.at_us = decision.at_us
        desk.lapse()
        if decision.command_at_us - decision.at_us >= OUTAGE_US:
            begin, end = desk.outage
            desk.outage = (decision.at_us if decision.at_us > end else begin, max(end, decision.command_at_us))
        what = decision.WhichOneof("body")
        body = getattr(decision, what)
        inquiry = desk.inquiries.get(getattr(body, "inquiry", None))
        touched = {name for name in (getattr(body, "agent", ""),) if name}
        if inquiry is not None:
            touched |= {inquiry.owner(), *inquiry.asked}
        handler = getattr(self, "on_" + what, None)
        if handler:
            handler(body, inquiry)
        inquiry = desk.inquiries.get(getattr(body, "inquiry", None))
        if inquiry is not None:
            touched |= {inquiry.owner(), *inquiry.asked}
        desk.look_at_agents(touched - {""}, self.at_us)

    def count(self, key, name):
        self.desk.counts[key][name] += 1

    def time(self, key, name, micros):
        self.desk.times[key][name].append(max(0, micros))

    def on_inquiry_placed(self, body, _):
        inquiry = Inquiry(body.queue, body.features, body.arrived_us or self.at_us)
        inquiry.repeat = body.repeat or bool(body.reopens)
        self.desk.inquiries[body.inquiry] = inquiry
        self.count(inquiry.key(), "placed")
        if body.starts_us:
            inquiry.stage = SCHEDULED
            self.count(inquiry.key(), "scheduled")
        if body.repeat:
            self.count(inquiry.key(), "repeats")
        if body.reopens:
            self.count(inquiry.key(), "reopened")

    def on_message_joined(self, _, inquiry):
        self.count(inquiry.key(), "joined")
        if inquiry.answered and not inquiry.asked_us:
            inquiry.asked_us = self.at_us

    def on_inquiry_rejected(self, body, inquiry):
        self.count(inquiry.key() if inquiry else Key(body.queue, "", "", "", ""), "rejected")
        if inquiry and inquiry.stage == SCHEDULED and body.reason in (
                self.p.inquiry.REJECT_REASON_QUEUE_FULL, self.p.inquiry.REJECT_REASON_NOBODY_HERE,
                self.p.inquiry.REJECT_REASON_QUEUE_CLOSED):
            del self.desk.inquiries[body.inquiry]

    def on_inquiry_rerouted(self, body, inquiry):
        inquiry.queue = body.queue

    on_inquiry_escalated = on_inquiry_rerouted

    def on_inquiry_updated(self, body, inquiry):
        inquiry.features = body.features

    def on_inquiry_started(self, body, inquiry):
        inquiry.queue, inquiry.stage, inquiry.placed_us = body.queue, WAITING, self.at_us
        self.count(inquiry.key(), "started")

    def on_schedule_changed(self, body, inquiry):
        inquiry.placed_us = body.at_us

    def on_inquiry_reserved(self, _, inquiry):
        inquiry.reserved = True

    def on_reservation_ended(self, _, inquiry):
        inquiry.reserved = False

    def on_inquiry_relaxed(self, body, inquiry):
        inquiry.nobody_fitted |= body.skipped

    def on_offer_made(self, body, inquiry):
        self.count(inquiry.key(body.agent), "offers_made")
        if inquiry.offers == 0:
            self.time(inquiry.key(body.agent), "offer_wait", self.at_us - inquiry.placed_us)
        inquiry.offers += 1
        inquiry.offered_us = self.at_us
        inquiry.asked.append(body.agent)
        inquiry.stage, inquiry.agent = OFFERED, inquiry.asked[0]

    def on_offer_accepted(self, body, inquiry):
        key = inquiry.key(body.agent)
        self.count(key, "offers_accepted")
        if not body.automatic:
            self.time(key, "accept", self.at_us - inquiry.offered_us)
        inquiry.agent, inquiry.asked, inquiry.missed, inquiry.reserved = body.agent, [], False, False
        inquiry.stage = ANSWERED if inquiry.answered else ASSIGNED
        self.desk.able[(inquiry.queue, inquiry.features.language)].add(body.agent)

    def offer_over(self, body, inquiry, outcome):
        key = inquiry.key(body.agent) if inquiry else Key("", "", "", "", body.agent)
        self.count(key, "offers_" + outcome)
        if inquiry is None:
            return
        if body.agent in inquiry.asked:
            inquiry.asked.remove(body.agent)
        if inquiry.stage == OFFERED:
            inquiry.agent = inquiry.asked[0] if inquiry.asked else ""
            inquiry.stage = OFFERED if inquiry.asked else WAITING
        inquiry.missed |= outcome != "rescinded"

    def on_offer_declined(self, body, inquiry):
        self.offer_over(body, inquiry, "declined")

    def on_offer_expired(self, body, inquiry):
        self.offer_over(body, inquiry, "expired")

    def on_offer_rescinded(self, body, inquiry):
        self.offer_over(body, inquiry, "rescinded")

    def on_inquiry_answered(self, body, inquiry):
        key = inquiry.key(body.agent)
        self.count(key, "replies")
        if body.first:
            self.time(key, "first_response", body.since_placed_us)
            inquiry.answered = True
        if inquiry.asked_us:
            self.time(key, "next_response", self.at_us - inquiry.asked_us)
            inquiry.asked_us = 0
        inquiry.agent = body.agent
        if inquiry.stage != PENDING:
            inquiry.stage = ANSWERED

    def on_inquiry_resolved(self, body, inquiry):
        key = inquiry.key(body.agent)
        self.time(key, "handling", body.handled_us)
        self.time(key, "resolution", body.since_placed_us)
        self.desk.ended = (body.inquiry, key)
        self.desk.ended_keys[body.inquiry] = key
        self.desk.want(body.inquiry, inquiry, key, self.p.inquiry.SENTIMENT_NEGATIVE)
        del self.desk.inquiries[body.inquiry]

    def on_inquiry_cancelled(self, body, inquiry):
        self.count(inquiry.key(), "cancelled")
        self.desk.ended_keys[body.inquiry] = self.desk.key_of(body.inquiry)
        del self.desk.inquiries[body.inquiry]

    def on_inquiry_abandoned(self, body, inquiry):
        self.time(inquiry.key(), "abandon", body.since_placed_us)
        self.desk.ended_keys[body.inquiry] = self.desk.key_of(body.inquiry)
        del self.desk.inquiries[body.inquiry]

    def on_inquiry_requeued(self, body, inquiry):
        moved = body.reason == self.p.decision.REQUEUE_REASON_TRANSFERRED
        self.count(inquiry.key(body.agent), "transferred" if moved else "requeued")
        inquiry.agent, inquiry.stage = "", WAITING

    def on_inquiry_paused(self, body, inquiry):
        inquiry.agent, inquiry.stage = body.agent, PENDING

    def on_inquiry_resumed(self, body, inquiry):
        inquiry.agent = body.agent
        inquiry.stage = WAITING if not body.agent else ANSWERED if inquiry.answered else ASSIGNED

    def target(self, body, inquiry, name):
        if inquiry is None:
            ended, key = self.desk.ended
            key = key if ended == body.inquiry else Key("", "", "", "", "")
        else:
            key = inquiry.key(inquiry.agent if inquiry.stage in (ASSIGNED, ANSWERED, PENDING) else "")
        self.count(key, name)

    def on_sla_met(self, body, inquiry):
        self.target(body, inquiry, "met_" + TARGETS[body.target])

    def on_sla_breached(self, body, inquiry):
        self.target(body, inquiry, f"breached_{TARGETS[body.target]}_{self.desk.cause(inquiry, self.at_us)}")

    def on_presence_changed(self, body, _):
        agent = self.desk.agents.setdefault(body.agent, Agent(self.at_us))
        agent.presence = self.p.inquiry.Presence.Name(body.presence)

    def on_policy_applied(self, body, _):
        self.desk.quality = body.quality if body.HasField("quality") else None

    def on_inquiry_rated(self, body, _):
        before = self.desk.ratings.get(body.inquiry)
        if before:
            self.desk.counts[before[0]][f"rated {before[1]}"] -= 1
        key = self.desk.key_of(body.inquiry)
        self.desk.ratings[body.inquiry] = (key, body.rating)
        self.count(key, f"rated {body.rating}")

    def on_inquiry_reviewed(self, body, _):
        self.desk.wanted.pop(body.inquiry, None)
        before = self.desk.reviews.get((body.inquiry, body.reviewer))
        if before:
            self.desk.count_review(*before, -1)
        key = self.desk.key_of(body.inquiry)._replace(agent=body.agent)
        self.desk.reviews[body.inquiry, body.reviewer] = (key, {mark.criterion: mark.mark for mark in body.marks})
        self.desk.count_review(*self.desk.reviews[body.inquiry, body.reviewer], 1)

    def on_agent_registered(self, body, _):
        (self.desk.bots.add if getattr(body, "bot", False) else self.desk.bots.discard)(body.agent)
        for agents in self.desk.able.values():
            agents.discard(body.agent)

    def on_agent_removed(self, body, _):
        self.on_agent_registered(body, _)
        self.desk.finished.pop(body.agent, None)
        if body.agent in self.desk.agents:
            self.desk.agents[body.agent].presence = "PRESENCE_OFFLINE"


def recount(p, decisions):
    counter = Recount(p)
    for partition in sorted(decisions):
        seen = (-1, 0)
        for record in decisions[partition]:
            decision = p.decision.Decision.FromString(record.value)
            stamp = (decision.stamp.offset, decision.stamp.index)
            if stamp <= seen:
                continue  # a copy by a stale owner
            seen = stamp
            counter.take(decision)
    for desk in counter.desks.values():
        desk.close()
    return dict(counter.desks)


def _summed(desk, group):
    """{name: (counts, times)} by a property; group None: all together under ""."""
    sums = {}
    for key in set(desk.counts) | set(desk.times):
        name = "" if group is None else getattr(key, group)
        if group == "agent" and not name:
            continue
        counts, times = sums.setdefault(name or ("" if group is None else "unknown"),
                                        (collections.Counter(), collections.defaultdict(list)))
        for what, number in desk.counts.get(key, {}).items():
            if what in ("staffed", "occupied") and group not in (None, "agent"):
                continue
            counts[what] += number
        for what, micros in desk.times.get(key, {}).items():
            times[what] += micros
    return {name: sums[name] for name in sums if any(sums[name][0].values()) or any(sums[name][1].values())}


def _figures(figures):
    counts = collections.Counter()
    for name in ("placed", "scheduled", "started", "repeats", "reopened", "joined", "rejected", "replies", "cancelled",
                 "transferred", "requeued", "wanted", "lapsed", "reviews"):
        counts[name] = getattr(figures, name)
    for offer in figures.offers:
        counts["offers_" + offer.name] = offer.count
    for target in figures.targets:
        counts["met_" + target.target] = target.met
        for cause in target.causes:
            counts[f"breached_{target.target}_{cause.name}"] = cause.count
    for rating, count in enumerate(figures.ratings.by_rating, 1):
        counts[f"rated {rating}"] = count
    for mark in figures.marks:
        counts["marks " + mark.criterion], counts["sum of " + mark.criterion] = mark.count, round(mark.mean * mark.count)
    counts["staffed"], counts["occupied"] = round(figures.staffed * 1e6), round(figures.occupied * 1e6)
    return +counts


def _compare(where, mine, figures, error, out):
    counts, times = mine
    told = _figures(figures)
    if +counts != told:
        wrong = {name: (counts[name], told[name]) for name in set(counts) | set(told) if counts[name] != told[name]}
        out.append(f"{where}: counted, told: {wrong}")
    for name in TIMES:
        said, values = getattr(figures, name), sorted(times.get(name, ()))
        if said.count != len(values):
            out.append(f"{where}: {name}: {len(values)} times counted, {said.count} told")
            continue
        for field, permille in (("p50", 500), ("p90", 900), ("p95", 950), ("p99", 990)):
            if not values:
                continue
            true = values[max(1, math.ceil(len(values) * permille / 1000)) - 1] / 1e6
            if abs(getattr(said, field) - true) > true * error + 1e-9:
                out.append(f"{where}: {name} {field}: {true} counted, {getattr(said, field)} told")
    answered = (figures.answered, figures.resolved, figures.abandoned)
    if answered != tuple(len(times.get(name, ())) for name in ("first_response", "resolution", "abandon")):
        out.append(f"{where}: answered, resolved, abandoned told as {answered}")


def differences(desk, report, groups):
    """What the report says otherwise than the recount; `groups` are the properties of its sections, in order."""
    out = []
    _compare("all", _summed(desk, None).get("", (collections.Counter(), {})), report.total, report.relative_error, out)
    for section, group in zip(report.sections, groups):
        mine = _summed(desk, group)
        told = {row.key: row.figures for row in section.rows}
        if set(mine) != set(told):
            out.append(f"{group}: counted {sorted(mine)}, told {sorted(told)}")
        for name in sorted(set(mine) & set(told)):
            _compare(f"{group} {name}", mine[name], told[name], report.relative_error, out)
    return out
