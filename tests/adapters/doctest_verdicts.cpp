#include <isolite/doctest_main.hpp>

#include "stock.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

// Every way in which a case of doctest can end, and what it can say on its way: verdicts_test.py
// compares what forked workers make of it with what one process makes of it. Many fail.

using stock_test = isolite::doc_test::session<stock>;

namespace {

/// Writes into the file $SUBJECT_TRACE what only a case that runs can write.
void trace(const char* what) {
    if (const char* const path = std::getenv("SUBJECT_TRACE")) {
        std::ofstream(path, std::ios::app) << what << "\n";
    }
}

struct custom_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};
struct translated {
    int code;
};
struct untranslated {};

struct plain_fixture {
    int value = 7;
};
struct throws_in_constructor {
    throws_in_constructor() { throw std::runtime_error("in the constructor"); }
};
struct checks_in_destructor {
    ~checks_in_destructor() { CHECK_MESSAGE(false, "in the destructor"); }
};

struct product_of_suite : isolite::doc_test::suite<stock> {
    product_of_suite() { execute("INSERT INTO products(name) VALUES ('of the suite')"); }
};
struct broken_data : isolite::doc_test::suite<stock> {
    broken_data() { execute("INSERT INTO nowhere VALUES (1)"); }
};
const bool data_of_suite = isolite::doc_test::suite_fixture<product_of_suite>("with data");
const bool data_of_broken_suite = isolite::doc_test::suite_fixture<broken_data>("with broken data");

void throws(const char* text) {
    throw custom_error(text);
}
void throws_nothing() {}

bool no() {
    return false;
}

} // namespace

REGISTER_EXCEPTION_TRANSLATOR(const translated& problem) {
    return doctest::String("translated ") + doctest::toString(problem.code);
}

TEST_SUITE_BEGIN("assertions");

