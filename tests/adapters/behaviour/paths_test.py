"""Judges the cases whose code under test opens its database by path, of every framework alike.

Started as: paths_test.py FOLDER_OF_PROGRAMS FRAMEWORK [ARGUMENTS OF UNITTEST].
"""

import itertools
import os
import pathlib
import sqlite3
import tempfile
import unittest

import behaviour_test
from behaviour_test import FRAMEWORK, NAME, OWN_FAILURE, WAYS, WITH_WORKERS
from shards_test import variables
from test_program import program

behaviour_test.PROGRAM = program("paths_" + NAME)
CLAIM = "--files=*/journal.db"
PAGES = {"pages/" + name for name in ("first", "second", "third", "fourth")}
HAS_SECTIONS = NAME in ("doctest", "catch2")
FAILING = {"failing/with_fixture", "failing/without_fixture", "failing/with_a_seed_s_file"}
if HAS_SECTIONS:
    FAILING |= {"failing/in_its_first_section", "failing/in_its_last_section"}
# How a framework says that one of two cases has failed.
IN_ITS_WORDS = {"boost_test": "[12] failures? (is|are) detected",
                "doctest": r"test cases: +2 \| +1 passed \| +1 failed",
                "catch2": r"test cases: +2 \| +1 passed \| +1 failed",
                "gtest": r"1 FAILED TEST\n", "plain": r"1 passed, 1 failed in "}


class Test(behaviour_test.Test):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.place = temporary.name

    def run_all(self, *arguments, **environment):
        return behaviour_test.Behaviour(*arguments, SUBJECT_PLACE=self.place, **environment)

    def chosen(self, *names, way=(), **environment):
        return self.run_all(*FRAMEWORK.choose(*names), *way, **environment)

    def in_each_way(self, *names, ways=None, **environment):
        for way in WAYS if ways is None else ways:
            with self.subTest(way):
                yield self.chosen(*names, way=[CLAIM, *way], **environment)
                self.assertEqual([name for name in os.listdir(self.place) if "db" in name], [])


