#include "checks.hpp"
#include "shop_test.hpp"
#include "warehouses.hpp"

#include "shop/inventory.hpp"
#include "shop/reference_counts.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace data = boost::unit_test::data;
namespace reference = shop::reference;

namespace {

/// Product 7 is kept in Berlin and New York.
struct stock_levels_test : shop_test {
    shop::inventory& inventory = kept<shop::inventory>();
    const std::int64_t in_berlin = reference::quantity_of(7, berlin);
    const std::int64_t in_new_york = reference::quantity_of(7, new_york);

    std::int64_t low_stock() { return value<std::int64_t>("SELECT count(*) FROM low_stock"); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(stock_levels)

BOOST_DATA_TEST_CASE_F(stock_levels_test, a_warehouse_is_found_by_its_code,
                       data::make({"BER", "TYO"}) ^ data::make({1, 4}), code, id) {
    BOOST_TEST(inventory.find_warehouse(code).value().id == id);
}

BOOST_FIXTURE_TEST_CASE(a_new_warehouse_is_listed_last, stock_levels_test) {
    BOOST_TEST(inventory.warehouses().size() == 4U);
    BOOST_TEST(!inventory.find_warehouse("VIE"));
    execute("INSERT INTO warehouses (code, name, country_code) VALUES ('VIE', 'Vienna', 'AT')");

    BOOST_TEST(inventory.warehouses().back().name == "Vienna");
    BOOST_TEST(inventory.find_warehouse("VIE").value().id == 5);
}

BOOST_FIXTURE_TEST_CASE(a_stock_row_starts_without_reservations, stock_levels_test) {
    const shop::stock_level level = inventory.get(7, berlin);

    BOOST_TEST(level.quantity == in_berlin);
    BOOST_TEST(level.reserved == 0);
    BOOST_TEST(level.available() == in_berlin);
    BOOST_TEST(level.reorder_level == 10);
}

BOOST_FIXTURE_TEST_CASE(the_levels_of_a_product_are_listed_by_warehouse, stock_levels_test) {
    const auto levels = inventory.levels_of(7);

    BOOST_TEST_REQUIRE(levels.size() == 2U);
    BOOST_TEST(levels[0].warehouse_id == berlin);
    BOOST_TEST(levels[1].warehouse_id == new_york);
}

BOOST_FIXTURE_TEST_CASE(what_is_available_is_added_up_over_the_warehouses, stock_levels_test) {
    BOOST_TEST(inventory.available(7) == in_berlin + in_new_york);
    inventory.reserve(7, new_york, 3);
    BOOST_TEST(inventory.available(7) == in_berlin + in_new_york - 3);
}

BOOST_FIXTURE_TEST_CASE(nothing_is_available_of_an_unknown_product, stock_levels_test) {
    BOOST_TEST(inventory.available(2001) == 0);
    BOOST_TEST(inventory.levels_of(2001).empty());
}

BOOST_FIXTURE_TEST_CASE(a_product_newly_kept_starts_with_nothing, stock_levels_test) {
    inventory.keep(7, lyon);

    BOOST_TEST(inventory.get(7, lyon).quantity == 0);
    BOOST_TEST(inventory.get(7, lyon).reorder_level == 0);
    BOOST_TEST(value<std::int64_t>("SELECT count(*) FROM stock") == reference::stock_rows + 1);
}

BOOST_FIXTURE_TEST_CASE(a_product_newly_kept_can_be_received, stock_levels_test) {
    inventory.keep(7, lyon);
    inventory.receive(7, lyon, 12);
    BOOST_TEST(inventory.levels_of(7).size() == 3U);
    BOOST_TEST(inventory.get(7, lyon).quantity == 12);
}

BOOST_FIXTURE_TEST_CASE(a_product_is_kept_once_in_a_warehouse, stock_levels_test) {
    inventory.keep(7, lyon);
    BOOST_CHECK_EXCEPTION(inventory.keep(7, lyon), shop::error,
                          says("product 7 is already kept in warehouse 2"));
    BOOST_CHECK_EXCEPTION(inventory.keep(7, berlin), shop::error,
                          says("product 7 is already kept in warehouse 1"));
}

BOOST_FIXTURE_TEST_CASE(only_a_product_that_exists_can_be_kept, stock_levels_test) {
    BOOST_CHECK_EXCEPTION(inventory.keep(2001, berlin), shop::error,
                          says("there is no product 2001"));
}

BOOST_FIXTURE_TEST_CASE(only_a_warehouse_that_exists_can_keep, stock_levels_test) {
    BOOST_CHECK_EXCEPTION(inventory.keep(7, 5), shop::error, says("there is no warehouse 5"));
}

BOOST_FIXTURE_TEST_CASE(a_product_that_is_not_kept_is_an_error, stock_levels_test) {
    const auto not_kept = says("product 7 is not kept in warehouse 2");
    BOOST_TEST(!inventory.find(7, lyon));
    BOOST_CHECK_EXCEPTION(inventory.get(7, lyon), shop::error, not_kept);
    BOOST_CHECK_EXCEPTION(inventory.reserve(7, lyon, 1), shop::error, not_kept);
    BOOST_CHECK_EXCEPTION(inventory.release(7, lyon, 1), shop::error, not_kept);
    BOOST_CHECK_EXCEPTION(inventory.set_reorder_level(7, lyon, 1), shop::error, not_kept);
}

BOOST_FIXTURE_TEST_CASE(a_reservation_leaves_the_quantity_alone, stock_levels_test) {
    inventory.reserve(7, berlin, 5);

    BOOST_TEST(inventory.get(7, berlin).quantity == in_berlin);
    BOOST_TEST(inventory.get(7, berlin).reserved == 5);
    BOOST_TEST(inventory.get(7, berlin).available() == in_berlin - 5);
}

BOOST_FIXTURE_TEST_CASE(a_reservation_leaves_other_warehouses_alone, stock_levels_test) {
    inventory.reserve(7, berlin, 5);
    BOOST_TEST(inventory.get(7, new_york).reserved == 0);
    BOOST_TEST(value<int>("SELECT sum(reserved) FROM stock") == 5);
}

BOOST_FIXTURE_TEST_CASE(reservations_add_up, stock_levels_test) {
    inventory.reserve(7, berlin, 5);
    inventory.reserve(7, berlin, 2);
    BOOST_TEST(inventory.get(7, berlin).reserved == 7);
}

BOOST_FIXTURE_TEST_CASE(the_last_piece_can_be_reserved, stock_levels_test) {
    inventory.reserve(7, berlin, in_berlin);
    BOOST_TEST(inventory.get(7, berlin).available() == 0);
}

BOOST_FIXTURE_TEST_CASE(one_piece_more_than_available_cannot_be_reserved, stock_levels_test) {
    inventory.reserve(50, lyon, 3);
    BOOST_CHECK_EXCEPTION(
        inventory.reserve(50, lyon, 3), shop::error,
        says("not enough stock of product 50 in warehouse 2: 3 wanted, 2 available"));
    BOOST_TEST(inventory.get(50, lyon).reserved == 3);
}

BOOST_FIXTURE_TEST_CASE(a_released_piece_can_be_reserved_again, stock_levels_test) {
    inventory.reserve(50, lyon, 5);
    inventory.release(50, lyon, 1);
    BOOST_CHECK_NO_THROW(inventory.reserve(50, lyon, 1));
}

BOOST_FIXTURE_TEST_CASE(no_more_can_be_released_than_is_reserved, stock_levels_test) {
    inventory.reserve(7, berlin, 2);
    BOOST_CHECK_EXCEPTION(inventory.release(7, berlin, 3), shop::error,
                          says("only 2 of product 7 are reserved in warehouse 1, not 3"));
    BOOST_TEST(inventory.get(7, berlin).reserved == 2);
}

BOOST_DATA_TEST_CASE_F(stock_levels_test, a_reserved_quantity_must_be_positive, data::make({0, -1}),
                       quantity) {
    const auto not_positive = says("a quantity must be positive, not " + std::to_string(quantity));
    BOOST_CHECK_EXCEPTION(inventory.reserve(7, berlin, quantity), shop::error, not_positive);
    BOOST_CHECK_EXCEPTION(inventory.release(7, berlin, quantity), shop::error, not_positive);
}

BOOST_FIXTURE_TEST_CASE(reservations_leave_no_movements, stock_levels_test) {
    inventory.reserve(7, berlin, 5);
    inventory.release(7, berlin, 5);
    BOOST_TEST(inventory.movement_count() == 0);
}

BOOST_FIXTURE_TEST_CASE(reserved_goods_count_as_gone_in_the_low_stock, stock_levels_test) {
    BOOST_TEST(low_stock() == reference::low_stock_rows);
    inventory.reserve(7, berlin, in_berlin - 9);
    BOOST_TEST(low_stock() == reference::low_stock_rows + 1);
}

BOOST_FIXTURE_TEST_CASE(stock_at_its_reorder_level_is_not_low, stock_levels_test) {
    inventory.set_reorder_level(7, berlin, in_berlin);
    BOOST_TEST(low_stock() == reference::low_stock_rows);

    inventory.set_reorder_level(7, berlin, in_berlin + 1);
    BOOST_TEST(low_stock() == reference::low_stock_rows + 1);
}

BOOST_FIXTURE_TEST_CASE(received_goods_end_the_low_stock, stock_levels_test) {
    inventory.receive(50, lyon, 5);
    BOOST_TEST(low_stock() == reference::low_stock_rows - 1);
}

BOOST_AUTO_TEST_SUITE_END()
