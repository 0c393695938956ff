"""Judges what a failing test keeps: its database, the command that opens it, and what differs."""

import os
import pathlib
import re
import shlex
import sqlite3
import tempfile
import unittest
import xml.etree.ElementTree as xml

from test_program import Run, SOURCES, commit_hint, main, program

TEA_REPLACED = """table products: 1 row added, 1 removed
- id=1, name='tea'
+ id={}, name='bread'"""


def indented(lines, depth):
    """Returns the lines of a difference as they stand below what precedes them."""
    first, *rows = lines.splitlines()
    return "".join(["\n" + " " * depth + first, *("\n" + " " * (depth + 2) + row for row in rows)])


class Evidence:
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name).resolve()
        for name in ("current", "temporary"):
            (self.root / name).mkdir()
        self.place = self.root / "kept"
        self.runs = 0

    def run_(self, *arguments, **variables):
        self.runs += 1  # below a test runner all would be one run
        defaults = {"ISOLITE_EVIDENCE": str(self.place), "TMPDIR": str(self.root / "temporary"),
                    "ISOLITE_RUN_ID": f"r{self.runs}", "ISOLITE_WORKER_SLOT": "0"}
        return Run(program(f"{self.framework}_evidence"), *self.plain, *arguments,
                   cwd=self.root / "current", **{**defaults, **variables})

    def kept(self):
        """Returns the databases that were written anywhere."""
        return sorted(self.root.rglob("*.db"))

    def only_kept(self):
        path, = self.kept()
        return path

    @staticmethod
    def rows_in(path, sql="SELECT name FROM products ORDER BY id"):
        database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            return [row for row, in database.execute(sql)]
        finally:
            database.close()

    def note(self, name, path, difference):
        return (f"the database of '{name}' when it failed:\n  kept: sqlite3 -readonly '{path}'\n"
                f"  it differs from what the test found:{indented(difference, 4)}\n")

    def test_a_test_that_fails_keeps_its_database_with_its_uncommitted_rows(self):
        for name in self.failing:
            with self.subTest(name):
                self.setUp()
                run = self.run_(*self.only(name))
                self.assertEqual(run.status, self.failure)
                path = self.only_kept()
                self.assertIn(self.note(name, path, TEA_REPLACED.format(3)), run.out)
                self.assertEqual(run.out.count("when it failed"), 1)
                self.assertEqual(self.rows_in(path), ["milk", "bread"])
                self.assertEqual(self.rows_in(path, "PRAGMA integrity_check"), ["ok"])
                self.assertEqual(path.stem, re.sub("[^A-Za-z0-9_.]", "-", name))

    def test_the_command_that_is_printed_opens_the_file(self):
        run = self.run_(*self.only(self.failing[0]))
        command = shlex.split(re.search("kept: (.*)", run.out)[1])
        self.assertEqual(command, ["sqlite3", "-readonly", str(self.only_kept())])
        self.assertEqual(self.rows_in(command[2]), ["milk", "bread"])

    def test_the_note_is_no_failure_of_its_own(self):
        run = self.run_(*self.only(self.failing[0]))
        self.assertIn(self.one_failure, run.out + run.err)

    def test_a_leak_keeps_its_database_in_its_one_message(self):
        run = self.run_(*self.only("leaks"))
        path = self.only_kept()
        self.assertIn("cannot end 'leaks' with a clean database: it committed changes to the "
                      f"database 'stock' with \"COMMIT\"{indented(TEA_REPLACED.format(3), 2)}\n"
                      f"  kept: sqlite3 -readonly '{path}'\n  hint: "
                      f"{commit_hint(self.framework, 'leaks')}\n", run.out)
        self.assertNotIn("when it failed", run.out)
        self.assertEqual(self.rows_in(path), ["milk", "bread"])

    def test_what_the_suite_wrote_is_kept_and_is_no_difference(self):
        run = self.run_(*self.only("orders/fails"))
        path = self.only_kept()
        self.assertIn(self.note("orders/fails", path, TEA_REPLACED.format(4)), run.out)
        self.assertEqual(self.rows_in(path), ["milk", "of orders", "bread"])

    def test_each_database_of_a_test_is_kept(self):
        name = self.two_databases
        run = self.run_(*self.only(name))
        people, goods = sorted(self.kept(), key=lambda path: path.stem.endswith("-2"))
        self.assertEqual(self.rows_in(people, "SELECT count(*) FROM people"), [0])
        self.assertEqual(self.rows_in(goods), ["milk", "bread"])
        self.assertIn(self.note(name, goods, TEA_REPLACED.format(3)), run.out)
        self.assertIn(f"the database of '{name}' when it failed:\n  kept: sqlite3 -readonly "
                      f"'{people}'\n  nothing differs from what the test found\n", run.out)

    def test_tests_that_pass_keep_nothing(self):
        run = self.run_(*self.passing)
        self.assertEqual(run.status, 0, run.out + run.err)
        self.assertNotIn("sqlite3", run.out + run.err)
        self.assertEqual(self.kept(), [])
        self.assertFalse(self.place.exists())

    def test_a_test_that_passes_after_one_that_failed_keeps_nothing(self):
        run = self.run_(*self.first_and_passing)
        self.assertEqual(run.status, self.failure)
        self.assertEqual(run.out.count("when it failed"), 1)
        self.assertEqual(self.rows_in(self.only_kept()), ["milk", "bread"])

    def test_off_keeps_nothing_and_says_nothing_of_it(self):
        run = self.run_(ISOLITE_EVIDENCE="off")
        self.assertEqual(run.status, self.failure)
        self.assertIn("cannot end 'leaks' with a clean database", run.out)
        self.assertNotIn("sqlite3", run.out + run.err)
        self.assertNotIn("when it failed", run.out)
        self.assertEqual(self.kept(), [])

    def test_a_process_keeps_ten_at_most(self):
        run = self.run_(*self.many)
        self.assertEqual(run.out.count("kept: sqlite3 "), 10)
        self.assertEqual(run.out.count("not kept: those of 10 tests"), 2)
        self.assertEqual(run.out.count("when it failed"), 12)
        self.assertEqual(len(self.kept()), 10)

    def test_a_run_removes_what_the_last_one_kept(self):
        self.run_(*self.only("throws"))
        first = self.only_kept()
        self.run_(*self.only("leaks"))
        self.assertEqual(self.only_kept().name, "leaks.db")
        self.assertFalse(first.exists())

    def test_a_run_that_passes_removes_what_the_last_one_kept(self):
        self.run_(*self.only("throws"))
        self.assertEqual(self.run_(*self.passing).status, 0)
        self.assertEqual(self.kept(), [])

    def test_by_default_it_goes_to_the_temporary_directory_and_nowhere_else(self):
        trees = [SOURCES, pathlib.Path(program("."))]
        before = [sorted(tree.rglob("*.db")) for tree in trees]
        run = self.run_(*self.only("throws"), ISOLITE_EVIDENCE="")
        own = self.root / "temporary" / f"isolite-{os.geteuid()}" / "evidence"
        self.assertTrue(self.only_kept().is_relative_to(own), run.out)
        self.assertEqual(list((self.root / "current").iterdir()), [])
        self.assertEqual([sorted(tree.rglob("*.db")) for tree in trees], before)


