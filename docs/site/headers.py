"""Reads the public headers: what they declare, by Doxygen, and how they say it, from their text."""

import dataclasses
import pathlib
import re
import subprocess
import tempfile
import xml.etree.ElementTree as xml

CLASSES = {"class", "struct", "union"}
SPECIAL = re.compile(r"~|operator=$")


@dataclasses.dataclass
class declaration:
    name: str  # qualified
    kind: str  # class, struct, function, variable, typedef, enum, define
    line: int
    parent: str = ""  # the class that it is a member of
    text: str = ""  # as the header has it, without the body
    comment: list = dataclasses.field(default_factory=list)
    first: int = 0  # the line on which it begins

    @property
    def short(self):
        return self.name.rpartition("::")[2]

    def needs_no_comment(self):
        """Says whether it is made, copied or ended here: the comment of its class is about that."""
        made = self.parent.rpartition("::")[2] == self.short
        return self.kind == "function" and (made or bool(SPECIAL.match(self.short)))

    def is_shown_with_class(self):
        return self.needs_no_comment() and not self.comment

    def is_plain(self):
        """Says whether every class has it, so that it is not worth a heading."""
        own = re.escape(self.short)
        return bool(SPECIAL.match(self.short)) or "= delete" in self.text \
            or self.needs_no_comment() and re.search(rf"\b{own}\(((const )?{own}\b|\))", self.text)


class header:
    def __init__(self, path, name):
        self.name = name  # as it is included
        self.lines = path.read_text(encoding="utf-8").split("\n")
        self.declarations = []

    def add(self, found):
        self.declare(found)
        self.declarations.append(found)

    def declare(self, found):
        """Takes text and comment of a declaration from the lines around that of its name."""
        first = found.line - 1
        while first > 0 and self.continues(self.lines[first - 1]):
            first -= 1
        above = first
        while above > 0 and self.lines[above - 1].lstrip().startswith("///"):
            above -= 1
        found.comment = [line.strip()[3:].removeprefix(" ") for line in self.lines[above:first]]
        last, text = self.declared(first, found.kind)
        if not found.comment:
            found.comment = [line.partition("///<")[2].strip() for line in self.lines[first:last + 1]
                             if "///<" in line and found.kind != "enum"][:1]
        found.first, found.text = first + 1, text

    @staticmethod
    def continues(line):
        plain = line.strip()
        return bool(plain) and not plain.startswith(("//", "#")) \
            and not re.search(r"([;{}]|\b(public|private|protected):)(\s*//.*)?$", plain)

    def declared(self, first, kind):
        """Returns the last line of a declaration, and its text without a body."""
        if kind == "define":
            return first, self.lines[first].strip()
        text, depth = "", 0
        for number in range(first, len(self.lines)):
            line = self.lines[number]
            if kind != "enum":
                line = re.sub(r"\s*//.*$", "", line)
            for at, character in enumerate(line):
                ends_here = depth == 0 and (
                    character == ";" or (character == "{" and kind in CLASSES | {"function"})
                    or (kind == "function" and line[at:at + 3] == " : "))
                if ends_here:
                    return number, self.tidy(text + line[:at], first) + ";"
                depth += (character in "({[") - (character in ")}]")
            text += line + "\n"
        return first, self.lines[first].strip()

    def tidy(self, text, first):
        indent = len(self.lines[first]) - len(self.lines[first].lstrip())
        lines = [line[indent:] for line in text.replace("ISOLITE_API ", "").split("\n")]
        return "\n".join(lines).rstrip()

    def are_together(self, one, next_one):
        """Says whether no blank line is between two declarations."""
        return all(line.strip() for line in self.lines[one.first:next_one.first])

    def introduction(self):
        """Returns the comments that are about the header or its namespace."""
        found, comment = [], []
        for line in self.lines:
            if line.startswith("///"):
                comment.append(line[3:].removeprefix(" "))
                continue
            if comment and (not line.strip() or line.startswith("namespace ")):
                found += [*comment, ""]
            comment = []
        return found


def read(folder, doxyfile):
    """Returns the headers below a folder, with what is public in them, in its order."""
    names = {path: str(path.relative_to(folder)) for path in sorted(folder.rglob("*.hpp"))}
    headers = {name: header(path, name) for path, name in names.items()}
    with tempfile.TemporaryDirectory() as out:
        settings = pathlib.Path(doxyfile).read_text(encoding="utf-8")
        settings += f'INPUT = "{folder}"\nSTRIP_FROM_PATH = "{folder}"\n'
        settings += f'OUTPUT_DIRECTORY = "{out}"\n'
        subprocess.run(["doxygen", "-"], input=settings, text=True, check=True,
                       stdout=subprocess.DEVNULL, cwd=out)
        for path in sorted(pathlib.Path(out, "xml").glob("*.xml")):
            if path.name.startswith(("class", "struct", "union", "namespace")) or "_8hpp" in path.name:
                take(xml.parse(path).getroot().find("compounddef"), headers)
    for one in headers.values():
        one.declarations.sort(key=lambda found: found.line)
    return list(headers.values())


def take(compound, headers):
    """Adds what a class, a namespace or a file declares to the headers."""
    kind, name = compound.get("kind"), compound.findtext("compoundname")
    if "<" in name or compound.get("prot", "public") != "public":
        return
    if kind in CLASSES:
        place(compound, headers, declaration(name, kind, 0, enclosing(name, headers)))
    for member in compound.iter("memberdef"):
        short, what = member.findtext("name"), member.get("kind")
        if member.get("prot") != "public" or what == "friend" or "<" in short \
                or (kind == "file" and not (what == "define" and short.startswith("ISOLITE_"))):
            continue
        qualified = short if kind == "file" else f"{name}::{short}"
        place(member, headers, declaration(qualified, what, 0, name if kind in CLASSES else ""))


def enclosing(name, headers):
    """Returns the class that a nested one is in: one that is known already, by the order of files."""
    outer = name.rpartition("::")[0]
    known = {found.name for one in headers.values() for found in one.declarations
             if found.kind in CLASSES}
    return outer if outer in known else ""


def place(element, headers, found):
    where = element.find("location")
    path = where.get("declfile") or where.get("file")
    if path in headers:
        found.line = int(where.get("declline") or where.get("line"))
        headers[path].add(found)
