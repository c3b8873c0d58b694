#!/usr/bin/python3
"""scripts/quickstart with a short day: inquiries reach agents who have the skills, replies come, the metrics move."""

import ctypes
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import unittest
import urllib.request

import grpc
import yaml

from services import ROOT, binary

from kit import protos
from kit.usher import parse_metrics, wait_for

POLICY = ROOT / "deploy/policies/shop.yaml"
DAY = ("--plain", "--hours", "2", "--speed", "420", "--inquiries", "150", "--seed", "7")
prctl = ctypes.CDLL(None).prctl
PR_SET_PDEATHSIG = 1
CHECKED = 40  # inquiries whose timeline is read


class Quickstart(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="usher-quickstart-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.report = self.folder / "report.json"
        self.environment = dict(os.environ, USHER_BIN=binary(), USHER_RUN=str(self.folder / "run"),
                                USHER_GRPC="127.0.0.1:0", USHER_METRICS="127.0.0.1:0",
                                USHER_WALLBOARD="127.0.0.1:0")

    def start(self, *flags):
        output = open(self.folder / "output", "wb")
        self.addCleanup(output.close)
        process = subprocess.Popen(
            [ROOT / "scripts/quickstart", *DAY, "--report", self.report, *flags], env=self.environment,
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
            preexec_fn=lambda: prctl(PR_SET_PDEATHSIG, signal.SIGTERM))  # its trap ends what it started
        self.addCleanup(lambda: process.poll() is None and process.terminate())
        return process

    def output(self):
        return (self.folder / "output").read_text(errors="replace")

    def usher_is_gone(self):
        port = re.search(r"serves gRPC on 127.0.0.1:(\d+)", self.output()).group(1)
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            try:
                grpc.channel_ready_future(channel).result(timeout=1)
                return False
            except grpc.FutureTimeoutError:
                return True

    def test_with_exit_it_plays_the_day_sums_up_and_ends(self):
        process = self.start("--exit")
        self.assertEqual(process.wait(240), 0, self.output())
        output = self.output()
        self.assertIn("the day is over", output)
        self.assertIn("usher and the day's own agree", output)
        report = json.loads(self.report.read_text())
        self.assertTrue(report["whole"])
        told = report["usher"]
        self.assertEqual(told["placed"] + told["joined"] + told["rejected"], report["sent"]["messages"])
        self.assertGreaterEqual(told["placed"], 150)
        self.assertEqual(told["rejected"], 0)
        self.assertGreater(told["answered"], 75)  # the rest left before: on a slow machine more do
        self.assertEqual(told["placed"], told["resolved"] + told["abandoned"])
        self.assertTrue(self.usher_is_gone())

    def test_without_exit_usher_stays_and_tells_how_each_inquiry_found_an_able_agent(self):
        process = self.start()

        def played():
            self.assertIsNone(process.poll(), self.output())
            return "the agents stay at their desks" in self.output()

        wait_for("the day is played", played, 240, every=0.1)
        report = json.loads(self.report.read_text())
        ports = dict(line.split("=") for line in (self.folder / "run/ports").read_text().split())
        self.check_metrics(report, ports["metrics_port"])
        with grpc.insecure_channel(f"127.0.0.1:{ports['grpc_port']}") as channel:
            self.check_skills(report, channel)
        os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C on a terminal: the script and the day that it plays
        self.assertEqual(process.wait(60), 0, self.output())
        self.assertTrue(self.usher_is_gone())

    def check_metrics(self, report, port):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            metrics = parse_metrics(answer.read().decode())
        responses = sum(metrics["usher_first_response_seconds_count"].values())
        self.assertEqual(responses, report["usher"]["answered"])

    def check_skills(self, report, channel):
        p = protos.load()
        needs = {queue["name"]: queue.get("needs", {}) for queue in yaml.safe_load(POLICY.read_text())["queues"]}
        directory = p.AgentServiceStub(channel).ListAgents(
            p.agents.ListAgentsRequest(desk="shop", page_size=1000), timeout=10)
        skills = {agent.agent: {held.skill: held.level for held in agent.skills} for agent in directory.agents}
        stub = p.InsightsServiceStub(channel)
        answered = [message["inquiry_id"] for message in report["messages"] if "replied_seconds" in message]
        self.assertGreater(len(answered), CHECKED)
        languages = set()
        for inquiry_id in answered[:CHECKED]:
            answer = stub.GetInquiry(
                p.insights.GetInquiryRequest(desk="shop", inquiry_id=inquiry_id), timeout=10)
            language = answer.inquiry.features.language
            languages.add(language)
            needed = needs[answer.inquiry.queue]
            if answer.inquiry.queue != "general":
                self.assertIn(language, needed, answer.inquiry.queue)
            owners = [entry.decision.offer_accepted.agent for entry in answer.timeline
                      if entry.decision.WhichOneof("body") == "offer_accepted"]
            self.assertEqual(len(owners), 1)
            for skill, level in needed.items():
                self.assertGreaterEqual(skills[owners[0]].get(skill, -1), level, f"{owners[0]} takes {inquiry_id}")
            self.assertTrue(all(entry.sentence for entry in answer.timeline))
        self.assertGreaterEqual(len(languages), 4)


if __name__ == "__main__":
    unittest.main(verbosity=2)
