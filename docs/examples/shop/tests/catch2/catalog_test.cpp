#include "shop_test.hpp"

#include "shop/categories.hpp"
#include "shop/inventory.hpp"
#include "shop/orders.hpp"
#include "shop/products.hpp"
#include "shop/reference_counts.hpp"
#include "shop/tests/ids.hpp"

namespace reference = shop::reference;

namespace {

constexpr std::int64_t kitchen = 1;
constexpr std::int64_t garden = 2;
constexpr std::int64_t pans = 10;

struct categories_test : shop_test {
    shop::categories& categories = kept<shop::categories>();
};

struct products_test : shop_test {
    shop::products& products = kept<shop::products>();
};

using wrong_product = wrong<shop::new_product>;

} // namespace

TEST_CASE_METHOD(categories_test, "a breadcrumb names every step", "[catalog]") {
    CHECK(categories.add("crepe-pans", "Crepe pan", pans) == reference::categories + 1);
    CHECK(categories.breadcrumb(41) == "Kitchen / Pan / Crepe pan");
    SECTION("under its new name") {
        categories.rename(kitchen, "Cooking");
        CHECK(categories.breadcrumb(41) == "Cooking / Pan / Crepe pan");
    }
    SECTION("from its new department") {
        categories.move(pans, garden);
        CHECK(categories.breadcrumb(41) == "Garden / Pan / Crepe pan");
    }
}

TEST_CASE_METHOD(categories_test, "a category is not moved below itself", "[catalog]") {
    const auto below = GENERATE(kitchen, pans);
    CHECK_THROWS_MATCHES(categories.move(kitchen, below), shop::error,
                         says("category 1 cannot be moved below itself"));
    CHECK_FALSE(categories.get(kitchen).parent_id);
}

TEST_CASE_METHOD(categories_test, "a slug is taken once", "[catalog]") {
    CHECK_THROWS_MATCHES(categories.add("pans", "More pans"), shop::error,
                         says("the slug 'pans' is already taken"));
    CHECK(categories.count() == reference::categories);
}

TEST_CASE_METHOD(categories_test, "only an empty category can be removed", "[catalog]") {
    CHECK_THROWS_MATCHES(categories.remove(kitchen), shop::error,
                         says("category 1 still has categories below it"));
    CHECK_THROWS_MATCHES(categories.remove(pans), shop::error,
                         says("category 10 still has products"));
    execute("UPDATE products SET category_id = 9 WHERE category_id = ?", pans);
    categories.remove(pans);
    CHECK(categories.count() == reference::categories - 1);
}

TEST_CASE_METHOD(products_test, "a new product is for sale at once", "[catalog]") {
    CHECK(products.add({"WOK-1", "Wok", pans, 2499, "USD"}) == reference::products + 1);
    CHECK(products.get(2001).active);
    CHECK(products.find_by_sku("WOK-1").value().id == 2001);
    CHECK(products.active_count() == reference::active_products + 1);
}

TEST_CASE_METHOD(products_test, "a wrong product is not added", "[catalog]") {
    const auto added =
        GENERATE(wrong_product{{"NEW-1", "", 10, 1999, "EUR"}, "a product needs a name"},
                 wrong_product{{"NEW-1", "Wok", 10, 0, "EUR"}, "a price must be positive, not 0"},
                 wrong_product{{"NEW-1", "Wok", 41, 1999, "EUR"}, "there is no category 41"},
                 wrong_product{{"NEW-1", "Wok", 10, 1999, "XXA"}, "there is no currency XXA"},
                 wrong_product{{"SKU-00007", "Wok", 10, 1999, "EUR"},
                               "the SKU 'SKU-00007' is already taken"});
    CHECK_THROWS_MATCHES(products.add(added.given), shop::error, says(added.sentence));
    CHECK(products.count() == reference::products);
}

TEST_CASE_METHOD(products_test, "a search finds what is for sale", "[catalog]") {
    products.add({"WOK-1", "Cast-iron wok", pans, 1999, "EUR"});
    products.add({"WOK-2", "Wokking shoes", pans, 1999, "EUR"});
    CHECK(ids_of(products.search("WOK")) == ids{2001, 2002});
    products.set_active(2001, false);
    CHECK(ids_of(products.search("WOK")) == ids{2002});
}

TEST_CASE_METHOD(products_test, "pages follow one another without a gap", "[catalog]") {
    CHECK(ids_of(products.page(0, 3)) == ids{1, 2, 3});
    CHECK(ids_of(products.page(1, 3)) == ids{4, 5, 6});
    CHECK(products.page(20, 100).empty());
}

TEST_CASE_METHOD(products_test, "all prices of a category change at once", "[catalog]") {
    const std::int64_t percent = GENERATE(-20, 10);
    CHECK(products.change_prices(pans, percent) == reference::products_per_category);
    CHECK(products.get(10).price_minor == reference::price_of(10) * (100 + percent) / 100);
    CHECK(products.get(11).price_minor == reference::price_of(11));
}

TEST_CASE_METHOD(products_test, "a product is removed with its stock", "[catalog]") {
    SECTION("unless it was ordered") {
        auto& orders = kept<shop::orders>();
        orders.add_line(orders.open({1, 1, "EUR", "2024-04-01"}), 7, 1);
        CHECK_THROWS_MATCHES(products.remove(7), shop::error,
                             says("product 7 has been ordered and cannot be removed"));
    }
    SECTION("unless it was moved") {
        kept<shop::inventory>().receive(7, 1, 10);
        CHECK_THROWS_MATCHES(products.remove(7), shop::error,
                             says("product 7 has stock movements and cannot be removed"));
    }
    SECTION("if nothing happened to it") {
        products.remove(7);
        CHECK(value<std::int64_t>("SELECT count(*) FROM stock") == reference::stock_rows - 2);
    }
}
