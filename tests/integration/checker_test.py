#!/usr/bin/python3
"""The checker can fail: logs made by hand, a good one, and the same with each promise broken once."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import checker  # noqa: E402
from kit import protos  # noqa: E402
from topics import Record  # noqa: E402

LOG = b"one log, surely."
DESK = "north"


def name(what):
    return what.encode().ljust(16, b".")


class Logs:
    """A partition's two logs, written one command at a time with what was decided on it."""

    def __init__(self, p):
        self.p = p
        self.commands, self.decisions = [], []
        self.last = (-1, 0)
        header = p.command.Command()
        header.header.log_id, header.header.partitions = LOG, 1
        self.commands.append(self.record("usher.commands", 0, header))

    @staticmethod
    def record(topic, offset, message):
        return Record(topic, 0, offset, offset, b"", message.SerializeToString(), {})

    def add(self, command, *decided, desk=DESK):
        """`command`, `decided`: {body: {field: value}}, one each."""
        offset = len(self.commands)
        self.commands.append(self.record("usher.commands", offset, self.message(self.p.command.Command(desk=desk), command)))
        for index, body in enumerate(decided):
            decision = self.p.decision.Decision(desk=desk, at_us=offset * 1000)
            decision.stamp.log_id, decision.stamp.offset, decision.stamp.index = LOG, offset, index
            decision.previous_offset, decision.previous_index = self.last
            self.last = (offset, index)
            self.decisions.append(self.record("usher.decisions", len(self.decisions), self.message(decision, body)))
        return offset

    @staticmethod
    def message(message, body):
        (kind, fields), = body.items()
        told = getattr(message, kind)
        told.SetInParent()
        for field, value in fields.items():
            if isinstance(value, (list, tuple)):
                getattr(told, field).extend(value)
            elif hasattr(value, "SerializeToString"):
                getattr(told, field).CopyFrom(value)
            else:
                setattr(told, field, value)
        return message

    def check(self):
        return checker.check(self.p, {0: self.commands}, {0: self.decisions})

    def inputs_check(self, inputs):
        checker.check_inputs(self.p, self.commands, inputs, [])


class CheckerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.p = protos.load()

    def setUp(self):
        p, self.logs = self.p, Logs(self.p)
        policy = p.command.Policy(version="1", channels=[p.command.Channel(name="chat", units=2)],
                                  queues=[p.command.Queue(name="live", needs=[p.inquiry.Need(skill="orders", level=20)])])
        self.add({"apply_policy": {"policy": policy}}, {"policy_applied": {"version": "1"}})
        skills = [p.inquiry.Need(skill="orders", level=50)]
        for agent in ("ana", "ben"):
            self.add({"register_agent": {"agent": agent, "units": 3, "skills": skills}},
                     {"agent_registered": {"agent": agent, "units": 3, "skills": skills}})
            presence = {"agent": agent, "presence": p.inquiry.PRESENCE_AVAILABLE}
            self.add({"set_presence": presence}, {"presence_changed": presence})

    def add(self, command, *decided, **more):
        return self.logs.add(command, *decided, **more)

    def placed(self, inquiry, conversation=None, due_us=0):
        return {"inquiry_placed": {
            "inquiry": name(inquiry), "message": name("m" + inquiry), "conversation": name(conversation or "c" + inquiry),
            "queue": "live", "due_us": due_us, "features": self.p.inquiry.Features(channel="chat")}}

    def place(self, inquiry, *decided, conversation=None):
        return self.add({"place_inquiry": {"inquiry": name(inquiry), "message": name("m" + inquiry),
                                           "conversation": name(conversation or "c" + inquiry)}},
                        *(decided or [self.placed(inquiry, conversation)]))

    @staticmethod
    def offer(kind, inquiry, agent, offer):
        return {kind: {"inquiry": name(inquiry), "agent": agent, "offer": offer}}

    def work(self, inquiry, agent, offer):
        """An inquiry from its offer to its end."""
        self.place(inquiry, self.placed(inquiry), self.offer("offer_made", inquiry, agent, offer))
        self.add({"accept_offer": {"offer": offer, "agent": agent}}, self.offer("offer_accepted", inquiry, agent, offer))
        self.add({"record_reply": {"inquiry": name(inquiry), "agent": agent}},
                 {"inquiry_answered": {"inquiry": name(inquiry), "agent": agent, "first": True}})
        self.add({"finish_inquiry": {"inquiry": name(inquiry), "agent": agent}},
                 {"inquiry_resolved": {"inquiry": name(inquiry), "agent": agent}})

    def refused(self, why):
        with self.assertRaisesRegex(checker.Violation, why):
            self.logs.check()

    def decision(self, place):
        return self.p.decision.Decision.FromString(self.logs.decisions[place].value)

    def put(self, place, decision):
        self.logs.decisions[place] = self.logs.decisions[place]._replace(value=decision.SerializeToString())

    # A good log.

    def test_a_good_log_is_good(self):
        self.work("i1", "ana", 1)
        self.add({"tick": {}})
        self.work("i2", "ben", 2)
        self.logs.decisions.insert(3, self.logs.decisions[2])  # a stale owner's copy
        outcome = self.logs.check()
        self.assertEqual(outcome.copies, 1)
        self.assertEqual(outcome.desks[DESK].count["resolved"], 2)

    # Every command has exactly one outcome.

    def test_a_command_without_an_outcome(self):
        self.add({"show_work": {"agent": "ana"}})
        self.refused("1 commands of partition 0 have no outcome")

    def test_a_command_with_two_outcomes(self):
        self.add({"show_work": {"agent": "ana"}}, {"work_shown": {"agent": "ana"}}, {"work_shown": {"agent": "ana"}})
        self.refused("a second outcome, after work_shown")

    def test_a_command_that_is_done_and_refused(self):
        self.add({"show_work": {"agent": "ana"}}, {"work_shown": {"agent": "ana"}},
                 {"command_rejected": {"command": 20, "agent": "ana"}})
        self.refused("a second outcome, after work_shown")

    def test_an_outcome_of_something_else_is_none(self):
        self.place("i1", self.placed("i1"), self.offer("offer_made", "i1", "ana", 1))
        self.add({"decline_offer": {"offer": 1, "agent": "ana"}}, self.offer("offer_accepted", "i1", "ana", 1))
        self.refused("have no outcome")

    def test_a_message_with_two_outcomes(self):
        self.place("i1")
        self.place("i1", self.placed("i1"))
        self.refused("a second outcome of one message|an inquiry opens twice")

    # One sequence.

    def test_a_decision_is_lost_on_the_way(self):
        self.work("i1", "ana", 1)
        del self.logs.decisions[-2]
        self.refused("its predecessor is missing")

    def test_the_end_is_lost(self):
        self.work("i1", "ana", 1)
        del self.logs.decisions[-1]
        self.refused("have no outcome")

    def test_two_decisions_change_places(self):
        self.work("i1", "ana", 1)
        self.logs.decisions[-1], self.logs.decisions[-2] = self.logs.decisions[-2], self.logs.decisions[-1]
        self.refused("its predecessor is missing")

    def test_a_stamp_with_two_meanings(self):
        self.place("i1")
        told = self.decision(-1)
        told.inquiry_placed.priority = 9
        self.logs.decisions.append(self.logs.decisions[-1]._replace(value=told.SerializeToString()))
        self.refused("two decisions of one stamp that differ")

    def test_an_old_stamp_that_never_was(self):
        self.work("i1", "ana", 1)
        told = self.decision(-1)
        told.stamp.offset, told.stamp.index = 1, 7
        self.logs.decisions.append(self.logs.decisions[-1]._replace(value=told.SerializeToString()))
        self.refused("older than what came before, and never seen")

    def test_another_logs_decision(self):
        self.place("i1")
        told = self.decision(-1)
        told.stamp.log_id = b"another log, no?"
        self.put(-1, told)
        self.refused("another log's decision")

    def test_a_decision_without_a_command(self):
        self.place("i1")
        del self.logs.commands[-1]
        self.refused("no command at its offset")

    def test_time_goes_back(self):
        self.work("i1", "ana", 1)
        told = self.decision(-1)
        told.at_us = 1
        self.put(-1, told)
        self.refused("time goes back")

    # At most one owner, capacity, skills.

    def test_an_inquiry_with_two_owners(self):
        self.place("i1", self.placed("i1"), self.offer("offer_made", "i1", "ana", 1))
        self.add({"accept_offer": {"offer": 1, "agent": "ana"}}, self.offer("offer_accepted", "i1", "ana", 1),
                 self.offer("offer_made", "i1", "ben", 2))
        self.refused("it is assigned, not waiting")

    def test_another_takes_the_offer(self):
        self.place("i1", self.placed("i1"), self.offer("offer_made", "i1", "ana", 1))
        self.add({"accept_offer": {"offer": 1, "agent": "ben"}}, self.offer("offer_accepted", "i1", "ben", 1))
        self.refused("another's offer")

    def test_more_than_an_agent_can_bear(self):
        self.place("i1", self.placed("i1"), self.offer("offer_made", "i1", "ana", 1))
        self.place("i2", self.placed("i2"), self.offer("offer_made", "i2", "ana", 2))
        self.refused("over the agent's capacity")

    def test_an_agent_who_is_away(self):
        away = {"agent": "ana", "presence": self.p.inquiry.PRESENCE_AWAY}
        self.add({"set_presence": away}, {"presence_changed": away})
        self.place("i1", self.placed("i1"), self.offer("offer_made", "i1", "ana", 1))
        self.refused("the agent is not available")

    def test_an_agent_without_the_skill(self):
        self.add({"register_agent": {"agent": "ana", "units": 3}}, {"agent_registered": {"agent": "ana", "units": 3}})
        self.place("i1", self.placed("i1"), self.offer("offer_made", "i1", "ana", 1))
        self.refused("the agent lacks orders")

    def test_a_second_inquiry_of_one_conversation(self):
        self.place("i1", conversation="c")
        self.place("i2", conversation="c")
        self.refused("its conversation has an open one")

    def test_what_has_ended_ends_again(self):
        self.work("i1", "ana", 1)
        self.add({"finish_inquiry": {"inquiry": name("i1"), "agent": "ana"}},
                 {"inquiry_resolved": {"inquiry": name("i1"), "agent": "ana"}})
        self.refused("it is ended, not assigned")

    # What came in.

    def test_an_input_record_that_came_to_nothing(self):
        record = Record("usher.messages", 0, 5, 0, b"", b"{}", {})
        with self.assertRaisesRegex(checker.Violation, "1 input records came to nothing"):
            self.logs.inputs_check([record])

    def test_what_was_taken_and_is_not_there(self):
        offset = self.place("i1")
        outcome = self.logs.check()
        checker.check_accepted(self.p, self.logs.commands, outcome, {(DESK, name("i1")): (0, offset)})
        for taken in ({(DESK, name("i1")): (0, offset + 1)}, {(DESK, name("i2")): (0, offset)}):
            with self.assertRaises(checker.Violation):
                checker.check_accepted(self.p, self.logs.commands, outcome, taken)


if __name__ == "__main__":
    unittest.main()
