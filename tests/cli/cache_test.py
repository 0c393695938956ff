"""Checks `isolite cache` on images that a test program has made."""

import json
import os

from command import CommandTest, main

OFF = ("isolite: cannot look into the cache: ISOLITE_CACHE is off\n"
       "  hint: unset ISOLITE_CACHE to switch it on, or name a directory with --directory\n")
BOUNDS = "bounds of a project: 1.0 GiB, unused images stay for 30 days\n"
COMMANDS = ("path", "list", "prune")


def cut(image):
    """Shortens an image file, as a full disk or a copy that broke off does."""
    image.chmod(0o600)
    os.truncate(image, 100)


class Cache(CommandTest):
    def cached(self, *arguments, **variables):
        return self.output("cache", *arguments, **variables)

    def json(self, *arguments, **variables):
        return json.loads(self.cached(*arguments, "--json", **variables))


class Place(Cache):
    def test_the_path_is_the_directory_of_the_project(self):
        self.assertEqual(self.cached("path"), f"{self.cache}/default\n")
        self.assertFalse(self.cache.exists())

    def test_the_variables_choose_the_directory_and_the_project(self):
        self.assertEqual(self.cached("path", ISOLITE_CACHE=self.root / "x", ISOLITE_PROJECT="shop"),
                         f"{self.root}/x/shop\n")

    def test_without_variables_it_is_below_the_home(self):
        self.assertEqual(self.cached("path", ISOLITE_CACHE=None),
                         f"{self.root}/.cache/isolite/default\n")

    def test_the_options_count_more_than_the_variables(self):
        self.assertEqual(self.cached("path", "--directory", "/x", "--project", "a",
                                     ISOLITE_PROJECT="b"), "/x/a\n")

    def test_a_relative_directory_is_that_of_the_shell(self):
        self.assertEqual(self.cached("path", "--directory", "./here"),
                         f"{os.path.realpath(self.root)}/here/default\n")

    def test_a_cache_that_is_off_is_a_failure_with_a_way_out(self):
        for command in COMMANDS:
            with self.subTest(command):
                self.assertEqual(self.refusal("cache", command, status=1, ISOLITE_CACHE="off"),
                                 OFF)

    def test_the_option_switches_a_cache_on_that_is_off(self):
        self.assertEqual(self.cached("path", "--directory", "/x", ISOLITE_CACHE="off"),
                         "/x/default\n")

    def test_an_empty_directory_is_refused(self):
        self.assertIn("an empty path names no directory",
                      self.refusal("cache", "path", "--directory", "", status=2))

    def test_a_project_that_is_no_name_is_wrong_usage(self):
        self.assertEqual(
            self.refusal("cache", "path", "--project", "../x", status=2),
            "isolite: cannot choose the cache of images: its project '../x' cannot name a "
            "directory\n  hint: write letters, digits, -, _ and ., but no dot first\n")

    def test_a_malformed_variable_is_reported(self):
        for command in COMMANDS:
            with self.subTest(command):
                self.assertEqual(
                    self.refusal("cache", command, status=1, ISOLITE_CACHE_MB="many"),
                    'isolite: cannot choose the cache of images: ISOLITE_CACHE_MB is "many", not a '
                    "number\n  hint: write the size of a project's images in units of 1024 * 1024 "
                    "bytes\n")

    def test_a_directory_that_cannot_be_read_is_not_taken_for_an_empty_one(self):
        (self.root / "file").touch()
        for command in COMMANDS:
            with self.subTest(command):
                self.assertEqual(
                    self.refusal("cache", command, "--directory", self.root / "file", status=1),
                    f"isolite: cannot share images: reading the directory {self.root}/file/default "
                    "failed: Not a directory\n  hint: name another directory in ISOLITE_CACHE if "
                    "this one cannot be used\n")


