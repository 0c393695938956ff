"""What programs of the build show on a terminal, and what of it the documentation shows."""

import os
import pathlib
import re
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests/adapters/behaviour"))

from screen import Screen, drawn

FOREIGN_VARIABLES = ("ISOLITE_", "TEST_", "GTEST_", "NEXTEST_", "PYTEST_XDIST", "CTEST_RESOURCE",
                     "BOOST_TEST_")
COLUMNS = 80
UNBROKEN = 10000  # a long line stays one, as it does where a terminal's text is copied
INTERRUPT = b"\x03"


class mistake(Exception):
    """Says what is wrong with one block."""


def shown(output):
    """Returns what a terminal showed as the documentation has it.

    This is the one definition: paths from docs/examples on, evidence without the directories that
    differ from user to user and run to run, and no blanks at the ends of lines.
    """
    text = re.sub(r'[^\s"\']*docs/examples/', "", output)
    text = re.sub(r"[^\s\"']*/isolite-\d+/evidence/[^\s\"']*/", "/tmp/isolite-1000/evidence/…/", text)
    return "\n".join(line.rstrip() for line in text.strip("\n").split("\n"))


def compared(block):
    """Returns a block of output without what differs from run to run: times, and the order of
    tests that are sorted by them; and of forked workers who ran which cases. What sharing saved is
    told only if it did, and what took long only if it took 100 ms. Nor does it have the version of
    doctest, which differs from system to system."""
    text = re.sub(r" *\b\d+(\.\d+)? (ns|us|ms|s)\b", " N ms", block)
    text = re.sub(r"\b\d+%", "N%", text)
    text = re.sub(r'(doctest version is) "[\d.]+"', r'\1 "N"', text)
    text = re.sub(r"(?m)^  seeding for each test .*\n", "", text)
    text = re.sub(r"(?m)^  .* or isolite report shows more(\n|\Z)", "", text)
    text = re.sub(r"(?m)^  (slowest fixtures:\n(?: +N ms .*\n)*|fixture +count .*)", "  ...", text)
    text = re.sub(r"(?m)^(  \S.*?\)) +\d+(?: N ms){4}$", r"\1 ...", text)
    text = re.sub(r"(?m)(?:^ +N ms  .*\n)+",
                  lambda lines: "".join(sorted(lines[0].splitlines(keepends=True))), text)
    text = re.sub(r"\(w\d+(?=[,)])", "(wN", text)
    text = re.sub(r", x\d+\.\d+ the", ", xN the", text)
    return re.sub(r"(?m)^  (w\d+|main): .*$", "  wN: ...", text)


class recorder:
    """Runs programs of a build directory. Each block is recorded on a terminal of 80 columns, with
    a temporary directory and an empty cache of its own, so that it finds nothing of earlier runs
    and leaves nothing behind."""

    def __init__(self, build):
        self.build = pathlib.Path(build).resolve()
        self.known = {}

    def recorded(self, kind, commands):
        """Returns the "output of" a command where a cursor cannot be moved, or a "session": what a
        person types and sees. It has commands that are separated by "; ", each with "^C at PATTERN"
        behind it if it is stopped as soon as the terminal shows that."""
        if (kind, commands) not in self.known:
            record = self.session if kind == "session" else self.output
            with tempfile.TemporaryDirectory() as temporary:
                self.known[kind, commands] = shown(record(commands, temporary))
        return self.known[kind, commands]

    def output(self, command, temporary):
        screen = self.start(command, temporary, "dumb")
        lines = self.ended(screen)
        if screen.process.returncode < 0:
            raise mistake(f"{command} was killed by signal {-screen.process.returncode}")
        return "\n".join(lines)

    def session(self, commands, temporary):
        lines = []
        for command in commands.split("; "):
            typed, stopped, pattern = command.partition(" ^C at ")
            screen = self.start(typed, temporary, "xterm")
            before = self.interrupted(screen, pattern) if stopped else []
            after = self.ended(screen)
            kept = len(os.path.commonprefix([before, after]))
            name, *arguments = typed.split()
            lines += [" ".join(["$", self.place_of(name)[1], *arguments]), *before,
                      *(["^C"] if stopped else []),
                      *(line for line in after[kept:] if line != "^C")]
        return "\n".join(lines)

    def interrupted(self, screen, pattern):
        """Types Ctrl-C when the terminal shows the pattern. Returns the lines that it shows then."""
        self.read(screen, pattern)
        lines = self.lines_of(screen)
        screen.type(INTERRUPT)
        return lines

    def ended(self, screen):
        self.read(screen, None)
        screen.end()
        return self.lines_of(screen)

    @staticmethod
    def read(screen, pattern):
        try:
            screen.read(pattern)
        except AssertionError as reason:
            screen.hang_up()
            raise mistake(f"{screen.process.args[0]} does not come to what is recorded: {reason}") from None

    @staticmethod
    def lines_of(screen):
        return "\n".join(line.rstrip() for line in drawn(screen.text, UNBROKEN)).rstrip("\n").split("\n")

    def start(self, command, temporary, kind):
        name, *arguments = command.split()
        directory, program = self.place_of(name)
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith(FOREIGN_VARIABLES)}
        return Screen([program, *arguments],
                      {**kept, "TMPDIR": temporary, "ISOLITE_CACHE": f"{temporary}/cache",
                       "TERM": kind}, COLUMNS, directory)

    def place_of(self, name):
        """Returns the directory that a program is started in, and its path from there: the lines
        that have it are the same on every machine."""
        found = [path for path in self.build.rglob(name)
                 if path.is_file() and os.access(path, os.X_OK)]
        if not found:
            raise mistake(f"{name} is not built in {self.build}")
        examples = self.build / "docs/examples"
        directory = examples if examples.is_dir() else self.build
        return directory, "./" * (found[0].parent == directory) + os.path.relpath(found[0], directory)
