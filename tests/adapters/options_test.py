"""Compares runs of guests with workers with those of the plain programs, over many options.

What is compared: the framework's report on stdout, its files, the exit status, and what a listener
or observer of the user was told.
"""

import unittest

from compared_runs import Comparing, masked, written
from guests_test import (BOOST_GUESTS, BOOST_PLAIN, GUESTS, PLAIN, run_and_read_diary)
from test_program import main, program

# A line for each set of options; "log=" and "report=" stand for a file.
OF_BOOST_TEST = """
--log_level=all
--log_level=success
--log_level=test_suite
--log_level=unit_scope
--log_level=message
--log_level=warning
--log_level=error
--log_level=cpp_exception
--log_level=system_error
--log_level=fatal_error
--log_level=nothing
--log_level=all --log_format=XML
--log_level=error --log_format=XML
--log_level=all --log_format=JUNIT
--log_level=error --log_format=JUNIT
--log_level=all --log_format=HRF --show_progress=yes
--log_level=all --log_sink=log=
--log_format=XML --log_level=test_suite --log_sink=log=
--log_format=JUNIT --log_sink=log=
--logger=HRF,all
--logger=XML,test_suite,log=
--logger=JUNIT,error,log=
--logger=HRF,error:XML,all,log=
--logger=HRF,message,stdout:JUNIT,all,log=
--report_level=no
--report_level=confirm
--report_level=short
--report_level=detailed
--report_level=detailed --report_format=XML
--report_level=short --report_format=XML
--report_level=detailed --report_sink=report=
--report_format=XML --report_level=detailed --report_sink=report=
--output_format=XML --log_level=all --report_level=detailed
--output_format=HRF --log_level=message --report_level=short
--result_code=no
--result_code=no --report_level=detailed
--show_progress=yes --log_level=nothing
--build_info=yes
--color_output=yes --log_level=all
--color_output=yes --report_level=detailed
--run_test=some
--run_test=some/passes
--run_test=some/passes,fails
--run_test=some/inner
--run_test=*/*fails*
--run_test=!some
--run_test=@quick
--run_test=!@quick
--run_test=some/is_disabled --log_level=all
--run_test=fixed --log_level=all
--run_test=with_fixture --log_level=all
--run_test=some/needs_another --log_level=all --report_level=detailed
--random=7 --log_level=all
--random=11 --report_level=detailed
--random=7 --log_level=all --log_format=XML
--catch_system_errors=no --log_level=all
--use_alt_stack=no
--detect_memory_leaks=0
--list_content
--list_content=DOT
--list_labels
--save_pattern=no
--log_level=all --report_level=detailed --run_test=some,fixed
""".split("\n")[1:-1]

OF_DOCTEST = """
--success
--success --no-path-filenames
--reporters=console --success
--reporters=xml
--reporters=xml --success
--reporters=junit
--reporters=console,xml
--reporters=xml --out=report=
--reporters=junit --out=report=
--out=report= --success
--minimal
--quiet
--no-intro
--no-version
--no-colors
--force-colors
--force-colors --success
--no-path-filenames
--gnu-file-line
--no-line-numbers
--no-debug-output
--no-breaks
--no-exitcode
--no-run
--no-throw
--duration
--duration --success
--no-skip
--no-skip --success
--no-skip --reporters=xml
--order-by=file
--order-by=suite --success
--order-by=name --success
--order-by=none
--order-by=rand --rand-seed=7 --success
--order-by=rand --rand-seed=11 --reporters=xml
--first=2
--last=4
--first=3 --last=5 --success
--first=3 --last=5 --order-by=name
--abort-after=1
--abort-after=3
--abort-after=3 --reporters=xml
--test-case=*fail*
--test-case=*fail* --no-skip
--test-suite=decorated
--test-suite=decorated,tools --success
--test-suite-exclude=decorated
--source-file=*guests*
--source-file-exclude=*guests*
--case-sensitive --test-case=Order*
--test-case=order*
--subcase=outer
--subcase=*inner* --success
--subcase-exclude=inner
--subcase-filter-levels=1 --subcase=outer
--count
--list-test-cases
--list-test-suites
--version
--help
""".split("\n")[1:-1]


def with_file(option):
    """Splits off the option that names a file: "--log_sink=log=" is written by the caller."""
    for name in ("log=", "report="):
        if option.endswith(name):
            return option.removesuffix(name), name.rstrip("=")
    return option, None


def run_with(subject, *options, **variables):
    rest, files = [], {}
    for option in options:
        begin, name = with_file(option)
        if name:
            files[name] = begin
        else:
            rest.append(option)
    return written([program(subject), *rest], files, variables)


class Options(Comparing):
    def check(self, options):
        plain, plain_diary = run_and_read_diary(run_with, self.plain, *self.always, *options)
        for workers in (1, 2):
            with self.subTest(options=options, workers=workers):
                run, diary = run_and_read_diary(run_with, self.guests, *self.always, *options,
                                                f"--workers={workers}")
                for each in (plain, run):
                    each.streams = {name: self.nameless(text) for name, text in
                                    [*each.streams.items(), ("output", masked(each.out))]}
                self.check_same(plain, run)
                self.assertEqual(diary, plain_diary)

    def nameless(self, text):
        """The programs have names of their own; isolite's options come behind the framework's."""
        return text.replace(self.plain, self.guests).partition("\nisolite's options:")[0]

    def test_each_set_of_options(self):
        for line in self.sets:
            self.check(line.split())


class OptionsOfBoostTest(Options, unittest.TestCase):
    plain, guests, sets, always = BOOST_PLAIN, BOOST_GUESTS, OF_BOOST_TEST, []


class OptionsOfDoctest(Options, unittest.TestCase):
    # Threads fail in any order.
    plain, guests, sets = PLAIN, GUESTS, OF_DOCTEST
    always = ["--test-case-exclude=*in threads*"]


if __name__ == "__main__":
    main()
