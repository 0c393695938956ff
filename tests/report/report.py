"""Runs `isolite report` on runs that a test writes."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ISOLITE = os.path.abspath(sys.argv[1])
SOURCES = pathlib.Path(os.environ["SOURCE_ROOT"])
NOT_OURS = ("ISOLITE_", "NEXTEST_", "PYTEST_XDIST", "TEST_", "CTEST_RESOURCE", "GTEST_", "XDG_")


class ReportTest(unittest.TestCase):
    """Gives each test a home, with `self.runs` for the runs of the cache."""

    maxDiff = None

    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="isolite-test-")).resolve()
        self.addCleanup(shutil.rmtree, self.root)
        self.cache = self.root / "cache"
        self.runs = self.cache / "default/runs"

    def run_isolite(self, *arguments, stdout=subprocess.PIPE, preexec_fn=None, cwd=None,
                    **variables):
        """A variable with the value None is not set."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(NOT_OURS)}
        ours = {"ISOLITE_CACHE": self.cache, "HOME": self.root, "TZ": "UTC", **variables}
        environment = {name: str(value) for name, value in {**kept, **ours}.items()
                       if value is not None}
        return subprocess.run([ISOLITE, "report", *map(str, arguments)], env=environment,
                              cwd=cwd or self.root, stdout=stdout, stderr=subprocess.PIPE, text=True,
                              encoding="utf-8", errors="surrogateescape", check=False,
                              preexec_fn=preexec_fn)

    def output(self, *arguments, warning="", **variables):
        done = self.run_isolite(*arguments, **variables)
        self.assertEqual((done.returncode, done.stderr), (0, warning), done.stdout)
        return done.stdout

    def refusal(self, *arguments, status=1, **variables):
        done = self.run_isolite(*arguments, **variables)
        self.assertEqual((done.returncode, done.stdout), (status, ""), done.stderr)
        return done.stderr

    def json(self, *arguments, **options):
        return json.loads(self.output("--json", *arguments, **options))


def main():
    unittest.main(argv=[sys.argv[0]])
