"""Judges the one list of cases that is written for every framework: what isolite promises holds for
each of them alike, in one process and in forked workers.

Started as: behaviour_test.py FOLDER_OF_PROGRAMS FRAMEWORK [ARGUMENTS OF UNITTEST].
"""

import itertools
import os
import pathlib
import sqlite3
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
# pylint: disable=wrong-import-position
from shards_test import variables
from test_program import REASONS, Run, declared_at, leak, program

WAYS = [["--workers=0"], ["--workers=1"], ["--workers=2"], ["--workers=4", "--shuffle=3"]]
WITH_WORKERS = WAYS[1:]
LEAKING = {f"leaks/{name}" for name in ("commits", "commits_and_fails", "commits_and_throws",
                                        "changes_a_setting", "leaves_a_transaction")}
FAILING = {f"evidence/{name}" for name in ("fails", "throws", "throws_in_its_set_up")}
OF_BROKEN_SEEDS = {f"broken_seeds/{seed.replace('-', '_')}_{number}"
                   for seed in REASONS for number in (1, 2)}
OF_BROKEN_SUITE = {"broken_orders/first", "broken_orders/second"}
EXPOSED = {"exposed/one", "exposed/other"}
OWN_FAILURE = "the test's own failure"


class BoostTest:
    failure, failure_to_start = 201, 200
    has_suites = True
    orders = [["--random=0"], ["--random=11"], ["--random=22"]]

    @staticmethod
    def choose(*names):
        """Returns the options that choose cases and whole suites."""
        return ["--run_test=" + name for name in names]

    @staticmethod
    def named(name):
        """Returns the name of a case as messages have it."""
        return name


class Doctest(BoostTest):
    failure, failure_to_start = 1, 1
    orders = [["--order-by=name"], ["--order-by=rand", "--rand-seed=11"]]

    @staticmethod
    def choose(*names):
        suites, cases = zip(*[(name + "/").split("/")[:2] for name in names])
        return ["--test-suite=" + ",".join(suites), "--test-case=" + ",".join(cases or "*")]


class GoogleTest(BoostTest):
    failure, failure_to_start = 1, 1
    orders = [["--gtest_shuffle", f"--gtest_random_seed={seed}"] for seed in (3, 4)]

    @staticmethod
    def choose(*names):
        return ["--gtest_filter=" + ":".join((name if "/" in name else name + "/*")
                                             .replace("/", ".") for name in names)]

    @staticmethod
    def named(name):
        return name.replace("/", ".")


class Catch2(BoostTest):
    failure, failure_to_start = None, None  # the number of failures in version 2, 42 in version 3
    has_suites = False
    orders = [["--order", "rand", "--rng-seed", str(seed)] for seed in (1, 2)]

    @staticmethod
    def choose(*names):
        return [",".join(name if "/" in name else f"[{name}]" for name in names)]


class Plain(BoostTest):
    failure, failure_to_start = 1, 1
    has_suites = False
    orders = [["--shuffle=1"]]

    @staticmethod
    def choose(*names):
        return [name if "/" in name else name + "/*" for name in names]


FRAMEWORKS = {"boost_test": BoostTest, "doctest": Doctest, "gtest": GoogleTest, "catch2": Catch2,
              "plain": Plain}
NAME = sys.argv[2]
FRAMEWORK = FRAMEWORKS[NAME]()
PROGRAM = program("behaviour_" + NAME)


class Behaviour(Run):
    """A run of the subject, as isolite's own report tells it."""

    def __init__(self, *arguments, under=None, **environment):
        command = [*([program(under)] if under else []), PROGRAM]
        with tempfile.TemporaryDirectory() as folder:
            report = pathlib.Path(folder, "report.xml")
            super().__init__(*command, f"--junit={report}", *arguments, **environment)
            self.texts, self.passed, self.skipped, self.outside = {}, [], set(), []
            if report.exists():
                self.read(xml.parse(report).getroot())

    def read(self, root):
        for case in root.iter("testcase"):
            name = case.get("name")
            if name.startswith("("):
                self.outside.append("".join(case.find("error").itertext()))
                continue
            if "/" not in name:
                name = f"{case.get('classname')}/{name}"
            failures = [each for each in case if each.tag in ("failure", "error")]
            if failures:
                self.texts[name] = "".join("".join(each.itertext()) for each in failures)
            elif case.find("skipped") is not None:
                self.skipped.add(name)
            else:
                self.passed.append(name)

    @property
    def cases(self):
        return {*self.texts, *self.passed, *self.skipped}


