#define BOOST_TEST_MODULE difference
#include "two_databases.hpp"

#include "leak/difference.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <iterator>

using isolite::tests::two_databases;

namespace {

std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Overwrites the root page of a table with nonsense.
void damage(const isolite::tests::connection& database, const std::string& path,
            const std::string& table) {
    const int page_size = std::stoi(database.value("PRAGMA page_size"));
    const int page = std::stoi(
        database.value("SELECT rootpage FROM sqlite_master WHERE name = '" + table + "'"));
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(page - 1) * page_size);
    file << std::string(static_cast<std::size_t>(page_size), '\xFF');
}

int compare_as_de(void* /*unused*/, int left_size, const void* left, int right_size,
                  const void* right) {
    return std::string(static_cast<const char*>(left), static_cast<std::size_t>(left_size))
        .compare(
            std::string(static_cast<const char*>(right), static_cast<std::size_t>(right_size)));
}

void twice(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
    sqlite3_result_int(context, 2 * sqlite3_value_int(values[0]));
}

/// Defines what the application's connections have, and the comparing one does not.
void define_collation_and_function(const isolite::tests::connection& connection) {
    sqlite3_create_collation(connection.get(), "de", SQLITE_UTF8, nullptr, compare_as_de);
    sqlite3_create_function(connection.get(), "twice", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
                            nullptr, twice, nullptr, nullptr);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(difference_test, two_databases)

BOOST_AUTO_TEST_CASE(equal_databases_have_no_lines) {
    BOOST_TEST(difference().empty());
    run_in_both("CREATE TABLE orders (id INTEGER PRIMARY KEY AUTOINCREMENT, note);"
                "CREATE INDEX by_note ON orders (note);"
                "INSERT INTO orders (note) VALUES (NULL), (1), (1.5), ('a'), (x'00')");
    BOOST_TEST(difference().empty());
}

BOOST_AUTO_TEST_CASE(rows_are_counted_and_shown_as_added_removed_and_changed) {
    run_in_both("CREATE TABLE orders (id INTEGER PRIMARY KEY, customer, price, data);"
                "INSERT INTO orders VALUES (3, 7, 2, NULL), (7, 1, 98, 'a'), (8, 1, 1, 1)");
    now.run("DELETE FROM orders WHERE id = 3;"
            "UPDATE orders SET price = 96, data = 'b' WHERE id = 7;"
            "INSERT INTO orders VALUES (1001, 7, NULL, x'00ff'), (1002, NULL, 1.5, 'it''s')");
    BOOST_TEST(difference() == "table orders: 2 rows added, 1 removed, 1 changed\n"
                               "  - id=3, customer=7, price=2, data=NULL\n"
                               "  ~ id=7: price 98 -> 96, data 'a' -> 'b'\n"
                               "  + id=1001, customer=7, price=NULL, data=x'00ff'\n"
                               "  + id=1002, customer=NULL, price=1.5, data='it''s'\n");
}

BOOST_AUTO_TEST_CASE(one_row_is_called_a_row) {
    run_in_both("CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (id INTEGER PRIMARY KEY)");
    before.run("INSERT INTO a VALUES (1)");
    now.run("INSERT INTO b VALUES (1)");
    BOOST_TEST(difference() == "table a: 1 row removed\n"
                               "  - id=1\n"
                               "table b: 1 row added\n"
                               "  + id=1\n");
}

BOOST_AUTO_TEST_CASE(of_many_rows_the_first_five_are_shown) {
    run_in_both("CREATE TABLE orders (id INTEGER PRIMARY KEY, stock);"
                "INSERT INTO orders VALUES (1, 1), (2, 2), (3, 3)");
    now.run("UPDATE orders SET stock = 0; INSERT INTO orders VALUES (4, 4), (5, 5), (6, 6)");
    BOOST_TEST(difference() == "table orders: 3 rows added, 3 changed\n"
                               "  ~ id=1: stock 1 -> 0\n"
                               "  ~ id=2: stock 2 -> 0\n"
                               "  ~ id=3: stock 3 -> 0\n"
                               "  + id=4, stock=4\n"
                               "  + id=5, stock=5\n"
                               "  … and 1 more\n");
    now.run("DELETE FROM orders WHERE id = 6");
    BOOST_TEST(difference().find("more") == std::string::npos);
    before.run("INSERT INTO orders VALUES (4, 0), (5, 0), (6, 0), (7, 7)");
    now.run("INSERT INTO orders VALUES (6, 6), (7, 7)");
    BOOST_TEST(difference() == "table orders: 6 rows changed\n"
                               "  ~ id=1: stock 1 -> 0\n"
                               "  ~ id=2: stock 2 -> 0\n"
                               "  ~ id=3: stock 3 -> 0\n"
                               "  ~ id=4: stock 0 -> 4\n"
                               "  ~ id=5: stock 0 -> 5\n"
                               "  … and 1 more\n");
}

BOOST_AUTO_TEST_CASE(of_many_columns_the_first_twenty_are_shown) {
    std::string columns = "id INTEGER PRIMARY KEY";
    for (int i = 2; i <= 22; ++i) {
        columns += ", c" + std::to_string(i) + " DEFAULT 0";
    }
    run_in_both("CREATE TABLE wide (" + columns + "); INSERT INTO wide (id) VALUES (1)");
    std::string changes = "c2 = 1";
    for (int i = 3; i <= 22; ++i) {
        changes += ", c" + std::to_string(i) + " = 1";
    }
    now.run("INSERT INTO wide (id) VALUES (0); UPDATE wide SET " + changes + " WHERE id = 1");
    BOOST_TEST(difference() ==
               "table wide: 1 row added, 1 changed\n"
               "  + id=0, c2=0, c3=0, c4=0, c5=0, c6=0, c7=0, c8=0, c9=0, c10=0, c11=0, c12=0, "
               "c13=0, c14=0, c15=0, c16=0, c17=0, c18=0, c19=0, c20=0, … and 2 more columns\n"
               "  ~ id=1: c2 0 -> 1, c3 0 -> 1, c4 0 -> 1, c5 0 -> 1, c6 0 -> 1, c7 0 -> 1, "
               "c8 0 -> 1, c9 0 -> 1, c10 0 -> 1, c11 0 -> 1, c12 0 -> 1, c13 0 -> 1, c14 0 -> 1, "
               "c15 0 -> 1, c16 0 -> 1, c17 0 -> 1, c18 0 -> 1, c19 0 -> 1, c20 0 -> 1, "
               "c21 0 -> 1, … and 1 more column\n");
}

BOOST_AUTO_TEST_CASE(of_many_tables_the_first_twenty_are_shown) {
    std::string expected;
    for (int i = 10; i < 32; ++i) {
        now.run("CREATE TABLE t" + std::to_string(i) + " (a)");
        expected += i < 30 ? "table t" + std::to_string(i) + ": added\n" : "";
    }
    BOOST_TEST(difference() == expected + "… and 2 more tables\n");
    now.run("DROP TABLE t31");
    BOOST_TEST(difference() == expected + "… and 1 more table\n");
}

BOOST_AUTO_TEST_CASE(the_rows_that_differ_are_counted_in_all_tables_that_both_have) {
    run_in_both("CREATE TABLE a (id INTEGER PRIMARY KEY, b); CREATE TABLE u (v)");
    run_in_both("INSERT INTO a VALUES (1, 1), (2, 2), (3, 3); INSERT INTO u VALUES (7), (8)");
    BOOST_TEST(rows() == 0U);
    now.run("INSERT INTO a VALUES (4, 4); DELETE FROM a WHERE id = 1; UPDATE a SET b = 0");
    now.run("DELETE FROM u; CREATE TABLE new (c); INSERT INTO new VALUES (1)");
    BOOST_TEST(rows() == 4U + 2U);
}

BOOST_AUTO_TEST_CASE(nothing_is_written_to_either_database) {
    run_in_both("CREATE TABLE t (a PRIMARY KEY, b); INSERT INTO t VALUES (1, 1)");
    now.run("INSERT INTO t VALUES (2, 2)");
    const std::string contents[] = {content_of(before_path), content_of(now_path)};
    BOOST_TEST(!isolite::leak::difference(before.get(), "main", "main").lines.size());
    BOOST_TEST(!difference().empty()); // on a connection that may only read
    BOOST_TEST((content_of(before_path) == contents[0]));
    BOOST_TEST((content_of(now_path) == contents[1]));
}

BOOST_AUTO_TEST_CASE(schemas_may_have_any_name) {
    sqlite3_exec(before.get(), "ATTACH ':memory:' AS \"a \"\" b'; --\"", nullptr, nullptr, nullptr);
    before.run("CREATE TABLE \"a \"\" b'; --\".t (a); CREATE TABLE t (a)");
    before.run("INSERT INTO \"a \"\" b'; --\".t VALUES (1)");
    const auto lines = isolite::leak::difference(before.get(), "main", "a \" b'; --").lines;
    const std::vector<std::string> expected = {"table t: 1 row added", "  + rowid=1, a=1"};
    BOOST_TEST(lines == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(tables_and_columns_may_have_any_name) {
    run_in_both("CREATE TABLE \"my \"\"odd\"\" t'\"(\"primary key\" INTEGER PRIMARY KEY, "
                "\"a \"\"b\"\"\", \"größe\", \"select\", [x\ny])");
    now.run("INSERT INTO \"my \"\"odd\"\" t'\" VALUES (1, 2, 3, 4, 5)");
    BOOST_TEST(difference() == "table my \"odd\" t': 1 row added\n"
                               "  + primary key=1, a \"b\"=2, größe=3, select=4, x\\ny=5\n");
}

BOOST_AUTO_TEST_CASE(a_table_whose_collation_is_missing_cannot_be_compared) {
    define_collation_and_function(before);
    define_collation_and_function(now);
    run_in_both("CREATE TABLE a (id INTEGER PRIMARY KEY);"
                "CREATE TABLE b (name COLLATE de PRIMARY KEY) WITHOUT ROWID;"
                "CREATE TABLE c (id INTEGER PRIMARY KEY, name COLLATE de UNIQUE)");
    now.run("INSERT INTO a VALUES (1); INSERT INTO b VALUES ('x'); INSERT INTO c VALUES (1, 'ä')");
    BOOST_TEST(difference() == "table a: 1 row added\n"
                               "  + id=1\n"
                               "table b: cannot be compared (no such collation sequence: de)\n"
                               "table c: 1 row added\n"
                               "  + id=1, name='ä'\n");
}

BOOST_AUTO_TEST_CASE(a_table_whose_function_is_missing_cannot_be_compared) {
    define_collation_and_function(before);
    define_collation_and_function(now);
    run_in_both("CREATE TABLE a (id INTEGER PRIMARY KEY, b AS (twice(id)));"
                "CREATE TABLE c (id INTEGER PRIMARY KEY)");
    now.run("INSERT INTO a VALUES (1); INSERT INTO c VALUES (1)");
    BOOST_TEST(difference() == "table a: cannot be compared (unknown function: twice())\n"
                               "table c: 1 row added\n"
                               "  + id=1\n");
}

BOOST_AUTO_TEST_CASE(a_damaged_table_cannot_be_compared) {
    run_in_both("CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (id INTEGER PRIMARY KEY)");
    now.run("INSERT INTO a VALUES (1); INSERT INTO b VALUES (1)");
    damage(now, now_path, "a");
    BOOST_TEST(difference() == "table a: cannot be compared (database disk image is malformed)\n"
                               "table b: 1 row added\n"
                               "  + id=1\n");
}

BOOST_AUTO_TEST_CASE(a_locked_database_cannot_be_compared) {
    run_in_both("CREATE TABLE a (id INTEGER PRIMARY KEY)");
    before.run("ATTACH '" + now_path + "' AS now");
    now.run("BEGIN EXCLUSIVE");
    const auto lines = isolite::leak::difference(before.get(), "main", "now").lines;
    const std::vector<std::string> expected = {
        "database now: cannot be compared (database is locked)"};
    BOOST_TEST(lines == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_database_cannot_be_compared) {
    before.run("CREATE TABLE a (id INTEGER PRIMARY KEY)");
    std::ofstream(before_path) << std::string(4096, 'x');
    BOOST_TEST(difference() == "database main: cannot be compared (file is not a database)\n");
}

BOOST_AUTO_TEST_SUITE_END()
