#include <isolite/doctest_main.hpp> // instead of doctest's own main
#include <isolite/seed.hpp>

struct shop {
    static isolite::seed seed() {
        return isolite::seed("shop").sql("CREATE TABLE orders (product INTEGER NOT NULL);");
    }
};
using shop_test = isolite::doc_test::session<shop>;

TEST_CASE_FIXTURE(shop_test, "an order is stored") {
    execute("INSERT INTO orders VALUES (?)", 7);
    CHECK(value<int>("SELECT product FROM orders") == 7);
}

TEST_CASE_FIXTURE(shop_test, "there are no orders yet") {
    CHECK(value<int>("SELECT count(*) FROM orders") == 0);
}
