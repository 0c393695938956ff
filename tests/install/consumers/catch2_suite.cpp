#include "shop.hpp"

#include <isolite/catch2_main.hpp>

#if __has_include(<catch2/catch_test_macros.hpp>)
#    include <catch2/catch_test_macros.hpp> // version 3
#endif

using shop_test = isolite::catch2::session<shop>;

TEST_CASE_METHOD(shop_test, "stays") {
    CHECK(value<int>("SELECT count(*) FROM products") == 1);
}
TEST_CASE_METHOD(shop_test, "leaks") {
    execute("DELETE FROM products");
    execute("COMMIT");
}
