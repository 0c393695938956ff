#!/usr/bin/env python3
"""Verifies small suites with planted faults, and clean ones, and repeats what is found.

usage: verify_test.py BUILD_DIRECTORY ISOLITE [CLASS...]
       verify_test.py BUILD_DIRECTORY ISOLITE --but CLASS...

BUILD_DIRECTORY has the programs of tests/verify; ISOLITE is the command, or "" where it is not
built. With --but the other classes of tests run.
"""

import json
import os
import pathlib
import re
import shlex
import signal
import socket
import subprocess
import sys
import unittest
import xml.etree.ElementTree

import chosen_classes
from empty_directory import empty_directory
from processes import descendants_of, has_ended, until_ended

PROGRAMS = pathlib.Path(sys.argv.pop(1))
ISOLITE = sys.argv.pop(1)

IMPORT, TOTAL = "customers/import", "orders/total"
# The suite; how the case differs; the case; those that matter; those that let it be all the same.
PLANTED = [
    ("cleaner", "after", TOTAL, [IMPORT], ["customers/forget"]),
    ("closed_output", "after", TOTAL, [IMPORT], []),
    ("crash", "after", TOTAL, [IMPORT], []),
    ("either_polluter", "after", TOTAL, [IMPORT], []),
    ("environment_variable", "after", TOTAL, [IMPORT], []),
    ("fails_alone", "after", TOTAL, [IMPORT], []),
    ("fails_first", "after", TOTAL, ["products/count"], []),
    ("file_on_disk", "after", TOTAL, [IMPORT], []),
    ("flaky", "unsure", TOTAL, [], []),
    ("hang", "after", TOTAL, [IMPORT], []),
    ("limit", "after", TOTAL, [IMPORT], []),
    ("locale", "after", TOTAL, [IMPORT], []),
    ("lock_file", "beside", TOTAL, [IMPORT], []),
    ("moved_errors", "after", TOTAL, [IMPORT], []),
    ("needed_file", "after", TOTAL, [IMPORT], []),
    ("needed_temporary_file", "after", TOTAL, [IMPORT], []),
    ("port", "beside", "orders/serve", ["customers/serve"], []),
    ("own_counter", "after", TOTAL, [TOTAL], []),
    ("own_counter_and_polluter", "after", TOTAL, [IMPORT, TOTAL], []),
    ("own_file", "after", TOTAL, [TOTAL], []),
    ("own_set_up", "after", TOTAL, [TOTAL], []),
    ("own_temporary_table", "after", TOTAL, [TOTAL], []),
    ("own_variable", "after", TOTAL, [TOTAL], []),
    ("polluter_twice", "after", TOTAL, [IMPORT, IMPORT], []),
    ("pragma", "after", TOTAL, [IMPORT], []),
    ("rounding_mode", "after", TOTAL, [IMPORT], []),
    ("row_by_commit", "after", TOTAL, [IMPORT], []),
    ("row_in_memory", "after", TOTAL, [IMPORT], []),
    ("sequence", "after", TOTAL, [IMPORT], []),
    ("serial_polluter", "after", TOTAL, [IMPORT], []),
    ("signal_handler", "after", TOTAL, [IMPORT], []),
    ("singleton", "after", TOTAL, [IMPORT], []),
    ("static_variable", "after", TOTAL, [IMPORT], []),
    ("temporary_file", "after", TOTAL, [IMPORT], []),
    ("temporary_table", "after", TOTAL, [IMPORT], []),
    ("thread_left", "after", TOTAL, [IMPORT], []),
    ("three_together", "after", TOTAL, [IMPORT, "products/import", "prices/import"], []),
    ("two_polluters", "after", TOTAL, [IMPORT, "products/import"], []),
    ("umask", "after", TOTAL, [IMPORT], []),
    ("working_directory", "after", TOTAL, [IMPORT], []),
]
# The suite; a part of the sentence, and how the command names the condition.
PLANTED_CONDITIONS = [
    ("end_of_year", r"at \d{4}-12-31 23:55:00, and passes at \d{4}-12-31 23:54:59", "clock"),
    ("expiry", r"at (\d{4})-01-01 00:00:00, and passes at \d{4}-12-31 23:59:59", "clock"),
    ("expiry_in_sql", r"at (\d{4})-01-01 00:00:00, and passes at \d{4}-12-31 23:59:59", "clock"),
    (
        "heads_or_tails",
        r"when SQLite's random numbers begin at \d+, and passes when they begin at \d+",
        "random",
    ),
    ("leap_day", r"at \d{4}-02-29 00:00:00, and passes at \d{4}-02-28 23:59:59", "clock"),
    (
        "one_of_many",
        r"when SQLite reverses rows that have no order: ORDER BY is missing in"
        r" SELECT total \+ 1 FROM orders",
        "rows",
    ),
    (
        "fresh_memory",
        r"when fresh and freed memory holds junk, and passes when fresh memory holds zeros",
        "memory",
    ),
    (
        "member_not_set",
        r"when fresh and freed memory holds junk, and passes when fresh memory holds zeros",
        "memory",
    ),
    (
        "order_of_addresses",
        r"when blocks of memory come in descending order"
        r", and passes when they come in ascending order",
        "addresses",
    ),
    (
        "order_of_many_addresses",
        r"when blocks of memory come in descending order"
        r", and passes when they come in ascending order",
        "addresses",
    ),
    (
        "rows_by_insert",
        r"when SQLite reverses rows that have no order: ORDER BY is missing in"
        r" INSERT INTO orders\(total\) SELECT total \* 2 FROM orders",
        "rows",
    ),
    (
        "rows_in_rows",
        r"when SQLite reverses rows that have no order: ORDER BY is missing in"
        r" SELECT total FROM orders WHERE id >= \?",
        "rows",
    ),
    (
        "rows_of_product",
        r"when SQLite reverses rows that have no order: ORDER BY is missing in"
        r" SELECT value FROM prices WHERE value > 1",
        "rows",
    ),
    (
        "rows_without_order",
        r"when SQLite reverses rows that have no order: ORDER BY is missing in"
        r" SELECT total FROM orders",
        "rows",
    ),
    ("time_of_day", r"at [-\d]+ \d\d:(00:00|59:59), and passes at .* \d\d:(00:00|59:59)", "clock"),
    ("time_zone", r"in the time zone Pacific/Kiritimati", "zone"),
    ("unlucky", r"when SQLite's random numbers begin at \d+, and passes when .*", "random"),
    ("zone_and_date", r"in the time zone \S+ and at \d{4}-02-29 12:00:00", "clock"),
    (
        "zone_and_order",
        r"in the time zone Pacific/Kiritimati after customers/import",
        "zone",
    ),
]
CLEAN = [
    "clean",
    "clean_by_isolite",
    "clean_connection",
    "clean_engines",
    "clean_threads",
    "clean_with_cache",
    "clean_with_chance",
    "clean_with_failures",
    "clean_with_memory",
    "clean_with_other_rows",
    "clean_with_resources",
    "clean_with_rows",
    "clean_with_time",
    "clean_with_traces",
]
FAILING = ("clean_with_failures", "clean_with_other_rows")
# What a culprit is said to do, where that shows.
DEEDS = {
    "closed_output": "which closes descriptor 1 (stdout)",
    "environment_variable": 'which sets the variable SHOP_CURRENCY to "EUR"',
    "file_on_disk": "which makes the file imported.txt in the working directory",
    "limit": "which changes the soft limit RLIMIT_NOFILE from ",
    "locale": "which changes the locale from C to C.UTF-8",
    "moved_errors": "which leaves /dev/full open as descriptor 2, which was stderr",
    "needed_file": "which makes the file imported.txt in the working directory; alone it fails while"
    " imported.txt is not there",
    "own_counter": f"{TOTAL} fails when it has run before in the process",
    "own_counter_and_polluter": f"{TOTAL} fails after {IMPORT} when it has run before in the process",
    "own_file": f"{TOTAL} fails when it has run before in the process: it makes the file total.txt"
    " in the working directory",
    "own_set_up": f"{TOTAL} fails alone, and passes when it has run before in the process",
    "own_variable": f"{TOTAL} fails when it has run before in the process: it sets the variable"
    ' SHOP_CURRENCY to "EUR"',
    "polluter_twice": f"{TOTAL} fails after {IMPORT} twice",
    "rounding_mode": "which changes the rounding mode from FE_TONEAREST to FE_UPWARD",
    "row_by_commit": "which makes the file settings.db in the working directory"
    " (table settings: 1 row added: id=1, name='imported')",
    "signal_handler": "which leaves SIGUSR1 ignored",
    "thread_left": "which leaves 1 thread running",
    "temporary_file": "which makes the file imported in the directory for temporary files",
    "umask": "which changes the umask from ",
    "working_directory": 'which changes the working directory to "/"',
}
DEPENDENT = {
    "boost_test": ("orders/total", "customers/import"),
    "catch2": ("orders/total", "customers/import"),
    "doctest": ("orders/total", "customers/import"),
    "gtest": ("orders.total", "customers.import"),
}


