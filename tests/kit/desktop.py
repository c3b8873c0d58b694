"""An agent's desktop for a test: a Work stream, what it was told, and things to say.

    desktop = Desktop(usher.channel(), "shop", "ana")
    offer = desktop.wait_offer()
    desktop.accept(offer.offer_id)
"""

import queue
import threading
import time

import grpc

from kit import protos


class Desktop:
    """Opens the stream and waits for the current work. `seen` holds all that was told, in order."""

    def __init__(self, channel, desk, agent, seconds=30):
        self.p = protos.load()
        self.desk = desk
        self.agent = agent
        self.seen = []
        self.error = None
        self._changed = threading.Condition()
        self._say = queue.Queue()
        stub = self.p.AgentServiceStub(channel)
        self._stream = stub.Work(iter(self._say.get, None))
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._send(hello=self.p.agents.WorkHello(desk=desk, agent=agent))
        self.current = self.wait("the current work", lambda told: told.HasField("current"), seconds).current

    def _read(self):
        try:
            for told in self._stream:
                with self._changed:
                    self.seen.append(told)
                    self._changed.notify_all()
        except grpc.RpcError as error:
            self.error = error
        with self._changed:
            self._changed.notify_all()

    def _send(self, **body):
        self._say.put(self.p.agents.WorkRequest(**body))

    def wait(self, what, wanted, seconds=30, after=0):
        """The first that was told, from number `after` on, for which `wanted` holds."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while True:
                for told in self.seen[after:]:
                    if wanted(told):
                        return told
                left = deadline - time.monotonic()
                if left <= 0 or not self._reader.is_alive():
                    raise AssertionError(f"{self.agent} was not told {what}: {self.seen[after:]} {self.error}")
                self._changed.wait(min(left, 0.5))

    def wait_offer(self, inquiry=None, after=0):
        return self.wait(
            f"an offer of {inquiry or 'anything'}",
            lambda told: told.HasField("offer") and inquiry in (None, told.offer.inquiry_id), after=after).offer

    def wait_assigned(self, inquiry):
        return self.wait(f"assigned {inquiry}",
                         lambda told: told.HasField("assigned") and told.assigned.inquiry_id == inquiry).assigned

    def offers(self):
        """{offer id: inquiry} of all offers ever seen here, current work included."""
        offers = {}
        for told in self.seen:
            for offer in [told.offer] if told.HasField("offer") else told.current.offers:
                offers[offer.offer_id] = offer.inquiry_id
        return offers

    def accept(self, offer_id):
        self._send(accept=self.p.agents.WorkAccept(offer_id=offer_id))

    def decline(self, offer_id, reason=None):
        self._send(decline=self.p.agents.WorkDecline(
            offer_id=offer_id, reason=reason or self.p.inquiry.DECLINE_REASON_BUSY))

    def reply(self, inquiry):
        self._send(reply=self.p.agents.WorkReply(inquiry_id=inquiry))

    def done(self, inquiry):
        self._send(done=self.p.agents.WorkDone(inquiry_id=inquiry))

    def close(self):
        self._say.put(None)
        self._stream.cancel()
        self._reader.join(10)
