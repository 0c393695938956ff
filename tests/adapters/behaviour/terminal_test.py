"""Judges what a person sees at the end of a run of sixty cases, the same with every framework, in
one process and in forked workers. Its commands are typed as they stand there.

Started as: terminal_test.py FOLDER_OF_PROGRAMS FRAMEWORK [ARGUMENTS OF UNITTEST].
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
# pylint: disable=wrong-import-position
from screen import Screen
from test_program import OURS, Run, program

NAME = sys.argv[2]
OUTSIDE = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
PROGRAM = program("terminal_" + NAME)
WAYS = [[], ["--workers=1"], ["--workers=3"]]
WITH_WORKERS = WAYS[1:]
SUITES = ("customers", "orders", "prices", "products", "staff", "stock")
TIME = r"\d+(?:\.\d+)? (?:us|ms|s)"
FAILING = ["customers/case_7", "orders/case_1", "stock/case_9"]
NOTHING_CHOSEN = {"boost_test": ["--run_test=none/such"], "doctest": ["--test-case=none"],
                  "gtest": ["--gtest_filter=none"], "catch2": ["none"]}
# The statuses with which the frameworks alone end when a filter matches nothing.
STATUS_OF_NOTHING = {"boost_test": (200,), "doctest": (0,), "gtest": (0,), "catch2": (0, 2, 4)}


def named(name):
    """Returns how the framework calls a case."""
    return name.replace("/", ".") if NAME == "gtest" else name


class Terminal(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        # pylint: disable=consider-using-with
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = pathlib.Path(self.folder.name)

    def environment(self, acts, **others):
        return {"SUBJECT_ACTS": " ".join(acts), "SUBJECT_FOLDER": str(self.root),
                "ISOLITE_CACHE": str(self.root / "cache"), **others}

    def play(self, *arguments, acts=(), **others):
        run = Run(PROGRAM, *arguments, **self.environment(acts, **others))
        run.err = re.sub("\x1b\\[[0-9;]*m", "", run.err)
        run.told = run.err[run.err.find("isolite: "):] if "isolite: " in run.err else ""
        # The last thing that is said is the verdict.
        run.lines = run.err[run.err.rfind("\nisolite: ") + 1:].splitlines()
        return run

    def cases_run_by(self, command, acts=None, **others):
        """Types a command in a shell, without the debugger. Returns which cases passed."""
        report = self.root / "typed.xml"
        report.unlink(missing_ok=True)
        typed = command.replace("gdb --args ", "")
        subprocess.run(["sh", "-c", f"{typed} --junit='{report}'"],
                       env={**OUTSIDE, "ISOLITE_EVIDENCE": "off",
                            **self.environment(acts or [f"{name}:fail" for name in FAILING],
                                               **others)},
                       capture_output=True, check=False)
        found = {}
        for case in xml.parse(report).getroot().iter("testcase"):
            name = case.get("name")
            name = name if "/" in name else f"{case.get('classname')}/{name}"
            if case.find("skipped") is None:
                found[name] = case.find("failure") is None
        return found


class EndOfRun(Terminal):
    def test_sixty_passing_cases_have_one_line(self):
        for way in WAYS:
            with self.subTest(way):
                run = self.play(*way)
                self.assertEqual(run.status, 0, run.err)
                by = f" by {way[0][10:]} workers?" if way else ""
                self.assertRegex(run.told.strip("\n").split("\n=")[0],
                                 f"^isolite: 60 passed in {TIME}{by}$")
                self.assertNotIn("isolite", run.out)

    def test_three_failing_cases_and_the_commands_are_the_last_lines(self):
        for way in WAYS:
            with self.subTest(way):
                run = self.play(*way, acts=[f"{name}:fail" for name in FAILING])
                self.assertNotEqual(run.status, 0)
                by = f" by {way[0][10:]} workers?" if way else ""
                self.assertRegex(run.lines[0], f"^isolite: 57 passed, 3 failed in {TIME}{by}$")
                for line, name in zip(run.lines[1:4], FAILING):
                    place = "" if NAME == "plain" else r"\S*terminal\.cpp\(\d+\): "
                    self.assertRegex(line, f"^  failed: {named(name)}  {place}.*bread is missing")
                commands = "\n".join(run.lines[4:])
                self.assertRegex(commands, r"^  again: \S+.* --failed(      |\n  )debug: gdb --args "
                                           r"\S+ .*case_7.*$")

    def commands(self, run):
        again, = re.findall(r"^  again: (.*?)(?:      debug: .*)?$", run.err, re.MULTILINE)
        debug, = re.findall(r"debug: (.*)$", run.err, re.MULTILINE)
        return again, debug

    def test_the_command_again_runs_what_failed_and_nothing_else(self):
        for way in WAYS:
            with self.subTest(way):
                self.setUp()
                run = self.play(*way, acts=[f"{name}:fail" for name in FAILING])
                again, _ = self.commands(run)
                self.assertEqual(self.cases_run_by(again), dict.fromkeys(FAILING, False))

    def test_one_process_writes_the_history_where_a_case_fails_or_had_failed_and_not_otherwise(self):
        def kept():
            return [path.read_bytes() for path in self.root.rglob("*.history.tsv")]

        self.play()
        self.assertEqual(kept(), [])
        self.play(acts=["orders/case_1:fail"])
        failed = kept()
        self.play()
        passed = kept()
        self.play()
        self.assertEqual((len(failed), len(passed)), (1, 1))
        self.assertNotEqual(failed, passed)
        self.assertEqual(kept(), passed)

    def test_without_a_history_it_names_them(self):
        for way in WAYS:
            with self.subTest(way):
                run = self.play(*way, acts=[f"{name}:fail" for name in FAILING],
                                ISOLITE_CACHE="off")
                again, _ = self.commands(run)
                self.assertNotIn("--failed", again)
                ran = self.cases_run_by(again, ISOLITE_CACHE="off")
                if NAME == "doctest":  # which cannot tell these cases from others of their suites
                    self.assertEqual(len(ran), 9)
                    ran = {name: passed for name, passed in ran.items() if not passed}
                self.assertEqual(ran, dict.fromkeys(FAILING, False))

    def test_a_case_that_another_one_disturbed_is_run_again_behind_it_in_one_process(self):
        spoiling, suffering = "customers/case_2", "orders/case_1"
        acts = [f"{spoiling}:spoil={named(spoiling)}", f"{suffering}:suffer"]
        for way, variables_ in ((WAYS[0], {}), (WAYS[1], {}), (WAYS[1], {"ISOLITE_WORKERS": "2"})):
            with self.subTest(way, **variables_):
                self.setUp()
                run = self.play(*way, acts=acts, **variables_)
                self.assertNotEqual(run.status, 0)
                for command in self.commands(run):
                    ran = self.cases_run_by(command, acts=acts, **variables_)
                    if NAME == "doctest":  # which cannot tell these cases from others of their suites
                        ran = {name: ran[name] for name in (spoiling, suffering)}
                    self.assertEqual(ran, {spoiling: True, suffering: False}, command)
                self.assertNotIn("may pass alone", run.err)

    def test_where_the_other_one_would_be_run_behind_it_the_verdict_says_what_it_needs(self):
        spoiling, suffering = "orders/case_1", "customers/case_2"
        acts = [f"{spoiling}:spoil={named(spoiling)}", f"{suffering}:suffer"]
        run = self.play("--workers=1", "--shuffle=5", acts=acts)
        self.assertIn(f"\n  '{named(suffering)}' may pass alone: it needs '{named(spoiling)}' before it in "
                      "the same process\n  again: ", run.err)

        again, _ = self.commands(run)
        ran = self.cases_run_by(again, acts=acts)
        self.assertEqual(ran, {spoiling: True, suffering: False}, again)

    def test_a_shard_names_its_failed_cases_which_another_cut_may_move(self):
        history = self.root / "durations.tsv"
        history.write_text("isolite history 1\n", encoding="utf-8")
        for part in (["--shard=0/3", f"--history={history}"], ["--shard", "0/3"]):
            with self.subTest(part):
                self.setUp()
                run = self.play(*part, "--workers=2", "--timeout=30", acts=["customers/case_0:fail"])
                again, _ = self.commands(run)
                self.assertNotRegex(again, "--shard|--history|--failed|0/3")
                self.assertRegex(again, "--workers=2 --timeout=30")
                ran = self.cases_run_by(again, acts=["customers/case_0:fail"])
                self.assertEqual(ran, {"customers/case_0": False})

    def test_what_was_written_stays_where_cases_are_run_again(self):
        junit, page = self.root / "first.xml", self.root / "first.html"
        run = self.play("--workers=2", f"--junit={junit}", "--report", str(page), "--timings",
                        "--durations=3", acts=["orders/case_1:fail"])
        again, _ = self.commands(run)
        self.assertRegex(again, r"terminal_\w+ (-- )?--workers=2 (-- )?--failed$")
        written = junit.read_bytes(), page.read_bytes()
        self.assertEqual(self.cases_run_by(again), {"orders/case_1": False})
        self.assertEqual((junit.read_bytes(), page.read_bytes()), written)

    def test_the_command_debug_runs_the_first_one_in_its_own_process(self):
        for variables_ in ({}, {"ISOLITE_WORKERS": "2"}):
            with self.subTest(variables_):
                run = self.play(acts=[f"{name}:fail" for name in FAILING], **variables_)
                _, debug = self.commands(run)
                self.assertEqual(self.cases_run_by(debug, **variables_),
                                 {FAILING[0]: False})
                self.assertEqual("env ISOLITE_WORKERS=0 gdb" in debug, bool(variables_))

    def test_a_filter_of_the_user_still_holds(self):
        run = self.play(*{"boost_test": ["--run_test=orders"], "doctest": ["--test-suite=orders"],
                          "gtest": ["--gtest_filter=orders.*"], "catch2": ["[orders]"],
                          "plain": ["orders/*"]}[NAME], "--workers=2",
                        acts=[f"{name}:fail" for name in FAILING])
        again, _ = self.commands(run)
        self.assertEqual(self.cases_run_by(again), {FAILING[1]: False})

    def test_each_way_to_fail_has_its_word(self):
        run = self.play("--workers=2", "--timeout=0.3", "--retries=1",
                        acts=["orders/case_0:crash", "orders/case_1:hang", "orders/case_2:fail",
                              "orders/case_3:flaky"])
        self.assertRegex(run.lines[0], r"^isolite: 57 passed \(1 flaky\), 3 failed in ")
        told = {line.split(":")[0].strip(): line for line in run.lines[1:-1]}
        name = named("orders/case_")
        again = r" \(failed 2 of 2 times\)  "
        place = "" if NAME == "plain" else r"\S*terminal\.cpp\(\d+\): "
        self.assertRegex(told["died"], f"died: {name}0{again}{place}its worker was killed by signal")
        self.assertRegex(told["timed out"], f"timed out: {name}1{again}{place}it took longer")
        self.assertRegex(told["failed"], f"failed: {name}2{again}{place}.*bread is missing$")
        self.assertRegex(told["flaky"], rf"flaky: {name}3 \(failed 1 of 2 times\)  {place}"
                                        ".*the first time is hard$")

    def test_what_was_thrown_is_told_at_the_place_of_the_case_without_one_that_nobody_knows(self):
        for way in WAYS[:2]:
            with self.subTest(way):
                run = self.play(*way, acts=["orders/case_1:throw"])
                place = "" if NAME == "plain" else r"\S*terminal\.cpp\(\d+\): "
                self.assertRegex(run.lines[1], rf"^  failed: {named('orders/case_1')}  {place}"
                                               "(?!unknown).*bread is gone")

    def test_what_an_expression_was_is_told_with_it(self):
        told = {"gtest": r'Value of: has_bread\("orders" "/" "case_1"\); Actual: false; '
                         "Expected: true$"}.get(NAME, ".*has_bread")
        for way in WAYS[:2]:
            with self.subTest(way):
                run = self.play(*way, acts=["orders/case_1:lack"])
                place = "" if NAME == "plain" else r"\S*terminal\.cpp\(\d+\): "
                self.assertRegex(run.lines[1],
                                 f"^  failed: {named('orders/case_1')}  {place}{told}")

    def test_a_filter_that_matches_nothing_says_so(self):
        if NAME == "plain":  # which refuses it
            return
        for way in WAYS:
            with self.subTest(way):
                run = self.play(*NOTHING_CHOSEN[NAME], *way)
                self.assertIn(run.status, STATUS_OF_NOTHING[NAME])
                if NAME != "boost_test":  # which does not begin
                    self.assertIn("isolite: nothing was run: no case was chosen\n", run.err)
                self.assertNotIn(" passed in ", run.err)

    def test_failed_says_that_nothing_failed(self):
        self.play("--workers=1")
        run = self.play("--failed")
        self.assertEqual(run.status, 0, run.err)
        self.assertIn("isolite: nothing was run: of 60 cases none failed the last time (--failed)\n",
                      run.err)


class Levels(Terminal):
    def test_off_and_failures_are_silent_where_all_passed(self):
        for level in ("off", "failures"):
            for way in WAYS:
                with self.subTest(level, way=way):
                    self.assertNotIn("isolite", self.play(*way, ISOLITE_SUMMARY=level).err)

    def test_no_level_hides_a_failure(self):
        for level in ("off", "failures", "on", "timings"):
            for way in WAYS:
                with self.subTest(level, way=way):
                    run = self.play(*way, acts=["staff/case_3:fail"], ISOLITE_SUMMARY=level)
                    self.assertNotEqual(run.status, 0)
                    self.assertIn("bread is missing", run.out + run.err)
                    self.assertEqual("isolite: 59 passed, 1 failed in " in run.err, level != "off")

    def test_off_tells_what_no_framework_does(self):
        run = self.play("--workers=1", "--maxfail=1", acts=["customers/case_0:fail"],
                        ISOLITE_SUMMARY="off")
        self.assertIn("\n  stopped after 1 failure (--maxfail)\n", run.err)

    def test_timings_come_before_the_verdict(self):
        for way in WAYS:
            for asked in ({"ISOLITE_SUMMARY": "timings"}, None):
                with self.subTest(way, asked=asked):
                    run = self.play(*way, *([] if asked else ["--timings"]), **(asked or {}),
                                    acts=["staff/case_3:fail"])
                    self.assertEqual(run.err.count("\n  slowest tests:\n"), 1)
                    self.assertLess(run.err.index("isolite: timings\n"),
                                    run.err.index("isolite: 59 passed"))
                    self.assertRegex(run.lines[-1], "^  (again|debug): ")

    def test_durations_alone_shows_a_list_alone(self):
        for way in WAYS:
            with self.subTest(way):
                run = self.play(*way, "--durations=3")
                self.assertRegex(run.told, rf"^isolite: timings\n  slowest tests:\n(?: +{TIME}  .*\n)"
                                           rf"{{3}}isolite: 60 passed in {TIME}")


class WhileItRuns(Terminal):
    """One case waits until the test has seen what there is to be seen."""

    WAITING = "stock/case_9"

    def start(self, *arguments, acts=(), columns=None, term="xterm", **others):
        outside = {name: value for name, value in OUTSIDE.items()
                   if name not in ("NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM")}
        environment = {**outside, "ISOLITE_EVIDENCE": "off",
                       **self.environment([*acts, self.WAITING + ":wait"], **others)}
        if term is not None:
            environment["TERM"] = term
        plain = ["--color_output=no"] if NAME == "boost_test" else []
        return Screen([PROGRAM, *plain, *arguments], environment, columns)

    def release(self):
        (self.root / (self.WAITING.replace("/", ".") + ".go")).touch()

    def test_a_failure_is_told_with_its_message_and_output_when_it_happens(self):
        screen = self.start("--workers=2", acts=["orders/case_1:fail"])
        name = named("orders/case_1")
        screen.read(rf"isolite: failed: {name} \(w\d+\)\n  .*bread is missing\n(  .*\n)*"
                    rf"isolite: output of {name}:\norders/case_1 says a word\n")
        self.release()
        screen.end()
        self.assertEqual(screen.text.count("orders/case_1 says a word"), 1)
        self.assertNotIn("isolite", screen.out)

    def test_at_the_end_it_is_told_in_the_frameworks_order(self):
        screen = self.start("--workers=2", "--show=end", acts=["orders/case_1:fail"])
        name = named("orders/case_1")
        early = screen.read(rf"isolite: failed: {name} \(w\d+\)\n")
        self.assertNotIn("bread is missing", early)
        self.release()
        screen.end()
        self.assertEqual(screen.text.count("orders/case_1 says a word"), 1)
        self.assertIn("bread is missing", screen.out + screen.text)

    def test_retries_are_numbered(self):
        run = self.play("--workers=1", "--retries=2",
                        acts=["orders/case_1:fail", "orders/case_2:flaky"])
        told = re.findall(r"^isolite: ((?:failed|passed): .* \(w.*\))$",
                          re.sub(r"\(w\d+", "(w0", run.err), re.MULTILINE)
        one, two = named("orders/case_1"), named("orders/case_2")
        self.assertEqual([sorted(told[:2]), sorted(told[2:4]), told[4:]],
                         [[f"failed: {one} (w0)", f"failed: {two} (w0)"],
                          [f"failed: {one} (w0, retry 1 of 2)",
                           f"passed: {two} (w0, retry 1 of 2)"],
                          [f"failed: {one} (w0, retry 2 of 2)"]])

    def test_flaky_cases_fail_the_run_if_that_is_wanted(self):
        for options, status in (([], 0), (["--fail-flaky"], 1)):
            with self.subTest(options):
                self.setUp()
                run = self.play("--workers=1", "--retries=1", *options,
                                acts=["orders/case_2:flaky"])
                self.assertEqual(run.status, status, run.err)
                self.assertIn("isolite: 60 passed (1 flaky) in ", run.err)
                self.assertEqual("a flaky case fails the run (--fail-flaky)" in run.err, status == 1)

    def test_output_is_shown_as_it_comes_if_that_is_wanted(self):
        screen = self.start("--workers=2", "--no-capture",
                            acts=["orders/case_1:say", "orders/case_2:fail"])
        screen.read(r"(?m)^w\d+: orders/case_1 says a word$")
        self.release()
        screen.end()
        self.assertRegex(screen.text, r"(?m)^w\d+: orders/case_1 says another")
        self.assertEqual(screen.text.count("orders/case_2 says a word"), 1)
        self.assertNotIn("isolite: output of", screen.text)
        self.assertNotIn("says a word", screen.out)

    def test_a_line_of_progress_fits_the_terminal_and_is_gone_in_the_end(self):
        for columns in (20, 45, 80, 200):
            with self.subTest(columns):
                self.setUp()
                screen = self.start("--workers=2", columns=columns, acts=["staff/case_0:fail"])
                screen.read("59/60")
                self.release()
                shown = screen.end()
                self.assertEqual([line for line in shown if "/60" in line], [], screen.text)
                lines = re.findall("\r([^\r\n]*)\x1b\\[K", screen.text)
                self.assertGreater(len(lines), 1)
                for line in lines:
                    self.assertLess(len(re.sub("\x1b\\[[0-9;]*m", "", line)), columns)
                self.assertNotIn("\x1b", screen.out)

    def test_what_failed_is_red_on_a_terminal(self):
        screen = self.start("--workers=2", columns=80, acts=["staff/case_0:fail"])
        screen.read("59/60, \x1b\\[31m1 failed\x1b\\[m")
        self.release()
        screen.end()
        self.assertIn("\x1b[31m1 failed\x1b[m in ", screen.text)
        self.assertIn("  \x1b[31mfailed\x1b[m: ", screen.text)

    def test_colours_are_as_the_user_wants_them(self):
        for columns, wish, coloured in ((80, {"NO_COLOR": "1"}, False), (None, {}, False),
                                        (None, {"CLICOLOR_FORCE": "1"}, True)):
            with self.subTest(columns=columns, wish=wish):
                self.setUp()
                screen = self.start("--workers=2", columns=columns, acts=["staff/case_0:fail"],
                                    **wish)
                self.release()
                screen.end()
                self.assertEqual("\x1b[31m" in screen.text, coloured)

    def test_what_cannot_move_its_cursor_gets_whole_lines(self):
        for columns, term in ((80, "dumb"), (80, None), (None, "xterm")):
            with self.subTest(columns=columns, term=term):
                self.setUp()
                screen = self.start("--workers=2", columns=columns, term=term,
                                    acts=["staff/case_0:fail"])
                screen.read("isolite: failed: ")
                self.release()
                screen.end()
                self.assertNotIn("\x1b", screen.text)
                self.assertNotIn("\r", screen.text.replace("\r\n", "\n"))

    def test_after_ctrl_c_the_line_is_gone_and_the_running_case_is_named(self):
        screen = self.start("--workers=2", columns=80)
        screen.read("59/60")
        screen.type(b"\x03")
        shown = screen.end()
        self.assertEqual([line for line in shown if "/60" in line or "^C" in line], [])
        self.assertIn("  stopped by SIGINT: 0 cases were not run", shown)
        self.assertIn("  running when stopped: " + named(self.WAITING), shown)
        self.assertEqual(screen.process.returncode, 130)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:])
