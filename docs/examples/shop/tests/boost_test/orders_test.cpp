#include "checks.hpp"
#include "order_test.hpp"

#include "shop/addresses.hpp"
#include "shop/customers.hpp"
#include "shop/payments.hpp"
#include "shop/products.hpp"
#include "shop/shipping.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <tuple>

namespace data = boost::unit_test::data;
namespace reference = shop::reference;
namespace tt = boost::test_tools;

namespace {

struct wrong_order {
    shop::new_order opened;
    const char* sentence;
};

std::ostream& operator<<(std::ostream& out, const wrong_order& wrong) {
    return out << wrong.sentence;
}

const wrong_order wrong_orders[] = {
    {{501, 1, "EUR", "2024-04-01"}, "there is no customer 501"},
    {{1, 5, "EUR", "2024-04-01"}, "there is no warehouse 5"},
    {{1, 1, "XXA", "2024-04-01"}, "there is no currency XXA"},
    {{1, 1, "EUR", "2024-04-01", 2}, "address 2 does not belong to customer 1"},
};

using sold_things = std::tuple<shop::orders, shop::payments, shop::shipping>;

} // namespace

BOOST_AUTO_TEST_SUITE(orders)

BOOST_FIXTURE_TEST_CASE_TEMPLATE(nothing_was_sold_before_a_test, Things, sold_things, order_test) {
    BOOST_TEST(!kept<Things>().find(1).has_value());
}

BOOST_FIXTURE_TEST_CASE(orders_are_numbered_from_one, order_test) {
    BOOST_TEST(open_order() == 1);
    BOOST_TEST(open_order() == 2);
    BOOST_TEST(orders.count() == 2);
}

BOOST_FIXTURE_TEST_CASE(a_new_order_is_an_empty_draft, order_test) {
    const std::int64_t id = open_order();

    BOOST_TEST(orders.get(id).status == shop::order_status::draft);
    BOOST_TEST(orders.lines(id).empty());
    BOOST_TEST(!orders.get(id).promotion_code);
}

BOOST_FIXTURE_TEST_CASE(a_new_order_is_stored_as_written, order_test) {
    const shop::order found = orders.get(orders.open({7, 3, "USD", "2024-05-02"}));

    BOOST_TEST(found.customer_id == 7);
    BOOST_TEST(found.warehouse_id == 3);
    BOOST_TEST(found.currency_code == "USD");
    BOOST_TEST(found.opened_on == "2024-05-02");
}

BOOST_FIXTURE_TEST_CASE(an_order_goes_to_the_default_address, order_test) {
    BOOST_TEST(orders.get(open_order(2)).address_id == 2);
    kept<shop::addresses>().make_default(501);
    BOOST_TEST(orders.get(open_order(2)).address_id == 501);
}

BOOST_FIXTURE_TEST_CASE(an_order_goes_to_another_address_when_told_so, order_test) {
    BOOST_TEST(orders.get(orders.open({2, 1, "EUR", "2024-04-01", 501})).address_id == 501);
}

BOOST_DATA_TEST_CASE_F(order_test, a_wrong_order_is_not_opened, data::make(wrong_orders), wrong) {
    BOOST_CHECK_EXCEPTION(orders.open(wrong.opened), shop::error, says(wrong.sentence));
    BOOST_TEST(orders.count() == 0);
}

BOOST_FIXTURE_TEST_CASE(a_closed_account_opens_no_orders, order_test) {
    kept<shop::customers>().set_active(1, false);
    BOOST_CHECK_EXCEPTION(open_order(), shop::error, says("customer 1 is not active"));
    BOOST_TEST(orders.count() == 0);
}

BOOST_FIXTURE_TEST_CASE(an_order_needs_an_address_to_go_to, order_test) {
    kept<shop::addresses>().remove(1);
    BOOST_CHECK_EXCEPTION(open_order(), shop::error, says("customer 1 has no default address"));
}

BOOST_FIXTURE_TEST_CASE(an_unknown_order_is_an_error, order_test) {
    const auto no_1 = says("there is no order 1");
    BOOST_CHECK_EXCEPTION(orders.get(1), shop::error, no_1);
    BOOST_CHECK_EXCEPTION(orders.lines(1), shop::error, no_1);
    BOOST_CHECK_EXCEPTION(orders.add_line(1, 1, 1), shop::error, no_1);
    BOOST_CHECK_EXCEPTION(orders.change_quantity(1, 1, 1), shop::error, no_1);
    BOOST_CHECK_EXCEPTION(orders.remove_line(1, 1), shop::error, no_1);
    BOOST_CHECK_EXCEPTION(orders.place(1), shop::error, no_1);
    BOOST_CHECK_EXCEPTION(orders.cancel(1), shop::error, no_1);
}