TEST_CASE("passes") {
    trace("passes");
    CHECK(1 == 1);
    REQUIRE(1 == 1);
    CHECK_EQ(2, 2);
    CHECK_FALSE(no());
    WARN(1 == 1);
}
TEST_CASE("checks nothing") {}
TEST_CASE("fails several checks") {
    CHECK(1 == 2);
    CHECK(no());
    CHECK(1 == 1);
    CHECK_EQ(std::string("tea & <milk>"), "\"quoted\"");
    CHECK_NE(1, 1);
    CHECK_GT(1, 2);
    CHECK_LT(2, 1);
    CHECK_GE(1, 2);
    CHECK_LE(2, 1);
    CHECK_UNARY(no());
    CHECK_UNARY_FALSE(!no());
    CHECK_FALSE(1 == 1);
    CHECK(1.0 == doctest::Approx(2.0));
    CHECK_MESSAGE(no(), "line one\nline two ]]> &amp;");
    CHECK_FALSE_MESSAGE(!no(), "a message " << 2);
}
TEST_CASE("fails a requirement") {
    CHECK(1 == 1);
    REQUIRE(1 == 2);
    FAIL("never reached");
}
TEST_CASE("fails a requirement with a message") {
    REQUIRE_MESSAGE(1 == 2, "a message");
}
TEST_CASE("fails a requirement that is false") {
    REQUIRE_FALSE(!no());
}
TEST_CASE("fails at once") {
    FAIL("at once " << 1);
}
TEST_CASE("fails a requirement of equality") {
    REQUIRE_EQ(1, 2);
}
TEST_CASE("warns") {
    WARN(1 == 2);
    WARN_EQ(1, 2);
    WARN_FALSE(!no());
    WARN_MESSAGE(no(), "a warning");
    WARN_THROWS(throws_nothing());
    WARN_NOTHROW(throws("a warning"));
    WARN_UNARY(no());
}
TEST_CASE("throws in an expression") {
    const auto number = [](bool one) { return one ? 1 : throw custom_error("in an expression"); };
    CHECK(number(false) == 1);
    WARN(number(false) == 1);
    REQUIRE(number(false) == 1);
    FAIL("never reached");
}
TEST_CASE("expects exceptions") {
    CHECK_THROWS(throws("some"));
    CHECK_THROWS(throws_nothing());
    CHECK_THROWS_AS(throws("some"), custom_error);
    CHECK_THROWS_AS(throws("some"), std::logic_error);
    CHECK_THROWS_AS(throws_nothing(), custom_error);
    CHECK_THROWS_WITH(throws("some"), "some");
    CHECK_THROWS_WITH(throws("some"), "other & <more>");
    CHECK_THROWS_WITH(throws_nothing(), "some");
    CHECK_THROWS_WITH_AS(throws("some"), "some", custom_error);
    CHECK_THROWS_WITH_AS(throws("some"), "other", custom_error);
    CHECK_THROWS_WITH_AS(throws("some"), "some", std::logic_error);
    CHECK_THROWS_WITH_AS(throws_nothing(), "some", custom_error);
    CHECK_NOTHROW(throws_nothing());
    CHECK_NOTHROW(throws("unexpected"));
    CHECK_THROWS_MESSAGE(throws_nothing(), "a message");
    CHECK_THROWS_AS_MESSAGE(throws("some"), std::logic_error, "a message");
    CHECK_THROWS_WITH_MESSAGE(throws("some"), "other", "a message");
    CHECK_NOTHROW_MESSAGE(throws("unexpected"), "a message");
    CHECK_NOTHROW(throw translated{3});
    CHECK_NOTHROW(throw 4);
    CHECK_NOTHROW(throw untranslated());
}
TEST_CASE("requires exceptions") {
    SUBCASE("any") {
        REQUIRE_THROWS(throws_nothing());
    }
    SUBCASE("of a type") {
        REQUIRE_THROWS_AS(throws("some"), std::logic_error);
    }
    SUBCASE("with a text") {
        REQUIRE_THROWS_WITH(throws("some"), "other");
    }
    SUBCASE("none") {
        REQUIRE_NOTHROW(throws("some"));
    }
    SUBCASE("met") {
        REQUIRE_THROWS_WITH_AS(throws("some"), "some", custom_error);
    }
}
TEST_CASE("checks very often") {
    for (int i = 0; i < 2000; ++i) {
        const bool true_always = i >= 0;
        if (!true_always || i % 10 == 0) {
            CHECK(true_always);
        }
    }
    CHECK(1 == 2);
    CHECK(1 == 1);
}

TEST_SUITE_END();

TEST_SUITE("messages") {
    TEST_CASE("in contexts") {
        const int captured = 5;
        INFO("outer " << 1);
        CAPTURE(captured);
        CHECK(1 == 1);
        CHECK(1 == 2);
        {
            INFO("inner & <more>\nin two lines");
            CHECK(1 == 3);
            WARN(1 == 4);
            MESSAGE("a message in a context");
            FAIL_CHECK("a failure in a context");
        }
        CHECK(1 == 5);
    }
    TEST_CASE("of all kinds") {
        MESSAGE("a message");
        MESSAGE("");
        MESSAGE("of " << 2 << "\nlines, \xc3\xa9\xe2\x82\xac ]]>");
        FAIL_CHECK("a failure");
        FAIL_CHECK("");
        ADD_MESSAGE_AT("elsewhere.cpp", 7, "a message at a place");
        ADD_FAIL_CHECK_AT("elsewhere.cpp", 8, "a failure at a place");
        ADD_FAIL_AT("elsewhere.cpp", 9, "the end at a place");
    }
    TEST_CASE("only one") {
        MESSAGE("only this");
    }
}