class Isolation(Test):
    def test_all_are_isolated_in_every_order_and_by_any_number_of_workers(self):
        orders = FRAMEWORK.orders
        for way in [*WAYS, *orders, *(["--workers=2", *order] for order in orders)]:
            with self.subTest(way):
                run = self.run_all(CLAIM, *way)
                self.assert_fails(run)
                self.assertEqual(set(run.texts), FAILING)
                self.assertEqual(os.listdir(self.place), [])

    def test_without_a_claim_they_find_each_other_s_file(self):
        run = self.chosen("pages", way=["--workers=2"])
        self.assert_fails(run)
        self.assertIn("journal.db", os.listdir(self.place))

    def test_the_variable_claims_as_the_option_does(self):
        run = self.chosen("pages", way=["--workers=2"], ISOLITE_FILES="*.sqlite:journal.*")
        self.assertEqual((run.status, run.texts, os.listdir(self.place)), (0, {}, []))

    @unittest.skipIf(NAME == "plain", "it has no global fixtures")
    def test_what_global_fixtures_write_is_claimed_and_stays_for_all_cases(self):
        for way, (claim, files) in itertools.product(WAYS, ((["--files=*/early.db"], {}),
                                                            ([], {"ISOLITE_FILES": "*/early.db"}))):
            with self.subTest(way=way, claim=claim):
                run = self.chosen("early", way=[*claim, *way], SUBJECT_IS_EARLY="1", **files)
                self.assertEqual((run.status, run.texts, os.listdir(self.place)), (0, {}, []),
                                 run.out + run.err)

    @unittest.skipIf(NAME == "plain", "it has no global fixtures")
    def test_a_file_of_a_seed_is_there_for_global_fixtures_without_workers(self):
        run = self.chosen("early", way=["--workers=0"], SUBJECT_IS_EARLY_ON_A_SEED="1")
        self.assertEqual((run.status, run.texts, os.listdir(self.place)), (0, {}, []))
        run = self.chosen("early", way=["--workers=2"], SUBJECT_IS_EARLY_ON_A_SEED="1")
        self.assertNotEqual(run.status, 0)
        self.assertIn("cannot start workers: an engine was opened before the first test", run.err)
        self.assertEqual(os.listdir(self.place), [])

    @unittest.skipUnless(NAME == "gtest", "it has no death tests")
    def test_children_of_death_tests_claim_the_same_files(self):
        for way, (claim, files) in itertools.product(WAYS, (([CLAIM], {}),
                                                            ([], {"ISOLITE_FILES": "*.db"}))):
            with self.subTest(way=way, claim=claim):
                run = self.chosen("children", way=[*claim, *way], **files)
                self.assertEqual((run.status, run.texts, os.listdir(self.place)), (0, {}, []),
                                 run.out + run.err)

    def test_what_isolite_keeps_for_itself_stays_on_the_disk(self):
        for claim, strict in (("--files=**", "0"), ("--files=*.db", "0"), (CLAIM, "1")):
            with self.subTest(claim), tempfile.TemporaryDirectory() as cache:
                environment = {"ISOLITE_CACHE": cache, "SUBJECT_IS_STRICT": strict}
                names = ["pages", "failing/without_fixture"]
                first = self.chosen(*names, way=[claim, "--workers=2"], **environment)
                self.assertNotIn("history", first.err)
                again = self.chosen(*names, way=[claim, "--workers=2", "--failed"], **environment)
                self.assertEqual((again.passed, set(again.texts)),
                                 ([], {"failing/without_fixture"}))

    def test_shards_are_isolated(self):
        for index in range(2):
            run = self.chosen("pages", "perils", way=[CLAIM, "--workers=2"], **variables(index, 2))
            self.assertEqual((run.status, run.texts), (0, {}))

    def test_a_seed_s_file_is_there_without_a_fixture(self):
        for run in self.in_each_way("stocked/third", "stocked/fourth"):
            self.assertEqual((run.status, run.texts), (0, {}), run.err)

    @unittest.skipUnless(FRAMEWORK.has_suites, "it has no suites")
    def test_what_the_set_up_of_a_suite_writes_is_there_for_its_cases_alone(self):
        for run in self.in_each_way("filled", "filled_too", "pages"):
            self.assertEqual((run.status, run.texts), (0, {}), run.out)
        for run in self.in_each_way("stocked_more", "stocked"):
            self.assertEqual((run.status, run.texts), (0, {}), run.out)


class Perils(Test):
    def test_a_worker_that_dies_in_a_transaction_costs_its_case_alone(self):
        for run in self.in_each_way("perils", ways=WITH_WORKERS, SUBJECT_DIES="1"):
            self.assertEqual(set(run.texts), {"perils/may_die"})
            self.assertEqual(len(run.passed), 4)

    def test_a_case_that_hangs_in_a_transaction_costs_itself_alone(self):
        for run in self.in_each_way("perils", ways=[["--workers=2", "--timeout=0.3"]],
                                    SUBJECT_HANGS="1"):
            self.assertEqual(set(run.texts), {"perils/may_hang"})
            self.assertEqual(len(run.passed), 4)

    def test_a_retry_finds_nothing_of_the_first_attempt(self):
        run = self.chosen("perils", way=[CLAIM, "--workers=2", "--retries=1"],
                          SUBJECT_FAILS_ONCE="1")
        self.assertEqual((run.status, run.texts), (0, {}))
        self.assertIn("1 flaky", run.err)

    def test_a_file_that_is_not_claimed_is_refused_where_only_claimed_ones_are_allowed(self):
        for run in self.in_each_way("perils/may_open_others", SUBJECT_OPENS_OTHERS="1"):
            self.assert_fails(run)
            self.assertEqual((set(run.texts), run.outside), ({"perils/may_open_others"}, []))
            self.assertIn(f"opened the database file '{self.place}/other.sqlite', which no claim "
                          "covers", run.texts["perils/may_open_others"])

    def test_what_isolite_warns_of_in_cases_that_pass_is_read_once(self):
        for way in WAYS:
            with self.subTest(way):
                run = self.chosen("warned", way=[CLAIM, *way], SUBJECT_IS_TOO_EARLY="1")
                self.assertEqual((run.status, run.texts), (0, {}))
                self.assertEqual(run.err.count("it was opened on the disk before it was claimed"),
                                 1, run.err)

    def test_a_malformed_pattern_ends_the_program_before_any_case(self):
        run = self.run_all("--files=a.db::b.db")
        self.assertEqual((run.status, run.cases), (2, set()))
        self.assertIn("--files", run.err)
        run = self.run_all(ISOLITE_FILES=":")
        self.assertNotEqual(run.status, 0)
        self.assertEqual(run.cases, set())
        self.assertIn("ISOLITE_FILES", run.err)

    def test_a_pattern_that_can_be_no_name_of_a_file_does_so_wherever_it_is_written(self):
        told = ("cannot claim files by '~/x.db': only a shell makes a directory of ~\n"
                "  hint: write the whole path, or ./~ for a file of that name")
        malformed = self.run_all("--files=a.db::b.db")
        for options, environment in ((["--files=*.sqlite:~/x.db"], {}),
                                     ([], {"ISOLITE_FILES": "~/x.db"}),
                                     ([], {"SUBJECT_CLAIMS": "~/x.db"}),
                                     ([], {"SUBJECT_SEEDS": "~/x.db"})):
            for way in WAYS[:2]:
                with self.subTest([*options, *way], **environment):
                    run = self.run_all(*options, *way, **environment)
                    self.assertEqual((run.status, run.cases), (malformed.status, set()))
                    self.assertIn(told, run.err)