BOOST_FIXTURE_TEST_CASE(orders_are_listed_by_customer, order_test) {
    open_order(1);
    open_order(2);
    open_order(1);

    BOOST_TEST(ids_of(orders.of_customer(1)) == ids({1, 3}), tt::per_element());
    BOOST_TEST(ids_of(orders.of_customer(2)) == ids({2}), tt::per_element());
    BOOST_TEST(orders.of_customer(3).empty());
}

BOOST_FIXTURE_TEST_CASE(orders_are_listed_by_status, order_test) {
    place_order();
    open_order();
    place_order(3);

    BOOST_TEST(ids_of(orders.with_status(shop::order_status::placed)) == ids({1, 3}),
               tt::per_element());
    BOOST_TEST(ids_of(orders.with_status(shop::order_status::draft)) == ids({2}),
               tt::per_element());
}

BOOST_FIXTURE_TEST_CASE(lines_are_numbered_from_one_in_every_order, order_test) {
    const std::int64_t first = open_order();
    const std::int64_t second = open_order();

    BOOST_TEST(orders.add_line(first, 1, 1) == 1);
    BOOST_TEST(orders.add_line(first, 3, 1) == 2);
    BOOST_TEST(orders.add_line(second, 3, 1) == 1);
}

BOOST_FIXTURE_TEST_CASE(a_line_keeps_product_quantity_and_price, order_test) {
    const std::int64_t id = open_order();
    orders.add_line(id, 3, 4);

    const auto lines = orders.lines(id);
    BOOST_TEST_REQUIRE(lines.size() == 1U);
    BOOST_TEST(lines[0].product_id == 3);
    BOOST_TEST(lines[0].quantity == 4);
    BOOST_TEST(lines[0].price_minor == reference::price_of(3));
}

BOOST_FIXTURE_TEST_CASE(the_same_product_joins_its_line, order_test) {
    const std::int64_t id = open_order();
    orders.add_line(id, 1, 2);
    orders.add_line(id, 3, 1);

    BOOST_TEST(orders.add_line(id, 1, 3) == 1);

    BOOST_TEST(orders.lines(id).size() == 2U);
    BOOST_TEST(orders.lines(id).at(0).quantity == 5);
}

BOOST_FIXTURE_TEST_CASE(a_joined_line_keeps_its_old_price, order_test) {
    const std::int64_t id = open_order();
    orders.add_line(id, 1, 1);
    kept<shop::products>().change_price(1, 1);
    orders.add_line(id, 1, 1);
    BOOST_TEST(orders.lines(id).at(0).price_minor == reference::price_of(1));
}

BOOST_DATA_TEST_CASE_F(order_test, a_quantity_must_be_positive, data::make({0, -1}), quantity) {
    const std::int64_t id = open_order();
    const auto not_positive = says("a quantity must be positive, not " + std::to_string(quantity));

    BOOST_CHECK_EXCEPTION(orders.add_line(id, 1, quantity), shop::error, not_positive);
    orders.add_line(id, 1, 2);
    BOOST_CHECK_EXCEPTION(orders.change_quantity(id, 1, quantity), shop::error, not_positive);
    BOOST_TEST(orders.lines(id).at(0).quantity == 2);
}

BOOST_FIXTURE_TEST_CASE(a_product_out_of_sale_cannot_be_ordered, order_test) {
    const std::int64_t id = open_order();
    kept<shop::products>().set_active(1, false);
    BOOST_CHECK_EXCEPTION(orders.add_line(id, 1, 1), shop::error,
                          says("product 1 is not for sale"));
    BOOST_TEST(orders.lines(id).empty());
}

BOOST_FIXTURE_TEST_CASE(an_order_has_prices_in_one_currency, order_test) {
    const std::int64_t id = open_order();
    BOOST_CHECK_EXCEPTION(orders.add_line(id, 121, 1), shop::error,
                          says("order 1 is in EUR, product 121 costs USD"));
    BOOST_TEST(orders.lines(id).empty());
}

BOOST_FIXTURE_TEST_CASE(the_quantity_of_a_line_can_change, order_test) {
    const std::int64_t id = open_order();
    orders.add_line(id, 1, 2);
    orders.change_quantity(id, 1, 7);
    BOOST_TEST(orders.lines(id).at(0).quantity == 7);
}

