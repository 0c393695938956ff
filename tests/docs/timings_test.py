"""Compares the tables that docs/timings.md shows of a run with workers with what the program prints.

Arguments: SOURCE_DIRECTORY DIRECTORY_OF_THE_PROGRAM
"""

import os
import pathlib
import re
import subprocess
import sys


def block(page):
    """Returns the command and its output."""
    return re.search(r"(?ms)^```console\n\$ (.*?)\n(.*?)^```$", page).groups()


def compared(summary):
    """Returns a summary without what differs from run to run: times, who ran how many cases, which
    cases were the slowest, and how many workers came by the data of a suite."""
    text = re.sub(r" *\b\d+(\.\d+)? (us|ms|s)\b", " N ms", summary)
    text = re.sub(r"x\d+\.\d+ the time", "xN the time", text)
    text = re.sub(r"\b\d+%", "N%", text)
    text = re.sub(r"(?m)^(  w\d+: )\d+ cases?,", r"\1N cases,", text)
    text = re.sub(r"(?m)^ N ms  .*$", " N ms  ...", text)
    text = re.sub(r"(?m)^(  (?:engine|session) \w+ \(shop\)) +\d+ ", r"\1 N ", text)
    text = re.sub(r"(?m)^  fixture .*$", "  fixture ...", text)
    return text.rstrip("\n")


def main():
    root, directory = (pathlib.Path(argument) for argument in sys.argv[1:])
    command, shown = block((root / "docs/timings.md").read_text(encoding="utf-8"))
    program, *options = command.split()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ISOLITE_")}
    done = subprocess.run([directory / program, *options], capture_output=True, text=True,
                          check=False,
                          env={**kept, "ISOLITE_CACHE": "off", "ISOLITE_RUN_ID": "shown",
                               "ISOLITE_WORKER_SLOT": "0"})
    printed = done.stderr[done.stderr.find("isolite: "):]
    if done.returncode != 0 or compared(printed) != compared(shown):
        print(f"docs/timings.md shows:\n{shown}\nbut {command} printed:\n{done.stderr}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
