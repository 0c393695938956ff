#include "checks.hpp"
#include "shop_test.hpp"

#include "shop/addresses.hpp"
#include "shop/customers.hpp"
#include "shop/orders.hpp"
#include "shop/reference_counts.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace data = boost::unit_test::data;
namespace reference = shop::reference;
namespace tt = boost::test_tools;

namespace {

const shop::new_address vienna = {"Ringstrasse 1", "Wien", "1010", "AT", "AT-9"};
const shop::new_address graz = {"Murgasse 2", "Graz", "8010", "AT"};

/// Customer 1 has address 1; customer 2 has address 2, the default, and address 501.
struct addresses_test : shop_test {
    shop::addresses& addresses = kept<shop::addresses>();

    /// Registers a customer who has no address yet: number 501.
    std::int64_t add_customer() {
        return kept<shop::customers>().add({"ada@example.org", "Ada", "eng", "2024-12-10"});
    }

    std::int64_t defaults_of(std::int64_t customer_id) {
        return value<std::int64_t>(
            "SELECT count(*) FROM addresses WHERE customer_id = ? AND is_default = 1", customer_id);
    }
};

struct wrong_address {
    shop::new_address written;
    const char* sentence;
};

std::ostream& operator<<(std::ostream& out, const wrong_address& wrong) {
    return out << wrong.sentence;
}

const wrong_address wrong_addresses[] = {
    {{"", "Wien", "1010", "AT"}, "an address needs a line"},
    {{"Ringstrasse 1", "Wien", "1010", "XX"}, "there is no country XX"},
    {{"Ringstrasse 1", "Wien", "1010", "at"}, "there is no country at"},
    {{"Ringstrasse 1", "Wien", "1010", "AT", "AT-0"}, "there is no subdivision AT-0"},
    {{"Ringstrasse 1", "Wien", "1010", "AT", "DE-BE"}, "subdivision DE-BE is not in country AT"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(addresses)

BOOST_FIXTURE_TEST_CASE(the_shop_starts_with_its_reference_addresses, addresses_test) {
    BOOST_TEST(addresses.count() == reference::addresses);
    BOOST_TEST(addresses.count_in("FR") == 250);
}

BOOST_FIXTURE_TEST_CASE(a_new_address_gets_the_next_id, addresses_test) {
    BOOST_TEST(addresses.add(1, vienna) == 751);
    BOOST_TEST(addresses.add(1, graz) == 752);
    BOOST_TEST(addresses.count() == reference::addresses + 2);
}

BOOST_FIXTURE_TEST_CASE(a_new_address_is_stored_as_written, addresses_test) {
    const shop::address found = addresses.get(addresses.add(1, vienna));

    BOOST_TEST(found.customer_id == 1);
    BOOST_TEST(found.line == "Ringstrasse 1");
    BOOST_TEST(found.city == "Wien");
    BOOST_TEST(found.postal_code == "1010");
    BOOST_TEST(found.country_code == "AT");
    BOOST_TEST(found.subdivision_code.value() == "AT-9");
}

BOOST_FIXTURE_TEST_CASE(a_subdivision_may_be_left_out, addresses_test) {
    BOOST_TEST(!addresses.get(addresses.add(1, graz)).subdivision_code);
}

BOOST_FIXTURE_TEST_CASE(the_first_address_of_a_customer_is_the_default, addresses_test) {
    const std::int64_t customer = add_customer();
    BOOST_TEST(!addresses.default_of(customer));

    addresses.add(customer, vienna);
    addresses.add(customer, graz);

    BOOST_TEST(addresses.default_of(customer).value().id == 751);
    BOOST_TEST(defaults_of(customer) == 1);
}

BOOST_FIXTURE_TEST_CASE(a_further_address_is_not_the_default, addresses_test) {
    BOOST_TEST(!addresses.get(addresses.add(1, vienna)).is_default);
    BOOST_TEST(addresses.default_of(1).value().id == 1);
}

BOOST_DATA_TEST_CASE_F(addresses_test, a_wrong_address_is_not_written, data::make(wrong_addresses),
                       wrong) {
    BOOST_CHECK_EXCEPTION(addresses.add(1, wrong.written), shop::error, says(wrong.sentence));
    BOOST_CHECK_EXCEPTION(addresses.change(1, wrong.written), shop::error, says(wrong.sentence));
    BOOST_TEST(addresses.count() == reference::addresses);
    BOOST_TEST(addresses.get(1).line == "Main Street 1");
}

BOOST_FIXTURE_TEST_CASE(an_address_needs_a_customer, addresses_test) {
    BOOST_CHECK_EXCEPTION(addresses.add(501, vienna), shop::error,
                          says("there is no customer 501"));
}

BOOST_FIXTURE_TEST_CASE(an_unknown_address_is_an_error, addresses_test) {
    const auto no_751 = says("there is no address 751");
    BOOST_TEST(!addresses.find(751));
    BOOST_CHECK_EXCEPTION(addresses.get(751), shop::error, no_751);
    BOOST_CHECK_EXCEPTION(addresses.make_default(751), shop::error, no_751);
    BOOST_CHECK_EXCEPTION(addresses.change(751, vienna), shop::error, no_751);
    BOOST_CHECK_EXCEPTION(addresses.remove(751), shop::error, no_751);
}

BOOST_FIXTURE_TEST_CASE(the_addresses_of_a_customer_are_listed_by_id, addresses_test) {
    addresses.add(2, vienna);
    BOOST_TEST(ids_of(addresses.of_customer(2)) == ids({2, 501, 751}), tt::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_new_customer_has_no_addresses, addresses_test) {
    BOOST_TEST(addresses.of_customer(add_customer()).empty());
}

BOOST_FIXTURE_TEST_CASE(addresses_are_counted_by_country, addresses_test) {
    BOOST_TEST(addresses.count_in("AT") == 0);
    addresses.add(1, vienna);
    addresses.add(2, graz);
    BOOST_TEST(addresses.count_in("AT") == 2);
}

BOOST_FIXTURE_TEST_CASE(another_address_can_become_the_default, addresses_test) {
    addresses.make_default(501);

    BOOST_TEST(addresses.default_of(2).value().id == 501);
    BOOST_TEST(!addresses.get(2).is_default);
    BOOST_TEST(defaults_of(2) == 1);
}

BOOST_FIXTURE_TEST_CASE(a_new_default_leaves_other_customers_alone, addresses_test) {
    addresses.make_default(501);
    BOOST_TEST(value<int>("SELECT count(*) FROM addresses WHERE is_default = 1") == 500);
    BOOST_TEST(addresses.default_of(4).value().id == 4);
}

BOOST_FIXTURE_TEST_CASE(a_changed_address_keeps_its_id_and_owner, addresses_test) {
    addresses.change(1, vienna);

    const shop::address changed = addresses.get(1);
    BOOST_TEST(changed.customer_id == 1);
    BOOST_TEST(changed.city == "Wien");
    BOOST_TEST(changed.is_default);
    BOOST_TEST(addresses.count() == reference::addresses);
}

BOOST_FIXTURE_TEST_CASE(a_changed_address_can_lose_its_subdivision, addresses_test) {
    addresses.change(1, graz);
    BOOST_TEST(!addresses.get(1).subdivision_code);
}

BOOST_FIXTURE_TEST_CASE(a_removed_address_is_gone, addresses_test) {
    addresses.remove(501);

    BOOST_TEST(ids_of(addresses.of_customer(2)) == ids({2}), tt::per_element());
    BOOST_TEST(addresses.count() == reference::addresses - 1);
}

BOOST_FIXTURE_TEST_CASE(the_oldest_address_inherits_the_default, addresses_test) {
    addresses.add(2, vienna);
    addresses.remove(2);
    BOOST_TEST(addresses.default_of(2).value().id == 501);
}

BOOST_FIXTURE_TEST_CASE(the_default_stays_when_another_address_is_removed, addresses_test) {
    addresses.remove(501);
    BOOST_TEST(addresses.default_of(2).value().id == 2);
}

BOOST_FIXTURE_TEST_CASE(the_last_address_may_be_removed, addresses_test) {
    addresses.remove(1);
    BOOST_TEST(!addresses.default_of(1));
    BOOST_TEST(defaults_of(1) == 0);
}

BOOST_FIXTURE_TEST_CASE(an_address_of_an_order_cannot_be_removed, addresses_test) {
    kept<shop::orders>().open({2, 1, "EUR", "2024-04-01", 501});

    BOOST_CHECK_EXCEPTION(addresses.remove(501), shop::error,
                          says("address 501 is used by orders and cannot be removed"));
    BOOST_CHECK_NO_THROW(addresses.remove(2));
}

BOOST_AUTO_TEST_SUITE_END()
