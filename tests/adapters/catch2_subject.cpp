#include "catch2_header.hpp"
#include "databases_of_modes.hpp"
#include "stock.hpp"

#include <isolite/catch2.hpp>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <thread>

#include <unistd.h>

// Databases of tests of Catch2, and what goes wrong with tests; catch2_test.py judges. What is not
// hidden passes in every order.

using isolite::mode;
using isolite::catch2::session;

using stock_test = session<stock>;
using stock_that_commits = session<stock, mode::copy_on_write>;

namespace {

int products(isolite::fixture& test) {
    return test.value<int>("SELECT count(*) FROM products");
}

void add_bread(isolite::fixture& test) {
    REQUIRE(products(test) == 2);
    test.execute("INSERT INTO products(name) VALUES ('bread')");
    CHECK(products(test) == 3);
}

void commit_bread(isolite::fixture& test) {
    test.execute("INSERT INTO products(name) VALUES ('bread')");
    test.execute("COMMIT");
}

void check_that_it_commits(isolite::fixture& test) {
    CHECK(pristine(test));
    CHECK(commits(test));
}

void check_that_it_does_not_commit(isolite::fixture& test) {
    CHECK(pristine(test));
    CHECK_FALSE(commits(test));
}

} // namespace

TEST_CASE_METHOD(stock_test, "one adds bread") {
    add_bread(*this);
}

TEST_CASE_METHOD(stock_test, "another adds bread") {
    add_bread(*this);
}

TEST_CASE_METHOD(stock_test, "each pass through sections is pristine") {
    add_bread(*this);
    SECTION("one") {
        execute("DELETE FROM products");
    }
    SECTION("other") {
        SECTION("deep") {
            execute("DROP TABLE products");
        }
        SECTION("and again") {
            CHECK(products(*this) == 3);
        }
    }
}

TEST_CASE_METHOD(stock_that_commits, "each pass of a generator is pristine") {
    const int more = GENERATE(1, 2, 3);
    for (int i = 0; i < more; ++i) {
        execute("INSERT INTO products(name) VALUES ('bread')");
    }
    CHECK(products(*this) == 2 + more);
}

TEST_CASE("a fixture in the body") {
    stock_test test;
    add_bread(test);
}

struct method_test : stock_test {
    void adds_bread() { add_bread(*this); }
};
METHOD_AS_TEST_CASE(method_test::adds_bread, "a method adds bread")

template <typename>
struct typed_test : stock_test {};
TEMPLATE_TEST_CASE_METHOD(typed_test, "a template adds bread", "", int, char) {
    add_bread(*this);
}

SCENARIO_METHOD(stock_test, "a scenario") {
    GIVEN("two products") {
        REQUIRE(products(*this) == 2);
        WHEN("one is sold") {
            execute("DELETE FROM products WHERE id = 1");
            THEN("one is left") {
                CHECK(products(*this) == 1);
            }
        }
        WHEN("both are sold") {
            execute("DELETE FROM products");
            THEN("none is left") {
                CHECK(products(*this) == 0);
            }
        }
    }
}

TEST_CASE_METHOD(stock_test, "rollback where nobody chooses") {
    check_that_it_does_not_commit(*this);
}

TEST_CASE_METHOD(stock_that_commits, "that of the template argument") {
    check_that_it_commits(*this);
}

TEST_CASE_METHOD(session<committing_stock>, "that of the database") {
    check_that_it_commits(*this);
}

TEST_CASE_METHOD(stock_test, "that of a tag", "[copy_on_write]") {
    check_that_it_commits(*this);
}

TEST_CASE_METHOD(stock_that_commits, "that of another tag", "[a][rollback][b]") {
    check_that_it_does_not_commit(*this);
}

TEST_CASE_METHOD(stock_test, "it leaks", "[.leaks]") {
    commit_bread(*this);
}

TEST_CASE_METHOD(stock_test, "it leaks in a section", "[.leaks]") {
    SECTION("harmless") {}
    SECTION("harmful") {
        commit_bread(*this);
    }
}

TEST_CASE_METHOD(stock_test, "it fails and leaks", "[.leaks]") {
    commit_bread(*this);
    REQUIRE(products(*this) == 7);
}

TEST_CASE_METHOD(stock_test, "it throws and leaks", "[.leaks]") {
    commit_bread(*this);
    throw std::runtime_error("thrown");
}

TEST_CASE_METHOD(stock_test, "it may fail but not leak", "[.forgiven][!mayfail]") {
    commit_bread(*this);
}

TEST_CASE_METHOD(stock_test, "it should fail but not leak", "[.forgiven][!shouldfail]") {
    commit_bread(*this);
}

TEST_CASE_METHOD(stock_test, "it fails as it should but leaks", "[.forgiven][!shouldfail]") {
    commit_bread(*this);
    CHECK(1 == 2);
}

TEST_CASE_METHOD(stock_test, "it crashes", "[.crash]") {
    CHECK(products(*this) == 1);
    SECTION("in here") {
        std::raise(SIGTERM);
    }
}

TEST_CASE("it aborts", "[.crash]") {
    std::abort();
}

TEST_CASE("it may fail but not die", "[.allowed][!mayfail]") {
    CHECK(1 == 2);
    std::abort();
}

TEST_CASE("it should fail but not die", "[.allowed][!shouldfail]") {
    SECTION("in here") {
        std::abort();
    }
}

/// Stops the parent of the workers until they have been too late.
struct late_test {
    late_test() { ::kill(::getppid(), SIGSTOP); }
    ~late_test() {
        std::this_thread::sleep_for(std::chrono::milliseconds(400));
        ::kill(::getppid(), SIGCONT);
    }
};
TEST_CASE_METHOD(late_test, "it comes too late", "[.late]") {
    SECTION("one") {
        CHECK(1 == 1);
    }
}

TEST_CASE("it passes beside them", "[.crash][.slow]") {
    CHECK(true);
}

TEST_CASE("it takes for ever", "[.slow]") {
    CHECK(1 == 2);
    std::this_thread::sleep_for(std::chrono::hours(1));
}
