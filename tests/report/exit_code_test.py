"""Checks what `isolite report` says of runs that did not pass, and what it exits with."""

from records import Process, simple_run
from report import main
from runs_test import Runs


class Passed(Runs):
    NOT_PASSED = ("isolite: cannot call this run passed: its verdict is {}\n  hint: the report tells "
                  "why; without --exit-code it would fail nothing\n")

    def test_a_report_fails_nothing_unless_that_is_asked_for(self):
        self.keep(1)
        (failed,) = simple_run(cases=1)
        failed.lines[-2]["verdict"] = "failed"
        failed.write(self.root / "failed")
        (died,) = simple_run(cases=1)
        died.lines.pop()
        died.write(self.root / "died")
        self.assertIn(": passed\n", self.output("--exit-code"))
        for form in ([], ["--json"], ["--html", "run.html"], ["--trace", "run.json"]):
            for verdict in ("failed", "died"):
                with self.subTest(verdict, form=form):
                    told = self.output(f"./{verdict}", *form)
                    done = self.run_isolite("--exit-code", f"./{verdict}", *form)
                    self.assertEqual((done.returncode, done.stdout, done.stderr),
                                     (1, told, self.NOT_PASSED.format(verdict)))

    def test_of_compared_runs_the_new_one_counts(self):
        self.keep(1)
        (failed,) = simple_run(cases=1)
        failed.lines[-2]["verdict"] = "failed"
        failed.write(self.root / "failed")
        kept = str(next(self.runs.iterdir()))
        self.output("--exit-code", "--compare", "./failed", kept)
        done = self.run_isolite("--exit-code", "--compare", kept, "./failed")
        self.assertEqual((done.returncode, done.stderr), (1, self.NOT_PASSED.format("failed")))

    def test_a_run_whose_records_are_missing_has_not_passed(self):
        (process,) = simple_run()
        process.lines = [line for line in process.lines if line.get("test") != "suite/1"]
        process.write(self.root / "cut")
        (whole,) = simple_run()
        whole.write(self.root / "unreadable")
        (self.root / "unreadable/other.jsonl").write_text("{}\n", encoding="utf-8")
        worker = Process("w0", parent=99)
        worker.begin("suite/0", 0)
        worker.end_case()
        worker.end()
        worker.write(self.root / "orphan")
        for name in ("cut", "unreadable", "orphan"):
            with self.subTest(name):
                self.assertEqual(self.run_isolite(f"./{name}").returncode, 0)
                done = self.run_isolite("--exit-code", f"./{name}")
                self.assertEqual(done.returncode, 1)
                self.assertIn("isolite: cannot call this run passed: records of it are missing\n  hint: "
                              "the report tells why; without --exit-code it would fail nothing\n",
                              done.stderr)

    def test_records_that_were_lost_are_told(self):
        (process,) = simple_run()
        process.lines = [line for line in process.lines if line.get("test") != "suite/1"]
        process.write(self.root / "cut")
        done = self.run_isolite("./cut")
        self.assertEqual((done.returncode, done.stderr), (
            0, "isolite: cannot show all of shop_test: the records of 1 of its 3 cases are missing\n"
               "  hint: a file was removed or cut, or a process had reached the 64 MiB of its "
               "records\n"))
        self.assertIn("2 cases in ", done.stdout)


if __name__ == "__main__":
    main()
