"""Tries the page of `isolite report --html` in a browser, by what people and screen readers find.

usage: page_test.py PAGE_MAKER DIRECTORY [unittest's arguments]. DIRECTORY gets the pages.
Without chromium and chromedriver it says so and exits with 77.
"""

import sample_run
from browser import eventually
from report_page import main, page_test


class the_headline(page_test):
    def test_says_how_the_run_ended_and_what_sharing_saved(self):
        self.open("small")
        self.assertEqual(self.text("h1"), "873 tests passed in 910 ms")
        title = self.ask("document.title.replaceAll('\\u202f', ' ')")
        self.assertEqual(title, "873 tests passed in 910 ms – isolite")
        self.assertEqual(
            self.text("#lede"),
            "Fixtures took 2.4 % of the time; seeding for each test would have cost 25.0 s, "
            "sharing it saved 24.9 s.",
        )
        self.assertIn("shop_boost_test, shop_doctest", self.text("#about"))
        self.assertIn("2026", self.text("#about time"))
        self.assertIn("873 passed, 9 skipped", self.text("#figures"))

    def test_names_what_went_wrong_and_leads_to_it(self):
        self.open("troubled")
        self.assertEqual(self.text("h1"), "8 of 167 tests failed in 411 ms, and 3 processes ended early")
        self.assertEqual(self.texts("#notices a"), [
            "✕7 tests failed", "◷1 test timed out", "○3 tests did not run",
            "✕1 failure outside of tests", "†3 workers died", "◆3 tests left something behind",
        ])
        targets = self.ask(
            "[...document.querySelectorAll('#notices a')]"
            ".map((a) => document.querySelector(a.hash).hidden)"
        )
        self.assertEqual(targets, [False] * 6)

    def test_of_a_run_that_goes_on_says_so(self):
        self.open("going")
        self.assertEqual(self.text("h1"), "Still running, 33 tests in 90.5 ms so far")
        self.assertIn("3 running", self.text("#figures"))
        self.assertEqual(self.texts("#notices a"), [])

    def test_has_figures_only_where_they_matter(self):
        shown = {name: self.figures(name) for name in ("small", "troubled", "empty")}
        self.assertEqual(shown, {
            "small": ["Tests", "Workers", "In fixtures", "Saved by sharing"],
            "troubled": ["Tests", "Workers", "In fixtures", "Saved by sharing"], "empty": [],
        })
        self.runs["lone"] = {**self.runs["small"], "workers": self.runs["small"]["workers"][:1],
                             "counts": {**self.runs["small"]["counts"], "cases": 873, "skipped": 0},
                             "sharing": {**self.runs["small"]["sharing"], "saved_ns": 1000}}
        self.runs["lone"]["totals"] = {**self.runs["small"]["totals"], "fixtures_ns": 1000}
        slowest = {**self.runs["small"]["slowest_cases"][0], "ns": self.runs["small"]["run"]["wall_ns"] // 2}
        self.runs["lone"]["slowest_cases"] = [slowest]
        self.make_page("lone")
        self.assertEqual(self.figures("lone"), ["Slowest test"])

    def figures(self, name):
        self.open(name)
        return self.texts("#figures dt")

    def test_tells_how_and_where_the_program_was_started(self):
        self.open("troubled")
        command = "cd /home/me/shop && build/shop_boost_test --workers=8 --timeout=1"
        self.assertEqual(self.texts("#launches code"), [command, f"{command} --failed"])
        told = self.text("#launches")
        for words in ("ci-17, Linux 6.1.0-18-amd64 x86_64, 8 cores", "isolite 0.1.0, SQLite 3.40.1"):
            self.assertIn(words, told)

    def test_tells_of_several_programs_how_each_was_started(self):
        self.open("small")
        self.assertIn("2 programs started", self.text("#launches"))
        self.here.click("#launches summary")
        self.assertEqual(self.texts("#launches code"), [
            f"cd /home/me/shop && build/{program} --workers=8 --timeout=1"
            for program in ("shop_boost_test", "shop_doctest")])
        self.assertIn("ci-17", self.text("#launches"))

    def test_says_nothing_of_what_older_records_do_not_tell(self):
        run = self.runs["troubled"]
        unknown = dict.fromkeys(("command", "directory", "host", "system", "cores", "isolite", "sqlite"))
        self.runs["old"] = {**run, "launches": [{**launch, **unknown} for launch in run["launches"]]}
        self.make_page("old")
        self.open("old")
        self.assertEqual(self.count("#launches > *"), 0)

    def test_copies_a_command(self):
        self.open("troubled")
        self.here.run("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
        self.here.click("#launches .copy")
        eventually(lambda: self.text("#launches .copy").startswith("Copied"), "the button says so")
        self.assertEqual(self.ask("window.copied"),
                         "cd /home/me/shop && build/shop_boost_test --workers=8 --timeout=1")

    def test_copies_a_command_where_the_clipboard_is_closed(self):
        self.open("troubled")
        self.here.run("""
            navigator.clipboard.writeText = () => Promise.reject(new Error("closed"));
            document.addEventListener("copy", () => {
                window.copied = document.activeElement.value ?? String(getSelection());
            });""")
        self.here.click("#launches .copy")
        eventually(lambda: self.ask("window.copied"), "it is copied")
        self.assertIn("--timeout=1", self.ask("window.copied"))

    def test_of_a_run_with_nothing_in_it_says_so(self):
        self.open("empty")
        self.assertEqual(self.text("h1"), "No test ran")
        self.assertEqual(self.shown("h2", "innerText"), ["Time line"])
        self.assertIn("No process of this run left records", self.text("#time-line"))


class the_tables(page_test):
    def test_have_a_row_for_each_record(self):
        run = self.open("small")
        for caption, rows in (
            ("Workers and how they spent their time", 8),
            ("Fixtures by kind and name", len(run["fixtures"])),
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
        slower, faster = self.table("Slower")["rows"][0], self.table("Faster")["rows"][0]
        self.assertEqual(slower[1:], ["4.00 ms", "9.50 ms", "+5.50 ms", "2.4 ×", "± 444 µs"])
        self.assertEqual(faster[1:5], ["31.0 ms", "6.20 ms", "−24.8 ms", "0.20 ×"])

    def test_say_each_duration_in_the_unit_that_suits_it(self):
        said = {
            0: "0", 7: "7 ns", 999: "999 ns", 1000: "1.00 µs", 999_499: "999 µs", 999_500: "1.00 ms",
            12_345_678: "12.3 ms", 99_960_000: "100 ms", 119_400_000_000: "119 s",
            119_600_000_000: "2 min 0 s", 3_725_000_000_000: "62 min 5 s",
        }
        worker = {"cases": 1, "tests_ns": 1, "fixtures_ns": 0, "idle_ns": 0, "replacements": 0}
        self.runs["durations"] = {
            **self.runs["empty"],
            "workers": [{**worker, "name": f"w{i}", "wall_ns": ns} for i, ns in enumerate(said)],
        }
        self.make_page("durations")
        self.open("durations")
        self.assertEqual(self.column("Workers and how they spent their time", "Wall"), list(said.values()))

    def test_put_what_is_not_known_last(self):
        self.open("troubled")
        for clicks in (1, 2):
            self.here.click("#cases th:nth-child(5) button")
            with self.subTest(clicks=clicks):
                took = self.column("All tests", "Took")
                self.assertNotIn("–", took)
                for _ in range(3):
                    self.here.click("#cases .pager button:last-child")
                took = self.column("All tests", "Took")
                self.assertEqual((len(took), took[-7:], took[-8] == "–"), (17, ["–"] * 7, False))

    def test_have_captions_and_scopes(self):
        self.open("troubled")
        self.assertEqual(self.count("table:not(:has(caption))"), 0)
        self.assertLessEqual(set(self.table("All tests")["scopes"]), {"col", "row"})

    def test_tell_leaks_deaths_and_what_did_not_run(self):
        run = self.open("troubled")
        not_run = [row[6] for row in run["cases"]["rows"] if row[7] == "not run"]
        self.assertEqual(self.column("Tests that did not run", "Test"), not_run)
        left = self.column("What tests left behind", "What")
        self.assertEqual(left[0], 'committed 34 rows into "orders"')
        dead = [death["worker"] for death in run["deaths"] if not death["timed_out"]]
        self.assertEqual(self.column("Workers that died", "Worker"), dead)
        self.assertIn("signal 11", self.column("Workers that died", "How")[0])

    def test_are_sorted_by_their_heads(self):
        run = self.open("small")
        durations = sorted((row[2] for row in run["cases"]["rows"]), reverse=True)
        head = "#cases th:nth-child(5) button"
        self.here.click(head)
        table = self.table("All tests")
        self.assertEqual(table["order"], [*["none"] * 4, "descending", *["none"] * 3])
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


class the_failures(page_test):
    def failure(self, test):
        """Returns a failed test as the page shows it: its words, texts and outputs."""
        return self.here.run("""
            const one = [...document.querySelectorAll('.failure')]
                .find((element) => element.querySelector('h3').textContent === arguments[0]);
            const texts = (selector) => [...one.querySelectorAll(selector)].map((e) => e.textContent);
            return {
                said: one.querySelector('.try')?.textContent.replaceAll('\u202f', ' '),
                texts: texts(':scope > .verbatim pre'), outputs: texts(':scope > details pre'),
                open: [...one.querySelectorAll(':scope > details')].map((e) => e.open),
                earlier: texts('.earlier pre'),
            };""", test)

    def test_are_all_there_with_their_reasons_and_their_output(self):
        run = self.open("troubled")
        failed = [row for row in run["cases"]["rows"] if row[7] == "failed"]
        self.assertEqual(self.texts("#failures .list h3"), [row[6] for row in failed])
        told = self.failure("customers/taxes follow the country (1)")
        self.assertEqual(told["texts"], ["stock_test.cpp(41): check stock == 3 has failed [2 != 3]"])
        self.assertEqual(told["outputs"], ["0: order 0 read\n1: order 17 read\n2: order 34 read"])
        self.assertRegex(told["said"], r"^✕failedby w\d, in \d\.\d\d ms$")

    def test_are_shown_as_they_were_written(self):
        self.open("troubled")
        for property_name, value in (("whiteSpaceCollapse", "preserve"), ("overflowWrap", "anywhere")):
            self.assertEqual(self.colour(".failure pre", property_name), value)
        self.assertIn("monospace", self.colour(".failure pre", "fontFamily"))

    def test_have_the_command_that_debugs_them(self):
        self.open("troubled")
        command, = self.texts(".failure .command code")
        self.assertTrue(command.endswith("gdb --args shop_test -t x"), command)
        self.assertEqual(self.count(".failure .command button.copy"), 1)

    def test_say_that_a_test_took_too_long(self):
        self.open("troubled")
        told = self.failure("hang/waits for a lock")
        self.assertEqual(told["said"], "◷timed outby w3")
        self.assertEqual(told["outputs"], ["waiting for the lock"])

    def test_say_that_a_test_ended_its_process(self):
        self.open("troubled")
        told = self.failure("crash/dies of a null pointer (50)")
        self.assertRegex(told["said"], r"^†diedby w\d$")

    def test_have_the_tries_before_the_last_one(self):
        self.open("troubled")
        told = self.failure("products/a refund returns the stock (3)")
        self.assertIn("2 attempts", told["said"])
        self.assertEqual(told["earlier"], ["it failed once", "what it wrote then"])

    def test_keep_a_long_output_closed(self):
        self.open("troubled")
        told = self.failure("products/a refund returns the stock (3)")
        self.assertEqual((told["open"], len(told["outputs"][0].split("\n"))), ([False], 30))

    def test_tell_what_failed_outside_of_tests(self):
        self.open("troubled")
        told = self.failure("Outside of tests, in shop_boost_test")
        self.assertIn("24 bytes are definitely lost", told["texts"][0])

    def test_of_a_verification_are_below_what_it_said(self):
        said = ("not isolated: 1 of 2 cases depends on others\n  9 experiments in 2 s: 5 orders\n"
                "  b fails after a\n")
        self.runs["verified"] = {**self.runs["small"], "verifications": [
            {"program": "shop_boost_test", "text": said}]}
        self.runs["verified"]["launches"] = self.runs["small"]["launches"][:1]
        self.make_page("verified")
        self.open("verified")
        self.assertEqual(self.texts("#outcome"), ["Not isolated: 1 of 2 cases depends on others"])
        self.assertEqual(self.texts("#lede"), ["9 experiments in 2 s: 5 orders"])
        self.assertEqual(self.texts("#verification pre"), [said])
        self.assertNotIn("Failed ones again", self.texts("#launches dt"))
        self.open("small")
        self.assertEqual(self.texts("#verification pre"), [])

    def test_are_shown_a_page_at_a_time(self):
        case = next(row for row in self.runs["troubled"]["cases"]["rows"] if row[7] == "failed")
        rows = [[*case[:6], f"bad/{number}", *case[7:]] for number in range(50)]
        self.runs["many"] = {**self.runs["troubled"], "cases": {
            **self.runs["troubled"]["cases"], "rows": rows}, "troubles": []}
        for table in ("spans", "attempts"):
            self.runs["many"][table] = {**self.runs["troubled"][table], "rows": []}
        self.make_page("many")
        self.open("many")
        self.assertEqual(self.texts("#failures h3")[-1], "bad/19")
        self.here.click("#failures .pager button:last-child")
        self.assertEqual(self.texts("#failures h3")[0], "bad/20")

    def test_copy_what_was_written(self):
        self.open("troubled")
        self.here.run("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
        self.here.click("#failures .list .copy")
        eventually(lambda: self.ask("window.copied"), "it is copied")
        self.assertEqual(self.ask("window.copied"),
                         "stock_test.cpp(41): check stock == 3 has failed [2 != 3]")


class the_charts(page_test):
    def test_say_their_figures(self):
        run = self.open("small")
        labels = self.ask("[...document.querySelectorAll('svg[role=img]')].map((s) => s.ariaLabel)")
        told = "\n".join(labels).replace("\u202f", " ")
        costs = sorted(row[4] for row in run["cases"]["rows"])
        self.assertIn("Durations of 882 tests", told)
        self.assertIn("Cost of sessions in 882 tests", told)
        self.assertIn(f"median {costs[440] / 1000:.1f} µs", told)
        self.assertIn(f"95th percentile {costs[837] / 1000:.0f} µs", told)
        self.assertIn("Wall time of 12 runs", told)
        self.assertIn("Time in fixtures of 12 runs", told)

    def test_are_left_out_where_they_say_nothing(self):
        run = self.runs["small"]
        self.runs["cheap"] = {**run, "totals": {**run["totals"], "tests_ns": 10**12}}
        self.runs["few"] = {**run, "cases": {**run["cases"], "rows": run["cases"]["rows"][:19]},
                            "spans": {**run["spans"], "rows": []}}
        for name, charts in (("cheap", 1), ("few", 0)):
            self.make_page(name)
            self.open(name)
            self.assertEqual(self.count("svg.histogram"), charts)

    def test_have_a_column_for_each_run_and_a_cross_for_those_that_failed(self):
        run = self.open("small")
        self.assertEqual(self.count("figure:first-child svg.trend rect"), 12)
        failed = sum(earlier["failed"] > 0 for earlier in run["earlier"])
        self.assertEqual(self.count("figure:first-child svg.trend .failed"), failed)


class the_page(page_test):
    def test_shows_hostile_names_as_text(self):
        run = self.open("hostile")
        shown = self.texts("#cases tbody th .test")
        self.assertEqual(shown, [row[6] for row in run["cases"]["rows"]])
        outputs = self.texts("#failures pre.output")
        self.assertEqual(outputs, [row[10].rstrip("\n") for row in run["cases"]["rows"] if row[10]])
        self.assertEqual(self.texts("img, #cases b, script:not([id])")[:-1], [])
        self.assertEqual(self.ask("document.scripts.length"), 2)

    def test_asks_the_network_for_nothing_and_could_not(self):
        self.open("hostile")
        asked = self.ask("performance.getEntriesByType('resource').map((entry) => entry.name)")
        self.assertEqual([name for name in asked if not name.startswith("data:")], [])
        policy = self.ask(
            "document.querySelector('meta[http-equiv=Content-Security-Policy]').content"
        )
        self.assertIn("default-src 'none'", policy)
        self.assertNotIn("unsafe", policy)
        self.assertNotIn("http", policy)

    def test_has_landmarks_and_headings_in_order(self):
        self.open("troubled")
        landmarks = [self.count(f"body > {tag}") for tag in ("header", "main", "footer")]
        self.assertEqual(landmarks, [1, 1, 1])
        levels = [int(tag[1]) for tag in self.shown("h1, h2, h3", "tagName")]
        self.assertEqual(levels.count(1), 1)
        self.assertTrue(all(b - a <= 1 for a, b in zip(levels, levels[1:])))
        controls = "[...document.querySelectorAll('button, input')]"
        nameless = f"{controls}.filter((control) => !(control.textContent || control.ariaLabel))"
        self.assertEqual(self.ask(f"{nameless}.length"), 0)


if __name__ == "__main__":
    main()
