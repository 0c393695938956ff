#include "shop_test.hpp"

#include "shop/inventory.hpp"
#include "shop/reference_counts.hpp"
#include "shop/tests/ids.hpp"

#include <SQLiteCpp/Database.h>
#include <isolite/query.hpp>

namespace reference = shop::reference;

namespace {

constexpr std::int64_t berlin = 1;
constexpr std::int64_t lyon = 2;
constexpr std::int64_t new_york = 3;

/// Product 7 is kept in Berlin and New York.
struct stock_test : shop_test {
    shop::inventory& inventory = kept<shop::inventory>();
    const std::int64_t in_berlin = reference::quantity_of(7, berlin);
    const std::int64_t in_new_york = reference::quantity_of(7, new_york);

    std::int64_t quantity(std::int64_t warehouse_id) {
        return inventory.get(7, warehouse_id).quantity;
    }
};

} // namespace

TEST_CASE_METHOD(stock_test, "a movement changes the stock of its warehouse", "[stock]") {
    SECTION("by what is received") {
        CHECK(inventory.receive(7, berlin, 10) == 1);
        CHECK(quantity(berlin) == in_berlin + 10);
        CHECK(quantity(new_york) == in_new_york);
    }
    SECTION("by what is written off") {
        CHECK(inventory.write_off(7, berlin, 4) == 1);
        CHECK(quantity(berlin) == in_berlin - 4);
    }
    SECTION("and of the other one by a transfer") {
        inventory.transfer(7, berlin, new_york, 6);
        CHECK(quantity(berlin) == in_berlin - 6);
        CHECK(quantity(new_york) == in_new_york + 6);
    }
}

TEST_CASE_METHOD(stock_test, "a transfer needs two warehouses that keep the product", "[stock]") {
    CHECK_THROWS_MATCHES(inventory.transfer(7, berlin, berlin, 6), shop::error,
                         says("a transfer needs two different warehouses"));
    CHECK_THROWS_MATCHES(inventory.transfer(7, berlin, lyon, 6), shop::error,
                         says("product 7 is not kept in warehouse 2"));
    CHECK(inventory.movement_count() == 0);
}

TEST_CASE_METHOD(stock_test, "a count corrects the stock", "[stock]") {
    const std::int64_t counted = GENERATE(0, 3, 200);
    CHECK(inventory.correct(7, berlin, counted) == counted - in_berlin);
    CHECK(quantity(berlin) == counted);
    CHECK(inventory.movements_of(7).at(0).reason == "correction");
}

TEST_CASE_METHOD(stock_test, "a count that is right leaves no movement", "[stock]") {
    CHECK(inventory.correct(7, berlin, in_berlin) == 0);
    CHECK(inventory.movement_count() == 0);
}

TEST_CASE_METHOD(stock_test, "what is reserved is available to nobody else", "[stock]") {
    inventory.reserve(7, berlin, in_berlin - 1);
    CHECK_THROWS_MATCHES(
        inventory.reserve(7, berlin, 2), shop::error,
        says("not enough stock of product 7 in warehouse 1: 2 wanted, 1 available"));
    CHECK_THROWS_MATCHES(
        inventory.write_off(7, berlin, 2), shop::error,
        says("not enough stock of product 7 in warehouse 1: 2 wanted, 1 available"));
    inventory.release(7, berlin, 2);
    CHECK(inventory.get(7, berlin).available() == 3);
}

TEST_CASE_METHOD(stock_test, "no more is released than is reserved", "[stock]") {
    inventory.reserve(7, berlin, 2);
    CHECK_THROWS_MATCHES(inventory.release(7, berlin, 3), shop::error,
                         says("only 2 of product 7 are reserved in warehouse 1, not 3"));
    CHECK(inventory.get(7, berlin).reserved == 2);
}

TEST_CASE_METHOD(stock_test, "a quantity that is moved must be positive", "[stock]") {
    const int pieces = GENERATE(0, -1);
    const auto not_positive = "a quantity must be positive, not " + std::to_string(pieces);
    CHECK_THROWS_MATCHES(inventory.receive(7, berlin, pieces), shop::error, says(not_positive));
    CHECK_THROWS_MATCHES(inventory.reserve(7, berlin, pieces), shop::error, says(not_positive));
    CHECK(inventory.movement_count() == 0);
}

TEST_CASE_METHOD(stock_test, "a movement is there for ever", "[stock]") {
    inventory.receive(7, berlin, 10);
    const std::string sql =
        GENERATE("UPDATE stock_movements SET change = 1", "DELETE FROM stock_movements");
    CHECK_THROWS_AS(execute(sql), isolite::query_error);
    CHECK(ids_of(inventory.movements_of(7)) == ids{1});
}

TEST_CASE_METHOD(stock_test, "other programs see what was received", "[stock][copy_on_write]") {
    inventory.receive(7, berlin, 10);
    SQLite::Database other = connect();
    CHECK(shop::inventory(other).get(7, berlin).quantity == in_berlin + 10);
}

TEST_CASE_METHOD(stock_test, "other programs correct the stock", "[stock][copy_on_write]") {
    SQLite::Database other = connect();
    shop::inventory(other).correct(7, berlin, 3);
    CHECK(quantity(berlin) == 3);
}
