#include "text/file_names.hpp"

#include <doctest/doctest.h>

using isolite::text::file_name;
using isolite::text::unique_file_name;

TEST_CASE("a file's name has nothing that is special to a shell or a file system") {
    CHECK(file_name("Shop_2", 100, "_") == "Shop_2");
    CHECK(file_name("shop/orders: it's *here*.", 100, "_.") == "shop-orders--it-s--here-.");
    CHECK(file_name("a.b_c", 100, "") == "a-b-c");
    CHECK(file_name("\u00e4", 100, "_") == "--");
}

TEST_CASE("a file's name is cut where it is too long") {
    CHECK(file_name("orders", 6, "") == "orders");
    CHECK(file_name("orders", 5, "") == "order");
}

TEST_CASE("a unique name tells all texts apart, also where a file system takes large for small") {
    CHECK(unique_file_name("run-1") == "run-1");
    CHECK(unique_file_name("Run_1/\xFF") == "_52un_5f1_2f_ff");
    CHECK(unique_file_name("") == "");
}
