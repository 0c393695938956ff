#include "stock.hpp"

#include <isolite/doctest.hpp>

#include <doctest/doctest.h>

using stock_test = isolite::doc_test::session<stock>;

TEST_CASE_FIXTURE(stock_test, "a query that fails says which and why") {
    const auto error_of = [this](const char* sql) -> std::string {
        try {
            static_cast<void>(value<int>(sql));
        } catch (const isolite::query_error& problem) {
            return problem.what();
        }
        return "";
    };
    CHECK(error_of("SELECT id FROM products WHERE id = 9") ==
          R"(cannot take one value from "SELECT id FROM products WHERE id = 9": )"
          R"(it returned no row)");
    CHECK(error_of("SELECT id FROM products") ==
          R"(cannot take one value from "SELECT id FROM products": it returned more than one row)");
    CHECK(error_of("SELECT id, name FROM products") ==
          R"(cannot take one value from "SELECT id, name FROM products": it has 2 columns)");
    CHECK(error_of("SELECT NULL") == R"(cannot convert the value of "SELECT NULL": it is NULL, )"
                                     R"(which is not of the type that was asked for)");
    CHECK(error_of("SELECT name FROM products WHERE id = 1") ==
          R"(cannot convert the value of "SELECT name FROM products WHERE id = 1": it is a TEXT, )"
          R"(which is not of the type that was asked for)");
    CHECK(error_of("SELECT ?").find(R"(cannot run "SELECT ?": its parameters are 1)") == 0);
    CHECK(error_of("SELECT x FROM nowhere") ==
          R"(cannot run "SELECT x FROM nowhere": no such table: nowhere)");
}

TEST_CASE_FIXTURE(stock_test, "a query that fails leaves nothing open") {
    CHECK_THROWS_AS(static_cast<void>(value<int>("SELECT id FROM products")), isolite::query_error);
    CHECK(execute("DELETE FROM products") == 2);
    CHECK(values<int>("SELECT id FROM products").empty());
}
