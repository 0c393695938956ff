"""Checks what `isolite history` writes, reads and refuses."""

import os

from command import SOURCES, CommandTest, main

HEAD = "isolite history 1\n"
USE = "  hint: export it anew with `isolite history export`, or remove what is wrong\n"
SHOP = HEAD + "shop_test\ta\tpassed\t20\t7 5\nshop_test\tb\tfailed\t21\t9\n"


class History(CommandTest):
    def keep(self, program, cases, project="default", number=1):
        """Makes the history that runs of a program leave in the cache."""
        directory = self.cache / project / "history"
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        for made in (self.cache, self.cache / project):
            os.chmod(made, 0o700)
        path = directory / f"{program}-{number:016x}.history.tsv"
        path.write_text(HEAD + "".join(f"{program}\t{name}\t{verdict}\t{when}\t{durations}\n"
                                       for name, verdict, when, durations in cases))
        return path

    def keep_shop(self, **options):
        return self.keep("shop_test", [("a", "passed", 20, "7 5"), ("b", "failed", 21, "9")], **options)

    def file(self, name, text):
        path = self.root / name
        path.write_text(text, encoding="utf-8")
        return path


class Export(History):
    def test_it_writes_the_histories_of_all_programs_and_says_how_much_that_is(self):
        self.keep_shop()
        self.keep("books_test", [("z", "passed", 3, "1")])
        self.assertEqual(self.output("history", "export", "all.tsv"),
                         "3 cases of 2 programs in all.tsv\n")
        text = (self.root / "all.tsv").read_text(encoding="utf-8")
        self.assertEqual(text, HEAD + "books_test\tz\tpassed\t3\t1\n" + SHOP[len(HEAD):])

    def test_a_hyphen_is_stdout(self):
        self.keep_shop()
        self.assertEqual(self.output("history", "export", "-"), SHOP)

    def test_programs_of_one_name_are_one_program(self):
        self.keep("shop_test", [("a", "passed", 20, "7 5")])
        self.keep("shop_test", [("a", "failed", 22, "8"), ("b", "failed", 21, "9")], number=2)
        self.assertEqual(self.output("history", "export", "-"),
                         HEAD + "shop_test\ta\tfailed\t22\t8 7 5\nshop_test\tb\tfailed\t21\t9\n")

    def test_it_is_the_project_and_the_cache_that_are_named(self):
        self.keep_shop(project="shop")
        self.assertEqual(self.output("history", "export", "-"), HEAD)
        self.assertEqual(self.output("history", "export", "-", "--project", "shop"), SHOP)
        self.assertEqual(self.output("history", "export", "-", "--project", "shop", "--directory",
                                     self.cache, ISOLITE_CACHE="off"), SHOP)

    def test_without_a_history_the_file_is_an_empty_one_and_no_cache_is_made(self):
        self.assertEqual(self.output("history", "export", "all.tsv"),
                         "0 cases of 0 programs in all.tsv\n")
        self.assertFalse(self.cache.exists())

    def test_what_was_imported_is_not_exported(self):
        self.output("history", "import", self.file("shop.tsv", SHOP))
        self.assertEqual(self.output("history", "export", "-"), HEAD)

    def test_a_damaged_history_is_told_and_nothing_is_written(self):
        path = self.keep_shop()
        path.write_bytes(b"x" * 5000)
        self.assertEqual(self.refusal("history", "export", "all.tsv", status=1),
                         f"isolite: cannot read the history of cases: {path}: its first "
                         f'line is not "isolite history 1"\n  hint: delete {path}: the next run makes a new one\n')
        self.assertFalse((self.root / "all.tsv").exists())

    def test_a_place_that_cannot_be_read_is_told_and_nothing_is_overwritten(self):
        place = self.keep_shop().parent
        place.rename(self.root / "elsewhere")
        place.write_text("no directory")
        kept = self.file("all.tsv", SHOP)
        self.assertEqual(self.refusal("history", "export", "all.tsv", status=1),
                         f"isolite: cannot read the histories in '{place}': Not a directory\n"
                         "  hint: look at its owner and its permissions\n")
        self.assertEqual(kept.read_text(encoding="utf-8"), SHOP)

    def test_it_needs_a_cache(self):
        for command in ("export", "import"):
            self.assertEqual(
                self.refusal("history", command, self.file("all.tsv", SHOP), status=1,
                             ISOLITE_CACHE="off"),
                "isolite: cannot look for histories: ISOLITE_CACHE is off\n  hint: unset "
                "ISOLITE_CACHE to switch it on, or name a directory with --directory\n")


