"""Checks `isolite doctor` in sound surroundings and in broken ones."""

import json
import re
import unittest

from command import BROKEN_SYSTEM, SOURCES, CommandTest, main

with_broken_system = unittest.skipUnless(BROKEN_SYSTEM, "built with a sanitizer")


class Doctor(CommandTest):
    def found(self, status=0, **variables):
        return json.loads(self.output("doctor", "--json", status=status, **variables))

    def complaints(self, **variables):
        """Returns what is wrong with what to do, and checks that the words for people agree."""
        complaints = self.found(status=1, **variables)["complaints"]
        words = "".join(f"wrong: {one['wrong']}\n  do: {one['do']}\n" for one in complaints)
        text = self.output("doctor", status=1, **variables)
        self.assertTrue(text.endswith(words), text)
        self.assertNotIn("nothing is wrong", text)
        return [(one["wrong"], one["do"]) for one in complaints]


class Sound(Doctor):
    def test_nothing_is_wrong(self):
        self.assertTrue(self.output("doctor").endswith("\nnothing is wrong\n"))
        self.assertEqual(self.found()["complaints"], [])

    def test_the_versions_are_told(self):
        versions = self.found()["versions"]
        self.assertRegex(versions["isolite"], r"\A\d+\.\d+\.\d+\Z")
        self.assertEqual(versions["sqlite_library"], self.output("--version").split()[-1])
        self.assertRegex(versions["sqlite_headers"], r"\A3\.\d+\.\d+\Z")
        self.assertRegex(versions["sqlite_source_id"], r"\A20\d\d-\d\d-\d\d ")
        self.assertIs(versions["sqlite_agrees"], True)
        self.assertIn(versions["sqlite_threading"], ["single-thread", "multi-thread", "serialized"])
        self.assertRegex(versions["sqlitecpp"], r"\A\d+\.\d+")
        self.assertRegex(versions["boost"], r"\A1\.\d+\Z")

    def test_memory_can_be_shared(self):
        self.assertEqual(self.found()["memory"], {"memfd": True})

    def test_the_worker_is_the_one_that_its_launcher_numbered(self):
        worker = self.found(ISOLITE_RUN_ID="nightly", ISOLITE_WORKER_SLOT="3",
                            ISOLITE_WORKER_INCARNATION="2", ISOLITE_SHARD_INDEX="1",
                            ISOLITE_TOTAL_SHARDS="4")["worker"]
        self.assertEqual(worker, {"name": "w3", "slot": 3, "incarnation": 2, "run_id": "nightly",
                                  "found_by": "ISOLITE_RUN_ID", "shard_index": 1,
                                  "shard_total": 4})

    def test_the_worker_is_the_one_that_a_test_runner_numbered(self):
        worker = self.found(NEXTEST_TEST_GLOBAL_SLOT="5", NEXTEST_RUN_ID="abc")["worker"]
        self.assertEqual((worker["slot"], worker["run_id"], worker["found_by"]),
                         (5, "abc", "variables of a test runner"))

    def test_a_process_without_a_launcher_is_the_main_worker_unless_a_runner_started_the_test(self):
        worker = self.found()["worker"]
        if worker["run_id"].startswith("process-"):
            self.assertEqual((worker["name"], worker["found_by"]), ("main", "no test runner"))
        else:
            self.assertRegex(worker["run_id"], r"\A(meson|ctest)-")
            self.assertEqual(worker["found_by"], "a test runner above this process")

    def test_the_runtime_directory_is_locked_and_left_as_it_was(self):
        self.assertEqual(self.found()["runtime_directory"],
                         {"path": str(self.runtime), "locks_work": True})
        self.assertEqual([path.name for path in self.runtime.iterdir() if path.name != "guard"],
                         [])

    def test_the_cache_is_described_with_its_images(self):
        size = self.make_image("shop").stat().st_size
        cache = self.found(ISOLITE_CACHE_FRESH="on")["cache"]
        self.assertGreater(cache.pop("free_bytes"), 0)
        self.assertEqual(cache, {
            "on": True, "directory": f"{self.cache}/default", "project": "default",
            "usable": True, "fresh": True, "max_size_bytes": 1 << 30,
            "max_age_seconds": 30 * 24 * 3600, "images": 1, "images_refused": 0,
            "size_bytes": size})

    def test_a_refused_image_is_counted_and_nothing_is_wrong(self):
        self.make_image("shop").chmod(0o644)
        self.assertEqual(self.found()["cache"]["images_refused"], 1)

    def test_a_cache_that_is_off_is_not_wrong(self):
        self.assertEqual(self.found(ISOLITE_CACHE="off")["cache"], {"on": False})
        self.assertIn("cache\n  on  no\n", self.output("doctor", ISOLITE_CACHE="off"))

    def test_people_read_sizes_and_times_in_words(self):
        text = self.output("doctor")
        self.assertRegex(text, r"\n  max_size +1\.0 GiB\n  max_age +30 days\n")
        self.assertRegex(text, r"\n  usable +yes\n  fresh +no\n")
        self.assertRegex(text, r"\n  slot +\d+\n")

    def test_the_variables_that_are_set_are_told(self):
        variables = self.found(ISOLITE_SUMMARY="off", GTEST_TOTAL_SHARDS="1", GTEST_SHARD_INDEX="0",
                               UNRELATED="x", TMPDIR=self.root)["variables"]
        self.assertEqual(variables, {
            "ISOLITE_CACHE": str(self.cache), "ISOLITE_RUNTIME_DIR": str(self.runtime),
            "ISOLITE_SUMMARY": "off", "GTEST_TOTAL_SHARDS": "1", "GTEST_SHARD_INDEX": "0",
            "TMPDIR": str(self.root)})

    def test_every_variable_in_the_sources_is_known(self):
        names = {name for path in (SOURCES / "src").rglob("*.cpp") if path.parent.name != "cli"
                 for name in re.findall(r'"(ISOLITE_[A-Z_]+)"', path.read_text(encoding="utf-8"))}
        self.assertGreater(len(names), 10)
        done = self.run_isolite("doctor", **{name: "?" for name in names})
        self.assertNotIn("reads no such variable", done.stdout)

    def test_every_field_is_documented(self):
        found = self.found()
        fields = {field for name, section in found.items() if isinstance(section, dict) and
                  name != "variables" for field in section}
        self.assert_documented({*found, *fields, "wrong", "do"})


