#include "lists.hpp"
#include "shop_test.hpp"

#include "shop/customers.hpp"
#include "shop/error.hpp"
#include "shop/reference_counts.hpp"

namespace reference = shop::reference;

namespace customer_search {

struct customer_search_test : shop_test {
    shop::customers& customers = kept<shop::customers>();

    std::int64_t add(const std::string& name, const std::string& email = "ada@example.org") {
        return customers.add({email, name, "eng", "2024-02-29"});
    }
};

// A customer's language follows from the id: the remainder by five tells it.
template <std::int64_t Remainder>
struct language {
    static constexpr std::int64_t first_id = Remainder == 0 ? 5 : Remainder;
};
struct german : language<0> {
    static constexpr auto code = "deu";
};
struct english : language<1> {
    static constexpr auto code = "eng";
};
struct french : language<2> {
    static constexpr auto code = "fra";
};
struct japanese : language<3> {
    static constexpr auto code = "jpn";
};
struct spanish : language<4> {
    static constexpr auto code = "spa";
};

struct in_small_letters {
    static constexpr auto email = "customer007@example.org";
};
struct in_capitals {
    static constexpr auto email = "CUSTOMER007@EXAMPLE.ORG";
};
struct in_mixed_letters {
    static constexpr auto email = "Customer007@Example.org";
};

TEST_SUITE("customer_search") {
    TEST_CASE_TEMPLATE("a language has its customers", Language, german, english, french, japanese,
                       spanish) {
        customer_search_test test;
        const auto found = test.customers.speaking(Language::code);
        REQUIRE(found.size() == reference::customers_per_language);
        CHECK(found.front().id == Language::first_id);
        CHECK(found.back().id == Language::first_id + 495);
        CHECK(test.customers.add({"ada@example.org", "Ada", Language::code, "2024-02-29"}) == 501);
        CHECK(test.customers.speaking(Language::code).at(reference::customers_per_language).id ==
              501);
    }

    TEST_CASE_TEMPLATE("an e-mail address finds its customer whatever the case", Written,
                       in_small_letters, in_capitals, in_mixed_letters) {
        customer_search_test test;
        CHECK(test.customers.find_by_email(Written::email).value().id == 7);
        test.customers.remove(7);
        CHECK_FALSE(test.customers.find_by_email(Written::email));
    }

    TEST_CASE_FIXTURE(customer_search_test, "a part of an e-mail address finds nobody") {
        CHECK_FALSE(customers.find_by_email("customer007"));
        CHECK_FALSE(customers.find_by_email("customer%@example.org"));
    }

    TEST_CASE_FIXTURE(customer_search_test, "a new customer is found by name at once") {
        CHECK(customers.search("lovelace").empty());
        CHECK(add("Ada Lovelace") == 501);
        CHECK(ids_of(customers.search("lovelace")) == ids{501});
    }

    TEST_CASE_FIXTURE(customer_search_test, "any part of a name finds the customer") {
        add("Ada Lovelace");
        CHECK(ids_of(customers.search("a LOVE")) == ids{501});
    }

    TEST_CASE_FIXTURE(customer_search_test, "all customers of a name come in the order of ids") {
        add("Ada B", "b@example.org");
        add("Ada A", "a@example.org");
        CHECK(ids_of(customers.search("ada ")) == ids{501, 502});
    }

    TEST_CASE_FIXTURE(customer_search_test, "a part that many names share finds them all") {
        CHECK(customers.search("Customer 00").size() == 9);
        CHECK(customers.search("customer").size() == reference::customers);
    }

    TEST_CASE_FIXTURE(customer_search_test, "signs of SQL are only signs") {
        add("100% O'Hara_");
        CHECK(ids_of(customers.search("%")) == ids{501});
        CHECK(ids_of(customers.search("O'HARA_")) == ids{501});
    }

    TEST_CASE_FIXTURE(customer_search_test, "e-mail addresses are not searched for names") {
        add("Countess", "lovelace@example.org");
        CHECK(customers.search("lovelace").empty());
    }

    TEST_CASE_FIXTURE(customer_search_test, "a renamed customer is found by the new name alone") {
        add("Ada Byron");
        customers.rename(501, "Ada Lovelace");
        CHECK(customers.search("byron").empty());
        CHECK(ids_of(customers.search("lovelace")) == ids{501});
    }

    TEST_CASE_FIXTURE(customer_search_test, "a closed account is still found") {
        customers.set_active(7, false);
        REQUIRE(ids_of(customers.search("customer 007")) == ids{7});
        CHECK_FALSE(customers.search("customer 007").at(0).active);
        CHECK(customers.active_count() == reference::customers - 1);
    }

    TEST_CASE_FIXTURE(customer_search_test, "a removed customer is not found") {
        customers.remove(7);
        CHECK(customers.search("customer 007").empty());
        CHECK_FALSE(customers.find(7));
        CHECK(customers.count() == reference::customers - 1);
    }

    TEST_CASE_FIXTURE(customer_search_test, "a removed customer takes the addresses along") {
        customers.remove(8);
        CHECK(value<int>("SELECT count(*) FROM addresses") == reference::addresses - 2);
    }

    TEST_CASE_FIXTURE(customer_search_test, "a new e-mail address replaces the old one") {
        customers.change_email(7, "bond@example.org");
        CHECK(customers.find_by_email("bond@example.org").value().id == 7);
        CHECK_FALSE(customers.find_by_email("customer007@example.org"));
        CHECK(add("Ada", "customer007@example.org") == 501);
    }

    TEST_CASE_FIXTURE(customer_search_test, "an e-mail address belongs to one customer") {
        CHECK_THROWS_WITH_AS(add("Ada", "CUSTOMER007@example.org"),
                             "the e-mail address CUSTOMER007@example.org is already registered",
                             shop::error);
        CHECK_THROWS_WITH_AS(customers.change_email(8, "customer007@example.org"),
                             "the e-mail address customer007@example.org is already registered",
                             shop::error);
        CHECK(customers.count() == reference::customers);
    }

    TEST_CASE_FIXTURE(customer_search_test, "a change of language moves a customer") {
        customers.change_language(7, "jpn");
        CHECK(customers.speaking("fra").size() == reference::customers_per_language - 1);
        CHECK(customers.speaking("jpn").size() == reference::customers_per_language + 1);
        CHECK_THROWS_WITH_AS(customers.change_language(7, "qqq"), "there is no language qqq",
                             shop::error);
    }

    TEST_CASE_FIXTURE(customer_search_test, "customers are found by the day they came") {
        add("Ada");
        CHECK(ids_of(customers.registered_between("2024-01-01", "2024-12-31")) == ids{501});
        CHECK(customers.registered_between("2023-01-01", "2023-12-31").size() ==
              reference::customers);
    }

    TEST_CASE_FIXTURE(customer_search_test, "the first and the last day belong to the range") {
        add("Ada");
        CHECK(ids_of(customers.registered_between("2024-02-29", "2024-02-29")) == ids{501});
        CHECK(customers.registered_between("2024-03-01", "2024-02-28").empty());
    }

    TEST_CASE_FIXTURE(customer_search_test, "customers come in the order of their days") {
        customers.add({"b@example.org", "B", "eng", "2024-02-02"});
        customers.add({"a@example.org", "A", "eng", "2024-02-01"});
        customers.add({"c@example.org", "C", "eng", "2024-02-01"});
        CHECK(ids_of(customers.registered_between("2024-01-01", "2024-12-31")) ==
              ids{502, 503, 501});
    }

    TEST_CASE_FIXTURE(customer_search_test, "each subcase registers the first new customer") {
        SUBCASE("and finds her by name") {
            CHECK(add("Ada Lovelace") == 501);
            CHECK(ids_of(customers.search("lovelace")) == ids{501});
        }
        SUBCASE("and finds her by e-mail address") {
            CHECK(add("Countess") == 501);
            CHECK(customers.find_by_email("ada@example.org").value().id == 501);
        }
        SUBCASE("and finds her by language") {
            CHECK(add("Countess") == 501);
            CHECK(customers.speaking("eng").at(reference::customers_per_language).id == 501);
        }
        CHECK(customers.count() == reference::customers + 1);
    }
}

} // namespace customer_search