# Those that not every machine can make.
SELDOM = {
    "addresses": "addresses=descending",
    "clock": "clock=2032-02-29T12:00:00",
    "memory": "memory=junk",
}


# A shell starts what it runs in the background with it ignored.
signal.signal(signal.SIGINT, signal.SIG_DFL)


def can_have(kind):
    """Says whether a program takes a condition, which it refuses where it cannot make it."""
    run = subprocess.run(
        [str(PROGRAMS / "planted"), f"--in-condition={SELDOM[kind]}"],
        env={**os.environ, "ISOLITE_TEST_SUITE": "clean"},
        capture_output=True,
    )
    return run.returncode == 0


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


class suite_in_directory(empty_directory):
    def setUp(self):
        super().setUp()
        (self.here / "prices.txt").write_text("42\n")
        self.port = free_port()

    def variables(self, suite, **more):
        known = {
            name: value
            for name, value in os.environ.items()
            # Meson sets the last one.
            if not name.startswith(("ISOLITE_", "LC_"))
            and name not in ("LANG", "TZ", "MALLOC_PERTURB_")
        }
        known.update(
            ISOLITE_CACHE=str(self.temporary.parent / "cache"),
            ISOLITE_TEST_PORT=self.port,
            ISOLITE_TEST_SUITE=suite,
            TMPDIR=str(self.temporary),
            **more,
        )
        return known

    def run_program(self, command, suite="", **variables):
        return subprocess.run(
            command,
            cwd=self.here,
            env=self.variables(suite, **variables),
            capture_output=True,
            text=True,
            timeout=300,
        )

    def verified(self, program, suite="", *options, **variables):
        """Verifies a suite. Returns the run, and what it found."""
        found = self.temporary.parent / "found.json"
        run = self.run_program(
            [
                str(PROGRAMS / program),
                "--verify",
                "--budget=300",  # on a machine with much to do
                f"--verify-json={found}",
                *options,
            ],
            suite,
            **variables,
        )
        self.assertTrue(found.exists(), run.stderr)
        return run, json.loads(found.read_text())

    def files_here(self):
        return sorted(each.name for each in self.here.iterdir())


class planted_faults(suite_in_directory):
    def test_each_is_found_with_its_culprits_and_no_others_and_shown_again(self):
        for suite, kind, victim, culprits, cleaners in PLANTED:
            with self.subTest(suite):
                # Of an earlier run. An experiment has an own directory for temporary files.
                (self.temporary / "imported").write_text("42\n")
                limit = {"ISOLITE_TIMEOUT": "0.5"} if suite == "hang" else {}
                run, found = self.verified("planted", suite, **limit)
                self.assertEqual(run.returncode, 3 if kind == "unsure" else 1, run.stdout)
                self.assertEqual(len(found["findings"]), 1, run.stdout)
                finding = found["findings"][0]
                self.assertEqual(
                    [finding[name] for name in ("kind", "case", "culprits", "cleaners")],
                    [kind, victim, culprits, cleaners],
                    run.stdout,
                )
                self.assertTrue(finding["is_smallest"])
                self.assertIn(finding["sentence"], run.stdout)
                self.assertIn(f"again: {finding['again']}\n", run.stdout)
                self.assertIn(DEEDS.get(suite, ""), finding["sentence"])
                self.assertEqual(run.stderr, "")
                self.assertEqual(self.files_here(), ["prices.txt"])
                self.check_command(suite, finding)

    def check_command(self, suite, finding):
        """Runs what was printed, which clears nothing away, as it is typed."""
        again = self.run_program(["sh", "-c", finding["again"]], suite)
        self.assertEqual(again.returncode, 1, again.stderr)
        self.assertIn(f"failed: {finding['case']}", again.stderr)
        for directory in (self.here, self.temporary):
            for each in directory.glob("*.*" if directory == self.here else "imported"):
                if each.name != "prices.txt":
                    each.unlink()


