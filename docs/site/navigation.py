"""Reads the navigation of the site from README.md, whose last part lists all pages in groups."""

import re

import forge

SECTION = "## Documentation"
ANY_LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)\)")


class navigation:
    def __init__(self, documentation):
        self.documentation = documentation
        self.mistakes = []

    def read(self):
        """Returns the groups as mkdocs takes them: [{group: [{title: page}, ...]}, ...]."""
        lines = (self.documentation.root / "README.md").read_text(encoding="utf-8").split("\n")
        groups, named = [{"isolite": "index.md"}], {"README.md"}
        inside = False
        for line in lines:
            if line.startswith("## "):
                inside = line == SECTION
            elif inside and line.startswith("### "):
                groups.append({line[4:]: []})
            elif inside and line.startswith("- "):
                for source in ANY_LINK.findall(line):
                    if source.endswith(".md"):
                        named.add(source)
                        self.add(groups, source, named)
        self.blame_missing(named)
        return [group for group in groups if any(group.values())]

    def add(self, groups, source, named):
        entries = next(iter(groups[-1].values()))
        if not isinstance(entries, list):
            groups.append({"Pages": []})
            entries = groups[-1]["Pages"]
        page = self.documentation.root / source
        if not page.is_file():
            return  # scripts/check-docs says so
        entries.append(self.entry(source))
        if page.name == "README.md":
            text = page.read_text(encoding="utf-8")
            kin = [f"{source.removesuffix('README.md')}{name}" for name in ANY_LINK.findall(text)
                   if re.fullmatch(r"[\w-]+\.md", name)]
            kin = [name for name in dict.fromkeys(kin) if (self.documentation.root / name).is_file()]
            if kin:
                entries[-1] = {self.title(source): [self.documentation.places[source],
                                                    *map(self.entry, kin)]}
                named.update(kin)

    def entry(self, source):
        return {self.title(source): self.documentation.places[source]}

    def title(self, source):
        text = (self.documentation.root / source).read_text(encoding="utf-8")
        return forge.title(text.split("\n"))

    def blame_missing(self, named):
        for source in self.documentation.places:
            if source.endswith(".md") and source not in named \
                    and source not in ("CONTRIBUTING.md", "CHANGELOG.md"):
                self.mistakes.append(f"{source}: no list of README.md names the page, under"
                                     f" \"{SECTION}\"")
