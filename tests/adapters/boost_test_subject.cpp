#define BOOST_TEST_MODULE subject

#include "stock.hpp"

#include <SQLiteCpp/Database.h>
#include <isolite/boost_test.hpp>
#include <isolite/engine.hpp>

#include <boost/mpl/list.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

// A suite that leaks_test.py runs and judges. The cases whose name begins with "leaks" or
// "fails" must fail and all others pass, in every order.

namespace unit_test = boost::unit_test;
namespace data = boost::unit_test::data;

using stock_test = isolite::boost_test::session<stock>;
using shelf_test = isolite::boost_test::session<other_stock>;
using staff_test = isolite::boost_test::session<staff>;
using late_test = isolite::boost_test::session<late_stock>;

namespace {

/// Finds the seed alone, and writes.
void use(stock_test& test) {
    BOOST_TEST(test.value<int>("SELECT count(*) FROM products") == 2);
    BOOST_TEST(test.execute("INSERT INTO products(name) VALUES (?)", "bread") == 1);
}

void leak(stock_test& test) {
    use(test);
    test.db().exec("COMMIT");
}

} // namespace

BOOST_FIXTURE_TEST_CASE(finds_the_seed_alone, stock_test) {
    use(*this);
}
BOOST_FIXTURE_TEST_CASE(leaks_outside_of_any_suite, stock_test) {
    leak(*this);
}
BOOST_FIXTURE_TEST_CASE(finds_the_seed_alone_after_a_leak, stock_test) {
    use(*this);
}

BOOST_AUTO_TEST_SUITE(outer)
BOOST_AUTO_TEST_SUITE(inner)
BOOST_FIXTURE_TEST_CASE(leaks_in_nested_suites, stock_test) {
    leak(*this);
}
BOOST_FIXTURE_TEST_CASE(finds_the_seed_alone_in_nested_suites, stock_test) {
    use(*this);
}
BOOST_AUTO_TEST_SUITE_END()
BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(fixture_of_the_suite, stock_test)
BOOST_AUTO_TEST_CASE(finds_the_seed_alone) {
    use(*this);
}
BOOST_AUTO_TEST_CASE(leaks) {
    leak(*this);
}
BOOST_AUTO_TEST_CASE(finds_the_seed_alone_after_a_leak) {
    use(*this);
}
BOOST_AUTO_TEST_SUITE_END()

BOOST_DATA_TEST_CASE_F(stock_test, leaks_for_a_sample, data::xrange(3), number) {
    use(*this);
    if (number == 1) {
        db().exec("COMMIT");
    }
}

using kinds = boost::mpl::list<int, std::string>;
BOOST_FIXTURE_TEST_CASE_TEMPLATE(leaks_for_a_type, Kind, kinds, stock_test) {
    use(*this);
    if (std::is_same_v<Kind, std::string>) {
        db().exec("COMMIT");
    }
}

BOOST_AUTO_TEST_SUITE(failures)

BOOST_FIXTURE_TEST_CASE(fails_and_leaks, stock_test) {
    leak(*this);
    BOOST_ERROR("the test's own failure");
}

BOOST_FIXTURE_TEST_CASE(fails_without_a_leak, stock_test) {
    use(*this);
    BOOST_FAIL("the test's own failure");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(decorated)

BOOST_TEST_DECORATOR(*unit_test::expected_failures(1))
BOOST_FIXTURE_TEST_CASE(is_expected_to_leak, stock_test) {
    leak(*this);
}

BOOST_TEST_DECORATOR(*unit_test::disabled())
BOOST_FIXTURE_TEST_CASE(is_disabled, stock_test) {
    leak(*this);
}

BOOST_TEST_DECORATOR(*unit_test::depends_on("decorated/is_the_base"))
BOOST_FIXTURE_TEST_CASE(depends_on_the_base, stock_test) {
    use(*this);
}

BOOST_FIXTURE_TEST_CASE(is_the_base, stock_test) {
    use(*this);
}

BOOST_TEST_DECORATOR(*unit_test::depends_on("outer/inner/leaks_in_nested_suites"))
BOOST_FIXTURE_TEST_CASE(depends_on_a_case_that_leaks, stock_test) {
    use(*this);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(several_databases)

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

BOOST_FIXTURE_TEST_CASE(finds_both_seeds_alone, stock_and_staff) {
    use(goods);
    BOOST_TEST(people.execute("INSERT INTO people VALUES ('Ada')") == 1);
    BOOST_TEST(people.value<int>("SELECT count(*) FROM people") == 1);
}

BOOST_FIXTURE_TEST_CASE(leaks_into_both, stock_and_staff) {
    leak(goods);
    people.execute("INSERT INTO people VALUES ('Ada')");
    people.db().exec("COMMIT");
}

BOOST_FIXTURE_TEST_CASE(finds_both_seeds_alone_after_a_leak, stock_and_staff) {
    use(goods);
    BOOST_TEST(people.value<int>("SELECT count(*) FROM people") == 0);
}

BOOST_FIXTURE_TEST_CASE(finds_two_databases_whose_seeds_have_one_name, opened_databases) {
    stock_test goods;
    shelf_test shelves;
    use(goods);
    BOOST_TEST(shelves.value<int>("SELECT count(*) FROM shelves") == 1);
    BOOST_TEST(goods.uri() != shelves.uri());
}

BOOST_FIXTURE_TEST_CASE(opens_a_database_inside_the_session_of_another, stock_test) {
    late_test late;
    late.execute("INSERT INTO late VALUES (1)");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(sessions_in_sessions)

BOOST_FIXTURE_TEST_CASE(undoes_what_was_written_in_the_inner_one, stock_test) {
    use(*this);
    {
        stock_test inner;
        BOOST_TEST(inner.value<int>("SELECT count(*) FROM products") == 3);
        inner.execute("DELETE FROM products");
    }
    BOOST_TEST(value<int>("SELECT count(*) FROM products") == 3);
}

BOOST_FIXTURE_TEST_CASE(fails_to_open_one_that_commits, stock_test) {
    const isolite::boost_test::session<stock, isolite::mode::copy_on_write> inner;
}

BOOST_AUTO_TEST_SUITE_END()
