"""Tries the page of `isolite report --html` in a browser, by what people and screen readers find.

usage: page_test.py PAGE_MAKER DIRECTORY [unittest's arguments]. DIRECTORY gets the pages and a
picture of the first screen. Without chromium and chromedriver it says so and exits with 77.
"""

import json
import pathlib
import subprocess
import sys
import unittest

import sample_run
from browser import browser, eventually, installed, no_browser

SKIPPED = 77
CANVAS = "document.querySelector('canvas').getBoundingClientRect().toJSON()"
# What a table shows, by its caption: its heads and its rows.
TABLE = """
    const table = [...document.querySelectorAll('table')].find((t) => t.caption.textContent === arguments[0]);
    const texts = (cells) => [...cells].map((cell) => cell.textContent.replaceAll('\\u202f', ' '));
    return table && {
        heads: texts(table.tHead.rows[0].cells), rows: [...table.tBodies[0].rows].map((row) => texts(row.cells)),
        order: [...table.tHead.rows[0].cells].map((cell) => cell.ariaSort),
        scopes: [...table.querySelectorAll('th')].map((cell) => cell.scope),
    };
"""
FRAMES = """
    const canvas = document.querySelector('canvas');
    const box = canvas.getBoundingClientRect();
    const times = [], drawing = [];
    let visits = 0;
    let last = performance.now();
    const step = (i) => requestAnimationFrame((now) => {
        times.push(now - last);
        last = now;
        visits = Math.max(visits, window.isolite.drawn().visits);
        drawing.push(window.isolite.drawn().ms);
        if (i === 90) {
            return done({times: times.slice(1), drawing, visits, drawn: window.isolite.drawn()});
        }
        canvas.dispatchEvent(new WheelEvent('wheel', {
            deltaY: i < 45 ? -60 : 60, clientX: box.left + box.width / 2, clientY: box.top + 60, cancelable: true, bubbles: true,
        }));
        step(i + 1);
    });
    step(0);
"""


class page_test(unittest.TestCase):
    maker, directory = None, None
    here = None

    @classmethod
    def setUpClass(cls):
        cls.here = browser()
        cls.addClassCleanup(cls.here.close)
        cls.runs = {name: json.loads(sample_run.as_text(name)) for name in sample_run.SAMPLES}
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

    def text(self, selector):
        text = self.here.run("return document.querySelector(arguments[0]).innerText", selector)
        return text.replace("\u202f", " ")

    def texts(self, selector):
        return self.here.run("return [...document.querySelectorAll(arguments[0])].map((e) => e.textContent)", selector)

    def table(self, caption):
        return self.here.run(TABLE, caption)

    def column(self, caption, head):
        table = self.table(caption)
        return [row[table["heads"].index(head)] for row in table["rows"]]

    def view(self):
        return self.here.run("return window.isolite.view()")

    def until_view(self, claim, what):
        def told():
            view = self.view()
            return view if claim(view) else None

        return eventually(told, what)

    def place_of(self, case):
        """Returns the middle of a case in pixels of the window."""
        canvas = self.here.run(f"return {CANVAS}")
        place = self.here.run("return window.isolite.place_of(arguments[0])", case)
        return (
            canvas["left"] + place["x"] + place["width"] / 2,
            canvas["top"] + place["y"] + place["height"] / 2,
        )

    def colour_at(self, case):
        """Returns the colour of a case's bar, from a copy so that the canvas itself is not read."""
        return self.here.run(
            "const p = window.isolite.place_of(arguments[0]), copy = document.createElement('canvas').getContext('2d');"
            "copy.drawImage(document.querySelector('canvas'), -p.x - p.width + 6, -p.y - 2);"
            "return [...copy.getImageData(0, 0, 1, 1).data].join()", case
        )

    def corner_of(self, case):
        """Returns where a case begins, in pixels of the window, and the height of its bar."""
        canvas = self.here.run(f"return {CANVAS}")
        place = self.here.run("return window.isolite.place_of(arguments[0])", case)
        return canvas["left"] + place["x"], canvas["top"] + place["y"], place["height"]

    def colour(self, selector, name="color"):
        return self.here.run(f"return getComputedStyle(document.querySelector('{selector}')).{name}")

    def widest(self, name):
        """Returns the case that takes longest, by its position."""
        return max(
            (row[2], i) for i, row in enumerate(self.runs[name]["cases"]["rows"]) if row[2] is not None
        )[1]