TEST_SUITE("exceptions") {
    TEST_CASE("of the standard") {
        throw std::runtime_error("of the standard\nin two lines");
    }
    TEST_CASE("that is translated") {
        throw translated{2};
    }
    TEST_CASE("that is not translated") {
        throw untranslated();
    }
    TEST_CASE("an integer") {
        throw 42; // NOLINT: of no exception type
    }
    TEST_CASE("a text") {
        throw "a text"; // NOLINT: of no exception type
    }
    TEST_CASE("a string") {
        throw std::string("a string & <more>"); // NOLINT: of no exception type
    }
    TEST_CASE("after checks") {
        CHECK(1 == 1);
        CHECK(1 == 2);
        throw custom_error("after checks");
    }
    TEST_CASE("in contexts") {
        INFO("outer");
        {
            INFO("inner");
            throw custom_error("in contexts");
        }
    }
    TEST_CASE("in contexts that were left before") {
        try {
            INFO("of an exception that was caught");
            throw custom_error("caught");
        } catch (const custom_error&) {
            CHECK(1 == 2);
        }
        throw custom_error("not caught");
    }
    TEST_CASE_FIXTURE(throws_in_constructor, "in the constructor") {
        FAIL("never reached");
    }
}

TEST_SUITE("fixtures") {
    TEST_CASE_FIXTURE(plain_fixture, "reads it") {
        CHECK(value == 7);
    }
    TEST_CASE_FIXTURE(plain_fixture, "gets it wrong") {
        CHECK(value == 8);
    }
    TEST_CASE_FIXTURE(checks_in_destructor, "checks at its end") {
        CHECK(1 == 1);
    }
    TEST_CASE_FIXTURE(checks_in_destructor, "checks at its end after a requirement") {
        REQUIRE(1 == 2);
    }
    TEST_CASE_FIXTURE(checks_in_destructor, "checks at its end after an exception") {
        INFO("in a context");
        throw custom_error("in the body");
    }
}

TEST_SUITE("subcases") {
    TEST_CASE("next to each other") {
        CHECK(1 == 1);
        SUBCASE("one") {
            CHECK(1 == 1);
        }
        SUBCASE("two") {
            CHECK(1 == 2);
        }
        SUBCASE("three") {
            CHECK(1 == 1);
        }
        CHECK(2 == 2);
    }
    TEST_CASE("nested") {
        SUBCASE("a") {
            CHECK(1 == 1);
            SUBCASE("a1") {
                CHECK(1 == 2);
                SUBCASE("a1x") {
                    CHECK(1 == 3);
                }
                SUBCASE("a1y") {
                    CHECK(1 == 4);
                }
            }
            SUBCASE("a2") {
                CHECK(1 == 5);
            }
            CHECK(1 == 6);
        }
        SUBCASE("b") {
            SUBCASE("b1") {}
            SUBCASE("b2") {
                MESSAGE("in b2");
            }
        }
        CHECK(1 == 7);
    }
    TEST_CASE("that end early") {
        SUBCASE("by a requirement") {
            REQUIRE(1 == 2);
        }
        SUBCASE("by an exception") {
            throw custom_error("in a subcase");
        }
        SUBCASE("by a failure") {
            FAIL("in a subcase");
        }
        SUBCASE("nested") {
            SUBCASE("by a requirement") {
                REQUIRE(1 == 3);
            }
            SUBCASE("by an exception") {
                INFO("in a context");
                throw custom_error("in a nested subcase");
            }
            SUBCASE("not at all") {
                CHECK(1 == 1);
            }
        }
        SUBCASE("not at all") {
            CHECK(1 == 1);
        }
        CHECK(1 == 1);
    }
    TEST_CASE("that end, and something comes after") {
        SUBCASE("one") {
            CHECK(1 == 1);
        }
        SUBCASE("two") {
            CHECK(1 == 1);
        }
        REQUIRE(1 == 2);
        SUBCASE("never") {
            CHECK(1 == 1);
        }
    }
    TEST_CASE("that end, and an exception comes after") {
        SUBCASE("one") {
            CHECK(1 == 2);
        }
        SUBCASE("two") {
            CHECK(1 == 1);
        }
        throw custom_error("after subcases");
    }
    TEST_CASE("in a loop") {
        for (int i = 0; i < 3; ++i) {
            CAPTURE(i);
            SUBCASE("the same") {
                CHECK(i == 1);
            }
            SUBCASE("the other") {
                CHECK(i == 2);
            }
        }
    }
    TEST_CASE("with names made at run time") {
        for (const char* const name : {"red", "green & <blue>", "größe"}) {
            DOCTEST_SUBCASE(name) {
                CHECK(std::string(name) == "red");
            }
        }
        for (int i = 0; i < 3; ++i) {
            const std::string name = "number " + std::to_string(i);
            SUBCASE(name.c_str()) {
                CHECK(i == 1);
                SUBCASE("inner") {
                    CHECK(i == 2);
                }
            }
        }
    }
    TEST_CASE("one after the other") {
        SUBCASE("first of one") {
            CHECK(1 == 1);
        }
        SUBCASE("second of one") {
            CHECK(1 == 2);
        }
        SUBCASE("group") {
            SUBCASE("first of two") {
                CHECK(1 == 3);
            }
            CHECK(1 == 1);
            SUBCASE("second of two") {
                CHECK(1 == 4);
            }
        }
    }
    TEST_CASE("of the same name in several places") {
        SUBCASE("same") {
            CHECK(1 == 2);
        }
        SUBCASE("same") {
            CHECK(1 == 3);
        }
        SUBCASE("outer") {
            SUBCASE("same") {
                CHECK(1 == 4);
            }
        }
    }
    TEST_CASE("some by condition") {
        static int pass = 0;
        ++pass;
        SUBCASE("always") {
            CHECK(1 == 1);
        }
        if (pass > 1) {
            SUBCASE("only later") {
                CHECK(1 == 2);
            }
        }
    }
    TEST_CASE_FIXTURE(checks_in_destructor, "in a fixture with checks at its end") {
        SUBCASE("one") {
            CHECK(1 == 1);
        }
        SUBCASE("two") {
            throw custom_error("in a subcase of a fixture");
        }
    }
    TEST_CASE("empty") {
        SUBCASE("one") {}
        SUBCASE("two") {}
    }
}

