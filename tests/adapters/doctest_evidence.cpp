#include "failing_test.hpp"

#include <SQLiteCpp/Database.h>
#include <isolite/doctest.hpp>

#include <doctest/doctest.h>

// Tests that fail in every way and tests that pass; evidence_test.py looks at what is kept.

using isolite::mode;
using isolite::doc_test::isolated;
using isolite::doc_test::suite_fixture;

using stock_test = isolite::doc_test::session<stock>;
using staff_test = isolite::doc_test::session<staff>;

namespace {

struct orders_data : isolite::doc_test::suite<stock> {
    orders_data() { execute("INSERT INTO products(name) VALUES ('of orders')"); }
};
const bool orders = suite_fixture<orders_data>("orders");

struct stock_and_staff {
    stock_test goods;
    staff_test people;
};

template <int Number>
struct number {
    static constexpr int value = Number;
};

} // namespace

TEST_CASE_FIXTURE(stock_test, "fails an assertion") {
    CHECK(false);
    replace_tea(*this);
}
TEST_CASE_FIXTURE(stock_test, "fails a requirement") {
    replace_tea(*this);
    REQUIRE(false);
}
TEST_CASE_FIXTURE(stock_test, "fails with a message") {
    replace_tea(*this);
    FAIL_CHECK("the test's own failure");
}
TEST_CASE_FIXTURE(stock_test, "throws") {
    replace_tea(*this);
    throw std::runtime_error("the code under test failed");
}
TEST_CASE_FIXTURE(failing_set_up<stock_test>, "throws in its set-up") {}
TEST_CASE_FIXTURE(stock_test, "fails after a commit" * isolated(mode::copy_on_write)) {
    replace_tea(*this);
    CHECK(false);
}
TEST_CASE_FIXTURE(stock_test, "leaks") {
    replace_tea(*this);
    db().exec("COMMIT");
}
TEST_CASE_FIXTURE(stock_and_staff, "fails with two databases") {
    replace_tea(goods);
    CHECK(false);
}

TEST_SUITE("orders") {
    TEST_CASE_FIXTURE(stock_test, "fails") {
        replace_tea(*this);
        CHECK(false);
    }
    TEST_CASE_FIXTURE(stock_test, "passes in orders") {
        replace_tea(*this);
        CHECK(true);
    }
}

TEST_SUITE("passing") {
    TEST_CASE_FIXTURE(stock_test, "in rollback") {
        replace_tea(*this);
        CHECK(true);
    }
    TEST_CASE_FIXTURE(stock_test, "in copy_on_write" * isolated(mode::copy_on_write)) {
        replace_tea(*this);
        CHECK(true);
    }
    TEST_CASE_FIXTURE(stock_test, "with a warning") {
        replace_tea(*this);
        WARN(false);
        MESSAGE("only a message");
    }
    TEST_CASE_FIXTURE(stock_test, "with an exception that it caught") {
        replace_tea(*this);
        CHECK_THROWS_AS(throw std::runtime_error("expected"), std::runtime_error);
    }
}

TEST_SUITE("passes through subcases") {
    TEST_CASE_FIXTURE(stock_test, "the second of three fails") {
        SUBCASE("one") {
            execute("INSERT INTO products(name) VALUES ('of the first pass')");
        }
        SUBCASE("two") {
            replace_tea(*this);
            CHECK(false);
        }
        SUBCASE("three") {
            execute("INSERT INTO products(name) VALUES ('of the third pass')");
        }
    }
    TEST_CASE_FIXTURE(stock_test, "the first of two throws") {
        SUBCASE("one") {
            replace_tea(*this);
            throw std::runtime_error("the code under test failed");
        }
        SUBCASE("two") {
            execute("INSERT INTO products(name) VALUES ('of the second pass')");
        }
    }
    TEST_CASE_FIXTURE(stock_test, "both fail") {
        replace_tea(*this);
        SUBCASE("one") {
            CHECK(false);
        }
        SUBCASE("two") {
            CHECK(false);
        }
    }
}

TEST_SUITE("many") {
    TEST_CASE_TEMPLATE("many", Number, number<0>, number<1>, number<2>, number<3>, number<4>,
                       number<5>, number<6>, number<7>, number<8>, number<9>, number<10>,
                       number<11>) {
        stock_test test;
        CHECK(Number::value < 0);
    }
}
