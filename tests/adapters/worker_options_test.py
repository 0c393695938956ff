"""Gives the frameworks' own options to programs whose cases run in forked workers: they mean what
they mean in one process."""

import re
import unittest

from compared_runs import Comparing, boost_run, doctest_run, masked
from test_program import Run, main, program

BOOST = "boost_test_verdicts"
DOCTEST = "doctest_verdicts"
PRINTED = "to the standard output\n"
WAYS = [["--workers=1"], ["--workers=3"]]


class BoostTestOptions(Comparing, unittest.TestCase):
    def compare_runs(self, *arguments, **variables):
        return self.compare(boost_run, BOOST, "--log_level=all", "--report_level=detailed",
                            *arguments, ways=WAYS, **variables)

    def test_a_filter_chooses_the_same_cases(self):
        for filters in (["assertions"], ["assertions/passes"], ["assertions/passes,warns"],
                        ["assertions/*at_once"], ["*/first"], ["decorated/off/enabled"],
                        ["many/of_data/_1"], ["many/of_types*"], ["outer/*/größe"],
                        ["@odd"], ["@slow", "assertions/passes"],
                        ["!assertions"], ["!@odd"], ["!assertions/*", "!exceptions"],
                        ["assertions", "!assertions/passes"],
                        ["+decorated/disabled"], ["+incomplete/second"],
                        ["dependent/on_a_chain"], ["dependent/on_two"],
                        ["dependent/on_a_suite"], ["dependent/as_a_suite_in_vain"],
                        ["suite_that_throws"], ["suite_that_fails/first"]):
            serial = self.compare_runs(*("--run_test=" + one for one in filters))
            self.assertIn("Entering test suite", serial.streams["log"], filters)

    def test_a_filter_that_chooses_nothing_ends_the_run_alike(self):
        for chosen in ("nowhere", "decorated/disabled", "assertions/nothing"):
            self.compare_runs("--run_test=" + chosen)

    def test_the_order_of_a_seed_is_the_same(self):
        logs = set()
        for seed in (2, 3, 77, 65535):
            logs.add(self.compare_runs(f"--random={seed}").streams["log"])
        self.assertEqual(len(logs), 4)

    def test_a_random_order_names_its_seed(self):
        log = boost_run(BOOST, "--random", "--log_level=all", "--workers=2").streams["log"]
        seed = log.split("shuffled using seed: ")[1].split()[0]
        self.compare(boost_run, BOOST, "--log_level=all", "--random=" + seed, ways=WAYS)

    def test_the_streams_are_those_that_were_chosen(self):
        for arguments in (["--log_format=XML", "--log_level=all", "--log_sink=stdout"],
                          ["--report_format=XML", "--report_level=short", "--report_sink=stdout"],
                          ["--logger=HRF,all,stdout:XML,nothing,stdout"],
                          ["--output_format=XML", "--log_level=all", "--report_sink=stdout"]):
            self.compare_output(boost_main(BOOST), *arguments)

    def test_colours_and_progress_are_shown_alike(self):
        for arguments in (["--color_output=yes", "--log_level=all"],
                          ["--color_output=no", "--show_progress"],
                          ["--show_progress=yes", "--log_level=nothing"]):
            self.compare_output(boost_main(BOOST), *arguments)

    def test_the_status_is_0_when_none_is_wanted(self):
        for arguments in (["--result_code=no"],
                          ["--result_code=no", "--run_test=suite_that_throws"]):
            self.assertEqual(self.compare_runs(*arguments).status, 0)

    def test_what_runs_nothing_says_the_same(self):
        for arguments in (["--list_content"], ["--list_content=DOT"], ["--list_labels"],
                          ["--version"], ["--help"], ["--help=log_level"], ["--usage"],
                          ["--no_such_option"], ["--log_level=wrong"]):
            self.compare_output(boost_main(BOOST), *arguments)

    def compare_output(self, arguments, *more):
        self.assertTrue(compare_output(self, arguments, *more))

    def test_the_stock_main_forks_by_the_variable_and_behind_two_dashes(self):
        name = "boost_test_subject"
        options = ["--log_level=all", "--report_level=detailed",
                   # Workers tell the framework of its leak.
                   "--run_test=!decorated/is_expected_to_leak"]
        serial = boost_run(name, *options)
        for arguments, variables in ((["--", "--workers=2"], {}), ([], {"ISOLITE_WORKERS": "2"})):
            # The files are named before the two dashes.
            with self.subTest(arguments=arguments, **variables):
                forked = boost_run(name, *options, after=arguments, **variables)
                self.check_same(serial, forked)
                self.assertIn("by 2 workers", forked.err)

    def test_the_shards_are_the_suite_with_workers_too(self):
        everything = boost_run(BOOST, "--log_level=test_suite")
        ran = []
        for index in range(3):
            shard = self.compare_runs(ISOLITE_SHARD_INDEX=str(index), ISOLITE_TOTAL_SHARDS="3")
            ran += entered(shard)
        self.assertEqual(sorted(ran), sorted(entered(everything)))


def boost_main(name):
    return [program(name)]


def entered(run):
    """Returns the places of the cases that a log says were entered."""
    return [line.split(": ")[0] + line.rpartition('case "')[2]
            for line in run.streams["log"].splitlines() if "Entering test case" in line]


def without_isolite(text):
    """Returns what the framework wrote to a stream that isolite writes to as well."""
    kept, ours = [], False
    for line in text.splitlines():
        colour, rest = re.match("((?:\x1b\\[[0-9;]*m)*)(.*)", line).groups()
        ours = rest.startswith("isolite: ") or (ours and line.startswith("  "))
        kept.append(colour if ours else line)
    return "\n".join(line for line in kept if line)