class List(Cache):
    def test_an_empty_cache_is_told(self):
        self.assertEqual(self.cached("list"), f"no images in {self.cache}/default\n")

    def test_an_image_has_a_line_with_its_size_and_times(self):
        size = self.make_image("shop").stat().st_size
        self.assertEqual(self.cached("list"),
                         "SEED  SIZE      BUILT     LAST USED\n"
                         f"shop  {size / 1024:.1f} KiB  just now  just now\n"
                         f"1 image, {size / 1024:.1f} KiB in {self.cache}/default\n" + BOUNDS)

    def test_names_are_counted_in_characters(self):
        size = self.make_image("b\u00fccher").stat().st_size
        self.assertEqual(self.cached("list").splitlines()[:2],
                         ["SEED    SIZE      BUILT     LAST USED",
                          f"b\u00fccher  {size / 1024:.1f} KiB  just now  just now"])

    def test_the_image_that_was_used_last_comes_first(self):
        self.make_image("old", age_days=3)
        self.make_image("new")
        lines = self.cached("list").splitlines()
        self.assertEqual([line.split()[0] for line in lines[1:3]], ["new", "old"])
        self.assertTrue(lines[2].endswith("3 days ago  3 days ago"), lines[2])
        self.assertIn("2 images, ", lines[3])

    def test_times_are_told_in_their_largest_unit(self):
        for days, words in [(1.5 / 1440, "1 minute ago"), (5.5 / 1440, "5 minutes ago"),
                            (1.5 / 24, "90 minutes ago"), (5.5 / 24, "5 hours ago"),
                            (1.5, "36 hours ago"), (-1, "just now")]:
            with self.subTest(words):
                image = self.make_image("shop", age_days=days)
                self.assertIn(words, self.cached("list").splitlines()[1])
                image.unlink()

    def test_the_bounds_are_those_of_the_variables(self):
        self.make_image("shop")
        self.assertIn("bounds of a project: 5.0 MiB, unused images stay for 7 days\n",
                      self.cached("list", ISOLITE_CACHE_MB=5, ISOLITE_CACHE_DAYS=7))

    def test_an_image_that_would_not_be_used_is_listed_with_the_reason(self):
        image = self.make_image("shop")
        cut(image)
        self.assertEqual(self.cached("list"),
                         "SEED       SIZE       BUILT     LAST USED\n"
                         "(refused)  100 bytes  just now  just now\n"
                         f"refused: cannot use the image '{image}': it was cut: it is no longer as "
                         "long as it was written\n"
                         f"1 image, 100 bytes in {self.cache}/default\n" + BOUNDS)

    def test_other_projects_are_listed_on_request_only(self):
        self.make_image("a")
        self.make_image("b", ISOLITE_PROJECT="shop")
        self.assertEqual([image["seed"] for image in self.json("list")["images"]], ["a"])
        lines = self.cached("list", "--all-projects").splitlines()
        self.assertEqual([line.split()[:2] for line in lines[:3]],
                         [["PROJECT", "SEED"], ["default", "a"], ["shop", "b"]])
        self.assertTrue(lines[3].endswith(f" in {self.cache}"), lines[3])
        images = self.json("list", "--all-projects")["images"]
        self.assertEqual([image["project"] for image in images], ["default", "shop"])

    def test_json_has_what_the_table_has(self):
        image = self.make_image("shop", age_days=2)
        listed = self.json("list")
        status = image.stat()
        sqlite = self.output("--version").split()[-1]
        self.assertEqual(listed, {
            "directory": f"{self.cache}/default", "project": "default",
            "max_size_bytes": 1 << 30, "max_age_seconds": 30 * 24 * 3600,
            "size_bytes": status.st_size,
            "images": [{"path": str(image), "project": "default", "seed": "shop",
                        "sqlite": sqlite, "objection": None, "size_bytes": status.st_size,
                        "built": int(status.st_mtime), "last_used": int(status.st_mtime)}]})

    def test_json_of_an_image_that_would_not_be_used_has_the_objection(self):
        cut(self.make_image("shop"))
        image, = self.json("list")["images"]
        self.assertIsNone(image["seed"])
        self.assertIsNone(image["sqlite"])
        self.assertIn("it was cut", image["objection"])

    def test_json_of_an_empty_cache_has_no_images(self):
        listed = self.json("list")
        self.assertEqual((listed["images"], listed["size_bytes"]), ([], 0))

    def test_json_survives_quotes_in_names(self):
        self.make_image('a "b" \\ c')
        self.assertEqual(self.json("list")["images"][0]["seed"], 'a "b" \\ c')

    def test_every_field_is_documented(self):
        self.make_image("shop")
        listed = self.json("list")
        self.assert_documented({*listed, *listed["images"][0], *self.json("prune")})


