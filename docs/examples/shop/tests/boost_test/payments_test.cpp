#include "checks.hpp"
#include "order_test.hpp"

#include "shop/payments.hpp"
#include "shop/promotions.hpp"

#include <SQLiteCpp/Database.h>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace data = boost::unit_test::data;
namespace reference = shop::reference;
namespace tt = boost::test_tools;

namespace {

/// What all tests of the suite start from. Order 1 is placed: one piece of product 1.
struct payments_data : isolite::boost_test::suite<shop_database> {
    payments_data() {
        auto& orders = kept<shop::orders>();
        orders.add_line(orders.open({1, 1, "EUR", "2024-04-01"}), 1, 1);
        orders.place(1);
    }
};

struct payments_test : order_test {
    shop::payments& payments = kept<shop::payments>();
    const std::int64_t order = 1;
    const std::int64_t price = reference::price_of(1);

    std::int64_t authorise(std::int64_t amount_minor) {
        return payments.authorise(order, amount_minor, "card");
    }

    std::int64_t capture(std::int64_t amount_minor) {
        const std::int64_t id = authorise(amount_minor);
        payments.capture(id);
        return id;
    }
};

/// The decorator of tests about what other connections see.
const isolite::boost_test::isolated commits(isolite::mode::copy_on_write);

/// Order 2 is placed and costs nothing, thanks to a promotion.
struct free_order_test : payments_test {
    const std::int64_t free_order = open_order();

