"""Runs real test programs, and checks that the report has the cases and the verdicts that the
framework's own JUnit report has, and isolite's."""

import os

from real_run import (RealRunTest, all_cases, cases_of, full_name, main, program_of,
                      verdicts_of_framework, verdicts_of_isolite, with_each_framework)

FAILING = {"fails", "commits"}


class Verdicts(RealRunTest):
    def run_verdicts(self, framework, *arguments, acts="", run="run", **variables):
        """Returns the rows of the report, and the verdicts of the three reports."""
        own, theirs = self.root / "isolite.xml", self.root / "framework.xml"
        format = (["--log_format=JUNIT", f"--log_sink={theirs}"] if framework == "boost_test" else
                  ["--reporters=junit", f"--out={theirs}"])
        self.ended = self.run_subject(framework, *format, f"--junit={own}", *arguments, acts=acts,
                                      run=run, **variables)
        self.assertTrue(own.exists() and theirs.exists(), self.ended.err)
        self.figures = self.json(run)
        told = {name: row["verdict"] for name, row in cases_of(self.figures).items()}
        self.assertEqual(verdicts_of_isolite(own), told, self.ended.err)
        self.assertEqual(self.comparable(framework, verdicts_of_framework(framework, theirs)),
                         self.in_words_of(framework, told), self.ended.err)
        self.check_counts(told)
        cases = {full_name(framework, case): case for case in all_cases(framework)}
        return {cases[name]: verdict for name, verdict in told.items()}

    def comparable(self, framework, verdicts):
        """Leaves out the leak, which is a mere message to doctest, of which its JUnit reporter
        knows nothing."""
        if framework == "doctest":
            verdicts.pop("kept_clean/commits", None)
        return verdicts

    def in_words_of(self, framework, told):
        """Boost.Test calls skipped what was not run, and disabled what was left out; doctest does
        not mention either."""
        if framework == "boost_test":
            return {name: verdict if verdict in ("passed", "failed") else "skipped"
                    for name, verdict in told.items() if verdict != "left out"}
        return {name: verdict for name, verdict in told.items()
                if verdict in ("passed", "failed") and name != "kept_clean/commits"}

    def check_counts(self, told):
        counts = dict(self.figures["counts"])
        for name in ("flaky", "timed_out"):
            counts.pop(name)
        verdicts = list(told.values())
        self.assertEqual(counts, {"cases": len(verdicts), **{
            verdict.replace(" ", "_"): verdicts.count(verdict)
            for verdict in ("passed", "failed", "skipped", "not run", "left out", "running")}})

    def expected(self, framework, failing=(), **others):
        verdicts = {case: "passed" for case in all_cases(framework)}
        if framework == "boost_test":
            verdicts["needs_another"] = "skipped"
        return {**verdicts, **dict.fromkeys(FAILING | set(failing), "failed"), **others}

    @with_each_framework
    def test_all_cases_are_told_in_one_process_and_in_workers(self, framework):
        for workers in (0, 1, 2, 4):
            self.assertEqual(
                self.run_verdicts(framework, f"--workers={workers}", run=f"by-{workers}",
                                  acts="row_2:fail subcases:fail"),
                self.expected(framework, ["row_2"] + ["subcases"] * (framework == "doctest")))

    @with_each_framework
    def test_a_filter_leaves_nothing_of_the_others(self, framework):
        chosen = "--run_test=kept_clean" if framework == "boost_test" else "--test-suite=kept_clean"
        for workers in (0, 2):
            self.assertEqual(
                self.run_verdicts(framework, f"--workers={workers}", chosen, run=f"by-{workers}"),
                {"reads": "passed", "updates": "passed", "commits": "failed"})

    @with_each_framework
    def test_repeated_cases_are_told_once(self, framework):
        verdicts = self.run_verdicts(framework, "--workers=2", "--repeat=3", acts="row_4:fail_once")
        self.assertEqual(verdicts, self.expected(framework, ["row_4"]))
        for name, row in cases_of(self.figures).items():
            self.assertEqual(row["attempts"], 3, name)
        self.assertEqual(sum(worker["cases"] for worker in self.figures["workers"]),
                         3 * len(all_cases(framework)))
        self.assertEqual([worker["replacements"] for worker in self.figures["workers"]], [0, 0])

    @with_each_framework
    def test_retried_cases_are_flaky_or_failed(self, framework):
        for acts, replacements in (("row_4:fail_once", 0), ("row_4:kill_once", 1)):
            run = acts.split(":")[1].replace("_", "-")
            verdicts = self.run_verdicts(framework, "--workers=2", "--retries=1", "--timings",
                                         acts=acts, run=run)
            self.assertEqual(verdicts, self.expected(framework))
            self.assertEqual(self.figures["counts"]["flaky"], 1)
            attempts = {name: row["attempts"] for name, row in cases_of(self.figures).items()}
            row_4 = full_name(framework, "row_4")
            self.assertEqual(attempts.pop(row_4), 2)
            for name in FAILING:
                self.assertEqual(attempts.pop(full_name(framework, name)), 2)
            if framework == "boost_test":  # tried again with the one that it depends on
                self.assertEqual(attempts.pop(full_name(framework, "needs_another")), 2)
            self.assertEqual(set(attempts.values()), {1})
            self.assertEqual(sum(worker["replacements"] for worker in self.figures["workers"]),
                             replacements)
            self.assertEqual(self.ended.err.count("1 replacement"), replacements)
            self.log.unlink()

    @with_each_framework
    def test_after_enough_failures_the_rest_is_not_run(self, framework):
        verdicts = list(self.run_verdicts(framework, "--workers=1", "--maxfail=1").values())
        self.assertEqual(verdicts.count("failed"), 1)
        self.assertGreater(verdicts.count("not run"), 0)
        self.assertEqual(len(verdicts), len(all_cases(framework)))

    @with_each_framework
    def test_what_passed_before_is_left_out(self, framework):
        self.run_verdicts(framework, "--workers=2", run="first")
        verdicts = self.run_verdicts(framework, "--workers=2", "--failed", run="second")
        left = {case for case, verdict in verdicts.items() if verdict == "left out"}
        self.assertEqual({case for case in FAILING if verdicts[case] == "failed"}, FAILING)
        self.assertEqual(left, set(all_cases(framework)) - FAILING - {"needs_another"})

    @with_each_framework
    def test_a_case_that_kills_its_worker_has_failed(self, framework):
        own = self.root / "isolite.xml"
        for how, signal in (("kill", "signal 9"), ("abort", "signal 6")):
            ended = self.run_subject(framework, "--workers=2", f"--junit={own}", run=how,
                                     acts=f"row_4:{how} second_with_data:{how}")
            cases = cases_of(self.json(how))
            self.assertEqual(verdicts_of_isolite(own),
                             {name: row["verdict"] for name, row in cases.items()})
            for case in ("row_4", "second_with_data"):
                row = cases[full_name(framework, case)]
                self.assertEqual(row["verdict"], "failed", ended.err)
                self.assertIn(signal, row["text"])

    def test_tests_on_fixtures_of_googletests_own_are_told_once_each(self):
        if not os.path.exists(program_of("gtest")):
            self.skipTest("isolite was built without GoogleTest.")
        for workers in (0, 2):
            with self.subTest(workers=workers):
                self.run_subject("gtest", f"--workers={workers}", run=f"by-{workers}")
                told = {name: row["verdict"] for name, row in cases_of(self.json(f"by-{workers}")).items()}
                self.assertEqual(told, {
                    "Plain.HasNoDatabase": "passed", "Plain.Fails": "failed",
                    "Plain.IsSkipped": "skipped", "Two.DatabasesOfOneTest": "passed",
                    "Two.DatabasesOfAnother": "passed", "Shared.IsOneTest": "passed",
                    "Shared.IsAnother": "passed"})


if __name__ == "__main__":
    main()
