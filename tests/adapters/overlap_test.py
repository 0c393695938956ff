"""Judges by their times which cases of forked workers overlapped."""

import itertools
import pathlib
import tempfile
import unittest

from test_program import Run, main, program


class Overlap:
    def times(self, suite, patience):
        with tempfile.TemporaryDirectory() as folder:
            run = Run(program(self.program), "--workers=4", *([self.filter + suite] if suite else []),
                      SUBJECT_TIMES=folder, SUBJECT_PATIENCE=str(patience))
            self.assertEqual(run.status, 0, run.err)
            return {path.stem: tuple(map(int, path.read_text(encoding="utf-8").split()))
                    for path in pathlib.Path(folder).glob("*.times")}

    @staticmethod
    def overlapping(times):
        return {(one, other) for one, other in itertools.combinations(sorted(times), 2)
                if times[one][0] < times[other][1] and times[other][0] < times[one][1]}

    def test_cases_that_share_nothing_overlap(self):
        self.assertNotEqual(self.overlapping(self.times("unbound", 5000)), set())

    def test_cases_that_share_a_resource_never_overlap(self):
        for suite, count in (("sharing", 3), ("sharing_suite", 2)):
            times = self.times(suite, 40)
            self.assertEqual((len(times), self.overlapping(times)), (count, set()))

    def test_a_serial_case_overlaps_nothing(self):
        times = self.times("", 40)
        self.assertEqual(len(times), 11)
        self.assertEqual([pair for pair in self.overlapping(times)
                          if any(name.startswith("alone") for name in pair)], [])


class BoostTestOverlap(Overlap, unittest.TestCase):
    program = "boost_test_overlap"
    filter = "--run_test="


class DoctestOverlap(Overlap, unittest.TestCase):
    program = "doctest_overlap"
    filter = "--test-suite="


if __name__ == "__main__":
    main()