class same_verdicts(suite_in_directory):
    def difference_in(self, suite):
        run, found = self.verified("planted", suite)
        self.assertEqual(run.returncode, 0, run.stdout)
        self.assertEqual((found["findings"], found["more_differences"]), ([], 0))
        (difference,) = found["differences"]
        self.assertEqual((difference["case"], difference["culprits"]), (TOTAL, [IMPORT]))
        self.assertIn(
            "  what differs, although the verdicts do not:\n"
            f"    {difference['sentence']}\n",
            run.stdout,
        )
        self.assertIn(f"      again: {difference['again']}\n", run.stdout)
        again = self.run_program(shlex.split(difference["again"]), suite)
        return run.stdout, difference, again

    def test_rows_that_differ_are_told_with_their_culprit_and_shown_again(self):
        said, difference, again = self.difference_in("numbered_rows")
        self.assertEqual(difference["kind"], "changes")
        self.assertEqual(
            difference["sentence"], f"{TOTAL} changes its databases in another way after {IMPORT}"
        )
        self.assertEqual(difference["said_alone"], "shop: table orders: 1 row added: + id=1, total=10")
        self.assertEqual(
            difference["said_otherwise"], "shop: table orders: 1 row added: + id=1, total=20"
        )
        self.assertIn(
            f"      alone: {difference['said_alone']}\n"
            f"      then: {difference['said_otherwise']}\n",
            said,
        )
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertIn(
            f"isolite: '{TOTAL}' changes 'shop':\n"
            "  table orders: 1 row added\n    + id=1, total=20\n  table prices: added\n",
            re.sub(r"^\w+: ", "", again.stderr, flags=re.MULTILINE),
        )

    def test_a_row_that_no_line_shows_counts_too(self):
        said, difference, again = self.difference_in("last_of_many_rows")
        self.assertEqual((difference["said_alone"], difference["said_otherwise"]), ("", ""))
        self.assertNotIn("alone: ", said)
        self.assertEqual(again.returncode, 0, again.stderr)

    def test_in_one_process_changes_are_shown_as_well(self):
        run = self.run_program(
            [str(PROGRAMS / "planted"), "--workers=0", "--show-changes"], "numbered_rows"
        )
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn(
            f"isolite: '{TOTAL}' changes 'shop':\n"
            "  table orders: 1 row added\n    + id=1, total=20\n  table prices: added\n",
            run.stdout,
        )
        self.assertIn("isolite: 'before/0' changes 'shop':\n", run.stdout)

    def test_messages_that_differ_are_told_with_their_culprit_and_shown_again(self):
        said, difference, again = self.difference_in("other_message")
        self.assertEqual(difference["kind"], "message")
        self.assertEqual(
            difference["sentence"], f"{TOTAL} fails with another message after {IMPORT}"
        )
        self.assertIn("      alone: number 1\n      then: number 2\n", said)
        self.assertIn(f"  nothing is known of what fails in every order: {TOTAL}\n", said)
        self.assertEqual(again.returncode, 1)
        self.assertIn("number 2", again.stderr)


class planted_conditions(suite_in_directory):
    def test_each_is_found_with_its_conditions_and_shown_again(self):
        for suite, sentence, kind in PLANTED_CONDITIONS:
            if kind in SELDOM and not can_have(kind):
                continue
            with self.subTest(suite):
                usual = self.run_program([str(PROGRAMS / "planted")], suite)
                if kind != "random" and suite != "order_of_addresses":
                    self.assertEqual(usual.returncode, 0, usual.stderr)
                run, found = self.verified("planted", suite)
                self.assertEqual(run.returncode, 1, run.stdout)
                # The office is another one's in another time zone, too.
                count = 2 if suite == "time_of_day" else 1
                self.assertEqual(len(found["findings"]), count, run.stdout)
                finding = next(
                    each for each in found["findings"] if f"--in-condition={kind}=" in each["again"]
                )
                self.assertEqual([finding["kind"], finding["case"]], ["within", TOTAL], run.stdout)
                self.assertRegex(finding["sentence"], rf"\A{TOTAL} fails {sentence}\Z")
                self.assertIn(f"--in-condition={kind}=", finding["again"])
                self.assertIn("isolite: not isolated: 1 of ", run.stdout)
                self.assertIn(" depends on conditions\n", run.stdout)
                self.assertEqual(run.stderr, "")
                again = self.run_program(shlex.split(finding["again"]), suite)
                self.assertEqual(again.returncode, 1, again.stderr)
                self.assertIn(f"failed: {TOTAL}", again.stderr)

    def test_the_statement_without_an_order_is_named_in_json(self):
        _, found = self.verified("planted", "rows_of_product")
        self.assertEqual(
            found["findings"][0]["statement"], "SELECT value FROM prices WHERE value > 1"
        )
        self.assertEqual(found["findings"][0]["conditions"], ["rows=reversed"])
        self.assertIn("rows=reversed", found["conditions"])

    def test_a_locale_with_a_decimal_comma_is_tried_where_one_is_installed(self):
        locales = self.locales_with_comma()
        run, found = self.verified("planted", "decimal_comma", LOCPATH=locales)
        self.assertEqual(run.returncode, 1, run.stdout)
        (finding,) = found["findings"]
        self.assertEqual(finding["sentence"], f"{TOTAL} fails in the locale de_DE.UTF-8")
        again = self.run_program(shlex.split(finding["again"]), "decimal_comma", LOCPATH=locales)
        self.assertEqual(again.returncode, 1, again.stderr)

    def test_what_cannot_be_tried_is_said(self):
        run, found = self.verified("planted", "decimal_comma", LOCPATH="/nowhere")
        self.assertEqual(run.returncode, 0, run.stdout)
        self.assertEqual(
            found["untried"][0], "another locale, as none with a decimal comma is installed, such as de_DE.UTF-8"
        )
        self.assertIn(f"  not tried: {found['untried'][0]}\n", run.stdout)

    def test_addresses_of_an_allocator_that_isolite_does_not_know_are_left_alone(self):
        unusual = "glibc.malloc.tcache_max=64"
        run, found = self.verified("planted", "clean_with_memory", GLIBC_TUNABLES=unusual)
        self.assertEqual(run.returncode, 0, run.stdout)
        self.assertIn(
            "  not tried: other addresses of memory, as the allocator of this program is not that"
            " of glibc as it usually is\n",
            run.stdout,
        )
        self.assertNotIn("addresses=descending", found["conditions"])
        self.assertEqual("memory=junk" in found["conditions"], can_have("memory"))

    def test_a_case_with_two_clocks_is_not_blamed_for_a_time(self):
        if not can_have("clock"):
            self.skipTest("no process can have another clock here")
        for suite in ("two_clocks", "waits"):
            with self.subTest(suite):
                run, found = self.verified("planted", suite)
                self.assertEqual(run.returncode, 0, run.stdout)
                self.assertEqual(found["with_two_clocks"], [TOTAL])
                self.assertIn(
                    f"  not judged, as they fail with any other clock: {TOTAL}\n",
                    run.stdout,
                )


