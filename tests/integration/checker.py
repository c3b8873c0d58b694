"""An independent reading of the two logs: knows the protos and the promises, and nothing of usher's code.

    outcome = check(p, commands, decisions)     # {partition: records}, as topics.by_partition() gives them

raises Violation at the first promise that is broken, naming the decision. What is checked:

- each partition of the decisions is one sequence in stamp order once copies are dropped; each copy is identical; each
  decision names its predecessor; all carry the log's id;
- each command has exactly one outcome: what it asked for, or a refusal, or that it was a repeat; never two, never none;
- each message has exactly one outcome: it opened one inquiry, joined the open one of its conversation, or was rejected;
- each record of the input topics became a command, or a dead letter (check_inputs);
- each inquiry is in one stage, with at most one agent; an offer goes to an agent who is available, has the skills at
  their levels, and has capacity left; what ends has ended;
- clocks breach when they are due, and only if nobody replied.
"""

import collections
import copy
import dataclasses

WAITING, OFFERED, ASSIGNED, ENDED = "waiting", "offered", "assigned", "ended"

# What each command is answered with, unless it is refused or a repeat, and the fields that must be the command's own.
# Timers fire before a command is carried out and others are served after it, under the same stamp: so the fields matter.
OUTCOMES = {
    "place_inquiry": {"inquiry_placed": ("inquiry", "message"), "message_joined": ("message",),
                      "inquiry_rejected": ("inquiry", "message")},
    "cancel_inquiry": {"inquiry_cancelled": ("inquiry",)},
    "abandon_inquiry": {"inquiry_abandoned": ("inquiry",)},
    "update_inquiry": {"inquiry_updated": ("inquiry",)},
    "register_agent": {"agent_registered": ("agent",)},
    "remove_agent": {"agent_removed": ("agent",)},
    "set_presence": {"presence_changed": ("agent", "presence")},
    "accept_offer": {"offer_accepted": ("offer",)},
    "decline_offer": {"offer_declined": ("offer",)},
    "record_reply": {"inquiry_answered": ("inquiry", "agent")},
    "finish_inquiry": {"inquiry_resolved": ("inquiry", "agent")},
    "update_order": {"order_updated": ("order",)},
    "show_work": {"work_shown": ("agent",)},
    "apply_policy": {"policy_applied": ()},
    "checkpoint": {"checkpointed": ()},
    "estimate_wait": {"wait_estimated": ("inquiry",)},
    "explain_inquiry": {"inquiry_explained": ("inquiry",)},
    "preview_policy": {"policy_previewed": ()},
    "review_inquiry": {"inquiry_reviewed": ("inquiry", "agent", "reviewer")},
    "rate_inquiry": {"inquiry_rated": ("inquiry", "rating")},
}
REFUSALS = ("command_rejected", "command_repeated")


class Violation(AssertionError):
    pass


@dataclasses.dataclass
class Inquiry:
    conversation: bytes
    queue: str
    channel: str
    due_us: int
    stage: str = WAITING
    agent: str = ""
    offer: int = 0
    units: int = 1
    answered: bool = False
    breached: bool = False
    step: int = 0
    reserved: tuple = ()  # the only agents that may be asked; empty: anybody


@dataclasses.dataclass
class Agent:
    units: int
    skills: dict
    limits: dict
    presence: int
    holds: dict = dataclasses.field(default_factory=dict)     # inquiry → units: offered or assigned
    wrap_ups: dict = dataclasses.field(default_factory=dict)  # inquiry → units

    def used(self):
        return sum(self.holds.values()) + sum(self.wrap_ups.values())


class Desk:
    def __init__(self):
        self.policy = None
        self.inquiries = {}
        self.open_of = {}  # conversation → inquiry
        self.agents = {}
        self.offers = 0
        self.at_us = 0
        self.count = collections.Counter()
        self.by_queue = collections.Counter()
        self.messages = {}  # message → outcome
        self.outcome_of = {}  # inquiry id of a PlaceInquiry command → outcome

    def queue(self, name):
        return next(queue for queue in self.policy.queues if queue.name == name)


