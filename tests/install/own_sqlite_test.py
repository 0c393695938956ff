"""Runs one program that is linked with several SQLites, and reads what it says.

usage: own_sqlite_test.py FOLDER_OF_PROGRAMS [ARGUMENTS OF UNITTEST]
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

PROGRAMS = pathlib.Path(sys.argv.pop(1)).resolve()
LEAK = "cannot end 'a leak' with a clean database: it committed changes to the database 'shop'"


def run(name, *arguments, **environment):
    """Returns the exit status and what the program said, in an environment of its own."""
    with tempfile.TemporaryDirectory() as place:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("ISOLITE_")}
        done = subprocess.run([PROGRAMS / name, *arguments], capture_output=True, text=True,
                              check=False, timeout=60, cwd=place,
                              env={**kept, "TMPDIR": place, "ISOLITE_CACHE": f"{place}/cache",
                                   "ISOLITE_SUMMARY": "off", "ISOLITE_EVIDENCE": "off",
                                   **environment})
    return done.returncode, done.stderr


class OwnSqlite(unittest.TestCase):
    def assert_works(self, name):
        for workers in "0", "2":
            with self.subTest(workers=workers):
                status, said = run(name, f"--workers={workers}")
                self.assertEqual(status, 1, said)
                self.assertEqual(len(re.findall(r"failed: a leak \(w\d+\)\n|a leak failed:\n", said)),
                                 1, said)
                self.assertIn(LEAK, said)
                self.assertIn("table products: 1 row added", said)

    def assert_refused(self, name, sentence, hint, *arguments, **environment):
        for workers in "0", "2":
            with self.subTest(workers=workers):
                status, said = run(name, f"--workers={workers}", *arguments, **environment)
                self.assertEqual(status, 1, said)
                self.assertRegex(said, f"^isolite: cannot {sentence}\n  hint: {hint}\n$")

    def test_the_library_uses_the_one_that_the_program_shows(self):
        self.assert_works("own_visible")

    def test_a_static_library_uses_the_one_that_the_program_hides(self):
        self.assert_works("own_static")

    def test_a_shared_library_and_a_hidden_one_in_the_program_are_told(self):
        hint = re.escape("let both call one: build isolite as a static library "
                         "(default_library=static) and link it where the other SQLite is, or "
                         "link the one that isolite calls")
        for name in "own_hidden", "own_files":
            sentence = ("use two SQLites in one process: the tests call [0-9.]+ of "
                        f"'.*/{name}', isolite calls [0-9.]+ of '.*libsqlite3.so.*'")
            self.assert_refused(name, sentence, hint)
        nothing = {"SUBJECT_CLAIMS_NOTHING": "1"}
        self.assertEqual(run("own_files", **nothing)[0], 0)
        self.assert_refused("own_files", sentence, hint, "--files=*.db", **nothing)
        self.assert_refused("own_files", sentence, hint, ISOLITE_FILES="*.db", **nothing)

    def test_a_function_that_the_one_of_the_program_lacks_is_not_taken_from_another(self):
        self.assert_refused(
            "own_lacking",
            "use two SQLites in one process: [0-9.]+ of '.*/own_lacking' has no "
            "sqlite3_progress_handler, so that of another one would be called",
            "build that SQLite without an option that leaves functions out, and do not link "
            "another one")

    def test_a_hidden_one_in_a_library_is_told_once_where_files_are_claimed(self):
        for name in "own_in_library", "own_in_plugin":
            for workers in "0", "2":
                with self.subTest(name=name, workers=workers):
                    status, said = run(name, f"--workers={workers}")
                    self.assertEqual(status, 1, said)
                    self.assertIn("the table was there", said)
                    self.assertRegex(
                        said,
                        "isolite: warning: cannot isolate what '.*/libown-sqlite-library.so' opens "
                        "by path: it has a SQLite of its own, whose files are on the disk\n"
                        "  hint: let it call the same SQLite as isolite in the build for tests; if "
                        "it opens no files of the tests, all is well\n")
                    if name == "own_in_library":
                        self.assertEqual(said.count("has a SQLite of its own"), 1, said)


if __name__ == "__main__":
    unittest.main()
