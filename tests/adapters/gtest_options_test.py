"""Compares runs of a GoogleTest program with isolite with those of the plain program.

What is compared: what GoogleTest writes to stdout, its XML and JSON, the exit status, and what a
listener of the user was told.
"""

import pathlib
import re
import subprocess
import tempfile
import unittest

from compared_runs import Comparing, masked
from test_program import Run, main, program

PLAIN, GUESTS = "gtest_guests_plain", "gtest_guests"
WAYS = [["--workers=0"], ["--workers=1"], ["--workers=2"], ["--workers=2", "--shuffle=3"]]

# A line for each set of options.
SETS = """

--gtest_repeat=2
--gtest_repeat=2 --gtest_recreate_environments_when_repeating
--gtest_shuffle --gtest_random_seed=7
--gtest_repeat=3 --gtest_shuffle --gtest_random_seed=11
--gtest_brief=1
--gtest_print_time=0
--gtest_print_utf8=0
--gtest_color=yes
--gtest_stack_trace_depth=0
--gtest_fail_fast
--gtest_fail_fast --gtest_filter=Odd.*:Some*:More*
--gtest_fail_fast --gtest_shuffle --gtest_random_seed=5
--gtest_also_run_disabled_tests
--gtest_filter=Fixed.*
--gtest_filter=*Passes*:Mocks.*-Mocks.AreNot*
--gtest_filter=Nothing.*
--gtest_filter=*DISABLED*
--gtest_list_tests
--gtest_list_tests --gtest_filter=Odd*
--gtest_catch_exceptions=0 --gtest_filter=Fixed.Passes:Mocks.*
--gtest_break_on_failure --gtest_filter=Fixed.Passes:Sized*/0*
--gtest_throw_on_failure --gtest_filter=Fixed.Passes:Sized*/0*
--gtest_death_test_style=threadsafe --gtest_filter=*Death*
--gmock_verbose=error
--gtest_output=json:REPORT
--gtest_output=json:REPORT --gtest_repeat=2
--gtest_output=xml:REPORT --gtest_shuffle --gtest_random_seed=9
""".split("\n")[1:-1]

MASKS = [
    (r"\(\d+ ms( total)?\)", "(TIME)"),
    (r'"(time|timestamp)": "[^"]*"', r'"\1": ""'),
]


