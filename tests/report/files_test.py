"""Checks what `isolite report` makes of files that are torn, cut, alien or hostile."""

import json
import os
import random
import threading

from oracle import Run
from records import MS, SECOND, Process, random_run, simple_run, write_run
from report import ReportTest, main

HOSTILE = ["", " ", "\"", "'); DROP TABLE cases; --", "a/b/../c", "line\nbreak", "tab\t", "\x01\x1b[31m",
           "größe 漢字 😀", "</script><script>alert(1)</script>", "%s %n", "x" * 5000, "\u2028",
           "$.kind", "null", "\\u0041", "{\"kind\":\"end\"}", "a\\"]


def no_head(path):
    return (f"isolite: cannot read the records in '{path}': its first line does not tell of a "
            "process, in format 1\n  hint: it was cut, its process has not begun, or another "
            "version of isolite wrote it\n")


class Files(ReportTest):
    def write(self, processes, run="run"):
        write_run(self.runs / run, processes)
        return self.runs / run


class Torn(Files):
    def test_a_file_that_is_torn_anywhere_loses_one_record_at_most(self):
        process, = simple_run(cases=2)
        other, = simple_run(cases=1, program="/w/other_test")
        other.head["pid"] = 7
        directory = self.write([process, other])
        path = directory / "main-100.jsonl"
        whole = process.text().encode()
        kinds = [line["kind"] for line in process.lines]
        for offset in range(len(whole)):
            path.write_bytes(whole[:offset] + b"\n" * 30)
            # A line whose newline alone is missing is complete.
            complete = len((whole[:offset] + b"\n").split(b"}\n")) - 1
            told = self.json(warning=no_head(path) if complete == 0 else "")
            read = kinds[1:complete] if complete else []
            spans = sum(kind not in ("begin", "case", "end") for kind in read)
            cases = sum(row[6].startswith("suite/") and row[0] is not None and
                        told["processes"][row[0]]["pid"] == 100 for row in told["cases"]["rows"])
            of_torn = [row for row in told["spans"]["rows"]
                       if told["processes"][row[0]]["pid"] == 100]
            self.assertEqual((len(of_torn), cases), (spans, read.count("begin")), offset)

    def test_random_runs_that_are_torn_are_summed_up_as_by_the_oracle(self):
        rng = random.Random(17)
        for seed in range(40):
            with self.subTest(seed=seed):
                directory = self.root / f"alone-{seed}/run"
                write_run(directory, random_run(random.Random(seed)))
                for path in directory.iterdir():
                    data = path.read_bytes()
                    head = data.index(b"\n") + 1
                    if rng.random() < 0.7:
                        path.write_bytes(data[:rng.randint(head, len(data))])
                told, run = self.json(directory), Run(directory)
                self.assertEqual(told["counts"], run.counts())
                self.assertEqual(told["workers"], run.worker_rows())
                self.assertEqual(told["processes"], run.process_rows())
                self.assertEqual(sorted(told["cases"]["rows"], key=repr),
                                 sorted(run.case_rows(), key=repr))

    def test_blank_lines_are_passed_over(self):
        process, = simple_run()
        expected = self.written(process.text())
        self.assertEqual(self.written(process.text().replace("\n", "\n\n  \n")), expected)

    def written(self, text):
        path = self.runs / "run/main-100.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return self.json()

    def test_records_of_another_format_are_passed_over(self):
        process, = simple_run()
        expected = self.written(process.text())
        good = {"kind": "session opened", "start": 6 * SECOND, "ns": MS, "name": "shop"}
        alien = [[], 1, "text", None, {}, {"kind": "end of the world", "start": 1},
                 {"kind": 7, "start": 6 * SECOND, "ns": 1}, {"start": 6 * SECOND, "ns": 1}]
        alien += [{**good, **change} for change in (
            {"start": "6"}, {"start": None}, {"start": -1}, {"start": 1.5}, {"start": 2**63},
            {"ns": "5"}, {"ns": None}, {"ns": -5}, {"ns": 1.5}, {"ns": 10**14 + 1}, {"ns": [1]},
            {"case": "1"}, {"depth": "deep"}, {"depth": -1}, {"name": 5}, {"name": 1.5},
            {"test": 5}, {"pages": -1}, {"pages": "x"}, {"rows": 1.5}, {"text": 5},
            {"seeding_ns": "x"}, {"seeding_ns": -1}, {"seeding_ns": 10**14 + 1})]
        case = {"kind": "case", "start": 6 * SECOND, "ns": 1, "case": 9, "id": 9, "test": "t",
                "verdict": "passed"}
        alien += [{**case, **change} for change in (
            {"verdict": "great"}, {"verdict": None}, {"id": None}, {"id": "x"}, {"test": None},
            {"ns": None}, {"case": None})]
        result = {"kind": "result", "start": 6 * SECOND, "id": 9, "test": "t", "verdict": "passed"}
        alien += [{**result, **change} for change in (
            {"verdict": "running"}, {"id": None}, {"attempts": "x"}, {"failures": 1.5},
            {"died": 1}, {"worker": 2})]
        death = {"kind": "death", "start": 6 * SECOND, "worker": "w0", "text": "x", "pid": 100}
        alien += [{**death, **change} for change in (
            {"worker": None}, {"text": None}, {"pid": "x"}, {"incarnation": "x"})]
        for record in alien:
            with self.subTest(record):
                lines = process.text().split("\n")
                lines.insert(1, json.dumps(record))
                self.assertEqual(self.written("\n".join(lines)), expected)

    def test_fields_that_nobody_knows_are_passed_over(self):
        process, = simple_run()
        expected = self.written(process.text())
        for line in process.lines:
            line["colour"] = {"of": ["the", "sky"]}
        self.assertEqual(self.written(process.text()), expected)

    def test_lines_that_are_no_json_and_no_text_are_passed_over(self):
        process, = simple_run()
        expected = self.written(process.text())
        head, rest = process.text().encode().split(b"\n", 1)
        for noise in [b"{", b"{\"kind\":", b"\x00\x00", b"\xff\xfe", b"}" * 99, b"[" * 5000,
                      b"{'kind': 'end'}", b"NaN"]:
            with self.subTest(noise):
                self.assertEqual(self.written(head + b"\n" + noise + b"\n" + rest), expected)

    def test_a_file_without_a_head_is_named_and_the_rest_is_shown(self):
        process, = simple_run()
        broken = ["", "\n\n", "{}", "no json", "[1]", '{"kind": "process", "format": 1}']
        broken += [json.dumps({**process.head, **change}) for change in (
            {"format": 2}, {"format": "1"}, {"kind": "end"}, {"run": None}, {"program": 5},
            {"worker": None}, {"pid": "x"}, {"start": None}, {"start": -1}, {"unix_ns": "x"},
            {"parent": "x"}, {"incarnation": "x"}, {"unix_ns": -1})]
        directory = self.write([process])
        path = directory / "w1-5.jsonl"
        for text in broken:
            with self.subTest(text):
                path.write_text(text + "\n" + json.dumps({"kind": "end", "start": 1}) + "\n")
                told = self.json(warning=no_head(path))
                self.assertEqual(len(told["processes"]), 1)

    def test_a_run_without_any_records_is_refused(self):
        (self.runs / "run").mkdir(parents=True)
        self.assertEqual(self.refusal("run", "--json"),
                         f"isolite: cannot show the run in '{self.runs}/run': it has no records\n"
                         "  hint: isolite report --list shows the runs that are kept\n")

    def test_links_pipes_and_directories_are_not_followed(self):
        directory = self.write(simple_run())
        other, = simple_run(program="/w/other_test")
        other.head["pid"] = 7
        outside = other.write(self.root / "outside")
        (directory / "link.jsonl").symlink_to(outside)
        os.mkfifo(directory / "pipe.jsonl")
        (directory / "directory.jsonl").mkdir()
        (directory / "notes.txt").write_text(other.text())
        (self.runs / "linked").symlink_to(outside.parent)
        self.assertEqual(len(self.json()["processes"]), 1)
        self.assertEqual(len(json.loads(self.output("--list", "--json"))["runs"]), 1)

    def test_a_file_that_may_not_be_read_is_named_and_the_rest_is_shown(self):
        if os.geteuid() == 0:
            self.skipTest("root may read everything")
        directory = self.write(simple_run())
        path = directory / "w1-5.jsonl"
        path.write_text("")
        path.chmod(0)
        self.json(warning=f"isolite: cannot read the records in '{path}': Permission denied\n"
                  "  hint: look at its owner and its permissions\n")


