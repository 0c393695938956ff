"""Checks which run `isolite report` shows, what it lists, where it writes, and what it refuses."""

import json
import os
import resource
import signal

from records import SECOND, Process, simple_run, write_run
from report import ReportTest, main

LIST_HINT = "  hint: isolite report --list shows the runs that are kept\n"
FILE_HINT = ("  hint: name a file in a directory that exists, may be written to and has space "
             "left\n")
USAGE_HINT = "  hint: 'isolite report --help' shows what it has\n"


class Runs(ReportTest):
    def keep(self, number, run=None, directory=None, **options):
        run = run or f"run-{number}"
        write_run((directory or self.runs) / run.replace("/", "_2f"),
                  simple_run(run, number * SECOND, **options))

    def shown(self, *arguments, **variables):
        return self.json(*arguments, **variables)["run"]["id"]


class Choice(Runs):
    def setUp(self):
        super().setUp()
        for number in (2, 1, 3):
            self.keep(number)

    def test_without_an_argument_it_is_the_latest(self):
        self.assertEqual(self.shown(), "run-3")

    def test_without_an_argument_programs_of_this_directory_count_more(self):
        self.keep(4, program=f"{self.root}/shop/build/shop_test")
        self.keep(5, program=f"{self.root}/bookshop/book_test")
        self.keep(6, program="/elsewhere/tax_test")
        for place, run in (("shop", "run-4"), ("shop/build", "run-4"), ("shop/src/deep", "run-4"),
                           ("bookshop", "run-5"), (".", "run-5"), ("..", "run-5"), ("/", "run-6")):
            with self.subTest(place):
                directory = self.root / place
                directory.mkdir(parents=True, exist_ok=True)
                self.assertEqual(self.shown(cwd=directory), run)

    def test_programs_that_were_started_in_this_directory_count_as_its_own(self):
        process, = simple_run("run-4", 4 * SECOND)
        process.head["directory"] = str(self.root / "shop")
        write_run(self.runs / "run-4", [process])
        self.keep(5)
        (self.root / "shop").mkdir()
        self.assertEqual(self.shown(cwd=self.root / "shop"), "run-4")

    def test_a_number_counts_from_the_latest(self):
        self.assertEqual([self.shown(number) for number in (1, 2, 3)],
                         ["run-3", "run-2", "run-1"])

    def test_an_id_names_a_run(self):
        self.assertEqual(self.shown("run-2"), "run-2")

    def test_an_id_counts_more_than_a_number(self):
        self.keep(0, "2")
        self.assertEqual([self.shown("2"), self.shown("1")], ["2", "run-3"])

    def test_an_id_with_special_bytes_names_a_run(self):
        self.keep(4, "nightly/17")
        self.assertEqual(self.shown("nightly/17"), "nightly/17")

    def test_a_path_names_a_directory(self):
        self.keep(7, "elsewhere", self.root / "x")
        self.assertEqual(self.shown("x/elsewhere"), "elsewhere")
        self.assertEqual(self.shown(self.root / "x/elsewhere/"), "elsewhere")
        self.assertEqual(self.shown("./x/elsewhere", ISOLITE_LEDGER="off"), "elsewhere")
        self.assertEqual(self.shown("./x/elsewhere", ISOLITE_CACHE="off"), "elsewhere")

    def test_a_run_at_a_path_is_compared_with_those_beside_it(self):
        for number in (7, 8):
            self.keep(number, directory=self.root / "x")
        told = self.json("x/run-8")
        self.assertEqual([run["id"] for run in told["earlier"]], ["run-7", "run-8"])

    def test_an_unknown_id_is_refused(self):
        for name in ("run-4", "0", "1x", "99999999999999999999"):
            self.assertEqual(self.refusal(name, "--json"),
                             f"isolite: cannot show the run '{name}': no run of this id is kept in "
                             f"{self.runs}\n" + LIST_HINT)

    def test_a_number_too_large_is_refused(self):
        self.assertEqual(self.refusal("4", "--json"),
                         f"isolite: cannot show the run '4': only 3 are kept in {self.runs}\n"
                         + LIST_HINT)

    def test_a_path_that_is_no_directory_is_refused(self):
        self.assertEqual(self.refusal("x/y", "--json"),
                         "isolite: cannot show the run 'x/y': there is no such directory\n"
                         + LIST_HINT)

    def test_compare_refuses_what_it_does_not_find(self):
        for pair in (("nobody", "1"), ("1", "nobody")):
            self.assertIn("'nobody': no run of this id", self.refusal("--compare", *pair))

    def test_an_old_run_without_records_is_refused(self):
        (self.runs / "empty").mkdir()
        self.assertIn("it has no records", self.refusal("--compare", "empty", "1", "--json"))