UNUSED = "isolite: warning: cannot claim anything by '*.nothing'"


class UnusedClaims(Test):
    def told(self, *arguments, **environment):
        with tempfile.TemporaryDirectory() as self.place:
            return self.run_all("--files=*.nothing", *arguments, **environment).err.count(UNUSED)

    def test_a_claim_by_which_nothing_was_opened_is_told_once_where_all_cases_ran(self):
        for way in WAYS:
            with self.subTest(way):
                self.assertEqual(self.told(*way), 1)
        self.assertEqual(self.told("--workers=2", "--repeat=2"), 1)

    def test_not_where_some_cases_did_not_run_which_may_be_those_that_need_it(self):
        one_of_two = variables(0, 2)
        for way, environment in ([FRAMEWORK.choose("pages"), {}], [["--maxfail=1"], {}],
                                 [[], one_of_two]):
            for workers in WAYS[:3]:
                if way == ["--maxfail=1"] and workers == ["--workers=0"]:
                    continue # which needs workers
                with self.subTest(way=way, workers=workers):
                    self.assertEqual(self.told(*way, *workers, **environment), 0)

    def test_not_where_it_was_of_use(self):
        for way in WAYS:
            with self.subTest(way):
                self.assertNotIn("cannot claim anything", self.run_all(CLAIM, *way).err)


