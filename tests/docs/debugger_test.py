"""Debugs a program by `meson test --gdb`, as a person at a terminal does and as the documentation
shows it.

usage: debugger_test.py SOURCE_DIRECTORY PROGRAM MESON [unittest's arguments]
Without a gdb that can run a program it says so and exits with 77.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(sys.argv[1]).resolve()
PROGRAM = pathlib.Path(sys.argv[2]).resolve()
MESON = sys.argv[3]
sys.path.append(str(SOURCE / "tests/adapters/behaviour"))

from screen import Screen, drawn

PAGE = SOURCE / "docs/when-it-goes-wrong.md"
PROMPT = "(gdb) "
INTERRUPT = b"\x03"
SETTINGS = ("set pagination off", "set confirm off", "set width 0", "set style enabled off")
FORKED_NOTHING = ("isolite: a debugger has this process: all cases run in it, without limits of time",
                  "  hint: give a number, as --workers=2, to fork workers all the same")
OTHERS = ("ISOLITE_", "BOOST_TEST_", "GTEST_", "MESON_", "DEBUGINFOD_")


def environment(home):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OTHERS)}
    kept.pop("XDG_CONFIG_HOME", None)
    return {**kept, "HOME": str(home), "TMPDIR": str(home), "TERM": "dumb",
            "ISOLITE_CACHE": str(home / "cache"), "ISOLITE_EVIDENCE": "off"}


class debugger:
    """A terminal on which `meson test --gdb` has a prompt. The project has one test."""

    def __init__(self, home, arguments, variables):
        (home / ".gdbinit").write_text("\n".join(SETTINGS) + "\n", encoding="utf-8")
        (home / "meson.build").write_text(
            "project('debugged')\n"
            f"test('shop', find_program('{PROGRAM}'), args: {arguments}, env: {variables})\n",
            encoding="utf-8")
        subprocess.run([MESON, "setup", "build"], cwd=home, env=environment(home), check=True,
                       capture_output=True)
        self.screen = Screen([MESON, "test", "-C", "build", "--gdb", "shop"], environment(home), 80,
                             home)
        self.seen = 0
        self.answer()

    def type(self, line, until=re.escape(PROMPT)):
        """Types a line. Returns what the terminal shows until the next prompt, or a pattern."""
        self.screen.type(line.encode() + b"\n")
        return self.answer(until)

    def interrupt(self):
        self.screen.type(INTERRUPT)
        return self.answer()

    def answer(self, until=re.escape(PROMPT)):
        self.screen.read(rf"(?s)\A.{{{self.seen}}}.*?{until}")
        text = self.screen.text[self.seen:]
        self.seen = len(self.screen.text)
        return drawn(text, 10000)

    def quit(self):
        self.screen.type(b"quit\n")
        self.screen.end()
        return drawn(self.screen.text[self.seen:], 10000)


class meson_test_gdb(unittest.TestCase):
    def debug(self, *arguments, **variables):
        home = tempfile.TemporaryDirectory(prefix="isolite-gdb-")
        self.addCleanup(home.cleanup)
        return debugger(pathlib.Path(home.name), list(arguments), variables)

    def test_stops_in_a_case_where_auto_would_fork(self):
        for arguments, variables in ((["--workers=auto"], {}), ([], {"ISOLITE_WORKERS": "auto"}),
                                     (["--timeout=30"], {})):
            with self.subTest(arguments, **variables):
                gdb = self.debug("--run_test=leak/there_are_no_orders_yet", *arguments, **variables)
                gdb.type("break leak::there_are_no_orders_yet::test_method")
                told = gdb.type("run")
                self.assertIn("\n".join(FORKED_NOTHING), "\n".join(told))
                self.assertRegex("\n".join(told), r"Breakpoint 1\S*, .*there_are_no_orders_yet::test_method")
                self.assertIn("there_are_no_orders_yet::test_method", gdb.type("backtrace 1")[1])
                ended = "\n".join(gdb.type("continue"))
                self.assertRegex(ended, r"(?m)^isolite: 1 passed in [\d.]+ \w+$")
                self.assertRegex(ended, r"Inferior 1 \(process \d+\) exited normally")
                gdb.quit()

    def test_says_nothing_where_no_workers_were_asked_for(self):
        gdb = self.debug("--run_test=leak/there_are_no_orders_yet")
        self.assertNotIn("a debugger has this process", "\n".join(gdb.type("run")))
        gdb.quit()

    def test_is_interrupted_in_a_case_that_hangs(self):
        gdb = self.debug("--run_test=hang/an_order_arrives", "--timeout=1")
        gdb.type("break hang::an_order_arrives::test_method")
        gdb.type("run")
        gdb.type("continue", "Continuing")
        self.assertIn("Program received signal SIGINT, Interrupt.", gdb.interrupt())
        self.assertIn("an_order_arrives::test_method", "\n".join(gdb.type("backtrace")))
        gdb.quit()

    def test_is_as_the_documentation_shows_it(self):
        shown = re.search(r"(?ms)^```console\n\$ meson test -C build --gdb shop\n(.*?)^```$",
                          PAGE.read_text(encoding="utf-8"))[1].splitlines()
        gdb = self.debug("--workers=auto", "--run_test=crash")
        seen = []
        for line in shown:
            if line.startswith(PROMPT):
                typed = line.removeprefix(PROMPT)
                seen += [line, *(gdb.quit() if typed == "quit" else gdb.type(typed))]
        seen = [compared(line) for line in seen]
        for line in map(compared, shown):  # each of them, in their order
            self.assertIn(line, seen)
            del seen[:seen.index(line) + 1]


def compared(line):
    """Returns a line of gdb without addresses, arguments and places, which depend on how much the
    compiler has told it."""
    found = re.match(r"(#\d+|Breakpoint \d+)\S* +(?:0x[0-9a-f]+ in )?([^ (]+)", line)
    return f"{found[1]} {found[2]}" if found else line.rstrip()


def obstacle():
    """Returns why nothing can be debugged here, if so."""
    if not shutil.which("gdb"):
        return "gdb is not installed; scripts/bootstrap --all"
    tried = subprocess.run(["gdb", "-nx", "--batch", "-ex", "run", "--args", "true"], check=False,
                           capture_output=True, text=True)
    return "" if "exited normally" in tried.stdout else f"gdb cannot run a program: {tried.stderr}"


if __name__ == "__main__":
    del sys.argv[1:4]
    if obstacle():
        print(f"skipped: {obstacle()}")
        sys.exit(77)
    unittest.main()
