#include "lists.hpp"
#include "order_test.hpp"

#include "shop/addresses.hpp"
#include "shop/customers.hpp"
#include "shop/error.hpp"

#include <stdexcept>

namespace reference = shop::reference;

namespace default_address {

// Customer 8 has the default address 8 and the second address 504, customer 7 only the address 7.
struct default_address_test : order_test {
    shop::addresses& addresses = kept<shop::addresses>();

    const shop::new_address in_rome = {"Via Appia 1", "Rome", "00179", "IT"};

    std::int64_t default_of(std::int64_t customer_id) {
        const auto found = addresses.default_of(customer_id);
        return found ? found->id : 0;
    }

    /// A customer without any address.
    std::int64_t newcomer() {
        return kept<shop::customers>().add({"ada@example.org", "Ada", "eng", "2024-02-29"});
    }

    int defaults() { return value<int>("SELECT count(*) FROM addresses WHERE is_default = 1"); }
};

struct without_a_line {
    static constexpr auto line = "", country = "DE", subdivision = "DE-BE",
                          error = "an address needs a line";
};
struct in_no_country {
    static constexpr auto line = "Line 1", country = "QQ", subdivision = "DE-BE",
                          error = "there is no country QQ";
};
struct in_no_subdivision {
    static constexpr auto line = "Line 1", country = "DE", subdivision = "DE-QQ",
                          error = "there is no subdivision DE-QQ";
};
struct in_a_subdivision_elsewhere {
    static constexpr auto line = "Line 1", country = "DE", subdivision = "FR-ARA",
                          error = "subdivision FR-ARA is not in country DE";
};

TEST_SUITE("default_address") {
    TEST_CASE_FIXTURE(default_address_test, "every customer starts with a default address") {
        CHECK(defaults() == reference::customers);
        CHECK(addresses.count() == reference::addresses);
    }

    TEST_CASE_TEMPLATE("an address is neither added nor changed", Address, without_a_line,
                       in_no_country, in_no_subdivision, in_a_subdivision_elsewhere) {
        default_address_test test;
        const shop::new_address wrong = {Address::line, "Somewhere", "12345", Address::country,
                                         Address::subdivision};
        CHECK_THROWS_WITH_AS(test.addresses.add(7, wrong), Address::error, shop::error);
        CHECK_THROWS_WITH_AS(test.addresses.change(7, wrong), Address::error, shop::error);
        CHECK(test.addresses.get(7).line == "Main Street 7");
        CHECK(test.addresses.add(7, test.in_rome) == 751);
    }

    TEST_CASE_FIXTURE(default_address_test, "the first address becomes the default") {
        const std::int64_t ada = newcomer();
        CHECK(default_of(ada) == 0);
        CHECK(addresses.add(ada, in_rome) == 751);
        CHECK(default_of(ada) == 751);
    }

    TEST_CASE_FIXTURE(default_address_test, "a second address leaves the default as it is") {
        CHECK(addresses.add(7, in_rome) == 751);
        CHECK(default_of(7) == 7);
        CHECK_FALSE(addresses.get(751).is_default);
        CHECK(ids_of(addresses.of_customer(7)) == ids{7, 751});
    }

    TEST_CASE_FIXTURE(default_address_test, "only a customer that is there has addresses") {
        CHECK_THROWS_WITH_AS(addresses.add(501, in_rome), "there is no customer 501", shop::error);
        CHECK(addresses.count() == reference::addresses);
    }

    TEST_CASE_FIXTURE(default_address_test, "another address can become the default") {
        addresses.make_default(504);
        CHECK(default_of(8) == 504);
        CHECK_FALSE(addresses.get(8).is_default);
        CHECK(defaults() == reference::customers);
    }

    TEST_CASE_FIXTURE(default_address_test, "the default address can be made it again") {
        addresses.make_default(8);
        CHECK(default_of(8) == 8);
        CHECK(defaults() == reference::customers);
    }

    TEST_CASE_FIXTURE(default_address_test, "a new default leaves other customers alone") {
        addresses.make_default(504);
        CHECK(default_of(7) == 7);
        CHECK(default_of(10) == 10);
    }

    TEST_CASE_FIXTURE(default_address_test, "without the default the oldest address becomes it") {
        addresses.add(8, in_rome);
        addresses.remove(8);
        CHECK(default_of(8) == 504);
        CHECK(ids_of(addresses.of_customer(8)) == ids{504, 751});
    }

    TEST_CASE_FIXTURE(default_address_test, "without another address the default stays") {
        addresses.remove(504);
        CHECK(default_of(8) == 8);
        CHECK(addresses.count() == reference::addresses - 1);
    }

    TEST_CASE_FIXTURE(default_address_test, "a customer can give up the last address") {
        addresses.remove(7);
        CHECK(default_of(7) == 0);
        CHECK(addresses.of_customer(7).empty());
        CHECK(defaults() == reference::customers - 1);
    }

    TEST_CASE_FIXTURE(default_address_test, "an address after the last one is the default again") {
        addresses.remove(7);
        CHECK(addresses.add(7, in_rome) == 751);
        CHECK(default_of(7) == 751);
    }

    TEST_CASE_FIXTURE(default_address_test, "a changed address stays the default") {
        addresses.change(7, in_rome);
        const shop::address changed = addresses.get(7);
        CHECK(changed.city == "Rome");
        CHECK(changed.country_code == "IT");
        CHECK_FALSE(changed.subdivision_code);
        CHECK(changed.is_default);
    }

    TEST_CASE_FIXTURE(default_address_test, "a move shows in the countries") {
        const std::int64_t in_italy = addresses.count_in("IT");
        addresses.change(7, in_rome);
        CHECK(in_italy == 0);
        CHECK(addresses.count_in("IT") == 1);
        CHECK(addresses.count_in("CH") == 99);
    }

    TEST_CASE_FIXTURE(default_address_test, "nothing happens to an address that is not there") {
        CHECK_FALSE(addresses.find(751));
        CHECK_THROWS_WITH_AS(addresses.make_default(751), "there is no address 751", shop::error);
        CHECK_THROWS_WITH_AS(addresses.change(751, in_rome), "there is no address 751",
                             shop::error);
        CHECK_THROWS_WITH_AS(addresses.remove(751), "there is no address 751", shop::error);
    }

    TEST_CASE_FIXTURE(default_address_test, "an order goes to the default address") {
        addresses.make_default(504);
        CHECK(orders.get(empty_draft(8)).address_id == 504);
    }

    TEST_CASE_FIXTURE(default_address_test, "an order can go to another address") {
        const std::int64_t order = orders.open({8, 1, "EUR", "2024-05-01", 504});
        CHECK(order == 1);
        CHECK(orders.get(order).address_id == 504);
    }

    TEST_CASE_FIXTURE(default_address_test, "an order does not go to somebody else's address") {
        const shop::new_order astray = {8, 1, "EUR", "2024-05-01", 7};
        CHECK_THROWS_WITH_AS(orders.open(astray), "address 7 does not belong to customer 8",
                             shop::error);
        CHECK(orders.count() == 0);
    }

    TEST_CASE_FIXTURE(default_address_test, "an order needs an address") {
        CHECK_THROWS_WITH_AS(empty_draft(newcomer()), "customer 501 has no default address",
                             shop::error);
    }

    TEST_CASE_FIXTURE(default_address_test, "an open order keeps its address") {
        const std::int64_t order = empty_draft(8);
        addresses.make_default(504);
        CHECK(orders.get(order).address_id == 8);
        CHECK_THROWS_WITH_AS(addresses.remove(8),
                             "address 8 is used by orders and cannot be removed", shop::error);
        CHECK(ids_of(addresses.of_customer(8)) == ids{8, 504});
    }

    TEST_CASE_FIXTURE(default_address_test, "the database itself refuses a second default") {
        CHECK_THROWS_AS(execute("UPDATE addresses SET is_default = 1 WHERE id = 504"),
                        std::runtime_error);
        CHECK(default_of(8) == 8);
    }

    TEST_CASE_FIXTURE(default_address_test, "each subcase finds customer 8 with two addresses") {
        REQUIRE(ids_of(addresses.of_customer(8)) == ids{8, 504});
        SUBCASE("of which the second becomes the default") {
            addresses.make_default(504);
        }
        SUBCASE("of which the first goes") {
            addresses.remove(8);
        }
        SUBCASE("of which both go and one comes") {
            addresses.remove(8);
            addresses.remove(504);
            CHECK(addresses.add(8, in_rome) == 751);
        }
        CHECK(default_of(8) != 8);
        CHECK(defaults() == reference::customers);
    }
}

} // namespace default_address
