#define BOOST_TEST_MODULE shop
#include <isolite/boost_test_main.hpp>
#include <isolite/seed.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

struct shop {
    static isolite::seed seed() {
        return isolite::seed("shop").sql("CREATE TABLE orders (product INTEGER NOT NULL);");
    }
};
using shop_test = isolite::boost_test::session<shop>;

/// What each suite has beside its trouble: a test that goes on as if nothing had been.
struct another_test : shop_test {
    void passes() { BOOST_TEST(value<int>("SELECT count(*) FROM orders") == 0); }
};

namespace {

int price_in(const std::string& text) {
    if (text.empty()) {
        std::fputs("shop: a price is missing\n", stderr);
        std::abort();
    }
    return std::atoi(text.c_str());
}

/// Whether an earlier call, be it in another test or another run, has written the file.
bool has_cached_prices() {
    const std::filesystem::path file = std::filesystem::temp_directory_path() / "prices";
    const bool is_there = std::filesystem::exists(file);
    std::ofstream(file) << "12\n";
    return is_there;
}

} // namespace

// [leak]
BOOST_AUTO_TEST_SUITE(leak)

BOOST_FIXTURE_TEST_CASE(an_order_is_stored, shop_test) {
    execute("INSERT INTO orders VALUES (7)");
    execute("COMMIT"); // somewhere in the code under test
    BOOST_TEST(value<int>("SELECT count(*) FROM orders") == 1);
}
// [/leak]

BOOST_FIXTURE_TEST_CASE(there_are_no_orders_yet, another_test) {
    passes();
}

BOOST_AUTO_TEST_SUITE_END()

// [crash]
BOOST_AUTO_TEST_SUITE(crash)

BOOST_AUTO_TEST_CASE(a_price_is_read) {
    BOOST_TEST(price_in("") == 0); // calls std::abort
}
// [/crash]

BOOST_FIXTURE_TEST_CASE(there_are_no_orders_yet, another_test) {
    passes();
}

BOOST_AUTO_TEST_SUITE_END()

// [hang]
BOOST_AUTO_TEST_SUITE(hang)

BOOST_FIXTURE_TEST_CASE(an_order_arrives, shop_test) {
    while (value<int>("SELECT count(*) FROM orders") == 0) { // nobody orders
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
}
// [/hang]

BOOST_FIXTURE_TEST_CASE(there_are_no_orders_yet, another_test) {
    passes();
}

BOOST_AUTO_TEST_SUITE_END()

// [flaky]
BOOST_AUTO_TEST_SUITE(flaky)

BOOST_AUTO_TEST_CASE(prices_are_cached) {
    BOOST_TEST(has_cached_prices()); // in a file that outlives the test
}
// [/flaky]

BOOST_FIXTURE_TEST_CASE(there_are_no_orders_yet, another_test) {
    passes();
}

BOOST_AUTO_TEST_SUITE_END()

// [seed]
struct price_list {
    static isolite::seed seed() {
        return isolite::seed("prices").sql("CREATE TABLE prices (price INTEGER NOT NULL);"
                                           "INSERT INTO price VALUES (12);");
    }
};

BOOST_AUTO_TEST_SUITE(bad_seed)

BOOST_FIXTURE_TEST_CASE(a_price_is_stored, isolite::boost_test::session<price_list>) {
    BOOST_TEST(value<int>("SELECT price FROM prices") == 12);
}
// [/seed]

BOOST_FIXTURE_TEST_CASE(there_are_no_orders_yet, another_test) {
    passes();
}

BOOST_AUTO_TEST_SUITE_END()