class Checker:
    """Follows the decisions of one partition."""

    def __init__(self, p, commands):
        self.p = p
        self.desks = collections.defaultdict(Desk)
        self.commands = {}  # offset → Command
        header = None
        for record in commands:
            command = p.command.Command.FromString(record.value)
            if command.WhichOneof("body") == "header":
                header = header or command.header
                continue
            self.commands[record.offset] = command
        if header is None:
            raise Violation("no header in the command log")
        self.log_id = header.log_id
        self.partitions = header.partitions
        self.watermark = (-1, 0)
        self.seen = {}  # stamp → bytes
        self.answered = {}  # offset → what the command was answered with
        self.copies = 0

    def demand(self, condition, why):
        if not condition:
            raise Violation(f"{why}: {str(self.decision)[:600]}")

    def take(self, record):
        """One record of `usher.decisions`."""
        self.decision = decision = self.p.decision.Decision.FromString(record.value)
        stamp = (decision.stamp.offset, decision.stamp.index)
        self.demand(decision.stamp.log_id == self.log_id, "another log's decision")
        self.demand(decision.stamp.partition == record.partition, "a decision on another partition")
        if stamp <= self.watermark:
            self.demand(stamp in self.seen, "older than what came before, and never seen")
            self.demand(self.seen[stamp] == record.value, "two decisions of one stamp that differ")
            self.copies += 1
            return
        self.demand((decision.previous_offset, decision.previous_index) == self.watermark
                    if self.watermark[0] >= 0 else decision.previous_offset == -1, "its predecessor is missing")
        self.demand(stamp[0] != self.watermark[0] or stamp[1] == self.watermark[1] + 1, "an index is missing")
        self.demand(stamp[0] == self.watermark[0] or stamp[1] == 0, "the first index of a command is missing")
        self.watermark = stamp
        self.seen[stamp] = record.value
        self.demand(stamp[0] in self.commands, "no command at its offset")
        self.command = self.commands[stamp[0]]
        self.demand(self.command.desk == decision.desk, "another desk than its command's")
        desk = self.desks[decision.desk]
        self.demand(decision.at_us >= desk.at_us, "time goes back")
        desk.at_us = decision.at_us
        body = decision.WhichOneof("body")
        self.answer(body, getattr(decision, body))
        handler = getattr(self, "on_" + body, None)
        self.demand(handler is not None, f"a kind of decision that is not known here: {body}")
        handler(desk, getattr(decision, body))

    # Commands.

    def answer(self, body, told):
        kind = self.command.WhichOneof("body")
        asked = getattr(self.command, kind)
        fields = OUTCOMES.get(kind, {}).get(body)
        mine = fields is not None and all(getattr(told, field) == getattr(asked, field) for field in fields)
        if not mine and body not in REFUSALS:
            return
        offset = self.watermark[0]
        if kind == "set_presence" and self.answered.get(offset) == body:
            return  # a timer may have sent the agent away in the same breath
        self.demand(offset not in self.answered, f"a second outcome, after {self.answered.get(offset)}")
        self.answered[offset] = body

    def unanswered(self):
        """Offsets of commands that have no outcome. A renewal of calendars may be skipped, and has none then."""
        return [offset for offset, command in sorted(self.commands.items())
                if offset not in self.answered and command.WhichOneof("body") in OUTCOMES
                and not (command.WhichOneof("body") == "apply_policy" and command.apply_policy.renewal)]

    # Messages.

    def outcome(self, desk, told, what):
        place = self.command.place_inquiry
        self.demand(self.command.WhichOneof("body") == "place_inquiry", "no message behind it")
        self.demand(told.message == place.message, "another message than its command's")
        self.demand(told.message not in desk.messages, "a second outcome of one message")
        desk.messages[told.message] = what
        desk.outcome_of[place.inquiry] = what
        desk.count[what] += 1

    def on_inquiry_placed(self, desk, placed):
        self.outcome(desk, placed, "placed")
        self.demand(placed.inquiry == self.command.place_inquiry.inquiry, "another inquiry than its command's")
        self.demand(placed.inquiry not in desk.inquiries, "an inquiry opens twice")
        self.demand(not placed.conversation or placed.conversation not in desk.open_of, "its conversation has an open one")
        units = [channel.units for channel in desk.policy.channels if channel.name == placed.features.channel]
        self.demand(len(units) == 1, "a channel that the policy does not have")
        desk.inquiries[placed.inquiry] = Inquiry(
            placed.conversation, placed.queue, placed.features.channel, placed.due_us, units=units[0])
        desk.queue(placed.queue)
        desk.open_of[placed.conversation] = placed.inquiry
        desk.by_queue[placed.queue] += 1

    def on_message_joined(self, desk, joined):
        self.outcome(desk, joined, "joined")
        self.demand(desk.open_of.get(self.command.place_inquiry.conversation) == joined.inquiry,
                    "it joins what is not its conversation's open inquiry")

    def on_inquiry_rejected(self, desk, rejected):
        self.outcome(desk, rejected, "rejected")

    def on_inquiry_rerouted(self, desk, rerouted):
        inquiry = self.find(desk, rerouted.inquiry, WAITING, OFFERED, ASSIGNED)
        self.moves(inquiry, rerouted.queue)
        inquiry.due_us = rerouted.due_us

    def moves(self, inquiry, queue):
        if queue != inquiry.queue:
            inquiry.queue, inquiry.step = queue, 0

    def on_inquiry_relaxed(self, desk, relaxed):
        inquiry = self.find(desk, relaxed.inquiry, WAITING)
        self.demand(inquiry.step < relaxed.step <= len(desk.queue(inquiry.queue).steps), "no step that lies before it")
        inquiry.step = relaxed.step
        desk.count["relaxed"] += 1

    def on_inquiry_escalated(self, desk, escalated):
        by_age = escalated.reason == self.p.decision.ESCALATE_REASON_AGE
        stages = (WAITING, OFFERED) if by_age else (WAITING, OFFERED, ASSIGNED)  # a message raises it wherever it is
        self.moves(self.find(desk, escalated.inquiry, *stages), escalated.queue)

    def on_inquiry_reserved(self, desk, reserved):
        inquiry = self.find(desk, reserved.inquiry, WAITING)
        self.demand(len(reserved.agents) > 0, "reserved for nobody")
        inquiry.reserved = tuple(reserved.agents)

    def on_reservation_ended(self, desk, ended):
        inquiry = self.find(desk, ended.inquiry, WAITING, OFFERED)
        self.demand(inquiry.reserved, "it was not reserved")
        inquiry.reserved = ()

    def on_inquiry_starving(self, desk, starving):
        self.find(desk, starving.inquiry, WAITING, OFFERED)

    def on_inquiry_updated(self, desk, updated):
        self.find(desk, updated.inquiry, WAITING, OFFERED, ASSIGNED)

    def on_breach_forecast(self, desk, forecast):
        inquiry = self.find(desk, forecast.inquiry, WAITING)
        self.demand(self.decision.at_us + forecast.estimate_us > forecast.due_us, "it would be in time")
        self.demand(not inquiry.breached, "it is late already")

    def on_order_updated(self, desk, updated):
        self.demand(self.command.WhichOneof("body") == "update_order", "no order behind it")
        self.demand(updated.order == self.command.update_order.order, "another order than its command's")

    def on_inquiry_reviewed(self, desk, reviewed):
        self.demand(reviewed.agent != reviewed.reviewer, "a review of one's own work")
        criteria = [mark.criterion for mark in reviewed.marks]
        self.demand(0 < len(criteria) == len(set(criteria)) <= 16, "no marks, or a criterion twice")
        self.demand(all(mark.mark <= 100 for mark in reviewed.marks), "a mark over 100")
        known = set(desk.policy.quality.criteria) if desk.policy else set()
        self.demand(not known or known.issuperset(criteria), "a mark of what the policy does not name")
        desk.count["reviewed"] += 1

    def on_inquiry_rated(self, desk, rated):
        self.demand(1 <= rated.rating <= 5, "a rating that there is not")
        desk.count["rated"] += 1

    # Offers.

    def find(self, desk, inquiry_id, *stages):
        self.demand(inquiry_id in desk.inquiries, "an inquiry that nobody placed")
        inquiry = desk.inquiries[inquiry_id]
        self.demand(inquiry.stage in stages, f"it is {inquiry.stage}, not {' or '.join(stages)}")
        return inquiry

    def on_offer_made(self, desk, made):
        inquiry = self.find(desk, made.inquiry, WAITING)
        self.demand(made.agent in desk.agents, "an agent that nobody registered")
        agent = desk.agents[made.agent]
        self.demand(agent.presence == self.p.inquiry.PRESENCE_AVAILABLE, "the agent is not available")
        self.demand(not inquiry.reserved or made.agent in inquiry.reserved, "it is reserved for others")
        queue = desk.queue(inquiry.queue)
        for need in queue.needs if inquiry.step == 0 else queue.steps[inquiry.step - 1].needs:
            self.demand(agent.skills.get(need.skill, -1) >= need.level, f"the agent lacks {need.skill}")
        self.demand(agent.used() + inquiry.units <= agent.units, f"over the agent's capacity, {agent.used()} used")
        same_channel = sum(desk.inquiries[held].channel == inquiry.channel for held in [*agent.holds, *agent.wrap_ups])
        self.demand(same_channel < agent.limits.get(inquiry.channel, 1 << 30), "over the agent's limit for the channel")
        self.demand(made.offer > desk.offers, "offers are counted up")
        desk.offers = made.offer
        inquiry.stage, inquiry.agent, inquiry.offer = OFFERED, made.agent, made.offer
        agent.holds[made.inquiry] = inquiry.units
        desk.count["offers.made"] += 1

    def offer(self, desk, ended, outcome):
        inquiry = self.find(desk, ended.inquiry, OFFERED)
        self.demand((inquiry.offer, inquiry.agent) == (ended.offer, ended.agent), "another's offer")
        desk.count["offers." + outcome] += 1
        return inquiry

    def back_to_queue(self, desk, inquiry_id, inquiry):
        if inquiry.agent in desk.agents:
            del desk.agents[inquiry.agent].holds[inquiry_id]
        inquiry.stage, inquiry.agent, inquiry.offer = WAITING, "", 0

    def on_offer_accepted(self, desk, accepted):
        inquiry = self.offer(desk, accepted, "accepted")
        inquiry.stage, inquiry.reserved = ASSIGNED, ()

    def on_offer_declined(self, desk, declined):
        self.back_to_queue(desk, declined.inquiry, self.offer(desk, declined, "declined"))

    def on_offer_expired(self, desk, expired):
        self.back_to_queue(desk, expired.inquiry, self.offer(desk, expired, "expired"))

    def on_offer_rescinded(self, desk, rescinded):
        self.back_to_queue(desk, rescinded.inquiry, self.offer(desk, rescinded, "rescinded"))

    # Work and ends.

    def owned(self, desk, told):
        inquiry = self.find(desk, told.inquiry, ASSIGNED)
        self.demand(inquiry.agent == told.agent, "another's inquiry")
        return inquiry

    def on_inquiry_answered(self, desk, answered):
        if answered.outside:  # a reply that went out elsewhere answers it, whoever has it
            inquiry = self.find(desk, answered.inquiry, WAITING, OFFERED, ASSIGNED)
        else:
            inquiry = self.owned(desk, answered)
        self.demand(answered.first == (not inquiry.answered), "first is first")
        inquiry.answered = True
        desk.count["answered"] += answered.first

    def end(self, desk, inquiry_id, inquiry, how):
        if inquiry.agent in desk.agents:
            del desk.agents[inquiry.agent].holds[inquiry_id]
        inquiry.stage = ENDED
        if desk.open_of.get(inquiry.conversation) == inquiry_id:
            del desk.open_of[inquiry.conversation]
        desk.count[how] += 1

    def on_inquiry_resolved(self, desk, resolved):
        inquiry = self.owned(desk, resolved)
        self.end(desk, resolved.inquiry, inquiry, "resolved")
        if desk.queue(inquiry.queue).wrap_up_us > 0:
            desk.agents[resolved.agent].wrap_ups[resolved.inquiry] = inquiry.units

    def on_inquiry_cancelled(self, desk, cancelled):
        self.end(desk, cancelled.inquiry, self.find(desk, cancelled.inquiry, WAITING, OFFERED, ASSIGNED), "cancelled")

    def on_inquiry_abandoned(self, desk, abandoned):
        self.end(desk, abandoned.inquiry, self.find(desk, abandoned.inquiry, WAITING, OFFERED, ASSIGNED), "abandoned")

    def on_inquiry_requeued(self, desk, requeued):
        self.back_to_queue(desk, requeued.inquiry, self.find(desk, requeued.inquiry, ASSIGNED))

    def on_wrap_up_ended(self, desk, ended):
        self.demand(ended.inquiry in desk.agents[ended.agent].wrap_ups, "no wrap-up of that inquiry")
        del desk.agents[ended.agent].wrap_ups[ended.inquiry]

    # Agents.

    def on_agent_registered(self, desk, told):
        skills = {need.skill: need.level for need in told.skills}
        limits = {limit.channel: limit.most for limit in told.limits}
        before = desk.agents.get(told.agent)
        if before:
            before.units, before.skills, before.limits = told.units, skills, limits
        else:
            desk.agents[told.agent] = Agent(told.units, skills, limits, self.p.inquiry.PRESENCE_OFFLINE)

    def on_agent_removed(self, desk, removed):
        del desk.agents[removed.agent]

    def on_presence_changed(self, desk, changed):
        desk.agents[changed.agent].presence = changed.presence

    # Clocks.

    def on_sla_warned(self, desk, warned):
        self.find(desk, warned.inquiry, WAITING, OFFERED, ASSIGNED)
        self.demand(self.decision.at_us < warned.due_us, "a warning after it is due")

    def on_sla_breached(self, desk, breached):
        inquiry = self.find(desk, breached.inquiry, WAITING, OFFERED, ASSIGNED)
        self.demand(self.decision.at_us == breached.due_us, "not at the time it is due")
        if breached.target != self.p.inquiry.SLA_TARGET_FIRST_RESPONSE:
            return
        self.demand(not inquiry.answered and not inquiry.breached, "answered, or breached before")
        inquiry.breached = True
        desk.count["breached"] += 1

    def on_sla_met(self, desk, met):
        inquiry = self.find(desk, met.inquiry, ASSIGNED, ENDED)
        self.demand(self.decision.at_us <= met.due_us, "met when it was late")
        if met.target == self.p.inquiry.SLA_TARGET_FIRST_RESPONSE:
            self.demand(inquiry.answered and not inquiry.breached, "not met")

    # The rest.

    def on_policy_applied(self, desk, applied):
        self.demand(self.command.WhichOneof("body") == "apply_policy", "no policy behind it")
        desk.policy = self.command.apply_policy.policy

    def on_command_rejected(self, desk, rejected):
        desk.count["commands_rejected"] += 1

    def on_command_repeated(self, desk, repeated):
        desk.count["commands_repeated"] += 1

    def on_wait_estimated(self, desk, estimated):
        self.find(desk, estimated.inquiry, WAITING)

    def on_inquiry_explained(self, desk, explained):
        self.find(desk, explained.inquiry, WAITING, OFFERED, ASSIGNED)

    def on_policy_previewed(self, desk, previewed):
        self.demand(self.command.WhichOneof("body") == "preview_policy", "nobody asked")

    def on_work_shown(self, desk, shown):
        agent = desk.agents[shown.agent]
        told = {offer.inquiry for offer in shown.offers} | {work.inquiry for work in shown.assignments}
        self.demand(told == set(agent.holds), "it shows other work than the agent has")

    def on_clock_capped(self, desk, capped):
        desk.count["clock_capped"] += 1

    def on_checkpointed(self, desk, told):
        still_open = sum(inquiry.stage != ENDED for inquiry in desk.inquiries.values())
        self.demand(told.inquiries == still_open, f"{still_open} inquiries are open")
        self.demand(told.agents == len(desk.agents), f"{len(desk.agents)} agents are registered")


