// Tests of code that commits, with doctest.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <doctest/doctest.h>
#include <isolite/doctest.hpp>
#include <isolite/seed.hpp>

#include <SQLiteCpp/Transaction.h>

namespace {

struct shop {
    static isolite::seed seed() {
        return isolite::seed("shop").sql(
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, product INTEGER NOT NULL);");
    }
};
using shop_test = isolite::doc_test::session<shop>;

void place_order(SQLite::Database& db, int product) {
    SQLite::Transaction transaction(db);
    SQLite::Statement insert(db, "INSERT INTO orders (product) VALUES (?)");
    insert.bind(1, product);
    insert.exec();
    transaction.commit();
}

// [order]
TEST_CASE_FIXTURE(shop_test, "an order is committed" *
                                 isolite::doc_test::isolated(isolite::mode::copy_on_write)) {
    place_order(db(), 7);
    CHECK(connect().execAndGet("SELECT product FROM orders").getInt() == 7);
}
// [/order]

// [suite]
TEST_SUITE("orders" * isolite::doc_test::isolated(isolite::mode::copy_on_write)) {
    TEST_CASE_FIXTURE(shop_test, "two orders are two commits") {
        place_order(db(), 7);
        place_order(db(), 8);
        CHECK(value<int>("SELECT count(*) FROM orders") == 2);
    }
}
// [/suite]

TEST_CASE_FIXTURE(shop_test, "no order is left of all these") {
    CHECK(value<int>("SELECT count(*) FROM orders") == 0);
}

} // namespace
