#include "checks.hpp"
#include "refused.hpp"

#include "shop/geography.hpp"
#include "shop/reference_data.hpp"

#include "shop_test.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace data = boost::unit_test::data;

namespace {

struct countries_test : shop_test {
    shop::geography& geography = kept<shop::geography>();

    std::int64_t countries_of_the_standard() {
        return shop::json_entries(db(), shop::iso_codes_directory(), shop::countries_json);
    }

    /// Adds a country that the standard will never have: its codes are free for users.
    void add_country(const std::string& code, const std::string& name) {
        execute("INSERT INTO countries (code, alpha_3, numeric_code, name) VALUES (?, ?, ?, ?)",
                code, code + "X", code + "0", name);
    }

    std::string codes_named(const std::string& prefix) {
        std::string codes;
        for (const shop::country& found : geography.countries_named(prefix)) {
            codes += found.code + ' ';
        }
        return codes;
    }
};

struct known_country {
    const char* code;
    const char* alpha_3;
    const char* numeric_code;
    const char* name;
};

std::ostream& operator<<(std::ostream& out, const known_country& known) {
    return out << known.code;
}

const known_country known_countries[] = {
    {"DE", "DEU", "276", "Germany"},
    {"FR", "FRA", "250", "France"},
    {"JP", "JPN", "392", "Japan"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(countries)

BOOST_FIXTURE_TEST_CASE(all_countries_of_the_standard_are_loaded, countries_test) {
    BOOST_TEST(geography.country_count() == countries_of_the_standard());
}

BOOST_DATA_TEST_CASE_F(countries_test, a_country_is_found_by_its_codes, data::make(known_countries),
                       known) {
    const shop::country found = geography.get_country(known.code);

    BOOST_TEST(found.alpha_3 == known.alpha_3);
    BOOST_TEST(found.numeric_code == known.numeric_code);
    BOOST_TEST(found.name == known.name);
    BOOST_TEST(geography.find_country_by_alpha_3(known.alpha_3).value().code == known.code);
}

BOOST_DATA_TEST_CASE_F(countries_test, an_unknown_code_is_an_error, data::make({"", "de", "DEU"}),
                       code) {
    BOOST_TEST(!geography.find_country(code));
    BOOST_CHECK_EXCEPTION(geography.get_country(code), shop::error,
                          says(std::string("there is no country ") + code));
}

BOOST_FIXTURE_TEST_CASE(the_common_name_is_preferred_to_the_long_one, countries_test) {
    BOOST_TEST(geography.get_country("BO").name == "Bolivia");
    BOOST_TEST(geography.get_country("TW").name == "Taiwan");
}

BOOST_FIXTURE_TEST_CASE(a_country_may_have_an_official_name, countries_test) {
    BOOST_TEST(geography.get_country("CH").official_name.value() == "Swiss Confederation");
}

BOOST_FIXTURE_TEST_CASE(a_country_may_lack_an_official_name, countries_test) {
    BOOST_TEST(!geography.get_country("CA").official_name);
}

BOOST_FIXTURE_TEST_CASE(a_new_country_is_found_by_its_codes, countries_test) {
    add_country("XA", "Zubrowka");

    BOOST_TEST(geography.get_country("XA").name == "Zubrowka");
    BOOST_TEST(geography.find_country_by_alpha_3("XAX").value().code == "XA");
}

BOOST_FIXTURE_TEST_CASE(a_new_country_is_counted, countries_test) {
    add_country("XA", "Zubrowka");
    BOOST_TEST(geography.country_count() == countries_of_the_standard() + 1);
}

BOOST_FIXTURE_TEST_CASE(a_prefix_finds_countries_in_the_order_of_their_names, countries_test) {
    add_country("XA", "Zzyland");
    add_country("XB", "Zzara");
    add_country("XC", "Zzorra");

    BOOST_TEST(codes_named("Zz") == "XB XC XA ");
}

BOOST_FIXTURE_TEST_CASE(a_prefix_is_found_whatever_its_case, countries_test) {
    add_country("XA", "Zubrowka");
    BOOST_TEST(codes_named("zUBRO") == "XA ");
}

BOOST_FIXTURE_TEST_CASE(a_prefix_is_not_found_inside_a_name, countries_test) {
    add_country("XA", "Zubrowka");
    BOOST_TEST(codes_named("browka") == "");
}

BOOST_FIXTURE_TEST_CASE(a_percent_sign_is_a_letter_like_others, countries_test) {
    BOOST_TEST(codes_named("%") == "");
    add_country("XA", "%land");
    BOOST_TEST(codes_named("%") == "XA ");
}

BOOST_FIXTURE_TEST_CASE(an_empty_prefix_finds_all_countries, countries_test) {
    BOOST_TEST(geography.countries_named("").size() ==
               static_cast<std::size_t>(countries_of_the_standard()));
}

BOOST_FIXTURE_TEST_CASE(a_renamed_country_loses_its_old_name, countries_test) {
    execute("UPDATE countries SET name = 'Zubrowka' WHERE code = 'AT'");

    BOOST_TEST(codes_named("Austria") == "");
    BOOST_TEST(codes_named("Zubrowka") == "AT ");
}

BOOST_FIXTURE_TEST_CASE(a_removed_country_is_no_longer_found, countries_test) {
    BOOST_TEST(execute("DELETE FROM countries WHERE code = 'AT'") == 1);

    BOOST_TEST(!geography.find_country("AT"));
    BOOST_TEST(geography.country_count() == countries_of_the_standard() - 1);
}

BOOST_FIXTURE_TEST_CASE(a_removed_country_takes_its_subdivisions_along, countries_test) {
    const std::int64_t all = geography.subdivision_count();
    const auto lost = static_cast<std::int64_t>(geography.subdivisions_of("AT").size());

    execute("DELETE FROM countries WHERE code = 'AT'");

    BOOST_TEST(lost > 0);
    BOOST_TEST(geography.subdivision_count() == all - lost);
}

BOOST_FIXTURE_TEST_CASE(a_country_with_addresses_cannot_be_removed, countries_test) {
    BOOST_CHECK_EXCEPTION(execute("DELETE FROM countries WHERE code = 'CH'"), isolite::query_error,
                          refused("FOREIGN KEY constraint failed"));
    BOOST_TEST(geography.find_country("CH").has_value());
}

BOOST_FIXTURE_TEST_CASE(a_country_with_a_warehouse_cannot_be_removed, countries_test) {
    add_country("XA", "Zubrowka");
    execute("INSERT INTO warehouses (code, name, country_code) VALUES ('ZUB', 'Zub', 'XA')");

    BOOST_CHECK_EXCEPTION(execute("DELETE FROM countries WHERE code = 'XA'"), isolite::query_error,
                          refused("FOREIGN KEY constraint failed"));
}

BOOST_FIXTURE_TEST_CASE(a_place_in_a_new_country_is_accepted, countries_test) {
    BOOST_CHECK_EXCEPTION(geography.check_place("XA", std::nullopt), shop::error,
                          says("there is no country XA"));
    add_country("XA", "Zubrowka");
    BOOST_CHECK_NO_THROW(geography.check_place("XA", std::nullopt));
}

BOOST_AUTO_TEST_SUITE_END()
