"""Looks whether all links of a built site lead somewhere, and whether it stands alone."""

import html.parser
import os
import pathlib
import urllib.parse

# Attributes whose file a browser loads by itself.
LOADED = {("script", "src"), ("img", "src"), ("iframe", "src"), ("link", "href"), ("source", "src")}
# Absolute: mkdocs cannot know from where it will be asked for.
NOT_LINKED = {"404.html"}


class reader(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.anchors, self.links, self.loaded = {"", "__top"}, [], []

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name == "id" or (tag == "a" and name == "name"):
                self.anchors.add(value)
            elif (tag, name) in LOADED:
                self.loaded.append(value or "")
            elif (tag, name) == ("a", "href"):
                self.links.append(value or "")


def mistakes(site, sources):
    """Returns a sentence for each link that leads nowhere, and for whatever is loaded from
    elsewhere. `sources` tells of a page where it is from."""
    site = pathlib.Path(site)
    pages = {}
    for path in sorted(site.rglob("*.html")):
        page = str(path.relative_to(site))
        if page not in NOT_LINKED:
            pages[page] = reader()
            pages[page].feed(path.read_text(encoding="utf-8"))
    found = []
    for page, content in pages.items():
        where = sources.get(page, page)
        for link in dict.fromkeys(content.links + content.loaded):
            parts = urllib.parse.urlsplit(link)
            if parts.scheme or parts.netloc:
                if link in content.loaded and parts.scheme != "data":
                    found.append(f"{where}: the page loads {link}, which is not of the site")
            elif not leads_somewhere(site, pages, page, parts):
                found.append(f"{where}: the link {link} leads nowhere on the site")
    return found


def leads_somewhere(site, pages, page, parts):
    target = os.path.normpath(os.path.join(os.path.dirname(page), urllib.parse.unquote(parts.path)))
    if not parts.path:
        target = page
    if target in pages:
        return urllib.parse.unquote(parts.fragment) in pages[target].anchors
    path = site / target
    return path.is_file() or (path / "index.html").is_file()
