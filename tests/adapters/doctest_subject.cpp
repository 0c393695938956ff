#include "stock.hpp"

#include <SQLiteCpp/Database.h>
#include <isolite/doctest.hpp>
#include <isolite/engine.hpp>

#include <doctest/doctest.h>

// A suite that leaks_test.py runs and judges. The cases whose name begins with "leaks" or "fails"
// must fail and all others pass, in every order.

using stock_test = isolite::doc_test::session<stock>;
using shelf_test = isolite::doc_test::session<other_stock>;
using staff_test = isolite::doc_test::session<staff>;
using late_test = isolite::doc_test::session<late_stock>;

namespace {

/// Finds the seed alone, and writes.
void use(stock_test& test) {
    CHECK(test.value<int>("SELECT count(*) FROM products") == 2);
    CHECK(test.execute("INSERT INTO products(name) VALUES (?)", "bread") == 1);
}

void leak(stock_test& test) {
    use(test);
    test.db().exec("COMMIT");
}

/// Opens the databases before the first session.
struct opened_databases {
    opened_databases() {
        static_cast<void>(isolite::engine::of_worker<stock>());
        static_cast<void>(isolite::engine::of_worker<staff>());
        static_cast<void>(isolite::engine::of_worker<other_stock>());
    }
};

struct stock_and_staff : opened_databases {
    stock_test goods;
    staff_test people;
};

} // namespace

TEST_CASE_FIXTURE(stock_test, "finds the seed alone") {
    use(*this);
}
TEST_CASE_FIXTURE(stock_test, "leaks outside of any suite") {
    leak(*this);
}
TEST_CASE_FIXTURE(stock_test, "finds the seed alone after a leak") {
    use(*this);
}

TEST_SUITE("outer") {
    TEST_CASE_FIXTURE(stock_test, "leaks in a suite") {
        leak(*this);
    }
    TEST_CASE_FIXTURE(stock_test, "finds the seed alone in a suite") {
        use(*this);
    }
}

TEST_SUITE("subcases") {
    TEST_CASE_FIXTURE(stock_test, "each subcase finds the seed alone") {
        use(*this);
        SUBCASE("one") {
            CHECK(value<int>("SELECT count(*) FROM products") == 3);
        }
        SUBCASE("another") {
            execute("DELETE FROM products");
            SUBCASE("nested") {
                CHECK(value<int>("SELECT count(*) FROM products") == 0);
            }
            SUBCASE("nested as well") {
                execute("DROP TABLE products");
            }
        }
    }

    TEST_CASE_FIXTURE(stock_test, "leaks in the second of three subcases") {
        use(*this);
        SUBCASE("one") {}
        SUBCASE("leaking") {
            db().exec("COMMIT");
        }
        SUBCASE("after it") {}
    }
}

TEST_CASE_TEMPLATE("leaks for a type", Kind, int, double) {
    stock_test test;
    use(test);
    if (std::is_same_v<Kind, double>) {
        test.db().exec("COMMIT");
    }
}

TEST_SUITE("failures") {
    TEST_CASE_FIXTURE(stock_test, "fails and leaks") {
        leak(*this);
        FAIL_CHECK("the test's own failure");
    }

    TEST_CASE_FIXTURE(stock_test, "fails without a leak") {
        use(*this);
        FAIL("the test's own failure");
    }
}

TEST_SUITE("decorated") {
    TEST_CASE_FIXTURE(stock_test, "is expected to leak" * doctest::expected_failures(1)) {
        leak(*this);
    }
    TEST_CASE_FIXTURE(stock_test, "should fail, and leaks" * doctest::should_fail()) {
        leak(*this);
    }
    TEST_CASE_FIXTURE(stock_test, "may fail, and leaks" * doctest::may_fail()) {
        leak(*this);
    }
    TEST_CASE_FIXTURE(stock_test, "is skipped" * doctest::skip()) {
        use(*this);
    }
}

TEST_SUITE("several databases") {
    TEST_CASE_FIXTURE(stock_and_staff, "finds both seeds alone") {
        use(goods);
        CHECK(people.execute("INSERT INTO people VALUES ('Ada')") == 1);
        CHECK(people.value<int>("SELECT count(*) FROM people") == 1);
    }

    TEST_CASE_FIXTURE(stock_and_staff, "leaks into both") {
        leak(goods);
        people.execute("INSERT INTO people VALUES ('Ada')");
        people.db().exec("COMMIT");
    }

    TEST_CASE_FIXTURE(stock_and_staff, "finds both seeds alone after a leak") {
        use(goods);
        CHECK(people.value<int>("SELECT count(*) FROM people") == 0);
    }

    TEST_CASE_FIXTURE(opened_databases, "finds two databases whose seeds have one name") {
        stock_test goods;
        shelf_test shelves;
        use(goods);
        CHECK(shelves.value<int>("SELECT count(*) FROM shelves") == 1);
        CHECK(goods.uri() != shelves.uri());
    }

    TEST_CASE_FIXTURE(stock_test, "opens a database inside the session of another") {
        late_test late;
        late.execute("INSERT INTO late VALUES (1)");
    }
}

TEST_SUITE("sessions in sessions") {
    TEST_CASE_FIXTURE(stock_test, "undoes what was written in the inner one") {
        use(*this);
        {
            stock_test inner;
            CHECK(inner.value<int>("SELECT count(*) FROM products") == 3);
            inner.execute("DELETE FROM products");
        }
        CHECK(value<int>("SELECT count(*) FROM products") == 3);
    }

    TEST_CASE_FIXTURE(stock_test, "fails to open one that commits") {
        const isolite::doc_test::session<stock, isolite::mode::copy_on_write> inner;
    }
}
