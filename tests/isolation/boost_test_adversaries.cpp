#define BOOST_TEST_MODULE adversaries

#include "fingerprint.hpp"
#include "seeded_database.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <isolite/boost_test.hpp>
#include <isolite/engine.hpp>

#include <boost/test/unit_test.hpp>
#include <sqlite3.h>

#include <stdexcept>

// Adversaries that need a test framework. frameworks_test.py runs each between the first and the
// last case, and judges what the three said. The file is compiled with each mode as MODE, with none
// for the control. Under copy_on_write a decorator chooses it, which the fixture's own mode must
// give way to.

namespace unit_test = boost::unit_test;

using stock_test = isolite::boost_test::session<seeded_database, isolite::mode::FIXTURE_MODE>;

namespace {

const char* const new_order = "INSERT INTO orders(product, quantity) VALUES (7, 2)";

isolite::engine& engine() {
    return **isolite::engine::of_worker<seeded_database>();
}

// A timeout leaves the test by a long jump, wherever it is. Inside a query that is often where
// SQLite holds the mutex of its memory statistics, on which everyone would then wait for ever.
const int statistics_switched_off = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);

fingerprint pristine;

/// A fixture of the user's whose set-up fails half-way.
struct failing_set_up : stock_test {
    failing_set_up() {
        db().exec(new_order);
        throw std::runtime_error("set-up failed half-way");
    }
};

/// A fixture of the user's that does not stop at the test's end.
struct committing_end : stock_test {
    ~committing_end() {
        db().exec(new_order);
        db().tryExec("COMMIT");
    }
};

void loop_for_ever() {
    for (volatile bool for_ever = true; for_ever;) {
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(suite, *isolite::boost_test::isolated(isolite::mode::MODE))

BOOST_FIXTURE_TEST_CASE(the_first_test, stock_test) {
    pristine = take_fingerprint(engine());
}

BOOST_FIXTURE_TEST_CASE(fails_an_assertion, stock_test) {
    db().exec(new_order);
    BOOST_REQUIRE(value<int>("SELECT count(*) FROM orders") == 0);
}

BOOST_FIXTURE_TEST_CASE(fails_an_assertion_and_has_committed, stock_test) {
    db().exec(new_order);
    db().tryExec("COMMIT");
    BOOST_REQUIRE(value<int>("SELECT count(*) FROM orders") == 0);
}

BOOST_FIXTURE_TEST_CASE(throws_an_exception, stock_test) {
    db().exec(new_order);
    throw std::runtime_error("the code under test failed");
}

BOOST_FIXTURE_TEST_CASE(throws_something_that_is_no_exception, stock_test) {
    db().exec(new_order);
    throw 1;
}

BOOST_FIXTURE_TEST_CASE(throws_in_the_middle_of_rows, stock_test) {
    db().exec(new_order);
    SQLite::Statement query(db(), "SELECT id FROM products");
    query.executeStep();
    throw std::runtime_error("the code under test failed");
}

BOOST_FIXTURE_TEST_CASE(never_runs_because_its_set_up_throws, failing_set_up) {}

BOOST_FIXTURE_TEST_CASE(commits_in_the_destructor_of_its_fixture, committing_end) {}

BOOST_FIXTURE_TEST_CASE(keeps_a_cursor_in_a_static_variable, stock_test) {
    static SQLite::Statement query(db(), "SELECT id FROM products");
    query.executeStep();
}

BOOST_TEST_DECORATOR(*unit_test::timeout(1))
BOOST_FIXTURE_TEST_CASE(loops_for_ever, stock_test) {
    db().exec(new_order);
    loop_for_ever();
}

BOOST_TEST_DECORATOR(*unit_test::timeout(1))
BOOST_FIXTURE_TEST_CASE(loops_for_ever_after_a_commit, stock_test) {
    db().exec(new_order);
    db().tryExec("COMMIT");
    loop_for_ever();
}

BOOST_TEST_DECORATOR(*unit_test::timeout(1))
BOOST_FIXTURE_TEST_CASE(loops_for_ever_in_the_middle_of_rows, stock_test) {
    db().exec(new_order);
    SQLite::Statement query(db(), "SELECT id FROM products");
    query.executeStep();
    loop_for_ever();
}

BOOST_TEST_DECORATOR(*unit_test::timeout(1))
BOOST_FIXTURE_TEST_CASE(queries_for_ever, stock_test) {
    statement(new_order).exec();
    // Steps for hours without allocating: a long jump out of malloc would leave its lock behind.
    BOOST_TEST(value<int>("SELECT count(*) FROM products a, products b, products c, products d, "
                          "products e WHERE a.id + b.id + c.id + d.id + e.id < 0") == 0);
}

BOOST_FIXTURE_TEST_CASE(the_last_test, stock_test) {
    const fingerprint now = take_fingerprint(engine());
    BOOST_TEST(difference(pristine, now) == "");
    statement(new_order).exec(); // a kept statement works whatever became of the last connection
    BOOST_TEST(value<int>("SELECT max(id) FROM orders") >= 4);
    BOOST_TEST(value<int>("SELECT stock FROM products WHERE id = 7") <= 98);
}

BOOST_AUTO_TEST_SUITE_END()
