"""Runs test programs of Boost.Test and doctest and reads what they say, for the tests of this folder.

A script that imports this is started as: SCRIPT FOLDER_OF_PROGRAMS [ARGUMENTS OF UNITTEST].
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml

SOURCES = pathlib.Path(__file__).resolve().parent
OURS = ("ISOLITE_", "NEXTEST_", "PYTEST_XDIST", "TEST_", "CTEST_RESOURCE", "GTEST_", "BOOST_TEST_")

ONE_PRODUCT = "\n  table products: 1 row added\n    + id=3, name='bread'"
# What a user writes so that a test may commit, by the framework; "": by none.
WAYS_TO_COMMIT = {
    "": "open the session with isolite::mode::copy_on_write",
    "boost_test": "decorate the test with "
                  "*isolite::boost_test::isolated(isolite::mode::copy_on_write)",
    "catch2": "tag the test with [copy_on_write]",
    "doctest": "decorate the test with * isolite::doc_test::isolated(isolite::mode::copy_on_write)",
    "gtest": "mark the test outside of functions: const bool marked = isolite::googletest::mark("
             '"{test}", isolite::googletest::isolated(isolite::mode::copy_on_write));',
    "plain": "add the case with the mark {{isolite::mode::copy_on_write}}, or open its fixture in "
             "that mode",
}


def commit_hint(framework, test):
    return ("use copy_on_write for code that commits or opens connections of its own: "
            + WAYS_TO_COMMIT[framework].format(test=test))


def leak(framework, test, changes=ONE_PRODUCT, database="stock"):
    """Returns what a test fails with that committed; `changes` are lines."""
    return (f"cannot end '{test}' with a clean database: it committed changes to the database "
            f"'{database}' with \"COMMIT\"{changes}\n  hint: {commit_hint(framework, test)}")


# Why the databases of broken_seeds.hpp cannot be made, by the names of their seeds.
REASONS = {
    "wrong-sql": "cannot apply the seed 'wrong-sql': SQL text 1:2: no such table: nowhere, in "
                 '"INSERT INTO nowhere VALUES (1)"\n  hint: the statements before it succeeded',
    "missing-file": "cannot apply the seed 'missing-file': /nowhere/schema.sql: No such file or "
                    "directory\n  hint: a relative path is taken from the working directory, which "
                    f"is '{os.getcwd()}'; give an absolute one, for instance from a define that "
                    "the build sets",
    "throwing-step": "cannot apply the seed 'throwing-step': step 'prices' failed: the price list "
                     "is empty\n  hint: the step threw this exception",
    "throwing-description": "cannot describe a seed: no such directory\n  hint: the function "
                            "seed() of the database threw this exception",
    "throwing-connection": "cannot open a connection to 'file:throwing-connection?vfs=isolite': "
                           "the extension is missing\n  hint: a step given to on_connect threw "
                           "this exception",
}


class Case:
    """What a program said about one of its test cases."""

    def __init__(self, file, line, passed, messages):
        self.file, self.line, self.passed, self.messages = file, line, passed, messages

    @property
    def texts(self):
        return [text for _, _, text in self.messages]


class Run:
    """One run of a program, in an environment without traces of an outer run, without evidence."""

    def __init__(self, program, *arguments, cwd=None, **variables):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        done = subprocess.run([program, *arguments],
                              env={**kept, "ISOLITE_EVIDENCE": "off", **variables},
                              cwd=cwd, capture_output=True, text=True, check=False)
        self.status, self.out, self.err = done.returncode, done.stdout, done.stderr


def number(text):
    return int(text) if text else 0


FAILURES = ("Error", "FatalError", "Exception")


class BoostRun(Run):
    """A run of a Boost.Test program; `cases` holds those that ran, by their full names in order.

    `suites` holds what was said in suites themselves, as lists of texts.
    """

    framework = "boost_test"
    failure = 201
    failure_to_start = 200

    def __init__(self, program, *arguments, **variables):
        self.cases = {}
        self.skipped = {}
        self.suites = {}
        with tempfile.NamedTemporaryFile() as log:
            super().__init__(program, "--log_format=XML", "--log_level=test_suite",
                             "--log_sink=" + log.name, "--report_level=detailed",
                             "--report_format=HRF", "--color_output=no", *arguments, **variables)
            written = log.read()
        # Boost.Test says in front of its XML which dependencies it adds to a filter.
        document = written[written.find(b"<TestLog"):]
        for suite in xml.fromstring(document) if document else []:
            self.read_suite(suite, "")

    def read_suite(self, suite, path):
        for unit in suite:
            name = path + unit.get("name", "")
            if unit.tag == "TestSuite":
                self.read_suite(unit, name + "/")
            elif unit.tag in FAILURES:
                self.suites.setdefault(path.rstrip("/"), []).append(unit.text.strip())
            elif unit.tag == "TestCase" and unit.get("skipped") == "yes":
                self.skipped[name] = unit.get("reason")
            elif unit.tag == "TestCase":
                self.cases[name] = Case(unit.get("file"), number(unit.get("line")),
                                        f'Test case "{name}" has passed' in self.err,
                                        [(part.get("file"), number(part.get("line")),
                                          (part.text or "").strip())
                                         for part in unit
                                         if part.tag in FAILURES])


class DoctestRun(Run):
    """A run of a doctest program; `cases` holds those that ran, as SUITE/NAME in order.

    `suites` holds what was said in suites themselves, as lists of texts.
    """

    framework = "doctest"
    failure = 1
    failure_to_start = 1

    def __init__(self, program, *arguments, **variables):
        super().__init__(program, "--reporters=xml", *arguments, **variables)
        self.cases = {}
        self.skipped = {}
        self.suites = {}
        if self.out:
            for suite in xml.fromstring(self.out).iter("TestSuite"):
                self.read_suite(suite)

    def read_suite(self, suite):
        path = suite.get("name") + "/" if suite.get("name") else ""
        for message in suite.findall("Message"):
            self.suites.setdefault(path[:-1], []).append(message.findtext("Text").strip())
        for case in suite.iter("TestCase"):
            name = path + case.get("name")
            if case.get("skipped") == "true":
                self.skipped[name] = "skipped"
                continue
            messages = [(part.get("filename"), number(part.get("line")),
                         part.findtext("Text").strip())
                        for part in case.iter("Message") if part.get("type") != "WARNING"]
            messages += [(None, 0, part.text.strip()) for part in case.iter("Exception")]
            messages = [(part.get("filename"), number(part.get("line")),
                         f"{part.get('type')}: {part.findtext('Expanded').strip()}")
                        for part in case.iter("Expression")] + messages
            passed = case.find("OverallResultsAsserts").get("test_case_success") == "true"
            self.cases[name] = Case(case.get("filename"), number(case.get("line")), passed,
                                    messages)


def declared_at(source, text):
    """Returns the number of the one line of a source file that has `text` in it."""
    lines = (SOURCES / source).read_text(encoding="utf-8").splitlines()
    found = [index for index, line in enumerate(lines, 1) if text in line]
    assert len(found) == 1, f"{text} is on lines {found} of {source}"
    return found[0]


def program(name):
    return str(pathlib.Path(sys.argv[1], name))


def main():
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
