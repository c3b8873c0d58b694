#!/usr/bin/env python3
"""What agents, supervisors and shops do beside accepting offers, against a real `usher up`: take, assign, transfer, pause
and resume, schedule, update; and what insights tells of each."""

import pathlib
import shutil
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from kit import protos  # noqa: E402
from kit.desktop import Desktop  # noqa: E402
from kit.usher import Usher, wait_for  # noqa: E402
from up_test import DESK, Shop  # noqa: E402

p = protos.load()


class Person(Desktop):
    """An agent's desktop that can do more than answer offers."""

    def take(self, inquiry):
        self._send(take=p.agents.WorkTake(inquiry_id=inquiry))

    def transfer(self, inquiry, **to):
        self._send(transfer=p.agents.WorkTransfer(inquiry_id=inquiry, **to))

    def pause(self, inquiry, seconds=None):
        said = p.agents.WorkPause(inquiry_id=inquiry)
        if seconds is not None:
            said.until.FromMilliseconds(int((time.time() + seconds) * 1000))
        self._send(pause=said)

    def resume(self, inquiry):
        self._send(resume=p.agents.WorkResume(inquiry_id=inquiry))

    def told(self, field, inquiry, after=0):
        """The message of that kind about the inquiry."""
        return getattr(self.wait(f"{field} {inquiry}",
                                 lambda told: told.HasField(field) and getattr(told, field).inquiry_id == inquiry,
                                 after=after), field)

    def refused(self, reason, after=0):
        return self.wait("a refusal", lambda told: told.HasField("refused") and told.refused.reason == reason, after=after)


