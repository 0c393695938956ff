"""Looks at the site in a browser: at three widths, light and dark.

usage: site_page_test.py SOURCE_DIRECTORY DIRECTORY [unittest's arguments]. DIRECTORY gets pictures.
Without mkdocs, Doxygen, chromium and chromedriver it says so and exits with 77.
"""

import functools
import http.server
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

SOURCE = pathlib.Path(sys.argv[1]).resolve()
PICTURES = pathlib.Path(sys.argv[2])
sys.path.insert(0, str(SOURCE / "tests/report"))

import browser

BLANK = "blank.htm"
DOWN = "\ue015"  # the key, as WebDriver calls it
WIDTHS = {"phone": 400, "tablet": 820, "desk": 1440}
LOOKED_AT = ["index.html", "tour.html", "frameworks.html", "troubleshooting.html", "design/index.html",
             "reference/index.html", "reference/engine.html", "examples/first.html"]


class quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class the_site(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        place = tempfile.TemporaryDirectory(prefix="isolite-site-")
        cls.addClassCleanup(place.cleanup)
        cls.built = pathlib.Path(place.name) / "site"
        subprocess.run([SOURCE / "scripts/site", cls.built], check=True,
                       stdout=subprocess.DEVNULL)
        (cls.built / BLANK).write_text('<link rel="icon" href="data:,">')
        server = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(quiet, directory=cls.built))
        cls.addClassCleanup(server.server_close)
        cls.addClassCleanup(server.shutdown)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        cls.address = f"http://127.0.0.1:{server.server_port}/"
        cls.browser = browser.browser()
        cls.addClassCleanup(cls.browser.close)

    def open(self, page, width="desk", scheme="light"):
        self.browser.open(self.address + BLANK)  # a page of the site keeps what is preferred
        self.browser.run("localStorage.clear()")
        self.browser.resize(WIDTHS[width], 900)
        self.browser.prefer(prefers_color_scheme=scheme)
        self.browser.open(self.address + page)

    def test_fits_each_width_light_and_dark_and_complains_of_nothing(self):
        for scheme in ("light", "dark"):
            for width in WIDTHS:
                for page in LOOKED_AT:
                    with self.subTest(page, width=width, scheme=scheme):
                        self.open(page, width, scheme)
                        self.assertEqual(self.overflow(), 0)
                        self.browser.picture(
                            PICTURES / f"site-{page.replace('/', '-')}-{width}-{scheme}.png")
        self.assertEqual(self.browser.complaints(), [])

    def overflow(self):
        return self.browser.run("return document.documentElement.scrollWidth - innerWidth")

    def test_fits_a_phone_on_every_page(self):
        for path in sorted(self.built.rglob("*.html")):
            page = str(path.relative_to(self.built))
            if page != "404.html":
                with self.subTest(page):
                    self.open(page, "phone")
                    self.assertEqual(self.overflow(), 0)

    def test_is_dark_where_the_system_is_and_where_it_is_chosen(self):
        brightness = """const colour = getComputedStyle(document.body).backgroundColor;
            return colour.match(/[0-9]+/g).slice(0, 3).map(Number).reduce((sum, part) => sum + part)"""
        self.open("index.html", scheme="light")
        light = self.browser.run(brightness)
        self.open("index.html", scheme="dark")
        self.assertGreater(light, 600)
        self.assertLess(self.browser.run(brightness), 150)
        self.open("index.html", scheme="light")
        self.browser.click("label[title=Dark]")
        browser.eventually(lambda: self.browser.run(brightness) < 150, "the page is dark")
        self.browser.run("localStorage.clear()")

    def test_finds_words_of_pages_and_names_of_the_reference(self):
        for words, title in (("copy_on_write", "The modes"), ("timed_fixture", "timed_fixture")):
            with self.subTest(words):
                self.open("index.html")
                self.browser.click("input.md-search__input")
                self.browser.type_into("input.md-search__input", words)
                browser.eventually(
                    lambda: title in self.browser.run(
                        "return [...document.querySelectorAll('.md-search-result :is(h1, h2)')]"
                        ".map((found) => found.textContent.trim())"),
                    f"the search for {words} finds {title}")

    def test_shows_which_result_of_a_search_is_chosen(self):
        for scheme in ("light", "dark"):
            with self.subTest(scheme):
                self.open("index.html", scheme=scheme)
                self.browser.click("input.md-search__input")
                self.browser.type_into("input.md-search__input", "copy_on_write")
                browser.eventually(
                    lambda: self.browser.run("return document.querySelector('.md-search-result__link')"),
                    "there is a result")
                self.browser.type_into("input.md-search__input", DOWN)
                look = """const chosen = document.activeElement, style = getComputedStyle(chosen);
                    return chosen.matches(".md-search-result__link") && style.outlineStyle === "solid"
                        && style.backgroundColor !== "rgba(0, 0, 0, 0)" """
                browser.eventually(lambda: self.browser.run(look), "it has a line and a ground")

    def test_has_buttons_to_copy_code_that_can_be_seen(self):
        contrast = """
            const light = (colour) => colour.match(/[0-9.]+/g).slice(0, 3).map(Number)
                .map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
                .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
            const button = getComputedStyle(document.querySelector(".md-clipboard")).color;
            const code = getComputedStyle(document.querySelector(".highlight code")).backgroundColor;
            const [high, low] = [light(button), light(code)].sort((x, y) => y - x);
            return (high + 0.05) / (low + 0.05)"""
        for scheme in ("light", "dark"):
            with self.subTest(scheme):
                self.open("index.html", scheme=scheme)
                self.assertGreaterEqual(self.browser.run(contrast), 3)


if __name__ == "__main__":
    del sys.argv[1:3]
    missing = [tool for tool in ("mkdocs", "doxygen") if not shutil.which(tool)]
    if missing:
        print(f"skipped: {' and '.join(missing)} cannot be found; scripts/bootstrap --site")
        sys.exit(77)
    try:
        browser.installed()
    except browser.no_browser as reason:
        print(f"skipped: {reason}")
        sys.exit(77)
    unittest.main()
