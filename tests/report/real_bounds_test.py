"""Checks that the records of real test programs stay within bounds, and can be done without."""

import os
import time

from real_run import RealRunTest, main, with_each_framework

KEPT = 20
RUNS = 25


def one_case(framework):
    return "--run_test=sleeps" if framework == "boost_test" else "--test-case=sleeps"


class Bounds(RealRunTest):
    def kept_runs(self):
        return {path.name for path in self.runs.iterdir()}

    def make_older(self):
        """Lets an hour pass for all runs: those of the last minute stay whatever their number."""
        for path in self.runs.iterdir():
            status = path.stat()
            os.utime(path, (status.st_atime, status.st_mtime - 3600))

    def wait_for_a_case(self):
        deadline = time.monotonic() + 30
        while not self.lines():
            assert time.monotonic() < deadline, "no case began"
            time.sleep(0.001)

    @with_each_framework
    def test_the_latest_runs_stay_and_those_in_use(self, framework):
        for workers in (0, 1):
            with self.subTest(workers=workers):
                self.setUp()
                used = self.start(framework, one_case(framework), f"--workers={workers}",
                                  run="in-use", acts="sleeps:600000")
                try:
                    self.wait_for_a_case()
                    for number in range(RUNS):
                        self.make_older()
                        self.run_subject(framework, one_case(framework), run=f"run-{number}")
                    latest = {f"run-{number}" for number in range(RUNS - KEPT, RUNS)}
                    self.assertEqual(self.kept_runs(), latest | {"in-use"})
                    self.assertEqual(self.json("in-use")["counts"]["cases"], 1)
                finally:
                    used.terminate()  # a parent buries its workers
                    used.communicate()
                self.make_older()
                self.run_subject(framework, one_case(framework), run="last")
                self.assertEqual(self.kept_runs(), latest - {f"run-{RUNS - KEPT}"} | {"last"})

    @with_each_framework
    def test_switched_off_it_leaves_no_file(self, framework):
        for workers in (0, 2):
            self.run_subject(framework, f"--workers={workers}", ISOLITE_LEDGER="off",
                             acts="row_2:kill" if workers else "")
            self.assertEqual(self.kept_files(), [])
            self.assertEqual(self.kept_files("runs"), [])

    @with_each_framework
    def test_another_directory_has_all_of_them(self, framework):
        self.run_subject(framework, "--workers=2", run="here", ISOLITE_LEDGER=self.root / "other")
        self.assertEqual(self.kept_files("runs"), [])
        files = self.kept_files()
        self.assertEqual(sorted(path.name.split("-")[0] for path in files), ["parent", "w0", "w1"])
        self.assertEqual({path.parent for path in files}, {self.root / "other/here"})

    @with_each_framework
    def test_a_directory_that_cannot_be_made_costs_one_warning_and_nothing_else(self, framework):
        (self.root / "file").write_text("in the way")
        for workers in (0, 2):
            with self.subTest(workers=workers):
                ended = [self.run_subject(framework, f"--workers={workers}", ISOLITE_LEDGER=ledger)
                         for ledger in ("off", self.root / "file/runs")]
                self.assertEqual(ended[0].status, ended[1].status)
                self.assertNotEqual(ended[0].status, 0)  # some cases fail
                self.assertEqual(ended[0].out, ended[1].out)
                self.assertEqual(ended[0].err.count("keep records"), 0)
                self.assertEqual(ended[1].err.count("cannot keep records of what fixtures cost"), 1,
                                 ended[1].err)
                self.assertEqual(self.kept_files(), [])

    @with_each_framework
    def test_a_run_that_passes_does_so_without_records(self, framework):
        (self.root / "file").write_text("in the way")
        for workers in (0, 2):
            ended = self.run_subject(framework, f"--workers={workers}", one_case(framework),
                                     ISOLITE_LEDGER=self.root / "file/runs")
            self.assertEqual(ended.status, 0, ended.err)


if __name__ == "__main__":
    main()
