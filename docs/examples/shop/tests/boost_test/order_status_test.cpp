#include "checks.hpp"
#include "order_test.hpp"

#include "shop/payments.hpp"
#include "shop/shipping.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <set>
#include <utility>

namespace data = boost::unit_test::data;
namespace reference = shop::reference;
using state = shop::order_status;

namespace {

const state all_states[] = {state::draft,     state::placed,   state::paid,     state::shipped,
                            state::delivered, state::returned, state::cancelled};

/// The life of an order, as the owner of the shop drew it on the whiteboard.
const std::set<std::pair<state, state>> allowed = {
    {state::draft, state::placed},      {state::draft, state::cancelled},
    {state::placed, state::paid},       {state::placed, state::cancelled},
    {state::paid, state::shipped},      {state::paid, state::cancelled},
    {state::shipped, state::delivered}, {state::delivered, state::returned},
};

struct order_status_test : order_test {
    shop::payments& payments = kept<shop::payments>();
    shop::shipping& shipping = kept<shop::shipping>();

    std::int64_t pay_order() {
        const std::int64_t id = place_order(1, 2);
        payments.capture(payments.authorise(id, 2 * reference::price_of(1), "card"));
        return id;
    }

    /// Sends a paid order as shipment 1.
    std::int64_t ship_order() {
        const std::int64_t id = pay_order();
        shipping.create(id, "TRACK-1", "2024-04-02");
        return id;
    }

    std::int64_t in_stock() {
        return value<std::int64_t>(
            "SELECT quantity FROM stock WHERE product_id = 1 AND warehouse_id = 1");
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(order_status)

BOOST_DATA_TEST_CASE_F(order_status_test, an_order_takes_only_the_steps_that_are_allowed,
                       data::make(all_states) * data::make(all_states), from, to) {
    const std::int64_t id = open_order();
    execute("UPDATE orders SET status = ? WHERE id = ?", to_string(from), id);

    if (allowed.count({from, to}) == 1) {
        orders.move_to(id, to);
        BOOST_TEST(orders.get(id).status == to);
    } else {
        BOOST_CHECK_EXCEPTION(
            orders.move_to(id, to), shop::error,
            says("order 1 cannot go from " + to_string(from) + " to " + to_string(to)));
        BOOST_TEST(orders.get(id).status == from);
    }
}

BOOST_FIXTURE_TEST_CASE(states_are_read_as_they_are_written, order_status_test) {
    for (const state status : all_states) {
        BOOST_TEST(shop::order_status_from(to_string(status)) == status);
    }
}

BOOST_FIXTURE_TEST_CASE(an_unknown_state_is_an_error, order_status_test) {
    BOOST_CHECK_EXCEPTION(shop::order_status_from("lost"), shop::error,
                          says("there is no order status 'lost'"));
}

BOOST_FIXTURE_TEST_CASE(an_order_lives_from_draft_to_returned, order_status_test) {
    const std::int64_t id = ship_order();
    BOOST_TEST(orders.get(id).status == state::shipped);

    shipping.deliver(1, "2024-04-05");
    BOOST_TEST(orders.get(id).status == state::delivered);

    shipping.take_back(1);
    BOOST_TEST(orders.get(id).status == state::returned);
}

BOOST_FIXTURE_TEST_CASE(a_placed_order_keeps_its_lines, order_status_test) {
    const auto no_draft = says("order 1 is placed, only a draft can be changed");
    const std::int64_t id = place_order(1, 2);

    BOOST_CHECK_EXCEPTION(orders.add_line(id, 3, 1), shop::error, no_draft);
    BOOST_CHECK_EXCEPTION(orders.change_quantity(id, 1, 3), shop::error, no_draft);
    BOOST_CHECK_EXCEPTION(orders.remove_line(id, 1), shop::error, no_draft);
    BOOST_TEST(orders.lines(id).at(0).quantity == 2);
}

BOOST_FIXTURE_TEST_CASE(a_placed_order_cannot_be_placed_again, order_status_test) {
    const std::int64_t id = place_order(1, 2);
    BOOST_CHECK_EXCEPTION(orders.place(id), shop::error,
                          says("order 1 cannot go from placed to placed"));
    BOOST_TEST(reserved(1) == 2);
}

BOOST_FIXTURE_TEST_CASE(a_cancelled_order_cannot_be_cancelled_again, order_status_test) {
    const std::int64_t id = place_order(1, 2);
    orders.cancel(id);
    BOOST_CHECK_EXCEPTION(orders.cancel(id), shop::error,
                          says("order 1 cannot go from cancelled to cancelled"));
    BOOST_TEST(reserved(1) == 0);
}

BOOST_FIXTURE_TEST_CASE(an_order_that_is_not_paid_is_not_shipped, order_status_test) {
    const std::int64_t id = place_order(1, 2);
    BOOST_CHECK_EXCEPTION(shipping.create(id, "TRACK-1", "2024-04-02"), shop::error,
                          says("order 1 cannot go from placed to shipped"));
    BOOST_TEST(value<int>("SELECT count(*) FROM shipments") == 0);
}

BOOST_FIXTURE_TEST_CASE(a_shipped_order_has_left_the_warehouse, order_status_test) {
    const std::int64_t before = in_stock();
    ship_order();
    BOOST_TEST(in_stock() == before - 2);
    BOOST_TEST(reserved(1) == 0);
}

BOOST_FIXTURE_TEST_CASE(a_returned_order_is_back_in_the_warehouse, order_status_test) {
    const std::int64_t before = in_stock();
    ship_order();
    shipping.deliver(1, "2024-04-05");
    shipping.take_back(1);
    BOOST_TEST(in_stock() == before);
}

BOOST_FIXTURE_TEST_CASE(an_order_on_its_way_cannot_be_taken_back, order_status_test) {
    const std::int64_t id = ship_order();
    BOOST_CHECK_EXCEPTION(shipping.take_back(1), shop::error,
                          says("order 1 cannot go from shipped to returned"));
    BOOST_TEST(kept<shop::inventory>().movements_for_order(id).size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(a_paid_order_can_be_cancelled_once_refunded, order_status_test) {
    const std::int64_t id = pay_order();
    payments.refund(1, 2 * reference::price_of(1));

    orders.cancel(id);

    BOOST_TEST(orders.get(id).status == state::cancelled);
    BOOST_TEST(reserved(1) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