class BoostTestEvidence(Evidence, unittest.TestCase):
    framework = "boost_test"
    failure = 201
    plain = ["--color_output=no"]
    failing = ["fails_an_assertion", "fails_a_requirement", "fails_with_a_message", "throws",
               "throws_in_its_set_up", "fails_after_a_commit"]
    two_databases = "fails_with_two_databases"
    passing = ["--run_test=passing", "--run_test=orders/passes"]
    first_and_passing = ["--run_test=fails_an_assertion", *passing]
    many = ["--run_test=many"]
    one_failure = "*** 1 failure is detected"

    def only(self, name):
        return ["--run_test=" + name]

    def test_xml_has_the_note_beside_the_failure(self):
        run = self.run_("--log_format=XML", *self.only("throws"))
        document = xml.fromstring(run.out)
        notes = [error.text for error in document.iter("Error")]
        self.assertEqual(len(notes), 1)
        self.assertIn("the database of 'throws' when it failed:", notes[0])


class DoctestEvidence(Evidence, unittest.TestCase):
    framework = "doctest"
    failure = 1
    plain = ["--no-colors"]
    failing = ["fails an assertion", "fails a requirement", "fails with a message", "throws",
               "throws in its set-up", "fails after a commit",
               "passes through subcases/the second of three fails",
               "passes through subcases/the first of two throws"]
    two_databases = "fails with two databases"
    passing = ["--test-case=in rollback,in copy_on_write,with a*,passes in orders"]
    first_and_passing = ["--order-by=file", passing[0] + ",fails an assertion"]
    many = ["--test-case=many*"]
    one_failure = "| 1 failed |\n[doctest] Status: FAILURE!"

    def only(self, name):
        suite, _, case = name.rpartition("/")
        return ["--test-case=" + case, "--test-suite=" + suite]

    def test_each_pass_through_subcases_that_fails_keeps_its_own(self):
        run = self.run_(*self.only("passes through subcases/both fail"))
        self.assertEqual(run.out.count("when it failed"), 2)
        self.assertEqual([self.rows_in(path) for path in self.kept()], [["milk", "bread"]] * 2)

    def test_xml_has_the_note_beside_the_failure(self):
        run = self.run_("--reporters=xml", *self.only("throws"))
        notes = [message.findtext("Text") for message in xml.fromstring(run.out).iter("Message")]
        self.assertEqual(len(notes), 1)
        self.assertIn("the database of 'throws' when it failed:", notes[0])


if __name__ == "__main__":
    main()
