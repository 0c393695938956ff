"""Tries the time line of a report and the search in it, by pointer, wheel, fingers and keys.

usage: time_line_test.py PAGE_MAKER DIRECTORY [unittest's arguments]. DIRECTORY gets the pages.
Without chromium and chromedriver it says so and exits with 77.
"""

from browser import eventually
from report_page import CANVAS, main, page_test

CLICK = {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}
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
            deltaY: i < 45 ? -60 : 60, clientX: box.left + box.width / 2, clientY: box.top + 60,
            cancelable: true, bubbles: true,
        }));
        step(i + 1);
    });
    step(0);
"""


def in_words(sorted_ms):
    at = [sorted_ms[int(share * (len(sorted_ms) - 1))] for share in (0.5, 0.95, 1)]
    return "median {:.1f} ms, 95th percentile {:.1f} ms, max {:.1f} ms".format(*at)


class the_time_line(page_test):
    def test_says_its_figures_to_those_who_cannot_see_it(self):
        run = self.open("troubled")
        label = self.ask("document.querySelector('canvas').ariaLabel").replace("\u202f", " ")
        self.assertIn("Time line of 4 workers over 411 ms: 167 tests, ", label)
        self.assertIn("156 passed, 8 failed, 3 not run, 1 timed out, 1 flaky; ", label)
        self.assertIn(f"{len(run['spans']['rows'])} fixtures; 3 workers died", label)

    def test_tells_the_case_under_the_pointer(self):
        run = self.open("small")
        widest = self.widest("small")
        self.here.point_at(*self.place_of(widest))
        tip = self.text("#tooltip")
        _, start, ns, _, _, pages, test, verdict, *_ = run["cases"]["rows"][widest]
        for told in (test, verdict, f"{start:,} ns", f"{ns:,} ns", str(pages)):
            self.assertIn(told, tip)
        self.assertEqual(self.ask("document.querySelector('#tooltip').dataset.case"), str(widest))

    def test_shows_the_tries_before_the_last_one(self):
        run = self.open("troubled")
        _, start, ns, case, verdict, _, _, _ = run["attempts"]["rows"][0]
        self.here.point_at(*self.place_of(0, "place_of_try"))
        tip = self.text("#tooltip")
        for told in (run["cases"]["rows"][case][6], verdict, f"{start:,} ns", f"{ns:,} ns"):
            self.assertIn(told, tip)

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
        canvas = self.ask(f"{CANVAS}")
        end = next(i for i, p in enumerate(run["processes"]) if p["ended_early"])
        x, y = self.ask("Object.values(window.isolite.place_of_end(arguments[0]))", end)
        self.here.point_at(canvas["left"] + x, canvas["top"] + y)
        self.assertIn("signal 11 (Segmentation fault)", self.text("#tooltip"))
        self.assertIn("ended early", self.text("#tooltip"))
        self.assertIn("ended early", self.text("#legend"))

    def test_pins_the_case_that_is_clicked_with_its_fixtures(self):
        run = self.open("small")
        widest = self.widest("small")
        self.here.point_at(*self.place_of(widest), *CLICK)
        self.assertEqual(self.text("#details h3"), run["cases"]["rows"][widest][6])
        spans = [row for row in run["spans"]["rows"] if row[6] == widest]
        self.assertEqual(len(self.table("Fixtures in this test")["rows"]), len(spans))
        self.here.click("#details button[aria-label='Close the details']")
        self.assertTrue(self.ask("document.querySelector('#details').hidden"))

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

    def test_goes_from_test_to_test_by_keys(self):
        run = self.open("small")
        self.here.run("document.querySelector('canvas').focus()")
        self.here.type_into("canvas", "\ue015")  # down: the first worker that has tests
        lanes = ["w0", "w1"]
        rows = [(row, run["processes"][row[0]]["worker"]) for row in run["cases"]["rows"]]
        def said():
            return self.text("#case-said")
        first = eventually(said, "a test is told")
        self.assertIn(f"by {lanes[0]}, ", first)
        self.here.type_into("canvas", ".")
        second = eventually(lambda: said() != first and said(), "the next test is told")
        of_lane = [row[6] for row, worker in rows if worker == lanes[0]]
        places = [of_lane.index(words.split(", ")[0]) for words in (first, second)]
        self.assertEqual(places[1], places[0] + 1)
        self.here.type_into("canvas", ",")
        eventually(lambda: said() == first, "the test before it is told")
        self.here.type_into("canvas", "\ue015")
        eventually(lambda: f"by {lanes[1]}, " in said(), "a test of the next worker is told")
        self.here.type_into("canvas", "\ue007")  # enter
        self.assertEqual(self.text("#details h3"), said().split(", ")[0])
        self.assertEqual(self.ask("document.activeElement.id"), "details")

    def test_draws_a_test_that_hung_until_its_death(self):
        run = self.open("troubled")
        hung = next(i for i, row in enumerate(run["cases"]["rows"]) if row[11])
        process = run["processes"][run["cases"]["rows"][hung][0]]
        place = self.ask("window.isolite.place_of(arguments[0])", hung)
        end = next(i for i, p in enumerate(run["processes"]) if p is process)
        x, _ = self.ask("Object.values(window.isolite.place_of_end(arguments[0]))", end)
        self.assertAlmostEqual(place["x"] + place["width"], x, delta=1)
        self.here.point_at(*self.place_of(hung))
        self.assertIn("timed out", self.text("#tooltip"))

    def test_draws_a_test_that_runs_up_to_now(self):
        run = self.open("going")
        running = next(i for i, row in enumerate(run["cases"]["rows"]) if row[7] == "running")
        self.here.point_at(*self.place_of(running))
        self.assertIn("running", self.text("#tooltip"))
        self.assertIn("running", self.text("#legend"))

    def test_glides_where_motion_is_welcome(self):
        self.here.prefer(prefers_reduced_motion="no-preference")
        self.open("small")
        before = self.ask("window.isolite.drawn().frames")
        self.here.run("for (let i = 0; i < 2; i += 1) document.querySelector('#zoom-in').click()")
        view = self.until_view(lambda v: v["to"] - v["from"] <= v["end"] / 3.99, "the view arrives")
        self.assertAlmostEqual(view["to"] - view["from"], view["end"] / 4, delta=view["end"] / 100)
        self.assertGreater(self.ask("window.isolite.drawn().frames"), before + 2)

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
        canvas = self.ask(f"{CANVAS}")
        self.here.wheel(canvas["left"] + 300, canvas["top"] + 60, 300)
        eventually(lambda: self.ask("scrollY > 0"), "the page scrolls")
        self.assertEqual(self.view()["from"], 0)

    def test_is_moved_by_dragging_and_fitted_by_a_double_click(self):
        self.open("small")
        self.here.click("#zoom-in")
        near = self.until_view(lambda v: v["from"] > 0, "the button zooms in")
        canvas = self.ask(f"{CANVAS}")
        x, y = canvas["left"] + 700, canvas["top"] + 80
        self.here.drag(x, y, x - 200)
        self.until_view(lambda v: v["from"] > near["from"], "dragging moves the view")
        self.here.point_at(x, y, *CLICK, *CLICK)
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
        eventually(lambda: self.ask("window.isolite.drawn().width") < 820, "the canvas is narrower")
        self.here.resize(820, 900, scale=2)
        self.open("small")
        canvas = self.ask(f"{CANVAS}")
        self.assertEqual(self.ask("window.isolite.drawn().width"), round(canvas["width"] * 2))

    def test_draws_20000_cases_with_a_bounded_number_of_bars(self):
        run = self.open("big")
        self.assertEqual((len(run["cases"]["rows"]), len(run["spans"]["rows"]) // 20_000), (20_000, 6))
        paint = self.ask("performance.getEntriesByName('first-contentful-paint')[0]?.startTime")
        measured = self.here.run_async(FRAMES)
        times, drawing = sorted(measured["times"]), sorted(measured["drawing"])
        print(
            f"20,000 cases and {len(run['spans']['rows']):,} spans: first paint after {paint:.0f} ms; "
            f"frames while zooming: {in_words(times)}; drawing: {in_words(drawing)}, "
            f"for at most {measured['visits']} bars"
        )
        self.here.resize(380, 800)
        self.open("big")
        drawn = self.ask("window.isolite.drawn()")
        rows = 3  # of bars in a lane: cases, and fixtures of two depths
        self.assertLess(drawn["visits"], drawn["lanes"] * rows * drawn["width"])
        self.assertLess(drawn["visits"], len(run["spans"]["rows"]) / 2)
        self.assertGreater(drawn["visits"], 1000)


class bars_of_a_row(page_test):
    ROW = """
        const bars = arguments[0].map(([start, length, kind]) => ({start, length, kind}));
        const row = new window.isolite.series(bars, (bar) => bar.kind, 2);
        const drawn = [];
        const visits = row.walk(arguments[1], arguments[2], arguments[3],
            (i) => drawn.push(i), (i, j, x) => drawn.push([i, j, x]));
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
        bars = [[0, 90, 0], [90, 2, 0], [93, 3, 1], [97, 2, 0], [99, 9, 1]]
        summary = self.here.run(f"{self.ROW} return row.summary(1, 4)", bars, 0, 1, 1)
        self.assertEqual(summary, {"most": 0, "busy": 7})

    def test_are_found_where_they_are_or_near_it(self):
        times = "[5, 14, 17, 30, 45, 52, 60]"
        script = f"{self.ROW} return {times}.map((t) => row.nearest(t, 4)?.start ?? null)"
        found = self.here.run(script, [[0, 12, 0], [20, 30, 0]], 0, 1, 1)
        self.assertEqual(found, [0, 0, 20, 20, 20, 20, None])


