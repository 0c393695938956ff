"""Judges fixtures of suites that fail: their tests must, all others must not."""

import unittest
import xml.etree.ElementTree as xml

from test_program import REASONS, BoostRun, DoctestRun, Run, main, program

ORDERS = "no orders today"
LEFT_PRAGMA = (
    "cannot end '{}' with a clean database: it changed PRAGMA cache_size from -2000 to 77\n"
    "  hint: undo in the test what it did to its connection, for instance in a destructor"
)
LEFT_TRANSACTION = (
    "cannot end 'transaction' with a clean database: it left the transaction open that "
    '"BEGIN" began\n  hint: end it in the test with COMMIT or ROLLBACK'
)


class BrokenSuites:
    def run_(self, *arguments, **variables):
        return self.run_type(program(f"{self.run_type.framework}_broken_suites"), *arguments,
                             **variables)

    def expected(self):
        """Returns what each test fails with, or nothing for those that pass."""
        texts = {name: [self.setup_error + f"cannot open a session for '{name}': the fixture of "
                        f"the suite '{name.rpartition('/')[0]}' failed: {why}"]
                 for name, why in self.reasons.items()}
        name = self.in_transaction
        texts[name] = [self.setup_error + f"cannot open a session for '{name}': the connection is "
                       "inside a transaction\n  hint: end what 'transaction' began before opening a "
                       "session inside it"]
        return {**texts, **self.special, **{name: [] for name in self.healthy}}

    def check(self, run):
        expected = self.expected()
        for name, case in run.cases.items():
            with self.subTest(name):
                self.assertEqual(case.texts, expected[name])
                self.assertEqual(case.passed, not expected[name])
        self.assertEqual(run.status, run.failure)

    def test_the_tests_of_a_suite_whose_set_up_fails_say_so_and_no_others_do(self):
        run = self.run_()
        self.check(run)
        self.assertEqual(set(run.cases), set(self.expected()))

    def test_a_suite_that_fails_says_so_itself(self):
        self.assertEqual(self.run_().suites, self.suites)

    def test_every_order_has_the_same_verdicts(self):
        for order in self.orders:
            with self.subTest(order):
                run = self.run_(*order)
                self.check(run)
                self.assertEqual(len(run.cases), len(self.expected()))

    def test_a_failing_suite_alone_fails_the_run(self):
        for suite in self.failing_suites:
            with self.subTest(suite):
                self.check(self.run_(self.suite_filter + suite))

    def test_a_run_without_a_test_of_a_failing_suite_passes(self):
        run = self.run_(*self.only_healthy)
        self.assertEqual((run.status, run.suites), (0, {}))
        self.assertEqual(list(run.cases), self.healthy)


class BoostTestBrokenSuites(BrokenSuites, unittest.TestCase):
    run_type = BoostRun
    setup_error = "isolite::setup_error: "
    orders = [["--random=0"], ["--random=11"], ["--random=22"]]
    suite_filter = "--run_test="
    inner = "cannot open a session for 'throws/inner': the fixture of the suite 'throws' failed: "
    reasons = {
        "throws_and_leaks/first": ORDERS,
        "throws/first": ORDERS,
        "throws/second": ORDERS,
        "throws/uses_another_database": ORDERS,
        "throws/inner/first": inner + ORDERS,
        "throws_no_exception/first": "it threw something that is no exception",
        "broken_seed/first": REASONS["wrong-sql"],
    }
    special = {"throws/plain/first": [setup_error + "cannot open a session for "
                                      "'throws/plain/first': the fixture of the suite 'throws' "
                                      "failed: no orders today"]}
    in_transaction = "transaction/first"
    healthy = ["healthy_one", "healthy_two", "healthy_three", "healthy_four"]
    passing = ["without_sessions/first", "leaks/first"]
    only_healthy = ["--run_test=" + ":".join(healthy)]
    suites = {
        "throws_and_leaks": [LEFT_PRAGMA.format("throws_and_leaks"),
                             "cannot set up the suite 'throws_and_leaks': no orders today"],
        "throws": ["cannot set up the suite 'throws': no orders today"],
        "throws/inner": [f"cannot set up the suite 'throws/inner': {inner}{ORDERS}"],
        "throws_no_exception": ["cannot set up the suite 'throws_no_exception': it threw something "
                                "that is no exception"],
        "broken_seed": ["cannot set up the suite 'broken_seed': " + REASONS["wrong-sql"]],
        "without_sessions": ["cannot set up the suite 'without_sessions': no orders today"],
        "leaks": [LEFT_PRAGMA.format("leaks")],
        "transaction": [LEFT_TRANSACTION],
    }
    failing_suites = list(suites)

    def expected(self):
        return {**super().expected(), **{name: [] for name in self.passing}}

    def test_the_verdict_of_a_suite_that_failed_is_reported(self):
        report = self.run_().err
        for suite in self.suites:
            self.assertIn(f'Test suite "{suite}" has failed', report)


class DoctestBrokenSuites(BrokenSuites, unittest.TestCase):
    run_type = DoctestRun
    setup_error = ""
    orders = [["--order-by=name"], ["--order-by=suite"],
              *(["--order-by=rand", f"--rand-seed={seed}"] for seed in (11, 22, 33))]
    suite_filter = "--test-suite="
    reasons = {
        "throws and leaks/first of throws and leaks":
            ORDERS + "\n" + LEFT_PRAGMA.format("throws and leaks"),
        "throws/first of throws": ORDERS,
        "throws/second of throws": ORDERS,
        "throws/another database in throws": ORDERS,
        "throws no exception/first of throws no exception":
            "it threw something that is no exception",
        "broken seed/first of broken seed": REASONS["wrong-sql"],
    }
    special = {"without sessions/first of without sessions": [], "leaks/first of leaks": []}
    in_transaction = "transaction/first of transaction"
    healthy = ["healthy one", "healthy two", "healthy three", "healthy four"]
    only_healthy = ["--test-case=healthy*"]
    suites = {
        "without sessions": ["cannot set up the suite 'without sessions': no orders today"],
        "leaks": [LEFT_PRAGMA.format("leaks")],
        "transaction": [LEFT_TRANSACTION],
    }
    failing_suites = ["throws and leaks", "throws", "throws no exception", "broken seed",
                      *suites]

    def test_a_suite_that_failed_is_counted_as_a_failed_test_case(self):
        path = program("doctest_broken_suites")
        for suite, counts in (("leaks", "test cases: 2 | 1 passed | 1 failed"),
                              ("without sessions", "test cases: 2 | 1 passed | 1 failed"),
                              ("transaction", "test cases: 2 | 0 passed | 2 failed"),
                              ("throws and leaks", "test cases: 1 | 0 passed | 1 failed")):
            with self.subTest(suite):
                run = Run(path, "--no-colors", self.suite_filter + suite)
                self.assertIn(counts, run.out)
                self.assertEqual(run.status, 1)
        run = self.run_("--test-suite=leaks")
        totals = xml.fromstring(run.out).find("OverallResultsTestCases")
        self.assertEqual((totals.get("successes"), totals.get("failures")), ("1", "1"))


if __name__ == "__main__":
    main()