TEST_SUITE("many") {
    TEST_CASE_TEMPLATE("of types", Type, int, char, std::vector<std::pair<int, char>>) {
        CHECK(sizeof(Type) == sizeof(int));
    }
    TEST_CASE_TEMPLATE_DEFINE("of types, defined", Type, of_types) {
        SUBCASE("one") {
            CHECK(sizeof(Type) == 1);
        }
    }
    TEST_CASE_TEMPLATE_INVOKE(of_types, char, double);
}

TEST_SUITE("behaviour") {
    SCENARIO("a customer buys") {
        GIVEN("a stock") {
            WHEN("he takes one") {
                THEN("there is one less") {
                    CHECK(1 == 1);
                }
                AND_THEN("the price is written") {
                    CHECK(1 == 2);
                }
            }
            WHEN("he takes none") {
                THEN("nothing changes") {
                    CHECK(1 == 1);
                }
            }
        }
    }
}

TEST_SUITE("decorated" * doctest::description("of the suite")) {
    TEST_CASE("skipped" * doctest::skip()) {
        trace("skipped");
        FAIL_CHECK("a skipped case ran");
    }
    TEST_CASE("not skipped" * doctest::skip(false)) {
        CHECK(1 == 1);
    }
    TEST_CASE("may fail and does" * doctest::may_fail()) {
        CHECK(1 == 2);
    }
    TEST_CASE("may fail and throws" * doctest::may_fail()) {
        throw custom_error("may be thrown");
    }
    TEST_CASE("may fail and does not" * doctest::may_fail()) {
        CHECK(1 == 1);
    }
    TEST_CASE("should fail and does" * doctest::should_fail()) {
        CHECK(1 == 2);
    }
    TEST_CASE("should fail and does not" * doctest::should_fail()) {
        CHECK(1 == 1);
    }
    TEST_CASE("should fail and throws" * doctest::should_fail()) {
        throw custom_error("should be thrown");
    }
    TEST_CASE("fails as often as expected" * doctest::expected_failures(2)) {
        CHECK(1 == 2);
        CHECK(1 == 3);
    }
    TEST_CASE("fails less often than expected" * doctest::expected_failures(2)) {
        CHECK(1 == 2);
    }
    TEST_CASE("fails more often than expected" * doctest::expected_failures(1)) {
        CHECK(1 == 2);
        CHECK(1 == 3);
    }
    TEST_CASE("is faster than its timeout" * doctest::timeout(30)) {
        CHECK(1 == 1);
    }
    TEST_CASE("is slower than its timeout" * doctest::timeout(1e-9)) {
        volatile int turns = 0;
        for (int i = 0; i < 3000000; ++i) {
            turns = turns + 1;
        }
        CHECK(1 == 1);
    }
    TEST_CASE("described" * doctest::description("What it is for & <why>.")) {
        CHECK(1 == 2);
    }
    TEST_CASE("has no output" * doctest::no_output()) {
        CHECK(1 == 2);
        MESSAGE("unseen");
    }
    TEST_CASE("has no breaks" * doctest::no_breaks()) {
        CHECK(1 == 2);
    }
    TEST_CASE("wrong is right" * doctest::should_fail() * doctest::may_fail() *
              doctest::description("both")) {
        CHECK(1 == 2);
    }
}

