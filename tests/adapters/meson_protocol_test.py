"""Meson's own report has every case of a program with workers, with its time.

usage: meson_protocol_test.py MESON PROGRAM CASE...
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml

MESON, PROGRAM, *CASES = sys.argv[1:]
PROGRAM = os.path.abspath(PROGRAM)


def report_of(options):
    """Runs the program in a Meson project of its own. Returns Meson's status and its report."""
    with tempfile.TemporaryDirectory() as directory:
        project = pathlib.Path(directory)
        (project / "meson.build").write_text(
            "project('report')\n"
            f"test('suite', find_program('{PROGRAM}'), args: {options}, protocol: 'gtest')\n",
            encoding="utf-8",
        )
        environment = {k: v for k, v in os.environ.items() if not k.startswith("ISOLITE_")}
        environment |= {"ISOLITE_CACHE": "off", "TMPDIR": directory}
        for command in (["setup", "build"], ["test", "-C", "build"]):
            done = subprocess.run(
                [MESON, *command], cwd=project, env=environment, capture_output=True, check=False
            )
        report = project / "build/meson-logs/testlog.junit.xml"
        return done.returncode, xml.parse(report).getroot()


class meson_reports(unittest.TestCase):
    def test_every_case_with_its_time(self):
        for options in (["--workers=2"], ["--workers=0"], []):
            with self.subTest(options=options):
                status, report = report_of(options)
                self.assertEqual(status, 0)
                cases = {case.get("name"): case for case in report.iter("testcase")}
                self.assertEqual(sorted(cases), sorted(CASES))
                for case in cases.values():
                    self.assertGreater(float(case.get("time")), 0)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
