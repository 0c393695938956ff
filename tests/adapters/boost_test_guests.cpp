// A program with an observer of its own. Built with isolite and, as the oracle, without it.
#define BOOST_TEST_MODULE guests
#ifdef WITHOUT_ISOLITE
#    ifndef BOOST_TEST_DYN_LINK
#        define BOOST_TEST_DYN_LINK
#    endif
#    include <boost/test/unit_test.hpp>
#else
#    include <isolite/boost_test_main.hpp>
#endif

#include <boost/test/execution_monitor.hpp>
#include <boost/test/framework.hpp>
#include <boost/test/results_collector.hpp>
#include <boost/test/tree/observer.hpp>

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>

namespace {

namespace unit_test = boost::unit_test;

std::string variable(const char* name) {
    const char* const value = std::getenv(name);
    return value ? value : "/dev/null";
}

/// Prepares for the run what all cases need, and writes what it is told to a file, but for times.
struct diary final : unit_test::test_observer {
    static void write(const std::string& line) {
        std::ofstream(variable("SUBJECT_DIARY"), std::ios::app) << line << "\n";
    }

    void test_start(unit_test::counter_t cases, unit_test::test_unit_id /*root*/) override {
        write("run of " + std::to_string(cases));
        std::ofstream(variable("SUBJECT_PREPARED")) << "prepared";
    }
    void test_finish() override {
        write("end");
        if (const char* const prepared = std::getenv("SUBJECT_PREPARED")) {
            std::remove(prepared); // never /dev/null
        }
    }
    void test_aborted() override { write("aborted"); }
    void test_unit_start(const unit_test::test_unit& unit) override {
        write("unit " + unit.full_name());
    }
    void test_unit_finish(const unit_test::test_unit& unit, unsigned long /*elapsed*/) override {
        const auto& results = unit_test::results_collector.results(unit.p_id);
        write("end of " + unit.full_name() + ": " + std::to_string(results.p_assertions_passed) +
              " passed, " + std::to_string(results.p_assertions_failed) + " failed");
    }
    void test_unit_skipped(const unit_test::test_unit& unit, unit_test::const_string why) override {
        write("skipped " + unit.full_name() + ": " + std::string(why.begin(), why.size()));
    }
    void test_unit_aborted(const unit_test::test_unit& unit) override {
        write("aborted " + unit.full_name());
    }
    void assertion_result(unit_test::assertion_result result) override {
        write("assertion " + std::to_string(result));
    }
    void exception_caught(const boost::execution_exception& exception) override {
        write("exception " + std::string(exception.what().begin(), exception.what().size()));
    }
};

struct registration {
    registration() { unit_test::framework::register_observer(observer); }
    diary observer;
} registered;

} // namespace

BOOST_AUTO_TEST_CASE(what_an_observer_prepared_is_there) {
    BOOST_TEST(std::ifstream(variable("SUBJECT_PREPARED")).good());
}
BOOST_AUTO_TEST_SUITE(some)
BOOST_AUTO_TEST_CASE(passes) {
    BOOST_TEST(1 == 1);
    BOOST_TEST(2 == 2);
}
BOOST_AUTO_TEST_CASE(passes_too) {
    BOOST_TEST(1 == 1);
}
BOOST_AUTO_TEST_CASE(fails) {
    BOOST_TEST(1 == 2);
    BOOST_WARN(1 == 2);
}
BOOST_AUTO_TEST_CASE(requires_more) {
    BOOST_REQUIRE(false);
}
BOOST_AUTO_TEST_CASE(throws) {
    throw std::runtime_error("thrown");
}
BOOST_AUTO_TEST_CASE(needs_another, *unit_test::depends_on("some/fails")) {
    BOOST_TEST(1 == 1);
}
BOOST_AUTO_TEST_CASE(is_disabled, *unit_test::disabled()) {
    BOOST_TEST(1 == 1);
}
BOOST_AUTO_TEST_SUITE(inner, *unit_test::label("quick") * unit_test::description("inside"))
BOOST_AUTO_TEST_CASE(has_a_context) {
    BOOST_TEST_CONTEXT("a context") {
        BOOST_TEST(1 == 2, "a message");
    }
    BOOST_TEST_MESSAGE("said");
    BOOST_TEST_CHECKPOINT("passed a point");
}
BOOST_AUTO_TEST_CASE(fails_as_expected, *unit_test::expected_failures(1)) {
    BOOST_TEST(1 == 2);
}
BOOST_AUTO_TEST_CASE(has_no_assertion) {}
BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()

struct prepared {
    prepared() { BOOST_TEST(1 == 1); }
    ~prepared() { BOOST_TEST_MESSAGE("tidied"); }
};
BOOST_FIXTURE_TEST_SUITE(fixed, prepared)
BOOST_AUTO_TEST_CASE(first, *unit_test::label("quick")) {
    BOOST_CHECK_EQUAL(1, 2);
}
BOOST_AUTO_TEST_CASE(second) {
    BOOST_CHECK_THROW(throw 7, std::runtime_error);
}
BOOST_AUTO_TEST_SUITE_END()

struct of_suite {
    static void setup() { BOOST_TEST_MESSAGE("the suite begins"); }
    static void teardown() { BOOST_TEST(1 == 1); }
};
BOOST_AUTO_TEST_SUITE(with_fixture, *unit_test::fixture<of_suite>())
BOOST_AUTO_TEST_CASE(only) {
    BOOST_TEST(1 == 1);
}
BOOST_AUTO_TEST_SUITE_END()
