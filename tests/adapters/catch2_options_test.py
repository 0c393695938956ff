"""Compares runs of Catch2 under isolite with those of the plain programs, over many options.

What is compared: the reporter's output, its files, the exit status, and what a listener of the user
was told.
"""

import pathlib
import re
import subprocess
import unittest

from compared_runs import Comparing, masked
from guests_test import run_and_read_diary
from options_test import run_with
from test_program import main, program

# A line for each set of options; "report=" stands for a file.
OF_ALL_VERSIONS = """
--success
--reporter console --success
--reporter compact
--reporter compact --success
--reporter xml
--reporter xml --success
--reporter xml --durations yes
--reporter junit
--reporter junit --success
--reporter console --durations yes
--out=report=
--reporter xml --out=report=
--reporter junit --out=report=
--reporter compact --out=report= --success
--abort
--abort --success
--abort --reporter xml
--abortx 1
--abortx 2
--abortx 3 --reporter junit
--abortx 4
--abortx 5
--abortx 9 --success
--abortx 17 --reporter compact
--abortx 1000
--invisibles
--nothrow
--nothrow [b]
--warn NoAssertions
--warn NoAssertions --reporter xml
--warn NoAssertions --abortx 20
--warn NoTests nonesuch
--order decl
--order lex
--order rand --rng-seed 7
--order rand --rng-seed 11 --reporter xml
--order rand --rng-seed 7 --abortx 6
--rng-seed 3
--use-colour yes
--use-colour yes --success
--filenames-as-tags
--filenames-as-tags [#catch2_guests]~[!benchmark]
--filenames-as-tags --reporter xml [#catch2_guests]~[!benchmark]
--section A sections
--section A --section A1 sections
--section nonesuch sections
--verbosity high
--verbosity quiet
--verbosity high --reporter xml
[a]
[a],[b]
[a][fast]
~[a]
[hid]
[.]~[!benchmark]
[c] --success
passes
*fail*
*fail* --reporter xml
throws*
nonesuch
passes,nonesuch
[k]
[!shouldfail]
[!mayfail]
[!shouldfail] --abort
--list-tests
--list-tests --verbosity high
--list-tags
--list-reporters
--libidentify
--benchmark-samples 3
--wait-for-keypress never
""".split("\n")[1:-1]

OF_VERSION_2 = """
--list-test-names-only
--use-colour no
""".split("\n")[1:-1]

OF_VERSION_3 = """
--reporter tap
--reporter tap --success
--reporter automake
--reporter sonarqube
--reporter teamcity
--reporter json
--reporter json --success
--reporter console --reporter xml::out=report=
--reporter junit --reporter xml::out=report=
--reporter tap --reporter compact::out=report= --success
--shard-count 2 --shard-index 0
--shard-count 3 --shard-index 2
--shard-count 3 --shard-index 1 --order rand --rng-seed 5
--allow-running-no-tests nonesuch
--warn UnmatchedTestSpec passes,nonesuch
--min-duration 100
--skip-benchmarks
--skip-benchmarks [!benchmark] --success
--list-listeners
--list-tests --reporter json
""".split("\n")[1:-1]


def version():
    done = subprocess.run([program("catch2_guests_plain"), "--libidentify"], capture_output=True,
                          text=True, check=False)
    return int(re.search(r"version:\s+(\d)", done.stdout)[1])


# What tests write, which Catch2's reporters for people do not catch: workers' output goes elsewhere.
WRITTEN_BY_TESTS = r"^(to cout|quietly)\n"
CATCHING = {"xml", "junit", "sonarqube", "json", "teamcity"}


class Options(Comparing):
    def test_each_set_of_options(self):
        for line in [*OF_ALL_VERSIONS, *(OF_VERSION_3 if version() == 3 else OF_VERSION_2)]:
            self.check(line.split())

    def check(self, options):
        if "--rng-seed" not in options:
            options = [*options, "--rng-seed", "9"]
        plain, plain_diary = run_and_read_diary(run_with, self.plain, *options)
        for workers in self.workers:
            with self.subTest(options=options, workers=workers):
                run, diary = run_and_read_diary(run_with, self.guests, *options,
                                                f"--workers={workers}")
                for each in (plain, run):
                    each.streams = {name: self.comparable(text, options) for name, text in
                                    [*each.streams.items(), ("output", masked(each.out))]}
                self.check_same(plain, run)
                self.check_text("diary", plain_diary, diary)

    def comparable(self, text, options):
        """The programs have names of their own, and take their time."""
        text = text.replace(self.plain, self.guests)
        text = re.sub(r"^[0-9.]+ s: ", "SECONDS s: ", text, flags=re.M)
        text = re.sub(r"(duration|durationInSeconds)=([\"'])[^\"']*[\"']", r"\1=\2\2", text)
        if CATCHING.isdisjoint(options):
            text = re.sub(WRITTEN_BY_TESTS, "", text, flags=re.M)
        return text


class Plain(Options, unittest.TestCase):
    plain, guests = "catch2_guests_plain", "catch2_guests"
    workers = 1, 2


class WithListener(Options, unittest.TestCase):
    plain, guests = "catch2_listener_plain", "catch2_listener"
    workers = 0, 2

    def test_what_a_listener_prints_is_where_it_is_in_one_process(self):
        for reporter in ("console", "compact", "xml", "junit"):
            options = ["sections,fails,throws", "--reporter", reporter, "--rng-seed", "9"]
            plain = run_with(self.plain, *options, SUBJECT_PRINTS="1")
            self.assertIn("case fails", plain.out)
            for workers in self.workers:
                with self.subTest(reporter=reporter, workers=workers):
                    run = run_with(self.guests, *options, f"--workers={workers}",
                                   SUBJECT_PRINTS="1")
                    self.check_text("output", *(self.comparable(masked(each.out), options)
                                                for each in (plain, run)))


if __name__ == "__main__":
    main()
