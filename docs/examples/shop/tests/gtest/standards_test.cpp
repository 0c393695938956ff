#include "checks.hpp"
#include "shop_test.hpp"

#include "shop/currencies.hpp"
#include "shop/geography.hpp"
#include "shop/languages.hpp"

namespace {

// The lists of ISO: what they are read from, how the shop counts them, and an entry that they will
// never have.
struct countries {
    static constexpr auto name = "Countries";
    static constexpr const char* files[] = {shop::countries_json};
    static constexpr auto new_entry = "INSERT INTO countries (code, alpha_3, numeric_code, name)"
                                      " VALUES ('XA', 'XAX', 'XA0', 'Zubrowka')";
    static std::int64_t count(shop_test& test) {
        return test.kept<shop::geography>().country_count();
    }
};
struct subdivisions {
    static constexpr auto name = "Subdivisions";
    static constexpr const char* files[] = {shop::subdivisions_json};
    static constexpr auto new_entry = "INSERT INTO subdivisions (code, country_code, name, type)"
                                      " VALUES ('CH-XX', 'CH', 'Zubrowka', 'Canton')";
    static std::int64_t count(shop_test& test) {
        return test.kept<shop::geography>().subdivision_count();
    }
};
struct currencies {
    static constexpr auto name = "Currencies";
    static constexpr const char* files[] = {shop::currencies_json};
    static constexpr auto new_entry =
        "INSERT INTO currencies (code, numeric_code, name) VALUES ('XKL', '000', 'Klubeck')";
    static std::int64_t count(shop_test& test) { return test.kept<shop::currencies>().count(); }
};
struct languages {
    static constexpr auto name = "Languages";
    static constexpr const char* files[] = {shop::languages_json, shop::language_families_json};
    static constexpr auto new_entry =
        "INSERT INTO languages (code, name, scope) VALUES ('qaa', 'Qatesting', 'individual')";
    static std::int64_t count(shop_test& test) { return test.kept<shop::languages>().count(); }
};

template <typename List>
class Standard : public shop_test {
  protected:
    std::int64_t entries() {
        std::int64_t sum = 0;
        for (const char* file : List::files) {
            sum += shop::json_entries(db(), shop::iso_codes_directory(), file);
        }
        return sum;
    }
};

struct by_list {
    template <typename List>
    static std::string GetName(int /*index*/) {
        return List::name;
    }
};

using lists = testing::Types<countries, subdivisions, currencies, languages>;
TYPED_TEST_SUITE(Standard, lists, by_list);

// The files are big: one worker at a time reads them.
const bool reads_files = isolite::googletest::mark("Standard/*", isolite::googletest::uses("ISO"));

TYPED_TEST(Standard, IsLoadedWhole) {
    EXPECT_EQ(TypeParam::count(*this), this->entries());
}

TYPED_TEST(Standard, TakesANewEntry) {
    this->execute(TypeParam::new_entry);
    EXPECT_EQ(TypeParam::count(*this), this->entries() + 1);
}

class Geography : public shop_test {
  protected:
    shop::geography& geography = kept<shop::geography>();
};

TEST_F(Geography, FindsACountryByItsCodes) {
    const shop::country found = geography.get_country("DE");
    EXPECT_EQ(found.name, "Germany");
    EXPECT_EQ(found.alpha_3, "DEU");
    EXPECT_EQ(geography.find_country_by_alpha_3("DEU").value().code, "DE");
}

TEST_F(Geography, ForgetsACountryWithItsSubdivisions) {
    ASSERT_FALSE(geography.subdivisions_of("AT").empty());
    execute("DELETE FROM countries WHERE code = 'AT'");
    EXPECT_FALSE(geography.find_country("AT"));
    EXPECT_EQ(value<int>("SELECT count(*) FROM subdivisions WHERE country_code = 'AT'"), 0);
}

TEST_F(Geography, KnowsWhichSubdivisionsLieInACountry) {
    EXPECT_NO_THROW(geography.check_place("CH", "CH-ZH"));
    EXPECT_EQ(refusal([&] { geography.check_place("AT", "CH-ZH"); }),
              "subdivision CH-ZH is not in country AT");
}

struct written_amount {
    const char* name;
    std::int64_t minor;
    const char* code;
    const char* text;
};

void PrintTo(const written_amount& amount, std::ostream* out) {
    *out << amount.minor << ' ' << amount.code;
}

class Amount : public shop_test, public testing::WithParamInterface<written_amount> {};

TEST_P(Amount, IsWrittenForPeople) {
    const auto& [name, minor, code, text] = GetParam();
    EXPECT_EQ(kept<shop::currencies>().format(minor, code), text);
}

INSTANTIATE_TEST_SUITE_P(Currencies, Amount,
                         testing::Values(written_amount{"Cents", 1234, "EUR", "12.34 EUR"},
                                         written_amount{"LessThanNothing", -99, "USD", "-0.99 USD"},
                                         written_amount{"WithoutCents", 500, "JPY", "500 JPY"},
                                         written_amount{"ThreeDigits", 5, "KWD", "0.005 KWD"}),
                         by_name());

} // namespace