class Hostile(Files):
    def test_any_name_comes_through(self):
        process = Process(run="any", program="/w/a'b\"c")
        for position, name in enumerate(HOSTILE):
            process.span("image mapped", MS, name=name, seeding_ns=1)
            process.begin(name, position)
            process.span("fixture", MS, name=name)
            process.span("session closed", MS, name=name, test=name, rows=1, text=name)
            process.end_case("failed", name)
        process.end()
        self.write([process])
        told = self.json()
        self.assertEqual([row[6] for row in told["cases"]["rows"]], HOSTILE)
        self.assertEqual([row[8] for row in told["cases"]["rows"]], HOSTILE)
        self.assertEqual(told["names"], sorted(HOSTILE, key=lambda name: name.encode()))
        self.assertEqual([leak["text"] for leak in told["leaks"]], HOSTILE)
        self.assertEqual({seed["name"] for seed in told["sharing"]["seeds"]}, set(HOSTILE))
        self.assertEqual(told["run"]["programs"], ["a'b\"c"])

    def test_no_name_breaks_a_line_of_the_text(self):
        process = Process(worker="w\n0", run="r\x1b", program="/w/p\r")
        process.begin("line\nbreak", 0)
        process.span("fixture", MS, name="es\x1b[31m")
        process.end_case()
        self.write([process])
        text = self.output()
        self.assertNotRegex(text, r"[\x00-\x09\x0b-\x1f]")
        self.assertIn("line\\nbreak\n", text)

    def test_bytes_that_are_no_text_are_replaced(self):
        process, = simple_run(cases=1)
        directory = self.write([process])
        path = directory / "main-100.jsonl"
        path.write_bytes(path.read_bytes().replace(b"suite/0", b"s\xff\xc3/\xed\xa0\x80"))
        self.assertEqual(self.json()["cases"]["rows"][0][6], "s\ufffd\ufffd/\ufffd\ufffd\ufffd")
        path.write_bytes(path.read_bytes().replace(b"s\xff\xc3/\xed\xa0\x80", b"\\ud800"))
        self.assertEqual(self.json()["cases"]["rows"][0][6], "\ufffd" * 3)
        json.loads(self.output("--trace", "-"))