class Place(Runs):
    def test_the_variable_names_the_directory_of_the_runs(self):
        self.keep(1, directory=self.root / "ledger")
        self.assertEqual(self.shown(ISOLITE_LEDGER=self.root / "ledger"), "run-1")

    def test_a_project_has_its_own_runs(self):
        self.keep(1, directory=self.cache / "shop/runs")
        self.assertEqual(self.shown(ISOLITE_PROJECT="shop"), "run-1")
        self.assertEqual(self.shown("--project", "shop"), "run-1")

    def test_the_options_count_more_than_the_variables(self):
        self.keep(1, directory=self.root / "x/default/runs")
        self.assertEqual(self.shown("--directory", self.root / "x", ISOLITE_CACHE="off",
                                    ISOLITE_LEDGER="off"), "run-1")

    def test_where_none_are_kept_there_is_a_way_out(self):
        for arguments in ((), ("--list",), ("--json",), ("1",), ("--compare", "1", "2")):
            with self.subTest(arguments):
                self.assertEqual(self.refusal(*arguments, ISOLITE_LEDGER="off"),
                                 "isolite: cannot look for runs: ISOLITE_LEDGER is off, so none are "
                                 "kept\n  hint: unset ISOLITE_LEDGER and run the tests again\n")
                self.assertEqual(self.refusal(*arguments, ISOLITE_CACHE="off"),
                                 "isolite: cannot look for runs: ISOLITE_CACHE is off, so none are "
                                 "kept\n  hint: unset ISOLITE_CACHE, or name a directory for them in"
                                 " ISOLITE_LEDGER, and run the tests again\n")

    def test_a_relative_path_is_refused(self):
        self.assertEqual(self.refusal(ISOLITE_LEDGER="runs"),
                         'isolite: cannot keep records of what fixtures cost: ISOLITE_LEDGER is "runs", neither off nor '
                         "an absolute path\n  hint: write a path that begins with /: it must name "
                         "the same directory in all workers\n")

    def test_without_any_run_it_tells_what_to_do(self):
        for arguments in ((), ("--json",), ("1",), ("nobody",)):
            with self.subTest(arguments):
                self.assertEqual(self.refusal(*arguments),
                                 f"isolite: cannot show a run: none is kept in {self.runs}\n"
                                 "  hint: run the tests first, with the same ISOLITE_LEDGER, "
                                 "ISOLITE_CACHE and ISOLITE_PROJECT as here\n")

    def test_a_directory_that_cannot_be_read_is_not_taken_for_an_empty_one(self):
        (self.root / "file").touch()
        for arguments in ((), ("--list",)):
            self.assertEqual(self.refusal(*arguments, ISOLITE_LEDGER=self.root / "file"),
                             f"isolite: cannot read the directory of runs '{self.root}/file': Not a "
                             "directory\n  hint: look at its owner and its permissions\n")


