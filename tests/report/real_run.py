"""Runs the subjects, which are real test programs, for the tests of what a report says of them.

A script that imports this is started as: SCRIPT ISOLITE FOLDER_OF_SUBJECTS MESON.
"""

import collections
import json
import os
import pathlib
import re
import resource
import subprocess
import sys
import time
import xml.etree.ElementTree as xml

from report import NOT_OURS, ReportTest, main  # noqa: F401

FOLDER, MESON = os.path.abspath(sys.argv[2]), sys.argv[3]
MS = 1_000_000
FIXTURE, DATA = 30 * MS, 90 * MS  # what the subjects' own fixture sleeps, and the data of a suite
FRAMEWORKS = ("boost_test", "doctest")
ROWS = 12

SUITES = {"kept_clean": ("reads", "updates", "commits"),
          "copied_away": ("reads_copy", "updates_copy"),
          "verdicts": ("fails", "disabled", "needs_another"),
          "with_data": ("first_with_data", "second_with_data")}
SUITE_OF = {case: suite for suite, cases in SUITES.items() for case in cases}
WITHOUT_SESSION = ("sleeps", "sleeps_longer", "fails", "needs_another", "has_a_fixture")

Line = collections.namedtuple("Line", "what case worker pid")


def full_name(framework, case):
    """Returns the name in a report of a case of the subjects; they call rows `row_N`."""
    if framework == "boost_test" and case.startswith("row_"):
        return "rows/" + case[3:]
    return "/".join(filter(None, (SUITE_OF.get(case), case)))


def all_cases(framework):
    """Returns the cases that a subject runs."""
    cases = ["sleeps", "sleeps_longer", "has_a_fixture", *SUITE_OF,
             *(f"row_{number}" for number in range(ROWS))]
    if framework == "doctest":
        cases += ["subcases"]
    return [case for case in cases if case != "disabled"
            and (framework == "boost_test" or case != "needs_another")]


def program_of(framework):
    return os.path.join(FOLDER, "subject_" + framework)


def with_each_framework(test):
    """Lets a test run once for each framework, in a place of its own."""
    def tests(self):
        for framework in FRAMEWORKS:
            with self.subTest(framework=framework):
                if not os.path.exists(program_of(framework)):
                    self.skipTest(f"isolite was built without {framework}.")
                self.setUp()
                test(self, framework)
    return tests


def table(figures, name="cases"):
    """Returns the rows of a table of a report, each by the names of its columns."""
    return [dict(zip(figures[name]["columns"], row)) for row in figures[name]["rows"]]


def cases_of(figures):
    """Returns what a report says of each case, by its name. No name may stand twice."""
    rows = table(figures)
    found = {row["test"]: row for row in rows}
    assert len(found) == len(rows), sorted(row["test"] for row in rows)
    return found


def worker_of(figures, case):
    return figures["processes"][case["process"]]["worker"]


def verdict_in(element):
    tags = {child.tag for child in element}
    if tags & {"failure", "error"}:
        return "failed"
    return "skipped" if "skipped" in tags else "passed"


def verdicts_of_framework(framework, file):
    """Returns by full name what the framework's own JUnit report says.

    Boost.Test: CLASS/NAME, a class being the suites with dots in between; it also tells of what is
    disabled or not chosen, which isolite does not count. doctest: a file is the class, suites are
    not told, and each path through the subcases is a case NAME/SUBCASE/SUBCASE.
    """
    verdicts = {}
    for case in xml.parse(file).getroot().iter("testcase"):
        name = case.get("name")
        if "- reason: 'disabled'" in case.findtext("system-out", ""):
            continue
        if framework == "boost_test":
            name = "/".join(filter(None, (case.get("classname", "").replace(".", "/"), name)))
        else:
            name = full_name(framework, name.split("/")[0])
        if verdicts.get(name) != "failed":
            verdicts[name] = verdict_in(case)
    return verdicts


def verdicts_of_isolite(file):
    """Returns by full name what isolite's JUnit report says, in the words of `isolite report`."""
    verdicts = {}
    for suite in xml.parse(file).getroot().iter("testsuite"):
        for case in suite.iter("testcase"):
            skipped = case.find("skipped")
            said = skipped.get("message") if skipped is not None else ""
            verdict = next((kind for kind in ("not run", "left out") if said.startswith(kind)),
                           verdict_in(case))
            leaf = case.get("name")
            suite_name = "" if suite.get("name").startswith("subject") else suite.get("name")
            name = "/".join(filter(None, (suite_name, leaf)))
            assert name not in verdicts, name
            verdicts[name] = verdict
    return verdicts


class Ended:
    """A program that ended, and what Python knows of it."""

    def __init__(self, process, begun):
        self.out, self.err = process.communicate(timeout=120)
        self.wall_ns = time.monotonic_ns() - begun
        self.status = process.returncode


class RealRunTest(ReportTest):
    """Gives each test directories of its own. A run is named by its id."""

    def setUp(self):
        super().setUp()
        self.log = self.root / "log"
        for name in ("tmp", "runtime"):
            (self.root / name).mkdir(mode=0o700)

    def environment(self, acts="", **variables):
        """`acts`: see subject.hpp. A variable with the value None is not set."""
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith((*NOT_OURS, "BOOST_TEST_", "SUBJECT"))}
        ours = {"ISOLITE_CACHE": self.cache, "ISOLITE_RUNTIME_DIR": self.root / "runtime",
                "ISOLITE_EVIDENCE": "off", "TMPDIR": self.root / "tmp", "HOME": self.root,
                "SUBJECT": acts, "SUBJECT_LOG": self.log, **variables}
        return {name: str(value) for name, value in {**kept, **ours}.items() if value is not None}

    def start(self, framework, *arguments, run="run", acts="", **variables):
        environment = self.environment(acts, **{"ISOLITE_RUN_ID": run, **variables})
        color = {"boost_test": ["--color_output=no"], "doctest": ["--no-colors"]}.get(framework, [])
        return subprocess.Popen(
            [program_of(framework), *color, *map(str, arguments)], env=environment,
            cwd=self.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)))

    def run_subject(self, framework, *arguments, **options):
        begun = time.monotonic_ns()
        return Ended(self.start(framework, *arguments, **options), begun)

    def run_by(self, framework, workers, acts, **variables):
        """Returns a run by so many forked workers, 0 being none, and what the report says of it."""
        self.runs_begun = getattr(self, "runs_begun", 0) + 1
        run = f"run-{self.runs_begun}"
        ended = self.run_subject(framework, f"--workers={workers}", run=run, acts=acts, **variables)
        return ended, self.json(run)

    def lines(self):
        """Returns what the cases wrote."""
        text = self.log.read_text() if self.log.exists() else ""
        return [Line(what, case, worker, int(pid)) for what, case, worker, pid in
                map(str.split, re.findall(".*\n", text))]

    def kept_files(self, pattern="*.jsonl"):
        return list(pathlib.Path(self.root).rglob(pattern))

    def json_trace(self, run):
        return json.loads(self.output(run, "--trace", "-"))

    def check_sums(self, figures, within=0.02):
        """Returns the largest deviation of the sums of a worker from its life, as a part of it."""
        worst = 0
        for worker in figures["workers"]:
            parts = [worker[part] for part in ("tests_ns", "fixtures_ns", "idle_ns")]
            self.assertGreaterEqual(min(parts), 0, worker)
            off = abs(sum(parts) - worker["wall_ns"]) / worker["wall_ns"]
            self.assertLessEqual(off, within, worker)
            worst = max(worst, off)
        return worst
