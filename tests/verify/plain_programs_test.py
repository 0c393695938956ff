#!/usr/bin/env python3
"""Verifies programs of four frameworks that know nothing of isolite, and repeats what is found.

usage: plain_programs_test.py BUILD_DIRECTORY ISOLITE [CLASS... | --but CLASS...]

BUILD_DIRECTORY has the programs of tests/verify; ISOLITE is the command.
"""

import json
import os
import pathlib
import signal
import stat
import subprocess
import sys
import unittest
import xml.etree.ElementTree

import chosen_classes
from empty_directory import empty_directory
from processes import descendants_of, has_ended, until_ended

PROGRAMS = pathlib.Path(sys.argv.pop(1))
ISOLITE = sys.argv.pop(1)


NEED_ISOLITE = (
    "another time, other random numbers of SQLite, rows in reverse, other addresses of memory, and"
    " all twice in one process, as the program has no isolite"
)


class framework:
    """What the cases of a program are called, and how it is asked for some of them, for one that
    it skips, and for orders and reports of its own."""

    def __init__(self, cases, listed, imported, totals, cancelled, filtered, skipped, ordered):
        self.cases = cases
        self.listed, self.imported, self.cancelled = listed, imported, cancelled
        self.totals = totals
        self.filtered = filtered
        self.skipped = skipped
        self.ordered = ordered


FRAMEWORKS = {
    "boost_test": framework(
        8,
        "customers/list",
        "customers/import",
        ["orders/open/total/_0", "orders/open/total/_1"],
        "orders/cancel",
        None,
        None,
        ["--random=7", "-l", "all", "--report_level=short"],
    ),
    "catch2": framework(
        7,
        "customers/list",
        "customers/import",
        ['orders/total, of "all" [x] \\ y\nand z'],
        "# orders/cancel",
        (["--abort", "[slow]", "-x", "3"], 1),
        ["*"],
        ["--order", "rand", "--rng-seed", "7", "-r", "compact", "-d", "yes", "-v", "high"],
    ),
    "doctest": framework(
        6,
        "customers/list",
        "customers/import",
        ['orders/total, of "all" <x> \\ y\nand z'],
        "orders/cancel",
        (["--test-case=c*"], 2),
        ["--no-skip"],
        ["--order-by=rand", "--rand-seed=7", "--reporters=console", "--dt-r=junit"],
    ),
    "gtest": framework(
        6,
        "customers.list",
        "customers.import",
        ["all/totals.of/0", "all/totals.of/1"],
        "orders.cancel",
        (["--gtest_filter=*.c*:*.import"], 3),
        ["--gtest_also_run_disabled_tests"],
        ["--gtest_shuffle", "--gtest_random_seed=7", "--gtest_output=json:told.json"],
    ),
}
FRAMEWORKS = {
    name: about for name, about in FRAMEWORKS.items() if (PROGRAMS / f"plain_{name}").exists()
}


class in_directory(empty_directory):
    def variables(self, fault="", **more):
        known = {
            name: value
            for name, value in os.environ.items()
            # Meson sets the last one.
            if not name.startswith(("ISOLITE_", "GTEST_", "BOOST_TEST_", "PLAIN_", "MALLOC_"))
        }
        return {**known, "TMPDIR": str(self.temporary), "PLAIN_FAULT": fault, **more}

    def run_program(self, command, fault="", **more):
        return subprocess.run(
            command,
            cwd=self.here,
            env=self.variables(fault, **more),
            capture_output=True,
            text=True,
            input="to be read\n",
            timeout=300,
            shell=isinstance(command, str),
        )

    def verified(self, name, fault="", *options, **more):
        """Verifies a program. Returns the run, and what it found."""
        run = self.run_program(
            [ISOLITE, "verify", "--json", "--budget=300", PROGRAMS / f"plain_{name}", *options],
            fault,
            **more,
        )
        self.assertNotEqual(run.stdout, "", run.stderr)
        return run, json.loads(run.stdout)

    def script(self, text):
        path = self.temporary / "program"
        path.write_text("#!/bin/sh\n" + text)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return path


