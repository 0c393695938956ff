#include "checks.hpp"
#include "order_test.hpp"

#include <SQLiteCpp/Database.h>

using shop::order_status;
namespace reference = shop::reference;

namespace {

/// What all tests of payments start from. Order 1 is placed: one piece of product 1.
struct an_order : orders_of_suite {
    an_order() { placed({1, 1}); }
};

class Payments : public sharing<an_order> {
  protected:
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

TEST_F(Payments, AreAuthorisedFirst) {
    EXPECT_EQ(authorise(100), 1);
    EXPECT_EQ(payments.get(1).status, "authorised");
    EXPECT_EQ(payments.outstanding(order), price - 100);
    EXPECT_EQ(payments.captured(order), 0);
}

TEST_F(Payments, AreNoMoreThanTheOrderCosts) {
    authorise(price - 10);
    EXPECT_EQ(refusal([&] { authorise(11); }), "order 1 needs 10 more, not 11");
    EXPECT_EQ(authorise(10), 2);
}

TEST_F(Payments, PayAnOrderWithTheLastPart) {
    capture(price - 1);
    EXPECT_EQ(status_of(order), order_status::placed);
    capture(1);
    EXPECT_EQ(status_of(order), order_status::paid);
}

TEST_F(Payments, AreOutstandingAgainWhenTheyAreVoided) {
    payments.void_authorisation(authorise(price));
    EXPECT_EQ(payments.get(1).status, "voided");
    EXPECT_EQ(payments.outstanding(order), price);
}

TEST_F(Payments, AreRefundedInPartsUpToTheWhole) {
    const std::int64_t id = capture(100);
    payments.refund(id, 30);
    EXPECT_EQ(payments.captured(order), 70);
    EXPECT_EQ(refusal([&] { payments.refund(id, 71); }),
              "payment 1 has only 70 left to refund, not 71");
    payments.refund(id, 70);
    EXPECT_EQ(payments.get(id).status, "refunded");
}

TEST_F(Payments, AreNotForDrafts) {
    EXPECT_EQ(refusal([&] { payments.authorise(draft(), 100, "card"); }),
              "order 2 is draft, not placed");
    EXPECT_TRUE(payments.of_order(2).empty());
}

// What the accounts see, which have a connection of their own, is committed.
const bool commits = isolite::googletest::mark(
    "Payments.OfTheAccounts*", isolite::googletest::isolated(isolite::mode::copy_on_write));

TEST_F(Payments, OfTheAccountsAreThoseOfTheShop) {
    const std::int64_t id = capture(100);
    SQLite::Database accounts = connect();
    EXPECT_EQ(shop::payments(accounts).get(id).status, "captured");
    EXPECT_EQ(shop::payments(accounts).captured(order), 100);
}

TEST_F(Payments, OfTheAccountsAreCapturedOnceToo) {
    const std::int64_t id = capture(100);
    SQLite::Database accounts = connect();
    EXPECT_EQ(refusal([&] { shop::payments(accounts).capture(id); }),
              "payment 1 is captured, not authorised");
}

class PaymentMethod : public Payments, public testing::WithParamInterface<const char*> {};

TEST_P(PaymentMethod, PaysAnOrder) {
    payments.capture(payments.authorise(order, price, GetParam()));
    EXPECT_EQ(payments.get(1).method, GetParam());
    EXPECT_EQ(status_of(order), order_status::paid);
}

INSTANTIATE_TEST_SUITE_P(Payments, PaymentMethod, testing::Values("card", "transfer", "voucher"));

/// What all tests of shipping start from. Order 1 is paid: ten pieces of product 1.
struct a_paid_order : orders_of_suite {
    a_paid_order() { paid({1, 10}); }
};

class Shipping : public sharing<a_paid_order> {};

TEST_F(Shipping, SendsTheReservedGoods) {
    EXPECT_EQ(reserved(1), 10);
    EXPECT_EQ(shipping.create(1, "T1", "2024-05-03"), 1);
    EXPECT_EQ(reserved(1), 0);
    EXPECT_EQ(quantity(1), reference::quantity_of(1, 1) - 10);
    EXPECT_EQ(stock.movements_for_order(1).at(0).reason, "sale");
}

TEST_F(Shipping, SendsAnOrderOnce) {
    shipping.create(1, "T1", "2024-05-03");
    EXPECT_EQ(refusal([&] { shipping.create(1, "T2", "2024-05-03"); }),
              "order 1 cannot go from shipped to shipped");
}

TEST_F(Shipping, WaitsForTheMoney) {
    EXPECT_EQ(refusal([&] { shipping.create(placed(), "T1", "2024-05-03"); }),
              "order 2 cannot go from placed to shipped");
    EXPECT_TRUE(shipping.in_transit().empty());
}

TEST_F(Shipping, UsesATrackingCodeOnce) {
    shipping.create(1, "T1", "2024-05-03");
    EXPECT_EQ(refusal([&] {
                  shipping.create(paid({3, 5}), "T1", "2024-05-03");
              }),
              "the tracking code T1 is already in use");
    EXPECT_EQ(reserved(3), 5);
    EXPECT_EQ(shipping.create(2, "T2", "2024-05-03"), 2);
}

TEST_F(Shipping, ArrivesNoEarlierThanItLeft) {
    shipping.create(1, "T1", "2024-05-03");
    EXPECT_EQ(refusal([&] { shipping.deliver(1, "2024-05-02"); }),
              "shipment 1 cannot arrive on 2024-05-02, it left on 2024-05-03");
    shipping.deliver(1, "2024-05-03");
    EXPECT_EQ(status_of(1), order_status::delivered);
}

TEST_F(Shipping, TakesGoodsBackIntoTheStock) {
    shipping.create(1, "T1", "2024-05-03");
    shipping.deliver(1, "2024-05-06");
    shipping.take_back(1);
    EXPECT_EQ(status_of(1), order_status::returned);
    EXPECT_EQ(quantity(1), reference::quantity_of(1, 1));
}

} // namespace
