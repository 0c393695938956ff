#include "lists.hpp"
#include "shop_test.hpp"

#include "shop/error.hpp"
#include "shop/products.hpp"
#include "shop/reference_counts.hpp"

namespace reference = shop::reference;

namespace search {

struct search_test : shop_test {
    shop::products& products = kept<shop::products>();

    std::int64_t add(const std::string& name, std::int64_t price_minor = 1000) {
        const std::string sku = "NEW-" + std::to_string(products.count());
        return products.add({sku, name, 9, price_minor, "EUR"});
    }
};

// Each adjective names 200 products in a row, of which two are not for sale.
struct compact {
    static constexpr auto text = "Compact";
    static constexpr std::int64_t first_id = 1;
};
struct classic {
    static constexpr auto text = "Classic";
    static constexpr std::int64_t first_id = 201;
};
struct robust {
    static constexpr auto text = "Robust";
    static constexpr std::int64_t first_id = 401;
};
struct folding {
    static constexpr auto text = "Folding";
    static constexpr std::int64_t first_id = 801;
};
struct deluxe {
    static constexpr auto text = "Deluxe";
    static constexpr std::int64_t first_id = 1801;
};

struct euros {
    static constexpr auto code = "EUR";
    static constexpr std::int64_t products = reference::products_in_eur;
};
struct dollars {
    static constexpr auto code = "USD";
    static constexpr std::int64_t products = reference::products_in_usd;
};
struct yen {
    static constexpr auto code = "JPY";
    static constexpr std::int64_t products = reference::products_in_jpy;
};

TEST_SUITE("search") {
    TEST_CASE_TEMPLATE("an adjective finds the products for sale that it names", Adjective, compact,
                       classic, robust, folding, deluxe) {
        search_test test;
        const auto found = test.products.search(Adjective::text);
        REQUIRE(found.size() == reference::products_per_adjective - 2);
        CHECK(found.front().id == Adjective::first_id);
        CHECK(found.back().id == Adjective::first_id + 198);
    }

    TEST_CASE_FIXTURE(search_test, "a product is found as soon as it is added") {
        CHECK(products.search("teapot").empty());
        CHECK(add("Blue Teapot") == 2001);
        CHECK(ids_of(products.search("teapot")) == ids{2001});
    }

    TEST_CASE_FIXTURE(search_test, "capitals do not matter in a name") {
        add("Blue Teapot");
        CHECK(ids_of(products.search("bLUE tEAPOT")) == ids{2001});
    }

    TEST_CASE_FIXTURE(search_test, "any part of a name will do") {
        add("Blue Teapot");
        CHECK(ids_of(products.search("ue te")) == ids{2001});
    }

    TEST_CASE_FIXTURE(search_test, "products come in the order of their ids") {
        add("Teapot B");
        add("Teapot A");
        CHECK(ids_of(products.search("teapot")) == ids{2001, 2002});
    }

    TEST_CASE_FIXTURE(search_test, "a percent sign stands for itself") {
        CHECK(products.search("%").empty());
        add("Syrup 80% Sugar");
        CHECK(ids_of(products.search("80%")) == ids{2001});
    }

    TEST_CASE_FIXTURE(search_test, "an underscore stands for itself") {
        add("left_right");
        add("leftXright");
        CHECK(ids_of(products.search("left_right")) == ids{2001});
    }

    TEST_CASE_FIXTURE(search_test, "a quote in the text is only text") {
        add("Barista's Choice");
        CHECK(ids_of(products.search("ista's")) == ids{2001});
        CHECK(products.search("' OR 1 = 1 --").empty());
    }

    TEST_CASE_FIXTURE(search_test, "a product that is not for sale is not found") {
        const std::int64_t teapot = add("Blue Teapot");
        products.set_active(teapot, false);
        CHECK(products.search("teapot").empty());
        products.set_active(teapot, true);
        CHECK(ids_of(products.search("teapot")) == ids{teapot});
    }

    TEST_CASE_FIXTURE(search_test, "a removed product is not found") {
        add("Blue Teapot");
        products.remove(add("Green Teapot"));
        CHECK(ids_of(products.search("teapot")) == ids{2001});
    }

    TEST_CASE_FIXTURE(search_test, "a renamed product is found by its new name alone") {
        products.rename(add("Blue Teapot"), "Blue Samovar");
        CHECK(products.search("teapot").empty());
        CHECK(ids_of(products.search("samovar")) == ids{2001});
    }

    TEST_CASE_FIXTURE(search_test, "no text finds everything for sale") {
        add("Blue Teapot");
        CHECK(products.search("").size() == reference::active_products + 1);
    }

    TEST_CASE_FIXTURE(search_test, "a product is found by its SKU") {
        CHECK(products.find_by_sku("SKU-00042").value().id == 42);
        CHECK_FALSE(products.find_by_sku("SKU-02001"));
    }

    TEST_CASE_FIXTURE(search_test, "a product out of sale is still found by its SKU") {
        const auto found = products.find_by_sku("SKU-00100");
        REQUIRE(found);
        CHECK_FALSE(found->active);
    }

    TEST_CASE_TEMPLATE("a currency offers its active products", Currency, euros, dollars, yen) {
        search_test test;
        const int resting = test.value<int>(
            "SELECT count(*) FROM products WHERE active = 0 AND currency_code = ?", Currency::code);
        CHECK(test.products.priced_between(Currency::code, 1, 100'000).size() ==
              Currency::products - resting);
    }

    TEST_CASE_FIXTURE(search_test, "a price range includes both its ends") {
        add("Cheap", 50);
        add("Cheaper", 49);
        add("Cheapest", 48);
        CHECK(ids_of(products.priced_between("EUR", 48, 50)) == ids{2003, 2002, 2001});
        CHECK(ids_of(products.priced_between("EUR", 49, 49)) == ids{2002});
    }

    TEST_CASE_FIXTURE(search_test, "products of the same price come in the order of their ids") {
        add("One", 50);
        add("Two", 50);
        CHECK(ids_of(products.priced_between("EUR", 50, 50)) == ids{2001, 2002});
    }

    TEST_CASE_FIXTURE(search_test, "a price range the wrong way round finds nothing") {
        add("Cheap", 50);
        CHECK(products.priced_between("EUR", 60, 40).empty());
    }

    TEST_CASE_FIXTURE(search_test, "a price range follows a change of price") {
        products.change_price(1, 3);
        CHECK(ids_of(products.priced_between("EUR", 1, 10)) == ids{1});
        products.change_price(1, 11);
        CHECK(products.priced_between("EUR", 1, 10).empty());
    }

    TEST_CASE_FIXTURE(search_test, "a currency without products has nothing in any range") {
        CHECK(products.priced_between("CHF", 1, 1'000'000).empty());
    }

    TEST_CASE_FIXTURE(search_test, "the first page begins with the first product") {
        CHECK(ids_of(products.page(0, 5)) == ids{1, 2, 3, 4, 5});
    }

    TEST_CASE_FIXTURE(search_test, "the last page has what is left") {
        add("Blue Teapot");
        CHECK(ids_of(products.page(20, 100)) == ids{2001});
        CHECK(products.page(21, 100).empty());
    }

    TEST_CASE_FIXTURE(search_test, "the pages close the gap that a removed product leaves") {
        products.remove(3);
        CHECK(ids_of(products.page(0, 4)) == ids{1, 2, 4, 5});
    }

    TEST_CASE_FIXTURE(search_test, "each subcase searches among the first 2000 products") {
        SUBCASE("and one more") {
            CHECK(add("Blue Teapot") == 2001);
        }
        SUBCASE("and two more") {
            CHECK(add("Red Kettle") == 2001);
            CHECK(add("Blue Teapot") == 2002);
        }
        SUBCASE("and one renamed") {
            products.rename(5, "Blue Teapot");
        }
        CHECK(products.search("blue teapot").size() == 1);
    }
}

} // namespace search