class the_headline(page_test):
    def test_says_how_the_run_ended_and_what_sharing_saved(self):
        self.open("small")
        self.assertEqual(self.text("h1"), "873 tests passed in 910 ms")
        self.assertEqual(self.here.run("return document.title.replaceAll('\\u202f', ' ')"), "873 tests passed in 910 ms – isolite")
        self.assertEqual(
            self.text("#lede"),
            "Fixtures took 2.4 % of the time; seeding for each test would have cost 25.0 s, sharing it saved 24.9 s.",
        )
        self.assertIn("shop_boost_test, shop_doctest", self.text("#about"))
        self.assertIn("2026", self.text("#about time"))
        self.assertIn("873 passed, 9 skipped", self.text("#figures"))

    def test_names_what_went_wrong_and_leads_to_it(self):
        self.open("troubled")
        self.assertEqual(self.text("h1"), "7 of 166 tests failed in 373 ms, and 3 processes ended early")
        self.assertEqual(
            self.texts("#notices a"), ["✕7 tests failed", "✕3 workers died", "◆3 tests left something behind"]
        )
        targets = self.here.run(
            "return [...document.querySelectorAll('#notices a')].map((a) => document.querySelector(a.hash).hidden)"
        )
        self.assertEqual(targets, [False, False, False])

    def test_of_a_run_with_nothing_in_it_says_so(self):
        self.open("empty")
        self.assertEqual(self.text("h1"), "No test ran")
        self.assertEqual(
            self.here.run("return [...document.querySelectorAll('h2')].filter((h) => h.checkVisibility()).map((h) => h.innerText)"),
            ["Time line"],
        )
        self.assertIn("No process of this run left records", self.text("#time-line"))


