"""Writes the records of test runs, as the processes of a run do: for the tests of this folder.

`random_run` makes a realistic one of a random generator: programs side by side, with forked
workers or without, workers that are killed and replaced, retries, suites, fixtures of the user,
skipped cases, leaks, and programs without a framework.
"""

import json

MS, SECOND = 1_000_000, 1_000_000_000
CALENDAR = 1_790_000_000 * SECOND  # of the moment 0 of the clock


class Process:
    """The file of one process. Times are those of the clock, in nanoseconds."""

    def __init__(self, worker="main", start=5 * SECOND, *, run="nightly-17", program="/w/shop_test",
                 pid=100, parent=0, incarnation=0, calendar=CALENDAR):
        self.head = {"format": 1, "kind": "process", "run": run, "program": program,
                     "worker": worker, "slot": 0, "incarnation": incarnation, "shard_index": 0,
                     "shard_total": 1, "pid": pid, "parent": parent, "start": start,
                     "unix_ns": calendar + start}
        if not parent:
            self.head |= {"command": f"{program.rsplit('/', 1)[-1]} --workers=2",
                          "directory": program.rsplit("/", 1)[0], "host": "ci-17",
                          "system": "Linux 6.1.0 x86_64", "cores": 2, "isolite": "0.1.0",
                          "sqlite": "3.40.1"}
        self.lines = [self.head]
        self.now = start
        self.number = 0
        self.case = None

    def add(self, kind, **fields):
        """Adds a record of this moment, or of `start`."""
        record = {"kind": kind, "start": fields.pop("start", self.now), **fields}
        self.lines.append({name: value for name, value in record.items() if value is not None})

    def span(self, kind, ns, inner=(), **fields):
        """Lets time go by in a fixture. `inner`: functions that do what is done in it, given how
        many fixtures are around it."""
        start, depth = self.now, fields.pop("depth", 0)
        for work in inner:
            work(depth + 1)
        self.now = max(self.now, start + ns)
        self.add(kind, start=start, ns=self.now - start, case=self.case, depth=depth or None,
                 **fields)

    def begin(self, test, position):
        self.number += 1
        self.case, self.began, self.test, self.position = self.number, self.now, test, position
        self.add("begin", case=self.case, test=test, id=position)

    def end_case(self, verdict="passed", text=None, **fields):
        self.add("case", start=self.began, ns=self.now - self.began, case=self.case,
                 test=self.test, id=self.position, verdict=verdict, text=text, **fields)
        self.case = None

    def idle(self, ns):
        self.now += ns

    def end(self, cases=None):
        """Ends the process, which ran so many cases, or whose workers were to."""
        self.add("end", cases=cases or self.number or None)

    def text(self):
        """Records of shards are as isolite writes them: it finds them by how they begin."""
        return "".join(json.dumps(line, separators=(",", ":") if line["kind"] in
                                  ("shard", "planned") else None) + "\n" for line in self.lines)

    def write(self, directory):
        directory.mkdir(parents=True, exist_ok=True)
        path = directory / f"{self.head['worker']}-{self.head['pid']}.jsonl"
        path.write_text(self.text() + "\n" * 20, encoding="utf-8")
        return path


def write_run(directory, processes):
    for process in processes:
        process.write(directory)


def simple_run(run="nightly-17", start=5 * SECOND, cases=3, ns=10 * MS, program="/w/shop_test",
               scale=None):
    """One process with cases `suite/0` and so on, each of `ns`, or as `scale` says."""
    process = Process(run=run, start=start, program=program)
    process.span("image mapped", 2 * MS, name="shop", seeding_ns=80 * MS)
    process.span("engine opened", MS, name="shop")
    for position in range(cases):
        process.begin(f"suite/{position}", position)
        process.span("session opened", 3000, name="shop", test=f"suite/{position}")
        process.idle((scale or (lambda _: ns))(position))
        process.span("session closed", 5000, name="shop", test=f"suite/{position}", pages=2)
        process.end_case()
        process.idle(50_000)
    process.end()
    return [process]


def seed_names(rng):
    return rng.sample(["shop", "books", "a 'quoted' \"seed\"", "größe", "\\back\\slash"], 2)


