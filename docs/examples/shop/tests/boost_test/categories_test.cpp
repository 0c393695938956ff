#include "checks.hpp"
#include "shop_test.hpp"

#include "shop/categories.hpp"
#include "shop/products.hpp"
#include "shop/reference_counts.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace data = boost::unit_test::data;
namespace reference = shop::reference;
namespace tt = boost::test_tools;

namespace {

constexpr std::int64_t kitchen = 1;
constexpr std::int64_t garden = 2;
constexpr std::int64_t pans = 10;

struct categories_test : shop_test {
    shop::categories& categories = kept<shop::categories>();
};

} // namespace

BOOST_AUTO_TEST_SUITE(categories)

BOOST_FIXTURE_TEST_CASE(the_catalog_starts_with_its_reference_categories, categories_test) {
    BOOST_TEST(categories.count() == reference::categories);
    BOOST_TEST(categories.departments().size() == 8U);
}

BOOST_FIXTURE_TEST_CASE(a_new_category_gets_the_next_id, categories_test) {
    BOOST_TEST(categories.add("toys", "Toys") == reference::categories + 1);
    BOOST_TEST(categories.add("puzzles", "Puzzle", 41) == reference::categories + 2);
}

BOOST_FIXTURE_TEST_CASE(a_new_category_is_found_by_id_and_by_slug, categories_test) {
    const std::int64_t id = categories.add("woks", "Wok", kitchen);

    BOOST_TEST(categories.get(id).name == "Wok");
    BOOST_TEST(categories.get(id).parent_id.value() == kitchen);
    BOOST_TEST(categories.find_by_slug("woks").value().id == id);
    BOOST_TEST(categories.count() == reference::categories + 1);
}

