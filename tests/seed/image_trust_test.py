"""Puts wrong files where images, locks and caches are, and looks at who falls for them."""

import os
import sys
import time
import unittest

from image_processes import ImageTest, await_that, main

PAGE = 4096
IS_ROOT = os.geteuid() == 0
SOMEBODY_ELSE = 65534


class TrustTest(ImageTest):
    def setUp(self):
        super().setUp()
        self.built = self.cache.run()
        self.assertEqual((self.built.origin, self.built.errors), ("built", ""))
        self.image = self.cache.image()


class WhenAnImageIsWrong(TrustTest):
    HINT = "  hint: it is not used; isolite builds it anew\n"

    def replace(self, content=None):
        """Removes the image, and writes another one that only the user may read."""
        content = self.image.read_bytes() if content is None else content
        self.image.unlink()
        self.image.touch(mode=0o600)
        self.image.write_bytes(content)
        self.image.chmod(0o400)

    def flip(self, position):
        """Alters a byte and sets the time of modification back."""
        times = os.stat(self.image)
        self.image.chmod(0o600)
        with open(self.image, "r+b") as image:
            image.seek(position)
            byte, = image.read(1)
            image.seek(position)
            image.write(bytes([byte ^ 1]))
        self.image.chmod(0o400)
        os.utime(self.image, ns=(times.st_atime_ns, times.st_mtime_ns))

    def await_record(self):
        """Uses the image until it is old enough to be recorded as sound."""
        def recorded():
            self.assertEqual(self.cache.run().origin, "mapped")
            return self.cache.files() == [self.image.name, self.image.name + ".used"]
        await_that(recorded)

    def refusal(self, complaint):
        return f"isolite: warning: cannot use the image '{self.image}': {complaint}\n{self.HINT}"

    def assert_refused_and_rebuilt(self, complaint):
        """Also looks at the next process, to which all is well again."""
        outcome = self.cache.run()
        self.assertEqual(outcome.errors, self.refusal(complaint))
        self.assertEqual((outcome.status, outcome.digest, outcome.origin),
                         (0, self.built.digest, "built"))
        outcome = self.cache.run()
        self.assertEqual((outcome.status, outcome.digest, outcome.origin, outcome.errors),
                         (0, self.built.digest, "mapped", ""))
        self.assertEqual(len(self.cache.seeded()), 2)
        self.assertEqual(self.cache.leftovers(), [])

    def test_a_copy_that_is_sound_is_mapped(self):
        self.replace()
        self.assertEqual(self.cache.run().origin, "mapped")

    def test_a_symbolic_link_is_refused_and_its_target_left_alone(self):
        target = self.cache.root / "elsewhere.db"
        self.image.rename(target)
        before = target.read_bytes(), os.stat(target)
        self.image.symlink_to(target)
        self.assert_refused_and_rebuilt("it is a symbolic link")
        self.assertFalse(self.image.is_symlink())
        self.assertEqual(target.read_bytes(), before[0])
        self.assertEqual(os.stat(target).st_mtime_ns, before[1].st_mtime_ns)

    @unittest.skipUnless(IS_ROOT, "only root can give files away")
    def test_a_file_of_another_user_is_refused(self):
        os.chown(self.image, SOMEBODY_ELSE, -1)
        self.assert_refused_and_rebuilt(
            f"it belongs to user {SOMEBODY_ELSE}, not to user {os.geteuid()}")

    def test_a_file_that_others_may_read_is_refused(self):
        self.image.chmod(0o644)
        self.assert_refused_and_rebuilt("other users may read or write it")

    def test_a_file_that_a_group_may_read_is_refused(self):
        self.image.chmod(0o440)
        self.assert_refused_and_rebuilt("other users may read or write it")

    def test_a_pipe_is_refused(self):
        self.image.unlink()
        os.mkfifo(self.image, 0o600)
        self.assert_refused_and_rebuilt("it is not a regular file")

    def test_an_empty_file_is_refused(self):
        self.replace(b"")
        self.assert_refused_and_rebuilt("it was cut: it is no longer as long as it was written")

    def test_a_part_of_a_page_less_is_refused(self):
        self.replace(self.image.read_bytes()[:-1])
        self.assert_refused_and_rebuilt("it was cut: it is no longer as long as it was written")

    def test_a_page_less_is_refused(self):
        self.replace(self.image.read_bytes()[:-PAGE])
        self.assert_refused_and_rebuilt(
            "it was not written as an image by this version of isolite")

    def test_a_page_more_is_refused(self):
        content = self.image.read_bytes()
        self.replace(content[:PAGE] + content)
        self.assert_refused_and_rebuilt(
            "it was not written as an image by this version of isolite")

    def test_a_database_without_a_label_is_refused(self):
        self.replace(self.image.read_bytes()[:-PAGE] + bytes(PAGE))
        self.assert_refused_and_rebuilt(
            "it was not written as an image by this version of isolite")

    def test_the_image_of_another_seed_is_refused(self):
        self.cache.run("--version", "2")
        other, = (path for path in self.cache.images() if path != self.image)
        self.replace(other.read_bytes())
        other.unlink()
        self.cache.log.write_text("0\n")
        self.assert_refused_and_rebuilt("it is the image of another seed")

    def test_a_flipped_bit_is_found_in_every_page(self):
        size = self.image.stat().st_size
        self.assertEqual(size, 4 * PAGE)
        for position in (0, PAGE - 1, PAGE + 100, size // 2, size - PAGE - 1):
            with self.subTest(position=position):
                self.cache.log.write_text("0\n")
                self.flip(position)
                self.assert_refused_and_rebuilt("it was altered since it was built")

    def test_a_flipped_bit_is_found_in_every_line_of_the_label(self):
        label = self.image.stat().st_size - PAGE
        foreign = "it was not written as an image by this version of isolite"
        altered = "it was altered since it was built"
        for word, complaint in ((b"isolite image", foreign), (b"seed: shop", altered),
                                (b"fingerprint: ", "it is the image of another seed"),
                                (b"sqlite: ", altered), (b"bytes: ", foreign),
                                (b"checksum: ", altered)):
            with self.subTest(word=word):
                self.cache.log.write_text("0\n")
                at = self.image.read_bytes().index(word, label)
                self.flip(at + len(word) + (0 if word.endswith(b" ") else -1))
                self.assert_refused_and_rebuilt(complaint)

    def test_a_flipped_bit_is_found_in_an_image_that_was_found_sound_before(self):
        self.await_record()
        self.flip(self.image.stat().st_size // 2)
        self.assert_refused_and_rebuilt("it was altered since it was built")

    def test_the_record_of_another_file_proves_nothing(self):
        self.await_record()
        times = os.stat(self.image)
        content = bytearray(self.image.read_bytes())
        content[len(content) // 2] ^= 1
        self.replace(bytes(content))
        os.utime(self.image, ns=(times.st_atime_ns, times.st_mtime_ns))
        self.assert_refused_and_rebuilt("it was altered since it was built")

    def test_all_who_meet_a_wrong_image_share_the_one_that_is_built_anew(self):
        self.flip(PAGE)
        outcomes = self.cache.run_at_once(8, "--sleep-ms", 100)
        self.assert_all_have(self.built.digest, outcomes)
        self.assert_origins(outcomes, built=1, mapped=7)
        refusal = self.refusal("it was altered since it was built")
        self.assertLessEqual({outcome.errors for outcome in outcomes}, {refusal, ""})
        self.assertEqual(len(self.cache.seeded()), 2)

    def test_a_directory_is_refused_and_left_alone(self):
        self.image.unlink()
        self.image.mkdir(mode=0o700)
        unfinished = self.image.with_suffix(".new")
        for _ in range(2):
            outcome = self.cache.run()
            self.assertEqual((outcome.status, outcome.digest, outcome.origin),
                             (0, self.built.digest, "built for this worker alone"))
            self.assertEqual(outcome.errors, self.refusal("it is not a regular file") +
                             "isolite: warning: cannot keep the image of 'shop', so each worker "
                             f"seeds: share images: renaming {unfinished} failed: Is a directory\n"
                             "  hint: name another directory in ISOLITE_CACHE if this one cannot "
                             "be used\n")
            self.assertFalse(unfinished.exists())


class WhenTheFilesOfABuildAreWrong(TrustTest):
    def setUp(self):
        super().setUp()
        self.image.unlink()

    def assert_built(self):
        outcome = self.cache.run()
        self.assertEqual((outcome.status, outcome.digest, outcome.origin, outcome.errors),
                         (0, self.built.digest, "built", ""))
        self.assertEqual(self.cache.leftovers(), [])

    def test_what_killed_builders_left_is_passed_over(self):
        for suffix in (".lock", ".status", ".new"):
            self.image.with_suffix(suffix).write_bytes(b"half of something")
        self.assert_built()

    def test_an_image_is_never_written_through_a_link(self):
        target = self.cache.root / "precious"
        target.write_text("precious")
        self.image.with_suffix(".new").symlink_to(target)
        self.assert_built()
        self.assertEqual(target.read_text(), "precious")

    def test_a_status_is_never_written_through_a_link(self):
        target = self.cache.root / "precious"
        target.write_text("precious")
        self.image.with_suffix(".status").symlink_to(target)
        outcome = self.cache.run()
        self.assertEqual((outcome.digest, outcome.origin),
                         (self.built.digest, "built for this worker alone"))
        self.assertEqual(len(outcome.warnings()), 1)
        self.assertEqual(target.read_text(), "precious")
        self.assert_built()

    def test_a_pipe_in_place_of_a_status_stops_nobody(self):
        os.mkfifo(self.image.with_suffix(".status"), 0o600)
        outcome = self.cache.run()
        self.assertEqual((outcome.digest, outcome.origin),
                         (self.built.digest, "built for this worker alone"))
        self.assertEqual(len(outcome.warnings()), 1)
        self.assert_built()

    def test_a_pipe_in_place_of_a_record_stops_nobody(self):
        self.assert_built()
        os.mkfifo(str(self.image) + ".used", 0o600)
        built = self.image.stat().st_ctime
        await_that(lambda: time.time() > built + 4)  # it would be recorded now
        outcome = self.cache.run()
        self.assertEqual((outcome.digest, outcome.origin, outcome.errors),
                         (self.built.digest, "mapped", ""))

    def test_a_lock_that_is_no_file_is_refused(self):
        lock = self.image.with_suffix(".lock")
        lock.symlink_to(self.cache.log)
        outcome = self.cache.run()
        self.assertEqual((outcome.digest, outcome.origin),
                         (self.built.digest, "built for this worker alone"))
        self.assertEqual(outcome.warnings(), [
            "cannot keep the image of 'shop', so each worker seeds: share images: "
            f"{lock} is not a regular file"])


class WhenTheDirectoryIsWrong(ImageTest):
    LEFTOVER = "delete it if it is a leftover, or name another directory in ISOLITE_CACHE"
    OURS = ("name a directory of your own in ISOLITE_CACHE, e.g. a new one, which isolite will "
            "make")

    def assert_refused(self, path, complaint, hint):
        outcomes = self.cache.run_at_once(3)
        self.assert_all_have(self.digest_without_cache(), outcomes)
        self.assert_origins(outcomes, alone=3)
        for outcome in outcomes:
            self.assertEqual(outcome.errors, "isolite: warning: cannot keep the image of 'shop', "
                             f"so each worker seeds: share images: {path} {complaint}\n"
                             f"  hint: {hint}\n")

    def test_one_that_others_may_write_is_refused(self):
        self.cache.directory.mkdir()
        self.cache.directory.chmod(0o777)
        self.assert_refused(self.cache.directory, "may be written by other users", self.OURS)
        self.assertEqual(os.listdir(self.cache.directory), [])

    def test_one_that_others_may_write_is_refused_with_a_sound_image_in_it(self):
        self.cache.run()
        self.cache.project().chmod(0o777)
        self.assert_refused(self.cache.project(), "may be written by other users", self.OURS)

    def test_a_project_that_others_may_write_is_refused(self):
        self.cache.directory.mkdir(mode=0o700)
        self.cache.project().mkdir()
        self.cache.project().chmod(0o770)
        self.assert_refused(self.cache.project(), "may be written by other users", self.OURS)
        self.assertEqual(self.cache.files(), [])

    def test_a_symbolic_link_is_refused(self):
        target = self.cache.root / "target"
        target.mkdir(mode=0o700)
        self.cache.directory.symlink_to(target)
        self.assert_refused(
            self.cache.directory,
            "is a symbolic link, which another user may have put there", self.LEFTOVER)
        self.assertEqual(os.listdir(target), [])

    @unittest.skipUnless(IS_ROOT, "only root can give directories away")
    def test_one_of_another_user_is_refused(self):
        self.cache.directory.mkdir(mode=0o700)
        os.chown(self.cache.directory, SOMEBODY_ELSE, -1)
        self.assert_refused(
            self.cache.directory,
            f"belongs to user {SOMEBODY_ELSE}, not to user {os.geteuid()}", self.OURS)
        self.assertEqual(os.listdir(self.cache.directory), [])

    def test_a_file_is_refused(self):
        self.cache.directory.write_text("")
        self.assert_refused(self.cache.directory, "is not a directory", self.LEFTOVER)


if __name__ == "__main__":
    sys.exit(main())
