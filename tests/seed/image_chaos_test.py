"""Kills processes that build images, or wait for them, at random moments.

Variables: ISOLITE_TEST_ROUNDS, 200 by default; ISOLITE_TEST_SEED of the random numbers, which a
failure prints.
"""

import collections
import os
import random
import signal
import sys
import time

from image_processes import ImageTest, await_that, main

ROUNDS = int(os.environ.get("ISOLITE_TEST_ROUNDS", "200"))
SEED = int(os.environ.get("ISOLITE_TEST_SEED", random.randrange(1 << 30)))

# What the seed of a round does: nothing that takes time, sleep, or write rows.
SEEDS = {
    "quick": (),
    "slow": ("--sleep-ms", 20),
    "large": ("--megabytes", 4, "--sql", "PRAGMA user_version = 1"),
}


class Round:
    """A few processes on an empty cache, some of which are killed."""

    def __init__(self, cache, dice, arguments):
        self.cache = cache
        self.dice = dice
        self.arguments = arguments
        self.probes = []
        self.killed = []
        self.phases = collections.Counter()

    def start(self, count):
        self.probes += [self.cache.start(*self.arguments) for _ in range(count)]

    def kill(self, pid):
        """Kills one of the probes that still run; nothing for any other pid."""
        for probe in self.probes:
            if probe.pid == pid and probe.is_running() and probe not in self.killed:
                builds = self.builder() == pid
                probe.kill()
                self.killed.append(probe)
                self.phases[self.phase() if builds else "while it did not build"] += 1

    def phase(self):
        """Tells by the files how far a builder came that was just killed."""
        endings = {os.path.splitext(name)[1] for name in self.cache.files()}
        return ("after the renaming" if ".db" in endings else
                "in the writing" if ".new" in endings else "in the step")

    def builder(self):
        """Returns the pid of who builds, as the cache tells it to those who wait."""
        for path in self.cache.project().glob("*.status"):
            try:
                words = path.read_text(errors="replace").split()
                return int(words[2])
            except (OSError, ValueError, IndexError):
                pass
        return None

    def kill_all(self):
        time.sleep(self.dice.uniform(0, 0.03))
        for probe in self.probes:
            self.kill(probe.pid)

    def kill_anybody(self):
        time.sleep(self.dice.uniform(0, 0.03))
        self.kill(self.dice.choice(self.probes).pid)

    def kill_half(self):
        time.sleep(self.dice.uniform(0, 0.03))
        for probe in self.dice.sample(self.probes, len(self.probes) // 2):
            self.kill(probe.pid)

    def kill_builder(self):
        """Kills who builds, in the step or later."""
        if await_that(lambda: self.builder() or self.cache.images(), self.probes):
            pid = self.builder()
            time.sleep(self.dice.choice([0, self.dice.uniform(0, 0.03)]))
            self.kill(pid)

    def await_writer(self):
        """Waits until an image is being written. Returns the pid of who writes it, if any does."""
        def is_written():
            return any(name.endswith((".new", ".db")) for name in self.cache.files())
        return self.builder() if await_that(is_written, self.probes, pause=0) else None

    def kill_writer(self):
        pid = self.await_writer()
        time.sleep(self.dice.choice([0, self.dice.uniform(0, 0.004)]))
        self.kill(pid)

    def kill_publisher(self):
        """Lets a builder go on in steps so small that the renaming is the end of one."""
        pid = self.await_writer()
        writers = [probe for probe in self.probes if probe.pid == pid]
        for writer in writers:
            while writer.is_running():
                writer.process.send_signal(signal.SIGSTOP)
                if self.cache.images() or self.builder() != pid:
                    self.kill(pid)
                    break
                writer.process.send_signal(signal.SIGCONT)

    def end(self):
        """Returns what those said who were not killed."""
        outcomes = [(probe, probe.end()) for probe in self.probes]
        return [outcome for probe, outcome in outcomes if probe not in self.killed]


KILLS = (Round.kill_anybody, Round.kill_half, Round.kill_all, Round.kill_builder,
         Round.kill_writer, Round.kill_publisher, Round.kill_publisher)


class WhenBuildersAreKilled(ImageTest):
    def test_all_others_get_a_sound_image(self):
        counts = collections.Counter()
        digests = {name: self.digest_without_cache(*seed) for name, seed in SEEDS.items()}
        dice = random.Random(SEED)
        for number in range(ROUNDS):
            name = dice.choice(list(SEEDS))
            with self.subTest(ISOLITE_TEST_SEED=SEED, round=number, kind=name):
                self.use_new_cache()
                self.run_round(Round(self.cache, dice, SEEDS[name]), digests[name], counts)
            self.cache.clear()
        print(f"{ROUNDS} rounds:", ", ".join(f"{count} {what}" for what, count in counts.items()))
        if ROUNDS >= 200:
            for phase in ("in the step", "in the writing"):  # the moment behind them is short
                self.assertGreater(counts["killed " + phase], 0)

    def run_round(self, this, digest, counts):
        this.start(this.dice.choice([1, 5, 6]))  # one that nobody waits for leaves its files
        for _ in range(this.dice.randint(1, 3)):
            this.dice.choice(KILLS)(this)
            this.start(1)
        survivors = this.end()
        self.assert_all_have(digest, survivors)
        self.assertEqual([outcome.errors for outcome in survivors], [""] * len(survivors))
        self.assertNotIn("built for this worker alone", [one.origin for one in survivors])
        self.assertLessEqual(len(this.cache.seeded()), 1 + len(this.killed))
        counts["processes"] += len(this.probes)
        counts["seed runs"] += len(this.cache.seeded())
        for phase, count in this.phases.items():
            counts["killed " + phase] += count

        # The one that comes last finds an image, unless it is the only one that was not killed.
        last = this.cache.run(*this.arguments)
        self.assertEqual((last.status, last.digest, last.errors), (0, digest, ""))
        self.assertEqual(last.origin, "mapped" if survivors else last.origin)
        self.assertEqual(this.cache.prune(), [])
        self.assertEqual(this.cache.leftovers(), [])
        self.assertEqual(len(this.cache.images()), 1)
        self.assertEqual(this.cache.run(*this.arguments).origin, "mapped")


if __name__ == "__main__":
    sys.exit(main())
