"""A day that was played on a running usher, so that every metric there is has something to say.

    with Usher("up", "--data-dir", folder) as usher:
        played_day.play(usher)          # a short day of the shop: customers, agents, offers, breaches
        played_day.act(usher)           # what such a day lacks: one of each, on another desk
"""

import pathlib
import subprocess

from kit import protos
from kit.desktop import Desktop
from kit.usher import binary, wait_for

ROOT = pathlib.Path(__file__).resolve().parents[2]
DESK = "acts"


def play(usher, inquiries=250, hours=6, speed=1200):
    """Plays a short day of the shop; its agents have gone home after it. How well they did is not looked at: what counts is that
    all of it happened, on a machine however slow."""
    played = subprocess.run(
        [binary(), "play", "--server", usher.address, "--inquiries", str(inquiries), "--hours", str(hours), "--speed", str(speed),
         "--exit", "--plain"], capture_output=True, text=True, timeout=240)
    assert "where to look next" in played.stdout, played.stdout[-2000:] + played.stderr[-2000:]


def act(usher):
    """One agent and a few inquiries that go every way; two are left: one that waits with a target, one that is answered."""
    p = protos.load()
    applied = subprocess.run([binary(), "policy", "apply", "--server", usher.address, "--desk", DESK,
                              str(ROOT / "deploy/policies/small.yaml")], capture_output=True, text=True, timeout=60)
    assert applied.returncode == 0, applied.stderr
    intake = p.IntakeServiceStub(usher.channel())
    agents = p.AgentServiceStub(usher.channel())
    insights = p.InsightsServiceStub(usher.channel())

    def submit(event, conversation=None, text="Where is my parcel?"):
        message = p.event.MessageEvent(desk=DESK, event_id=event, conversation_id=conversation or event, customer_id=event,
                                       channel="chat", text=text)
        return intake.SubmitMessage(p.intake.SubmitMessageRequest(message=message), timeout=10).inquiry_id

    def presence(agent, name, request=""):
        agents.SetPresence(p.agents.SetPresenceRequest(
            desk=DESK, agent=agent, presence=p.inquiry.Presence.Value("PRESENCE_" + name), request_id=request), timeout=10)

    def hire(agent):
        agents.RegisterAgent(p.agents.RegisterAgentRequest(
            desk=DESK, agent=agent, units=12, skills=[p.inquiry.Need(skill="orders", level=80)]), timeout=10)
        desktop = Desktop(usher.channel(), DESK, agent)
        presence(agent, "AVAILABLE")
        return desktop

    def take(desktop, inquiry):
        desktop.accept(desktop.wait_offer(inquiry).offer_id)
        desktop.wait_assigned(inquiry)

    ana = hire("ana")
    first = submit("first")
    take(ana, first)
    ana.reply(first)
    submit("first-again", conversation="first")
    ana.wait("of the new message", lambda told: told.HasField("message") and told.message.inquiry_id == first)
    ana.reply(first)  # a further reply
    ana._send(pause=p.agents.WorkPause(inquiry_id=first))
    ana.wait("that it is set aside", lambda told: told.HasField("paused") and told.paused.inquiry_id == first)
    submit("first-wakes", conversation="first")  # and the customer wakes it
    ana.wait("that it goes on", lambda told: told.HasField("resumed") and told.resumed.inquiry_id == first)
    ana.reply(first)
    second = submit("second")
    ana.decline(ana.wait_offer(second).offer_id)
    ben = hire("ben")
    take(ben, second)
    agents.RemoveAgent(p.agents.RemoveAgentRequest(desk=DESK, agent="ben"), timeout=10)  # it waits again
    ben.close()
    offer = ana.wait_offer(submit("fourth"))
    presence("ana", "AWAY")  # and the offer is taken back
    ana.wait("that the offer is over", lambda told: told.HasField("offer_ended") and told.offer_ended.offer_id == offer.offer_id)
    for _ in range(2):
        presence("ana", "BUSY", request="once")  # the second one is a repeat
    ana.wait("that it is busy", lambda told: told.HasField("presence") and
             told.presence.presence == p.inquiry.PRESENCE_BUSY)
    stray = p.event.MessageEvent(desk=DESK, event_id="stray", conversation_id="nobody-asked", customer_id="first", channel="chat",
                                 text="It is on its way.", author=p.event.MESSAGE_AUTHOR_AGENT)
    intake.SubmitMessage(p.intake.SubmitMessageRequest(message=stray), timeout=10)
    waiting = submit("third")  # for nobody
    intake_orders(p, intake)

    def settled():
        told = insights.GetInquiry(p.insights.GetInquiryRequest(desk=DESK, inquiry_id=waiting), timeout=10)
        return told.inquiry.stage == p.inquiry.STAGE_WAITING
    wait_for("the last inquiry waits", settled)
    ana.close()


def intake_orders(p, intake):
    """An order that is placed."""
    order = p.event.OrderEvent(desk=DESK, event_id="order-1", order_id="order-1", customer_id="first",
                               status=p.event.ORDER_STATUS_PLACED, tier="gold")
    order.happened_at.FromSeconds(1_700_000_000)
    intake.SubmitOrderEvent(p.intake.SubmitOrderEventRequest(order=order), timeout=10)
