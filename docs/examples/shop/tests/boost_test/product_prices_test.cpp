#include "checks.hpp"
#include "shop_test.hpp"

#include "shop/orders.hpp"
#include "shop/products.hpp"
#include "shop/reference_counts.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace data = boost::unit_test::data;
namespace reference = shop::reference;
namespace tt = boost::test_tools;

namespace {

constexpr std::int64_t toys = 41;

/// Beside the reference products there are three toys: 2001 for 0.099, 2002 for 0.999 and 2003 for
/// 5.000 dinars of Kuwait, in which nothing else has a price.
struct product_prices_test : shop_test {
    shop::products& products = kept<shop::products>();

    product_prices_test() {
        execute("INSERT INTO categories (id, slug, name) VALUES (?, 'toys', 'Toys')", toys);
        products.add({"TOY-1", "Ball", toys, 99, "KWD"});
        products.add({"TOY-2", "Kite", toys, 999, "KWD"});
        products.add({"TOY-3", "Train", toys, 5000, "KWD"});
    }

    ids prices_of_toys() {
        return values<std::int64_t>(
            "SELECT price_minor FROM products WHERE category_id = ? ORDER BY id", toys);
    }
};

struct price_change {
    std::int64_t percent;
    ids prices;
};

std::ostream& operator<<(std::ostream& out, const price_change& change) {
    return out << change.percent << " %";
}

const price_change price_changes[] = {
    {10, {108, 1098, 5500}},
    {100, {198, 1998, 10000}},
    {-10, {89, 899, 4500}},
    {-99, {1, 9, 50}},
};

} // namespace

BOOST_AUTO_TEST_SUITE(product_prices)

BOOST_DATA_TEST_CASE_F(product_prices_test, the_catalog_has_prices_in_three_currencies,
                       data::make({"EUR", "USD", "JPY"}) ^
                           data::make({reference::products_in_eur, reference::products_in_usd,
                                       reference::products_in_jpy}),
                       currency, products_in_it) {
    BOOST_TEST(value<std::int64_t>("SELECT count(*) FROM products WHERE currency_code = ?",
                                   currency) == products_in_it);
}

BOOST_FIXTURE_TEST_CASE(a_new_price_replaces_the_old_one_and_returns_it, product_prices_test) {
    BOOST_TEST(products.change_price(2001, 150) == 99);
    BOOST_TEST(products.change_price(2001, 175) == 150);
    BOOST_TEST(products.get(2001).price_minor == 175);
}

