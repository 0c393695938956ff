"""Compares what is said of cases of Catch2 that crash in a worker with what Catch2 alone says."""

import re
import unittest

from compared_runs import Comparing, masked
from test_program import Run, main, program

CASES = [
    "with messages", "without any", "in an assertion", "behind a failure", "in a section",
    "behind a section", "in a later pass", "of a signal that was sent",
    "of an exception that nobody catches", "where the stack ends", "with a long message",
]
# Catch2 names the signal, isolite what became of the worker, and a sanitizer has a say in it.
DEATHS = (r"its worker was killed by signal \d+ \(SIG\w+,\s+\w[^)]*\)"
          r"|it ended the process of its worker with status \d+|SIG\w+ - [\w() ]+")


def said(name, *arguments, **variables):
    """Returns what a run says, without what differs between the programs, and in XML without what
    follows the crash: version 2 leaves sections open."""
    run = Run(program(name), "--rng-seed", "3", *arguments, **variables)
    text = re.sub(DEATHS, "DEATH", masked(run.out))
    text = text.replace("catch2_crashes_plain", "catch2_crashes")
    return text.partition("</FatalErrorCondition>")[0]


class Crashes(Comparing, unittest.TestCase):
    def test_all_that_was_said_before_a_crash_is_told(self):
        for case in CASES:
            for reporter in ("console", "compact", "xml"):
                plain = said("catch2_crashes_plain", case, "--reporter", reporter)
                for workers in ("--workers=1", "--workers=2"):
                    with self.subTest(case, reporter=reporter, workers=workers):
                        self.check_text(reporter, plain,
                                        said("catch2_crashes", case, "--reporter", reporter,
                                             workers))

    def test_all_cases_are_told_of_in_one_run(self):
        run = Run(program("catch2_crashes"), "--workers=2")
        count = len(CASES) + 2
        self.assertIn(f"test cases: {count} | {count} failed", run.out)

    def test_a_crash_of_a_child_is_none_of_the_case(self):
        run = Run(program("catch2_crashes"), "behind a child*", "--workers=1")
        self.assertNotIn("fatal", run.out)
        self.assertIn("assertions: 2 | 1 passed | 1 failed", run.out)

    def test_a_crash_is_told_where_no_memory_is_to_be_had(self):
        run = Run(program("catch2_crashes"), "where no memory*", "--workers=1")
        self.assertIn("fatal error condition:\n  about to\n  it", run.out)
        self.assertNotIn("with status 99", run.out)

    def test_reporters_and_listeners_hear_of_a_crash(self):
        for variables in ({}, {"SUBJECT_LISTENS": "1"}):
            arguments = ["behind a failure", "--reporter", "witness"]
            plain = said("catch2_crashes_plain", *arguments, **variables)
            self.assertIn("assertion", plain)
            with self.subTest(variables):
                self.check_text("output", plain,
                                said("catch2_crashes", *arguments, "--workers=1", **variables))


if __name__ == "__main__":
    main()
