"""What the readers of CI services make of a report in JUnit's XML, as docs/ci.md tells it."""

import xml.etree.ElementTree as ElementTree

LARGEST_FILE = 30 * 1024 * 1024  # of GitLab
LARGEST_TEXT = 10_000_000  # of libxml2
# The children of a case, in their order; only one of the endings is there.
ENDINGS = ("failure", "error", "skipped", "flakyFailure")
ORDER = ["properties", *ENDINGS, "system-out"]


def complaints(report):
    """Returns a sentence for each thing that a reader would refuse, lose or show wrongly."""
    if len(report) >= LARGEST_FILE:
        return ["GitLab reads no file of 30 MB"]
    try:
        root = ElementTree.fromstring(report)
    except ElementTree.ParseError as problem:
        return [f"it is no XML: {problem}"]
    if root.tag != "testsuites":
        return [f"its root is {root.tag}"]
    found, names = [], set()
    for suite in root:
        found += complaints_of_suite(suite)
        for case in suite:
            name = tuple(case.get(key) for key in ("classname", "name"))
            if (suite.get("name"), *name) in names:
                found.append(f"GitLab shows one of two cases called {name}")
            names.add((suite.get("name"), *name))
            found += complaints_of_case(case, name)
    return found


def complaints_of_suite(suite):
    counted = {"tests": len(suite), "failures": len(suite.findall("testcase/failure")),
               "errors": len(suite.findall("testcase/error")),
               "skipped": len(suite.findall("testcase/skipped"))}
    return [f"the suite {suite.get('name')} says {key}={suite.get(key)}, and has {count}"
            for key, count in counted.items() if suite.get(key) != str(count)]


def complaints_of_case(case, name):
    found = []
    if not all(name) or not case.get("time"):
        found.append(f"{name} lacks its class, its name or its time")
    tags = [child.tag for child in case]
    if sorted(tags, key=ORDER.index) != tags or len(set(tags)) != len(tags):
        found.append(f"{name} has {tags}")
    if sum(tag in ENDINGS for tag in tags) > 1:
        found.append(f"{name} ended in more than one way")
    for child in case:
        if child.tag in ENDINGS and not (child.text and child.get("message")):
            found.append(f"{name} does not say both ways why it has a {child.tag}")
        if any(len(text) > LARGEST_TEXT for text in [child.text or "", *child.attrib.values()]):
            found.append(f"{name} has a text that libxml2 refuses")
    return found
