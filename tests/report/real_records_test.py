"""Runs real test programs, and checks what their records tell beside times: how and where they were
started, what failed cases wrote, what took too long, what goes on, and what stopped the run."""

import json
import os
import shlex
import signal
import time

from real_run import (RealRunTest, cases_of, full_name, main, program_of, table,
                      with_each_framework)

FOR_EVER = 600_000  # milliseconds
PATIENCE_S = 60


class Records(RealRunTest):
    def started(self, framework, case, acts):
        """Starts a run by two workers, and returns when one of them runs the case."""
        process = self.start(framework, "--workers=2", acts=acts)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        deadline = time.monotonic() + PATIENCE_S
        while not any(line.case == case for line in self.lines()):
            self.assertLess(time.monotonic(), deadline, "the case does not begin")
            time.sleep(0.001)
        return process

    @with_each_framework
    def test_a_run_knows_how_and_where_it_was_started(self, framework):
        for workers in (0, 2):
            with self.subTest(workers=workers):
                option = "--log_sink" if framework == "boost_test" else "--test-case-exclude"
                quoted = f"{option}=it's a name"
                self.run_subject(framework, f"--workers={workers}", quoted, run=f"run-{workers}")
                launch, = self.json(f"run-{workers}")["launches"]
                words = shlex.split(launch["command"])
                self.assertEqual((words[0], words[2:]),
                                 (program_of(framework), [f"--workers={workers}", quoted]))
                self.assertEqual(launch["path"], os.path.realpath(program_of(framework)))
                self.assertEqual(launch["directory"], str(self.root))
                machine = os.uname()
                self.assertEqual((launch["host"], launch["system"]), (
                    machine.nodename, f"{machine.sysname} {machine.release} {machine.machine}"))
                self.assertEqual(launch["cores"], len(os.sched_getaffinity(0)))
                self.assertRegex(launch["isolite"], r"^\d+\.\d+\.\d+$")
                self.assertRegex(launch["sqlite"], r"^3\.\d+\.\d+$")

    @with_each_framework
    def test_what_failed_cases_wrote_is_known_where_workers_ran_them(self, framework):
        acts = "updates:say updates:fail row_3:say row_3:kill reads:say"
        _, figures = self.run_by(framework, 2, acts)
        cases = cases_of(figures)
        self.assertIn("updates says it\n", cases["kept_clean/updates"]["output"])
        self.assertIn("row_3 says it\n", cases[full_name(framework, "row_3")]["output"])
        self.assertIsNone(cases["kept_clean/reads"]["output"])

    @with_each_framework
    def test_each_attempt_has_what_was_written_in_it(self, framework):
        self.run_subject(framework, "--workers=1", "--retries=1", run="run",
                         acts="updates:say updates:fail_once")
        figures = self.json("run")
        case = cases_of(figures)["kept_clean/updates"]
        self.assertEqual((case["verdict"], case["output"], case["attempts"]), ("passed", None, 2))
        first, = [attempt for attempt in table(figures, "attempts")
                  if table(figures)[attempt["case"]]["test"] == "kept_clean/updates"]
        self.assertEqual(first["verdict"], "failed")
        self.assertIn("updates says it\n", first["output"])

    @with_each_framework
    def test_a_case_that_is_killed_for_its_time_is_said_to_have_taken_too_long(self, framework):
        self.run_subject(framework, "--workers=2", "--timeout=0.5", run="run",
                         acts=f"updates:say updates:{FOR_EVER} row_3:kill")
        figures = self.json("run")
        cases = cases_of(figures)
        self.assertEqual({name for name, case in cases.items() if case["timed_out"]},
                         {"kept_clean/updates"})
        self.assertEqual({name for name, case in cases.items() if case["died"]},
                         {"kept_clean/updates", full_name(framework, "row_3")})
        self.assertIn("updates says it\n", cases["kept_clean/updates"]["output"])
        self.assertEqual({death["test"]: death["timed_out"] for death in figures["deaths"]},
                         {"kept_clean/updates": True, full_name(framework, "row_3"): False})
        self.assertEqual(figures["counts"]["timed_out"], 1)
        self.assertGreaterEqual(cases["kept_clean/updates"]["ns"], 500_000_000)

    @with_each_framework
    def test_a_run_that_goes_on_is_told_with_the_cases_that_run(self, framework):
        process = self.started(framework, "updates", f"updates:{FOR_EVER}")
        figures = self.json("run")
        self.assertEqual(figures["run"]["verdict"], "running")
        self.assertFalse(figures["run"]["ended_early"])
        running = cases_of(figures)["kept_clean/updates"]
        self.assertEqual((running["verdict"], running["ns"]), ("running", None))
        parent, = [one for one in figures["processes"] if one["worker"] == "parent"]
        self.assertTrue(parent["running"])
        later = self.json("run")["run"]["wall_ns"]
        self.assertGreater(later, figures["run"]["wall_ns"])
        merged = self.run_isolite("--merge", self.cache / "default/runs/run")
        self.assertEqual(merged.returncode, 1)
        self.assertRegex(merged.stderr, r"cannot call this a whole run: subject_\w+ still runs\n")
        text = self.output("run")
        self.assertIn(": still running\n", text)
        self.assertRegex(text, r"\nrunning now\n(?:  .*\n)*  kept_clean/updates, by w\d+ for ")
        self.assertNotIn("ended early", text)
        self.assertIn("  running  ", self.output("--list"))
        process.kill()
        process.communicate()

    @with_each_framework
    def test_a_run_that_was_killed_has_died(self, framework):
        process = self.started(framework, "updates", f"updates:{FOR_EVER}")
        process.kill()
        process.communicate()
        told = self.run_isolite("--json", "run").stdout  # a worker may have had no time for a head
        self.assertEqual(json.loads(told)["run"]["verdict"], "died")

    @with_each_framework
    def test_a_run_that_a_signal_stopped_says_so(self, framework):
        process = self.started(framework, "updates", f"updates:{FOR_EVER}")
        process.send_signal(signal.SIGTERM)
        process.communicate()
        figures = json.loads(self.run_isolite("--json", "run").stdout)
        self.assertEqual(figures["run"]["verdict"], "stopped")
        self.assertEqual([trouble["text"] for trouble in figures["troubles"]],
                         ["SIGTERM stopped the run"])


if __name__ == "__main__":
    main()
