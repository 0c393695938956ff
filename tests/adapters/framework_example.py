"""Checks what the examples for frameworks without an adapter make of tests, for their tests."""

import pathlib
import re
import tempfile
import xml.etree.ElementTree as xml

from test_program import Run, program

WAYS = [[], ["--workers=1"], ["--workers=2"], ["--workers=2", "--shuffle=1"]]


def run(subject, *arguments, **variables):
    """Runs a subject. `verdicts` of the result holds what the report for JUnit says of each case:
    passed, failure, error or skipped."""
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder, "r.xml")
        done = Run(program(subject), *arguments, f"--junit={report}", **variables)
        done.verdicts = {}
        if report.exists():
            for case in xml.parse(report).getroot().iter("testcase"):
                told = [part.tag for part in case if part.tag in ("failure", "error", "skipped")]
                name = "/".join(filter(None, (case.get("classname"), case.get("name"))))
                done.verdicts[name] = told[0] if told else "passed"
    return done


def failures(done):
    """Returns why cases failed, by their names, as people read it."""
    found = re.findall(r"^isolite: (?:failed: (.*) \(w\d+\)|(.*) failed:)\n((?:  .*\n)*)", done.err,
                       re.M)
    return {in_worker or here: re.sub(r"(?m)^  ", "", why).rstrip("\n")
            for in_worker, here, why in found}


def check_all_ways(test, subject, verdicts, reasons):
    """Expects the same of all ways to run a subject; a reason is a part of what is told."""
    for way in WAYS:
        with test.subTest(way):
            done = run(subject, *way)
            test.assertEqual(done.status, 1)
            test.assertEqual(done.verdicts, verdicts)
            told = failures(done)
            test.assertEqual(sorted(told), sorted(reasons))
            for name, why in reasons.items():
                test.assertIn(why, told[name])


def check_death(test, subject, case):
    """Expects that a case which kills its worker fails alone."""
    before = run(subject, "--workers=2").verdicts
    done = run(subject, "--workers=2", SUBJECT_DIES="1")
    test.assertEqual(done.status, 1)
    test.assertIn("its worker was killed by signal 6 (SIGABRT", failures(done)[case])
    test.assertEqual(done.verdicts, {**before, case: "error"})


def check_evidence(test, subject, case, told_as=None):
    """Expects that a failed case keeps its database."""
    with tempfile.TemporaryDirectory() as folder:
        done = run(subject, "--workers=2", case, ISOLITE_EVIDENCE=folder)
        test.assertIn(f"the database of '{told_as or case}' when it failed:\n  kept: sqlite3",
                      done.err)
        test.assertEqual(len(list(pathlib.Path(folder).rglob("*.db"))), 1)


def check_choice(test, subject, pattern, passed):
    """Expects that only the cases which a pattern chooses count."""
    for way in WAYS:
        with test.subTest(way):
            done = run(subject, *way, pattern)
            test.assertEqual((done.status, done.verdicts), (0, dict.fromkeys(passed, "passed")))
