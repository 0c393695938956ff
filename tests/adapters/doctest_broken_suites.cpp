#include "broken_suites.hpp"

#include <isolite/doctest.hpp>

#include <doctest/doctest.h>

// Suites whose fixtures fail, and between them tests that must pass; broken_suites_test.py judges.

using isolite::doc_test::suite;
using isolite::doc_test::suite_fixture;

using stock_test = isolite::doc_test::session<stock>;
using staff_test = isolite::doc_test::session<staff>;

namespace {

const bool given = suite_fixture<throwing_and_leaking_data<suite>>("throws and leaks") &&
                   suite_fixture<throwing_data<suite>>("throws") &&
                   suite_fixture<data_that_throws_no_exception<suite>>("throws no exception") &&
                   suite_fixture<data_of_a_broken_seed<suite>>("broken seed") &&
                   suite_fixture<throwing_fixture>("without sessions") &&
                   suite_fixture<leaking_data<suite>>("leaks") &&
                   suite_fixture<data_in_a_transaction<suite>>("transaction");

void unreachable() {
    FAIL_CHECK("the body of a test ran although the set-up of its suite failed");
}

void check(stock_test& test) {
    CHECK(test.value<int>("SELECT count(*) FROM products") == 2);
}

} // namespace

TEST_SUITE("throws and leaks") {
    TEST_CASE_FIXTURE(stock_test, "first of throws and leaks") {
        unreachable();
    }
}

TEST_CASE_FIXTURE(stock_test, "healthy one") {
    check(*this);
}

TEST_SUITE("throws") {
    TEST_CASE_FIXTURE(stock_test, "first of throws") {
        unreachable();
    }
    TEST_CASE_FIXTURE(stock_test, "second of throws") {
        SUBCASE("one") {
            unreachable();
        }
        SUBCASE("another") {
            unreachable();
        }
    }
    TEST_CASE_FIXTURE(staff_test, "another database in throws") {
        unreachable();
    }
}

TEST_CASE_FIXTURE(stock_test, "healthy two") {
    check(*this);
}

TEST_SUITE("throws no exception") {
    TEST_CASE_FIXTURE(stock_test, "first of throws no exception") {
        unreachable();
    }
}

TEST_SUITE("broken seed") {
    TEST_CASE_FIXTURE(stock_test, "first of broken seed") {
        unreachable();
    }
}

TEST_SUITE("without sessions") {
    TEST_CASE("first of without sessions") {
        CHECK(true);
    }
}

TEST_SUITE("leaks") {
    TEST_CASE_FIXTURE(stock_test, "first of leaks") {
        check(*this);
    }
}

TEST_CASE_FIXTURE(stock_test, "healthy three") {
    check(*this);
}

TEST_SUITE("transaction") {
    TEST_CASE_FIXTURE(stock_test, "first of transaction") {
        unreachable();
    }
}

TEST_CASE_FIXTURE(stock_test, "healthy four") {
    check(*this);
}
