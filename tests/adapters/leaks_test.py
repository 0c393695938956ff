"""Runs the subjects of both frameworks and judges what a user sees of a leak."""

import unittest

from test_program import BoostRun, DoctestRun, Run, declared_at, leak, main, program

BOOST_STRING = "std____cxx11__basic_string<char_ std__char_traits<char>_ std__allocator<char>>"


class Leaks:
    """What holds for both frameworks."""

    def setUp(self):
        self.source = f"{self.run_type.framework}_subject.cpp"
        self.program = program(f"{self.run_type.framework}_subject")

    def leak(self, *about):
        return leak(self.run_type.framework, *about)

    def test_a_test_that_leaks_fails_once_at_its_own_line_with_its_full_name(self):
        run = self.run_type(self.program)
        for name, declaration in self.leaking.items():
            with self.subTest(name):
                case = run.cases[name]
                self.assertFalse(case.passed)
                (file, line, text), = case.messages
                self.assertTrue(file.endswith(self.source), file)
                self.assertEqual(line, declared_at(self.source, declaration))
                self.assertEqual(text, self.leak(name))

    def test_exactly_the_tests_that_leak_or_fail_are_red_in_every_order(self):
        expected = {*self.leaking, *self.failing}
        for order in self.orders:
            with self.subTest(order):
                run = self.run_type(self.program, *order)
                self.assertEqual(run.status, run.failure)
                self.assertEqual(len(run.cases), self.count)
                self.assertEqual({name for name, case in run.cases.items() if not case.passed},
                                 expected)

    def test_each_test_alone_has_the_verdict_that_it_has_among_the_others(self):
        for name, case in self.run_type(self.program).cases.items():
            with self.subTest(name):
                alone = self.run_alone(name)
                self.assertEqual(alone.cases[name].passed, case.passed)
                self.assertEqual(alone.cases[name].messages, case.messages)

    def test_a_database_that_is_opened_inside_the_session_of_another_is_not_left_behind(self):
        self.assertEqual(self.run_type(self.program).cases[self.second_engine].texts, [])

    def test_a_test_that_fails_and_leaks_says_both(self):
        name, = [name for name in self.failing if name.endswith(("fails and leaks",
                                                                 "fails_and_leaks"))]
        self.assertEqual(self.run_type(self.program).cases[name].texts,
                         ["the test's own failure", self.leak(name)])

    def test_a_test_that_fails_without_a_leak_says_only_that(self):
        name, = [name for name in self.failing if "without" in name]
        self.assertEqual(self.run_type(self.program).cases[name].texts, ["the test's own failure"])

    def test_each_of_two_databases_blames_the_test_for_its_own(self):
        name, = [name for name in self.failing if "both" in name]
        self.assertEqual(self.run_type(self.program).cases[name].texts,
                         [self.leak(name, "\n  table people: 1 row added\n    + rowid=1, name='Ada'",
                               "staff"), self.leak(name)])

    def test_a_session_that_commits_is_refused_inside_a_transaction(self):
        name, = [name for name in self.failing if "that commits" in name.replace("_", " ")]
        text, = self.run_type(self.program).cases[name].texts
        self.assertEqual(
            text.replace("isolite::setup_error: ", ""),
            f"cannot open a session for '{name}': the session of '{name}' around it is a "
            "transaction\n  hint: open the outer session with isolite::mode::copy_on_write")


    def test_a_leak_fails_whoever_may_or_should_fail_too(self):
        for name in self.allowed_to_fail:
            with self.subTest(name):
                here = self.run_alone(name)
                self.assertNotEqual(here.status, 0)
                self.assertIn(f"isolite: {self.leak(name)}\n", here.err)
                self.assertEqual(here.cases[name].texts, [])
                workers = self.run_alone(name, ISOLITE_WORKERS="1")
                self.assertNotEqual(workers.status, 0)
                self.assertFalse(workers.cases[name].passed)
                self.assertIn(self.leak(name), "\n".join(workers.cases[name].texts))
                self.assertIn("isolite: 1 failed in ", workers.err)