class planted_faults(in_directory):
    def check(self, name, fault, victims, culprit, **more):
        """Expects that each victim depends on the culprit, and that the command shows it."""
        # Of an earlier run. An experiment has an own directory for temporary files.
        (self.temporary / "imported").write_text("42\n")
        run, found = self.verified(name, fault, **more)
        self.assertEqual(run.returncode, 1, run.stderr)
        self.assertEqual([each["case"] for each in found["findings"]], victims, run.stderr)
        self.assertEqual(list(self.temporary.glob("isolite-*/verify-*")), [], run.stderr)
        for each in found["findings"]:
            self.assertEqual([each["kind"], each["culprits"]], ["after", [culprit]], run.stderr)
            self.assertTrue(each["is_smallest"])
            self.assertIn(f"again: {each['again']}\n", run.stderr)
            again = self.run_program(each["again"], fault)
            self.assertNotIn(again.returncode, [] if fault == "ends" else [0], again.stdout)
            for left in self.here.iterdir():
                left.unlink()
        self.assertEqual(list(self.here.iterdir()), [])
        return found["findings"]

    def test_each_is_found_with_its_culprit_and_no_other_and_shown_again(self):
        for name, about in FRAMEWORKS.items():
            for fault in ("memory", "crash", "killed", "ends", "exits", "file"):
                with self.subTest(name=name, fault=fault):
                    found = self.check(name, fault, about.totals, about.imported)
                    whys = {
                        "killed": "its process was killed by signal 9 (SIGKILL, Killed)",
                        "ends": "it ended its process with status 0",
                        "exits": "it ended its process with status 3",
                    }
                    self.assertIn(whys.get(fault, ""), found[0]["why"])
                    if fault == "exits":
                        self.assertEqual(found[0]["why"], whys[fault])
                    self.assertNotIn("called exit", found[0]["why"])
                    # Boost.Test is told not to catch it. What it is, a sanitizer may change.
                    self.assertNotIn("fatal error: in", found[0]["why"])
                    deed = "which makes the file imported.txt in the working directory"
                    self.assertEqual(fault == "file", deed in found[0]["sentence"])

    def test_an_exit_that_does_not_come_again_is_told_as_one_of_two(self):
        reports = {
            "boost_test": ("a log of Boost.Test", ["--log_level=test_suite", "--log_sink=log"]),
            "catch2": ("a report of Catch2", ["--reporter", "xml"]),
        }
        for name in FRAMEWORKS.keys() & reports.keys():
            crashing, options = reports[name]
            with self.subTest(name=name):
                usual = self.run_program([PROGRAMS / f"plain_{name}", *options], "exits")
                _, found = self.verified(name, "exits once")
                self.assertEqual(
                    found["findings"][0]["why"],
                    "it ended its process with status 3"  # newer versions do not crash
                    if usual.returncode == 3
                    else "its process was killed by signal 11 (SIGSEGV, Segmentation fault), or"
                    f" called exit, at which {crashing} crashes",
                )

    def test_a_culprit_that_is_declared_behind_its_victim_is_found_and_shown_again(self):
        for name, about in FRAMEWORKS.items():
            with self.subTest(name=name):
                self.check(name, "behind", [about.listed], about.cancelled)
                # Boost.Test draws another order for a suite where others are left out.
                self.check(name, "within", [about.listed], about.imported)

    def test_each_command_of_a_program_with_several_suites_shows_its_finding(self):
        if "boost_test" not in FRAMEWORKS:
            return
        for culprit, victim in (
            ("customers/merge", "customers/import"),
            ("orders/cancel", "orders/total"),
            ("users/nobody", "users/login"),
            ("users/nobody", "orders/total"),
            ("customers/import", "users/forget"),
        ):
            with self.subTest(culprit=culprit, victim=victim):
                pair = {"PLAIN_CULPRIT": culprit, "PLAIN_VICTIM": victim}
                run = self.run_program(
                    [ISOLITE, "verify", "--json", PROGRAMS / "plain_suites"], **pair
                )
                (found,) = json.loads(run.stdout)["findings"]
                self.assertEqual([found["case"], found["culprits"]], [victim, [culprit]])
                again = self.run_program(found["again"], **pair)
                self.assertIn(f'error: in "{victim}"', again.stdout + again.stderr, found["again"])

    def test_a_case_that_fails_alone_is_found_and_shown_again(self):
        for name, about in FRAMEWORKS.items():
            with self.subTest(name=name):
                for fault in ("alone", "needs"):
                    found = self.check(name, fault, about.totals, about.imported)
                    self.assertIn(" fails alone, and passes after ", found[0]["sentence"])

    def test_a_message_that_differs_is_told_with_its_culprit_and_shown_again(self):
        for name, about in FRAMEWORKS.items():
            with self.subTest(name=name):
                run, found = self.verified(name, "message")
                self.assertEqual((run.returncode, found["findings"]), (0, []), run.stderr)
                self.assertEqual([each["case"] for each in found["differences"]], about.totals)
                for each in found["differences"]:
                    self.assertEqual(
                        [each["kind"], each["culprits"]], ["message", [about.imported]], run.stderr
                    )
                    self.assertIn("there are none", each["said_alone"])
                    self.assertIn("there are customers", each["said_otherwise"])
                    again = self.run_program(each["again"], "message")
                    self.assertIn("there are customers", again.stdout + again.stderr)

    def test_a_case_that_hangs_is_ended_and_named(self):
        for name, about in FRAMEWORKS.items():
            if len(about.totals) > 1:
                continue  # which takes long
            with self.subTest(name=name):
                found = self.check(
                    name, "hang", about.totals, about.imported, ISOLITE_TIMEOUT="0.3"
                )
                self.assertEqual(
                    found[0]["why"],
                    "it took longer than its timeout of 0.3 s, and its process was killed",
                )

    def test_what_fails_while_another_case_runs_is_found_and_shown_again(self):
        for name, about in list(FRAMEWORKS.items())[:1]:  # which has no part in it
            run, found = self.verified(name, "beside")
            self.assertEqual(run.returncode, 1, run.stderr)
            locking = {about.imported, *about.totals}
            for each in found["findings"]:
                self.assertEqual(each["kind"], "beside", run.stderr)
                self.assertLessEqual({each["case"], *each["culprits"]}, locking)
            first = found["findings"][0]
            self.assertIn(" wait $v || break; wait; done", first["again"])
            self.check_loop(first, "beside")

    def check_loop(self, finding, fault):
        """Expects that a command that repeats what shows by chance shows it."""
        again = self.run_program(finding["again"], fault)
        self.assertIn(
            "total()" if "total" in finding["case"] else "import()", again.stdout + again.stderr
        )

    def test_what_overlaps_for_less_than_a_millisecond_is_found(self):
        for name, about in list(FRAMEWORKS.items())[:1]:  # which has no part in it
            with self.subTest(name=name):
                run, found = self.verified(name, "briefly")
                self.assertEqual(run.returncode, 1, run.stderr)
                locking = {about.imported, *about.totals}
                for each in found["findings"]:
                    self.assertEqual(each["kind"], "beside", run.stderr)
                    self.assertLessEqual({each["case"], *each["culprits"]}, locking)
                    self.check_loop(each, "briefly")

    def test_a_case_that_differs_by_itself_is_blamed_on_nobody(self):
        for name, about in FRAMEWORKS.items():
            with self.subTest(name=name):
                run, found = self.verified(name, "flaky")
                self.assertEqual(run.returncode, 3, run.stderr)
                self.assertEqual([each["case"] for each in found["findings"]], about.totals)
                self.assertEqual({each["kind"] for each in found["findings"]}, {"unsure"})
                self.assertIn(" || break; done", found["findings"][0]["again"])


