"""Compares every number of `isolite report --json` with one that is computed in another way."""

import random

from oracle import Run
from records import MS, SECOND, Process, random_run, simple_run, write_run
from report import ReportTest, main

RANDOM_RUNS = 220


def sortable(rows):
    return sorted(rows, key=repr)


class Figures(ReportTest):
    def reported(self, processes):
        write_run(self.runs / "run", processes)
        return self.json()

    def rows(self, table):
        return [dict(zip(table["columns"], row)) for row in table["rows"]]

    def check(self, told, run):
        self.assertEqual(told["format"], 1)
        self.assertEqual(told["run"]["wall_ns"], run.summary()["wall_ns"])
        self.assertEqual(told["run"]["began"], run.summary()["began"])
        self.assertEqual(told["run"]["ended_early"],
                         any(process.ended_early for process in run.processes))
        self.assertEqual(told["run"]["programs"],
                         list(dict.fromkeys(process.program for process in run.processes)))
        self.assertEqual(told["counts"], run.counts())
        self.assertEqual(told["workers"], run.worker_rows())
        self.assertEqual(told["processes"], run.process_rows())
        self.assertEqual(told["launches"], run.launch_rows())
        order = ["running", "died", "failed", "stopped", "passed", "empty"]
        self.assertEqual(told["run"]["verdict"], min(
            (launch["verdict"] for launch in run.launch_rows()), key=order.index))
        self.assertEqual(told["sharing"], run.sharing())
        self.assertEqual(told["leaks"], run.leaks())
        self.check_tables(told, run)
        self.check_sums(told)

    def check_tables(self, told, run):
        self.assertEqual(sortable(told["cases"]["rows"]), sortable(run.case_rows()))
        kinds, names, cases = told["kinds"], told["names"], told["cases"]["rows"]
        spans = [[process, start, ns, kinds[kind], None if name is None else names[name], depth,
                  None if case is None else cases[case][6]]
                 for process, start, ns, kind, name, depth, case in told["spans"]["rows"]]
        self.assertEqual(sortable(spans), sortable(run.span_rows()))
        self.assertEqual(sortable(told["fixtures"]), sortable(run.fixture_rows()))
        totals = [row["total_ns"] for row in told["fixtures"]]
        self.assertEqual(totals, sorted(totals, reverse=True))
        self.assertEqual(
            [case["ns"] - case["fixtures_ns"] for case in told["slowest_cases"]],
            sorted((row[2] - row[3] for row in run.case_rows() if row[2] is not None),
                   reverse=True)[:10])
        self.assertEqual(
            [fixture["ns"] for fixture in told["slowest_fixtures"]],
            sorted((row[2] for row in run.span_rows() if row[5] == 0), reverse=True)[:10])
        self.assertEqual(
            told["deaths"],
            [{"worker": record["worker"], "incarnation": record["incarnation"],
              "test": record.get("test"), "text": record["text"],
              "timed_out": bool(record.get("timed_out"))} for *_, record in run.deaths])
        earlier = [attempt for case in run.cases.values() for attempt in case["attempts"][:-1]]
        self.assertEqual(
            sortable([*row[:3], cases[row[3]][6], *row[4:]] for row in told["attempts"]["rows"]),
            sortable([run.index[attempt.process], attempt.start - run.zero, attempt.ns,
                      attempt.test, attempt.verdict, attempt.text, attempt.output,
                      attempt.timed_out] for attempt in earlier))

    def check_sums(self, told):
        for worker in [*told["workers"], told["totals"]]:
            self.assertEqual(worker["wall_ns"],
                             worker["tests_ns"] + worker["fixtures_ns"] + worker["idle_ns"], worker)
        for field, total in told["totals"].items():
            self.assertEqual(total, sum(worker[field] for worker in told["workers"]))
        counts = told["counts"]
        self.assertEqual(counts["cases"], len(told["cases"]["rows"]))
        self.assertEqual(counts["cases"], sum(counts[verdict] for verdict in (
            "passed", "failed", "skipped", "not_run", "left_out", "running")))

    def test_random_runs_are_summed_up_as_by_the_oracle(self):
        for seed in range(RANDOM_RUNS):
            with self.subTest(seed=seed):
                directory = self.root / f"alone-{seed}/run"
                write_run(directory, random_run(random.Random(seed)))
                self.check(self.json(directory), Run(directory))

    def test_a_case_has_its_fixtures_its_session_and_its_pages(self):
        told = self.reported(simple_run(cases=2))
        self.assertEqual(told["cases"]["columns"],
                         ["process", "start", "ns", "fixtures_ns", "session_ns", "pages", "test",
                          "verdict", "text", "attempts", "output", "timed_out", "died"])
        self.assertEqual(told["cases"]["rows"], [
            [0, 3 * MS, 10 * MS + 8000, 8000, 8000, 2, "suite/0", "passed", None, 1, None, 0, 0],
            [0, 13 * MS + 58000, 10 * MS + 8000, 8000, 8000, 2, "suite/1", "passed", None, 1, None,
             0, 0]])
        self.assertEqual(told["workers"], [
            {"name": "main", "cases": 2, "wall_ns": 23 * MS + 116_000, "tests_ns": 20 * MS,
             "fixtures_ns": 3 * MS + 16_000, "idle_ns": 100_000, "replacements": 0}])
        self.assertEqual(told["sharing"], {
            "seeds": [{"name": "shop", "seeding_ns": 80 * MS, "tests": 2, "workers": 1}],
            "per_test_ns": 160 * MS, "per_worker_ns": 80 * MS, "fixtures_ns": 3 * MS + 16_000,
            "saved_ns": 157 * MS - 16_000})

    def test_without_a_seeding_time_nothing_is_said_to_be_saved(self):
        process = Process()
        process.span("image mapped", MS, name="shop")
        process.end()
        sharing = self.reported([process])["sharing"]
        self.assertEqual(sharing["seeds"][0]["seeding_ns"], None)
        self.assertEqual([sharing[name] for name in ("per_test_ns", "per_worker_ns", "saved_ns")],
                         [None] * 3)

    def test_a_record_that_is_wrong_shows_as_a_sum_that_does_not_add_up(self):
        process = Process()
        for position in range(2):  # two cases at the same time
            process.add("case", start=6 * SECOND, ns=MS, case=position + 1, id=position,
                        test=f"case {position}", verdict="passed")
        process.now = 7 * SECOND
        process.end()
        worker, = self.reported([process])["workers"]
        self.assertEqual((worker["wall_ns"], worker["tests_ns"], worker["idle_ns"]),
                         (2 * SECOND, 2 * MS, 2 * SECOND - MS))

    def test_what_was_done_before_the_head_was_written_belongs_to_the_process(self):
        process = Process(start=10 * MS)
        process.add("image built", start=4 * MS, ns=6 * MS, name="shop")
        process.end()
        told = self.reported([process])
        self.assertEqual(told["workers"][0]["wall_ns"], 6 * MS)
        self.assertEqual(told["spans"]["rows"][0][1], 0)

    def test_records_behind_the_end_do_not_matter(self):
        process, = simple_run(cases=1)
        process.begin("late", 7)
        self.assertEqual(self.reported([process])["counts"]["cases"], 1)

    def killed(self, *results, death=True):
        parent = Process("parent", pid=1)
        worker = Process("w0", pid=2, parent=1)
        worker.begin("deadly", 0)
        worker.span("session opened", 1000, name="shop", test="deadly")
        if death:
            parent.add("death", worker="w0", incarnation=0, pid=2, test="deadly", text="signal 9")
        for result in results:
            parent.add("result", id=0, test="deadly", attempts=1, failures=1, **result)
        parent.end()
        return self.reported([parent, worker])

    def test_the_last_word_on_a_killed_case_is_that_of_the_parent(self):
        told = self.killed({"verdict": "failed", "died": "killed by signal 9"})
        self.assertEqual(told["cases"]["rows"],
                         [[1, 0, None, 1000, 1000, None, "deadly", "failed",
                           "killed by signal 9", 1, None, 0, 1]])
        self.assertEqual(told["processes"][1]["during"], "deadly")
        self.assertEqual(told["processes"][1]["why"], "signal 9")
        self.assertTrue(told["run"]["ended_early"])

    def test_what_a_dead_worker_wrote_is_told_by_its_parent(self):
        told = self.killed({"verdict": "failed", "died": "signal 9", "output": "one\ntwo\n",
                            "timed_out": 1})
        self.assertEqual(told["cases"]["rows"][0][10:], ["one\ntwo\n", 1, 1])
        self.assertEqual(told["counts"]["timed_out"], 1)

    def test_the_last_of_several_results_counts(self):
        told = self.killed({"verdict": "not run"}, {"verdict": "failed", "text": "at last"})
        self.assertEqual(told["cases"]["rows"][0][7:9], ["failed", "at last"])

    def test_without_a_last_word_a_killed_case_failed_as_its_worker_died(self):
        self.assertEqual(self.killed()["cases"]["rows"][0][7:9], ["failed", "signal 9"])

    def test_of_a_case_that_ended_with_its_process_no_more_is_known(self):
        row, = self.killed(death=False)["cases"]["rows"]
        self.assertEqual(row[7:9], ["failed", "its process ended in it"])
        self.assertEqual(row[11:], [0, 1])

    def test_a_case_takes_time_until_its_worker_is_dead(self):
        parent = Process("parent", pid=1)
        worker = Process("w0", pid=2, parent=1)
        worker.begin("hangs", 0)
        worker.span("session opened", MS, name="shop", test="hangs")
        parent.add("death", start=worker.now + 4999 * MS, worker="w0", incarnation=0, pid=2,
                   test="hangs",
                   text="it took longer than its timeout of 5 s")
        second = Process("w0", start=worker.now + 5000 * MS, pid=3, parent=1, incarnation=1)
        second.begin("hangs", 0)
        second.idle(7 * MS)
        second.end_case()
        second.end()
        parent.idle(6000 * MS)
        parent.end()
        told = self.reported([parent, worker, second])
        self.assertEqual(told["workers"], [
            {"name": "w0", "cases": 2, "wall_ns": 5007 * MS, "tests_ns": 5006 * MS,
             "fixtures_ns": MS, "idle_ns": 0, "replacements": 1}])
        self.assertEqual(told["processes"][1]["end_ns"], 5000 * MS)
        self.assertEqual(told["totals"]["tests_ns"], 5006 * MS)

    def test_a_result_may_tell_how_long_a_killed_case_took(self):
        told = self.killed({"verdict": "failed", "ns": 7 * MS})
        self.assertEqual(told["cases"]["rows"][0][2], 7 * MS)

    def test_one_failed_attempt_makes_a_case_fail_that_nobody_has_the_last_word_on(self):
        process = Process()
        for verdict in ("failed", "passed"):
            process.begin("torn", 0)
            process.idle(MS)
            process.end_case(verdict, "why" if verdict == "failed" else None)
        process.end()
        told = self.reported([process])
        self.assertEqual(told["cases"]["rows"][0][7:], ["failed", "why", 2, None, 0, 0])
        self.assertEqual(told["attempts"]["rows"], [[0, 0, MS, 0, "failed", "why", None, 0]])

    def verdict_of(self, *kinds, verdict="passed", ends=True):
        process = Process()
        process.begin("case", 0)
        process.end_case(verdict)
        for kind in kinds:
            process.add(kind, text=f"{kind} of it")
        if ends:
            process.end()
        told = self.reported([process])
        self.assertEqual(told["launches"][0]["verdict"], told["run"]["verdict"])
        self.assertEqual([trouble["text"] for trouble in told["troubles"]],
                         [f"{kind} of it" for kind in kinds])
        return told["run"]["verdict"]

    def test_the_verdict_of_a_run_is_more_than_that_of_its_cases(self):
        self.assertEqual(self.verdict_of(), "passed")
        self.assertEqual(self.verdict_of(verdict="failed"), "failed")
        self.assertEqual(self.verdict_of("trouble"), "failed")
        self.assertEqual(self.verdict_of("trouble", "stopped"), "stopped")
        self.assertEqual(self.verdict_of(ends=False), "died")

    def test_a_run_without_cases_has_no_verdict_on_them(self):
        process = Process()
        process.end()
        self.assertEqual(self.reported([process])["run"]["verdict"], "empty")

    def test_of_several_programs_the_worst_verdict_counts(self):
        good, = simple_run(cases=1)
        bad = Process(pid=7)
        bad.begin("case", 0)
        bad.end_case("failed")
        bad.end()
        told = self.reported([good, bad])
        self.assertEqual([launch["verdict"] for launch in told["launches"]], ["passed", "failed"])
        self.assertEqual(told["run"]["verdict"], "failed")

    def test_records_of_older_versions_lack_what_these_did_not_record(self):
        process, = simple_run(cases=1)
        known = ("command", "directory", "host", "system", "cores", "isolite", "sqlite")
        for name in known:
            del process.head[name]
        launch, = self.reported([process])["launches"]
        self.assertEqual([launch[name] for name in known], [None] * len(known))
        self.assertEqual(launch["verdict"], "passed")

    def test_workers_of_a_parent_whose_records_are_missing_share_their_cases(self):
        workers = []
        for slot in range(2):
            worker = Process(f"w{slot}", pid=10 + slot, parent=9)
            worker.begin("shared", 0)
            worker.idle(MS)
            worker.end_case()
            worker.end()
            workers.append(worker)
        write_run(self.runs / "nightly-17", workers)
        told = self.json("nightly-17", warning=(
            "isolite: cannot show all of shop_test: the records of its parent process are missing\n"
            "  hint: a file was removed or cut, or a process had reached the 64 MiB of its records\n"))
        self.assertEqual(told["counts"]["cases"], 1)
        self.assertEqual(told["cases"]["rows"][0][9], 2)

    def test_cases_of_two_programs_are_two_although_they_have_the_same_position(self):
        first, second = simple_run(cases=1) + simple_run(cases=1)
        second.head["pid"] = 101
        self.assertEqual(self.reported([first, second])["counts"]["cases"], 2)

    def test_each_outermost_session_is_a_case_of_a_program_without_a_framework(self):
        process = Process()
        for name in ("outer", "inner"):
            process.span("session opened", 1000, name="shop", test=name)
        for name in ("inner", "outer"):
            process.span("session closed", 2000, name="shop", test=name, pages=1)
        process.end()
        told = self.reported([process])
        self.assertEqual(told["cases"]["rows"],
                         [[0, 0, 6000, 6000, 6000, 2, "outer", "passed", None, 1,
                           None, 0, 0]])

    def test_shards_of_two_machines_are_laid_side_by_side_by_the_calendar(self):
        here, = simple_run(cases=1, start=500 * SECOND)
        there = Process(start=3 * SECOND, pid=7, worker="w1", calendar=here.head["unix_ns"] + 9 * MS
                        - 3 * SECOND)
        there.end()
        told = self.reported([here, there])
        self.assertEqual([process["start_ns"] for process in told["processes"]], [0, 9 * MS])

    def test_the_jitter_of_the_calendar_moves_no_process_of_this_machine(self):
        first, = simple_run(cases=1)
        second = Process(start=6 * SECOND, pid=7, worker="w1")
        second.head["unix_ns"] += 300 * MS
        second.end()
        told = self.reported([first, second])
        self.assertEqual([process["start_ns"] for process in told["processes"]], [0, SECOND])

    def test_workers_are_sorted_by_their_numbers(self):
        processes = [Process(f"w{slot}", pid=slot + 1) for slot in (10, 9, 1)]
        self.assertEqual([worker["name"] for worker in self.reported(processes)["workers"]],
                         ["w1", "w9", "w10"])


if __name__ == "__main__":
    main()
