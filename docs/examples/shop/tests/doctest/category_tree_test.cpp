#include "lists.hpp"
#include "shop_test.hpp"

#include "shop/categories.hpp"
#include "shop/error.hpp"
#include "shop/products.hpp"
#include "shop/reference_counts.hpp"

namespace reference = shop::reference;

namespace category_tree {

struct category_tree_test : shop_test {
    shop::categories& categories = kept<shop::categories>();
    shop::products& products = kept<shop::products>();

    static constexpr std::int64_t kitchen = 1;
    static constexpr std::int64_t garden = 2;
    static constexpr std::int64_t kettles = 9;
};

template <std::int64_t Id>
struct department {
    static constexpr std::int64_t id = Id;
    static constexpr std::int64_t first_child = 9 + 4 * (Id - 1);
};
struct kitchen : department<1> {
    static constexpr auto slug = "kitchen";
};
struct garden : department<2> {
    static constexpr auto slug = "garden";
};
struct office : department<3> {
    static constexpr auto slug = "office";
};
struct sports : department<4> {
    static constexpr auto slug = "sports";
};
struct music : department<5> {
    static constexpr auto slug = "music";
};
struct travel : department<6> {
    static constexpr auto slug = "travel";
};
struct workshop : department<7> {
    static constexpr auto slug = "workshop";
};
struct home : department<8> {
    static constexpr auto slug = "home";
};

struct kettle {
    static constexpr auto slug = "kettles", breadcrumb = "Kitchen / Kettle";
};
struct desk {
    static constexpr auto slug = "desks", breadcrumb = "Office / Desk";
};
struct tent {
    static constexpr auto slug = "tents", breadcrumb = "Travel / Tent";
};
struct mirror {
    static constexpr auto slug = "mirrors", breadcrumb = "Home / Mirror";
};

TEST_SUITE("category_tree") {
    TEST_CASE_TEMPLATE("a department adds the products of four categories to its own", Department,
                       kitchen, garden, office, sports, music, travel, workshop, home) {
        category_tree_test test;
        CHECK(test.categories.find_by_slug(Department::slug).value().id == Department::id);
        const std::int64_t first = Department::first_child;
        CHECK(ids_of(test.categories.children_of(Department::id)) ==
              ids{first, first + 1, first + 2, first + 3});
        CHECK(test.products.in_category(Department::id).size() == reference::products_per_category);
        CHECK(test.products.below_category(Department::id).size() ==
              (1 + reference::categories_per_department) * reference::products_per_category);
    }

    TEST_CASE_TEMPLATE("a category tells the way to it", Category, kettle, desk, tent, mirror) {
        category_tree_test test;
        const auto found = test.categories.find_by_slug(Category::slug);
        REQUIRE(found);
        CHECK(test.categories.breadcrumb(found->id) == Category::breadcrumb);
        const std::int64_t below = test.categories.add("more", "More", found->id);
        CHECK(below == reference::categories + 1);
        CHECK(test.categories.breadcrumb(below) == std::string(Category::breadcrumb) + " / More");
    }

    TEST_CASE_FIXTURE(category_tree_test, "departments are the categories without a parent") {
        CHECK(ids_of(categories.departments()) == ids{1, 2, 3, 4, 5, 6, 7, 8});
        categories.add("toys", "Toys");
        CHECK(ids_of(categories.departments()) == ids{1, 2, 3, 4, 5, 6, 7, 8, 41});
    }

    TEST_CASE_FIXTURE(category_tree_test, "a new category takes its place in the tree") {
        const std::int64_t teapots = categories.add("teapots", "Teapot", kitchen);
        CHECK(teapots == 41);
        CHECK(ids_of(categories.children_of(kitchen)) == ids{9, 10, 11, 12, 41});
        CHECK(categories.count() == reference::categories + 1);
    }

    TEST_CASE_FIXTURE(category_tree_test, "a category needs a name") {
        CHECK_THROWS_WITH_AS(categories.add("x", ""), "a category needs a name", shop::error);
        CHECK_THROWS_WITH_AS(categories.rename(kettles, ""), "a category needs a name",
                             shop::error);
        CHECK(categories.count() == reference::categories);
    }

    TEST_CASE_FIXTURE(category_tree_test, "a slug belongs to one category") {
        CHECK_THROWS_WITH_AS(categories.add("pans", "Peter"), "the slug 'pans' is already taken",
                             shop::error);
        CHECK(categories.count() == reference::categories);
        CHECK(categories.add("pans-of-peter", "Peter") == 41);
    }

    TEST_CASE_FIXTURE(category_tree_test, "a category cannot be added below nothing") {
        CHECK_THROWS_WITH_AS(categories.add("lost", "Lost", 41), "there is no category 41",
                             shop::error);
        CHECK_FALSE(categories.find_by_slug("lost"));
    }

    TEST_CASE_FIXTURE(category_tree_test, "what is not there is not found") {
        CHECK_FALSE(categories.find(41));
        CHECK_FALSE(categories.find_by_slug("teapots"));
        CHECK_THROWS_WITH_AS(categories.get(41), "there is no category 41", shop::error);
        CHECK_THROWS_WITH_AS(categories.breadcrumb(41), "there is no category 41", shop::error);
    }

    TEST_CASE_FIXTURE(category_tree_test, "the path goes from the department to the category") {
        const std::int64_t whistling = categories.add("whistling", "Whistling Kettle", kettles);
        CHECK(ids_of(categories.path_to(whistling)) == ids{kitchen, kettles, 41});
        CHECK(ids_of(categories.path_to(kitchen)) == ids{kitchen});
    }

    TEST_CASE_FIXTURE(category_tree_test, "a new name shows in every breadcrumb below it") {
        categories.rename(kitchen, "Cooking");
        CHECK(categories.breadcrumb(kettles) == "Cooking / Kettle");
        CHECK(categories.get(kitchen).slug == "kitchen");
    }

    TEST_CASE_FIXTURE(category_tree_test, "only a category that is there gets a new name") {
        CHECK_THROWS_WITH_AS(categories.rename(41, "Teapot"), "there is no category 41",
                             shop::error);
    }

    TEST_CASE_FIXTURE(category_tree_test, "a category moves with everything below it") {
        const std::int64_t whistling = categories.add("whistling", "Whistling Kettle", kettles);
        categories.move(kettles, garden);
        CHECK(categories.breadcrumb(whistling) == "Garden / Kettle / Whistling Kettle");
        CHECK(products.below_category(kitchen).size() == 200);
        CHECK(products.below_category(garden).size() == 300);
    }

    TEST_CASE_FIXTURE(category_tree_test, "a category can become a department") {
        categories.move(kettles, std::nullopt);
        CHECK(categories.breadcrumb(kettles) == "Kettle");
        CHECK(categories.departments().size() == reference::departments + 1);
    }

    TEST_CASE_FIXTURE(category_tree_test, "a department can become a category") {
        categories.move(kitchen, garden);
        CHECK(categories.breadcrumb(kettles) == "Garden / Kitchen / Kettle");
        CHECK(categories.departments().size() == reference::departments - 1);
        CHECK(products.below_category(garden).size() == 500);
    }

    TEST_CASE_FIXTURE(category_tree_test, "a category does not move below itself") {
        CHECK_THROWS_WITH_AS(categories.move(kitchen, kitchen),
                             "category 1 cannot be moved below itself", shop::error);
        CHECK_THROWS_WITH_AS(categories.move(kitchen, kettles),
                             "category 1 cannot be moved below itself", shop::error);
        CHECK_FALSE(categories.get(kitchen).parent_id);
    }

    TEST_CASE_FIXTURE(category_tree_test, "a category moves only from and to what is there") {
        CHECK_THROWS_WITH_AS(categories.move(41, kitchen), "there is no category 41", shop::error);
        CHECK_THROWS_WITH_AS(categories.move(kettles, 41), "there is no category 41", shop::error);
        CHECK(categories.get(kettles).parent_id == kitchen);
    }

    TEST_CASE_FIXTURE(category_tree_test, "an empty category can be removed") {
        categories.remove(categories.add("teapots", "Teapot", kitchen));
        CHECK_FALSE(categories.find(41));
        CHECK(categories.count() == reference::categories);
    }

    TEST_CASE_FIXTURE(category_tree_test, "a category with categories below it stays") {
        CHECK_THROWS_WITH_AS(categories.remove(kitchen), "category 1 still has categories below it",
                             shop::error);
        CHECK(categories.count() == reference::categories);
    }

    TEST_CASE_FIXTURE(category_tree_test, "a category with products stays until they are gone") {
        CHECK_THROWS_WITH_AS(categories.remove(kettles), "category 9 still has products",
                             shop::error);
        for (const shop::product& kettle : products.in_category(kettles)) {
            products.move(kettle.id, 10);
        }
        categories.remove(kettles);
        CHECK(categories.count() == reference::categories - 1);
        CHECK(products.in_category(10).size() == 2 * reference::products_per_category);
    }

    TEST_CASE_FIXTURE(category_tree_test, "each subcase grows its own branch of the same tree") {
        SUBCASE("below the kitchen") {
            CHECK(categories.add("new", "New", kitchen) == 41);
        }
        SUBCASE("below the kettles") {
            CHECK(categories.add("new", "New", kettles) == 41);
        }
        SUBCASE("at the root") {
            CHECK(categories.add("new", "New") == 41);
        }
        SUBCASE("in place of another") {
            categories.remove(categories.add("old", "Old"));
            CHECK(categories.add("new", "New") == 41);
        }
        CHECK(categories.count() == reference::categories + 1);
    }
}

} // namespace category_tree
