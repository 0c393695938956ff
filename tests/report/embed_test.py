"""Checks what src/report/page/embed.py makes of a page, and what it refuses.

usage: embed_test.py EMBED.py [unittest's arguments]
"""

import base64
import hashlib
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

HTML = """<meta content="@POLICY@"><style>@STYLE@</style>
<script id="data">@DATA@</script><script>@SCRIPT@</script>
"""
PIECE = re.compile(r'R"page\((.*?)\)page",\n', re.DOTALL)


class embedding(unittest.TestCase):
    embed = None

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = pathlib.Path(directory.name)

    def run_it(self, html=HTML, style="p {}\n", *scripts):
        files = {"page.html": html, "page.css": style}
        files.update((f"{i}.js", text) for i, text in enumerate(scripts))
        paths = [self.directory / name for name in files]
        for path in paths:
            path.write_text(files[path.name], encoding="utf-8")
        self.output = self.directory / "page.inc"
        return subprocess.run(
            [sys.executable, self.embed, *paths, self.output],
            stderr=subprocess.PIPE, text=True, check=False,
        )

    def page(self):
        return "".join(PIECE.findall(self.output.read_text(encoding="utf-8")))

    def assert_refused(self, sentence, **texts):
        ran = self.run_it(texts.get("html", HTML), texts.get("style", ""), texts.get("script", ""))
        self.assertEqual((ran.returncode, ran.stderr), (1, f"embed.py: {sentence}\n"))

    def test_joins_the_scripts_in_one_closed_scope(self):
        self.assertEqual(self.run_it(HTML, "p {}\n", "const a = 1;\n", "const b = a;\n").returncode, 0)
        self.assertIn('"use strict";\n(() => {\nconst a = 1;\n\nconst b = a;\n})();', self.page())
        self.assertIn("@DATA@", self.page())

    def test_allows_this_script_and_this_style_by_their_hashes(self):
        self.run_it(HTML, "p { color: red }\n", "const a = 'é';\n")
        page = self.page()
        for tag in ("style", "script"):
            text = re.search(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL).group(1)
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            self.assertIn(f"{tag}-src 'sha256-{digest}'", page)

    def test_cuts_the_page_into_pieces_that_compilers_take(self):
        self.run_it(HTML, "p {}\n", "const line = 'é';\n" * 5000)
        pieces = PIECE.findall(self.output.read_text(encoding="utf-8"))
        self.assertGreater(len(pieces), 4)
        self.assertLessEqual(max(len(piece.encode()) for piece in pieces), 16 * 1024)

    def test_refuses_what_would_break_the_page(self):
        self.assert_refused(
            "a script cannot contain the end of a script or the start of a comment", script="'</SCRIPT>'"
        )
        self.assert_refused(
            "a script cannot contain the end of a script or the start of a comment", script="'<!--'"
        )
        self.assert_refused("a style cannot contain the end of a style", style="</style>")
        self.assert_refused("the page has 0 times @STYLE@, expected once", html=HTML.replace("@STYLE@", ""))
        self.assert_refused("the page has 2 times @DATA@, expected once", script="'@DATA@'")
        self.assert_refused("the page cannot contain the end of a raw string", script="(')page\"')")
        self.assert_refused("a line of the page is longer than a literal may be", script="a" * 16385)


if __name__ == "__main__":
    embedding.embed = sys.argv[1]
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
