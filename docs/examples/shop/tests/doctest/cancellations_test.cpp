#include "lists.hpp"
#include "order_test.hpp"

#include "shop/customers.hpp"
#include "shop/error.hpp"

using shop::order_status;
namespace reference = shop::reference;

namespace cancellations {

struct cancellations_test : order_test {
    std::int64_t all_reserved() { return value<std::int64_t>("SELECT sum(reserved) FROM stock"); }
};

struct a_shipped_order {
    static constexpr auto error = "order 1 cannot go from shipped to cancelled";
    static void make(order_test& test) { test.shipped("T1"); }
};
struct a_delivered_order {
    static constexpr auto error = "order 1 cannot go from delivered to cancelled";
    static void make(order_test& test) { test.delivered("T1"); }
};
struct a_returned_order {
    static constexpr auto error = "order 1 cannot go from returned to cancelled";
    static void make(order_test& test) { test.shipping.take_back(test.delivered("T1")); }
};
struct a_cancelled_order {
    static constexpr auto error = "order 1 cannot go from cancelled to cancelled";
    static void make(order_test& test) { test.orders.cancel(test.placed()); }
};

struct by_card {
    static constexpr auto method = "card";
};
struct by_transfer {
    static constexpr auto method = "transfer";
};
struct by_voucher {
    static constexpr auto method = "voucher";
};

TEST_SUITE("cancellations") {
    TEST_CASE_FIXTURE(cancellations_test, "a draft can be cancelled") {
        const std::int64_t order = draft();
        orders.cancel(order);
        CHECK(status_of(order) == order_status::cancelled);
        CHECK(all_reserved() == 0);
    }

    TEST_CASE_FIXTURE(cancellations_test, "a draft without lines can be cancelled") {
        CHECK(empty_draft() == 1);
        orders.cancel(1);
        CHECK(status_of(1) == order_status::cancelled);
    }

    TEST_CASE_FIXTURE(cancellations_test, "a cancelled order releases its reservations") {
        const std::int64_t order = placed({1, 10});
        CHECK(all_reserved() == 10);
        orders.cancel(order);
        CHECK(all_reserved() == 0);
        CHECK(stock.get(1, 1).available() == reference::quantity_of(1, 1));
    }

    TEST_CASE_FIXTURE(cancellations_test, "a cancelled order releases the goods of every line") {
        const std::int64_t order = draft({1, 10});
        orders.add_line(order, 3, 4);
        orders.add_line(order, 5, 1);
        orders.place(order);
        CHECK(all_reserved() == 15);
        orders.cancel(order);
        CHECK(all_reserved() == 0);
    }

    TEST_CASE_FIXTURE(cancellations_test, "the reservations of other orders stay") {
        placed({1, 10, 7});
        const std::int64_t regretted = placed({1, 20, 8});
        orders.cancel(regretted);
        CHECK(reserved(1) == 10);
        CHECK(status_of(1) == order_status::placed);
    }

    TEST_CASE_FIXTURE(cancellations_test, "a cancelled draft leaves others their reservations") {
        placed({1, 10});
        orders.cancel(draft({1, 10}));
        CHECK(reserved(1) == 10);
    }

    TEST_CASE_FIXTURE(cancellations_test, "released goods go to the next order") {
        const std::int64_t order = placed({1, 68, 7});
        const std::int64_t next = draft({1, 1, 8});
        CHECK_THROWS_AS(orders.place(next), shop::error);
        orders.cancel(order);
        orders.place(next);
        CHECK(reserved(1) == 1);
    }

    TEST_CASE_TEMPLATE("an order is not cancelled when it is too late", Order, a_shipped_order,
                       a_delivered_order, a_returned_order, a_cancelled_order) {
        cancellations_test test;
        Order::make(test);
        const order_status before = test.status_of(1);
        CHECK_THROWS_WITH_AS(test.orders.cancel(1), Order::error, shop::error);
        CHECK(test.status_of(1) == before);
        CHECK(test.orders.count() == 1);
    }

    TEST_CASE_FIXTURE(cancellations_test, "a paid order is not cancelled before it is refunded") {
        const std::int64_t order = paid({1, 10});
        CHECK_THROWS_WITH_AS(orders.cancel(order),
                             "order 1 has captured payments: refund them first", shop::error);
        CHECK(status_of(order) == order_status::paid);
        CHECK(reserved(1) == 10);
    }

    TEST_CASE_FIXTURE(cancellations_test, "a refunded order can be cancelled") {
        const std::int64_t order = placed({1, 10});
        const std::int64_t payment = pay(order);
        payments.refund(payment, 10 * reference::price_of(1));
        orders.cancel(order);
        CHECK(status_of(order) == order_status::cancelled);
        CHECK(all_reserved() == 0);
        CHECK(payments.get(payment).status == "refunded");
    }

    TEST_CASE_FIXTURE(cancellations_test, "an order paid in part is refunded first too") {
        const std::int64_t order = placed();
        payments.capture(payments.authorise(order, 1, "voucher"));
        CHECK_THROWS_WITH_AS(orders.cancel(order),
                             "order 1 has captured payments: refund them first", shop::error);
        payments.refund(1, 1);
        orders.cancel(order);
        CHECK(status_of(order) == order_status::cancelled);
    }

    TEST_CASE_TEMPLATE("an open authorisation is voided with its order", Payment, by_card,
                       by_transfer, by_voucher) {
        cancellations_test test;
        const std::int64_t order = test.placed();
        CHECK(test.payments.authorise(order, 100, Payment::method) == 1);
        test.orders.cancel(order);
        CHECK(test.payments.get(1).status == "voided");
        CHECK_THROWS_WITH_AS(test.payments.capture(1), "payment 1 is voided, not authorised",
                             shop::error);
    }

    TEST_CASE_FIXTURE(cancellations_test, "the authorisations of other orders stay open") {
        const std::int64_t other = placed({1, 1, 7});
        const std::int64_t regretted = placed({1, 1, 8});
        payments.authorise(other, 100, "card");
        payments.authorise(regretted, 100, "card");
        orders.cancel(regretted);
        CHECK(values<std::string>("SELECT status FROM payments ORDER BY id") ==
              texts{"authorised", "voided"});
    }

    TEST_CASE_FIXTURE(cancellations_test, "an order is cancelled as a whole or not at all") {
        const std::int64_t order = placed({1, 10});
        payments.authorise(order, 100, "card");
        stock.release(1, 1, 1);
        CHECK_THROWS_WITH_AS(orders.cancel(order),
                             "only 9 of product 1 are reserved in warehouse 1, not 10",
                             shop::error);
        CHECK(reserved(1) == 9);
        CHECK(payments.get(1).status == "authorised");
        CHECK(status_of(order) == order_status::placed);
    }

    TEST_CASE_FIXTURE(cancellations_test, "a cancelled order keeps its lines and its total") {
        const std::int64_t order = placed({1, 2});
        orders.cancel(order);
        CHECK(orders.lines(order).size() == 1);
        CHECK(orders.total(order).total_minor == 2 * reference::price_of(1));
    }

    TEST_CASE_FIXTURE(cancellations_test, "a cancelled order never comes back") {
        const std::int64_t order = placed();
        orders.cancel(order);
        CHECK_THROWS_WITH_AS(orders.place(order), "order 1 cannot go from cancelled to placed",
                             shop::error);
        CHECK_THROWS_WITH_AS(payments.authorise(order, 1, "card"),
                             "order 1 is cancelled, not placed", shop::error);
    }

    TEST_CASE_FIXTURE(cancellations_test, "a cancellation moves no goods") {
        orders.cancel(placed({1, 10}));
        CHECK(stock.movement_count() == 0);
        CHECK(quantity(1) == reference::quantity_of(1, 1));
    }

    TEST_CASE_FIXTURE(cancellations_test, "cancelled orders can be listed") {
        placed({1, 1, 7});
        orders.cancel(placed({1, 1, 8}));
        orders.cancel(draft({1, 1, 9}));
        CHECK(ids_of(orders.with_status(order_status::cancelled)) == ids{2, 3});
        CHECK(ids_of(orders.with_status(order_status::placed)) == ids{1});
    }

    TEST_CASE_FIXTURE(cancellations_test, "a customer with a cancelled order stays") {
        auto& customers = kept<shop::customers>();
        orders.cancel(draft());
        CHECK_THROWS_WITH_AS(customers.remove(7), "customer 7 has orders and cannot be removed",
                             shop::error);
        CHECK(customers.count() == reference::customers);
    }

    TEST_CASE_FIXTURE(cancellations_test, "an order that is not there is not cancelled") {
        CHECK_THROWS_WITH_AS(orders.cancel(1), "there is no order 1", shop::error);
    }

    TEST_CASE_FIXTURE(cancellations_test, "each subcase cancels the first order of the shop") {
        SUBCASE("a draft") {
            CHECK(draft({1, 10}) == 1);
        }
        SUBCASE("a placed order") {
            CHECK(placed({1, 10}) == 1);
        }
        SUBCASE("a placed order with an open authorisation") {
            CHECK(placed({1, 10}) == 1);
            CHECK(payments.authorise(1, 100, "card") == 1);
        }
        SUBCASE("a refunded order") {
            CHECK(paid({1, 10}) == 1);
            payments.refund(1, 10 * reference::price_of(1));
        }
        orders.cancel(1);
        CHECK(all_reserved() == 0);
        CHECK(payments.captured(1) == 0);
    }
}

} // namespace cancellations
