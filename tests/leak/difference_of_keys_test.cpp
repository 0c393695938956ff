#include "two_databases.hpp"

#include <boost/test/unit_test.hpp>

using isolite::tests::two_databases;

BOOST_FIXTURE_TEST_SUITE(difference_of_keys_test, two_databases)

BOOST_AUTO_TEST_CASE(a_changed_key_is_one_row_removed_and_one_added) {
    run_in_both("CREATE TABLE t (id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (1, 'x')");
    now.run("UPDATE t SET id = 2");
    BOOST_TEST(difference() == "table t: 1 row added, 1 removed\n"
                               "  - id=1, a='x'\n"
                               "  + id=2, a='x'\n");
}

BOOST_AUTO_TEST_CASE(the_columns_of_a_key_come_first_and_in_its_order) {
    for (const char* kind : {"", " WITHOUT ROWID"}) {
        run_in_both("DROP TABLE IF EXISTS t;"
                    "CREATE TABLE t (a, b, c, PRIMARY KEY (c DESC, a))" +
                    std::string(kind) + "; INSERT INTO t VALUES (2, 0, 1), (1, 0, 1), (3, 0, 0)");
        now.run("UPDATE t SET b = 9; DELETE FROM t WHERE a = 3; INSERT INTO t VALUES (0, 0, 5)");
        BOOST_TEST(difference() == "table t: 1 row added, 1 removed, 2 changed\n"
                                   "  - c=0, a=3, b=0\n"
                                   "  ~ c=1, a=1: b 0 -> 9\n"
                                   "  ~ c=1, a=2: b 0 -> 9\n"
                                   "  + c=5, a=0, b=0\n");
    }
}

BOOST_AUTO_TEST_CASE(a_row_that_was_replaced_by_the_same_row_does_not_differ) {
    run_in_both("CREATE TABLE t (id TEXT PRIMARY KEY, a); INSERT INTO t VALUES ('x', 1), ('y', 2)");
    now.run("REPLACE INTO t VALUES ('x', 1)"); // it has a new rowid
    BOOST_TEST(difference().empty());
}

BOOST_AUTO_TEST_CASE(without_a_primary_key_the_rowid_is_the_key) {
    run_in_both("CREATE TABLE t (a); INSERT INTO t VALUES (1), (1)");
    now.run("UPDATE t SET a = 2 WHERE rowid = 2; INSERT INTO t (rowid, a) VALUES (5, 1)");
    BOOST_TEST(difference() == "table t: 1 row added, 1 changed\n"
                               "  ~ rowid=2: a 1 -> 2\n"
                               "  + rowid=5, a=1\n");
}

BOOST_AUTO_TEST_CASE(the_rowid_is_read_by_a_name_that_no_column_has) {
    run_in_both("CREATE TABLE a (rowid TEXT); CREATE TABLE b (ROWID TEXT, Oid TEXT)");
    now.run("INSERT INTO a VALUES ('x'); INSERT INTO b VALUES ('x', 'y')");
    BOOST_TEST(difference() == "table a: 1 row added\n"
                               "  + oid=1, rowid='x'\n"
                               "table b: 1 row added\n"
                               "  + _rowid_=1, ROWID='x', Oid='y'\n");
}

BOOST_AUTO_TEST_CASE(where_columns_have_all_names_of_the_rowid_the_row_is_the_key) {
    run_in_both("CREATE TABLE t (rowid, oid, _rowid_)");
    before.run("INSERT INTO t VALUES (1, 1, 1), (1.0, 1, 1), (1, 1, 1), (NULL, 1, 2), ('a', 1, 1)");
    now.run("INSERT INTO t VALUES (1.0, 1, 1), ('a', 1, 1), (1, 1, 1), (1, 1, 3), (1, 1, 1), "
            "(1.0, 1, 1)");
    BOOST_TEST(difference() == "table t: 2 rows added, 1 removed\n"
                               "  - rowid=NULL, oid=1, _rowid_=2\n"
                               "  + rowid=1.0, oid=1, _rowid_=1\n"
                               "  + rowid=1, oid=1, _rowid_=3\n");
}