class Import(History):
    def imported(self):
        return (self.cache / "default/history/imported.tsv").read_text(encoding="utf-8")

    def test_it_takes_the_place_of_what_was_imported_before(self):
        done = self.output("history", "import", self.file("shop.tsv", SHOP))
        self.assertEqual(done, "imported 2 cases of 1 program in "
                               f"{self.cache}/default/history/imported.tsv\n")
        self.assertEqual(self.imported(), SHOP)
        other = HEAD + "books_test\tz\tpassed\t3\t1\n"
        self.output("history", "import", self.file("books.tsv", other))
        self.assertEqual(self.imported(), other)

    def test_what_was_measured_here_stays_as_it_is(self):
        path = self.keep_shop()
        before = path.read_bytes()
        self.output("history", "import", self.file("more.tsv", HEAD + "shop_test\ta\tfailed\t9\t1\n"))
        self.assertEqual(path.read_bytes(), before)
        self.assertEqual(self.output("history", "export", "-"), SHOP)

    def test_a_file_that_is_wrong_is_refused_and_the_one_before_stays(self):
        self.output("history", "import", self.file("shop.tsv", SHOP))
        for text, why in ((SHOP[:-1], "line 3: it is cut off"),
                          (SHOP + "shop_test\tc\tpassed\t1\n", "line 4: it has 4 columns, not 5"),
                          ("", 'its first line is not "isolite history 1"')):
            file = self.file("wrong.tsv", text)
            self.assertEqual(self.refusal("history", "import", file, status=1),
                             f"isolite: cannot read the history '{file}': {why}\n{USE}")
            self.assertEqual(self.imported(), SHOP)


class Merge(History):
    def test_it_makes_one_file_of_several(self):
        self.file("0.tsv", HEAD + "shop_test\ta\tpassed\t20\t7 5\n")
        self.file("1.tsv", HEAD + "shop_test\tb\tfailed\t21\t9\n")
        self.assertEqual(self.output("history", "merge", "all.tsv", "0.tsv", "1.tsv"),
                         "2 cases of 1 program in all.tsv\n")
        self.assertEqual((self.root / "all.tsv").read_text(encoding="utf-8"), SHOP)
        self.assertEqual(self.output("history", "merge", "-", "1.tsv", "0.tsv", "0.tsv"), SHOP)

    def test_the_file_may_be_one_of_those_that_are_read(self):
        self.file("all.tsv", SHOP)
        self.file("0.tsv", HEAD + "shop_test\ta\tfailed\t30\t8\n")
        self.output("history", "merge", "all.tsv", "all.tsv", "0.tsv")
        self.assertEqual((self.root / "all.tsv").read_text(encoding="utf-8"),
                         HEAD + "shop_test\ta\tfailed\t30\t8 7 5\nshop_test\tb\tfailed\t21\t9\n")

    def test_a_file_that_is_there_keeps_its_permissions(self):
        for mode in (0o640, 0o600, 0o666):
            self.file("all.tsv", SHOP).chmod(mode)
            for command in (["merge", "all.tsv", "all.tsv"], ["export", "all.tsv"]):
                self.output("history", *command)
                self.assertEqual((self.root / "all.tsv").stat().st_mode & 0o777, mode)

    def test_of_no_file_it_makes_an_empty_history(self):
        self.assertEqual(self.output("history", "merge", "all.tsv"),
                         "0 cases of 0 programs in all.tsv\n")
        self.assertEqual((self.root / "all.tsv").read_text(encoding="utf-8"), HEAD)

    def test_a_file_that_is_wrong_is_told_and_nothing_is_lost(self):
        self.file("all.tsv", SHOP)
        self.file("wrong.tsv", SHOP + "what is this\n")
        self.assertEqual(self.refusal("history", "merge", "all.tsv", "all.tsv", "wrong.tsv",
                                      status=1),
                         "isolite: cannot read the history 'wrong.tsv': line 4: it has 1 columns, "
                         f"not 5\n{USE}")
        self.assertEqual(self.refusal("history", "merge", "all.tsv", "none.tsv", status=1),
                         "isolite: cannot read the history 'none.tsv': No such file or directory\n"
                         "  hint: name a file that `isolite history export` or `merge` has "
                         "written; `isolite history merge FILE` writes an empty one\n")
        self.assertEqual((self.root / "all.tsv").read_text(encoding="utf-8"), SHOP)

    def test_no_cache_is_needed(self):
        self.file("shop.tsv", SHOP)
        self.assertEqual(self.output("history", "merge", "-", "shop.tsv", ISOLITE_CACHE="off"),
                         SHOP)


class Page(History):
    def test_the_page_shows_the_format(self):
        page = (SOURCES / "docs/command-line.md").read_text(encoding="utf-8")
        shown = page.partition("```tsv\n")[2].partition("```")[0]
        self.assertEqual(self.output("history", "merge", "-", self.file("shown.tsv", shown)), shown)


if __name__ == "__main__":
    main()
