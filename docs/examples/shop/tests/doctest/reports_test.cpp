#include "lists.hpp"
#include "order_test.hpp"

#include "shop/error.hpp"
#include "shop/promotions.hpp"
#include "shop/reports.hpp"

namespace reference = shop::reference;
using reference::price_of;

namespace reports {

struct reports_test : order_test {
    shop::reports& reports = kept<shop::reports>();
};

// Orders that count as sold, and orders that do not.
struct a_paid_order {
    static void make(order_test& test) { test.paid(); }
};
struct a_shipped_order {
    static void make(order_test& test) { test.shipped("T1"); }
};
struct a_delivered_order {
    static void make(order_test& test) { test.delivered("T1"); }
};
struct a_draft {
    static void make(order_test& test) { test.draft(); }
};
struct a_placed_order {
    static void make(order_test& test) { test.placed(); }
};
struct a_cancelled_order {
    static void make(order_test& test) { test.orders.cancel(test.placed()); }
};
struct a_returned_order {
    static void make(order_test& test) { test.shipping.take_back(test.delivered("T1")); }
};

// Where customers live follows from their ids.
struct germany {
    static constexpr auto code = "DE";
    static constexpr std::int64_t customer = 5;
};
struct united_states {
    static constexpr auto code = "US";
    static constexpr std::int64_t customer = 6;
};
struct switzerland {
    static constexpr auto code = "CH";
    static constexpr std::int64_t customer = 7;
};
struct japan {
    static constexpr auto code = "JP";
    static constexpr std::int64_t customer = 8;
};

TEST_SUITE("reports") {
    TEST_CASE_TEMPLATE("an order counts as sold", Order, a_paid_order, a_shipped_order,
                       a_delivered_order) {
        reports_test test;
        Order::make(test);
        CHECK(test.reports.revenue("EUR") == 2 * price_of(1));
        CHECK(test.reports.customer_revenue(7, "EUR") == 2 * price_of(1));
        CHECK(test.reports.never_sold() == reference::active_products - 1);
    }

    TEST_CASE_TEMPLATE("an order does not count as sold", Order, a_draft, a_placed_order,
                       a_cancelled_order, a_returned_order) {
        reports_test test;
        Order::make(test);
        CHECK(test.reports.revenue("EUR") == 0);
        CHECK(test.reports.sales_per_category("EUR").empty());
        CHECK(test.reports.never_sold() == reference::active_products);
    }

    TEST_CASE_TEMPLATE("a sale counts for the country it goes to", Country, germany, united_states,
                       switzerland, japan) {
        reports_test test;
        test.paid({1, 2, Country::customer});
        const auto sales = test.reports.sales_per_country("EUR");
        REQUIRE(sales.size() == 1);
        CHECK(sales[0].country_code == Country::code);
        CHECK(sales[0].orders == 1);
        CHECK(sales[0].revenue_minor == 2 * price_of(1));
    }

    TEST_CASE_FIXTURE(reports_test, "the category with the highest revenue comes first") {
        paid({3, 1});
        paid({1, 2});
        const auto sales = reports.sales_per_category("EUR");
        REQUIRE(sales.size() == 2);
        CHECK(sales[0].name == "Kitchen");
        CHECK(sales[0].revenue_minor == 2 * price_of(1));
        CHECK(sales[1].name == "Office");
        CHECK(sales[1].revenue_minor == price_of(3));
    }

    TEST_CASE_FIXTURE(reports_test, "an order counts once for a category however many its lines") {
        const std::int64_t order = draft({1, 2});
        orders.add_line(order, 41, 3);
        orders.place(order);
        pay(order);
        paid({41, 1});
        const auto sales = reports.sales_per_category("EUR");
        REQUIRE(sales.size() == 1);
        CHECK(sales[0].orders == 2);
        CHECK(sales[0].units == 6);
        CHECK(sales[0].revenue_minor == 2 * price_of(1) + 4 * price_of(41));
    }

    TEST_CASE_FIXTURE(reports_test, "the best seller is what sold most pieces") {
        paid({1, 2, 7});
        paid({3, 4, 7});
        paid({1, 3, 8});
        const auto best = reports.best_sellers(10);
        REQUIRE(best.size() == 2);
        CHECK(best[0].product_id == 1);
        CHECK(best[0].units == 5);
        CHECK(best[1].sku == "SKU-00003");
        CHECK(best[1].units == 4);
    }

    TEST_CASE_FIXTURE(reports_test, "of equal best sellers the oldest come first") {
        paid({5, 1});
        paid({3, 1});
        paid({1, 1});
        const auto best = reports.best_sellers(2);
        REQUIRE(best.size() == 2);
        CHECK(best[0].product_id == 1);
        CHECK(best[1].product_id == 3);
    }

    TEST_CASE_FIXTURE(reports_test, "countries with equal revenue come in the order of codes") {
        paid({1, 1, 6});
        paid({1, 1, 5});
        paid({1, 2, 8});
        const auto sales = reports.sales_per_country("EUR");
        REQUIRE(sales.size() == 3);
        CHECK(sales[0].country_code == "JP");
        CHECK(sales[1].country_code == "DE");
        CHECK(sales[2].country_code == "US");
    }

    TEST_CASE_FIXTURE(reports_test, "a sale counts for the day its order was opened") {
        paid({1, 1, 7, "2024-05-02"});
        paid({1, 1, 8, "2024-05-01"});
        paid({1, 2, 9, "2024-05-02"});
        const auto days = reports.sales_per_day("EUR", "2024-01-01", "2024-12-31");
        REQUIRE(days.size() == 2);
        CHECK(days[0].day == "2024-05-01");
        CHECK(days[1].orders == 2);
        CHECK(days[1].revenue_minor == 3 * price_of(1));
    }

    TEST_CASE_FIXTURE(reports_test, "the first and the last day are part of the report") {
        paid({1, 1, 7, "2024-04-30"});
        paid({1, 1, 7, "2024-05-01"});
        paid({1, 1, 7, "2024-05-31"});
        paid({1, 1, 7, "2024-06-01"});
        const auto may = reports.sales_per_day("EUR", "2024-05-01", "2024-05-31");
        REQUIRE(may.size() == 2);
        CHECK(may[0].day == "2024-05-01");
        CHECK(may[1].day == "2024-05-31");
    }

    TEST_CASE_FIXTURE(reports_test, "each currency has its own revenue") {
        paid({1, 1});
        const std::int64_t in_dollars = orders.open({7, 1, "USD", "2024-05-01"});
        orders.add_line(in_dollars, 121, 1);
        orders.place(in_dollars);
        pay(in_dollars);
        CHECK(reports.revenue("EUR") == price_of(1));
        CHECK(reports.revenue("USD") == price_of(121));
        CHECK(reports.revenue("JPY") == 0);
    }

    TEST_CASE_FIXTURE(reports_test, "revenue does not know discounts") {
        const std::int64_t order = draft({1, 2});
        kept<shop::promotions>().apply(order, "ONCE50", "2024-05-01");
        orders.place(order);
        pay(order);
        CHECK(payments.captured(order) == price_of(1));
        CHECK(reports.revenue("EUR") == 2 * price_of(1));
    }

    TEST_CASE_FIXTURE(reports_test, "what a customer bought is not what others bought") {
        paid({1, 1, 7});
        paid({1, 3, 8});
        paid({3, 1, 7});
        CHECK(reports.customer_revenue(7, "EUR") == price_of(1) + price_of(3));
        CHECK(reports.customer_revenue(8, "EUR") == 3 * price_of(1));
        CHECK(reports.customer_revenue(9, "EUR") == 0);
    }

    TEST_CASE_FIXTURE(reports_test, "the scarcest product leads the list of low stock") {
        CHECK(reports.low_stock().at(0).product_id == 50);
        stock.reserve(1000, 4, 3);
        const auto low = reports.low_stock();
        REQUIRE(low.size() == reference::low_stock_rows);
        CHECK(low[0].product_id == 1000);
        CHECK(low[0].warehouse_id == 4);
        CHECK(low[0].available == 2);
        CHECK(low[1].product_id == 50);
    }

    TEST_CASE_FIXTURE(reports_test, "a big order makes the stock low") {
        CHECK(reports.low_stock(1).empty());
        placed({1, 60});
        REQUIRE(reports.low_stock(1).size() == 1);
        CHECK(reports.low_stock(1).at(0).available == 8);
        CHECK(reports.low_stock(2).size() == reference::low_stock_rows / 2);
    }

    TEST_CASE_FIXTURE(reports_test, "the value of a warehouse follows its stock") {
        const std::int64_t before = reports.stock_value(1, "EUR");
        CHECK(stock.receive(1, 1, 10) == 1);
        CHECK(reports.stock_value(1, "EUR") == before + 10 * price_of(1));
        stock.reserve(1, 1, 10);
        CHECK(reports.stock_value(1, "EUR") == before + 10 * price_of(1));
        CHECK(stock.write_off(1, 1, 10) == 2);
        CHECK(reports.stock_value(1, "EUR") == before);
    }

    TEST_CASE_FIXTURE(reports_test, "each subcase reports a shop that sold nothing before") {
        REQUIRE(reports.revenue("EUR") == 0);
        SUBCASE("and sells once") {
            CHECK(paid({1, 3}) == 1);
        }
        SUBCASE("and sells twice") {
            CHECK(paid({1, 1}) == 1);
            CHECK(paid({1, 2}) == 2);
        }
        SUBCASE("and takes one sale back") {
            CHECK(delivered("T1", {5, 9}) == 1);
            shipping.take_back(1);
            CHECK(paid({1, 3}) == 2);
        }
        CHECK(reports.revenue("EUR") == 3 * price_of(1));
        CHECK(reports.best_sellers(10).size() == 1);
    }
}

} // namespace reports
