"""Judges who chooses the mode of a test: its decorator, its suite's, its fixture, its database."""

import unittest

from test_program import BoostRun, DoctestRun, main, program

NO_SCHEMA = (
    "cannot tell the URI of 'cellar': no database is attached as that\n"
    "  hint: name what was given to seed::attach, or main"
)


class Modes:
    def test_each_test_runs_in_the_mode_that_its_name_tells_in_every_order(self):
        for order in self.orders:
            with self.subTest(order):
                run = self.run_type(program(f"{self.run_type.framework}_modes"), *order)
                self.assertEqual(run.status, run.failure)
                self.assertEqual(len(run.cases), self.count)
                # The control: without protection the later test finds what the earlier one wrote.
                later = {[name for name in run.cases if name.startswith(suite)][1]
                         for suite in ("exposed/", "unprotected/")}
                schema, = [name for name in run.cases if "schema" in name]
                self.assertEqual({name for name, case in run.cases.items() if not case.passed},
                                 {*later, schema})
                for name in later:
                    self.assertEqual(run.cases[name].texts, [self.not_pristine])
                text, = run.cases[schema].texts
                self.assertEqual(text.replace("isolite::setup_error: ", ""), NO_SCHEMA)

    def test_each_test_alone_runs_in_that_mode_too(self):
        path = program(f"{self.run_type.framework}_modes")
        for name in self.run_type(path).cases:
            with self.subTest(name):
                case = self.run_type(path, *self.only(name)).cases[name]
                self.assertEqual(case.passed, "schema" not in name, case.texts)


class BoostTestModes(Modes, unittest.TestCase):
    run_type = BoostRun
    count = 25
    orders = [["--random=0"], ["--random=11"], ["--random=22"]]
    not_pristine = "check pristine(test) has failed"

    def only(self, name):
        return ["--run_test=" + name]


class DoctestModes(Modes, unittest.TestCase):
    run_type = DoctestRun
    count = 23
    orders = [["--order-by=file"], ["--order-by=rand", "--rand-seed=11"], ["--order-by=name"]]
    not_pristine = "CHECK: false"

    def only(self, name):
        suite, _, case = name.rpartition("/")
        return ["--test-case=" + case, "--test-suite=" + suite]


if __name__ == "__main__":
    main()
