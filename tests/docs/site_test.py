"""Tries scripts/site on this tree, and on small ones with one mistake each.

usage: site_test.py SOURCE_DIRECTORY [unittest's arguments]
Without mkdocs and Doxygen it says so and exits with 77.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCE = None

# A tree in which nothing is wrong.
CLEAN = {
    "README.md": "# Small\n\nDo it.\n\n## Documentation\n\nSee [the headers](include/isolite).\n\n"
    "### Begin\n\n- [The page](docs/page.md)\n- [Design](docs/design/README.md)\n",
    "docs/page.md": "# A page\n\nRead [the program](examples/first/main.cpp), [an engine]"
    "(../include/isolite/engine.hpp), [twice](#twice-1), [a folder](examples/first) and [all]"
    "(examples).\n\n## Twice\n\n## Twice\n\n<!-- from: docs/examples/first/main.cpp -->\n"
    "```cpp\nint main() {}\n```\n",
    "docs/design/README.md": "# Design\n\nChange it. See [the store](store.md).\n",
    "docs/design/store.md": "# The store\n\nChange the store, [as ever](README.md).\n",
    "docs/examples/first/main.cpp": "int main() {}\n",
    "docs/site/internal.txt": "# Not for users.\nsmall::secret\n",
    "include/isolite/engine.hpp": """#pragma once

namespace small {

/// What runs. Threads: any.
class engine {
  public:
    explicit engine(int size);

    /// Returns what `open` was told, below <small> sizes. Errors: errc::usage, when it is closed.
    int size() const { return 1; }
    int size(int scale) const;

    /// Takes `secret`, a `mark` of `engine::size`.
    void take(int mark);

