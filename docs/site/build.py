"""What scripts/site runs, which says what it is for and installs what it needs.

usage: build.py [--check] [--root DIR] [DIRECTORY]
"""

import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

import links
import navigation
import pages
import reference

HERE = pathlib.Path(__file__).resolve().parent
TREE = HERE.parent.parent
MARK = ".isolite-site"  # in a directory that may be replaced


def fail(*sentences):
    for sentence in sentences:
        print(f"site: {sentence}", file=sys.stderr)
    sys.exit(1)


def refuse_foreign(directory):
    """A directory is replaced whole, so it has to be a site that this script made."""
    if directory.exists() and not (directory / MARK).exists() and \
            (not directory.is_dir() or any(directory.iterdir())):
        fail(f"cannot write to '{directory}': it has something else than a site that this script made",
             "name another directory, or remove it")


class builder:
    def __init__(self, root, work):
        self.root, self.stage, self.site = root, work / "pages", work / "site"
        self.config = work / "mkdocs.yml"
        self.sources = {}

    def build(self):
        """Writes the site, and returns the mistakes in it."""
        documentation = pages.documentation(self.root, self.stage)
        told = reference.reference(self.root)
        referred = told.pages()
        for page, (_, source) in referred.items():
            documentation.add(source, f"reference/{page}")
        groups = navigation.navigation(documentation)
        nav = groups.read()
        documentation.write()
        for page, (text, source) in referred.items():
            documentation.put(f"reference/{page}", text, source)
        nav.append({"Reference": [f"reference/{page}" for page in referred]})
        mistakes = documentation.mistakes + groups.mistakes + told.mistakes
        if mistakes:
            return mistakes
        shutil.copy(HERE / "site.css", self.stage)
        self.sources = {page.removesuffix(".md") + ".html": source
                        for page, source in documentation.sources.items()}
        return self.run_mkdocs(nav) or links.mistakes(self.site, self.sources)

    def run_mkdocs(self, nav):
        # YAML takes JSON as it is.
        self.config.write_text(json.dumps({
            "INHERIT": str(HERE / "mkdocs.yml"), "nav": nav,
            "docs_dir": str(self.stage), "site_dir": str(self.site)}), encoding="utf-8")
        done = subprocess.run(["mkdocs", "build", "--quiet", "--strict", "-f", self.config],
                              capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return []
        said = [line for line in (done.stdout + done.stderr).split("\n") if line.strip()]
        return [f"mkdocs: {line}" for line in said] or [f"mkdocs exits with {done.returncode}"]


def main():
    parser = argparse.ArgumentParser(
        prog="site", usage="scripts/site [--check] [--root DIR] [DIRECTORY]", add_help=False)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--root", type=pathlib.Path, default=TREE)
    parser.add_argument("directory", nargs="?", type=pathlib.Path, default=TREE / "build-site")
    arguments = parser.parse_args()
    if not arguments.check:
        refuse_foreign(arguments.directory)
    with tempfile.TemporaryDirectory() as work:
        made = builder(arguments.root.resolve(), pathlib.Path(work))
        mistakes = made.build()
        if mistakes:
            print("\n".join(mistakes))
            return 1
        count = len(made.sources)
        if arguments.check:
            print(f"site: {count} pages without a mistake")
            return 0
        (made.site / MARK).touch()
        shutil.rmtree(arguments.directory, ignore_errors=True)
        shutil.copytree(made.site, arguments.directory)
    print(f"site: {count} pages; open {arguments.directory}/index.html")
    print("site: its search needs a server:"
          f" python3 -m http.server --bind 127.0.0.1 --directory {arguments.directory}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
