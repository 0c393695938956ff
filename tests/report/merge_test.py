"""Checks `isolite report --merge` on runs of shards that a test writes."""

import json
import os

from records import MS, SECOND, Process, write_run
from report import ReportTest, main

CUT, OTHER_CUT = "0123456789abcdef", "fedcba9876543210"
CASES = [f"suite/{number}" for number in range(8)]
CUT_HINT = ("  hint: give all of them one build, one number of shards and one history, by --history "
            "or `isolite history import`, and run them again\n")
ONCE_HINT = ("  hint: give the records of each shard once; who runs the whole suite is no shard\n")


def shard(index, total=4, cut=CUT, plan=None, workers=1, calendar=0, words="", **head):
    """Returns the processes of a shard: a parent and workers, with the same numbers on each
    machine. `plan` says to which shard each case belongs, `words` by which some are chosen."""
    plan = plan or [position % total for position in range(len(CASES))]
    head = {"run": f"run-{index}", "program": "/ci/shop_test", **head}
    start = (5 + index) * SECOND
    clock = {"calendar": calendar * SECOND} if calendar else {}
    parent = Process("parent", start, pid=7, **head, **clock)
    parent.head.update(shard_index=index, shard_total=total)
    if total > 1:
        parent.add("shard", shard_index=index, shard_total=total, cut=cut, filter=words)
        for test, of in zip(CASES, plan):
            parent.add("planned", test=test, shard=of)
    parent.span("image mapped", 2 * MS, name="shop", seeding_ns=80 * MS)
    processes = [parent]
    own = [test for test, of in zip(CASES, plan) if of == index]
    for slot in range(workers):
        worker = Process(f"w{slot}", start + 3 * MS, pid=8 + slot, parent=7, **head, **clock)
        worker.head.update(shard_index=index, shard_total=total)
        worker.span("engine opened", MS, name="shop")
        for position in range(slot, len(own), workers):
            worker.begin(own[position], position)
            worker.span("session opened", 3000, name="shop")
            worker.idle(10 * MS)
            worker.span("session closed", 5000, name="shop", pages=2)
            worker.end_case()
        worker.end()
        processes.append(worker)
    parent.now = max(process.now for process in processes)
    parent.end(len(own))
    return processes


class Merge(ReportTest):
    def keep(self, index, name=None, **options):
        """Keeps the records of a shard as an artefact has them, in a directory of its own."""
        directory = self.root / (name or f"shard-{index}")
        write_run(directory / f"run-{index}", shard(index, **options))
        return directory

    def merged(self, *directories, **options):
        return self.json("--merge", *directories, **options)


