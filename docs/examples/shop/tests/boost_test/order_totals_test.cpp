#include "checks.hpp"
#include "order_test.hpp"

#include "shop/products.hpp"
#include "shop/promotions.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace data = boost::unit_test::data;
namespace reference = shop::reference;

namespace {

constexpr const char* day = "2024-04-01";

/// An order of one product, 2001, whose price the test chooses.
struct order_totals_test : order_test {
    shop::promotions& promotions = kept<shop::promotions>();
    shop::products& products = kept<shop::products>();

    std::int64_t order_for(std::int64_t price_minor, std::int64_t quantity = 1,
                           const std::string& currency = "EUR") {
        products.add({"WOK-1", "Wok", 10, price_minor, currency});
        const std::int64_t id = open_order(1, currency);
        orders.add_line(id, 2001, quantity);
        return id;
    }
};

struct discounted {
    const char* code;
    const char* currency;
    std::int64_t subtotal;
    std::int64_t total;
};

std::ostream& operator<<(std::ostream& out, const discounted& order) {
    return out << order.code << " on " << order.subtotal << ' ' << order.currency;
}

const discounted discounted_orders[] = {
    {"WELCOME10", "EUR", 1000, 900}, {"WELCOME10", "EUR", 999, 900},
    {"WELCOME10", "JPY", 500, 450},  {"ONCE50", "EUR", 1, 1},
    {"EURO5", "EUR", 2000, 1500},    {"DOLLAR10", "USD", 5000, 4000},
};

} // namespace

BOOST_AUTO_TEST_SUITE(order_totals)

BOOST_FIXTURE_TEST_CASE(an_empty_order_costs_nothing, order_totals_test) {
    const shop::order_total total = orders.total(open_order());

    BOOST_TEST(total.lines == 0);
    BOOST_TEST(total.subtotal_minor == 0);
    BOOST_TEST(total.total_minor == 0);
}

BOOST_FIXTURE_TEST_CASE(a_line_costs_its_price_times_its_quantity, order_totals_test) {
    BOOST_TEST(orders.total(order_for(333, 3)).total_minor == 999);
}

BOOST_FIXTURE_TEST_CASE(lines_are_added_up, order_totals_test) {
    const std::int64_t id = open_order();
    orders.add_line(id, 1, 2);
    orders.add_line(id, 3, 1);

    const shop::order_total total = orders.total(id);
    BOOST_TEST(total.lines == 2);
    BOOST_TEST(total.subtotal_minor == 2 * reference::price_of(1) + reference::price_of(3));
}

BOOST_FIXTURE_TEST_CASE(every_order_is_added_up_alone, order_totals_test) {
    const std::int64_t first = order_for(100);
    const std::int64_t second = open_order();
    orders.add_line(second, 2001, 5);

    BOOST_TEST(orders.total(first).total_minor == 100);
    BOOST_TEST(orders.total(second).total_minor == 500);
    BOOST_TEST(value<int>("SELECT count(*) FROM order_totals") == 2);
}

BOOST_FIXTURE_TEST_CASE(a_total_may_exceed_thirty_two_bits, order_totals_test) {
    BOOST_TEST(orders.total(order_for(5'000'000'000, 3)).total_minor == 15'000'000'000);
}

BOOST_FIXTURE_TEST_CASE(an_unknown_order_has_no_total, order_totals_test) {
    BOOST_CHECK_EXCEPTION(orders.total(1), shop::error, says("there is no order 1"));
}

BOOST_DATA_TEST_CASE_F(order_totals_test, a_promotion_makes_an_order_cheaper,
                       data::make(discounted_orders), order) {
    const std::int64_t id = order_for(order.subtotal, 1, order.currency);

    BOOST_TEST(promotions.apply(id, order.code, day) == order.subtotal - order.total);

    BOOST_TEST(orders.total(id).subtotal_minor == order.subtotal);
    BOOST_TEST(orders.total(id).discount_minor == order.subtotal - order.total);
    BOOST_TEST(orders.total(id).total_minor == order.total);
}

BOOST_FIXTURE_TEST_CASE(the_discount_follows_the_lines, order_totals_test) {
    const std::int64_t id = order_for(1000);
    promotions.apply(id, "WELCOME10", day);
    orders.change_quantity(id, 1, 3);
    BOOST_TEST(orders.total(id).total_minor == 2700);
}

BOOST_FIXTURE_TEST_CASE(below_its_minimum_a_promotion_gives_nothing, order_totals_test) {
    const std::int64_t id = order_for(1000, 2);
    promotions.apply(id, "EURO5", day);
    BOOST_TEST(orders.total(id).total_minor == 1500);

    orders.change_quantity(id, 1, 1);
    BOOST_TEST(orders.total(id).total_minor == 1000);
}

BOOST_FIXTURE_TEST_CASE(an_amount_never_exceeds_the_subtotal, order_totals_test) {
    promotions.add({"GIFT", "amount", 2500, "EUR", 0, "2024-01-01", "2024-12-31"});
    const std::int64_t id = order_for(1999);
    BOOST_TEST(promotions.apply(id, "GIFT", day) == 1999);
    BOOST_TEST(orders.total(id).total_minor == 0);
}

BOOST_FIXTURE_TEST_CASE(a_promotion_takes_the_place_of_another, order_totals_test) {
    const std::int64_t id = order_for(10000);
    promotions.apply(id, "WELCOME10", day);
    promotions.apply(id, "ONCE50", day);
    BOOST_TEST(orders.total(id).total_minor == 5000);
}

BOOST_FIXTURE_TEST_CASE(without_its_promotion_an_order_costs_all_of_it, order_totals_test) {
    const std::int64_t id = order_for(10000);
    promotions.apply(id, "WELCOME10", day);
    promotions.remove_from(id);
    BOOST_TEST(orders.total(id).discount_minor == 0);
    BOOST_TEST(orders.total(id).total_minor == 10000);
}

BOOST_FIXTURE_TEST_CASE(a_promotion_that_ended_still_counts_for_its_orders, order_totals_test) {
    const std::int64_t id = order_for(10000);
    promotions.apply(id, "WELCOME10", day);
    promotions.end("WELCOME10", "2023-12-31");
    BOOST_TEST(orders.total(id).total_minor == 9000);
}

BOOST_FIXTURE_TEST_CASE(an_order_keeps_its_total_when_it_is_placed, order_totals_test) {
    const std::int64_t id = open_order();
    orders.add_line(id, 1, 2);
    promotions.apply(id, "WELCOME10", day);
    const std::int64_t total = orders.total(id).total_minor;

    orders.place(id);

    BOOST_TEST(orders.total(id).total_minor == total);
}

BOOST_AUTO_TEST_SUITE_END()
