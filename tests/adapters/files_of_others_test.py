"""Lets another user plant links, pipes, files and directories wherever isolite keeps something.

Nothing of the victim's may be read, made or deleted, nothing may hang, and the tests run on.
Users are changed by root only; others skip this.
"""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from test_program import OURS, main, program

VICTIM, ATTACKER = 61001, 61002
COMMAND = program("../../src/cli/isolite")
SECRET = "the victim's letter"
# What each variable names, in a directory that both users may write to; the last of them have
# the places that isolite chooses itself in TMPDIR.
PLACES = {
    "evidence": {"ISOLITE_EVIDENCE": "place"},
    "cache": {"ISOLITE_CACHE": "place"},
    "records": {"ISOLITE_LEDGER": "place"},
    "locks": {"ISOLITE_RUNTIME_DIR": "place"},
    "a cache below the place": {"ISOLITE_CACHE": "place/a/cache"},
    "evidence below the place": {"ISOLITE_EVIDENCE": "place/an/evidence"},
    "temporary files": {"TMPDIR": ""},
}


def as_user(user, action):
    """Calls a function in a process of a user."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.setgroups([])
            os.setgid(user)
            os.setuid(user)
            os.umask(0)
            action()
            status = 0
        except PermissionError:
            status = 77  # what the system forbids is no danger
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 77):
        raise AssertionError(f"user {user} could not prepare the test")


@unittest.skipIf(os.geteuid() != 0, "only root can be two users")
class FilesOfOthersTest(unittest.TestCase):
    def setUp(self):
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="isolite-others-")).resolve()
        self.addCleanup(shutil.rmtree, self.top)
        self.top.chmod(0o755)
        self.programs = self.top / "programs"
        shutil.copytree(program("../../src"), self.programs / "lib",
                        ignore=lambda folder, names: [
                            name for name in names if not name.startswith("libisolite.so")
                            or name.endswith((".p", ".symbols"))])
        for name in ("doctest_evidence", "doctest_verdicts"):
            shutil.copy(program(name), self.programs)

    def prepare(self, mode=0o1777):
        """Makes a home with letters in it, and a place that both users may write to."""
        self.home, self.shared = self.top / "home", self.top / "shared"
        for folder in (self.home, self.shared):
            shutil.rmtree(folder, ignore_errors=True)
        self.shared.mkdir()
        self.shared.chmod(mode)
        self.home.mkdir(mode=0o755)
        for letter in ("letter.txt", "letters/letter.db", "letters/more/w0-1.jsonl",
                       "letters/more/isolite.lock", "open.db"):
            path = self.home / letter
            path.parent.mkdir(exist_ok=True)
            path.write_text(SECRET, encoding="utf-8")
        for path in (self.home, *self.home.rglob("*")):
            os.chown(path, VICTIM, VICTIM)
        (self.home / "open.db").chmod(0o666)  # so that a hard link to it may be made

    def state_of_home(self):
        """Returns names, owners and times; that of the last reading is set back first."""
        found = {}
        for path in (self.home, *sorted(self.home.rglob("*"))):
            status = os.lstat(path)
            text = path.read_bytes() if path.is_file() else b""
            found[path] = status.st_mode, status.st_uid, status.st_mtime_ns, text
        for path in found:
            os.utime(path, ns=(0, os.lstat(path).st_mtime_ns), follow_symlinks=False)
        return found

    def start(self, name, *arguments, **variables):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        kept.pop("XDG_RUNTIME_DIR", None)
        kept.pop("XDG_CACHE_HOME", None)
        done = subprocess.run(
            [self.programs / name, *arguments], cwd="/", timeout=60, text=True,
            env={**kept, "HOME": "", "LD_LIBRARY_PATH": str(self.programs / "lib"),
                 "ISOLITE_RUN_ID": "nightly", **variables},
            user=VICTIM, group=VICTIM, extra_groups=[], umask=0o022, capture_output=True,
            check=False)
        return done.returncode, done.stdout, done.stderr

    def run_tests(self, variables):
        """Runs a test that fails, then some that pass in workers. Returns what they said."""
        quiet = {"ISOLITE_EVIDENCE": "off", "ISOLITE_CACHE": "off", "ISOLITE_LEDGER": "off"}
        if "TMPDIR" in variables:
            quiet = {}
        where = {name: str(self.shared / value) for name, value in variables.items()}
        return [self.start("doctest_evidence", "--no-colors", "--test-case=throws", **{**quiet, **where}),
                self.start("doctest_verdicts", "--workers=2", "--test-case=passes*",
                           **{**quiet, **where})]

    def made_in_shared(self):
        return sorted(path.relative_to(self.shared) for path in self.shared.rglob("*"))

    def assert_harmless(self, outcomes, before, atimes):
        read = {path: time for path, time in atimes.items() if os.lstat(path).st_atime_ns != time}
        self.assertEqual(read, {}, "was read")
        self.assertEqual(self.state_of_home(), before)
        (failed, out, err), (passed, passed_out, passed_err) = outcomes
        told = out + err + passed_out + passed_err
        self.assertNotIn(SECRET, told)
        for _, _, errors in outcomes:
            self.assertLessEqual(errors.count("cannot keep anything in the cache"), 1)
        if "cannot claim a worker slot" not in told:
            self.assertEqual(failed, 1, told)
            self.assertIn("the code under test failed", out)
            self.assertEqual(passed, 0, told)
        return told

    PLANTS = {
        "a link to the home": lambda test, path: os.symlink(test.home, path),
        "a link to a directory": lambda test, path: os.symlink(test.home / "letters", path),
        "a link to a file": lambda test, path: os.symlink(test.home / "letters/letter.db", path),
        "a dangling link": lambda test, path: os.symlink(test.home / ".forward", path),
        "a pipe": lambda test, path: os.mkfifo(path, 0o666),
        "a file": lambda test, path: path.write_text("planted", encoding="utf-8"),
        "a directory": lambda test, path: path.mkdir(mode=0o777),
        "a private directory": lambda test, path: path.mkdir(mode=0o700),
        "a hard link": lambda test, path: os.link(test.home / "open.db", path),
    }

    def judge(self, variables):
        before = self.state_of_home()
        atimes = {path: os.lstat(path).st_atime_ns for path in before}
        return self.assert_harmless(self.run_tests(variables), before, atimes)

    def levels_of(self, variables):
        """Returns what a run makes in the shared directory."""
        self.prepare()
        self.judge(variables)
        made = self.made_in_shared()
        self.assertNotEqual(made, [])
        for path in made:
            mode = os.lstat(self.shared / path).st_mode
            self.assertEqual(mode & 0o077, 0, path)
        return made

    def test_nothing_planted_before_the_first_run_is_followed(self):
        for place, variables in PLACES.items():
            for level in self.levels_of(variables):
                if len(level.parts) > 2:  # all stand in a directory of the attacker
                    continue
                for plant, put in self.PLANTS.items():
                    with self.subTest(place=place, level=str(level), plant=plant):
                        self.prepare()
                        path = self.shared / level

                        def attack(path=path, put=put, plant=plant):
                            is_link = plant.startswith("a link")
                            path.parent.mkdir(mode=0o755 if is_link else 0o777, exist_ok=True)
                            put(self, path)
                        as_user(ATTACKER, attack)
                        self.judge(variables)

    def test_nothing_planted_where_a_directory_was_opened_to_all_is_followed(self):
        for place, variables in PLACES.items():
            levels = self.levels_of(variables)
            before = self.top / "before"
            subprocess.run(["cp", "-a", self.shared, before], check=True)
            for level in levels:
                if len(level.parts) == 1:
                    continue
                for plant, put in self.PLANTS.items():
                    with self.subTest(place=place, level=str(level), plant=plant):
                        self.prepare()
                        self.shared.rmdir()
                        subprocess.run(["cp", "-a", before, self.shared], check=True)
                        path = self.shared / level
                        for above in path.parent.parents:
                            if self.shared in above.parents:
                                above.chmod(0o711)
                        path.parent.chmod(0o777)

                        def attack(path=path, put=put):
                            path.rename(path.with_name("taken"))
                            put(self, path)
                        as_user(ATTACKER, attack)
                        self.judge(variables)
            shutil.rmtree(before)

    @unittest.skipIf(not os.path.exists(COMMAND), "the command isolite is not built")
    def test_a_cache_that_somebody_else_prepared_is_not_pruned(self):
        shutil.copy(COMMAND, self.programs)
        for level, target, project in (("place", "", "letters"), ("place/default", "", "default"),
                                       ("place/default", "letters", "default")):
            with self.subTest(level=level, target=target):
                self.prepare()

                def attack(path=self.shared / level, target=target):
                    path.parent.mkdir(mode=0o755, exist_ok=True)
                    os.symlink(self.home / target, path)
                as_user(ATTACKER, attack)
                before = self.state_of_home()
                status, out, err = self.start("isolite", "cache", "prune", "--everything",
                                              ISOLITE_CACHE=str(self.shared / "place"),
                                              ISOLITE_PROJECT=project)
                self.assertEqual(self.state_of_home(), before, out + err)
                self.assertEqual((status, out), (1, ""))
                self.assertIn("cannot keep anything in the cache: ", err)

    def test_a_home_that_cannot_be_written_to_is_told_once_with_its_cause(self):
        self.prepare()
        self.home.chmod(0o555)
        status, out, err = self.start("doctest_verdicts", "--workers=2", "--test-case=passes*",
                                      HOME=str(self.home), ISOLITE_EVIDENCE="off")
        self.assertEqual(status, 0, out + err)
        warnings = [line for line in err.splitlines() if "warning" in line or "hint" in line]
        self.assertEqual(warnings, [
            "isolite: warning: cannot keep anything in the cache: making the directory "
            f"{self.home}/.cache failed: Permission denied",
            "  hint: make it writable for this user, or name another directory in ISOLITE_CACHE"])


if __name__ == "__main__":
    main()