class Options(Comparing, unittest.TestCase):
    def run_guests(self, name, *options, **variables):
        """Returns a run, with what it wrote to stdout, to its report and to the user's diary."""
        with tempfile.TemporaryDirectory() as folder:
            report, diary = pathlib.Path(folder, "report"), pathlib.Path(folder, "diary")
            given = [option.replace("REPORT", str(report)) for option in options]
            if not any(option.startswith("--gtest_output") for option in options):
                given.append(f"--gtest_output=xml:{report}")
            run = Run(program(name), *given, SUBJECT_DIARY=str(diary), **variables)
            texts = [run.out] + [path.read_text(encoding="utf-8") if path.exists() else ""
                                 for path in (report, diary)]
        run.streams = {}
        for stream, text in zip(("output", "report", "diary"), texts):
            for pattern, instead in MASKS:
                text = re.sub(pattern, instead, masked(text))
            run.streams[stream] = text.replace(folder, "FOLDER").replace(PLAIN, GUESTS)
        return run

    def check(self, *options, ways=None, **variables):
        plain = self.run_guests(PLAIN, *options, **variables)
        for way in ways or WAYS:
            with self.subTest(options=options, way=way, **variables):
                run = self.run_guests(GUESTS, *options, *way, **variables)
                self.check_same(plain, run)
        return plain

    def test_each_set_of_options_does_what_it_does_in_the_plain_program(self):
        for line in SETS:
            self.check(*line.split())

    def test_the_plain_program_is_worth_a_comparison(self):
        plain = self.run_guests(PLAIN)
        self.assertEqual(plain.status, 1)
        self.assertIn("31 tests from 12 test suites ran", plain.out)
        self.assertIn("a trace", plain.out)
        self.assertIn("at_its_end", plain.streams["report"])
        self.assertIn("disabled DISABLED_Never", plain.streams["diary"])

    def test_environments_that_fail_or_skip_do_so_once(self):
        for what in ("FAILS", "DIES", "SKIPS", "ENDS_BADLY"):
            for options in ([], ["--gtest_repeat=2"]):
                plain = self.check(*options, **{f"SUBJECT_ENVIRONMENT_{what}": "1"})
                self.assertEqual(plain.streams["diary"].count("\nenvironment\n"), 1)

    def test_no_worker_runs_a_test_without_its_environments(self):
        for what in ("DIES", "SKIPS"):
            run = self.run_guests(GUESTS, "--workers=2", **{f"SUBJECT_ENVIRONMENT_{what}": "1"})
            self.assertIn("isolite: nothing was run: no case was chosen", run.err)

    def test_what_a_listener_fails_is_failed_once(self):
        self.check(SUBJECT_LISTENER_FAILS="1")

    def test_a_listener_that_throws_ends_tests_in_workers_too(self):
        plain = self.check("--gtest_filter=-*Throws*", SUBJECT_THROWS="1")
        self.assertNotIn("unless a listener throws", plain.out)

    def test_mocks_that_a_test_leaves_fail_the_run(self):
        some = "--gtest_filter=Mocks.AreLeft*:Mocks.AreCalled:Mocks.May*"
        self.check(some, SUBJECT_ENVIRONMENT_MOCKS="1")
        plain = self.run_guests(PLAIN, some, SUBJECT_LEAVES_A_MOCK="1")
        self.assertEqual(plain.status, 1)
        said, = re.findall(r"\n(\S+ ERROR: this mock object \(used in test Mocks.AreLeft\)).*"
                           r"\nERROR: 1 leaked mock object found", plain.out)
        for way in WAYS:
            with self.subTest(way=way):
                run = self.run_guests(GUESTS, some, *way, SUBJECT_LEAVES_A_MOCK="1")
                self.assertEqual(run.status, plain.status, run.err)
                self.assertEqual((run.out + run.err).count(said), 1)
                self.assertIn("ERROR: 1 leaked mock object found", run.out + run.err)
        self.check(some, "--gmock_catch_leaked_mocks=0", SUBJECT_LEAVES_A_MOCK="1")

    def test_all_that_is_destroyed_with_a_worker_says_no_more_of_mocks(self):
        self.check("--gtest_filter=Mocks.AreLeft*:Mocks.May*", ways=WAYS[1:3],
                   ISOLITE_WORKER_EXIT="all", SUBJECT_ENVIRONMENT_MOCKS="1")

    def test_a_stripped_program_is_warned_that_mocks_are_not_noticed(self):
        stripped = program(GUESTS) + "_stripped"
        self.addCleanup(pathlib.Path(stripped).unlink)
        subprocess.run(["strip", "-o", stripped, program(GUESTS)], check=True)
        run = Run(stripped, "--workers=2", "--gtest_filter=Mocks.May*")
        self.assertEqual(run.status, 0, run.err)
        self.assertIn("isolite: warning: cannot notice in workers which mocks tests leave: the "
                      "program is stripped\n", run.err)

    def test_the_sharding_variables_of_googletest_choose_what_they_choose_without_isolite(self):
        for index in range(3):
            with tempfile.TemporaryDirectory() as folder:
                status = pathlib.Path(folder, "status")
                variables = {"GTEST_TOTAL_SHARDS": "3", "GTEST_SHARD_INDEX": str(index)}
                self.check("--gtest_filter=-Mocks*", ways=WAYS[:3],
                           GTEST_SHARD_STATUS_FILE=str(status), **variables)
                self.assertTrue(status.exists())

    def test_shards_of_isolite_have_each_test_once(self):
        names = []
        for index in range(3):
            run = self.run_guests(GUESTS, "--workers=2", ISOLITE_TOTAL_SHARDS="3",
                                  ISOLITE_SHARD_INDEX=str(index))
            self.assertIn("isolite: this is shard", run.err)
            names += re.findall(r"\[ RUN      \] (\S+)", run.out)
            tests, = re.findall(r"Running (\d+) tests", run.out)
            self.assertEqual(int(tests), len(re.findall(r"\[ RUN      \]", run.out)))
        everything = re.findall(r"\[ RUN      \] (\S+)", self.run_guests(PLAIN).out)
        self.assertEqual(sorted(names), sorted(everything))

    def test_the_variable_for_workers_does_not_reach_the_children_of_death_tests(self):
        plain = self.run_guests(PLAIN, "--gtest_filter=*Death*")
        run = self.run_guests(GUESTS, "--gtest_filter=*Death*", ISOLITE_WORKERS="2")
        self.check_same(plain, run)
        self.assertRegex(run.err, "isolite: 2 failed in .* by 2 workers")
        # The option wins, which a child does not get.
        self.check_same(plain, self.run_guests(GUESTS, "--gtest_filter=*Death*", "--workers=0",
                                               ISOLITE_WORKERS="2"))

    def test_help_ends_with_the_options_of_isolite(self):
        run = self.run_guests(GUESTS, "--help")
        theirs, _, ours = run.out.partition("\nisolite's options:\n")
        self.assertTrue(ours.startswith("  --workers"))
        self.assertNotIn("--gtest_output", ours)
        self.assertEqual(theirs, self.run_guests(PLAIN, "--help").streams["output"])

    def test_a_failure_that_ends_the_process_is_that_of_its_test(self):
        for option in ("--gtest_break_on_failure", "--gtest_throw_on_failure",
                       "--gtest_catch_exceptions=0"):
            with self.subTest(option):
                run = self.run_guests(GUESTS, option, "--workers=2", "--gtest_filter=Fixed.*")
                self.assertEqual(run.status, 1)
                self.assertIn("[ RUN      ] Fixed.HasAReservedProperty", run.out)
                self.assertRegex(run.out, r"its worker was killed by signal (5|6) [^\n]*\n"
                                          r"\[  FAILED  \] Fixed\.Throws \(")


if __name__ == "__main__":
    main()
