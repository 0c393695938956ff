"""Looks at what the cache knows of SQL files, so that not every process reads them."""

import os
import pathlib
import shutil
import sys
import tempfile
import time
import unittest

from image_processes import ImageTest, await_that, main

DAY = 24 * 3600
OLD = 2.5  # seconds, after which a file has a record


class TextTest(ImageTest):
    @classmethod
    def setUpClass(cls):
        """Writes the files of all tests before the first, so that they grow old together."""
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="isolite-test-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        for test in unittest.defaultTestLoader.getTestCaseNames(cls):
            (cls.folder / test).mkdir()
            (cls.folder / test / "schema.sql").write_text("CREATE TABLE a (x)")
            (cls.folder / test / "other.sql").write_text("CREATE TABLE b (x)")
        time.sleep(OLD)

    def setUp(self):
        super().setUp()
        folder = self.folder / self._testMethodName
        self.file, self.other = folder / "schema.sql", folder / "other.sql"

    def run_with(self, file, origin):
        """Returns the digest of a probe that comes by its image in a certain way."""
        outcome = self.cache.run("--sql-file", file)
        self.assertEqual((outcome.status, outcome.origin, outcome.errors), (0, origin, ""))
        return outcome.digest

    def record_of(self, file):
        """Returns the record of a file once it is old enough to have one."""
        def found():
            self.cache.run("--sql-file", file)
            return list(self.cache.project().glob(file.name + "-*.text"))
        await_that(found)
        record, = found()
        return record

    def test_a_file_in_a_known_state_is_not_read(self):
        """Its record tells of another file here, and is believed."""
        self.run_with(self.file, "built")
        digest = self.run_with(self.other, "built")
        record = self.record_of(self.file)
        state, _, checksum = record.read_text().rpartition(" ")
        self.assertEqual(len(checksum), 33)
        self.assertEqual(record.stat().st_mode & 0o777, 0o600)
        record.write_text(state + " " + self.record_of(self.other).read_text().rpartition(" ")[2])
        self.assertEqual(self.run_with(self.file, "mapped"), digest)

    def test_a_wrong_record_is_forgotten_when_the_file_is_applied(self):
        digest = self.run_with(self.file, "built")
        record = self.record_of(self.file)
        record.write_text(record.read_text()[:-3] + "??\n")
        self.assertEqual(self.run_with(self.file, "built"), digest)
        self.assertEqual(self.run_with(self.file, "mapped"), digest)
        self.assertEqual(len(self.cache.images()), 1)
        self.assertEqual(self.cache.leftovers(), [])

    def test_a_record_that_is_no_checksum_is_passed_over(self):
        self.run_with(self.file, "built")
        record = self.record_of(self.file)
        for text in ("", record.read_text()[:-1], record.read_text()[:-3] + "\n", "\0" * 100):
            with self.subTest(text=text):
                record.write_text(text)
                self.run_with(self.file, "mapped")

    def test_a_change_is_seen_that_sets_the_time_of_modification_back(self):
        first = self.run_with(self.file, "built")
        self.record_of(self.file)
        times = os.stat(self.file)
        self.file.write_text("CREATE TABLE a (y)")
        os.utime(self.file, ns=(times.st_atime_ns, times.st_mtime_ns))
        self.assertNotEqual(self.run_with(self.file, "built"), first)

    def test_another_file_in_its_place_is_read(self):
        self.run_with(self.file, "built")
        self.record_of(self.file)
        self.other.write_text("CREATE TABLE a (y)")
        times = os.stat(self.file)
        os.utime(self.other, ns=(times.st_atime_ns, times.st_mtime_ns))
        self.other.rename(self.file)
        self.run_with(self.file, "built")

    def test_a_file_that_was_just_written_is_not_recorded(self):
        self.file.write_text("CREATE TABLE a (y)")
        self.run_with(self.file, "built")
        if time.time() - self.file.stat().st_ctime < 2:
            self.assertEqual([name for name in self.cache.files() if name.endswith(".text")], [])

    def test_a_link_in_place_of_a_record_is_not_followed(self):
        self.run_with(self.file, "built")
        record = self.record_of(self.file)
        precious = self.cache.root / "precious"
        precious.write_text("precious")
        record.unlink()
        record.symlink_to(precious)
        self.run_with(self.file, "mapped")
        self.assertEqual(precious.read_text(), "precious")

    def test_a_record_that_nobody_asked_for_goes_with_age(self):
        record = self.record_of(self.file)
        self.assertEqual(self.cache.prune(ISOLITE_CACHE_DAYS="3"), [])
        self.assertTrue(record.exists())
        then = time.time() - 4 * DAY
        os.utime(record, (then, then))
        self.cache.prune(ISOLITE_CACHE_DAYS="3")
        self.assertFalse(record.exists())


if __name__ == "__main__":
    sys.exit(main())
