"""The example suites that open their database by path: without isolite they pass alone and break
each other at once.

usage: by_path_test.py FRAMEWORK DIRECTORY_OF_PROGRAMS
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

FRAMEWORK, PROGRAMS = sys.argv[1], pathlib.Path(sys.argv[2])
CASES = 20
# They meet at nearly every attempt.
ATTEMPTS = 30
OURS = ("ISOLITE_", "NEXTEST_", "PYTEST_XDIST", "TEST_", "CTEST_RESOURCE", "GTEST_", "BOOST_TEST_")
# How each framework says that all cases have passed.
PASSED = {
    "boost_test": rf"{CASES} test cases? out of {CASES} passed",
    "gtest": rf"\[  PASSED  \] {CASES} tests\.",
}[FRAMEWORK]
OPTIONS = {"boost_test": ["--report_level=short"], "gtest": []}[FRAMEWORK]


def start(which, directory, *options, **variables):
    """Starts a program in an environment without traces of an outer run; its temporary directory,
    where the database is, is this one."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return subprocess.Popen(
        [PROGRAMS / f"by_path_{which}_{FRAMEWORK}", *OPTIONS, *options],
        env={**kept, "TMPDIR": directory, **variables},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def said(running):
    """Waits for the end of a program. Returns its exit status and what it wrote."""
    with running:
        text = running.communicate(timeout=120)[0]
    return running.returncode, text


class by_path(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.directory = temporary.name

    def check_passed(self, status, text):
        self.assertEqual(status, 0, text)
        self.assertRegex(text, PASSED)


class without_isolite(by_path):
    def test_all_cases_pass_in_one_process(self):
        self.check_passed(*said(start("before", self.directory)))
        self.assertIn("hostel_test.db", os.listdir(self.directory))

    def test_two_processes_at_once_break_each_other(self):
        for _ in range(ATTEMPTS):
            both = [start("before", self.directory) for _ in range(2)]
            if any([said(each)[0] != 0 for each in both]):
                return
        self.fail(f"both passed {ATTEMPTS} times")

    def test_forked_workers_break_each_other(self):
        self.check_passed(*said(start("untouched", self.directory, "--workers=1")))
        for _ in range(ATTEMPTS):
            if said(start("untouched", self.directory, "--workers=2"))[0] != 0:
                return
        self.fail(f"passed {ATTEMPTS} times")



if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
