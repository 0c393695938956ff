#include "demand.hpp"
#include "seed/sql_script.hpp"
#include "text/sql_scanner.hpp"
#include "text/statement_text.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

// Any text as SQL: it is divided as SQLite divides it.

using namespace isolite;
using fuzzing::demand;

namespace {

struct closer {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

using database = std::unique_ptr<sqlite3, closer>;

database new_database() {
    sqlite3* opened = nullptr;
    sqlite3_open(":memory:", &opened);
    return database(opened);
}

bool holds(const std::string& sql, const char* part) {
    return sql.find(part) != std::string::npos;
}

/// Says whether there is a word whose statement may end behind other semicolons than its first.
bool may_make_a_trigger(std::string sql) {
    std::transform(sql.begin(), sql.end(), sql.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return holds(sql, "trigger");
}

void check_pieces(const std::string& sql) {
    bool is_complete = false;
    bool is_closed = true;
    for (std::size_t at = 0; at < sql.size();) {
        const text::sql_piece piece = text::sql_piece_at(sql, at);
        demand(piece.end > at && piece.end <= sql.size(), "a piece goes on to a later place", sql);
        if (piece.kind != text::sql_kind::blank && piece.kind != text::sql_kind::comment) {
            is_complete = piece.kind == text::sql_kind::semicolon;
        }
        is_closed =
            is_closed &&
            (piece.kind != text::sql_kind::comment || piece.end < sql.size() || sql[at] == '-' ||
             (piece.end - at >= 4 && sql[piece.end - 1] == '/' && sql[piece.end - 2] == '*'));
        at = piece.end;
    }
    // sqlite3_complete takes a vertical tab for no blank anywhere.
    const bool is_odd = holds(sql, "\xEF\xBB\xBF") || holds(sql, "\v");
    if (is_closed && !is_odd && !may_make_a_trigger(sql)) {
        demand((sqlite3_complete(sql.c_str()) != 0) == is_complete,
               "a text ends with a statement where SQLite sees its end", sql);
    }
}

void check_statements(const std::string& sql) {
    if (sql.find_first_of("$@#:?") != std::string::npos || may_make_a_trigger(sql)) {
        return; // a parameter may have a name with a semicolon
    }
    static const database empty = new_database();
    std::size_t between = 0;
    for (;;) {
        const std::size_t at = text::begin_of_statement(sql, between);
        demand(at >= between && at <= sql.size(), "a statement begins at or behind a place", sql);
        sqlite3_stmt* prepared = nullptr;
        const char* tail = nullptr;
        const int code =
            sqlite3_prepare_v2(empty.get(), sql.c_str() + between, -1, &prepared, &tail);
        const std::unique_ptr<sqlite3_stmt, closer> statement(prepared);
        if (at == sql.size()) {
            demand(code == SQLITE_OK && !prepared, "where no statement begins is none", sql);
            return;
        }
        if (code != SQLITE_OK) {
            return; // what SQLite takes for its end is anywhere
        }
        if (prepared) {
            const std::size_t end = text::end_of_statement(sql, at);
            demand(sql.c_str() + std::min(end + 1, sql.size()) == tail,
                   "a statement ends where SQLite sees its end", sql);
        }
        between = static_cast<std::size_t>(tail - sql.c_str());
    }
}

void check_text(const std::string& sql) {
    const std::string shown = text::statement_text(sql);
    constexpr std::size_t longest = 120 + 3;
    demand(shown.size() <= longest, "a statement is quoted in 120 bytes", sql);
    demand(shown.find_first_of("\n\r\t\f") == std::string::npos, "a statement is quoted on a line",
           sql);
    demand(shown.empty() || (shown.front() != ' ' && shown.back() != ' '),
           "a quotation begins and ends with a word", sql);
}

/// Runs it as a script in a database of its own, which must not leave anything open.
void check_script(const std::string& sql) {
    const auto opened = new_database();
    sqlite3* const database = opened.get();
    sqlite3_progress_handler(
        database, 1000, [](void*) { return 1; }, nullptr);
    sqlite3_limit(database, SQLITE_LIMIT_ATTACHED, 0);
    const auto failure = seeds::run_sql_script(database, sql);
    demand(sqlite3_next_stmt(database, nullptr) == nullptr, "no statement is left", sql);
    if (!failure) {
        demand(sqlite3_get_autocommit(database) != 0, "a script leaves nothing open", sql);
        return;
    }
    const auto lines = static_cast<std::size_t>(std::count(sql.begin(), sql.end(), '\n')) + 1;
    demand(failure->line >= 1 && failure->line <= lines, "a failure is in a line", sql);
    demand(failure->statement.size() <= 203, "a statement that failed is cut", sql);
    demand(failure->statement.find('\n') == std::string::npos, "it is on one line", sql);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string sql(reinterpret_cast<const char*>(data), size);
    check_pieces(sql.substr(0, sql.find('\0')));
    check_statements(sql.substr(0, sql.find('\0')));
    check_text(sql);
    if (sql.find(';') != std::string::npos) {
        check_script(sql);
    }
    return 0;
}
