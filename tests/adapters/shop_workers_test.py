"""The example suite in forked workers: the same results as in one process, in any order.

usage: shop_workers_test.py FRAMEWORK PROGRAM
Variables: ISOLITE_TEST_ROUNDS, 80 by default and at most, of four runs to each order; half as many
for the small programs.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml

FRAMEWORK, PROGRAM = sys.argv[1:3]
# The page about the shop tells how many cases each program has.
PAGE = pathlib.Path(__file__).parents[2] / "docs/examples/shop/README.md"
CASES = int(re.search(rf"`shop_{FRAMEWORK}` \| (\d+) ", PAGE.read_text(encoding="utf-8"))[1])
ROUNDS = min(80, int(os.environ.get("ISOLITE_TEST_ROUNDS", "80")))
SHUFFLES = max(1, ROUNDS // (4 if CASES > 100 else 8))
# What makes each framework write a report: the last one into a file.
REPORT = {
    "boost_test": ["--log_level=nothing", "--report_format=XML", "--report_level=detailed"],
    "doctest": ["--reporters=xml", "--no-skip"],
    "catch2": ["--reporter", "xml"],
    "gtest": ["--gtest_output=xml:{}/report.xml"],
}[FRAMEWORK]
# Where a case is, and what differs from run to run.
PLACES = {"file", "filename", "line"}
TIMES = {"duration", "durationInSeconds", "time", "timestamp"}


def run(directory, *options):
    """Runs the suite with its own temporary directory. Returns the process, with stdout and stderr,
    and with the framework's own report."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ISOLITE_")}
    environment |= {
        "ISOLITE_CACHE": os.environ.get("ISOLITE_CACHE", "off"),
        "ISOLITE_RUNTIME_DIR": f"{directory}/runtime",
        "TMPDIR": f"{directory}/tmp",
        "ISOLITE_TEST_MARK": str(directory),
    }
    os.makedirs(environment["TMPDIR"], exist_ok=True)
    process = subprocess.run(
        [PROGRAM, *(argument.format(directory) for argument in REPORT), *options],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        timeout=120,
        check=False,
    )
    file = pathlib.Path(directory, "report.xml")
    if file.exists():
        process.report = file.read_text(encoding="utf-8")
        file.unlink()
    else:
        process.report = process.stderr if FRAMEWORK == "boost_test" else process.stdout
    return process


def verdicts(process):
    """Returns what the framework's own report says of each case, without times."""
    start = {"boost_test": "<TestResult", "doctest": "<doctest", "catch2": "<Catch",
             "gtest": "<testsuites"}[FRAMEWORK]
    text = process.report[process.report.index(start) :]
    text = text[: text.rindex(">", 0, text.find("isolite:") if "isolite:" in text else None) + 1]
    found = {}

    def walk(element, path):
        name = element.get("name")
        here = path + [name] if name else path
        if element.tag in ("TestCase", "testcase"):
            key = "/".join([*here, *(element.get(place, "") for place in sorted(PLACES))])
            assert key not in found, key
            found[key] = [
                (part.tag, {k: v for k, v in part.attrib.items() if k not in PLACES | TIMES})
                for part in element.iter()
            ]
        for child in element:
            walk(child, here)

    walk(xml.fromstring(text), [])
    return found


def processes_of(directory):
    """Returns the processes that were started for a run in this directory and still live."""
    alive = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if f"ISOLITE_TEST_MARK={directory}".encode() in (entry / "environ").read_bytes():
                    alive.append(entry.name)
            except OSError:
                pass
    return alive


class shop_in_workers(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as directory:
            cls.serial = verdicts(run(directory, "--workers=0"))

    def check(self, *options):
        with tempfile.TemporaryDirectory() as directory:
            process = run(directory, *options)
            self.assertEqual(process.returncode, 0, process.stdout + process.stderr)
            self.assertEqual(verdicts(process), self.serial)
            self.assertIn(f"isolite: {CASES} passed in ", process.stderr)
            self.assertEqual(processes_of(directory), [])
            left = [str(p) for p in pathlib.Path(directory).rglob("*") if p.is_file()]
            self.assertEqual([p for p in left if not p.endswith("/guard")], [])
            return process

    def test_one_process_runs_all_cases(self):
        self.assertEqual(len(self.serial), CASES)

    def test_any_number_of_workers_has_the_results_of_one_process(self):
        for workers in (1, 2, 4, 8):
            with self.subTest(workers=workers):
                process = self.check(f"--workers={workers}")
                self.assertIn(f" by {workers} worker", process.stderr)

    def test_any_order_has_the_results_of_one_process(self):
        for seed in range(SHUFFLES):
            for workers in (1, 2, 4, 8):
                with self.subTest(seed=seed, workers=workers):
                    process = self.check(f"--workers={workers}", f"--shuffle={seed}")
                    self.assertIn(f"--shuffle={seed}", process.stderr)

    def test_a_shuffle_picks_a_seed_and_tells_it(self):
        process = self.check("--workers=2", "--shuffle")
        self.assertRegex(process.stderr, r"in the order of --shuffle=\d+")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