    free_order_test() {
        auto& promotions = kept<shop::promotions>();
        promotions.add({"FREE", "percent", 100, std::nullopt, 0, "2024-01-01", "2024-12-31"});
        orders.add_line(free_order, 3, 1);
        promotions.apply(free_order, "FREE", "2024-04-01");
        orders.place(free_order);
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(payments, *isolite::boost_test::suite_fixture<payments_data>())

BOOST_FIXTURE_TEST_CASE(payments_are_numbered_from_one, payments_test) {
    BOOST_TEST(authorise(100) == 1);
    BOOST_TEST(authorise(100) == 2);
}

BOOST_FIXTURE_TEST_CASE(a_payment_is_authorised_first, payments_test) {
    const shop::payment found = payments.get(authorise(100));

    BOOST_TEST(found.order_id == order);
    BOOST_TEST(found.amount_minor == 100);
    BOOST_TEST(found.refunded_minor == 0);
    BOOST_TEST(found.status == "authorised");
}

BOOST_DATA_TEST_CASE_F(payments_test, a_payment_is_made_by_card_transfer_or_voucher,
                       data::make({"card", "transfer", "voucher"}), method) {
    BOOST_TEST(payments.get(payments.authorise(order, price, method)).method == method);
}

BOOST_DATA_TEST_CASE_F(payments_test, another_method_is_an_error, data::make({"", "Card"}),
                       method) {
    BOOST_CHECK_EXCEPTION(
        payments.authorise(order, price, method), shop::error,
        says(std::string("a payment is made by card, transfer or voucher, not '") + method + "'"));
    BOOST_TEST(payments.of_order(order).empty());
}

BOOST_DATA_TEST_CASE_F(payments_test, an_amount_must_be_positive, data::make({0, -1}), amount) {
    const auto not_positive = says("an amount must be positive, not " + std::to_string(amount));
    BOOST_CHECK_EXCEPTION(authorise(amount), shop::error, not_positive);
    capture(100);
    BOOST_CHECK_EXCEPTION(payments.refund(1, amount), shop::error, not_positive);
}

BOOST_FIXTURE_TEST_CASE(an_unknown_payment_is_an_error, payments_test) {
    const auto no_1 = says("there is no payment 1");
    BOOST_CHECK_EXCEPTION(payments.get(1), shop::error, no_1);
    BOOST_CHECK_EXCEPTION(payments.capture(1), shop::error, no_1);
    BOOST_CHECK_EXCEPTION(payments.void_authorisation(1), shop::error, no_1);
    BOOST_CHECK_EXCEPTION(payments.refund(1, 100), shop::error, no_1);
}

BOOST_FIXTURE_TEST_CASE(an_unknown_order_cannot_be_paid, payments_test) {
    const auto no_2 = says("there is no order 2");
    BOOST_CHECK_EXCEPTION(payments.authorise(2, 100, "card"), shop::error, no_2);
    BOOST_CHECK_EXCEPTION(payments.accept_free(2), shop::error, no_2);
    BOOST_CHECK_EXCEPTION(payments.outstanding(2), shop::error, no_2);
}

BOOST_FIXTURE_TEST_CASE(a_draft_cannot_be_paid, payments_test) {
    const std::int64_t draft = open_order();
    BOOST_CHECK_EXCEPTION(payments.authorise(draft, 100, "card"), shop::error,
                          says("order 2 is draft, not placed"));
    BOOST_CHECK_EXCEPTION(payments.accept_free(draft), shop::error,
                          says("order 2 is draft, not placed"));
}

BOOST_FIXTURE_TEST_CASE(no_more_is_authorised_than_the_order_costs, payments_test) {
    authorise(price - 10);
    BOOST_CHECK_EXCEPTION(authorise(11), shop::error, says("order 1 needs 10 more, not 11"));
    BOOST_CHECK_NO_THROW(authorise(10));
}

BOOST_FIXTURE_TEST_CASE(payments_of_an_order_are_listed_by_id, payments_test) {
    const std::int64_t other = place_order(3, 1);
    authorise(100);
    payments.authorise(other, 100, "card");
    authorise(200);

    BOOST_TEST(ids_of(payments.of_order(order)) == ids({1, 3}), tt::per_element());
    BOOST_TEST(ids_of(payments.of_order(other)) == ids({2}), tt::per_element());
}

BOOST_FIXTURE_TEST_CASE(an_authorisation_lowers_what_is_outstanding, payments_test) {
    BOOST_TEST(payments.outstanding(order) == price);
    authorise(100);
    BOOST_TEST(payments.outstanding(order) == price - 100);
    BOOST_TEST(payments.captured(order) == 0);
}

BOOST_FIXTURE_TEST_CASE(a_capture_takes_the_authorised_money, payments_test, *commits) {
    const std::int64_t id = capture(100);
    SQLite::Database accounting = connect();

    BOOST_TEST(shop::payments(accounting).get(id).status == "captured");
    BOOST_TEST(shop::payments(accounting).captured(order) == 100);
    BOOST_TEST(payments.outstanding(order) == price - 100);
}

BOOST_FIXTURE_TEST_CASE(a_part_of_the_money_does_not_pay_the_order, payments_test) {
    capture(price - 1);
    BOOST_TEST(orders.get(order).status == shop::order_status::placed);
}

BOOST_FIXTURE_TEST_CASE(the_last_part_of_the_money_pays_the_order, payments_test) {
    capture(price - 1);
    capture(1);
    BOOST_TEST(orders.get(order).status == shop::order_status::paid);
}

BOOST_FIXTURE_TEST_CASE(a_discounted_order_is_paid_with_less, payments_test) {
    const std::int64_t draft = open_order();
    orders.add_line(draft, 3, 1);
    kept<shop::promotions>().apply(draft, "ONCE50", "2024-04-01");
    orders.place(draft);

    payments.capture(payments.authorise(draft, orders.total(draft).total_minor, "card"));

    BOOST_TEST(orders.get(draft).status == shop::order_status::paid);
    BOOST_TEST(payments.captured(draft) == reference::price_of(3) - reference::price_of(3) / 2);
}

BOOST_FIXTURE_TEST_CASE(a_payment_is_captured_once, payments_test, *commits) {
    const std::int64_t id = capture(100);
    SQLite::Database second_till = connect();
    BOOST_CHECK_EXCEPTION(shop::payments(second_till).capture(id), shop::error,
                          says("payment 1 is captured, not authorised"));
}

BOOST_FIXTURE_TEST_CASE(a_voided_authorisation_is_outstanding_again, payments_test) {
    payments.void_authorisation(authorise(price));
    BOOST_TEST(payments.outstanding(order) == price);
    BOOST_TEST(payments.get(1).status == "voided");
}

BOOST_FIXTURE_TEST_CASE(a_part_of_the_money_can_be_refunded, payments_test) {
    payments.refund(capture(100), 30);

    BOOST_TEST(payments.get(1).refunded_minor == 30);
    BOOST_TEST(payments.get(1).status == "captured");
    BOOST_TEST(payments.captured(order) == 70);
}

BOOST_FIXTURE_TEST_CASE(a_payment_wholly_paid_back_is_refunded, payments_test) {
    payments.refund(capture(100), 30);
    payments.refund(1, 70);
    BOOST_TEST(payments.get(1).status == "refunded");
    BOOST_TEST(payments.captured(order) == 0);
}

BOOST_FIXTURE_TEST_CASE(no_more_is_refunded_than_was_captured, payments_test) {
    payments.refund(capture(100), 30);
    BOOST_CHECK_EXCEPTION(payments.refund(1, 71), shop::error,
                          says("payment 1 has only 70 left to refund, not 71"));
}

BOOST_FIXTURE_TEST_CASE(authorised_money_cannot_be_refunded, payments_test) {
    authorise(100);
    BOOST_CHECK_EXCEPTION(payments.refund(1, 100), shop::error,
                          says("payment 1 is authorised, not captured"));
}

BOOST_FIXTURE_TEST_CASE(a_free_order_is_paid_without_money, free_order_test) {
    payments.accept_free(free_order);
    BOOST_TEST(orders.get(free_order).status == shop::order_status::paid);
    BOOST_TEST(payments.of_order(free_order).empty());
}

BOOST_FIXTURE_TEST_CASE(a_free_order_takes_no_money, free_order_test) {
    BOOST_CHECK_EXCEPTION(payments.authorise(free_order, 1, "card"), shop::error,
                          says("order 2 needs 0 more, not 1"));
}

BOOST_FIXTURE_TEST_CASE(an_order_that_costs_something_is_not_free, payments_test) {
    BOOST_CHECK_EXCEPTION(payments.accept_free(order), shop::error,
                          says("order 1 is not free, it costs " + std::to_string(price)));
    BOOST_TEST(orders.get(order).status == shop::order_status::placed);
}

BOOST_AUTO_TEST_SUITE_END()