class List(Runs):
    def test_the_runs_are_listed_with_their_numbers(self):
        self.keep(1, cases=12)
        self.keep(2, "nightly/17")
        sizes = [sum(file.stat().st_size for file in self.runs.glob(f"{name}/*"))
                 for name in ("nightly_2f17", "run-1")]
        words = [f"{size / 1024:.1f} KiB" for size in sizes]
        total = f"{sum(sizes) / 1024:.1f} KiB"
        self.assertEqual(self.output("--list"),
                         "NUMBER  BEGAN                VERDICT  CASES  FAILED  PROCESSES     SIZE"
                         "  PROGRAM    RUN\n"
                         "     1  2026-09-21 14:13:22  passed       3       0          1  "
                         f"{words[0]}  shop_test  nightly/17\n"
                         "     2  2026-09-21 14:13:21  passed      12       0          1  "
                         f"{words[1]}  shop_test  run-1\n"
                         f"2 runs, {total} in {self.runs}\n")

    def test_an_empty_directory_is_told(self):
        self.assertEqual(self.output("--list"), f"no runs in {self.runs}\n")

    def test_json_has_what_the_table_has(self):
        self.keep(1)
        file, = self.runs.glob("run-1/*")
        self.assertEqual(json.loads(self.output("--list", "--json")), {
            "directory": str(self.runs),
            "runs": [{"number": 1, "id": "run-1", "directory": f"{self.runs}/run-1",
                      "began": 1790000001, "programs": ["shop_test"], "verdict": "passed",
                      "cases": 3, "failed": 0, "processes": 1,
                      "size_bytes": file.stat().st_size}]})

    def test_a_run_without_a_head_is_listed_as_unknown(self):
        (self.runs / "a_2fb%25%2").mkdir(parents=True)
        (self.runs / "a_2fb%25%2" / "main-1.jsonl").write_text("torn")
        told, = json.loads(self.output("--list", "--json"))["runs"]
        self.assertEqual((told["id"], told["began"], told["cases"]), ("a_2fb%25%2", None, 0))
        self.assertEqual((told["programs"], told["verdict"]), ([], "unknown"))
        self.assertIn("unknown", self.output("--list"))

    def test_the_verdict_and_the_programs_of_a_run_are_listed(self):
        processes = [Process(program=f"/w/{name}", pid=place)
                     for place, name in enumerate(("shop", "books", "tax"))]
        for process in processes:
            process.begin("case", 0)
            process.end_case("failed" if process.head["pid"] else "passed")
            process.end()
        write_run(self.runs / "x", processes)
        self.assertIn("  failed       3       2          3  ", self.output("--list"))
        self.assertIn("  books and 2 more  nightly-17\n", self.output("--list"))


