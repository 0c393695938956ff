"""Runs real programs in shards, as on several machines, and compares their report with that of one
run; and lets them cut the next run by what they measured."""

import collections
import json
import os
import subprocess

from real_run import NOT_OURS, RealRunTest, cases_of, main, table, with_each_framework
from report import ISOLITE

TOTAL = 4
# In a case they do not depend on how many workers there are, nor on which of them is the first.
OF_CASES = ("session opened", "session closed", "session checked", "session healed", "fixture")


def told_of_cases(report):
    return {name: (row["verdict"], row["attempts"], row["text"], row["pages"])
            for name, row in cases_of(report).items()}


def fixtures_in_cases(report):
    kinds, names = report["kinds"], report["names"]
    return collections.Counter(
        (kinds[span["kind"]], names[span["name"]]) for span in table(report, "spans")
        if span["case"] is not None and kinds[span["kind"]] in OF_CASES)


class RealShards(RealRunTest):
    def isolite(self, *arguments, cache=None):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(NOT_OURS)}
        subprocess.run([ISOLITE, *map(str, arguments)], cwd=self.root, check=True,
                       stdout=subprocess.DEVNULL,
                       env={**kept, "HOME": str(self.root), "ISOLITE_CACHE": str(cache)})

    def run_shards(self, framework, *options, place="machines"):
        """Each shard has a machine of its own: a cache, and a directory for its records."""
        directories = []
        for index in range(TOTAL):
            machine = self.root / place / str(index)
            machine.mkdir(parents=True, mode=0o700)
            self.run_subject(framework, f"--shard={index}/{TOTAL}", *options, run=None,
                             ISOLITE_CACHE=machine / "cache", ISOLITE_LEDGER=machine / "records")
            directories.append(machine / "records")
        return directories

    def measured(self, place):
        """Returns the file of what the shards measured."""
        files = [self.root / f"{place}-{index}.tsv" for index in range(TOTAL)]
        for index, file in enumerate(files):
            self.isolite("history", "export", file, cache=self.root / place / f"{index}/cache")
        self.isolite("history", "merge", self.root / f"{place}.tsv", *files)
        return self.root / f"{place}.tsv"

    @with_each_framework
    def test_the_report_of_four_shards_is_that_of_one_run(self, framework):
        for workers in (0, 2):
            with self.subTest(workers=workers):
                self.setUp()
                _, whole = self.run_by(framework, workers, "")
                merged = self.json("--merge", *self.run_shards(framework, f"--workers={workers}"))
                self.assertEqual(merged["counts"], whole["counts"])
                self.assertEqual(told_of_cases(merged), told_of_cases(whole))
                self.assertEqual(fixtures_in_cases(merged), fixtures_in_cases(whole))
                self.assertEqual(merged["run"]["programs"], whole["run"]["programs"])
                self.assertEqual(sorted((leak["test"], leak["text"]) for leak in merged["leaks"]),
                                 sorted((leak["test"], leak["text"]) for leak in whole["leaks"]))

    @with_each_framework
    def test_every_process_tells_how_many_cases_it_had(self, framework):
        for workers in (0, 2):
            with self.subTest(workers=workers):
                self.setUp()
                _, whole = self.run_by(framework, workers, "")
                for path in self.kept_files():
                    begun = path.read_text(encoding="utf-8").count('{"kind":"begin"')
                    is_parent = path.name.startswith("parent-")
                    self.assertEqual(self.told_cases(path),
                                     whole["counts"]["cases"] if is_parent else begun)

    @staticmethod
    def told_cases(path):
        return json.loads(path.read_text(encoding="utf-8").strip().rpartition("\n")[2])["cases"]

    @with_each_framework
    def test_a_worker_whose_records_are_lost_keeps_it_from_being_a_whole_run(self, framework):
        _, whole = self.run_by(framework, 2, "")
        path = max(self.root.rglob("w*.jsonl"), key=lambda each: each.stat().st_size)
        path.unlink()
        done = subprocess.run([ISOLITE, "report", "--merge", path.parent], check=False,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"cannot call this a whole run: subject_\w+ lacks the records "
                                      rf"of \d+ of {whole['counts']['cases']} cases\n")

    @with_each_framework
    def test_what_shards_measure_cuts_the_next_run(self, framework):
        for workers in (0, 2):
            with self.subTest(workers=workers):
                self.setUp()
                self.run_shards(framework, f"--workers={workers}", place="first")
                history = self.measured("first")
                known = {line.split("\t")[1] for line in
                         history.read_text(encoding="utf-8").splitlines()[1:]}
                merged = self.json("--merge", *self.run_shards(
                    framework, f"--workers={workers}", f"--history={history}"))
                self.assertEqual(known, {name for name, row in cases_of(merged).items()
                                         if row["verdict"] in ("passed", "failed")})

    @with_each_framework
    def test_a_shard_that_lacks_the_history_makes_no_run(self, framework):
        directories = self.run_shards(framework)
        history = self.measured("machines")
        others = self.run_shards(framework, f"--history={history}", place="others")
        self.assertIn("they are cut in different ways: ",
                      self.refusal("--merge", directories[0], *others[1:]))


if __name__ == "__main__":
    main()