class planted_conditions(in_directory):
    def check(self, name, fault, sentence, variable, **usual):
        """Expects a finding in a condition, and that a variable in front shows it in any shell."""
        about = FRAMEWORKS[name]
        run, found = self.verified(name, fault, **usual)
        self.assertEqual(run.returncode, 1, run.stderr)
        self.assertEqual([each["case"] for each in found["findings"]], about.totals, run.stderr)
        for each in found["findings"]:
            self.assertEqual([each["kind"], each["culprits"]], ["within", []], run.stderr)
            case = each["case"].replace("\n", "\\n")
            self.assertEqual(each["sentence"], f"{case} fails {sentence}")
            self.assertTrue(each["again"].startswith(variable), each["again"])
            self.assertNotEqual(self.run_program(each["again"], fault, **usual).returncode, 0)
            bare = each["again"][len(variable) :]
            self.assertEqual(self.run_program(bare, fault, **usual).returncode, 0, bare)

    def test_a_time_zone_is_found_and_shown_again(self):
        zone = "Pacific/Kiritimati"
        if not pathlib.Path("/usr/share/zoneinfo", zone).exists():
            self.skipTest("there is no such time zone here")
        for name in FRAMEWORKS:
            with self.subTest(name=name):
                self.check(name, "zone", f"in the time zone {zone}", f"TZ={zone} ", TZ="UTC")

    def test_junk_in_memory_is_found_and_shown_again(self):
        variable = "MALLOC_PERTURB_"
        for name in FRAMEWORKS:
            program = PROGRAMS / f"plain_{name}"
            if self.run_program([program], "junk", **{variable: "90"}).returncode == 0:
                self.skipTest("the allocator is not that of glibc")
            with self.subTest(name=name):
                self.check(
                    name, "junk", "when fresh and freed memory holds junk, and passes when fresh memory holds zeros", f"{variable}=90 "
                )

    def test_a_locale_is_found_and_shown_again(self):
        usual = {"LOCPATH": self.locales_with_comma(), "LC_ALL": "C"}
        for name in FRAMEWORKS:
            with self.subTest(name=name):
                self.check(
                    name, "locale", "in the locale de_DE.UTF-8", "LC_ALL=de_DE.UTF-8 ", **usual
                )

    def test_a_locale_that_is_not_installed_is_said_to_be_left_out(self):
        for name in list(FRAMEWORKS)[:1]:  # which has no part in it
            run, found = self.verified(name, "locale", LOCPATH="/nowhere")
            self.assertEqual(run.returncode, 0, run.stderr)
            self.assertEqual(
                found["untried"],
                [
                    "another locale, as none with a decimal comma is installed, such as"
                    " de_DE.UTF-8",
                    NEED_ISOLITE,
                ],
            )

    def test_conditions_that_need_isolite_are_not_tried_and_that_is_said(self):
        for name in list(FRAMEWORKS)[:1]:  # which has no part in it
            run, found = self.verified(name)
            kinds = {each.split("=")[0] for each in found["conditions"]}
            self.assertEqual(kinds - {"locale"}, {"zone", "memory"})
            self.assertEqual(found["untried"][-1], NEED_ISOLITE)
            self.assertIn(f"  not tried: {NEED_ISOLITE}\n", run.stderr)


