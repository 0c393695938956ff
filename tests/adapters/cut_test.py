"""Cuts the subjects into shards by durations, and judges who runs what by the records."""

import collections
import json
import os
import pathlib
import random
import re
import shlex
import subprocess
import tempfile
import unittest

from test_program import OURS, main, program

PROGRAMS = {"boost_test": "boost_test_subject", "catch2": "catch2_subject",
            "doctest": "doctest_verdicts", "gtest": "gtest_subject", "plain": "plain_subject"}
# What asks each for cases that it would skip, and for some only.
ALL = {"doctest": ["--no-skip"], "gtest": ["--gtest_also_run_disabled_tests"]}
SOME = {"boost_test": ["--run_test=several_databases"], "catch2": ["[.leaks]"],
        "doctest": ["--test-suite=messages"], "gtest": ["--gtest_filter=*s*"],
        "plain": ["counts/*"]}
TOTAL = 3
VARIABLES = ("ISOLITE_SHARD_INDEX", "ISOLITE_TOTAL_SHARDS")
FAILURE_TO_START = {"boost_test": 200}
MALFORMED = {"boost_test": 200}


def with_each_framework(test):
    """Lets a test run once for each framework, in a place of its own."""
    def tests(self):
        for framework, name in PROGRAMS.items():
            with self.subTest(framework=framework):
                if os.path.exists(program(name)):
                    self.setUp()
                    test(self, framework)
    return tests


def command(framework, arguments):
    """Isolite's options stand behind a lone -- for the main of Boost.Test."""
    if framework != "boost_test":
        return [program(PROGRAMS[framework]), *arguments]
    of_boost = [each for i, each in enumerate(arguments)
                if each.startswith("--run") or "-t" in (each, arguments[i - 1])]
    return [program(PROGRAMS[framework]), *of_boost, "--",
            *(each for each in arguments if each not in of_boost)]


class Shard:
    """A run, by its records: the cases that ran, and the cut as it was planned."""

    def __init__(self, framework, place, *arguments, **variables):
        runs = tempfile.mkdtemp(dir=place)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        done = subprocess.run(command(framework, arguments), cwd=place, check=False,
                              env={**kept, "ISOLITE_EVIDENCE": "off", "ISOLITE_LEDGER": runs,
                                   "ISOLITE_CACHE": f"{place}/cache", **variables},
                              capture_output=True, text=True, errors="replace")
        self.status, self.err = done.returncode, done.stderr
        records = [json.loads(line) for path in pathlib.Path(runs).rglob("*.jsonl")
                   for line in path.read_text(encoding="utf-8").split("\n") if line]
        self.heads = [each for each in records if each["kind"] == "process"]
        self.ran = sorted({each["test"] for each in records if each["kind"] in ("case", "begin")})
        self.plan = [(each["test"], each["shard"]) for each in records if each["kind"] == "planned"]
        self.cuts = [each for each in records if each["kind"] == "shard"]
        self.notices = [line for line in self.err.splitlines() if "this is shard" in line]


