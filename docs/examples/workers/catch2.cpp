#include <isolite/catch2_main.hpp> // instead of Catch2's own main
#include <isolite/seed.hpp>

#if __has_include(<catch2/catch_test_macros.hpp>)
#    include <catch2/catch_test_macros.hpp> // version 3
#endif

struct shop {
    static isolite::seed seed() {
        return isolite::seed("shop").sql("CREATE TABLE orders (product INTEGER NOT NULL);");
    }
};
using shop_test = isolite::catch2::session<shop>;

TEST_CASE_METHOD(shop_test, "an order is stored") {
    execute("INSERT INTO orders VALUES (?)", 7);
    CHECK(value<int>("SELECT product FROM orders") == 7);
}

TEST_CASE_METHOD(shop_test, "there are no orders yet") {
    CHECK(value<int>("SELECT count(*) FROM orders") == 0);
}