class the_tables(page_test):
    def test_have_a_row_for_each_record(self):
        run = self.open("small")
        for caption, rows in (
            ("Workers and how they spent their time", 8), ("Fixtures by kind and name", len(run["fixtures"])),
            ("Slowest tests", 10), ("Slowest fixtures", 10), ("Slower", 4), ("Faster", 3),
            ("This run and those before it", 12), ("All tests", 50),
        ):
            with self.subTest(caption):
                self.assertEqual(len(self.table(caption)["rows"]), rows)

    def test_say_durations_with_three_digits(self):
        run = self.open("small")
        first = run["fixtures"][0]
        self.assertEqual(
            self.table("Fixtures by kind and name")["rows"][0],
            ["fixture", "mail server", "441", "80.6 ms", "160 µs", "354 µs", "770 µs"],
        )
        self.assertEqual([round(first["total_ns"] / 1e5), round(first["median_ns"] / 1e3)], [806, 160])
        self.assertEqual(self.table("Slower")["rows"][0][1:], ["4.00 ms", "9.50 ms", "+5.50 ms", "2.4 ×", "± 444 µs"])
        self.assertEqual(self.table("Faster")["rows"][0][1:5], ["31.0 ms", "6.20 ms", "−24.8 ms", "0.20 ×"])

    def test_say_each_duration_in_the_unit_that_suits_it(self):
        said = {
            0: "0", 7: "7 ns", 999: "999 ns", 1000: "1.00 µs", 999_499: "999 µs", 999_500: "1.00 ms",
            12_345_678: "12.3 ms", 99_960_000: "100 ms", 119_400_000_000: "119 s", 119_600_000_000: "2 min 0 s",
            3_725_000_000_000: "62 min 5 s",
        }
        worker = {"cases": 1, "tests_ns": 1, "fixtures_ns": 0, "idle_ns": 0, "replacements": 0}
        self.runs["durations"] = {
            **self.runs["empty"], "workers": [{**worker, "name": f"w{i}", "wall_ns": ns} for i, ns in enumerate(said)],
        }
        self.make_page("durations")
        self.open("durations")
        self.assertEqual(self.column("Workers and how they spent their time", "Wall"), list(said.values()))

    def test_put_what_is_not_known_last(self):
        self.open("troubled")
        for clicks in (1, 2):
            self.here.click("#failures th:nth-child(4) button")
            with self.subTest(clicks=clicks):
                took = self.column("Tests that failed or did not run", "Took")
                self.assertEqual(took[-6:], ["–"] * 6)
                self.assertNotIn("–", took[:-6])

    def test_have_captions_and_scopes(self):
        self.open("troubled")
        self.assertEqual(self.here.run("return [...document.querySelectorAll('table')].filter((t) => !t.caption).length"), 0)
        self.assertLessEqual(set(self.table("All tests")["scopes"]), {"col", "row"})

    def test_tell_failures_leaks_and_deaths(self):
        run = self.open("troubled")
        failed = [row[6] for row in run["cases"]["rows"] if row[7] in ("failed", "not run")]
        self.assertEqual(self.column("Tests that failed or did not run", "Test"), failed)
        self.assertEqual(self.column("What tests left behind", "What")[0], 'committed 34 rows into "orders"')
        self.assertEqual(self.column("Workers that died", "Worker"), [death["worker"] for death in run["deaths"]])
        self.assertIn("signal 11", self.column("Workers that died", "How")[0])

    def test_are_sorted_by_their_heads(self):
        run = self.open("small")
        durations = sorted((row[2] for row in run["cases"]["rows"]), reverse=True)
        head = "#cases th:nth-child(5) button"
        self.here.click(head)
        table = self.table("All tests")
        self.assertEqual(table["order"], ["none", "none", "none", "none", "descending", "none", "none", "none"])
        self.assertEqual(table["rows"][0][4], "117 ms")
        self.assertEqual(round(durations[0] / 1e6), 117)
        self.here.click(head)
        self.assertEqual(self.table("All tests")["order"][4], "ascending")
        self.assertEqual(self.table("All tests")["rows"][0][4], f"{durations[-1] / 1000:.0f} µs")
        self.here.click("#cases th:nth-child(1) button")
        names = self.column("All tests", "Test")
        self.assertEqual(names[:2], [f"customers/a category has one parent ({i})" for i in (7, 15)])
        self.assertEqual(self.table("All tests")["order"][0], "ascending")

    def test_show_all_cases_a_page_at_a_time(self):
        run = self.open("small")
        self.assertEqual(self.text("#cases .place"), "1–50 of 882")
        self.here.click("#cases .pager button:last-child")
        self.assertEqual(self.text("#cases .place"), "51–100 of 882")
        self.assertEqual(self.column("All tests", "Test")[0], run["cases"]["rows"][50][6])


