"""Checks what becomes of a run in forked workers when something happens to it from outside, or in
the fixtures of its cases, and the options that need workers."""

import fcntl
import itertools
import json
import os
import pathlib
import pty
import re
import resource
import shutil
import signal
import subprocess
import sys
import termios
import threading
import time
import unittest
import xml.etree.ElementTree as xml

from forked_program import (CASES, DIED, FAILED, PASSED, RUNS, SANITIZED, Background, Place, Verdict,
                            forbid_core_dumps, main, program, read_junit)

FIXED = ["b1", "b2", "x1", "x2", "x3", "l1", "l2"]  # the cases of the programs *_fixtures
NAMES = [f"c{number}" for number in range(CASES)]
NOT_RUN = Verdict("skipped", "not run", "")
SOON = 5  # seconds, on a machine that is very busy; what it took is printed


class Terminal:
    """A terminal; who is started with what it says in `taken` has it."""

    def __enter__(self):
        self.user, self.program = pty.openpty()

        def take():
            os.setsid()
            fcntl.ioctl(self.program, termios.TIOCSCTTY, 0)

        self.taken = {"start_new_session": False, "preexec_fn": take}
        return self

    def __exit__(self, *_):
        os.close(self.user)
        os.close(self.program)


def plain(report):
    return {name: verdict.verdict for name, verdict in report.items()}


def with_each_framework(test):
    """Lets a test run once for each framework, in a place of its own."""
    def tests(self):
        for framework in RUNS:
            with self.subTest(framework=framework):
                self.setUp()
                test(self, framework)
                self.assert_nothing_left()
    return tests


class WorkersTest(unittest.TestCase):
    def setUp(self):
        self.place = Place()
        self.addCleanup(self.place.remove)

    def assert_nothing_left(self):
        self.assertEqual(self.place.orphans(), [])
        self.assertEqual(self.place.leftovers(), [])

    def start(self, framework, acts, *arguments, **variables):
        """Starts a program; all its cases but the first ones pass."""
        if isinstance(acts, str):
            acts = acts.split()
        return Background(self.place, framework, acts, *arguments, **variables)

    def run_acts(self, framework, acts, *arguments, **variables):
        done = self.start(framework, acts, *arguments, **variables).end()
        done.report = read_junit(done.junit) if done.junit.exists() else {}
        done.verdicts = plain(done.report)
        return done

    def run_fixtures(self, framework, fixture, *arguments):
        return self.run_acts(framework, [], *arguments, subject="fixtures", FIXTURE=fixture)

    def started(self):
        return [start.case for start in self.place.starts()]


class Crashes(WorkersTest):
    @with_each_framework
    def test_of_a_case_fail_this_case_alone(self, framework):
        crashes = {"the first": {0}, "the last": {CASES - 1}, "all": set(range(CASES))}
        acts = ("sigkill", "trap", "exit")
        for (what, where), act in itertools.product(crashes.items(), acts):
            with self.subTest(crashes=what, act=act):
                self.setUp()
                done = self.run_acts(
                    framework, [act if i in where else "pass" for i in range(CASES)],
                    "--workers=3")
                self.assertEqual({name for name, verdict in done.verdicts.items()
                                  if verdict == DIED}, {f"c{number}" for number in where})
                self.assertEqual(list(done.verdicts.values()).count(PASSED),
                                 CASES - len(where))
                self.assertEqual(done.status, RUNS[framework].failure)
                self.assertEqual(sorted(self.started()), sorted(NAMES))

    @with_each_framework
    def test_of_the_fixture_of_a_suite_leave_the_other_suites_alone(self, framework):
        others = {name: PASSED for name in ("b1", "b2", "l1", "l2")}
        for how in ("kill", "exit"):
            done = self.run_fixtures(framework, "set-up " + how, "--workers=2")
            here = {name: done.verdicts.pop(name) for name in ("x1", "x2", "x3")}
            self.assertEqual(done.verdicts, others)
            self.assertNotEqual(done.status, 0)
            self.assertIn("died: broken/x", done.err)
            if framework == "doctest":  # which makes it when the case has begun
                self.assertEqual(set(here.values()), {DIED})
            else:
                self.assertEqual(sorted(here.values()), [DIED, "skipped", "skipped"])
                self.assertIn(", before it began, in a fixture around it\n", done.err)
                reasons = {verdict.reason for verdict in done.report.values()}
                self.assertIn("not run: workers died in the fixtures around it", reasons)
            self.assertIn("crashes in set-up", "".join(verdict.output or ""
                                                       for verdict in done.report.values()))

    def test_of_a_fixture_have_an_output_of_their_own(self):
        done = self.run_fixtures("boost_test", "set-up kill", "--workers=1")
        self.assertEqual(done.report["x1"].output, "crashes in set-up\n")

    def test_of_a_fixture_that_takes_our_descriptors_cost_no_file(self):
        own = self.place.root / "own"
        own.write_text("untouched")
        done = self.run_acts("boost_test", [], "--workers=1", subject="fixtures",
                             FIXTURE="set-up usurp", CHAOS_FILE=str(own))
        self.assertEqual(own.read_text(), "untouched")
        self.assertRegex(done.err, r"x1  \S+: it closed the descriptors by which its worker reports")

    def test_that_hit_a_fixture_once_cost_nothing(self):
        done = self.run_fixtures("boost_test", "set-up once", "--workers=1", "--timings")
        self.assertEqual(set(done.verdicts.values()), {PASSED})
        self.assertEqual(done.status, 0, done.err)
        self.assertIn("1 replacement.", done.err)

    def check_death_in(self, fixture, framework, how, *arguments):
        self.setUp()  # without a history the cases run in their order
        done = self.run_fixtures(framework, how, *arguments)
        death = done.report["(fixture)"]
        told = r"worker w\d+ died outside of any case: .* during the end of the " + fixture
        self.assertEqual(done.verdicts, {**dict.fromkeys(FIXED, PASSED), "(fixture)": DIED})
        self.assertRegex(death.reason, f"^{told}$")
        self.assertEqual(done.status, RUNS[framework].failure)
        self.assertRegex(done.err, f"\n  {told}\n    crashes in {how.rpartition(' ')[0]}\n")
        self.assertRegex(done.out + re.sub(r"(?ms)^isolite: \d+ cases.*", "", done.err), told)
        self.assertNotIn("said by l2", done.err)

    @with_each_framework
    def test_at_the_end_of_a_suite_fail_the_suite_alone(self, framework):
        for how, workers in itertools.product(("end kill", "end exit"), "12"):
            self.check_death_in("suite 'broken'", framework, how, "--workers=" + workers)

    def test_at_the_end_of_the_program_fail_the_run(self):
        self.check_death_in("program", "boost_test", "program's end kill", "--workers=1")

    def test_at_the_end_of_a_suite_are_in_the_reports_of_their_framework(self):
        done = self.run_fixtures("boost_test", "end kill", "--workers=1", "--log_format=XML",
                                 "--log_level=test_suite", "--log_sink=stdout")
        (suite,) = [each for each in xml.fromstring(done.out).iter("TestSuite")
                    if each.get("name") == "broken"]
        self.assertIn("during the end of the suite 'broken'", suite.find("Exception").text)
        done = self.run_fixtures("doctest", "end kill", "--workers=1", "--reporters=xml")
        report = xml.fromstring(done.out)
        self.assertEqual(report.find("OverallResultsTestCases").get("failures"), "1")
        self.assertIn("during the end of the suite 'broken'", report.find(".//Message/Text").text)

    def test_of_the_fixture_of_the_program_end_the_run(self):
        done = self.run_fixtures("boost_test", "program's set-up kill", "--workers=2")
        self.assertNotIn(PASSED, done.verdicts.values())
        self.assertNotEqual(done.status, 0)
        self.assertRegex(done.err, r"before/b1  \S+: its worker was killed by signal 9")

    @with_each_framework
    def test_of_a_seed_do_not_pass_for_success(self, framework):
        done = self.run_acts(framework, "pass", "--workers=2", CHAOS_SEED="exit")
        self.assertEqual(done.status, 1)
        self.assertIn("isolite: cannot start workers: a seed called exit\n  hint: throw an "
                      "exception instead, which fails the tests that need the database\n",
                      done.err)


