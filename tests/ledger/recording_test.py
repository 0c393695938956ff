"""Lets programs do to their own records what tests do to a process. Argument: the subject."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

SUBJECT = None
DEADLINE = 100  # seconds: a guard against hanging, on any machine


class RecordingTest(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.addCleanup(directory.cleanup)
        self.root = pathlib.Path(directory.name)

    def run_subject(self, action, *arguments, **variables):
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith(("ISOLITE_", "XDG_", "NEXTEST_", "TEST_", "CTEST_"))}
        # A long jump and an exit in the middle leave memory behind, as they do in any program.
        kept["ASAN_OPTIONS"] = kept.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
        environment = {**kept, "HOME": str(self.root), "ISOLITE_CACHE": "off",
                       "ISOLITE_LEDGER": str(self.root / "runs"),
                       "ISOLITE_RUN_ID": "a run", "ISOLITE_WORKER_SLOT": "0", **variables}
        return subprocess.run([SUBJECT, action, *arguments], env=environment, capture_output=True, text=True,
                              timeout=DEADLINE)

    def files(self):
        return sorted((self.root / "runs").glob("*/*.jsonl"))

    def records(self, path=None):
        """Returns the records of a file, of which all lines but the empty ones must be whole."""
        if path is None:
            path, = self.files()
        content = path.read_bytes()
        return [json.loads(line) for line in content.split(b"\n") if line]

    def records_after(self, action):
        ended = self.run_subject(action)
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))
        return self.records()

    def test_what_ends_after_all_destructors_is_recorded(self):
        kinds = [record["kind"] for record in self.records_after("close_after_all_destructors")]
        self.assertEqual(kinds.count("fixture"), 5000)
        self.assertEqual(kinds[-1], "session closed")

    @unittest.skipIf(os.environ.get("ISOLITE_TEST_SANITIZED") == "true",
                     "the allocator of a sanitizer may be locked in a child of a program with threads")
    def test_children_of_a_program_with_threads_come_to_their_end(self):
        ended = self.run_subject("fork_beside_threads")
        self.assertEqual((ended.returncode, ended.stdout), (0, "0 children failed\n"))
        names = {record["name"] for record in self.records() if record["kind"] == "fixture"}
        self.assertEqual(names, {"fixture of a user"})

    def test_a_limit_of_the_size_of_files_ends_no_test(self):
        ended = self.run_subject("limit_size_of_files")
        self.assertEqual((ended.returncode, ended.stdout), (0, "alive\n"))
        self.assertEqual(ended.stderr.count("failed: File too large"), 1)
        self.assertEqual(self.records()[0]["kind"], "process")

    def test_a_mask_of_permissions_does_not_keep_the_process_out(self):
        nobody = 65534
        if os.geteuid() == 0:  # the subject becomes somebody whom permissions concern
            os.chown(self.root, nobody, nobody)
        self.assertEqual(len(self.records_after("mask_all_permissions")), 5002)

    def test_a_run_that_is_left_outside_of_cases_has_no_end(self):
        kinds = [record["kind"] for record in self.records_after("exit_outside_of_cases")]
        self.assertEqual(kinds, ["process", "fixture"])

    def test_a_run_that_is_left_in_a_case_has_no_end(self):
        kinds = [record["kind"] for record in self.records_after("exit_in_a_case")]
        self.assertEqual(kinds, ["process", "begin"])

    def test_old_runs_are_removed_before_the_first_case(self):
        for number in range(26):
            old = self.root / "runs" / f"old {number}"
            old.mkdir(parents=True)
            (old / "main-99999999.jsonl").write_text('{"kind":"process"}\n')
            os.utime(old, (1000, 1000))
        os.chmod(self.root / "runs", 0o700)
        ended = self.run_subject("make_ready")
        self.assertEqual((ended.returncode, ended.stdout, ended.stderr), (0, "20 runs\n", ""))

    def test_a_handler_may_end_the_program_while_it_keeps_records(self):
        ended = self.run_subject("exit_in_a_handler")
        self.assertEqual((ended.returncode, ended.stdout), (0, "0 children failed\n"))

    def test_a_fixture_that_was_jumped_out_of_is_around_no_later_one(self):
        last = self.records_after("jump_out_of_a_fixture")[-2]
        self.assertEqual((last["name"], last.get("depth", 0)), ("after that", 0))

    def test_a_jump_out_of_the_ledger_locks_nobody_out(self):
        ended = self.run_subject("jump_out_of_the_ledger")
        self.assertEqual((ended.returncode, ended.stdout), (0, "alive, as is a child: 0\n"))

    def test_a_fixture_may_end_in_another_thread(self):
        depths = {record["name"]: record.get("depth", 0)
                  for record in self.records_after("end_fixtures_in_another_thread")
                  if record["kind"] == "fixture"}
        self.assertEqual(depths, {"moved": 0, "in the thread": 0})

    def test_the_head_is_the_first_moment_of_all(self):
        head, *others = self.records_after("seed_before_the_run")
        self.assertEqual([record["kind"] for record in others], 3 * ["fixture"] + ["end"])
        self.assertLessEqual(head["start"], min(record["start"] for record in others))

    def test_each_run_of_a_process_has_a_file_of_its_own(self):
        self.assertEqual(self.run_subject("run_twice").returncode, 0)
        self.assertEqual([[record.get("test", record["kind"]) for record in self.records(path)]
                          for path in self.files()],
                         [["process", test, test, "end"] for test in ("second", "first")])

    def test_a_worker_belongs_to_the_run_of_its_parent(self):
        self.assertEqual(self.run_subject("fork_a_worker").returncode, 0)
        heads = [self.records(path)[0] for path in self.files()]
        self.assertEqual([head["worker"] for head in heads], ["parent", "w7"])
        self.assertEqual([head["run"] for head in heads], 2 * [heads[0]["run"]])
        self.assertEqual(heads[1]["parent"], heads[0]["pid"])

    def test_a_directory_that_cannot_be_used_is_told_of_once_by_all_processes(self):
        (self.root / "runs").mkdir(mode=0o777)
        os.chmod(self.root / "runs", 0o777)
        ended = self.run_subject("fork_a_worker")
        self.assertEqual((ended.returncode, ended.stderr.count("isolite: warning")), (0, 1))

    def test_of_a_long_command_line_the_first_words_are_recorded(self):
        self.run_subject("tell_of_a_death", "two words", 5000 * "x", "more")
        self.assertEqual(self.records()[0]["command"], f"{SUBJECT} tell_of_a_death 'two words' ...")

    def test_a_head_identifies_its_process(self):
        self.run_subject("tell_of_a_death")
        self.run_subject("tell_of_a_death")
        one, other = (self.records(path)[0] for path in self.files())
        self.assertNotEqual(one["identity"], other["identity"])
        self.assertTrue(one["identity"].startswith(f"{one['pid']}-"))

    def test_a_death_names_the_process(self):
        death = self.records_after("tell_of_a_death")[1]
        del death["start"]
        self.assertEqual(death, {"kind": "death", "worker": "w1", "incarnation": 2, "pid": 42,
                                 "text": "killed by SIGKILL", "test": "orders/first"})

    def test_a_hundred_thousand_names_take_no_time_to_speak_of(self):
        ended = self.run_subject("use_many_names")
        self.assertEqual((ended.returncode, ended.stdout), (0, "42 lines\n"))


if __name__ == "__main__":
    SUBJECT = os.path.abspath(sys.argv.pop(1))
    unittest.main(verbosity=2)