class Cut(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()  # pylint: disable=consider-using-with
        self.addCleanup(holder.cleanup)
        self.place = pathlib.Path(holder.name)

    def shard(self, framework, index, *arguments, **variables):
        return Shard(framework, self.place, f"--shard={index}/{TOTAL}", *arguments, **variables)

    def history(self, framework, names, seed=1, name="all.tsv"):
        """Writes a history in which the names take from 1 to 100 ms. Returns its path, and how
        long each takes."""
        rng = random.Random(seed)
        durations = {test: rng.randint(1, 100) * 1_000_000 for test in sorted(set(names))}
        lines = [f"{PROGRAMS[framework]}\t{test}\tpassed\t1\t{ns}\n" for test, ns in
                 sorted(durations.items())]
        path = self.place / name
        path.write_text("isolite history 1\n" + "".join(lines), encoding="utf-8")
        return path, durations

    def names_of(self, framework):
        return [test for test, _ in self.shard(framework, 0).plan]

    @with_each_framework
    def test_without_a_history_the_option_cuts_as_the_variables_do(self, framework):
        for index in range(TOTAL):
            by_option = self.shard(framework, index)
            by_variables = Shard(framework, self.place, **dict(zip(VARIABLES,
                                                                   (str(index), str(TOTAL)))))
            self.assertEqual(by_option.ran, by_variables.ran)
            self.assertEqual(by_option.plan, by_variables.plan)
            self.assertEqual(by_option.cuts[0]["cut"], by_variables.cuts[0]["cut"])
            self.assertRegex(by_option.notices[0], rf", by --shard={index}/3; cut [0-9a-f]{{16}} by "
                                                   r"count$")
            self.assertRegex(by_variables.notices[0], r"S=3; cut [0-9a-f]{16} by count$")

    @with_each_framework
    def test_with_a_history_each_case_runs_once_in_one_process_and_in_workers(self, framework):
        everything = Shard(framework, self.place, *ALL.get(framework, [])).ran
        path, _ = self.history(framework, self.names_of(framework))
        for way in ("--workers=0", "--workers=2"):
            shards = [self.shard(framework, index, way, f"--history={path}",
                                 *ALL.get(framework, [])) for index in range(TOTAL)]
            self.assertEqual(sorted(sum((shard.ran for shard in shards), [])), everything)
            (cut,) = {shard.cuts[0]["cut"] for shard in shards}
            self.assertEqual([len(shard.cuts) for shard in shards], [1] * TOTAL)
            self.assertEqual(shards[0].plan, shards[1].plan)
            self.assertEqual(shards[0].plan, shards[2].plan)
            for index, shard in enumerate(shards):
                self.assertLessEqual(set(shard.ran),
                                     {test for test, of in shard.plan if of == index})
                self.assertIn(f"; cut {cut} by durations, ", shard.notices[0])

    @with_each_framework
    def test_shards_take_as_long_as_each_other_by_the_history(self, framework):
        path, durations = self.history(framework, self.names_of(framework))
        shard = self.shard(framework, 0, f"--history={path}")
        loads = [0] * TOTAL
        for test, of in shard.plan:
            loads[of] += durations[test]
        self.assertLessEqual(max(loads) - min(loads), 2 * max(durations.values()), loads)
        took = re.search(r"by durations, ([0-9.]+) (ms|s) of ([0-9.]+) (ms|s)$", shard.notices[0])
        ms = {"ms": 1e6, "s": 1e9}
        self.assertAlmostEqual(float(took[1]) * ms[took[2]] / loads[0], 1, delta=0.01)
        self.assertAlmostEqual(float(took[3]) * ms[took[4]] / sum(loads), 1, delta=0.01)

    @with_each_framework
    def test_the_cut_is_the_same_however_the_shard_and_the_history_are_named(self, framework):
        path, _ = self.history(framework, self.names_of(framework))
        shard = self.shard(framework, 1, f"--history={path}")
        index = dict(zip(VARIABLES, ("1", str(TOTAL))))
        imported = self.place / "cache/default/history"
        imported.mkdir(mode=0o700, parents=True, exist_ok=True)
        for other in (Shard(framework, self.place, "--history", "all.tsv", **index),
                      self.shard(framework, 1, ISOLITE_HISTORY=str(path)),
                      Shard(framework, self.place, ISOLITE_HISTORY=str(path), **index)):
            self.assertEqual((other.plan, other.ran), (shard.plan, shard.ran))
        self.assertNotEqual(self.shard(framework, 1).plan, shard.plan)
        (imported / "imported.tsv").write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
        self.assertEqual(self.shard(framework, 1).plan, shard.plan)
        # The file that is named wins.
        other, _ = self.history(framework, self.names_of(framework), 2, "other.tsv")
        self.assertNotEqual(self.shard(framework, 1, f"--history={other}").plan, shard.plan)

    @with_each_framework
    def test_what_shards_measure_changes_no_cut_but_is_kept_for_the_next_history(self, framework):
        path, _ = self.history(framework, self.names_of(framework))
        before = self.shard(framework, 0, f"--history={path}")
        after = self.shard(framework, 0, f"--history={path}")
        self.assertEqual(before.plan, after.plan)
        self.assertEqual(self.shard(framework, 1).cuts[0]["cut"],
                         self.shard(framework, 2).cuts[0]["cut"])
        self.assertEqual(len(list(self.place.glob("cache/default/history/*.history.tsv"))), 1)

    @with_each_framework
    def test_a_filter_takes_cases_out_of_a_shard_and_moves_none(self, framework):
        path, _ = self.history(framework, self.names_of(framework))
        for index in range(TOTAL):
            shard = self.shard(framework, index, f"--history={path}")
            some = self.shard(framework, index, f"--history={path}", *SOME[framework])
            self.assertEqual(some.plan, shard.plan)

    @with_each_framework
    def test_the_records_of_a_shard_tell_by_which_filters_its_cases_are_chosen(self, framework):
        for way in ("--workers=0", "--workers=2"):
            self.assertEqual(self.shard(framework, 1, way).cuts[0]["filter"], "")
            for words in (SOME[framework], ALL.get(framework, SOME[framework])):
                (cut,) = self.shard(framework, 1, way, *words).cuts
                self.assertEqual(shlex.split(cut["filter"]), words)
        (cut,) = self.shard(framework, 1, "--failed", *SOME[framework]).cuts
        self.assertEqual(shlex.split(cut["filter"]), [*SOME[framework], "--failed"])

    def test_a_filter_of_boost_test_is_the_same_however_it_is_written(self):
        filtered = {shlex.split(self.shard("boost_test", 1, *words, **variables).cuts[0]["filter"])[0]
                    for words, variables in (
                        (["--run_test=several_databases"], {}), (["--run=several_databases"], {}),
                        (["-t", "several_databases"], {}),
                        ([], {"BOOST_TEST_RUN_FILTERS": "several_databases"}))}
        self.assertEqual(filtered, {"--run_test=several_databases"})

    @with_each_framework
    def test_the_option_wins_over_the_variables_everywhere(self, framework):
        for way in ("--workers=0", "--workers=1"):
            shard = self.shard(framework, 2, way, **dict(zip(VARIABLES, ("0", "7"))))
            self.assertEqual({(head["shard_index"], head["shard_total"]) for head in shard.heads},
                             {(2, TOTAL)})
            self.assertEqual((shard.cuts[0]["shard_index"], shard.cuts[0]["shard_total"]),
                             (2, TOTAL))

    @with_each_framework
    def test_a_malformed_shard_is_an_error_and_runs_nothing(self, framework):
        for wrong in ("3/3", "x/3", "1", "1/", "/3", "0/0", "-1/3", "1/3/5", ""):
            shard = Shard(framework, self.place, f"--shard={wrong}")
            self.assertIn(f'isolite: cannot choose the shard: --shard is "{wrong}", '
                          "not an index and a larger total\n  hint: shards count from 0: write "
                          "--shard=0/4 to --shard=3/4 for four of them\n", shard.err)
            self.assertEqual((shard.status, shard.ran), (MALFORMED.get(framework, 2), []))

    @with_each_framework
    def test_a_history_that_cannot_be_read_is_an_error_and_runs_nothing(self, framework):
        (self.place / "cut.tsv").write_text("isolite history 1\nx\ty\t", encoding="utf-8")
        imported = self.place / "cache/default/history"
        imported.mkdir(mode=0o700, parents=True)
        (imported / "imported.tsv").write_text("nothing", encoding="utf-8")
        for shard, why in (
                (self.shard(framework, 0, "--history=none.tsv"), "No such file or directory"),
                (self.shard(framework, 0, "--history=cut.tsv"), "line 2: it is cut off"),
                (Shard(framework, self.place, "--history=cut.tsv"), "line 2: it is cut off"),
                (self.shard(framework, 0), 'its first line is not "isolite history 1"')):
            self.assertIn("isolite: cannot read the history '", shard.err)
            self.assertIn(f"': {why}\n  hint: ", shard.err)
            self.assertEqual((shard.status, shard.ran), (FAILURE_TO_START.get(framework, 1), []))
        run = Shard(framework, self.place, ISOLITE_HISTORY="all.tsv")
        self.assertIn('isolite: cannot use a history: ISOLITE_HISTORY is "all.tsv", not an absolute '
                      "path\n  hint: write a path that begins with /: it must name the same file "
                      "for all programs\n", run.err)
        self.assertEqual(run.ran, [])

    @with_each_framework
    def test_an_imported_history_that_cannot_be_read_costs_a_run_of_all_cases_a_warning(
            self, framework):
        imported = self.place / "cache/default/history"
        imported.mkdir(mode=0o700, parents=True)
        (imported / "imported.tsv").write_text("nothing", encoding="utf-8")
        run = Shard(framework, self.place, "--workers=2")
        self.assertEqual(run.err.count("isolite: warning: cannot read the history '"), 1)
        self.assertNotEqual(run.ran, [])

    def test_cases_that_depend_on_each_other_are_in_one_shard(self):
        if not os.path.exists(program("boost_test_subject")):
            self.skipTest("isolite was built without Boost.Test.")
        names = self.names_of("boost_test")
        for seed in range(10):
            path, _ = self.history("boost_test", names, seed)
            plan = dict(self.shard("boost_test", 0, f"--history={path}").plan)
            self.assertEqual(plan["decorated/is_the_base"], plan["decorated/depends_on_the_base"])

    def test_one_shard_of_one_is_the_whole_suite_whatever_googletest_has_left_out(self):
        if not os.path.exists(program("gtest_subject")):
            self.skipTest("isolite was built without GoogleTest.")
        others = {"GTEST_SHARD_INDEX": "1", "GTEST_TOTAL_SHARDS": "3"}
        everything = Shard("gtest", self.place).ran
        for arguments, variables in ((["--shard=0/1"], {}), (["--shard=0/1", "--workers=2"], {}),
                                     ([], dict(zip(VARIABLES, ("0", "1"))))):
            with self.subTest(arguments, **variables):
                shard = Shard("gtest", self.place, *arguments, **others, **variables)
                self.assertEqual((shard.ran, shard.notices), (everything, []))

    def test_the_plan_is_what_googletest_does_where_its_own_variables_count(self):
        if not os.path.exists(program("gtest_subject")):
            self.skipTest("isolite was built without GoogleTest.")
        for arguments in ([], SOME["gtest"], ALL["gtest"]):
            shards = [Shard("gtest", self.place, *arguments, GTEST_SHARD_INDEX=str(index),
                            GTEST_TOTAL_SHARDS=str(TOTAL)) for index in range(TOTAL)]
            everything = Shard("gtest", self.place, *arguments).ran
            self.assertEqual(sorted(sum((shard.ran for shard in shards), [])), everything)
            self.assertEqual(len({shard.cuts[0]["cut"] for shard in shards}), 1)
            for index, shard in enumerate(shards):
                self.assertEqual(shard.ran, sorted({test for test, of in shard.plan
                                                    if of == index and test in everything}))
            counts = collections.Counter(of for test, of in shards[0].plan if test in everything)
            self.assertLessEqual(max(counts.values()) - min(counts.values()), 1)


if __name__ == "__main__":
    main()