BOOST_AUTO_TEST_CASE(where_columns_have_all_names_of_the_rowid_a_primary_key_still_is_one) {
    run_in_both("CREATE TABLE t (rowid, oid, _rowid_, k TEXT PRIMARY KEY);"
                "INSERT INTO t VALUES (1, 2, 3, 'a'), (1, 2, 3, 'b')");
    now.run("UPDATE t SET oid = 0 WHERE k = 'b'");
    BOOST_TEST(difference() == "table t: 1 row changed\n"
                               "  ~ k='b': oid 2 -> 0\n");
}

BOOST_AUTO_TEST_CASE(rows_whose_primary_key_is_null_are_told_apart_by_their_rowids) {
    run_in_both("CREATE TABLE t (k TEXT PRIMARY KEY, a);"
                "INSERT INTO t VALUES (NULL, 1), (NULL, 2), (NULL, 3), ('x', 4)");
    now.run("DELETE FROM t WHERE a = 1; UPDATE t SET a = 0 WHERE a = 3");
    BOOST_TEST(difference() == "table t: 1 row removed, 1 changed\n"
                               "  - k=NULL, a=1\n"
                               "  ~ k=NULL: a 3 -> 0\n");
}

BOOST_AUTO_TEST_CASE(keys_of_different_types_are_different_keys) {
    run_in_both("CREATE TABLE t (k PRIMARY KEY); INSERT INTO t VALUES (9007199254740992)");
    before.run("INSERT INTO t VALUES (1), (2.5), (9007199254740993), (x'61')");
    now.run("INSERT INTO t VALUES (1.0), (2.5), (9007199254740994.0), ('a')");
    BOOST_TEST(difference() == "table t: 3 rows added, 3 removed\n"
                               "  - k=1\n"
                               "  + k=1.0\n"
                               "  - k=9007199254740993\n"
                               "  + k=9007199254740994.0\n"
                               "  + k='a'\n"
                               "  … and 1 more\n");
}

BOOST_AUTO_TEST_CASE(keys_are_compared_in_the_order_of_sqlite) {
    // For ORDER BY, 1 and 1.0 are equal: the second column decides.
    run_in_both("CREATE TABLE t (a, b, PRIMARY KEY (a, b)); INSERT INTO t VALUES (1.0, 3), (1, 5)");
    now.run("DELETE FROM t WHERE b = 3");
    BOOST_TEST(difference() == "table t: 1 row removed\n"
                               "  - a=1.0, b=3\n");
}

BOOST_AUTO_TEST_CASE(integers_and_reals_in_a_key_are_compared_without_rounding) {
    const std::string values = "(-9223372036854775808), (-9e18), (-1e300), (-2), (-1.5), (-1), "
                               "(0), (0.5), (1), (1.5), (2), (9223372036854775807), (9e18), "
                               "(9223372036854775808.0), (1e300), (9e999), (-9e999)";
    run_in_both("CREATE TABLE t (k PRIMARY KEY); INSERT INTO t VALUES " + values);
    for (const char* removed : {"-9223372036854775808", "-1.5", "-1", "1.5", "9223372036854775807",
                                "9e18", "9223372036854775808.0"}) {
        now.run("DELETE FROM t WHERE k = " + std::string(removed));
        BOOST_TEST(difference().find("table t: 1 row removed\n") == 0, difference());
        before.run("DELETE FROM t WHERE k = " + std::string(removed));
        BOOST_TEST(difference().empty());
    }
}

BOOST_AUTO_TEST_CASE(a_real_in_front_of_the_integer_that_rounds_to_it_is_one_row_more) {
    run_in_both("CREATE TABLE t (k PRIMARY KEY); INSERT INTO t VALUES (9007199254740993)");
    now.run("INSERT INTO t VALUES (9007199254740992.0)");
    BOOST_TEST(difference() == "table t: 1 row added\n"
                               "  + k=9007199254740992.0\n");
}

BOOST_AUTO_TEST_CASE(a_key_that_became_the_other_zero_is_a_row_that_changed) {
    run_in_both("CREATE TABLE t (k PRIMARY KEY, a); INSERT INTO t VALUES (0.0, 'x')");
    now.run("UPDATE t SET k = -1e-300 * 1e-300");
    BOOST_TEST(difference() == "table t: 1 row changed\n"
                               "  ~ k=-0.0: k 0.0 -> -0.0\n");
}

BOOST_AUTO_TEST_SUITE_END()
