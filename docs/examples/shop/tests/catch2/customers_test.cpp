#include "shop_test.hpp"

#include "shop/addresses.hpp"
#include "shop/customers.hpp"
#include "shop/orders.hpp"
#include "shop/reference_counts.hpp"
#include "shop/tests/ids.hpp"

namespace reference = shop::reference;

namespace {

const shop::new_customer ada = {"ada@example.org", "Ada Lovelace", "eng", "2024-12-10"};
const shop::new_address vienna = {"Ringstrasse 1", "Wien", "1010", "AT", "AT-9"};

/// Customer 2 has address 2, the default, and address 501.
struct customers_test : shop_test {
    shop::customers& customers = kept<shop::customers>();
    shop::addresses& addresses = kept<shop::addresses>();
};

using wrong_customer = wrong<shop::new_customer>;
using wrong_address = wrong<shop::new_address>;

} // namespace

TEST_CASE_METHOD(customers_test, "an e-mail address is one whatever its case", "[customers]") {
    CHECK(customers.add(ada) == reference::customers + 1);
    CHECK(customers.find_by_email("ADA@EXAMPLE.ORG").value().id == 501);
    CHECK_THROWS_MATCHES(customers.change_email(7, "Ada@Example.org"), shop::error,
                         says("the e-mail address Ada@Example.org is already registered"));
}

TEST_CASE_METHOD(customers_test, "a wrong customer is not registered", "[customers]") {
    const auto added = GENERATE(
        wrong_customer{{"ada", "Ada", "eng", "2024-12-10"}, "'ada' is not an e-mail address"},
        wrong_customer{{"ada@b", "", "eng", "2024-12-10"}, "a customer needs a name"},
        wrong_customer{{"ada@b", "Ada", "en", "2024-12-10"}, "there is no language en"});
    CHECK_THROWS_MATCHES(customers.add(added.given), shop::error, says(added.sentence));
    CHECK(customers.count() == reference::customers);
}

TEST_CASE_METHOD(customers_test, "a customer is listed under its language", "[customers]") {
    customers.change_language(5, "ell");
    CHECK(ids_of(customers.speaking("ell")) == ids{5});
    CHECK(customers.speaking("deu").size() == 99);
}

TEST_CASE_METHOD(customers_test, "a closed account is still counted", "[customers]") {
    customers.set_active(7, false);
    CHECK(customers.count() == reference::customers);
    CHECK(customers.active_count() == reference::customers - 1);
}

TEST_CASE_METHOD(customers_test, "a customer is removed with its addresses", "[customers]") {
    SECTION("unless it has ordered") {
        kept<shop::orders>().open({8, 1, "EUR", "2024-04-01"});
        CHECK_THROWS_MATCHES(customers.remove(8), shop::error,
                             says("customer 8 has orders and cannot be removed"));
        CHECK(addresses.of_customer(8).size() == 2);
    }
    SECTION("if nothing keeps it") {
        customers.remove(8);
        CHECK(addresses.count() == reference::addresses - 2);
    }
}

TEST_CASE_METHOD(customers_test, "a customer has one default address", "[addresses]") {
    SECTION("another one when it is made that") {
        addresses.make_default(501);
        CHECK(addresses.default_of(2).value().id == 501);
        CHECK_FALSE(addresses.get(2).is_default);
    }
    SECTION("the oldest one when that is removed") {
        addresses.add(2, vienna);
        addresses.remove(2);
        CHECK(addresses.default_of(2).value().id == 501);
    }
    SECTION("the first one of a new customer") {
        addresses.add(customers.add(ada), vienna);
        CHECK(addresses.default_of(501).value().id == 751);
    }
    SECTION("or none after the last one") {
        addresses.remove(1);
        CHECK_FALSE(addresses.default_of(1));
    }
}

TEST_CASE_METHOD(customers_test, "a wrong address is not written", "[addresses]") {
    const auto added =
        GENERATE(wrong_address{{"", "Wien", "1010", "AT"}, "an address needs a line"},
                 wrong_address{{"Ringstrasse 1", "Wien", "1010", "XX"}, "there is no country XX"},
                 wrong_address{{"Ringstrasse 1", "Wien", "1010", "AT", "DE-BE"},
                               "subdivision DE-BE is not in country AT"});
    CHECK_THROWS_MATCHES(addresses.add(1, added.given), shop::error, says(added.sentence));
    CHECK_THROWS_MATCHES(addresses.change(1, added.given), shop::error, says(added.sentence));
    CHECK(addresses.get(1).line == "Main Street 1");
}

TEST_CASE_METHOD(customers_test, "an address of an order is kept", "[addresses]") {
    kept<shop::orders>().open({2, 1, "EUR", "2024-04-01", 501});
    CHECK_THROWS_MATCHES(addresses.remove(501), shop::error,
                         says("address 501 is used by orders and cannot be removed"));
    CHECK_NOTHROW(addresses.remove(2));
}
