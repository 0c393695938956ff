#include "leak/transaction_trace.hpp"

#include "error/statement_text.hpp"

#include <sqlite3.h>

#include <cstring>
#include <exception>

namespace isolite {

namespace {

/// Returns where a statement begins, behind white space and comments.
const char* first_word(const char* sql) {
    while (*sql < 'A') {
        sql += std::strspn(sql, " \t\r\n\f;");
        if (std::strncmp(sql, "--", 2) == 0) {
            sql += std::strcspn(sql, "\n");
        } else if (std::strncmp(sql, "/*", 2) == 0) {
            const char* const end = std::strstr(sql + 2, "*/");
            sql = end ? end + 2 : sql + std::strlen(sql);
        } else if (*sql < 'A') {
            return sql;
        }
    }
    return sql;
}

/// Says whether a statement begins with a keyword, given in capitals.
bool is(const char* statement, const char* keyword) {
    const std::size_t length = std::strlen(keyword);
    const auto goes_on = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    return sqlite3_strnicmp(statement, keyword, static_cast<int>(length)) == 0 &&
           !goes_on(statement[length]);
}

/// Says by its first letters whether a statement could be one of those that matter: most are not.
bool may_matter(const char* statement) {
    switch (statement[0] | ' ') {
    case 'b':
    case 'c':
    case 'e':
    case 'r':
        return true;
    case 's':
        return (statement[1] | ' ') == 'a'; // rather than SELECT
    default:
        return false;
    }
}

/// Says whether a ROLLBACK goes back to a savepoint only.
bool goes_to_savepoint(const char* rollback) {
    const char* rest = first_word(rollback + std::strlen("ROLLBACK"));
    if (is(rest, "TRANSACTION")) {
        rest = first_word(rest + std::strlen("TRANSACTION"));
    }
    return is(rest, "TO");
}

} // namespace

transaction_trace::transaction_trace(sqlite3* connection, const sqlite3_stmt* begin,
                                     const sqlite3_stmt* rollback)
    : connection_(connection), own_begin_(begin), own_rollback_(rollback) {
    sqlite3_trace_v2(connection_, SQLITE_TRACE_STMT, hear, this);
}

transaction_trace::~transaction_trace() {
    sqlite3_trace_v2(connection_, 0, nullptr, nullptr);
}

void transaction_trace::begin() noexcept {
    sqlite3_trace_v2(connection_, SQLITE_TRACE_STMT, hear, this); // a test may have taken its place
    nested_begin_.clear();
    begun_with_.clear();
    end_.clear();
}

int transaction_trace::hear(unsigned /*event*/, void* trace, void* statement, void* sql) {
    auto& self = *static_cast<transaction_trace*>(trace);
    if (statement == self.own_begin_ || statement == self.own_rollback_) {
        return 0;
    }
    const char* const text = first_word(static_cast<const char*>(sql));
    if (may_matter(text)) {
        try {
            self.note(text);
        } catch (const std::exception&) { // out of memory: the report will know less
        }
    }
    return 0;
}

void transaction_trace::note(const char* sql) {
    constexpr std::size_t enough = 500;
    const auto assign = [sql](std::string& to) { to.assign(sql, ::strnlen(sql, enough)); };
    if (sqlite3_get_autocommit(connection_) != 0) {
        if (is(sql, "BEGIN") || is(sql, "SAVEPOINT")) {
            assign(begun_with_);
        }
    } else if (is(sql, "BEGIN")) {
        if (nested_begin_.empty()) {
            assign(nested_begin_);
        }
    } else if (end_.empty() && (is(sql, "COMMIT") || is(sql, "END") ||
                                (is(sql, "ROLLBACK") && !goes_to_savepoint(sql)))) {
        assign(end_);
    }
}

std::string transaction_trace::nested_begin() const {
    return statement_text(nested_begin_);
}

std::string transaction_trace::begun_with() const {
    return statement_text(begun_with_);
}

std::string transaction_trace::end() const {
    return statement_text(end_);
}

} // namespace isolite
