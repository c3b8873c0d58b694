"""A bounded load on a cluster: customers by gRPC and by topic, orders, desktops that take and finish what they are offered.

    load = Load(p, cluster, desks, rate=20)
    load.start(); ...; load.stop_customers(); ...; load.stop()

Whoever is refused or cut off tries again elsewhere, as clients should. `accepted` holds what gRPC callers were told is taken:
(desk, event id) → (inquiry id, partition, offset).
"""

import asyncio
import collections
import json
import random
import subprocess
import threading
import time

import grpc
import grpc.aio

from kit.parts import die_with_parent
from kit.usher import wait_for

AGENTS = 3  # of a desk
TEXTS = ("Where is my parcel?", "I want my money back.", "The shirt is too small, how do I return it?",
         "My order arrived broken!", "Can you change the address of my order?", "worst shop ever, I call my lawyer")
OPTIONS = [("grpc.initial_reconnect_backoff_ms", 100), ("grpc.max_reconnect_backoff_ms", 500),
           ("grpc.use_local_subchannel_pool", 1)]


class TopicWriter:
    """A shop system that writes JSON lines to a topic with kcat, and never gives up."""

    def __init__(self, bootstrap, topic):
        self._argv = ["kcat", "-P", "-E", "-b", bootstrap, "-t", topic, "-K", "\t", "-X", "acks=all", "-X",
                      "message.timeout.ms=0", "-X", "max.in.flight=1", "-X", "linger.ms=1", "-X",
                      "topic.metadata.refresh.fast.interval.ms=100", "-X", "socket.timeout.ms=3000"]
        self._process = None

    def write(self, key, event):
        """What a writer held that ends early is that shop's loss: what counts is what reached the topic."""
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(self._argv, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                             stderr=subprocess.DEVNULL, preexec_fn=die_with_parent)
        self._process.stdin.write(f"{key}\t{json.dumps(event)}\n".encode())
        self._process.stdin.flush()

    def close(self, seconds):
        if self._process is not None:
            self._process.stdin.close()
            self._process.wait(seconds)


