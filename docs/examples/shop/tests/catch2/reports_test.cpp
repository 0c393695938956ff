#include "shop_test.hpp"

#include "shop/reports.hpp"
#include "shop/tests/order_steps.hpp"

namespace reference = shop::reference;
using reference::price_of;

namespace {

/// Customer 7, of Switzerland, bought kitchenware and music; customer 8, of Japan, bought for the
/// office.
struct reports_test : order_steps<shop_test> {
    shop::reports& reports = kept<shop::reports>();
    const std::int64_t all = 2 * price_of(1) + 3 * price_of(3) + price_of(5);

    reports_test() {
        paid({1, 2, 7, "2024-05-01"});
        paid({3, 3, 8, "2024-05-02"});
        delivered("T1", {5, 1, 7, "2024-05-02"});
    }
};

} // namespace

TEST_CASE_METHOD(reports_test, "a report adds up what was sold", "[reports]") {
    CHECK(reports.revenue("EUR") == all);
    CHECK(reports.never_sold() == reference::active_products - 3);
    SECTION("and what is paid now") {
        paid({7, 1});
        CHECK(reports.revenue("EUR") == all + price_of(7));
    }
    SECTION("without drafts and what is only placed") {
        draft({7, 1});
        placed({7, 1});
        CHECK(reports.revenue("EUR") == all);
    }
    SECTION("without what came back") {
        shipping.take_back(1);
        CHECK(reports.revenue("EUR") == all - price_of(5));
    }
    SECTION("without what was cancelled") {
        payments.refund(1, payments.captured(1));
        orders.cancel(1);
        CHECK(reports.revenue("EUR") == all - 2 * price_of(1));
    }
}

TEST_CASE_METHOD(reports_test, "the category with the highest revenue comes first", "[reports]") {
    const auto sales = reports.sales_per_category("EUR");
    REQUIRE(sales.size() == 3);
    CHECK(sales[0].name == "Music");
    CHECK(sales[1].name == "Kitchen");
    CHECK(sales[2].units == 3);
}

TEST_CASE_METHOD(reports_test, "the best seller is what sold most pieces", "[reports]") {
    const auto best = reports.best_sellers(2);
    REQUIRE(best.size() == 2);
    CHECK(best[0].product_id == 3);
    CHECK(best[1].sku == "SKU-00001");
}

TEST_CASE_METHOD(reports_test, "a sale counts for its country", "[reports]") {
    const auto sales = reports.sales_per_country("EUR");
    REQUIRE(sales.size() == 2);
    CHECK(sales[0].country_code == "CH");
    CHECK(sales[0].orders == 2);
    CHECK(sales[1].revenue_minor == 3 * price_of(3));
}

TEST_CASE_METHOD(reports_test, "a sale counts for the day its order was opened", "[reports]") {
    const auto days = reports.sales_per_day("EUR", "2024-05-02", "2024-05-02");
    REQUIRE(days.size() == 1);
    CHECK(days[0].orders == 2);
}

TEST_CASE_METHOD(reports_test, "a big order makes the stock low", "[reports]") {
    CHECK(reports.low_stock(1).empty());
    placed({1, 57});
    REQUIRE(reports.low_stock(1).size() == 1);
    CHECK(reports.low_stock(1)[0].available == 9);
}
