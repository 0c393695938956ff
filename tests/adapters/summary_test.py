"""Judges what isolite itself writes: the summary, errors of the environment, leaks nobody heard."""

import re
import unittest
import xml.etree.ElementTree as xml

from test_program import Run, leak, main, program

TIME = r"[\d.]+ (?:us|ms|s)"
SUMMARY = re.compile(
    rf"isolite: timings\n"
    rf"  tests and fixtures took {TIME} together, x[\d.]+ the time of the run\.\n"
    rf"  slowest tests:\n(?P<slowest>(?: +{TIME}  .*\n)+)"
    rf"  seeding for each test would have taken (?P<unshared>{TIME}), for each worker {TIME}; all "
    rf"fixtures together took {TIME}, so sharing saved {TIME}\.\n"
    rf"  slowest fixtures:\n(?P<slowest_fixtures>(?: +{TIME}  .*\n)+)"
    r"  fixture +count +total +median +95% +max\n(?P<table>(?:  .*\(slow\) .*\n)+)"
    rf"  (?P<worker>\S+): (?P<cases>\d+) cases?, (?P<tests>{TIME}) in tests, "
    rf"(?P<fixtures>{TIME}) in fixtures \(\d+% of both\), idle for {TIME} \(\d+% of its life\)\.\n"
    r"  every worker seeds 'slow' for itself: its step '.*' declares no version\.\n"
    r"  isolite report shows this run again, and compares it with earlier ones\n"
    rf"isolite: 12 passed in {TIME}\n")
ROW = re.compile(rf"^  (?P<fixture>.*?) \(slow\) +(?P<count>\d+) +(?P<total>{TIME}) +(?P<median>{TIME})"
                 rf" +(?P<late>{TIME}) +(?P<max>{TIME})$", re.MULTILINE)
SEEDING_MS = 120


def ms(text):
    """Returns milliseconds."""
    number, unit = text.split()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def times(lines):
    return [ms(time) for time in re.findall(rf"^ +({TIME})  ", lines, re.MULTILINE)]


XML = {"boost_test": ["--log_format=XML", "--log_level=all"], "doctest": ["--reporters=xml"]}