class clean_programs(in_directory):
    def test_each_is_called_isolated_and_all_its_cases_were_alone(self):
        for name, about in FRAMEWORKS.items():
            with self.subTest(name=name):
                run, found = self.verified(name)
                self.assertEqual(run.returncode, 0, run.stderr)
                self.assertEqual(found["verdict"], "isolated")
                self.assertEqual(found["cases"], about.cases)
                self.assertEqual(found["run_alone"], about.cases)
                self.assertEqual([found["failed"], found["leftovers"]], [[], []])
                self.assertEqual(list(self.here.iterdir()), [])
                self.assertEqual(list(self.temporary.glob("isolite-*/*")), [])

    def test_those_that_the_arguments_select_are_verified(self):
        for name, about in FRAMEWORKS.items():
            if about.filtered:
                options, count = about.filtered
                with self.subTest(name=name):
                    run, found = self.verified(name, "memory", *options)
                    self.assertEqual([run.returncode, found["cases"]], [0, count], run.stderr)
                    self.assertEqual(found["run_alone"], count)

    def test_what_is_skipped_usually_is_verified_where_the_arguments_ask_for_it(self):
        for name, about in FRAMEWORKS.items():
            if about.skipped:
                with self.subTest(name=name):
                    run, found = self.verified(name, "", *about.skipped)
                    self.assertEqual(found["cases"], about.cases + 1, run.stderr)
                    self.assertEqual(found["run_alone"], about.cases + 1)
                    self.assertIn("merge", "".join(found["failed"]), run.stderr)

    def test_disabled_tests_run_by_the_last_option_or_the_variable(self):
        if "gtest" not in FRAMEWORKS:
            return
        option = "--gtest_also_run_disabled_tests"
        usual = FRAMEWORKS["gtest"].cases
        for more, variable, options in (
            (1, "1", []),
            (0, "0", []),
            (0, "1", [f"{option}=0"]),
            (1, "0", [f"{option}=false", f"{option}=1"]),
        ):
            with self.subTest(variable=variable, options=options):
                run, found = self.verified(
                    "gtest", "", *options, GTEST_ALSO_RUN_DISABLED_TESTS=variable
                )
                self.assertEqual(found["cases"], usual + more, run.stderr)

    def test_what_runs_without_being_listed_is_told_and_kept_out(self):
        if "gtest" not in FRAMEWORKS:
            return
        flags = self.temporary / "flags"
        flags.write_text("--gtest_also_run_disabled_tests\n")
        run, found = self.verified("gtest", "merged", f"--gtest_flagfile={flags}")
        self.assertEqual([run.returncode, found["failed"]], [0, []], run.stderr)
        self.assertEqual(
            found["untried"][0],
            "1 case that the program runs, but does not list: customers.DISABLED_merge",
        )

    def test_what_is_not_to_be_run_alone_by_its_name_is_told(self):
        program = self.script(
            'case "$*" in\n'
            '--help) echo "This program contains tests written using Google Test." ;;\n'
            '*--gtest_list_tests*) printf "orders.\\n  open\\n  total\\n" ;;\n'
            '*--gtest_filter=orders.open\\ *) ;;\n'
            "*) for each in open total; do\n"
            '  printf "[ RUN      ] orders.$each\\n[       OK ] orders.$each (0 ms)\\n"\n'
            "done ;;\n"
            "esac\n"
        )
        run = self.run_program([ISOLITE, "verify", program])
        self.assertIn(
            "  not tried: 2 cases alone, as the program does not run just this case for its name:"
            " orders.open, orders.total\n",
            run.stdout,
        )

    def test_orders_and_reports_that_the_arguments_ask_for_change_nothing(self):
        for name, about in FRAMEWORKS.items():
            with self.subTest(name=name):
                run, found = self.verified(name, "memory", *about.ordered)
                self.assertEqual(
                    [each["case"] for each in found["findings"]], about.totals, run.stderr
                )
                self.assertEqual(found["run_alone"], about.cases)

    def test_a_program_reads_nothing_and_can_be_ended(self):
        for name in list(FRAMEWORKS)[:1]:  # which has no part in it
            with self.subTest(name=name):
                run, found = self.verified(name, "surroundings")
                self.assertEqual([run.returncode, found["failed"]], [0, []], run.stderr)

    def test_what_it_leaves_running_is_ended(self):
        for name in list(FRAMEWORKS)[:1]:  # which has no part in it
            numbers = self.temporary / "numbers"
            self.verified(name, "leaves", PLAIN_NUMBERS=str(numbers))
            left = [int(each) for each in numbers.read_text().split()]
            self.assertGreater(len(left), 5)
            for each in left:
                self.assertTrue(has_ended(each))

    def test_variables_for_ordinary_runs_change_nothing(self):
        if "gtest" in FRAMEWORKS:
            _, found = self.verified(
                "gtest", "", GTEST_TOTAL_SHARDS="2", GTEST_SHARD_INDEX="0", GTEST_SHUFFLE="1"
            )
            self.assertEqual(found["run_alone"], FRAMEWORKS["gtest"].cases)

    def test_without_json_the_text_is_printed_and_the_program_prints_nothing(self):
        for name in list(FRAMEWORKS)[:1]:  # which has no part in it
            with self.subTest(name=name):
                run = self.run_program([ISOLITE, "verify", PROGRAMS / f"plain_{name}"])
                self.assertRegex(run.stdout, r"\Aisolite: isolated: none of .*\n  .*\n(  not tried: .*\n){1,2}\Z")
                self.assertEqual(run.stderr, "")


