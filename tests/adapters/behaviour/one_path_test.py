"""Judges cases that open one path: with --files each finds it new, whoever runs it.

Started as: one_path_test.py PROGRAM.
Variables: ISOLITE_TEST_ROUNDS, how often all frameworks together run two programs at once; 200 by
default and at most.
"""

import concurrent.futures
import os
import pathlib
import sys
import tempfile
import unittest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
from test_program import Run  # pylint: disable=wrong-import-position

FRAMEWORKS = 5
ROUNDS = max(min(int(os.environ.get("ISOLITE_TEST_ROUNDS", "200")), 200) // FRAMEWORKS, 1)


class OnePath(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.file = str(self.folder / "shop.db")

    def run_program(self, *arguments):
        return Run(sys.argv[1], *arguments, ONE_PATH=self.file)

    def left(self):
        return sorted(each.name for each in self.folder.iterdir())

    # [control: one path]
    def test_control_a_case_meets_what_another_one_left_on_the_disk(self):
        run = self.run_program("--workers=0")
        self.assertNotEqual(run.status, 0, run.out)
        self.assertIn("shop.db", self.left())

    # [promise: one path] Cases that open one path, in one process, in several workers or in
    # programs that run at once, never meet.
    def test_each_case_finds_a_claimed_path_new(self):
        for workers in ("0", "1", "2"):
            with self.subTest(workers):
                run = self.run_program("--files=*.db", f"--workers={workers}")
                self.assertEqual(run.status, 0, run.out + run.err)
                self.assertEqual(self.left(), [])

    # [promise: one path]
    def test_two_programs_at_once_never_meet(self):
        with concurrent.futures.ThreadPoolExecutor(2) as both:
            for _ in range(ROUNDS):
                runs = [both.submit(self.run_program, "--files=*.db", f"--workers={workers}")
                        for workers in ("0", "2")]
                for run in (each.result() for each in runs):
                    self.assertEqual(run.status, 0, run.out + run.err)
        self.assertEqual(self.left(), [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
