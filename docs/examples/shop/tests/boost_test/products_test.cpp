#include "checks.hpp"
#include "shop_test.hpp"

#include "shop/inventory.hpp"
#include "shop/orders.hpp"
#include "shop/products.hpp"
#include "shop/reference_counts.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace data = boost::unit_test::data;
namespace reference = shop::reference;
namespace tt = boost::test_tools;

namespace {

constexpr std::int64_t cooking_pans = 10;

struct products_test : shop_test {
    shop::products& products = kept<shop::products>();

    std::int64_t add(const std::string& name, std::int64_t category_id = cooking_pans) {
        const std::int64_t number = products.count() + 1;
        return products.add({"NEW-" + std::to_string(number), name, category_id, 1999, "EUR"});
    }
};

/// What is wrong with a new product, and what the shop says about it.
struct wrong_product {
    shop::new_product added;
    const char* sentence;
};

std::ostream& operator<<(std::ostream& out, const wrong_product& wrong) {
    return out << wrong.sentence;
}

const wrong_product wrong_products[] = {
    {{"NEW-1", "", 10, 1999, "EUR"}, "a product needs a name"},
    {{"NEW-1", "Wok", 10, 0, "EUR"}, "a price must be positive, not 0"},
    {{"NEW-1", "Wok", 41, 1999, "EUR"}, "there is no category 41"},
    {{"NEW-1", "Wok", 10, 1999, "XXA"}, "there is no currency XXA"},
    {{"SKU-00007", "Wok", 10, 1999, "EUR"}, "the SKU 'SKU-00007' is already taken"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(products)

BOOST_FIXTURE_TEST_CASE(the_catalog_starts_with_its_reference_products, products_test) {
    BOOST_TEST(products.count() == reference::products);
    BOOST_TEST(products.active_count() == reference::active_products);
}

BOOST_FIXTURE_TEST_CASE(a_new_product_gets_the_next_id, products_test) {
    BOOST_TEST(add("Wok") == 2001);
    BOOST_TEST(add("Big wok") == 2002);
}

BOOST_FIXTURE_TEST_CASE(a_new_product_is_stored_as_it_was_written, products_test) {
    products.add({"WOK-1", "Wok", cooking_pans, 2499, "USD"});

    const shop::product wok = products.get(2001);
    BOOST_TEST(wok.sku == "WOK-1");
    BOOST_TEST(wok.name == "Wok");
    BOOST_TEST(wok.category_id == cooking_pans);
    BOOST_TEST(wok.price_minor == 2499);
    BOOST_TEST(wok.currency_code == "USD");
}

BOOST_FIXTURE_TEST_CASE(a_new_product_is_for_sale_at_once, products_test) {
    BOOST_TEST(products.get(add("Wok")).active);
    BOOST_TEST(products.active_count() == reference::active_products + 1);
}

BOOST_FIXTURE_TEST_CASE(a_new_product_is_kept_in_no_warehouse, products_test) {
    const std::int64_t wok = add("Wok");
    BOOST_TEST(kept<shop::inventory>().levels_of(wok).empty());
    BOOST_TEST(kept<shop::inventory>().available(wok) == 0);
}

BOOST_FIXTURE_TEST_CASE(a_product_is_found_by_its_sku, products_test) {
    products.add({"WOK-1", "Wok", cooking_pans, 2499, "USD"});

    BOOST_TEST(products.find_by_sku("WOK-1").value().id == 2001);
    BOOST_TEST(products.find_by_sku("SKU-00007").value().id == 7);
    BOOST_TEST(!products.find_by_sku("wok-1"));
}

BOOST_DATA_TEST_CASE_F(products_test, a_wrong_product_is_not_added, data::make(wrong_products),
                       wrong) {
    BOOST_CHECK_EXCEPTION(products.add(wrong.added), shop::error, says(wrong.sentence));
    BOOST_TEST(products.count() == reference::products);
}

BOOST_FIXTURE_TEST_CASE(a_new_sku_is_taken_too, products_test) {
    products.add({"WOK-1", "Wok", cooking_pans, 2499, "USD"});
    BOOST_CHECK_EXCEPTION(products.add({"WOK-1", "Wok", cooking_pans, 2499, "USD"}), shop::error,
                          says("the SKU 'WOK-1' is already taken"));
}

BOOST_FIXTURE_TEST_CASE(an_unknown_product_is_an_error, products_test) {
    const auto no_2001 = says("there is no product 2001");
    BOOST_TEST(!products.find(2001));
    BOOST_CHECK_EXCEPTION(products.get(2001), shop::error, no_2001);
    BOOST_CHECK_EXCEPTION(products.rename(2001, "Wok"), shop::error, no_2001);
    BOOST_CHECK_EXCEPTION(products.move(2001, cooking_pans), shop::error, no_2001);
    BOOST_CHECK_EXCEPTION(products.set_active(2001, false), shop::error, no_2001);
    BOOST_CHECK_EXCEPTION(products.remove(2001), shop::error, no_2001);
}

BOOST_FIXTURE_TEST_CASE(a_search_finds_a_part_of_the_name, products_test) {
    add("Cast-iron wok");
    add("Wokking shoes");
    add("Griddle");
    BOOST_TEST(ids_of(products.search("wok")) == ids({2001, 2002}), tt::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_search_takes_a_percent_sign_for_a_letter, products_test) {
    BOOST_TEST(products.search("%").empty());
    add("Juice 100%");
    BOOST_TEST(ids_of(products.search("%")) == ids({2001}), tt::per_element());
}

BOOST_DATA_TEST_CASE_F(products_test, a_search_leaves_out_what_is_not_for_sale,
                       data::make({"Compact", "ROBUST", "deluxe"}), adjective) {
    BOOST_TEST(products.search(adjective).size() == 198U);
}

BOOST_FIXTURE_TEST_CASE(a_search_finds_a_product_that_is_back_in_sale, products_test) {
    products.set_active(100, true);
    BOOST_TEST(products.search("compact").size() == 199U);
}

BOOST_FIXTURE_TEST_CASE(a_category_lists_its_products_by_id, products_test) {
    add("Wok");
    const ids found = ids_of(products.in_category(cooking_pans));

    BOOST_TEST(found.size() == 51U);
    BOOST_TEST(found.front() == 10);
    BOOST_TEST(found.back() == 2001);
}

BOOST_FIXTURE_TEST_CASE(a_department_has_no_products_of_its_own_but_those_below, products_test) {
    execute("INSERT INTO categories (id, slug, name) VALUES (41, 'toys', 'Toys')");
    execute("INSERT INTO categories (id, parent_id, slug, name) VALUES (42, 41, 'cubes', 'Cube')");
    add("Red cube", 42);
    add("Blue cube", 42);

    BOOST_TEST(products.in_category(41).empty());
    BOOST_TEST(ids_of(products.below_category(41)) == ids({2001, 2002}), tt::per_element());
}

BOOST_FIXTURE_TEST_CASE(products_of_an_unknown_category_are_an_error, products_test) {
    BOOST_CHECK_EXCEPTION(products.in_category(41), shop::error, says("there is no category 41"));
    BOOST_CHECK_EXCEPTION(products.below_category(41), shop::error,
                          says("there is no category 41"));
}

BOOST_FIXTURE_TEST_CASE(pages_follow_one_another_without_a_gap, products_test) {
    BOOST_TEST(ids_of(products.page(0, 3)) == ids({1, 2, 3}), tt::per_element());
    BOOST_TEST(ids_of(products.page(1, 3)) == ids({4, 5, 6}), tt::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_new_product_opens_a_last_page, products_test) {
    BOOST_TEST(products.page(20, 100).empty());
    add("Wok");
    BOOST_TEST(ids_of(products.page(20, 100)) == ids({2001}), tt::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_renamed_product_loses_its_old_name, products_test) {
    const std::int64_t wok = add("Wok");

    products.rename(wok, "Griddle");

    BOOST_TEST(products.search("wok").empty());
    BOOST_TEST(ids_of(products.search("griddle")) == ids({wok}), tt::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_product_cannot_lose_its_name, products_test) {
    BOOST_CHECK_EXCEPTION(products.rename(7, ""), shop::error, says("a product needs a name"));
    BOOST_TEST(products.get(7).name == "Compact Workshop 7");
}

BOOST_FIXTURE_TEST_CASE(a_moved_product_changes_its_category, products_test) {
    products.move(10, 9);

    BOOST_TEST(products.in_category(cooking_pans).size() == 49U);
    BOOST_TEST(products.in_category(9).size() == 51U);
}

BOOST_FIXTURE_TEST_CASE(a_product_out_of_sale_is_still_there, products_test) {
    products.set_active(7, false);

    BOOST_TEST(!products.get(7).active);
    BOOST_TEST(products.count() == reference::products);
    BOOST_TEST(products.active_count() == reference::active_products - 1);
}

BOOST_FIXTURE_TEST_CASE(a_removed_product_takes_its_stock_along, products_test) {
    products.remove(7);

    BOOST_TEST(!products.find(7));
    BOOST_TEST(products.count() == reference::products - 1);
    BOOST_TEST(value<std::int64_t>("SELECT count(*) FROM stock") == reference::stock_rows - 2);
}

BOOST_FIXTURE_TEST_CASE(an_ordered_product_cannot_be_removed, products_test) {
    auto& orders = kept<shop::orders>();
    orders.add_line(orders.open({1, 1, "EUR", "2024-04-01"}), 7, 1);

    BOOST_CHECK_EXCEPTION(products.remove(7), shop::error,
                          says("product 7 has been ordered and cannot be removed"));
    BOOST_TEST(value<int>("SELECT count(*) FROM stock WHERE product_id = 7") == 2);
}

BOOST_FIXTURE_TEST_CASE(a_product_with_movements_cannot_be_removed, products_test) {
    kept<shop::inventory>().receive(7, 1, 10);
    BOOST_CHECK_EXCEPTION(products.remove(7), shop::error,
                          says("product 7 has stock movements and cannot be removed"));
}

BOOST_AUTO_TEST_SUITE_END()
