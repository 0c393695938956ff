"""Lets the system refuse what a suite wants to keep: one cause is one line, with the true reason
and with what refused, however many workers meet it.

Started as: refusals_test.py SUBJECT. The disks are file systems in memory, mounted in a namespace
of users and mounts of this script's own; the subject has no rights there but its own. Where the
system allows none, the tests are skipped.
"""

import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import namespace

NO_SPACE = "No space left on device"
RECORDS = "cannot keep records of what fixtures cost: "
HISTORY = "cannot record the history of cases: writing HERE/cache/default/history/HISTORY failed: "
LONG = 300 * "x"


def free(variable):
    return f"free space there, or name another directory in {variable}"


def permit(variable):
    return f"make it writable for this user, or name another directory in {variable}"


def warned(message, hint):
    return [f"isolite: warning: {message}", f"  hint: {hint}"]


def unkept(why, hint):
    return [f"  its database was not kept: {why}", f"  hint: {hint}"]


def mount(options):
    return lambda path: subprocess.run(["mount", "-t", "tmpfs", "-o", options + ",mode=0700",
                                        "none", str(path)], check=True)


def unmount_all(place):
    for line in pathlib.Path("/proc/mounts").read_text().splitlines():
        if (where := line.split()[1]).startswith(f"{place}/"):
            subprocess.run(["umount", "-l", where], check=True)


def full(path):
    mount("size=16k")(path)
    with open(path / "filler", "wb", buffering=0) as filler:
        try:
            while True:
                filler.write(bytes(4096))
        except OSError:
            pass


def read_only(path):
    path.chmod(0o500)


def read_only_disk(path):
    mount("size=1m")(path)
    subprocess.run(["mount", "-o", "remount,ro", str(path)], check=True)


def a_file(path):
    path.rmdir()
    path.touch()


CACHE = ("cache", "ISOLITE_CACHE", "HERE/cache")
LEDGER = ("ledger", "ISOLITE_LEDGER", "HERE/ledger")
EVIDENCE = ("evidence", "ISOLITE_EVIDENCE", "HERE/evidence")
NO_CACHE = "cannot keep anything in the cache: "

# What is refused and how; what is said of it, in the same words in one process and with workers.
REFUSALS = {
    "a cache that may not be written to": (CACHE, read_only, warned(
        NO_CACHE + "making the directory HERE/cache/default failed: Permission denied",
        permit("ISOLITE_CACHE"))),
    "a cache on a disk that may not": (CACHE, read_only_disk, warned(
        NO_CACHE + "making the directory HERE/cache/default failed: Read-only file system",
        permit("ISOLITE_CACHE"))),
    "a cache that is a file": (CACHE, a_file, warned(
        NO_CACHE + "HERE/cache is not a directory",
        "delete it if it is a leftover, or name another directory in ISOLITE_CACHE")),
    "a cache without a place": (("", "ISOLITE_CACHE", "/proc/nowhere/cache"), None, warned(
        NO_CACHE + "making the directory /proc/nowhere failed: No such file or directory",
        "name another directory in ISOLITE_CACHE if this one cannot be used")),
    "a name that is too long": (("", "ISOLITE_CACHE", f"HERE/{LONG}"), None, warned(
        NO_CACHE + f"opening the directory HERE/{LONG} failed: File name too long",
        "name a shorter path in ISOLITE_CACHE")),
    "a path that is too long": (("", "ISOLITE_CACHE", "HERE" + 2000 * "/x"), None, warned(
        NO_CACHE + "opening the directory HERE" + 2000 * "/x" + " failed: File name too long",
        "name a shorter path in ISOLITE_CACHE")),
    "a cache on a full disk": (CACHE, full, warned(
        RECORDS + f"writing HERE/cache/default/runs/RUN/RECORDS failed: {NO_SPACE}",
        free("ISOLITE_LEDGER"))),
    "records that may not be written": (LEDGER, read_only, warned(
        RECORDS + "making the directory HERE/ledger/RUN failed: Permission denied",
        permit("ISOLITE_LEDGER"))),
    "records on a full disk": (LEDGER, full, warned(
        RECORDS + f"writing HERE/ledger/RUN/RECORDS failed: {NO_SPACE}", free("ISOLITE_LEDGER"))),
    "records where a file is": (LEDGER, a_file, warned(
        RECORDS + "HERE/ledger is not a directory",
        "delete it if it is a leftover, or name another directory in ISOLITE_LEDGER")),
    "databases that may not be kept": (EVIDENCE, read_only, unkept(
        "making the directory HERE/evidence/PROGRAM failed: Permission denied",
        permit("ISOLITE_EVIDENCE"))),
    "databases on a full disk": (EVIDENCE, full, unkept(
        f"writing HERE/evidence/PROGRAM/RUN/fails.db failed: {NO_SPACE}",
        free("ISOLITE_EVIDENCE"))),
}


