#include "text/sql_scanner.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using isolite::text::begin_of_statement;
using isolite::text::end_of_statement;

namespace {

std::vector<std::string> statements_of(std::string_view sql) {
    std::vector<std::string> all;
    for (std::size_t at = begin_of_statement(sql); at < sql.size();) {
        const std::size_t end = end_of_statement(sql, at);
        all.emplace_back(sql.substr(at, end - at));
        at = begin_of_statement(sql, end);
    }
    return all;
}

} // namespace

TEST_CASE("statements are what stands between semicolons, without what is before them") {
    using texts = std::vector<std::string>;
    CHECK(statements_of("a; b;\n\n;c ").size() == 3);
    CHECK(statements_of("a; b;\n\n;c") == texts{"a", "b", "c"});
    CHECK(statements_of("").empty());
    CHECK(statements_of(" ; \t\r\n\f;").empty());
    CHECK(statements_of("\xEF\xBB\xBF a") == texts{"a"});
    CHECK(statements_of(" \v; \t\v a") == texts{"a"}); // a vertical tab is one behind another blank
    CHECK(statements_of("\v") == texts{"\v"});
}

TEST_CASE("a semicolon in a string, a quoted name or a comment ends no statement") {
    CHECK(statements_of("'a;'';b'; \";\"; `;`; [;]").size() == 4);
    CHECK(statements_of("a -- ;\n b; /* ; */ c /* ; */").size() == 2);
    CHECK(statements_of("'not closed ;").size() == 1);
}

TEST_CASE("comments alone are no statement") {
    CHECK(statements_of("-- one\n/* two */ -- three").empty());
    CHECK(statements_of("/* not closed ;").empty());
    CHECK(statements_of("/*/ ; */").empty());
    CHECK(statements_of("- - / * a").size() == 1);
    CHECK(statements_of("/* */ /*") == std::vector<std::string>{"/*"}); // as SQLite has it
}
