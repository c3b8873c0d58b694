#!/usr/bin/env python3
"""What usher does before anybody asks, against a real `usher up`: a carrier that goes dark is one inquiry, and none for each
of its orders."""

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

POLICY = """version: v1
skills: [orders, returns]
channels: {email: {units: 1}}
queues: [{name: mail, offer_window: 30m}]
otherwise: {queue: mail}
acting:
  late_promise: {after: 1h, channel: email, text: promise_passed}
  carrier_incident: {orders: 3, window: 1h, channel: email, text: carrier_late}
"""


class Acting(unittest.TestCase):
    def setUp(self):
        work = pathlib.Path(tempfile.mkdtemp(prefix="usher-acting-"))
        self.addCleanup(shutil.rmtree, work, True)
        policy = work / "policy.yaml"
        policy.write_text(POLICY)
        self.usher = self.enterContext(
            Usher("up", "--data-dir", work / "data", "--policy", policy, "--desk", DESK, work=work))
        self.shop = Shop(self.usher)

    def promise(self, order, carrier, seconds):
        now = int(time.time())
        event = p.event.OrderEvent(
            desk=DESK, event_id="e-" + order, order_id=order, customer_id="c-" + order, carrier=carrier,
            status=p.event.ORDER_STATUS_SHIPPED)
        event.happened_at.FromSeconds(now)
        event.promised_at.FromSeconds(now + seconds)
        self.shop.intake.SubmitOrderEvent(p.intake.SubmitOrderEventRequest(order=event), timeout=10)

    def test_a_carrier_that_goes_dark_is_one_incident(self):
        orders = 5
        for i in range(orders):
            self.promise(f"dark-{i}", "acme", 2)
        self.promise("alone", "swift", 2)
        self.shop.register("ana")
        ana = Desktop(self.usher.channel(), DESK, "ana")
        self.addCleanup(ana.close)
        self.shop.presence("ana", p.inquiry.PRESENCE_AVAILABLE)
        offer = ana.wait("of the incident", lambda told: told.HasField("offer"), seconds=60).offer
        told = self.shop.wait_stage(offer.inquiry_id, p.inquiry.STAGE_OFFERED).inquiry
        self.assertEqual(told.features.topic, "carrier_late")

        def cancelled():
            summary = self.shop.summary()
            return summary if summary.cancelled == orders else None

        wait_for("the orders' own inquiries are taken back", cancelled)
        acts = {dict(labels)["kind"]: count for labels, count in self.usher.metrics()["usher_intake_acts_total"].items()}
        self.assertEqual((acts["carrier_incident"], acts["taken_back"], acts["late_promise"]), (1, orders, orders + 1))
        self.assertEqual(set(ana.offers().values()), {offer.inquiry_id})


if __name__ == "__main__":
    unittest.main(verbosity=2)
