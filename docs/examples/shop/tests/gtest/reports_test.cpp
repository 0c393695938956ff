#include "checks.hpp"
#include "order_test.hpp"

#include "shop/reports.hpp"

namespace reference = shop::reference;
using reference::price_of;

namespace {

/// What all reports are about. Customer 7, of Switzerland, bought kitchenware and music; customer
/// 8, of Japan, bought for the office, and has not placed the second order yet.
struct some_sales : orders_of_suite {
    some_sales() {
        paid({1, 2, 7, "2024-05-01"});
        paid({3, 3, 8, "2024-05-02"});
        delivered("T1", {5, 1, 7, "2024-05-02"});
        draft({5, 9, 8, "2024-05-02"});
    }
};

class Reports : public sharing<some_sales> {
  protected:
    shop::reports& reports = kept<shop::reports>();
    const std::int64_t all = 2 * price_of(1) + 3 * price_of(3) + price_of(5);
};

TEST_F(Reports, AddUpWhatWasSold) {
    EXPECT_EQ(reports.revenue("EUR"), all);
    EXPECT_EQ(reports.revenue("USD"), 0);
    EXPECT_EQ(reports.never_sold(), reference::active_products - 3);
}

TEST_F(Reports, BeginWithTheCategoryOfTheHighestRevenue) {
    const auto sales = reports.sales_per_category("EUR");
    ASSERT_EQ(sales.size(), 3U);
    EXPECT_EQ(sales[0].name, "Music");
    EXPECT_EQ(sales[1].name, "Kitchen");
    EXPECT_EQ(sales[2].name, "Office");
    EXPECT_EQ(sales[2].units, 3);
}

TEST_F(Reports, BeginWithWhatSoldBest) {
    const auto best = reports.best_sellers(2);
    ASSERT_EQ(best.size(), 2U);
    EXPECT_EQ(best[0].product_id, 3);
    EXPECT_EQ(best[1].product_id, 1);
}

TEST_F(Reports, CountASaleForItsCountryAndItsDay) {
    const auto countries = reports.sales_per_country("EUR");
    ASSERT_EQ(countries.size(), 2U);
    EXPECT_EQ(countries[0].country_code, "CH");
    EXPECT_EQ(countries[1].revenue_minor, 3 * price_of(3));
    const auto days = reports.sales_per_day("EUR", "2024-05-02", "2024-05-02");
    ASSERT_EQ(days.size(), 1U);
    EXPECT_EQ(days[0].orders, 2);
}

TEST_F(Reports, CountAPaidOrderAsSold) {
    orders.place(4);
    pay(4);
    EXPECT_EQ(reports.revenue("EUR"), all + 9 * price_of(5));
    EXPECT_EQ(reports.customer_revenue(8, "EUR"), 3 * price_of(3) + 9 * price_of(5));
}

TEST_F(Reports, CountNothingThatCameBack) {
    shipping.take_back(1);
    EXPECT_EQ(reports.revenue("EUR"), all - price_of(5));
    EXPECT_EQ(reports.never_sold(), reference::active_products - 2);
}

TEST_F(Reports, CountNothingThatWasCancelled) {
    payments.refund(1, payments.captured(1));
    orders.cancel(1);
    EXPECT_EQ(reports.revenue("EUR"), all - 2 * price_of(1));
}

TEST_F(Reports, TellWhenStockRunsLow) {
    EXPECT_TRUE(reports.low_stock(1).empty());
    placed({1, 57});
    ASSERT_EQ(reports.low_stock(1).size(), 1U);
    EXPECT_EQ(reports.low_stock(1)[0].available, 9);
}

} // namespace