class the_time_line(page_test):
    def test_says_its_figures_to_those_who_cannot_see_it(self):
        run = self.open("troubled")
        label = self.here.run("return document.querySelector('canvas').ariaLabel").replace("\u202f", " ")
        self.assertIn("Time line of 4 workers over 373 ms: 166 tests, 156 passed, 7 failed, 3 not run, 1 flaky", label)
        self.assertIn(f"{len(run['spans']['rows'])} fixtures; 3 workers died", label)

    def test_tells_the_case_under_the_pointer(self):
        run = self.open("small")
        widest = self.widest("small")
        self.here.point_at(*self.place_of(widest))
        tip = self.text("#tooltip")
        _, start, ns, _, _, pages, test, verdict, _, _ = run["cases"]["rows"][widest]
        for told in (test, verdict, f"{start:,} ns", f"{ns:,} ns", str(pages)):
            self.assertIn(told, tip)
        self.assertEqual(self.here.run("return document.querySelector('#tooltip').dataset.case"), str(widest))

    def test_tells_the_fixture_under_the_pointer(self):
        self.open("small")
        self.here.click("#cases tbody tr:nth-child(3) button")
        self.until_view(lambda v: v["to"] < v["end"] / 2, "the case is shown")
        x, y, height = self.corner_of(2)
        self.here.wheel(x, y, -2000)
        self.until_view(lambda v: v["to"] - v["from"] < v["end"] / 1000, "its first fixture is wide")
        x, y, height = self.corner_of(2)
        self.here.point_at(x + 6, y + height + 4)
        self.assertIn("session opened shop", self.text("#tooltip"))
        self.here.point_at(x + 6, y + height / 2)
        self.assertNotIn("session opened", self.text("#tooltip"))

    def test_tells_why_a_process_ended_early(self):
        run = self.open("troubled")
        canvas = self.here.run(f"return {CANVAS}")
        end = next(i for i, p in enumerate(run["processes"]) if p["ended_early"])
        x, y = self.here.run("return Object.values(window.isolite.place_of_end(arguments[0]))", end)
        self.here.point_at(canvas["left"] + x, canvas["top"] + y)
        self.assertIn("signal 11 (Segmentation fault)", self.text("#tooltip"))
        self.assertIn("ended early", self.text("#tooltip"))
        self.assertIn("ended early", self.text("#legend"))

    def test_pins_the_case_that_is_clicked_with_its_fixtures(self):
        run = self.open("small")
        widest = self.widest("small")
        self.here.point_at(*self.place_of(widest), {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0})
        self.assertEqual(self.text("#details h3"), run["cases"]["rows"][widest][6])
        spans = [row for row in run["spans"]["rows"] if row[6] == widest]
        self.assertEqual(len(self.table("Fixtures in this test")["rows"]), len(spans))
        self.here.click("#details button[aria-label='Close the details']")
        self.assertTrue(self.here.run("return document.querySelector('#details').hidden"))

    def test_is_moved_and_zoomed_by_keys(self):
        run = self.open("small")
        whole = self.view()
        self.assertEqual(whole, {"from": 0, "to": run["run"]["wall_ns"], "end": run["run"]["wall_ns"]})
        self.here.run("document.querySelector('canvas').focus()")
        self.here.type_into("canvas", "++")
        near = self.until_view(lambda v: v["to"] - v["from"] < whole["to"] * 0.26, "two keys zoom in")
        self.here.type_into("canvas", "\ue014")  # the right arrow
        right = self.until_view(lambda v: v["from"] > near["from"], "an arrow moves the view")
        self.assertAlmostEqual(right["to"] - right["from"], near["to"] - near["from"], delta=2)
        self.here.type_into("canvas", "-")
        self.until_view(lambda v: v["to"] - v["from"] > whole["to"] * 0.49, "minus zooms out")
        self.here.type_into("canvas", "0")
        self.until_view(lambda v: v == whole, "0 shows all")

    def test_is_zoomed_around_the_pointer_by_the_wheel(self):
        self.open("small")
        widest = self.widest("small")
        x, y = self.place_of(widest)
        self.here.wheel(x, y, -400)
        self.until_view(lambda v: v["to"] - v["from"] < v["end"] * 0.6, "the wheel zooms")
        start, ns = self.runs["small"]["cases"]["rows"][widest][1:3]
        view = self.view()
        self.assertTrue(view["from"] < start + ns / 2 < view["to"])
        self.assertAlmostEqual(self.place_of(widest)[0], x, delta=2)

    def test_leaves_the_wheel_to_the_page_when_all_is_shown(self):
        self.open("small")
        canvas = self.here.run(f"return {CANVAS}")
        self.here.wheel(canvas["left"] + 300, canvas["top"] + 60, 300)
        eventually(lambda: self.here.run("return scrollY > 0"), "the page scrolls")
        self.assertEqual(self.view()["from"], 0)

    def test_is_moved_by_dragging_and_fitted_by_a_double_click(self):
        self.open("small")
        self.here.click("#zoom-in")
        near = self.until_view(lambda v: v["from"] > 0, "the button zooms in")
        canvas = self.here.run(f"return {CANVAS}")
        x, y = canvas["left"] + 700, canvas["top"] + 80
        self.here.drag(x, y, x - 200)
        self.until_view(lambda v: v["from"] > near["from"], "dragging moves the view")
        press = {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}
        self.here.point_at(x, y, *press, *press)
        self.until_view(lambda v: v["from"] == 0 and v["to"] == v["end"], "a double click shows all")

    def test_is_zoomed_by_two_fingers(self):
        self.open("small")
        x, y = self.place_of(self.widest("small"))
        self.here.pinch(x, y, 100, 300)
        view = self.until_view(lambda v: v["to"] - v["from"] < v["end"] * 0.5, "fingers that part zoom in")
        start, ns = self.runs["small"]["cases"]["rows"][self.widest("small")][1:3]
        self.assertTrue(view["from"] < start + ns / 2 < view["to"])

    def test_follows_the_width_of_the_window_and_its_pixels(self):
        self.open("small")
        self.here.resize(820, 900)
        eventually(lambda: self.here.run("return window.isolite.drawn().width") < 820, "the canvas is narrower")
        self.here.resize(820, 900, scale=2)
        self.open("small")
        canvas = self.here.run(f"return {CANVAS}")
        self.assertEqual(self.here.run("return window.isolite.drawn().width"), round(canvas["width"] * 2))


