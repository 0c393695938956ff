"""Validates the trace that `isolite report --trace` writes, as ui.perfetto.dev would read it."""

import collections
import json
import random
import re

from oracle import Run
from records import MS, SECOND, Process, random_run, simple_run, write_run
from report import ReportTest, main


class Trace(ReportTest):
    def traced(self, directory):
        text = self.output(directory, "--trace", "-")
        self.assertNotRegex(text, r'"(ts|dur)":\d+(\.\d{0,2})?[,}]', "not three decimals")
        return json.loads(text)

    def of(self, processes):
        write_run(self.root / "alone/run", processes)
        return self.traced(self.root / "alone/run")

    def slices(self, trace):
        return [event for event in trace["traceEvents"] if event["ph"] == "X"]

    def validate(self, trace):
        events = trace["traceEvents"]
        tracks = {event["tid"] for event in events if event["name"] == "thread_name"}
        for event in events:
            self.assertIn(event["ph"], "MX")
            self.assertIsInstance(event["name"], str)
            self.assertEqual(event["pid"], 1)
            self.assertIsInstance(event["args"], dict)
            self.assertTrue(event["ph"] == "M" or event["tid"] in tracks)
            if event["ph"] == "X":
                self.assertGreaterEqual(event["ts"], 0)
                self.assertGreaterEqual(event["dur"], 0)
                self.assertIn(event["cat"], ("case", "fixture"))
        times = [event["ts"] for event in self.slices(trace)]
        self.assertEqual(times, sorted(times))
        self.check_nesting(self.slices(trace))

    def check_nesting(self, slices):
        stacks = collections.defaultdict(list)
        for event in slices:
            begin, end = [round(at * 1000) for at in (event["ts"], event["ts"] + event["dur"])]
            stack = stacks[event["tid"]]
            while stack and stack[-1] <= begin:
                stack.pop()
            self.assertFalse(stack and end > stack[-1], event)
            stack.append(end)

    def test_the_traces_of_random_runs_are_valid_and_complete(self):
        for seed in range(40):
            with self.subTest(seed=seed):
                directory = self.root / f"alone-{seed}/run"
                write_run(directory, random_run(random.Random(seed)))
                trace, run = self.traced(directory), Run(directory)
                self.validate(trace)
                expected = [(span["start"] - run.zero, span["ns"]) for span in run.all_spans()]
                told = [(round(event["ts"] * 1000), round(event["dur"] * 1000))
                        for event in self.slices(trace) if event["cat"] == "fixture"]
                self.assertEqual(sorted(told), sorted(expected))
                cases = [event for event in self.slices(trace) if event["cat"] == "case"]
                attempts = [attempt for process in run.processes
                            for attempt in process.attempts.values()]
                self.assertEqual(sorted(case["name"] for case in cases),
                                 sorted(attempt.test for attempt in attempts))

    def test_a_slice_tells_what_it_is(self):
        process, = simple_run(cases=1)
        trace = self.of([process])
        case, = [event for event in self.slices(trace) if event["cat"] == "case"]
        self.assertEqual(case, {"name": "suite/0", "cat": "case", "ph": "X", "pid": 1, "tid": 1,
                                "ts": 3000.0, "dur": 10008.0,
                                "args": {"verdict": "passed", "program": "shop_test"}})
        closed, = [event for event in self.slices(trace) if event["name"] == "session closed shop"]
        self.assertEqual(closed["args"],
                         {"kind": "session closed", "test": "suite/0", "pages": 2})

    def test_the_shape_is_what_perfetto_opens(self):
        trace = self.of(simple_run(cases=1))
        self.assertEqual(trace["displayTimeUnit"], "ms")
        self.assertEqual(trace["traceEvents"][:3], [
            {"name": "process_name", "ph": "M", "pid": 1, "tid": 0,
             "args": {"name": "isolite run nightly-17"}},
            {"name": "thread_name", "ph": "M", "pid": 1, "tid": 1, "args": {"name": "main"}},
            {"name": "thread_sort_index", "ph": "M", "pid": 1, "tid": 1, "args": {"sort_index": 1}},
        ])

    def test_a_replaced_worker_goes_on_in_its_track(self):
        first, second = Process("w0", SECOND, pid=1), Process("w0", 2 * SECOND, pid=2,
                                                             incarnation=1)
        for process in (first, second):
            process.span("engine opened", MS, name="shop")
        self.assertEqual({event["tid"] for event in self.slices(self.of([first, second]))}, {1})

    def test_workers_of_one_name_at_the_same_time_have_two_tracks(self):
        first, second = Process("w0", SECOND, pid=1), Process("w0", SECOND + 5, pid=2)
        for process in (first, second):
            process.span("engine opened", MS, name="shop")
        trace = self.of([first, second])
        self.validate(trace)
        self.assertEqual({event["tid"] for event in self.slices(trace)}, {1, 2})

    def test_the_parent_comes_first_and_w10_behind_w9(self):
        processes = [Process(name, SECOND, pid=pid)
                     for pid, name in enumerate(["w10", "w9", "parent", "w1"], 1)]
        names = [event["args"]["name"] for event in self.of(processes)["traceEvents"]
                 if event["name"] == "thread_name"]
        self.assertEqual(names, ["parent", "w1", "w9", "w10"])

    def test_fixtures_of_two_threads_at_once_are_cut_so_that_they_nest(self):
        process = Process(start=SECOND)
        process.add("engine opened", start=SECOND, ns=10_000, name="one")
        process.add("engine opened", start=SECOND + 6000, ns=10_000, name="two")
        process.add("engine opened", start=SECOND + 7000, ns=20_000, name="three")
        trace = self.of([process])
        self.validate(trace)
        self.assertEqual([event["dur"] for event in self.slices(trace)], [10.0, 4.0, 3.0])

    def test_a_killed_case_is_shown_as_far_as_it_is_known(self):
        parent, worker = Process("parent", pid=1), Process("w0", pid=2, parent=1)
        worker.begin("deadly", 0)
        worker.idle(MS)
        worker.span("fixture", 500_250, name="server")
        parent.add("death", worker="w0", incarnation=0, pid=2, text="signal 9", test="deadly")
        case, = [event for event in self.slices(self.of([parent, worker]))
                 if event["cat"] == "case"]
        self.assertEqual((case["dur"], case["args"]), (1500.25, {
            "verdict": "failed", "program": "shop_test", "text": "signal 9"}))

    def test_times_are_exact_to_the_nanosecond_after_a_long_run(self):
        process = Process(start=SECOND)
        process.add("fixture", start=SECOND + 86_400 * SECOND + 7, ns=123_456_789_001, name="long")
        text = self.output(process.write(self.root / "alone/run").parent, "--trace", "-")
        self.assertIn('"ts":86400000000.007,"dur":123456789.001', re.sub(r"\s", "", text))


if __name__ == "__main__":
    main()