class Whole(Merge):
    def test_the_report_of_the_shards_is_that_of_one_run(self):
        merged = self.merged(*(self.keep(index) for index in range(4)))
        write_run(self.runs / "whole", shard(0, total=1, workers=4))
        whole = self.json("run-0")
        self.assertEqual(merged["counts"], whole["counts"])
        self.assertEqual(merged["counts"]["passed"], len(CASES))
        rows = [sorted([row[6:10] for row in each["cases"]["rows"]]) for each in (merged, whole)]
        self.assertEqual(*rows)
        counts = [{(each["kind"], each["name"]): each["count"] for each in report["fixtures"]
                   if each["kind"] != "image mapped"} for report in (merged, whole)]
        self.assertEqual(*counts)
        self.assertEqual(merged["totals"]["tests_ns"], whole["totals"]["tests_ns"])
        self.assertEqual(merged["totals"]["fixtures_ns"], whole["totals"]["fixtures_ns"])
        self.assertEqual(merged["run"]["programs"], whole["run"]["programs"])
        self.assertEqual(merged["leaks"], whole["leaks"])
        self.assertIsNone(merged["compared"])

    def test_workers_are_called_by_their_machine_and_none_is_taken_for_that_of_another(self):
        for index in range(2):
            self.keep(index, total=2, workers=2)
        merged = self.merged("shard-0/", "shard-1")
        names = [worker["name"] for worker in merged["workers"]]
        self.assertEqual(names, ["shard-0/w0", "shard-0/w1", "shard-1/w0", "shard-1/w1"])
        self.assertEqual([worker["cases"] for worker in merged["workers"]], [2, 2, 2, 2])
        self.assertEqual({process["worker"] for process in merged["processes"]},
                         {*names, "parent"})

    def test_machines_have_clocks_of_their_own(self):
        merged = self.merged(*(self.keep(index, total=2, calendar=1_790_000_000 + 500 * index)
                               for index in range(2)))
        self.assertEqual(merged["counts"]["passed"], len(CASES))
        self.assertGreater(merged["run"]["wall_ns"], 500 * SECOND)

    def test_all_forms_of_a_report_are_there(self):
        directories = [self.keep(index) for index in range(4)]
        text = self.output("--merge", *directories)
        self.assertIn("\n8 cases in ", text)
        self.assertIn(" by 4 workers: 8 passed, 0 failed\n", text)
        self.output("--merge", *directories, "--html", "all.html")
        self.assertIn("suite/7", (self.root / "all.html").read_text(encoding="utf-8"))
        self.output("--merge", *directories, "--trace", "all.json")
        trace = json.loads((self.root / "all.json").read_text(encoding="utf-8"))
        self.assertEqual(sum(event.get("cat") == "case" for event in trace["traceEvents"]), 8)

    def test_records_are_found_at_any_depth(self):
        for index in range(4):
            self.keep(index, f"artefacts/{index}/records")
        self.assertEqual(self.merged("artefacts")["counts"]["passed"], 8)
        paths = [f"artefacts/{index}/records/run-{index}/" for index in range(4)]
        self.assertEqual(self.merged(*paths)["counts"]["passed"], 8)

    def test_programs_that_are_no_shards_are_part_of_the_run(self):
        directories = [self.keep(index) for index in range(4)]
        write_run(directories[2] / "books", shard(0, total=1, run="b", program="/ci/books_test"))
        merged = self.merged(*directories)
        self.assertEqual(merged["counts"]["passed"], 16)
        self.assertEqual(merged["run"]["programs"], ["shop_test", "books_test"])

    def test_a_directory_that_is_named_twice_counts_once(self):
        directories = [self.keep(index) for index in range(4)]
        link = self.root / "link"
        link.symlink_to(directories[1])
        merged = self.merged(*directories, "shard-0", "shard-2/run-2", link, ".")
        self.assertEqual(merged["counts"]["passed"], 8)

    def test_a_program_that_was_started_with_several_filters_has_them_in_each_shard(self):
        for index in range(2):
            for number, words in enumerate(("--run_test=a", "--run_test=b")):
                processes = shard(index, total=2, words=words)
                for process in processes[:1 if number else 2]:  # one of them chose no case
                    process.head["pid"] += 100 * number
                processes[0].lines[-1]["cases"] *= 1 - number
                write_run(self.root / f"shard-{index}/run", processes[:1 if number else 2])
        self.assertEqual(self.merged("shard-0", "shard-1")["counts"]["passed"], 8)

    def test_several_shards_may_have_run_on_one_machine(self):
        for index in range(4):
            for process in shard(index, run="meson"):
                process.head["pid"] += 100 * index
                process.head["parent"] += 100 * index if process.head["parent"] else 0
                process.write(self.root / "build")
        self.assertEqual(self.merged("build")["counts"]["passed"], 8)


    def test_cases_that_failed_fail_the_job_that_asks_for_it(self):
        directories = [self.keep(index) for index in range(4)]
        self.output("--exit-code", "--merge", *directories)
        (path,) = (directories[3] / "run-3").glob("w0-*")
        path.write_text(path.read_text(encoding="utf-8").replace('"passed"', '"failed"', 1),
                        encoding="utf-8")
        told = self.output("--merge", *directories)
        self.assertIn(": 7 passed, 1 failed\n", told)
        done = self.run_isolite("--merge", *directories, "--exit-code")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (
            1, told, "isolite: cannot call this run passed: its verdict is failed\n  hint: the "
                     "report tells why; without --exit-code it would fail nothing\n"))


