"""A program whose stderr is a terminal of a chosen width, and what that terminal shows."""

import fcntl
import os
import re
import select
import struct
import subprocess
import termios
import time

CONTROL = re.compile(r"\x1b\[([0-9;]*)([A-Za-z])")


def drawn(text, columns):
    """Returns the lines that a terminal of so many columns shows, without blanks at their ends."""
    lines, row, column = [[]], 0, 0
    at = 0
    while at < len(text):
        control = CONTROL.match(text, at)
        letter = text[at]
        at = control.end() if control else at + 1
        if control:
            if control[2] == "K":
                del lines[row][column:]
        elif letter == "\r":
            column = 0
        elif letter == "\n":
            row, column = row + 1, 0
            lines.append([])
        else:
            if column == columns:  # the line is full
                row, column = row + 1, 0
                lines.append([])
            lines[row] += [" "] * (column - len(lines[row]))
            lines[row][column:column + 1] = letter
            column += 1
    return ["".join(line).rstrip() for line in lines]


class Screen:
    """A running program. `columns`: of the terminal that is its stderr; None: that is a pipe.
    `directory`: where it runs, with all of its streams on that terminal."""

    def __init__(self, command, environment, columns=None, directory=None):
        self.columns, self.bytes = columns, b""
        if columns is None:
            self.ours, theirs = os.pipe()
        else:
            self.ours, theirs = os.openpty()
            fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        # pylint: disable=consider-using-with
        self.process = subprocess.Popen(command, env=environment,
                                        stdin=theirs if directory else subprocess.DEVNULL,
                                        stdout=theirs if directory else subprocess.PIPE,
                                        stderr=theirs, cwd=directory, start_new_session=True,
                                        preexec_fn=lambda: columns and fcntl.ioctl(
                                            2, termios.TIOCSCTTY, 0))
        os.close(theirs)

    @property
    def text(self):
        return self.bytes.decode()

    def read(self, until=None, seconds=60):
        """Reads up to the end, or until the text matches."""
        deadline = time.monotonic() + seconds
        while until is None or not re.search(until, self.text):
            assert time.monotonic() < deadline, self.text
            if not select.select([self.ours], [], [], 0.05)[0]:
                continue
            try:
                more = os.read(self.ours, 65536)
            except OSError:  # of a terminal that nobody has any more
                more = b""
            if not more:
                assert until is None, f"it ended without {until}: {self.text}"
                break
            self.bytes += more
        return self.text

    def type(self, keys):
        os.write(self.ours, keys)

    def end(self):
        """Reads the rest. Returns what the terminal shows in the end."""
        if self.process.stdout:
            self.out = self.process.stdout.read().decode()
            self.process.stdout.close()
        self.read()
        self.hang_up()
        return drawn(self.text, self.columns or 10000)

    def hang_up(self):
        """Closes the terminal, of which a program dies that has not ended."""
        os.close(self.ours)
        self.process.wait()
