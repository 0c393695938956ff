"""Checks that `isolite report --merge` tells what is missing: shards, records of workers and parents,
and what a file lost."""

import json
import re

from merge_test import Merge, shard
from records import simple_run, write_run
from report import main


class Missing(Merge):
    TOLD = ("isolite: cannot call this a whole run: shop_test has no records of shard 2 of 4\n"
            "  hint: look what became of that machine, and give all of its records\n")

    def test_the_cases_of_a_missing_shard_are_not_run_and_it_is_no_success(self):
        directories = [self.keep(index) for index in (0, 1, 3)]
        done = self.run_isolite("--json", "--merge", *directories)
        self.assertEqual((done.returncode, done.stderr), (1, self.TOLD))
        report = json.loads(done.stdout)
        self.assertEqual((report["counts"]["cases"], report["counts"]["passed"],
                          report["counts"]["not_run"]), (8, 6, 2))
        rows = [row for row in report["cases"]["rows"] if row[7] == "not run"]
        self.assertEqual([(row[0], *row[6:10]) for row in rows],
                         [(None, f"suite/{number}", "not run", "shard 2 of 4 has no records", 0)
                          for number in (2, 6)])

    def lacking(self, *directories):
        """Returns what is told of a merge that lacks something, and its report."""
        done = self.run_isolite("--json", "--merge", *directories)
        told = re.fullmatch("isolite: cannot call this a whole run: (.*)\n  hint: look what became of "
                            "that machine, and give all of its records\n",
                            done.stderr.rpartition("isolite: ")[1] +
                            done.stderr.rpartition("isolite: ")[2])
        self.assertTrue(told, done.stderr)
        self.assertEqual(done.returncode, 1)
        return told[1], json.loads(done.stdout)

    def test_cases_of_a_worker_without_records_are_counted_and_it_is_no_success(self):
        directories = [self.keep(index, total=2, workers=2) for index in range(2)]
        (directories[1] / "run-1/w0-8.jsonl").unlink()
        told, report = self.lacking(*directories)
        self.assertEqual(told, "shop_test lacks the records of 2 of 4 cases in shard 1 of 2")
        self.assertEqual((report["run"]["verdict"], report["counts"]["passed"]), ("failed", 6))
        self.assertEqual([launch["verdict"] for launch in report["launches"]], ["passed", "failed"])
        self.assertEqual(report["troubles"], [{
            "program": "shop_test", "text": "the records of 2 of its 4 cases are missing"}])

    def test_lines_that_are_damaged_are_counted_in_one_process_too(self):
        (process,) = simple_run()
        path = process.write(self.root / "whole")
        lines = path.read_text(encoding="utf-8").split("\n")
        kept = [line[:40] if '"suite/1"' in line else line for line in lines]
        path.write_text("\n".join(kept), encoding="utf-8")
        self.assertEqual(self.lacking("whole")[0], "shop_test lacks the records of 1 of 3 cases")

    def test_a_program_whose_parent_has_no_records_is_no_whole_run(self):
        processes = shard(0, total=1, workers=2)
        write_run(self.root / "whole", processes[1:])
        told, report = self.lacking("whole")
        self.assertEqual(told, "shop_test lacks the records of its parent process")
        self.assertEqual((report["run"]["verdict"], report["counts"]["passed"]), ("failed", 8))
        self.assertEqual(report["troubles"], [{
            "program": "shop_test", "text": "the records of its parent process are missing"}])

    def test_a_shard_whose_parent_has_no_records_keeps_what_its_workers_ran(self):
        directories = [self.keep(index, workers=2) for index in range(4)]
        (directories[2] / "run-2/parent-7.jsonl").unlink()
        (directories[2] / "run-2/w1-9.jsonl").unlink()
        told, report = self.lacking(*directories)
        self.assertEqual(told, "shop_test lacks the records of its parent process in shard 2 of 4")
        rows = [row[6:9] for row in report["cases"]["rows"] if row[7] != "passed"]
        self.assertEqual(rows, [["suite/6", "not run",
                                 "shard 2 of 4 lacks the records of its parent process"]])
        self.assertEqual(report["counts"]["cases"], 8)

    def test_a_shard_without_the_record_of_its_cut_keeps_what_it_ran(self):
        for workers in (1, 0):
            directories = [self.keep(index) for index in range(4)]
            processes = shard(2)
            if not workers:  # all in one process
                parent, worker = processes
                parent.head["worker"] = "main"
                parent.lines[-1:] = worker.lines[1:]
                processes = [parent]
                (directories[2] / "run-2/w0-8.jsonl").unlink()
                (directories[2] / "run-2/parent-7.jsonl").unlink()
            processes[0].lines = [line for line in processes[0].lines
                                  if line["kind"] not in ("shard", "planned")]
            write_run(directories[2] / "run-2", processes)
            told, report = self.lacking(*directories)
            self.assertEqual(told, "shop_test lacks the record of its cut in shard 2 of 4")
            self.assertEqual((report["counts"]["cases"], report["counts"]["passed"]), (8, 8))
            self.assertEqual(report["troubles"], [{
                "program": "shop_test", "text": "the record of its cut is missing"}])

    def test_a_shard_of_two_launches_lacks_the_parent_of_one(self):
        directories = [self.keep(index, total=2) for index in range(2)]
        processes = shard(1, total=2)
        processes[1].head.update(pid=99, parent=98)
        processes[1].lines = [processes[1].head, {"kind": "end", "start": processes[1].now}]
        processes[1].write(directories[1] / "run-1")
        self.assertEqual(self.lacking(*directories)[0],
                         "shop_test lacks the records of its parent process in shard 1 of 2")

    def test_a_program_that_is_no_shard_and_ended_early_or_was_stopped_is_told_as_well(self):
        (died,) = simple_run(program="/ci/books_test")
        died.lines.pop()
        died.write(self.root / "died")
        parent, worker = shard(0, total=1)
        parent.lines[-1:-1] = [{"kind": "result", "start": parent.now, "id": 9, "test": "suite/9",
                                "verdict": "not run", "attempts": 0}]
        parent.lines[-1]["cases"] += 1
        write_run(self.root / "stopped", [parent, worker])
        self.assertEqual(self.lacking("died", "stopped")[0],
                         "books_test ended early; shop_test was stopped")

    def test_workers_of_two_machines_without_parents_are_not_taken_for_those_of_one(self):
        directories = [self.keep(index, total=2) for index in range(2)]
        for directory, index in zip(directories, range(2)):
            (directory / f"run-{index}/parent-7.jsonl").unlink()
        told, report = self.lacking(*directories)
        self.assertEqual(told, "shop_test lacks the records of its parent process in shard 0, 1 of 2")
        self.assertEqual(report["counts"]["passed"], 8)

    def test_a_shard_without_its_parent_is_known_when_it_is_there_twice(self):
        for name in ("shard-0", "again"):
            (self.keep(0, name, total=2) / "run-0/parent-7.jsonl").unlink()
        self.assertIn("4 cases (suite/0, suite/2, suite/4, suite/6) ran in ",
                      self.refusal("--merge", "shard-0", "again"))

    def test_a_file_that_cannot_be_read_keeps_it_from_being_a_whole_run(self):
        directories = [self.keep(index) for index in range(4)]
        (self.root / "shard-3/run-3/w9-99.jsonl").write_text("cut", encoding="utf-8")
        told, report = self.lacking(*directories)
        self.assertEqual(told, "1 file cannot be read")
        self.assertEqual((report["run"]["verdict"], report["counts"]["passed"]), ("failed", 8))

    def test_the_page_is_written_all_the_same(self):
        directories = [self.keep(index) for index in (0, 1, 3)]
        done = self.run_isolite("--merge", *directories, "--html", "all.html")
        self.assertEqual((done.returncode, done.stderr), (1, self.TOLD))
        self.assertIn("shard 2 of 4 has no records",
                      (self.root / "all.html").read_text(encoding="utf-8"))

    def test_a_shard_that_ended_early_has_not_run_all_of_its_cases(self):
        directories = [self.keep(index) for index in (0, 2, 3)]
        parent, worker = shard(1)
        parent.lines = [line for line in parent.lines if line["kind"] != "end"]
        worker.lines = [line for line in worker.lines if line.get("test") != "suite/5"]
        write_run(self.root / "shard-1/run-1", [parent, worker])
        done = self.run_isolite("--json", "--merge", *directories, "shard-1")
        self.assertEqual((done.returncode, done.stderr), (1, self.TOLD.replace(
            "has no records of shard 2", "ended early in shard 1")))
        rows = [row[6:10] for row in json.loads(done.stdout)["cases"]["rows"] if row[7] != "passed"]
        self.assertEqual(rows, [["suite/5", "not run", "shard 1 of 4 ended early", 0]])

    def test_a_shard_that_was_stopped_has_not_run_all_of_its_cases_either(self):
        directories = [self.keep(index) for index in (0, 2, 3)]
        parent, worker = shard(1)
        end = parent.lines.pop()
        parent.add("result", id=9, test="suite/5", verdict="not run", attempts=0, failures=0)
        parent.lines.append(end)
        worker.lines = [line for line in worker.lines if line.get("test") != "suite/5"]
        write_run(self.root / "shard-1/run-1", [parent, worker])
        done = self.run_isolite("--merge", *directories, "shard-1")
        self.assertEqual((done.returncode, done.stderr), (1, self.TOLD.replace(
            "has no records of shard 2", "was stopped in shard 1")))

    def test_several_missing_shards_of_several_programs_are_named(self):
        self.keep(1)
        for index in (1, 2):
            self.keep(index, f"books-{index}", run=f"books-{index}", program="/ci/books_test")
        done = self.run_isolite("--merge", "shard-1", "books-1", "books-2")
        self.assertEqual(done.returncode, 1)
        self.assertIn("books_test has no records of shard 0, 3 of 4; shop_test has no records of "
                      "shard 0, 2, 3 of 4\n", done.stderr)
        self.assertIn("16 cases in ", done.stdout)
        self.assertIn(": 6 passed, 0 failed, 10 not run\n", done.stdout)


if __name__ == "__main__":
    main()
