"""Lets real test programs write the page of their run themselves, by --report."""

import json
import os

from real_run import RealRunTest, main, with_each_framework

BEGIN, END = '<script type="application/json" id="data">', "</script>"


class Pages(RealRunTest):
    def in_page(self, path):
        """Returns what a page tells."""
        return json.loads(path.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0])

    @with_each_framework
    def test_a_program_writes_the_page_of_its_run(self, framework):
        for workers in (0, 2):
            with self.subTest(workers=workers):
                page = self.root / f"{workers}.html"
                ended = self.run_subject(framework, f"--workers={workers}", f"--report={page.name}",
                                         run=f"run-{workers}", acts="updates:fail")
                self.assertNotEqual(ended.status, 0)
                self.assertEqual(self.in_page(page), self.json(f"run-{workers}"))

    @with_each_framework
    def test_the_page_of_a_program_has_no_others_of_the_same_run(self, framework):
        for number in (1, 2):
            self.run_subject(framework, "--workers=2", f"--report={self.root}/{number}.html")
        self.assertEqual(len(self.json("run")["launches"]), 2)
        pages = [self.in_page(self.root / f"{number}.html") for number in (1, 2)]
        self.assertEqual([len(page["launches"]) for page in pages], [1, 1])
        self.assertNotEqual(*[page["launches"][0]["pid"] for page in pages])
        self.assertEqual(len({page["counts"]["cases"] for page in pages}), 1)

    @with_each_framework
    def test_a_directory_gets_a_page_with_the_name_of_the_program(self, framework):
        directory = self.root / "pages"
        directory.mkdir()
        self.run_subject(framework, ISOLITE_REPORT=f"{directory}/")
        self.assertEqual(os.listdir(directory), [f"subject_{framework}.html"])

    def test_a_run_without_cases_has_a_page_too(self):
        self.run_subject("doctest", "--test-case=nothing", f"--report={self.root}/page.html")
        self.assertEqual(self.in_page(self.root / "page.html")["run"]["verdict"], "empty")

    @with_each_framework
    def test_without_records_the_run_does_not_begin(self, framework):
        for variable in ("ISOLITE_LEDGER", "ISOLITE_CACHE"):
            ended = self.run_subject(framework, f"--report={self.root}/x.html", **{variable: "off"})
            self.assertNotEqual(ended.status, 0)
            self.assertIn("cannot write a page about this run: it keeps no records, because "
                          f"{variable} is off\n  hint: unset {variable}, or leave out --report",
                          ended.err + ended.out)
            self.assertEqual(self.lines(), [])

    @with_each_framework
    def test_a_page_that_cannot_be_written_fails_the_run(self, framework):
        path = self.root / "missing/x.html"
        for workers in (0, 2):
            ended = self.run_subject(framework, f"--workers={workers}", f"--report={path}",
                                     acts="", SUBJECT_ROWS=0)
            self.assertNotEqual(ended.status, 0)
            self.assertIn(f"isolite: cannot write the report {path}: No such file or directory\n"
                          "  hint: name a file in a directory that exists, may be written to and has "
                          "space left\n",
                          ended.err)


if __name__ == "__main__":
    main()
