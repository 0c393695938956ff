#define BOOST_TEST_MODULE verdicts of every kind

#include "stock.hpp"

#include <isolite/boost_test_main.hpp>

#include <boost/exception/all.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

// Every way in which a case of Boost.Test can end, and what it can say on its way: verdicts_test.py
// compares what forked workers make of it with what one process makes of it. Many fail.

namespace data = boost::unit_test::data;
namespace unit_test = boost::unit_test;
using stock_test = isolite::boost_test::session<stock>;

namespace {

/// Writes into the file $SUBJECT_TRACE what only a case that runs can write.
void trace(const char* what) {
    if (const char* const path = std::getenv("SUBJECT_TRACE")) {
        std::ofstream(path, std::ios::app) << what << "\n";
    }
}

struct global_set_up {
    global_set_up() { BOOST_TEST_MESSAGE("the global fixture is made"); }
    ~global_set_up() { BOOST_TEST_MESSAGE("the global fixture goes"); }
    static void setup() { BOOST_TEST_MESSAGE("the global set-up"); }
    static void teardown() { BOOST_TEST_MESSAGE("the global tear-down"); }
};

struct global_check {
    static void setup() {
        BOOST_TEST(1 == 1);
        if (const char* const fails = std::getenv("SUBJECT_GLOBAL_SET_UP")) {
            BOOST_CHECK_MESSAGE(fails != std::string("fails"), "the global set-up fails");
            BOOST_REQUIRE_MESSAGE(fails != std::string("is aborted"), "the global set-up ends");
            if (fails == std::string("throws")) {
                throw std::runtime_error("in the global set-up");
            }
        }
    }
    static void teardown() { BOOST_TEST_WARN(1 == 2); }
};

struct custom_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct boost_error : boost::exception, std::exception {
    [[nodiscard]] const char* what() const noexcept override { return "of Boost"; }
};
using detail_of_error = boost::error_info<struct tag_of_detail, std::string>;

struct throws_in_constructor {
    throws_in_constructor() { throw std::runtime_error("in the constructor"); }
};
struct throws_in_setup {
    static void setup() { throw std::runtime_error("in setup()"); }
    static void teardown() {}
};
struct fails_in_setup {
    static void setup() { BOOST_TEST(1 == 2, "in setup()"); }
    static void teardown() { BOOST_TEST(1 == 2, "in teardown()"); }
};
struct requires_in_setup {
    static void setup() { BOOST_TEST_REQUIRE(1 == 2, "in setup()"); }
};
struct checks_in_destructor {
    ~checks_in_destructor() { BOOST_CHECK_MESSAGE(false, "in the destructor"); }
};
struct plain_fixture {
    int value = 7;
};

struct suite_checks {
    static void setup() {
        BOOST_TEST_MESSAGE("the set-up of a suite");
        BOOST_TEST(2 == 2);
    }
    static void teardown() { BOOST_TEST_MESSAGE("the tear-down of a suite"); }
};
struct suite_fails {
    static void setup() { BOOST_CHECK_MESSAGE(false, "a check of a suite's set-up"); }
    static void teardown() { BOOST_CHECK_MESSAGE(false, "a check of a suite's tear-down"); }
};
struct suite_throws {
    static void setup() { throw std::runtime_error("in the set-up of a suite"); }
};
struct suite_throws_at_its_end {
    static void teardown() { throw std::runtime_error("in the tear-down of a suite"); }
};

struct product_of_suite : isolite::boost_test::suite<stock> {
    product_of_suite() { execute("INSERT INTO products(name) VALUES ('of the suite')"); }
};
struct broken_data : isolite::boost_test::suite<stock> {
    broken_data() { execute("INSERT INTO nowhere VALUES (1)"); }
};

bool yes(bool answer) {
    return answer;
}

boost::test_tools::assertion_result never(unit_test::test_unit_id /*id*/) {
    boost::test_tools::assertion_result refused(false);
    refused.message() << "never, and why";
    return refused;
}
boost::test_tools::assertion_result never_silently(unit_test::test_unit_id /*id*/) {
    return boost::test_tools::assertion_result(false);
}
boost::test_tools::assertion_result always(unit_test::test_unit_id /*id*/) {
    return boost::test_tools::assertion_result(true);
}

bool is_of_custom(const custom_error& problem) {
    return std::string(problem.what()) == "custom";
}

} // namespace

