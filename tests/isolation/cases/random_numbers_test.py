"""SQLite's random numbers differ in every forked worker and every retry.

usage: random_numbers_test.py PROGRAM
"""

import os
import subprocess
import sys
import tempfile
import unittest

PROGRAM = None


def numbers(workers, *options, **variables):
    with tempfile.TemporaryDirectory() as home:
        noted = os.path.join(home, "numbers")
        environment = {**os.environ, "RANDOM_NUMBERS": noted, **variables}
        subprocess.run(
            [PROGRAM, f"--workers={workers}", *options],
            env=environment,
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        with open(noted, encoding="utf-8") as file:
            return file.read().split()


class RandomNumbers(unittest.TestCase):
    def expect_distinct(self, seen, at_least):
        self.assertGreaterEqual(len(seen), at_least)
        self.assertEqual(len(seen), len(set(seen)), seen)

    def test_they_differ_in_forked_workers(self):
        self.expect_distinct(numbers(2), 6)

    def test_they_differ_when_every_image_is_built_anew(self):
        self.expect_distinct(numbers(2, ISOLITE_CACHE_FRESH="on"), 6)
        self.expect_distinct(numbers(6, ISOLITE_CACHE_FRESH="on"), 6)

    def test_they_differ_in_retries(self):
        self.expect_distinct(numbers(2, "--retries=2", FAILS="1"), 18)
        self.expect_distinct(
            numbers(2, "--retries=2", FAILS="1", ISOLITE_CACHE_FRESH="on"), 18
        )

    def test_they_differ_in_two_runs(self):
        self.expect_distinct(numbers(0) + numbers(0), 12)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
