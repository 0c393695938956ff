#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "shop.hpp"

#include <doctest/doctest.h>
#include <isolite/doctest.hpp>

using shop_test = isolite::doc_test::session<shop>;

TEST_CASE_FIXTURE(shop_test, "stays") {
    CHECK(value<int>("SELECT count(*) FROM products") == 1);
}
TEST_CASE_FIXTURE(shop_test, "leaks") {
    execute("DELETE FROM products");
    execute("COMMIT");
}
