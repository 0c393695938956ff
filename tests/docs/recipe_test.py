"""A recipe of docs/files.md: an application that opens its database by path, with some library.
Claimed, by its fixture or by --files, its tests pass in every way, and no file is on the disk.
Unclaimed they fail.

usage: recipe_test.py CLAIMED UNCLAIMED
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

CLAIMED, UNCLAIMED = sys.argv[1:3]
CASES = 4
OURS = ("ISOLITE_", "NEXTEST_", "PYTEST_XDIST", "TEST_", "CTEST_RESOURCE")
FILES = "--files=*.db"


class recipe(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.directory = temporary.name

    def run_cases(self, program, *options):
        """Returns the exit status, what was written, and which files are in the temporary
        directory afterwards, where the database would be."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        done = subprocess.run(
            [program, *options], capture_output=True, text=True, check=False, timeout=100,
            env={**kept, "ISOLITE_CACHE": "off", "TMPDIR": self.directory})
        files = [path.name for path in pathlib.Path(self.directory).rglob("*")
                 if path.is_file() and "isolite" not in str(path.relative_to(self.directory))]
        return done.returncode, done.stdout + done.stderr, files

    def check_isolated(self, program, *options):
        for workers in ([], ["--workers=2"], ["--workers=2", "--shuffle=1"]):
            with self.subTest(workers=workers):
                status, text, files = self.run_cases(program, *options, *workers)
                self.assertEqual(status, 0, text)
                self.assertRegex(text, rf"test cases: +{CASES} \| +{CASES} passed")
                self.assertNotIn("isolite: cannot", text)
                self.assertEqual(files, [])

    def test_cases_are_isolated_by_the_fixture(self):
        self.check_isolated(CLAIMED)

    def test_cases_are_isolated_by_the_command_line(self):
        self.check_isolated(UNCLAIMED, FILES)

    def test_control_unclaimed_cases_meet_in_a_file(self):
        status, text, files = self.run_cases(UNCLAIMED)
        self.assertNotEqual(status, 0, text)
        self.assertIn("orders.db", files)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
