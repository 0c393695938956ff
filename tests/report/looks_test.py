"""Looks at the page of `isolite report --html` in a browser: light, dark, narrow, wide, on paper.

usage: looks_test.py PAGE_MAKER DIRECTORY [unittest's arguments]. DIRECTORY gets the pages and
pictures.
Without chromium and chromedriver it says so and exits with 77.
"""

import os
import pathlib
import struct

import sample_run
from report_page import BAR, main, page_test

DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"


class the_theme(page_test):
    def test_follows_the_system(self):
        self.open("small")
        light = self.colour("body", "color")
        self.here.prefer(prefers_color_scheme="dark")
        self.open("small")
        self.assertNotEqual(self.colour("body", "color"), light)

    def test_is_toggled_and_remembered(self):
        self.open("small")
        light = self.colour("html", "backgroundColor")
        self.here.click("#theme [value=dark]")
        dark = self.colour("html", "backgroundColor")
        self.assertNotEqual(dark, light)
        self.open("small")
        self.assertEqual(self.colour("html", "backgroundColor"), dark)
        pressed = self.ask("document.querySelector('#theme [aria-pressed=true]').value")
        self.assertEqual(pressed, "dark")
        self.here.click("#theme [value=auto]")
        self.assertEqual(self.colour("html", "backgroundColor"), light)

    def test_has_enough_contrast(self):
        script = """
            const parse = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map(Number);
            const linear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
            const light = (colour) => parse(colour).map((c) => linear(c / 255))
                .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
            const probe = document.body.appendChild(document.createElement('i'));
            const of = (name) => {
                probe.style.color = `var(--${name})`;
                return light(getComputedStyle(probe).color);
            };
            return arguments[0].map(([a, b]) => [of(a), of(b)].sort((x, y) => y - x))
                .map(([high, low]) => (high + 0.05) / (low + 0.05));
        """
        texts = [
            ["ink", "paper"], ["muted", "paper"], ["muted", "track"], ["failed", "paper"],
            ["on-bar", "passed"], ["on-bar", "failed"], ["muted", "raised"], ["running", "paper"],
            ["on-bar", "running"], ["ink", "track"],
        ]
        marks = [["passed", "paper"], ["skipped", "paper"], ["accent", "paper"]]
        wanted = [(pair, 4.5) for pair in texts] + [(pair, 3) for pair in marks]
        for scheme in ("light", "dark"):
            self.here.prefer(prefers_color_scheme=scheme)
            self.open("small")
            for (pair, least), ratio in zip(wanted, self.here.run(script, texts + marks)):
                with self.subTest(scheme=scheme, pair=pair):
                    self.assertGreaterEqual(ratio, least)

    def test_is_that_of_the_bars_that_scroll(self):
        thumbs = set()
        for scheme in ("light", "dark"):
            self.here.prefer(prefers_color_scheme=scheme)
            self.open("small")
            thumb = self.colour("#slowest .scroll", "scrollbarColor")
            self.assertRegex(thumb, r"^rgb\(.*\) rgba\(0, 0, 0, 0\)$")
            thumbs.add(thumb)
        self.assertEqual(len(thumbs), 2)


class the_width(page_test):
    def test_is_never_wider_than_the_window(self):
        for name in sample_run.SAMPLES:
            for width in (380, 820, 1440):
                with self.subTest(name, width=width):
                    self.here.resize(width, 800)
                    self.open(name)
                    self.assertEqual(self.ask("document.documentElement.scrollWidth"), width)

    def test_has_room_for_two_lists_side_by_side(self):
        for width in (1024, 1200, 1440):
            with self.subTest(width=width):
                self.here.resize(width, 800)
                self.open("troubled")
                self.assertEqual(self.ask(
                    "[...document.querySelectorAll('#slowest .scroll')]"
                    ".map((list) => list.scrollWidth - list.clientWidth)"), [0, 0])


class the_paper(page_test):
    def test_is_printed_on_paper_in_light_colours(self):
        self.open("troubled")
        light = self.colour_at(0)
        self.here.prefer(prefers_color_scheme="dark")
        self.open("troubled")
        screen = self.colour("html", "backgroundColor")
        self.assertNotEqual(self.colour_at(0), light)
        self.here.run(
            f"function bar() {{ {BAR} }} addEventListener('beforeprint', () => {{ window.bar = bar(0) }})"
        )
        self.assertEqual(self.here.printed()[:5], b"%PDF-")
        self.assertEqual(self.ask("window.bar"), light)
        self.assertEqual(self.colour("html", "backgroundColor"), screen)
        self.here.prefer("print", prefers_color_scheme="dark")
        self.assertNotEqual(self.colour("html", "backgroundColor"), screen)
        self.assertEqual(self.colour("#theme", "display"), "none")
        self.assertEqual(self.colour(".copy", "display"), "none")
        self.assertEqual(self.colour(".verbatim pre", "maxHeight"), "none")


class the_pictures(page_test):
    """Those of the documentation: what a page looks like at three widths, light and dark.

    ISOLITE_TEST_PICTURES names the directory that gets them: CONTRIBUTING.md has the command."""

    def test_are_of_a_page_that_is_drawn(self):
        for name, sample, width, height, scheme in (
            ("report", "small", 1440, 900, "light"), ("report-failed", "troubled", 1440, 1180, "light"),
            ("report-dark", "troubled", 1024, 900, "dark"), ("report-phone", "troubled", 390, 844, "light"),
        ):
            with self.subTest(name):
                self.here.prefer(prefers_color_scheme=scheme, prefers_reduced_motion="reduce")
                self.here.resize(width, height)
                self.open(sample)
                self.assertGreater(self.ask("window.isolite.drawn().visits"), 100)
                kept = os.environ.get("ISOLITE_TEST_PICTURES", self.directory)
                picture = pathlib.Path(kept, f"{name}.png")
                self.here.picture(picture)
                size = struct.unpack(">II", picture.read_bytes()[16:24])
                self.assertEqual(size, (width, height))
                shown = DOCS / f"{name}.png"
                self.assertEqual(struct.unpack(">II", shown.read_bytes()[16:24]), size,
                                 "the picture of the documentation is an old one")


if __name__ == "__main__":
    main()