class Summary:
    def run_summary(self, *arguments, **variables):
        return Run(program(f"{self.framework}_summary"), *arguments, **variables)

    def summary(self, **variables):
        run = self.run_summary(ISOLITE_SUMMARY="timings", **variables)
        self.assertEqual(run.status, 0, run.err)
        self.assertEqual(run.err.count("isolite: timings"), 1)
        self.assertNotIn("isolite", run.out)
        found = SUMMARY.search(run.err)
        self.assertTrue(found, run.err)
        return found

    def test_a_process_writes_one_summary_to_stderr_with_its_counts(self):
        found = self.summary()
        self.assertRegex(found["worker"], "^(main|w[0-9]+)$")  # a slot, below a test runner
        self.assertEqual(found["cases"], "12")
        rows = {row["fixture"]: row for row in ROW.finditer(found["table"])}
        self.assertEqual({name: int(row["count"]) for name, row in rows.items()},
                         {"image built alone": 1, "engine opened": 1, "session opened": 12,
                          "session checked": 12, "session closed": 12})
        for row in rows.values():
            one, late, most, total = (ms(row[key]) for key in ("median", "late", "max", "total"))
            self.assertTrue(one <= late <= most <= total * 1.01, row[0])

    def test_the_summary_names_the_worker(self):
        found = self.summary(ISOLITE_RUN_ID="nightly", ISOLITE_WORKER_SLOT="3")
        self.assertEqual(found["worker"], "w3")

    def test_seeding_is_billed_to_the_fixtures_and_to_no_test(self):
        found = self.summary()
        seeding = max(times(found["slowest_fixtures"]))
        self.assertGreaterEqual(seeding, SEEDING_MS)
        self.assertGreaterEqual(ms(found["fixtures"]) * 1.01, seeding)
        self.assertGreaterEqual(ms(found["unshared"]), 12 * SEEDING_MS)
        # All tests together are busy for 12 ms; a busy machine may stretch that, but not tenfold.
        self.assertLess(max(times(found["slowest"])), SEEDING_MS)
        self.assertGreaterEqual(ms(found["tests"]) + 0.5, 12)

    def test_the_slowest_tests_and_fixtures_are_at_most_ten_and_in_order(self):
        found = self.summary()
        for slowest in (times(found["slowest"]), times(found["slowest_fixtures"])):
            self.assertEqual(len(slowest), 10)
            self.assertEqual(slowest, sorted(slowest, reverse=True))

    def test_without_options_there_is_the_verdict_and_what_took_long(self):
        run = self.run_summary()
        plain = re.sub("\x1b\\[[0-9;]*m", "", run.err)
        told = [line for line in plain.splitlines() if re.match("isolite|  [^ ]", line)]
        self.assertRegex(told[0], f"^isolite: 12 passed in {TIME}$")
        self.assertRegex(told[1], r"^  fixtures took \d+% of all work: ISOLITE_SUMMARY=timings or "
                                  "isolite report shows more$")
        self.assertEqual(len(told), 2, run.err)

    def test_the_summary_can_be_switched_off(self):
        run = self.run_summary(ISOLITE_SUMMARY="off")
        self.assertEqual(run.status, 0)
        self.assertNotIn("isolite", run.out + run.err)

    def test_a_malformed_switch_is_an_error(self):
        run = self.run_summary(ISOLITE_SUMMARY="maybe")
        self.assertNotEqual(run.status, 0)
        self.assertIn('cannot choose the summary: ISOLITE_SUMMARY is "maybe", neither off nor failures nor on nor timings\n  '
                      "hint: set it to on (the default): a verdict, and what failed;", run.err)

    def test_a_malformed_variable_of_the_cache_is_an_error_before_the_first_test(self):
        run = self.run_summary(ISOLITE_CACHE_MB="much")
        self.assertNotEqual(run.status, 0)
        complaint = 'cannot choose the cache of images: ISOLITE_CACHE_MB is "much", not a number'
        self.assertEqual((run.out + run.err).count(complaint), 1)

    def test_xml_on_stdout_stays_xml(self):
        for subject in ("{}_subject", "{}_summary", "behaviour/behaviour_{}"):
            with self.subTest(subject):
                run = Run(program(subject.format(self.framework)), *XML[self.framework])
                self.assertTrue(list(xml.fromstring(run.out)))

    def test_a_process_that_opened_no_database_has_a_verdict_too(self):
        run = Run(program(f"behaviour/behaviour_{self.framework}"), *self.without_database)
        self.assertEqual((run.status, run.err.count("isolite")), (0, 1))
        self.assertRegex(run.err, f"isolite: 1 passed in {TIME}\n")


class BoostTestSummary(Summary, unittest.TestCase):
    framework = "boost_test"
    without_database = ["--run_test=pristine_stock/no_database"]


class DoctestSummary(Summary, unittest.TestCase):
    framework = "doctest"
    without_database = ["--test-case=no_database"]


class UnheardLeak(unittest.TestCase):
    def test_a_session_that_is_lost_with_a_leak_is_heard_at_the_end(self):
        run = Run(program("unheard_leak"), "leak")
        self.assertEqual(run.status, 1)
        self.assertEqual(run.out, "the program went on\n")
        self.assertEqual(
            run.err,
            "isolite: " + leak("", "a lost session", "\n  table products: 2 rows removed"
                               "\n    - id=1, name='tea'\n    - id=2, name='milk'") +
            "\n  This was found by a destructor: call session::close() to hear of it.\n")

    def test_a_session_that_is_lost_without_a_leak_is_no_matter(self):
        run = Run(program("unheard_leak"))
        self.assertEqual((run.status, run.err), (0, ""))


if __name__ == "__main__":
    main()
