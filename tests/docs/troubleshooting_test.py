"""Checks that docs/troubleshooting.md has every message, as a heading, and no other.

Arguments: SOURCE_DIRECTORY PROVOKE_MESSAGES. In a heading and in the hint below it, "..." stands
for whatever varies. Four rules:
- the first line of a message that PROVOKE_MESSAGES brings about equals a heading, and its hint the
  hint below it;
- each further line equals a heading too, or one of the lines that the section "How to read the
  lines" lists;
- what is fixed in any other heading, and in its hint, and in any other line of the list, stands in
  a string of src/;
- a string of src/ with two words or more stands on the page, or in docs/timings.md.
"""

import pathlib
import re
import subprocess
import sys

LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
LITERALS = re.compile(r'"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*')
HINT = "  hint: "
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


def strings_of(source):
    """Returns the strings of a source text, as the program has them."""
    source = re.sub(r"(?m)(^|\s)//.*|^\s*#.*", "", source)
    for match in LITERALS.finditer(source):
        yield "".join(LITERAL.findall(match[0])).replace('\\"', '"').replace("\\\\", "\\")


def fixed_parts(pattern):
    return [part for part in pattern.split("...") if part]


def is_match(pattern, text):
    regex = ".*".join(re.escape(part) for part in pattern.split("..."))
    return re.fullmatch(regex, text, re.DOTALL) is not None


def heading_for(message, headings):
    """Returns the heading that says most of a message."""
    matching = [heading for heading in headings if is_match(heading, message)]
    return max(matching, key=lambda heading: len("".join(fixed_parts(heading))), default=None)


def clauses_of(line):
    """A leak is one sentence with a clause for each thing that was left behind."""
    start, separator, clauses = line.partition(" with a clean database: it ")
    if not separator:
        return [line]
    return [start + separator + clause for clause in clauses.split("; it ")]


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
            if TWO_WORDS.search(piece) and piece.strip() not in pages:
                yield f'docs/troubleshooting.md does not have: "{piece}"'


def main():
    root, provoke = pathlib.Path(sys.argv[1]), sys.argv[2]
    page = read(root / "docs/troubleshooting.md")
    headings, explained = headings_of(page), explained_lines_of(page)
    strings = [string for path in sorted((root / "src").rglob("*.?pp"))
               for string in strings_of(read(path))]
    done = subprocess.run([provoke], capture_output=True, text=True, check=False)
    provoked = [text for text in done.stdout.split("\n%%\n") if text]
    seen = set()
    mistakes = [*check_provoked(provoked, headings, explained, seen)]
    unseen = {text: headings.get(text, "") for text in sorted({*headings, *explained} - seen)}
    mistakes += [*check_fixed_parts(unseen, strings),
                 *check_strings(strings, page + read(root / "docs/timings.md"))]
    if done.returncode != 0:
        mistakes.append(f"{provoke} exited with {done.returncode}: {done.stderr}")
    print("\n".join(mistakes) or f"{len(headings)} headings, {len(explained)} lines, "
          f"{len(provoked)} messages provoked")
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main())
