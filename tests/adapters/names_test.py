"""Judges the commands that run a failed case again: a shell and the framework read them as they are
meant, whatever the case is called.

Started as: names_test.py FOLDER_OF_PROGRAMS FRAMEWORK...
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml

from test_program import OURS, program

FRAMEWORKS = sys.argv[2:]
# Options that choose cases which are not chosen without them.
ALL = {"doctest": ["--no-skip"], "gtest": ["--gtest_also_run_disabled_tests"],
       "catch2": ["*,[.]"], "boost_test": [], "plain": []}
# What else has to run, because the case depends on it.
NEEDED = {("boost_test", "dependent"): {"simple"}}


class Names(unittest.TestCase):
    def run_shell(self, command, number):
        """Returns what became of the cases that a command of a shell runs, and what it says."""
        with tempfile.TemporaryDirectory() as folder:
            report = pathlib.Path(folder, "report.xml")
            outside = {name: value for name, value in os.environ.items()
                       if not name.startswith(OURS)}
            done = subprocess.run(["sh", "-c", f"{command} --junit={report}"], text=True,
                                  env={**outside, "ISOLITE_EVIDENCE": "off", "ISOLITE_CACHE": "off",
                                       "SUBJECT_FAILS": str(number)},
                                  capture_output=True, check=False)
            self.assertTrue(report.exists(), command + "\n" + done.stdout + done.stderr)
            cases = [case for case in xml.parse(report).getroot().iter("testcase")
                     if case.find("skipped") is None]
        return [((case.get("classname"), case.get("name")), case.find("failure") is None)
                for case in cases], done.stderr

    def check(self, framework, way):
        name = program(f"{framework}_names")
        everything = f"{name} {way} " + " ".join(f"'{word}'" for word in ALL[framework])
        count = len(self.run_shell(everything, "none")[0])
        self.assertGreater(count, 6)
        for number in range(count):
            with self.subTest(framework, way=way, number=number):
                cases, told = self.run_shell(everything, number)
                failed, = [case for case, passed in cases if not passed]
                debug, = re.findall(r"debug: gdb --args (.*)", told)
                again, = re.findall(r"^  again: (.*?)(?:      debug.*)?$", told, re.M)
                self.assertNotIn("--failed", again)  # without a cache there is no history
                for command in (debug, again):
                    cases, _ = self.run_shell(command, number)
                    needed = NEEDED.get((framework, failed[1]), set())
                    self.assertEqual(sorted(case for case, passed in cases if not passed), [failed],
                                     command)
                    self.assertEqual({case[1] for case, passed in cases if passed}, needed, command)

    def test_the_commands_run_exactly_the_case_that_failed(self):
        for framework in FRAMEWORKS:
            for way in ("--workers=0", "--workers=1"):
                self.check(framework, way)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
