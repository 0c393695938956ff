"""Computes from the records of a run what `isolite report --json` has to say, in another way.

It reads the files again, line by line, and shares no code and no SQL with the report.
"""

import collections
import json
import math
import re
import statistics

KINDS = {"image built", "image mapped", "image built alone", "engine opened", "session opened",
         "session closed", "session checked", "session healed", "evidence written",
         "real file made", "file made", "files prepared", "files put back", "fixture"}


def lines_of(path):
    """Returns the records of a file, the head first; None without a head."""
    found = []
    for line in path.read_bytes().split(b"\n"):
        try:
            found.append(json.loads(line))
        except ValueError:
            found.append(None)
    head = found[0] if found else None
    if not isinstance(head, dict) or head.get("format") != 1:
        return None
    records = [record for record in found[1:] if isinstance(record, dict)]
    for place, record in enumerate(records):
        if record["kind"] == "end":
            return [head, *records[:place + 1]]
    return [head, *records]


class Attempt:
    def __init__(self, process, number, launch, record):
        self.process, self.number, self.launch = process, number, launch
        self.id, self.test, self.start = record.get("id"), record["test"], record["start"]
        self.ns = self.verdict = self.text = self.until = self.output = None
        self.timed_out = 0
        self.spans = []

    @property
    def failed(self):
        return self.verdict in (None, "failed")


class Process:
    def __init__(self, path, lines):
        self.path, self.head, self.records = path, lines[0], lines[1:]
        self.worker, self.pid = self.head["worker"], self.head["pid"]
        self.program = self.head["program"].split("/")[-1]
        self.spans = [record for record in self.records if record["kind"] in KINDS]
        starts = [self.head["start"]] + [record["start"] for record in self.records]
        self.start = min(starts)
        ends = [record["start"] for record in self.records if record["kind"] == "end"]
        self.ended_early = not ends
        moving = [record["start"] + (record.get("ns") or 0) * (record["kind"] not in
                                                               ("result", "death"))
                  for record in self.records]
        self.end = max([self.head["start"], *(ends or moving)])
        self.attempts = {}

    def find_launch(self, parents):
        self.launch = self
        if self.head["parent"]:
            self.launch = next((parent for parent in parents if parent.pid == self.head["parent"]),
                               ("missing", self.head["parent"]))

    def find_attempts(self):
        for record in self.records:
            if record["kind"] in ("begin", "case"):
                number = record["case"]
                attempt = self.attempts.setdefault(
                    number, Attempt(self, number, self.launch, record))
                if record["kind"] == "case":
                    attempt.start, attempt.ns = record["start"], record["ns"]
                    attempt.verdict, attempt.text = record["verdict"], record.get("text")
                    attempt.output = record.get("output")
                    attempt.timed_out = record.get("timed_out", 0)
        self.framework = bool(self.attempts)
        if not self.framework and self.worker != "parent" and not self.head["parent"]:
            self.find_sessions()
        numbers = sorted(self.attempts)
        for number, following in zip(numbers, [*numbers[1:], None]):
            attempt = self.attempts[number]
            attempt.until = self.end if following is None else self.attempts[following].start
            if attempt.ns is not None:
                attempt.until = attempt.start + attempt.ns

    def find_sessions(self):
        open_sessions, current = 0, None
        for record in self.records:
            if record["kind"] == "session opened":
                open_sessions += 1
                if open_sessions == 1:
                    number = len(self.attempts)
                    current = self.attempts[number] = Attempt(
                        self, number, self.launch, {**record, "id": number})
            elif record["kind"] == "session closed":
                open_sessions -= 1
                if open_sessions == 0:
                    current.ns = record["start"] + record["ns"] - current.start
                    current.text = record.get("text")
                    current.verdict = "failed" if current.text else "passed"

    def sort_spans(self):
        for span in self.spans:
            span["attempt"] = None
            if self.framework:
                span["attempt"] = self.attempts.get(span.get("case"))
            else:
                for attempt in self.attempts.values():
                    inside = span["start"] < attempt.until or attempt.ns is None
                    if span["start"] >= attempt.start and inside:
                        span["attempt"] = attempt
            if span["attempt"]:
                span["attempt"].spans.append(span)

    def outer_spans(self):
        return [span for span in self.spans if not span.get("depth")]

    def costs(self):
        wall = self.end - self.start
        fixtures = sum(span["ns"] for span in self.outer_spans())
        tests = sum(attempt.until - attempt.start for attempt in self.attempts.values())
        tests -= sum(span["ns"] for span in self.outer_spans() if span["attempt"])
        busy = [(attempt.start, attempt.until) for attempt in self.attempts.values()]
        busy += [(span["start"], span["start"] + span["ns"]) for span in self.outer_spans()
                 if not span["attempt"]]
        points = sorted({self.start, self.end,
                         *(min(point, self.end) for pair in busy for point in pair)})
        idle = 0
        for left, right in zip(points, points[1:]):
            if not any(start <= left and right <= until for start, until in busy):
                idle += right - left
        return wall, tests, fixtures, idle