@dataclasses.dataclass
class Outcome:
    desks: dict
    copies: int
    partitions_used: int
    commands: int
    decisions: int
    kinds: collections.Counter  # of commands



def check(p, commands, decisions):
    """Checks every partition; {partition: records} both."""
    outcome = Outcome({}, 0, 0, 0, 0, collections.Counter())
    for partition, records in sorted(commands.items()):
        checker = Checker(p, records)
        if checker.partitions != len(commands):
            raise Violation(f"the header of {partition} pins {checker.partitions} partitions, there are {len(commands)}")
        for record in decisions.get(partition, []):
            checker.take(record)
        lacking = checker.unanswered()
        if lacking:
            raise Violation(f"{len(lacking)} commands of partition {partition} have no outcome, the first is "
                            f"{lacking[0]}: {str(checker.commands[lacking[0]])[:600]}")
        placed = {c.place_inquiry.message for c in checker.commands.values() if c.WhichOneof("body") == "place_inquiry"}
        decided = {message for desk in checker.desks.values() for message in desk.messages}
        if placed != decided:
            raise Violation(f"{len(placed - decided)} messages of partition {partition} have no outcome")
        outcome.desks.update(checker.desks)
        outcome.copies += checker.copies
        outcome.partitions_used += bool(decided)
        outcome.commands += len(checker.commands)
        outcome.decisions += len(checker.seen)
        outcome.kinds.update(command.WhichOneof("body") for command in checker.commands.values())
    return outcome


