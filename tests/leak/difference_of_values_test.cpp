#include "two_databases.hpp"

#include <boost/test/unit_test.hpp>

using isolite::tests::two_databases;

namespace {

/// Two databases with a table that has one row.
struct one_row : two_databases {
    one_row() { run_in_both("CREATE TABLE t (id INTEGER PRIMARY KEY, v)"); }

    /// Returns the change of a value that was one SQL expression and is another.
    std::string change(const std::string& from, const std::string& to) const {
        before.run("INSERT OR REPLACE INTO t VALUES (1, " + from + ")");
        now.run("INSERT OR REPLACE INTO t VALUES (1, " + to + ")");
        const std::string lines = difference();
        const std::string start = "table t: 1 row changed\n  ~ id=1: v ";
        BOOST_TEST((lines.empty() || lines.rfind(start, 0) == 0), lines);
        return lines.empty() ? "" : lines.substr(start.size(), lines.size() - start.size() - 1);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(difference_of_values_test, one_row)

BOOST_AUTO_TEST_CASE(values_of_different_types_differ) {
    BOOST_TEST(change("1", "1.0") == "1 -> 1.0");
    BOOST_TEST(change("1", "'1'") == "1 -> '1'");
    BOOST_TEST(change("1.0", "'1.0'") == "1.0 -> '1.0'");
    BOOST_TEST(change("'1'", "x'31'") == "'1' -> x'31'");
    BOOST_TEST(change("NULL", "0") == "NULL -> 0");
    BOOST_TEST(change("''", "NULL") == "'' -> NULL");
    BOOST_TEST(change("''", "x''") == "'' -> x''");
}

BOOST_AUTO_TEST_CASE(equal_values_of_one_type_do_not_differ) {
    for (const char* value : {"NULL", "1", "1.5", "-0.0", "9e999", "'a'", "x'00'", "''", "x''",
                              "zeroblob(100000)", "char(97, 0, 98)"}) {
        BOOST_TEST(change(value, value).empty());
    }
}

BOOST_AUTO_TEST_CASE(numbers_are_shown_with_all_their_digits) {
    BOOST_TEST(change("9223372036854775807", "-9223372036854775808") ==
               "9223372036854775807 -> -9223372036854775808");
    BOOST_TEST(change("0.1", "0.1 + 0.2") == "0.1 -> 0.30000000000000004");
    BOOST_TEST(change("9007199254740993", "9007199254740992.0") ==
               "9007199254740993 -> 9007199254740992.0");
    BOOST_TEST(change("1e300", "9e999") == "1e+300 -> inf");
}

BOOST_AUTO_TEST_CASE(zeros_with_different_signs_differ) {
    // SQLite makes 0.0 of a literal -0.0, but keeps what is bound or computed.
    BOOST_TEST(change("0.0", "-1e-300 * 1e-300") == "0.0 -> -0.0");
}

BOOST_AUTO_TEST_CASE(texts_that_a_collation_takes_for_equal_differ) {
    run_in_both("CREATE TABLE names (name COLLATE NOCASE PRIMARY KEY, b COLLATE RTRIM)");
    before.run("INSERT INTO names VALUES ('a', 'x'), ('b', 'x'), ('c', 'x'), ('D', 'x')");
    now.run("INSERT INTO names VALUES ('A', 'x'), ('b', 'x '), ('D', 'x')");
    BOOST_TEST(difference() == "table names: 1 row added, 2 removed, 1 changed\n"
                               "  + name='A', b='x'\n"
                               "  - name='a', b='x'\n"
                               "  ~ name='b': b 'x' -> 'x '\n"
                               "  - name='c', b='x'\n");
}

BOOST_AUTO_TEST_CASE(long_texts_and_blobs_are_cut_and_their_length_is_said) {
    run_in_both("DELETE FROM t");
    now.run("INSERT INTO t VALUES (1, printf('%.*c', 40, 'x')), (2, printf('%.*c', 300, 'y')), "
            "(3, zeroblob(16)), (4, zeroblob(2000))");
    BOOST_TEST(difference() ==
               "table t: 4 rows added\n"
               "  + id=1, v='xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'\n"
               "  + id=2, v='yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy…' (300 characters)\n"
               "  + id=3, v=x'00000000000000000000000000000000'\n"
               "  + id=4, v=x'00000000000000000000000000000000…' (2000 bytes)\n");
}

BOOST_AUTO_TEST_CASE(characters_are_counted_and_never_cut) {
    BOOST_TEST(change("0", "replace(printf('%.*c', 41, 'x'), 'x', '€')") ==
               "0 -> '€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€…' (41 characters)");
    BOOST_TEST(change("0", "'aé€😀'") == "0 -> 'aé€😀'");
}

BOOST_AUTO_TEST_CASE(long_values_that_begin_alike_are_shown_from_where_they_differ) {
    const std::string forty = "'äaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa€€€€€€€€€€'";
    BOOST_TEST(change(forty + " || 'old'", forty + " || 'new'") ==
               "'…€€€€€€€€€old' (44 characters) -> '…€€€€€€€€€new' (44 characters)");
    BOOST_TEST(
        change("x'000102030405060708090a0b0c0d0e0f10'", "x'000102030405060708090a0b0c0d0e0f11'") ==
        "x'…08090a0b0c0d0e0f10' (17 bytes) -> x'…08090a0b0c0d0e0f11' (17 bytes)");
    // Within what is shown anyway, though not within as many bytes.
    BOOST_TEST(change("'€€€€€€€€€€€€€€€€€€€€a'", "'€€€€€€€€€€€€€€€€€€€€b'") ==
               "'€€€€€€€€€€€€€€€€€€€€a' -> '€€€€€€€€€€€€€€€€€€€€b'");
    BOOST_TEST(change("'a' || " + forty, "'b' || " + forty) ==
               "'aäaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa€€€€€€€€…' (42 characters) -> "
               "'bäaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa€€€€€€€€…' (42 characters)");
}

BOOST_AUTO_TEST_CASE(what_has_no_place_on_a_line_is_escaped) {
    BOOST_TEST(change("0", "char(10, 13, 9, 0, 27, 127) || '\\n'") ==
               "0 -> '\\n\\r\\t\\x00\\x1b\\x7f\\\\n'");
    BOOST_TEST(change("0", "char(133, 8232, 8233)") == "0 -> '\\u0085\\u2028\\u2029'");
}

BOOST_AUTO_TEST_CASE(texts_that_are_not_utf8_are_escaped) {
    BOOST_TEST(change("0", "CAST(x'61ff62' AS TEXT)") == "0 -> 'a\\xffb'");
    BOOST_TEST(change("0", "CAST(x'c3' AS TEXT)") == "0 -> '\\xc3'");
    BOOST_TEST(change("0", "CAST(x'c0af' AS TEXT)") == "0 -> '\\xc0\\xaf'");
    BOOST_TEST(change("0", "CAST(x'e08080' AS TEXT)") == "0 -> '\\xe0\\x80\\x80'");
    BOOST_TEST(change("0", "CAST(x'eda080' AS TEXT)") == "0 -> '\\xed\\xa0\\x80'");
    BOOST_TEST(change("0", "CAST(x'f4908080' AS TEXT)") == "0 -> '\\xf4\\x90\\x80\\x80'");
    BOOST_TEST(change("0", "CAST(x'e282' AS TEXT)") == "0 -> '\\xe2\\x82'");
}

BOOST_AUTO_TEST_CASE(generated_columns_are_shown_as_other_columns) {
    run_in_both("CREATE TABLE g (id INTEGER PRIMARY KEY, a, b AS (a + 1), c AS (a * 2) STORED)");
    before.run("INSERT INTO g VALUES (1, 1)");
    now.run("INSERT INTO g VALUES (1, 2), (2, 3)");
    BOOST_TEST(difference() == "table g: 1 row added, 1 changed\n"
                               "  ~ id=1: a 1 -> 2, b 2 -> 3, c 2 -> 4\n"
                               "  + id=2, a=3, b=4, c=6\n");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(texts_in_utf16_are_compared_and_shown_as_others) {
    // In the order of their bytes the removed rows come before ones that they follow in UTF-8.
    const std::pair<const char*, const char*> cases[] = {
        {"UTF-16le", "char(0x2), char(0x1F600), char(0x20FE)"},
        {"UTF-16be", "char(0x20FE), char(0x1F600), char(0xFA00)"},
    };
    for (const auto& [encoding, removed] : cases) {
        const two_databases databases;
        databases.run_in_both("PRAGMA encoding = '" + std::string(encoding) +
                              "'; CREATE TABLE t (name PRIMARY KEY, v); INSERT INTO t (name) "
                              "VALUES (char(0x2)), (char(0xFF)), (char(0x20FE)), (char(0xFA00)), "
                              "(char(0xFF01)), (char(0x1F600))");
        BOOST_REQUIRE(databases.now.value("PRAGMA encoding") == encoding);
        BOOST_TEST(databases.difference().empty());
        databases.now.run("UPDATE t SET v = '€' WHERE name = char(0xFF)");
        BOOST_TEST(databases.difference() == "table t: 1 row changed\n"
                                             "  ~ name='ÿ': v NULL -> '€'\n");
        databases.now.run("DELETE FROM t WHERE name IN (" + std::string(removed) + ")");
        const std::string lines = databases.difference();
        BOOST_TEST(lines.find("table t: 3 rows removed, 1 changed\n") == 0, lines);
    }
}
