#include "two_databases.hpp"

#include <boost/test/unit_test.hpp>

using isolite::tests::two_databases;

BOOST_FIXTURE_TEST_SUITE(difference_of_schemas_test, two_databases)

BOOST_AUTO_TEST_CASE(what_was_made_or_dropped_or_redefined_is_named) {
    run_in_both("CREATE TABLE t (a, b)");
    before.run("CREATE TABLE old (a); CREATE INDEX by_name ON t (a); CREATE VIEW cheap AS SELECT 1;"
               "CREATE TRIGGER log AFTER INSERT ON t BEGIN SELECT 1; END");
    now.run("CREATE TABLE items (a UNIQUE); CREATE INDEX by_name ON t (b);"
            "CREATE VIEW dear AS SELECT 2;"
            "CREATE TRIGGER log AFTER INSERT ON t BEGIN SELECT 2; END");
    BOOST_TEST(difference() == "table items: added\n"
                               "table old: dropped\n"
                               "index by_name: changed\n"
                               "trigger log: changed\n"
                               "view cheap: dropped\n"
                               "view dear: added\n");
}

BOOST_AUTO_TEST_CASE(an_index_or_trigger_that_comes_with_its_table_is_not_named) {
    before.run("CREATE TABLE old (a); CREATE INDEX by_a ON old (a);"
               "CREATE INDEX by_b ON old (a)");
    now.run("CREATE TABLE items (a); CREATE INDEX by_b ON items (a);"
            "CREATE TRIGGER log AFTER INSERT ON items BEGIN SELECT 1; END;"
            "CREATE VIEW v AS SELECT 1 AS a;"
            "CREATE TRIGGER of_v INSTEAD OF INSERT ON v BEGIN SELECT 1; END");
    BOOST_TEST(difference() == "table items: added\n"
                               "table old: dropped\n"
                               "index by_b: changed\n"
                               "view v: added\n");
}

BOOST_AUTO_TEST_CASE(of_many_objects_the_first_twenty_are_shown) {
    std::string expected;
    for (int i = 10; i < 31; ++i) {
        now.run("CREATE VIEW v" + std::to_string(i) + " AS SELECT 1");
        expected += i < 30 ? "view v" + std::to_string(i) + ": added\n" : "";
    }
    BOOST_TEST(difference() == expected + "… and 1 more object\n");
}

BOOST_AUTO_TEST_CASE(rows_of_a_table_with_other_columns_are_compared_by_the_common_ones) {
    run_in_both("CREATE TABLE t (id INTEGER PRIMARY KEY, a, b);"
                "INSERT INTO t VALUES (1, 'x', 'y'), (2, 'x', 'y')");
    now.run("ALTER TABLE t ADD COLUMN c DEFAULT 5");
    BOOST_TEST(difference() == "table t: changed\n");
    before.run("ALTER TABLE t ADD COLUMN d; UPDATE t SET a = 'z' WHERE id = 2");
    BOOST_TEST(difference() == "table t: changed\n"
                               "table t: 1 row changed\n"
                               "  ~ id=2: a 'z' -> 'x'\n");
}

BOOST_AUTO_TEST_CASE(columns_in_another_order_are_compared_by_their_names) {
    before.run("CREATE TABLE t (a, B, id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1, 2, 3)");
    now.run("CREATE TABLE t (id INTEGER PRIMARY KEY, b, a); INSERT INTO t VALUES (3, 0, 1)");
    BOOST_TEST(difference() == "table t: changed\n"
                               "table t: 1 row changed\n"
                               "  ~ id=3: b 2 -> 0\n");
}

BOOST_AUTO_TEST_CASE(rows_of_a_table_with_another_key_are_not_compared) {
    before.run("CREATE TABLE t (a PRIMARY KEY, b); INSERT INTO t VALUES (1, 2)");
    now.run("CREATE TABLE t (a, b PRIMARY KEY); INSERT INTO t VALUES (5, 6)");
    BOOST_TEST(difference() == "table t: changed\n");
    now.run("DROP TABLE t; CREATE TABLE t (a, b, PRIMARY KEY (a, b));"
            "INSERT INTO t VALUES (1, 6)");
    BOOST_TEST(difference() == "table t: changed\n");
    now.run("DROP TABLE t; CREATE TABLE t (a, b); INSERT INTO t VALUES (5, 6)");
    BOOST_TEST(difference() == "table t: changed\n");
    now.run("DROP TABLE t; CREATE TABLE t (rowid, oid, _rowid_); INSERT INTO t VALUES (5, 6, 7)");
    BOOST_TEST(difference() == "table t: changed\n");
}

