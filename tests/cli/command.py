"""Runs the command isolite in directories of its own, for the tests of this folder.

A script that imports this is started as: SCRIPT ISOLITE IMAGE_MAKER [BROKEN_SYSTEM], with the
variable SOURCE_ROOT.
"""

import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

# Meson gives paths relative to the build directory, and the command runs in others.
ISOLITE, IMAGE_MAKER = map(os.path.abspath, sys.argv[1:3])
BROKEN_SYSTEM = os.path.abspath(sys.argv[3]) if len(sys.argv) > 3 else None
SOURCES = pathlib.Path(os.environ["SOURCE_ROOT"])
NOT_OURS = ("ISOLITE_", "NEXTEST_", "PYTEST_XDIST", "TEST_", "CTEST_RESOURCE", "GTEST_", "XDG_")


class CommandTest(unittest.TestCase):
    """Gives each test a home, with `self.cache` for ISOLITE_CACHE and `self.runtime` for locks."""

    maxDiff = None

    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="isolite-test-"))
        self.addCleanup(shutil.rmtree, self.root)
        self.cache, self.runtime = self.root / "cache", self.root / "runtime"

    def environment(self, variables):
        """A variable with the value None is not set."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(NOT_OURS)}
        ours = {"ISOLITE_CACHE": self.cache, "ISOLITE_RUNTIME_DIR": self.runtime,
                "HOME": self.root, **variables}
        return {name: str(value) for name, value in {**kept, **ours}.items() if value is not None}

    def run_isolite(self, *arguments, stdout=subprocess.PIPE, **variables):
        return subprocess.run([ISOLITE, *map(str, arguments)], env=self.environment(variables),
                              cwd=self.root, stdout=stdout, stderr=subprocess.PIPE, text=True,
                              check=False)

    def output(self, *arguments, status=0, **variables):
        """Returns what it prints, and checks its exit code and that it complains of nothing."""
        done = self.run_isolite(*arguments, **variables)
        self.assertEqual((done.returncode, done.stderr), (status, ""), done.stdout)
        return done.stdout

    def refusal(self, *arguments, status, **variables):
        """Returns what it complains of, and checks its exit code and that it prints nothing."""
        done = self.run_isolite(*arguments, **variables)
        self.assertEqual((done.returncode, done.stdout), (status, ""), done.stderr)
        return done.stderr

    def make_image(self, name, age_days=0, blob_bytes=0, **variables):
        """Returns the path of the image of a new seed, used last that many days ago."""
        before = set(self.cache.rglob("*.db"))
        subprocess.run([IMAGE_MAKER, name, "--bytes", str(blob_bytes)], check=True,
                       env=self.environment({"ISOLITE_LEDGER": "off", **variables}),
                       stdout=subprocess.DEVNULL)
        made, = set(self.cache.rglob("*.db")) - before
        if age_days:
            then = made.stat().st_mtime - age_days * 24 * 3600
            for path in made.parent.glob(made.name + "*"):
                os.utime(path, (then, then))
        return made

    @contextlib.contextmanager
    def image_in_use(self, name):
        """Yields while a process has the image of a seed mapped."""
        with subprocess.Popen([IMAGE_MAKER, name, "--hold"],
                              env=self.environment({"ISOLITE_LEDGER": "off"}), text=True,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
            self.assertEqual(holder.stdout.readline(), "open\n")
            yield
            holder.stdin.close()

    def assert_documented(self, words):
        page = (SOURCES / "docs/command-line.md").read_text(encoding="utf-8")
        missing = [word for word in words if not re.search(rf"`[^`]*{re.escape(word)}\b", page)]
        self.assertEqual(missing, [], "not in docs/command-line.md")


def main():
    unittest.main(argv=[sys.argv[0]])