class Stops(WorkersTest):
    @with_each_framework
    def test_of_a_worker_that_reads_from_the_terminal_fail_its_case(self, framework):
        with Terminal() as terminal:
            done = self.run_acts(framework, "pass tty", "--workers=2", **terminal.taken)
        self.assertEqual(done.report["c1"][:2], (DIED, "its worker was stopped by signal 21 "
                                                       "(SIGTTIN, Stopped (tty input)), and killed"))
        self.assertEqual(done.verdicts, {**dict.fromkeys(NAMES, PASSED), "c1": DIED})
        self.assertEqual(done.status, RUNS[framework].failure)


class Failures(WorkersTest):
    """What fails in fixtures has no case of its own, and must be in the report all the same."""

    def run_failing(self, framework, place, workers):
        done = self.run_fixtures(framework, place + " throw", "--workers=" + workers)
        self.assertEqual(done.status, RUNS[framework].failure, done.err)
        verdict = done.report.pop("(fixture)")
        self.assertEqual(verdict.verdict, DIED)
        self.assertTrue(verdict.reason.endswith("thrown in " + place), verdict.reason)
        return plain(done.report)

    def test_of_the_fixture_of_a_suite_are_in_the_report_for_junit_of_doctest(self):
        for place, workers in itertools.product(("set-up throw", "end kill"), "02"):
            if (place, workers) == ("end kill", "0"):
                continue  # takes all with it
            done = self.run_fixtures("doctest", place, "--workers=" + workers,
                                     "--reporters=junit")
            report = xml.fromstring(done.out).find("testsuite")
            fixtures = [each for each in report if each.get("name") == "(fixture)"]
            self.assertEqual(report.get("errors"), str(len(fixtures)))
            self.assertRegex(fixtures[0].get("classname"), "doctest_fixtures.cpp$")
            self.assertIn("the suite 'broken'", fixtures[0].find("error").text)
            self.assertEqual(done.status, 1)

    @with_each_framework
    def test_of_the_fixture_of_a_suite_are_in_the_report(self, framework):
        for workers in ("0", "2"):
            verdicts = self.run_failing(framework, "set-up", workers)
            self.assertEqual(verdicts, dict.fromkeys(FIXED, PASSED))

    def test_of_the_frameworks_own_fixtures_skip_the_cases(self):
        for workers in ("0", "2"):
            verdicts = self.run_failing("boost_test", "plain set-up", workers)
            skipped = {"l1": "skipped", "l2": "skipped"}
            self.assertEqual(verdicts, {**dict.fromkeys(FIXED, PASSED), **skipped})
            verdicts = self.run_failing("boost_test", "plain tear-down", workers)
            self.assertEqual(verdicts, dict.fromkeys(FIXED, PASSED))
            verdicts = self.run_failing("boost_test", "program's set-up", workers)
            self.assertEqual(verdicts, dict.fromkeys(FIXED, "skipped"))

    def test_name_their_suite_and_count(self):
        for workers in ("0", "2"):
            done = self.run_fixtures("boost_test", "plain set-up throw", "--workers=" + workers)
            root = xml.parse(done.junit).getroot()
            (suite,) = [each for each in root if each.get("name") == "later"]
            for counted, tests in ((suite, "3"), (root, str(len(FIXED) + 1))):
                self.assertEqual([counted.get(name) for name in ("tests", "errors", "skipped")],
                                 [tests, "1", "2"])
            (case,) = [each for each in suite if each.get("name") == "(fixture)"]
            self.assertEqual(case.get("classname"), "later")
            self.assertEqual(case.find("error").text, "std::runtime_error: thrown in plain set-up")


