#include "checks.hpp"
#include "order_test.hpp"

#include "shop/customers.hpp"
#include "shop/products.hpp"
#include "shop/promotions.hpp"
#include "shop/tests/ids.hpp"

#include <isolite/query.hpp>

using shop::order_status;
namespace reference = shop::reference;

namespace {

template <typename Things>
class Sold : public shop_test {};

using sold_things = testing::Types<shop::orders, shop::payments, shop::shipping>;
TYPED_TEST_SUITE(Sold, sold_things);

TYPED_TEST(Sold, IsNothingBeforeATest) {
    EXPECT_FALSE(this->template kept<TypeParam>().find(1));
}

class Orders : public order_test {
  protected:
    shop::promotions& promotions = kept<shop::promotions>();
};

TEST_F(Orders, AreNumberedFromOne) {
    EXPECT_EQ(empty_draft(), 1);
    EXPECT_EQ(empty_draft(), 2);
    EXPECT_EQ(orders.count(), 2);
}

TEST_F(Orders, AreListedByCustomerAndByState) {
    draft({1, 1, 7});
    placed({1, 1, 8});
    placed({1, 1, 7});
    EXPECT_EQ(ids_of(orders.of_customer(7)), (ids{1, 3}));
    EXPECT_EQ(ids_of(orders.with_status(order_status::placed)), (ids{2, 3}));
}

TEST_F(Orders, KeepThePriceOfTheDay) {
    const std::int64_t order = draft({1, 2});
    kept<shop::products>().change_price(1, 1);
    orders.add_line(order, 1, 3);
    ASSERT_EQ(orders.lines(order).size(), 1U);
    EXPECT_EQ(orders.lines(order)[0].quantity, 5);
    EXPECT_EQ(orders.total(order).total_minor, 5 * reference::price_of(1));
}

TEST_F(Orders, HavePricesInOneCurrency) {
    const std::int64_t order = empty_draft();
    EXPECT_EQ(refusal([&] { orders.add_line(order, 121, 1); }),
              "order 1 is in EUR, product 121 costs USD");
    EXPECT_TRUE(orders.lines(order).empty());
}

TEST_F(Orders, AreNotPlacedWithoutLines) {
    EXPECT_EQ(refusal([&] { orders.place(empty_draft()); }), "order 1 has no lines");
    EXPECT_EQ(status_of(1), order_status::draft);
}

TEST_F(Orders, ReserveAllTheirGoodsOrNone) {
    const std::int64_t order = draft({1, 2});
    const std::int64_t line = orders.add_line(order, 3, 1000);
    EXPECT_EQ(refusal([&] { orders.place(order); }),
              "not enough stock of product 3 in warehouse 1: 1000 wanted, 30 available");
    EXPECT_EQ(reserved(1), 0);
    orders.change_quantity(order, line, 30);
    orders.place(order);
    EXPECT_EQ(reserved(1), 2);
    EXPECT_EQ(reserved(3), 30);
}

TEST_F(Orders, ChangeWhileTheyAreDrafts) {
    const std::int64_t order = placed();
    const std::string sentence = "order 1 is placed, only a draft can be changed";
    EXPECT_EQ(refusal([&] { orders.add_line(order, 3, 1); }), sentence);
    EXPECT_EQ(refusal([&] { promotions.apply(order, "WELCOME10", "2024-05-01"); }), sentence);
    EXPECT_THROW(execute("INSERT INTO order_lines VALUES (1, 2, 3, 1, 100)"), isolite::query_error);
}

TEST_F(Orders, ReleaseTheirGoodsWhenTheyAreCancelled) {
    placed({1, 3});
    orders.cancel(placed({1, 2}));
    EXPECT_EQ(reserved(1), 3);
}

TEST_F(Orders, AreNotCancelledWithMoneyInThem) {
    const std::int64_t order = paid();
    EXPECT_EQ(refusal([&] { orders.cancel(order); }),
              "order 1 has captured payments: refund them first");
    payments.refund(1, payments.captured(order));
    orders.cancel(order);
    EXPECT_EQ(status_of(order), order_status::cancelled);
}

TEST_F(Orders, CostLessWithAPromotion) {
    const std::int64_t order = draft({1, 1});
    EXPECT_EQ(promotions.apply(order, "welcome10", "2024-05-01"), reference::price_of(1) / 10);
    EXPECT_EQ(orders.total(order).total_minor,
              reference::price_of(1) - reference::price_of(1) / 10);
    EXPECT_EQ(promotions.apply(order, "EURO5", "2024-05-01"), 500);
    EXPECT_EQ(promotions.uses("WELCOME10"), 0);
}

TEST_F(Orders, UseUpAPromotionForOneOrder) {
    const std::int64_t first = draft();
    const std::int64_t second = draft();
    promotions.apply(first, "ONCE50", "2024-05-01");
    EXPECT_EQ(refusal([&] { promotions.apply(second, "ONCE50", "2024-05-01"); }),
              "promotion ONCE50 has been used up");
    orders.cancel(first);
    EXPECT_EQ(promotions.apply(second, "ONCE50", "2024-05-01"), reference::price_of(1));
}

// Big: it runs alone, and takes memory and time from no other.
const bool alone = isolite::googletest::mark("Orders.FillTheShop", isolite::googletest::serial());

TEST_F(Orders, FillTheShop) {
    for (std::int64_t customer = 1; customer <= reference::customers; ++customer) {
        placed({1 + customer % 60 * 2, 1, customer});
    }
    EXPECT_EQ(orders.with_status(order_status::placed).size(), 500U);
    EXPECT_EQ(value<std::int64_t>("SELECT sum(reserved) FROM stock"), reference::customers);
}

class WrongOrder : public Orders, public testing::WithParamInterface<wrong<shop::new_order>> {
  protected:
    void SetUp() override { kept<shop::customers>().set_active(3, false); }
};

TEST_P(WrongOrder, IsNotOpened) {
    EXPECT_EQ(refusal([&] { orders.open(GetParam().given); }), GetParam().sentence);
    EXPECT_EQ(orders.count(), 0);
}

const wrong<shop::new_order> wrong_orders[] = {
    {"OfNobody", {501, 1, "EUR", "2024-04-01"}, "there is no customer 501"},
    {"OfAClosedAccount", {3, 1, "EUR", "2024-04-01"}, "customer 3 is not active"},
    {"FromNowhere", {1, 5, "EUR", "2024-04-01"}, "there is no warehouse 5"},
    {"ToAStranger", {1, 1, "EUR", "2024-04-01", 2}, "address 2 does not belong to customer 1"},
};
INSTANTIATE_TEST_SUITE_P(Orders, WrongOrder, testing::ValuesIn(wrong_orders), by_name());

} // namespace
