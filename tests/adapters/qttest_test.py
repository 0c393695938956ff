"""Checks that the example for QtTest runs its test functions as isolite runs cases."""

import unittest

from framework_example import check_all_ways, check_choice, check_death, check_evidence, run
from test_program import declared_at, leak, main

SUBJECT = "qttest_subject"


def at(mark):
    return f"/{SUBJECT}.cpp:{declared_at(SUBJECT + '.cpp', f'[{mark}]')}: "


REASONS = {
    "Fails/equals": at("equals") + "Compared values are not the same\n   Actual   (",
    "Fails/passesUnexpectedly": at("unexpected") + "'true' returned TRUE unexpectedly",
    "Fails/oneRow": at("row") + "two: 'number != 2' returned FALSE. (two < 1 & 2)",
    "Fails/leaks": leak("", "Fails/leaks:two"),
    "Fails/throws": "Caught unhandled exception\nno network",
    "SetUp/isNotRun": at("set up") + "nothing is set up",
}
COUNTS = ["Counts/first", "Counts/second", "Counts/eachRow", "Counts/expectsToFail"]
PASSED = COUNTS + ["Fails/finds", "Fails/dies"]


class QtTestExample(unittest.TestCase):
    def test_each_function_gets_its_verdict_and_each_row_a_pristine_database(self):
        check_all_ways(self, SUBJECT, {**dict.fromkeys(PASSED, "passed"),
                                       **dict.fromkeys(REASONS, "failure"),
                                       "Fails/skips": "skipped"}, REASONS)

    def test_a_function_that_dies_fails_alone(self):
        check_death(self, SUBJECT, "Fails/dies")

    def test_the_status_is_that_of_the_functions_that_were_chosen(self):
        check_choice(self, SUBJECT, "Counts/*", COUNTS)

    def test_a_failed_row_keeps_its_database(self):
        check_evidence(self, SUBJECT, "Fails/oneRow", told_as="Fails/oneRow:two")

    def test_what_a_function_says_is_shown_when_it_fails(self):
        done = run(SUBJECT, "--workers=2", "Fails/oneRow")
        self.assertIn("isolite: output of Fails/oneRow:\none: number 1\ntwo: number 2\n", done.err)


if __name__ == "__main__":
    main()