class Broken(Doctor):
    def test_a_file_in_the_place_of_the_runtime_directory(self):
        self.runtime.touch()
        self.assertEqual(self.complaints(), [
            (f"cannot claim a worker slot: {self.runtime} is not a directory",
             "delete it if it is a leftover, or name another directory in ISOLITE_RUNTIME_DIR")])
        self.assertEqual(self.found(status=1)["runtime_directory"],
                         {"path": None, "locks_work": False})
        self.assertRegex(self.output("doctor", status=1), r"\n  path +unknown\n")

    def test_a_runtime_directory_that_cannot_be_made(self):
        (self.root / "file").touch()
        (wrong, remedy), = self.complaints(ISOLITE_RUNTIME_DIR=self.root / "file/below")
        self.assertIn("opening the directory", wrong)
        self.assertIn("ISOLITE_RUNTIME_DIR", remedy)

    def test_a_runtime_directory_that_others_may_write_to(self):
        self.runtime.mkdir()
        self.runtime.chmod(0o777)
        (wrong, _), = self.complaints()
        self.assertIn("may be written by other users", wrong)

    def test_a_run_id_that_needs_the_runtime_directory_blames_it_once(self):
        self.runtime.touch()
        self.assertEqual(len(self.complaints(ISOLITE_RUN_ID="x")), 1)
        self.assertEqual(self.found(status=1, ISOLITE_RUN_ID="x")["worker"], {})
        self.assertIn("\nworker: -\n", self.output("doctor", status=1, ISOLITE_RUN_ID="x"))

    def test_a_malformed_slot(self):
        (wrong, remedy), = self.complaints(ISOLITE_RUN_ID="x", ISOLITE_WORKER_SLOT="first")
        self.assertEqual(wrong, 'cannot detect the worker: ISOLITE_WORKER_SLOT is "first", '
                                "not a slot number")
        self.assertEqual(remedy, "write a number from 0 on, or unset ISOLITE_WORKER_SLOT")

    def test_a_cache_that_others_may_write_to(self):
        self.cache.mkdir()
        self.cache.chmod(0o777)
        (wrong, remedy), = self.complaints()
        self.assertEqual(wrong, f"cannot share images: {self.cache} may be written by other users")
        self.assertIn("ISOLITE_CACHE", remedy)
        self.assertIs(self.found(status=1)["cache"]["usable"], False)

    def test_a_malformed_bound(self):
        (wrong, _), = self.complaints(ISOLITE_CACHE_MB="many")
        self.assertEqual(wrong, 'cannot choose the cache of images: ISOLITE_CACHE_MB is "many", '
                                "not a number")
        self.assertEqual(self.found(status=1, ISOLITE_CACHE_MB="many")["cache"], {})

    def test_a_place_for_evidence_that_is_no_absolute_path(self):
        self.assertEqual(self.complaints(ISOLITE_EVIDENCE="evidence"), [
            ('cannot keep the databases of failed tests: ISOLITE_EVIDENCE is "evidence", not an '
             "absolute path", "name another directory in ISOLITE_EVIDENCE, or set it to off")])

    def test_a_temporary_directory_for_evidence_that_is_no_absolute_path(self):
        self.assertEqual(self.complaints(TMPDIR="tmp"), [
            ('cannot keep the databases of failed tests: TMPDIR is "tmp", not an absolute path',
             "name another directory in ISOLITE_EVIDENCE, or set it to off")])

    def test_a_place_for_evidence_is_not_made(self):
        for place in ["off", "", self.root / "evidence"]:
            self.assertEqual(self.found(ISOLITE_EVIDENCE=place, TMPDIR=self.root)["complaints"], [])
        self.assertEqual([path.name for path in self.root.iterdir() if path.name not in
                          ("cache", "runtime")], [])

    def test_a_level_of_the_summary_that_is_none(self):
        self.assertEqual(self.complaints(ISOLITE_SUMMARY="maybe"), [
            ('cannot choose the summary: ISOLITE_SUMMARY is "maybe", neither off nor failures nor on '
             "nor timings", "set it to on (the default): a verdict, and what failed; timings adds tables, "
             "and failures and off are silent where all passed")])

    def test_a_place_for_records_that_is_no_absolute_path(self):
        self.assertEqual(self.complaints(ISOLITE_LEDGER="records"), [
            ('cannot keep records of what fixtures cost: ISOLITE_LEDGER is "records", neither off '
             "nor an absolute path", "write a path that begins with /: it must name the same "
             "directory in all workers")])

    def test_workers_that_are_no_number_and_a_timeout_that_is_none(self):
        self.assertEqual(self.complaints(ISOLITE_WORKERS="many"), [
            ('cannot choose the workers: ISOLITE_WORKERS is "many", neither auto nor a number from '
             "0 to 256", "write auto for one worker per core, or a number; 0 runs all cases in this "
             "process")])
        self.assertIn("ISOLITE_TIMEOUT", self.complaints(ISOLITE_TIMEOUT="soon")[0][0])

    def test_a_variable_that_is_spelled_almost_right(self):
        self.assertEqual(self.complaints(ISOLITE_CAHCE="off"), [
            ("ISOLITE_CAHCE is set, but isolite reads no such variable",
             "write ISOLITE_CACHE if you mean that")])

    def test_a_variable_that_is_like_no_other(self):
        self.assertEqual(self.complaints(ISOLITE_SOMETHING_ELSE="1"), [
            ("ISOLITE_SOMETHING_ELSE is set, but isolite reads no such variable",
             "unset ISOLITE_SOMETHING_ELSE")])

    def test_several_complaints_at_once(self):
        self.runtime.touch()
        self.assertEqual(len(self.complaints(ISOLITE_CACHE_DAYS="x", ISOLITE_CAHCE="off")), 3)

    @with_broken_system
    def test_a_sandbox_without_memory_files(self):
        self.assertEqual(self.complaints(LD_PRELOAD=BROKEN_SYSTEM, BROKEN="memfd"), [
            ("cannot share memory between connections: memfd_create failed: Operation not "
             "permitted", "let the container or sandbox around this process allow memfd_create")])

    @with_broken_system
    def test_file_systems_without_locks(self):
        found = self.found(status=1, LD_PRELOAD=BROKEN_SYSTEM, BROKEN="locks", ISOLITE_RUN_ID="x",
                           ISOLITE_WORKER_SLOT="0")
        self.assertEqual([complaint["do"] for complaint in found["complaints"]],
                         ["the file system has no locks: name a local directory in " + variable
                          for variable in ("ISOLITE_RUNTIME_DIR", "ISOLITE_CACHE")])
        self.assertEqual(list(self.runtime.iterdir()), [])

    @with_broken_system
    def test_a_library_of_sqlite_that_is_older_than_its_headers(self):
        (wrong, remedy), = self.complaints(LD_PRELOAD=BROKEN_SYSTEM, BROKEN="sqlite")
        self.assertRegex(wrong, r"\Athe SQLite library is [\d.]+, older than the headers isolite "
                                r"was built with, [\d.]+\Z")
        self.assertEqual(remedy, "build isolite again, or let the loader find the newer library")

    @with_broken_system
    def test_a_library_of_sqlite_that_fails(self):
        self.assertEqual(self.refusal("doctor", "--json", status=1, LD_PRELOAD=BROKEN_SYSTEM,
                                      BROKEN="exec"),
                         "isolite: cannot go on: not an error\n")


if __name__ == "__main__":
    main()
