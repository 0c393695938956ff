"""The mutants that are listed here: what they change, and whether they fit."""

import pathlib
import re
import tempfile

HEADING = re.compile(r"^== (?P<name>[a-z0-9-]+) in (?P<file>\S+)$")


class wrong_list(Exception):
    """A mutant that is not written as it should be."""


class mutant:
    """One change of a file: lines that go, and lines that come in their place."""

    def __init__(self, place, name, file):
        self.place, self.name, self.file = place, name, file
        self.breaks, self.survives = "", ""
        self.old, self.new = [], []

    def add(self, line):
        sign, code = line[0], line[1:]
        if sign in " -":
            self.old.append(code)
        if sign in " +":
            self.new.append(code)

    def objections(self, root):
        """Returns what is wrong with it, one sentence each."""
        path = root / self.file
        if not self.file.startswith("src/") or not path.is_file():
            return [f"there is no {self.file} to change"]
        if not self.breaks:
            return ["it does not say which promise it breaks: write 'breaks: ...'"]
        found = self.times_in(path.read_text(encoding="utf-8"))
        if found != 1:
            there = "is not" if found == 0 else f"is {found} times"
            return [f"what it changes {there} in {self.file}: its lines with - or a space"]
        if code_of(self.old) == code_of(self.new):
            return ["it changes no code"]
        return []

    def times_in(self, text):
        return ("\n" + text).count("\n" + text_of(self.old))

    def applied_to(self, text):
        return ("\n" + text).replace("\n" + text_of(self.old), "\n" + text_of(self.new))[1:]


def text_of(lines):
    return "".join(line + "\n" for line in lines)


def code_of(lines):
    """Returns what a compiler reads of lines of C++, as far as it matters here."""
    return re.sub(r"\s+", "", re.sub(r"//.*|/\*.*?\*/", "", text_of(lines), flags=re.M))


def read_list(path):
    """Returns the mutants of one list."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        heading = HEADING.match(line)
        if heading:
            found.append(mutant(f"{path.name}:{number}", heading["name"], heading["file"]))
        elif line.startswith("#") or not line:
            continue
        elif not found:
            raise wrong_list(f"{path.name}:{number}: a list begins with '== NAME in FILE'")
        elif line[0] in " -+":
            found[-1].add(line)
        elif line.startswith("breaks: "):
            found[-1].breaks = line[len("breaks: ") :]
        elif line.startswith("survives: "):
            found[-1].survives = line[len("survives: ") :]
        else:
            raise wrong_list(
                f"{path.name}:{number}: neither code, which begins with a space, - or +, "
                "nor 'breaks: ' nor 'survives: '"
            )
    return found


def read_lists(root):
    """Returns all mutants. Errors: wrong_list, for each that does not fit its file."""
    found, wrong, names = [], [], set()
    for path in sorted((root / "tests/mutants").glob("*.txt")):
        found += read_list(path)
    for each in found:
        objections = each.objections(root)
        if each.name in names:
            objections.append("another one has its name")
        names.add(each.name)
        wrong += [f"{each.place}: {each.name}: {sentence}" for sentence in objections]
    if wrong:
        raise wrong_list("\n".join(wrong))
    return found


SOURCE = "int one() {\n    return 1;\n}\nint two() {\n    return 2; // 2\n}\n"
SOUND = "== one in src/x.cpp\nbreaks: it returns 1\n-    return 1;\n+    return 2;\n"
# Lists, and the sentence that has to be said of each.
UNSOUND = [
    (SOUND.replace("src/x.cpp", "src/y.cpp"), "there is no src/y.cpp"),
    (SOUND.replace("src/x.cpp", "tests/x.cpp"), "there is no tests/x.cpp"),
    (SOUND.replace("-    return 1;", "-    return 3;"), "is not in src/x.cpp"),
    (SOUND.replace("-    return 1;", "-}"), "is 2 times in src/x.cpp"),
    (SOUND.replace("-    return 1;", "-return 1;"), "is not in src/x.cpp"),
    (SOUND.replace("breaks: it returns 1\n", ""), "does not say which promise it breaks"),
    (SOUND.replace("+    return 2;", "+  return 1; // one"), "changes no code"),
    (SOUND + SOUND, "another one has its name"),
    ("breaks: it\n" + SOUND, "a list begins with"),
    (SOUND + "because\n", "neither code"),
]


def self_test():
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name in ("src", "tests/mutants"):
            (root / name).mkdir(parents=True)
        (root / "src/x.cpp").write_text(SOURCE, encoding="utf-8")
        (root / "tests/x.cpp").write_text(SOURCE, encoding="utf-8")
        for text, expected in [(SOUND, None)] + UNSOUND:
            (root / "tests/mutants/x.txt").write_text(text, encoding="utf-8")
            try:
                said = None if read_lists(root)[0].applied_to(SOURCE) == SOURCE.replace("1;", "2;") else "?"
            except wrong_list as problem:
                said = str(problem)
            if (said is None) != (expected is None) or (expected and expected not in said):
                failures.append(f"{text!r}: expected '{expected}', found {said}")
    print("\n".join(failures) or f"mutate: {len(UNSOUND)} broken rules were seen")
    return not failures
