"""Makes the pages of the reference: one for each public header, with all that it declares."""

import pathlib
import re
import textwrap

import headers
import forge

HERE = pathlib.Path(__file__).resolve().parent
LABELS = ("Units|Shape|Default|Requires|Ensures|Errors|Threads|Processes|Lifetime|Variable|Source")
LABEL = re.compile(rf"(?:^|(?<=[.)`] )|(?<=\n))({LABELS}): ")
EXAMPLE = re.compile(r"\s*(?:^|(?<=[\s.])|(?<=\n))Example:\s+((?:`[^`]+`(?:,?\s+|$))+)")
INCLUDED = re.compile(r"<((?:[\w/]+)\.(?:hpp|h))>")
LIST = re.compile(r"(:)\n(1\. )")
PARAMETER = re.compile(r"(\w+)(?: = [^,)]*)?[,)]")
BASE = re.compile(r"\bpublic ([\w:]+)")
ERROR = re.compile(r"(?<![\w`:])errc::\w+")


class reference:
    def __init__(self, root):
        self.root = root
        self.mistakes = []
        self.parameters = set()  # of what is being written, which are no names of the reference
        self.internal, self.unused = read_internal(root / "docs/site/internal.txt")
        self.headers = headers.read(root / "include", HERE / "Doxyfile")
        self.shown = {one: self.chosen(one) for one in self.headers if not self.is_internal(one.name)}
        self.shown = {one: found for one, found in self.shown.items() if found or one.introduction()}
        self.blame_unused()
        self.places = {}
        for one, found in self.shown.items():
            for anchor, group in anchored(grouped(found)):
                self.places.setdefault(group[0].name, f"{stem(one)}.md#{anchor}")

    def is_internal(self, name):
        parts = name.split("::")
        found = [name for name in ("::".join(parts[:end]) for end in range(1, len(parts) + 1))
                 if name in self.internal]
        self.unused -= set(found)
        return bool(found)

    def blame_unused(self):
        for name in sorted(self.unused):
            self.mistakes.append(f"docs/site/internal.txt: {name} is not declared in any header")

    def chosen(self, one):
        """Returns what is for users, and blames what of it has no comment."""
        kept, before = [], None
        for found in one.declarations:
            if self.is_internal(found.name):
                continue
            further = before and before.name == found.name and one.are_together(before, found)
            if not found.comment and not further and not found.needs_no_comment():
                self.mistakes.append(
                    f"include/{one.name}:{found.line}: {found.name} is public and has no /// comment;"
                    " write one, or name it in docs/site/internal.txt")
            if found.comment or further or not found.is_plain():
                kept.append(found)
            before = found
        return kept

    def pages(self):
        """Returns the text of each page, by its name, and the header that it is about."""
        written = {"index.md": (self.index(), "include/isolite")}
        for one in self.shown:
            written[f"{stem(one)}.md"] = (self.page(one), f"include/{one.name}")
        return written

    def index(self):
        text = ["# Reference", "", "Look up what a function takes, what it returns and when it"
                " refuses. Each public header has a page, which is made from its comments; what is"
                " there for isolite's own templates is left out.", "",
                "| header | what it is for | names |", "| --- | --- | --- |"]
        for one, found in self.shown.items():
            about = one.introduction() or (found[0].comment if found else [])
            first = re.split(r"(?<=[.])\s", " ".join(about), maxsplit=1)[0]
            first = self.inline(first, one, "").replace("|", "\\|")
            names = [link(f.short, self.places[f.name]) for f in found
                     if not f.parent and f.kind != "define"]
            names = ", ".join(dict.fromkeys(names))
            text.append(f"| [`{stem(one)}.hpp`]({stem(one)}.md) | {first} | {names} |")
        return "\n".join(text) + "\n"

    def page(self, one):
        text = [f"# {stem(one)}", ""]
        found = self.shown[one]
        text += self.prose(one.introduction(), one, "")
        text += ["````cpp", f"#include <{one.name}>", "````", ""]
        groups = anchored(grouped(found))
        for anchor, group in groups:
            first = group[0]
            if first.is_shown_with_class():
                continue
            level = "###" if first.parent else "##"
            heading = first.name.removeprefix("isolite::") if not first.parent else \
                f"{first.parent.rpartition('::')[2]}::{first.short}"
            text += [f"{level} `{heading}` {{ #{anchor} }}", "", "````cpp",
                     *(with_constructors(member, groups) for member in group), "````", ""]
            self.parameters = set(PARAMETER.findall(first.text))
            text += self.prose(first.comment, one, first.parent or first.name)
            self.parameters = set()
            for base in BASE.findall(first.text if first.kind in headers.CLASSES else ""):
                base = self.linked(base, one, first.name)
                text += [f"It has all that {base} has.", ""] if "](" in base else []
        return "\n".join(text) + "\n"

    def prose(self, comment, one, scope):
        """Returns Markdown for a comment: its paragraphs, its labels as a list of definitions, its
        examples as code."""
        text, labelled = [], []
        for paragraph in re.split(r"\n\s*\n", "\n".join(comment).strip()):
            examples = EXAMPLE.findall(paragraph)
            parts = LABEL.split(EXAMPLE.sub("\n", paragraph))
            plain = LIST.sub(r"\1\n\n\2", parts[0].strip())
            text += [self.inline(plain, one, scope), ""]
            for example in examples:
                text += ["````cpp",
                         *(" ".join(code.split()) for code in re.findall(r"`([^`]+)`", example)),
                         "````", ""]
            for label, said in zip(parts[1::2], parts[2::2]):
                said = self.inline(" ".join(said.split()), one, scope)
                labelled += [label, f":   {said}", ""]
        return text + labelled

    def inline(self, text, one, scope):
        """Returns text with names of the reference as links, and nothing taken for HTML."""
        text = forge.outside_of_code(
            lambda plain: ERROR.sub(r"`\g<0>`", INCLUDED.sub(r"`<\1>`", plain)), text)
        text = forge.outside_of_code(lambda plain: plain.replace("<", "&lt;"), text)
        return re.sub(r"`([\w:]+)`", lambda name: self.linked(name[1], one, scope), text)

    def linked(self, name, one, scope):
        """Returns a name as code: a link, if it is clear which of the reference is meant."""
        own = f"{scope}::{name}"
        if scope == name or own == scope or name in self.parameters:
            return f"`{name}`"
        if name.startswith("errc::") and "isolite::errc" in self.places:
            return link(name, self.places["isolite::errc"])
        found = [full for full in self.places if full == name or full.endswith(f"::{name}")]
        here = [full for full in found if self.places[full].startswith(f"{stem(one)}.md")]
        for near in ([own] if own in found else [], here, [f"isolite::{name}"], found):
            if len(near) == 1 and near[0] in found:
                return link(name, self.places[near[0]])
        return f"`{name}`"