BOOST_TEST_GLOBAL_FIXTURE(global_set_up);
BOOST_TEST_GLOBAL_FIXTURE(global_check);

BOOST_AUTO_TEST_SUITE(assertions)
BOOST_AUTO_TEST_CASE(passes) {
    trace("passes");
    BOOST_TEST(1 == 1);
    BOOST_CHECK(yes(true));
    BOOST_REQUIRE(yes(true));
    BOOST_CHECK_EQUAL(2, 2);
}
BOOST_AUTO_TEST_CASE(checks_nothing) {}
BOOST_AUTO_TEST_CASE(fails_several_checks) {
    BOOST_TEST(1 == 2);
    BOOST_CHECK(yes(false));
    BOOST_TEST(1 == 1);
    BOOST_CHECK_EQUAL(std::string("tea & <milk>"), "\"quoted\"");
    BOOST_CHECK_CLOSE(1.0, 2.0, 0.1);
    BOOST_CHECK_MESSAGE(false, "line one\nline two ]]> &amp;");
    BOOST_ERROR("an error");
    const std::vector<int> some{1, 2, 3};
    const std::vector<int> others{1, 5, 3, 4};
    BOOST_TEST(some == others, boost::test_tools::per_element());
    BOOST_CHECK_EQUAL_COLLECTIONS(some.begin(), some.end(), others.begin(), others.end());
    BOOST_CHECK_PREDICATE(yes, (false));
    BOOST_CHECK_BITWISE_EQUAL(5, 6);
}
BOOST_AUTO_TEST_CASE(fails_a_requirement) {
    BOOST_TEST(1 == 1);
    BOOST_TEST_REQUIRE(1 == 2);
    BOOST_ERROR("never reached");
}
BOOST_AUTO_TEST_CASE(fails_at_once) {
    BOOST_FAIL("at once");
}
BOOST_AUTO_TEST_CASE(warns) {
    BOOST_TEST_WARN(1 == 2);
    BOOST_WARN(yes(false));
    BOOST_WARN_MESSAGE(false, "a warning");
    BOOST_TEST_WARN(1 == 1);
}
BOOST_AUTO_TEST_CASE(warns_and_passes) {
    BOOST_TEST_WARN(1 == 2);
    BOOST_TEST(1 == 1);
}
BOOST_AUTO_TEST_CASE(expects_exceptions) {
    BOOST_CHECK_THROW(throw custom_error("custom"), custom_error);
    BOOST_CHECK_THROW(throw custom_error("custom"), std::runtime_error);
    BOOST_CHECK_NO_THROW(yes(true));
    BOOST_CHECK_EXCEPTION(throw custom_error("custom"), custom_error, is_of_custom);
    BOOST_CHECK_THROW(yes(true), custom_error);
    BOOST_CHECK_NO_THROW(throw custom_error("unexpected"));
    BOOST_CHECK_EXCEPTION(throw custom_error("other"), custom_error, is_of_custom);
}
BOOST_AUTO_TEST_CASE(checks_very_often) {
    for (int i = 0; i < 2000; ++i) {
        BOOST_CHECK(i >= 0);
    }
    BOOST_TEST(1 == 2);
    BOOST_CHECK(yes(true));
}
BOOST_AUTO_TEST_CASE(prints) {
    std::printf("to the standard output\n");
    BOOST_TEST(true);
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(exceptions)
BOOST_AUTO_TEST_CASE(of_the_standard) {
    throw std::runtime_error("of the standard\nin two lines");
}
BOOST_AUTO_TEST_CASE(of_boost) {
    throw boost_error() << detail_of_error("a detail");
}
BOOST_AUTO_TEST_CASE(of_boost_with_a_place) {
    boost::throw_exception(std::logic_error("thrown by Boost"), BOOST_CURRENT_LOCATION);
}
BOOST_AUTO_TEST_CASE(an_integer) {
    throw 42; // NOLINT: of no exception type
}
BOOST_AUTO_TEST_CASE(a_text) {
    throw "a text"; // NOLINT: of no exception type
}
BOOST_AUTO_TEST_CASE(a_string) {
    throw std::string("a string"); // NOLINT: of no exception type
}
BOOST_AUTO_TEST_CASE(after_checks) {
    BOOST_TEST(1 == 1);
    BOOST_TEST(1 == 2);
    throw custom_error("after checks");
}
BOOST_AUTO_TEST_CASE(after_a_checkpoint) {
    BOOST_TEST_CHECKPOINT("the checkpoint");
    throw custom_error("after a checkpoint");
}
BOOST_AUTO_TEST_CASE(after_a_passpoint) {
    BOOST_TEST_PASSPOINT();
    throw custom_error("after a passpoint");
}
BOOST_FIXTURE_TEST_CASE(in_the_constructor, throws_in_constructor) {
    BOOST_ERROR("never reached");
}
BOOST_FIXTURE_TEST_CASE(in_setup, throws_in_setup) {
    BOOST_ERROR("never reached");
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(fixtures)
BOOST_FIXTURE_TEST_CASE(checks_in_setup, fails_in_setup) {
    BOOST_TEST(1 == 1);
}
BOOST_FIXTURE_TEST_CASE(requires_in_set_up, requires_in_setup) {
    BOOST_ERROR("never reached");
}
BOOST_FIXTURE_TEST_CASE(checks_at_its_end, checks_in_destructor) {
    BOOST_TEST(1 == 1);
}
BOOST_TEST_DECORATOR(*unit_test::fixture<suite_checks>())
BOOST_AUTO_TEST_CASE(by_decorator) {
    BOOST_TEST(1 == 1);
}
BOOST_TEST_DECORATOR(*unit_test::fixture<suite_fails>())
BOOST_AUTO_TEST_CASE(failing_by_decorator) {
    BOOST_TEST(1 == 1);
}
BOOST_TEST_DECORATOR(*unit_test::fixture<suite_throws>())
BOOST_AUTO_TEST_CASE(throwing_by_decorator) {
    BOOST_TEST(1 == 1);
}

BOOST_FIXTURE_TEST_SUITE(of_a_suite, plain_fixture)
BOOST_AUTO_TEST_CASE(reads_it) {
    BOOST_TEST(value == 7);
}
BOOST_AUTO_TEST_CASE(gets_it_wrong) {
    BOOST_TEST(value == 8);
}
BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(suite_with_checks, *unit_test::fixture<suite_checks>())
BOOST_AUTO_TEST_CASE(first) {
    BOOST_TEST(1 == 1);
}
BOOST_AUTO_TEST_CASE(second) {
    BOOST_TEST(1 == 2);
}
BOOST_AUTO_TEST_SUITE(inner, *unit_test::fixture<suite_checks>())
BOOST_AUTO_TEST_CASE(third) {
    BOOST_TEST(1 == 1);
}
BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(suite_that_fails, *unit_test::fixture<suite_fails>())
BOOST_AUTO_TEST_CASE(first) {
    BOOST_TEST(1 == 1);
}
BOOST_AUTO_TEST_CASE(second) {
    BOOST_TEST(1 == 1);
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(suite_that_throws, *unit_test::fixture<suite_throws>())
BOOST_AUTO_TEST_CASE(first) {
    BOOST_TEST(1 == 1);
}
BOOST_AUTO_TEST_CASE(second) {
    BOOST_TEST(1 == 1);
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(suite_that_throws_at_its_end, *unit_test::fixture<suite_throws_at_its_end>())
BOOST_AUTO_TEST_CASE(first) {
    BOOST_TEST(1 == 1);
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(contexts)
BOOST_AUTO_TEST_CASE(nested) {
    BOOST_TEST_CONTEXT("outer " << 1) {
        BOOST_TEST(1 == 1);
        BOOST_TEST(1 == 2);
        BOOST_TEST_CONTEXT("inner " << 2 << " & <more>") {
            BOOST_TEST_INFO("told once");
            BOOST_TEST(1 == 3);
            BOOST_TEST(1 == 4);
        }
    }
    BOOST_TEST(1 == 5);
}
BOOST_AUTO_TEST_CASE(told) {
    BOOST_TEST_INFO("told before a check that passes");
    BOOST_TEST(1 == 1);
    BOOST_TEST_INFO("told before");
    BOOST_TEST_INFO("a check that fails");
    BOOST_TEST(1 == 2);
    BOOST_TEST_INFO("told before a warning");
    BOOST_TEST_WARN(1 == 2);
    BOOST_TEST_INFO("told before a message");
    BOOST_TEST_MESSAGE("the message");
    BOOST_TEST_INFO_SCOPE("for the rest");
    BOOST_TEST(1 == 3);
    BOOST_TEST_INFO("told before an exception");
    throw custom_error("in a context");
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(messages)
BOOST_AUTO_TEST_CASE(at_every_level) {
    BOOST_TEST_MESSAGE("a message");
    BOOST_TEST_MESSAGE("");
    BOOST_TEST_MESSAGE("of " << 2 << "\nlines, \xc3\xa9\xe2\x82\xac]]>");
    BOOST_TEST(1 == 1, "passes with a message");
    BOOST_TEST_WARN(1 == 2, "warns with a message");
    BOOST_TEST(1 == 2, "fails with a message");
    BOOST_TEST_REQUIRE(1 == 2, "requires with a message");
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(many)
BOOST_DATA_TEST_CASE(of_data, data::xrange(4) ^ data::make({"a", "b,c", "d", "e"}), number,
                     letter) {
    BOOST_TEST(number != 2);
    BOOST_TEST(letter != std::string("b,c"));
}
BOOST_DATA_TEST_CASE(of_products, data::xrange(2) * data::xrange(2), one, other) {
    BOOST_TEST(one == other);
}
using types = std::tuple<int, std::string, std::vector<std::pair<int, char>>>;
BOOST_AUTO_TEST_CASE_TEMPLATE(of_types, Type, types) {
    BOOST_TEST(sizeof(Type) == sizeof(int));
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(decorated)
BOOST_TEST_DECORATOR(*unit_test::disabled())
BOOST_AUTO_TEST_CASE(disabled) {
    trace("disabled");
    BOOST_ERROR("a disabled case ran");
}
BOOST_TEST_DECORATOR(*unit_test::enabled())
BOOST_AUTO_TEST_CASE(enabled) {
    BOOST_TEST(1 == 1);
}
BOOST_TEST_DECORATOR(*unit_test::enable_if<false>())
BOOST_AUTO_TEST_CASE(not_enabled) {
    BOOST_ERROR("a disabled case ran");
}
BOOST_TEST_DECORATOR(*unit_test::expected_failures(2))
BOOST_AUTO_TEST_CASE(fails_as_often_as_expected) {
    BOOST_TEST(1 == 2);
    BOOST_TEST(1 == 3);
}
BOOST_TEST_DECORATOR(*unit_test::expected_failures(2))
BOOST_AUTO_TEST_CASE(fails_less_often_than_expected) {
    BOOST_TEST(1 == 2);
}
BOOST_TEST_DECORATOR(*unit_test::expected_failures(1))
BOOST_AUTO_TEST_CASE(fails_more_often_than_expected) {
    BOOST_TEST(1 == 2);
    BOOST_TEST(1 == 3);
}
BOOST_TEST_DECORATOR(*unit_test::expected_failures(1))
BOOST_AUTO_TEST_CASE(is_expected_to_be_aborted) {
    BOOST_TEST_REQUIRE(1 == 2);
}
BOOST_TEST_DECORATOR(*unit_test::expected_failures(1))
BOOST_AUTO_TEST_CASE(is_expected_to_throw) {
    throw custom_error("expected");
}
BOOST_TEST_DECORATOR(*unit_test::timeout(30))
BOOST_AUTO_TEST_CASE(is_faster_than_its_timeout) {
    BOOST_TEST(1 == 1);
}
BOOST_TEST_DECORATOR(*unit_test::precondition(never))
BOOST_AUTO_TEST_CASE(never_runs) {
    BOOST_ERROR("it ran");
}
BOOST_TEST_DECORATOR(*unit_test::precondition(never_silently))
BOOST_AUTO_TEST_CASE(never_runs_silently) {
    BOOST_ERROR("it ran");
}
BOOST_TEST_DECORATOR(*unit_test::precondition(always))
BOOST_AUTO_TEST_CASE(always_runs) {
    BOOST_TEST(1 == 1);
}
BOOST_TEST_DECORATOR(*unit_test::label("slow") * unit_test::label("odd") *
                     unit_test::description("What it is for & <why>."))
BOOST_AUTO_TEST_CASE(labelled) {
    BOOST_TEST(1 == 1);
}
BOOST_AUTO_TEST_SUITE(refused, *unit_test::precondition(never) * unit_test::label("odd"))
BOOST_AUTO_TEST_CASE(first) {
    BOOST_ERROR("it ran");
}
BOOST_AUTO_TEST_CASE(second) {
    BOOST_ERROR("it ran");
}
BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE(off, *unit_test::disabled())
BOOST_AUTO_TEST_CASE(first) {
    BOOST_ERROR("it ran");
}
BOOST_TEST_DECORATOR(*unit_test::enabled())
BOOST_AUTO_TEST_CASE(enabled) {
    BOOST_TEST(1 == 1);
}
BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE(lenient, *unit_test::expected_failures(1))
BOOST_AUTO_TEST_CASE(first) {
    BOOST_TEST(1 == 2);
}
BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(dependent)
BOOST_TEST_DECORATOR(*unit_test::depends_on("dependent/passes"))
BOOST_AUTO_TEST_CASE(on_one_that_passes_and_comes_later) {
    trace("on_one_that_passes_and_comes_later");
    BOOST_TEST(1 == 1);
}
BOOST_AUTO_TEST_CASE(passes) {
    BOOST_TEST(1 == 1);
}
BOOST_AUTO_TEST_CASE(fails) {
    BOOST_TEST(1 == 2);
}
BOOST_TEST_DECORATOR(*unit_test::precondition(never))
BOOST_AUTO_TEST_CASE(is_skipped) {}
BOOST_TEST_DECORATOR(*unit_test::disabled())
BOOST_AUTO_TEST_CASE(is_disabled) {}
BOOST_TEST_DECORATOR(*unit_test::depends_on("dependent/fails"))
BOOST_AUTO_TEST_CASE(on_one_that_fails) {
    trace("on_one_that_fails");
}
BOOST_TEST_DECORATOR(*unit_test::depends_on("dependent/is_skipped"))
BOOST_AUTO_TEST_CASE(on_one_that_is_skipped) {
    trace("on_one_that_is_skipped");
}
BOOST_TEST_DECORATOR(*unit_test::depends_on("dependent/is_disabled"))
BOOST_AUTO_TEST_CASE(on_one_that_is_disabled) {
    trace("on_one_that_is_disabled");
}
BOOST_TEST_DECORATOR(*unit_test::depends_on("decorated/fails_as_often_as_expected"))
BOOST_AUTO_TEST_CASE(on_one_of_another_suite_with_expected_failures) {
    trace("on_one_of_another_suite_with_expected_failures");
    BOOST_TEST(1 == 1);
}
BOOST_TEST_DECORATOR(*unit_test::depends_on("assertions/warns_and_passes"))
BOOST_AUTO_TEST_CASE(on_one_that_warns) {
    BOOST_TEST(1 == 1);
}
BOOST_TEST_DECORATOR(*unit_test::depends_on("dependent/on_one_that_passes_and_comes_later"))
BOOST_AUTO_TEST_CASE(on_a_chain) {
    BOOST_TEST(1 == 1);
}
BOOST_TEST_DECORATOR(*unit_test::depends_on("dependent/on_one_that_fails"))
BOOST_AUTO_TEST_CASE(on_a_broken_chain) {
    trace("on_a_broken_chain");
}
BOOST_TEST_DECORATOR(*unit_test::depends_on("dependent/passes") *
                     unit_test::depends_on("dependent/fails"))
BOOST_AUTO_TEST_CASE(on_two) {
    trace("on_two");
}
BOOST_TEST_DECORATOR(*unit_test::depends_on("dependent/fails") * unit_test::precondition(never))
BOOST_AUTO_TEST_CASE(on_one_that_fails_and_on_a_precondition) {}
BOOST_TEST_DECORATOR(*unit_test::depends_on("healthy"))
BOOST_AUTO_TEST_CASE(on_a_suite) {
    trace("on_a_suite");
    BOOST_TEST(1 == 1);
}
BOOST_TEST_DECORATOR(*unit_test::depends_on("contexts"))
BOOST_AUTO_TEST_CASE(on_a_suite_that_fails) {
    trace("on_a_suite_that_fails");
}
BOOST_TEST_DECORATOR(*unit_test::depends_on("incomplete"))
BOOST_AUTO_TEST_CASE(on_a_suite_with_a_disabled_case) {
    trace("on_a_suite_with_a_disabled_case");
}
BOOST_TEST_DECORATOR(*unit_test::depends_on("decorated/refused"))
BOOST_AUTO_TEST_CASE(on_a_suite_that_is_refused) {
    trace("on_a_suite_that_is_refused");
}
BOOST_TEST_DECORATOR(*unit_test::depends_on("decorated/off"))
BOOST_AUTO_TEST_CASE(on_a_disabled_suite) {
    trace("on_a_disabled_suite");
}
BOOST_TEST_DECORATOR(*unit_test::depends_on("suite_that_fails"))
BOOST_AUTO_TEST_CASE(on_a_suite_whose_fixture_fails) {
    trace("on_a_suite_whose_fixture_fails");
}
BOOST_AUTO_TEST_SUITE(as_a_suite, *unit_test::depends_on("healthy"))
BOOST_AUTO_TEST_CASE(runs) {
    BOOST_TEST(1 == 1);
}
BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE(as_a_suite_in_vain, *unit_test::depends_on("dependent/fails"))
BOOST_AUTO_TEST_CASE(does_not_run) {
    trace("as_a_suite_in_vain");
}
BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(healthy)
BOOST_AUTO_TEST_CASE(first) {
    BOOST_TEST(1 == 1);
}
BOOST_AUTO_TEST_CASE(second) {
    BOOST_TEST(1 == 1);
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(incomplete)
BOOST_AUTO_TEST_CASE(first) {
    BOOST_TEST(1 == 1);
}
BOOST_TEST_DECORATOR(*unit_test::disabled())
BOOST_AUTO_TEST_CASE(second) {}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(sessions)
BOOST_FIXTURE_TEST_CASE(passes, stock_test) {
    BOOST_TEST(value<int>("SELECT count(*) FROM products") == 2);
    execute("DELETE FROM products");
}
BOOST_FIXTURE_TEST_CASE(fails, stock_test) {
    BOOST_TEST(value<int>("SELECT count(*) FROM products") == 3);
}
BOOST_FIXTURE_TEST_CASE(leaks, stock_test) {
    execute("INSERT INTO products(name) VALUES ('bread')");
    execute("COMMIT");
    BOOST_TEST(1 == 1);
}
BOOST_FIXTURE_TEST_CASE(errs, stock_test) {
    execute("SELECT * FROM nowhere");
}
BOOST_AUTO_TEST_SUITE(with_data, *isolite::boost_test::suite_fixture<product_of_suite>())
BOOST_FIXTURE_TEST_CASE(first, stock_test) {
    BOOST_TEST(value<int>("SELECT count(*) FROM products") == 3);
}
BOOST_FIXTURE_TEST_CASE(second, stock_test) {
    BOOST_TEST(value<int>("SELECT count(*) FROM products") == 4);
}
BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE(with_broken_data, *isolite::boost_test::suite_fixture<broken_data>())
BOOST_FIXTURE_TEST_CASE(first, stock_test) {
    BOOST_TEST(1 == 1);
}
BOOST_FIXTURE_TEST_CASE(second, stock_test) {
    BOOST_TEST(1 == 1);
}
BOOST_AUTO_TEST_CASE(needs_none) {
    BOOST_TEST(1 == 1);
}
BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(outer)
BOOST_AUTO_TEST_SUITE(middle)
BOOST_AUTO_TEST_SUITE(größe)
BOOST_AUTO_TEST_CASE(œuvre) {
    BOOST_TEST(1 == 2);
}
BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_CASE(after_the_inner_one) {
    BOOST_TEST(1 == 1);
}
BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(outside_of_any_suite) {
    BOOST_TEST(1 == 1);
}
