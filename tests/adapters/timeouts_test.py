"""Judges what Boost.Test's timeout costs: the data of the suites around the test, and no more."""

import unittest

from test_program import BoostRun, main, program

CUT_OFF = "orders/inner/loops_for_ever"
TIMEOUT = "signal: SIGALRM (timeout while executing function)"


def lost(name):
    """Returns what a session fails with inside of a suite whose data was lost."""
    return (f"cannot open a session for '{name}': what the session around it held was lost when "
            f"'{CUT_OFF}' was cut off\n  hint: nothing can be saved of a database in the middle of "
            f"a call: run the tests again without '{CUT_OFF}'")


class Timeouts(unittest.TestCase):
    def test_a_timeout_costs_the_data_of_the_suites_around_it_and_no_more(self):
        run = BoostRun(program("boost_test_timeouts"))
        self.assertEqual(run.status, 201)
        expected = {
            CUT_OFF: [TIMEOUT],
            "orders/inner/lost": ["isolite::setup_error: " + lost("orders/inner/lost")],
            "orders/later/lost": ["isolite::setup_error: cannot open a session for "
                                  "'orders/later/lost': the fixture of the suite 'orders/later' "
                                  "failed: " + lost("orders/later")],
            "orders/lost": ["isolite::setup_error: " + lost("orders/lost")],
            "plain/loops_for_ever": [TIMEOUT],
        }
        passing = ["orders/first", "orders/inner/first", "orders/uses_another_database",
                   "outside_of_any_suite", "returns/first", "plain/second",
                   "plain/another_database"]
        self.assertEqual({name: case.texts for name, case in run.cases.items()},
                         {**expected, **{name: [] for name in passing}})
        self.assertEqual([name for name, case in run.cases.items() if case.passed], passing)
        self.assertEqual(run.suites, {"orders/later": ["cannot set up the suite 'orders/later': "
                                                       + lost("orders/later")]})

    def test_without_the_test_that_is_cut_off_nothing_is_lost(self):
        run = BoostRun(program("boost_test_timeouts"), "--run_test=!" + CUT_OFF,
                       "--run_test=!plain/loops_for_ever")
        lost_ones = [name for name, case in run.cases.items() if not case.passed]
        self.assertEqual(lost_ones, ["orders/inner/lost", "orders/later/lost", "orders/lost"])
        for name in lost_ones:
            self.assertEqual(run.cases[name].texts,
                             ["a test ran although the data of its suite was lost"])


if __name__ == "__main__":
    main()
