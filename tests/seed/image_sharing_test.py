"""Lets processes share the images of seeds, and looks at what each of them says."""

import fcntl
import os
import pathlib
import signal
import sys
import time

from image_processes import ImageTest, await_that, main


class WhenManyWantOneImage(ImageTest):
    def test_the_seed_runs_once_for_fifty_processes_on_an_empty_cache(self):
        digest = self.digest_without_cache("--sleep-ms", 50)
        outcomes = self.cache.run_at_once(50, "--sleep-ms", 50)
        self.assert_all_have(digest, outcomes)
        self.assertEqual([outcome.errors for outcome in outcomes], [""] * 50)
        self.assertEqual(len(self.cache.seeded()), 1)
        self.assert_origins(outcomes, built=1, mapped=49)
        self.assertEqual(len(self.cache.images()), 1)
        self.assertEqual(self.cache.leftovers(), [])

    def test_nobody_builds_or_warns_who_comes_just_when_an_image_is_finished(self):
        for version in range(30):
            arguments = ("--sql", f"PRAGMA user_version = {version}")
            outcomes = self.cache.run_at_once(12, *arguments)
            self.assertEqual([outcome.errors for outcome in outcomes], [""] * 12)
            self.assert_origins(outcomes, built=1, mapped=11)
        self.assertEqual(len(self.cache.seeded()), 30)
        self.assertEqual(self.cache.leftovers(), [])

    def test_a_lock_that_was_removed_lets_nobody_build_beside_who_has_the_new_one(self):
        self.cache.run()
        image = self.cache.image()
        image.unlink()
        gate = self.cache.root / "gate"
        gate.touch()
        lock = image.with_suffix(".lock")
        with open(lock, "w") as holder:
            fcntl.lockf(holder, fcntl.LOCK_EX)
            waiting = self.cache.start("--waits-while", gate)
            await_that(lambda: waiting.waits_for(lock))
            lock.unlink()
            builder = self.cache.start("--waits-while", gate)
            await_that(lambda: builder.pid in self.cache.seeded())
        await_that(lambda: waiting.waits_for(lock) or waiting.pid in self.cache.seeded())
        gate.unlink()
        outcomes = [builder.end(), waiting.end()]
        self.assertEqual([outcome.origin for outcome in outcomes], ["built", "mapped"])
        self.assertNotIn(waiting.pid, self.cache.seeded())

    def test_who_waits_for_long_says_once_for_which_process(self):
        probes = [self.cache.start("--sleep-ms", 5000) for _ in range(3)]
        outcomes = [probe.end() for probe in probes]
        builder, = (outcome for outcome in outcomes if outcome.origin == "built")
        self.assertEqual((builder.errors, builder.waiting), ("", []))
        for outcome in outcomes:
            if outcome is not builder:
                self.assertEqual(outcome.origin, "mapped")
                self.assertEqual(outcome.errors, "")
                self.assertEqual(outcome.waiting, [f"isolite: waiting for process {builder.pid}, "
                                                   "which builds the image of 'shop'\n"])


class WhenASeedFails(ImageTest):
    ERROR = ("cannot apply the seed 'shop': step 'rows' failed: the price list is not there\n"
             "  hint: the step threw this exception\n")

    def setUp(self):
        super().setUp()
        self.flag = self.cache.root / "flag"
        self.flag.touch()
        self.arguments = ("--fails-while", self.flag)

    def test_those_who_waited_fail_alike(self):
        gate = self.cache.root / "gate"
        gate.touch()
        arguments = (*self.arguments, "--waits-while", gate)
        first = self.cache.start(*arguments)
        await_that(self.cache.seeded)
        waiting = [self.cache.start(*arguments) for _ in range(7)]
        for probe in waiting:
            await_that(lambda: probe.waits_for(self.cache.lock()))
        gate.unlink()
        outcomes = [probe.end() for probe in [first, *waiting]]
        self.assertEqual([(outcome.status, outcome.errors) for outcome in outcomes],
                         [(1, self.ERROR)] * 8)
        self.assertEqual(self.cache.seeded(), [first.pid])
        self.assertEqual(self.cache.images(), [])

    def test_those_who_come_just_then_fail_alike(self):
        """Locks come and go here; that nobody finds one missing was not always so."""
        for version in range(60):
            outcomes = self.cache.run_at_once(12, *self.arguments, "--version", version)
            self.assertEqual([(outcome.status, outcome.errors) for outcome in outcomes],
                             [(1, self.ERROR)] * 12)

    def test_a_failure_is_not_remembered(self):
        failed = self.cache.run(*self.arguments)
        self.assertEqual((failed.status, failed.errors), (1, self.ERROR))
        self.flag.unlink()
        outcome = self.cache.run(*self.arguments)
        self.assertEqual((outcome.status, outcome.origin, outcome.errors), (0, "built", ""))
        self.assertEqual(len(self.cache.seeded()), 2)
        self.assertEqual(self.cache.leftovers(), [])


