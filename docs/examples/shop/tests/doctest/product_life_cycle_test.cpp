#include "lists.hpp"
#include "order_test.hpp"

#include "shop/error.hpp"
#include "shop/products.hpp"

namespace reference = shop::reference;

namespace product_life_cycle {

struct product_life_cycle_test : order_test {
    shop::products& products = kept<shop::products>();

    const shop::new_product teapot = {"TEA-1", "Blue Teapot", 9, 2500, "EUR"};
};

struct without_a_name {
    static constexpr auto name = "", currency = "EUR", error = "a product needs a name";
    static constexpr std::int64_t category = 9, price = 2500;
};
struct for_nothing {
    static constexpr auto name = "Teapot", currency = "EUR",
                          error = "a price must be positive, not 0";
    static constexpr std::int64_t category = 9, price = 0;
};
struct for_less_than_nothing {
    static constexpr auto name = "Teapot", currency = "EUR",
                          error = "a price must be positive, not -1";
    static constexpr std::int64_t category = 9, price = -1;
};
struct in_no_category {
    static constexpr auto name = "Teapot", currency = "EUR", error = "there is no category 41";
    static constexpr std::int64_t category = 41, price = 2500;
};
struct in_no_currency {
    static constexpr auto name = "Teapot", currency = "QQQ", error = "there is no currency QQQ";
    static constexpr std::int64_t category = 9, price = 2500;
};

struct up_by_10_percent {
    static constexpr std::int64_t percent = 10, price = 2748; // of 2499, rounded down
};
struct down_by_10_percent {
    static constexpr std::int64_t percent = -10, price = 2249;
};
struct down_by_99_percent {
    static constexpr std::int64_t percent = -99, price = 24;
};
struct doubled {
    static constexpr std::int64_t percent = 100, price = 4998;
};

TEST_SUITE("product_life_cycle") {
    TEST_CASE_FIXTURE(product_life_cycle_test, "a new product is for sale") {
        CHECK(products.add(teapot) == 2001);
        const shop::product added = products.get(2001);
        CHECK(added.sku == "TEA-1");
        CHECK(added.name == "Blue Teapot");
        CHECK(added.category_id == 9);
        CHECK(added.price_minor == 2500);
        CHECK(added.currency_code == "EUR");
        CHECK(added.active);
    }

    TEST_CASE_FIXTURE(product_life_cycle_test, "a new product counts") {
        products.add(teapot);
        CHECK(products.count() == reference::products + 1);
        CHECK(products.active_count() == reference::active_products + 1);
        CHECK(products.in_category(9).size() == reference::products_per_category + 1);
    }

    TEST_CASE_FIXTURE(product_life_cycle_test, "a new product is kept nowhere") {
        CHECK(stock.levels_of(products.add(teapot)).empty());
        CHECK(stock.available(2001) == 0);
    }

    TEST_CASE_TEMPLATE("a product is not added", Teapot, without_a_name, for_nothing,
                       for_less_than_nothing, in_no_category, in_no_currency) {
        product_life_cycle_test test;
        const shop::new_product wrong = {"TEA-1", Teapot::name, Teapot::category, Teapot::price,
                                         Teapot::currency};
        CHECK_THROWS_WITH_AS(test.products.add(wrong), Teapot::error, shop::error);
        CHECK(test.products.count() == reference::products);
        CHECK(test.products.add(test.teapot) == 2001);
    }

    TEST_CASE_FIXTURE(product_life_cycle_test, "an SKU belongs to one product") {
        shop::new_product second = teapot;
        products.add(teapot);
        CHECK_THROWS_WITH_AS(products.add(second), "the SKU 'TEA-1' is already taken", shop::error);
        second.sku = "TEA-2";
        CHECK(products.add(second) == 2002);
    }

    TEST_CASE_FIXTURE(product_life_cycle_test, "a product takes a new name") {
        products.rename(1, "Sturdy Kettle");
        CHECK(products.get(1).name == "Sturdy Kettle");
        CHECK(value<int>("SELECT count(*) FROM products WHERE name = 'Sturdy Kettle'") == 1);
    }

    TEST_CASE_FIXTURE(product_life_cycle_test, "a product keeps its name rather than have none") {
        CHECK_THROWS_WITH_AS(products.rename(1, ""), "a product needs a name", shop::error);
        CHECK(products.get(1).name == "Compact Kitchen 1");
    }

    TEST_CASE_FIXTURE(product_life_cycle_test, "a product moves to another category") {
        products.move(1, 10);
        CHECK(products.get(1).category_id == 10);
        CHECK(products.in_category(1).size() == reference::products_per_category - 1);
        CHECK(products.in_category(10).size() == reference::products_per_category + 1);
    }

    TEST_CASE_FIXTURE(product_life_cycle_test, "a product moves only to a category that is there") {
        CHECK_THROWS_WITH_AS(products.move(1, 41), "there is no category 41", shop::error);
        CHECK(products.get(1).category_id == 1);
    }

    TEST_CASE_FIXTURE(product_life_cycle_test, "a change of price tells the price before") {
        CHECK(products.change_price(1, 900) == reference::price_of(1));
        CHECK(products.change_price(1, 800) == 900);
        CHECK(products.get(1).price_minor == 800);
    }

    TEST_CASE_FIXTURE(product_life_cycle_test, "a price stays positive") {
        CHECK_THROWS_WITH_AS(products.change_price(1, 0), "a price must be positive, not 0",
                             shop::error);
        CHECK(products.get(1).price_minor == reference::price_of(1));
    }

    TEST_CASE_TEMPLATE("all prices of a category change together", Change, up_by_10_percent,
                       down_by_10_percent, down_by_99_percent, doubled) {
        product_life_cycle_test test;
        test.execute("UPDATE products SET price_minor = 2499 WHERE category_id = 9");
        CHECK(test.products.change_prices(9, Change::percent) == reference::products_per_category);
        CHECK(test.value<int>("SELECT count(*) FROM products WHERE category_id = 9"
                              " AND price_minor = ?",
                              Change::price) == reference::products_per_category);
    }

    TEST_CASE_FIXTURE(product_life_cycle_test, "a price never falls to nothing") {
        products.change_price(1, 1);
        products.change_prices(1, -50);
        CHECK(products.get(1).price_minor == 1);
        CHECK_THROWS_WITH_AS(products.change_prices(1, -100),
                             "a price cannot fall by 100 % or more", shop::error);
    }

    TEST_CASE_FIXTURE(product_life_cycle_test, "a change of prices leaves other categories alone") {
        const auto total = "SELECT sum(price_minor) FROM products WHERE category_id <> 9";
        const auto before = value<std::int64_t>(total);
        products.change_prices(9, 50);
        CHECK(value<std::int64_t>(total) == before);
    }

    TEST_CASE_FIXTURE(product_life_cycle_test, "a product out of sale cannot be ordered") {
        products.set_active(1, false);
        CHECK(products.active_count() == reference::active_products - 1);
        CHECK_THROWS_WITH_AS(draft(), "product 1 is not for sale", shop::error);
    }

    TEST_CASE_FIXTURE(product_life_cycle_test, "a product out of sale can still be sent") {
        const std::int64_t order = paid({1, 2});
        products.set_active(1, false);
        CHECK(shipping.create(order, "T1", "2024-05-03") == 1);
    }

    TEST_CASE_FIXTURE(product_life_cycle_test, "a product comes back into sale") {
        products.set_active(100, true);
        CHECK(products.get(100).active);
        CHECK(products.active_count() == reference::active_products + 1);
    }

    TEST_CASE_FIXTURE(product_life_cycle_test, "a removed product takes its stock along") {
        products.remove(1);
        CHECK_FALSE(products.find(1));
        CHECK(value<int>("SELECT count(*) FROM stock") == reference::stock_rows - 2);
    }

    TEST_CASE_FIXTURE(product_life_cycle_test, "an ordered product stays") {
        draft({1, 2});
        CHECK_THROWS_WITH_AS(products.remove(1), "product 1 has been ordered and cannot be removed",
                             shop::error);
        CHECK(products.count() == reference::products);
    }

    TEST_CASE_FIXTURE(product_life_cycle_test, "a product with a past in the warehouse stays") {
        CHECK(stock.receive(1, 3, 10) == 1);
        CHECK_THROWS_WITH_AS(products.remove(1),
                             "product 1 has stock movements and cannot be removed", shop::error);
        CHECK(products.count() == reference::products);
    }

    TEST_CASE_FIXTURE(product_life_cycle_test, "nothing happens to a product that is not there") {
        const auto text = "there is no product 2001";
        SUBCASE("it has no name") {
            CHECK_THROWS_WITH_AS(products.rename(2001, "Teapot"), text, shop::error);
        }
        SUBCASE("it does not move") {
            CHECK_THROWS_WITH_AS(products.move(2001, 9), text, shop::error);
        }
        SUBCASE("it has no price") {
            CHECK_THROWS_WITH_AS(products.change_price(2001, 5), text, shop::error);
        }
        SUBCASE("it is not for sale") {
            CHECK_THROWS_WITH_AS(products.set_active(2001, true), text, shop::error);
        }
        SUBCASE("it does not go") {
            CHECK_THROWS_WITH_AS(products.remove(2001), text, shop::error);
        }
        CHECK(products.add(teapot) == 2001);
    }

    TEST_CASE_FIXTURE(product_life_cycle_test, "an id is not kept free for a removed product") {
        products.remove(products.add(teapot));
        CHECK(products.add(teapot) == 2001);
    }
}

} // namespace product_life_cycle