class cases_in_conditions(suite_in_directory):
    def test_random_numbers_begin_anew_with_each_case(self):
        program = str(PROGRAMS / "planted")
        usual = self.run_program([program], "same_numbers")
        self.assertEqual(usual.returncode, 1, usual.stderr)
        order = ["--in-order=orders/first", "--in-order=orders/second"]
        run = self.run_program([program, *order, "--in-condition=random=5"], "same_numbers")
        self.assertEqual(run.returncode, 0, run.stderr)

    def test_an_unknown_condition_is_refused(self):
        run = self.run_program([str(PROGRAMS / "planted"), "--in-condition=weather=rain"], "clean")
        self.assertEqual(run.returncode, 2)
        self.assertIn(
            'isolite: cannot run cases in a condition: --in-condition is "weather=rain", not a'
            " condition that can be made here\n",
            run.stderr,
        )


class clean_suites(suite_in_directory):
    def test_each_is_called_isolated(self):
        for suite in CLEAN:
            with self.subTest(suite):
                run, found = self.verified("planted", suite)
                self.assertEqual(run.returncode, 0, run.stdout)
                self.assertEqual(found["verdict"], "isolated")
                self.assertEqual(found["leftovers"], [])
                self.assertEqual((found["differences"], found["more_differences"]), ([], 0))
                self.assertEqual(found["run_alone"], found["cases"])
                self.assertEqual(found["failed"] != [], suite in FAILING, run.stdout)
                self.assertTrue(run.stdout.startswith("isolite: isolated: none of "), run.stdout)
                self.assertEqual(run.stderr, "")

    def test_what_fails_wherever_it_runs_is_named_as_that(self):
        run, found = self.verified("planted", "clean_with_failures")
        self.assertEqual(found["failed"], ["orders/broken", "orders/crash"])
        self.assertIn(
            "nothing is known of what fails in every order: orders/broken and orders/crash\n",
            run.stdout,
        )


class frameworks(suite_in_directory):
    def test_in_each_the_culprit_is_found_and_the_command_shows_it(self):
        for framework, (victim, culprit) in DEPENDENT.items():
            program = PROGRAMS / f"dependent_{framework}"
            if not program.exists():
                continue
            with self.subTest(framework):
                run, found = self.verified(program.name)
                self.assertEqual(run.returncode, 1, run.stdout)
                findings = {each["case"]: each for each in found["findings"]}
                self.assertIn(victim, findings, run.stdout)
                self.assertEqual(findings[victim]["culprits"], [culprit])
                again = self.run_program(shlex.split(findings[victim]["again"]))
                self.assertNotEqual(again.returncode, 0)
                self.assertIn(f"1 passed, 1 failed, 4 left out (--in-order)", again.stderr)

    def test_in_each_a_case_that_is_skipped_usually_is_in_the_command_that_is_printed(self):
        options = {
            "boost_test": ["--run_test=+orders/refund"],
            "catch2": ["[late],customers*"],
            "doctest": ["--no-skip"],
            "gtest": ["--gtest_also_run_disabled_tests"],
        }
        for framework, (_, culprit) in DEPENDENT.items():
            program = PROGRAMS / f"dependent_{framework}"
            if not program.exists():
                continue
            with self.subTest(framework):
                run, found = self.verified(program.name, "", *options[framework])
                (finding,) = [each for each in found["findings"] if "refund" in each["case"]]
                self.assertEqual(finding["culprits"], [culprit])
                again = self.run_program(["sh", "-c", finding["again"]])
                self.assertRegex(again.stderr, r"isolite: 1 passed, 1 failed, \d left out \(--in-")
                self.assertIn(f"failed: {finding['case']}", again.stderr)

    def test_in_each_a_case_that_fails_the_second_time_is_found_and_no_other_one_for_that(self):
        for framework, (victim, culprit) in DEPENDENT.items():
            program = PROGRAMS / f"dependent_{framework}"
            if not program.exists():
                continue
            with self.subTest(framework):
                cancel = victim.replace("total", "cancel")
                run, found = self.verified(program.name)
                self.assertEqual(found["twice"], 1)
                self.assertIn(" orders, 1 twice in one process, 6 cases alone, ", run.stdout)
                findings = {each["case"]: each for each in found["findings"]}
                self.assertEqual(
                    {case for case, each in findings.items() if case in each["culprits"]}, {cancel}
                )
                self.assertEqual(findings[cancel]["culprits"], [cancel])
                self.assertEqual(
                    findings[cancel]["sentence"],
                    f"{cancel} fails when it has run before in the process",
                )
                for other in (culprit, victim.replace("total", "count")):
                    self.assertNotIn(other, findings)
                again = self.run_program(shlex.split(findings[cancel]["again"]))
                self.assertNotEqual(again.returncode, 0)
                self.assertIn("isolite: 1 failed, 5 left out (--in-order)", again.stderr)
                self.assertIn(f"failed: {cancel} (failed 1 of 2 times)", again.stderr)

    def test_in_each_a_case_has_another_clock(self):
        if not can_have("clock"):
            self.skipTest("no process can have another clock here")
        for framework, (victim, _) in DEPENDENT.items():
            program = PROGRAMS / f"dependent_{framework}"
            if not program.exists():
                continue
            with self.subTest(framework):
                expiring = victim.replace("total", "pay")
                _, found = self.verified(program.name)
                finding = {each["case"]: each for each in found["findings"]}[expiring]
                self.assertRegex(finding["sentence"], rf"\A{expiring} fails at \d{{4}}-01-01 ")
                again = self.run_program(shlex.split(finding["again"]))
                self.assertNotEqual(again.returncode, 0)
                self.assertIn("isolite: 1 failed, 5 left out (--in-order)", again.stderr)