  private:
    int hidden;
};

int secret();

/// Marks.
int mark();

} // namespace small
""",
}


class site(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="isolite-site-")
        self.addCleanup(place.cleanup)
        self.root = pathlib.Path(place.name) / "tree"
        self.built = pathlib.Path(place.name) / "site"

    def grow(self, **changes):
        """Writes the small tree, in which (FILE: (OLD, NEW)) are replaced."""
        for name, text in CLEAN.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            old, new = changes.pop(name, ("", ""))
            self.assertIn(old, text, "the mistake cannot be made")
            path.write_text(text.replace(old, new, 1) if old else text, encoding="utf-8")
        self.assertEqual(changes, {})

    def run_site(self, *arguments, **variables):
        return subprocess.run([SOURCE / "scripts/site", *map(str, arguments)],
                              capture_output=True, text=True, check=False,
                              env={**os.environ, **variables})

    def read(self, page):
        return (self.built / page).read_text(encoding="utf-8")


class a_tree(site):
    def test_becomes_a_site_with_its_pages_its_reference_and_its_examples(self):
        self.grow()
        done = self.run_site("--root", self.root, self.built)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn(f"site: 8 pages; open {self.built}/index.html", done.stdout)
        page = self.read("page.html")
        for link in ("examples/first.html#maincpp", "reference/engine.html", "#twice-1",
                     "examples/first.html", "examples/index.html"):
            self.assertIn(f'href="{link}"', page)
        self.assertNotIn("from: docs", page)
        self.assertIn('href="../index.html"', self.read("design/index.html"))
        self.assertIn("main", self.read("examples/first.html"))
        found = json.loads(self.read("search/search_index.json"))["docs"]
        titles = [re.sub("<[^>]*>", "", entry["title"]).strip() for entry in found]
        self.assertIn("engine::size", titles)

    def test_has_a_reference_of_what_is_public_with_the_words_of_the_header(self):
        self.grow()
        self.assertEqual(self.run_site("--root", self.root, self.built).returncode, 0)
        page = self.read("reference/engine.html").partition("<article")[2].partition("</article>")[0]
        self.assertIn("below &lt;small&gt; sizes", page)
        self.assertIn("<dt>Errors</dt>", page)
        self.assertIn('<h3 id="small-engine-size">', page)
        self.assertEqual(page.count("<h3 "), 2, "overloads share a heading, constructors have none")
        self.assertIn('a <code>mark</code> of <a href="engine.html#small-engine-size">', page,
                      "a parameter is no link, another function is one")
        for hidden in ("hidden", "secret()", "return"):
            self.assertNotIn(hidden, page)

    def test_is_replaced_by_its_next_state(self):
        self.grow()
        self.assertEqual(self.run_site("--root", self.root, self.built).returncode, 0)
        (self.built / "old.html").touch()
        self.assertEqual(self.run_site("--root", self.root, self.built).returncode, 0)
        self.assertFalse((self.built / "old.html").exists())

    def test_is_only_looked_at_by_check(self):
        self.grow()
        done = self.run_site("--check", "--root", self.root, self.built)
        self.assertEqual(done.stdout, "site: 8 pages without a mistake\n", done.stderr)
        self.assertFalse(self.built.exists())


class a_mistake(site):
    def expect(self, sentence, **changes):
        self.grow(**changes)
        done = self.run_site("--root", self.root, self.built)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(done.stdout, sentence + "\n")
        self.assertFalse(self.built.exists())

    def test_is_a_link_to_a_heading_that_is_not_there(self):
        self.expect("docs/page.md: the link #twice-2 leads nowhere on the site",
                    **{"docs/page.md": ("#twice-1", "#twice-2")})

    def test_is_a_link_to_a_heading_of_another_page_that_is_not_there(self):
        self.expect("docs/page.md: the link reference/engine.html#gone leads nowhere on the site",
                    **{"docs/page.md": ("engine.hpp", "engine.hpp#gone")})

    def test_is_a_link_to_what_the_site_does_not_have(self):
        self.expect("docs/page.md:3: the link ../src/engine.cpp leads to what is not on the site; it"
                    " has the pages of docs/, the folders of docs/examples and the headers",
                    **{"docs/page.md": ("../include/isolite/engine.hpp", "../src/engine.cpp")})

    def test_is_a_picture_of_another_host(self):
        self.expect("docs/page.md: the page loads https://example.org/a.png, which is not of the site",
                    **{"docs/page.md": ("[all]", "![a](https://example.org/a.png) [all]")})

    def test_is_a_page_that_no_list_names(self):
        self.expect('docs/page.md: no list of README.md names the page, under "## Documentation"',
                    **{"README.md": ("- [The page](docs/page.md)\n", "")})

    def test_is_a_public_name_without_a_comment(self):
        self.expect("include/isolite/engine.hpp:21: small::secret is public and has no /// comment;"
                    " write one, or name it in docs/site/internal.txt",
                    **{"docs/site/internal.txt": ("small::secret\n", "")})

    def test_is_an_internal_name_that_no_header_declares(self):
        self.expect("docs/site/internal.txt: small::gone is not declared in any header",
                    **{"docs/site/internal.txt": ("# Not for users.", "small::gone")})


class a_run(site):
    def test_refuses_a_directory_that_is_no_site(self):
        self.grow()
        self.built.mkdir()
        (self.built / "mine").touch()
        done = self.run_site("--root", self.root, self.built)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, f"site: cannot write to '{self.built}': it has something else"
                         " than a site that this script made\n"
                         "site: name another directory, or remove it\n")
        self.assertTrue((self.built / "mine").exists())

    def test_without_its_tools_says_what_to_install(self):
        self.grow()
        tools = self.root / "tools"
        tools.mkdir()
        for tool in ("bash", "cat"):
            (tools / tool).symlink_to(shutil.which(tool))
        done = self.run_site("--root", self.root, self.built, PATH=str(tools))
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, "site: cannot make the site: these cannot be found: python3,"
                         " mkdocs, doxygen\nsite: install mkdocs, its theme material, and Doxygen\n")
        self.assertIn("for a site mkdocs", done.stdout)


class this_tree(site):
    def test_has_no_mistake(self):
        done = self.run_site("--check")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    missing = [tool for tool in ("mkdocs", "doxygen") if not shutil.which(tool)]
    if missing:
        print(f"skipped: {' and '.join(missing)} cannot be found; scripts/bootstrap --site")
        sys.exit(77)
    SOURCE = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main()
