// All that Catch2 has, for comparing runs under isolite with runs of Catch2 alone: built with
// isolite and, as the oracle, without it; with a listener of the user's and without one.
#include "catch2_header.hpp"
#ifndef WITHOUT_ISOLITE
#    include <isolite/catch2.hpp>
#endif

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

#ifdef WITH_LISTENER

#    if CATCH2_VERSION == 3
using listener_base = Catch::EventListenerBase;
using told = void;
#    else
using listener_base = Catch::TestEventListenerBase;
using told = bool;
#    endif

/// Writes what it is told to the file that a variable names, but for times, and prints it where
/// another one is set. Prepares for the run what a case needs.
struct diary final : listener_base {
    using listener_base::listener_base;

    static void write(const std::string& line) {
        if (const char* const path = std::getenv("SUBJECT_DIARY")) {
            std::ofstream(path, std::ios::app) << line << "\n";
        }
        if (std::getenv("SUBJECT_PRINTS")) {
            std::cout << line << "\n";
        }
    }
    static std::string text(const Catch::Counts& counts) {
        return std::to_string(counts.passed) + "/" + std::to_string(counts.failed) + "/" +
               std::to_string(counts.failedButOk);
    }
    static std::string text(const Catch::Totals& totals) {
        return text(totals.assertions) + " of " + text(totals.testCases);
    }
    static std::string prepared() {
        const char* const path = std::getenv("SUBJECT_PREPARED");
        return path ? path : "";
    }

    void testRunStarting(const Catch::TestRunInfo& /*run*/) override {
        std::ofstream(prepared()) << "prepared";
        write("run");
    }
    void testCaseStarting(const Catch::TestCaseInfo& test) override {
        write("case " + test.name + " " + test.tagsAsString());
    }
    void sectionStarting(const Catch::SectionInfo& section) override {
        write("section " + section.name + " " + std::to_string(section.lineInfo.line));
    }
    void assertionStarting(const Catch::AssertionInfo& assertion) override {
        write("assertion " + std::to_string(assertion.lineInfo.line));
    }
    told assertionEnded(const Catch::AssertionStats& stats) override {
        const Catch::AssertionResult& result = stats.assertionResult;
        write("end " + std::to_string(result.getResultType()) + " " +
              result.getExpressionInMacro() + " " + result.getExpandedExpression() + " " +
              text(stats.totals));
        return told();
    }
    void sectionEnded(const Catch::SectionStats& stats) override {
        write("end of section " + stats.sectionInfo.name + " " + text(stats.assertions));
    }
    void testCaseEnded(const Catch::TestCaseStats& stats) override {
        write("end of case " + text(stats.totals) + (stats.aborting ? " aborting" : ""));
    }
#    if CATCH2_VERSION == 3
    void testCasePartialStarting(const Catch::TestCaseInfo& test, std::uint64_t part) override {
        write("part " + std::to_string(part) + " of " + test.name);
    }
    void testCasePartialEnded(const Catch::TestCaseStats& stats, std::uint64_t part) override {
        write("end of part " + std::to_string(part) + " " + text(stats.totals));
    }
#    else
    void testGroupEnded(const Catch::TestGroupStats& stats) override {
        write("end of group " + text(stats.totals));
    }
#    endif
    void skipTest(const Catch::TestCaseInfo& test) override { write("skipped " + test.name); }
    void testRunEnded(const Catch::TestRunStats& stats) override {
        write("end of run " + text(stats.totals));
        std::remove(prepared().c_str());
    }
};

CATCH_REGISTER_LISTENER(diary)

TEST_CASE("what a listener prepared is there") {
    CHECK(std::ifstream(diary::prepared()).good());
}

#endif

#if CATCH2_VERSION == 3
struct stream_to final : Catch::IStream {
    explicit stream_to(std::ostream& written) : written_(written) {}
    std::ostream& stream() override { return written_; }

  private:
    std::ostream& written_;
};

auto make_reporter(const Catch::IReporterFactory& factory, std::ostream& written) {
    static const Catch::Config config;
    return factory.create({&config, Catch::Detail::make_unique<stream_to>(written), {}, {}});
}
#else
auto make_reporter(const Catch::IReporterFactory& factory, std::ostream& written) {
    return factory.create({Catch::getCurrentContext().getConfig(), written});
}
#endif

/// Says something when it is left.
struct late_check {
    ~late_check() { CHECK(line == 7); }
    int line = 0;
};

struct with_value {
    int value = 0;
};

template <typename Number>
struct with_number {
    Number number{3};
};

} // namespace

TEST_CASE("passes", "[a]") {
    REQUIRE(1 == 1);
    CHECK(true);
    CHECK_FALSE(false);
}

TEST_CASE("fails", "[a][fast]") {
    const int x = 3;
    INFO("x is " << x);
    CAPTURE(x, x + 1);
    UNSCOPED_INFO("once");
    CHECK(x == 4);
    CHECK_FALSE(x == 3);
    WARN("warned");
    CHECK_THAT(std::string("abc"), ContainsSubstring("z"));
    REQUIRE(x > 100);
}

TEST_CASE("throws", "[b]") {
    SECTION("inner") {
        INFO("about to throw");
        SECTION("deep") {
            throw std::runtime_error("boom");
        }
    }
    SECTION("other") {
        CHECK(1 == 1);
    }
}