BOOST_FIXTURE_TEST_CASE(a_category_without_a_parent_is_a_department, categories_test) {
    categories.add("toys", "Toys");
    BOOST_TEST(ids_of(categories.departments()) == ids({1, 2, 3, 4, 5, 6, 7, 8, 41}),
               tt::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_category_with_a_parent_is_no_department, categories_test) {
    categories.add("woks", "Wok", kitchen);
    BOOST_TEST(categories.departments().size() == 8U);
}

BOOST_DATA_TEST_CASE_F(categories_test, a_department_has_four_categories_below_it,
                       data::make({1, 2, 8}), department) {
    const std::int64_t first = 9 + 4 * (department - 1);
    BOOST_TEST(ids_of(categories.children_of(department)) ==
                   ids({first, first + 1, first + 2, first + 3}),
               tt::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_new_child_comes_after_its_siblings, categories_test) {
    categories.add("woks", "Wok", kitchen);
    BOOST_TEST(ids_of(categories.children_of(kitchen)) == ids({9, 10, 11, 12, 41}),
               tt::per_element());
}

BOOST_FIXTURE_TEST_CASE(children_do_not_include_grandchildren, categories_test) {
    categories.add("crepe-pans", "Crepe pan", pans);

    BOOST_TEST(categories.children_of(kitchen).size() == 4U);
    BOOST_TEST(ids_of(categories.children_of(pans)) == ids({41}), tt::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_path_leads_from_the_department_to_the_category, categories_test) {
    const std::int64_t crepe_pans = categories.add("crepe-pans", "Crepe pan", pans);
    BOOST_TEST(ids_of(categories.path_to(crepe_pans)) == ids({kitchen, pans, crepe_pans}),
               tt::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_breadcrumb_names_every_step, categories_test) {
    const std::int64_t crepe_pans = categories.add("crepe-pans", "Crepe pan", pans);

    BOOST_TEST(categories.breadcrumb(crepe_pans) == "Kitchen / Pan / Crepe pan");
    BOOST_TEST(categories.breadcrumb(kitchen) == "Kitchen");
}

BOOST_FIXTURE_TEST_CASE(a_breadcrumb_follows_a_renamed_department, categories_test) {
    categories.rename(kitchen, "Cooking");
    BOOST_TEST(categories.breadcrumb(pans) == "Cooking / Pan");
}

BOOST_FIXTURE_TEST_CASE(a_category_needs_a_name, categories_test) {
    BOOST_CHECK_EXCEPTION(categories.add("toys", ""), shop::error, says("a category needs a name"));
    BOOST_CHECK_EXCEPTION(categories.rename(pans, ""), shop::error,
                          says("a category needs a name"));
    BOOST_TEST(categories.count() == reference::categories);
}

BOOST_FIXTURE_TEST_CASE(a_slug_is_taken_once, categories_test) {
    categories.add("toys", "Toys");
    BOOST_CHECK_EXCEPTION(categories.add("toys", "More toys"), shop::error,
                          says("the slug 'toys' is already taken"));
    BOOST_TEST(value<int>("SELECT count(*) FROM categories WHERE slug = 'toys'") == 1);
}

BOOST_FIXTURE_TEST_CASE(a_parent_must_exist, categories_test) {
    BOOST_CHECK_EXCEPTION(categories.add("toys", "Toys", 41), shop::error,
                          says("there is no category 41"));
}

BOOST_FIXTURE_TEST_CASE(an_unknown_category_is_an_error, categories_test) {
    const auto no_41 = says("there is no category 41");
    BOOST_TEST(!categories.find(41));
    BOOST_TEST(!categories.find_by_slug("toys"));
    BOOST_CHECK_EXCEPTION(categories.get(41), shop::error, no_41);
    BOOST_CHECK_EXCEPTION(categories.path_to(41), shop::error, no_41);
    BOOST_CHECK_EXCEPTION(categories.rename(41, "Toys"), shop::error, no_41);
    BOOST_CHECK_EXCEPTION(categories.move(41, kitchen), shop::error, no_41);
    BOOST_CHECK_EXCEPTION(categories.remove(41), shop::error, no_41);
}

BOOST_FIXTURE_TEST_CASE(a_renamed_category_keeps_its_slug, categories_test) {
    categories.rename(pans, "Frying pan");
    BOOST_TEST(categories.find_by_slug("pans").value().name == "Frying pan");
}

BOOST_FIXTURE_TEST_CASE(a_moved_category_changes_its_department, categories_test) {
    categories.move(pans, garden);

    BOOST_TEST(categories.breadcrumb(pans) == "Garden / Pan");
    BOOST_TEST(ids_of(categories.children_of(kitchen)) == ids({9, 11, 12}), tt::per_element());
    BOOST_TEST(ids_of(categories.children_of(garden)) == ids({10, 13, 14, 15, 16}),
               tt::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_moved_department_takes_its_children_along, categories_test) {
    categories.move(kitchen, garden);

    BOOST_TEST(categories.breadcrumb(pans) == "Garden / Kitchen / Pan");
    BOOST_TEST(categories.departments().size() == 7U);
}

BOOST_FIXTURE_TEST_CASE(a_category_can_be_made_a_department, categories_test) {
    categories.move(pans, std::nullopt);

    BOOST_TEST(!categories.get(pans).parent_id);
    BOOST_TEST(categories.departments().size() == 9U);
}

BOOST_FIXTURE_TEST_CASE(a_category_cannot_be_moved_below_itself, categories_test) {
    const auto below_itself = says("category 1 cannot be moved below itself");
    BOOST_CHECK_EXCEPTION(categories.move(kitchen, kitchen), shop::error, below_itself);
    BOOST_CHECK_EXCEPTION(categories.move(kitchen, pans), shop::error, below_itself);
    BOOST_TEST(!categories.get(kitchen).parent_id);
}

BOOST_FIXTURE_TEST_CASE(a_category_cannot_be_moved_below_an_unknown_one, categories_test) {
    BOOST_CHECK_EXCEPTION(categories.move(pans, 41), shop::error, says("there is no category 41"));
    BOOST_TEST(categories.get(pans).parent_id.value() == kitchen);
}

BOOST_FIXTURE_TEST_CASE(an_empty_category_can_be_removed, categories_test) {
    const std::int64_t id = categories.add("toys", "Toys");

    categories.remove(id);

    BOOST_TEST(!categories.find(id));
    BOOST_TEST(categories.count() == reference::categories);
}

BOOST_FIXTURE_TEST_CASE(a_category_with_children_cannot_be_removed, categories_test) {
    const std::int64_t toys = categories.add("toys", "Toys");
    categories.add("puzzles", "Puzzle", toys);

    BOOST_CHECK_EXCEPTION(categories.remove(toys), shop::error,
                          says("category 41 still has categories below it"));
}

BOOST_FIXTURE_TEST_CASE(a_category_with_products_cannot_be_removed, categories_test) {
    BOOST_CHECK_EXCEPTION(categories.remove(pans), shop::error,
                          says("category 10 still has products"));
}

BOOST_FIXTURE_TEST_CASE(a_category_can_be_removed_once_its_products_have_moved, categories_test) {
    execute("UPDATE products SET category_id = 9 WHERE category_id = ?", pans);

    categories.remove(pans);

    BOOST_TEST(categories.count() == reference::categories - 1);
    BOOST_TEST(value<int>("SELECT count(*) FROM products WHERE category_id = 9") == 100);
}

BOOST_AUTO_TEST_SUITE_END()
