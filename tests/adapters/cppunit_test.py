"""Checks that the example for CppUnit runs its tests as isolite runs cases."""

import unittest

from framework_example import check_all_ways, check_choice, check_death, check_evidence
from test_program import declared_at, leak, main

SUBJECT = "cppunit_subject"
THROWN = "uncaught exception of type std::exception (or derived).\n- "
REASONS = {
    "Fails/equals": f"/cppunit_subject.cpp:{declared_at('cppunit_subject.cpp', '[equals]')}: "
                    "equality assertion failed\n- Expected: 3\n- Actual  : 2\n- products",
    "Fails/throws": THROWN + "no network",
    "Fails/leaks": leak("plain", "Fails/leaks"),
    "Around/first": "a tear-down that throws\n" + leak("plain", "Around/first"),
    "Around/second": "tearDown() failed\n- " + THROWN + "a tear-down that throws",
}
PASSED = ["Counts/first", "Counts/second", "Counts/third", "Fails/dies"]


class CppUnitExample(unittest.TestCase):
    def test_each_test_gets_its_verdict_and_a_pristine_database(self):
        check_all_ways(self, SUBJECT, {**dict.fromkeys(PASSED, "passed"),
                                       **dict.fromkeys(REASONS, "failure")}, REASONS)

    def test_a_test_that_dies_fails_alone(self):
        check_death(self, SUBJECT, "Fails/dies")

    def test_the_status_is_that_of_the_tests_that_were_chosen(self):
        check_choice(self, SUBJECT, "Counts/*", PASSED[:3])

    def test_a_failed_test_keeps_its_database(self):
        check_evidence(self, SUBJECT, "Fails/equals")


if __name__ == "__main__":
    main()