class Load:
    def __init__(self, p, cluster, desks, rate, seed):
        self.p, self.desks, self.rate = p, desks, rate
        self.accepted = {}
        self.count = collections.Counter()
        self._addresses = {name: cluster.addresses(name) for name in ("intake", "agents")}
        self._bootstrap = cluster.kafka.bootstrap
        self._random = random.Random(seed)
        self._customers_go_on = self._go_on = self._busy = True
        self._registered = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self.failed = None
        self._last_ms = 0

    def start(self):
        self._thread.start()
        if not self._registered.wait(240):
            raise AssertionError("the agents were not registered")

    def stop_customers(self, seconds=240):
        """Returns when everything that was under way has been taken."""
        self._customers_go_on = False
        wait_for("nobody waits for an answer", lambda: self.failed or not self._busy, seconds, every=0.05)

    def stop(self):
        self._go_on = self._customers_go_on = False
        self._thread.join(60)
        if self.failed:
            raise self.failed

    # All below runs in the thread.

    async def _run(self):
        try:
            self._channels = {name: [grpc.aio.insecure_channel(address, options=OPTIONS) for address in addresses]
                              for name, addresses in self._addresses.items()}
            names = [(desk, f"agent-{number}") for desk in self.desks for number in range(AGENTS)]
            for desk, agent in names:
                await self._register(desk, agent)
            self._registered.set()
            desktops = [asyncio.create_task(self._desktop(desk, agent, number))
                        for number, (desk, agent) in enumerate(names)]
            await self._customers()
            self._busy = False
            while self._go_on:
                await asyncio.sleep(0.05)
            for desktop in desktops:
                desktop.cancel()
            await asyncio.gather(*desktops, return_exceptions=True)
            for channels in self._channels.values():
                for channel in channels:
                    await channel.close()
        except Exception as error:
            self.failed = error
            raise

    async def _call(self, service, stub, method, request):
        """One call, tried until it is taken. All of them may be repeated."""
        tries = self._random.randrange(2)
        while True:
            channel = self._channels[service][tries % len(self._channels[service])]
            try:
                return await getattr(stub(channel), method)(request, timeout=5)
            except grpc.RpcError as error:
                if error.code() in (grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.NOT_FOUND,
                                    grpc.StatusCode.UNIMPLEMENTED):
                    raise
                self.count["calls tried again"] += 1
                tries += 1
                await asyncio.sleep(0.1)

    async def _register(self, desk, agent):
        need = self.p.inquiry.Need
        await self._call("agents", self.p.AgentServiceStub, "RegisterAgent", self.p.agents.RegisterAgentRequest(
            desk=desk, agent=agent, units=6, skills=[need(skill="orders", level=60), need(skill="returns", level=60)],
            request_id=f"register-{agent}"))

    async def _customers(self):
        messages = TopicWriter(self._bootstrap, "usher.messages")
        orders = TopicWriter(self._bootstrap, "usher.orders")
        calls = set()
        number = 0
        next_at = time.monotonic()
        while self._customers_go_on:
            next_at = max(next_at + self._random.expovariate(self.rate), time.monotonic() - 1)
            await asyncio.sleep(max(0, next_at - time.monotonic()))
            number += 1
            desk = self.desks[number % len(self.desks)]
            event = self._event(desk, number)
            if number % 10 == 0:
                orders.write(event["orderId"], {
                    "desk": desk, "eventId": f"o{number}", "orderId": event["orderId"], "customerId": event["customerId"],
                    "status": self._random.choice(["ORDER_STATUS_PLACED", "ORDER_STATUS_SHIPPED", "ORDER_STATUS_LATE"]),
                    "happenedAt": self._happened()})
                self.count["orders"] += 1
            if number % 2 == 0:
                messages.write(event["conversationId"], event)
                self.count["by topic"] += 1
            elif len(calls) < 200:  # bounded: while nobody answers no more customers come this way
                call = asyncio.create_task(self._submit(desk, event))
                calls.add(call)
                call.add_done_callback(calls.discard)
        await asyncio.gather(*calls)
        await asyncio.to_thread(messages.close, 240)
        await asyncio.to_thread(orders.close, 240)

    def _happened(self):
        """Now, and later than before."""
        self._last_ms = max(self._last_ms + 1, int(time.time() * 1000))
        return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(self._last_ms // 1000)) + f".{self._last_ms % 1000:03}Z"

    def _event(self, desk, number):
        # Some come back in the same conversation: they join, if it is still open.
        conversation = self._random.randrange(max(0, number - 40), number + 1) if self._random.random() < 0.2 else number
        return {"desk": desk, "eventId": f"e{number}", "conversationId": f"c{desk}-{conversation}",
                "customerId": f"u{desk}-{number % 97}", "orderId": f"{desk}-{number % 31}",
                "channel": self._random.choice(["chat", "chat", "messenger", "email"]),
                "text": self._random.choice(TEXTS), "language": "en"}

    async def _submit(self, desk, event):
        message = self.p.event.MessageEvent(
            desk=desk, event_id=event["eventId"], conversation_id=event["conversationId"], customer_id=event["customerId"],
            order_id=event["orderId"], channel=event["channel"], text=event["text"], language="en")
        answer = await self._call("intake", self.p.IntakeServiceStub, "SubmitMessage",
                                  self.p.intake.SubmitMessageRequest(message=message))
        self.accepted[desk, event["eventId"]] = (
            bytes.fromhex(answer.inquiry_id), answer.position.partition, answer.position.offset)

    async def _desktop(self, desk, agent, number):
        while self._go_on:
            await self._available(desk, agent)
            channels = self._channels["agents"]
            try:
                await self._work(self.p.AgentServiceStub(channels[number % len(channels)]), desk, agent)
            except grpc.RpcError:
                pass
            self.count["streams broken"] += 1
            number += 1
            await asyncio.sleep(0.1)

    async def _available(self, desk, agent):
        await self._call("agents", self.p.AgentServiceStub, "SetPresence", self.p.agents.SetPresenceRequest(
            desk=desk, agent=agent, presence=self.p.inquiry.PRESENCE_AVAILABLE))

    async def _work(self, stub, desk, agent):
        agents = self.p.agents
        stream = stub.Work()
        await stream.write(agents.WorkRequest(hello=agents.WorkHello(desk=desk, agent=agent)))

        async def offered(offer):
            if self._random.random() < 0.1:
                await stream.write(agents.WorkRequest(decline=agents.WorkDecline(
                    offer_id=offer.offer_id, reason=self.p.inquiry.DECLINE_REASON_BUSY)))
            else:
                await stream.write(agents.WorkRequest(accept=agents.WorkAccept(offer_id=offer.offer_id)))

        async def finish(inquiry):
            await stream.write(agents.WorkRequest(reply=agents.WorkReply(inquiry_id=inquiry)))
            await stream.write(agents.WorkRequest(done=agents.WorkDone(inquiry_id=inquiry)))

        async for told in stream:
            body = told.WhichOneof("body")
            if body == "current":
                for offer in told.current.offers:
                    await offered(offer)
                for work in told.current.assigned:
                    await finish(work.inquiry_id)
            elif body == "offer" and told.offer.HasField("expires_at"):
                await offered(told.offer)
            elif body == "assigned":
                await finish(told.assigned.inquiry_id)
            elif body == "presence" and told.presence.presence == self.p.inquiry.PRESENCE_AWAY:
                await self._available(desk, agent)  # it missed offers while it was cut off
            elif body == "refused":
                self.count["refused"] += 1