def check_inputs(p, commands, inputs, letters):
    """Every record of the input topics came to something: a command that names it as its source, or a dead letter.

    `commands`, `inputs`: records of `usher.commands`, and of the input topics; `letters`: the dead letters of these.
    """
    sources = set()
    for record in commands:
        command = p.command.Command.FromString(record.value)
        if command.HasField("source"):
            sources.add((command.source.topic, command.source.partition, command.source.offset))
    for letter in letters:
        sources.add((letter.headers["usher-topic"], int(letter.headers["usher-partition"]),
                     int(letter.headers["usher-offset"])))
    lost = [record for record in inputs if (record.topic, record.partition, record.offset) not in sources]
    if lost:
        raise Violation(f"{len(lost)} input records came to nothing, the first is {lost[0][:3]}: {lost[0].value[:200]}")


def check_accepted(p, commands, outcome, accepted):
    """Every message that a caller was told is taken stands where the answer said, and has its outcome.

    `accepted`: (desk, inquiry id) → (partition, offset) of the answer.
    """
    placed = {}
    for record in commands:
        placed[record.partition, record.offset] = record.value
    for (desk, inquiry), place in accepted.items():
        if place not in placed:
            raise Violation(f"{desk}: what was taken at {place} is not there")
        command = p.command.Command.FromString(placed[place])
        if command.desk != desk or command.place_inquiry.inquiry != inquiry:
            raise Violation(f"{desk}: at {place} stands something else than was taken: {command}")
        if desk not in outcome.desks or inquiry not in outcome.desks[desk].outcome_of:
            raise Violation(f"{desk}: what was taken at {place} has no outcome")


