#define BOOST_TEST_MODULE plain_suites
#ifndef BOOST_TEST_DYN_LINK
#    define BOOST_TEST_DYN_LINK
#endif
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <string>

// Several suites, in which PLAIN_VICTIM fails behind PLAIN_CULPRIT: any case behind any other one.

namespace {

bool is_named(const char* const variable) {
    const char* const name = std::getenv(variable);
    return name != nullptr && boost::unit_test::framework::current_test_case().full_name() == name;
}

void run() {
    static bool is_spoiled = false;
    BOOST_TEST(!(is_spoiled && is_named("PLAIN_VICTIM")));
    is_spoiled = is_spoiled || is_named("PLAIN_CULPRIT");
}

} // namespace

BOOST_AUTO_TEST_SUITE(customers)
BOOST_AUTO_TEST_CASE(list) {
    run();
}
BOOST_AUTO_TEST_CASE(import) {
    run();
}
BOOST_AUTO_TEST_CASE(merge) {
    run();
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(orders)
BOOST_AUTO_TEST_CASE(total) {
    run();
}
BOOST_AUTO_TEST_CASE(cancel) {
    run();
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(users)
BOOST_AUTO_TEST_CASE(login) {
    run();
}
BOOST_AUTO_TEST_CASE(nobody) {
    run();
}
BOOST_AUTO_TEST_CASE(forget) {
    run();
}
BOOST_AUTO_TEST_SUITE_END()