class what_is_written(in_directory):
    def test_the_report_for_junit_has_what_depends(self):
        for name, about in list(FRAMEWORKS.items())[:1]:  # which has no part in it
            with self.subTest(name=name):
                self.verified(name, "memory", ISOLITE_JUNIT=f"{self.temporary}/")
                report = xml.etree.ElementTree.parse(self.temporary / f"plain_{name}.xml")
                cases = list(report.iter("testcase"))
                self.assertEqual(len(cases), about.cases)
                failed = [each for each in cases if each.find("failure") is not None]
                self.assertEqual(len(failed), len(about.totals))
                self.assertIn(f" fails after {about.imported}\n", failed[0].find("failure").text)


class what_ends_early(in_directory):
    def test_a_signal_stops_it_and_what_it_has_started(self):
        if not FRAMEWORKS:
            return
        pipe = self.temporary / "pipe"
        os.mkfifo(pipe)
        with subprocess.Popen(
            [ISOLITE, "verify", PROGRAMS / f"plain_{next(iter(FRAMEWORKS))}"],
            cwd=self.here,
            env=self.variables("hang", PLAIN_PIPE=str(pipe)),
            stdout=subprocess.PIPE,
            text=True,
        ) as run:
            self.assertEqual(pipe.read_text(), "hangs\n")
            run.send_signal(signal.SIGTERM)
            said, _ = run.communicate(timeout=60)
        self.assertEqual(run.returncode, 3)
        self.assertIn("isolite: could not tell: the verification was stopped\n", said)
        self.assertEqual(list(self.temporary.glob("isolite-*/*")), [])

    def test_what_it_has_started_ends_with_it_whatever_ends_it(self):
        pipe = self.temporary / "pipe"
        os.mkfifo(pipe)
        for name in list(FRAMEWORKS)[:1]:  # which has no part in it
            with subprocess.Popen(
                [ISOLITE, "verify", PROGRAMS / f"plain_{name}"],
                cwd=self.here,
                env=self.variables("hang", PLAIN_PIPE=str(pipe)),
            ) as run:
                self.assertEqual(pipe.read_text(), "hangs\n")
                started = descendants_of(run.pid)
                run.kill()
            self.assertEqual(len(started), 1)
            until_ended(started)

    def test_a_signal_while_a_program_is_asked_stops_both(self):
        pipe = self.temporary / "pipe"
        os.mkfifo(pipe)
        program = self.temporary / "program"
        program.write_text(f"#!/bin/sh\necho asked > {pipe}\nexec tail -f /dev/null\n")
        program.chmod(0o700)
        with subprocess.Popen(
            [ISOLITE, "verify", program],
            cwd=self.here,
            env=self.variables(),
            stderr=subprocess.PIPE,
            text=True,
        ) as run:
            self.assertEqual(pipe.read_text(), "asked\n")
            run.send_signal(signal.SIGTERM)
            _, said = run.communicate(timeout=60)
        self.assertEqual(run.returncode, 2)
        self.assertEqual(said, f"isolite: cannot verify {program}: it was stopped by a signal\n")

    def test_a_budget_that_is_too_small_is_said(self):
        for name in list(FRAMEWORKS)[:1]:  # which has no part in it
            with self.subTest(name=name):
                run = self.run_program(
                    [ISOLITE, "verify", "--budget=0.001", PROGRAMS / f"plain_{name}"]
                )
                self.assertIn("; a larger --budget tries more\n", run.stdout)


