"""Runs programs whose seeds are broken and judges what a user sees."""

import os
import unittest

from test_program import BoostRun, DoctestRun, Run, main, program

REASONS = {
    "wrong-sql": "cannot apply the seed 'wrong-sql': SQL text 1:2: no such table: nowhere, in "
                 '"INSERT INTO nowhere VALUES (1)"\n  hint: the statements before it succeeded',
    "missing-file": "cannot apply the seed 'missing-file': /nowhere/schema.sql: No such file or "
                    "directory\n  hint: a relative path is taken from the working directory, which "
                    f"is '{os.getcwd()}'; give an absolute one, for instance from a define that "
                    "the build sets",
    "throwing-step": "cannot apply the seed 'throwing-step': step 'prices' failed: the price list "
                     "is empty\n  hint: the step threw this exception",
    "throwing-description": "cannot describe a seed: no such directory\n  hint: the function "
                            "seed() of the database threw this exception",
    "throwing-connection": "cannot open a connection to 'file:throwing-connection?vfs=isolite': "
                           "the extension is missing\n  hint: a step given to on_connect threw "
                           "this exception",
}


class SetUp:
    def setUp(self):
        self.run_ = self.run_type(program(f"{self.run_type.framework}_broken_seeds"))

    def reasons_of(self, seed):
        return [(case.passed, case.texts) for name, case in self.run_.cases.items()
                if name.replace("_", "-").replace(" ", "-").lower().startswith(seed)]

    def test_every_test_of_a_broken_seed_fails_with_the_reason_and_without_its_body(self):
        for seed, reason in REASONS.items():
            with self.subTest(seed):
                expected = (False, [self.prefix + reason])
                self.assertEqual(self.reasons_of(seed), [expected, expected])

    def test_a_broken_seed_is_tried_once(self):
        for seed in REASONS:
            with self.subTest(seed):
                self.assertEqual(self.run_.err.splitlines().count(f"seeding {seed}"), 1)

    def test_a_test_that_needs_no_database_passes(self):
        passed = [name for name, case in self.run_.cases.items() if case.passed]
        self.assertEqual(len(passed), 1)
        self.assertEqual(len(self.run_.cases), 11)

    def test_the_run_fails(self):
        self.assertEqual(self.run_.status, self.run_.failure)


class BoostTestSetUp(SetUp, unittest.TestCase):
    run_type = BoostRun
    prefix = "isolite::setup_error: "


class DoctestSetUp(SetUp, unittest.TestCase):
    run_type = DoctestRun
    prefix = ""


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
