"""Kills real test programs and their workers at random, and checks that the report loses nothing.

Variables: ISOLITE_TEST_ROUNDS, 30 by default and at most; ISOLITE_TEST_SEED of the random numbers.
"""

import collections
import json
import os
import pathlib
import random
import signal
import time

from real_run import (RealRunTest, all_cases, cases_of, full_name, main, table, with_each_framework)

ROUNDS = min(30, int(os.environ.get("ISOLITE_TEST_ROUNDS", "30")))
SEED = int(os.environ.get("ISOLITE_TEST_SEED", "20260731"))
DEADLY = ("kill", "abort")
FAILING = {"fails", "commits"}
KILLED_HERE = "its worker was killed by signal|workers died in the fixtures around it"


def lives(pid):
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def parent_of(pid):
    try:
        return int(pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


class Round:
    """One run of a program, in which cases and this script kill processes."""

    def __init__(self, test, dice, number, framework):
        self.test, self.dice, self.framework = test, dice, framework
        self.run = f"round-{number}"
        self.workers, self.retries = dice.randint(1, 4), dice.randint(0, 1)
        self.kills_parent = number % 4 == 3
        self.acts = {case: dice.choice([*DEADLY, "fail"]) if dice.random() < 0.2 else
                     str(dice.randint(1, 12)) for case in all_cases(framework)}
        self.killed = set()

    def carry_out(self):
        self.test.log.unlink(missing_ok=True)
        process = self.test.start(
            self.framework, f"--workers={self.workers}", f"--retries={self.retries}", run=self.run,
            acts=" ".join(f"{case}:{act}" for case, act in self.acts.items()))
        until = time.monotonic() + self.dice.uniform(0.02, 0.2)
        while process.poll() is None:
            time.sleep(self.dice.uniform(0, 0.01))
            self.kill_a_worker(process.pid)
            if self.kills_parent and time.monotonic() > until and self.test.lines():
                process.kill()
        self.out, self.err = process.communicate()
        self.parent_was_killed = process.returncode == -signal.SIGKILL
        self.pids = {line.pid for line in self.test.lines()}
        deadline = time.monotonic() + 30
        while any(map(lives, self.pids)):
            assert time.monotonic() < deadline, "a worker outlived its parent"
            time.sleep(0.001)
        self.lines = self.test.lines()
        self.figures = self.test.figures_of(self.run)

    def kill_a_worker(self, parent):
        """Kills a worker that is running a case, by its number, if it still is a worker's."""
        running = {line.pid for line in self.test.lines() if parent_of(line.pid) == parent}
        if running and self.dice.random() < 0.3:
            victim = self.dice.choice(sorted(running))
            try:
                os.kill(victim, signal.SIGKILL)
                self.killed.add(victim)
            except ProcessLookupError:
                pass

    def verdict_at_end(self, case):
        return "failed" if case in FAILING or self.acts[case] == "fail" else "passed"


class Kills(RealRunTest):
    @with_each_framework
    def test_a_report_tells_of_every_case_that_came_to_its_end(self, framework):
        dice = random.Random(f"{SEED} {framework}")
        counts = collections.Counter()
        for number in range(ROUNDS):
            told = Round(self, dice, number, framework)
            with self.subTest(ISOLITE_TEST_SEED=SEED, round=number, acts=told.acts):
                told.carry_out()
                self.check_processes(told, counts)
                self.check_cases(told, counts)
                self.check_sums(told.figures)
        print(f"{framework}, seed {SEED}, {ROUNDS} rounds:",
              ", ".join(f"{count} {what}" for what, count in sorted(counts.items())))

    def figures_of(self, run):
        """Who is killed before it could tell of itself leaves a file of which the report warns."""
        done = self.run_isolite("--json", run)
        self.assertEqual(done.returncode, 0, done.stderr)
        for line in done.stderr.splitlines()[::2]:
            self.assertRegex(line, "its first line does not tell of a process, in format 1$")
        return json.loads(done.stdout)

    def check_processes(self, told, counts):
        processes = {process["pid"]: process for process in told.figures["processes"]}
        parent, = [process for process in processes.values() if process["worker"] == "parent"]
        self.assertTrue(told.parent_was_killed or not parent["ended_early"])
        told.parent_was_killed = parent["ended_early"]  # it may have been killed behind its end
        self.assertLessEqual(told.pids, set(processes))
        for pid in told.pids:
            process = processes[pid]
            last = [line for line in told.lines if line.pid == pid][-1]
            self.assertEqual(process["worker"], last.worker)
            if last.what == "begin":
                counts["workers killed in a case"] += 1
                self.assertTrue(process["ended_early"], last)
                self.assertEqual(process["during"], full_name(told.framework, last.case))
            if process["ended_early"] and not told.parent_was_killed:
                self.assertRegex(process["why"] or "", KILLED_HERE, process)
            if not process["ended_early"]:
                self.assertIsNone(process["during"])
                if pid in told.killed and process["why"]:  # behind its last record
                    self.assertRegex(process["why"], KILLED_HERE)
                else:
                    self.assertIsNone(process["why"])
            else:
                deadly = told.acts.get(last.case) in DEADLY and last.what == "begin"
                self.assertTrue(pid in told.killed or deadly or told.parent_was_killed, process)
        # Also one that was making the fixture of the suite of its case.
        during = {(process["worker"], process["incarnation"]): process["during"]
                  for process in processes.values()}
        for death in told.figures["deaths"]:
            self.assertEqual(death["test"], during.get((death["worker"], death["incarnation"]),
                                                       death["test"]))
        counts["parents killed"] += told.parent_was_killed
        counts["killed from outside"] += len(told.killed)

    def check_cases(self, told, counts):
        cases, tries = cases_of(told.figures), self.tries_of(told)
        if not told.parent_was_killed:
            self.assertEqual(set(cases), {full_name(told.framework, case)
                                          for case in all_cases(told.framework)}, told.err)
        for name, lines in self.by_case(told).items():
            row = cases[full_name(told.framework, name)]
            ends = [line for line in lines if line.what == "end"]
            self.assertGreaterEqual(row["attempts"], len(ends))
            counts["cases that ended"] += bool(ends)
            verdict = told.verdict_at_end(name)
            for line in ends:
                found = tries[row["test"], line.pid]
                self.assertEqual(len(found), 1, (line, found, row))
                # Whoever is killed behind the line fails the case, or has not recorded its end.
                may_differ = self.is_last(told, line)
                # Without the last word of a parent, the last try counts as the one that failed.
                may_differ = may_differ or (told.parent_was_killed and len(lines) > len(ends))
                self.assertTrue(found == [verdict] or may_differ, (line, found, row))
                counts["of them unrecorded"] += found != [verdict]
            if lines[-1].what == "begin":
                self.assertEqual(row["verdict"], "failed", (lines, row))
                if not told.parent_was_killed:
                    self.assertRegex(row["text"], KILLED_HERE)

    @staticmethod
    def tries_of(told):
        """Returns what the records of each process say that became of its cases."""
        pids = [process["pid"] for process in told.figures["processes"]]
        tries, rows = collections.defaultdict(list), table(told.figures)
        for row in rows:
            if row["process"] is not None:
                verdict = row["verdict"]
                tries[row["test"], pids[row["process"]]].append(verdict)
        for row in table(told.figures, "attempts"):
            tries[rows[row["case"]]["test"], pids[row["process"]]].append(row["verdict"])
        return tries

    @staticmethod
    def by_case(told):
        lines = collections.defaultdict(list)
        for line in told.lines:
            lines[line.case].append(line)
        return lines

    @staticmethod
    def is_last(told, line):
        """Says whether a line is the last of a process that ended early."""
        early = {process["pid"] for process in told.figures["processes"] if process["ended_early"]}
        last = [each for each in told.lines if each.pid == line.pid][-1]
        return line.pid in early and last == line


if __name__ == "__main__":
    main()
