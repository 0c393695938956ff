"""Runs real test programs, and checks that the report tells the truth of their times."""

import re

import trace_test
from real_run import (DATA, FIXTURE, MS, WITHOUT_SESSION, RealRunTest, all_cases, cases_of,
                      full_name, main, table, with_each_framework, worker_of)

SLEEPS = {"sleeps": 60 * MS, "sleeps_longer": 120 * MS, "reads": 25 * MS, "row_3": 40 * MS}
ACTS = " ".join(f"{case}:{ns // MS}" for case, ns in SLEEPS.items())
ALL_SLEEPS = sum(SLEEPS.values()) + FIXTURE
WORKERS = (0, 1, 2, 4)

TIME = r"[\d.]+ (?:us|ms|s)"
OF_WORKER = re.compile(rf"^  (?P<name>main|w\d+): (?P<cases>\d+) cases?, "
                       rf"(?P<tests>{TIME}) in tests, (?P<fixtures>{TIME}) in fixtures",
                       re.MULTILINE)
OF_FIXTURE = re.compile(rf"^  (?P<kind>\S.*?) \((?P<name>[^)]+)\) +(?P<count>\d+) +(?P<total>{TIME}) "
                        rf"+(?P<median>{TIME}) +(?P<p95>{TIME}) +(?P<max>{TIME})$", re.MULTILINE)
OF_RUN = re.compile(rf"isolite: (?P<passed>\d+) passed(?:, (?P<failed>\d+) failed)?"
                    rf"(?:, (?P<skipped>\d+) skipped)? in (?P<wall>{TIME})")


def ns_of(text):
    number, unit = text.split()
    return float(number) * {"us": 1e3, "ms": 1e6, "s": 1e9}[unit]


