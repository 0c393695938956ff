#define BOOST_TEST_MODULE broken_seeds

#include "broken_seeds.hpp"

#include <isolite/boost_test.hpp>

#include <boost/test/unit_test.hpp>

// Every case that has a fixture must fail before its body; set_up_test.py looks at the reasons.

namespace {

template <typename Database>
using test_of = isolite::boost_test::session<Database>;

void unreachable() {
    BOOST_ERROR("the body of a test ran although its set-up failed");
}

} // namespace

BOOST_FIXTURE_TEST_CASE(wrong_sql_first, test_of<wrong_sql>) {
    unreachable();
}
BOOST_FIXTURE_TEST_CASE(wrong_sql_again, test_of<wrong_sql>) {
    unreachable();
}
BOOST_FIXTURE_TEST_CASE(missing_file_first, test_of<missing_file>) {
    unreachable();
}
BOOST_FIXTURE_TEST_CASE(missing_file_again, test_of<missing_file>) {
    unreachable();
}
BOOST_FIXTURE_TEST_CASE(throwing_step_first, test_of<throwing_step>) {
    unreachable();
}
BOOST_FIXTURE_TEST_CASE(throwing_step_again, test_of<throwing_step>) {
    unreachable();
}
BOOST_FIXTURE_TEST_CASE(throwing_description_first, test_of<throwing_description>) {
    unreachable();
}
BOOST_FIXTURE_TEST_CASE(throwing_description_again, test_of<throwing_description>) {
    unreachable();
}
BOOST_FIXTURE_TEST_CASE(throwing_connection_first, test_of<throwing_connection>) {
    unreachable();
}
BOOST_FIXTURE_TEST_CASE(throwing_connection_again, test_of<throwing_connection>) {
    unreachable();
}
BOOST_AUTO_TEST_CASE(needs_no_database) {
    BOOST_TEST(true);
}
