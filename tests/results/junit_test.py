"""Reads reports in JUnit's XML as others do: with a parser of XML, and by a run of Meson.

Arguments: PROBE MESON. The names and texts of the cases are what readers of XML stumble over.
"""

import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml

PROBE, MESON = sys.argv[1:]

NASTY = [
    b"plain",
    b"<&>\"'",
    b"]]>",
    b"<![CDATA[ ]]>",
    b"<!-- -->",
    b"&#27;&amp;&lt;",
    b"a\tb\nc\rd\r\ne",
    b"nul \x00 escape \x1b[31m bell \x07 delete \x7f",
    "umlauts äöü, 漢字, 🦆, next line \x85".encode(),
    "\ufffe \uffff \ufffd \u2028".encode(),
    b"surrogate \xed\xa0\x80\xed\xb0\x80",
    b"overlong \xc0\xaf \xe0\x80\xaf",
    b"cut \xe2\x82",
    b"latin-1 \xe4\xf6\xfc",
    b"beyond \xf4\x90\x80\x80 \xff\xfe",
]
ENDINGS = ["passed", "failed", "died", "skipped", "not_run", "flaky"]
ELEMENT = {
    "failed": "failure",
    "died": "error",
    "skipped": "skipped",
    "not_run": "skipped",
    "flaky": "flakyFailure",
}
HEADING = {"not_run": "not run: ", "flaky": "failed 1 of 2 times: "}


def random_texts(count):
    dice = random.Random(count)
    alphabet = [bytes([byte]) for byte in range(256)] + NASTY
    return [b"x" + b"".join(dice.choices(alphabet, k=dice.randrange(40))) for _ in range(count)]


def readable(text):
    """Returns what a reader is to see of a text."""

    def shown(character):
        known = character in "\t\n\r" or (character >= " " and character not in "\ufffe\uffff")
        return character if known else "".join(f"\\x{byte:02x}" for byte in character.encode())

    return "".join(map(shown, text.decode("utf-8", errors="backslashreplace")))


def write_report(path, cases):
    """Lets the probe write a report. A case is its suite, its ending and its text."""
    lines = [f"{suite.hex() or '-'} {ending} {text.hex() or '-'}\n" for suite, ending, text in cases]
    done = subprocess.run([PROBE, path], input="".join(lines), text=True, capture_output=True)
    assert done.returncode == 0, done.stderr


def check_case(element, suite, ending, text):
    shown = readable(text)
    assert element.get("name") == shown, (element.get("name"), shown)
    assert element.get("classname") == (readable(suite) or "the whole"), element.get("classname")
    assert element.findtext("system-out") == shown, (element.findtext("system-out"), shown)
    found = [child for child in element if child.tag not in ("properties", "system-out")]
    assert [child.tag for child in found] == ([ELEMENT[ending]] if ending in ELEMENT else []), shown
    for child in found:
        told = shown if child.tag == "skipped" else readable(text.split(b"\n")[0])
        message = HEADING.get(ending, "") + told
        assert child.get("message") == message, (child.get("message"), message)
        if child.tag != "skipped":
            assert child.text == shown, (child.text, shown)


def check_suite(suite, cases):
    """Checks that a suite has these cases, and that its counts are right."""
    elements = suite.findall("testcase")
    assert len(elements) == len(cases), (len(elements), len(cases))
    for element, case in zip(elements, cases):
        check_case(element, *case)
    endings = [ending for _, ending, _ in cases]
    skipped = endings.count("skipped") + endings.count("not_run")
    counted = [suite.get(name) for name in ("tests", "failures", "errors", "skipped")]
    right = [len(cases), endings.count("failed"), endings.count("died"), skipped]
    assert counted == list(map(str, right)), (counted, right)


def check_report(root, texts):
    path = root / "report.xml"
    cases = [(b"", ending, text) for ending in ENDINGS for text in texts]
    write_report(path, cases)
    whole = xml.parse(path).getroot()
    (suite,) = whole.findall("testsuite")
    check_suite(suite, cases)
    for name in ("tests", "failures", "errors", "skipped", "name"):
        assert whole.get(name) == suite.get(name), name
    if shutil.which("xmllint"):
        subprocess.run(["xmllint", "--noout", path], check=True)


COPY = """
import shutil, sys
(target,) = [word.split(":", 1)[1] for word in sys.argv if word.startswith("--gtest_output=xml:")]
shutil.copy(sys.argv[1], target)
"""


def check_meson(root):
    """Lets Meson merge a report into its own."""
    suites = [b""] + NASTY[:4]
    texts = [text for text in NASTY if b"\r" not in text]  # which Meson turns into ends of lines
    cases = {
        suite: [(suite, ending, text) for ending in ENDINGS for text in texts] for suite in suites
    }
    write_report(root / "shop.xml", sum(cases.values(), []))
    (root / "copy.py").write_text(COPY)
    (root / "meson.build").write_text(
        "project('scratch')\n"
        "test('shop', find_program('python3'), protocol: 'gtest',"
        " args: [files('copy.py'), files('shop.xml')], workdir: meson.current_build_dir())\n"
    )
    build = root / "build"
    for command in (["setup", build, root], ["test", "-C", build]):
        done = subprocess.run([MESON, *command], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
    merged = xml.parse(build / "meson-logs" / "testlog.junit.xml").getroot().findall("testsuite")
    names = ["scratch.shop." + (readable(suite) or "the whole") for suite in suites]
    assert [suite.get("name") for suite in merged] == names, [suite.get("name") for suite in merged]
    for suite, element in zip(suites, merged):
        check_suite(element, cases[suite])


def main():
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        check_report(root, NASTY)
        check_report(root, random_texts(300))
        check_meson(root)


main()