class RealRuns(RealRunTest):
    def run_by(self, framework, workers, acts=ACTS, **variables):
        return super().run_by(framework, workers, acts, **variables)

    @with_each_framework
    def test_the_times_of_a_worker_add_up_to_its_life(self, framework):
        for workers in WORKERS:
            with self.subTest(workers=workers):
                ended, figures = self.run_by(framework, workers)
                off = self.check_sums(figures)
                print(f"{framework}, {workers} workers: the sums are off by {off:.6%}")
                self.check_bounds(framework, figures, ended)

    def check_bounds(self, framework, figures, ended):
        """The sleeps put a floor under the life of a worker, the life of the program is over it."""
        self.assertLessEqual(figures["run"]["wall_ns"], ended.wall_ns)
        cases = cases_of(figures)
        for worker in figures["workers"]:
            slept = sum(ns for case, ns in SLEEPS.items()
                        if worker_of(figures, cases[full_name(framework, case)]) == worker["name"])
            self.assertGreaterEqual(worker["tests_ns"], slept)
            self.assertLessEqual(worker["wall_ns"], ended.wall_ns)
        self.assertGreaterEqual(figures["totals"]["fixtures_ns"], FIXTURE)
        self.assertEqual(sum(worker["cases"] for worker in figures["workers"]),
                         len(all_cases(framework)))

    @with_each_framework
    def test_a_sleep_is_in_the_time_of_its_test_and_of_no_other(self, framework):
        for workers in (0, 1):
            with self.subTest(workers=workers):
                ended, figures = self.run_by(framework, workers)
                # What was slept by any case or its suite is in no other case.
                left_over = ended.wall_ns - ALL_SLEEPS - DATA
                for name in all_cases(framework):
                    row = cases_of(figures)[full_name(framework, name)]
                    own = row["ns"] - row["fixtures_ns"]
                    self.assertGreaterEqual(own, SLEEPS.get(name, 0), name)
                    self.assertLess(own, SLEEPS.get(name, 0) + left_over, name)

    @with_each_framework
    def test_a_fixture_is_billed_to_itself_and_not_to_its_test(self, framework):
        for workers in WORKERS:
            _, figures = self.run_by(framework, workers)
            row = cases_of(figures)[full_name(framework, "has_a_fixture")]
            server, = [fixture for fixture in figures["fixtures"] if fixture["name"] == "server"]
            self.assertEqual((server["kind"], server["count"]), ("fixture", 1))
            self.assertGreaterEqual(server["total_ns"], FIXTURE)
            self.assertEqual(row["fixtures_ns"], server["total_ns"])
            self.assertGreaterEqual(row["ns"], row["fixtures_ns"])

    @with_each_framework
    def test_no_work_on_sessions_of_others_or_of_suites_is_in_a_case(self, framework):
        for workers in WORKERS:
            _, figures = self.run_by(framework, workers)
            for name in set(WITHOUT_SESSION) & set(all_cases(framework)):
                row = cases_of(figures)[full_name(framework, name)]
                self.assertEqual((row["session_ns"], row["pages"]), (0, None), name)
            opened = [span for span in table(figures, "spans")
                      if figures["kinds"][span["kind"]] == "session opened"]
            for case, row in enumerate(table(figures)):
                times = sum(span["case"] == case for span in opened)
                leaf = row["test"].split("/")[-1]
                self.assertEqual(times, 0 if leaf in WITHOUT_SESSION else
                                 3 if leaf == "subcases" else 1, row["test"])
            suites = sum(span["case"] is None for span in opened)
            self.assertTrue(1 <= suites <= len(figures["workers"]), suites)

    @with_each_framework
    def test_rows_and_pages_are_those_that_a_test_changed(self, framework):
        for workers in (0, 2):
            for rows in (1, 7):
                _, figures = self.run_by(framework, workers, "", SUBJECT_ROWS=rows)
                cases = {case: cases_of(figures)[full_name(framework, case)]
                         for case in all_cases(framework)}
                for case in ("reads", "reads_copy", "first_with_data"):
                    self.assertEqual(cases[case]["pages"], 0, case)
                for case in ("updates", "updates_copy", "second_with_data", "row_5"):
                    self.assertGreater(cases[case]["pages"], 0, case)
                self.assertGreater(cases["updates"]["pages"], cases["row_5"]["pages"])
                leak, = figures["leaks"]
                self.assertEqual((leak["test"], leak["database"], leak["rows"]),
                                 ("kept_clean/commits", "shop", rows))
                self.assertGreaterEqual(leak["pages"], 1)
                self.assertEqual(cases["commits"]["pages"], leak["pages"])
                self.assertTrue(leak["text"].startswith(
                    "cannot end 'kept_clean/commits' with a clean database: it committed"), leak)

    @with_each_framework
    def test_evidence_that_is_switched_off_is_not_said_to_be_written(self, framework):
        for evidence, count in (("off", 0), (self.root / "evidence", 2)):
            _, figures = self.run_by(framework, 0, "updates:fail", ISOLITE_EVIDENCE=evidence)
            counts = [fixture["count"] for fixture in figures["fixtures"]
                      if fixture["kind"] == "evidence written"]
            self.assertEqual(sum(counts), count)

    @with_each_framework
    def test_files_by_path_are_billed_to_the_cases_that_open_them(self, framework):
        opening = ("sleeps", "reads", "updates_copy")
        acts = ACTS + "".join(f" {case}:open" for case in opening)
        for workers in (0, 2):
            ended, figures = self.run_by(framework, workers, acts, ISOLITE_FILES="*.shop",
                                         ISOLITE_SUMMARY="timings",
                                         SUBJECT_FILE=self.root / "a.shop")
            spans = [(figures["kinds"][span["kind"]], figures["names"][span["name"]],
                      span["depth"], table(figures)[span["case"]]["test"])
                     for span in table(figures, "spans") if span["case"] is not None]
            self.assertEqual(sorted(span for span in spans if span[0].startswith("file")), sorted(
                (kind, "*.shop", 0, full_name(framework, case)) for case in opening
                for kind in ("file made", "files put back")))
            self.check_fixtures(ended.err, figures)
            self.assertGreater(cases_of(figures)[full_name(framework, "sleeps")]["pages"], 0)
            self.assertFalse((self.root / "a.shop").exists())

    @with_each_framework
    def test_the_summary_and_the_report_tell_the_same(self, framework):
        for workers in (0, 1, 2):
            with self.subTest(workers=workers):
                ended, figures = self.run_by(framework, workers, ISOLITE_SUMMARY="timings")
                self.check_workers(ended.err, figures)
                self.check_fixtures(ended.err, figures)
                told = OF_RUN.search(ended.err).groupdict(default="0")
                self.assert_rounded(told.pop("wall"), figures["run"]["wall_ns"], "the run")
                self.assertEqual({field: int(count) for field, count in told.items()},
                                 {field: figures["counts"][field] for field in told})

    def assert_rounded(self, text, ns, what):
        self.assertLessEqual(abs(ns_of(text) - ns), 0.0051 * ns + 5.1, (what, text, ns))

    def check_workers(self, err, figures):
        said = {found["name"]: found for found in OF_WORKER.finditer(err)}
        self.assertEqual(set(said), {worker["name"] for worker in figures["workers"]}, err)
        for worker in figures["workers"]:
            found = said[worker["name"]]
            self.assertEqual(int(found["cases"]), worker["cases"])
            self.assert_rounded(found["tests"], worker["tests_ns"], worker)
            self.assert_rounded(found["fixtures"], worker["fixtures_ns"], worker)

    def check_fixtures(self, err, figures):
        said = {(found["kind"], found["name"]): found for found in OF_FIXTURE.finditer(err)}
        told = {(fixture["kind"], fixture["name"]): fixture for fixture in figures["fixtures"]}
        self.assertEqual(set(said), set(told), err)
        for key, fixture in told.items():
            self.assertEqual(int(said[key]["count"]), fixture["count"], key)
            for field in ("total", "median", "p95", "max"):
                self.assert_rounded(said[key][field], fixture[field + "_ns"], (key, field))

    @with_each_framework
    def test_the_trace_of_a_real_run_is_valid_with_one_track_a_worker(self, framework):
        for workers, tracks in ((0, ["w0"]), (2, ["parent", "w0", "w1"])):
            acts = ACTS + (" row_7:kill updates:abort" if workers > 0 else "")
            _, figures = self.run_by(framework, workers, acts)
            trace = self.json_trace(figures["run"]["id"])
            trace_test.Trace().validate(trace)
            named = [event["args"]["name"] for event in trace["traceEvents"]
                     if event["name"] == "thread_name"]
            self.assertEqual(named, tracks)
            slices = [event for event in trace["traceEvents"] if event["ph"] == "X"]
            self.assertEqual(sorted(event["name"] for event in slices if event["cat"] == "case"),
                             sorted(full_name(framework, case) for case in all_cases(framework)))
            self.assertEqual(sum(event["cat"] == "fixture" for event in slices),
                             len(figures["spans"]["rows"]))


if __name__ == "__main__":
    main()
