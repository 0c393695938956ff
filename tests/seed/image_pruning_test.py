"""Looks at which images and leftovers are removed, by whom, and which stay."""

import os
import sys
import time

from image_processes import ImageTest, await_that, main

HOUR = 3600
DAY = 24 * HOUR


class PruningTest(ImageTest):
    def build(self, version, *arguments, **variables):
        """Returns the path of the image of a version of the seed, which is new."""
        before = set(self.cache.images())
        self.assertEqual(
            self.cache.run("--version", version, *arguments, **variables).origin, "built")
        image, = set(self.cache.images()) - before
        return image

    def age(self, image, seconds):
        """Lets an image have been built and used some time ago."""
        then = time.time() - seconds
        os.utime(image, (then, then))
        record = image.with_name(image.name + ".used")
        if record.exists():
            os.utime(record, (then, then))

    def note_use(self, image, seconds):
        """Lets an image have been used some time ago, however old it is."""
        record = image.with_name(image.name + ".used")
        record.touch(mode=0o600)
        then = time.time() - seconds
        os.utime(record, (then, then))

    def hold(self, version):
        """Returns a probe that has an image open until it is told to end."""
        holder = self.cache.start("--version", version, "--hold")
        self.assertEqual(holder.first_line().split()[1:], ["mapped"])
        return holder


class WhenThereIsNoRoom(PruningTest):
    def test_an_image_in_use_stays_and_an_unused_one_goes(self):
        used, unused = self.build("1"), self.build("2")
        self.age(used, 2 * HOUR)
        self.age(unused, HOUR)
        holder = self.hold("1")
        self.assertEqual(self.cache.prune(ISOLITE_CACHE_MB="0"), [unused.name])
        self.assertEqual(self.cache.images(), [used])
        holder.end()
        self.age(used, 2 * HOUR)  # it may have been recorded
        self.assertEqual(self.cache.prune(ISOLITE_CACHE_MB="0"), [used.name])
        self.assertEqual(self.cache.files(), [])

    def test_what_a_look_into_an_image_left_beside_it_goes_with_it(self):
        """A tool for SQLite makes both files when it reads an image that is in WAL mode."""
        image, kept = self.build("1"), self.build("2")
        for ending in ("-wal", "-shm"):
            image.with_name(image.name + ending).touch()
            kept.with_name(kept.name + ending).touch()
        self.age(image, HOUR)
        self.assertEqual(self.cache.prune(ISOLITE_CACHE_MB="0"), [image.name])
        self.assertEqual(self.cache.files(),
                         [kept.name, kept.name + "-shm", kept.name + "-wal"])

    def test_an_image_that_its_user_lost_by_a_kill_goes(self):
        image = self.build("1")
        self.age(image, HOUR)
        holder = self.hold("1")
        self.assertEqual(self.cache.prune(ISOLITE_CACHE_MB="0"), [])
        holder.kill()
        holder.end()
        self.age(image, HOUR)
        self.assertEqual(self.cache.prune(ISOLITE_CACHE_MB="0"), [image.name])

    def test_an_image_that_was_used_a_moment_ago_stays(self):
        image = self.build("1")
        self.assertEqual(self.cache.prune(ISOLITE_CACHE_MB="0"), [])
        self.age(image, HOUR)
        self.note_use(image, 0)
        self.assertEqual(self.cache.prune(ISOLITE_CACHE_MB="0"), [])
        self.assertEqual(self.cache.images(), [image])

    def test_those_that_were_not_used_for_longest_go_until_the_rest_fits(self):
        """Each has a megabyte and a few pages: two of them fit into 3 MB."""
        images = {name: self.build(name, "--megabytes", 1) for name in "abcd"}
        for age, name in enumerate("abcd"):
            self.age(images[name], (age + 1) * HOUR)
        for use, name in enumerate("cabd"):
            self.note_use(images[name], (use + 1) * 60)
        self.assertEqual(self.cache.prune(ISOLITE_CACHE_MB="3"),
                         [images["d"].name, images["b"].name])
        self.assertEqual(self.cache.prune(ISOLITE_CACHE_MB="3"), [])
        self.assertEqual(self.cache.images(), sorted([images["a"], images["c"]]))

    def test_one_in_use_is_passed_over_and_the_next_one_goes(self):
        images = {name: self.build(name, "--megabytes", 1) for name in "abc"}
        for age, name in enumerate("abc"):
            self.age(images[name], (age + 1) * HOUR)
        holder = self.hold("c")
        self.age(images["c"], 3 * HOUR)
        self.assertEqual(self.cache.prune(ISOLITE_CACHE_MB="3"), [images["b"].name])
        holder.end()

    def test_other_projects_do_not_count(self):
        image = self.build("1")
        self.age(image, HOUR)
        other = self.cache.run("--version", "2", ISOLITE_PROJECT="other", ISOLITE_CACHE_MB="0")
        self.assertEqual(other.origin, "built")
        self.assertEqual(self.cache.images(), [image])