BOOST_AUTO_TEST_CASE(a_table_that_became_a_view_was_dropped) {
    before.run("CREATE TABLE t (a)");
    now.run("CREATE VIEW t AS SELECT 1 AS a");
    BOOST_TEST(difference() == "table t: dropped\n"
                               "view t: added\n");
}

BOOST_AUTO_TEST_CASE(sequences_are_compared_by_their_tables) {
    for (const char* table : {"orders", "items", "gone"}) {
        run_in_both("CREATE TABLE " + std::string(table) +
                    " (id INTEGER PRIMARY KEY AUTOINCREMENT)");
    }
    run_in_both("INSERT INTO orders VALUES (1000)");
    before.run("INSERT INTO gone VALUES (7); DELETE FROM gone");
    now.run("INSERT INTO orders VALUES (1002); INSERT INTO items VALUES (5);"
            "DELETE FROM orders WHERE id = 1002; DELETE FROM items");
    BOOST_TEST(difference() == "sequence of gone: 7 -> none\n"
                               "sequence of items: none -> 5\n"
                               "sequence of orders: 1000 -> 1002\n");
}

BOOST_AUTO_TEST_CASE(the_first_table_with_a_sequence_makes_no_table_of_sequences) {
    now.run("CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO t VALUES (3)");
    BOOST_TEST(difference() == "table t: added\n"
                               "sequence of t: none -> 3\n");
}

BOOST_AUTO_TEST_CASE(what_analyze_counted_is_one_line) {
    run_in_both("CREATE TABLE t (a); CREATE INDEX i ON t (a); CREATE INDEX j ON t (a, a);"
                "INSERT INTO t VALUES (1), (2), (3)");
    now.run("ANALYZE");
    BOOST_TEST(difference() == "statistics of ANALYZE: added\n");
    before.run("ANALYZE");
    BOOST_TEST(difference().empty());
    now.run("UPDATE sqlite_stat1 SET rowid = rowid + 10; REINDEX; ANALYZE i; ANALYZE j");
    BOOST_TEST(difference().empty()); // the same rows in another order
    before.run("UPDATE sqlite_stat1 SET stat = '9 9' WHERE idx = 'i'");
    BOOST_TEST(difference() == "statistics of ANALYZE: changed\n");
    before.run(
        "UPDATE sqlite_stat1 SET stat = '3 1' WHERE idx = 'i';"
        "PRAGMA writable_schema = ON; CREATE TABLE sqlite_stat2 (a)"); // as an old SQLite did
    BOOST_TEST(difference() == "statistics of ANALYZE: changed\n");
    now.run("DROP TABLE sqlite_stat1");
    BOOST_TEST(difference() == "statistics of ANALYZE: dropped\n");
}

BOOST_AUTO_TEST_CASE(values_of_the_header_are_compared) {
    run_in_both("CREATE TABLE t (a)");
    now.run("PRAGMA user_version = 3; PRAGMA application_id = -5; PRAGMA page_size = 8192;"
            "PRAGMA auto_vacuum = FULL; VACUUM");
    BOOST_TEST(difference() == "user_version: 0 -> 3\n"
                               "application_id: 0 -> -5\n"
                               "auto_vacuum: 0 -> 1\n"
                               "page_size: 4096 -> 8192\n");
}

BOOST_AUTO_TEST_CASE(tables_come_first_then_objects_sequences_statistics_and_the_header) {
    run_in_both("CREATE TABLE z (id INTEGER PRIMARY KEY AUTOINCREMENT)");
    now.run("PRAGMA user_version = 1; CREATE VIEW a AS SELECT 1; CREATE TABLE b (a);"
            "INSERT INTO z VALUES (1); ANALYZE");
    BOOST_TEST(difference() == "table b: added\n"
                               "table z: 1 row added\n"
                               "  + id=1\n"
                               "view a: added\n"
                               "sequence of z: none -> 1\n"
                               "statistics of ANALYZE: added\n"
                               "user_version: 0 -> 1\n");
}

BOOST_AUTO_TEST_SUITE_END()