class repeated_orders(suite_in_directory):
    """Cases that --in-order names more than once run so often, in one process."""

    def told(self, framework, order, *options):
        told = self.temporary.parent / "told"
        told.unlink(missing_ok=True)
        names = {name: name for name in order}
        if framework == "gtest":
            names = {name: name.replace("/", ".") for name in order}
            names["other"] = "others.other"
        run = self.run_program(
            [
                str(PROGRAMS / f"told_{framework}"),
                *options,
                *(f"--in-order={names[name]}" for name in order),
            ],
            ISOLITE_TEST_TOLD=str(told),
        )
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        lines = [line.split(" ", 1) for line in told.read_text().splitlines()]
        # Counted on, as in one process.
        self.assertEqual([int(number) for number, _ in lines], list(range(1, len(lines) + 1)))
        return [what for _, what in lines]

    def each_framework(self, *but):
        for framework in ("boost_test", "catch2", "doctest", "gtest"):
            if framework not in but and (PROGRAMS / f"told_{framework}").exists():
                yield framework

    def test_run_in_passes_each_in_its_order_with_fixtures_of_suites_made_anew(self):
        order = ["other", "orders/first", "orders/second", "orders/second", "other", "orders/first"]
        subcases = ["second, one", "second, two"]
        for framework in self.each_framework():
            second = subcases if framework in ("catch2", "doctest") else ["second"]
            around = ([], []) if framework == "catch2" else (["suite begins"], ["suite ends"])
            is_boost = framework == "boost_test"
            begin, end = (["program begins"], ["program ends"]) if is_boost else ([], [])
            # Where a suite has a fixture, its cases stay together; Boost.Test and GoogleTest keep
            # them so anyway, and Boost.Test runs what others depend on first.
            if framework == "catch2":
                then = [*second, "other", "first"]
            elif is_boost:
                then = [*around[0], "first", *second, *around[1], "other"]
            else:
                then = [*around[0], *second, "first", *around[1], "other"]
            with self.subTest(framework):
                self.assertEqual(
                    self.told(framework, order),
                    [
                        *begin,
                        *["other", *around[0], "first", *second, *around[1]],
                        *end,
                        *begin,
                        *then,
                        *end,
                    ],
                )

    def test_filters_hold_in_each_pass(self):
        second = ["orders/second"] * 3
        for framework, options, expected in (
            ("boost_test", ["--run_test=orders/second"], ["second"]),
            ("doctest", ["--test-case=second", "--subcase=two"], ["second, two"]),
            ("gtest", ["--gtest_filter=*second"], ["second"]),
        ):
            if not (PROGRAMS / f"told_{framework}").exists():
                continue
            with self.subTest(framework):
                told = self.told(framework, second, *options)
                self.assertEqual([each for each in told if each.startswith("second")], expected * 3)

    def test_what_a_filter_takes_as_others_need_it_runs_in_each_pass(self):
        if not (PROGRAMS / "told_boost_test").exists():
            self.skipTest("Boost.Test is not installed")
        order = ["orders/second", "orders/first"] * 2
        told = self.told("boost_test", order, "--run_test=orders/second")
        self.assertEqual([told.count("first"), told.count("second")], [2, 2])

    def test_cases_of_other_shards_run_in_no_pass(self):
        for framework in self.each_framework():
            with self.subTest(framework):
                own = [
                    name
                    for name in ("orders/first", "orders/second", "other")
                    if self.is_in_shard(framework, name)
                ]
                self.assertIn(len(own), (1, 2))
                told = self.told(framework, own * 2, "--shard=1/2")
                cases = {each.split(",")[0] for each in told} & {"first", "second", "other"}
                self.assertEqual(cases, {name.split("/")[-1] for name in own})

    def is_in_shard(self, framework, name):
        try:
            self.told(framework, [name], "--shard=1/2")
        except AssertionError as refused:
            self.assertIn("no case is called", str(refused))
            return False
        return True

    def test_have_the_options_of_doctest_in_each_pass(self):
        if not (PROGRAMS / "told_doctest").exists():
            self.skipTest("doctest is not installed")
        told = self.told("doctest", ["other", "other"], "--no-throw=true")
        self.assertEqual(told, ["other, without exceptions"] * 2)

    def test_a_file_for_the_output_of_doctest_is_the_parents(self):
        if not (PROGRAMS / "told_doctest").exists():
            self.skipTest("doctest is not installed")
        self.told("doctest", ["other", "other"], "--out=out.txt")
        said = (self.here / "out.txt").read_text()
        self.assertTrue(said.startswith("[doctest] doctest version is "), said)
        self.assertIn("test cases: 1 | 1 passed", said)

    def test_run_in_an_order_by_chance_of_the_framework(self):
        if (PROGRAMS / "told_boost_test").exists():
            told = self.told("boost_test", ["other", "orders/first", "other"], "--random=7")
            self.assertEqual((told.count("other"), told.count("first")), (2, 1))
        if (PROGRAMS / "told_doctest").exists():
            told = self.told("doctest", ["other", "orders/first", "other"], "--order-by=rand")
            self.assertEqual([each for each in told if "suite" not in each], ["other", "first", "other"])

    def test_each_repetition_of_them_is_in_new_processes(self):
        run = self.run_program(
            [
                str(PROGRAMS / "planted"),
                f"--in-order={TOTAL}",
                f"--in-order={TOTAL}",
                "--repeat=3",
            ],
            "own_counter",
        )
        self.assertEqual(run.returncode, 1)
        self.assertIn(f"failed: {TOTAL} (failed 3 of 6 times)", run.stderr)

    def test_are_one_workers(self):
        run = self.run_program(
            [str(PROGRAMS / "planted"), "--in-order=orders/1", "--in-order=orders/1", "--workers=2"],
            "clean",
        )
        self.assertNotEqual(run.returncode, 0)
        self.assertEqual(
            run.stderr,
            "isolite: cannot run cases in an order by 2 workers: a case is named twice, and one"
            " worker is to run it both times\n"
            "  hint: leave out --workers, or give --repeat=2, which runs all of them once more, in"
            " new processes\n",
        )


