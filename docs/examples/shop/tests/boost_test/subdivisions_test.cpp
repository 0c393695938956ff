#include "checks.hpp"
#include "refused.hpp"

#include "shop/geography.hpp"
#include "shop/reference_data.hpp"

#include "shop_test.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace data = boost::unit_test::data;

namespace {

/// Beside the real ones there is a new country XA without any subdivisions.
struct subdivisions_test : shop_test {
    shop::geography& geography = kept<shop::geography>();

    subdivisions_test() {
        execute("INSERT INTO countries (code, alpha_3, numeric_code, name)"
                " VALUES ('XA', 'XAX', 'XA0', 'Zubrowka')");
    }

    std::int64_t subdivisions_of_the_standard() {
        return shop::json_entries(db(), shop::iso_codes_directory(), shop::subdivisions_json);
    }

    void add(const std::string& code, const std::string& type,
             const std::optional<std::string>& parent_code = std::nullopt) {
        execute("INSERT INTO subdivisions (code, country_code, name, type, parent_code)"
                " VALUES (?, 'XA', ?, ?, ?)",
                code, "Part " + code, type, parent_code);
    }

    std::int64_t orphans() {
        return value<std::int64_t>("SELECT count(*) FROM pragma_foreign_key_check('subdivisions')");
    }
};

std::string codes_of(const std::vector<shop::subdivision>& found) {
    std::string codes;
    for (const shop::subdivision& part : found) {
        codes += part.code + ' ';
    }
    return codes;
}

std::string written(const std::vector<shop::type_count>& types) {
    std::string text;
    for (const shop::type_count& type : types) {
        text += std::to_string(type.count) + ' ' + type.type + ' ';
    }
    return text;
}

struct place {
    const char* country;
    const char* subdivision;
};

std::ostream& operator<<(std::ostream& out, const place& written) {
    return out << written.country << ' ' << written.subdivision;
}

const place good_places[] = {{"DE", "DE-BE"}, {"US", "US-NY"}, {"JP", "JP-13"}};
const place bad_places[] = {{"DE", "US-NY"}, {"XA", "DE-BE"}};

} // namespace

BOOST_AUTO_TEST_SUITE(subdivisions)

BOOST_FIXTURE_TEST_CASE(all_subdivisions_of_the_standard_are_loaded, subdivisions_test) {
    BOOST_TEST(geography.subdivision_count() == subdivisions_of_the_standard());
}

BOOST_FIXTURE_TEST_CASE(a_subdivision_is_found_by_its_code, subdivisions_test) {
    const shop::subdivision berlin = geography.get_subdivision("DE-BE");

    BOOST_TEST(berlin.name == "Berlin");
    BOOST_TEST(berlin.country_code == "DE");
    BOOST_TEST(berlin.type == "Land");
    BOOST_TEST(!berlin.parent_code);
}

BOOST_FIXTURE_TEST_CASE(a_parent_written_without_its_country_is_completed, subdivisions_test) {
    BOOST_TEST(geography.get_subdivision("ES-M").parent_code.value() == "ES-MD");
}

BOOST_FIXTURE_TEST_CASE(every_parent_is_in_the_country_of_its_children, subdivisions_test) {
    BOOST_TEST(orphans() == 0);
    BOOST_TEST(value<int>("SELECT count(*) FROM subdivisions AS child"
                          " JOIN subdivisions AS parent ON parent.code = child.parent_code"
                          " WHERE parent.country_code <> child.country_code") == 0);
}

BOOST_DATA_TEST_CASE_F(subdivisions_test, an_unknown_code_is_an_error, data::make({"DE", "de-be"}),
                       code) {
    BOOST_TEST(!geography.find_subdivision(code));
    BOOST_CHECK_EXCEPTION(geography.get_subdivision(code), shop::error,
                          says(std::string("there is no subdivision ") + code));
}

BOOST_FIXTURE_TEST_CASE(a_new_country_has_no_subdivisions, subdivisions_test) {
    BOOST_TEST(geography.subdivisions_of("XA").empty());
    BOOST_TEST(geography.subdivision_types("XA").empty());
}

BOOST_FIXTURE_TEST_CASE(subdivisions_are_listed_by_their_code, subdivisions_test) {
    add("XA-2", "Canton");
    add("XA-1", "Canton");
    add("XA-10", "Canton");

    BOOST_TEST(codes_of(geography.subdivisions_of("XA")) == "XA-1 XA-10 XA-2 ");
}

BOOST_FIXTURE_TEST_CASE(new_subdivisions_are_counted, subdivisions_test) {
    add("XA-1", "Canton");
    add("XA-2", "Canton");
    BOOST_TEST(geography.subdivision_count() == subdivisions_of_the_standard() + 2);
}

