#include "databases_of_modes.hpp"

#include <isolite/doctest.hpp>

#include <doctest/doctest.h>

// Who chooses the mode of a test, and what further connections see in each; modes_test.py judges.
// All must pass in every order, but for the later one of the cases in "exposed" and "unprotected".

using isolite::mode;
using isolite::doc_test::isolated;
using isolite::doc_test::session;

using stock_test = session<stock>;
using stock_that_commits = session<stock, mode::copy_on_write>;

namespace {

void check_that_it_commits(isolite::fixture& test) {
    CHECK(pristine(test));
    CHECK(commits(test));
}

void check_that_it_does_not_commit(isolite::fixture& test) {
    CHECK(pristine(test));
    CHECK_FALSE(commits(test));
}

} // namespace

TEST_CASE_FIXTURE(stock_test, "rollback where nobody chooses") {
    check_that_it_does_not_commit(*this);
}
TEST_CASE_FIXTURE(stock_that_commits, "that of the template argument") {
    check_that_it_commits(*this);
}
TEST_CASE_FIXTURE(session<committing_stock>, "that of the database") {
    check_that_it_commits(*this);
}
TEST_CASE_FIXTURE(session<cautious_stock>, "rollback of the database") {
    check_that_it_does_not_commit(*this);
}
using committing_stock_in_rollback = session<committing_stock, mode::rollback>;
TEST_CASE_FIXTURE(committing_stock_in_rollback, "the template argument before the database") {
    check_that_it_does_not_commit(*this);
}
TEST_CASE_FIXTURE(stock_that_commits,
                  "the case before the template argument" * isolated(mode::rollback)) {
    check_that_it_does_not_commit(*this);
}
TEST_CASE_FIXTURE(session<committing_stock>,
                  "the case before the database" * isolated(mode::rollback)) {
    check_that_it_does_not_commit(*this);
}

TEST_SUITE("rolled back" * isolated(mode::rollback)) {
    TEST_CASE_FIXTURE(stock_that_commits, "the suite before the template argument") {
        check_that_it_does_not_commit(*this);
    }
    TEST_CASE_FIXTURE(session<committing_stock>, "the suite before the database") {
        check_that_it_does_not_commit(*this);
    }
    TEST_CASE_FIXTURE(stock_test, "the case before the suite" * isolated(mode::copy_on_write)) {
        check_that_it_commits(*this);
    }
}

TEST_SUITE("rolled back no more") {
    TEST_CASE_FIXTURE(stock_that_commits, "no suite that is over") {
        check_that_it_commits(*this);
    }
    TEST_CASE_FIXTURE(stock_that_commits,
                      "that of the suite it is put into" * doctest::test_suite("rolled back")) {
        check_that_it_does_not_commit(*this);
    }
}

TEST_CASE_TEMPLATE("each type" * isolated(mode::copy_on_write), Kind, int, double) {
    CHECK(sizeof(Kind) > 0);
    stock_test test;
    check_that_it_commits(test);
}

TEST_CASE_FIXTURE(stock_test, "each subcase" * isolated(mode::copy_on_write)) {
    check_that_it_commits(*this);
    SUBCASE("one") {}
    SUBCASE("another") {}
}

TEST_SUITE("connections") {
    TEST_CASE_FIXTURE(session<stock_and_books>, "are set up as the first one") {
        SQLite::Database other = connect(std::chrono::milliseconds(1));
        CHECK(other.execAndGet("PRAGMA cache_size").getInt() == 77);
        CHECK(other.execAndGet("PRAGMA foreign_keys").getInt() == 1);
        CHECK(other.execAndGet("SELECT count(*) FROM books.entries").getInt() == 0);
    }
    TEST_CASE_FIXTURE(session<stock_and_books>,
                      "open by their URI" * isolated(mode::copy_on_write)) {
        const int flags = SQLite::OPEN_READWRITE | SQLite::OPEN_URI;
        SQLite::Database(uri(), flags).exec("INSERT INTO products(name) VALUES ('bread')");
        SQLite::Database(uri("books"), flags).exec("INSERT INTO entries VALUES (7)");
        CHECK(value<int>("SELECT count(*) FROM products") == 3);
        CHECK(value<int>("SELECT amount FROM books.entries") == 7);
        CHECK(uri("main") == uri());
    }
    TEST_CASE_FIXTURE(session<stock_and_books>, "left no row behind") {
        CHECK(value<int>("SELECT count(*) FROM products") == 2);
        CHECK(value<int>("SELECT count(*) FROM books.entries") == 0);
    }
    TEST_CASE_FIXTURE(session<stock_and_books>, "fails to find a schema") {
        static_cast<void>(uri("cellar"));
    }
}

TEST_SUITE("exposed" * isolated(mode::none)) {
    TEST_CASE_FIXTURE(session<exposed_stock>, "one") {
        check_that_it_commits(*this);
    }
    TEST_CASE_FIXTURE(session<exposed_stock>, "another") {
        check_that_it_commits(*this);
    }
}

TEST_SUITE("unprotected") {
    TEST_CASE_FIXTURE(session<unprotected_stock>, "one") {
        check_that_it_commits(*this);
    }
    TEST_CASE_FIXTURE(session<unprotected_stock>, "another") {
        check_that_it_commits(*this);
    }
}