class what_is_written(suite_in_directory):
    def test_a_file_that_a_case_makes_whenever_it_runs_is_removed(self):
        run, _ = self.verified("planted", "file_on_disk")
        self.assertIn("makes the file imported.txt in the working directory\n", run.stdout)
        self.assertEqual(self.files_here(), ["prices.txt"])
        self.assertNotIn("were moved to", run.stdout)
        self.assertEqual(list(self.temporary.glob("isolite-*/verify-*")), [])

    def test_a_file_that_a_case_makes_at_times_is_moved_and_kept(self):
        run, _ = self.verified("planted", "file_at_times")
        (aside,) = self.temporary.glob("isolite-*/verify-*/moved")
        self.assertEqual((aside / "total.txt").read_text(), "42\n")
        self.assertEqual(self.files_here(), ["prices.txt"])
        self.assertIn(
            f"files that cases made in the working directory were moved to {aside}\n", run.stdout
        )

    def test_a_file_that_others_made_meanwhile_is_put_back(self):
        once = self.temporary.parent / "once"
        run, found = self.verified("planted", "file_of_others", ISOLITE_TEST_ONCE=str(once))
        self.assertEqual((self.here / "notes.txt").read_text(), "mine\n")
        self.assertNotIn("were moved to", run.stdout)
        self.assertEqual((run.returncode, found["leftovers"]), (0, []), run.stdout)
        self.assertEqual(list(self.temporary.glob("isolite-*/verify-*")), [])

    def test_a_process_that_a_case_leaves_is_told_once_for_all_experiments(self):
        _, found = self.verified("planted", "process_left")
        (left,) = found["leftovers"]
        self.assertEqual(left["case"], TOTAL)
        self.assertRegex(" ".join(left["leaves"]), r"\Aleaves process \d+ \(planted\) running\Z")

    def test_what_stays_in_an_unknown_place_is_told_by_how_it_fails(self):
        once = self.temporary.parent / "once"
        run, _ = self.verified("planted", "file_elsewhere", ISOLITE_TEST_ONCE=str(once))
        self.assertEqual(run.returncode, 3, run.stdout)
        self.assertIn(f"  {TOTAL} passed at first, and has failed ever since, as if", run.stdout)

    def test_what_hangs_at_first_is_ended_and_told(self):
        run, _ = self.verified("planted", "endless", "--budget=4")
        self.assertEqual(run.returncode, 0, run.stdout)
        self.assertIn(
            "  nothing is known of what fails in every order: orders/endless\n"
            "    orders/endless: it took longer than its timeout of 1 s, and its worker was killed\n",
            run.stdout,
        )

    def test_a_file_that_was_there_stays(self):
        (self.here / "imported.txt").write_text("mine\n")
        run, _ = self.verified("planted", "clean")
        self.assertEqual(run.returncode, 0)
        self.assertEqual((self.here / "imported.txt").read_text(), "mine\n")
        self.assertEqual(list(self.temporary.glob("isolite-*/verify-*")), [])

    def test_the_variables_do_the_same_as_the_options(self):
        found = self.temporary.parent / "found.json"
        run = self.run_program(
            [str(PROGRAMS / "planted")],
            "static_variable",
            ISOLITE_VERIFY="on",
            ISOLITE_BUDGET="30s",
            ISOLITE_VERIFY_JSON=str(found),
        )
        self.assertEqual(run.returncode, 1)
        self.assertEqual(json.loads(found.read_text())["verdict"], "not isolated")

    def test_the_report_for_junit_has_what_depends_and_what_differs(self):
        report = self.temporary.parent / "found.xml"

        def told(suite):
            self.verified("planted", suite, f"--junit={report}")
            cases = xml.etree.ElementTree.parse(report).iter("testcase")
            return {
                f"{each.get('classname')}/{each.get('name')}": [
                    part for part in each if part.tag != "properties"
                ]
                for each in cases
            }

        dependent = told("environment_variable")
        self.assertEqual([name for name, what in dependent.items() if what], [TOTAL])
        (failure,) = dependent[TOTAL]
        self.assertEqual(failure.tag, "failure")
        self.assertIn(f"{TOTAL} fails after {IMPORT}, which sets the variable", failure.text)
        self.assertIn("\nagain: ", failure.text)
        self.assertTrue(failure.get("message").startswith(f"{TOTAL} fails after "))
        differing = told("flaky")
        self.assertEqual([name for name, what in differing.items() if what], [TOTAL])
        (flaky,) = differing[TOTAL]
        self.assertEqual(flaky.tag, "flakyFailure")
        self.assertIn(f"{TOTAL} differs by itself: it failed in ", flaky.text)
        self.assertEqual([what for what in told("clean").values() if what], [])

    def test_the_page_of_a_report_says_the_same_and_what_became_of_each_case(self):
        page = self.temporary.parent / "found.html"
        run, _ = self.verified("planted", "environment_variable", f"--report={page}")
        data = re.search(r'id="data">(.*?)</script>', page.read_text(), re.DOTALL)[1]
        told = json.loads(data)
        (said,) = told["verifications"]
        self.assertEqual("isolite: " + said["text"], run.stdout)
        self.assertEqual((told["counts"]["cases"], told["counts"]["failed"]), (14, 1))
        at = told["cases"]["columns"].index
        (failed,) = [row for row in told["cases"]["rows"] if row[at("verdict")] == "failed"]
        self.assertEqual(failed[at("test")], TOTAL)
        self.assertIn(f"{TOTAL} fails after {IMPORT}", failed[at("text")])
        self.assertEqual(failed[at("died")], 0)
        run, _ = self.verified("planted", "clean", f"--report={page}")
        self.assertIn('"verdict":"passed"', page.read_text())

    def test_a_page_that_cannot_be_written_is_told(self):
        run = self.run_program(
            [str(PROGRAMS / "planted"), "--verify", "--report=/nowhere/found.html"], "clean"
        )
        self.assertEqual(run.returncode, 2)
        self.assertIn("cannot write the report /nowhere/found.html: No such file", run.stderr)

    def test_a_budget_that_is_too_small_is_said(self):
        run, found = self.verified("planted", "clean_with_resources", "--budget=0.05")
        self.assertTrue(found["was_cut"])
        self.assertIn("; a larger --budget tries more\n", run.stdout)

    def test_who_stops_it_gets_what_is_known(self):
        for signal_number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(signal_number):
                run = self.run_program(
                    [
                        "timeout",
                        "--foreground",
                        f"--signal={signal_number.name}",
                        "0.7",
                        str(PROGRAMS / "planted"),
                        "--verify",
                    ],
                    "endless",
                )
                self.assertIn("isolite: could not tell: the verification was stopped\n", run.stdout)
                self.assertIn("\n  1 experiment in ", run.stdout)
                self.assertEqual([each.name for each in self.temporary.glob("iv-*")], [])

    def test_neither_records_nor_a_history_are_kept(self):
        self.verified("planted", "static_variable")
        cache = self.temporary.parent / "cache"
        kept = [str(each) for each in cache.rglob("*") if "runs" in str(each) or "hist" in str(each)]
        self.assertEqual(kept, [])


