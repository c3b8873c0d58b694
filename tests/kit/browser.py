"""A real Chromium for a test, driven by playwright-core through tests/browser/driver.mjs.

    with Browser() as browser:
        browser.open("http://127.0.0.1:7490/wallboard/?desk=shop", width=390, height=844, scheme="dark")
        browser.wait("() => document.body.dataset.state === 'live'")
"""

import json
import pathlib
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
DRIVER = ROOT / "tests/browser/driver.mjs"
FOLDER = ROOT / ".deps/browser"


def missing():
    """What to do before a browser can be had; empty: nothing."""
    if not shutil.which("chromium"):
        return "Chromium is missing: apt-get install chromium (scripts/setup does)"
    if not shutil.which("node"):
        return "Node.js is missing: apt-get install nodejs npm (scripts/setup does)"
    if not (FOLDER / "node_modules/playwright-core").is_dir():
        return "playwright-core is missing: run scripts/setup"
    return ""


class Browser:
    """One browser, one page at a time. A command that fails raises AssertionError with what the browser said."""

    def __init__(self):
        problem = missing()
        assert not problem, problem
        self.process = subprocess.Popen(["node", DRIVER, FOLDER, shutil.which("chromium")], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.version = json.loads(self._line())["ready"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _line(self):
        line = self.process.stdout.readline()
        assert line, f"the browser's driver ended: {self.process.poll()}"
        return line

    def _do(self, command, **given):
        self.process.stdin.write(json.dumps(dict(given, command=command)) + "\n")
        self.process.stdin.flush()
        told = json.loads(self._line())
        assert "error" not in told, f"{command} {given}: {told.get('error')}"
        return told["answer"]

    def open(self, url, **how):
        """A new page without memory. width, height, scheme (light, dark), languages, motion (reduce)."""
        self._do("open", url=url, **how)

    def evaluate(self, code, given=None):
        return self._do("evaluate", code=code, given=given)

    def wait(self, code, given=None, seconds=60):
        return self._do("wait", code=code, given=given, seconds=seconds)

    def click(self, selector):
        self._do("click", selector=selector)

    def select(self, selector, value):
        self._do("select", selector=selector, value=value)

    def press(self, key, times=1):
        for _ in range(times):
            self._do("press", key=key)

    def screenshot(self, path):
        self._do("screenshot", path=str(path))

    def size(self, width, height):
        self._do("size", width=width, height=height)

    def told(self):
        """Errors and warnings of the console and uncaught errors since the last call."""
        return self._do("told")

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
