#include "shop_test.hpp"

#include "shop/tests/order_steps.hpp"

#include <SQLiteCpp/Database.h>

using shop::order_status;
namespace reference = shop::reference;

namespace {

/// Order 1 is placed: one piece of product 1.
struct payments_test : order_steps<shop_test> {
    const std::int64_t order = placed({1, 1});
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

/// Order 1 is paid: ten pieces of product 1.
struct shipping_test : order_steps<shop_test> {
    const std::int64_t order = paid({1, 10});
};

} // namespace

TEST_CASE_METHOD(payments_test, "a payment is authorised first", "[payments]") {
    CHECK(authorise(100) == 1);
    CHECK(payments.get(1).status == "authorised");
    CHECK(payments.outstanding(order) == price - 100);
    SECTION("and then captured") {
        payments.capture(1);
        CHECK(payments.captured(order) == 100);
        CHECK(payments.outstanding(order) == price - 100);
    }
    SECTION("or given up") {
        payments.void_authorisation(1);
        CHECK(payments.captured(order) == 0);
        CHECK(payments.outstanding(order) == price);
    }
}

TEST_CASE_METHOD(payments_test, "a payment is made by card or transfer or voucher", "[payments]") {
    const std::string method = GENERATE("card", "transfer", "voucher");
    payments.capture(payments.authorise(order, price, method));
    CHECK(payments.get(1).method == method);
    CHECK(status_of(order) == order_status::paid);
}

TEST_CASE_METHOD(payments_test, "another method is an error", "[payments]") {
    CHECK_THROWS_MATCHES(payments.authorise(order, price, "Card"), shop::error,
                         says("a payment is made by card, transfer or voucher, not 'Card'"));
}

TEST_CASE_METHOD(payments_test, "no more is paid than the order costs", "[payments]") {
    authorise(price - 10);
    CHECK_THROWS_MATCHES(authorise(11), shop::error, says("order 1 needs 10 more, not 11"));
    CHECK(authorise(10) == 2);
}

TEST_CASE_METHOD(payments_test, "the last part of the money pays the order", "[payments]") {
    capture(price - 1);
    CHECK(status_of(order) == order_status::placed);
    capture(1);
    CHECK(status_of(order) == order_status::paid);
}

TEST_CASE_METHOD(payments_test, "a payment is refunded in parts up to the whole", "[payments]") {
    payments.refund(capture(100), 30);
    CHECK(payments.captured(order) == 70);
    CHECK_THROWS_MATCHES(payments.refund(1, 71), shop::error,
                         says("payment 1 has only 70 left to refund, not 71"));
    payments.refund(1, 70);
    CHECK(payments.get(1).status == "refunded");
}

TEST_CASE_METHOD(payments_test, "a draft cannot be paid", "[payments]") {
    CHECK_THROWS_MATCHES(payments.authorise(draft(), 100, "card"), shop::error,
                         says("order 2 is draft, not placed"));
}

TEST_CASE_METHOD(payments_test, "the accounts see a capture", "[payments][copy_on_write]") {
    const std::int64_t id = capture(100);
    SQLite::Database accounts = connect();
    CHECK(shop::payments(accounts).get(id).status == "captured");
    CHECK_THROWS_MATCHES(shop::payments(accounts).capture(id), shop::error,
                         says("payment 1 is captured, not authorised"));
}

TEST_CASE_METHOD(shipping_test, "a paid order is shipped once", "[shipping]") {
    CHECK(shipping.create(order, "T1", "2024-05-03") == 1);
    CHECK(reserved(1) == 0);
    CHECK(quantity(1) == reference::quantity_of(1, 1) - 10);
    CHECK_THROWS_MATCHES(shipping.create(order, "T2", "2024-05-03"), shop::error,
                         says("order 1 cannot go from shipped to shipped"));
}

TEST_CASE_METHOD(shipping_test, "an order is not shipped before it is paid", "[shipping]") {
    CHECK_THROWS_MATCHES(shipping.create(placed(), "T1", "2024-05-03"), shop::error,
                         says("order 2 cannot go from placed to shipped"));
    CHECK(stock.movement_count() == 0);
}

TEST_CASE_METHOD(shipping_test, "a tracking code belongs to one shipment", "[shipping]") {
    shipping.create(order, "T1", "2024-05-03");
    CHECK_THROWS_MATCHES(shipping.create(paid({3, 5}), "T1", "2024-05-03"), shop::error,
                         says("the tracking code T1 is already in use"));
    CHECK(reserved(3) == 5);
}

SCENARIO_METHOD(shipping_test, "an order reaches its customer", "[shipping]") {
    GIVEN("a shipment") {
        shipping.create(order, "T1", "2024-05-03");
        WHEN("it arrives") {
            shipping.deliver(1, "2024-05-06");
            THEN("the order is delivered") {
                CHECK(status_of(order) == order_status::delivered);
                CHECK(shipping.in_transit().empty());
            }
            AND_WHEN("it comes back") {
                shipping.take_back(1);
                THEN("its goods are in stock again") {
                    CHECK(status_of(order) == order_status::returned);
                    CHECK(quantity(1) == reference::quantity_of(1, 1));
                }
            }
        }
        WHEN("it is said to arrive before it left") {
            THEN("nobody believes it") {
                CHECK_THROWS_MATCHES(
                    shipping.deliver(1, "2024-05-02"), shop::error,
                    says("shipment 1 cannot arrive on 2024-05-02, it left on 2024-05-03"));
            }
        }
    }
}