class Output(Runs):
    def setUp(self):
        super().setUp()
        self.keep(1)

    def test_a_file_is_written_and_nothing_is_left_beside_it(self):
        for option in ("--trace", "--html"):
            path = self.root / "out" / option
            path.parent.mkdir(exist_ok=True)
            path.write_text("what was here before")
            self.assertEqual(self.output(option, path), "")
            self.assertEqual(path.read_text(), self.output(option, "-"))
            self.assertEqual(path.stat().st_mode & 0o777, 0o666 & ~self.umask())
        self.assertEqual(len(list((self.root / "out").iterdir())), 2)

    @staticmethod
    def umask():
        mask = os.umask(0)
        os.umask(mask)
        return mask

    def test_the_page_has_the_run_in_it(self):
        page = self.output("--html", "-")
        self.assertTrue(page.startswith("<!"), page[:50])
        self.assertIn("suite/2", page)

    def test_a_link_stays_a_link(self):
        target = self.root / "target"
        target.touch()
        (self.root / "link").symlink_to(target)
        self.output("--trace", "link")
        self.assertTrue((self.root / "link").is_symlink())
        self.assertIn("traceEvents", target.read_text())

    def test_a_relative_path_is_that_of_the_shell(self):
        self.output("--trace", "run.json")
        self.assertTrue((self.root / "run.json").exists())

    def test_what_cannot_be_written_is_told_in_one_sentence(self):
        (self.root / "directory").mkdir()
        (self.root / "file").touch()
        for path, why in [("directory", "it is a directory"),
                          ("missing/run.json", "No such file or directory"),
                          ("file/run.json", "Not a directory"),
                          ("/dev/full", "No space left on device")]:
            for option in ("--trace", "--html"):
                with self.subTest(path):
                    self.assertEqual(self.refusal(option, path),
                                     f"isolite: cannot write '{path}': {why}\n" + FILE_HINT)

    def test_an_empty_name_is_refused(self):
        for option in ("--trace", "--html"):
            self.assertEqual(self.refusal(option, "", status=2),
                             f"isolite: {option}: an empty path names no file\n" + USAGE_HINT)

    def test_a_disk_that_fills_up_costs_nothing_that_was_there(self):
        path = self.root / "run.json"
        path.write_text("what was here before")

        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

        done = self.run_isolite("--trace", path, preexec_fn=limit)
        self.assertEqual((done.returncode, done.stderr),
                         (1, f"isolite: cannot write '{path}': File too large\n" + FILE_HINT))
        self.assertEqual(path.read_text(), "what was here before")
        self.assertEqual([file.name for file in self.root.iterdir() if file.is_file()],
                         ["run.json"])

    def test_options_that_exclude_each_other_are_refused(self):
        options = {"--json": (), "--list": (), "--trace": ("x",), "--html": ("x",),
                   "--compare": ("1", "1"), "RUN": ("1",), "--exit-code": ()}
        for left, right in [("--trace", "--json"), ("--trace", "--list"), ("--trace", "--html"),
                            ("--trace", "--compare"), ("--html", "--json"), ("--html", "--list"),
                            ("--list", "--compare"), ("--list", "RUN"), ("--compare", "RUN"), ("--exit-code", "--list")]:
            with self.subTest((left, right)):
                words = [word for name in (left, right)
                         for word in ([name] if name != "RUN" else []) + [*options[name]]]
                if right == "RUN":
                    words = words[-1:] + words[:-1]
                complaint = self.refusal(*words, status=2)
                self.assertRegex(complaint, rf"\Aisolite: .* excludes .*\n{USAGE_HINT}\Z")
        self.assertEqual([path.name for path in self.root.iterdir()], ["cache"])


