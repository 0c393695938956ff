"""Makes runs as `isolite report --json` prints them: the same ones every time.

usage: sample_run.py NAME, one of small, big, empty, troubled, hostile, going. Prints the JSON.
"""

import json
import math
import random
import statistics
import sys

KINDS = [
    "image built", "image mapped", "engine opened", "session opened", "session closed",
    "session checked", "session healed", "evidence written", "real file made", "file made",
    "files prepared", "files put back", "fixture",
]
NAMES = ["shop", "orders", "mail server"]
CASE_COLUMNS = [
    "process", "start", "ns", "fixtures_ns", "session_ns", "pages", "test", "verdict", "text", "attempts",
    "output", "timed_out", "died",
]
SPAN_COLUMNS = ["process", "start", "ns", "kind", "name", "depth", "case"]
RUN = "2026-09-21T14-13-20-4000"
SEEDING_NS = 28_400_000

SUITES = ["orders", "customers", "products", "payments", "shipping", "inventory", "promotions", "search"]
DEEDS = [
    "an order keeps its lines", "a refund returns the stock", "a price has a currency",
    "two carts reserve one item", "a deleted customer keeps invoices", "totals are exact to the cent",
    "a parcel is weighed once", "search finds umlauts", "a promotion ends at midnight",
    "no stock is sold twice", "an address may be empty", "a category has one parent",
    "cancelling twice is refused", "a page of results is stable", "taxes follow the country",
]


def quantile(values, share):
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)] if values else 0


