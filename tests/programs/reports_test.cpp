#include "programs/framework.hpp"

#include "os/files.hpp"
#include "os/own_process.hpp"
#include "os/whole_file.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace programs = isolite::programs;
using isolite::results::verdict;
using programs::listed_case;
using programs::output_files;
using programs::told_case;
using std::chrono::microseconds;
using std::chrono::milliseconds;

namespace {

/// What a process has left, as long as this lives.
class left_files {
  public:
    left_files(const std::string& printed, const std::string& report, const std::string& log) {
        const std::string name = std::filesystem::temp_directory_path().string() +
                                 "/isolite-reports-" + std::to_string(isolite::os::own_number());
        files_ = {name + ".txt", name + ".xml", name + ".log"};
        CHECK(isolite::os::write_whole_file(files_.printed, printed) == 0);
        CHECK(isolite::os::write_whole_file(files_.report, report) == 0);
        CHECK(isolite::os::write_whole_file(files_.log, log) == 0);
    }
    left_files(const left_files&) = delete;
    left_files& operator=(const left_files&) = delete;
    ~left_files() {
        for (const std::string& file : {files_.printed, files_.report, files_.log}) {
            isolite::os::remove_file(file);
        }
    }

    [[nodiscard]] const output_files& paths() const { return files_; }

  private:
    output_files files_;
};

std::vector<std::string> selectors_of(const std::vector<listed_case>& cases) {
    std::vector<std::string> found;
    for (const listed_case& each : cases) {
        found.push_back(each.selector);
    }
    return found;
}

using names = std::vector<std::string>;

std::vector<told_case> told_by_googletest(const std::string& printed,
                                          const std::string& report = "") {
    const left_files left(printed, report, "");
    return programs::googletest().told(left.paths());
}

std::vector<told_case> told_by_catch2(const std::string& report) {
    const left_files left("", report, "");
    return programs::catch2_version_3().told(left.paths());
}

std::vector<told_case> told_by_doctest(const std::string& report) {
    const left_files left("", report, "");
    return programs::doctest_framework().told(left.paths());
}

std::vector<told_case> told_by_boost_test(const std::string& log, const std::string& report = "") {
    const left_files left("", report, log);
    return programs::boost_test().told(left.paths());
}

} // namespace

TEST_CASE("GoogleTest lists cases by suite, with comments, among what a main prints") {
    const std::string printed = "Running main() from gtest_main.cc\n"
                                "orders.\n  total\n  DISABLED_off\n"
                                "typed/0.  # TypeParam = std::vector<int>\n"
                                "  holds\n"
                                "all/DISABLED_old.\n  is\n"
                                "all/of.\n"
                                "  each/0  # GetParam() = \"a. b\"\n";
    const auto cases = programs::googletest().listed(printed, {});
    CHECK(selectors_of(cases) == names{"orders.total", "typed/0.holds", "all/of.each/0"});
    CHECK(
        selectors_of(programs::googletest().listed(printed, {"--gtest_also_run_disabled_tests"})) ==
        names{"orders.total", "orders.DISABLED_off", "typed/0.holds", "all/DISABLED_old.is",
              "all/of.each/0"});
    CHECK(cases.front().known.suite == "orders");
}

TEST_CASE("GoogleTest prints cases in their order, also where its process ends in one") {
    const auto told =
        told_by_googletest("[ RUN      ] typed/0.fails\n"
                           "a.cpp:3: Failure\nExpected: true\n"
                           "[  FAILED  ] typed/0.fails, where TypeParam = int (2 ms)\n"
                           "[ RUN      ] orders.skips\n"
                           "[  SKIPPED ] orders.skips (0 ms)\n"
                           "[ RUN      ] orders.prints\n"
                           "no end of line[       OK ] orders.prints (12 ms)\n"
                           "[ RUN      ] orders.starts\n"
                           "[ RUN      ] other.of_a_program_that_it_starts\n"
                           "[       OK ] other.of_a_program_that_it_starts (0 ms)\n"
                           "[       OK ] orders.starts_it (0 ms)\n");
    REQUIRE(told.size() == 4);
    CHECK(told[0].selector == "typed/0.fails");
    CHECK(told[0].verdict == verdict::failed);
    CHECK(told[0].why == "a.cpp:3: Failure\nExpected: true");
    CHECK(told[0].duration == milliseconds(2));
    CHECK(told[1].verdict == verdict::skipped);
    CHECK(told[2].verdict == verdict::passed);
    CHECK(told[2].why.empty());
    CHECK(told[3].selector == "orders.starts");
    CHECK_FALSE(told[3].has_ended);
}