def read_internal(path):
    """Returns the names of headers and declarations that are not for users, twice."""
    lines = path.read_text(encoding="utf-8").split("\n") if path.is_file() else []
    names = {line.strip() for line in lines if line.strip() and not line.startswith("#")}
    return names, set(names)


def grouped(found):
    """Returns overloads that share a comment together."""
    groups = []
    for declaration in found:
        if groups and not declaration.comment and groups[-1][0].name == declaration.name:
            groups[-1].append(declaration)
        else:
            groups.append([declaration])
    return groups


def with_constructors(declaration, groups):
    """Returns the text of a declaration; that of a class has the constructors that its comment
    explains as well."""
    made = [textwrap.indent(member.text, "    ") for _, group in groups for member in group
            if member.parent == declaration.name and group[0].is_shown_with_class()]
    if not made:
        return declaration.text
    return "\n".join([declaration.text.removesuffix(";") + " {", *made, "};"])


def link(name, place):
    return f"[`{name}`]({place})"


def stem(one):
    return one.name.rpartition("/")[2].removesuffix(".hpp")


def anchored(groups):
    """Returns (anchor, group) for each group; equal ones are numbered."""
    seen, found = {}, []
    for group in groups:
        anchor = forge.slug(group[0].name.removeprefix("isolite::").replace("::", "-"))
        number = seen.get(anchor, 0)
        seen[anchor] = number + 1
        found.append((f"{anchor}-{number}" if number else anchor, group))
    return found
