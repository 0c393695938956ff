"""Judges the adapter of GoogleTest: sessions, modes, suites, marks, and what happens to workers."""

import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time
import unittest
import xml.etree.ElementTree as xml

from test_program import Run, declared_at, leak, main, program

WAYS = [[], ["--workers=1"], ["--workers=2"], ["--workers=2", "--shuffle=5"],
        ["--gtest_shuffle", "--gtest_random_seed=3"],
        ["--workers=2", "--gtest_shuffle", "--gtest_random_seed=3"]]
LEAKING = ["Stock.Leaks", "Stock.FailsAndLeaks", "Local.LeaksInTheMiddle"]
COUNT = 30


class GtestRun(Run):
    """A run of the subject; `cases` holds what GoogleTest's XML says of those that ran."""

    def __init__(self, *arguments, subject="gtest_subject", **variables):
        with tempfile.TemporaryDirectory() as folder:
            report = pathlib.Path(folder, "report.xml")
            super().__init__(program(subject), f"--gtest_output=xml:{report}", *arguments,
                             **variables)
            self.cases, self.suites = {}, {}
            if not report.exists():
                return
            for suite in xml.parse(report).getroot().iter("testsuite"):
                for case in suite.iter("testcase"):
                    name = f"{suite.get('name')}.{case.get('name')}"
                    if case.get("status") == "run" and case.get("classname"):
                        self.cases[name] = [(failure.text or "").strip()
                                            for failure in case.iter("failure")]
                        self.suites.setdefault(suite.get("name"), [])
                    elif case.get("status") == "run":
                        self.suites[suite.get("name")] = [failure.text.strip()
                                                          for failure in case.iter("failure")]

    @property
    def failed(self):
        return sorted(name for name, failures in self.cases.items() if failures)


class Tests(unittest.TestCase):
    def test_each_test_starts_pristine_in_the_mode_that_its_name_tells(self):
        for way in WAYS:
            with self.subTest(way):
                run = GtestRun(*way)
                self.assertEqual(run.status, 1, run.err)
                self.assertEqual(run.failed, sorted(LEAKING), run.out)
                self.assertEqual(len(run.cases), COUNT)

    def test_each_test_alone_has_the_verdict_that_it_has_among_the_others(self):
        for name in GtestRun().cases:
            for way in ([], ["--workers=1"]):
                with self.subTest(name, way=way):
                    run = GtestRun(f"--gtest_filter={name}", *way)
                    self.assertEqual(list(run.cases), [name])
                    self.assertEqual(run.failed, [name] if name in LEAKING else [])

    def test_a_leak_is_told_at_the_line_of_its_test(self):
        line = declared_at("gtest_subject.cpp", "TEST_F(Stock, Leaks)")
        for way in WAYS[:3]:
            with self.subTest(way):
                run = GtestRun("--gtest_filter=Stock.Leaks", *way)
                text, = run.cases["Stock.Leaks"]
                self.assertTrue(text.endswith(leak("gtest", "Stock.Leaks")), text)
                self.assertRegex(text, rf"gtest_subject\.cpp:{line}\n")

    def test_a_disabled_test_opens_no_session_unless_asked(self):
        run = GtestRun("--gtest_also_run_disabled_tests", "--gtest_filter=Stock.*")
        self.assertIn("Stock.DISABLED_Leaks", run.failed)

    def test_the_data_of_a_suite_is_made_once_in_each_process_that_needs_it(self):
        for way in ([], ["--workers=1"]):
            with self.subTest(way):
                run = GtestRun("--gtest_filter=*.First:*.Second", *way, SUBJECT_SEED_FAILS="")
                self.assertEqual(run.out.count("made the suite") + run.err.count("made the suite"),
                                 0 if way else 1)
                self.assertEqual(run.failed, [])

    def test_a_suite_whose_set_up_fails_skips_its_tests_and_says_why_once(self):
        for way in WAYS:
            with self.subTest(way):
                run = GtestRun("--gtest_filter=With*", *way, SUBJECT_SEED_FAILS="1")
                self.assertEqual(run.status, 1)
                self.assertEqual(run.failed, ["WithoutSeed.Opens"])
                for name in ("WithBrokenData.First", "WithBrokenData.Second"):
                    self.assertIn(f"[  SKIPPED ] {name} (", run.out)
                self.assertEqual(run.out.count("thrown in SetUpTestSuite()"), 1, run.out)
                self.assertIn("no seed today", run.out)

    def test_a_mark_that_marks_nothing_is_a_mistake(self):
        run = GtestRun(SUBJECT_MARKS_NOTHING="1")
        self.assertEqual(run.status, 1)
        self.assertEqual(run.err, "isolite: cannot mark 'Nowhere.*': no test has a name that "
                                  "matches\n  hint: write full names as --gtest_list_tests shows "
                                  "them, SUITE.TEST\n")
        self.assertNotIn("[ RUN", run.out)



