"""Checks suites of plain functions: all that a framework must have to run under isolite."""

import pathlib
import re
import tempfile
import unittest
import xml.etree.ElementTree as xml

from test_program import Run, main, program

NAMES = ["counts/first", "counts/second", "counts/third", "counts/commits", "passes",
         "fails/throws", "fails/goes on", "fails/no exception", "fails/leaks", "alone",
         "port/first", "port/second"]
REASONS = {"fails/throws": "the first line\n  the second", "fails/goes on": "once\n  twice",
           "fails/no exception": "it threw something that is no exception",
           "fails/leaks": "cannot end 'fails/leaks' with a clean database"}


def run(*arguments, **variables):
    return Run(program("plain_subject"), *arguments, **variables)


class PlainSuite(unittest.TestCase):
    def check_failures(self, text, told=r"{} failed:"):
        self.assertEqual(sorted(set(re.findall("^isolite: " + told.format("(.*)") + "$", text, re.M))),
                         sorted(REASONS))
        for name, why in REASONS.items():
            self.assertRegex(text, "isolite: " + told.format(name) + "\n  " + re.escape(why))

    def test_each_case_gets_its_verdict_in_this_process(self):
        done = run()
        self.assertEqual(done.status, 1)
        self.check_failures(done.err)
        self.assertRegex(done.err, "isolite: 8 passed, 4 failed in [0-9.]+ .?s\n")

    def test_each_case_gets_its_verdict_in_workers(self):
        for way in (["--workers=1"], ["--workers=2"], ["--workers=2", "--shuffle=1"],
                    ["--workers=3", "--repeat=2"]):
            with self.subTest(way):
                done = run(*way)
                self.assertEqual(done.status, 1)
                self.check_failures(done.err, r"failed: {} \(w\d+(?:, run \d of 2)?\)")
                self.assertRegex(done.err, "isolite: 8 passed, 4 failed in .* workers?")
                self.assertIn("isolite: output of fails/throws:\nwhat it wrote\n", done.err)

    def test_a_skipped_case_has_not_failed_unless_it_also_fails(self):
        for way in ([], ["--workers=2"]):
            with self.subTest(way), tempfile.TemporaryDirectory() as folder:
                report = pathlib.Path(folder, "r.xml")
                done = run("skips/*", *way, f"--junit={report}", SUBJECT_SKIPS="1")
                self.assertEqual(done.status, 1)
                self.assertIn("isolite: 1 passed, 1 failed, 1 skipped in ", done.err)
                self.assertRegex(done.err, r"isolite: (?:skips/fails all the same failed:|failed: skips/"
                                           r"fails all the same \(w\d+\))\n  once")
                cases = {each.get("name"): each
                         for each in xml.parse(report).getroot().iter("testcase")}
                self.assertEqual(cases["tells why"].find("skipped").get("message"), "no\nnetwork")
                self.assertIsNone(cases["no more"].find("skipped"))
                self.assertIsNone(cases["fails all the same"].find("skipped"))
                self.assertEqual(run("skips/tells why", *way, SUBJECT_SKIPS="1").status, 0)

    def test_deaths_and_timeouts_are_failures_of_their_case(self):
        done = run("--workers=2", "--retries=1", SUBJECT_DIES="1")
        self.assertEqual(done.status, 1)
        for name, why in (("dies", r"its worker was killed by signal 6 \(SIGABRT"),
                          ("hangs", "it took longer than its timeout of 0.2 s")):
            self.assertRegex(done.err, rf"isolite: failed: {name} \(w\d+, retry 1 of 1\)\n  {why}")
        self.assertIn("8 passed, 6 failed", done.err)

    def test_junit_has_all_cases(self):
        for way in ([], ["--workers=2"]):
            with self.subTest(way), tempfile.TemporaryDirectory() as folder:
                report = pathlib.Path(folder, "r.xml")
                run(*way, f"--junit={report}")
                cases = list(xml.parse(report).getroot().iter("testcase"))
                self.assertEqual(len(cases), len(NAMES))
                failed = {each.get("name") for each in cases if each.find("failure") is not None}
                self.assertEqual(failed, {name.rpartition("/")[2] for name in REASONS})

    def test_patterns_choose_cases(self):
        self.assertEqual(run("--list").out.splitlines(), NAMES)
        self.assertEqual(run("--list", "counts/*", "passes").out.splitlines(), NAMES[:5])
        for way in ([], ["--workers=2"]):
            self.assertEqual(run("counts/*", *way).status, 0)
            self.assertEqual(run("fails/throws", *way).status, 1)

    def test_shards_divide_the_cases(self):
        counts = [run("counts/*", GTEST_TOTAL_SHARDS="2", GTEST_SHARD_INDEX=str(index))
                  for index in range(2)]
        for each in counts:
            self.assertIn("with 6 of the 12 cases", each.err)
            self.assertIn("isolite: 2 passed in ", each.err)

    def test_a_second_run_has_all_its_cases(self):
        for way in ([], ["--workers=2"]):
            done = run("counts/*", *way, SUBJECT_RUNS_BEFORE="1")
            self.assertEqual(done.status, 0)
            self.assertRegex(done.err, r"\b4 passed in ")

    def test_malformed_command_lines_are_told(self):
        for arguments, said in ((["--worker=2"], "cannot run the suite: --worker=2 is no option\n"
                                                 "  hint: --help shows the options"),
                                (["nothing*"], "cannot run the suite: no case matches\n"
                                               "  hint: --list shows the names"),
                                (["--workers=many"], "--workers")):
            done = run(*arguments)
            self.assertEqual(done.status, 2)
            self.assertIn(said, done.err)
        shown = run("--help")
        self.assertEqual(shown.status, 0)
        self.assertIn("--workers", shown.out)
        self.assertIn("--list", shown.out)


if __name__ == "__main__":
    main()