TEST_CASE("the report of GoogleTest wins over what was printed, and needs none of it") {
    const auto told = told_by_googletest(
        "[ RUN      ] orders.second\n[       OK ] orders.second (0 ms)\n",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"4\">\n"
        "  <testsuite name=\"orders\" tests=\"4\">\n"
        "    <testcase name=\"off\" status=\"notrun\" classname=\"orders\" />\n"
        "    <testcase name=\"first\" status=\"run\" result=\"completed\" time=\"0.5\""
        " classname=\"orders\" />\n"
        "    <testcase name=\"second\" status=\"run\" classname=\"orders\">\n"
        "      <failure message=\"a.cpp:3&#x0A;&lt;is\"><![CDATA[</testcase> \xff]]></failure>\n"
        "      <failure message=\"b\"></failure>\n    </testcase>\n"
        "    <testcase name=\"third\" status=\"run\" result=\"skipped\" classname=\"orders\">\n"
        "      <skipped message=\"no\"></skipped>\n    </testcase>\n"
        "  </testsuite>\n</testsuites>\n");
    REQUIRE(told.size() == 3);
    CHECK(told[0].selector == "orders.second");
    CHECK(told[0].verdict == verdict::failed);
    CHECK(told[0].why == "a.cpp:3\n<is\nb");
    CHECK(told[1].selector == "orders.first");
    CHECK(told[1].verdict == verdict::passed);
    CHECK(told[1].duration == milliseconds(500));
    CHECK(told[2].verdict == verdict::skipped);
}

TEST_CASE("Catch2 lists names, by version 2 with their places, by version 3 in XML") {
    CHECK(selectors_of(programs::catch2_version_2().listed(
              "a, b\t@t.cpp(1)\n\"# c\"\t@t.cpp(2)\n\"d\"\t@t.cpp(3)\na, b\t@t.cpp(4)\n"
              "in two\nlines\t@t.cpp(5)\ntmpl - std::pair<int,double>\t@t.cpp(6)\n",
              {})) ==
          names{"a, b", "# c", "\"d\"", "in two\nlines", "tmpl - std::pair<int,double>"});
    CHECK(selectors_of(programs::catch2_version_3().listed(
              "noise\n<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<MatchingTests>\n  <TestCase>\n"
              "    <Name>a &lt;b></Name>\n    <ClassName/>\n    <Tags>[x]</Tags>\n  </TestCase>\n"
              "  <TestCase>\n    <Name>c</Name>\n    <ClassName>F</ClassName>\n  </TestCase>\n"
              "</MatchingTests>\n",
              {})) == names{"a <b>", "c"});
}

TEST_CASE("Catch2 reports a case as long as it runs") {
    const auto told = told_by_catch2(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Catch2TestRun name=\"t\">\n"
        "  <TestCase name=\"skips\" tags=\"[a]\" filename=\"t.cpp\" line=\"3\">\n"
        "    <Skip filename=\"t.cpp\" line=\"3\">\n      no\n    </Skip>\n"
        "    <OverallResult success=\"true\" skips=\"1\" durationInSeconds=\"0.001\"/>\n"
        "  </TestCase>\n"
        "  <TestCase name=\"fails &quot;>\" filename=\"t.cpp\" line=\"5\">\n"
        "    <Section name=\"x\" filename=\"t.cpp\" line=\"5\">\n"
        "      <Expression success=\"true\" type=\"CHECK\" filename=\"t.cpp\" line=\"5\">\n"
        "        <Original>\n          1 == 1\n        </Original>\n      </Expression>\n"
        "      <Expression success=\"false\" type=\"REQUIRE\" filename=\"t.cpp\" line=\"6\">\n"
        "        <Original>\n          a &lt; b\n        </Original>\n"
        "        <Expanded>\n          2 &lt; 1\n        </Expanded>\n      </Expression>\n"
        "      <OverallResults successes=\"0\" failures=\"1\"/>\n    </Section>\n"
        "    <Failure filename=\"t.cpp\" line=\"7\">\n      msg\n    </Failure>\n"
        "    <OverallResult success=\"false\" skips=\"0\" durationInSeconds=\"0.000171\"/>\n"
        "  </TestCase>\n"
        "  <TestCase name=\"dies > &quot;\" filename=\"t.cpp\" line=\"9\">\n"
        "    <Section name=\"y\" filename=\"t.cpp\" line=\"10\">\n");
    REQUIRE(told.size() == 3);
    CHECK(told[0].verdict == verdict::skipped);
    CHECK(told[0].duration == milliseconds(1));
    CHECK(told[1].selector == "fails \">");
    CHECK(told[1].verdict == verdict::failed);
    CHECK(told[1].why == "t.cpp(6): REQUIRE( a < b ): 2 < 1\nt.cpp(7): msg");
    CHECK(told[2].selector == "dies > \"");
    CHECK_FALSE(told[2].has_ended);
}

