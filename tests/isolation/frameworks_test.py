"""Runs adversaries that need a test framework, each between two innocent tests.

Protected, the adversary fails with exactly these messages and the next test finds a pristine
database; unprotected, the next test finds what the adversary did: the proof that it would.
"""

import concurrent.futures
import unittest

from test_program import BoostRun, DoctestRun, commit_hint, main, program

ORDER_MADE = """
  table orders: 1 row added
    + id=4, product=7, quantity=2
  table products: 1 row changed
    ~ id=7: stock 100 -> 98
  sequence of orders: 3 -> 4"""
CONNECTION_HINT = "undo in the test what it did to its connection, for instance in a destructor"
CURSOR = 'it left the statement "SELECT id FROM products" open'
WRITTEN = "last_insert_rowid, newcomer, rows, sequence"
AT_ONCE = 4  # programs: some do nothing but wait for a timeout


def at_once(run, items):
    """Returns by item what `run` makes of each."""
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(zip(items, pool.map(run, items)))


def leak(test, clauses, hint):
    return f"cannot end '{test}' with a clean database: {clauses}\n  hint: {hint}"


def committed(framework, test):
    return leak(test, f"it committed changes to the database 'stock' with \"COMMIT\"{ORDER_MADE}",
                commit_hint(framework, test))


def cursor(test):
    return leak(test, CURSOR, CONNECTION_HINT)


class Adversaries:
    def setUp(self):
        framework = self.run_type.framework
        self.protected = {
            mode: program(f"{framework}_{name}")
            for mode, name in (("rollback", "protected"), ("copy_on_write", "copy_on_write"))
        }
        self.unprotected = program(f"{framework}_unprotected")

    def named(self, name):
        return "suite/" + name

    def run_each(self, path):
        """Runs the first test, an adversary and the last test, for each adversary. Returns the runs
        by the names of their adversaries."""
        def run(adversary):
            first, last = self.named("the first test"), self.named("the last test")
            return self.run_type(path, self.only(first, self.named(adversary), last),
                                 ISOLITE_EVIDENCE="off")
        return at_once(run, self.adversaries)

    def read(self, run, adversary):
        """Returns the adversary and the last test of a run."""
        first, last = self.named("the first test"), self.named("the last test")
        self.assertEqual(list(run.cases), [first, self.named(adversary), last], run.err)
        self.assertTrue(run.cases[first].passed, run.cases[first].texts)
        return run.cases[self.named(adversary)], run.cases[last]

    def expected(self, mode, adversary):
        """Returns what the adversary fails with: who really commits may do so."""
        texts, _ = self.adversaries[adversary]
        return [text for text in texts if mode == "rollback" or "it committed" not in text]

    # [promise: frameworks] A test that fails, throws, is cut off by a timeout, or leaves its work
    # to a destructor harms itself alone under its framework.
    def test_a_protected_adversary_fails_itself_and_nobody_else(self):
        for mode, path in self.protected.items():
            for adversary, run in self.run_each(path).items():
                with self.subTest(adversary, mode=mode):
                    texts = self.expected(mode, adversary)
                    case, after = self.read(run, adversary)
                    self.assertEqual(case.passed, not texts)
                    self.assertEqual(len(case.texts), len(texts), case.texts)
                    for text, expected in zip(case.texts, texts):
                        self.assertIn(expected, text)
                    self.assertEqual((after.passed, after.texts), (True, []))

    # [control: frameworks]
    def test_an_unprotected_adversary_reaches_the_next_test(self):
        for adversary, run in self.run_each(self.unprotected).items():
            shows = self.adversaries[adversary][1]
            with self.subTest(adversary):
                _, after = self.read(run, adversary)
                self.assertEqual(after.passed, shows is None)
                if shows is None:
                    continue  # who is cut off loses the database, in mode none as well
                self.assertIn(f"{self.differs}{shows}", after.texts[0])

    # [promise: frameworks]
    def test_the_last_test_passes_after_all_adversaries_in_a_row(self):
        def run_all(mode):
            return self.run_type(self.protected[mode], ISOLITE_EVIDENCE="off")
        for mode, run in at_once(run_all, self.protected).items():
            with self.subTest(mode):
                innocent = {name for name in self.adversaries if not self.expected(mode, name)}
                innocent |= {"the first test", "the last test"}
                self.assertEqual({name for name, case in run.cases.items() if case.passed},
                                 {self.named(name) for name in innocent})
                self.assertEqual(len(run.cases), len(self.adversaries) + 2)


class BoostTestAdversaries(Adversaries, unittest.TestCase):
    run_type = BoostRun
    differs = 'check difference(pristine, now) == "" has failed ['
    assertion = 'critical check value<int>("SELECT count(*) FROM orders") == 0 has failed'
    timeout = "signal: SIGALRM (timeout while executing function)"
    adversaries = {
        "fails an assertion": ([assertion], WRITTEN),
        "fails an assertion and has committed":
            ([assertion, committed("boost_test", "suite/fails_an_assertion_and_has_committed")], WRITTEN),
        "throws an exception": (["std::runtime_error: the code under test failed"], WRITTEN),
        "throws something that is no exception": (["unknown type"], WRITTEN),
        "throws in the middle of rows":
            (["std::runtime_error: the code under test failed"], WRITTEN),
        "never runs because its set up throws":
            (["std::runtime_error: set-up failed half-way"], WRITTEN),
        "commits in the destructor of its fixture":
            ([committed("boost_test", "suite/commits_in_the_destructor_of_its_fixture")], WRITTEN),
        "keeps a cursor in a static variable":
            ([cursor("suite/keeps_a_cursor_in_a_static_variable")], "statements"),
        "loops for ever": ([timeout], None),
        "loops for ever after a commit": ([timeout], None),
        "loops for ever in the middle of rows": ([timeout], None),
        "queries for ever": ([timeout], None),
    }

    def named(self, name):
        return super().named(name.replace(" ", "_"))

    def only(self, *names):
        return "--run_test=" + ":".join(names)


class DoctestAdversaries(Adversaries, unittest.TestCase):
    run_type = DoctestRun
    differs = "CHECK: "
    adversaries = {
        "fails an assertion": (["REQUIRE: 4 == 0"], WRITTEN),
        "fails an assertion and has committed":
            (["REQUIRE: 4 == 0", committed("doctest", "suite/fails an assertion and has committed")], WRITTEN),
        "throws an exception": (["the code under test failed"], WRITTEN),
        "throws something that is no exception": (["unknown exception"], WRITTEN),
        "throws in the middle of rows": (["the code under test failed"], WRITTEN),
        "never runs because its set-up throws": (["set-up failed half-way"], WRITTEN),
        "commits in the destructor of its fixture":
            ([committed("doctest", "suite/commits in the destructor of its fixture")], WRITTEN),
        "keeps a cursor in a static variable":
            ([cursor("suite/keeps a cursor in a static variable")], "statements"),
    }

    def only(self, *names):
        return "--test-case=" + ",".join(name.split("/")[1] for name in names)


if __name__ == "__main__":
    main()
