#include "suite_data.hpp"

#include <isolite/doctest.hpp>

#include <doctest/doctest.h>

// Suites with fixtures, and tests around them that must not see what the suites wrote. All pass, in
// every order; suites_test.py judges. Compiled with UNPROTECTED for the control.

using isolite::doc_test::isolated;
using isolite::doc_test::suite_fixture;

using stock_test = isolite::doc_test::session<stock>;
using staff_test = isolite::doc_test::session<staff>;

#ifdef UNPROTECTED
template <typename Database>
using suite = bare_suite<Database>;
#else
template <typename Database>
using suite = isolite::doc_test::suite<Database>;
#endif

namespace {

isolated chosen() {
    return isolated(mode_of_subject());
}

struct orders_data : product_of_suite<suite<stock>> {
    orders_data() : product_of_suite("orders") {}
};
struct returns_data : product_of_suite<suite<stock>> {
    returns_data() : product_of_suite("returns") {}
};
struct unused_data : product_of_suite<suite<stock>> {
    unused_data() : product_of_suite("unused") {}
};
struct payments_data : product_of_suite<suite<stock>> {
    payments_data() : product_of_suite("payments") {
        people.execute("INSERT INTO people VALUES ('of payments')");
    }
    suite<staff> people;
};

const bool orders = suite_fixture<orders_data>("orders");
const bool payments = suite_fixture<payments_data>("payments");
const bool both = suite_fixture<orders_data>("both") && suite_fixture<returns_data>("both");
const bool skipped = suite_fixture<unused_data>("skipped");

void check(isolite::fixture& test, const std::string& products) {
    CHECK(products_before_spoiling(test) == products);
}

void check_people(isolite::fixture& test, int expected) {
    CHECK(test.value<int>("SELECT count(*) FROM people") == expected);
    test.execute("DELETE FROM people");
}

struct stock_and_staff {
    stock_test goods;
    staff_test people;
};

} // namespace

TEST_CASE_FIXTURE(stock_test, "outside of any suite" * chosen()) {
    check(*this, "milk,tea");
}

TEST_SUITE("before" * chosen()) {
    TEST_CASE_FIXTURE(stock_test, "first of before") {
        check(*this, "milk,tea");
    }
    TEST_CASE_FIXTURE(stock_test, "second of before") {
        check(*this, "milk,tea");
    }
}

TEST_SUITE("orders" * chosen()) {
    TEST_CASE_FIXTURE(stock_test, "first of orders") {
        check(*this, "milk,of orders,tea");
    }
    TEST_CASE_FIXTURE(stock_test, "second of orders") {
        check(*this, "milk,of orders,tea");
    }
    TEST_CASE_FIXTURE(stock_test, "subcases of orders") {
        check(*this, "milk,of orders,tea");
        SUBCASE("one") {
            execute("DELETE FROM products");
        }
        SUBCASE("another") {
            SUBCASE("nested") {}
            SUBCASE("nested as well") {
                CHECK(value<int>("SELECT count(*) FROM products") == 3);
            }
        }
    }
    TEST_CASE_FIXTURE(staff_test, "another database in orders") {
        check_people(*this, 0);
    }
    TEST_CASE("no database in orders") {
        CHECK(true);
    }
}

TEST_SUITE("payments" * chosen()) {
    TEST_CASE_FIXTURE(stock_and_staff, "first of payments") {
        check(goods, "milk,of payments,tea");
        check_people(people, 1);
    }
    TEST_CASE_FIXTURE(stock_and_staff, "second of payments") {
        check(goods, "milk,of payments,tea");
        check_people(people, 1);
    }
}

TEST_SUITE("orders" * chosen()) {
    TEST_CASE_FIXTURE(stock_test, "later one of orders") {
        check(*this, "milk,of orders,tea");
    }
}

TEST_SUITE("both" * chosen()) {
    TEST_CASE_FIXTURE(stock_test, "first of both") {
        check(*this, "milk,of orders,of returns,tea");
    }
}

TEST_SUITE("skipped") {
    TEST_CASE_FIXTURE(stock_test, "first of skipped" * doctest::skip()) {
        FAIL("a skipped test ran");
    }
}

TEST_SUITE("after" * chosen()) {
    TEST_CASE_FIXTURE(stock_test, "first of after") {
        check(*this, "milk,tea");
    }
    TEST_CASE_FIXTURE(staff_test, "second of after") {
        check_people(*this, 0);
    }
}
