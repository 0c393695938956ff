"""Breaks each rule of the documentation once, in a small tree."""

import contextlib
import io
import pathlib
import sys
import tempfile

from checker import checker

# A small tree that breaks no rule; the scratch copies of the self-test break one each.
CLEAN = {
    "README.md": """# Title
See [the page](docs/page.md#a-heading) and [below](#title).

<!-- from: code.cpp -->
```cpp
// [part]
    int answer = 42;
// [/part]
```
<!-- from: code.cpp#part -->
```cpp
int answer = 42;
```
<!-- output of: speaker -->
```text
[doctest] doctest version is "2.4.9"
first/x.cpp(1): done in 5 ms
kept: '/tmp/isolite-1000/evidence/…/a.db'
```
<!-- session: speaker wait ^C at wait; speaker -->
```console
$ ./speaker wait
waiting
^C
$ ./speaker
[doctest] doctest version is "2.4.9"
first/x.cpp(1): done in 5 ms
kept: '/tmp/isolite-1000/evidence/…/a.db'
```
<!-- commands -->
```sh
scripts/good
```
![A picture](docs/drawn.png)
```diagram
a -> b
```
""",
    "docs/page.md": "# Page\nRead it.\n## A heading\n<!-- diff of: code.cpp new.cpp -->\n```diff\n"
    "--- code.cpp\n+++ new.cpp\n@@ -2,2 +2 @@\n     int answer = 42;\n-// [/part]\n```\n",
    "code.cpp": "// [part]\n    int answer = 42;\n// [/part]\n",
    "new.cpp": "// [part]\n    int answer = 42;\n",
    "scripts/good": "#!/bin/sh\necho usage: good\n",
    "docs/drawn.png": "",
    "build/speaker": """#!/bin/sh
if [ "$1" = wait ]; then
    echo waiting
    exec sleep 60
fi
mkdir "$ISOLITE_CACHE" # says so if there is none, or an old one
echo '[doctest] doctest version is "2.4.11"'
printf '\\033[1m/a/docs/examples/first/x.cpp(1)\\033[0m: done in 12.5 ms\\n'
echo "kept: '$TMPDIR/isolite-7/evidence/speaker-0a1b2c3d/main/a.db'"
""",
}
# What is replaced in which file, and the sentence that must name it.
BROKEN = [
    ("README.md", "int answer = 42;\n```\n<!-- output", "int answer = 41;\n```\n<!-- output",
     "README.md:11: the block is not what code.cpp#part has"),
    ("code.cpp", "answer", "question", "README.md:5: the block is not what code.cpp has"),
    ("new.cpp", "[part]", "[art]", "page.md:5: the block is not what code.cpp new.cpp has"),
    ("docs/page.md", "code.cpp new.cpp", "code.cpp", "page.md:5: a diff is of two files"),
    ("code.cpp", "[/part]", "[/other]", "code.cpp has no lines between [part] and [/part]"),
    ("README.md", "from: code.cpp -->", "from: gone.cpp -->", "gone.cpp does not exist"),
    ("README.md", "<!-- commands -->", "", "the block needs a comment above it"),
    ("README.md", "<!-- from: code.cpp -->", "<!-- from -->", "names nothing"),
    ("README.md", "```sh", "```", "the block needs a language"),
    ("README.md", "scripts/good", "scripts/gone", "scripts/gone does not exist"),
    ("scripts/good", "echo usage: good", "exit 2", "scripts/good --help does not print"),
    ("build/speaker", "done", "failed", "the block is not what speaker has"),
    ("build/speaker", "printf", "kill -9 $$; printf", "speaker was killed by signal 9"),
    ("build/speaker", "waiting", "waiting long", "the block is not what speaker wait"),
    ("README.md", "speaker wait", "speaker late", "speaker does not come to what is recorded: it ended"
     " without wait"),
    ("README.md", "docs/drawn.png", "docs/gone.png", "the link docs/gone.png leads nowhere"),
    ("README.md", "![A picture](docs/drawn.png)", "", "docs/drawn.png:1: no page shows the picture"),
    ("README.md", "speaker", "listener", "listener is not built"),
    ("README.md", "docs/page.md#", "docs/gone.md#", "the link docs/gone.md#a-heading leads nowhere"),
    ("docs/page.md", "Read it.", "- Read it.", "page.md:1: the page does not begin with a title and a"
     " paragraph that says what a reader can do with it"),
    ("docs/page.md", "Read it.", "The page is read.", "page.md:1: the page does not begin with a title"),
    ("README.md", "See", "See" + 100 * " it", "README.md:1: 105 words stand before the first program,"
     " and 100 may"),
    ("docs/page.md", "## A heading", "## Another", "the link docs/page.md#a-heading names no heading"),
]


def grow(root, changes):
    for name, text in CLEAN.items():
        path = pathlib.Path(root) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        for changed, old, new in changes:
            if changed == name:
                assert old in text, (name, old)
                text = text.replace(old, new, 1)
        path.write_text(text, encoding="utf-8")
        if text.startswith("#!"):
            path.chmod(0o755)
    return checker(root, build=pathlib.Path(root) / "build")


def self_test():
    failures = []
    with tempfile.TemporaryDirectory() as root:
        clean = grow(root, [])
        if not clean.check():
            failures.append(f"a clean tree is blamed: {clean.mistakes}")
    for name, old, new, sentence in BROKEN:
        with tempfile.TemporaryDirectory() as root:
            broken = grow(root, [(name, old, new)])
            broken.check()
            if not any(sentence in found for found in broken.mistakes):
                failures.append(f'"{sentence}" was expected, found {broken.mistakes}')
    with tempfile.TemporaryDirectory() as root:
        stale = grow(root, [("code.cpp", "answer", "question")])
        stale.update = True
        with contextlib.redirect_stdout(io.StringIO()):
            stale.check()
        stale.update = False
        if not stale.check():
            failures.append("--update does not repair a stale block")
    for failure in failures:
        print(f"check-docs --self-test: {failure}", file=sys.stderr)
    print(f"check-docs --self-test: {len(BROKEN)} broken trees, {len(failures)} mistakes")
    return not failures