def compare_output(test, command, *arguments):
    """Compares the standard streams, where the framework writes to them."""
    serial = Run(*command, *arguments)
    for way in WAYS:
        with test.subTest(way=way, arguments=arguments):
            forked = Run(*command, *arguments, *way)
            test.assertEqual(forked.status, serial.status, forked.err)
            # Workers keep what cases print, and show it for those that fail.
            test.check_text("standard output", masked(serial.out).replace(PRINTED, ""),
                            masked(forked.out))
            test.check_text("standard error", without_isolite(masked(serial.err)),
                            without_isolite(masked(forked.err)))
    return serial.out + serial.err


class DoctestOptions(Comparing, unittest.TestCase):
    def compare_runs(self, *arguments, **variables):
        return self.compare(doctest_run, DOCTEST, "-r=xml", "-s", *arguments, ways=WAYS,
                            **variables)

    def test_a_filter_chooses_the_same_cases(self):
        for filters in (["-tc=passes"], ["-tc=*session*"], ["-tc=*a*,*b*"], ["-tce=*a*"],
                        ["-ts=subcases"], ["-ts=*data"], ["-tse=subcases,exceptions"],
                        ["-sf=*verdicts.cpp"], ["-sf=*nothing*"], ["-sfe=*verdicts.cpp"],
                        ["-ts=subcases", "-sc=one"], ["-sc=a*"], ["-sce=a*"],
                        ["-sce=*one*,by*"],
                        ["-cs", "-tc=PASSES"], ["-tc=PASSES"], ["--no-skip"],
                        ["--no-skip", "-ts=decorated*"], ["-tc=größe*"],
                        ["-ts=größe*"], ["-f=3"], ["-l=7"], ["-f=5", "-l=9"], ["-f=900"],
                        ["-ts=subcases", "-f=2", "-l=4"]):
            self.compare_runs(*filters)

    def test_an_order_is_the_same(self):
        reports = set()
        for order in (["-ob=file"], ["-ob=suite"], ["-ob=name"], ["-ob=none"],
                      *(["-ob=rand", f"-rs={seed}"] for seed in (1, 2, 77))):
            # How often a suite is entered depends on the order: in workers its cases stay together.
            reports.add(self.compare_runs(*order, "-tse=with broken data").streams["report"])
        self.assertGreaterEqual(len(reports), 6)

    def test_the_run_is_aborted_at_the_same_place(self):
        for count in (1, 2, 3, 10, 40, 1000):
            self.compare_runs(f"--abort-after={count}")

    def test_other_options_mean_the_same(self):
        for options in (["--no-exitcode"], ["--no-throw"], ["-nt"], ["--no-breaks"], ["-d"],
                        ["--no-path-filenames"], ["--no-line-numbers"], ["--minimal"],
                        ["--no-debug-output"], ["--gnu-file-line"], ["-m"]):
            self.compare_runs(*options)
            compare_output(self, [program(DOCTEST)], "--no-colors", *options)

    def test_the_standard_output_is_the_same(self):
        for options in ([], ["--no-colors"], ["--force-colors"], ["-s", "--no-colors"], ["-q"],
                        ["--quiet", "-s"], ["--no-intro"], ["--no-version"], ["--no-run"]):
            compare_output(self, [program(DOCTEST)], *options)

    def test_the_standard_output_has_the_same_report(self):
        # The standard error has more: what a case that failed printed, and to the same stream the
        # reporters of its worker wrote, which cannot be told apart.
        for options in (["-r=xml"], ["-r=junit"], ["-r=console,xml", "--no-colors"]):
            serial = Run(program(DOCTEST), *options)
            for way in WAYS:
                with self.subTest(options=options, way=way):
                    forked = Run(program(DOCTEST), *options, *way)
                    self.assertEqual(forked.status, serial.status)
                    self.check_text("standard output", masked(serial.out), masked(forked.out))

    def test_what_runs_nothing_says_the_same(self):
        for options in (["-c"], ["-ltc"], ["-lts"], ["-lr"], ["-h"], ["-v"], ["-?"],
                        ["-ltc", "-ts=subcases"], ["-c", "-tc=*a*"], ["-ltc", "-r=xml"],
                        ["-ltc", "-ob=name"], ["-ltc", "-ob=rand", "-rs=3"]):
            self.assertTrue(compare_output(self, [program(DOCTEST)], *options))

    def test_the_stock_main_forks_by_the_variable(self):
        # Workers tell the framework of the leaks of these.
        allowed_to_fail = "-tce=is expected to leak,should fail*,may fail*"
        for arguments in (["-r=xml", allowed_to_fail], ["--no-colors", "-s", allowed_to_fail]):
            serial = doctest_run("doctest_subject", *arguments)
            forked = doctest_run("doctest_subject", *arguments, ISOLITE_WORKERS="2")
            self.check_same(serial, forked)
            self.assertIn("by 2 workers", forked.err)

    def test_the_shards_are_the_suite_with_workers_too(self):
        def ran(run):
            return [line for line in run.streams["report"].splitlines()
                    if "<TestCase " in line and 'skipped="true"' not in line]
        cases = []
        for index in range(3):
            cases += ran(self.compare_runs(ISOLITE_SHARD_INDEX=str(index),
                                           ISOLITE_TOTAL_SHARDS="3"))
        self.assertEqual(sorted(cases), sorted(ran(doctest_run(DOCTEST, "-r=xml", "-s"))))


if __name__ == "__main__":
    main()
