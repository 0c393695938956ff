"""Checks that the example for C runs its functions as isolite runs cases."""

import unittest

from framework_example import check_all_ways, check_choice, check_death, check_evidence
from test_program import declared_at, leak, main

SUBJECT = "c_subject"
REASONS = {
    "orders/fails": f"/c_subject.c:{declared_at('c_subject.c', '[fails]')}: "
                    'run_sql(db, "INSERT INTO order VALUES (7)") == SQLITE_OK',
    "orders/leaks": leak("plain", "orders/leaks", database="shop",
                         changes="\n  table orders: 1 row added\n    + rowid=1, product=7"),
}
PASSED = ["orders/first", "orders/second", "orders/third", "orders/dies"]


class CExample(unittest.TestCase):
    def test_each_function_gets_its_verdict_and_a_pristine_database(self):
        check_all_ways(self, SUBJECT, {**dict.fromkeys(PASSED, "passed"),
                                       **dict.fromkeys(REASONS, "failure")}, REASONS)

    def test_a_function_that_dies_fails_alone(self):
        check_death(self, SUBJECT, "orders/dies")

    def test_the_status_is_that_of_the_functions_that_were_chosen(self):
        check_choice(self, SUBJECT, "orders/[st]*", ["orders/second", "orders/third"])

    def test_a_failed_function_keeps_its_database(self):
        check_evidence(self, SUBJECT, "orders/fails")


if __name__ == "__main__":
    main()