class bars_of_a_row(page_test):
    ROW = """
        const row = new window.isolite.series(arguments[0].map(([start, length, kind]) => ({start, length, kind})), (b) => b.kind, 2);
        const drawn = [];
        const visits = row.walk(arguments[1], arguments[2], arguments[3], (i) => drawn.push(i), (i, j, x) => drawn.push([i, j, x]));
    """

    def setUp(self):
        super().setUp()
        self.open("empty")

    def walk(self, bars, start, end, column):
        return self.here.run(f"{self.ROW} return [drawn, visits];", bars, start, end, column)

    def test_are_drawn_as_one_where_they_begin_in_the_same_pixel(self):
        bars = [[0, 2, 0], [3, 2, 0], [9, 1, 0], [10, 3, 0], [20, 40, 0], [61, 1, 0]]
        self.assertEqual(self.walk(bars, 0, 100, 10), [[[0, 3, 0], [3, 4, 1], 4, [5, 6, 6]], 4])
        self.assertEqual(self.walk(bars, 0, 100, 1), [[0, 1, 2, 3, 4, 5], 6])

    def test_are_drawn_apart_from_a_wide_one_that_begins_in_their_pixel(self):
        self.assertEqual(self.walk([[0, 2, 0], [3, 2, 0], [6, 30, 0]], 0, 100, 10), [[[0, 2, 0], 2], 2])

    def test_are_left_out_where_they_cannot_be_seen(self):
        bars = [[i * 10, 5, 0] for i in range(10)]
        self.assertEqual(self.walk(bars, 25, 41, 1), [[3, 4], 2])
        self.assertEqual(self.walk(bars, 24, 40, 1), [[2, 3], 2])

    def test_are_summed_up_by_what_took_most_of_the_time(self):
        summary = self.here.run(f"{self.ROW} return row.summary(1, 4)", [[0, 90, 0], [90, 2, 0], [93, 3, 1], [97, 2, 0], [99, 9, 1]], 0, 1, 1)
        self.assertEqual(summary, {"most": 0, "busy": 7})

    def test_are_found_where_they_are_or_near_it(self):
        script = f"{self.ROW} return [5, 14, 17, 30, 45, 52, 60].map((time) => row.nearest(time, 4)?.start ?? null)"
        self.assertEqual(self.here.run(script, [[0, 12, 0], [20, 30, 0]], 0, 1, 1), [0, 0, 20, 20, 20, 20, None])