class Refusals(Merge):
    def test_a_directory_that_may_not_be_read_is_named_since_a_shard_may_be_in_it(self):
        if os.geteuid() == 0:
            self.skipTest("root may read everything")
        directories = [self.keep(index) for index in range(4)]
        hidden = directories[2] / "hidden"
        hidden.mkdir(mode=0)
        self.addCleanup(hidden.chmod, 0o700)
        self.assertEqual(self.refusal("--merge", *directories),
                         f"isolite: cannot read the records in '{hidden}': Permission denied\n"
                         "  hint: look at its owner and its permissions\n")

    def test_a_path_without_records_is_refused(self):
        (self.root / "empty").mkdir()
        for path in ("empty", "none"):
            self.assertEqual(self.refusal("--merge", path),
                             f"isolite: cannot merge the records in '{path}': there are none\n"
                             "  hint: name a directory that ISOLITE_LEDGER named where a shard "
                             "ran, or a run in it\n")

    def test_shards_that_are_cut_in_different_ways_are_refused_with_what_that_costs(self):
        other = [0, 1, 2, 3, 1, 0, 2, 3]
        for index, options in enumerate(({}, {}, {}, {"cut": OTHER_CUT, "plan": other})):
            self.keep(index, **options)
        self.keep(1, cut=OTHER_CUT, plan=other)
        told = self.refusal("--merge", "shard-0", "shard-1", "shard-2", "shard-3")
        self.assertEqual(
            told, "isolite: cannot merge the shards of shop_test: they are cut in different ways: "
                  f"{CUT} in shard-0/run-0 and shard-2/run-2, {OTHER_CUT} in shard-1/run-1 and "
                  "shard-3/run-3; in two shards: 1 case (suite/4); in no shard: 1 case (suite/5)\n"
            + CUT_HINT)

    def test_shards_of_another_number_are_refused(self):
        directories = [self.keep(0), self.keep(1, total=2, cut=OTHER_CUT)]
        told = self.refusal("--merge", *directories)
        self.assertIn("they are cut in different ways: ", told)
        self.assertIn("; in no shard: 2 cases (suite/2, suite/6)\n", told)
        self.assertIn(CUT_HINT, told)

    def test_shards_of_different_filters_are_refused(self):
        directories = [self.keep(index, words="--run_test=a" if index == 2 else "")
                       for index in range(4)]
        self.assertEqual(self.refusal("--merge", *(each.name for each in directories)),
                         "isolite: cannot merge the shards of shop_test: they have different "
                         "filters: none in shard-0/run-0 and shard-1/run-1 and shard-3/run-3, "
                         "--run_test=a in shard-2/run-2\n  hint: give all of them the same filters, "
                         "and run them again\n")

    def test_shards_of_an_isolite_that_tells_no_filter_are_merged(self):
        directories = [self.keep(index, words=None if index else "") for index in range(4)]
        self.assertEqual(self.merged(*directories)["counts"]["passed"], 8)

    def test_a_shard_that_was_run_twice_is_refused(self):
        for index in range(4):
            self.keep(index)
        self.keep(1, "again")
        self.assertEqual(self.refusal("--merge", "shard-0", "shard-1", "shard-2", "shard-3",
                                      "again"),
                         "isolite: cannot merge the records of shop_test: 2 cases (suite/1, "
                         "suite/5) ran in shard-1/run-1 and in again/run-1\n" + ONCE_HINT)

    def test_a_run_of_the_whole_suite_among_shards_is_refused(self):
        for index in range(3):
            self.keep(index)
        write_run(self.root / "whole/run", shard(0, total=1))
        self.assertEqual(self.refusal("--merge", "shard-0", "shard-1", "shard-2", "whole"),
                         "isolite: cannot merge the records of shop_test: 6 cases (suite/0, "
                         "suite/1, suite/2, suite/4, suite/5 and 1 more) ran in shard-0/run-0 and "
                         "in whole/run\n" + ONCE_HINT)

    def test_two_runs_without_shards_are_refused_if_a_case_is_in_both(self):
        for name in ("one", "other"):
            write_run(self.root / name, shard(0, total=1))
        self.assertIn("8 cases (suite/0, suite/1, suite/2, suite/3, suite/4 and 3 more) ran in one "
                      "and in other", self.refusal("--merge", "one", "other"))

    def test_cases_of_one_name_may_be_in_two_shards(self):
        names = CASES[:]
        try:
            CASES[1] = CASES[0]
            merged = self.merged(*(self.keep(index) for index in range(4)))
        finally:
            CASES[:] = names
        self.assertEqual(merged["counts"]["passed"], 8)

    def test_it_cannot_be_combined_with_another_choice_of_runs(self):
        for other in (["1"], ["--list"], ["--compare", "1", "2"]):
            self.assertEqual(self.run_isolite(*other, "--merge", "x").returncode, 2)


if __name__ == "__main__":
    main()