class Test(unittest.TestCase):
    def assert_fails(self, run):
        if FRAMEWORK.failure is None:
            self.assertNotEqual(run.status, 0, run.err)
        else:
            self.assertEqual(run.status, FRAMEWORK.failure, run.err)

    def chosen(self, *names, way=(), **environment):
        return Behaviour(*FRAMEWORK.choose(*names), *way, **environment)

    def in_each_way(self, *names, ways=None, **environment):
        """Runs some cases in each way, as subtests."""
        for way in WAYS if ways is None else ways:
            with self.subTest(way):
                yield self.chosen(*names, way=way, **environment)


class Isolation(Test):
    def test_all_have_the_same_verdicts_in_every_order_and_by_any_number_of_workers(self):
        expected = LEAKING | FAILING | OF_BROKEN_SEEDS
        ways = [*WAYS, *FRAMEWORK.orders, *(["--workers=2", *order] for order in FRAMEWORK.orders)]
        for way in ways:
            with self.subTest(way):
                run = Behaviour(*way)
                self.assert_fails(run)
                self.assertEqual(set(run.texts) - EXPOSED - OF_BROKEN_SUITE, expected)
                self.assertEqual(len(run.cases), 61 if FRAMEWORK.has_suites else 50)

    def test_each_case_alone_has_the_verdict_that_it_has_among_the_others(self):
        everything = Behaviour("--workers=0")
        for name in everything.cases - EXPOSED:
            with self.subTest(name):
                alone = self.chosen(name)
                self.assertEqual(alone.cases, {name})
                self.assertEqual(alone.texts.get(name), everything.texts.get(name))

    def test_without_protection_the_later_case_finds_what_the_earlier_one_wrote(self):
        run = self.chosen("exposed")
        self.assertEqual(list(run.texts), ["exposed/other"])

    def test_a_leak_is_told_once_at_its_case(self):
        for run in self.in_each_way("leaks/commits", "leaks/commits_and_fails"):
            name = FRAMEWORK.named("leaks/commits")
            self.assertEqual(run.texts["leaks/commits"].count(leak(NAME, name)), 1)
            if NAME != "plain":  # whose cases have no place
                line = declared_at("behaviour/behaviour.cpp", "(leaks, commits,")
                self.assertRegex(run.texts["leaks/commits"],
                                 rf"behaviour\.cpp[:(]{line}\)?: cannot end '{name}'")
            text = run.texts["leaks/commits_and_fails"]
            self.assertLess(text.index(OWN_FAILURE),
                            text.index(leak(NAME, FRAMEWORK.named("leaks/commits_and_fails"))))

    def test_what_else_a_case_leaves_behind_is_told(self):
        for run in self.in_each_way("leaks"):
            self.assertIn("it changed PRAGMA cache_size from -2000 to 77",
                          run.texts["leaks/changes_a_setting"])
            self.assertIn('it left the transaction open that "BEGIN" began',
                          run.texts["leaks/leaves_a_transaction"])
            text = run.texts["leaks/commits_and_throws"]
            self.assertIn(leak(NAME, FRAMEWORK.named("leaks/commits_and_throws")), text)
            self.assertIn("the code under test failed", text)


class Evidence(Test):
    def test_a_case_that_fails_keeps_its_database_and_says_where(self):
        for name in ("fails", "throws", "throws_in_its_set_up"):
            for way in WAYS[:3]:
                with self.subTest(name, way=way), tempfile.TemporaryDirectory() as folder:
                    run = self.chosen(f"evidence/{name}", way=way, ISOLITE_EVIDENCE=folder)
                    path, = pathlib.Path(folder).rglob("*.db")
                    # Catch2 breaks lines at 80 characters.
                    said = "".join((run.out + run.err).split())
                    self.assertIn(f"sqlite3-readonly'{path}'", said)
                    self.assertIn("-id=1,name='tea'", said)
                    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
                    self.assertEqual(database.execute("SELECT name FROM products").fetchall(),
                                     [("milk",), ("bread",)])
                    database.close()

    def test_a_case_that_passes_keeps_nothing(self):
        with tempfile.TemporaryDirectory() as folder:
            for run in self.in_each_way("evidence/passes", ISOLITE_EVIDENCE=folder):
                self.assertEqual((run.status, run.passed), (0, ["evidence/passes"]))
                self.assertEqual(list(pathlib.Path(folder).rglob("*.db")), [])


