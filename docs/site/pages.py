"""Makes the pages of the site from the documentation, which stays as it is.

A page of the site is a page of docs/ with links that lead to the site, anchors as a forge makes
them, and without the comments that scripts/check-docs reads. A folder of examples is one page with
all of its files, so that links to code have somewhere to lead.
"""

import os
import pathlib
import re

import forge

MARK = re.compile(r"^<!-- .* -->$")
PAGES_OF_THE_TOP = {"README.md": "index.md", "CONTRIBUTING.md": "contributing.md",
                    "CHANGELOG.md": "changelog.md"}
EXAMPLES = "docs/examples"
LANGUAGES = {".cpp": "cpp", ".hpp": "cpp", ".c": "c", ".h": "c", ".build": "meson", ".sql": "sql",
             ".txt": "cmake", ".cmake": "cmake", ".pc": "text"}


class documentation:
    """The pages of a tree, and where the site has what they link to."""

    def __init__(self, root, stage):
        self.root, self.stage = pathlib.Path(root), pathlib.Path(stage)
        self.mistakes = []
        self.sources = {}  # of each page of the site, for messages
        self.places = {}  # of what exists, on the site: PAGE or PAGE#ANCHOR
        for page in [*PAGES_OF_THE_TOP, *self.found("docs", "**/*.md")]:
            if (self.root / page).is_file():
                self.places[page] = page_of(page)
        for picture in self.found("docs", "**/*.png"):
            self.places[picture] = picture.removeprefix("docs/")
        self.folders = [folder for folder in self.found(EXAMPLES, "*")
                        if (self.root / folder).is_dir() and f"{folder}/README.md" not in self.places]
        for folder in self.folders:
            page = folder.removeprefix("docs/") + ".md"
            self.places[folder] = page
            for name in self.found(folder, "**/*"):
                if (self.root / name).is_file():
                    self.places[name] = f"{page}#{forge.slug(name.removeprefix(folder + '/'))}"
        if self.folders:
            self.places[EXAMPLES] = "examples/index.md"
        for page in list(self.places):
            if page.endswith("/README.md"):
                self.places[page.removesuffix("/README.md")] = self.places[page]

    def found(self, below, pattern):
        return sorted(str(path.relative_to(self.root)) for path in (self.root / below).glob(pattern))

    def add(self, source, page):
        """Lets links to a file or a folder lead to a page of the site."""
        self.places[source] = page
        self.sources.setdefault(page, source)

    def write(self):
        for source, place in self.places.items():
            if source.endswith(".md") and not source.startswith(tuple(f + "/" for f in self.folders)):
                self.put(place, self.page(source), source)
            elif source.endswith(".png"):
                target = self.stage / place
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes((self.root / source).read_bytes())
        for folder in self.folders:
            self.put(self.places[folder], self.code(folder), folder)
        if self.folders:
            self.put("examples/index.md", self.list_of_examples(), EXAMPLES)

    def put(self, page, text, source):
        path = self.stage / page
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.sources.setdefault(page, source)

    def page(self, source):
        lines = (self.root / source).read_text(encoding="utf-8").split("\n")
        written = []
        for number, (line, anchor) in enumerate(forge.anchored(lines), 1):
            if anchor is None and MARK.match(line):
                continue
            if anchor != "":
                line = forge.outside_of_code(
                    lambda text, at=number: self.with_links(text, source, at), line)
            if anchor:
                line = f"{line} {{ #{anchor} }}"
            written.append(line)
        return "\n".join(written)

    def with_links(self, text, source, line):
        def led(match):
            target = self.led(match[2], source, line)
            return match[1] + target + match[3]

        return forge.LINK_OR_IMAGE.sub(led, text)

    def led(self, target, source, line):
        """Returns where a link of a page leads on the site."""
        if forge.OTHER_HOST.match(target) or target.startswith("#"):
            return target
        name, _, anchor = target.partition("#")
        wanted = os.path.normpath(os.path.join(os.path.dirname(source), name))
        place = self.places.get(wanted)
        if place is None:
            self.mistakes.append(f"{source}:{line}: the link {target} leads to what is not on the"
                                 f" site; it has the pages of docs/, the folders of {EXAMPLES} and"
                                 " the headers")
            return target
        relative = os.path.relpath(place, os.path.dirname(self.places[source]) or ".")
        return f"{relative}#{anchor}" if anchor else relative

    def code(self, folder):
        """Returns a page with all files of a folder."""
        name = folder.rpartition("/")[2]
        text = [f"# {name}", "", f"Read or copy what is in `{folder}`. It is compiled and run by the"
                " tests of isolite.", ""]
        for source in self.found(folder, "**/*"):
            path = self.root / source
            try:
                content = path.read_text(encoding="utf-8").rstrip("\n") if path.is_file() else ""
            except UnicodeDecodeError:
                continue
            if content:
                short = source.removeprefix(folder + "/")
                language = LANGUAGES.get(path.suffix, "text")
                text += [f"## {short} {{ #{forge.slug(short)} }}", "", f"````{language}", content,
                         "````", ""]
        return "\n".join(text)

    def list_of_examples(self):
        text = ["# Examples", "", "Copy the folder that is nearest to your project. All of them are"
                " compiled and run by the tests of isolite.", "", "| folder | files |", "| --- | --- |"]
        pages = {**{folder: self.places[folder] for folder in self.folders},
                 **{source.removesuffix("/README.md"): place for source, place in self.places.items()
                    if re.fullmatch(f"{EXAMPLES}/[^/]+/README.md", source)}}
        for folder, page in sorted(pages.items()):
            files = [f"`{name}`" for name in sorted(os.listdir(self.root / folder))]
            text.append(f"| [{folder.rpartition('/')[2]}]({page.removeprefix('examples/')}) |"
                        f" {', '.join(files)} |")
        return "\n".join(text) + "\n"


def page_of(source):
    """Returns the page of the site that a page of the tree becomes."""
    if source in PAGES_OF_THE_TOP:
        return PAGES_OF_THE_TOP[source]
    page = source.removeprefix("docs/")
    return re.sub(r"(^|/)README\.md$", r"\1index.md", page)