class WhenImagesAreOld(PruningTest):
    def test_an_image_that_nobody_used_for_too_long_goes(self):
        older, younger = self.build("1"), self.build("2")
        self.age(older, 3 * DAY + HOUR)
        self.age(younger, 3 * DAY - HOUR)
        self.assertEqual(self.cache.prune(ISOLITE_CACHE_DAYS="3"), [older.name])
        self.assertEqual(self.cache.images(), [younger])

    def test_an_old_image_that_was_used_lately_stays(self):
        image = self.build("1")
        self.age(image, 9 * DAY)
        self.note_use(image, DAY)
        self.assertEqual(self.cache.prune(ISOLITE_CACHE_DAYS="3"), [])

    def test_no_age_at_all_leaves_only_images_in_use(self):
        used, unused = self.build("1"), self.build("2")
        self.age(used, 60)
        self.age(unused, 60)
        holder = self.hold("1")
        self.assertEqual(self.cache.prune(ISOLITE_CACHE_DAYS="0"), [unused.name])
        self.assertEqual(self.cache.images(), [used])
        holder.end()

    def test_using_an_image_notes_when(self):
        image = self.build("1")
        self.age(image, HOUR)
        used = image.with_name(image.name + ".used")

        def is_recorded():
            self.cache.run("--version", "1")
            return used.exists()
        await_that(is_recorded)
        self.note_use(image, HOUR)
        self.cache.run("--version", "1")
        self.assertGreater(used.stat().st_mtime, time.time() - HOUR / 2)


class WhenBuildersWereKilled(PruningTest):
    def setUp(self):
        super().setUp()
        self.gate = self.cache.root / "gate"
        self.gate.touch()

    def start_building(self, version):
        builder = self.cache.start("--version", version, "--waits-while", self.gate)
        await_that(lambda: builder.pid in self.cache.seeded())
        return builder

    def leave_files(self):
        """Kills a builder, and adds the part of an image that it might have written."""
        builder = self.start_building("killed")
        builder.kill()
        builder.end()
        lock = self.cache.lock()
        lock.with_suffix(".new").write_text("half an image")
        self.assertEqual(self.cache.leftovers(),
                         [lock.with_suffix(end).name for end in (".lock", ".new", ".status")])

    def test_pruning_removes_what_they_left(self):
        self.leave_files()
        self.assertEqual(self.cache.prune(), [])
        self.assertEqual(self.cache.files(), [])

    def test_the_next_build_removes_what_they_left(self):
        self.leave_files()
        self.build("other")
        self.assertEqual(self.cache.leftovers(), [])

    def test_the_files_of_one_who_builds_stay(self):
        self.leave_files()
        builder = self.start_building("running")
        self.cache.prune()
        stem = self.cache.lock().stem
        self.assertEqual(self.cache.leftovers(), [stem + ".lock", stem + ".status"])
        self.gate.unlink()
        outcome = builder.end()
        self.assertEqual((outcome.origin, outcome.errors), ("built", ""))
        self.assertEqual(len(self.cache.images()), 1)
        self.assertEqual(self.cache.leftovers(), [])

    def test_pruning_does_not_let_others_build_beside_one_who_builds(self):
        builder = self.start_building("1")
        probes = [self.cache.start("--version", "1") for _ in range(3)]
        for probe in probes:
            await_that(lambda: probe.waits_for(self.cache.lock()))
        self.cache.prune(ISOLITE_CACHE_MB="0", ISOLITE_CACHE_DAYS="0")
        self.gate.unlink()
        outcomes = [probe.end() for probe in [builder, *probes]]
        self.assert_origins(outcomes, built=1, mapped=3)
        self.assertEqual(self.cache.seeded(), [builder.pid])


if __name__ == "__main__":
    sys.exit(main())
