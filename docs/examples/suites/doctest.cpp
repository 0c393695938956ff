// Data that a suite of tests shares, with doctest.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
#include <isolite/doctest.hpp>
#include <isolite/seed.hpp>

namespace {

struct shop {
    static isolite::seed seed() {
        return isolite::seed("shop").sql(
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, product INTEGER NOT NULL);");
    }
};
using shop_test = isolite::doc_test::session<shop>;

// [suite]
struct orders_data : isolite::doc_test::suite<shop> {
    orders_data() { execute("INSERT INTO orders (product) VALUES (7), (8), (9)"); }
};

const bool orders = isolite::doc_test::suite_fixture<orders_data>("orders");

TEST_SUITE("orders") {
    TEST_CASE_FIXTURE(shop_test, "orders are cancelled") {
        CHECK(execute("DELETE FROM orders WHERE product > 7") == 2);
    }
    TEST_CASE_FIXTURE(shop_test, "there are three orders") {
        CHECK(value<int>("SELECT count(*) FROM orders") == 3);
    }
}
// [/suite]

TEST_CASE_FIXTURE(shop_test, "outside of the suite there are none") {
    CHECK(value<int>("SELECT count(*) FROM orders") == 0);
}

} // namespace
