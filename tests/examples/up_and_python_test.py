#!/usr/bin/python3
"""customer.py and agent.py, as a reader would run them, against `usher up`: one process, no Kafka, no Redis."""

import os
import re
import subprocess
import sys
import tempfile
import unittest

from services import ROOT, Usher

from kit import protos


class UpAndPython(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="usher-example-")
        self.addCleanup(self.folder.cleanup)
        self.environment = dict(os.environ, PYTHONPATH=str(protos.generate()))

    def run_example(self, name, usher, *flags):
        ran = subprocess.run(
            [sys.executable, ROOT / "tests/examples" / name, "--server", usher.address, "--desk", "shop", *flags],
            env=self.environment, capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        print(ran.stdout)
        return ran.stdout

    def test_a_message_by_grpc_is_taken_answered_and_finished_by_a_python_agent(self):
        with Usher("up", "--data-dir", f"{self.folder.name}/data", "--desk", "shop",
                   "--policy", ROOT / "deploy/policies/small.yaml") as usher:
            said = self.run_example("customer.py", usher, "--channel", "chat", "Where is my order? It is late")
            inquiry = re.fullmatch(r"([0-9a-f]{32}) language=en topic=\w+\n", said).group(1)
            worked = self.run_example("agent.py", usher, "--skill", "orders:80", "--skill", "returns:80")
            self.assertIn(f"{inquiry}: STAGE_RESOLVED", worked)
            self.assertEqual(worked.splitlines()[-1], "done")

    def test_a_second_message_of_a_conversation_joins_its_open_inquiry(self):
        with Usher("up", "--data-dir", f"{self.folder.name}/data", "--desk", "shop",
                   "--policy", ROOT / "deploy/policies/small.yaml") as usher:
            first = self.run_example("customer.py", usher, "--conversation", "c-7", "Where is my order?").split()[0]
            self.run_example("customer.py", usher, "--conversation", "c-7", "Hello? Anybody there?")
            worked = self.run_example("agent.py", usher, "--skill", "orders:80", "--skill", "returns:80")
            self.assertEqual(re.findall(r"^([0-9a-f]{32}): STAGE", worked, re.MULTILINE), [first])


if __name__ == "__main__":
    unittest.main(verbosity=2)
