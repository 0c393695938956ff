"""Runs a chaos program in an environment of its own, for the tests of this folder.

A script that imports this is started as: SCRIPT FOLDER_OF_PROGRAMS [ARGUMENTS OF UNITTEST].
"""

import collections
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
import xml.etree.ElementTree as xml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "adapters"))

from test_program import OURS, BoostRun, Case, Run, main, program  # noqa: F401

CASES = 24
PASSED, FAILED, DIED = "passed", "failed", "died"

Verdict = collections.namedtuple("Verdict", "verdict reason output")
Start = collections.namedtuple("Start", "case worker slot incarnation pid")


class ConsoleRun(Run):
    """A run of a doctest program; `cases` holds what its usual report says.

    It does not name the cases that passed: they are those that are left, if the counts agree.
    """

    framework = "doctest"
    failure = 1
    suites = {}

    def __init__(self, program, *arguments, **variables):
        super().__init__(program, "--no-colors", *arguments, **variables)
        self.cases, self.skipped = {}, {}
        for block in self.out.split("\n" + 79 * "=" + "\n")[1:]:
            if name := re.search("^TEST CASE:  (.*)$", block, re.MULTILINE):
                assert name[1] not in self.cases, name[1]
                self.cases[name[1]] = Case(None, 0, False, [(None, 0, block)])
        counts = re.search(r"test cases: +(\d+) \| +(\d+) passed \| +(\d+) failed", self.out)
        assert counts, self.out + self.err
        total, passed, failed = map(int, counts.groups())
        assert failed == len(self.cases), self.out
        assert passed + failed == total, self.out
        rest = [f"c{number}" for number in range(CASES) if f"c{number}" not in self.cases]
        if passed == len(rest):
            self.cases.update((name, Case(None, 0, True, [])) for name in rest)


RUNS = {"boost_test": BoostRun, "doctest": ConsoleRun}


class Place:
    """Directories for runs, of which nothing may be left but the cache, and a mark on processes."""

    def __init__(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="isolite-chaos-"))
        self.mark = "CHAOS_MARK=" + uuid.uuid4().hex
        for name in ("tmp", "runtime", "cache"):
            (self.root / name).mkdir(mode=0o700)

    def variables(self, acts, **others):
        return {"CHAOS": " ".join(acts), "CHAOS_LOG": str(self.root / "log"),
                "CHAOS_MARK": self.mark.split("=")[1], "TMPDIR": str(self.root / "tmp"),
                "ISOLITE_RUNTIME_DIR": str(self.root / "runtime"),
                "ISOLITE_CACHE": str(self.root / "cache"), **others}

    def environment(self, acts, **others):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        return {**kept, "ISOLITE_EVIDENCE": "off", **self.variables(acts, **others)}

    def orphans(self):
        """Returns the processes of the runs that are still there, as PID COMMAND."""
        found = []
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                marked = self.mark.encode() in (process / "environ").read_bytes()
                if marked and (process / "stat").read_text().rpartition(")")[2].split()[0] != "Z":
                    found.append(process.name + " " + (process / "comm").read_text().strip())
            except OSError:
                pass
        return found

    def leftovers(self):
        """Returns the files that should have been deleted."""
        return [str(path.relative_to(self.root)) for name in ("tmp", "runtime")
                for path in (self.root / name).rglob("*") if path.name != "guard"]

    def starts(self):
        """Returns the cases that began, in their order."""
        log = self.root / "log"
        lines = log.read_text().splitlines() if log.exists() else []
        return [Start(case, worker, int(slot), int(incarnation), int(pid))
                for case, worker, slot, incarnation, pid in map(str.split, lines)]

    def remove(self):
        shutil.rmtree(self.root, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()


def forbid_core_dumps():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read_junit(file):
    """Returns by name what a report says of each case; a name that stands twice is an error."""
    verdicts = {}
    for case in xml.parse(file).getroot().iter("testcase"):
        name = case.get("name")
        assert name not in verdicts, name
        found = {child.tag: child for child in case}
        output = found["system-out"].text if "system-out" in found else ""
        for tag, verdict in (("failure", FAILED), ("error", DIED), ("skipped", "skipped")):
            if tag in found:
                verdicts[name] = Verdict(verdict, found[tag].get("message"), output)
                break
        else:
            flaky = "flakyFailure" in found
            verdicts[name] = Verdict("flaky" if flaky else PASSED, "", output)
    return verdicts


# A sanitizer needs memory and descriptors of its own, and reports what would have killed a program.
SANITIZED = os.environ.get("ISOLITE_TEST_SANITIZED") == "true"

# Who starts the tests by nohup has SIGHUP ignored.
for _signal in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(_signal, signal.SIG_DFL)


class Background:
    """A program that runs while the test does something to it."""

    def __init__(self, place, framework, acts, *arguments, subject="chaos",
                 start_new_session=True, preexec_fn=None, stdin=None,
                 write_earlier=False, **variables):
        self.place = place
        self.junit = place.root / (framework + ".xml")
        self.junit.unlink(missing_ok=True)
        if write_earlier:
            self.junit.write_text("of an earlier run")
        self.process = subprocess.Popen(
            [program(f"{framework}_{subject}"), "--junit=" + str(self.junit), *arguments],
            env=place.environment(acts, **variables), stdin=stdin, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, start_new_session=start_new_session,
            preexec_fn=preexec_fn)

    def await_start(self, *cases):
        deadline = time.monotonic() + 30
        while not set(cases) <= {start.case for start in self.place.starts()}:
            assert time.monotonic() < deadline, "the cases did not begin"
            assert self.process.poll() is None, self.process.communicate()
            time.sleep(0.005)

    def signal(self, number, target=os.kill):
        """Sends a signal. Returns after how many seconds the program had ended."""
        begun = time.monotonic()
        target(self.process.pid, number)
        self.out, self.err = self.process.communicate(timeout=60)
        self.status = self.process.returncode
        return time.monotonic() - begun

    def end(self):
        self.out, self.err = self.process.communicate(timeout=60)
        self.status = self.process.returncode
        return self