class what_is_refused(in_directory):
    def refusal(self, *command, **more):
        run = self.run_program([ISOLITE, "verify", *command], **more)
        self.assertEqual([run.returncode, run.stdout], [2, ""])
        return run.stderr.replace(str(command[0]), "PROGRAM")

    def test_a_program_of_no_framework_is_asked_for_help_and_run_no_further(self):
        program = self.script('echo "$@" >> asked; echo "usage: make tea"\n')
        self.assertEqual(
            self.refusal(program),
            "isolite: cannot verify PROGRAM: its --help is that of no test framework that isolite"
            " knows\n  hint: it is to be a program of Boost.Test, doctest, GoogleTest or Catch2, or"
            " to have an adapter of isolite\n",
        )
        self.assertEqual((self.here / "asked").read_text(), "--help\n")

    def test_a_program_that_does_not_answer(self):
        self.assertEqual(
            self.refusal(self.script("exec tail -f /dev/null\n")),
            "isolite: cannot verify PROGRAM: it did not answer --help within 10 s\n"
            "  hint: it is to do what --help says, and to end, without running cases\n",
        )

    def test_a_program_without_cases_that_are_to_run(self):
        listing = {
            "boost_test": None,
            "catch2": ("--list-test-names-only", ["[nothing]"]),
            "doctest": ("--list-test-cases", ["-tc=nothing"]),
            "gtest": ("--gtest_list_tests", ["--gtest_filter=nothing"]),
        }
        for name in FRAMEWORKS:
            if listing[name]:
                option, arguments = listing[name]
                with self.subTest(name=name):
                    self.assertRegex(
                        self.refusal(PROGRAMS / f"plain_{name}", *arguments),
                        r"isolite: cannot verify PROGRAM: it lists no case that is to run\n"
                        r"  hint: do its arguments select any\? --.*list.* behind them shows it\n",
                    )

    def test_a_filter_that_the_list_does_not_heed(self):
        if "boost_test" in FRAMEWORKS:
            for options in (["--run_test=orders"], ["-t", "orders"]):
                self.assertEqual(
                    self.refusal(PROGRAMS / "plain_boost_test", *options),
                    "isolite: cannot verify PROGRAM: Boost.Test does not list what --run_test"
                    " selects\n  hint: leave it out: all cases are verified then\n",
                )

    def test_a_variable_that_the_list_does_not_heed(self):
        if "boost_test" in FRAMEWORKS:
            self.assertEqual(
                self.refusal(
                    PROGRAMS / "plain_boost_test", BOOST_TEST_RUN_FILTERS="+customers/merge"
                ),
                "isolite: cannot verify PROGRAM: Boost.Test does not list what"
                " BOOST_TEST_RUN_FILTERS selects\n"
                "  hint: leave it out: all cases are verified then\n",
            )

    def test_a_selection_that_no_argument_has_room_for(self):
        long = '$(head -c 70000 /dev/zero | tr "\\0" "$each")'
        program = self.script(
            'case "$*" in\n'
            '--help) echo "[doctest] doctest version is 2.4.9" ;;\n'
            '*) out=/dev/stdout; for each; do case $each in --out=*) out=${each#--out=} ;; esac; done\n'
            f'for each in a b c; do echo "<TestCase name=\\"{long}\\">"; '
            "echo '<OverallResultsAsserts test_case_success=\"true\"/>'; "
            "echo '</TestCase>'; done > $out ;;\n"
            "esac\n"
        )
        self.assertEqual(
            self.refusal(program),
            "isolite: cannot verify PROGRAM: the names of 2 cases are too long for an argument\n"
            "  hint: verify parts of the program: give it a filter of its framework\n",
        )

    def test_a_program_that_runs_none_of_its_cases(self):
        program = self.script(
            'case "$*" in\n'
            '--help) echo "This program contains tests written using Google Test." ;;\n'
            '*--gtest_list_tests*) printf "orders.\\n  total\\n" ;;\n'
            "*) exit 3 ;;\n"
            "esac\n"
        )
        self.assertEqual(
            self.refusal(program),
            "isolite: cannot verify PROGRAM: it ran none of its cases; its status was 3\n"
            "  hint: run it by hand: PROGRAM --gtest_filter=orders.total\n",
        )


if __name__ == "__main__":
    chosen_classes.main()
