#include "checks.hpp"
#include "refused.hpp"
#include "shop_test.hpp"
#include "warehouses.hpp"

#include "shop/inventory.hpp"
#include "shop/reference_counts.hpp"

#include <SQLiteCpp/Exception.h>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace data = boost::unit_test::data;
namespace reference = shop::reference;
namespace tt = boost::test_tools;

namespace {

/// Product 7 is kept in Berlin and New York.
struct stock_movements_test : shop_test {
    shop::inventory& inventory = kept<shop::inventory>();
    const std::int64_t in_berlin = reference::quantity_of(7, berlin);
    const std::int64_t in_new_york = reference::quantity_of(7, new_york);

    std::int64_t quantity(std::int64_t warehouse_id) {
        return value<std::int64_t>(
            "SELECT quantity FROM stock WHERE product_id = 7 AND warehouse_id = ?", warehouse_id);
    }

    /// Opens an order, for movements that belong to one.
    std::int64_t open_order() {
        execute("INSERT INTO orders (customer_id, address_id, warehouse_id, currency_code,"
                " opened_on) VALUES (1, 1, 1, 'EUR', '2024-04-01')");
        return value<std::int64_t>("SELECT max(id) FROM orders");
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(stock_movements)

BOOST_FIXTURE_TEST_CASE(movements_are_numbered_from_one, stock_movements_test) {
    BOOST_TEST(inventory.receive(7, berlin, 10) == 1);
    BOOST_TEST(inventory.write_off(7, berlin, 1) == 2);
    BOOST_TEST(inventory.receive(9, berlin, 10) == 3);
}

BOOST_FIXTURE_TEST_CASE(received_goods_raise_the_quantity, stock_movements_test) {
    inventory.receive(7, berlin, 10);

    BOOST_TEST(quantity(berlin) == in_berlin + 10);
    BOOST_TEST(quantity(new_york) == in_new_york);
}

BOOST_FIXTURE_TEST_CASE(a_receipt_says_what_came_and_where_to, stock_movements_test) {
    inventory.receive(7, new_york, 10);

    const auto movements = inventory.movements_of(7);
    BOOST_TEST_REQUIRE(movements.size() == 1U);
    BOOST_TEST(movements[0].warehouse_id == new_york);
    BOOST_TEST(movements[0].change == 10);
    BOOST_TEST(movements[0].reason == "receipt");
    BOOST_TEST(!movements[0].order_id);
}

BOOST_FIXTURE_TEST_CASE(a_write_off_lowers_the_quantity, stock_movements_test) {
    inventory.write_off(7, berlin, 4);

    BOOST_TEST(quantity(berlin) == in_berlin - 4);
    BOOST_TEST(inventory.movements_of(7).at(0).reason == "write_off");
    BOOST_TEST(inventory.movements_of(7).at(0).change == -4);
}

BOOST_FIXTURE_TEST_CASE(reserved_goods_cannot_be_written_off, stock_movements_test) {
    inventory.reserve(7, berlin, in_berlin - 1);
    BOOST_CHECK_EXCEPTION(
        inventory.write_off(7, berlin, 2), shop::error,
        says("not enough stock of product 7 in warehouse 1: 2 wanted, 1 available"));
    BOOST_TEST(quantity(berlin) == in_berlin);
    BOOST_TEST(inventory.movement_count() == 0);
}

BOOST_DATA_TEST_CASE_F(stock_movements_test, a_count_corrects_the_quantity, data::make({0, 200}),
                       counted) {
    BOOST_TEST(inventory.correct(7, berlin, counted) == counted - in_berlin);

    BOOST_TEST(quantity(berlin) == counted);
    BOOST_TEST(inventory.movements_of(7).at(0).reason == "correction");
}

BOOST_FIXTURE_TEST_CASE(a_count_that_is_right_leaves_no_movement, stock_movements_test) {
    BOOST_TEST(inventory.correct(7, berlin, in_berlin) == 0);
    BOOST_TEST(inventory.movement_count() == 0);
}

BOOST_FIXTURE_TEST_CASE(a_count_cannot_be_negative, stock_movements_test) {
    BOOST_CHECK_EXCEPTION(inventory.correct(7, berlin, -1), shop::error,
                          says("a count cannot be negative, not even -1"));
}

BOOST_FIXTURE_TEST_CASE(a_count_cannot_be_below_what_is_reserved, stock_movements_test) {
    inventory.reserve(7, berlin, 3);
    BOOST_CHECK_EXCEPTION(inventory.correct(7, berlin, 2), shop::error,
                          says("3 of product 7 are reserved in warehouse 1, more than the 2 "
                               "counted"));
    BOOST_TEST(inventory.correct(7, berlin, 3) == 3 - in_berlin);
}

BOOST_FIXTURE_TEST_CASE(a_transfer_moves_goods_between_warehouses, stock_movements_test) {
    inventory.transfer(7, berlin, new_york, 6);

    BOOST_TEST(quantity(berlin) == in_berlin - 6);
    BOOST_TEST(quantity(new_york) == in_new_york + 6);
}

BOOST_FIXTURE_TEST_CASE(a_transfer_leaves_two_movements_that_cancel_out, stock_movements_test) {
    inventory.transfer(7, berlin, new_york, 6);

    BOOST_TEST(values<std::int64_t>("SELECT change FROM stock_movements ORDER BY id") ==
                   ids({-6, 6}),
               tt::per_element());
    BOOST_TEST(value<int>("SELECT count(*) FROM stock_movements WHERE reason = 'transfer'") == 2);
}

BOOST_FIXTURE_TEST_CASE(a_transfer_needs_two_different_warehouses, stock_movements_test) {
    BOOST_CHECK_EXCEPTION(inventory.transfer(7, berlin, berlin, 6), shop::error,
                          says("a transfer needs two different warehouses"));
}

BOOST_FIXTURE_TEST_CASE(a_transfer_needs_goods_that_are_not_reserved, stock_movements_test) {
    inventory.reserve(7, berlin, in_berlin);
    BOOST_CHECK_EXCEPTION(
        inventory.transfer(7, berlin, new_york, 1), shop::error,
        says("not enough stock of product 7 in warehouse 1: 1 wanted, 0 available"));
}

BOOST_FIXTURE_TEST_CASE(a_transfer_needs_a_warehouse_that_keeps_the_product, stock_movements_test) {
    BOOST_CHECK_EXCEPTION(inventory.transfer(7, berlin, lyon, 6), shop::error,
                          says("product 7 is not kept in warehouse 2"));
    BOOST_TEST(quantity(berlin) == in_berlin);
    BOOST_TEST(inventory.movement_count() == 0);
}

BOOST_DATA_TEST_CASE_F(stock_movements_test, a_moved_quantity_must_be_positive, data::make({0, -1}),
                       quantity) {
    const auto not_positive = says("a quantity must be positive, not " + std::to_string(quantity));
    BOOST_CHECK_EXCEPTION(inventory.receive(7, berlin, quantity), shop::error, not_positive);
    BOOST_CHECK_EXCEPTION(inventory.write_off(7, berlin, quantity), shop::error, not_positive);
    BOOST_CHECK_EXCEPTION(inventory.transfer(7, berlin, new_york, quantity), shop::error,
                          not_positive);
    BOOST_TEST(inventory.movement_count() == 0);
}

BOOST_FIXTURE_TEST_CASE(goods_sent_for_an_order_were_reserved_before, stock_movements_test) {
    const std::int64_t order = open_order();
    inventory.reserve(7, berlin, 3);

    inventory.send(7, berlin, 3, order);

    BOOST_TEST(inventory.get(7, berlin).quantity == in_berlin - 3);
    BOOST_TEST(inventory.get(7, berlin).reserved == 0);
}

BOOST_FIXTURE_TEST_CASE(goods_that_are_not_reserved_cannot_be_sent, stock_movements_test) {
    const std::int64_t order = open_order();
    BOOST_CHECK_EXCEPTION(inventory.send(7, berlin, 3, order), shop::error,
                          says("only 0 of product 7 are reserved in warehouse 1, not 3"));
    BOOST_TEST(inventory.movement_count() == 0);
}

BOOST_FIXTURE_TEST_CASE(a_failed_sending_keeps_the_reservation, stock_movements_test) {
    inventory.reserve(7, berlin, 3);
    BOOST_CHECK_THROW(inventory.send(7, berlin, 3, 1), SQLite::Exception); // there is no order 1
    BOOST_TEST(inventory.get(7, berlin).reserved == 3);
}

BOOST_FIXTURE_TEST_CASE(goods_taken_back_raise_the_quantity_again, stock_movements_test) {
    const std::int64_t order = open_order();
    inventory.reserve(7, berlin, 3);
    inventory.send(7, berlin, 3, order);

    inventory.take_back(7, berlin, 2, order);

    BOOST_TEST(quantity(berlin) == in_berlin - 1);
}

BOOST_FIXTURE_TEST_CASE(an_order_lists_its_own_movements, stock_movements_test) {
    const std::int64_t order = open_order();
    inventory.receive(7, berlin, 10);
    inventory.reserve(7, berlin, 3);
    inventory.send(7, berlin, 3, order);
    inventory.take_back(7, berlin, 3, order);

    BOOST_TEST(ids_of(inventory.movements_for_order(order)) == ids({2, 3}), tt::per_element());
    BOOST_TEST(inventory.movements_for_order(order).at(0).reason == "sale");
    BOOST_TEST(inventory.movements_for_order(order).at(1).reason == "return");
}

BOOST_FIXTURE_TEST_CASE(a_product_lists_its_own_movements, stock_movements_test) {
    inventory.receive(7, berlin, 10);
    inventory.receive(9, berlin, 10);
    inventory.receive(7, new_york, 10);
    BOOST_TEST(ids_of(inventory.movements_of(7)) == ids({1, 3}), tt::per_element());
}

BOOST_FIXTURE_TEST_CASE(movements_explain_the_whole_change_of_a_quantity, stock_movements_test) {
    inventory.receive(7, berlin, 10);
    inventory.write_off(7, berlin, 2);
    inventory.transfer(7, berlin, new_york, 5);
    inventory.correct(7, berlin, 1);

    BOOST_TEST(in_berlin + value<std::int64_t>("SELECT sum(change) FROM stock_movements"
                                               " WHERE warehouse_id = 1") ==
               1);
    BOOST_TEST(quantity(berlin) == 1);
}

BOOST_FIXTURE_TEST_CASE(a_movement_is_never_changed, stock_movements_test) {
    inventory.receive(7, berlin, 10);
    BOOST_CHECK_EXCEPTION(execute("UPDATE stock_movements SET change = 1"), isolite::query_error,
                          refused("a stock movement is never changed"));
    BOOST_TEST(inventory.movements_of(7).at(0).change == 10);
}

BOOST_FIXTURE_TEST_CASE(a_movement_is_never_deleted, stock_movements_test) {
    inventory.receive(7, berlin, 10);
    BOOST_CHECK_EXCEPTION(execute("DELETE FROM stock_movements"), isolite::query_error,
                          refused("a stock movement is never deleted"));
    BOOST_TEST(inventory.movement_count() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
