"""Opens the page of the run that docs/when-it-goes-wrong.md records, and takes its picture.

usage: trouble_page_test.py SOURCE_DIRECTORY PROGRAM DIRECTORY [unittest's arguments]. DIRECTORY gets
the picture, or what ISOLITE_TEST_PICTURES names: CONTRIBUTING.md has the command.
Without chromium and chromedriver it says so and exits with 77.
"""

import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(sys.argv[1]).resolve()
PROGRAM = pathlib.Path(sys.argv[2]).resolve()
PICTURES = os.environ.get("ISOLITE_TEST_PICTURES", sys.argv[3])
sys.path.insert(0, str(SOURCE / "tests/report"))

import browser

PICTURE = "report-trouble.png"
FAILED = ["leak/an_order_is_stored", "crash/a_price_is_read", "hang/an_order_arrives",
          "bad_seed/a_price_is_stored"]
OTHERS = ("ISOLITE_", "BOOST_TEST_")


def size_of(picture):
    return struct.unpack(">II", picture.read_bytes()[16:24])


class the_page_of_the_troubles(unittest.TestCase):
    def test_has_all_of_them_and_is_in_the_documentation(self):
        place = tempfile.TemporaryDirectory(prefix="isolite-trouble-")
        self.addCleanup(place.cleanup)
        page = pathlib.Path(place.name, "run.html")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OTHERS)}
        subprocess.run([PROGRAM, "--workers=2", "--timeout=1", "--retries=1", f"--report={page}"],
                       env={**kept, "TMPDIR": place.name, "ISOLITE_CACHE": f"{place.name}/cache",
                            "ISOLITE_EVIDENCE": "off"}, capture_output=True, check=False)
        here = browser.browser(1200, 760)
        self.addCleanup(here.close)
        here.resize(1200, 760)
        here.prefer(prefers_color_scheme="light", prefers_reduced_motion="reduce")
        here.open(page.as_uri())
        self.assertRegex(here.run("return document.querySelector('h1').textContent"),
                         "^4 of 10 tests failed in ")
        self.assertEqual(sorted(here.run(
            "return [...document.querySelectorAll('.failure h3')].map((name) => name.textContent)")),
            sorted(FAILED))
        here.run("document.querySelector('#time-line').scrollIntoView({behavior: 'instant'})")
        here.run_async("requestAnimationFrame(() => requestAnimationFrame(done))")
        self.assertGreater(here.run("return window.isolite.drawn().visits"), 10)
        taken = pathlib.Path(PICTURES, PICTURE)
        here.picture(taken)
        self.assertEqual(size_of(SOURCE / "docs" / PICTURE), size_of(taken),
                         "the picture of the documentation is an old one")


if __name__ == "__main__":
    del sys.argv[1:4]
    try:
        browser.installed()
    except browser.no_browser as reason:
        print(f"skipped: {reason}")
        sys.exit(77)
    unittest.main()
