"""Checks that docs/troubleshooting.md has every message, as a heading, and no other.

Arguments: SOURCE_DIRECTORY PROVOKE_MESSAGES [PROVOKE_LISTING]. In a heading and in the hint below
it, "..." stands for whatever varies. Six rules:
- the first line of a message that PROVOKE_MESSAGES brings about equals a heading, and its hint the
  hint below it;
- each further line equals a heading too, or one of the lines that the section "How to read the
  lines" lists;
- each line of the summary of a run with workers equals a heading, or one of the lines that the
  table in docs/timings.md explains;
- the help of the options is a block of the page;
- what is fixed in any other heading, and in its hint, and in any other line of the list, stands in
  a string of src/;
- a string of src/ with two words or more stands on the page, in docs/timings.md, docs/report.md or
  docs/parallel.md, or in docs/verify.md, which explains the lines of a verification.
"""

import os
import pathlib
import re
import resource
import subprocess
import sys

LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
LITERALS = re.compile(r'"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*')
HINT = "  hint: "
SUMMARY = "isolite: "
HELP = "isolite's options:"
# Strings that nobody gets to read: what Boost.Test calls itself, and what it says around or instead
# of our reasons for which a case was not run; the session of nobody; SQL with names of our own.
# The first bytes of every database.
UNREAD = ["boost.test framework", "isolite: this case is another worker's", "precondition failed",
          "SQLite format 3",
          "between tests", "SELECT 'a' = 'b' COLLATE \"isolite: no such collation\"",
          'SAVEPOINT "isolite: a session in a session"',
          'ROLLBACK TO "isolite: a session in a session"; RELEASE "isolite: a session in a session"']
# What test frameworks print and report, which isolite reads.
UNREAD += ["This program contains tests written using Google Test",
           "This program contains tests written using GoogleTest",
           "is a Boost.Test module containing unit tests", "Catch v2.", "|expected failures=",
           'Entering test suite "', 'Leaving test suite "', 'Entering test case "',
           'Leaving test case "', 'Test case "', '" is skipped because ',
           " is skipped because disabled", "; testing time: "]
# What stands before the first clause of a leak, each of which reads after its last word.
LEAK = re.compile(r" with a clean database: (?:after '.*', outside of any session, )?(it|somebody) ")
TWO_WORDS = re.compile(r"[a-z]{2,} [a-z]+")


def read(path):
    return path.read_text(encoding="utf-8")


def headings_of(page):
    """Returns each heading with the hint below it."""
    found = {}
    for part in re.split(r"(?m)^### ", page)[1:]:
        heading, _, rest = part.partition("\n")
        hint = re.match(r"> hint: (.*)", rest.strip())
        assert heading not in found, f"two headings: {heading}"
        found[heading] = hint[1] if hint else ""
    return found


def explained_lines_of(page):
    """Returns the lines that the page explains in a list, instead of a section for each."""
    section = re.search(r"(?ms)^## How to read the lines$(.*?)^#", page)[1]
    return re.findall(r"(?m)^- `(.*?)`:", section)


def summary_lines_of(timings):
    """Returns the lines that docs/timings.md explains in tables."""
    sections = re.findall(r"(?ms)^## The (?:verdict|tables)$(.*?)(?=^#|\Z)", timings)
    return [line for line in re.findall(r"(?m)^\| `(.*?)` \|", "".join(sections)) if " " in line]


def strings_of(source):
    """Returns the strings of a source text, as the program has them, but for XML and for what the
    compiler says."""
    source = re.sub(r"(?m)(^|\s)//.*|^\s*#.*", "", source)
    source = re.sub(r'R"\(.*?\)"|static_assert\(.*?\);', "", source, flags=re.DOTALL)
    for match in LITERALS.finditer(source):
        yield "".join(LITERAL.findall(match[0])).replace('\\"', '"').replace("\\\\", "\\")


def fixed_parts(pattern):
    return [part for part in pattern.split("...") if part]


def is_match(pattern, text):
    regex = ".*".join(re.escape(part) for part in pattern.split("..."))
    return re.fullmatch(regex, text, re.DOTALL) is not None


def heading_for(message, headings):
    """Returns the heading that says most of a message."""
    matching = [heading for heading in headings if is_match(heading, message)
                and bool(LEAK.search(heading)) == bool(LEAK.search(message))]
    return max(matching, key=lambda heading: len("".join(fixed_parts(heading))), default=None)


def clauses_of(line):
    """A leak is one sentence with a clause for each thing that was left behind."""
    found = LEAK.search(line)
    if not found:
        return [line]
    clauses = line[found.end():].split(f"; {found[1]} ")
    return [line[:found.end()] + clause for clause in clauses]


def lines_with_hints(message):
    """Returns the lines of a message, each with its hint. A hint at the end is that of the first
    line, any other one that of the line above it."""
    first, *others = message.split("\n")
    hint = others.pop() if others and others[-1].startswith(HINT) else ""
    found = [(first, hint.removeprefix(HINT))]
    for line in others:
        if line.startswith(HINT):
            found[-1] = (found[-1][0], line.removeprefix(HINT))
        else:
            found.append((line.strip(), ""))
    return found


