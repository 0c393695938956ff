"""Lets processes share images on disks that are full or read-only.

The disks are file systems in memory, mounted in a namespace of users and mounts of this script's
own. Where the system allows none, the tests are skipped.
"""

import contextlib
import fcntl
import os
import pathlib
import subprocess
import sys

from image_processes import ImageTest, await_that, main

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import namespace

PAGE = 4096
STATUS = PAGE
IMAGE = 4 * PAGE  # of the probe's seed


class DiskTest(ImageTest):
    COUNT = 6

    def setUp(self):
        super().setUp()
        self.digest = self.digest_without_cache()

    def mount(self, options):
        self.cache.directory.mkdir(mode=0o700)
        subprocess.run(["mount", "-t", "tmpfs", "-o", options + ",mode=0700", "none",
                        str(self.cache.directory)], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", str(self.cache.directory)], check=True)

    def make_read_only(self):
        subprocess.run(["mount", "-o", "remount,ro", str(self.cache.directory)], check=True)

    def fill(self):
        with open(self.cache.directory / "filler", "wb", buffering=0) as filler:
            with contextlib.suppress(OSError):
                while True:
                    filler.write(bytes(PAGE))

    def path(self, suffix):
        """Returns the path of a file of the image of the probe's seed."""
        if not hasattr(self, "stem"):
            elsewhere = self.cache.root / "elsewhere"
            self.cache.run("--log", self.cache.root / "other log", ISOLITE_CACHE=str(elsewhere))
            self.stem, = (name[:-len(".db")] for name in os.listdir(elsewhere / "default"))
        return self.cache.project() / (self.stem + suffix)

    def await_all_waiting(self, probes):
        for probe in probes:
            await_that(lambda: probe.waits_for(self.path(".lock")))

    def run_while_first_builds(self):
        """Lets one probe build until all others wait for it.

        Those of them that then seed for themselves go on only when all others do so, too.
        """
        gate = self.cache.root / "gate"
        gate.touch()
        first = self.cache.start("--waits-while", gate)
        await_that(self.cache.seeded)
        waiting = [self.cache.start("--meet", self.COUNT) for _ in range(self.COUNT - 1)]
        self.await_all_waiting(waiting)
        gate.unlink()
        return [probe.end() for probe in [first, *waiting]]

    def run_while_nobody_can_build(self):
        """Lets probes wait for a lock and gives it up when all do. They go on as above."""
        lock = self.path(".lock")
        lock.parent.mkdir(mode=0o700)
        with open(lock, "w") as holder:
            fcntl.lockf(holder, fcntl.LOCK_EX)
            probes = [self.cache.start("--meet", self.COUNT) for _ in range(self.COUNT)]
            self.await_all_waiting(probes)
        return [probe.end() for probe in probes]

    def assert_each_seeded_alone(self, outcomes, why, hint):
        self.assert_all_have(self.digest, outcomes)
        self.assert_origins(outcomes, alone=len(outcomes))
        self.assertEqual([outcome.errors for outcome in outcomes], [
            "isolite: warning: cannot keep the image of 'shop', so each worker seeds: "
            f"{why}\n  hint: {hint}\n"] * len(outcomes))


class OnAFullDisk(DiskTest):
    FREE = "free space there, or name another directory in ISOLITE_CACHE"

    def assert_no_image(self):
        self.assertEqual([name for name in self.cache.files() if not name.endswith(".status")], [])

    def test_all_seed_at_once_when_the_first_cannot_keep_the_image(self):
        for pages in range(STATUS // PAGE, (STATUS + IMAGE) // PAGE):
            with self.subTest(pages=pages):
                self.use_new_cache()
                self.mount(f"size={pages * PAGE}")
                outcomes = self.run_while_first_builds()
                self.assert_each_seeded_alone(
                    outcomes, f"write the image '{self.path('.new')}': No space left on device",
                    "free space there, name another directory in ISOLITE_CACHE, or set it to off")
                self.assertEqual(len(self.cache.seeded()), self.COUNT)
                self.assert_no_image()

    def test_all_seed_at_once_when_there_is_no_room_to_say_who_builds(self):
        self.mount(f"size={IMAGE}")
        self.fill()
        self.assert_each_seeded_alone(
            self.run_while_nobody_can_build(),
            f"share images: writing {self.path('.status')} failed: No space left on device",
            self.FREE)
        self.assertEqual(self.cache.files(), [])

    def test_all_seed_at_once_when_no_file_can_be_made_beside_the_lock(self):
        self.mount("nr_inodes=3")  # of the two directories, and the lock
        outcomes = self.run_while_nobody_can_build()
        self.assert_all_have(self.digest, outcomes)
        self.assert_origins(outcomes, alone=self.COUNT)
        for outcome in outcomes:  # a lock that somebody still has open takes its place, too
            warning, = outcome.warnings()
            self.assertIn("No space left on device", warning)
        self.assertEqual(self.cache.files(), [])

    def test_all_seed_at_once_when_no_lock_can_be_made(self):
        self.mount("nr_inodes=2")
        self.assert_each_seeded_alone(
            self.cache.run_at_once(self.COUNT, "--meet", self.COUNT),
            f"share images: making the lock file {self.path('.lock')} failed: "
            "No space left on device", self.FREE)

    def test_all_seed_at_once_when_no_directory_can_be_made(self):
        self.mount("nr_inodes=1")
        self.assert_each_seeded_alone(
            self.cache.run_at_once(self.COUNT, "--meet", self.COUNT),
            f"share images: making the directory {self.cache.project()} failed: "
            "No space left on device", self.FREE)

    def test_an_image_that_just_fits_is_kept(self):
        self.mount(f"size={STATUS + IMAGE},nr_inodes=5")
        outcomes = self.run_while_first_builds()
        self.assert_all_have(self.digest, outcomes)
        self.assert_origins(outcomes, built=1, mapped=self.COUNT - 1)
        self.assertEqual([outcome.errors for outcome in outcomes], [""] * self.COUNT)
        self.assertEqual(self.cache.files(), [self.path(".db").name])

    def test_an_image_is_used_when_the_disk_is_full_behind_it(self):
        self.mount(f"size={STATUS + IMAGE}")
        self.cache.run()
        self.fill()
        outcome = self.cache.run()
        self.assertEqual((outcome.digest, outcome.origin, outcome.errors),
                         (self.digest, "mapped", ""))

    def test_the_next_process_keeps_the_image_when_there_is_room_again(self):
        self.mount(f"size={STATUS + IMAGE}")
        self.fill()
        self.assertEqual(self.cache.run().origin, "built for this worker alone")
        (self.cache.directory / "filler").unlink()
        outcome = self.cache.run()
        self.assertEqual((outcome.origin, outcome.errors), ("built", ""))
        self.assertEqual(self.cache.leftovers(), [])


class OnAReadOnlyDisk(DiskTest):
    HINT = "make it writable for this user, or name another directory in ISOLITE_CACHE"

    def test_all_seed_at_once_when_the_cache_has_no_directory(self):
        self.mount("size=1m")
        self.make_read_only()
        self.assert_each_seeded_alone(
            self.cache.run_at_once(self.COUNT, "--meet", self.COUNT),
            f"share images: making the directory {self.cache.project()} failed: "
            "Read-only file system", self.HINT)

    def test_all_seed_at_once_when_the_cache_has_no_image(self):
        self.mount("size=1m")
        self.cache.project().mkdir(mode=0o700)
        self.make_read_only()
        self.assert_each_seeded_alone(
            self.cache.run_at_once(self.COUNT, "--meet", self.COUNT),
            f"share images: making the lock file {self.path('.lock')} failed: "
            "Read-only file system", self.HINT)

    def test_all_seed_at_once_when_a_builder_was_killed_there(self):
        self.mount("size=1m")
        self.cache.project().mkdir(mode=0o700)
        self.path(".lock").touch(mode=0o600)
        self.make_read_only()
        self.assert_each_seeded_alone(
            self.cache.run_at_once(self.COUNT, "--meet", self.COUNT),
            f"share images: opening the lock file {self.path('.lock')} failed: "
            "Read-only file system", self.HINT)

    def test_an_image_that_is_there_is_mapped(self):
        self.mount("size=1m")
        self.cache.run()
        self.make_read_only()
        outcomes = self.cache.run_at_once(self.COUNT)
        self.assert_all_have(self.digest, outcomes)
        self.assert_origins(outcomes, mapped=self.COUNT)
        self.assertEqual([outcome.errors for outcome in outcomes], [""] * self.COUNT)

    def test_an_image_that_was_altered_is_refused(self):
        self.mount("size=1m")
        self.cache.run()
        with open(self.cache.image(), "r+b") as image:
            image.seek(PAGE + 100)
            image.write(b"?")
        self.make_read_only()
        outcome = self.cache.run()
        self.assertEqual((outcome.digest, outcome.origin),
                         (self.digest, "built for this worker alone"))
        self.assertEqual(outcome.warnings(), [
            f"cannot use the image '{self.cache.image()}': it was altered since it was built",
            "cannot keep the image of 'shop', so each worker seeds: share images: making the lock "
            f"file {self.path('.lock')} failed: Read-only file system"])


if __name__ == "__main__":
    namespace.enter()
    main()
