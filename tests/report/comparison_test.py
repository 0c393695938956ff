"""Checks how `isolite report` compares runs: what counts as a change, and what it is seen against."""

import os
import random
import shutil

from oracle import Run, compared
from records import MS, SECOND, random_run, simple_run, write_run
from report import ReportTest, main

# The file in which the history of /w/shop_test is: the digits are XXH3 of this path.
HISTORY = "shop_test-02fb7f0128fc126d.history.tsv"
STEP = 10 * MS  # a change by more is more than the clock and the caches


class Comparison(ReportTest):
    def keep(self, number, processes=None, **options):
        """Writes the run `run-NUMBER`, which began that many seconds after the first."""
        processes = processes or simple_run(f"run-{number}", number * SECOND, **options)
        write_run(self.runs / f"run-{number}", processes)
        return self.runs / f"run-{number}"

    def keep_durations(self, *durations, first=1):
        for number, ns in enumerate(durations, first):
            self.keep(number, cases=1, ns=ns)

    def names(self, changes):
        return [change["test"] for change in changes]

    def assert_change(self, change, *arguments):
        told = self.json(*arguments)["compared"]
        found = {"slower": len(told["slower"]), "faster": len(told["faster"]),
                 "within_noise": told["within_noise"], "unknown": told["unknown"]}
        self.assertEqual(found, {name: int(name == change) for name in found}, told)
        return told


class Noise(Comparison):
    def test_a_change_beyond_the_noise_is_told(self):
        self.keep_durations(10 * STEP, 10 * STEP, 10 * STEP, 20 * STEP)
        told = self.assert_change("slower")
        self.assertEqual((told["old"], told["new"]), ("run-3", "run-4"))
        self.assertEqual(told["slower"], [
            {"test": "suite/0", "program": "shop_test", "old_ns": 10 * STEP + 8000,
             "new_ns": 20 * STEP + 8000, "noise_ns": 10_000_800, "samples": 3}])

    def test_what_became_faster_is_told(self):
        self.keep_durations(10 * STEP, 10 * STEP, 10 * STEP, 5 * STEP)
        self.assert_change("faster")

    def test_the_noise_is_that_of_the_earlier_durations(self):
        self.keep_durations(10 * STEP, 12 * STEP, 8 * STEP, 14 * STEP, 10 * STEP, 20 * STEP)
        self.assert_change("within_noise")  # MAD 20 ms, so the noise is 126 ms

    def test_one_wild_duration_is_no_noise(self):
        self.keep_durations(10 * STEP, 10 * STEP, 900 * STEP, 10 * STEP, 12 * STEP)
        self.assert_change("slower")

    def test_a_tenth_of_the_old_duration_is_noise(self):
        self.keep_durations(1000 * MS, 1000 * MS, 1000 * MS, 1099 * MS)
        self.assert_change("within_noise")
        self.keep_durations(1210 * MS, first=4)
        self.assert_change("slower")

    def test_ten_milliseconds_are_noise(self):
        self.keep_durations(MS, MS, MS, 11 * MS)
        self.assert_change("within_noise")
        self.keep_durations(11 * MS + 1, first=4)
        self.assert_change("slower")

    def test_fewer_than_three_earlier_durations_tell_nothing(self):
        self.keep_durations(10 * STEP, 10 * STEP, 20 * STEP)
        self.assert_change("unknown")

    def test_random_runs_are_compared_as_by_the_oracle(self):
        rng = random.Random(5)
        for trial in range(12):
            with self.subTest(trial=trial):
                shutil.rmtree(self.runs, ignore_errors=True)
                count = rng.randint(2, 9)
                runs = [Run(self.keep(number, scale=lambda _: rng.choice([2, 10]) * STEP
                                      + rng.randint(0, MS), cases=rng.randint(3, 40)))
                        for number in range(1, count + 1)]
                samples = {}
                for run in runs[:-1]:
                    for case, ns in run.durations().items():
                        samples.setdefault(case, []).append(ns)
                expected = compared(runs[-2].durations(), runs[-1].durations(), samples)
                told = self.json()["compared"]
                for side in ("slower", "faster"):
                    found = {(change["program"], change["test"]): change for change in told[side]}
                    self.assertEqual(found.keys(), expected[side].keys())
                    for case, (old, new, noise, number) in expected[side].items():
                        self.assertEqual((found[case]["old_ns"], found[case]["new_ns"],
                                          found[case]["samples"]), (old, new, number))
                        self.assertAlmostEqual(found[case]["noise_ns"], noise, delta=noise / 1e6 + 1)
                    sizes = [abs(change["new_ns"] - change["old_ns"]) for change in told[side]]
                    self.assertEqual(sizes, sorted(sizes, reverse=True))
                self.assertEqual((told["within_noise"], told["unknown"]),
                                 (expected["within_noise"], expected["unknown"]))