class Text(Runs):
    def test_the_text_tells_the_run_in_tables(self):
        self.keep(1, cases=2)
        self.assertEqual(self.output(), TEXT)

    def test_who_ended_early_is_told_with_the_reason(self):
        parent, worker = Process("parent", pid=1), Process("w0", pid=2, parent=1)
        worker.begin("deadly", 0)
        parent.add("death", worker="w0", incarnation=0, pid=2, text="signal 9", test="deadly")
        parent.end()
        write_run(self.runs / "x", [parent, worker])
        self.assertIn("\nended early\n"
                      "BEGAN AT  LAST SEEN  PID  WORKER  WHY\n"
                      " 0.00 us    0.00 us    2  w0      signal 9, in deadly\n", self.output())

    def test_a_process_of_which_no_end_is_known_is_told_as_such(self):
        process = Process()
        process.begin("hangs", 0)
        process.idle(64_000_000)
        process.span("session opened", 1000, name="shop", test="hangs")
        write_run(self.runs / "x", [process])
        text = self.output()
        self.assertIn("shop_test: died\n1 case in 64.0 ms until the last sign of life by 1 worker",
                      text)
        self.assertRegex(text, r"LAST SEEN  PID  WORKER  WHY\n.*  no end was recorded, in hangs\n")

    def keep_leak(self, *verdict):
        process = Process()
        process.begin("leaky", 0)
        process.span("session closed", 1000, name="shop", test="leaky", rows=3, pages=2,
                     text="it committed changes\n  + id=1\n\n  + id=2")
        process.end_case(*verdict)
        process.end()
        write_run(self.runs / "x", [process])

    def test_leaks_are_told_with_their_lines(self):
        self.keep_leak()
        text = self.output()
        self.assertIn("\nleaks\n"
                      "ROWS  PAGES  WORKER  DATABASE  CASE\n"
                      "   3      2  main    shop      leaky\n", text)
        self.assertIn("\nleaks that no failed case tells of\n"
                      "  leaky, by main\n    it committed changes\n      + id=1\n\n      + id=2\n",
                      text)

    def test_a_leak_that_a_failed_case_tells_of_is_told_once(self):
        self.keep_leak("failed", "leaky.cpp(7): it committed changes\n  + id=1\n\n  + id=2")
        self.assertEqual(self.output().count("+ id=2"), 1)

    def test_a_failed_case_has_the_command_that_debugs_it(self):
        process = Process()
        for position, (name, verdict) in enumerate((("good", "passed"), ("bad", "failed"))):
            process.begin(name, position)
            process.end_case(verdict, "why" if verdict == "failed" else None)
            process.add("debug", id=position, test=name, text=f"gdb --args shop_test -t {name}")
        process.end()
        write_run(self.runs / "x", [process])
        self.assertIn("    why\n    debug: gdb --args shop_test -t bad\n", self.output())
        self.assertNotIn("-t good", self.output())
        self.assertEqual(self.json()["debug"],
                         [{"case": 1, "command": "gdb --args shop_test -t bad"}])

    def test_a_leak_of_an_earlier_attempt_of_a_failed_case_is_told_once(self):
        first, second = Process("w0", pid=2, parent=1), Process("w0", pid=3, parent=1,
                                                               incarnation=1)
        parent = Process("parent", pid=1)
        for process, kept in (first, "a.db"), (second, "b.db"):
            process.begin("leaky", 0)
            process.span("session closed", 1000, name="shop", test="leaky", rows=1, pages=1,
                         text=f"it committed changes\n  kept: {kept}")
            process.end_case("failed", f"it committed changes\n  kept: {kept}")
            process.end()
        parent.add("result", id=0, test="leaky", verdict="failed", attempts=2, failures=2,
                   text="it committed changes\n  kept: b.db")
        parent.end()
        write_run(self.runs / "x", [parent, first, second])
        text = self.output()
        self.assertIn("kept: b.db", text)
        self.assertNotIn("leaks that no failed case tells of", text)

    def failed_case(self, text, **fields):
        process = Process()
        process.begin("suite/bad", 0)
        process.idle(2_000_000)
        process.end_case("failed", text, **fields)
        process.end()
        write_run(self.runs / "x", [process])

    def test_failed_cases_are_told_with_their_reasons_and_their_output(self):
        self.failed_case("bad.cpp(3): 1 == 2\n  hint: \x1b[31mcount", output="one\n\n two\n")
        self.assertIn("\nfailed cases\n"
                      "  suite/bad, by main in 2.00 ms\n"
                      "    bad.cpp(3): 1 == 2\n"
                      "      hint: \\x1b[31mcount\n"
                      "    its output:\n"
                      "      one\n\n       two\n", self.output())

    def test_a_case_that_took_too_long_is_told_as_such(self):
        self.failed_case("it took longer than its timeout of 1 s", timed_out=1)
        self.assertIn("  suite/bad, by main in 2.00 ms, timed out\n", self.output())

    def test_of_a_long_output_the_last_lines_are_told(self):
        self.failed_case("bad", output="".join(f"line {number}\n" for number in range(100)))
        self.assertIn("    its output:\n"
                      "      ... 60 lines before: --json and --html have them\n"
                      "      line 60\n", self.output())

    def test_of_many_failed_cases_the_first_are_told(self):
        process = Process()
        for position in range(23):
            process.begin(f"bad {position}", position)
            process.end_case("failed", "why")
        process.end()
        write_run(self.runs / "x", [process])
        self.assertIn("  bad 19, by main in 0.00 us\n    why\n"
                      "  and 3 more: --json and --html have them\n", self.output())

    def test_failures_outside_of_cases_are_told(self):
        process, = simple_run()
        process.lines.insert(1, {"kind": "trouble", "start": process.head["start"],
                                 "text": "worker w1 failed as it ended\nits last words"})
        write_run(self.runs / "x", [process])
        text = self.output()
        self.assertIn("\noutside of cases\n  worker w1 failed as it ended\n  its last words\n", text)
        self.assertIn("shop_test: failed\n", text)

    def test_of_many_programs_the_commands_of_the_first_are_told(self):
        processes = []
        for pid in range(7):
            process, = simple_run(program=f"/w/test{pid}")
            process.head["pid"] = pid
            processes.append(process)
        write_run(self.runs / "x", processes)
        text = self.output()
        self.assertIn("command: test4 --workers=2, in /w\nand 2 commands more\nhost: ci-17", text)
        self.assertEqual(text.count("host: "), 1)

    def test_verdicts_other_than_passed_and_failed_are_told_where_there_are_any(self):
        process = Process()
        for position, verdict in enumerate(["passed", "skipped", "not run", "left out"]):
            process.add("result", id=position, test="x", verdict=verdict, failures=1)
        process.end()
        write_run(self.runs / "x", [process])
        self.assertIn("by 1 worker: 1 passed (1 flaky), 0 failed, 1 skipped, 1 not run, 1 left "
                      "out\n", self.output())

    def test_more_time_than_seeding_each_test_is_told_as_more(self):
        process = Process()
        process.span("image built", 2_000_000, name="shop", seeding_ns=1_000_000)
        process.end()
        write_run(self.runs / "x", [process])
        self.assertIn("seeding once for each test would have taken 0.00 us; all fixtures took "
                      "2.00 ms: 2.00 ms more\n", self.output())

    def test_a_share_is_told_of_times_that_no_run_takes(self):
        process = Process()
        for _ in range(2000):
            process.add("fixture", ns=10**14, name="x")
        write_run(self.runs / "x", [process])
        self.assertIn("200000000 s in fixtures (100%)\n", self.output())

    def test_durations_are_told_in_a_fitting_unit(self):
        for ns, words in [(1, "0.00 us"), (999, "1.00 us"), (999_400, "999 us"),
                          (999_900, "1.00 ms"), (9_994_999, "9.99 ms"), (10_000_000, "10.0 ms"),
                          (9_999_000_000, "10.0 s"), (75_000_000_000, "75.0 s")]:
            with self.subTest(words):
                process = Process()
                process.span("fixture", ns, name="x")
                process.end()
                write_run(self.runs / "x", [process])
                self.assertIn(f"{words}  main    fixture  x\n", self.output())


