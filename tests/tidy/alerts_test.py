#!/usr/bin/env python3
"""Holds together what an alert needs: the rule, tests of it (it fires, it does not, it ends, nothing is there), an entry in the runbook, and a
scene that fires it for real, or the reason why there is none."""
import ast
import pathlib
import re
import sys
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
RULES = yaml.safe_load((DEPLOY / "prometheus/rules.yml").read_text())
TESTS = yaml.safe_load((DEPLOY / "prometheus/rules_test.yml").read_text())["tests"]
ALERTS = {rule["alert"]: rule for group in RULES["groups"] for rule in group["rules"] if "alert" in rule}
RECORDS = [rule["record"] for group in RULES["groups"] for rule in group["rules"] if "record" in rule]


def minutes(text):
    total = 0
    for number, unit in re.findall(r"(\d+)([smhd])", text):
        total += int(number) * {"s": 1 / 60, "m": 1, "h": 60, "d": 1440}[unit]
    return total


def scenes():
    """{alert: a scene's method, or why there is none} as tests/integration/alerts.py declares it."""
    tree = ast.parse((ROOT / "tests/integration/alerts.py").read_text())
    found = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and node.targets[0].id in ("FIRED_BY", "NO_SCENE"):
            found[node.targets[0].id] = ast.literal_eval(node.value)
    methods = {item.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for item in node.body
               if isinstance(item, ast.FunctionDef)}
    return found["FIRED_BY"], found["NO_SCENE"], methods


class Alerts(unittest.TestCase):
    def test_recorded_series_are_named_by_level_metric_and_operation(self):
        self.assertGreater(len(RECORDS), 10)
        for record in RECORDS:
            self.assertRegex(record, r"^[a-z_]+:usher_[a-z_]+:[a-z0-9_]+$")

    def test_each_fires_ends_and_is_silent_without_traffic(self):
        for alert in ALERTS:
            fires, ends, silent = False, False, False
            for test in TESTS:
                checks = sorted(((minutes(check["eval_time"]), bool(check["exp_alerts"]))
                                 for check in test["alert_rule_test"] if check["alertname"] == alert))
                fired = [at for at, expected in checks if expected]
                fires = fires or bool(fired)
                ends = ends or any(fired and at > fired[0] and not expected for at, expected in checks)
                silent = silent or (bool(checks) and not test["input_series"])
            self.assertTrue(fires and ends and silent, (alert, fires, ends, silent))

    def test_each_has_an_entry_in_the_runbook_and_none_is_left_over(self):
        page = (DEPLOY / "README.md").read_text()
        runbook = page[page.index("## Runbook"):]
        self.assertEqual(set(re.findall(r"^### (Usher\w+)$", runbook, re.M)), set(ALERTS))
        for alert, rule in ALERTS.items():
            self.assertEqual(rule["annotations"]["runbook"], "deploy/README.md#" + alert.lower())
            self.assertIn(rule["labels"]["severity"], ("page", "review"))

    def test_each_has_a_scene_that_fires_it_or_a_reason_why_there_is_none(self):
        fired_by, no_scene, methods = scenes()
        self.assertEqual(set(fired_by) | set(no_scene), set(ALERTS))
        self.assertFalse(set(fired_by) & set(no_scene))
        for alert, method in fired_by.items():
            self.assertIn(method, methods, alert)
        for alert, reason in no_scene.items():
            self.assertGreater(len(reason), 20, alert)


if __name__ == "__main__":
    sys.exit(unittest.main())
