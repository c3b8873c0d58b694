#!/usr/bin/python3
"""Runs kcat_and_python.sh, as a reader would, on a real Kafka and Redis with the four services as processes."""

import os
import re
import subprocess
import unittest

from services import ROOT, binary, cluster, skip_without_kafka


class KcatAndPython(unittest.TestCase):
    def test_messages_sent_with_kcat_are_taken_answered_and_finished_by_a_python_agent(self):
        with cluster() as (services, kafka):
            environment = dict(
                os.environ, USHER_BIN=binary(), KAFKA=kafka.bootstrap, ROUTER=services["router"].address,
                AGENTS=services["agents"].address, INSIGHTS=services["insights"].address)
            ran = subprocess.run([ROOT / "tests/examples/kcat_and_python.sh"], env=environment, capture_output=True,
                                 text=True, timeout=120, check=False)
        print(ran.stdout)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        inquiries = re.findall(r"^([0-9a-f]{32}): STAGE_RESOLVED, language (\w+), topic \w+, queue (\S+)$", ran.stdout,
                               re.MULTILINE)
        self.assertEqual(sorted(language for _, language, _ in inquiries), ["de", "uk"])
        for _, language, queue in inquiries:
            self.assertTrue(queue.startswith({"uk": "east-", "de": "de-"}[language]), queue)
        self.assertEqual(ran.stdout.count(" is mine"), 2, "the repeated message opens nothing")
        self.assertEqual(ran.stdout.splitlines()[-1], "done")


if __name__ == "__main__":
    skip_without_kafka()
    unittest.main(verbosity=2)
