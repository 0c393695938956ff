"""The example suites that open their database by path. Without isolite they pass alone and break
each other at once. Converted, or untouched with --files, they pass in every way, and nothing is on
the disk.

usage: by_path_test.py FRAMEWORK DIRECTORY_OF_PROGRAMS DIRECTORY_OF_SOURCES
"""

import difflib
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

FRAMEWORK = sys.argv[1]
PROGRAMS, SOURCES = (pathlib.Path(argument) for argument in sys.argv[2:4])
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


def start(which, directory, *options):
    """Starts a program in an environment without traces of an outer run; its temporary directory,
    where the database is, is this one."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return subprocess.Popen(
        [PROGRAMS / f"by_path_{which}_{FRAMEWORK}", *OPTIONS, *options],
        env={**kept, "ISOLITE_CACHE": os.environ.get("ISOLITE_CACHE", "off"), "TMPDIR": directory},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def said(running):
    """Waits for the end of a program. Returns its exit status and what it wrote."""
    with running:
        try:
            text = running.communicate(timeout=100)[0]
        except subprocess.TimeoutExpired:
            running.kill()
            raise
    return running.returncode, text


class by_path(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.directory = temporary.name

    def check_passed(self, status, text):
        self.assertEqual(status, 0, text)
        self.assertRegex(text, PASSED)


class unclaimed(by_path):
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


def changed_lines(before, after):
    """Returns which lines of the first file, which may be missing, are not in the second, and which
    of the second are not in the first; blank ones do not count."""
    texts = [path.read_text(encoding="utf-8").splitlines() if path.exists() else []
             for path in (SOURCES / before, SOURCES / after)]
    lines = [line for line in difflib.ndiff(*texts) if line[2:].strip()]
    return [[line for line in lines if line[0] == sign] for sign in "-+"]


class converted(by_path):
    def test_at_most_ten_lines_changed_and_none_of_a_test(self):
        gone, new = changed_lines(f"before/{FRAMEWORK}.cpp", f"after/{FRAMEWORK}.cpp")
        self.assertEqual(len(gone), 1, gone)  # the first line of the fixture
        new += changed_lines(f"before/{FRAMEWORK}_main.cpp", f"main/{FRAMEWORK}.cpp")[1]
        self.assertLessEqual(len(new), 10, new)


@unittest.skipUnless((PROGRAMS / f"by_path_after_{FRAMEWORK}").exists(), "is not built")
class with_isolite(by_path):
    WAYS = {"after": [], "untouched": ["--files=*.db"]}

    def check_ways(self, *options, processes=1):
        for which, claim in self.WAYS.items():
            with self.subTest(which), tempfile.TemporaryDirectory() as directory:
                started = [start(which, directory, *claim, *options) for _ in range(processes)]
                for ended in [said(each) for each in started]:
                    self.check_passed(*ended)
                left = list(pathlib.Path(directory).rglob("*.db*"))
                self.assertEqual(left, [])

    def test_all_cases_pass_in_one_process(self):
        self.check_ways()

    def test_all_cases_pass_in_forked_workers_in_any_order(self):
        for order in ([], ["--shuffle=1"], ["--shuffle=2"], ["--shuffle=3"]):
            self.check_ways("--workers=2", *order)

    def test_two_processes_at_once_do_not_meet(self):
        self.check_ways(processes=2)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
