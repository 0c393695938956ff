"""Builds the CMake project of docs/one-process-a-case.md as a stranger would, against an installed
isolite, and lets CTest run it: a process for each case.

Arguments: MESON BUILD_DIRECTORY SOURCE_DIRECTORY CMAKE COMMAND_OF_ISOLITE COMPILER [FLAG...]
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

OURS = ("ISOLITE_", "NEXTEST_", "PYTEST_XDIST", "TEST_", "CTEST_RESOURCE", "GTEST_")

CASES = {
    "orders_gtest": ["Orders.AreNoneAtFirst", "Orders.AreStored", "Products/OrdersOf.AreStored/0",
                     "Products/OrdersOf.AreStored/1"],
    "orders_doctest": ["an order is stored", "an order of any type<int>",
                       "an order of any type<long int>", "orders: first none, then one [or two]"],
    "orders_catch2": ["an order is stored", "an order of any type - int",
                      "an order of any type - std::int64_t",
                      "orders: first none, then one [or two]"],
}


def run(*command, **variables):
    """Runs a command; shows what it says, and ends, if it fails."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    done = subprocess.run(command, env={**kept, **variables}, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: {done.returncode}\n{done.stdout}")
    return done.stdout


def install(meson, build, root):
    """Installs isolite below `root`. Returns its prefix there."""
    run(meson, "install", "-C", build, "--no-rebuild", "--quiet", "--destdir", root)
    headers, = root.rglob("include/isolite")
    return headers.parents[1]


def check(report, programs):
    """Checks that the run had each case once, each in a process of its own that had a slot."""
    expected = sorted((program, case) for program in programs for case in CASES[program])
    columns = report["cases"]["columns"]
    cases = [dict(zip(columns, row)) for row in report["cases"]["rows"]]
    # Compilers differ in what they call a type.
    ran = sorted((report["processes"][case["process"]]["program"],
                  case["test"].replace("<long>", "<long int>")) for case in cases)
    assert ran == expected, ran
    assert {case["verdict"] for case in cases} == {"passed"}, cases
    assert len({case["process"] for case in cases}) == len(cases), cases
    # A slot that just became free is given to the next process, before others are.
    assert {each["worker"] for each in report["processes"]} <= {"w0", "w1"}, report["processes"]
    return len(cases)


def main():
    meson, build, source, cmake, isolite, compiler, *flags = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        scratch = pathlib.Path(folder).resolve()
        prefix = install(meson, build, scratch / "root")
        built, cache = scratch / "built", str(scratch / "cache")
        variables = {"ISOLITE_CACHE": cache, "CXX": compiler}
        run(cmake, "-G", "Ninja", "-S", f"{source}/docs/examples/one_process", "-B", built,
            f"-DCMAKE_PREFIX_PATH={prefix}", "-DCMAKE_CXX_FLAGS=" + " ".join(flags), **variables)
        run(cmake, "--build", built, "--parallel", "2", **variables)
        said = run(pathlib.Path(cmake).with_name("ctest"), "--test-dir", built, "-j2", **variables)
        programs = [name for name in CASES if (built / name).exists()]
        report = json.loads(run(isolite, "report", "--json", **variables))
        number = check(report, programs)
        assert f"100% tests passed, 0 tests failed out of {number}\n" in said, said
        assert [run.name for run in pathlib.Path(cache).glob("*/runs/*")] == [report["run"]["id"]]
        assert report["run"]["id"].startswith("ctest-"), report["run"]
    print(f"{number} cases of {len(programs)} programs, each in a process of its own")


if __name__ == "__main__":
    main()
