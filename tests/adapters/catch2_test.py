"""Judges sessions in tests of Catch2, and what becomes of tests that go wrong, in one process and in
forked workers."""

import itertools
import pathlib
import re
import sqlite3
import tempfile
import unittest
import xml.etree.ElementTree as xml

from test_program import Run, declared_at, leak, main, program

WAYS = [["--workers=0"], ["--workers=1"], ["--workers=2"]]
FAILURES = ("Failure", "Exception", "FatalErrorCondition")


class Catch2Run(Run):
    """A run of the subject; `cases` are the texts of what failed in each case, by its name."""

    def __init__(self, *arguments, **variables):
        super().__init__(program("catch2_subject"), "--reporter", "xml", *arguments, **variables)
        self.cases, self.places, self.passed = {}, {}, set()
        for case in xml.fromstring(self.out).iter("TestCase"):
            name = case.get("name")
            failures = [part for part in case.iter() if part.tag in FAILURES]
            self.cases[name] = [(part.text or "").strip() for part in failures]
            # What threw has none.
            self.cases[name] += [text for text in (part.findtext("Expanded").strip()
                                                   for part in case.iter("Expression"))
                                 if not text.startswith("{Unknown expression")]
            self.places[name] = {int(part.get("line")) for part in failures}
            if case.find("OverallResult").get("success") == "true":
                self.passed.add(name)


def is_version_3():
    return bool(re.search(r"version: +3", Run(program("catch2_subject"), "--libidentify").out))


class Sessions(unittest.TestCase):
    def test_each_pass_is_on_a_pristine_database_in_every_order(self):
        orders = [["--order", "decl"], *(["--order", "rand", "--rng-seed", str(seed)]
                                         for seed in (1, 2, 3))]
        for order, way in itertools.product(orders, WAYS):
            with self.subTest(order=order, way=way):
                run = Catch2Run(*order, *way)
                self.assertEqual(run.status, 0, run.out + run.err)
                self.assertEqual(len(run.cases), 14)
                self.assertEqual(set(run.cases), run.passed)

    def test_each_test_alone_passes_too(self):
        for name in Catch2Run().cases:
            with self.subTest(name):
                self.assertEqual(Catch2Run(name.replace(",", "\\,")).status, 0)

    def test_what_leaks_fails_at_its_own_line(self):
        for way in WAYS:
            with self.subTest(way):
                run = Catch2Run("[.leaks]", *way)
                self.assertEqual(run.passed, set())
                self.assertEqual(run.cases["it leaks"], [leak("catch2", "it leaks")])
                self.assertEqual(run.places["it leaks"],
                                 {declared_at("catch2_subject.cpp", '"it leaks",')})
                self.assertEqual(run.cases["it leaks in a section"],
                                 [leak("catch2", "it leaks in a section")])
                self.assertEqual(sorted(run.cases["it fails and leaks"]),
                                 ["3 == 7", leak("catch2", "it fails and leaks")])
                self.assertEqual(sorted(run.cases["it throws and leaks"]),
                                 [leak("catch2", "it throws and leaks"), "thrown"])


    def test_a_leak_fails_whoever_may_or_should_fail_too(self):
        for name in ("it may fail but not leak", "it should fail but not leak",
                     "it fails as it should but leaks"):
            with self.subTest(name):
                here = Catch2Run(name)
                self.assertNotEqual(here.status, 0)
                self.assertIn(f"isolite: {leak('catch2', name)}\n", here.err)
                workers = Catch2Run(name, "--workers=1")
                self.assertNotEqual(workers.status, 0)
                self.assertEqual(workers.passed, set())
                self.assertIn(leak("catch2", name), workers.cases[name])
                self.assertIn("isolite: 1 failed in ", workers.err)


