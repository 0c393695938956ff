#include "checks.hpp"
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
class Stock : public shop_test {
  protected:
    shop::inventory& inventory = kept<shop::inventory>();
    const std::int64_t in_berlin = reference::quantity_of(7, berlin);
    const std::int64_t in_new_york = reference::quantity_of(7, new_york);

    std::int64_t quantity(std::int64_t warehouse_id) {
        return inventory.get(7, warehouse_id).quantity;
    }
};

TEST_F(Stock, GrowsByWhatIsReceived) {
    EXPECT_EQ(inventory.receive(7, berlin, 10), 1);
    EXPECT_EQ(quantity(berlin), in_berlin + 10);
    EXPECT_EQ(quantity(new_york), in_new_york);
    EXPECT_EQ(inventory.movements_of(7).at(0).reason, "receipt");
}

TEST_F(Stock, MovesBetweenWarehousesThatKeepTheProduct) {
    inventory.transfer(7, berlin, new_york, 6);
    EXPECT_EQ(quantity(berlin), in_berlin - 6);
    EXPECT_EQ(quantity(new_york), in_new_york + 6);
    EXPECT_EQ(refusal([&] { inventory.transfer(7, berlin, lyon, 6); }),
              "product 7 is not kept in warehouse 2");
    EXPECT_EQ(inventory.movement_count(), 2);
}

TEST_F(Stock, IsCorrectedByACount) {
    EXPECT_EQ(inventory.correct(7, berlin, in_berlin), 0);
    EXPECT_EQ(inventory.movement_count(), 0);
    EXPECT_EQ(inventory.correct(7, berlin, 3), 3 - in_berlin);
    EXPECT_EQ(quantity(berlin), 3);
}

TEST_F(Stock, IsNotWrittenOffWhileItIsReserved) {
    inventory.reserve(7, berlin, in_berlin - 1);
    EXPECT_EQ(refusal([&] { inventory.write_off(7, berlin, 2); }),
              "not enough stock of product 7 in warehouse 1: 2 wanted, 1 available");
    EXPECT_EQ(quantity(berlin), in_berlin);
}

TEST_F(Stock, IsReservedNoMoreThanOnce) {
    inventory.reserve(7, berlin, in_berlin);
    EXPECT_EQ(refusal([&] { inventory.reserve(7, berlin, 1); }),
              "not enough stock of product 7 in warehouse 1: 1 wanted, 0 available");
    inventory.release(7, berlin, 3);
    EXPECT_EQ(inventory.get(7, berlin).available(), 3);
}

TEST_F(Stock, KeepsItsMovementsForEver) {
    inventory.receive(7, berlin, 10);
    EXPECT_THROW(execute("UPDATE stock_movements SET change = 1"), isolite::query_error);
    EXPECT_THROW(execute("DELETE FROM stock_movements"), isolite::query_error);
    EXPECT_EQ(ids_of(inventory.movements_of(7)), (ids{1}));
}

TEST_F(Stock, IsNeverLessThanNothing) {
    EXPECT_THROW(execute("UPDATE stock SET quantity = -1 WHERE product_id = 7"),
                 isolite::query_error);
    EXPECT_EQ(quantity(berlin), in_berlin);
}

class WrongQuantity : public Stock, public testing::WithParamInterface<int> {};

TEST_P(WrongQuantity, IsNotMoved) {
    const std::string not_positive =
        "a quantity must be positive, not " + std::to_string(GetParam());
    EXPECT_EQ(refusal([&] { inventory.receive(7, berlin, GetParam()); }), not_positive);
    EXPECT_EQ(refusal([&] { inventory.reserve(7, berlin, GetParam()); }), not_positive);
    EXPECT_EQ(refusal([&] { inventory.transfer(7, berlin, new_york, GetParam()); }), not_positive);
    EXPECT_EQ(inventory.movement_count(), 0);
}

INSTANTIATE_TEST_SUITE_P(Stock, WrongQuantity, testing::Values(0, -1));

/// The stock as another program sees it, which has a connection of its own.
class StockTaking : public Stock {
  protected:
    SQLite::Database other = connect();
    shop::inventory others{other};
};

// What others see is committed.
const bool counting_commits = isolite::googletest::mark(
    "StockTaking.*", isolite::googletest::isolated(isolite::mode::copy_on_write));

TEST_F(StockTaking, SeesWhatWasReceived) {
    inventory.receive(7, berlin, 10);
    EXPECT_EQ(others.get(7, berlin).quantity, in_berlin + 10);
}

TEST_F(StockTaking, CorrectsTheStockOfTheShop) {
    others.correct(7, berlin, 3);
    EXPECT_EQ(quantity(berlin), 3);
    EXPECT_EQ(inventory.movement_count(), 1);
}

} // namespace
