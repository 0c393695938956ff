#include "lists.hpp"
#include "shop_test.hpp"

#include "shop/customers.hpp"
#include "shop/error.hpp"
#include "shop/languages.hpp"
#include "shop/reference_counts.hpp"

#include <stdexcept>

namespace languages {

struct languages_test : shop_test {
    shop::languages& languages = kept<shop::languages>();

    std::int64_t entries(const char* file) {
        return shop::json_entries(db(), shop::iso_codes_directory(), file);
    }

    /// The codes qaa to qtz are left by ISO 639 for private use.
    void add(const std::string& code, const std::string& name) {
        execute("INSERT INTO languages (code, name, scope) VALUES (?, ?, 'individual')", code,
                name);
    }

    std::vector<std::string> codes_named(const std::string& prefix) {
        texts codes;
        for (const shop::language& found : languages.named(prefix)) {
            codes.push_back(found.code);
        }
        return codes;
    }
};

struct german {
    static constexpr auto code = "deu", alpha_2 = "de", name = "German";
};
struct english {
    static constexpr auto code = "eng", alpha_2 = "en", name = "English";
};
struct french {
    static constexpr auto code = "fra", alpha_2 = "fr", name = "French";
};
struct japanese {
    static constexpr auto code = "jpn", alpha_2 = "ja", name = "Japanese";
};
struct esperanto {
    static constexpr auto code = "epo", alpha_2 = "eo", name = "Esperanto";
};

struct a_living_language {
    static constexpr auto code = "spa", scope = "individual";
};
struct a_macrolanguage {
    static constexpr auto code = "zho", scope = "macrolanguage";
};
struct a_family {
    static constexpr auto code = "sla", scope = "family";
};
struct no_language_at_all {
    static constexpr auto code = "zxx", scope = "special";
};

TEST_SUITE("languages") {
    TEST_CASE_FIXTURE(languages_test, "all languages and families of the ISO lists are there") {
        CHECK(languages.count() ==
              entries(shop::languages_json) + entries(shop::language_families_json));
    }

    TEST_CASE_FIXTURE(languages_test, "the families are those of ISO 639-5") {
        CHECK(languages.count("family") == entries(shop::language_families_json));
    }

    TEST_CASE_FIXTURE(languages_test, "individual languages macrolanguages and special codes make "
                                      "up ISO 639-3") {
        CHECK(languages.count("individual") + languages.count("macrolanguage") +
                  languages.count("special") ==
              entries(shop::languages_json));
    }

    TEST_CASE_FIXTURE(languages_test, "a scope that does not exist has no languages") {
        CHECK(languages.count("dialect") == 0);
    }

    TEST_CASE_TEMPLATE("a language is found by two letters and by three", Language, german, english,
                       french, japanese, esperanto) {
        languages_test test;
        CHECK(test.languages.get(Language::code).name == Language::name);
        CHECK(test.languages.get(Language::code).alpha_2 == Language::alpha_2);
        CHECK(test.languages.find_by_alpha_2(Language::alpha_2).value().code == Language::code);
    }

    TEST_CASE_TEMPLATE("a code tells what it stands for", Code, a_living_language, a_macrolanguage,
                       a_family, no_language_at_all) {
        languages_test test;
        CHECK(test.languages.get(Code::code).scope == Code::scope);
        const std::int64_t before = test.languages.count(Code::scope);
        test.execute("INSERT INTO languages (code, name, scope) VALUES ('qqq', 'New', ?)",
                     Code::scope);
        CHECK(test.languages.count(Code::scope) == before + 1);
    }

    TEST_CASE_FIXTURE(languages_test, "a code that nobody uses finds nothing") {
        CHECK_FALSE(languages.find("qqq"));
        CHECK_THROWS_WITH_AS(languages.get("qqq"), "there is no language qqq", shop::error);
    }

    TEST_CASE_FIXTURE(languages_test, "two letters that nobody uses find nothing") {
        CHECK_FALSE(languages.find_by_alpha_2("qq"));
    }

    TEST_CASE_FIXTURE(languages_test, "codes are small letters") {
        CHECK_FALSE(languages.find("DEU"));
        CHECK_FALSE(languages.find_by_alpha_2("DE"));
    }

    TEST_CASE_FIXTURE(languages_test, "an old language has no two letters") {
        CHECK(languages.get("grc").name == "Ancient Greek (to 1453)");
        CHECK_FALSE(languages.get("grc").alpha_2);
    }

    TEST_CASE_FIXTURE(languages_test, "a language added now is found and counted") {
        const std::int64_t before = languages.count();
        add("qaa", "Shopkeeper's Cant");
        CHECK(languages.get("qaa").name == "Shopkeeper's Cant");
        CHECK(languages.count() == before + 1);
    }

    TEST_CASE_FIXTURE(languages_test, "languages are found by the beginning of their names") {
        add("qaa", "Qatesting");
        CHECK(codes_named("Qatest") == texts{"qaa"});
        CHECK(codes_named("atest") == texts{});
    }

    TEST_CASE_FIXTURE(languages_test, "capitals do not matter in the beginning of a name") {
        CHECK(codes_named("ESPERANT") == texts{"epo"});
        CHECK(codes_named("esperant") == texts{"epo"});
    }

    TEST_CASE_FIXTURE(languages_test, "languages come in the order of their names") {
        add("qaa", "Qatesting B");
        add("qab", "Qatesting C");
        add("qac", "Qatesting A");
        CHECK(codes_named("Qatesting") == texts{"qac", "qaa", "qab"});
    }

    TEST_CASE_FIXTURE(languages_test, "languages of the same name come in the order of codes") {
        add("qab", "Qatesting");
        add("qaa", "Qatesting");
        CHECK(codes_named("Qatesting") == texts{"qaa", "qab"});
    }

    TEST_CASE_FIXTURE(languages_test, "a percent sign in a name stands for itself") {
        CHECK(codes_named("%").empty());
        add("qaa", "%ish");
        CHECK(codes_named("%") == texts{"qaa"});
    }

    TEST_CASE_FIXTURE(languages_test, "no two languages share their two letters") {
        CHECK_THROWS_AS(execute("INSERT INTO languages (code, alpha_2, name, scope)"
                                " VALUES ('qaa', 'de', 'Also German', 'individual')"),
                        std::runtime_error);
        CHECK(languages.find_by_alpha_2("de").value().code == "deu");
    }

    TEST_CASE_FIXTURE(languages_test, "a language that customers speak cannot go") {
        CHECK_THROWS_AS(execute("DELETE FROM languages WHERE code = 'deu'"), std::runtime_error);
        CHECK(kept<shop::customers>().speaking("deu").size() ==
              shop::reference::customers_per_language);
    }

    TEST_CASE_FIXTURE(languages_test, "each subcase starts with the languages of ISO alone") {
        const std::int64_t before = languages.count("individual");
        SUBCASE("one language more") {
            add("qaa", "Qatesting");
        }
        SUBCASE("another language with the same code") {
            add("qaa", "Other");
        }
        SUBCASE("one language less") {
            execute("DELETE FROM languages WHERE code = 'epo'");
            add("epo", "Esperanto again");
            add("qaa", "Qatesting");
        }
        CHECK(languages.count("individual") == before + 1);
        CHECK(before + languages.count("macrolanguage") + languages.count("special") ==
              entries(shop::languages_json));
    }
}

} // namespace languages
