"""Judges assertions in threads: each failure is told once, whoever runs the case.

Started as: threads_test.py PROGRAM.
"""

import pathlib
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
from test_program import Run  # pylint: disable=wrong-import-position


class Threads(unittest.TestCase):
    def test_each_failure_is_told_once(self):
        for workers in ("0", "1", "2"):
            with self.subTest(workers), tempfile.TemporaryDirectory() as folder:
                report = pathlib.Path(folder, "report.xml")
                run = Run(sys.argv[1], f"--workers={workers}", f"--junit={report}")
                self.assertEqual(run.status, 1, run.err)
                self.assertNotIn("ThreadSanitizer", run.out + run.err)
                failed, = [case for case in xml.parse(report).iter("testcase")
                           if case.find("failure") is not None]
                self.assertEqual(failed.get("name"), "fail_at_once")
                for thread in range(4):
                    for number in range(25):
                        text = f"thread {thread} says {number};"
                        self.assertEqual(run.out.count(text), 1, text)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
