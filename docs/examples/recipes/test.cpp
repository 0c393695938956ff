// The tests of all recipes. Where the database is, and to whom it belongs, the fixture says.
#include "fixture.hpp"

TEST_CASE_FIXTURE(orders_test, "nobody has ordered yet") {
    CHECK(app.count() == 0);
}

TEST_CASE_FIXTURE(orders_test, "an order is added") {
    app.add("tea");
    CHECK(app.count() == 1);
}

TEST_CASE_FIXTURE(orders_test, "another connection sees an order") {
    orders other(place);
    app.add("milk");
    CHECK(other.count() == 1);
}

TEST_CASE_FIXTURE(orders_test, "a new start finds the orders") {
    app.add("tea");
    app.add("milk");
    CHECK(orders(place).count() == 2);
}