TEST_CASE("a case of Catch2 or doctest has not ended where its process was left by exit") {
    // Then the elements are closed, without what tells of its end.
    const auto of_catch2 = told_by_catch2("<Catch name=\"t\">\n  <TestCase name=\"a\">\n"
                                          "  </TestCase>\n</Catch>\n");
    REQUIRE(of_catch2.size() == 1);
    CHECK_FALSE(of_catch2[0].has_ended);
    const auto of_doctest = told_by_doctest("<doctest>\n  <TestSuite>\n  <TestCase name=\"a\">\n"
                                            "  </TestCase>\n</doctest>\n");
    REQUIRE(of_doctest.size() == 1);
    CHECK_FALSE(of_doctest[0].has_ended);
}

TEST_CASE("doctest lists in XML what runs, also what it would skip, and those of a name once") {
    const auto cases = programs::doctest_framework().listed(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<doctest binary=\"./t\">\n"
        "  <TestCase name=\"a, &lt;b>\" testsuite=\"orders\" filename=\"t.cpp\" line=\"5\""
        " skipped=\"false\"/>\n"
        "  <TestCase name=\"same\" filename=\"t.cpp\" line=\"6\" skipped=\"false\"/>\n"
        "  <TestCase name=\"same\" testsuite=\"orders\" filename=\"t.cpp\" line=\"7\""
        " skipped=\"false\"/>\n"
        "  <TestCase name=\"off\" filename=\"t.cpp\" line=\"8\" skipped=\"true\"/>\n"
        "</doctest>\n",
        {"--no-skip"});
    CHECK(selectors_of(cases) == names{"a, <b>", "same", "off"});
    CHECK(cases.front().known.name == "orders/a, <b>");
}

TEST_CASE("doctest reports a case as long as it runs, by older versions without a verdict") {
    const auto told = told_by_doctest(
        "<doctest binary=\"./t\">\n  <TestSuite name=\"orders\">\n"
        "    <TestCase name=\"off\" filename=\"t.cpp\" line=\"3\" skipped=\"true\"/>\n"
        "    <TestCase name=\"throws\" filename=\"t.cpp\" line=\"5\" should_fail=\"true\">\n"
        "      <Exception crash=\"false\">\n        boo\n      </Exception>\n"
        "      <OverallResultsAsserts successes=\"0\" failures=\"0\" test_case_success=\"false\""
        " duration=\"0.25\"/>\n    </TestCase>\n"
        "    <TestCase name=\"old\" filename=\"t.cpp\" line=\"6\">\n"
        "      <OverallResultsAsserts successes=\"1\" failures=\"0\"/>\n    </TestCase>\n"
        "    <TestCase name=\"dies\" filename=\"t.cpp\" line=\"9\">\n\n");
    REQUIRE(told.size() == 3);
    CHECK(told[0].selector == "throws");
    CHECK(told[0].verdict == verdict::failed);
    CHECK(told[0].why == "boo");
    CHECK(told[0].duration == milliseconds(250));
    CHECK(told[1].verdict == verdict::passed);
    CHECK(told[2].selector == "dies");
    CHECK_FALSE(told[2].has_ended);
}

