"""Starts image probes on a cache of their own, for the tests of images that processes share."""

import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

# A guard against hanging, on a machine that is busy with other things; no probe takes a second.
DEADLINE = 100  # seconds: a guard against hanging, on any machine

PROBE = None


def main():
    """Runs the tests of the script. Argument: PROBE, then those of unittest."""
    global PROBE
    PROBE = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)


class Outcome:
    """What a probe said until it ended."""

    def __init__(self, pid, status, output, errors):
        self.pid = pid
        self.status = status
        # A disk that is slow for a moment makes any process wait for long enough to say so.
        self.waiting = re.findall(r"^isolite: waiting for .*\n", errors, re.MULTILINE)
        self.errors = re.sub(r"^isolite: waiting for .*\n", "", errors, flags=re.MULTILINE)
        self.digest, _, self.origin = output.rstrip("\n").partition(" ")

    def __repr__(self):
        return f"[{self.pid}: status {self.status}, {self.digest} {self.origin!r}, {self.errors!r}]"

    def warnings(self):
        return re.findall(r"^isolite: warning: (.*)", self.errors, re.MULTILINE)


class Probe:
    """A running probe. Whoever starts one ends it."""

    def __init__(self, arguments, environment):
        self.process = subprocess.Popen(
            [PROBE, *arguments], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, errors="replace")
        self.pid = self.process.pid

    def first_line(self):
        return self.process.stdout.readline()

    def waits_for(self, lock):
        """Says whether the probe has the lock file open and sleeps, until it looks again."""
        try:
            files = [os.readlink(file) for file in pathlib.Path(f"/proc/{self.pid}/fd").iterdir()]
            stat = pathlib.Path(f"/proc/{self.pid}/stat").read_text()
        except OSError:
            return False
        return str(lock) in files and stat.rpartition(")")[2].split()[0] == "S"

    def is_running(self):
        return self.process.poll() is None

    def kill(self):
        self.process.kill()

    def dispose(self):
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            with contextlib.suppress(OSError):
                pipe.close()

    def end(self):
        """Lets a probe go that holds its engine, and returns what it said."""
        try:
            output, errors = self.process.communicate(timeout=DEADLINE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            output, errors = self.process.communicate()
            raise AssertionError(f"the probe {self.pid} hung: {output!r}, {errors!r}") from None
        return Outcome(self.pid, self.process.returncode, output, errors)


class Cache:
    """A cache directory, and the log of the seeds that ran."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.directory = self.root / "cache"
        self.log = self.root / "log"
        self.probes = []

    def environment(self, **variables):
        """Returns the environment without what an outer run may have set."""
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith(("ISOLITE_", "XDG_", "NEXTEST_", "TEST_", "CTEST_"))}
        return {**kept, "HOME": str(self.root), "XDG_CACHE_HOME": str(self.root / "xdg"),
                "ISOLITE_CACHE": str(self.directory), "ISOLITE_LEDGER": "off",
                "ISOLITE_RUNTIME_DIR": str(self.root / "locks"), **variables}

    def start(self, *arguments, **variables):
        self.probes.append(Probe(["--log", str(self.log), *map(str, arguments)],
                                 self.environment(**variables)))
        return self.probes[-1]

    def clear(self):
        """Ends what a test that failed left running, and removes everything."""
        for probe in self.probes:
            probe.dispose()
        shutil.rmtree(self.root, ignore_errors=True)

    def run(self, *arguments, **variables):
        return self.start(*arguments, **variables).end()

    def run_at_once(self, count, *arguments, **variables):
        probes = [self.start(*arguments, **variables) for _ in range(count)]
        return [probe.end() for probe in probes]

    def prune(self, **variables):
        """Returns the names of the images that were removed."""
        done = subprocess.run([PROBE, "--prune"], env=self.environment(**variables), check=True,
                              capture_output=True, text=True, timeout=DEADLINE)
        return [pathlib.Path(line).name for line in done.stdout.splitlines()]

    def seeded(self):
        """Returns the pids of the processes in which the step of a seed ran."""
        return [int(line) for line in self.log.read_text().split()] if self.log.exists() else []

    def project(self):
        return self.directory / "default"

    def files(self):
        return sorted(os.listdir(self.project())) if self.project().is_dir() else []

    def images(self):
        return [self.project() / name for name in self.files() if name.endswith(".db")]

    def leftovers(self):
        """Returns the names of files that only builders have, and of anything unexpected."""
        return [name for name in self.files() if not name.endswith((".db", ".db.used", ".text"))]

    def lock(self):
        """Returns the path of the only lock file."""
        lock, = (self.project() / name for name in self.files() if name.endswith(".lock"))
        return lock

    def image(self):
        """Returns the path of the only image."""
        image, = self.images()
        return image


def await_that(condition, probes=(), pause=0.0005):
    """Looks again and again until a condition holds, or all of the probes have ended."""
    end = time.monotonic() + DEADLINE
    while not condition():
        if probes and not any(probe.is_running() for probe in probes):
            return False
        if time.monotonic() > end:
            raise AssertionError("what the test waits for never came")
        time.sleep(pause)
    return True


class ImageTest(unittest.TestCase):
    """A test with a cache that is empty."""

    maxDiff = None

    def setUp(self):
        self.use_new_cache()

    def use_new_cache(self):
        self.cache = Cache(tempfile.mkdtemp(prefix="isolite-test-"))
        self.addCleanup(self.cache.clear)

    def digest_without_cache(self, *arguments):
        """Returns what a probe prints that has nothing to do with any cache."""
        found = self.cache.run(*arguments, "--log", self.cache.root / "other log",
                               ISOLITE_CACHE="off")
        self.assertEqual((found.status, found.origin), (0, "built for this worker alone"), found)
        self.assertEqual(found.errors, "")
        return found.digest

    def assert_all_have(self, digest, outcomes):
        for outcome in outcomes:
            self.assertEqual((outcome.status, outcome.digest), (0, digest), outcomes)

    def assert_origins(self, outcomes, **counts):
        """Compares how many of the outcomes came by their image in which way."""
        named = {"built": "built", "mapped": "mapped", "alone": "built for this worker alone"}
        self.assertEqual({word: sum(outcome.origin == origin for outcome in outcomes)
                          for word, origin in named.items()},
                         {"built": 0, "mapped": 0, "alone": 0, **counts}, outcomes)