class sample:
    """Builds one run: workers take cases in turn, each opens its sessions and closes them."""

    def __init__(self, seed, workers, programs=("shop_boost_test",)):
        self.chance = random.Random(seed)
        self.programs = list(programs)
        self.processes, self.cases, self.spans = [], [], []
        self.leaks, self.deaths, self.remembered, self.compared = [], [], 0, None
        self.troubles = []
        self.clock = {}
        self.current = {}
        self.replacements = {}
        for i in range(workers):
            self.start_process(f"w{i}", 2_000_000 + i * 700_000)

    def start_process(self, worker, start, incarnation=0):
        self.processes.append({
            "worker": worker, "incarnation": incarnation,
            "program": self.programs[len(self.processes) % len(self.programs)],
            "pid": 4000 + len(self.processes), "start_ns": start, "end_ns": start,
            "launch": len(self.processes) % len(self.programs), "running": False,
            "ended_early": False, "during": None, "why": None,
        })
        self.current[worker] = len(self.processes) - 1
        self.clock[worker] = start
        if worker != "parent":
            self.add_span(worker, "image mapped", 0, self.lognormal(90_000, 0.3))
            self.clock[worker] += 150_000

    def lognormal(self, median, spread):
        return int(median * math.exp(self.chance.gauss(0, spread)))

    def add_span(self, worker, kind, depth, ns, case=None, start=None, name=0):
        start = self.clock[worker] if start is None else start
        self.spans.append([self.current[worker], start, ns, KINDS.index(kind), name, depth, case])

    def next_worker(self):
        return min((w for w in self.current if w != "parent"), key=self.clock.get)

    def add_case(self, test, verdict="passed", text=None, attempts=1, fixtures=1, leak=None, output=None):
        worker = self.next_worker()
        start = self.clock[worker]
        body = self.lognormal(5_000_000, 0.9)
        opened, closed = self.lognormal(34_000, 0.25), self.lognormal(61_000, 0.35)
        number = len(self.cases)
        self.add_span(worker, "session opened", 0, opened, number)
        own = [self.lognormal(5_000_000 / 30, 0.5) for _ in range(fixtures)]
        at = start + opened
        for ns in own:
            self.add_span(worker, "fixture", 0, ns, number, at, 2)
            at += ns
        at += body
        checked = closed // 2
        self.add_span(worker, "session closed", 0, closed, number, at)
        self.add_span(worker, "session checked", 1, checked, number, at + 2000)
        if leak:
            self.add_span(worker, "session healed", 1, closed // 3, number, at + 2500 + checked)
        ns = at + closed - start
        self.cases.append([
            self.current[worker], start, ns, opened + closed + sum(own), opened + closed,
            self.chance.randrange(0, 24), test, verdict, text, attempts, output, 0, 0,
        ])
        self.clock[worker] = start + ns + self.lognormal(60_000, 0.4)
        if leak:
            self.leaks.append({"test": test, "worker": worker, "database": "shop", **leak})
        return worker

    def kill(self, worker, test, text, is_replaced=True, after=9_000_000, timed_out=0, output=None):
        """Ends the worker's process in a case that never ends, and starts the next one."""
        process = self.processes[self.current[worker]]
        start = self.clock[worker]
        end = start + after
        self.cases.append([self.current[worker], start, None, 0, 0, None, test, "failed", text, 1, output,
                           timed_out, 1])
        process.update(end_ns=end, ended_early=True, during=test, why=text)
        self.deaths.append({
            "worker": worker, "incarnation": process["incarnation"], "test": test, "text": text,
            "timed_out": bool(timed_out),
        })
        del self.current[worker]
        if not is_replaced:
            return
        self.replacements[worker] = self.replacements.get(worker, 0) + 1
        self.start_process(worker, end + 6_000_000, process["incarnation"] + 1)

    def add_parent(self):
        self.start_process("parent", 0)
        self.add_span("parent", "image built", 0, SEEDING_NS // 20, start=100_000)

    def finish_processes(self):
        for worker, index in self.current.items():
            self.processes[index]["end_ns"] = self.clock[worker] + 200_000
        wall = max((p["end_ns"] for p in self.processes), default=0)
        if "parent" in self.current:
            self.processes[self.current["parent"]]["end_ns"] = wall + 300_000
            wall += 300_000
        return wall

    def workers(self):
        rows = []
        for worker in sorted(w for w in self.clock if w != "parent"):
            own = [i for i, p in enumerate(self.processes) if p["worker"] == worker]
            wall = sum(self.processes[i]["end_ns"] - self.processes[i]["start_ns"] for i in own)
            cases = [c for c in self.cases if c[0] in own]
            fixtures = sum(s[2] for s in self.spans if s[0] in own and s[5] == 0)
            tests = sum((c[2] or 0) - c[3] for c in cases)
            rows.append({
                "name": worker, "cases": len(cases), "wall_ns": wall, "tests_ns": tests,
                "fixtures_ns": fixtures, "idle_ns": max(0, wall - tests - fixtures),
                "replacements": self.replacements.get(worker, 0),
            })
        return rows

    def fixtures(self):
        groups = {}
        for span in self.spans:
            groups.setdefault((span[3], span[4]), []).append(span[2])
        return [{
            "kind": KINDS[kind], "name": NAMES[name], "count": len(ns), "total_ns": sum(ns),
            "median_ns": int(statistics.median(ns)), "p95_ns": quantile(ns, 0.95), "max_ns": max(ns),
        } for (kind, name), ns in sorted(groups.items(), key=lambda item: -sum(item[1]))]

    def counts(self):
        verdicts = [case[7] for case in self.cases]
        return {
            "cases": len(verdicts), "passed": verdicts.count("passed"), "failed": verdicts.count("failed"),
            "skipped": verdicts.count("skipped"), "not_run": verdicts.count("not run"),
            "left_out": verdicts.count("left out"), "running": verdicts.count("running"),
            "timed_out": sum(case[11] for case in self.cases),
            "flaky": sum(case[7] == "passed" and case[9] > 1 for case in self.cases),
        }

    def worker_of(self, record):
        return None if record[0] is None else self.processes[record[0]]["worker"]

    def slowest(self):
        cases = sorted((c for c in self.cases if c[2]), key=lambda c: c[3] - c[2])[:10]
        spans = sorted(self.spans, key=lambda s: -s[2])[:10]
        return [{
            "test": c[6], "program": self.processes[c[0]]["program"], "worker": self.worker_of(c), "ns": c[2],
            "fixtures_ns": c[3], "verdict": c[7],
        } for c in cases], [{
            "kind": KINDS[s[3]], "name": NAMES[s[4]], "test": None if s[6] is None else self.cases[s[6]][6],
            "worker": self.worker_of(s), "ns": s[2],
        } for s in spans]

    def sharing(self, workers, fixtures):
        count = len(self.cases)
        per_test = SEEDING_NS * count if count else None
        return {
            "seeds": [{
                "name": "shop", "seeding_ns": SEEDING_NS, "tests": count, "workers": len(workers),
            }] if count else [],
            "per_test_ns": per_test, "per_worker_ns": SEEDING_NS * len(workers), "fixtures_ns": fixtures,
            "saved_ns": per_test - fixtures if count else None,
        }

    def json(self):
        wall = self.finish_processes()
        workers = self.workers()
        keys = ("wall_ns", "tests_ns", "fixtures_ns", "idle_ns")
        totals = {key: sum(worker[key] for worker in workers) for key in keys}
        slowest_cases, slowest_fixtures = self.slowest()
        return {
            "format": 1, "isolite": "0.1.0",
            "run": {
                "id": RUN, "directory": f"/var/cache/isolite/shop/runs/{RUN}",
                "began": 1790000000, "wall_ns": wall, "programs": self.programs if self.processes else [],
                "ended_early": any(p["ended_early"] for p in self.processes), "verdict": self.verdict(),
            },
            "launches": self.launches(wall), "troubles": self.troubles,
            "verifications": [], "counts": self.counts(), "totals": totals, "sharing": self.sharing(workers, totals["fixtures_ns"]),
            "workers": workers, "processes": self.processes, "fixtures": self.fixtures(),
            "slowest_cases": slowest_cases, "slowest_fixtures": slowest_fixtures,
            "cases": {"columns": CASE_COLUMNS, "rows": self.cases},
            "attempts": {"columns": ["process", "start", "ns", "case", "verdict", "text", "output",
                                     "timed_out"],
                         "rows": self.tries()},
            "spans": {"columns": SPAN_COLUMNS, "rows": self.spans},
            "kinds": KINDS, "names": NAMES, "leaks": self.leaks, "deaths": self.deaths,
            "earlier": list(self.runs_until(wall, totals, self.counts())), "compared": self.compared,
        }

    def verdict(self):
        counts = self.counts()
        if counts["running"]:
            return "running"
        if counts["failed"] or counts["not_run"] or self.troubles:
            return "failed"
        return "passed" if counts["cases"] else "empty"

    def launches(self, wall):
        own = [[case for case in self.cases if case[0] is not None
                and self.processes[case[0]]["program"] == program] for program in self.programs]
        return [{
            "program": program, "path": f"/home/me/shop/build/{program}", "pid": 4000 + place,
            "verdict": self.verdict(), "cases": len(cases),
            "failed": sum(case[7] == "failed" for case in cases), "start_ns": 0, "end_ns": wall,
            "command": f"build/{program} --workers=8 --timeout=1", "directory": "/home/me/shop",
            "host": "ci-17", "system": "Linux 6.1.0-18-amd64 x86_64", "cores": 8, "isolite": "0.1.0",
            "sqlite": "3.40.1",
        } for place, (program, cases) in enumerate(zip(self.programs, own)) if self.processes]

    def tries(self):
        """Returns the first try of each case that was tried twice: before the other cases."""
        tries = []
        for index, case in enumerate(self.cases):
            if case[9] > 1:
                begin = self.processes[case[0]]["start_ns"]
                first = min(other[1] for other in self.cases if other[0] == case[0])
                tries.append([case[0], begin, first - begin, index, "failed", "it failed once", "what it wrote then\n", 0])
        return tries

    def runs_until(self, wall, totals, counts):
        """Returns the earlier runs and this one, which is a little faster than they were."""
        began, last = 1790000000, self.remembered - 1
        for i in range(self.remembered):
            slower = 1 + 0.09 * abs(math.sin(i)) + (0.4 if i < self.remembered // 3 else 0)
            yield {
                "id": RUN if i == last else f"2026-09-{10 + i // 2}T{9 + i % 2 * 5:02}-12-44-{3100 + i}",
                "began": began - (last - i) * 43_200, "cases": counts["cases"] - (last - i) // 2,
                "failed": counts["failed"] if i == last else 2 * (i == 4),
                **{key: int(ns * (1 if i == last else slower)) for key, ns in (
                    ("wall_ns", wall), ("tests_ns", totals["tests_ns"]), ("fixtures_ns", totals["fixtures_ns"])
                )},
            }

    def remember(self, runs):
        """Gives the run earlier ones, and a comparison with the last of them."""
        self.remembered = runs
        tests = [case[6] for case in self.cases if case[2]]

        def change(test, old, new):
            return {
                "test": test, "program": self.programs[0], "old_ns": old, "new_ns": new,
                "noise_ns": old // 9, "samples": 6,
            }

        self.compared = {
            "old": "2026-09-21T02-13-20-3911", "new": RUN,
            "slower": [change(tests[i], 4_000_000 + i * 90_000, 9_500_000 - i * 500_000) for i in range(4)],
            "faster": [change(tests[i + 9], 31_000_000 - i * 7_000_000, 6_200_000) for i in range(3)],
            "within_noise": max(0, len(tests) - 10), "unknown": 3, "only_old": ["orders/an old test"],
            "only_new": tests[-2:],
        }


def test_name(i):
    return f"{SUITES[i % len(SUITES)]}/{DEEDS[(i * 7) % len(DEEDS)]}" + (f" ({i // 15})" if i >= 15 else "")


def small():
    made = sample(1, 8, ("shop_boost_test", "shop_doctest"))
    made.add_parent()
    for i in range(882):
        verdict = ("skipped", "needs iso-codes") if i % 97 == 50 else ()
        made.add_case(test_name(i), *verdict, fixtures=i % 2)
    made.remember(12)
    return made.json()


def big():
    """20,000 cases with 120,000 spans."""
    made = sample(2, 16)
    made.add_parent()
    for i in range(20_000):
        verdict = ("failed", "check total == 12 has failed") if i % 1234 == 17 else ()
        made.add_case(test_name(i), *verdict, fixtures=3, attempts=2 if i % 100 == 50 else 1)
    made.remember(20)
    return made.json()


def empty():
    return sample(3, 0).json()


def troubled():
    made = sample(4, 4)
    made.add_parent()
    for i in range(160):
        verdict, text = "passed", None
        if i % 41 == 17:
            verdict, text = "failed", "stock_test.cpp(41): check stock == 3 has failed [2 != 3]"
        leak = {"rows": 3 + i, "pages": 2, "text": f'committed {3 + i} rows into "orders"'}
        leak = leak if i in (31, 77, 120) else None
        output = "".join(f"{n}: order {n * i} read\n" for n in range(30 if i == 58 else 3)) if text else None
        made.add_case(test_name(i), verdict, text, attempts=2 if i in (58, 60) else 1, leak=leak, output=output)
        if i == 70:
            made.kill(
                made.next_worker(), "hang/waits for a lock", "it took longer than its timeout of 100 ms",
                after=100_000_000, timed_out=1, output="waiting for the lock\n",
            )
        if i in (50, 90, 91):
            made.kill(
                made.next_worker(), f"crash/dies of a null pointer ({i})",
                "its worker was killed by signal 11 (Segmentation fault)", is_replaced=i != 91,
                output="parsing\n",
            )
    for i in range(3):
        name, why = f"late/never started ({i})", "no worker was left"
        made.cases.append([None, None, None, 0, 0, None, name, "not run", why, 0, None, 0, 0])
    made.troubles.append({
        "program": "shop_boost_test",
        "text": "worker w2 failed as it ended: its status was 66\n==4242== 24 bytes are definitely lost",
    })
    made.leaks.append({**made.leaks[0]})  # of an earlier attempt
    first = next(i for i, case in enumerate(made.cases) if case[7] == "failed")
    return {**made.json(), "debug": [{"case": first, "command": "gdb --args shop_test -t x"}]}


def going():
    """A run that goes on: each worker is in a case."""
    made = sample(6, 3)
    made.add_parent()
    for i in range(30):
        made.add_case(test_name(i))
    for worker in ("w0", "w1", "w2"):
        process = made.current[worker]
        made.cases.append([process, made.clock[worker], None, 0, 0, None, f"running/in {worker}", "running",
                           None, 1, None, 0, 0])
        made.clock[worker] = 90_000_000
    for process in made.processes:
        process["running"] = True
    return made.json()


HOSTILE = [
    "</script><img src=x onerror=alert(1)>",
    "<!--<script>alert(2)</script>",
    "quotes \" ' ` and & ampersands &amp; \\ \\u003c",
    "unicode: Grüße, 你好, مرحبا, 🦑, \u202ereversed\u202c, \u2028 line",
    "suite/" + "a very long name " * 60,
    "n" * 1000,
    "@DATA@ @SCRIPT@ @STYLE@ ${x} {{x}}",
    "javascript:alert(3)",
]


def hostile():
    made = sample(5, 2, ("</script><b>program", "quo\"ted"))
    for name in HOSTILE:
        made.add_case(name, "failed", f"<b>{name}</b>", output=f"{name}\n", leak={"rows": None, "pages": None, "text": name})
    made.kill("w1", HOSTILE[0], HOSTILE[1])
    return made.json()


SAMPLES = {"small": small, "big": big, "empty": empty, "troubled": troubled, "hostile": hostile,
           "going": going}


def as_text(name):
    return json.dumps(SAMPLES[name](), ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    print(as_text(sys.argv[1]))
