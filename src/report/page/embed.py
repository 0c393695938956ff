#!/usr/bin/env python3
"""Puts the report's page together and writes it as pieces of a C++ source.

usage: embed.py PAGE.html STYLE.css SCRIPT.js... OUTPUT

The output is a list of raw string literals, to be included where a list of strings is
initialised. @DATA@ stays in them, once: that is where page_with() puts the JSON.
"""

import base64
import hashlib
import pathlib
import sys

DELIMITER = "page"
PIECE_BYTES = 16 * 1024  # compilers limit the length of a literal; MSVC's is the shortest


def hash_of(text):
    """Returns the source expression by which a policy allows exactly this text."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def policy(style, script):
    """Allows nothing but our own style and script, no HTML from text, and images in the page."""
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {hash_of(script)}",
            f"style-src {hash_of(style)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
        ]
    )


def fail(sentence):
    sys.exit(f"embed.py: {sentence}")


def expect_once(page, place):
    if page.count(place) != 1:
        fail(f"the page has {page.count(place)} times {place}, expected once")


def put(page, place, text):
    expect_once(page, place)
    return page.replace(place, text)


def page_of(html, style, scripts):
    """Returns the page, whose scripts share one scope that is closed to the outside."""
    script = '"use strict";\n(() => {\n' + "\n".join(scripts) + "})();\n"
    if "</script" in script.lower() or "<!--" in script:
        fail("a script cannot contain the end of a script or the start of a comment")
    if "</style" in style.lower():
        fail("a style cannot contain the end of a style")
    page = put(html, "@POLICY@", policy(style, script))
    page = put(page, "@STYLE@", style)
    page = put(page, "@SCRIPT@", script)
    expect_once(page, "@DATA@")
    return page


def pieces(text):
    """Cuts the text at ends of lines into pieces that a compiler takes."""
    piece = ""
    for line in text.splitlines(keepends=True):
        if len(line.encode()) > PIECE_BYTES:
            fail("a line of the page is longer than a literal may be")
        if len((piece + line).encode()) > PIECE_BYTES:
            yield piece
            piece = ""
        piece += line
    yield piece


def main():
    html, style, *scripts, output = map(pathlib.Path, sys.argv[1:])
    texts = [path.read_text(encoding="utf-8") for path in (html, style, *scripts)]
    page = page_of(texts[0], texts[1], texts[2:])
    if f'){DELIMITER}"' in page:
        fail("the page cannot contain the end of a raw string")
    literals = [f'R"{DELIMITER}({piece}){DELIMITER}",\n' for piece in pieces(page)]
    output.write_text("".join(literals), encoding="utf-8")


if __name__ == "__main__":
    main()