@unittest.skipUnless(ISOLITE, "the command is not built")
class the_command(suite_in_directory):
    def test_it_shows_what_the_program_found_and_exits_alike(self):
        for suite, status in (("static_variable", 1), ("clean_with_cache", 0), ("flaky", 3)):
            with self.subTest(suite):
                run = self.run_program([ISOLITE, "verify", str(PROGRAMS / "planted")], suite)
                self.assertEqual(run.returncode, status, run.stderr)
                self.assertRegex(
                    run.stdout, r"\Aisolite: (isolated|not isolated|could not tell): .*\n"
                )
                self.assertEqual(run.stderr, "")
                self.assertEqual(list(self.temporary.glob("isolite-*/findings-*")), [])

    def stopped_by(self, number, *options):
        """Stops the command while a case runs. Returns it, what it wrote, and what it started."""
        with subprocess.Popen(
            [ISOLITE, "verify", *options, str(PROGRAMS / "planted")],
            cwd=self.here,
            env=self.variables("endless"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as run:
            started = []
            while len(started) < 2 and run.poll() is None:
                started = descendants_of(run.pid)
            run.send_signal(number)
            if number == signal.SIGKILL:
                run.wait()
            said, complained = run.communicate(timeout=60)
        return run.returncode, said + complained, started

    def test_who_stops_the_command_alone_stops_the_program_and_gets_what_is_known(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            for options in ([], ["--json"]):
                with self.subTest(number=number, options=options):
                    status, said, started = self.stopped_by(number, *options)
                    self.assertEqual(status, 3)
                    self.assertIn("isolite: could not tell: the verification was stopped\n", said)
                    self.assertEqual('"verdict":"could not tell"' in said, options != [])
                    self.assertEqual([each for each in started if not has_ended(each)], [])
                    self.assertEqual(list(self.temporary.glob("isolite-*/findings-*")), [])

    def test_the_program_ends_with_the_command_whatever_ends_that(self):
        status, said, started = self.stopped_by(signal.SIGKILL)
        self.assertEqual([status, said], [-signal.SIGKILL, ""])
        self.assertEqual(len(started), 2)
        until_ended(started)

    def test_an_option_that_it_does_not_have_is_named(self):
        run = self.run_program([ISOLITE, "verify", "--bugdet=5", str(PROGRAMS / "planted")], "clean")
        self.assertEqual(run.returncode, 2)
        self.assertEqual(
            run.stderr,
            "isolite: 'isolite verify' has no option --bugdet=5\n"
            "  hint: 'isolite verify --help' shows what it has; options of the program stand behind"
            " it\n",
        )

    def test_its_help_says_where_the_program_stands(self):
        run = self.run_program([ISOLITE, "verify", "--help"])
        self.assertIn("\nUsage: isolite verify [OPTIONS] PROGRAM [ARGUMENTS...]\n", run.stdout)

    def test_dashes_end_its_options_and_behind_the_program_are_for_the_program(self):
        program = str(PROGRAMS / "planted")
        for words in (
            ["--", program, "orders/*", "customers/*"],
            ["--budget", "30", "--", program, "orders/*", "customers/*"],
        ):
            with self.subTest(words):
                run = self.run_program([ISOLITE, "verify", *words], "static_variable")
                self.assertIn("1 of 2 cases depends on others", run.stdout, run.stderr)
        run = self.run_program([ISOLITE, "verify", "--bugdet=5", "--", program], "clean")
        self.assertIn("'isolite verify' has no option --bugdet=5\n", run.stderr)
        self.assertEqual(self.run_program([ISOLITE, "verify", "--"]).returncode, 2)
        # As one of Boost.Test needs them in front of options of isolite's.
        program = PROGRAMS / "dependent_boost_test"
        if program.exists():
            run = self.run_program([ISOLITE, "verify", str(program), "--", "--shard=1/2"])
            self.assertIn(" of 3 cases depends on others", run.stdout, run.stderr)

    def test_json_is_all_that_it_prints_then(self):
        run = self.run_program(
            [ISOLITE, "verify", "--json", "--budget=30s", str(PROGRAMS / "planted")],
            "static_variable",
        )
        self.assertEqual(json.loads(run.stdout)["findings"][0]["culprits"], [IMPORT])
        self.assertIn("isolite: not isolated: ", run.stderr)

    def test_what_stands_behind_the_program_is_for_the_program(self):
        run = self.run_program(
            [ISOLITE, "verify", str(PROGRAMS / "planted"), "orders/*", "customers/*"],
            "static_variable",
        )
        self.assertEqual(run.returncode, 1)
        self.assertIn("1 of 2 cases depends on others", run.stdout)

    def test_a_program_of_no_framework_is_told_to_be_of_none(self):
        run = self.run_program([ISOLITE, "verify", "true"])
        self.assertEqual(run.returncode, 2)
        self.assertEqual(
            run.stderr,
            "isolite: cannot verify true: its --help is that of no test framework that isolite"
            " knows\n  hint: it is to be a program of Boost.Test, doctest, GoogleTest or Catch2, or"
            " to have an adapter of isolite\n",
        )

    def test_a_program_with_isolite_that_verifies_nothing_is_told(self):
        run = self.run_program([ISOLITE, "verify", str(PROGRAMS / "planted")], "unknown")
        self.assertEqual(run.returncode, 2)
        self.assertEqual(
            run.stderr,
            f"isolite: cannot verify {PROGRAMS}/planted: it ended without a verification; its"
            " status was 2\n  hint: the program must have isolite's adapter of its test framework,"
            " and run a case\n",
        )

    def test_a_program_with_isolite_verifies_itself_also_behind_another_one(self):
        run = self.run_program(
            [ISOLITE, "verify", "env", str(PROGRAMS / "planted")], "environment_variable"
        )
        self.assertIn(DEEDS["environment_variable"], run.stdout, run.stderr)

    def test_what_is_no_program_is_told(self):
        run = self.run_program([ISOLITE, "verify", "./nowhere"])
        self.assertEqual(run.returncode, 2)
        self.assertEqual(
            run.stderr,
            "isolite: cannot start ./nowhere: No such file or directory\n"
            "  hint: write the path of a program, e.g. ./my_tests\n",
        )
        self.assertEqual(self.run_program([ISOLITE, "verify"]).returncode, 2)

    def test_programs_that_a_case_starts_run_their_tests(self):
        run = self.run_program(
            [ISOLITE, "verify", str(PROGRAMS / "planted")],
            "starts_a_program",
            ISOLITE_TEST_PROGRAM=str(PROGRAMS / "planted"),
        )
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertNotIn("fails in every order", run.stdout)


class what_is_refused(suite_in_directory):
    def refusal(self, *options):
        run = self.run_program([str(PROGRAMS / "planted"), *options], "clean")
        self.assertNotEqual(run.returncode, 0)
        return run.stderr

    def test_options_that_choose_what_runs(self):
        for option in ("--in-order=orders/1", "--in-condition=zone=UTC", "--failed", "--repeat=2", "--retries=1", "--maxfail=1"):
            name = option.split("=")[0]
            with self.subTest(option):
                self.assertEqual(
                    self.refusal("--verify", option),
                    f"isolite: cannot verify the suite with {name}: a verification chooses itself"
                    f" what runs, and how often\n  hint: leave out {name}\n",
                )

    def test_another_verification_in_the_same_directory(self):
        own = {"ISOLITE_RUNTIME_DIR": str(self.temporary.parent / "runtime")}
        here = self.here.resolve()
        refused = (
            "isolite: cannot verify the suite: another verification goes on in the working"
            f" directory {here}\n"
            "  hint: wait until it has ended, or verify in another directory\n"
        )
        program = str(PROGRAMS / "planted")
        commands = [[program, "--verify"]]
        if ISOLITE:
            commands += [[ISOLITE, "verify", program], [ISOLITE, "verify", "true"]]
        with subprocess.Popen(
            [program, "--verify", "--budget=300"],
            cwd=self.here,
            env=self.variables("endless", **own),
            stdout=subprocess.DEVNULL,
        ) as first:
            while not descendants_of(first.pid) and first.poll() is None:
                pass
            for command in commands:
                with self.subTest(command):
                    second = self.run_program(command, "clean", **own)
                    self.assertEqual((second.returncode, second.stderr), (2, refused))
            elsewhere = self.here / "elsewhere"
            elsewhere.mkdir()
            third = self.run_program(
                ["sh", "-c", f"cd elsewhere && exec {shlex.quote(program)} --verify"],
                "clean_connection",
                **own,
            )
            self.assertEqual(third.returncode, 0, third.stderr)
            first.send_signal(signal.SIGKILL)
        self.assertEqual(self.run_program([program, "--verify"], "clean", **own).returncode, 0)
        self.assertEqual(list(pathlib.Path(own["ISOLITE_RUNTIME_DIR"]).glob("verified-*")), [])

    def test_an_order_with_a_name_that_no_case_has(self):
        self.assertEqual(
            self.refusal("--in-order=orders/30"),
            "isolite: cannot run cases in an order: no case is called 'orders/30'\n"
            "  hint: did you mean orders/0?\n",
        )
        self.assertIn("hint: write the names as", self.refusal("--in-order=something else"))

    def test_options_of_a_verification_without_one(self):
        for option, task in (
            ("--verify-json=found.json", "write what a verification found"),
            ("--budget=5", "limit the time of a verification"),
        ):
            name = option.split("=")[0]
            with self.subTest(option):
                self.assertEqual(
                    self.refusal(option),
                    f"isolite: cannot {task}: {name} needs --verify\n"
                    f"  hint: give --verify, too, or leave out {name}\n",
                )
                run = self.run_program(
                    [str(PROGRAMS / "planted"), option], "clean", ISOLITE_VERIFY="on"
                )
                self.assertEqual(run.returncode, 0, run.stderr)

    def test_its_status_is_never_that_of_a_suite_that_is_not_isolated(self):
        for name in ("planted", *(each.name for each in PROGRAMS.glob("dependent_*") if each.is_file())):
            for variables in ({"ISOLITE_TIMEOUT": "x"}, {"ISOLITE_CACHE_MB": "x"}):
                with self.subTest(name=name, variables=variables):
                    for asked in (
                        [[str(PROGRAMS / name)]]
                        + ([[ISOLITE, "verify", str(PROGRAMS / name)]] if ISOLITE else [])
                    ):
                        run = self.run_program(asked, "clean", ISOLITE_VERIFY="on", **variables)
                        self.assertEqual(run.returncode, 2, run.stderr)
                        self.assertIn("isolite: cannot ", run.stderr)

    def test_a_file_that_cannot_be_written(self):
        run = self.run_program(
            [str(PROGRAMS / "planted"), "--verify", "--verify-json=/nowhere/found.json"], "clean"
        )
        self.assertEqual(run.returncode, 2)
        self.assertEqual(
            run.stderr,
            "isolite: cannot write what the verification found to /nowhere/found.json\n"
            "  hint: is there a directory of that name, and room in it?\n",
        )

    def test_a_report_for_junit_that_cannot_be_written(self):
        run = self.run_program(
            [str(PROGRAMS / "planted"), "--verify", "--junit=/nowhere/found.xml"], "clean"
        )
        self.assertEqual(run.returncode, 2)
        self.assertIn("cannot write the JUnit report /nowhere/found.xml: No such file", run.stderr)


if __name__ == "__main__":
    chosen_classes.main()
