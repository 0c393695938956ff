#include "two_databases.hpp"

#include <boost/test/unit_test.hpp>

using isolite::tests::two_databases;

namespace {

/// Enables a test only where SQLite has what it is about. Others would not know the module.
struct if_sqlite_has {
    const char* option;

    boost::test_tools::assertion_result operator()(boost::unit_test::test_unit_id /*test*/) const {
        boost::test_tools::assertion_result has(sqlite3_compileoption_used(option) != 0);
        has.message() << "SQLite has no " << option;
        return has;
    }
};

auto needs(const char* option) {
    return boost::unit_test::precondition(if_sqlite_has{option});
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(difference_of_virtual_tables_test, two_databases)

BOOST_AUTO_TEST_CASE(rows_of_fts5_are_compared_and_its_own_tables_are_not_shown,
                     *needs("ENABLE_FTS5")) {
    run_in_both("CREATE VIRTUAL TABLE docs USING fts5(title, body);"
                "INSERT INTO docs VALUES ('a', 'first'), ('b', 'second')");
    BOOST_TEST(difference().empty());
    now.run("INSERT INTO docs VALUES ('c', 'third'); UPDATE docs SET body = '2' WHERE rowid = 2");
    const std::string expected = "table docs: 1 row added, 1 changed\n"
                                 "  ~ rowid=2: body 'second' -> '2'\n"
                                 "  + rowid=3, title='c', body='third'\n";
    BOOST_TEST(difference() == expected);
    BOOST_TEST(difference_without_table_list() == expected);
}

BOOST_AUTO_TEST_CASE(tables_of_fts5_that_alone_differ_are_named, *needs("ENABLE_FTS5")) {
    run_in_both("CREATE VIRTUAL TABLE docs USING fts5(body);"
                "INSERT INTO docs VALUES ('a'); INSERT INTO docs VALUES ('b')");
    now.run("INSERT INTO docs(docs, rank) VALUES ('pgsz', 128)");
    const std::string expected = "table docs_config: changed\n"
                                 "table docs_data: changed\n";
    BOOST_TEST(difference() == expected);
    BOOST_TEST(difference_without_table_list() == expected);
}

BOOST_AUTO_TEST_CASE(tables_of_one_virtual_table_tell_nothing_of_another, *needs("ENABLE_FTS5")) {
    run_in_both("CREATE VIRTUAL TABLE docs USING fts5(body);"
                "CREATE VIRTUAL TABLE mails USING fts5(body)");
    now.run("INSERT INTO docs VALUES ('a')");
    BOOST_TEST(difference() == "table docs: 1 row added\n"
                               "  + rowid=1, body='a'\n");
}

BOOST_AUTO_TEST_CASE(a_virtual_table_comes_and_goes_with_its_own_tables, *needs("ENABLE_FTS5")) {
    before.run("CREATE VIRTUAL TABLE old USING fts5(body)");
    now.run("CREATE VIRTUAL TABLE docs USING fts5(body)");
    BOOST_TEST(difference() == "table docs: added\n"
                               "table old: dropped\n");
}

BOOST_AUTO_TEST_CASE(a_virtual_table_with_other_options_has_changed, *needs("ENABLE_FTS5")) {
    before.run("CREATE VIRTUAL TABLE docs USING fts5(body); INSERT INTO docs VALUES ('a')");
    now.run("CREATE VIRTUAL TABLE docs USING fts5(body, title); INSERT INTO docs VALUES ('b', 1)");
    BOOST_TEST(difference() == "table docs: changed\n"
                               "table docs: 1 row changed\n"
                               "  ~ rowid=1: body 'a' -> 'b'\n");
}

BOOST_AUTO_TEST_CASE(a_table_that_is_called_like_one_of_fts5_is_compared_as_others,
                     *needs("ENABLE_FTS5")) {
    run_in_both("CREATE VIRTUAL TABLE docs USING fts5(body); CREATE TABLE docs_archive (a);"
                "CREATE TABLE docs_stat (a)");
    now.run("INSERT INTO docs VALUES ('a'); INSERT INTO docs_archive VALUES (1);"
            "INSERT INTO docs_stat VALUES (1)");
    BOOST_TEST(difference() == "table docs: 1 row added\n"
                               "  + rowid=1, body='a'\n"
                               "table docs_archive: 1 row added\n"
                               "  + rowid=1, a=1\n"
                               "table docs_stat: 1 row added\n"
                               "  + rowid=1, a=1\n");
}

BOOST_AUTO_TEST_CASE(a_contentless_fts5_table_shows_its_rowids, *needs("ENABLE_FTS5")) {
    run_in_both("CREATE VIRTUAL TABLE docs USING fts5(body, content='');"
                "INSERT INTO docs(rowid, body) VALUES (1, 'a')");
    BOOST_TEST(difference().empty());
    now.run("INSERT INTO docs(rowid, body) VALUES (2, 'b')");
    BOOST_TEST(difference() == "table docs: 1 row added\n"
                               "  + rowid=2, body=NULL\n");
}

BOOST_AUTO_TEST_CASE(rows_of_fts4_are_compared_and_its_own_tables_are_not_shown,
                     *needs("ENABLE_FTS3")) {
    run_in_both("CREATE VIRTUAL TABLE docs USING fts4(title, body);"
                "INSERT INTO docs VALUES ('a', 'first')");
    BOOST_TEST(difference().empty());
    now.run("INSERT INTO docs VALUES ('b', 'second')");
    BOOST_TEST(difference() == "table docs: 1 row added\n"
                               "  + rowid=2, title='b', body='second'\n");
    BOOST_TEST(difference_without_table_list() == difference());
}

BOOST_AUTO_TEST_CASE(a_virtual_table_that_cannot_be_read_is_told_by_its_own_tables,
                     *needs("ENABLE_FTS3")) {
    run_in_both("CREATE VIRTUAL TABLE docs USING fts4(body, content='');"
                "INSERT INTO docs(docid, body) VALUES (1, 'a')");
    BOOST_TEST(difference().empty());
    now.run("INSERT INTO docs(docid, body) VALUES (2, 'b')");
    BOOST_TEST(difference() == "table docs: cannot be compared (SQL logic error)\n"
                               "table docs_docsize: changed\n"
                               "table docs_segdir: changed\n"
                               "table docs_stat: changed\n");
}

BOOST_AUTO_TEST_CASE(rows_of_an_rtree_are_compared_and_its_own_tables_are_not_shown,
                     *needs("ENABLE_RTREE")) {
    run_in_both("CREATE VIRTUAL TABLE boxes USING rtree(id, x0, x1); "
                "INSERT INTO boxes VALUES (1, 0, 1)");
    BOOST_TEST(difference().empty());
    now.run("UPDATE boxes SET x1 = 2; INSERT INTO boxes VALUES (7, 0.5, 1)");
    BOOST_TEST(difference() == "table boxes: 1 row added, 1 changed\n"
                               "  ~ rowid=1: x1 1.0 -> 2.0\n"
                               "  + rowid=7, id=7, x0=0.5, x1=1.0\n");
    BOOST_TEST(difference_without_table_list() == difference());
}

BOOST_AUTO_TEST_CASE(a_virtual_table_whose_module_is_missing_cannot_be_compared) {
    run_in_both("PRAGMA writable_schema = ON;"
                "INSERT INTO sqlite_master VALUES ('table', 'v', 'v', 0, "
                "'CREATE VIRTUAL TABLE v USING missing(a)'); PRAGMA writable_schema = RESET;"
                "CREATE TABLE w (a)");
    now.run("INSERT INTO w VALUES (1)");
    BOOST_TEST(difference() == "table v: cannot be compared (no such module: missing)\n"
                               "table w: 1 row added\n"
                               "  + rowid=1, a=1\n");
}

BOOST_AUTO_TEST_SUITE_END()
