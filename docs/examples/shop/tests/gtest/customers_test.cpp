#include "checks.hpp"
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

class Customers : public shop_test {
  protected:
    shop::customers& customers = kept<shop::customers>();
    shop::addresses& addresses = kept<shop::addresses>();
};

TEST_F(Customers, AreFoundByTheirEmailWhateverItsCase) {
    EXPECT_EQ(customers.add(ada), reference::customers + 1);
    EXPECT_EQ(customers.find_by_email("ADA@EXAMPLE.ORG").value().id, 501);
    EXPECT_EQ(refusal([&] { customers.change_email(7, "Ada@Example.org"); }),
              "the e-mail address Ada@Example.org is already registered");
}

TEST_F(Customers, AreListedUnderTheirLanguage) {
    customers.change_language(5, "ell");
    EXPECT_EQ(ids_of(customers.speaking("ell")), (ids{5}));
    EXPECT_EQ(customers.speaking("deu").size(), 99U);
}

TEST_F(Customers, AreCountedWithClosedAccountsToo) {
    customers.set_active(7, false);
    EXPECT_EQ(customers.count(), reference::customers);
    EXPECT_EQ(customers.active_count(), reference::customers - 1);
}

TEST_F(Customers, TakeTheirAddressesAlong) {
    customers.remove(8);
    EXPECT_FALSE(customers.find(8));
    EXPECT_EQ(addresses.count(), reference::addresses - 2);
}

TEST_F(Customers, StayOnceTheyHaveOrdered) {
    kept<shop::orders>().open({8, 1, "EUR", "2024-04-01"});
    EXPECT_EQ(refusal([&] { customers.remove(8); }), "customer 8 has orders and cannot be removed");
    EXPECT_EQ(addresses.of_customer(8).size(), 2U);
}

TEST_F(Customers, LiveAtTheirFirstAddressUnlessTheySayOtherwise) {
    const std::int64_t customer = customers.add(ada);
    EXPECT_FALSE(addresses.default_of(customer));
    addresses.add(customer, vienna);
    addresses.add(customer, {"Murgasse 2", "Graz", "8010", "AT"});
    EXPECT_EQ(addresses.default_of(customer).value().id, 751);
    addresses.make_default(752);
    EXPECT_EQ(addresses.default_of(customer).value().id, 752);
}

TEST_F(Customers, MoveToTheOldestAddressThatIsLeft) {
    addresses.add(2, vienna);
    addresses.remove(2);
    EXPECT_EQ(addresses.default_of(2).value().id, 501);
}

class WrongCustomer : public Customers,
                      public testing::WithParamInterface<wrong<shop::new_customer>> {};

TEST_P(WrongCustomer, IsNotRegistered) {
    EXPECT_EQ(refusal([&] { customers.add(GetParam().given); }), GetParam().sentence);
    EXPECT_EQ(customers.count(), reference::customers);
}

const wrong<shop::new_customer> wrong_customers[] = {
    {"WithoutAnEmail", {"ada", "Ada", "eng", "2024-12-10"}, "'ada' is not an e-mail address"},
    {"WithoutAName", {"ada@b", "", "eng", "2024-12-10"}, "a customer needs a name"},
    {"WithoutALanguage", {"ada@b", "Ada", "en", "2024-12-10"}, "there is no language en"},
};
INSTANTIATE_TEST_SUITE_P(Customers, WrongCustomer, testing::ValuesIn(wrong_customers), by_name());

} // namespace