class WhenABuilderForks(ImageTest):
    def test_a_child_that_outlives_the_builder_does_not_keep_the_lock(self):
        arguments = ("--child-ms", 20000, "--sleep-ms", 100)
        digest = self.digest_without_cache()
        builder = self.cache.start(*arguments)
        await_that(self.cache.seeded)
        child = self.child_of(builder)
        waiting = [self.cache.start("--sleep-ms", 100) for _ in range(3)]
        builder.kill()
        builder.end()
        outcomes = [probe.end() for probe in waiting]
        self.assertTrue(pathlib.Path(f"/proc/{child}").exists(), "the child is gone already")
        os.kill(child, signal.SIGKILL)
        self.assert_all_have(digest, outcomes)
        self.assert_origins(outcomes, built=1, mapped=2)
        self.assertEqual(self.cache.leftovers(), [])

    def child_of(self, probe):
        children = pathlib.Path(f"/proc/{probe.pid}/task/{probe.pid}/children")
        await_that(lambda: children.read_text().split())
        child, = map(int, children.read_text().split())
        return child


class WhenOnlyFreshImagesCount(ImageTest):
    def test_the_processes_of_a_run_share_what_it_builds(self):
        first = self.cache.run(ISOLITE_CACHE_FRESH="on", ISOLITE_RUN_ID="a")
        second = self.cache.run(ISOLITE_CACHE_FRESH="on", ISOLITE_RUN_ID="a")
        self.assertEqual((first.origin, second.origin), ("built", "mapped"))
        self.assertEqual(first.digest, second.digest)

    def test_another_run_builds_anew_and_replaces_the_image(self):
        self.cache.run(ISOLITE_CACHE_FRESH="on", ISOLITE_RUN_ID="a")
        image = self.cache.image()
        replaced = image.stat().st_ino
        other = self.cache.run(ISOLITE_CACHE_FRESH="on", ISOLITE_RUN_ID="b")
        self.assertEqual((other.origin, other.errors), ("built", ""))
        self.assertEqual(self.cache.image(), image)
        self.assertNotEqual(image.stat().st_ino, replaced)
        self.assertEqual(self.cache.leftovers(), [])

    def test_the_image_of_a_step_that_was_broken_is_replaced_for_later_runs(self):
        broken = self.cache.run("--megabytes", 1)
        repaired = self.cache.run(ISOLITE_CACHE_FRESH="on")
        self.assertEqual((broken.origin, repaired.origin), ("built", "built"))
        self.assertNotEqual(broken.digest, repaired.digest)
        later = self.cache.run()
        self.assertEqual((later.origin, later.digest), ("mapped", repaired.digest))

    def test_who_uses_the_image_that_is_replaced_keeps_it(self):
        holder = self.cache.start("--hold")
        digest = holder.first_line().split()[0]
        self.assertEqual(self.cache.run(ISOLITE_CACHE_FRESH="on").origin, "built")
        outcome = holder.end()
        self.assertEqual((outcome.status, outcome.errors), (0, ""))
        self.assertEqual(self.cache.run().digest, digest)


class WhenASeedChanges(ImageTest):
    def assert_new_image(self, arguments, changed_arguments):
        """Requires: both say different things about one seed."""
        first = self.cache.run(*arguments)
        second = self.cache.run(*changed_arguments)
        self.assertEqual((first.origin, second.origin), ("built", "built"))
        self.assertEqual(len(self.cache.images()), 2)
        self.assertEqual(self.cache.run(*arguments).digest, first.digest)
        self.assertEqual(self.cache.run(*changed_arguments).digest, second.digest)
        self.assertEqual(len(self.cache.seeded()), 2)
        return first, second

    def test_another_text_makes_another_image(self):
        first, second = self.assert_new_image(("--sql", "CREATE TABLE a (x)"),
                                              ("--sql", "CREATE TABLE a (y)"))
        self.assertNotEqual(first.digest, second.digest)

    def test_another_page_size_makes_another_image(self):
        first, second = self.assert_new_image(("--sql", "PRAGMA page_size = 4096"),
                                              ("--sql", "PRAGMA page_size = 1024"))
        self.assertNotEqual(first.digest, second.digest)

    def test_another_version_of_a_step_makes_another_image(self):
        self.assert_new_image(("--version", "1"), ("--version", "2"))

    def test_another_name_makes_another_image(self):
        self.assert_new_image(("--name", "a"), ("--name", "b"))

    def test_one_byte_of_a_file_makes_another_image(self):
        file = self.cache.root / "schema.sql"
        file.write_text("CREATE TABLE a (x)")
        first = self.cache.run("--sql-file", file)
        times = os.stat(file)
        file.write_text("CREATE TABLE a (y)")
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
        second = self.cache.run("--sql-file", file)
        self.assertEqual((first.origin, second.origin), ("built", "built"))
        self.assertNotEqual(first.digest, second.digest)

    def test_the_place_of_a_file_does_not_matter(self):
        file, moved = self.cache.root / "schema.sql", self.cache.root / "moved.sql"
        file.write_text("CREATE TABLE a (x)")
        self.assertEqual(self.cache.run("--sql-file", file).origin, "built")
        file.rename(moved)
        self.assertEqual(self.cache.run("--sql-file", moved).origin, "mapped")

    def test_the_image_of_the_old_seed_goes_when_there_is_no_room_for_both(self):
        self.cache.run("--version", "1")
        old = self.cache.image()
        an_hour_ago = time.time() - 3600
        os.utime(old, (an_hour_ago, an_hour_ago))
        self.cache.run("--version", "2", ISOLITE_CACHE_MB="0")
        self.assertEqual(len(self.cache.images()), 1)
        self.assertNotEqual(self.cache.image(), old)


if __name__ == "__main__":
    sys.exit(main())
