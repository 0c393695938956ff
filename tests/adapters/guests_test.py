"""Checks that what else a program with doctest may have works as in the plain program."""

import pathlib
import re
import subprocess
import tempfile
import unittest

from compared_runs import Comparing, boost_run, doctest_run
from test_program import main, program

PLAIN, GUESTS = "doctest_guests_plain", "doctest_guests"
BOOST_PLAIN, BOOST_GUESTS = "boost_test_guests_plain", "boost_test_guests"
WAYS = [["--workers=0"], ["--workers=1"], ["--workers=2"], ["--workers=2", "--shuffle=2"]]


def sorted_failures(report):
    """Threads fail in any order, and each failure has as many lines."""
    return sorted(re.sub(r"(?m)^.*CHECK\( i < 0 \).*$", "FAILED IN A THREAD", report).splitlines())


def run_and_read_diary(runs, *arguments):
    with tempfile.TemporaryDirectory() as folder:
        diary = pathlib.Path(folder, "diary")
        run = runs(*arguments, SUBJECT_DIARY=str(diary),
                   SUBJECT_PREPARED=str(pathlib.Path(folder, "prepared")))
        return run, diary.read_text(encoding="utf-8") if diary.exists() else ""


class GuestsOfBoostTest(Comparing, unittest.TestCase):
    def test_all_is_as_in_the_plain_program(self):
        for log in (["--log_level=all"], ["--log_level=error"], []):
            options = [*log, "--report_level=detailed"]
            plain, plain_diary = run_and_read_diary(boost_run, BOOST_PLAIN, *options)
            self.assertIn("end of some/passes: 2 passed", plain_diary)
            for way in WAYS[:3]:
                with self.subTest(way, log=log):
                    run, diary = run_and_read_diary(boost_run, BOOST_GUESTS, *options, *way)
                    self.check_same(plain, run)
                    self.assertEqual(diary, plain_diary)


class GuestsOfDoctest(Comparing, unittest.TestCase):
    @staticmethod
    def run_guests(name, *arguments):
        return run_and_read_diary(doctest_run, name, *arguments)

    def test_all_is_as_in_the_plain_program(self):
        plain, plain_diary = self.run_guests(PLAIN)
        self.assertIn("assertions: 82", plain.streams["report"])
        for way in WAYS:
            with self.subTest(way):
                run, diary = self.run_guests(GUESTS, *way)
                self.assertEqual(run.status, plain.status)
                self.check_text("report", "\n".join(sorted_failures(plain.streams["report"])),
                                "\n".join(sorted_failures(run.streams["report"])))
                self.assertEqual(diary, plain_diary)

    def test_without_threads_every_line_is_in_its_place(self):
        serial = ["--test-case-exclude=*in threads*"]
        plain, _ = self.run_guests(PLAIN, *serial)
        for way in WAYS[:3]:
            with self.subTest(way):
                run, _ = self.run_guests(GUESTS, *serial, *way)
                self.check_text("report", plain.streams["report"], run.streams["report"])


class TwoRuns(unittest.TestCase):
    def test_both_run_all_their_cases(self):
        for way in WAYS:
            with self.subTest(way):
                done = subprocess.run([program("doctest_two_runs"), *way], capture_output=True,
                                      text=True, check=False)
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertEqual(
                    re.findall(r"^\[doctest\] test cases: .*$|^run .*$", done.stdout, re.M),
                    ["[doctest] test cases: 2 | 2 passed | 0 failed | 1 skipped", "run 0: 0",
                     "[doctest] test cases: 3 | 2 passed | 1 failed | 0 skipped", "run 1: 1"])
                sums = re.findall(r"^isolite: (\d .*?) in .*$", done.stderr, re.M)
                self.assertEqual(sums, ["2 passed", "2 passed, 1 failed"])


class ClosedStreams(unittest.TestCase):
    def test_cases_run_where_all_streams_are_closed(self):
        with tempfile.TemporaryDirectory() as folder:
            report = pathlib.Path(folder, "report")
            command = f'"$0" --workers=2 --out="{report}" <&- >&- 2>&-'
            done = subprocess.run(["sh", "-c", command, program("doctest_two_runs")], check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn("3 | 2 passed | 1 failed", report.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
