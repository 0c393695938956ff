"""Builds a copy of the tree with each mutant and runs tests until one is red."""

import fnmatch
import hashlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time

from lists import wrong_list

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
WORK = ROOT / "build-mutants"
TREE = WORK / "tree"
BUILD = TREE / "build"

# What looks at something else than the library's isolation.
NOT_CONCERNED = {"style", "install", "docs", "report", "cli", "verify", "text", "os"}
# Floors whose tests notice what is wrong in another one: the suites to begin with.
SUITES_OF = {
    "src/store": ["store", "sandbox"],
    "src/sandbox": ["sandbox", "isolation"],
    "src/seed": ["seed", "sandbox"],
    "src/files": ["files", "sandbox"],
    "src/run": ["run", "suites"],
    "src/suites": ["suites", "results"],
}

def say(text):
    print(text, flush=True)


def logged(command, **more):
    """Runs a command whose output only matters if it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)
    return "" if done.returncode == 0 else done.stdout[-6000:] or "it failed without a word"


def copy_tree():
    """Makes the copy as the tree is. What has not changed keeps its time, so that it is not built.

    Returns what tells the library from another one, by "src", and the tests of a folder, by that.
    """
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True,
    ).stdout
    names = {name for name in listed.split("\0") if name and (ROOT / name).is_file()}
    for path in [path for path in TREE.rglob("*") if path.is_file()]:
        name = path.relative_to(TREE).as_posix()
        if not name.startswith("build/") and name not in names:
            path.unlink()
    digests = {}
    for name in sorted(names):
        bytes_now = (ROOT / name).read_bytes()
        if name.startswith(("src/", "include/", "tests/")):
            part = "/".join(name.split("/")[:2]) if name.startswith("tests/") else "src"
            digests.setdefault(part, hashlib.sha256()).update(name.encode() + b"\0" + bytes_now)
        copy = TREE / name
        if not copy.is_file() or copy.read_bytes() != bytes_now:
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy)
    return {part: digest.hexdigest()[:16] for part, digest in digests.items()}


def set_up():
    """Makes the build directory, or brings it to what the tree is now."""
    if (BUILD / "build.ninja").exists():
        if failed := logged(["ninja", "-C", BUILD, "build.ninja"]):
            raise wrong_list("the tree cannot be set up:\n" + failed)
        return
    options = ["-Doptimization=1", "-Ddebug=false", "-Dtests=true"]
    options += ["-Dbuilt_once=true", "-Dopen_library=true"]
    compiler = os.environ.get("CXX") or ("ccache g++" if shutil.which("ccache") else "g++")
    failed = logged(["meson", "setup", BUILD, TREE] + options, env={**os.environ, "CXX": compiler})
    if failed:
        raise wrong_list("the tree cannot be set up:\n" + failed)


def introspected(what):
    command = ["meson", "introspect", f"--{what}", BUILD]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def concerned(patterns):
    """Returns what Meson knows of the tests that are concerned, and the files that they need."""
    tests = [
        each for each in introspected("tests")
        if not {suite.split(":")[-1] for suite in each["suite"]} & NOT_CONCERNED
        and any(fnmatch.fnmatch(each["name"], pattern) for pattern in patterns)
    ]
    needed = {target for each in tests for target in each["depends"]}
    files = [
        os.path.relpath(file, BUILD)
        for target in introspected("targets") if target["id"] in needed
        for file in target["filename"]
    ]
    return tests, files


def build(files, quiet=True):
    """Returns what the compiler says against it, or ""."""
    command = ["ninja", "-C", BUILD, *files]
    if quiet:
        return logged(command)
    return "" if subprocess.run(command).returncode == 0 else "see above"


class test:
    """A test program as Meson runs it, in a session and directories of its own."""

    def __init__(self, about):
        self.name, self.command = about["name"], about["cmd"]
        self.workdir = about["workdir"] or BUILD
        self.variables = about["env"]
        self.suites = {suite.split(":")[-1] for suite in about["suite"]}
        self.seconds = 0
        self.meson_limit = about["timeout"]

    def start(self, limit=None):
        self.scratch = pathlib.Path(tempfile.mkdtemp(dir=WORK / "scratch"))
        self.scratch.chmod(0o755)
        for folder, rights in (("tmp", 0o1777), ("cache", 0o700)):
            (self.scratch / folder).mkdir()
            (self.scratch / folder).chmod(rights)  # some tests let other users write there
        variables = {**os.environ, "TMPDIR": str(self.scratch / "tmp"), "MALLOC_PERTURB_": "90"}
        variables.pop("XDG_RUNTIME_DIR", None)
        variables.update({"ISOLITE_CACHE": str(self.scratch / "cache"), **self.variables})
        self.output = open(self.scratch / "output", "w+", encoding="utf-8", errors="replace")
        self.limit = limit or max(20, 10 * self.seconds)
        self.begun = time.monotonic()
        self.process = subprocess.Popen(
            self.command, cwd=self.workdir, env=variables, stdin=subprocess.DEVNULL,
            stdout=self.output, stderr=subprocess.STDOUT, start_new_session=True,
        )

    def result(self):
        """Returns None while it runs, "" when it was green, else why it is red."""
        status = self.process.poll()
        late = time.monotonic() - self.begun > self.limit
        if status is None and not late:
            return None
        self.stop()
        if status is None:
            return "hangs"
        return "" if status in (0, 77) else "fails"

    def stop(self):
        """Ends all that it started and keeps what it printed."""
        subprocess.run(["pkill", "-KILL", "-s", str(self.process.pid)], check=False)
        self.process.kill()
        self.process.wait()
        self.took = time.monotonic() - self.begun
        self.output.seek(0)
        self.text = self.output.read()
        self.output.close()
        shutil.rmtree(self.scratch, ignore_errors=True)


def first_red(tests, jobs):
    """Runs tests until one is red, and red again when nothing runs beside it: else it has only met
    something else on the machine. Returns it and why, or None.
    """
    waiting, running = list(tests), []
    red = None
    while (waiting or running) and not red:
        while waiting and len(running) < jobs:
            running.append(waiting.pop(0))
            running[-1].start()
        time.sleep(0.01)
        for each in list(running):
            became = each.result()
            if became is not None:
                running.remove(each)
            if became and not red:
                red = (each, became)
    for each in running:
        each.stop()
    if red and red[1] == "fails":
        again = red[0]
        again.start()
        while (became := again.result()) is None:
            time.sleep(0.01)
        return (again, became) if became else first_red(running + waiting, jobs)
    return red


def place_in(text):
    """Returns what a framework calls the first case that failed, if it says so."""
    for pattern in (r"TEST CASE:\s+(.*)", r'error: in "([^"]*)"', r"^(?:FAIL|ERROR): (\w+)", r"\[  FAILED  \] (\S+)"):
        found = re.search(pattern, text, flags=re.M)
        if found:
            return found[1].strip()
    return ""


def measured(about, digests, jobs):
    """Returns the tests with their durations; they are run unless that is known."""
    known = read_json("durations.json")
    tests, unknown = [test(each) for each in about], []
    for each in tests:
        folder = re.search(r"tests/\w+", " ".join(each.command))
        each.state = [digests["src"], digests.get(folder[0] if folder else "", "")]
        state, each.seconds = known.get(each.name, [None, 0])
        unknown += [each] if state != each.state else []
    if unknown:
        say(f"mutate: running {len(unknown)} tests without a mutant")
    waiting, running, red = sorted(unknown, key=lambda each: -each.meson_limit), [], []
    while waiting or running:
        while waiting and len(running) < jobs:
            running.append(waiting.pop(0))
            running[-1].start(limit=3 * running[-1].meson_limit)
        time.sleep(0.02)
        for each in list(running):
            became = each.result()
            if became is not None:
                running.remove(each)
            if became == "":
                known[each.name] = [each.state, each.took]
                each.seconds = each.took
                write_json("durations.json", known)
            elif became:
                red.append(each.name)
                log = f"logs/without a mutant, {each.name}.log"
                (WORK / log).write_text(each.text, encoding="utf-8")
    if red:
        raise wrong_list("red without a mutant, see build-mutants/logs: " + ", ".join(red))
    return tests


def read_json(name):
    path = WORK / name
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def write_json(name, value):
    (WORK / name).write_text(json.dumps(value, indent=1), encoding="utf-8")


def order_for(each, tests, noticed):
    floor = "/".join(each.file.split("/")[:2])
    first = SUITES_OF.get(floor, [floor.split("/")[1]])

    def key(test):
        ranks = [first.index(suite) for suite in test.suites if suite in first]
        return (test.name != noticed.get(each.name), min(ranks, default=len(first)), test.seconds)

    return sorted(tests, key=key)


def tried(each, tests, files, noticed, jobs):
    """Returns what became of a mutant, the test that noticed it and the name of the case."""
    path = TREE / each.file
    text = path.read_text(encoding="utf-8")
    try:
        path.write_text(each.applied_to(text), encoding="utf-8")
        failed = build(files)
        if failed:
            (WORK / f"logs/{each.name}.log").write_text(failed, encoding="utf-8")
            return "does not compile", "", ""
        red = first_red(order_for(each, tests, noticed), jobs)
    finally:
        path.write_text(text, encoding="utf-8")
    if not red:
        return "survived", "", ""
    (WORK / f"logs/{each.name}.log").write_text(red[0].text, encoding="utf-8")
    return ("hung" if red[1] == "hangs" else "noticed"), red[0].name, place_in(red[0].text)


def write_table(rows):
    lines = ["| mutant | breaks | noticed by | seconds |", "| --- | --- | --- | --- |"]
    for each, became, name, case, seconds in rows:
        by = became + (f": {each.survives}" if each.survives else "")
        if name:
            by = (name + (f": {case}" if case else "")).replace("|", "\\|")
            by += " (hangs)" if became == "hung" else ""
        lines.append(f"| {each.name} | {each.breaks} | {by} | {seconds:.0f} |")
    (WORK / "table.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def score(rows, seconds):
    """Prints the last line. Returns whether all is as the lists say."""
    count = lambda *which: sum(became in which for _, became, *_ in rows)
    excused = sum(became == "survived" and bool(each.survives) for each, became, *_ in rows)
    wrongly = [each.name for each, became, *_ in rows if each.survives and became != "survived"]
    found = count("noticed", "hung")
    say(
        f"{len(rows)} mutants: {found} noticed ({100 * found / max(1, len(rows)):.1f} %), "
        f"{count('hung')} of them by a hang; {count('survived') - excused} survived, {excused} with a "
        f"reason; {count('does not compile')} did not compile; {seconds / 60:.0f} minutes"
    )
    for name in wrongly:
        say(f"mutate: {name} is noticed: take its 'survives: ' off the list")
    return count("survived") == excused and not count("does not compile") and not wrongly


def run(chosen, jobs, patterns):
    begun = time.monotonic()
    for ignored in (signal.SIGINT, signal.SIGQUIT):  # by a shell's &, and so by all tests
        signal.signal(ignored, signal.SIG_DFL)
    for folder in (TREE, WORK / "logs", WORK / "scratch"):
        folder.mkdir(parents=True, exist_ok=True)
    digests = copy_tree()
    set_up()
    about, files = concerned(patterns)
    say(f"mutate: building {len(files)} files in {BUILD}")
    if failed := build(files, quiet=False):
        raise wrong_list("the tree does not build: " + failed)
    tests = measured(about, digests, jobs)
    noticed = read_json("noticed.json")
    rows = []
    for each in chosen:
        start = time.monotonic()
        became, name, case = tried(each, tests, files, noticed, jobs)
        seconds = time.monotonic() - start
        rows.append((each, became, name, case, seconds))
        by = f" by '{name}'" + (f", {case}," if case else "") if name else ""
        say(f"{became:>8} {each.name}{by} in {seconds:.0f} s")
        if name:
            noticed[each.name] = name
            write_json("noticed.json", noticed)
        write_table(rows)
    return score(rows, time.monotonic() - begun)
