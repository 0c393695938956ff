"""Compares what frameworks say of cases that ran in forked workers with what they say of the same
cases in one process: verdicts, counts, texts, contexts, reports and exit status, to the letter."""

import re
import unittest
import xml.etree.ElementTree as xml

from compared_runs import Comparing, boost_run, doctest_run, ways_of_workers
from test_program import main

BOOST = "boost_test_verdicts"
DOCTEST = "doctest_verdicts"


class BoostTestVerdicts(Comparing, unittest.TestCase):
    def test_every_log_and_report_is_that_of_one_process(self):
        for log in ("HRF", "XML", "JUNIT"):
            self.compare(boost_run, BOOST, "--log_format=" + log, "--log_level=all",
                         "--report_format=" + ("HRF" if log == "HRF" else "XML"),
                         "--report_level=detailed")

    def test_what_runs_first_in_a_worker_knows_no_checkpoint_of_others(self):
        self.compare(boost_run, BOOST, "--log_level=all",
                     "--run_test=fixtures/failing_by_decorator,throwing_by_decorator",
                     ways=[["--workers=1", f"--shuffle={seed}"] for seed in range(1, 5)])

    def test_every_level_of_log_and_report_is_that_of_one_process(self):
        for level in ("success", "test_suite", "unit_scope", "message", "warning", "error",
                      "cpp_exception", "system_error", "fatal_error", "nothing"):
            self.compare(boost_run, BOOST, "--log_level=" + level, ways=[["--workers=2"]])
        for level in ("no", "confirm", "short"):
            self.compare(boost_run, BOOST, "--report_level=" + level, ways=[["--workers=2"]])

    def test_a_global_set_up_that_fails_is_reported_as_by_one_process(self):
        for failure in ("fails", "is aborted", "throws"):
            self.compare(boost_run, BOOST, "--log_level=all", "--report_level=detailed",
                         SUBJECT_GLOBAL_SET_UP=failure)

    def test_workers_run_what_one_process_runs(self):
        ran = boost_run(BOOST).traced
        self.assertIn("passes", ran)
        for way in ways_of_workers():
            with self.subTest(way):
                # A worker does not know what the set-up of a suite said in another one.
                self.assertEqual([case for case in boost_run(BOOST, *way).traced
                                  if case != "on_a_suite_whose_fixture_fails"], ran)

    def test_cases_of_every_kind_were_compared(self):
        run = boost_run(BOOST, "--report_level=detailed", "--report_format=XML", "--workers=2")
        results = [case.get("result") for case in xml.fromstring(run.streams["report"])
                   .iter("TestCase")]
        self.assertEqual({kind: results.count(kind) for kind in set(results)},
                         {"passed": 41, "failed": 22, "aborted": 22, "skipped": 14})


class DoctestVerdicts(Comparing, unittest.TestCase):
    def test_every_report_is_that_of_one_process(self):
        for options in (["-r=xml"], ["-r=xml", "-s"], ["-r=junit"], ["--no-colors"],
                        ["--no-colors", "-s"], ["--no-colors", "-d"], ["--force-colors"]):
            self.compare(doctest_run, DOCTEST, *options)

    def test_a_report_that_ends_after_some_failures_is_that_of_one_process(self):
        for most in (1, 2, 7, 30, 1000):
            for format in ("--no-colors", "-r=xml"):
                self.compare(doctest_run, DOCTEST, format, f"--abort-after={most}",
                             ways=[["--workers=2"]])

    def test_workers_run_what_one_process_runs(self):
        ran = doctest_run(DOCTEST).traced
        self.assertIn("passes", ran)
        for way in ways_of_workers():
            with self.subTest(way):
                self.assertEqual(doctest_run(DOCTEST, *way).traced, ran)


if __name__ == "__main__":
    main()
