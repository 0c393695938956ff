#include "text/statement_text.hpp"

#include <doctest/doctest.h>

using isolite::text::statement_text;

TEST_CASE("a statement is quoted on one line, without its semicolon") {
    CHECK(statement_text("SELECT *\n  FROM t\r\n\tWHERE a = 1 ; ") ==
          "SELECT * FROM t WHERE a = 1");
    CHECK(statement_text("SELECT 'a\n  b'") == "SELECT 'a b'");
    CHECK(statement_text("  COMMIT") == "COMMIT");
    CHECK(statement_text("").empty());
    CHECK(statement_text(" ; ").empty());
}

TEST_CASE("comments are left out") {
    CHECK(statement_text("-- done\nCOMMIT") == "COMMIT");
    CHECK(statement_text("/* of a\nwrapper */ COMMIT") == "COMMIT");
    CHECK(statement_text("SELECT a, -- the first\n b/**/FROM t -- all") == "SELECT a, b FROM t");
    CHECK(statement_text("SELECT 1 /* open end").substr(0, 8) == "SELECT 1");
    CHECK(statement_text("-- nothing").empty());
}

TEST_CASE("what is quoted is no comment") {
    CHECK(statement_text("SELECT '--', '/*', \"a--b\", [c--d], `e/*f`, 'it''s--' -- but this is") ==
          "SELECT '--', '/*', \"a--b\", [c--d], `e/*f`, 'it''s--'");
    CHECK(statement_text("SELECT 'not closed -- here") == "SELECT 'not closed -- here");
    CHECK(statement_text("SELECT 5 - -1 / *") == "SELECT 5 - -1 / *");
}

TEST_CASE("a long statement is cut, not in the middle of a character") {
    CHECK(statement_text(std::string(120, 'x')) == std::string(120, 'x'));
    CHECK(statement_text(std::string(121, 'x')) == std::string(120, 'x') + "...");
    CHECK(statement_text(std::string(119, 'x') + "\u00e4") == std::string(119, 'x') + "...");
}