TEST_CASE("throws something else") {
    throw 42;
}

TEST_CASE("what should throw does not", "[b]") {
    CHECK_THROWS(1 + 1);
    CHECK_THROWS_AS(throw 3, std::exception);
    CHECK_THROWS_WITH(throw std::logic_error("this"), "that");
    CHECK_NOTHROW(throw std::logic_error("x"));
}

TEST_CASE("sections", "[c]") {
    const int i = GENERATE(1, 2);
    SECTION("A") {
        CHECK(i == 1);
        SECTION("A1") {
            CHECK(i > 0);
        }
        SECTION("A2") {
            CHECK(i < 2);
        }
    }
    SECTION("B") {
        REQUIRE(i != 2);
    }
    for (int k = 0; k < 3; ++k) {
        DYNAMIC_SECTION("dyn " << k) {
            CHECK(k != 1);
        }
    }
}

TEST_CASE("a section with generators", "[c]") {
    SECTION("in it") {
        const int i = GENERATE(range(0, 4));
        const int j = GENERATE(10, 20);
        REQUIRE(i * j != 20);
    }
}

TEST_CASE("a random generator", "[c]") {
    const int i = GENERATE(take(5, random(0, 1000)));
    CAPTURE(i);
    CHECK(i < 0);
}

TEST_CASE("the same section twice") {
    for (int i = 0; i < 2; ++i) {
        SECTION("same") {
            CHECK(i == 1);
        }
    }
}

TEST_CASE("explicit") {
    CHECK_NOFAIL(1 == 2);
    FAIL_CHECK("soft");
    SUCCEED("fine");
    FAIL("hard");
}

TEST_CASE("should fail", "[!shouldfail]") {
    CHECK(1 == 2);
}

TEST_CASE("should fail but passes", "[!shouldfail]") {
    CHECK(1 == 1);
}

TEST_CASE("may fail", "[!mayfail]") {
    CHECK(1 == 2);
    CHECK(1 == 1);
}

TEST_CASE("may fail and throws", "[!mayfail]") {
    throw std::runtime_error("allowed");
}

TEST_CASE("hidden", "[.][hid]") {
    CHECK(1 == 2);
}

TEST_CASE("must throw", "[!throws]") {
    CHECK_THROWS(throw 1);
}

TEST_CASE("no assertions") {}

TEST_CASE("empty sections") {
    SECTION("e") {}
    SECTION("f") {
        SUCCEED("fine");
    }
}

TEST_CASE("prints") {
    std::cout << "to cout" << std::endl;
    std::cerr << "to cerr" << std::endl;
    CHECK(false);
}

TEST_CASE("prints and passes") {
    std::cout << "quietly" << std::endl;
    CHECK(true);
}

TEST_CASE("says something while an exception passes") {
    SECTION("inside") {
        const late_check last;
        REQUIRE(last.line == 1);
    }
}

TEST_CASE("makes reporters of its own") {
    for (const auto& factory : Catch::getRegistryHub().getReporterRegistry().getFactories()) {
        std::ostringstream written;
        make_reporter(*factory.second, written)->noMatchingTestCases("of mine");
        const bool is_compact = factory.first == "compact";
        CHECK((!is_compact || written.str() == "No test cases matched 'of mine'\n"));
    }
}

TEST_CASE("strange texts <&> \"quoted\"", "[a]") {
    CHECK(std::string("<&>\"'\n\t\x01") == std::string("\xc3\xa4"));
}

TEST_CASE_METHOD(with_value, "a fixture", "[f]") {
    SECTION("one") {
        CHECK(++value == 1);
    }
    SECTION("two") {
        CHECK(++value == 1);
    }
    SECTION("three") {
        CHECK(++value == 2);
    }
}

struct with_method {
    void check() { CHECK(sizeof(*this) == 0); }
};
METHOD_AS_TEST_CASE(with_method::check, "a method as a case", "[f]")

TEMPLATE_TEST_CASE("a template", "[t]", char, double) {
    CHECK(sizeof(TestType) == 1);
}

TEMPLATE_TEST_CASE_METHOD(with_number, "a template of a fixture", "[t]", int, long) {
    CHECK(this->number == 4);
}

SCENARIO("a vector grows", "[s]") {
    GIVEN("a vector") {
        std::vector<int> v(5);
        WHEN("it grows") {
            v.resize(10);
            THEN("its size changes") {
                CHECK(v.size() == 11);
            }
            AND_THEN("so does its capacity") {
                CHECK(v.capacity() >= 10);
            }
        }
        WHEN("it shrinks") {
            v.resize(0);
            THEN("its size changes") {
                CHECK(v.empty());
            }
        }
    }
}

#if CATCH2_VERSION == 3
TEST_CASE("skips", "[k]") {
    SKIP("not here");
}

TEST_CASE("skips in a section", "[k]") {
    SECTION("first") {
        SKIP();
    }
    SECTION("second") {
        CHECK(1 == 2);
    }
}

TEST_CASE("has a benchmark", "[!benchmark]") {
    BENCHMARK("adding") {
        return 1 + 1;
    };
}
#endif
