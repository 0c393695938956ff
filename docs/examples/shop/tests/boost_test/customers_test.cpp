#include "checks.hpp"
#include "shop_test.hpp"

#include "shop/customers.hpp"
#include "shop/orders.hpp"
#include "shop/reference_counts.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace data = boost::unit_test::data;
namespace reference = shop::reference;
namespace tt = boost::test_tools;

namespace {

const shop::new_customer ada = {"ada@example.org", "Ada Lovelace", "eng", "2024-12-10"};

struct customers_test : shop_test {
    shop::customers& customers = kept<shop::customers>();

    std::int64_t add(const std::string& email, const std::string& name = "Ada Lovelace",
                     const std::string& registered_on = "2024-12-10") {
        return customers.add({email, name, "eng", registered_on});
    }
};

struct wrong_customer {
    shop::new_customer added;
    const char* sentence;
};

std::ostream& operator<<(std::ostream& out, const wrong_customer& wrong) {
    return out << wrong.sentence;
}

const wrong_customer wrong_customers[] = {
    {{"ada", "Ada", "eng", "2024-12-10"}, "'ada' is not an e-mail address"},
    {{"@example.org", "Ada", "eng", "2024-12-10"}, "'@example.org' is not an e-mail address"},
    {{"a@d@a", "Ada", "eng", "2024-12-10"}, "'a@d@a' is not an e-mail address"},
    {{"ada@b", "", "eng", "2024-12-10"}, "a customer needs a name"},
    {{"ada@b", "Ada", "en", "2024-12-10"}, "there is no language en"},
    {{"customer007@example.org", "Ada", "eng", "2024-12-10"},
     "the e-mail address customer007@example.org is already registered"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(customers)

BOOST_FIXTURE_TEST_CASE(the_shop_starts_with_its_reference_customers, customers_test) {
    BOOST_TEST(customers.count() == reference::customers);
    BOOST_TEST(customers.active_count() == reference::customers);
}

BOOST_FIXTURE_TEST_CASE(a_new_customer_gets_the_next_id, customers_test) {
    BOOST_TEST(customers.add(ada) == 501);
    BOOST_TEST(add("grace@example.org") == 502);
    BOOST_TEST(customers.count() == reference::customers + 2);
}

BOOST_FIXTURE_TEST_CASE(a_new_customer_is_stored_as_written_and_active, customers_test) {
    const shop::customer found = customers.get(customers.add(ada));

    BOOST_TEST(found.email == "ada@example.org");
    BOOST_TEST(found.name == "Ada Lovelace");
    BOOST_TEST(found.language_code == "eng");
    BOOST_TEST(found.registered_on == "2024-12-10");
    BOOST_TEST(found.active);
}

BOOST_DATA_TEST_CASE_F(customers_test, a_wrong_customer_is_not_registered,
                       data::make(wrong_customers), wrong) {
    BOOST_CHECK_EXCEPTION(customers.add(wrong.added), shop::error, says(wrong.sentence));
    BOOST_TEST(customers.count() == reference::customers);
}

BOOST_FIXTURE_TEST_CASE(an_address_is_taken_whatever_its_case, customers_test) {
    customers.add(ada);
    BOOST_CHECK_EXCEPTION(add("ADA@Example.Org"), shop::error,
                          says("the e-mail address ADA@Example.Org is already registered"));
}

BOOST_FIXTURE_TEST_CASE(a_customer_is_found_by_email_whatever_its_case, customers_test) {
    customers.add(ada);
    BOOST_TEST(customers.find_by_email("ADA@EXAMPLE.ORG").value().id == 501);
    BOOST_TEST(!customers.find_by_email("grace@example.org"));
}

BOOST_FIXTURE_TEST_CASE(an_unknown_customer_is_an_error, customers_test) {
    const auto no_501 = says("there is no customer 501");
    BOOST_TEST(!customers.find(501));
    BOOST_CHECK_EXCEPTION(customers.get(501), shop::error, no_501);
    BOOST_CHECK_EXCEPTION(customers.rename(501, "Ada"), shop::error, no_501);
    BOOST_CHECK_EXCEPTION(customers.change_email(501, "ada@b"), shop::error, no_501);
    BOOST_CHECK_EXCEPTION(customers.change_language(501, "eng"), shop::error, no_501);
    BOOST_CHECK_EXCEPTION(customers.set_active(501, false), shop::error, no_501);
    BOOST_CHECK_EXCEPTION(customers.remove(501), shop::error, no_501);
}

BOOST_FIXTURE_TEST_CASE(a_search_finds_a_part_of_the_name_whatever_its_case, customers_test) {
    customers.add(ada);
    add("byron@example.org", "Annabella LOVELACE");
    BOOST_TEST(ids_of(customers.search("lovelace")) == ids({501, 502}), tt::per_element());
}

BOOST_DATA_TEST_CASE_F(customers_test, a_fifth_of_the_customers_speaks_each_language,
                       data::make({"deu", "jpn", "spa"}), language) {
    BOOST_TEST(customers.speaking(language).size() ==
               static_cast<std::size_t>(reference::customers_per_language));
}

BOOST_FIXTURE_TEST_CASE(a_new_customer_is_listed_under_its_language, customers_test) {
    customers.add({"zoe@example.org", "Zoe", "ell", "2024-12-10"});
    BOOST_TEST(ids_of(customers.speaking("ell")) == ids({501}), tt::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_changed_language_moves_the_customer, customers_test) {
    customers.change_language(5, "eng");

    BOOST_TEST(customers.speaking("deu").size() == 99U);
    BOOST_TEST(customers.speaking("eng").size() == 101U);
}

BOOST_FIXTURE_TEST_CASE(a_language_must_exist, customers_test) {
    BOOST_CHECK_EXCEPTION(customers.change_language(5, "xxx"), shop::error,
                          says("there is no language xxx"));
    BOOST_TEST(customers.get(5).language_code == "deu");
}

BOOST_FIXTURE_TEST_CASE(registrations_between_two_days_include_both, customers_test) {
    add("a@b", "First", "2024-01-01");
    add("b@b", "Second", "2024-01-31");
    add("c@b", "Third", "2024-02-01");

    BOOST_TEST(ids_of(customers.registered_between("2024-01-01", "2024-01-31")) == ids({501, 502}),
               tt::per_element());
}

BOOST_FIXTURE_TEST_CASE(registrations_are_listed_by_day_then_id, customers_test) {
    add("a@b", "Late", "2024-03-01");
    add("b@b", "Early", "2024-01-01");
    add("c@b", "Late too", "2024-03-01");

    BOOST_TEST(ids_of(customers.registered_between("2024-01-01", "2024-12-31")) ==
                   ids({502, 501, 503}),
               tt::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_renamed_customer_keeps_the_rest, customers_test) {
    customers.rename(7, "James");

    BOOST_TEST(customers.get(7).name == "James");
    BOOST_TEST(customers.get(7).email == "customer007@example.org");
}

BOOST_FIXTURE_TEST_CASE(a_customer_cannot_lose_its_name, customers_test) {
    BOOST_CHECK_EXCEPTION(customers.rename(7, ""), shop::error, says("a customer needs a name"));
    BOOST_TEST(customers.get(7).name == "Customer 007");
}

BOOST_FIXTURE_TEST_CASE(a_changed_email_frees_the_old_one, customers_test) {
    customers.change_email(7, "james@example.org");
    BOOST_TEST(add("customer007@example.org") == 501);
}

BOOST_FIXTURE_TEST_CASE(a_changed_email_must_be_free, customers_test) {
    BOOST_CHECK_EXCEPTION(customers.change_email(7, "Customer008@example.org"), shop::error,
                          says("the e-mail address Customer008@example.org is already "
                               "registered"));
}

BOOST_FIXTURE_TEST_CASE(the_case_of_ones_own_email_can_change, customers_test) {
    customers.change_email(7, "Customer007@Example.org");
    BOOST_TEST(customers.get(7).email == "Customer007@Example.org");
}

BOOST_FIXTURE_TEST_CASE(a_closed_account_is_counted_but_not_as_active, customers_test) {
    customers.set_active(7, false);

    BOOST_TEST(customers.count() == reference::customers);
    BOOST_TEST(customers.active_count() == reference::customers - 1);
}

BOOST_FIXTURE_TEST_CASE(a_removed_customer_takes_its_addresses_along, customers_test) {
    customers.remove(8);

    BOOST_TEST(!customers.find(8));
    BOOST_TEST(value<int>("SELECT count(*) FROM addresses WHERE customer_id = 8") == 0);
    BOOST_TEST(value<std::int64_t>("SELECT count(*) FROM addresses") == reference::addresses - 2);
}

BOOST_FIXTURE_TEST_CASE(a_customer_with_orders_cannot_be_removed, customers_test) {
    kept<shop::orders>().open({8, 1, "EUR", "2024-04-01"});

    BOOST_CHECK_EXCEPTION(customers.remove(8), shop::error,
                          says("customer 8 has orders and cannot be removed"));
    BOOST_TEST(value<int>("SELECT count(*) FROM addresses WHERE customer_id = 8") == 2);
}

BOOST_AUTO_TEST_SUITE_END()
