#include <isolite/doctest.hpp>
#include <isolite/doctest_main.hpp>
#include <isolite/seed.hpp>

#include <string>

namespace {

struct shop {
    static isolite::seed seed() {
        return isolite::seed("shop").sql("CREATE TABLE orders(id INTEGER PRIMARY KEY, number)");
    }
};
using shop_test = isolite::doc_test::session<shop>;

std::string next_number() {
    static int last = 0; // which all tests of a process share
    return "A-" + std::to_string(++last);
}

} // namespace

TEST_CASE("a number is not empty") {
    CHECK_FALSE(next_number().empty());
}

TEST_CASE_FIXTURE(shop_test, "an order is added") {
    execute("INSERT INTO orders(number) VALUES (?)", next_number());
    CHECK(value<int>("SELECT count(*) FROM orders") == 1);
}
