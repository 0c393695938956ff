#include "lists.hpp"
#include "order_test.hpp"

#include "shop/error.hpp"

#include <stdexcept>

using shop::order_status;
namespace reference = shop::reference;

namespace refunds {

// The orders here are of two pieces of product 1.
constexpr std::int64_t price = 2 * reference::price_of(1);

template <std::int64_t Amount>
struct amount {
    static constexpr std::int64_t minor = Amount;
};
using one_cent = amount<1>;
using the_half = amount<price / 2>;
using all_but_one_cent = amount<price - 1>;

using nothing = amount<0>;
using less_than_nothing = amount<-5>;

struct by_card {
    static constexpr auto method = "card";
};
struct by_transfer {
    static constexpr auto method = "transfer";
};
struct by_voucher {
    static constexpr auto method = "voucher";
};

struct an_authorised_payment {
    static constexpr auto error = "payment 1 is authorised, not captured";
    static void make(order_test& test) { test.payments.authorise(test.placed(), price, "card"); }
};
struct a_voided_payment {
    static constexpr auto error = "payment 1 is voided, not captured";
    static void make(order_test& test) {
        test.payments.void_authorisation(test.payments.authorise(test.placed(), price, "card"));
    }
};
struct a_refunded_payment {
    static constexpr auto error = "payment 1 is refunded, not captured";
    static void make(order_test& test) { test.payments.refund(test.pay(test.placed()), price); }
};

TEST_SUITE("refunds") {
    TEST_CASE_TEMPLATE("a payment can be refunded in part", Amount, one_cent, the_half,
                       all_but_one_cent) {
        order_test test;
        const std::int64_t payment = test.pay(test.placed());
        test.payments.refund(payment, Amount::minor);
        CHECK(test.payments.get(payment).status == "captured");
        CHECK(test.payments.get(payment).refunded_minor == Amount::minor);
        CHECK(test.payments.captured(1) == price - Amount::minor);
    }

    TEST_CASE_TEMPLATE("a payment can be refunded wholly", Payment, by_card, by_transfer,
                       by_voucher) {
        order_test test;
        const std::int64_t payment = test.payments.authorise(test.placed(), price, Payment::method);
        test.payments.capture(payment);
        test.payments.refund(payment, price);
        CHECK(test.payments.get(payment).status == "refunded");
        CHECK(test.payments.get(payment).method == Payment::method);
        CHECK(test.payments.captured(1) == 0);
    }

    TEST_CASE_TEMPLATE("only a captured payment can be refunded", Payment, an_authorised_payment,
                       a_voided_payment, a_refunded_payment) {
        order_test test;
        Payment::make(test);
        CHECK_THROWS_WITH_AS(test.payments.refund(1, 1), Payment::error, shop::error);
        CHECK(test.value<int>("SELECT count(*) FROM payments") == 1);
    }

    TEST_CASE_TEMPLATE("only a positive amount is refunded", Amount, nothing, less_than_nothing) {
        order_test test;
        const std::int64_t payment = test.pay(test.placed());
        const std::string text = "an amount must be positive, not " + std::to_string(Amount::minor);
        CHECK_THROWS_WITH_AS(test.payments.refund(payment, Amount::minor), text.c_str(),
                             shop::error);
        CHECK(test.payments.captured(1) == price);
    }

    TEST_CASE_FIXTURE(order_test, "refunds of a payment add up") {
        const std::int64_t payment = pay(placed());
        payments.refund(payment, 100);
        payments.refund(payment, 20);
        CHECK(payments.get(payment).refunded_minor == 120);
        payments.refund(payment, price - 120);
        CHECK(payments.get(payment).status == "refunded");
    }

    TEST_CASE_FIXTURE(order_test, "no more is refunded than was paid") {
        const std::int64_t payment = pay(placed());
        CHECK_THROWS_WITH_AS(payments.refund(payment, price + 1),
                             "payment 1 has only 16236 left to refund, not 16237", shop::error);
        CHECK(payments.get(payment).refunded_minor == 0);
    }

    TEST_CASE_FIXTURE(order_test, "no more is refunded than is left") {
        const std::int64_t payment = pay(placed());
        payments.refund(payment, 16'000);
        CHECK_THROWS_WITH_AS(payments.refund(payment, 237),
                             "payment 1 has only 236 left to refund, not 237", shop::error);
        CHECK(payments.captured(1) == 236);
    }

    TEST_CASE_FIXTURE(order_test, "a payment that is not there is not refunded") {
        CHECK_THROWS_WITH_AS(payments.refund(1, 100), "there is no payment 1", shop::error);
        CHECK_FALSE(payments.find(1));
    }

    TEST_CASE_FIXTURE(order_test, "a refund touches one of several payments") {
        const std::int64_t order = placed();
        payments.capture(payments.authorise(order, 1000, "voucher"));
        CHECK(pay(order) == 2);
        payments.refund(2, 236);
        CHECK(values<std::int64_t>("SELECT refunded_minor FROM payments ORDER BY id") ==
              ids{0, 236});
        CHECK(payments.captured(order) == 16'000);
    }

    TEST_CASE_FIXTURE(order_test, "a refund leaves other orders alone") {
        CHECK(pay(placed({1, 2, 7})) == 1);
        CHECK(pay(placed({1, 2, 8})) == 2);
        payments.refund(1, price);
        CHECK(payments.captured(1) == 0);
        CHECK(payments.captured(2) == price);
    }

    TEST_CASE_FIXTURE(order_test, "an order stays paid after a refund") {
        const std::int64_t order = paid();
        payments.refund(1, price);
        CHECK(status_of(order) == order_status::paid);
        CHECK(payments.outstanding(order) == price);
    }

    TEST_CASE_FIXTURE(order_test, "a refund moves no goods") {
        paid();
        payments.refund(1, price);
        CHECK(stock.movement_count() == 0);
        CHECK(reserved(1) == 2);
    }

    TEST_CASE_FIXTURE(order_test, "an order refunded in part cannot be cancelled") {
        const std::int64_t order = paid();
        payments.refund(1, price - 1);
        CHECK_THROWS_WITH_AS(orders.cancel(order),
                             "order 1 has captured payments: refund them first", shop::error);
        payments.refund(1, 1);
        orders.cancel(order);
        CHECK(reserved(1) == 0);
    }

    TEST_CASE_FIXTURE(order_test, "what is refunded before the order is paid is needed again") {
        const std::int64_t order = placed();
        payments.capture(payments.authorise(order, 6'236, "card"));
        CHECK(payments.outstanding(order) == 10'000);
        payments.refund(1, 236);
        CHECK(payments.outstanding(order) == 10'236);
        CHECK(pay(order) == 2);
        CHECK(status_of(order) == order_status::paid);
    }

    TEST_CASE_FIXTURE(order_test, "a returned order can be refunded") {
        shipping.take_back(delivered("T1"));
        payments.refund(1, price);
        CHECK(status_of(1) == order_status::returned);
        CHECK(payments.of_order(1).at(0).status == "refunded");
        CHECK(quantity(1) == reference::quantity_of(1, 1));
    }

    TEST_CASE_FIXTURE(order_test, "the database itself refuses to pay back more than it got") {
        paid();
        CHECK_THROWS_AS(execute("UPDATE payments SET refunded_minor = amount_minor + 1"),
                        std::runtime_error);
        CHECK(payments.captured(1) == price);
    }

    TEST_CASE_FIXTURE(order_test, "each subcase refunds the first payment of the shop") {
        CHECK(pay(placed()) == 1);
        SUBCASE("at once") {
            payments.refund(1, price);
        }
        SUBCASE("in two parts") {
            payments.refund(1, 236);
            payments.refund(1, 16'000);
        }
        SUBCASE("after a second payment for another order") {
            CHECK(pay(placed({3, 1, 8})) == 2);
            payments.refund(1, price);
        }
        CHECK(payments.captured(1) == 0);
        CHECK(value<int>("SELECT count(*) FROM payments WHERE status = 'refunded'") == 1);
    }
}

} // namespace refunds