TEST_CASE("Boost.Test lists its tree as a graph, with what cases need and expect") {
    const std::string like = "[shape=Mrecord,fontname=Helvetica,color=";
    const auto cases = programs::boost_test().listed(
        "digraph G {rankdir=LR;\n"
        "tu1[shape=ellipse,peripheries=2,fontname=Helvetica,color=green,label=\"shop\"];\n{\n"
        "tu2" +
            like +
            "green,label=\"orders|b.cpp(9)|expected failures=2\"];\ntu1 -> tu2;\n{\n"
            "tu65536" +
            like +
            "green,label=\"total\"];\ntu2 -> tu65536;\n"
            "tu65537" +
            like +
            "yellow,label=\"off|b.cpp(11)\"];\ntu2 -> tu65537;\n"
            "tu65538" +
            like +
            "green,label=\"odd|b.cpp(3)|expected failures=2|labels: @l\"];\n"
            "tu2 -> tu65538;\n"
            "tu65538 -> tu65536[color=red,style=dotted,constraint=false];\n}\n"
            "tu3" +
            like +
            "yellow,label=\"old|b.cpp(9)\"];\ntu1 -> tu3;\n{\n"
            "tu65539" +
            like +
            "green,label=\"is\"];\ntu3 -> tu65539;\n}\n"
            "tu65540" +
            like +
            "green,label=\"tmpl<std__pair<int_ double>>|b.cpp(22)\"];\n"
            "tu1 -> tu65540;\n}\n}\n",
        {});
    CHECK(selectors_of(cases) ==
          names{"orders/total", "orders/odd", "tmpl<std__pair<int_ double>>"});
    CHECK(cases[0].expected_failures == 0);
    CHECK(cases[1].expected_failures == 2);
    CHECK(cases[1].known.needs == std::vector<std::size_t>{0});
}

namespace {

constexpr const char* log_of_a_death =
    "Running 4 test cases...\nEntering test module \"shop\"\n"
    "b.cpp(9): Entering test suite \"orders\"\n"
    "b.cpp(9): Entering test suite \"open\"\n"
    "b.cpp(10): Entering test case \"fails\"\n"
    "b.cpp(10): error: in \"orders/open/fails\": check 1 == 2 has failed\n"
    "Failure occurred in a following context:\n    v = 2; \n"
    "b.cpp(10): Leaving test case \"fails\"; testing time: 35us\n"
    "b.cpp(9): Leaving test suite \"open\"; testing time: 40us\n"
    "b.cpp(11): Test case \"orders/off\" is skipped because disabled\n"
    "b.cpp(12): Test case \"orders/needs\" is skipped because precondition failed\n"
    "b.cpp(13): Entering test case \"throws\"\n"
    "unknown location(0): fatal error: in \"orders/throws\": std::runtime_error: boo\n"
    "b.cpp(13): Leaving test case \"throws\"; testing time: 3ms\n"
    "b.cpp(16): Entering test case \"dies\"\nhello\n";

} // namespace

TEST_CASE("Boost.Test logs cases in their order, also where its process ends in one") {
    const auto told = told_by_boost_test(log_of_a_death);
    REQUIRE(told.size() == 4);
    CHECK(told[0].selector == "orders/open/fails");
    CHECK(told[0].verdict == verdict::failed);
    CHECK(told[0].failures == 1);
    CHECK(told[0].duration == microseconds(35));
    CHECK(told[0].why == "b.cpp(10): error: in \"orders/open/fails\": check 1 == 2 has failed\n"
                         "Failure occurred in a following context:\n    v = 2;");
    CHECK(told[1].selector == "orders/needs");
    CHECK(told[1].verdict == verdict::skipped);
    CHECK(told[2].verdict == verdict::failed);
    CHECK(told[2].failures > 1000); // which no case expects
    CHECK(told[2].duration == milliseconds(3));
    CHECK(told[3].selector == "orders/dies");
    CHECK_FALSE(told[3].has_ended);
}

TEST_CASE("the report of Boost.Test wins over its log") {
    const auto told = told_by_boost_test(
        log_of_a_death,
        "<TestResult><TestSuite name=\"shop\" result=\"failed\">"
        "<TestSuite name=\"orders\" result=\"failed\">"
        "<TestSuite name=\"open\" result=\"passed\"><TestCase name=\"fails\" result=\"passed\""
        " assertions_failed=\"1\" expected_failures=\"1\"/></TestSuite>"
        "<TestCase name=\"throws\" result=\"aborted\"/><TestCase name=\"needs\""
        " result=\"skipped\"/></TestSuite></TestSuite></TestResult>\n");
    REQUIRE(told.size() == 4);
    CHECK(told[0].verdict == verdict::passed);
    CHECK(told[0].failures == 0);
    CHECK(told[0].why.empty());
    CHECK(told[0].duration == microseconds(35));
    CHECK(told[1].verdict == verdict::skipped);
    CHECK(told[2].verdict == verdict::failed);
    CHECK_FALSE(told[2].why.empty());
}
