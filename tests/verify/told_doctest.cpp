// Tells which fixtures and cases run, in which order; verify_test.py judges.
#include <isolite/doctest_main.hpp>

#include "told.hpp"

namespace {

struct told_suite {
    told_suite() { tell("suite begins"); }
    told_suite(const told_suite&) = delete;
    told_suite& operator=(const told_suite&) = delete;
    ~told_suite() { tell("suite ends"); }
};

const bool orders = isolite::doc_test::suite_fixture<told_suite>("orders");

} // namespace

TEST_SUITE("orders") {
    TEST_CASE("first") {
        tell("first");
    }

    TEST_CASE("second") {
        SUBCASE("one") {
            tell("second, one");
        }
        SUBCASE("two") {
            tell("second, two");
        }
    }
}

TEST_CASE("other") {
    tell(doctest::getContextOptions()->no_throw ? "other, without exceptions" : "other");
}
