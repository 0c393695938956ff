"""Lets cases do at random what ruins a process, and checks what a run in forked workers says of it.

Variables: ISOLITE_TEST_ROUNDS, 200 by default; ISOLITE_TEST_SEED of the random numbers, which a
failure prints.
"""

import collections
import concurrent.futures
import os
import random
import re
import unittest

from forked_program import (CASES, DIED, FAILED, PASSED, RUNS, SANITIZED, Place, forbid_core_dumps,
                            main, program, read_junit)

ROUNDS = int(os.environ.get("ISOLITE_TEST_ROUNDS", "200"))
SEED = int(os.environ.get("ISOLITE_TEST_SEED", random.randrange(1 << 30)))
AT_ONCE = 3

TIMEOUT_S = 5  # what no other case of these takes, on a machine that does much else
TIMED_OUT = f"it took longer than its timeout of {TIMEOUT_S} s, and its worker was killed"


def killed(number, name):
    return f"its worker was killed by signal {number} (SIG{name}, "


def ended(status):
    return f"it ended the process of its worker with status {status}"


# What becomes of a case by what it does, and why.
ENDINGS = {
    "pass": (PASSED, ""),
    "session": (PASSED, ""),
    "stray_session": (PASSED, ""),
    "child": (PASSED, ""),
    "deaf_child": (PASSED, ""),
    "setsid": (PASSED, ""),
    "daemon": (PASSED, ""),
    "group": (PASSED, ""),
    "stray": (PASSED, ""),
    "loose_stray": (PASSED, ""),
    "close": (PASSED, ""),
    "signals": (PASSED, ""),
    "chdir": (PASSED, ""),
    "fail": (FAILED, "no luck"),
    "flood": (FAILED, "no luck"),
    "nasty": (FAILED, "no luck"),
    "close_fail": (FAILED, "no luck"),
    "throw": (FAILED, "thrown"),
    "memory": (FAILED, "bad_alloc"),
    "leak": (FAILED, "with a clean database: it committed changes"),
    "sigkill": (DIED, killed(9, "KILL")),
    "abort": (DIED, killed(6, "ABRT")),
    "segv": (DIED, killed(11, "SEGV")),
    "trap": (DIED, killed(11, "SEGV")),
    "memory_death": (DIED, killed(6, "ABRT")),
    "exit": (DIED, ended(0)),
    "_exit": (DIED, ended(3)),
    "quick_exit": (DIED, ended(4)),
    "defect": (PASSED, ""),
    "stdin": (PASSED, ""),
    "exec": (DIED, ended(0)),
    "usurp": (DIED, "it closed the descriptors by which its worker reports"),
    "closefrom": (DIED, "it closed the descriptors by which its worker reports"),
    "hang": (DIED, TIMED_OUT),
    "defect_hang": (DIED, TIMED_OUT),
    "stop": (DIED, "its worker was stopped by signal 19 (SIGSTOP, Stopped (signal)), and killed"),
}
if SANITIZED:
    for _act in ("memory", "memory_death", "segv", "trap"):
        del ENDINGS[_act]
SLOW = ("hang", "defect_hang", "stop")
LEAVES_A_PROCESS = ("child", "deaf_child", "setsid", "daemon", "group")
MAY_LEAVE_A_PROCESS = ("loose_stray",)
BACKSLASHES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def output_of(number, act):
    """Returns how the output of a failing case begins and ends, and what it is in full if known."""
    begin = f"c{number} says <{act}>\nc{number} in C++\n"
    if act == "flood":
        return begin + "%099d\n" % 0, "%099d\n" % 99_999, None
    if act == "nasty":
        begin += "<&]]>\0\0\0\x1b[31mred\x1b[0m\n"
    return begin, "", None if act == "memory_death" else begin