BOOST_FIXTURE_TEST_CASE(a_new_price_leaves_other_products_alone, product_prices_test) {
    products.change_price(2002, 1);
    BOOST_TEST(prices_of_toys() == ids({99, 1, 5000}), tt::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_new_price_keeps_the_currency, product_prices_test) {
    products.change_price(2001, 150);
    BOOST_TEST(products.get(2001).currency_code == "KWD");
}

BOOST_DATA_TEST_CASE_F(product_prices_test, a_price_must_be_positive, data::make({0, -1}), price) {
    BOOST_CHECK_EXCEPTION(products.change_price(2001, price), shop::error,
                          says("a price must be positive, not " + std::to_string(price)));
    BOOST_TEST(products.get(2001).price_minor == 99);
}

BOOST_FIXTURE_TEST_CASE(an_unknown_product_has_no_price_to_change, product_prices_test) {
    BOOST_CHECK_EXCEPTION(products.change_price(2004, 100), shop::error,
                          says("there is no product 2004"));
}

BOOST_DATA_TEST_CASE_F(product_prices_test, a_percentage_changes_all_prices_of_a_category,
                       data::make(price_changes), change) {
    BOOST_TEST(products.change_prices(toys, change.percent) == 3);
    BOOST_TEST(prices_of_toys() == change.prices, tt::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_percentage_leaves_other_categories_alone, product_prices_test) {
    const auto sum = "SELECT sum(price_minor) FROM products WHERE category_id <> ?";
    const auto before = value<std::int64_t>(sum, toys);

    products.change_prices(toys, 10);

    BOOST_TEST(value<std::int64_t>(sum, toys) == before);
}

BOOST_FIXTURE_TEST_CASE(a_percentage_changes_products_out_of_sale_too, product_prices_test) {
    products.set_active(2001, false);
    products.change_prices(toys, 100);
    BOOST_TEST(products.get(2001).price_minor == 198);
}

BOOST_FIXTURE_TEST_CASE(a_reference_category_has_fifty_prices_to_change, product_prices_test) {
    BOOST_TEST(products.change_prices(10, 10) == reference::products_per_category);
    BOOST_TEST(products.get(10).price_minor == reference::price_of(10) * 110 / 100);
}

BOOST_DATA_TEST_CASE_F(product_prices_test, a_price_cannot_fall_by_all_of_it,
                       data::make({-100, -101}), percent) {
    BOOST_CHECK_EXCEPTION(products.change_prices(toys, percent), shop::error,
                          says("a price cannot fall by 100 % or more"));
    BOOST_TEST(prices_of_toys() == ids({99, 999, 5000}), tt::per_element());
}

BOOST_FIXTURE_TEST_CASE(an_unknown_category_has_no_prices_to_change, product_prices_test) {
    BOOST_CHECK_EXCEPTION(products.change_prices(42, 10), shop::error,
                          says("there is no category 42"));
}

BOOST_FIXTURE_TEST_CASE(a_price_range_includes_both_ends, product_prices_test) {
    BOOST_TEST(ids_of(products.priced_between("KWD", 99, 999)) == ids({2001, 2002}),
               tt::per_element());
    BOOST_TEST(products.priced_between("KWD", 100, 998).empty());
}

BOOST_FIXTURE_TEST_CASE(a_price_range_lists_the_cheapest_first, product_prices_test) {
    products.change_price(2001, 6000);
    BOOST_TEST(ids_of(products.priced_between("KWD", 1, 10000)) == ids({2002, 2003, 2001}),
               tt::per_element());
}

BOOST_FIXTURE_TEST_CASE(the_same_price_is_listed_by_id, product_prices_test) {
    products.change_price(2003, 99);
    BOOST_TEST(ids_of(products.priced_between("KWD", 1, 500)) == ids({2001, 2003}),
               tt::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_price_range_leaves_out_what_is_not_for_sale, product_prices_test) {
    products.set_active(2002, false);
    BOOST_TEST(ids_of(products.priced_between("KWD", 1, 10000)) == ids({2001, 2003}),
               tt::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_price_range_is_of_one_currency, product_prices_test) {
    BOOST_TEST(products.priced_between("BHD", 1, 100000).empty());
    products.add({"TOY-4", "Drone", toys, 700, "BHD"});
    BOOST_TEST(ids_of(products.priced_between("BHD", 1, 100000)) == ids({2004}), tt::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_line_of_an_order_keeps_the_price_of_its_day, product_prices_test) {
    auto& orders = kept<shop::orders>();
    const std::int64_t id = orders.open({1, 1, "KWD", "2024-04-01"});
    orders.add_line(id, 2001, 1);

    products.change_price(2001, 175);

    BOOST_TEST(orders.lines(id).at(0).price_minor == 99);
    BOOST_TEST(orders.total(id).total_minor == 99);
}

BOOST_FIXTURE_TEST_CASE(a_later_order_takes_the_new_price, product_prices_test) {
    auto& orders = kept<shop::orders>();
    products.change_price(2001, 175);
    const std::int64_t id = orders.open({1, 1, "KWD", "2024-04-01"});
    orders.add_line(id, 2001, 2);
    BOOST_TEST(orders.total(id).total_minor == 350);
}

BOOST_AUTO_TEST_SUITE_END()