class Exits(WorkersTest):
    """Without workers an exit takes all cases with it."""

    HINT = ("\n  hint: leave a test by return or by an exception; with --workers=1 an exit ends only "
            "the worker of the case\n")

    @with_each_framework
    def test_of_a_case_are_told_and_are_no_success(self, framework):
        for act, how, status in (("exit", "exit with status 0", 1), ("quick_exit", "quick_exit", 1),
                                 ("exit_3", "exit with status 3", 3)):
            done = self.run_acts(framework, ["pass", act], "--workers=0")
            self.assertEqual(done.status, status)
            self.assertIn(f"isolite: cannot finish the run: c1 called {how}" + self.HINT, done.err)
            self.assertEqual(done.verdicts, {"c0": PASSED, "c1": FAILED})
            self.assertEqual(done.report["c1"].reason, f"it called {how}")

    @with_each_framework
    def test_of_the_fixture_of_a_suite_are_told_and_are_no_success(self, framework):
        done = self.run_fixtures(framework, "set-up leave", "--workers=0")
        self.assertEqual(done.status, 1)
        self.assertIn("isolite: cannot finish the run: a fixture called exit with status 0"
                      + self.HINT, done.err)
        self.assertEqual(done.report["(fixture)"].reason, "a fixture called exit with status 0")

    @with_each_framework
    def test_of_a_process_that_a_test_forked_are_its_own(self, framework):
        for workers in ("0", "2"):
            done = self.run_acts(framework, "child_exit", "--workers=" + workers)
            self.assertEqual(done.status, 0, done.err)
            self.assertNotIn("cannot finish", done.err)

    @with_each_framework
    def test_are_told_without_a_report_too(self, framework):
        done = subprocess.run([program(f"{framework}_chaos")], text=True, capture_output=True,
                              env=self.place.environment(["exit"]), check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("cannot finish the run: c0 called exit", done.stderr)


class Timeouts(WorkersTest):
    LATE = "it took longer than its timeout of {} s"
    REASON = LATE + ", and its worker was killed"

    @with_each_framework
    def test_kill_only_the_worker_of_the_case(self, framework):
        for arguments, variables in ((["--timeout=0.7"], {}), ([], {"ISOLITE_TIMEOUT": "0.7"})):
            done = self.run_acts(framework, "pass hang pass fail", "--workers=2", *arguments,
                                 **variables)
            self.assertEqual(done.report["c1"][:2], (DIED, self.REASON.format(0.7)))
            self.assertEqual(done.verdicts, {**dict.fromkeys(NAMES, PASSED), "c1": DIED,
                                             "c3": FAILED})

    @with_each_framework
    def test_hold_by_the_variable_alone(self, framework):
        done = self.run_acts(framework, "pass hang pass fail", ISOLITE_TIMEOUT="0.7")
        self.assertEqual(done.report["c1"][:2], (DIED, self.REASON.format(0.7)))
        self.assertIn("by 1 worker", done.err)

    def test_of_boost_test_do_so_too(self):
        done = self.run_fixtures("boost_test", "none but a case that hangs", "--workers=2")
        self.assertEqual(done.report["l2"][:2], (DIED, self.REASON.format(1)))
        self.assertEqual(list(done.verdicts.values()).count(PASSED), 6)

    @with_each_framework
    def test_take_nobody_along_when_a_case_ends_just_then(self, framework):
        acts = ["due" if number % 2 else "pass" for number in range(CASES)]
        done = self.run_acts(framework, acts, "--workers=8", "--timeout=0.1")
        for number, act in enumerate(acts):
            verdict = done.report[f"c{number}"]
            if act == "pass":
                self.assertEqual(verdict.verdict, PASSED)
            elif number > 1:  # the first one may come in time
                self.assertIn(verdict[:2], ((DIED, self.REASON.format(0.1)),
                                            (DIED, self.LATE.format(0.1))))
        self.assertEqual(done.status, RUNS[framework].failure)

    @with_each_framework
    def test_cover_the_set_up_of_a_suite(self, framework):
        done = self.run_fixtures(framework, "set-up hang", "--workers=1", "--timeout=0.7")
        late = ("the set-up of the suite 'broken' took longer than its timeout of 0.7 s, and its "
                "worker was killed")
        self.assertEqual(done.report["x1"][:2], (DIED, late))
        self.assertEqual(done.report["x1"].output, "crashes in set-up\n")
        self.assertRegex(done.err, r"timed out: broken/x1  \S*\(\d+\): " + late + "\n")
        for name in ("x2", "x3"):
            self.assertEqual(done.report[name][:2], ("skipped", "not run: " + late))
        self.assertEqual(list(done.verdicts.values()).count(PASSED), 4)
        self.assertNotEqual(done.status, 0)

    @with_each_framework
    def test_cover_the_end_of_a_suite(self, framework):
        done = self.run_fixtures(framework, "end hang", "--workers=1", "--timeout=0.7")
        late = ("worker w0 died outside of any case: the end of the suite 'broken' took longer than "
                "its timeout of 0.7 s, and its worker was killed")
        self.assertEqual(done.report.pop("(fixture)")[:2], (DIED, late))
        self.assertEqual(plain(done.report), dict.fromkeys(FIXED, PASSED))
        self.assertIn(late + "\n    crashes in end\n", done.err)
        self.assertEqual(done.status, RUNS[framework].failure)

    def test_cover_the_fixtures_of_the_program(self):
        done = self.run_fixtures("boost_test", "program's set-up hang", "--workers=2",
                                 "--timeout=0.7")
        late = ("the set-up of the program took longer than its timeout of 0.7 s, and its worker "
                "was killed")
        self.assertRegex(done.err, rf"timed out: before/b1  \S*\(\d+\): {late}\n")
        self.assertEqual(done.report["x2"].reason, "not run: " + late)
        self.assertNotIn(PASSED, done.verdicts.values())
        self.assertNotEqual(done.status, 0)
        self.setUp()
        done = self.run_fixtures("boost_test", "program's end hang", "--workers=2",
                                 "--timeout=0.7")
        self.assertIn("died outside of any case: the end of the program took longer than its "
                      "timeout of 0.7 s", done.err)
        self.assertEqual(done.status, RUNS["boost_test"].failure)

    @with_each_framework
    def test_fail_a_case_that_came_to_its_end(self, framework):
        # Sooner than the parent looks, mostly; which of its ways it took is not ours to choose.
        done = self.run_acts(framework, ["blink"] * 6, "--workers=1", "--timeout=0.005")
        for number in range(6):
            self.assertEqual(done.report[f"c{number}"].verdict, DIED)
            self.assertRegex(done.report[f"c{number}"].reason, "^" + self.LATE.format("0.005"))
            self.assertRegex(done.err, rf"timed out: c{number}  \S*\(\d+\): "
                                       + self.LATE.format("0.005"))
        self.assertEqual(done.status, RUNS[framework].failure)
        console = RUNS[framework](program(f"{framework}_chaos"), "--workers=1",
                                  "--timeout=0.005", **self.place.variables(["blink"] * 6))
        failed = {name for name, case in console.cases.items() if not case.passed}
        self.assertLessEqual(set(NAMES[:6]), failed)  # of a busy machine others, too


class FileSizes(WorkersTest):
    def run_limited(self, framework, size, workers):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

        return subprocess.run([program(f"{framework}_chaos"), "--workers=" + workers],
                              env=self.place.environment(["session"], CHAOS_LOG=""),
                              text=True, capture_output=True, check=False, preexec_fn=limit)

    @with_each_framework
    def test_that_are_limited_cost_what_is_kept_and_no_case(self, framework):
        for size, workers in ((4096, "0"), (4096, "2"), (0, "2")):
            done = self.run_limited(framework, size, workers)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("isolite: warning: cannot keep records of what fixtures cost: writing ",
                          done.stderr)
            # One line for one cause, although the image cannot be kept either.
            self.assertEqual(done.stderr.count("File too large"), 1, done.stderr)


class Ends(WorkersTest):
    """A run that something ends from outside."""

    ACTS = "pass fail setsid hang defect_hang"

    def check_partial_report(self, done, number):
        self.assertEqual(done.status, 128 + number, done.err)
        report = read_junit(done.junit)
        self.assertEqual(report["c0"].verdict, PASSED)
        self.assertEqual(report["c1"][:1] + report["c1"][2:], (FAILED, "c1 says <fail>\nc1 in C++\n"))
        self.assertEqual(report["c2"].verdict, PASSED)
        name = signal.Signals(number).name
        for case in ("c3", "c4"):
            self.assertEqual(report[case], Verdict(
                DIED, "it was running when the run was stopped by " + name,
                f"{case} says <{self.ACTS.split()[int(case[1:])]}>\n{case} in C++\n"))
        self.assertEqual({report[case] for case in NAMES[5:]}, {NOT_RUN})
        self.assertIn(f"  stopped by {name}: {CASES - 5} cases were not run\n"
                      "  running when stopped: c3, c4\n", done.err)
        self.assertNotIn("failed: c3", done.err)
        self.assert_nothing_left()

    @with_each_framework
    def test_by_a_signal_there_is_a_partial_report_at_once(self, framework):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(signal=number.name):
                self.setUp()
                run = self.start(framework, self.ACTS, "--workers=2")
                run.await_start("c3", "c4")
                seconds = run.signal(number)
                print(f"{framework}: {number.name} ended it after {seconds * 1000:.0f} ms")
                self.assertLess(seconds, SOON)
                self.check_partial_report(run, number)

    def assert_no_success(self, done, number):
        self.assertEqual(done.status, 128 + number, done.err)
        self.assertNotIn("No errors detected", done.out + done.err)
        self.assertNotIn("SUCCESS!", done.out)

    @with_each_framework
    def test_by_a_signal_are_no_success_where_nothing_failed(self, framework):
        run = self.start(framework, "pass hang", "--workers=2")
        run.await_start("c1")
        run.signal(signal.SIGTERM)
        self.assert_no_success(run, signal.SIGTERM)
        self.assertIn("it was running when the run was stopped by SIGTERM", run.out + run.err)

    @with_each_framework
    def test_by_a_signal_are_no_success_where_no_case_was_running(self, framework):
        suite = {"boost_test": "--run_test=broken", "doctest": "--test-suite=broken"}[framework]
        done = self.run_fixtures(framework, "end stop", "--workers=1", suite)
        self.assert_no_success(done, signal.SIGTERM)
        self.assertEqual(set(done.verdicts.values()), {PASSED})
        self.assertIn("stopped by SIGTERM: 0 cases were not run\n", done.err)

    @with_each_framework
    def test_by_several_signals_there_is_one_too(self, framework):
        run = self.start(framework, self.ACTS, "--workers=2")
        run.await_start("c3", "c4")

        def several(pid, _):
            os.kill(pid, signal.SIGSTOP)  # so that all of them wait when it goes on
            for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGCONT):
                os.kill(pid, number)

        run.signal(0, several)
        (name,) = re.findall("stopped by (SIG[A-Z]+): ", run.err)
        self.check_partial_report(run, signal.Signals[name])

    @with_each_framework
    def test_by_a_second_signal_at_any_moment_there_is_the_whole_report(self, framework):
        run = self.start(framework, self.ACTS, "--workers=2")
        run.await_start("c3", "c4")

        def again_and_again(pid, _):
            os.kill(pid, signal.SIGTERM)
            while run.process.poll() is None:
                os.kill(pid, signal.SIGTERM)

        run.signal(0, again_and_again)
        self.check_partial_report(run, signal.SIGTERM)

    @with_each_framework
    def test_by_a_kill_in_the_report_of_the_framework_there_is_that_for_junit(self, framework):
        run = self.start(framework, "many pass", "--workers=2", "--show=end")
        deadline = time.monotonic() + 60
        # Nobody reads what the framework writes, so that it waits in the middle of it.
        while not run.junit.exists() and time.monotonic() < deadline:
            self.assertIsNone(run.process.poll())
            time.sleep(0.01)
        run.signal(signal.SIGKILL)
        self.assertEqual(plain(read_junit(run.junit)),
                         {**dict.fromkeys(NAMES, PASSED), "c0": FAILED})
        for path in (self.place.root / "runtime").iterdir():
            path.unlink()

    @with_each_framework
    def test_by_a_kill_no_report_of_an_earlier_run_is_left(self, framework):
        for way in "--workers=0", "--workers=2":
            self.setUp()
            page, behind, link = (self.place.root / name for name in ("page", "behind", "link"))
            for each in page, behind:
                each.write_text("of an earlier run")
            link.symlink_to(behind)
            run = self.start(framework, "pass hang", way, f"--report={page}", write_earlier=True)
            run.await_start("c1")
            run.signal(signal.SIGKILL)
            self.assertFalse(run.junit.exists())
            self.assertFalse(page.exists())
            run = self.start(framework, "pass", way, f"--report={link}").end()
            self.assertEqual((link.is_symlink(), "</html>" in behind.read_text()), (True, True))

    @with_each_framework
    def test_by_what_the_program_ignores_it_is_not(self, framework):
        def as_under_nohup():
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            if framework != "doctest":  # the adapter of which waits for a child of its own
                signal.signal(signal.SIGCHLD, signal.SIG_IGN)

        run = self.start(framework, "segv due", "--workers=1", preexec_fn=as_under_nohup)
        run.await_start("c1")
        run.signal(signal.SIGHUP)
        self.assertEqual(run.status, RUNS[framework].failure, run.err)
        report = read_junit(run.junit)
        self.assertEqual(plain(report), {**dict.fromkeys(NAMES, PASSED), "c0": DIED})
        self.assertIn("killed by signal " + ("6" if SANITIZED else "11"), report["c0"].reason)

    @with_each_framework
    def test_by_ctrl_c_at_the_terminal_there_is_one_too(self, framework):
        with Terminal() as terminal:
            run = self.start(framework, self.ACTS, "--workers=2", **terminal.taken)
            run.await_start("c3", "c4")
            seconds = run.signal(0, lambda *_: os.write(terminal.user, b"\x03"))
        print(f"{framework}: Ctrl-C ended it after {seconds * 1000:.0f} ms")
        self.check_partial_report(run, signal.SIGINT)

    @with_each_framework
    def test_are_recorded_with_the_commands_that_debug_what_failed(self, framework):
        for way in "--workers=0", "--workers=2":
            self.setUp()
            done = self.start(framework, "pass fail pass fail", way).end()
            command = re.search("debug: (.*)", done.err)[1]
            records = "".join(path.read_text() for path in
                              (self.place.root / "cache").rglob("*.jsonl")).splitlines()
            told = [json.loads(line) for line in records if '"kind":"debug"' in line]
            self.assertEqual([each["test"] for each in told], ["c1", "c3"])
            self.assertEqual(told[0]["text"], command)

    @with_each_framework
    def test_by_ctrl_c_are_recorded_where_who_reads_dies_first(self, framework):
        for gone in (["stdout"], ["stderr"], ["stdout", "stderr"]):
            self.setUp()
            run = self.start(framework, "pass hang", "--workers=2")
            run.await_start("c1")
            for each in gone:
                getattr(run.process, each).close()
            run.process.send_signal(signal.SIGINT)
            self.assertEqual(run.process.wait(60), 128 + signal.SIGINT)
            records, = (self.place.root / "cache").rglob("parent-*.jsonl")
            self.assertIn('{"kind":"end"', records.read_text().splitlines()[-1])
            for each in {"stdout", "stderr"} - {*gone}:
                getattr(run.process, each).close()

    @with_each_framework
    def test_by_a_signal_before_the_first_case_are_told(self, framework):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self.setUp()
            run = self.start(framework, "pass", "--workers=1", CHAOS_SEED="hang")
            run.await_start("seed")
            run.signal(number)
            self.assertEqual(run.status, -number)
            self.assertEqual(run.err.splitlines()[-1],
                             f"isolite: stopped by {number.name} before the first case")
            for path in (self.place.root / "runtime").glob("*.slot-*"):
                path.unlink()  # as any process leaves its slot that a signal ends

    @with_each_framework
    def test_by_a_kill_the_workers_die(self, framework):
        run = self.start(framework, "pass hang hang", "--workers=2")
        run.await_start("c1", "c2")
        run.signal(signal.SIGKILL)
        deadline = time.monotonic() + SOON
        while self.place.orphans() and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertEqual(self.place.orphans(), [])
        for path in (self.place.root / "runtime").iterdir():
            path.unlink()

    @with_each_framework
    def test_by_the_timeout_of_meson_there_is_a_partial_report(self, framework):
        root = self.place.root / "project"
        root.mkdir()
        report = self.place.root / "report.xml"
        (root / "meson.build").write_text(
            "project('scratch')\n"
            f"test('chaos', find_program('{program(framework + '_chaos')}'), timeout: 2,"
            f" args: ['--workers=2', '--junit={report}'])\n")
        environment = self.place.environment(self.ACTS.split())
        for command in (["setup", root / "build", root], ["test", "-C", root / "build"]):
            done = subprocess.run([shutil.which("meson"), *command], env=environment,
                                  capture_output=True, text=True, check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("TIMEOUT", done.stdout)
        self.assertEqual(read_junit(report)["c0"].verdict, PASSED)
        log = (root / "build" / "meson-logs" / "testlog.txt").read_text()
        self.assertIn("stopped by SIGTERM: ", log)


class Leftovers(WorkersTest):
    @with_each_framework
    def test_are_reported_and_gone(self, framework):
        acts = "child setsid pass daemon group deaf_child"
        done = self.run_acts(framework, acts, "--workers=2")
        blamed = re.findall(r"^  left running by (\w+): \d+ \((\w+)\)$", done.err,
                            re.MULTILINE)
        command = (framework + "_chaos")[:15]
        self.assertEqual(blamed, [(name, command) for name in ("c0", "c1", "c3", "c4", "c5")])

    def test_are_not_what_a_process_began_that_was_there_earlier(self):
        run = [program("doctest_chaos"), "--workers=2"]
        daemon = "(while ! test -e began; do sleep 0.01; done; setsid sleep 60 & ) > /dev/null 2>&1"
        done = subprocess.run(["sh", "-c", daemon + ' & exec "$@"', "sh", *run],
                              env=self.place.environment(["daemon", "begins"]), text=True,
                              capture_output=True, cwd=self.place.root, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(re.findall("left running by (.*):", done.stderr), ["c0"])
        self.assertEqual([what.split()[1] for what in self.place.orphans()], ["sleep"])
        for what in self.place.orphans():
            os.kill(int(what.split()[0]), signal.SIGKILL)

    def test_are_not_what_began_earlier(self):
        run = [program("doctest_chaos"), "--workers=2"]
        done = subprocess.run(["sh", "-c", 'sleep 60 > /dev/null 2>&1 & exec "$@"', "sh", *run],
                              env=self.place.environment([]), capture_output=True, text=True,
                              check=False)
        self.assertEqual(done.returncode, 0)
        self.assertNotIn("left running", done.stderr)
        self.assertEqual([what.split()[1] for what in self.place.orphans()], ["sleep"])
        for what in self.place.orphans():
            os.kill(int(what.split()[0]), signal.SIGKILL)


class Options(WorkersTest):
    @with_each_framework
    def test_maxfail_starts_no_further_case(self, framework):
        done = self.run_acts(framework, ["fail"] * CASES, "--workers=1", "--maxfail=2")
        self.assertEqual(self.started(), ["c0", "c1"])
        self.assertEqual(list(done.verdicts.values()).count("skipped"), CASES - 2)
        self.assertIn("stopped after 2 failures (--maxfail)\n", done.err)
        self.assertNotEqual(done.status, 0)

    ENDLESS = "no further case is begun (--maxfail); still running without a limit of time: "

    @with_each_framework
    def test_maxfail_names_what_it_waits_for_if_nothing_else_ends_it(self, framework):
        run = self.start(framework, "hang fail", "--workers=2", "--maxfail=1")
        too_late = threading.Timer(30, run.process.terminate)
        too_late.start()
        told = itertools.takewhile(lambda line: self.ENDLESS not in line, run.process.stderr)
        self.assertTrue(list(told))  # and the line that came then is read
        too_late.cancel()
        self.assertEqual(next(run.process.stderr, "it ended"), "  hint: --timeout=30 ends a case that takes "
                         "longer than 30 s, Ctrl-C ends the run\n")
        run.signal(signal.SIGTERM)
        self.assertNotIn(self.ENDLESS, run.err)

    @with_each_framework
    def test_maxfail_names_no_case_that_a_limit_ends(self, framework):
        done = self.run_acts(framework, "hang fail", "--workers=2", "--maxfail=1",
                             "--timeout=2.5")
        self.assertNotIn(self.ENDLESS, done.err)
        self.assertIn("stopped after 2 failures (--maxfail)\n", done.err)

    @with_each_framework
    def test_shuffle_tells_its_seed_which_repeats_the_order(self, framework):
        self.setUp()
        done = self.run_acts(framework, [], "--workers=1", "--shuffle")
        first = self.started()
        self.assertNotEqual(first, NAMES)
        self.assertEqual(sorted(first), sorted(NAMES))
        (seed,) = re.findall(r"in the order of --shuffle=(\d+)", done.err)
        self.run_acts(framework, [], "--workers=1", "--shuffle=" + seed)
        self.assertEqual(self.started(), 2 * first)

    @with_each_framework
    def test_failed_runs_what_nothing_is_known_of(self, framework):
        done = self.run_acts(framework, "pass", "--workers=2", "--failed")
        self.assertEqual(len(self.started()), CASES)
        self.assertNotIn("left out", done.err)

    @with_each_framework
    def test_failed_runs_what_failed_the_last_time(self, framework):
        self.run_acts(framework, "pass fail sigkill", "--workers=2")
        done = self.run_acts(framework, "pass pass fail", "--workers=2", "--failed")
        self.assertEqual(sorted(self.started()[CASES:]), ["c1", "c2"])
        self.assertIn(f"1 passed, 1 failed, {CASES - 2} left out (--failed) in ", done.err)
        self.run_acts(framework, "pass", "--workers=2", "--failed")
        self.assertEqual(self.started()[CASES + 2:], ["c2"])
        done = self.run_acts(framework, "pass", "--workers=2", "--failed")
        self.assertEqual(self.started()[CASES + 3:], [])
        self.assertEqual(done.status, 0)

    @with_each_framework
    def test_repeat_runs_every_case_so_often(self, framework):
        done = self.run_acts(framework, "flaky", "--workers=2", "--repeat=3")
        self.assertEqual(sorted(self.started()), sorted(3 * NAMES))
        self.assertNotEqual(done.status, 0)
        self.assertIn("failed: c0 (failed 1 of 3 times)  ", done.err)

    @with_each_framework
    def test_retries_mark_what_is_flaky(self, framework):
        done = self.run_acts(framework, "flaky flaky_death", "--workers=2", "--retries=1")
        self.assertEqual(done.status, 0, done.err)
        self.assertEqual((done.verdicts["c0"], done.verdicts["c1"]), ("flaky", "flaky"))
        self.assertIn("flaky: c0 (failed 1 of 2 times)  ", done.err)
        done = self.run_acts(framework, "fail", "--workers=2", "--retries=2")
        self.assertEqual(done.status, RUNS[framework].failure)
        self.assertIn("failed 3 of 3 times", done.report["c0"].reason)

    def run_dependents(self, acts, *arguments):
        self.setUp()
        done = self.run_acts("boost_test", acts, "--color_output=no", "--workers=2", *arguments,
                             subject="dependents")
        self.assert_nothing_left()
        return done

    def test_retries_run_what_depends_on_a_case_that_passes_then(self):
        done = self.run_dependents("flaky fail flaky pass pass", "--retries=2")
        self.assertEqual(done.verdicts, {"c0": "flaky", "c1": FAILED, "c2": "flaky",
                                         "c3": "skipped", "c4": PASSED})
        self.assertEqual(sorted(self.started()),
                         ["c0", "c0", "c1", "c1", "c1", "c2", "c2", "c4"])
        self.assertEqual(done.status, RUNS["boost_test"].failure)
        self.assertIn('error: in "c1": no luck', done.out + done.err)
        self.assertIn("3 passed (2 flaky), 1 failed, 1 skipped in ", done.err)

    def test_retries_skip_what_depends_on_a_case_that_never_passes(self):
        done = self.run_dependents("fail pass pass pass pass", "--retries=1")
        self.assertEqual(done.verdicts, {"c0": FAILED, "c1": "skipped", "c2": "skipped",
                                         "c3": "skipped", "c4": PASSED})
        self.assertEqual(sorted(self.started()), ["c0", "c0", "c4"])

    def test_repeat_tells_what_failed_although_what_it_depends_on_failed_once(self):
        done = self.run_dependents("flaky fail fail", "--repeat=2")
        self.assertEqual((done.verdicts["c0"], done.verdicts["c1"], done.verdicts["c2"]),
                         (FAILED, FAILED, FAILED))
        for name in ("c0", "c1", "s/c2"):
            self.assertIn(f'error: in "{name}": no luck', done.out + done.err)

    @with_each_framework
    def test_durations_lists_the_slowest(self, framework):
        done = self.run_acts(framework, "pass due", "--workers=2", "--durations=2")
        slowest = done.err.split("  slowest tests:\n")[1]
        self.assertRegex(slowest, r"^ +[\d.]+ ms  c1\n +[\d.]+ [mu]s  c\d+\nisolite: ")
        self.assertNotIn("slowest tests", self.run_acts(framework, "", "--workers=2",
                                                  "--durations=0").err)

    @with_each_framework
    def test_workers_are_as_many_as_asked_for(self, framework):
        self.setUp()
        done = self.run_acts(framework, "", "--workers=0")
        self.assertEqual({start.pid for start in self.place.starts()}, {done.process.pid})
        self.setUp()
        done = self.run_acts(framework, "", "--workers=1")
        self.assertEqual({start.worker for start in self.place.starts()}, {"w0"})
        self.assertIn(" by 1 worker\n", done.err)

    @unittest.skipIf(SANITIZED, "nothing is short under a sanitizer")
    @with_each_framework
    def test_auto_takes_several_workers_only_where_they_pay_off(self, framework):
        one_core = {"preexec_fn": lambda: os.sched_setaffinity(0, {min(
            os.sched_getaffinity(0))})}
        done = self.run_acts(framework, "", "--workers=auto", **one_core)
        self.assertIn(" by 1 worker\n", done.err)
        if len(os.sched_getaffinity(0)) > 1:
            self.setUp()
            runs = [self.run_acts(framework, "", "--workers=auto").err for _ in range(6)]
            self.assertNotIn(" by 1 worker\n", runs[0])  # nothing is known of the first run
            self.assertTrue(any(" by 1 worker\n" in err for err in runs))  # one may take long
            self.setUp()
            for _ in range(2):  # 0.2 s may be saved
                done = self.run_acts(framework, "due due due due", "--workers=auto")
                self.assertNotIn(" by 1 worker\n", done.err)

    @with_each_framework
    def test_auto_lets_a_case_that_crashes_fail_alone_however_short_the_suite(self, framework):
        for _ in range(3):
            self.run_acts(framework, "", "--workers=auto")
        done = self.run_acts(framework, "sigkill", "--workers=auto")
        self.assertEqual(list(done.verdicts.values()).count(DIED), 1)
        self.assertEqual(list(done.verdicts.values()).count(PASSED), CASES - 1)

    @with_each_framework
    def test_a_huge_journal_is_read(self, framework):
        done = self.run_acts(framework, "many pass fail", "--workers=2")
        self.assertEqual(list(done.verdicts.values()).count(FAILED), 2)
        self.assertGreater((done.out + done.err).count("no luck"), 100_000)


class Limits(WorkersTest):
    def test_of_forks_are_told_where_a_thread_runs(self):
        text = ("isolite: warning: cannot start workers safely: the program has 2 threads, and a "
                "worker gets a copy of only one of them, but of all locks\n  hint: start threads "
                "in a test or a fixture, or give --workers=0\n")
        for workers in ("2", "0"):
            done = self.run_acts("doctest", "segv", "--workers=" + workers, CHAOS_THREAD="1")
            self.assertEqual(done.err.count(text), 1 if workers == "2" else 0, done.err)
        self.assertNotIn("warning", self.run_acts("doctest", "segv", "--workers=2").err)

    @unittest.skipIf(SANITIZED, "a sanitizer needs descriptors, too")
    @with_each_framework
    def test_of_descriptors_are_told_with_a_way_out(self, framework):
        def few():
            resource.setrlimit(resource.RLIMIT_NOFILE, (14, 14))

        done = self.run_acts(framework, "", "--workers=8", preexec_fn=few)
        self.assertNotEqual(done.status, 0)
        self.assertIn("isolite: cannot start workers: making a file in memory failed: Too many "
                      "open files\n  hint: raise the limit of open files, e.g. with `ulimit "
                      "-n`, or give --workers=0", done.err)
        self.assertEqual(self.started(), [])

    @unittest.skipIf(os.getuid() != 0, "needs a user without any process")
    def test_of_processes_cost_workers_but_no_case(self):
        user = 1_000_000 + os.getpid()

        def few():
            resource.setrlimit(resource.RLIMIT_NPROC, (2, 2))
            os.setgid(user)
            os.setuid(user)

        subprocess.run(["chown", "-R", f"{user}:{user}", self.place.root], check=True)
        done = self.run_acts("boost_test", "pass fail", "--workers=3", preexec_fn=few)
        self.assertEqual(list(done.verdicts.values()).count(PASSED), CASES - 1, done.err)
        self.assertIn("isolite: warning: cannot start worker w1: Resource temporarily unavailable\n"
                      "  hint: raise the limit of processes", done.err)
        self.assert_nothing_left()


def can_hide_proc():
    """Says whether this user may run a program in a sandbox that has no /proc."""
    hidden = subprocess.run([*WITHOUT_PROC, "true"], capture_output=True, check=False)
    return hidden.returncode == 0


WITHOUT_PROC = ["unshare", "--mount", "sh", "-c",
                'mount -t tmpfs none /proc && exec "$@"', "without-proc"]


class Proc(WorkersTest):
    @unittest.skipUnless(os.getuid() == 0 and can_hide_proc(), "needs to hide /proc")
    @unittest.skipIf(SANITIZED, "a sanitizer needs /proc")
    @with_each_framework
    def test_may_be_missing(self, framework):
        path = program(f"{framework}_chaos")
        libraries = subprocess.run(["ldd", path], capture_output=True, text=True, check=True).stdout
        folders = {os.path.dirname(file) for file in re.findall(r"=> (/\S+)", libraries)}
        for workers in ("0", "2"):
            done = subprocess.run(
                [*WITHOUT_PROC, path, "--workers=" + workers], text=True, capture_output=True,
                env=self.place.environment(["pass", "fail"], LD_LIBRARY_PATH=":".join(folders)),
                check=False)
            self.assertEqual(done.returncode, RUNS[framework].failure, done.stderr)
            self.assertEqual(sorted(self.started()), sorted(NAMES))
            self.assertNotIn("warning", done.stderr)
            (self.place.root / "log").unlink()
        histories = list((self.place.root / "cache").rglob("*.history.tsv"))
        self.assertEqual([file.name.startswith(f"{framework}_chaos-") for file in histories], [True])


class Input(WorkersTest):
    @with_each_framework
    def test_is_empty_for_workers(self, framework):
        (self.place.root / "input").write_text("text")
        with open(self.place.root / "input", encoding="utf-8") as text:
            done = self.run_acts(framework, "stdin stdin", "--workers=2", stdin=text)
        self.assertEqual(set(done.verdicts.values()), {PASSED})


class Slots(WorkersTest):
    def test_of_two_programs_of_a_run_are_different(self):
        runs, logs = [], []
        for framework in RUNS:
            logs.append(str(self.place.root / framework))
            runs.append(self.start(framework, ["hang"] * CASES, "--workers=3",
                                   CHAOS_LOG=logs[-1], ISOLITE_RUN_ID="both"))
        deadline = time.monotonic() + 30
        lines = []
        while len(lines) < 6 and time.monotonic() < deadline:
            lines = [line for log in logs if os.path.exists(log)
                     for line in pathlib.Path(log).read_text().splitlines()]
        for run in runs:
            run.signal(signal.SIGTERM)
        self.assertEqual(sorted(int(line.split()[2]) for line in lines), list(range(6)))
        self.assert_nothing_left()

    def test_of_auto_stay_below_the_number_of_cores(self):
        cores = len(os.sched_getaffinity(0))
        others = self.start("doctest", ["hang"] * CASES, f"--workers={cores}", ISOLITE_RUN_ID="r")
        others.await_start(*NAMES[:cores])
        mine = str(self.place.root / "mine")
        self.run_acts("boost_test", "", "--workers=auto", ISOLITE_RUN_ID="r", CHAOS_LOG=mine)
        slots = {int(line.split()[2]) for line in pathlib.Path(mine).read_text().splitlines()}
        others.signal(signal.SIGTERM)
        self.assertEqual(slots, {cores})  # it has one in any case, and gets no other
        self.assert_nothing_left()

    @with_each_framework
    def test_that_a_launcher_gave_begin_a_run_of_their_own(self, framework):
        self.run_acts(framework, ["session"] * CASES, "--workers=3", ISOLITE_RUN_ID="r",
                      ISOLITE_WORKER_SLOT="7")
        self.assertLessEqual({start.slot for start in self.place.starts()}, {0, 1, 2})

    @with_each_framework
    def test_of_a_program_alone_count_from_0(self, framework):
        run = self.start(framework, ["hang"] * CASES, "--workers=3")
        run.await_start(*NAMES[:3])
        run.signal(signal.SIGTERM)
        self.assertEqual({start.slot for start in run.place.starts()}, {0, 1, 2})

    @with_each_framework
    def test_count_their_workers_from_0(self, framework):
        self.run_acts(framework, ["segv"] * CASES, "--workers=3")
        for slot in range(3):
            mine = [start.incarnation for start in self.place.starts() if start.slot == slot]
            self.assertEqual(mine, sorted(set(mine)))  # one may have come too late for a case
            self.assertIn(mine[:1], ([], [0]))


if __name__ == "__main__":
    forbid_core_dumps()
    main()