class Leaks(Test):
    def runs(self, name, **environment):
        return self.in_each_way(f"leaving/{name}", "leaving/nothing_behind", SUBJECT_LEAVES="1",
                                **environment)

    def check_told(self, name, expected, database="journal.db"):
        told = ("cannot end '" + FRAMEWORK.named(f"leaving/{name}") + "' with a clean database: it "
                f"left a connection to '{self.place}/{database}' in the middle of {expected}")
        for run in self.runs(name):
            self.assert_fails(run)
            self.assertEqual((set(run.texts), run.outside), ({f"leaving/{name}"}, []))
            self.assertEqual(run.passed, ["leaving/nothing_behind"])
            text = run.texts[f"leaving/{name}"]
            self.assertEqual(text.count(told), 1, text)
            # Which Catch2 wraps. Workers tell it when it happens, too, and plain functions then alone.
            said, live = ["".join(each.split()) for each in (run.out + run.err, told)]
            by_worker = "isolite: failed: " in run.err and NAME != "plain"
            self.assertEqual(said.count(live), 2 if by_worker else 1, run.out + run.err)
            self.assertRegex(run.out + run.err, IN_ITS_WORDS[NAME])
            self.assertNotIn("died:", run.err)
            self.assertEqual(OWN_FAILURE in text, "throws" in name)

    def test_a_transaction_that_a_case_leaves_open_fails_it_in_its_framework(self):
        self.check_told("a_transaction", "a transaction")

    # Its connection is still in the middle of it when the suite ends.
    def test_a_transaction_on_a_connection_that_is_not_cut_off_is_told_once(self):
        self.check_told("a_transaction_outside_of_wal", "a transaction")

    def test_a_query_that_a_case_leaves_open_fails_it_in_its_framework(self):
        self.check_told("a_query", '"SELECT text FROM lines"')

    def test_a_case_that_throws_and_leaves_a_transaction_fails_with_both(self):
        self.check_told("one_and_throws", "a transaction")

    def test_a_transaction_on_the_database_of_a_fixture_is_told_once(self):
        self.check_told("one_with_a_fixture", "a transaction", "stocked.db")

    @unittest.skipUnless(HAS_SECTIONS, "it has no sections")
    def test_a_pass_through_sections_that_leaves_a_transaction_fails_its_case(self):
        self.check_told("one_in_its_first_section", "a transaction")
        self.check_told("one_in_its_last_section", "a transaction")

    @unittest.skipIf(NAME in ("gtest", "plain"), "it forgives nothing")
    def test_a_framework_that_forgives_failures_does_not_forgive_a_transaction_left_open(self):
        name = "leaving/one_where_failures_are_forgiven"
        for run in self.runs(name[len("leaving/"):], SUBJECT_FORGIVES="1"):
            self.assertNotEqual(run.status, 0)
            said = " ".join([*run.texts.values(), *run.outside])
            self.assertIn(f"left a connection to '{self.place}/journal.db' in the middle of a "
                          "transaction", said)
        run = self.chosen(name, way=[CLAIM], SUBJECT_FORGIVES="1")
        self.assertEqual((run.status, run.texts), (0, {}))

    @unittest.skipUnless(NAME == "gtest", "it has other listeners")
    def test_what_a_listener_writes_when_a_case_ends_goes_with_the_case(self):
        run = self.chosen("pages", way=[CLAIM], SUBJECT_LISTENS="1")
        self.assertEqual((run.status, run.texts), (0, {}))


class Evidence(Test):
    def check_kept(self, name, lines):
        for way in WAYS[:3]:
            with self.subTest(way), tempfile.TemporaryDirectory() as folder:
                run = self.chosen(f"failing/{name}", way=[CLAIM, *way], ISOLITE_EVIDENCE=folder)
                path, = pathlib.Path(folder).rglob("*.db")
                said = "".join((run.out + run.err).split())
                self.assertIn(f"sqlite3-readonly'{path}'", said)
                self.assertIn("'isclaimed:itisinmemory,andnotonthedisk", said)
                database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
                self.assertEqual(database.execute("SELECT count(*) FROM lines").fetchall(),
                                 [(lines,)])
                database.close()

    def test_a_failing_case_with_a_fixture_keeps_its_database(self):
        self.check_kept("with_fixture", 3)

    def test_a_failing_case_without_a_fixture_keeps_its_databases(self):
        self.check_kept("without_fixture", 1)

    def test_one_keeps_the_database_of_a_seed_s_file_as_well(self):
        for way in WAYS[:3]:
            with self.subTest(way), tempfile.TemporaryDirectory() as folder:
                run = self.chosen("failing/with_a_seed_s_file", way=[CLAIM, *way],
                                  ISOLITE_EVIDENCE=folder)
                said = "".join((run.out + run.err).split())
                counts = []
                for path in pathlib.Path(folder).rglob("*.db"):
                    self.assertIn(f"sqlite3-readonly'{path}'", said)
                    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
                    counts += database.execute("SELECT count(*) FROM lines").fetchone()
                    database.close()
                self.assertEqual(sorted(counts), [1, 3])

    @unittest.skipUnless(HAS_SECTIONS, "it has no sections")
    def test_a_case_keeps_the_databases_of_the_pass_that_failed_first(self):
        self.check_kept("in_its_first_section", 1)
        self.check_kept("in_its_last_section", 2)


if __name__ == "__main__":
    unittest.main(argv=[behaviour_test.sys.argv[0], *behaviour_test.sys.argv[3:]])
