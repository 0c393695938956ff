#include "shop_test.hpp"

#include "shop/currencies.hpp"
#include "shop/geography.hpp"
#include "shop/languages.hpp"

#include <string>

namespace {

struct standards_test : shop_test {
    shop::geography& geography = kept<shop::geography>();
    shop::currencies& currencies = kept<shop::currencies>();
    shop::languages& languages = kept<shop::languages>();

    std::int64_t entries(const char* file) {
        return shop::json_entries(db(), shop::iso_codes_directory(), file);
    }
};

} // namespace

// The files are big: one worker at a time reads them.
TEST_CASE_METHOD(standards_test, "the lists of the standards are loaded whole",
                 "[standards][uses:ISO]") {
    CHECK(geography.country_count() == entries(shop::countries_json));
    CHECK(geography.subdivision_count() == entries(shop::subdivisions_json));
    CHECK(currencies.count() == entries(shop::currencies_json));
    CHECK(languages.count() ==
          entries(shop::languages_json) + entries(shop::language_families_json));
}

TEST_CASE_METHOD(standards_test, "a country that is added is counted", "[standards][uses:ISO]") {
    execute("INSERT INTO countries (code, alpha_3, numeric_code, name)"
            " VALUES ('XA', 'XAX', 'XA0', 'Zubrowka')");
    CHECK(geography.country_count() == entries(shop::countries_json) + 1);
    CHECK(geography.find_country_by_alpha_3("XAX").value().name == "Zubrowka");
}

TEST_CASE_METHOD(standards_test, "a country is found by its codes", "[standards]") {
    const auto [code, alpha_3, name] = GENERATE(table<std::string, std::string, std::string>(
        {{"DE", "DEU", "Germany"}, {"FR", "FRA", "France"}, {"JP", "JPN", "Japan"}}));
    CHECK(geography.get_country(code).name == name);
    CHECK(geography.find_country_by_alpha_3(alpha_3).value().code == code);
}

TEST_CASE_METHOD(standards_test, "a code that nobody has is an error", "[standards]") {
    SECTION("of a country") {
        CHECK_THROWS_MATCHES(geography.get_country("de"), shop::error,
                             says("there is no country de"));
    }
    SECTION("of a currency") {
        CHECK_THROWS_MATCHES(currencies.format(1, "eur"), shop::error,
                             says("there is no currency eur"));
    }
    SECTION("of a language") {
        CHECK_THROWS_MATCHES(languages.get("qqq"), shop::error, says("there is no language qqq"));
    }
}

TEST_CASE_METHOD(standards_test, "a country takes its subdivisions along", "[standards]") {
    REQUIRE_FALSE(geography.subdivisions_of("AT").empty());
    execute("DELETE FROM countries WHERE code = 'AT'");
    CHECK(value<int>("SELECT count(*) FROM subdivisions WHERE country_code = 'AT'") == 0);
}

TEST_CASE_METHOD(standards_test, "a subdivision lies in one country", "[standards]") {
    CHECK_NOTHROW(geography.check_place("CH", "CH-ZH"));
    CHECK_THROWS_MATCHES(geography.check_place("AT", "CH-ZH"), shop::error,
                         says("subdivision CH-ZH is not in country AT"));
}

TEST_CASE_METHOD(standards_test, "an amount is written for people", "[standards]") {
    const auto [minor, code, text] =
        GENERATE(table<int, std::string, std::string>({{1234, "EUR", "12.34 EUR"},
                                                       {-99, "USD", "-0.99 USD"},
                                                       {500, "JPY", "500 JPY"},
                                                       {5, "KWD", "0.005 KWD"}}));
    CHECK(currencies.format(minor, code) == text);
}