TEXT = """\
run run-1, 2026-09-21 14:13:21, shop_test: passed
2 cases in 23.1 ms by 1 worker: 2 passed, 0 failed
command: shop_test --workers=2, in /w
host: ci-17, Linux 6.1.0 x86_64, 2 cores; isolite 0.1.0, SQLite 3.40.1
the workers spent 20.0 ms in tests and 3.02 ms in fixtures (13%)
seeding once for each test would have taken 160 ms; all fixtures took 3.02 ms: 157 ms saved

workers
CASES     WALL    TESTS  FIXTURES    IDLE  REPLACED  WORKER
    2  23.1 ms  20.0 ms   3.02 ms  100 us         0  main

fixtures
COUNT    TOTAL   MEDIAN      95%      MAX  KIND            NAME
    1  2.00 ms  2.00 ms  2.00 ms  2.00 ms  image mapped    shop
    1  1.00 ms  1.00 ms  1.00 ms  1.00 ms  engine opened   shop
    2  10.0 us  5.00 us  5.00 us  5.00 us  session closed  shop
    2  6.00 us  3.00 us  3.00 us  3.00 us  session opened  shop

slowest cases
   TEST  FIXTURES  WORKER  VERDICT  CASE
10.0 ms   8.00 us  main    passed   suite/0
10.0 ms   8.00 us  main    passed   suite/1

slowest fixtures
   TIME  WORKER  KIND            NAME
2.00 ms  main    image mapped    shop
1.00 ms  main    engine opened   shop
5.00 us  main    session closed  shop for suite/0
5.00 us  main    session closed  shop for suite/1
3.00 us  main    session opened  shop for suite/0
3.00 us  main    session opened  shop for suite/1
"""

if __name__ == "__main__":
    main()