class Prune(Cache):
    def test_it_removes_what_was_not_used_for_too_long(self):
        new, old = self.make_image("new"), self.make_image("old", age_days=31)
        size = f"{new.stat().st_size / 1024:.1f} KiB"
        self.assertEqual(self.cached("prune"),
                         "SEED  SIZE      BUILT        LAST USED\n"
                         f"old   {size}  31 days ago  31 days ago\n"
                         f"removed 1 image from {self.cache}/default, {size} freed\n"
                         f"kept: 1 image, {size}\n")
        self.assertEqual((old.exists(), new.exists()), (False, True))

    def test_it_removes_what_was_not_used_for_longest_until_the_rest_fits(self):
        older, newer = self.make_image("older"), self.make_image("newer")
        for image, age in [(older, 200), (newer, 100)]:
            image.chmod(0o600)
            os.truncate(image, 600 * 1024)
            os.utime(image, (image.stat().st_mtime - age,) * 2)
        self.cached("prune", ISOLITE_CACHE_MB=1)
        self.assertEqual((older.exists(), newer.exists()), (False, True))

    def test_it_says_that_nothing_was_removed(self):
        size = f"{self.make_image('shop').stat().st_size / 1024:.1f} KiB"
        self.assertEqual(self.cached("prune"),
                         f"nothing was removed from {self.cache}/default\nkept: 1 image, {size}\n")

    def test_an_empty_cache_has_nothing_to_remove(self):
        self.assertEqual(self.cached("prune", "--everything"),
                         f"nothing was removed from {self.cache}/default\n")

    def test_everything_is_removed_on_request(self):
        for image in [self.make_image("a"), self.make_image("b", age_days=3)]:
            self.assertTrue(image.exists())
        self.assertIn("removed 2 images from ", self.cached("prune", "--everything"))
        self.assertEqual(list((self.cache / "default").iterdir()), [])

    def test_an_image_that_would_not_be_used_is_removed_too(self):
        cut(self.make_image("shop"))
        self.assertIn("(refused)", self.cached("prune", "--everything"))
        self.assertEqual(list((self.cache / "default").iterdir()), [])

    def test_what_killed_builders_left_is_removed(self):
        self.make_image("shop")
        for ending in ("lock", "status", "new"):
            (self.cache / "default" / f"x.{ending}").touch()
        self.cached("prune", "--everything")
        self.assertEqual(list((self.cache / "default").iterdir()), [])

    def test_images_in_use_stay_and_are_named(self):
        free = self.make_image("free")
        with self.image_in_use("busy"):
            text = self.cached("prune", "--everything")
        self.assertFalse(free.exists())
        removed, kept = text.split("in use, so kept: ")
        self.assertIn("\nfree  ", removed)
        self.assertRegex(kept, r"\A1 image, .* KiB\nSEED .*\nbusy  .*\n\Z")

    def test_images_of_another_project_stay(self):
        other = self.make_image("shop", ISOLITE_PROJECT="other")
        self.cached("prune", "--everything")
        self.assertTrue(other.exists())
        self.cached("prune", "--everything", "--project", "other")
        self.assertFalse(other.exists())

    def test_json_names_what_was_removed_and_kept(self):
        new, old = self.make_image("new"), self.make_image("old", age_days=31)
        size = old.stat().st_size
        pruned = self.json("prune")
        self.assertEqual([image["path"] for image in pruned["removed"]], [str(old)])
        self.assertEqual([image["path"] for image in pruned["kept"]], [str(new)])
        self.assertEqual((pruned["freed_bytes"], pruned["project"]), (size, "default"))


if __name__ == "__main__":
    main()
