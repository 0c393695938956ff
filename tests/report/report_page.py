"""What the tests of the report's page have in common: the pages, and questions about them."""

import json
import pathlib
import subprocess
import sys
import unittest

import sample_run
from browser import browser, eventually, installed, no_browser

SKIPPED = 77  # the status that Meson takes for a skipped test
CANVAS = "document.querySelector('canvas').getBoundingClientRect().toJSON()"
# What a table shows, by its caption: its heads and its rows.
TABLE = """
    const table = [...document.querySelectorAll('table')]
        .find((one) => one.caption.textContent === arguments[0]);
    const texts = (cells) => [...cells].map((cell) => cell.textContent.replaceAll('\\u202f', ' '));
    return table && {
        heads: texts(table.tHead.rows[0].cells),
        rows: [...table.tBodies[0].rows].map((row) => texts(row.cells)),
        order: [...table.tHead.rows[0].cells].map((cell) => cell.ariaSort),
        scopes: [...table.querySelectorAll('th')].map((cell) => cell.scope),
    };
"""
# The colour of a case's bar, from a copy, because a canvas that is read becomes slow.
BAR = """
    const place = window.isolite.place_of(arguments[0]);
    const copy = document.createElement('canvas').getContext('2d');
    copy.drawImage(document.querySelector('canvas'), -place.x - place.width + 6, -place.y - 2);
    return [...copy.getImageData(0, 0, 1, 1).data].join();
"""


class page_test(unittest.TestCase):
    """Opens pages and asks what is on them. All tests of a file share a browser and the pages."""

    maker, directory = None, None
    here, runs = None, None

    @classmethod
    def start(cls, maker, directory):
        page_test.maker, page_test.directory = maker, directory
        page_test.here = browser()
        page_test.runs = {name: sample_run.SAMPLES[name]() for name in sample_run.SAMPLES}
        for name in sample_run.SAMPLES:
            cls.make_page(name)

    @classmethod
    def make_page(cls, name):
        text = json.dumps(cls.runs[name], ensure_ascii=False)
        made = subprocess.run([cls.maker], input=text.encode(), stdout=subprocess.PIPE, check=True)
        cls.address_of(name, "path").write_bytes(made.stdout)

    @classmethod
    def address_of(cls, name, kind="uri"):
        path = pathlib.Path(cls.directory, f"{name}.html").resolve()
        return path if kind == "path" else path.as_uri()

    def setUp(self):
        self.here.resize(1440, 900)
        self.here.prefer(prefers_color_scheme="light", prefers_reduced_motion="reduce")

    def tearDown(self):
        self.assertEqual(self.here.complaints(), [])

    def open(self, name):
        self.here.open(self.address_of(name))
        self.here.run_async("requestAnimationFrame(() => requestAnimationFrame(done))")
        return self.runs[name]

    def ask(self, expression, *arguments):
        """Returns the value of an expression in the page."""
        return self.here.run(f"return {expression}", *arguments)

    def count(self, selector):
        return self.ask("document.querySelectorAll(arguments[0]).length", selector)

    def shown(self, selector, what):
        """Returns a property of each element that can be seen."""
        return self.ask(
            "[...document.querySelectorAll(arguments[0])].filter((e) => e.checkVisibility())"
            ".map((e) => e[arguments[1]])", selector, what
        )

    def text(self, selector):
        text = self.ask("document.querySelector(arguments[0]).innerText", selector)
        return text.replace("\u202f", " ")

    def texts(self, selector):
        return self.ask(
            "[...document.querySelectorAll(arguments[0])].map((e) => e.textContent)", selector
        )

    def table(self, caption):
        return self.here.run(TABLE, caption)

    def column(self, caption, head):
        table = self.table(caption)
        return [row[table["heads"].index(head)] for row in table["rows"]]

    def view(self):
        return self.ask("window.isolite.view()")

    def until_view(self, claim, what):
        def told():
            view = self.view()
            return view if claim(view) else None

        return eventually(told, what)

    def place_of(self, case, where="place_of"):
        """Returns the middle of a case in pixels of the window."""
        canvas = self.ask(f"{CANVAS}")
        place = self.ask(f"window.isolite.{where}(arguments[0])", case)
        return (
            canvas["left"] + place["x"] + place["width"] / 2,
            canvas["top"] + place["y"] + place["height"] / 2,
        )

    def colour_at(self, case):
        """Returns the colour of a case's bar."""
        return self.here.run(BAR, case)

    def corner_of(self, case):
        """Returns where a case begins, in pixels of the window, and the height of its bar."""
        canvas = self.ask(f"{CANVAS}")
        place = self.ask("window.isolite.place_of(arguments[0])", case)
        return canvas["left"] + place["x"], canvas["top"] + place["y"], place["height"]

    def colour(self, selector, name="color"):
        return self.ask(f"getComputedStyle(document.querySelector('{selector}')).{name}")

    def widest(self, name):
        """Returns the case that takes longest, by its position."""
        return max(
            (row[2], i) for i, row in enumerate(self.runs[name]["cases"]["rows"]) if row[2] is not None
        )[1]


def main():
    """Runs the tests of a file: FILE PAGE_MAKER DIRECTORY [unittest's arguments]."""
    try:
        installed()
    except no_browser as missing:
        print(f"skipped: the report is tried in a browser, and {missing}")
        sys.exit(SKIPPED)
    try:
        page_test.start(*sys.argv[1:3])
        tests = unittest.main("__main__", argv=[sys.argv[0], *sys.argv[3:]], exit=False)
    finally:
        if page_test.here:
            page_test.here.close()
    sys.exit(not tests.result.wasSuccessful())
