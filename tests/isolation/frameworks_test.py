"""Runs adversaries that need a test framework, each between two innocent tests.

Protected, the adversary fails with exactly these messages and the next test finds a pristine
database; unprotected, the next test finds what the adversary did: the proof that it would.
"""

import unittest

from test_program import CONNECTION_HINT, BoostRun, DoctestRun, leak, main, program

COMMITTED = (
    "it committed changes on 4 pages of the database 'stock', having ended the sandbox's "
    "transaction with COMMIT"
)
CURSOR = 'it left the statement "SELECT id FROM products" open'
WRITTEN = "last_insert_rowid, newcomer, rows, sequence"

class Adversaries:
    def setUp(self):
        framework = self.run_type.framework
        self.protected = program(f"{framework}_protected")
        self.unprotected = program(f"{framework}_unprotected")

    def named(self, name):
        return name

    def run_between(self, path, adversary):
        """Runs the first test, the adversary and the last test, and returns the two last."""
        first, last = self.named("the first test"), self.named("the last test")
        run = self.run_type(path, self.only(first, self.named(adversary), last))
        self.assertEqual(list(run.cases), [first, self.named(adversary), last], run.err)
        self.assertTrue(run.cases[first].passed, run.cases[first].texts)
        return run.cases[self.named(adversary)], run.cases[last]

    def test_a_protected_adversary_fails_itself_and_nobody_else(self):
        for adversary, (texts, _) in self.adversaries.items():
            with self.subTest(adversary):
                case, after = self.run_between(self.protected, adversary)
                self.assertFalse(case.passed)
                self.assertEqual(len(case.texts), len(texts), case.texts)
                for text, expected in zip(case.texts, texts):
                    self.assertIn(expected, text)
                self.assertEqual((after.passed, after.texts), (True, []))

    def test_an_unprotected_adversary_reaches_the_next_test(self):
        for adversary, (_, shows) in self.adversaries.items():
            with self.subTest(adversary):
                _, after = self.run_between(self.unprotected, adversary)
                self.assertEqual(after.passed, shows is None)
                if shows is None:
                    continue  # who is cut off loses the database, in mode none as well
                self.assertIn(f"{self.differs}{shows}", after.texts[0])

    def test_the_last_test_passes_after_all_adversaries_in_a_row(self):
        run = self.run_type(self.protected)
        self.assertEqual({name for name, case in run.cases.items() if case.passed},
                         {self.named("the first test"), self.named("the last test")})
        self.assertEqual(len(run.cases), len(self.adversaries) + 2)


class BoostTestAdversaries(Adversaries, unittest.TestCase):
    run_type = BoostRun
    differs = 'check difference(pristine, now) == "" has failed ['
    assertion = 'critical check value<int>("SELECT count(*) FROM orders") == 0 has failed'
    timeout = "signal: SIGALRM (timeout while executing function)"
    adversaries = {
        "fails an assertion": ([assertion], WRITTEN),
        "fails an assertion and has committed":
            ([assertion, leak("fails_an_assertion_and_has_committed", COMMITTED)], WRITTEN),
        "throws an exception": (["std::runtime_error: the code under test failed"], WRITTEN),
        "throws something that is no exception": (["unknown type"], WRITTEN),
        "throws in the middle of rows":
            (["std::runtime_error: the code under test failed"], WRITTEN),
        "never runs because its set up throws":
            (["std::runtime_error: set-up failed half-way"], WRITTEN),
        "commits in the destructor of its fixture":
            ([leak("commits_in_the_destructor_of_its_fixture", COMMITTED)], WRITTEN),
        "keeps a cursor in a static variable":
            ([leak("keeps_a_cursor_in_a_static_variable", CURSOR, CONNECTION_HINT)], "statements"),
        "loops for ever": ([timeout], None),
        "loops for ever after a commit": ([timeout], None),
        "loops for ever in the middle of rows": ([timeout], None),
        "queries for ever": ([timeout], None),
    }

    def named(self, name):
        return name.replace(" ", "_")

    def only(self, *names):
        return "--run_test=" + ":".join(names)


class DoctestAdversaries(Adversaries, unittest.TestCase):
    run_type = DoctestRun
    differs = "CHECK: "
    adversaries = {
        "fails an assertion": (["REQUIRE: 4 == 0"], WRITTEN),
        "fails an assertion and has committed":
            (["REQUIRE: 4 == 0", leak("fails an assertion and has committed", COMMITTED)], WRITTEN),
        "throws an exception": (["the code under test failed"], WRITTEN),
        "throws something that is no exception": (["unknown exception"], WRITTEN),
        "throws in the middle of rows": (["the code under test failed"], WRITTEN),
        "never runs because its set-up throws": (["set-up failed half-way"], WRITTEN),
        "commits in the destructor of its fixture":
            ([leak("commits in the destructor of its fixture", COMMITTED)], WRITTEN),
        "keeps a cursor in a static variable":
            ([leak("keeps a cursor in a static variable", CURSOR, CONNECTION_HINT)], "statements"),
    }

    def only(self, *names):
        return "--test-case=" + ",".join(names)


if __name__ == "__main__":
    main()
