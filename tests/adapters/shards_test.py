"""Runs the subjects in parts and judges who runs what."""

import os
import re
import tempfile
import unittest

from test_program import BoostRun, DoctestRun, Run, main, program

PAIRS = [
    ("ISOLITE_SHARD_INDEX", "ISOLITE_TOTAL_SHARDS"),
    ("TEST_SHARD_INDEX", "TEST_TOTAL_SHARDS"),
    ("GTEST_SHARD_INDEX", "GTEST_TOTAL_SHARDS"),
]


def variables(index, total, pair=PAIRS[0]):
    return {pair[0]: str(index), pair[1]: str(total)}


class Shards:
    def run_subject(self, *arguments, **environment):
        return self.run_type(program(f"{self.run_type.framework}_subject"), *arguments,
                             **environment)

    def names(self, *arguments, **environment):
        return list(self.run_subject(*arguments, **environment).cases)

    def shards(self, total, *arguments):
        return [self.names(*arguments, **variables(index, total)) for index in range(total)]

    def test_the_shards_are_the_suite_and_no_case_runs_twice(self):
        suite = self.names(*self.never_skipped)
        for total in (1, 2, 3, 7, len(suite) + 5):
            with self.subTest(total=total):
                shards = self.shards(total, *self.never_skipped)
                self.assertEqual(sorted(sum(shards, [])), sorted(suite))
                self.assertEqual([name for name in suite if name in shards[0]], shards[0])

    def test_shards_are_of_equal_size_as_far_as_dependencies_allow(self):
        sizes = [len(shard) for shard in self.shards(3, *self.never_skipped)]
        self.assertLessEqual(max(sizes) - min(sizes), 3, sizes)

    def test_a_shard_is_the_same_in_every_run_and_every_order(self):
        for index in range(3):
            shard = sorted(self.names(**variables(index, 3)))
            for order in self.orders:
                with self.subTest(index=index, order=order):
                    self.assertEqual(sorted(self.names(*order, **variables(index, 3))), shard)

    def test_a_filter_takes_cases_out_of_a_shard_and_moves_none(self):
        for index in range(3):
            shard = self.names(**variables(index, 3))
            filtered = self.names(*self.filter, **variables(index, 3))
            self.assertEqual(filtered, [name for name in shard if self.matches(name)])

    def test_a_case_that_the_suite_does_not_run_is_run_by_no_shard(self):
        suite = self.names()
        self.assertEqual(sorted(sum(self.shards(3), [])), sorted(suite))

    def test_each_pair_of_variables_names_a_shard(self):
        shard = self.names(**variables(1, 3))
        self.assertNotEqual(shard, self.names())
        for pair in PAIRS:
            with self.subTest(pair):
                self.assertEqual(self.names(**variables(1, 3, pair)), shard)

    def test_the_first_pair_that_is_set_wins(self):
        for first in range(len(PAIRS)):
            several = {}
            for number, pair in enumerate(PAIRS[first:]):
                several.update(variables(0 if number else 1, 2, pair))
            with self.subTest(several):
                self.assertEqual(self.names(**several), self.names(**variables(1, 2)))

    def notice(self, index, pair, workers):
        """Returns how many cases a shard says to have, and of how many."""
        run = self.run_subject(*self.never_skipped, **variables(index, 3, pair),
                               ISOLITE_WORKERS=workers, ISOLITE_SUMMARY="off")
        (line,) = [line for line in run.err.splitlines() if "this is shard" in line]
        found = re.fullmatch(rf"isolite: this is shard {index} of 3, with (\d+) of the (\d+) cases, "
                             rf"by {pair[0]}={index} and {pair[1]}=3; cut [0-9a-f]{{16}} by count",
                             line)
        self.assertTrue(found, line)
        self.assertGreaterEqual(int(found[1]), len(run.cases))  # of which some are disabled
        return int(found[1]), int(found[2])

    def test_a_run_of_a_part_says_so_in_a_line_and_why(self):
        for pair in PAIRS:
            for workers in ("0", "2"):
                with self.subTest(pair=pair, workers=workers):
                    notices = [self.notice(index, pair, workers) for index in range(3)]
                    (whole,) = {of_all for _, of_all in notices}
                    self.assertEqual(sum(own for own, _ in notices), whole)

    def test_a_run_of_the_whole_suite_says_nothing_of_shards(self):
        for environment in ({}, variables(0, 1)):
            run = self.run_subject(**environment)
            self.assertNotIn("this is shard", run.out + run.err)

    def test_the_status_file_of_bazel_is_touched_by_its_own_pair_only(self):
        for pair in PAIRS:
            with self.subTest(pair), tempfile.TemporaryDirectory() as folder:
                status = os.path.join(folder, "status")
                self.run_subject(**variables(1, 3, pair), TEST_SHARD_STATUS_FILE=status)
                self.assertEqual(os.path.exists(status), pair[0] == "TEST_SHARD_INDEX")

    def test_a_wrong_shard_is_an_error_and_runs_nothing(self):
        wrong = {
            ("3", "3"): 'cannot detect the shard: ISOLITE_SHARD_INDEX is "3", but '
                        'ISOLITE_TOTAL_SHARDS is "3"\n  hint: write an index from 0 to 2: shards '
                        "count from 0",
            ("x", "3"): 'cannot detect the shard: ISOLITE_SHARD_INDEX is "x", not a number\n  '
                        "hint: write the index of the shard, from 0 on, and the total number of "
                        "shards",
        }
        for (index, total), text in wrong.items():
            with self.subTest(index=index, total=total):
                run = self.run_subject(**variables(index, total))
                self.assertIn("isolite: " + text, run.err)
                self.assertEqual(run.status, run.failure_to_start)
                self.assertEqual(run.cases, {})

    def test_a_pair_that_lacks_its_other_half_is_an_error(self):
        run = self.run_subject(ISOLITE_SHARD_INDEX="1")
        self.assertIn('ISOLITE_SHARD_INDEX is "1", but ISOLITE_TOTAL_SHARDS is not set', run.err)
        self.assertEqual(run.status, run.failure_to_start)
        self.assertEqual(run.cases, {})


