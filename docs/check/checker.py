"""The rules of the documentation's pages: blocks that say where they are from, links, beginnings."""

import difflib
import itertools
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "site"))

import forge
import recordings
from recordings import compared, mistake

MARK = re.compile(r"^<!-- (from|diff of|output of|session|commands)(?:: *(.+?))? -->$")
SCRIPT = re.compile(r"\bscripts/[\w-]+")
DRAWING = "diagram"
# A line that is no heading, list, table, picture or block, and that tells a reader to do something
# instead of what a thing is.
START = re.compile(r"(?!(An?|The|This|That|It|There|isolite)\b)[\w*`\[\"]")
WORDS_BEFORE_THE_PROGRAM = 100


def section(lines, name):
    """Returns the lines between the marks of `name`, without common indentation or other marks."""
    mark = re.compile(r"^\s*(//|#|--) \[(/?)(\w+)\]\s*$")
    inside, found, kept = False, False, []
    for line in lines:
        match = mark.match(line)
        if match and match[3] == name:
            inside, found = not match[2], True
        elif inside and not match:
            kept.append(line)
    if not found or inside:
        raise mistake(f"has no lines between [{name}] and [/{name}]")
    indents = [len(line) - len(line.lstrip()) for line in kept if line.strip()]
    return [line[min(indents, default=0):] for line in kept]


class checker:
    def __init__(self, root, build=None, update=False, run=True):
        self.root = pathlib.Path(root).resolve()
        self.build, self.update, self.run = build, update, run
        self.mistakes = []
        self.recordings = None
        self.anchors = {}
        self.pictures = set()

    def check(self):
        pages = [self.root / "README.md", *sorted((self.root / "docs").rglob("*.md"))]
        for page in pages:
            if page.exists():
                self.check_page(page)
        for picture in sorted((self.root / "docs").rglob("*.png")):
            if picture not in self.pictures:
                self.blame(picture, 1, "no page shows the picture")
        return not self.mistakes

    def check_page(self, page):
        lines = page.read_text(encoding="utf-8").split("\n")
        self.check_start(page, lines)
        written, at = [], 0
        while at < len(lines):
            fence = forge.FENCE.match(lines[at])
            written.append(lines[at])
            if not fence:
                self.check_links(page, at + 1, lines[at])
                at += 1
                continue
            end = at + 1
            while end < len(lines) and lines[end] != "```":
                end += 1
            block = lines[at + 1:end]
            above = written[-2] if len(written) > 1 else ""
            written += self.check_block(page, at + 1, fence[1], above, block)
            if end < len(lines):
                written.append(lines[end])
            at = end + 1
        if self.update and written != lines:
            page.write_text("\n".join(written), encoding="utf-8")
            print(f"{page.relative_to(self.root)}: updated")

    def check_start(self, page, lines):
        second = next((line for line in lines[1:] if line.strip()), "")
        if not lines[0].startswith("# ") or not START.match(second):
            self.blame(page, 1, "the page does not begin with a title and a paragraph that says what"
                       " a reader can do with it")
        if page == self.root / "README.md":
            words = len(" ".join(itertools.takewhile(
                lambda line: not line.startswith(("```", "<!--")), lines[1:])).split())
            if words > WORDS_BEFORE_THE_PROGRAM:
                self.blame(page, 1, f"{words} words stand before the first program, and"
                           f" {WORDS_BEFORE_THE_PROGRAM} may")

    def check_block(self, page, line, language, above, block):
        """Returns the lines that belong into the block."""
        if language == DRAWING:
            return block
        mark = MARK.match(above)
        try:
            if not language:
                raise mistake(f'the block needs a language; a drawing is a "{DRAWING}"')
            if not mark:
                raise mistake("the block needs a comment above it: from, diff of, output of, session, or"
                              " commands")
            return self.wanted(mark[1], mark[2], block)
        except mistake as problem:
            self.blame(page, line, str(problem))
            return block

    def wanted(self, kind, source, block):
        if kind == "commands":
            for script in sorted(set(SCRIPT.findall("\n".join(block)))):
                self.check_script(script)
            return block
        if not source:
            raise mistake(f'the comment "{kind}" names nothing')
        if kind not in ("output of", "session"):
            wanted = (self.excerpt if kind == "from" else self.difference)(source)
            same = wanted == block
        elif not self.run:
            return block
        else:
            wanted = self.recorder().recorded(kind, source).split("\n")
            same = compared("\n".join(wanted)) == compared("\n".join(block))
        if same:
            return block
        if not self.update:
            raise mistake(f"the block is not what {source} has: run scripts/check-docs --update")
        return wanted

    def excerpt(self, source):
        name, _, part = source.partition("#")
        path = self.root / name
        if not path.is_file():
            raise mistake(f"{name} does not exist")
        lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
        try:
            return section(lines, part) if part else lines
        except mistake as problem:
            raise mistake(f"{name} {problem}") from None

    def difference(self, names):
        files = names.split()
        if len(files) != 2:
            raise mistake("a diff is of two files")
        lines = difflib.unified_diff(*map(self.excerpt, files), *files, n=1, lineterm="")
        return [line.rstrip() for line in lines]

    def check_script(self, script):
        path = self.root / script
        if not path.is_file():
            raise mistake(f"{script} does not exist")
        done = subprocess.run([path, "--help"], capture_output=True, text=True, check=False)
        if done.returncode != 0 or "usage" not in done.stdout:
            raise mistake(f"{script} --help does not print its usage and exit with 0")

    def recorder(self):
        if self.recordings is None:
            builds = [path.parent for path in self.root.glob("build*/build.ninja")]
            build = self.build or max(builds, key=lambda path: path.stat().st_mtime, default=None)
            if build is None:
                raise mistake("there is no build: give --build, or --no-run")
            self.recordings = recordings.recorder(build)
        return self.recordings

    def check_links(self, page, line, text):
        for start, target, _ in forge.LINK_OR_IMAGE.findall(forge.CODE.sub("", text)):
            if forge.OTHER_HOST.match(target):
                continue
            name, _, anchor = target.partition("#")
            path = (page.parent / name).resolve() if name else page
            if start.startswith("!"):
                self.pictures.add(path)
            if not path.exists():
                self.blame(page, line, f"the link {target} leads nowhere")
            elif anchor and path.suffix == ".md" and anchor not in self.anchors_of(path):
                self.blame(page, line, f"the link {target} names no heading")

    def anchors_of(self, page):
        if page not in self.anchors:
            self.anchors[page] = forge.anchors(page.read_text(encoding="utf-8").split("\n"))
        return self.anchors[page]

    def blame(self, page, line, sentence):
        self.mistakes.append(f"{page.relative_to(self.root)}:{line}: {sentence}")