TEST_SUITE("decorated as a whole" * doctest::may_fail() * doctest::skip()) {
    TEST_CASE("skipped with its suite") {
        CHECK(1 == 2);
    }
    TEST_CASE("not skipped with its suite" * doctest::skip(false)) {
        CHECK(1 == 2);
    }
}

TEST_SUITE("outer suite") {
    TEST_CASE("before the inner one") {
        CHECK(1 == 1);
    }
    TEST_SUITE("größe, with a comma") {
        TEST_CASE("œuvre, <with> & \"marks\"") {
            CHECK(1 == 2);
        }
    }
    TEST_CASE("after the inner one") {
        CHECK(1 == 2);
    }
}

TEST_SUITE("sessions") {
    TEST_CASE_FIXTURE(stock_test, "passes with a session") {
        CHECK(value<int>("SELECT count(*) FROM products") == 2);
        execute("DELETE FROM products");
    }
    TEST_CASE_FIXTURE(stock_test, "fails with a session") {
        CHECK(value<int>("SELECT count(*) FROM products") == 3);
    }
    TEST_CASE_FIXTURE(stock_test, "leaks") {
        execute("INSERT INTO products(name) VALUES ('bread')");
        execute("COMMIT");
        CHECK(1 == 1);
    }
    TEST_CASE_FIXTURE(stock_test, "leaks in a subcase") {
        SUBCASE("one") {
            execute("INSERT INTO products(name) VALUES ('bread')");
            execute("COMMIT");
        }
        SUBCASE("two") {
            CHECK(value<int>("SELECT count(*) FROM products") == 2);
        }
    }
    TEST_CASE_FIXTURE(stock_test, "leaks and fails a requirement") {
        execute("INSERT INTO products(name) VALUES ('bread')");
        execute("COMMIT");
        REQUIRE(1 == 2);
    }
    TEST_CASE_FIXTURE(stock_test, "errs") {
        execute("SELECT * FROM nowhere");
    }
}

TEST_SUITE("with data") {
    TEST_CASE_FIXTURE(stock_test, "first with data") {
        CHECK(value<int>("SELECT count(*) FROM products") == 3);
    }
    TEST_CASE_FIXTURE(stock_test, "second with data") {
        CHECK(value<int>("SELECT count(*) FROM products") == 4);
    }
}

TEST_SUITE("with broken data") {
    TEST_CASE_FIXTURE(stock_test, "first with broken data") {
        CHECK(1 == 1);
    }
    TEST_CASE_FIXTURE(stock_test, "second with broken data") {
        CHECK(1 == 1);
    }
    TEST_CASE("needs no data") {
        CHECK(1 == 1);
    }
}

TEST_CASE("outside of any suite") {
    CHECK(1 == 1);
}