class Against(Comparison):
    def test_the_first_run_is_compared_with_none(self):
        self.keep(1)
        told = self.json()
        self.assertIsNone(told["compared"])
        self.assertEqual([run["id"] for run in told["earlier"]], ["run-1"])

    def test_runs_of_other_programs_are_not_earlier_ones(self):
        self.keep(1)
        self.keep(2, program="/w/other_test")
        self.keep(3)
        told = self.json()
        self.assertEqual(told["compared"]["old"], "run-1")
        self.assertEqual([run["id"] for run in told["earlier"]], ["run-1", "run-3"])

    def test_a_program_elsewhere_is_the_same_if_its_name_is(self):
        self.keep(1, program="/elsewhere/shop_test")
        self.keep(2)
        self.assertEqual(self.json()["compared"]["old"], "run-1")

    def test_later_runs_do_not_count(self):
        self.keep_durations(10 * STEP, 10 * STEP, 10 * STEP, 20 * STEP)
        told = self.json("run-2")
        self.assertEqual(told["compared"]["old"], "run-1")
        self.assertEqual([run["id"] for run in told["earlier"]], ["run-1", "run-2"])

    def test_earlier_runs_are_summed_up(self):
        for number in range(1, 4):
            self.keep(number, random_run(random.Random(3), f"run-{number}", number * SECOND))
        self.assertEqual(self.json()["earlier"],
                         [Run(self.runs / f"run-{number}").summary() for number in range(1, 4)])

    def test_at_most_twenty_runs_are_in_line(self):
        for number in range(1, 25):
            self.keep(number, cases=1)
        self.assertEqual([run["id"] for run in self.json()["earlier"]],
                         [f"run-{number}" for number in range(5, 25)])

    def test_of_large_runs_at_least_the_one_before_is_read(self):
        for number in range(1, 4):
            file, = self.keep(number, cases=1).iterdir()
            os.truncate(file, 40 << 20)
        self.assertEqual([run["id"] for run in self.json()["earlier"]], ["run-2", "run-3"])

    def test_compare_chooses_the_runs(self):
        self.keep_durations(10 * STEP, 10 * STEP, 10 * STEP, 30 * STEP, 10 * STEP)
        told = self.assert_change("slower", "--compare", "run-1", "run-4")
        self.assertEqual((told["old"], told["new"]), ("run-1", "run-4"))
        told = self.assert_change("faster", "--compare", "2", "1")
        self.assertEqual((told["old"], told["new"]), ("run-4", "run-5"))

    def test_an_old_run_that_came_later_is_among_the_samples(self):
        self.keep_durations(10 * STEP, 10 * STEP, 10 * STEP, 30 * STEP)
        told = self.json("--compare", "4", "2")["compared"]
        self.assertEqual((told["unknown"], told["old"]), (1, "run-1"))
        told = self.json("--compare", "1", "2")["compared"]
        self.assertEqual((told["old"], told["faster"][0]["samples"]), ("run-4", 3))

    def test_cases_of_one_run_only_are_named(self):
        self.keep(1, cases=2)
        self.keep(2, cases=4)
        told = self.json()["compared"]
        self.assertEqual((told["only_old"], told["only_new"]), ([], ["suite/2", "suite/3"]))
        told = self.json("--compare", "1", "2")["compared"]
        self.assertEqual((told["only_old"], told["only_new"]), (["suite/2", "suite/3"], []))

    def test_of_equal_names_the_largest_duration_counts(self):
        for number, ns in enumerate([10, 10, 10, 30], 1):
            process, = simple_run(f"run-{number}", number * SECOND, cases=3,
                                  scale=lambda position, ns=ns: (ns, ns // 2, 1)[position] * STEP)
            for line in process.lines:
                if "test" in line:
                    line["test"] = "same"
            self.keep(number, [process])
        change, = self.json()["compared"]["slower"]
        self.assertEqual((change["old_ns"], change["new_ns"]), (10 * STEP + 8000, 30 * STEP + 8000))

    def test_what_comes_later_does_not_change_a_comparison(self):
        self.keep_durations(10 * STEP, 12 * STEP, 11 * STEP, 20 * STEP)
        before = self.json("run-4")["compared"]
        self.keep_durations(90 * STEP, 10 * STEP, 50 * STEP, first=5)
        self.keep_history(10 * STEP, 90 * STEP, 50 * STEP, 10 * STEP, 12 * STEP)
        self.assertEqual(self.json("run-4")["compared"], before)

    def keep_history(self, *durations):
        """Makes the file that src/results/history.cpp keeps of /w/shop_test."""
        directory = self.cache / "default/history"
        directory.mkdir(mode=0o700)
        (directory / HISTORY).write_text("isolite history 1\nshop_test\tsuite/0\tpassed\t1\t" +
                                         " ".join(map(str, durations)) + "\n")


class Words(Comparison):
    def test_the_text_tells_what_changed(self):
        self.keep_durations(10 * STEP, 10 * STEP, 10 * STEP, 20 * STEP)
        expected = ("\nslower than in run-3\n"
                    "    BY    THEN     NOW    NOISE  CASE\n"
                    "100 ms  100 ms  200 ms  10.0 ms  suite/0\n"
                    "\ncompared with run-3: 1 slower, 0 faster, 0 within noise\n")
        self.assertEqual(self.output("--compare", "2", "1"), expected)
        self.assertTrue(self.output().endswith(expected))

    def test_cases_that_cannot_be_compared_are_counted(self):
        self.keep(1, cases=3)
        self.keep(2, cases=2)
        last = "compared with run-{}: 0 slower, 0 faster, 0 within noise, 2 seldom timed, 1 only {}\n"
        self.assertTrue(self.output().endswith(last.format(1, "then")))
        self.assertEqual(self.output("--compare", "1", "2"), "\n" + last.format(2, "now"))

    def test_the_ten_largest_changes_are_shown(self):
        for number in range(1, 5):
            self.keep(number, cases=14, scale=lambda position, number=number:
                      (10 + (number == 4) * position) * STEP)
        rows = self.output("--compare", "2", "1").splitlines()[3:]
        self.assertEqual([row.split("suite/")[-1] for row in rows[:10]],
                         [str(position) for position in range(13, 3, -1)])
        self.assertEqual(rows[10], "")


if __name__ == "__main__":
    main()