class WorkersOfCatch2(unittest.TestCase):
    def test_a_crash_costs_its_case_alone(self):
        for workers in ("--workers=1", "--workers=2"):
            with self.subTest(workers):
                run = Catch2Run("[.crash]", workers)
                self.assertEqual(run.passed, {"it passes beside them"})
                crash, values = run.cases["it crashes"]
                self.assertRegex(crash, "SIGTERM")
                self.assertEqual(values, "2 == 1")
                abort, = run.cases["it aborts"]
                self.assertRegex(abort, "SIGABRT")
                self.assertEqual(run.status, 42 if is_version_3() else 3)

    def test_the_section_of_a_crash_is_told(self):
        run = Run(program("catch2_subject"), "it crashes", "--workers=1")
        self.assertRegex(run.out, r"it crashes\n  in here\n-+\n")
        self.assertIn("1 | 1 failed", run.out)

    def test_a_case_that_takes_too_long_is_ended(self):
        run = Catch2Run("[.slow]", "--workers=2", "--timeout=0.3")
        self.assertEqual(run.passed, {"it passes beside them"})
        late, values = run.cases["it takes for ever"]
        self.assertIn("0.3", late)
        self.assertEqual(values, "1 == 2")

    def test_a_case_that_comes_to_its_end_too_late_fails(self):
        run = Catch2Run("[.late]", "--workers=1", "--timeout=0.3")
        self.assertEqual(run.passed, set())
        late, = run.cases["it comes too late"]
        self.assertIn("0.3", late)
        self.assertNotEqual(run.status, 0)

    def test_whoever_may_fail_must_not_die(self):
        run = Catch2Run("[.allowed]", "--workers=2")
        self.assertEqual(run.passed, set())
        self.assertEqual(run.status, 42 if is_version_3() else 2)
        for texts in run.cases.values():
            self.assertIn("SIGABRT", texts[0])

    def test_a_report_of_isolite_names_the_failure(self):
        for way in WAYS:
            with self.subTest(way), tempfile.TemporaryDirectory() as folder:
                report = pathlib.Path(folder, "report.xml")
                Catch2Run("it fails and leaks,one adds bread", f"--junit={report}", *way)
                cases = {case.get("name"): case for case in xml.parse(report).iter("testcase")}
                self.assertEqual(set(cases), {"it fails and leaks", "one adds bread"})
                failure = cases["it fails and leaks"].find("failure")
                self.assertIn("REQUIRE( products(*this) == 7 ) failed: 3 == 7.",
                              (failure.get("message") or "") + (failure.text or ""))

    def test_a_kept_database_can_be_opened_by_what_stands_in_one_line(self):
        names = {"it-leaks", "it-fails-and-leaks", "it-should-fail-but-not-leak"}
        chosen = ",".join([*(name.replace("-", " ") for name in names), "one adds bread"])
        for way in WAYS:
            with self.subTest(way), tempfile.TemporaryDirectory() as folder:
                run = Run(program("catch2_subject"), chosen, *way, ISOLITE_EVIDENCE=folder)
                commands = re.findall(r"^ *(?:kept: )?sqlite3 -readonly '(.*)'$", run.err, re.M)
                self.assertEqual({pathlib.Path(path).stem for path in commands}, names)
                for path in set(commands):
                    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
                    self.assertEqual(database.execute("SELECT count(*) FROM products").fetchone(),
                                     (3,))
                    database.close()
                self.assertNotRegex(run.out, "sqlite3 -readonly '.*'") # what it is for

    def test_nothing_is_said_of_databases_where_none_was_kept(self):
        for variables in ({}, {"ISOLITE_EVIDENCE": "off"}):
            chosen = "it leaks" if variables else "one adds bread"
            run = Run(program("catch2_subject"), chosen, "--workers=1", **variables)
            self.assertNotIn("databases of failed tests", run.err)

    def test_durations_are_those_of_whom_they_are_meant_for(self):
        run = Run(program("catch2_subject"), "--durations", "yes", "one adds bread", "--workers=1")
        self.assertRegex(run.out, r"[0-9.]+ s: one adds bread")
        run = Run(program("catch2_subject"), "--durations=1", "*adds bread", "--workers=1")
        slowest = run.err.partition("slowest tests:\n")[2]
        self.assertEqual(len(re.match("( +[0-9.]+ .s  .*adds bread\n)*", slowest)[0]
                             .splitlines()), 1, run.err)


class OtherMains(unittest.TestCase):
    def test_a_main_that_runs_twice_runs_all_each_time(self):
        for way in WAYS:
            with self.subTest(way):
                run = Run(program("catch2_two_runs"), *way)
                failed = 42 if is_version_3() else 1
                self.assertEqual(run.status, failed, run.err)
                self.assertEqual(re.findall(r"^run of.*|^All tests.*|^test cases:.*", run.out, re.M),
                                 ["All tests passed (1 assertion in 1 test case)",
                                  "run of [first]: 0", "test cases: 2 | 1 passed | 1 failed",
                                  f"run of [second]: {failed}"])
                sums = re.findall(r"^isolite: (\d .*?) in .*$", run.err, re.M)
                self.assertEqual(sums, ["1 passed", "1 passed, 1 failed"])

    def test_catch2s_own_main_runs_the_suite(self):
        name = "catch2_unknown_runner"
        serial = Run(program(name), "[a]")
        self.assertIn("test cases: 3 | 1 passed | 2 failed", serial.out)
        workers = Run(program(name), "[a]", ISOLITE_WORKERS="2")
        if is_version_3():
            self.assertIn("test cases: 3 | 1 passed | 2 failed", workers.out)
            return
        self.assertEqual(workers.status, 1)
        self.assertIn("isolite: cannot start workers: isolite does not know Catch2's runner\n"
                      "  hint: include <isolite/catch2.hpp> behind catch.hpp in the source file "
                      "that defines CATCH_CONFIG_MAIN or CATCH_CONFIG_RUNNER\n", workers.err)


class ShardsOfCatch2(unittest.TestCase):
    @staticmethod
    def run_shard(index, total, *arguments):
        return Catch2Run(*arguments, ISOLITE_SHARD_INDEX=str(index), ISOLITE_TOTAL_SHARDS=str(total))

    def test_each_case_runs_in_one_shard(self):
        everything = set(Catch2Run().cases)
        for way in (["--workers=0"], ["--workers=2"], ["--workers=0", "--order", "rand"]):
            with self.subTest(way):
                shards = [self.run_shard(index, 3, *way) for index in range(3)]
                names = [name for shard in shards for name in shard.cases]
                self.assertEqual([shard.status for shard in shards], [0, 0, 0])
                self.assertEqual(sorted(names), sorted(everything))
                for shard in shards:
                    totals = xml.fromstring(shard.out).find("OverallResultsCases")
                    self.assertEqual(int(totals.get("successes")), len(shard.cases))

    def test_a_filter_that_chooses_cases_of_other_shards_matches(self):
        for index in range(3):
            unmatched = "UnmatchedTestSpec" if is_version_3() else "NoTests"
            run = self.run_shard(index, 3, "one adds bread", "--warn", unmatched)
            self.assertEqual(run.status, 0, run.out)


if __name__ == "__main__":
    main()
