"""Compares what docs/command-line.md shows with what the command prints in a place like that."""

import os
import re
import sys
import time

from command import SOURCES, CommandTest, main

sys.path.insert(0, str(SOURCES / "tests/report"))
from records import MS, SECOND, simple_run, write_run  # pylint: disable=wrong-import-position

MINUTE, DAY = 60, 24 * 3600
# They fill so many overflow pages; two pages come before them, and one behind.
SHOP_BYTES, WAREHOUSE_BYTES = 42 * 4092 + 489, 356 * 4092 + 489

# What the doctor finds differs from machine to machine.
VARYING = ("isolite", "sqlite_headers", "sqlite_library", "sqlite_agrees", "sqlite_source_id",
           "sqlite_threading", "sqlitecpp", "boost", "name", "run_id", "found_by", "free")


def blocks():
    """Returns what the page shows of each command."""
    page = (SOURCES / "docs/command-line.md").read_text(encoding="utf-8")
    return dict(re.findall(r"(?ms)^```console\n\$ (.*?)\n(.*?)^```$", page))


def compared(text):
    """Returns an output without what differs from machine to machine."""
    text = re.sub(rf"(?m)^(  (?:{'|'.join(VARYING)}) +).*", r"\1…", text)
    return re.sub(r"-[0-9a-f]{32}\.db", "-….db", text)


class Page(CommandTest):
    def setUp(self):
        super().setUp()
        self.cache = self.root / ".cache/isolite"  # where it is without a variable
        self.runtime = self.root / "run"
        self.runtime.mkdir()

    def make_used_image(self, name, built, used, **options):
        """Makes an image that was built and used last that many seconds ago."""
        image = self.make_image(name, **options)
        record = image.with_name(image.name + ".used")
        record.touch(mode=0o600)
        for path, age in [(image, built), (record, used)]:
            os.utime(path, (time.time() - age,) * 2)

    def keep_runs(self):
        """Keeps four runs, in the last of which a case fails and takes longer than before."""
        for number in range(4):
            run = f"nightly-{14 + number}"
            is_last = number == 3
            slow = 200 if is_last else 100
            process, = simple_run(
                run, (number + 1) * SECOND, cases=2, program="/home/me/shop/build/shop_test",
                scale=lambda position, slow=slow: (100, slow)[position] * MS)
            if is_last:
                case = [line for line in process.lines if line["kind"] == "case"][-1]
                case |= {"verdict": "failed", "output": "12 orders read\n",
                         "text": "shop_test.cpp(41): check stock == 3 has failed [2 != 3]"}
            write_run(self.cache / "default/runs" / run, [process])

    def assert_shown(self, command, status=0):
        words = command.split()
        program = words.index("isolite")
        variables = dict(word.split("=") for word in words[:program])
        done = self.run_isolite(*words[program + 1:], ISOLITE_CACHE=None, ISOLITE_RUNTIME_DIR=None, TZ="UTC",
                                XDG_RUNTIME_DIR=self.runtime, TMPDIR=None, **variables)
        self.assertEqual((done.returncode, done.stderr), (status, ""), done.stdout)
        printed = done.stdout.replace(str(self.runtime), "/run/user/1000")
        printed = printed.replace(str(self.root), "/home/me")
        self.assertEqual(compared(blocks()[command]), compared(printed))

    def test_cache_path(self):
        self.assert_shown("isolite cache path")

    def test_cache_list(self):
        self.make_used_image("shop", 2 * DAY, 5 * MINUTE, blob_bytes=SHOP_BYTES)
        self.make_used_image("warehouse", 6 * DAY, 4 * DAY, blob_bytes=WAREHOUSE_BYTES)
        books = self.make_image("books")
        books.chmod(0o600)
        os.truncate(books, 100)
        os.utime(books, (time.time() - 90 * MINUTE,) * 2)
        self.assert_shown("isolite cache list")

    def test_cache_prune(self):
        self.make_used_image("shop", 2 * DAY, 5 * MINUTE, blob_bytes=SHOP_BYTES)
        self.make_used_image("warehouse", 40 * DAY, 31 * DAY, blob_bytes=WAREHOUSE_BYTES)
        self.assert_shown("isolite cache prune")

    def test_report(self):
        self.keep_runs()
        self.assert_shown("isolite report")

    def test_report_list(self):
        self.keep_runs()
        self.assert_shown("isolite report --list")

    def test_doctor(self):
        self.make_image("shop", blob_bytes=SHOP_BYTES)
        self.make_image("warehouse", blob_bytes=WAREHOUSE_BYTES)
        self.assert_shown("ISOLITE_CAHCE=off isolite doctor", status=1)

    def test_nothing_else_is_shown(self):
        tests = [name for name in dir(self) if name.startswith("test_")]
        self.assertEqual(len(blocks()), len(tests) - 1, list(blocks()))


if __name__ == "__main__":
    main()