class BoostTestShards(Shards, unittest.TestCase):
    run_type = BoostRun
    never_skipped = []
    orders = [["--random=0"], ["--random=11"], ["--random=22"]]
    filter = ["--run_test=several_databases"]

    def matches(self, name):
        return name.startswith("several_databases/")

    def test_cases_that_depend_on_each_other_are_in_one_shard_and_run(self):
        for shard in self.shards(len(self.names()) + 5):
            with self.subTest(shard):
                self.assertEqual("decorated/is_the_base" in shard,
                                 "decorated/depends_on_the_base" in shard)
        runs = [self.run_subject(**variables(index, 3)) for index in range(3)]
        for run in runs:
            ran = "outer/inner/leaks_in_nested_suites" in run.cases
            # Disabled with its suite, it is not mentioned.
            reason = run.skipped.get("decorated/depends_on_a_case_that_leaks", "disabled")
            self.assertEqual(reason != "disabled", ran)

    def test_a_suite_that_does_not_start_writes_nothing_that_is_taken_for_a_report(self):
        run = Run(program("boost_test_subject"), "--log_format=XML", **variables(3, 3))
        self.assertEqual((run.status, run.out), (200, ""))

    def test_a_shard_without_a_case_passes(self):
        last = len(self.names()) + 4
        run = self.run_subject(**variables(last, last + 1))
        self.assertEqual((run.status, run.cases), (0, {}))


class DoctestShards(Shards, unittest.TestCase):
    run_type = DoctestRun
    never_skipped = ["--no-skip"]
    orders = [["--order-by=name"], ["--order-by=rand", "--rand-seed=11"], ["--order-by=suite"]]
    filter = ["--test-suite=several databases"]

    def matches(self, name):
        return name.startswith("several databases/")

    def test_a_program_that_takes_no_options_says_so_and_runs_the_whole_suite(self):
        for option in ("--shard=1/3", "--shard"):
            run = self.run_subject(option)
            self.assertIn(f"isolite: warning: cannot obey {option}: nothing in this program takes "
                          "isolite's options\n  hint: use the main of isolite's adapter", run.err)
            self.assertEqual(list(run.cases), self.names())

    def test_a_skipped_case_runs_in_exactly_one_shard_on_request(self):
        name = "decorated/is skipped"
        self.assertEqual(sum(name in shard for shard in self.shards(3)), 0)
        self.assertEqual(sum(name in shard for shard in self.shards(3, "--no-skip")), 1)

    def test_a_shard_without_a_case_passes(self):
        last = len(self.names("--no-skip")) + 4
        run = self.run_subject(**variables(last, last + 1))
        self.assertEqual((run.status, run.cases), (0, {}))


if __name__ == "__main__":
    main()