class SetUp(Test):
    def test_a_database_that_cannot_be_made_fails_each_of_its_cases_and_is_tried_once(self):
        for run in self.in_each_way("broken_seeds", "pristine_stock", ways=WAYS[:2]):
            self.assertEqual(set(run.texts), OF_BROKEN_SEEDS)
            for seed, reason in REASONS.items():
                name = "broken_seeds/" + seed.replace("-", "_")
                for number in (1, 2):
                    self.assertIn(reason, run.texts[f"{name}_{number}"])
                # Descriptions are asked for once more when the run starts, for claims of files.
                if seed != "throwing-description" and "output of broken_seeds" not in run.err:
                    self.assertEqual(run.err.count(f"seeding {seed}\n"), 1)

    @unittest.skipUnless(FRAMEWORK.has_suites, "it has no suites")
    def test_the_data_of_a_suite_is_there_for_its_cases_alone(self):
        for run in self.in_each_way("orders", "pristine_stock"):
            self.assertEqual((run.status, run.texts), (0, {}), run.out)
            self.assertEqual(len(run.passed), 10)

    @unittest.skipUnless(FRAMEWORK.has_suites, "it has no suites")
    def test_a_set_up_of_a_suite_that_fails_is_told_and_no_case_of_it_runs(self):
        for run in self.in_each_way("broken_orders", "pristine_stock"):
            self.assert_fails(run)
            self.assertEqual(len(run.passed), 6)
            self.assertEqual(set(run.texts) | run.skipped, OF_BROKEN_SUITE)
            self.assertIn("no orders today", "".join([*run.texts.values(), *run.outside]))
            self.assertNotIn("a case ran although", run.out + run.err)


class Workers(Test):
    def test_a_worker_that_dies_costs_its_case_alone(self):
        for run in self.in_each_way("perils", ways=WITH_WORKERS, SUBJECT_DIES="1"):
            self.assert_fails(run)
            self.assertEqual(set(run.texts), {"perils/may_die"})
            self.assertIn("its worker was killed by signal 9 (SIGKILL", run.texts["perils/may_die"])
            self.assertEqual(len(run.passed), 4)

    def test_a_case_that_exits_does_not_pass(self):
        for run in self.in_each_way("perils", ways=WITH_WORKERS, SUBJECT_EXITS="1"):
            self.assert_fails(run)
            self.assertEqual(set(run.texts), {"perils/may_exit"})
        run = self.chosen("perils", way=["--workers=0"], SUBJECT_EXITS="1")
        self.assertNotEqual(run.status, 0)
        self.assertIn("perils", run.err)

    def test_a_case_that_hangs_fails_by_its_timeout(self):
        for run in self.in_each_way("perils", ways=[["--workers=2", "--timeout=0.3"]],
                                    SUBJECT_HANGS="1"):
            self.assert_fails(run)
            self.assertEqual(set(run.texts), {"perils/may_hang"})
            self.assertIn("it took longer than its timeout of 0.3 s",
                          run.texts["perils/may_hang"])

    def test_a_retry_makes_a_flaky_case_pass_and_says_so(self):
        for retries in (0, 1):
            with self.subTest(retries), tempfile.TemporaryDirectory() as folder:
                run = self.chosen("perils", way=["--workers=2", f"--retries={retries}"],
                                  SUBJECT_FAILS_ONCE_IN=folder)
                self.assertEqual(set(run.texts), set() if retries else {"perils/may_fail_at_first"})
                self.assertEqual(run.status == 0, bool(retries))
                self.assertEqual("1 flaky" in run.err, bool(retries))

    def test_each_worker_has_a_slot_of_its_own_in_one_run(self):
        for count in (0, 1, 2, 4):
            with self.subTest(count), tempfile.TemporaryDirectory() as folder:
                # Below a test runner all that it runs would be one run.
                run = self.chosen("workers", way=[f"--workers={count}"], SUBJECT_WORKERS=folder,
                                  ISOLITE_RUN_ID=f"{NAME}-{os.getpid()}-{count}")
                self.assertEqual((run.status, len(run.passed)), (0, 4))
                told = [path.read_text(encoding="utf-8").split()
                        for path in pathlib.Path(folder).iterdir()]
                self.assertEqual(len({run_id for run_id, *_ in told}), 1)
                of_process = {process: (slot, name) for _, slot, name, process in told}
                self.assertEqual(len(set(of_process.values())), len(of_process))
                expected = {(str(slot), f"w{slot}") for slot in range(max(count, 1))}
                self.assertLessEqual(set(of_process.values()), expected)

    def test_resources_and_serial_cases_keep_others_away(self):
        times = self.times("unbound", 5000)
        self.assertEqual(self.overlapping(times), {("unbound_1", "unbound_2")})
        of_suites = ("sharing_suite", "alone_suite") if FRAMEWORK.has_suites else ()
        times = self.times(("sharing", *of_suites[:1]), 40)
        self.assertEqual((len(times), self.overlapping(times)), (5 if of_suites else 3, set()))
        times = self.times(("alone", "sharing", "unbound", *of_suites), 40)
        self.assertEqual(len(times), 10 if of_suites else 7)
        self.assertEqual([pair for pair in self.overlapping(times) if "alone" in str(pair)], [])

    def times(self, suites, patience):
        with tempfile.TemporaryDirectory() as folder:
            suites = [suites] if isinstance(suites, str) else suites
            run = self.chosen(*suites, way=["--workers=4"], SUBJECT_TIMES=folder,
                              SUBJECT_PATIENCE=str(patience))
            self.assertEqual(run.status, 0, run.err)
            return {path.stem: tuple(map(int, path.read_text(encoding="utf-8").split()))
                    for path in pathlib.Path(folder).glob("*.times")}

    @staticmethod
    def overlapping(times):
        return {(one, other) for one, other in itertools.combinations(sorted(times), 2)
                if times[one][0] < times[other][1] and times[other][0] < times[one][1]}


