#include "shop_test.hpp"

#include "shop/customers.hpp"
#include "shop/products.hpp"
#include "shop/promotions.hpp"
#include "shop/tests/ids.hpp"
#include "shop/tests/order_steps.hpp"

#include <isolite/query.hpp>

using shop::order_status;
namespace reference = shop::reference;
using reference::price_of;

namespace {

constexpr auto today = "2024-05-01";

template <typename Things>
struct sold_test : shop_test {
    Things& things = kept<Things>();
};

struct orders_test : order_steps<shop_test> {
    shop::promotions& promotions = kept<shop::promotions>();
};

using wrong_order = wrong<shop::new_order>;

} // namespace

TEMPLATE_TEST_CASE_METHOD(sold_test, "nothing was sold before a test", "[orders]", shop::orders,
                          shop::payments, shop::shipping) {
    CHECK_FALSE(this->things.find(1));
}

TEST_CASE_METHOD(orders_test, "orders are numbered from one", "[orders]") {
    CHECK(empty_draft() == 1);
    CHECK(empty_draft() == 2);
    CHECK(orders.count() == 2);
}

TEST_CASE_METHOD(orders_test, "a wrong order is not opened", "[orders]") {
    kept<shop::customers>().set_active(3, false);
    const auto added =
        GENERATE(wrong_order{{501, 1, "EUR", today}, "there is no customer 501"},
                 wrong_order{{3, 1, "EUR", today}, "customer 3 is not active"},
                 wrong_order{{1, 5, "EUR", today}, "there is no warehouse 5"},
                 wrong_order{{1, 1, "EUR", today, 2}, "address 2 does not belong to customer 1"});
    CHECK_THROWS_MATCHES(orders.open(added.given), shop::error, says(added.sentence));
    CHECK(orders.count() == 0);
}

TEST_CASE_METHOD(orders_test, "orders are listed by customer and by state", "[orders]") {
    draft({1, 1, 7});
    placed({1, 1, 8});
    placed({1, 1, 7});
    CHECK(ids_of(orders.of_customer(7)) == ids{1, 3});
    CHECK(ids_of(orders.with_status(order_status::placed)) == ids{2, 3});
}

TEST_CASE_METHOD(orders_test, "the same product joins its line at its old price", "[orders]") {
    const std::int64_t order = draft({1, 2});
    kept<shop::products>().change_price(1, 1);
    CHECK(orders.add_line(order, 1, 3) == 1);
    REQUIRE(orders.lines(order).size() == 1);
    CHECK(orders.lines(order)[0].quantity == 5);
    CHECK(orders.total(order).total_minor == 5 * price_of(1));
}

TEST_CASE_METHOD(orders_test, "an order has prices in one currency", "[orders]") {
    CHECK_THROWS_MATCHES(orders.add_line(empty_draft(), 121, 1), shop::error,
                         says("order 1 is in EUR, product 121 costs USD"));
}

TEST_CASE_METHOD(orders_test, "an order reserves all of its goods or none", "[orders]") {
    const std::int64_t order = draft({1, 2});
    const std::int64_t pieces = GENERATE(30, 31, 1000);
    orders.add_line(order, 3, pieces);
    if (pieces == 30) {
        orders.place(order);
        CHECK(reserved(1) == 2);
        CHECK(reserved(3) == 30);
    } else {
        CHECK_THROWS_AS(orders.place(order), shop::error);
        CHECK(reserved(1) == 0);
        CHECK(status_of(order) == order_status::draft);
    }
}

TEST_CASE_METHOD(orders_test, "an empty order cannot be placed", "[orders]") {
    CHECK_THROWS_MATCHES(orders.place(empty_draft()), shop::error, says("order 1 has no lines"));
}

