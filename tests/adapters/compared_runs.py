"""Runs test programs in one process and in forked workers, and compares what the frameworks wrote."""

import difflib
import pathlib
import re
import tempfile

from test_program import Run, program

# What differs from run to run, and what stands for it.
MASKS = [
    (r"<TestingTime>\d+</TestingTime>", "<TestingTime/>"),
    (r"; testing time: \d+(?:us|ms|s)", ""),
    (r' time="[0-9.e+-]+"', ' time=""'),
    (r' duration="[0-9.e+-]+"', ' duration=""'),
    (r' timestamp="[^"]*"', ' timestamp=""'),
    (r"^[0-9.]+ s: ", "SECONDS s: "),
    (r"\(in [0-9.]+ s(?:econds)?\)", "(in SECONDS)"),
    (r"limit by [0-9.]+", "limit by SECONDS"),
    (r"\b0x[0-9a-f]+\b", "ADDRESS"),
]


def masked(text):
    for pattern, instead in MASKS:
        text = re.sub(pattern, instead, text, flags=re.M)
    return text


class Written:
    """What a run wrote, as the framework's streams by name, and its exit status."""

    def __init__(self, run, streams, traced):
        self.status, self.err, self.out = run.status, run.err, run.out
        self.streams = {name: masked(text) for name, text in streams.items()}
        self.traced = sorted(traced.splitlines())


def written(arguments, files, variables, after=()):
    """Runs a program; `files` are the arguments that name a file, by the names of the streams."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: pathlib.Path(folder, name) for name in [*files, "trace"]}
        run = Run(*arguments, *(argument + str(paths[name]) for name, argument in files.items()),
                  *after, SUBJECT_TRACE=str(paths["trace"]), **variables)
        texts = {name: path.read_text(encoding="utf-8") if path.exists() else ""
                 for name, path in paths.items()}
        return Written(run, {**{name: texts[name].replace(folder, "FOLDER") for name in files}},
                       texts["trace"])


def boost_run(name, *arguments, after=(), **variables):
    """Runs a Boost.Test program with its log and its report in files; `after` comes last."""
    return written([program(name), "--color_output=no", *arguments],
                   {"log": "--log_sink=", "report": "--report_sink="}, variables, after)


def doctest_run(name, *arguments, **variables):
    """Runs a doctest program with its report in a file."""
    return written([program(name), *arguments], {"report": "--out="}, variables)


def ways_of_workers(seeds=(1, 2, 3)):
    """Returns options by which the same cases come to other workers in another order."""
    return [*([f"--workers={count}"] for count in (1, 2, 4)),
            *(["--workers=2", f"--shuffle={seed}"] for seed in seeds)]


class Comparing:
    """What compares a serial run with runs in workers. Mixed into a test case."""

    def check_same(self, serial, other):
        self.assertEqual(other.status, serial.status, other.err)
        for name, text in serial.streams.items():
            self.check_text(name, text, other.streams[name])

    def check_text(self, name, serial, other):
        difference = list(difflib.unified_diff(serial.splitlines(), other.splitlines(),
                                               "one process", "workers", lineterm="", n=2))
        if difference:
            self.fail(f"the {name} differs:\n" + "\n".join(difference[:60]))

    def compare(self, run, *arguments, ways=None, **variables):
        """Runs a program serially and in all ways, and returns the serial run."""
        serial = run(*arguments, **variables)
        for way in ways_of_workers() if ways is None else ways:
            with self.subTest(way=way, arguments=arguments[1:], **variables):
                self.check_same(serial, run(*arguments, *way, **variables))
        return serial
