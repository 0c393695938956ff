"""Runs the worker probe under real test runners and checks which workers it was.

Arguments: PROBE MESON [CTEST]. The probes of one wave wait for each other, so that four of them
are certainly alive at once.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

PROCESSES = 4
TESTS = 12


def clean_environment(**variables):
    """Returns the environment without what an outer run may have set."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ISOLITE_", "NEXTEST_", "PYTEST_XDIST", "TEST_", "CTEST_RESOURCE"))
    }
    return {**kept, **variables}


def write_meson_project(root, probe, meeting):
    lines = ["project('scratch')", f"probe = find_program('{probe}')"]
    for number in range(TESTS):
        lines.append(
            f"test('t{number}', probe, args: ['--meet', '{meeting}', '{PROCESSES}'])"
        )
    (root / "meson.build").write_text("\n".join(lines) + "\n")


def write_cmake_project(root, probe, meeting):
    lines = ["cmake_minimum_required(VERSION 3.16)", "project(scratch NONE)", "enable_testing()"]
    for number in range(TESTS):
        lines.append(
            f"add_test(NAME t{number} COMMAND {probe} --meet {meeting} {PROCESSES})"
        )
    (root / "CMakeLists.txt").write_text("\n".join(lines) + "\n")


def workers_in(meeting):
    """Returns what the probes told and forgets it, oldest first."""
    workers = []
    for path in meeting.glob("*.worker"):
        name, *words = path.read_text().split()
        workers.append({"name": name, **dict(word.split("=") for word in words)})
        path.unlink()
    return sorted(workers, key=lambda worker: int(worker["time"]))


def check(name, command, meeting, run_prefix, environment):
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, f"{name}: {done.stdout}{done.stderr}"
    workers = workers_in(meeting)
    assert len(workers) == TESTS, f"{name}: {len(workers)} workers"
    assert len({worker["run"] for worker in workers}) == 1, f"{name}: several runs: {workers}"
    assert workers[0]["run"].startswith(run_prefix), f"{name}: {workers[0]['run']}"
    for first in range(0, TESTS, PROCESSES):
        wave = workers[first:first + PROCESSES]
        names = sorted(worker["name"] for worker in wave)
        assert names == [f"w{slot}" for slot in range(PROCESSES)], f"{name}: {names}"
        assert all(worker["name"] == "w" + worker["slot"] for worker in wave), f"{name}: {wave}"
    left = sorted(os.listdir(environment["ISOLITE_RUNTIME_DIR"]))
    assert left == ["guard"], f"{name}: left {left}"
    print(f"ok: {name}, run {workers[0]['run']}")
    return workers[0]["run"]


def check_meson(root, probe, meson):
    meeting = root / "meeting"
    meeting.mkdir()
    write_meson_project(root, probe, meeting)
    locks = root / "locks"
    environment = clean_environment(ISOLITE_RUNTIME_DIR=str(locks), MESON_TESTTHREADS="4")
    build = str(root / "build")
    subprocess.run([meson, "setup", build, str(root)], check=True, env=environment,
                   stdout=subprocess.DEVNULL)
    command = [meson, "test", "-C", build, "--num-processes", str(PROCESSES)]
    runs = {
        check("meson test", command, meeting, "meson-", environment),
        check("meson test again", command, meeting, "meson-", environment),
        check("meson test below a shell", ["sh", "-c", " ".join(command) + "; exit $?"], meeting,
              "meson-", environment),
        check("ninja test", ["ninja", "-C", build, "test"], meeting, "meson-", environment),
        check("meson test with wrapped tests", command + ["--wrap", "env A=b"], meeting, "meson-",
              environment),
        check("meson test that an outer runner started", command, meeting, "meson-",
              {**environment, "TEST_PARALLEL_INDEX": "7"}),
    }
    assert len(runs) == 6, f"run ids are used again: {runs}"
    check("meson test with a run id", command, meeting, "nightly",
          {**environment, "ISOLITE_RUN_ID": "nightly"})
    module = subprocess.run(["/usr/bin/python3", "-c", "import mesonbuild.mesonmain"],
                            capture_output=True, check=False)
    if module.returncode == 0:
        check("the module of meson", ["/usr/bin/python3", "-m", "mesonbuild.mesonmain"] +
              command[1:], meeting, "meson-", environment)


def check_ctest(root, probe, ctest):
    meeting = root / "meeting"
    meeting.mkdir()
    write_cmake_project(root, probe, meeting)
    environment = clean_environment(ISOLITE_RUNTIME_DIR=str(root / "locks"))
    build = str(root / "build")
    subprocess.run(["cmake", "-G", "Ninja", "-S", str(root), "-B", build], check=True, env=environment,
                   stdout=subprocess.DEVNULL)
    check("ctest", [ctest, "--test-dir", build, "-j", str(PROCESSES)], meeting, "ctest-",
          environment)


def check_xargs(root, probe):
    """Any launcher will do, as long as it sets a run id."""
    meeting = root / "meeting"
    meeting.mkdir()
    environment = clean_environment(ISOLITE_RUNTIME_DIR=str(root / "locks"), ISOLITE_RUN_ID="x")
    command = f"seq {TESTS} | xargs -P {PROCESSES} -I '{{}}' {probe} --meet {meeting} {PROCESSES}"
    check("xargs -P", ["sh", "-c", command], meeting, "x", environment)


def main():
    probe, meson = os.path.abspath(sys.argv[1]), sys.argv[2]
    with tempfile.TemporaryDirectory(prefix="isolite-test-") as name:
        root = pathlib.Path(name)
        for part in ("meson", "ctest", "xargs"):
            (root / part).mkdir()
        check_meson(root / "meson", probe, meson)
        check_xargs(root / "xargs", probe)
        if len(sys.argv) > 3:
            check_ctest(root / "ctest", probe, sys.argv[3])


if __name__ == "__main__":
    main()