BOOST_FIXTURE_TEST_CASE(subdivisions_of_an_unknown_country_are_an_error, subdivisions_test) {
    BOOST_CHECK_EXCEPTION(geography.subdivisions_of("XB"), shop::error,
                          says("there is no country XB"));
}

BOOST_FIXTURE_TEST_CASE(children_are_the_direct_ones_only, subdivisions_test) {
    add("XA-1", "Region");
    add("XA-1A", "Canton", "XA-1");
    add("XA-1B", "Canton", "XA-1");
    add("XA-1BX", "Town", "XA-1B");

    BOOST_TEST(codes_of(geography.children_of("XA-1")) == "XA-1A XA-1B ");
    BOOST_TEST(codes_of(geography.children_of("XA-1B")) == "XA-1BX ");
}

BOOST_FIXTURE_TEST_CASE(types_are_listed_from_the_most_frequent_on, subdivisions_test) {
    add("XA-1", "City");
    add("XA-2", "Town");
    add("XA-3", "Town");
    BOOST_TEST(written(geography.subdivision_types("XA")) == "2 Town 1 City ");
}

BOOST_FIXTURE_TEST_CASE(types_with_the_same_frequency_are_listed_by_name, subdivisions_test) {
    add("XA-1", "Town");
    add("XA-2", "City");
    BOOST_TEST(written(geography.subdivision_types("XA")) == "1 City 1 Town ");
}

BOOST_DATA_TEST_CASE_F(subdivisions_test, a_subdivision_of_the_country_is_a_place,
                       data::make(good_places), place) {
    BOOST_CHECK_NO_THROW(geography.check_place(place.country, std::string(place.subdivision)));
}

BOOST_DATA_TEST_CASE_F(subdivisions_test, a_subdivision_of_another_country_is_no_place,
                       data::make(bad_places), place) {
    BOOST_CHECK_EXCEPTION(geography.check_place(place.country, std::string(place.subdivision)),
                          shop::error,
                          says(std::string("subdivision ") + place.subdivision +
                               " is not in country " + place.country));
}

BOOST_FIXTURE_TEST_CASE(a_place_needs_a_country_before_its_subdivision, subdivisions_test) {
    BOOST_CHECK_EXCEPTION(geography.check_place("XB", "XB-1"), shop::error,
                          says("there is no country XB"));
}

BOOST_FIXTURE_TEST_CASE(a_place_needs_a_subdivision_that_exists, subdivisions_test) {
    BOOST_CHECK_EXCEPTION(geography.check_place("XA", "XA-1"), shop::error,
                          says("there is no subdivision XA-1"));
    add("XA-1", "Canton");
    BOOST_CHECK_NO_THROW(geography.check_place("XA", "XA-1"));
}

BOOST_FIXTURE_TEST_CASE(a_child_may_be_written_before_its_parent, subdivisions_test) {
    add("XA-1A", "Canton", "XA-1");
    BOOST_TEST(orphans() == 1);

    add("XA-1", "Region");
    BOOST_TEST(orphans() == 0);
}

BOOST_FIXTURE_TEST_CASE(a_removed_parent_leaves_orphans_until_the_commit, subdivisions_test) {
    add("XA-1", "Region");
    add("XA-1A", "Canton", "XA-1");
    add("XA-1B", "Canton", "XA-1");

    execute("DELETE FROM subdivisions WHERE code = 'XA-1'");

    BOOST_TEST(orphans() == 2);

    // Nobody could commit this, and so isolite does not let it pass either.
    execute("UPDATE subdivisions SET parent_code = NULL WHERE parent_code = 'XA-1'");

    BOOST_TEST(orphans() == 0);
}

BOOST_FIXTURE_TEST_CASE(a_removed_country_takes_parents_and_children_along, subdivisions_test) {
    add("XA-1", "Region");
    add("XA-1A", "Canton", "XA-1");

    execute("DELETE FROM countries WHERE code = 'XA'");

    BOOST_TEST(orphans() == 0);
    BOOST_TEST(geography.subdivision_count() == subdivisions_of_the_standard());
}

BOOST_FIXTURE_TEST_CASE(a_subdivision_with_addresses_cannot_be_removed, subdivisions_test) {
    BOOST_CHECK_EXCEPTION(execute("DELETE FROM subdivisions WHERE code = 'DE-BE'"),
                          isolite::query_error, refused("FOREIGN KEY constraint failed"));
}

BOOST_AUTO_TEST_SUITE_END()