class Options(Test):
    def test_the_shards_are_the_suite_and_no_case_runs_twice(self):
        everything = sorted(Behaviour("--workers=0").cases)
        for total, way in itertools.product((2, 3), (["--workers=0"], ["--workers=2"])):
            with self.subTest(total=total, way=way):
                shards = [Behaviour(*way, **variables(index, total)) for index in range(total)]
                self.assertEqual(sorted(sum((list(shard.cases) for shard in shards), [])),
                                 everything)

    def test_a_wrong_shard_is_an_error_and_runs_nothing(self):
        run = Behaviour("--workers=0", **variables(3, 3))
        self.assertIn('isolite: cannot detect the shard: ISOLITE_SHARD_INDEX is "3"', run.err)
        self.assertEqual(run.cases, set())
        if FRAMEWORK.failure_to_start:
            self.assertEqual(run.status, FRAMEWORK.failure_to_start)
        self.assertNotEqual(run.status, 0)

    def test_a_debugger_has_all_cases_in_the_process_that_it_started_unless_a_number_is_given(self):
        told = ("isolite: a debugger has this process: all cases run in it, without limits of time\n"
                "  hint: give a number, as --workers=2, to fork workers all the same\n")
        killed = 128 + 9
        for way, debugged in [(["--workers=auto", "--timeout=0.001"], True), (["--workers=1"], False),
                              (["--workers=auto", "--shuffle"], False),
                              (["--timings", "ISOLITE_TIMEOUT=0.001"], True)]:
            with self.subTest(way):
                options = [word for word in way if word.startswith("--")]
                said = dict(word.split("=") for word in way if word not in options)
                run = Behaviour(*FRAMEWORK.choose("perils"), *options, under="tracer",
                                SUBJECT_DIES="1", **said)
                self.assertEqual((run.status == killed, told in run.err), (debugged, debugged))

    def test_only_the_cases_that_did_not_pass_run_again(self):
        with tempfile.TemporaryDirectory() as folder:
            place = {"XDG_CACHE_HOME": folder}
            self.chosen("leaks", "pristine_stock", way=["--workers=2"], **place)
            run = self.chosen("leaks", "pristine_stock", way=["--workers=2", "--failed"], **place)
        self.assertEqual((set(run.texts), run.passed), (LEAKING, []))

    def test_a_run_ends_after_so_many_failures(self):
        run = self.chosen("leaks", "pristine_stock", way=["--workers=1", "--maxfail=2"])
        self.assertEqual(len(run.texts), 2)
        self.assertIn("not run", run.err)
        self.assert_fails(run)

    def test_a_repeated_case_is_run_as_often_and_told_once(self):
        run = self.chosen("leaks/commits", "pristine_stock/first",
                          way=["--workers=2", "--repeat=3"])
        self.assertEqual((set(run.texts), run.passed), ({"leaks/commits"},
                                                        ["pristine_stock/first"]))

    def test_an_option_that_is_spelled_wrongly_ends_the_program_before_any_case(self):
        for option, meant in {"--worker=2": "--workers", "-workers=2": "--workers",
                              "--fail": "--failed", "--file=*.db": "--files", "--retry=2": "--retries",
                              "--histories=x": "--history"}.items():
            with self.subTest(option):
                run = Behaviour(option)
                self.assertNotEqual(run.status, 0)
                self.assertEqual(run.cases, set())
                if NAME in ("doctest", "gtest"):  # the others refuse it themselves
                    self.assertEqual(run.status, 2)
                    self.assertIn(f"isolite: cannot take {option}: there is no such option\n"
                                  f"  hint: did you mean {meant}? "
                                  "What is meant for the program goes behind --\n", run.err)

    def test_an_option_of_the_framework_or_of_the_program_is_no_such_mistake(self):
        own = {"doctest": [["--duration=true"], ["--verbose"], ["--", "--worker=2"]],
               "gtest": [["--gtest_brief=1"], ["--verbose"], ["--", "--worker=2"]]}
        for arguments in own.get(NAME, []):
            with self.subTest(arguments):
                run = Behaviour(*FRAMEWORK.choose("exposed/one"), *arguments)
                self.assertEqual(run.cases, {"exposed/one"})

    def test_a_malformed_option_ends_the_program_before_any_case(self):
        run = Behaviour("--workers=many")
        self.assertEqual((run.status, run.cases), (2, set()))
        self.assertIn("--workers", run.err)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
