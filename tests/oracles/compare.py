#!/usr/bin/env python3
"""Compares what the oracles said on SQLite's own VFS and in a way that has the store in it.

usage: compare.py RESULTS WAY KNOWN...

RESULTS has the folders stock/ORACLE and WAY/ORACLE with one NAME.log for each program that ran,
its last line "exit STATUS". KNOWN are lists of known differences. Prints what is not known, which
known ones did not occur, and "N passed, N failed, N skipped": a result that is the same in both
ways has passed, one that differs as a list says is skipped. Exits 1 if one has failed.
"""

import collections
import fnmatch
import pathlib
import re
import sys

ENDS_BY_ITSELF = range(0, 124)  # 124 is the status of `timeout`, the higher ones are signals


def tcl_results(lines):
    """A test begins with "NAME..." and has passed if " Ok" comes before the next one begins."""
    name, passed, failed = None, False, False
    for line in lines + ["end..."]:
        started = re.match(r"^([^\s!][^!]*?)\.\.\.(.*)$", line)
        if started and not line.startswith("Error: "):
            if passed or failed:
                yield name, "passed" if passed and not failed else "failed"
            name, passed, failed, line = started[1], False, False, started[2]
        passed = passed or line.endswith(" Ok")
        failed = failed or line.startswith(("! ", "Error: "))


def without_what_never_repeats(line):
    line = re.sub(r"\d\d:\d\d:\d\d(\.\d+)?", "TIME", line)
    line = re.sub(r"24[56]\d{4}\.\d+", "DAY", line)
    line = re.sub(r"/\S*/fuzz\.db", "fuzz.db", line)
    line = re.sub(r"1[789]\d{8}", "SECONDS", line)  # since 1970
    return re.sub(r"vtab:[0-9A-F]+", "vtab", line)


# What these say last of a damaged database depends on memory that nobody has set, and changes from
# run to run on SQLite's own VFS.
CHECK = re.compile(r"^(quick|integrity)_check = TEXT \[database disk image is malformed\]$")


def fuzzcheck_results(lines):
    """Everything that a case printed is its result."""
    name, said = None, []
    for line in lines + ["sqlid=end"]:
        if re.match(r"^sqlid=\S+$", line):
            if name:
                yield name, "\n".join(said)
            name, said = line, []
        elif not line.startswith(("-----", "Peak memory", "fuzzcheck: ", "SQLite ", "exit ")):
            if not CHECK.match(line):
                said.append(without_what_never_repeats(line))


def threadtest3_results(lines):
    """A test begins with "Running NAME for N seconds..." and has failed if it prints an error."""
    name, result = None, "passed"
    for line in lines + ["Running end for"]:
        started = re.match(r"^Running (\w+) for", line)
        if started:
            if name:
                yield name, result
            name, result = started[1], "passed"
        elif line.startswith("Error: "):
            result = line


def speedtest1_results(lines):
    """A test is " NUMBER - NAME....   SECONDS"; its time is no result, the hash of all rows is."""
    for line in lines:
        test = re.match(r"^ *(\d+) - (.*?)\.* +[\d.]+s$", line)
        if test:
            yield test[1], "done"
        elif line.startswith("Verification Hash: "):
            yield "hash", line


RESULTS_OF = {
    "tcl": tcl_results,
    "fuzzcheck": fuzzcheck_results,
    "threadtest3": threadtest3_results,
    "speedtest1": speedtest1_results,
}


def read(folder):
    """Returns {(oracle, program): {test: [result...]}} of one run; how a program ended is a test."""
    found = {}
    for log in sorted(folder.glob("*/*.log")):
        oracle = log.parent.name
        lines = log.read_text(errors="replace").splitlines()
        status = int(lines[-1].split()[1]) if lines and lines[-1].startswith("exit ") else 255
        results = collections.defaultdict(list)
        for test, result in RESULTS_OF[oracle](lines):
            results[test].append(result)
        if status not in ENDS_BY_ITSELF:
            results["the end"] = [f"exit {status}"]
        found[oracle, log.stem] = results
    return found


def words(results):
    if not results:
        return "not run"
    return ", ".join(f"{count} {result}" if count > 1 else result.split("\n")[0]
                     for result, count in collections.Counter(results).items())[:100]


def read_known(path):
    """Returns [(pattern, reason)]. A reason that begins with "at times" need not occur. A line is "PATTERN -- REASON", the pattern a shell's."""
    known = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line and not line.startswith("#"):
            pattern, dashes, reason = line.partition(" -- ")
            if not dashes or not reason.strip():
                sys.exit(f"{path}:{number}: is not PATTERN -- REASON")
            known.append((pattern.strip(), reason.strip()))
    return known


def are_same(oracle, here, there):
    """fuzzcheck runs several times, because some of its cases change from run to run on both."""
    if oracle == "fuzzcheck":
        return bool(set(here) & set(there))
    return sorted(here) == sorted(there)


def explains(pattern, name):
    """A program that was killed is only explained by a line that says so."""
    killed = "/the end"
    return fnmatch.fnmatchcase(name, pattern) and (
        pattern.endswith(killed) or not name.endswith(killed)
    )


def main():
    if len(sys.argv) < 4 or sys.argv[1] in ("-h", "--help"):
        print(__doc__, end="")
        sys.exit(0 if len(sys.argv) == 2 else 2)
    folder, way, lists = pathlib.Path(sys.argv[1]), sys.argv[2], map(pathlib.Path, sys.argv[3:])
    known = [line for each in lists for line in read_known(each)]
    stock, store = read(folder / "stock"), read(folder / way)
    same, unexplained, occurred = 0, [], collections.Counter()
    totals = collections.defaultdict(collections.Counter)
    for key in sorted(set(stock) | set(store)):
        oracle, program = key
        here, there = stock.get(key, {}), store.get(key, {})
        for test in sorted(set(here) | set(there)):
            totals[oracle]["tests"] += 1
            if are_same(oracle, here.get(test, []), there.get(test, [])):
                same += 1
                continue
            name = f"{oracle}/{program}/{test}"
            reasons = [pattern for pattern, _ in known if explains(pattern, name)]
            occurred.update(reasons[:1])
            totals[oracle]["known" if reasons else "unexplained"] += 1
            if not reasons:
                unexplained.append(
                    f"{name}: SQLite's own VFS: {words(here.get(test))}; "
                    f"{way}: {words(there.get(test))}"
                )
    for line in unexplained:
        print(line)
    ran = {f"{oracle}/{program}/" for oracle, program in stock}
    for pattern, reason in known:
        programs = "/".join(pattern.split("/")[:2]) + "/"
        if reason.startswith("at times"):
            continue
        if not occurred[pattern] and any(fnmatch.fnmatchcase(each, programs) for each in ran):
            print(f"no longer differs: {pattern} -- {reason}")
    for oracle, counts in totals.items():
        programs = sum(key[0] == oracle for key in stock)
        print(
            f"{oracle}: {programs} logs, {counts['tests']} tests, {counts['known']} differ as "
            f"known, {counts['unexplained']} differ otherwise"
        )
    print(f"{same} passed, {len(unexplained)} failed, {sum(occurred.values())} skipped")
    sys.exit(1 if unexplained else 0)


main()
