"""Judges fixtures of suites: what they write is there for each test inside and for nobody else."""

import re
import unittest

from test_program import BoostRun, DoctestRun, Run, main, program
from shards_test import variables

MODES = ("rollback", "copy_on_write")


class Suites:
    def run_suites(self, *arguments, protected=True, **environment):
        name = f"{self.run_type.framework}_suites" + ("" if protected else "_unprotected")
        return self.run_type(program(name), *arguments, **environment)

    def check(self, run):
        """Expects that all tests passed and that each fixture was there when it was needed."""
        self.assertEqual(run.status, 0, run.err)
        self.assertEqual([name for name, case in run.cases.items() if not case.passed], [])
        self.assertEqual(re.findall("^(?:made|gone) .*$", run.err, re.M),
                         self.events(list(run.cases)))

    def test_every_order_finds_the_data_of_a_suite_in_its_tests_and_nowhere_else(self):
        for mode in MODES:
            for order in self.orders:
                with self.subTest(mode=mode, order=order):
                    run = self.run_suites(*order, SUBJECT_MODE=mode)
                    self.check(run)
                    self.assertEqual(len(run.cases), self.count)

    def test_each_test_alone_finds_the_data_of_its_suites(self):
        for name in self.run_suites().cases:
            with self.subTest(name):
                run = self.run_suites(*self.only(name))
                self.check(run)
                self.assertEqual(list(run.cases), [name])

    def test_a_filter_of_suites_makes_their_fixtures_only(self):
        for suite in ("orders", "payments"):
            with self.subTest(suite):
                run = self.run_suites(self.suite_filter + suite)
                self.check(run)
                self.assertTrue(all(name.startswith(suite + "/") for name in run.cases))

    def test_a_shard_makes_the_fixtures_of_the_suites_that_it_runs(self):
        for total in (2, 5, self.count + 3):
            names = []
            for index in range(total):
                with self.subTest(index=index, total=total):
                    run = self.run_suites(**variables(index, total))
                    self.check(run)
                    names += run.cases
            self.assertEqual(len(names), self.count)

    def test_without_isolation_a_test_of_a_suite_reaches_the_next_one(self):
        first, second = self.pair_in_orders
        for mode, passes in (("none", False), ("rollback", True), ("copy_on_write", True)):
            with self.subTest(mode):
                run = self.run_suites(*self.only(first, second), SUBJECT_MODE=mode)
                self.assertTrue(run.cases[first].passed)
                self.assertEqual(run.cases[second].passed, passes)
                self.assertEqual(run.status, 0 if passes else run.failure)

    def test_without_a_session_the_data_of_a_suite_reaches_the_tests_after_it(self):
        for inside, outside in self.pairs_around_suites:
            for protected in (True, False):
                with self.subTest(outside, protected=protected):
                    run = self.run_suites(*self.only(inside, outside), protected=protected)
                    self.assertTrue(run.cases[inside].passed)
                    self.assertEqual(run.cases[outside].passed, protected)


class BoostTestSuites(Suites, unittest.TestCase):
    run_type = BoostRun
    count = 14
    orders = [["--random=0"], ["--random=11"], ["--random=22"], ["--random=33"]]
    suite_filter = "--run_test="
    pair_in_orders = "orders/first", "orders/second"
    pairs_around_suites = [("orders/first", "after/first"), ("payments/first", "after/second"),
                           ("orders/returns/first", "after/first")]

    def only(self, *names):
        return ["--run_test=" + name for name in names]

    def events(self, names):
        """Returns when fixtures come and go: a suite's tests are always next to each other."""
        events, open_suites = [], []
        for suite in [name.split("/")[:-1] for name in names] + [[]]:
            while open_suites != suite[:len(open_suites)]:
                events += self.fixtures("gone", open_suites.pop())
            for folder in suite[len(open_suites):]:
                open_suites.append(folder)
                events += self.fixtures("made", folder)
        return events

    @staticmethod
    def fixtures(event, suite):
        names = {"both": ["orders", "returns"], "orders": ["orders"], "returns": ["returns"],
                 "payments": ["payments"]}.get(suite, [])
        return [f"{event} {name}" for name in (names if event == "made" else names[::-1])]


class DoctestSuites(Suites, unittest.TestCase):
    run_type = DoctestRun
    count = 14
    orders = [["--order-by=file"], ["--order-by=name"], ["--order-by=suite"],
              *(["--order-by=rand", f"--rand-seed={seed}"] for seed in (11, 22, 33, 44))]
    suite_filter = "--test-suite="
    pair_in_orders = "orders/first of orders", "orders/second of orders"
    pairs_around_suites = [("orders/first of orders", "after/first of after"),
                           ("payments/first of payments", "after/second of after")]

    def only(self, *names):
        return ["--test-case=" + ",".join(name.split("/")[-1] for name in names)]

    def events(self, names):
        """Returns when fixtures come and go: whenever the next test is of another suite."""
        events, before = [], ""
        for suite in [name.rpartition("/")[0] for name in names] + [""]:
            if suite != before:
                events += BoostTestSuites.fixtures("gone", before)
                events += BoostTestSuites.fixtures("made", suite)
            before = suite
        return events

    def test_the_fixture_of_a_suite_is_made_again_when_the_order_returns_to_it(self):
        run = self.run_suites("--order-by=file", "--test-suite=orders,payments")
        self.check(run)
        self.assertEqual(run.err.count("made orders"), 2)


class MisnamedSuite(unittest.TestCase):
    def test_a_fixture_for_a_suite_without_tests_ends_the_run(self):
        run = Run(program("doctest_misnamed_suite"))
        self.assertEqual(run.status, 1)
        self.assertIn("isolite: cannot give the suite 'ordrs' its fixture: no test is in a suite of "
                      "that name\n  hint: write the name as it stands in TEST_SUITE\n", run.err)

    def test_it_does_not_keep_anybody_from_listing_tests(self):
        self.assertEqual(Run(program("doctest_misnamed_suite"), "--list-test-cases").status, 0)


if __name__ == "__main__":
    main()
