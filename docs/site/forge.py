"""What scripts/check-docs and scripts/site know of Markdown, as a forge reads it."""

import re

FENCE = re.compile(r"^```(\S*)\s*$")
HEADING = re.compile(r"^(#{1,6}) (.*?)\s*$")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
LINK_OR_IMAGE = re.compile(r"(!?\[(?:[^\[\]]|\[[^\]]*\])*\]\()([^)\s]+)(\))")
OTHER_HOST = re.compile(r"[a-z]+:")
CODE = re.compile(r"`[^`]*`")


def slug(heading):
    """Returns the anchor that a forge gives a heading."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def anchored(lines):
    """Returns (line, anchor) for each line: the anchor of a heading, "" inside of a block of code,
    None otherwise. Equal headings are numbered, as a forge does."""
    found, seen, fenced = [], {}, False
    for line in lines:
        fence = line.startswith("```")
        heading = None if fenced or fence else HEADING.match(line)
        if heading:
            anchor = slug(heading[2])
            number = seen.get(anchor, 0)
            seen[anchor] = number + 1
            found.append((line, f"{anchor}-{number}" if number else anchor))
        else:
            found.append((line, "" if fenced or fence else None))
        fenced ^= fence
    return found


def anchors(lines):
    """Returns the anchors of all headings."""
    return [anchor for _, anchor in anchored(lines) if anchor]


def title(lines):
    """Returns the text of the first heading, without the marks of code."""
    for line, anchor in anchored(lines):
        if anchor:
            return HEADING.match(line)[2].replace("`", "")
    return ""


def outside_of_code(change, line):
    """Returns the line with `change` applied to what is in no span of code, but may have one in it:
    spans are set aside, and put back where `change` left their marks."""
    spans = CODE.findall(line)
    marked = CODE.sub("\0", line)
    changed = change(marked)
    parts = changed.split("\0")
    return parts[0] + "".join(span + part for span, part in zip(spans, parts[1:]))