class BoostTestLeaks(Leaks, unittest.TestCase):
    run_type = BoostRun
    count = 25
    orders = [["--random=0"], ["--random=11"], ["--random=22"], ["--random=33"]]
    leaking = {
        "leaks_outside_of_any_suite": "leaks_outside_of_any_suite",
        "outer/inner/leaks_in_nested_suites": "TEST_CASE(leaks_in_nested_suites",
        "fixture_of_the_suite/leaks": "TEST_CASE(leaks)",
        f"leaks_for_a_type<{BOOST_STRING}>": "leaks_for_a_type",
    }
    failing = {
        "leaks_for_a_sample/_1",
        "failures/fails_and_leaks",
        "failures/fails_without_a_leak",
        "several_databases/leaks_into_both",
        "sessions_in_sessions/fails_to_open_one_that_commits",
    }
    second_engine = "several_databases/opens_a_database_inside_the_session_of_another"

    allowed_to_fail = ["decorated/is_expected_to_leak"]

    def run_alone(self, name, **variables):
        return self.run_type(self.program, "--run_test=" + name, **variables)

    def test_the_message_for_a_sample_goes_with_its_values(self):
        run = Run(self.program, "--color_output=no", "--run_test=leaks_for_a_sample/_1")
        self.assertIn(f'error: in "leaks_for_a_sample/_1": {self.leak("leaks_for_a_sample/_1")}\n'
                      "Failure occurred in a following context:\n    number = 1;", run.out)

    def test_a_disabled_case_does_not_run(self):
        run = self.run_type(self.program)
        self.assertEqual(run.skipped["decorated/is_disabled"], "disabled")

    def test_a_case_that_depends_on_one_that_leaked_is_skipped(self):
        run = self.run_type(self.program)
        self.assertIn("leaks_in_nested_suites",
                      run.skipped["decorated/depends_on_a_case_that_leaks"])

    def test_the_log_that_people_read_has_file_line_name_and_message(self):
        name = "leaks_outside_of_any_suite"
        run = Run(self.program, "--color_output=no", "--run_test=" + name)
        self.assertIn(f'{self.source}({declared_at(self.source, name)}): error: in "{name}": '
                      f"{self.leak(name)}\n", run.out)
        self.assertIn("*** 1 failure is detected", run.err)


class DoctestLeaks(Leaks, unittest.TestCase):
    run_type = DoctestRun
    count = 21
    orders = [["--order-by=file"], ["--order-by=name"], ["--order-by=rand", "--rand-seed=11"],
              ["--order-by=rand", "--rand-seed=22"], ["--order-by=rand", "--rand-seed=33"]]
    leaking = {
        "leaks outside of any suite": "leaks outside of any suite",
        "outer/leaks in a suite": "leaks in a suite",
        "subcases/leaks in the second of three subcases": "second of three",
        "leaks for a type<double>": "leaks for a type",
    }
    failing = {
        "failures/fails and leaks",
        "failures/fails without a leak",
        "decorated/is expected to leak",  # did not, for doctest
        "decorated/should fail, and leaks",
        "several databases/leaks into both",
        "sessions in sessions/fails to open one that commits",
    }
    second_engine = "several databases/opens a database inside the session of another"

    allowed_to_fail = [
        "decorated/is expected to leak",
        "decorated/should fail, and leaks",
        "decorated/may fail, and leaks",
    ]

    def run_alone(self, name, **variables):
        # A comma separates filters, and a backslash does not help: any character will do.
        return self.run_type(self.program, "--test-case=" + name.split("/")[-1].replace(",", "?"),
                             "--test-suite=" + name.rpartition("/")[0], **variables)

    def test_a_skipped_case_runs_only_on_request(self):
        name = "decorated/is skipped"
        self.assertIn(name, self.run_type(self.program).skipped)
        self.assertTrue(self.run_type(self.program, "--no-skip").cases[name].passed)

    def test_the_log_that_people_read_has_file_line_name_and_message(self):
        name = "leaks outside of any suite"
        run = Run(self.program, "--test-case=" + name)
        self.assertIn(f"{self.source}:{declared_at(self.source, name)}: ERROR: {self.leak(name)}\n",
                      run.out)


if __name__ == "__main__":
    main()
