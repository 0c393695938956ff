#include "lists.hpp"
#include "order_test.hpp"

#include "shop/addresses.hpp"
#include "shop/currencies.hpp"
#include "shop/customers.hpp"
#include "shop/error.hpp"
#include "shop/products.hpp"
#include "shop/promotions.hpp"
#include "shop/reports.hpp"

using shop::order_status;
namespace reference = shop::reference;
using reference::price_of;

namespace checkout {

// Whole journeys, from the basket to the doorstep and sometimes back.
struct checkout_test : order_test {
    shop::customers& customers = kept<shop::customers>();
    shop::addresses& addresses = kept<shop::addresses>();
    shop::products& products = kept<shop::products>();
    shop::promotions& promotions = kept<shop::promotions>();
    shop::reports& reports = kept<shop::reports>();

    /// Takes an order from the draft to the doorstep and returns its shipment.
    std::int64_t deliver(std::int64_t order_id, const std::string& tracking) {
        orders.place(order_id);
        pay(order_id);
        const std::int64_t shipment = shipping.create(order_id, tracking, "2024-05-03");
        shipping.deliver(shipment, "2024-05-06");
        return shipment;
    }
};

struct in_euros {
    static constexpr auto currency = "EUR", total = "162.36 EUR";
    static constexpr std::int64_t product = 1;
};
struct in_dollars {
    static constexpr auto currency = "USD", total = "367.96 USD";
    static constexpr std::int64_t product = 121;
};
struct in_yen {
    static constexpr auto currency = "JPY", total = "30316 JPY";
    static constexpr std::int64_t product = 161;
};

// What is left to pay of two pieces of product 1.
struct with_welcome {
    static constexpr auto code = "welcome10";
    static constexpr std::int64_t total = 2 * price_of(1) - 1623;
};
struct in_spring {
    static constexpr auto code = "spring20";
    static constexpr std::int64_t total = 2 * price_of(1) - 3247;
};
struct with_five_euros {
    static constexpr auto code = "euro5";
    static constexpr std::int64_t total = 2 * price_of(1) - 500;
};

TEST_SUITE("checkout") {
    TEST_CASE_TEMPLATE("a customer buys in any currency of the shop", Purchase, in_euros,
                       in_dollars, in_yen) {
        checkout_test test;
        const std::int64_t order = test.orders.open({7, 1, Purchase::currency, "2024-05-01"});
        test.orders.add_line(order, Purchase::product, 2);
        CHECK(test.deliver(order, "T1") == 1);
        CHECK(test.kept<shop::currencies>().format(test.payments.captured(order),
                                                   Purchase::currency) == Purchase::total);
        CHECK(test.reports.revenue(Purchase::currency) == 2 * price_of(Purchase::product));
    }

    TEST_CASE_TEMPLATE("a customer pays less with a promotion", Promotion, with_welcome, in_spring,
                       with_five_euros) {
        checkout_test test;
        const std::int64_t order = test.draft();
        test.promotions.apply(order, Promotion::code, "2024-05-01");
        test.deliver(order, "T1");
        CHECK(test.payments.captured(order) == Promotion::total);
        CHECK(test.status_of(order) == order_status::delivered);
        CHECK(test.promotions.uses(Promotion::code) == 1);
    }

    TEST_CASE_FIXTURE(checkout_test, "somebody new registers and buys") {
        const std::int64_t ada =
            customers.add({"ada@example.org", "Ada Lovelace", "eng", "2024-05-01"});
        const std::int64_t home =
            addresses.add(ada, {"St James's Square 12", "London", "SW1Y 4JH", "GB", "GB-ENG"});
        CHECK(ada == 501);
        CHECK(home == 751);
        const std::int64_t order = draft({1, 1, ada});
        CHECK(orders.get(order).address_id == home);
        CHECK(deliver(order, "T1") == 1);
        CHECK(reports.sales_per_country("EUR").at(0).country_code == "GB");
        CHECK(reports.customer_revenue(ada, "EUR") == price_of(1));
    }

    TEST_CASE_FIXTURE(checkout_test, "a customer sends everything back") {
        const std::int64_t shipment = deliver(draft({1, 10}), "T1");
        shipping.take_back(shipment);
        payments.refund(1, 10 * price_of(1));
        CHECK(status_of(1) == order_status::returned);
        CHECK(quantity(1) == reference::quantity_of(1, 1));
        CHECK(reports.revenue("EUR") == 0);
        CHECK(reports.never_sold() == reference::active_products);
    }

    TEST_CASE_FIXTURE(checkout_test, "two customers want the last pieces") {
        const std::int64_t first = draft({1, 60, 7});
        const std::int64_t second = draft({1, 60, 8});
        deliver(second, "T1");
        CHECK_THROWS_WITH_AS(orders.place(first),
                             "not enough stock of product 1 in warehouse 1: 60 wanted, 8 available",
                             shop::error);
        orders.change_quantity(first, 1, 8);
        deliver(first, "T2");
        CHECK(quantity(1) == 0);
        CHECK(stock.movement_count() == 2);
    }

    TEST_CASE_FIXTURE(checkout_test, "a customer waits for goods from another warehouse") {
        const std::int64_t order = draft({1, 100});
        CHECK_THROWS_AS(orders.place(order), shop::error);
        stock.transfer(1, 3, 1, 32);
        deliver(order, "T1");
        CHECK(quantity(1, 1) == 0);
        CHECK(quantity(1, 3) == reference::quantity_of(1, 3) - 32);
        CHECK(ids_of(stock.movements_of(1)) == ids{1, 2, 3});
    }

    TEST_CASE_FIXTURE(checkout_test, "an order that costs nothing is paid without money") {
        promotions.add({"FREE", "percent", 100, std::nullopt, 0, "2024-01-01", "2024-12-31"});
        const std::int64_t order = draft();
        CHECK(promotions.apply(order, "FREE", "2024-05-01") == 2 * price_of(1));
        orders.place(order);
        payments.accept_free(order);
        CHECK(shipping.create(order, "T1", "2024-05-03") == 1);
        CHECK(value<int>("SELECT count(*) FROM payments") == 0);
    }

    TEST_CASE_FIXTURE(checkout_test, "an order that costs something needs money") {
        const std::int64_t order = placed();
        CHECK_THROWS_WITH_AS(payments.accept_free(order), "order 1 is not free, it costs 16236",
                             shop::error);
        CHECK_THROWS_WITH_AS(shipping.create(order, "T1", "2024-05-03"),
                             "order 1 cannot go from placed to shipped", shop::error);
        CHECK(status_of(order) == order_status::placed);
    }

    TEST_CASE_FIXTURE(checkout_test, "a price that changes later changes nothing") {
        const std::int64_t order = placed({1, 1});
        products.change_price(1, 1);
        pay(order);
        CHECK(payments.captured(order) == price_of(1));
        CHECK(orders.total(draft({1, 1})).total_minor == 1);
    }

    TEST_CASE_FIXTURE(checkout_test, "a customer cancels and orders again") {
        const std::int64_t regretted = placed({1, 68});
        orders.cancel(regretted);
        const std::int64_t again = draft({1, 68});
        CHECK(again == 2);
        deliver(again, "T1");
        CHECK(quantity(1) == 0);
        CHECK(ids_of(orders.of_customer(7)) == ids{1, 2});
        CHECK(reports.customer_revenue(7, "EUR") == 68 * price_of(1));
    }

    TEST_CASE_FIXTURE(checkout_test, "a closed account ends no order on its way") {
        const std::int64_t order = draft();
        customers.set_active(7, false);
        CHECK_THROWS_WITH_AS(empty_draft(), "customer 7 is not active", shop::error);
        deliver(order, "T1");
        CHECK(status_of(order) == order_status::delivered);
    }

    TEST_CASE_FIXTURE(checkout_test, "each subcase pays the first order of the shop") {
        CHECK(placed() == 1);
        SUBCASE("at once") {
            CHECK(pay(1) == 1);
        }
        SUBCASE("with a voucher and a card") {
            payments.capture(payments.authorise(1, 1000, "voucher"));
            CHECK(status_of(1) == order_status::placed);
            CHECK(pay(1) == 2);
        }
        SUBCASE("after an authorisation that was given up") {
            CHECK(payments.authorise(1, 16'236, "transfer") == 1);
            CHECK(payments.outstanding(1) == 0);
            payments.void_authorisation(1);
            CHECK(pay(1) == 2);
        }
        CHECK(status_of(1) == order_status::paid);
        CHECK(payments.captured(1) == 2 * price_of(1));
        CHECK(payments.outstanding(1) == 0);
    }
}

} // namespace checkout