class WhenCasesRuinTheirProcess(unittest.TestCase):
    def test_every_case_gets_its_verdict(self):
        dice = random.Random(SEED)
        counts = collections.Counter()
        rounds = [self.chosen(dice) for _ in range(ROUNDS)]
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            results = pool.map(lambda round: self.outcome(*round), rounds)
            for number, (round, result) in enumerate(zip(rounds, results)):
                with self.subTest(ISOLITE_TEST_SEED=SEED, round=number, program=round[0],
                                  workers=round[2], acts=" ".join(round[1])):
                    self.check(round[1], counts, *result)
        print(f"{ROUNDS} rounds, {ROUNDS * CASES} cases:",
              ", ".join(f"{count} {what}" for what, count in sorted(counts.items())))

    @staticmethod
    def chosen(dice):
        """Returns the framework, what each case does, and the number of workers."""
        acts = dice.choices([act for act in ENDINGS if act not in SLOW], k=CASES)
        if dice.random() < 0.15:
            acts[dice.randrange(CASES)] = dice.choice(SLOW)
        calm = dice.choice([0, 0.3, 0.8])
        acts = ["pass" if dice.random() < calm and act not in SLOW else act for act in acts]
        return dice.choice(list(RUNS)), acts, dice.randint(1, 8)

    @staticmethod
    def outcome(framework, acts, workers):
        with Place() as place:
            junit, own = place.root / "junit.xml", place.root / "own"
            own.write_text("untouched")
            arguments = [f"--workers={workers}", f"--junit={junit}"]
            arguments += [f"--timeout={TIMEOUT_S}"] if set(acts) & set(SLOW) else []
            run = RUNS[framework](program(framework + "_chaos"), *arguments,
                                  **place.variables(acts, CHAOS_FILE=str(own)))
            assert own.read_text() == "untouched", own.read_text()
            return (run, read_junit(junit) if junit.exists() else {}, place.orphans(),
                    place.leftovers(), place.starts())

    def check(self, acts, counts, run, junit, orphans, leftovers, starts):
        counts.update(acts)
        names = [f"c{number}" for number in range(CASES)]
        self.assertEqual(orphans, [])
        self.assertEqual(leftovers, [])
        failures = [act for act in acts if ENDINGS[act][0] != PASSED]
        self.assertEqual(run.status, run.failure if failures else 0, run.err)
        self.assertEqual(sorted(start.case for start in starts), sorted(names))
        self.assertEqual(sorted(run.cases), sorted(names), run.err)
        self.assertEqual(run.skipped, {})
        self.assertEqual(sorted(junit), sorted(names))
        counts = {"passed": CASES - len(failures), "failed": len(failures)}
        self.assertIn("isolite: " + ", ".join(f"{number} {became}" for became, number in
                                              counts.items() if number) + " in ", run.err)
        self.assertNotIn("died outside of any case", run.err)
        for number, act in enumerate(acts):
            with self.subTest(case=number, act=act):
                name = f"c{number}"
                self.check_case(number, act, run.cases[name], junit[name], run.err)
        self.check_incarnations(starts)

    def check_case(self, number, act, said, reported, err):
        verdict, reason = ENDINGS[act]
        self.assertEqual(said.passed, verdict == PASSED)
        self.assertIn(reason, "\n".join(said.texts))
        self.assertEqual(reported.verdict, verdict)
        self.assertIn(reason, reported.reason)
        if verdict != PASSED:
            begin, end, whole = output_of(number, act)
            shown = "\n" + err[err.find(f"isolite: output of c{number}:\n"):]
            self.assertTrue(shown.startswith(f"\nisolite: output of c{number}:\n" + begin),
                            shown[:200])

            def visible(text):
                return BACKSLASHES.sub(lambda found: "\\x%02x" % ord(found[0]), text)

            self.assertTrue(reported.output.startswith(visible(begin)), reported.output[:300])
            self.assertTrue(reported.output.endswith(end), reported.output[-300:])
            if whole is not None:
                self.assertEqual(reported.output, visible(whole))
            self.assertNotRegex(reported.output[len(begin):], "c[0-9]+ says")
        if act not in MAY_LEAVE_A_PROCESS:
            left = re.search(rf"^  left running by c{number}: \d+ \(\w+\)$", err, re.MULTILINE)
            self.assertEqual(left is not None, act in LEAVES_A_PROCESS, err[-3000:])

    def check_incarnations(self, starts):
        """Checks that each process is one incarnation of one worker, and they come in order."""
        of_workers = collections.defaultdict(list)
        for start in starts:
            self.assertEqual(start.worker, f"w{start.slot}")
            if (start.incarnation, start.pid) not in of_workers[start.worker]:
                of_workers[start.worker].append((start.incarnation, start.pid))
        for processes in of_workers.values():
            incarnations = [incarnation for incarnation, _ in processes]
            self.assertEqual(incarnations, sorted(set(incarnations)))
            self.assertEqual(len({pid for _, pid in processes}), len(processes))


if __name__ == "__main__":
    forbid_core_dumps()
    main()
