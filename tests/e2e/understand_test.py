#!/usr/bin/env python3
"""`usher understand` as a process: lines in, lines out, and the tables."""

import json
import pathlib
import selectors
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from kit.usher import binary  # noqa: E402

MODELS = pathlib.Path(binary()).resolve().parents[1] / "models"


def run(*words, text=""):
    return subprocess.run([binary(), "understand", "--models", MODELS, *map(str, words)], input=text, encoding="utf-8",
                          capture_output=True, timeout=120)


class Understand(unittest.TestCase):
    def setUp(self):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="usher-understand-"))
        self.addCleanup(shutil.rmtree, self.work, True)

    def test_a_line_in_is_a_line_out(self):
        told = run(text='{"text": "Ich will mein Geld für Bestellung 48213 zurück!", "channel": "email"}\n'
                        '{"text": "12345 ??"}\n')
        self.assertEqual((told.returncode, told.stderr), (0, ""))
        first, second = map(json.loads, told.stdout.splitlines())
        self.assertEqual((first["language"], first["topic"], first["order_ids"]), ("de", "refund", ["48213"]))
        for share in ("language_confidence", "topic_confidence", "sentiment_confidence"):
            self.assertTrue(0 < first[share] <= 1, first)
        self.assertEqual((second["language"], second["language_confidence"]), ("unknown", 0))

    def test_a_bad_line_keeps_its_place_and_fails_at_the_end(self):
        told = run(text='{"text": "where is my order"}\nno json\n{"channel": "chat"}\n{"text": 5}\n[]\n\n'
                        '{"text": "x", "channel": 1}\n{"text": "' + "x" * (5 << 20) + '"}\n{"text": "thanks"}')
        self.assertEqual(told.returncode, 1)
        lines = [json.loads(line) for line in told.stdout.splitlines()]
        problems = ["line 2: not JSON in UTF-8", "line 3: text: is missing", "line 4: text: not a string",
                    "line 5: not a JSON object", "line 6: not JSON in UTF-8", "line 7: channel: not a string",
                    "line 8: longer than 4 MiB"]
        self.assertEqual([line.get("error") for line in lines], [None, *problems, None])
        self.assertEqual(told.stderr.splitlines(), problems)

    def test_it_answers_while_the_input_is_open(self):
        talk = subprocess.Popen([binary(), "understand", "--models", MODELS], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(talk.stdout.close)
        with selectors.DefaultSelector() as ready:
            ready.register(talk.stdout, selectors.EVENT_READ)
            for text in ("where is my order?", "дякую, все чудово"):
                talk.stdin.write((json.dumps({"text": text}) + "\n").encode())
                talk.stdin.flush()
                self.assertTrue(ready.select(timeout=120), "no answer")
                self.assertIn("topic", json.loads(talk.stdout.readline()))
        talk.stdin.close()
        self.assertEqual(talk.wait(timeout=120), 0)

    def test_a_policy_rules_and_says_which_keyword_did(self):
        told = run("--policy", ROOT / "deploy/policies/small.yaml", text='{"text": "the Worst shop, EVER"}\n{"text": "hi"}\n')
        self.assertEqual(told.returncode, 0, told.stderr)
        first, second = map(json.loads, told.stdout.splitlines())
        self.assertEqual((first["topic"], first["topic_confidence"], first["keyword_rule"]), ("complaint", 1, 1))
        self.assertNotIn("keyword_rule", second)
        self.assertEqual(run("--policy", self.work / "none.yaml").returncode, 2)

    def test_tables_are_of_the_columns_that_are_there(self):
        samples = self.work / "samples.tsv"
        samples.write_text("text\tlanguage\ttopic\tsentiment\twriter\n"
                           "I want my money back for order 48213\ten\trefund\tneutral\tx\n"
                           "Wo bleibt mein Paket?\tde\torder_status\t\ty\n", encoding="utf-8")
        told = run("--eval", samples)
        self.assertEqual(told.returncode, 0, told.stderr)
        for word in ("language", "topic", "sentiment", "accuracy", "macro-F1", "writer x", "expected calibration error"):
            self.assertIn(word, told.stdout)
        samples.write_text("words\nhello\n")
        self.assertEqual(run("--eval", samples).returncode, 2)
        samples.write_text("text\ttopic\nhello\n")
        told = run("--eval", samples)
        self.assertEqual(told.returncode, 2)
        self.assertIn("samples.tsv:2:", told.stderr)


if __name__ == "__main__":
    unittest.main()
