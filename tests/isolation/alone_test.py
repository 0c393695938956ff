"""Runs a sample of the isolation suite's cases, each alone in a process of its own.

Usage: alone_test.py PROGRAM [ARGUMENTS OF ITS OWN]
"""

import subprocess
import sys
import unittest

PROGRAM, *ARGUMENTS = sys.argv[1:]
EVERY = 9  # shares no factor with the sizes of the families that grow by pairs


def run(*options):
    return subprocess.run([PROGRAM, *options, "--", *ARGUMENTS], capture_output=True, text=True,
                          check=False)


def all_cases():
    suite, cases = None, []
    for line in run("--list_content").stderr.splitlines():
        name = line.rstrip("*")
        if not name.startswith(" "):
            suite = name
        elif suite:
            cases.append(f"{suite}/{name.strip()}")
    return cases


class Alone(unittest.TestCase):
    def test_a_case_passes_that_nothing_ran_before(self):
        cases = all_cases()[::EVERY]
        self.assertGreater(len(cases), 30)
        for case in cases:
            with self.subTest(case):
                done = run("--run_test=" + case, "--report_level=short")
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                self.assertRegex(done.stderr, r"\b1 test case out of \d+ passed")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