class Work(unittest.TestCase):
    def setUp(self):
        work = pathlib.Path(tempfile.mkdtemp(prefix="usher-work-"))
        self.addCleanup(shutil.rmtree, work, True)
        policy = work / "policy.yaml"
        text = (ROOT / "deploy/policies/small.yaml").read_text()
        self.assertIn("offer_window: 20s", text)
        policy.write_text(text.replace("offer_window: 20s", "offer_window: 30m").replace("offer_window: 60s", "offer_window: 30m"))
        self.usher = self.enterContext(
            Usher("up", "--data-dir", work / "data", "--policy", policy, "--desk", DESK, work=work))
        self.shop = Shop(self.usher)

    def agent(self, name, presence="AVAILABLE", skills=("orders",), **more):
        """Registers the agent and connects its desktop."""
        self.shop.agents.RegisterAgent(p.agents.RegisterAgentRequest(
            desk=DESK, agent=name, units=8, skills=[p.inquiry.Need(skill=skill, level=80) for skill in skills], **more),
            timeout=10)
        person = Person(self.usher.channel(), DESK, name)
        self.addCleanup(person.close)
        wanted = p.inquiry.Presence.Value("PRESENCE_" + presence)
        self.shop.presence(name, wanted)
        person.wait("its presence", lambda told: told.presence.presence == wanted)
        return person

    def take(self, inquiry, agent, request=""):
        return self.shop.agents.TakeInquiry(p.agents.TakeInquiryRequest(
            desk=DESK, inquiry_id=inquiry, agent=agent, request_id=request), timeout=10)

    def assign(self, inquiry, agent, supervisor):
        return self.shop.agents.AssignInquiry(p.agents.AssignInquiryRequest(
            desk=DESK, inquiry_id=inquiry, agent=agent, supervisor=supervisor), timeout=10)

    def transfer(self, inquiry, agent, **to):
        return self.shop.agents.TransferInquiry(p.agents.TransferInquiryRequest(
            desk=DESK, inquiry_id=inquiry, agent=agent, **to), timeout=10)

    def stage(self, inquiry, name):
        return self.shop.wait_stage(inquiry, p.inquiry.Stage.Value("STAGE_" + name)).inquiry

    def said(self, inquiry, beginning):
        """Waits until the timeline has a sentence that begins so."""
        return wait_for(f"{inquiry}: {beginning}", lambda: [
            entry.sentence for entry in self.shop.inquiry(inquiry).timeline if entry.sentence.startswith(beginning)])[0]

    def metric(self, name, value, **labels):
        """Waits until the sum of the metric's series that have these labels is `value`."""
        def there():
            series = self.usher.metrics().get(name, {})
            return sum(number for pairs, number in series.items()
                       if set(labels.items()) <= set(pairs)) == value
        wait_for(f"{name} {labels} is {value}", there)

    def queue(self, name):
        answer = self.shop.insights.ListQueues(p.insights.ListQueuesRequest(desk=DESK), timeout=10)
        return {queue.queue: queue for queue in answer.queues}.get(name)

    def summary(self, what, count):
        wait_for(f"{what} is {count}", lambda: count(self.shop.summary()))

    def test_agents_who_may_take_what_waits(self):
        ana = self.agent("ana", "BUSY", may_take=True)  # is offered nothing
        self.agent("cem", "BUSY")
        self.agent("dan", "BUSY", skills=(), may_take=True)
        inquiry = self.shop.submit("e1")
        self.stage(inquiry, "WAITING")
        self.assertEqual(self.take(inquiry, "cem").refused, p.inquiry.REJECT_REASON_NOT_PERMITTED)
        self.assertEqual(self.take(inquiry, "dan").refused, p.inquiry.REJECT_REASON_NOT_ABLE)
        self.assertEqual(self.take("f" * 32, "ana").refused, p.inquiry.REJECT_REASON_UNKNOWN_INQUIRY)
        self.assertEqual(self.stage(inquiry, "WAITING").offers, 0)
        taken = self.take(inquiry, "ana", "once")
        self.assertEqual((taken.refused, taken.repeated), (0, False))
        ana.wait_assigned(inquiry)
        self.assertTrue(self.take(inquiry, "ana", "once").repeated)
        self.assertEqual(self.take(inquiry, "ana").refused, p.inquiry.REJECT_REASON_NOT_WAITING)
        self.assertEqual(self.stage(inquiry, "ASSIGNED").agent, "ana")
        self.assertEqual(self.said(inquiry, "Offered to ana: "), "Offered to ana: the agent chose it; accepted at once.")
        second = self.shop.submit("e2")
        self.stage(second, "WAITING")
        ana.take(second)
        ana.wait_assigned(second)
        ana.take(second)
        ana.refused(p.inquiry.REJECT_REASON_NOT_WAITING)
        self.metric("usher_offers_made_total", 2, reason="taken")
        ana.reply(inquiry)
        ana.done(inquiry)
        self.stage(inquiry, "RESOLVED")

    def test_a_supervisor_gives_what_waits_and_what_is_on_offer(self):
        self.agent("sue", "BUSY", supervisor=True)
        dan = self.agent("dan", skills=())  # fits no queue but mail
        inquiry = self.shop.submit("e1")
        self.stage(inquiry, "WAITING")
        self.assertEqual(self.assign(inquiry, "dan", "dan").refused, p.inquiry.REJECT_REASON_NOT_PERMITTED)
        self.assertEqual(self.assign(inquiry, "dan", "sue").refused, 0)
        dan.wait_assigned(inquiry)
        self.assertEqual(self.said(inquiry, "Offered to dan: "), "Offered to dan: a supervisor gave it; accepted at once.")
        ana = self.agent("ana")
        second = self.shop.submit("e2")
        offer = ana.wait_offer(second)
        self.assertEqual(self.assign(second, "dan", "sue").refused, 0)
        ended = ana.told("offer_ended", second)
        self.assertEqual((ended.offer_id, ended.end, ended.cause),
                         (offer.offer_id, p.agents.OFFER_END_RESCINDED, p.decision.RESCIND_CAUSE_TAKEN_BY_ANOTHER))
        dan.wait_assigned(second)
        self.assertEqual(self.stage(second, "ASSIGNED").agent, "dan")
        self.said(second, "The offer to ana was taken back: another agent has it")
        self.metric("usher_offers_made_total", 2, reason="assigned")
        self.metric("usher_offer_rescinds_total", 1, cause="taken_by_another")

    def test_an_owner_hands_on_to_a_queue_and_to_an_agent(self):
        ana = self.agent("ana", "BUSY", may_take=True)
        inquiry = self.shop.submit("e1")
        self.stage(inquiry, "WAITING")
        self.assertEqual(self.take(inquiry, "ana").refused, 0)
        placed = self.stage(inquiry, "ASSIGNED")
        ruth = self.agent("ruth", skills=("returns",))
        self.assertEqual(self.transfer(inquiry, "ruth", queue="returns").refused, p.inquiry.REJECT_REASON_NOT_THE_OWNER)
        self.assertEqual(self.transfer(inquiry, "ana", queue="nowhere").refused, p.inquiry.REJECT_REASON_UNKNOWN_QUEUE)
        self.assertEqual(self.transfer(inquiry, "ana", queue="returns").refused, 0)
        self.assertEqual(ana.told("ended", inquiry).stage, p.inquiry.STAGE_WAITING)
        offer = ruth.wait_offer(inquiry)
        self.assertEqual(offer.queue, "returns")
        moved = self.stage(inquiry, "OFFERED")
        self.assertEqual((moved.queue, moved.placed_at), ("returns", placed.placed_at), "it keeps its age")
        self.said(inquiry, "Waits again at its old place: ana handed it on")
        self.said(inquiry, "Moved to queue returns")
        ruth.accept(offer.offer_id)
        ruth.wait_assigned(inquiry)
        ben = self.agent("ben", skills=("returns",))
        ruth.transfer(inquiry, to_agent="ben")
        ruth.told("ended", inquiry)
        handed = ben.wait_offer(inquiry)
        self.assertEqual(handed.reason, p.decision.OFFER_REASON_PREFERRED)
        ben.accept(handed.offer_id)
        ben.wait_assigned(inquiry)
        self.assertEqual(self.stage(inquiry, "ASSIGNED").agent, "ben")
        self.said(inquiry, "Waits for ben first")
        self.metric("usher_requeues_total", 2, reason="transferred")
        self.summary("handed on", lambda told: [(one.name, one.count) for one in told.requeues] == [("transferred", 2)])

    def test_an_owner_sets_aside_and_goes_on(self):
        ana = self.agent("ana")  # who is busy is not woken by a message or by time: it waits for anybody then
        inquiry = self.shop.submit("e1")
        ana.accept(ana.wait_offer(inquiry).offer_id)
        ana.wait_assigned(inquiry)
        ana.reply(inquiry)
        self.stage(inquiry, "ANSWERED")
        ana.resume(inquiry)
        ana.refused(p.inquiry.REJECT_REASON_NOT_PENDING)
        for cause, seconds, wake in (("OWNER", 3600, lambda: ana.resume(inquiry)),
                                     ("MESSAGE", None, lambda: self.shop.submit("e2", conversation="conversation-e1")),
                                     ("TIME", 1, lambda: None)):
            seen = len(ana.seen)
            ana.pause(inquiry, seconds)
            paused = ana.told("paused", inquiry, seen)
            self.assertEqual(paused.HasField("until"), seconds is not None)
            if cause != "TIME":
                self.assertEqual(self.stage(inquiry, "PENDING").agent, "ana")
                self.assertEqual(self.queue("live").pending, 1)
                self.metric("usher_queue_pending_inquiries", 1, queue="live")
            wake()
            self.assertEqual(p.decision.WakeCause.Name(ana.told("resumed", inquiry, seen).cause), "WAKE_CAUSE_" + cause)
            self.assertEqual(self.stage(inquiry, "ANSWERED").agent, "ana")
            self.metric("usher_wakes_total", 1, cause=cause.lower())
        self.metric("usher_pauses_total", 3)
        self.metric("usher_queue_pending_inquiries", 0, queue="live")
        self.summary("set aside", lambda told: told.paused == 3)
        for why in ("its owner took it up", "the customer wrote", "its time came"):
            self.said(inquiry, f"Goes on with ana: {why}")

    def test_a_call_back_begins_at_its_time_and_the_time_may_move(self):
        ana = self.agent("ana")
        message = p.event.MessageEvent(desk=DESK, event_id="e1", conversation_id="c1", customer_id="k1", channel="chat",
                                       text="Where is my parcel?")
        message.starts_at.FromSeconds(int(time.time()) + 7200)
        inquiry = self.shop.intake.SubmitMessage(p.intake.SubmitMessageRequest(message=message), timeout=10).inquiry_id
        later = self.stage(inquiry, "SCHEDULED")
        self.assertEqual(later.starts_at.seconds, message.starts_at.seconds)
        self.assertEqual((self.queue("live").scheduled, self.queue("live").waiting), (1, 0))
        self.metric("usher_queue_scheduled_inquiries", 1, queue="live")
        sooner = p.intake.ScheduleInquiryRequest(desk=DESK, inquiry_id=inquiry)
        sooner.starts_at.FromSeconds(int(time.time()) + 3600)
        self.shop.intake.ScheduleInquiry(sooner, timeout=10)
        wait_for("another time", lambda: self.shop.inquiry(inquiry).inquiry.starts_at.seconds == sooner.starts_at.seconds)
        self.assertEqual(ana.offers(), {}, "nobody is asked before its time")
        sooner.starts_at.FromSeconds(int(time.time()))
        self.shop.intake.ScheduleInquiry(sooner, timeout=10)
        ana.wait_offer(inquiry)
        self.stage(inquiry, "OFFERED")
        self.said(inquiry, "Its time has come: it waits in queue live")
        self.metric("usher_queue_scheduled_inquiries", 0, queue="live")
        self.summary("begun", lambda told: told.started == 1)

    def test_what_becomes_known_moves_an_inquiry(self):
        ana = self.agent("ana")
        inquiry = self.shop.submit("e1")
        offer = ana.wait_offer(inquiry)
        self.assertEqual(self.stage(inquiry, "OFFERED").priority, 6)
        ben = self.agent("ben")
        update = p.intake.UpdateInquiryRequest(
            desk=DESK, inquiry_id=inquiry, priority=9, sentiment=p.inquiry.SENTIMENT_NEGATIVE, on_site=True,
            value_cents=12000, exclude=[p.event.ExcludedAgent(agent="ana")])
        self.shop.intake.UpdateInquiry(update, timeout=10)
        ended = ana.told("offer_ended", inquiry)
        self.assertEqual((ended.offer_id, ended.cause), (offer.offer_id, p.decision.RESCIND_CAUSE_INQUIRY_UPDATED))
        again = ben.wait_offer(inquiry)
        self.assertGreater(again.offer_id, offer.offer_id)
        told = self.said(inquiry, "More became known (")
        for part in ("negative mood", "on the site", "worth 12000", "priority 9"):
            self.assertIn(part, told)
        self.assertEqual(self.stage(inquiry, "OFFERED").priority, 9)
        self.metric("usher_offer_rescinds_total", 1, cause="inquiry_updated")
        self.summary("updated", lambda summary: summary.updated == 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