class Workers(unittest.TestCase):
    def test_a_crash_fails_its_test_with_what_it_said_before(self):
        run = GtestRun("--workers=2", "--gtest_filter=Perils.*:Derived.*", SUBJECT_DIES="1")
        self.assertEqual(run.status, 1)
        self.assertEqual(run.failed, ["Perils.MayDie"])
        before, death = run.cases["Perils.MayDie"]
        self.assertTrue(before.endswith("before it died"))
        self.assertIn("its worker was killed by signal 6 (SIGABRT", death)
        self.assertIn("isolite: output of Perils.MayDie:\nwhat it wrote\n", run.err)
        self.assertEqual(len(run.cases), 4)

    def test_repeated_cases_are_said_once(self):
        run = GtestRun("--workers=2", "--repeat=3", "--gtest_filter=Stock.*")
        self.assertEqual(run.failed, ["Stock.FailsAndLeaks", "Stock.Leaks"])
        self.assertEqual(run.out.count("[ RUN      ] Stock.Leaks\n"), 1)
        self.assertEqual(run.out.count("the test's own failure"), 1)

    def test_a_set_up_that_fails_in_each_round_is_said_once(self):
        run = GtestRun("--workers=1", "--repeat=2", "--gtest_filter=WithBrokenData.*",
                       SUBJECT_SEED_FAILS="1")
        self.assertEqual(run.out.count("thrown in SetUpTestSuite()"), 1, run.out)

    def test_the_time_of_a_test_is_that_which_it_took_in_its_worker(self):
        with tempfile.TemporaryDirectory() as folder:
            report = pathlib.Path(folder, "report.xml")
            Run(program("gtest_subject"), "--workers=1", f"--gtest_output=xml:{report}",
                "--gtest_filter=Perils.TakesAWhile", SUBJECT_TAKES_A_WHILE="1")
            suite, = xml.parse(report).getroot().iter("testsuite")
        self.assertGreaterEqual(float(suite.get("time")), 0.015)
        self.assertGreaterEqual(float(suite.find("testcase").get("time")), 0.015)

    def test_what_a_thread_fails_outside_of_all_suites_fails_the_run(self):
        run = GtestRun("--workers=1", "--gtest_filter=Perils.*", SUBJECT_LEAVES_A_THREAD="1")
        self.assertEqual((run.status, run.failed), (1, []))
        self.assertEqual(run.out.count("too late for any test"), 1, run.out)

    def test_a_suite_that_dies_in_its_set_up_fails_its_tests_and_no_others(self):
        run = GtestRun("--workers=2", "--gtest_filter=DyingSuite.*:Derived.*",
                       SUBJECT_SUITE_DIES="1")
        self.assertEqual(run.status, 1)
        self.assertEqual(run.failed, ["DyingSuite.First", "DyingSuite.Second"])
        self.assertRegex(run.cases["DyingSuite.First"][0],
                         "SIGABRT.* during the set-up of the suite 'DyingSuite'$")
        self.assertIn("Derived.HasItsSetUp", run.cases)

    def test_a_suite_that_hangs_at_its_end_costs_no_test(self):
        run = GtestRun("--workers=2", "--timeout=0.3", "--gtest_filter=HangingSuite.*:Derived.*",
                       SUBJECT_SUITE_HANGS="1")
        self.assertEqual(run.failed, [], run.out)
        self.assertNotEqual(run.status, 0)
        self.assertIn("HangingSuite", run.err)

    def test_a_suite_that_dies_at_its_end_fails_in_all_reports_and_costs_no_test(self):
        told = (r"worker w\d+ died outside of any case: its worker was killed by signal 6 \(SIGABRT, "
                r"Aborted\) during the end of the suite 'HangingSuite'")
        options = ["--workers=2", "--gtest_filter=HangingSuite.*:Derived.*"]
        with tempfile.TemporaryDirectory() as folder:
            for form in ("xml", "json"):
                report = pathlib.Path(folder, form)
                run = Run(program("gtest_subject"), *options, f"--gtest_output={form}:{report}",
                          f"--junit={folder}/junit", SUBJECT_SUITE_DIES_LAST="1")
                self.assertEqual(run.status, 1)
                self.assertRegex(run.out, rf"gtest_subject\.cpp:\d+: Failure\n{told}\n")
                self.assertIn("[  FAILED  ] HangingSuite: SetUpTestSuite or TearDownTestSuite",
                              run.out)
                self.assertIn("[       OK ] HangingSuite.First", run.out)
                failures = re.findall(r"<failure |\"failure\":", report.read_text())
                self.assertEqual(len(failures), 1)
                self.assertRegex(report.read_text().replace("&apos;", "'"), told)
            death, = [case for case in xml.parse(folder + "/junit").iter("testcase")
                      if case.find("error") is not None]
            self.assertEqual((death.get("classname"), death.get("name")),
                             ("HangingSuite", "(fixture)"))
            self.assertRegex(death.find("error").get("message"), told)

    def test_a_suite_that_dies_at_its_end_keeps_no_later_iteration_from_running(self):
        run = GtestRun("--workers=1", "--gtest_repeat=2", "--gtest_filter=HangingSuite.*",
                       SUBJECT_SUITE_DIES_LAST="1")
        self.assertEqual(run.out.count("[       OK ] HangingSuite.First"), 2, run.out)
        self.assertEqual(run.out.count("died outside of any case"), 2)

    def test_the_report_for_junit_has_all_cases(self):
        for way in (["--workers=0"], ["--workers=2"]):
            with self.subTest(way), tempfile.TemporaryDirectory() as folder:
                report = pathlib.Path(folder, "r.xml")
                GtestRun(*way, f"--junit={report}", SUBJECT_SEED_FAILS="1")
                root = xml.parse(report).getroot()
                names = [(case.get("classname"), case.get("name"))
                         for case in root.iter("testcase")]
                self.assertIn(("Stock", "First"), names)
                self.assertIn(("Some/Sampled", "StartsPristine/0"), names)
                suite, = [each for each in root if each.get("name") == "WithBrokenData"]
                outside, = [each for each in suite.iter("testcase")
                            if each.find("error") is not None or each.find("failure") is not None]
                self.assertIn("no seed today", "".join(outside.itertext()))

    def test_tests_that_did_not_run_are_not_counted_as_passed(self):
        for way in (["--workers=1", "--maxfail=1"], ["--workers=1", "--maxfail=2"]):
            with self.subTest(way):
                run = GtestRun(*way)
                said = len(re.findall(r"^\[       OK \]", run.out, re.M))
                self.assertIn(f"[  PASSED  ] {said} test", run.out)
                self.assertLess(len(run.cases), COUNT)
                self.assertRegex(run.out, rf"\[=+\] {len(run.cases)} tests? from \d+ test suites? ran")

    def test_a_run_that_is_stopped_does_not_go_on_with_the_next_iteration(self):
        endless = ["--workers=1", "--gtest_repeat=-1", "--gtest_filter=Stock.*:Hang*"]
        run = GtestRun(*endless, "--maxfail=1")
        self.assertEqual((run.status, run.out.count("Repeating all tests")), (1, 1), run.out)
        self.assertIn("1 FAILED TEST", run.out)
        process = subprocess.Popen([program("gtest_subject"), *endless], stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, text=True,
                                   env={**os.environ, "SUBJECT_SUITE_HANGS": "1"})
        for line in process.stdout:
            if "Repeating all tests" in line:
                break
        time.sleep(0.5)
        process.terminate()
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 128 + signal.SIGTERM)

    def test_an_environment_that_throws_at_its_end_fails_the_run(self):
        for way in ([], ["--workers=2"]):
            with self.subTest(way):
                run = GtestRun("--gtest_filter=Stock.First", *way, SUBJECT_ENVIRONMENT_THROWS="1")
                self.assertEqual(run.status, 1, run.err)

    def test_a_main_without_isolite_runs_workers_by_the_variable(self):
        run = GtestRun(subject="gtest_own_main", ISOLITE_WORKERS="2")
        self.assertEqual(run.failed, sorted(LEAKING))
        self.assertRegex(run.err, f"isolite: .* passed, {len(LEAKING)} failed, .* in .* by 2 workers")
        stopped = GtestRun("--gtest_filter=HangingSuite.*", subject="gtest_own_main",
                           ISOLITE_WORKERS="1", ISOLITE_TIMEOUT="0.3", SUBJECT_SUITE_HANGS="1")
        self.assertEqual((stopped.status, stopped.failed), (1, []))

    def test_options_that_a_main_without_isolite_ignores_are_told(self):
        options = ["--gtest_filter=Stock.First", "--files=*.db", "--workers=2"]
        run = GtestRun(*options, subject="gtest_own_main")
        for each in options[1:]:
            self.assertEqual(run.err.count(f"isolite: warning: cannot obey {each}: nothing in this "
                                           "program takes isolite's options\n"), 1)
        self.assertEqual(run.status, 0)
        self.assertNotIn("cannot obey", GtestRun(*options).err)

    def test_one_process_for_each_case_works_as_discovery_does(self):
        listed = subprocess.run([program("gtest_subject"), "--gtest_list_tests"],
                                capture_output=True, text=True, check=True).stdout
        self.assertIn("Stock.\n  First\n", listed)
        run = GtestRun("--gtest_filter=Stock.First")
        self.assertEqual((run.status, list(run.cases)), (0, ["Stock.First"]))


if __name__ == "__main__":
    main()