def corruptions(p, decisions):
    """Spoiled copies of `decisions`, each with what was done to it: a checker that finds nothing in them is blind."""

    def find(body):
        for partition, records in decisions.items():
            for place, record in enumerate(records):
                if p.decision.Decision.FromString(record.value).WhichOneof("body") == body:
                    return partition, place
        raise LookupError(f"no {body} in the decisions")

    def spoiled(body, spoil):
        partition, place = find(body)
        changed = copy.copy(decisions)
        changed[partition] = list(decisions[partition])
        spoil(changed[partition], place)
        return changed

    def rewrite(field, value):
        def spoil(records, place):
            decision = p.decision.Decision.FromString(records[place].value)
            setattr(getattr(decision, decision.WhichOneof("body")), field, value)
            records[place] = records[place]._replace(value=decision.SerializeToString())
        return spoil

    def swap(records, place):
        records[place], records[place + 1] = records[place + 1], records[place]

    def repeat_changed(records, place):
        decision = p.decision.Decision.FromString(records[place].value)
        decision.at_us += 1
        records.insert(place + 1, records[place]._replace(value=decision.SerializeToString()))

    yield "a decision is lost", spoiled("offer_made", lambda records, place: records.pop(place))
    yield "an offer goes to a stranger", spoiled("offer_made", rewrite("agent", "nobody"))
    yield "another agent accepts", spoiled("offer_accepted", rewrite("agent", "nobody"))
    yield "another inquiry opens", spoiled("inquiry_placed", rewrite("inquiry", b"0123456789abcdef"))
    yield "two decisions change places", spoiled("offer_made", swap)
    yield "a copy differs", spoiled("offer_made", repeat_changed)
    yield "the log breaks off", spoiled("offer_made", lambda records, place: records.__delitem__(slice(place, None)))
    yield "an inquiry is resolved by another", spoiled("inquiry_resolved", rewrite("agent", "nobody"))