def rank(values, percent):
    values = sorted(values)
    return values[math.ceil(len(values) * percent / 100) - 1]


class Run:
    """A run as the files in a directory tell it."""

    def __init__(self, directory):
        self.directory = directory
        read = [(path, lines_of(path)) for path in sorted(directory.glob("*.jsonl"))]
        processes = [Process(path, lines) for path, lines in read if lines]
        self.processes = sorted(processes, key=lambda process: (process.start, str(process.path)))
        self.zero = self.processes[0].start
        self.index = {process: place for place, process in enumerate(self.processes)}
        self.parents = [process for process in self.processes if process.worker == "parent"]
        self.deaths = sorted(((record["start"], self.index[parent], place, parent, record)
                              for parent in self.parents
                              for place, record in enumerate(parent.records)
                              if record["kind"] == "death"), key=lambda death: death[:3])
        for process in self.processes:
            process.find_launch(self.parents)
            death = self.death_of(process)
            if death and process.ended_early:
                process.end = max(process.end, death["start"])
            process.find_attempts()
            process.sort_spans()
        self.launches = sorted(dict.fromkeys(process.launch for process in self.processes),
                               key=lambda launch: self.index[self.main_of(launch)])
        self.find_cases()

    def main_of(self, launch):
        """Returns the process that stands for a launch: of a missing parent its first worker."""
        if isinstance(launch, Process):
            return launch
        return next(process for process in self.processes if process.launch == launch)

    def launch_rows(self):
        rows = []
        for launch in self.launches:
            main = self.main_of(launch)
            own = [process for process in self.processes if process.launch == launch]
            verdicts = [case["verdict"] for (of, _), case in self.cases.items() if of == launch]
            kinds = {record["kind"] for process in own for record in process.records}
            verdict = "passed" if verdicts else "empty"
            if {"failed", "not run"} & set(verdicts) or "trouble" in kinds:
                verdict = "failed"
            if "stopped" in kinds:
                verdict = "stopped"
            if main is launch and main.ended_early:
                verdict = "died"
            rows.append({
                "program": main.program, "path": main.head["program"], "pid": main.pid,
                "verdict": verdict, "cases": len(verdicts), "failed": verdicts.count("failed"),
                "start_ns": min(process.start for process in own) - self.zero,
                "end_ns": max(process.end for process in own) - self.zero,
                **{name: main.head.get(name) for name in
                   ("command", "directory", "host", "system", "cores", "isolite", "sqlite")}})
        return rows

    def death_of(self, process):
        for *_, parent, record in self.deaths:
            if parent is process.launch and record["pid"] == process.pid:
                return record
        return {}

    def find_cases(self):
        tried, told = collections.defaultdict(list), {}
        for process in self.processes:
            for attempt in process.attempts.values():
                tried[attempt.launch, attempt.id].append(attempt)
            for record in process.records:
                if record["kind"] == "result":
                    told[process, record["id"]] = record
        self.cases = {}
        for key in {*tried, *told}:
            attempts = sorted(tried[key], key=lambda attempt: attempt.start)
            last = attempts[-1] if attempts else None
            result = told.get(key)
            failed = [attempt for attempt in attempts if attempt.failed]
            self.add_evidence([attempt for attempt in attempts if attempt.verdict is None],
                              result or {})
            self.cases[key] = case = {"attempts": attempts, "last": last, **(
                self.told_case(result, last) if result else self.tried_case(last, failed)),
                "count": result.get("attempts", len(attempts)) if result else len(attempts)}
            case["output"], case["timed_out"], case["died"] = None, 0, 0
            if case["verdict"] == "failed":
                found = [(attempt.output, attempt.timed_out) for attempt in failed] or [(None, 0)]
                case["output"] = found[-1][0] or (result or {}).get("output")
                case["timed_out"] = (result or {}).get("timed_out", found[-1][1])
                case["died"] = int(failed[-1].verdict is None if failed
                                   else "died" in (result or {}))

    def add_evidence(self, died, result):
        """Tells what parents know of attempts that workers died in."""
        for attempt in died:
            attempt.timed_out = self.death_of(attempt.process).get("timed_out", 0)
        if died:
            died[-1].output = result.get("output")

    @staticmethod
    def told_case(result, last):
        return {"test": result["test"], "verdict": result["verdict"],
                "text": result.get("text") or result.get("died") or (last and last.text),
                "flaky": result["verdict"] == "passed" and bool(result.get("failures")),
                "ns": result.get("ns") if last is None or last.ns is None else last.ns}

    def tried_case(self, last, failed):
        text = last.text
        if failed:
            why = self.death_of(failed[-1].process).get("text", "its process ended in it")
            text = failed[-1].text or (None if failed[-1].verdict else why)
        return {"test": last.test, "verdict": "failed" if failed else last.verdict, "text": text,
                "flaky": False, "ns": last.ns}

    def case_rows(self):
        """Returns what the report says of each case, in no order, so that rows can be compared."""
        rows = []
        for case in self.cases.values():
            last = case["last"]
            spans = last.spans if last else []
            outer = [span for span in spans if not span.get("depth")]
            pages = [span["pages"] for span in spans
                     if "pages" in span and (span["kind"] == "session closed" or (
                         span["kind"] == "files put back" and not span.get("depth")))]
            rows.append([
                self.index[last.process] if last else None,
                last.start - self.zero if last else None, case["ns"],
                sum(span["ns"] for span in outer),
                sum(span["ns"] for span in outer
                    if span["kind"] in ("session opened", "session closed")),
                sum(pages) if pages else None, case["test"], case["verdict"], case["text"],
                case["count"], case["output"], case["timed_out"], case["died"]])
        return rows

    def span_rows(self):
        """The same for spans, with their kinds, names and cases in words."""
        return [[self.index[process], span["start"] - self.zero, span["ns"], span["kind"],
                 span.get("name"), span.get("depth", 0),
                 self.cases[span["attempt"].launch, span["attempt"].id]["test"]
                 if span["attempt"] else None]
                for process in self.processes for span in process.spans]

    def is_replacement(self, process):
        former = process.head["incarnation"] - 1
        return former >= 0 and not any(
            other.launch == process.launch and other.worker == process.worker
            and other.head["incarnation"] == former and not other.ended_early
            for other in self.processes)

    def worker_rows(self):
        rows = collections.defaultdict(lambda: [0] * 6)
        for process in self.processes:
            if process.worker != "parent":
                wall, tests, fixtures, idle = process.costs()
                change = (len(process.attempts), wall, tests, fixtures, idle,
                          self.is_replacement(process))
                rows[process.worker] = [a + b for a, b in zip(rows[process.worker], change)]
        columns = ("cases", "wall_ns", "tests_ns", "fixtures_ns", "idle_ns", "replacements")
        return [{"name": name, **dict(zip(columns, rows[name]))}
                for name in sorted(rows, key=lambda name: [
                    int(part) if part.isdigit() else part
                    for part in re.split(r"(\d+)", name)])]

    def all_spans(self):
        return [span for process in self.processes for span in process.spans]

    def fixture_rows(self):
        groups = collections.defaultdict(list)
        for span in self.all_spans():
            groups[span["kind"], span.get("name")].append(span["ns"])
        return [{"kind": kind, "name": name, "count": len(ns), "total_ns": sum(ns),
                 "median_ns": rank(ns, 50), "p95_ns": rank(ns, 95), "max_ns": max(ns)}
                for (kind, name), ns in groups.items()]

    def sharing(self):
        seeds = {}
        for span in self.all_spans():
            if span["kind"].startswith("image"):
                seeds.setdefault(span["name"], []).append(span.get("seeding_ns"))
        rows = []
        for name, times in sorted(seeds.items(), key=lambda seed: seed[0].encode()):
            known = [time for time in times if time is not None]
            rows.append({
                "name": name, "seeding_ns": max(known) if known else None,
                "tests": sum(span["kind"] == "session opened" and span["name"] == name
                             and not span.get("depth") for span in self.all_spans()),
                "workers": sum(any(span["kind"] == "engine opened" and span["name"] == name
                                   for span in process.spans) for process in self.processes)})
        known = [row for row in rows if row["seeding_ns"] is not None]
        per_test = sum(row["seeding_ns"] * row["tests"] for row in known) if known else None
        fixtures = sum(process.costs()[2] for process in self.processes)
        return {"seeds": rows, "per_test_ns": per_test,
                "per_worker_ns":
                    sum(row["seeding_ns"] * row["workers"] for row in known) if known else None,
                "fixtures_ns": fixtures,
                "saved_ns": None if per_test is None else per_test - fixtures}

    def process_rows(self):
        rows = []
        for process in self.processes:
            unfinished = [attempt for attempt in process.attempts.values() if attempt.ns is None]
            rows.append({
                "worker": process.worker, "incarnation": process.head["incarnation"],
                "program": process.program, "pid": process.pid,
                "launch": self.launches.index(process.launch),
                "start_ns": process.start - self.zero, "end_ns": process.end - self.zero,
                "ended_early": process.ended_early, "running": False,
                "during": (unfinished[-1].test if unfinished else
                           self.death_of(process).get("test")) if process.ended_early else None,
                "why": self.death_of(process).get("text")})
        return rows

    def counts(self):
        verdicts = [case["verdict"] for case in self.cases.values()]
        return {"cases": len(verdicts), "passed": verdicts.count("passed"),
                "failed": verdicts.count("failed"), "skipped": verdicts.count("skipped"),
                "not_run": verdicts.count("not run"), "left_out": verdicts.count("left out"),
                "running": 0, "flaky": sum(case["flaky"] for case in self.cases.values()),
                "timed_out": sum(case["timed_out"] for case in self.cases.values())}

    def leaks(self):
        leaks = [(span["start"], {"test": span["test"], "worker": process.worker,
                                  "database": span["name"], "rows": span.get("rows"),
                                  "pages": span.get("pages"), "text": span["text"]})
                 for process in self.processes for span in process.spans
                 if span["kind"] == "session closed" and "text" in span]
        return [leak for _, leak in sorted(leaks, key=lambda leak: leak[0])]

    def summary(self):
        workers = self.worker_rows()
        head = self.processes[0].head
        began = head["unix_ns"] + self.processes[0].start - head["start"]
        return {"id": head["run"], "began": began // 10**9,
                "wall_ns": max(process.end for process in self.processes) - self.zero,
                "cases": len(self.cases), "failed": self.counts()["failed"],
                "tests_ns": sum(row["tests_ns"] for row in workers),
                "fixtures_ns": sum(row["fixtures_ns"] for row in workers)}

    def durations(self):
        found = {}
        for (launch, _), case in self.cases.items():
            program = case["last"].process if case["last"] else launch
            if case["ns"] is not None and case["verdict"] in ("passed", "failed"):
                key = program.program, case["test"]
                found[key] = max(found.get(key, 0), case["ns"])
        return found


def mad(values):
    middle = statistics.median(values)
    return statistics.median(abs(value - middle) for value in values)


def compared(old, new, samples):
    """`samples`: the earlier durations of each case. Returns the changes by name, and counts."""
    found = {"slower": {}, "faster": {}, "within_noise": 0, "unknown": 0}
    for case in old.keys() & new.keys():
        values = samples.get(case, [])
        if len(values) < 3:
            found["unknown"] += 1
            continue
        noise = max(3 * math.sqrt(2) * 1.4826 * mad(values), 10_000_000, 0.1 * old[case])
        if abs(new[case] - old[case]) <= noise:
            found["within_noise"] += 1
        else:
            found["slower" if new[case] > old[case] else "faster"][case] = (
                old[case], new[case], noise, len(values))
    return found
