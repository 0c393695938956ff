#!/usr/bin/env python3
"""Compares the tables of docs/isolation.md with the tests that hold them.

usage: promises_test.py [--update] ROOT ISOLATION_TEST

ROOT is the checkout. A test that holds a promise has a comment above it, "[promise: NAME]", the
first of its name with the promise behind it; the test that shows what happens unprotected has
"[control: NAME]". ISOLATION_TEST is the program of the adversaries, which lists them itself.

  --update  writes the tables
"""

import difflib
import pathlib
import re
import subprocess
import sys

BEGIN, END = "<!-- made of the tests -->", "<!-- end of that -->"
MARK = re.compile(r"^\s*(?://|#) \[(promise|control): ([\w ]+)\] ?(.*)$")
COMMENT = re.compile(r"^\s*(?://|#) (.*)$")
TEST = re.compile(r"TEST_CASE(?:_FIXTURE)?\((?:\w+,\s*)?\"(.+?)\"\)|def test_(\w+)\(")


def read_tests(root):
    """Returns the promises by name, and by kind and name the tests, as cells of a table."""
    promises, tests = {}, {}
    for path in sorted((root / "tests").rglob("*_test.*")):
        if path.suffix not in (".cpp", ".py") or path == pathlib.Path(__file__).resolve():
            continue
        lines = path.read_text(encoding="utf-8").splitlines()
        for at, line in enumerate(lines):
            mark = MARK.match(line)
            if not mark:
                continue
            kind, name, text = mark.groups()
            behind = at + 1
            while comment := COMMENT.match(lines[behind]):
                text += " " + comment[1]
                behind += 1
            test = TEST.search(" ".join(lines[behind:behind + 2]))
            if not test:
                sys.exit(f"{path}:{at + 1}: no test stands below this")
            called = (test[1] or test[2].replace("_", " ")).removeprefix("control").lstrip(": ")
            place = path.relative_to(root / "tests")
            tests.setdefault((kind, name), []).append(f"{called} (`{place}`)")
            if text:
                promises[name] = text
    return promises, tests


def table(root):
    promises, tests = read_tests(root)
    rows = ["| promise | adversary | unprotected |", "| --- | --- | --- |"]
    for name in sorted({name for _, name in tests}):
        held, shown = tests.get(("promise", name)), tests.get(("control", name))
        if name not in promises or not held or not shown:
            sys.exit(f"the promise '{name}' needs its text, a test and a control")
        rows.append(f"| {promises[name]} | {'; '.join(held)} | {'; '.join(shown)} |")
    return rows


def main():
    arguments = sys.argv[1:]
    update = "--update" in arguments
    root, program = (each for each in arguments if each != "--update")
    root = pathlib.Path(root).resolve()
    listed = subprocess.run([program, "promises"], capture_output=True, text=True, check=True)
    page = root / "docs/isolation.md"
    lines = page.read_text(encoding="utf-8").splitlines()
    parts = [table(root), listed.stdout.rstrip().splitlines()]
    begins = [at for at, line in enumerate(lines) if line == BEGIN]
    ends = [at for at, line in enumerate(lines) if line == END]
    if len(begins) != len(parts) or len(ends) != len(parts):
        sys.exit(f"{page} must have {len(parts)} parts between '{BEGIN}' and '{END}'")
    wanted = list(lines)
    for begin, end, part in reversed(list(zip(begins, ends, parts))):
        wanted[begin + 1:end] = ["", *part, ""]
    if wanted == lines:
        return 0
    if update:
        page.write_text("\n".join(wanted) + "\n", encoding="utf-8")
        return 0
    print("docs/isolation.md is not what the tests say; run", *sys.argv[:1], "--update", *arguments)
    print(*difflib.unified_diff(lines, wanted, "page", "tests", n=0, lineterm=""), sep="\n")
    return 1


sys.exit(main())
