#include "fingerprint.hpp"
#include "seeded_database.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <isolite/doctest.hpp>
#include <isolite/engine.hpp>

#include <doctest/doctest.h>

#include <stdexcept>

// The same as boost_test_adversaries.cpp for doctest, which interrupts no test.

using stock_test = isolite::doc_test::session<seeded_database, isolite::mode::FIXTURE_MODE>;

namespace {

const char* const new_order = "INSERT INTO orders(product, quantity) VALUES (7, 2)";

isolite::engine& engine() {
    return **isolite::engine::of_worker<seeded_database>();
}

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

} // namespace

TEST_SUITE_BEGIN("suite" * isolite::doc_test::isolated(isolite::mode::MODE));

TEST_CASE_FIXTURE(stock_test, "the first test") {
    pristine = take_fingerprint(engine());
}

TEST_CASE_FIXTURE(stock_test, "fails an assertion") {
    db().exec(new_order);
    REQUIRE(value<int>("SELECT count(*) FROM orders") == 0);
}

TEST_CASE_FIXTURE(stock_test, "fails an assertion and has committed") {
    db().exec(new_order);
    db().tryExec("COMMIT");
    REQUIRE(value<int>("SELECT count(*) FROM orders") == 0);
}

TEST_CASE_FIXTURE(stock_test, "throws an exception") {
    db().exec(new_order);
    throw std::runtime_error("the code under test failed");
}

TEST_CASE_FIXTURE(stock_test, "throws something that is no exception") {
    db().exec(new_order);
    throw 1;
}

TEST_CASE_FIXTURE(stock_test, "throws in the middle of rows") {
    db().exec(new_order);
    SQLite::Statement query(db(), "SELECT id FROM products");
    query.executeStep();
    throw std::runtime_error("the code under test failed");
}

TEST_CASE_FIXTURE(failing_set_up, "never runs because its set-up throws") {}

TEST_CASE_FIXTURE(committing_end, "commits in the destructor of its fixture") {}

TEST_CASE_FIXTURE(stock_test, "keeps a cursor in a static variable") {
    static SQLite::Statement query(db(), "SELECT id FROM products");
    query.executeStep();
}

TEST_CASE_FIXTURE(stock_test, "the last test") {
    const fingerprint now = take_fingerprint(engine());
    CHECK(difference(pristine, now) == "");
    statement(new_order).exec();
    CHECK(value<int>("SELECT max(id) FROM orders") >= 4);
    CHECK(value<int>("SELECT stock FROM products WHERE id = 7") <= 98);
}

TEST_SUITE_END();
