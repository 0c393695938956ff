#include "checks.hpp"
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

class Categories : public shop_test {
  protected:
    shop::categories& categories = kept<shop::categories>();
};

TEST_F(Categories, HaveABreadcrumbThatNamesEveryStep) {
    const std::int64_t crepe_pans = categories.add("crepe-pans", "Crepe pan", pans);
    EXPECT_EQ(crepe_pans, reference::categories + 1);
    EXPECT_EQ(categories.breadcrumb(crepe_pans), "Kitchen / Pan / Crepe pan");
}

TEST_F(Categories, TakeTheirChildrenAlong) {
    categories.move(kitchen, garden);
    EXPECT_EQ(categories.breadcrumb(pans), "Garden / Kitchen / Pan");
    EXPECT_EQ(ids_of(categories.children_of(garden)), (ids{1, 13, 14, 15, 16}));
}

TEST_F(Categories, AreNotMovedBelowThemselves) {
    EXPECT_EQ(refusal([&] { categories.move(kitchen, pans); }),
              "category 1 cannot be moved below itself");
    EXPECT_FALSE(categories.get(kitchen).parent_id);
}

TEST_F(Categories, ShareNoSlug) {
    EXPECT_EQ(refusal([&] { categories.add("pans", "More pans"); }),
              "the slug 'pans' is already taken");
    EXPECT_EQ(categories.count(), reference::categories);
}

TEST_F(Categories, StayWhileTheyHaveProducts) {
    EXPECT_EQ(refusal([&] { categories.remove(pans); }), "category 10 still has products");
    execute("UPDATE products SET category_id = 9 WHERE category_id = ?", pans);
    categories.remove(pans);
    EXPECT_EQ(categories.count(), reference::categories - 1);
}

class Products : public shop_test {
  protected:
    shop::products& products = kept<shop::products>();
};

TEST_F(Products, AreFoundByAPartOfTheirName) {
    products.add({"WOK-1", "Cast-iron wok", pans, 1999, "EUR"});
    products.add({"WOK-2", "Wokking shoes", pans, 1999, "EUR"});
    EXPECT_EQ(ids_of(products.search("wok")), (ids{2001, 2002}));
    products.set_active(2001, false);
    EXPECT_EQ(ids_of(products.search("wok")), (ids{2002}));
}

TEST_F(Products, FollowOneAnotherFromPageToPage) {
    EXPECT_EQ(ids_of(products.page(1, 3)), (ids{4, 5, 6}));
    EXPECT_TRUE(products.page(20, 100).empty());
}

TEST_F(Products, ChangeTheirPricesByCategory) {
    EXPECT_EQ(products.change_prices(pans, 10), reference::products_per_category);
    EXPECT_EQ(products.get(10).price_minor, reference::price_of(10) * 110 / 100);
    EXPECT_EQ(products.get(11).price_minor, reference::price_of(11));
}

TEST_F(Products, TakeTheirStockAlong) {
    products.remove(7);
    EXPECT_FALSE(products.find(7));
    EXPECT_EQ(value<std::int64_t>("SELECT count(*) FROM stock"), reference::stock_rows - 2);
}

TEST_F(Products, StayOnceTheyWereOrderedOrMoved) {
    auto& orders = kept<shop::orders>();
    orders.add_line(orders.open({1, 1, "EUR", "2024-04-01"}), 7, 1);
    kept<shop::inventory>().receive(9, 1, 10);
    EXPECT_EQ(refusal([&] { products.remove(7); }),
              "product 7 has been ordered and cannot be removed");
    EXPECT_EQ(refusal([&] { products.remove(9); }),
              "product 9 has stock movements and cannot be removed");
}

class WrongProduct : public Products,
                     public testing::WithParamInterface<wrong<shop::new_product>> {};

TEST_P(WrongProduct, IsNotAdded) {
    EXPECT_EQ(refusal([&] { products.add(GetParam().given); }), GetParam().sentence);
    EXPECT_EQ(products.count(), reference::products);
}

const wrong<shop::new_product> wrong_products[] = {
    {"WithoutAName", {"NEW-1", "", 10, 1999, "EUR"}, "a product needs a name"},
    {"ForNothing", {"NEW-1", "Wok", 10, 0, "EUR"}, "a price must be positive, not 0"},
    {"InNoCategory", {"NEW-1", "Wok", 41, 1999, "EUR"}, "there is no category 41"},
    {"InNoCurrency", {"NEW-1", "Wok", 10, 1999, "XXA"}, "there is no currency XXA"},
    {"WithATakenSku",
     {"SKU-00007", "Wok", 10, 1999, "EUR"},
     "the SKU 'SKU-00007' is already taken"},
};
INSTANTIATE_TEST_SUITE_P(Catalog, WrongProduct, testing::ValuesIn(wrong_products), by_name());

} // namespace