class Refusals(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.place = pathlib.Path(temporary.name).resolve()
        self.addCleanup(unmount_all, self.place)

    def folder(self, name):
        path = self.place / name
        path.mkdir(mode=0o700)
        return path

    def run_subject(self, *options, limits=(), **variables):
        def limit():
            for which, most in limits:
                resource.setrlimit(which, (most, most))
        environment = {"PATH": os.environ["PATH"], "TMPDIR": str(self.place),
                       "ISOLITE_CACHE": str(self.place / "cache"), "ISOLITE_SUMMARY": "off"}
        environment.update((name, value.replace("HERE", str(self.place)))
                           for name, value in variables.items())
        return subprocess.run(["setpriv", "--bounding-set=-all", SUBJECT, *options],
                              env=environment, preexec_fn=limit, capture_output=True, text=True,
                              check=False)

    def said(self, *options, **given):
        """Returns what is said of refusals, without names that vary."""
        done = self.run_subject(*options, **given)
        text = (done.stderr + done.stdout).replace(str(self.place), "HERE")
        for varies, name in ((r"/[a-z]+-\d+-\d+-[0-9a-f]+", "/RUN"),
                             (r"[a-z0-9]+-\d+\.jsonl", "RECORDS"),
                             (r"refused_subject-[0-9a-f]{8}\b", "PROGRAM"),
                             (r"refused_subject-[0-9a-f]{16}\.history\.tsv", "HISTORY")):
            text = re.sub(varies, name, text)
        return [line for line in text.splitlines()
                if re.match("isolite: (warning: |cannot )|  (hint: |its database was not)", line)]

    def check(self, expected, *options, **given):
        for workers in "0", "4":
            with self.subTest(workers=workers):
                self.assertEqual(self.said(f"--workers={workers}", *options, **given), expected)

    def test_each_is_told_once_with_the_reason_and_what_refused(self):
        for name, ((folder, variable, value), refuse, expected) in REFUSALS.items():
            for workers in "0", "4":
                with self.subTest(name, workers=workers):
                    self.setUp()
                    if refuse:
                        refuse(self.folder(folder))
                    self.assertEqual(self.said(f"--workers={workers}", **{variable: value}),
                                     expected)

    def test_workers_whose_records_find_no_room_tell_it_once(self):
        folder = self.folder("ledger")
        mount("nr_inodes=3")(folder)  # the directories, and the file of the parent
        said = self.said("--workers=4", ISOLITE_LEDGER=str(folder),
                         SUBJECT_MEETS=str(self.folder("meeting")))
        self.assertEqual(said, warned(
            RECORDS + f"making HERE/ledger/RUN/RECORDS failed: {NO_SPACE}",
            free("ISOLITE_LEDGER")))

    def test_a_history_tells_the_reason_of_the_system(self):
        self.run_subject("--workers=2")
        (self.place / "cache/default/history").chmod(0o500)
        self.check(warned(HISTORY + "Permission denied", permit("ISOLITE_CACHE")))

    def test_a_history_on_a_full_disk(self):
        self.run_subject("--workers=2")
        full_disk = self.place / "cache/default/history"
        for file in full_disk.iterdir():
            file.unlink()
        full(full_disk)
        self.check(warned(HISTORY + NO_SPACE, free("ISOLITE_CACHE")))

    def test_limits_of_the_process(self):
        self.check(warned(RECORDS + "writing HERE/cache/default/runs/RUN/RECORDS failed: File too "
                          "large", "raise the limit of file sizes, e.g. with `ulimit -f`"),
                   limits=[(resource.RLIMIT_FSIZE, 8192)])
        said = self.said("--workers=0", limits=[(resource.RLIMIT_NOFILE, 7)])
        self.assertRegex(said[0], "^isolite: warning: .* failed: Too many open files$")
        self.assertEqual(said[1], "  hint: raise the limit of open files, e.g. with `ulimit -n`")
        self.assertNotIn("isolite: warning", "".join(said[2:]))  # its databases are told apart

    def test_reports_for_others(self):
        task = "isolite: cannot write the JUnit report HERE/"
        for file, refuse, why, hint in (
                ("out/j.xml", read_only, "Permission denied",
                 "name a file in a directory that this user can write to"),
                ("out/j.xml", full, NO_SPACE, "free space there, or name a file elsewhere"),
                ("none/j.xml", None, "No such file or directory", "make its directory first"),
                (LONG, None, "File name too long", "name a file with a shorter path")):
            with self.subTest(why):
                self.setUp()
                if refuse:
                    refuse(self.folder("out"))
                self.check([f"{task}{file}: {why}", f"  hint: {hint}"],
                           f"--junit={self.place}/{file}")


if __name__ == "__main__":
    namespace.enter()
    SUBJECT = sys.argv[1]
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