class the_search(page_test):
    def test_filters_the_cases_and_keeps_both_boxes_equal(self):
        run = self.open("small")
        self.here.type_into("#search-line", "ORDERS umlauts")
        found = [row[6] for row in run["cases"]["rows"] if "orders" in row[6] and "umlauts" in row[6]]
        self.assertGreater(len(found), 3)
        self.assertEqual(self.column("All tests", "Test"), found)
        self.assertEqual(self.here.run("return document.querySelector('#search-table').value"), "ORDERS umlauts")
        self.assertEqual(self.text("#found"), f"{len(found)} of 882 tests")

    def test_finds_verdicts_and_says_when_nothing_is_found(self):
        self.open("small")
        self.here.type_into("#search-table", "skipped")
        self.assertEqual(set(self.column("All tests", "Verdict")), {"–skipped"})
        self.here.type_into("#search-table", "xyzzy")
        self.assertEqual(self.text("#cases .place"), "No test matches")

    def test_dims_what_it_does_not_find_on_the_time_line(self):
        self.open("small")
        before = self.colour_at(self.widest("small"))
        self.here.type_into("#search-line", "xyzzy")
        eventually(lambda: self.colour_at(self.widest("small")) != before, "the case is dimmed")

    def test_leads_from_the_table_to_the_time_line(self):
        run = self.open("small")
        self.here.click("#cases tbody tr:nth-child(3) button")
        self.assertEqual(self.text("#details h3"), run["cases"]["rows"][2][6])
        start, ns = run["cases"]["rows"][2][1:3]
        self.until_view(lambda v: v["from"] < start and start + ns < v["to"] < v["end"] / 2, "the case is shown")
        focused = "return document.activeElement.id || document.activeElement.innerText"
        self.assertEqual(self.here.run(focused), "details")
        self.here.click("#details button[aria-label='Close the details']")
        self.assertEqual(self.here.run(focused), run["cases"]["rows"][2][6])


class the_charts(page_test):
    def test_say_their_figures(self):
        run = self.open("small")
        labels = self.here.run("return [...document.querySelectorAll('svg[role=img]')].map((s) => s.ariaLabel)")
        told = "\n".join(labels).replace("\u202f", " ")
        costs = sorted(row[4] for row in run["cases"]["rows"])
        self.assertIn("Cost of sessions in 882 tests", told)
        self.assertIn(f"median {costs[440] / 1000:.1f} µs", told)
        self.assertIn(f"95th percentile {costs[837] / 1000:.0f} µs", told)
        self.assertIn("Wall time of 12 runs", told)
        self.assertIn("Time in fixtures of 12 runs", told)

    def test_have_a_column_for_each_run_and_a_cross_for_those_that_failed(self):
        run = self.open("small")
        self.assertEqual(self.here.run("return document.querySelector('svg.trend').querySelectorAll('rect').length"), 12)
        failed = sum(earlier["failed"] > 0 for earlier in run["earlier"])
        self.assertEqual(self.here.run("return document.querySelector('svg.trend').querySelectorAll('.failed').length"), failed)


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
        self.assertEqual(self.here.run("return document.querySelector('#theme [aria-pressed=true]').value"), "dark")
        self.here.click("#theme [value=auto]")
        self.assertEqual(self.colour("html", "backgroundColor"), light)

    def test_has_enough_contrast(self):
        script = """
            const parse = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map(Number);
            const light = (colour) => parse(colour).map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
                .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
            const probe = document.body.appendChild(document.createElement('i'));
            const of = (name) => { probe.style.color = `var(--${name})`; return light(getComputedStyle(probe).color); };
            return arguments[0].map(([a, b]) => [of(a), of(b)].sort((x, y) => y - x))
                .map(([high, low]) => (high + 0.05) / (low + 0.05));
        """
        texts = [["ink", "paper"], ["muted", "paper"], ["muted", "track"], ["failed", "paper"], ["on-bar", "passed"],
                 ["on-bar", "failed"], ["muted", "raised"]]
        marks = [["passed", "paper"], ["skipped", "paper"], ["accent", "paper"]]
        for scheme in ("light", "dark"):
            self.here.prefer(prefers_color_scheme=scheme)
            self.open("small")
            for (pair, least), ratio in zip(
                [(pair, 4.5) for pair in texts] + [(pair, 3) for pair in marks], self.here.run(script, texts + marks)
            ):
                with self.subTest(scheme=scheme, pair=pair):
                    self.assertGreaterEqual(ratio, least)


