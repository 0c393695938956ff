"""Checks that what is found when a process ends, by a sanitizer, valgrind, a tool for coverage or a
destructor, is the same with workers as without."""

import os
import pathlib
import re
import shutil
import subprocess
import unittest
import xml.etree.ElementTree as xml

from forked_program import Place, main, program

FRAMEWORKS = ("boost_test", "doctest")
WORKERS = ("--workers=0", "--workers=2")
TOOL = os.environ.get("ISOLITE_TEST_COVERAGE", "")
# Those of the run of all tests, under which a first finding ends a process.
NO_OPTIONS = {"ASAN_OPTIONS": "", "LSAN_OPTIONS": "", "TSAN_OPTIONS": "", "UBSAN_OPTIONS": ""}


def with_each_framework(test):
    def tests(self):
        for framework in FRAMEWORKS:
            with self.subTest(framework=framework):
                self.place = Place()
                self.addCleanup(self.place.remove)
                test(self, framework)
                self.assertEqual(self.place.orphans(), [])
                self.assertEqual(self.place.leftovers(), [])
    return tests


class WorkerExit(unittest.TestCase):
    def run_finding(self, subject, finding, workers, before=(), **variables):
        """Runs a program in the place; says how it ended in `status`, `text` and `junit`."""
        report = self.place.root / "report.xml"
        report.unlink(missing_ok=True)
        path = program(subject)
        if not pathlib.Path(path).exists():
            self.skipTest("the compiler has no such sanitizer")
        done = subprocess.run([*before, path, workers, f"--junit={report}"],
                              env=self.place.environment([], FINDING=finding,
                                                         GCOV_PREFIX=str(self.place.root / "gcov"),
                                                         **{**NO_OPTIONS, **variables}),
                              cwd=self.place.root, capture_output=True, text=True, check=False)
        done.text = done.stdout + done.stderr
        done.junit = xml.parse(report).getroot()
        return done

    def run_both(self, subject, finding, **others):
        return [self.run_finding(subject, finding, workers, **others) for workers in WORKERS]

    def assert_told(self, done, status, text):
        """Checks that a run tells what a worker ended with, also in its report."""
        self.assertEqual(done.returncode, status, done.text)
        self.assertRegex(done.stderr, rf"\n  worker w\d+ failed as it ended: its status was {status}")
        self.assertIn(text, done.text)
        failed = [case for case in done.junit.iter("testcase") if case.find("error") is not None]
        self.assertEqual([case.get("name") for case in failed], ["(worker)"])

    @with_each_framework
    def test_without_a_finding_is_a_success(self, framework):
        for done in self.run_both(f"{framework}_findings", "none"):
            self.assertEqual(done.returncode, 0, done.text)

    @with_each_framework
    def test_destroys_what_the_cases_made(self, framework):
        self.run_both(f"{framework}_findings", "none")
        self.assertEqual(list(self.place.root.glob("directory-*")), [])

    @with_each_framework
    def test_heeds_the_status_of_a_destructor(self, framework):
        alone, forked = self.run_both(f"{framework}_findings", "static")
        self.assertEqual(alone.returncode, 3, alone.text)
        self.assert_told(forked, 3, "found by static")
        self.assertIn("found by static", forked.junit.find(".//error").text)

    @with_each_framework
    def test_tells_nobody_that_it_was_skipped_or_killed(self, framework):
        for status in (77, 99, 137):
            forked = self.run_finding(f"{framework}_findings", "static", "--workers=2",
                                      STATUS=str(status))
            self.assertEqual(forked.returncode, 1, forked.text)
            self.assertIn(f"its status was {status}", forked.stderr)

    @with_each_framework
    def test_leaves_what_was_made_before_the_fork_to_the_parent(self, framework):
        forked = self.run_finding(f"{framework}_findings", "global", "--workers=2")
        self.assertEqual(forked.returncode, 0, forked.text)

    @with_each_framework
    def test_destroys_all_if_it_is_told_to(self, framework):
        alone, forked = self.run_both(f"{framework}_findings", "global", ISOLITE_WORKER_EXIT="all")
        self.assertEqual(alone.returncode, 5, alone.text)
        self.assert_told(forked, 5, "found by global")

    @with_each_framework
    def test_destroys_nothing_if_it_is_told_to(self, framework):
        forked = self.run_finding(f"{framework}_findings", "static", "--workers=2",
                                  ISOLITE_WORKER_EXIT="quick")
        self.assertEqual(forked.returncode, 0, forked.text)

    @with_each_framework
    def test_asks_the_leak_sanitizer(self, framework):
        for scope in ("own", "all", "quick"):
            alone, forked = self.run_both(f"{framework}_findings_leak", "leak",
                                          ISOLITE_WORKER_EXIT=scope)
            self.assertIn("detected memory leaks", alone.text)
            self.assertNotEqual(alone.returncode, 0)
            self.assert_told(forked, alone.returncode, "detected memory leaks")

    @with_each_framework
    def test_heeds_the_options_of_the_leak_sanitizer(self, framework):
        for done in self.run_both(f"{framework}_findings_leak", "leak",
                                  LSAN_OPTIONS="detect_leaks=0"):
            self.assertEqual(done.returncode, 0, done.text)

    @with_each_framework
    def test_tells_the_races_of_cases_that_passed(self, framework):
        alone, forked = self.run_both(f"{framework}_findings_thread", "race")
        self.assertIn("ThreadSanitizer: data race", alone.text)
        self.assertEqual(alone.returncode, 66)
        self.assert_told(forked, 66, "isolite: output of races:\n")
        self.assertIn("ThreadSanitizer: data race", forked.text)
        case = next(case for case in forked.junit.iter("testcase") if case.get("name") == "races")
        self.assertIn("ThreadSanitizer: data race", case.findtext("system-out"))

    @with_each_framework
    def test_heeds_valgrind(self, framework):
        if not shutil.which("valgrind"):
            self.skipTest("there is no valgrind: scripts/bootstrap --all gets it")
        alone, forked = self.run_both(f"{framework}_findings", "garbage",
                                      before=("valgrind", "-q", "--error-exitcode=9"))
        self.assertIn("uninitialised", alone.text)
        self.assertEqual(alone.returncode, 9, alone.text)
        self.assert_told(forked, 9, "uninitialised")

    @with_each_framework
    def test_counts_coverage(self, framework):
        counts = [self.coverage(framework, workers, scope)
                  for workers, scope in ((WORKERS[0], "own"), *((WORKERS[1], scope)
                                         for scope in ("own", "all", "quick")))]
        self.assertEqual(counts[0], ["1", "1"])
        self.assertEqual(counts[1:], 3 * [counts[0]])

    def coverage(self, framework, workers, scope):
        """Returns how often each line was run that says that it is counted."""
        subject = f"{framework}_findings"
        if not TOOL or not shutil.which(TOOL):
            self.skipTest("there is no tool for coverage")
        self.run_finding(subject, "none", workers, ISOLITE_WORKER_EXIT=scope)
        shown = self.shown_by_llvm(subject) if "llvm" in TOOL else self.shown_by_gcov()
        return [re.sub(r"\D", "", line.replace("|", ":").split(":")[0 if "gcov" in TOOL else 1])
                for line in shown.splitlines() if "; // counted" in line]

    def shown_by_gcov(self):
        root = self.place.root / "gcov"
        data, = root.rglob("*.gcda")
        notes = pathlib.Path("/") / data.relative_to(root).with_suffix(".gcno")
        shutil.copy(notes, data.parent)
        sources = pathlib.Path(program("")).parent.parent  # the paths in the notes begin there
        shown = self.output_of(TOOL, "--stdout", "--object-directory", data.parent, data,
                               cwd=sources)
        shutil.rmtree(root)
        return shown

    def shown_by_llvm(self, subject):
        raw, = self.place.root.glob("*.profraw")
        merged = self.place.root / "merged"
        self.output_of(TOOL.replace("llvm-cov", "llvm-profdata"), "merge", raw, "-o", merged)
        raw.unlink()
        return self.output_of(TOOL, "show", program(subject), f"-instr-profile={merged}")

    def output_of(self, *command, cwd=None):
        return subprocess.run(command, cwd=cwd or self.place.root, capture_output=True, text=True,
                              check=True).stdout


if __name__ == "__main__":
    main()
