#include "checks.hpp"
#include "refused.hpp"

#include "shop/currencies.hpp"
#include "shop/reference_data.hpp"

#include "shop_test.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace data = boost::unit_test::data;

namespace {

struct currencies_test : shop_test {
    shop::currencies& currencies = kept<shop::currencies>();

    std::int64_t currencies_of_the_standard() {
        return shop::json_entries(db(), shop::iso_codes_directory(), shop::currencies_json);
    }

    void add(const std::string& code, int minor_digits) {
        execute("INSERT INTO currencies (code, numeric_code, name, minor_digits)"
                " VALUES (?, '000', 'Klubeck', ?)",
                code, minor_digits);
    }
};

struct written_amount {
    std::int64_t minor;
    const char* code;
    const char* text;
};

std::ostream& operator<<(std::ostream& out, const written_amount& amount) {
    return out << amount.minor << ' ' << amount.code;
}

const written_amount written_amounts[] = {{0, "EUR", "0.00 EUR"},      {1234, "USD", "12.34 USD"},
                                          {-99, "USD", "-0.99 USD"},   {500, "JPY", "500 JPY"},
                                          {-500, "JPY", "-500 JPY"},   {5, "KWD", "0.005 KWD"},
                                          {10000, "CLF", "1.0000 CLF"}};

} // namespace

BOOST_AUTO_TEST_SUITE(currencies)

BOOST_FIXTURE_TEST_CASE(all_currencies_of_the_standard_are_loaded, currencies_test) {
    BOOST_TEST(currencies.count() == currencies_of_the_standard());
}

BOOST_FIXTURE_TEST_CASE(a_currency_is_found_by_its_letters, currencies_test) {
    const shop::currency euro = currencies.get("EUR");

    BOOST_TEST(euro.name == "Euro");
    BOOST_TEST(euro.numeric_code == "978");
    BOOST_TEST(euro.minor_digits == 2);
}

BOOST_DATA_TEST_CASE_F(currencies_test, an_unknown_code_is_an_error, data::make({"", "eur", "978"}),
                       code) {
    const std::string sentence = std::string("there is no currency ") + code;
    BOOST_TEST(!currencies.find(code));
    BOOST_CHECK_EXCEPTION(currencies.get(code), shop::error, says(sentence));
    BOOST_CHECK_EXCEPTION(currencies.format(1, code), shop::error, says(sentence));
}

BOOST_DATA_TEST_CASE_F(currencies_test, a_currency_has_the_minor_digits_of_the_standard,
                       data::make({"JPY", "KRW", "EUR", "KWD", "TND", "CLF"}) ^
                           data::make({0, 0, 2, 3, 3, 4}),
                       code, digits) {
    BOOST_TEST(currencies.get(code).minor_digits == digits);
}

BOOST_DATA_TEST_CASE_F(currencies_test, an_amount_is_written_for_people,
                       data::make(written_amounts), amount) {
    BOOST_TEST(currencies.format(amount.minor, amount.code) == amount.text);
}

BOOST_FIXTURE_TEST_CASE(a_new_currency_is_written_with_its_digits, currencies_test) {
    add("XKL", 1);
    BOOST_TEST(currencies.format(1234, "XKL") == "123.4 XKL");
}

BOOST_FIXTURE_TEST_CASE(a_new_currency_is_counted, currencies_test) {
    add("XKL", 1);
    BOOST_TEST(currencies.count() == currencies_of_the_standard() + 1);
}

BOOST_FIXTURE_TEST_CASE(a_currency_that_loses_its_cents_is_written_without, currencies_test) {
    execute("UPDATE currencies SET minor_digits = 0 WHERE code = 'EUR'");
    BOOST_TEST(currencies.format(1234, "EUR") == "1234 EUR");
}

BOOST_FIXTURE_TEST_CASE(currencies_with_the_same_digits_are_listed_by_code, currencies_test) {
    add("XKM", 1);
    add("XKL", 1);

    const auto found = currencies.with_minor_digits(1);

    BOOST_TEST_REQUIRE(found.size() == 2);
    BOOST_TEST(found[0].code == "XKL");
    BOOST_TEST(found[1].code == "XKM");
}

BOOST_FIXTURE_TEST_CASE(every_currency_has_between_none_and_four_digits, currencies_test) {
    std::size_t all = 0;
    for (int digits = 0; digits <= 4; ++digits) {
        all += currencies.with_minor_digits(digits).size();
    }
    BOOST_TEST(all == static_cast<std::size_t>(currencies_of_the_standard()));
}

BOOST_FIXTURE_TEST_CASE(a_currency_has_two_digits_unless_told_otherwise, currencies_test) {
    execute("INSERT INTO currencies (code, numeric_code, name) VALUES ('XKL', '000', 'Klubeck')");
    BOOST_TEST(currencies.get("XKL").minor_digits == 2);
}

BOOST_FIXTURE_TEST_CASE(a_currency_without_prices_can_be_removed, currencies_test) {
    execute("DELETE FROM currencies WHERE code = 'KWD'");

    BOOST_TEST(!currencies.find("KWD"));
    BOOST_TEST(currencies.count() == currencies_of_the_standard() - 1);
}

BOOST_FIXTURE_TEST_CASE(a_currency_with_prices_cannot_be_removed, currencies_test) {
    BOOST_CHECK_EXCEPTION(execute("DELETE FROM currencies WHERE code = 'JPY'"),
                          isolite::query_error, refused("FOREIGN KEY constraint failed"));
    BOOST_TEST(currencies.find("JPY").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
