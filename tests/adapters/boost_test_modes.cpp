#define BOOST_TEST_MODULE modes

#include "databases_of_modes.hpp"

#include <isolite/boost_test.hpp>

#include <boost/mpl/list.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

// Who chooses the mode of a test, and what further connections see in each; modes_test.py judges.
// All must pass in every order, but for the later one of the cases in "exposed" and "unprotected".

namespace data = boost::unit_test::data;
using isolite::mode;
using isolite::boost_test::isolated;
using isolite::boost_test::session;

using stock_test = session<stock>;
using stock_that_commits = session<stock, mode::copy_on_write>;

namespace {

void check_that_it_commits(isolite::fixture& test) {
    BOOST_TEST(pristine(test));
    BOOST_TEST(commits(test));
}

void check_that_it_does_not_commit(isolite::fixture& test) {
    BOOST_TEST(pristine(test));
    BOOST_TEST(!commits(test));
}

} // namespace

BOOST_FIXTURE_TEST_CASE(rollback_where_nobody_chooses, stock_test) {
    check_that_it_does_not_commit(*this);
}
BOOST_FIXTURE_TEST_CASE(that_of_the_template_argument, stock_that_commits) {
    check_that_it_commits(*this);
}
BOOST_FIXTURE_TEST_CASE(that_of_the_database, session<committing_stock>) {
    check_that_it_commits(*this);
}
BOOST_FIXTURE_TEST_CASE(rollback_of_the_database, session<cautious_stock>) {
    check_that_it_does_not_commit(*this);
}
using committing_stock_in_rollback = session<committing_stock, mode::rollback>;
BOOST_FIXTURE_TEST_CASE(the_template_argument_before_the_database, committing_stock_in_rollback) {
    check_that_it_does_not_commit(*this);
}
BOOST_FIXTURE_TEST_CASE(the_case_before_the_template_argument, stock_that_commits,
                        *isolated(mode::rollback)) {
    check_that_it_does_not_commit(*this);
}
BOOST_FIXTURE_TEST_CASE(the_case_before_the_database, session<committing_stock>,
                        *isolated(mode::rollback)) {
    check_that_it_does_not_commit(*this);
}

BOOST_AUTO_TEST_SUITE(rolled_back, *isolated(mode::rollback))
BOOST_FIXTURE_TEST_CASE(the_suite_before_the_template_argument, stock_that_commits) {
    check_that_it_does_not_commit(*this);
}
BOOST_FIXTURE_TEST_CASE(the_suite_before_the_database, session<committing_stock>) {
    check_that_it_does_not_commit(*this);
}
BOOST_FIXTURE_TEST_CASE(the_case_before_the_suite, stock_test, *isolated(mode::copy_on_write)) {
    check_that_it_commits(*this);
}

BOOST_AUTO_TEST_SUITE(plain)
BOOST_FIXTURE_TEST_CASE(the_suite_around_the_suite, stock_that_commits) {
    check_that_it_does_not_commit(*this);
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(committing, *isolated(mode::copy_on_write))
BOOST_FIXTURE_TEST_CASE(the_nearest_suite, stock_test) {
    check_that_it_commits(*this);
}
BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(rolled_back_no_more)
BOOST_FIXTURE_TEST_CASE(no_suite_that_is_over, stock_that_commits) {
    check_that_it_commits(*this);
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_TEST_DECORATOR(*isolated(mode::copy_on_write))
BOOST_DATA_TEST_CASE_F(stock_test, each_sample, data::xrange(2), number) {
    BOOST_TEST(number < 2);
    check_that_it_commits(*this);
}

using kinds = boost::mpl::list<int, double>;
BOOST_TEST_DECORATOR(*isolated(mode::copy_on_write))
BOOST_FIXTURE_TEST_CASE_TEMPLATE(each_type, Kind, kinds, stock_test) {
    BOOST_TEST(sizeof(Kind) > 0U);
    check_that_it_commits(*this);
}

BOOST_AUTO_TEST_SUITE(connections)
BOOST_FIXTURE_TEST_CASE(are_set_up_as_the_first_one, session<stock_and_books>) {
    SQLite::Database other = connect(std::chrono::milliseconds(1));
    BOOST_TEST(other.execAndGet("PRAGMA cache_size").getInt() == 77);
    BOOST_TEST(other.execAndGet("PRAGMA foreign_keys").getInt() == 1);
    BOOST_TEST(other.execAndGet("SELECT count(*) FROM books.entries").getInt() == 0);
}
BOOST_FIXTURE_TEST_CASE(open_by_their_uri, session<stock_and_books>,
                        *isolated(mode::copy_on_write)) {
    const int flags = SQLite::OPEN_READWRITE | SQLite::OPEN_URI;
    SQLite::Database(uri(), flags).exec("INSERT INTO products(name) VALUES ('bread')");
    SQLite::Database(uri("books"), flags).exec("INSERT INTO entries VALUES (7)");
    BOOST_TEST(value<int>("SELECT count(*) FROM products") == 3);
    BOOST_TEST(value<int>("SELECT amount FROM books.entries") == 7);
    BOOST_TEST(uri("main") == uri());
}
BOOST_FIXTURE_TEST_CASE(left_no_row_behind, session<stock_and_books>) {
    BOOST_TEST(value<int>("SELECT count(*) FROM products") == 2);
    BOOST_TEST(value<int>("SELECT count(*) FROM books.entries") == 0);
}
BOOST_FIXTURE_TEST_CASE(fails_to_find_a_schema, session<stock_and_books>) {
    static_cast<void>(uri("cellar"));
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(exposed, *isolated(mode::none))
BOOST_FIXTURE_TEST_CASE(one, session<exposed_stock>) {
    check_that_it_commits(*this);
}
BOOST_FIXTURE_TEST_CASE(another, session<exposed_stock>) {
    check_that_it_commits(*this);
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(unprotected)
BOOST_FIXTURE_TEST_CASE(one, session<unprotected_stock>) {
    check_that_it_commits(*this);
}
BOOST_FIXTURE_TEST_CASE(another, session<unprotected_stock>) {
    check_that_it_commits(*this);
}
BOOST_AUTO_TEST_SUITE_END()