TEST_CASE_METHOD(orders_test, "only a draft can be changed", "[orders]") {
    const std::int64_t order = placed();
    const auto sentence = "order 1 is placed, only a draft can be changed";
    CHECK_THROWS_MATCHES(orders.add_line(order, 3, 1), shop::error, says(sentence));
    CHECK_THROWS_MATCHES(promotions.apply(order, "WELCOME10", today), shop::error, says(sentence));
    CHECK_THROWS_AS(execute("INSERT INTO order_lines VALUES (1, 2, 3, 1, 100)"),
                    isolite::query_error);
}

TEST_CASE_METHOD(orders_test, "an order can be cancelled", "[orders]") {
    SECTION("as a draft") {
        orders.cancel(draft());
    }
    SECTION("and releases its goods") {
        const std::int64_t other = placed({1, 3});
        orders.cancel(placed({1, 2}));
        CHECK(reserved(1) == 3);
        orders.cancel(other);
    }
    SECTION("and voids what was authorised") {
        payments.authorise(placed(), 100, "card");
        orders.cancel(1);
        CHECK(payments.get(1).status == "voided");
    }
    SECTION("after its money was paid back") {
        CHECK_THROWS_MATCHES(orders.cancel(paid()), shop::error,
                             says("order 1 has captured payments: refund them first"));
        payments.refund(1, payments.captured(1));
        orders.cancel(1);
    }
    CHECK(status_of(1) == order_status::cancelled);
    CHECK(reserved(1) == 0);
}

// Big: it runs alone, and takes memory and time from no other.
TEST_CASE_METHOD(orders_test, "all customers order at once", "[orders][serial]") {
    for (std::int64_t customer = 1; customer <= reference::customers; ++customer) {
        placed({1 + customer % 60 * 2, 1, customer});
    }
    CHECK(orders.with_status(order_status::placed).size() == 500);
    CHECK(value<std::int64_t>("SELECT sum(reserved) FROM stock") == reference::customers);
}

TEST_CASE_METHOD(orders_test, "a promotion lowers the total", "[promotions]") {
    const std::int64_t order = draft({1, 1});
    CHECK(promotions.apply(order, "welcome10", today) == price_of(1) / 10);
    CHECK(orders.total(order).total_minor == price_of(1) - price_of(1) / 10);
    SECTION("in place of the one before") {
        CHECK(promotions.apply(order, "EURO5", today) == 500);
        CHECK(promotions.uses("WELCOME10") == 0);
    }
    SECTION("until it is taken off") {
        promotions.remove_from(order);
        CHECK(orders.total(order).total_minor == price_of(1));
    }
    SECTION("also when it has ended since") {
        promotions.end("WELCOME10", "2024-04-30");
        CHECK(orders.total(order).discount_minor == price_of(1) / 10);
    }
}

TEST_CASE_METHOD(orders_test, "a promotion is refused where it is not valid", "[promotions]") {
    const auto [code, currency, subtotal, sentence] =
        GENERATE(table<std::string, std::string, int, std::string>(
            {{"EXPIRED", "EUR", 5000, "promotion EXPIRED is not valid on 2024-05-01"},
             {"EURO5", "USD", 5000, "promotion EURO5 is in EUR, not USD"},
             {"EURO5", "EUR", 1999, "promotion EURO5 needs a subtotal of 2000, not 1999"},
             {"winter", "EUR", 5000, "there is no promotion WINTER"}}));
    CHECK_THROWS_MATCHES(promotions.discount(code, currency, subtotal, today), shop::error,
                         says(sentence));
}

TEST_CASE_METHOD(orders_test, "a promotion for one order is used up after it", "[promotions]") {
    const std::int64_t first = draft();
    const std::int64_t second = draft();
    promotions.apply(first, "ONCE50", today);
    CHECK_THROWS_MATCHES(promotions.apply(second, "ONCE50", today), shop::error,
                         says("promotion ONCE50 has been used up"));
    orders.cancel(first);
    CHECK(promotions.apply(second, "ONCE50", today) == price_of(1));
}