class Launch:
    """A program of a random run."""

    def __init__(self, rng, number, run, start):
        self.rng, self.run, self.start = rng, run, start
        self.program = f"/home/me/build{number % 2}/{rng.choice(['shop', 'books', 'tax'])}_test"
        self.seeds = seed_names(rng)
        self.seeding = {seed: rng.randint(1, 400) * MS // 3 for seed in self.seeds}
        self.pid = 1000 * (number + 1)
        self.processes = []

    def process(self, worker, start, **fields):
        self.pid += 1
        self.processes.append(Process(worker, start, run=self.run, program=self.program,
                                      pid=self.pid, **fields))
        return self.processes[-1]

    def some(self, most):
        return self.rng.randint(1, most)

    def open_engine(self, process, seed):
        kind = self.rng.choice(["image built", "image mapped", "image built alone"])
        known = self.seeding[seed] if self.rng.random() < 0.8 else None
        process.span(kind, self.some(3 * MS), name=seed, seeding_ns=known)
        process.span("engine opened", self.some(MS), name=seed)

    def open_session(self, process, seed, test, depth=0):
        process.span("session opened", self.some(9000), name=seed, test=test, depth=depth)

    def close_session(self, process, seed, test, depth=0):
        leak = self.rng.random() < 0.15
        inner = [lambda depth: process.span("session checked", self.some(4000), depth=depth,
                                            name=seed)]
        if leak:
            inner.append(lambda depth: process.span("session healed", self.some(7000), depth=depth,
                                                    name=seed))
        if self.rng.random() < 0.2:
            inner.append(lambda depth: process.span("files put back", self.some(4000), depth=depth,
                                                    name="*.db", pages=self.some(9)))
        process.span("session closed", self.some(9000), inner, name=seed, test=test, depth=depth,
                     pages=self.rng.randint(0, 40), rows=self.some(9) if leak else None,
                     text=f"it committed changes to '{seed}'" if leak else None)

    def body(self, process, test, killed):
        """What a case does. Returns False where its process dies in it."""
        rng = self.rng
        sessions = []
        for seed in self.seeds:
            if rng.random() < 0.5:
                if rng.random() < 0.2:
                    process.span("fixture", self.some(2 * MS), [
                        lambda depth, seed=seed: self.open_session(process, seed, test, depth)],
                        name=rng.choice(["server", "clock"]))
                else:
                    self.open_session(process, seed, test)
                sessions.append(seed)
        process.idle(self.some(20 * MS))
        if killed:
            return False
        if rng.random() < 0.1:
            process.span("real file made", self.some(MS), name=self.seeds[0], test=test)
        if rng.random() < 0.1:
            process.span("evidence written", self.some(MS), name=self.seeds[0], test=test)
        if rng.random() < 0.2:
            process.span("file made", self.some(MS), name="*.db")
        for seed in reversed(sessions):
            self.close_session(process, seed, test)
        if rng.random() < 0.2:
            process.span("files put back", self.some(MS), name="*.db", pages=self.some(9))
        return True

    def run_case(self, process, test, position, killed=False):
        process.begin(test, position)
        if not self.body(process, test, killed):
            return "died"
        verdict = self.rng.choices(["passed", "failed", "skipped"], [8, 2, 1])[0]
        is_failed = verdict == "failed"
        process.end_case(verdict, None if verdict == "passed" else f"{test}: because {position}",
                         output=f"line one of {test}\nline two\n"
                         if is_failed and self.rng.random() < 0.5 else None,
                         timed_out=1 if is_failed and self.rng.random() < 0.2 else None)
        process.idle(self.some(200_000))
        return verdict

    def run_plain(self, cases, worker):
        process = self.process(worker, self.start)
        for seed in self.seeds:
            self.open_engine(process, seed)
        for position in range(cases):
            if self.run_case(process, f"suite/{position % 7}", position,
                             self.rng.random() < 0.02) == "died":
                return
        if self.rng.random() < 0.9:
            process.end()

    def run_without_framework(self, cases):
        process = self.process("main", self.start)
        for seed in self.seeds:
            self.open_engine(process, seed)
        for position in range(cases):
            test, seed = f"plain {position}", self.rng.choice(self.seeds)
            self.open_session(process, seed, test)
            process.idle(self.some(5 * MS))
            if self.rng.random() < 0.3:
                self.open_session(process, self.seeds[0], test + " inner")
                process.idle(self.some(5 * MS))
                self.close_session(process, self.seeds[0], test + " inner")
            if self.rng.random() < 0.05:
                return
            process.idle(self.some(MS))
            self.close_session(process, seed, test)
            process.idle(self.some(MS))
        process.end()

    def run_forked(self, cases, workers):
        parent = self.process("parent", self.start)
        parent_pid = self.pid
        for seed in self.seeds:
            parent.span("image built", self.some(90 * MS), name=seed,
                        seeding_ns=self.seeding[seed])
        tried = {}
        for slot in range(workers):
            process = self.worker(f"w{slot}", parent, parent_pid, 0)
            for position in range(slot, cases, workers):
                process = self.try_case(parent, parent_pid, process, position, tried)
            if self.rng.random() < 0.3:
                self.close_session(process, self.seeds[0], "suite")
            process.end()
        self.write_results(parent, cases, tried)
        parent.now = max(process.now for process in self.processes)
        for kind in ("trouble", "stopped"):
            if self.rng.random() < 0.2:
                parent.add(kind, text=f"{kind} outside of cases")
        if self.rng.random() < 0.95:
            parent.end()

    def worker(self, name, parent, parent_pid, incarnation, start=None):
        process = self.process(name, (start or parent.now) + self.some(MS), parent=parent_pid,
                               incarnation=incarnation)
        self.open_engine(process, self.seeds[0])
        if self.rng.random() < 0.3:
            self.open_session(process, self.seeds[0], "suite")
        return process

    def try_case(self, parent, parent_pid, process, position, tried):
        """Runs a case until it passes, at most three times, and replaces workers that die."""
        for _ in range(3):
            test = f"s{position % 5}/case {position}"
            verdict = self.run_case(process, test, position, self.rng.random() < 0.05)
            tried.setdefault(position, []).append(verdict)
            if verdict != "died":
                if verdict == "failed" and self.rng.random() < 0.7:
                    continue
                return process
            head = process.head
            parent.add("death", start=process.now + 1, worker=head["worker"], pid=head["pid"],
                       incarnation=head["incarnation"], text="killed by signal 9 (SIGKILL)",
                       test=test, timed_out=1 if self.rng.random() < 0.4 else None)
            process = self.worker(head["worker"], parent, parent_pid, head["incarnation"] + 1,
                                  process.now + self.some(MS))
        return process

    def write_results(self, parent, cases, tried):
        for position in range(cases):
            verdicts = tried[position]
            failures = sum(verdict in ("died", "failed") for verdict in verdicts)
            died = "died" in verdicts
            if died or (len(verdicts) > 1 and self.rng.random() < 0.9):
                last = verdicts[-1] if verdicts[-1] != "died" else "failed"
                parent.add("result", id=position, test=f"s{position % 5}/case {position}",
                           verdict=last, attempts=len(verdicts), failures=failures, worker="w0",
                           text="it was killed" if verdicts[-1] == "died" else None,
                           died="killed by signal 9 (SIGKILL)" if died else None,
                           output="what it wrote before" if died else None,
                           timed_out=1 if died and self.rng.random() < 0.5 else None)
        for position in range(cases, cases + self.rng.randint(0, 2)):
            parent.add("result", id=position, test=f"s/not {position}", attempts=0, failures=0,
                       verdict=self.rng.choice(["not run", "left out"]), text="stopped")


def random_run(rng, run="nightly-17", start=None):
    """Returns the processes of a run."""
    start = rng.randint(1, 10**15) if start is None else start
    processes = []
    for number in range(rng.randint(1, 3)):
        launch = Launch(rng, number, run, start + rng.randint(0, 50 * MS))
        style = rng.choice(["plain", "forked", "forked", "bare"])
        if style == "plain":
            launch.run_plain(rng.randint(0, 12), rng.choice(["main", f"w{number}"]))
        elif style == "forked":
            launch.run_forked(rng.randint(1, 20), rng.randint(1, 12))
        else:
            launch.run_without_framework(rng.randint(0, 6))
        processes += launch.processes
    return processes