def check_clauses(clauses, hint, headings, seen):
    for clause in clauses:
        heading = heading_for(clause, headings)
        if heading is None:
            yield f"no heading for: {clause}"
            continue
        seen.add(heading)
        if len(clauses) == 1 and not is_match(headings[heading], hint):
            yield f"the hint below the heading is not that of: {clause}: {hint}"


def without_figures(summary):
    """Returns a summary without its lists and tables, which docs/timings.md explains."""
    return re.sub(r"(?m)^  (slowest (tests|fixtures):\n(?:    .*(?:\n|\Z))+"
                  r"|fixture +count.*\n(?:  .*?\) +\d+  .*(?:\n|\Z))+"
                  r"|seeding for each test .*(?:\n|\Z))", "", summary).rstrip("\n")


def check_summary(text, headings, lines, seen):
    text = without_figures(text)
    for line in re.split(r"\.?\n  (?! )", text.removesuffix(".")):
        patterns = [pattern for pattern in lines if is_match(pattern, line)]
        seen.update(patterns)
        if not patterns:
            yield from check_clauses([line], "", headings, seen)


def check_provoked(provoked, headings, explained, seen):
    for text in provoked:
        first, *others = lines_with_hints(text)
        yield from check_clauses(clauses_of(first[0]), first[1], headings, seen)
        for line, hint in others:
            patterns = [pattern for pattern in explained if is_match(pattern, line)]
            seen.update(patterns)
            if not patterns:
                yield from check_clauses([line], hint, headings, seen)


def check_fixed_parts(headings, strings):
    everything = "\n".join(strings)
    for heading, hint in headings.items():
        print(f"not provoked, only compared with the sources: {heading}")
        for part in fixed_parts(heading.removeprefix("cannot ")) + fixed_parts(hint):
            for piece in re.split(r"['\"`]|: |; |, ", part):
                if piece.removeprefix("it ").strip(" .:") not in everything:
                    yield f'not in src/: "{piece}" of: {heading}'


def check_strings(strings, pages):
    for string in strings:
        for piece in re.split(r"\\n|%s", string):
            if TWO_WORDS.search(piece) and piece not in UNREAD and piece.strip() not in pages:
                yield f'docs/troubleshooting.md does not have: "{piece}"'


def messages_of(program):
    """Returns what a program provokes that prints a line "%%" behind each message."""
    done = subprocess.run([program], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{program} exited with {done.returncode}: {done.stderr}")
    return [text for text in done.stdout.split("\n%%\n") if text]


def messages_of_listing(program):
    """Returns why doctest does not list the cases of a program: it dies, or no file can be made."""
    for limit in [None, 4]:
        done = subprocess.run(
            [program, "--workers=2"], capture_output=True, text=True, check=False,
            env={**os.environ, "ISOLITE_CACHE": "off", "ISOLITE_RUN_ID": "provoked",
                 "ISOLITE_WORKER_SLOT": "0"},
            preexec_fn=limit and (
                lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))))
        if limit and "does not point to an object" in done.stderr:
            continue  # without descriptors a sanitizer takes sound objects for broken
        # A sanitizer may have more to say.
        begin = done.stderr.find(SUMMARY + "cannot")
        message = done.stderr[max(begin, 0):].splitlines()[:2]
        yield "\n".join(message).removeprefix(SUMMARY)


def main():
    root, provoke, listing = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
    page, timings = read(root / "docs/troubleshooting.md"), read(root / "docs/timings.md")
    report = read(root / "docs/report.md") + read(root / "docs/parallel.md")
    report += read(root / "docs/verify.md")
    headings, explained = headings_of(page), explained_lines_of(page)
    summary_lines = summary_lines_of(timings)
    strings = [string for path in sorted((root / "src").rglob("*.?pp"))
               for string in strings_of(read(path))]
    provoked = messages_of(provoke) + [text for program in listing
                                       for text in messages_of_listing(program)]
    summaries = [text for text in provoked if text.startswith(SUMMARY)]
    helps = [text for text in provoked if text.startswith(HELP)]
    messages = [text for text in provoked if text not in summaries + helps]
    seen = set()
    mistakes = [*check_provoked(messages, headings, explained, seen)]
    for text in summaries:
        mistakes += check_summary(text, headings, summary_lines, seen)
    mistakes += [f"docs/troubleshooting.md does not have: {text}" for text in helps
                 if text.strip() not in page]
    everything = {*headings, *explained, *summary_lines}
    unseen = {text: headings.get(text, "") for text in sorted(everything - seen)}
    mistakes += [*check_fixed_parts(unseen, strings), *check_strings(strings, page + timings + report)]
    print("\n".join(mistakes) or f"{len(headings)} headings, "
          f"{len(explained) + len(summary_lines)} lines, {len(provoked)} messages provoked")
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main())
