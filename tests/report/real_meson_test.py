"""Lets `meson test` run several real test programs side by side, and checks that they are one run
in the report."""

import collections
import json
import os
import subprocess
import time

from real_run import (FRAMEWORKS, MESON, MS, RealRunTest, all_cases, full_name, main, program_of,
                      table)

NAP = 20
COPIES = 3  # of each program


class MesonTest(RealRunTest):
    def run_meson(self, processes, acts):
        """Runs the programs in a project of its own. Returns the wall that Python measured."""
        project = self.root / "project"
        project.mkdir()
        self.frameworks = [each for each in FRAMEWORKS if os.path.exists(program_of(each))]
        tests = "".join(f"test('{framework} {copy}', find_program('{program_of(framework)}'))\n"
                        for framework in self.frameworks for copy in range(COPIES))
        (project / "meson.build").write_text("project('real')\n" + tests)
        environment = self.environment(acts)
        begun = time.monotonic_ns()
        for command in (["setup", "build"],
                        ["test", "-C", "build", "--num-processes", str(processes)]):
            begun = time.monotonic_ns()
            self.done = subprocess.run([MESON, *command], cwd=project, env=environment, check=False,
                                       capture_output=True, text=True)
        return time.monotonic_ns() - begun

    def test_all_processes_are_one_run_with_a_worker_for_each_slot(self):
        if not any(os.path.exists(program_of(framework)) for framework in FRAMEWORKS):
            self.skipTest("isolite was built without Boost.Test and doctest.")
        for processes in (1, 2):
            with self.subTest(processes=processes):
                self.setUp()
                wall = self.run_meson(processes, f"sleeps:{NAP} row_3:{NAP}")
                runs = json.loads(self.output("--list", "--json"))["runs"]
                self.assertEqual(len(runs), 1, self.done.stdout)
                figures = self.json()
                self.check(figures, processes, wall)
                print(f"meson test, {processes} at once: the sums are off by "
                      f"{self.check_sums(figures):.6%}")

    def check(self, figures, processes, wall):
        programs = len(self.frameworks) * COPIES
        self.assertEqual(sorted(figures["run"]["programs"]),
                         [f"subject_{framework}" for framework in self.frameworks])
        self.assertEqual(len(figures["processes"]), programs)
        self.assertEqual([worker["name"] for worker in figures["workers"]],
                         [f"w{slot}" for slot in range(processes)])
        self.assertEqual({worker["replacements"] for worker in figures["workers"]}, {0})
        self.assertFalse(figures["run"]["ended_early"])
        self.check_no_overlap(figures)
        names = collections.Counter(row["test"] for row in table(figures))
        expected = collections.Counter(full_name(framework, case) for framework in self.frameworks
                                       for case in all_cases(framework) * COPIES)
        self.assertEqual(names, expected)
        self.assertEqual(sum(worker["cases"] for worker in figures["workers"]),
                         sum(expected.values()))
        self.assertGreaterEqual(figures["totals"]["tests_ns"], 2 * NAP * MS * programs)
        self.assertLessEqual(figures["run"]["wall_ns"], wall)
        for worker in figures["workers"]:
            self.assertLessEqual(worker["wall_ns"], figures["run"]["wall_ns"])

    def check_no_overlap(self, figures):
        lives = collections.defaultdict(list)
        for process in figures["processes"]:
            self.assertLess(process["start_ns"], process["end_ns"])
            lives[process["worker"]].append((process["start_ns"], process["end_ns"]))
        for worker, spans in lives.items():
            spans.sort()
            for (_, end), (start, _) in zip(spans, spans[1:]):
                self.assertLessEqual(end, start, (worker, spans))


if __name__ == "__main__":
    main()
