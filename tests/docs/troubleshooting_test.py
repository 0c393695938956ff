"""Checks that docs/troubleshooting.md has every message, as a heading, and no other.

Arguments: SOURCE_DIRECTORY PROVOKE_MESSAGES. In a heading and in the hint below it, "..." stands
for whatever varies. Three rules:
- a message that PROVOKE_MESSAGES brings about equals a heading, and its hint the hint below it;
- what is fixed in any other heading, and in its hint, stands in a string of src/;
- a string of src/ with two words or more stands on the page, or in docs/timings.md.
"""

import pathlib
import re
import subprocess
import sys

LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
LITERALS = re.compile(r'"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*')
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


def clauses_of(message):
    """A leak is one sentence with a clause for each thing that was left behind."""
    start, separator, clauses = message.partition(" with a clean database: it ")
    if not separator:
        return [message]
    return [start + separator + clause for clause in clauses.split("; it ")]


def check_provoked(provoked, headings, seen):
    for text in provoked:
        message, _, hint = text.partition("\n  hint: ")
        for clause in clauses_of(message):
            heading = heading_for(clause, headings)
            if heading is None:
                yield f"no heading for: {clause}"
                continue
            seen.add(heading)
            if len(clauses_of(message)) == 1 and not is_match(headings[heading], hint):
                yield f"the hint below the heading is not that of: {text}"


def check_fixed_parts(headings, strings):
    everything = "\n".join(strings)
    for heading, hint in headings.items():
        print(f"not provoked, only compared with the sources: {heading}")
        for part in fixed_parts(heading.removeprefix("cannot ")) + fixed_parts(hint):
            for piece in re.split(r"['\"`]|: |; |, ", part):
                if piece.strip(" .:") not in everything:
                    yield f'not in src/: "{piece}" of: {heading}'


def check_strings(strings, pages):
    for string in strings:
        for piece in re.split(r"\\n|%s", string):
            if TWO_WORDS.search(piece) and piece.strip() not in pages:
                yield f'docs/troubleshooting.md does not have: "{piece}"'


def main():
    root, provoke = pathlib.Path(sys.argv[1]), sys.argv[2]
    page = read(root / "docs/troubleshooting.md")
    headings = headings_of(page)
    strings = [string for path in sorted((root / "src").rglob("*.?pp"))
               for string in strings_of(read(path))]
    done = subprocess.run([provoke], capture_output=True, text=True, check=False)
    provoked = [text for text in done.stdout.split("\n%%\n") if text]
    seen = set()
    mistakes = [*check_provoked(provoked, headings, seen)]
    unseen = {heading: headings[heading] for heading in sorted(set(headings) - seen)}
    mistakes += [*check_fixed_parts(unseen, strings),
                 *check_strings(strings, page + read(root / "docs/timings.md"))]
    if done.returncode != 0:
        mistakes.append(f"{provoke} exited with {done.returncode}: {done.stderr}")
    print("\n".join(mistakes) or f"{len(headings)} headings, {len(provoked)} messages provoked")
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main())