class the_page(page_test):
    def test_is_never_wider_than_a_narrow_window(self):
        for name in sample_run.SAMPLES:
            for width in (380, 820):
                with self.subTest(name, width=width):
                    self.here.resize(width, 800)
                    self.open(name)
                    self.assertEqual(self.here.run("return document.documentElement.scrollWidth"), width)

    def test_shows_hostile_names_as_text(self):
        run = self.open("hostile")
        shown = self.texts("#cases tbody th .test")
        self.assertEqual(shown, [row[6] for row in run["cases"]["rows"]])
        self.assertEqual(self.texts("img, #cases b, script:not([id])")[:-1], [])
        self.assertEqual(self.here.run("return document.scripts.length"), 2)

    def test_asks_the_network_for_nothing_and_could_not(self):
        self.open("hostile")
        asked = "return performance.getEntriesByType('resource').map((e) => e.name).filter((n) => !n.startsWith('data:'))"
        self.assertEqual(self.here.run(asked), [])
        policy = self.here.run("return document.querySelector('meta[http-equiv=Content-Security-Policy]').content")
        self.assertIn("default-src 'none'", policy)
        self.assertNotIn("unsafe", policy)
        self.assertNotIn("http", policy)

    def test_has_landmarks_and_headings_in_order(self):
        self.open("troubled")
        self.assertEqual(self.here.run("return ['header', 'main', 'footer'].map((t) => document.querySelectorAll(`body > ${t}`).length)"), [1, 1, 1])
        levels = [int(tag[1]) for tag in self.here.run(
            "return [...document.querySelectorAll('h1, h2, h3')].filter((h) => h.checkVisibility()).map((h) => h.tagName)")]
        self.assertEqual(levels.count(1), 1)
        self.assertTrue(all(b - a <= 1 for a, b in zip(levels, levels[1:])))
        nameless = "return [...document.querySelectorAll('button, input')].filter((e) => !(e.innerText || e.ariaLabel)).length"
        self.assertEqual(self.here.run(nameless), 0)

    def test_is_printed_on_paper_in_light_colours(self):
        self.here.prefer(prefers_color_scheme="dark")
        self.open("troubled")
        screen = self.colour("html", "backgroundColor")
        self.assertEqual(self.here.printed()[:5], b"%PDF-")
        self.assertEqual(self.colour("html", "backgroundColor"), screen)
        self.here.prefer("print", prefers_color_scheme="dark")
        self.assertNotEqual(self.colour("html", "backgroundColor"), screen)
        self.assertEqual(self.colour("#theme", "display"), "none")

    def test_draws_5000_cases_with_a_bounded_number_of_bars(self):
        run = self.open("big")
        self.assertEqual((len(run["cases"]["rows"]), len(run["spans"]["rows"]) // 5000), (5000, 6))
        paint = self.here.run("return performance.getEntriesByName('first-contentful-paint')[0]?.startTime")
        measured = self.here.run_async(FRAMES)
        times, drawing = sorted(measured["times"]), sorted(measured["drawing"])
        print(f"5,000 cases and {len(run['spans']['rows']):,} spans: first paint after {paint:.0f} ms; frames while zooming: "
              f"median {times[len(times) // 2]:.1f} ms, 95th percentile {times[int(len(times) * 0.95)]:.1f} ms, "
              f"max {times[-1]:.1f} ms; drawing took {drawing[len(drawing) // 2]:.1f} ms, at most {drawing[-1]:.1f} ms, for at most {measured['visits']} bars")
        self.here.resize(380, 800)
        self.open("big")
        drawn = self.here.run("return window.isolite.drawn()")
        rows = 3  # of bars in a lane: cases, and fixtures of two depths
        self.assertLess(drawn["visits"], drawn["lanes"] * rows * drawn["width"])
        self.assertLess(drawn["visits"], len(run["spans"]["rows"]) / 2)
        self.assertGreater(drawn["visits"], 1000)

    def test_makes_a_picture_of_its_first_screen(self):
        self.open("small")
        picture = pathlib.Path(self.directory, "report.png")
        self.here.picture(picture)
        self.assertEqual(picture.read_bytes()[:8], b"\x89PNG\r\n\x1a\n")


if __name__ == "__main__":
    page_test.maker, page_test.directory = sys.argv[1:3]
    try:
        installed()
    except no_browser as missing:
        print(f"skipped: the report is tried in a browser, and {missing}")
        sys.exit(SKIPPED)
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