class Concurrent(Files):
    def test_a_run_can_be_read_while_it_is_written(self):
        process, = simple_run(cases=400)
        lines = process.text().encode().split(b"\n")
        path = self.write(simple_run(cases=1)) / "main-100.jsonl"
        stop, read = threading.Event(), []

        def write():
            while not stop.is_set():
                with open(path, "wb", buffering=0) as file:
                    file.write(lines[0] + b"\n")
                    for line in lines[1:]:
                        file.write(line[:len(line) // 2])
                        file.write(line[len(line) // 2:] + b"\n")

        writer = threading.Thread(target=write)
        writer.start()
        try:
            for _ in range(15):
                done = self.run_isolite("--json", "1")
                if done.returncode == 0:
                    read.append(json.loads(done.stdout))
                else:  # The file was empty at that moment.
                    self.assertIn("cannot ", done.stderr)
                    self.assertEqual(done.stdout, "")
        finally:
            stop.set()
            writer.join()
        for told in read:
            tests = [row[6] for row in told["cases"]["rows"]]
            self.assertEqual(tests, [f"suite/{position}" for position in range(len(tests))])
            for worker in told["workers"]:
                self.assertEqual(worker["wall_ns"], worker["tests_ns"] + worker["fixtures_ns"]
                                 + worker["idle_ns"])


if __name__ == "__main__":
    main()