BOOST_FIXTURE_TEST_CASE(a_removed_line_leaves_the_numbers_of_the_others, order_test) {
    const std::int64_t id = open_order();
    orders.add_line(id, 1, 1);
    orders.add_line(id, 3, 1);

    orders.remove_line(id, 1);

    BOOST_TEST_REQUIRE(orders.lines(id).size() == 1U);
    BOOST_TEST(orders.lines(id)[0].line == 2);
    BOOST_TEST(orders.add_line(id, 1, 1) == 3);
}

BOOST_FIXTURE_TEST_CASE(an_unknown_line_is_an_error, order_test) {
    const std::int64_t id = open_order();
    const auto no_line = says("order 1 has no line 1");
    BOOST_CHECK_EXCEPTION(orders.change_quantity(id, 1, 1), shop::error, no_line);
    BOOST_CHECK_EXCEPTION(orders.remove_line(id, 1), shop::error, no_line);
}

BOOST_FIXTURE_TEST_CASE(a_placed_order_reserves_its_goods, order_test) {
    const std::int64_t id = open_order();
    orders.add_line(id, 1, 2);
    orders.add_line(id, 3, 5);
    BOOST_TEST(reserved(1) == 0);

    orders.place(id);

    BOOST_TEST(reserved(1) == 2);
    BOOST_TEST(reserved(3) == 5);
    BOOST_TEST(value<int>("SELECT sum(reserved) FROM stock") == 7);
}

BOOST_FIXTURE_TEST_CASE(an_empty_order_cannot_be_placed, order_test) {
    BOOST_CHECK_EXCEPTION(orders.place(open_order()), shop::error, says("order 1 has no lines"));
    BOOST_TEST(orders.get(1).status == shop::order_status::draft);
}

BOOST_FIXTURE_TEST_CASE(all_goods_are_reserved_or_none, order_test) {
    const std::int64_t id = open_order();
    orders.add_line(id, 1, 2);
    orders.add_line(id, 3, reference::quantity_of(3, 1) + 1);

    BOOST_CHECK_EXCEPTION(
        orders.place(id), shop::error,
        says("not enough stock of product 3 in warehouse 1: 31 wanted, 30 available"));

    BOOST_TEST(reserved(1) == 0);
    BOOST_TEST(orders.get(id).status == shop::order_status::draft);
}

BOOST_FIXTURE_TEST_CASE(goods_come_from_the_warehouse_of_the_order, order_test) {
    const std::int64_t id = open_order();
    orders.add_line(id, 2, 1);
    BOOST_CHECK_EXCEPTION(orders.place(id), shop::error,
                          says("product 2 is not kept in warehouse 1"));
}

BOOST_FIXTURE_TEST_CASE(two_orders_share_the_stock, order_test) {
    place_order(3, 20);
    BOOST_CHECK_EXCEPTION(
        place_order(3, 11), shop::error,
        says("not enough stock of product 3 in warehouse 1: 11 wanted, 10 available"));
    BOOST_TEST(reserved(3) == 20);
}

BOOST_FIXTURE_TEST_CASE(a_cancelled_order_releases_its_reservations, order_test) {
    const std::int64_t kept_order = place_order(1, 3);
    const std::int64_t cancelled = place_order(1, 2);

    orders.cancel(cancelled);

    BOOST_TEST(reserved(1) == 3);
    BOOST_TEST(orders.get(kept_order).status == shop::order_status::placed);
}

BOOST_FIXTURE_TEST_CASE(a_cancelled_order_voids_its_authorisations, order_test) {
    const std::int64_t id = place_order();
    kept<shop::payments>().authorise(id, 100, "card");

    orders.cancel(id);

    BOOST_TEST(kept<shop::payments>().get(1).status == "voided");
}

BOOST_FIXTURE_TEST_CASE(an_order_with_money_in_it_cannot_be_cancelled, order_test) {
    const std::int64_t id = place_order();
    auto& payments = kept<shop::payments>();
    payments.capture(payments.authorise(id, 100, "card"));

    BOOST_CHECK_EXCEPTION(orders.cancel(id), shop::error,
                          says("order 1 has captured payments: refund them first"));
    BOOST_TEST(reserved(1) == 2);

    payments.refund(1, 100);
    orders.cancel(id);
    BOOST_TEST(reserved(1) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