class the_search(page_test):
    def test_filters_the_cases_and_keeps_both_boxes_equal(self):
        run = self.open("small")
        self.here.type_into("#search-line", "ORDERS umlauts")
        found = [row[6] for row in run["cases"]["rows"] if "orders" in row[6] and "umlauts" in row[6]]
        self.assertGreater(len(found), 3)
        self.assertEqual(self.column("All tests", "Test"), found)
        other = self.ask("document.querySelector('#search-table').value")
        self.assertEqual(other, "ORDERS umlauts")
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
        self.until_view(
            lambda v: v["from"] < start and start + ns < v["to"] < v["end"] / 2, "the case is shown"
        )
        focused = "return document.activeElement.id || document.activeElement.innerText"
        self.assertEqual(self.here.run(focused), "details")
        self.here.click("#details button[aria-label='Close the details']")
        self.assertEqual(self.here.run(focused), run["cases"]["rows"][2][6])

    def test_leads_from_each_table_to_the_case_that_is_meant(self):
        run = self.open("troubled")
        slowest, death = run["slowest_cases"][0], run["deaths"][0]
        for section, test in (
            ("#slowest-cases tbody tr:first-child", slowest["test"]),
            ("#leaks tbody tr:first-child", run["leaks"][0]["test"]),
            ("#deaths tbody tr:first-child", death["test"]),
            ("#failures .list article", "customers/taxes follow the country (1)"),
        ):
            with self.subTest(section):
                self.here.click(f"{section} .link")
                self.assertEqual(self.text("#details h3"), test)
        end = next(p["end_ns"] for p in run["processes"] if p["during"] == death["test"])
        self.here.click("#deaths tbody tr:first-child .link")
        self.until_view(lambda v: v["from"] < end < v["to"], "the end of its process is in view")


if __name__ == "__main__":
    main()
