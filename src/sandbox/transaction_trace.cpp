#include "sandbox/transaction_trace.hpp"

#include "sandbox/connection_watch.hpp"
#include "sandbox/reversed_statements.hpp"
#include "text/sql_scanner.hpp"

#include <sqlite3.h>

#include <cstring>
#include <exception>

namespace isolite::sandbox {

namespace {

/// Returns where a statement begins, behind a byte order mark, white space and comments.
const char* first_word(const char* sql) {
    if (*sql >= 'A') { // as mostly
        return sql;
    }
    return sql + text::begin_of_statement(sql);
}

/// Says whether a statement begins with a keyword, given in capitals.
bool is(const char* statement, const char* keyword) {
    const std::size_t length = std::strlen(keyword);
    const auto goes_on = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    return (statement[0] | ' ') == (keyword[0] | ' ') &&
           sqlite3_strnicmp(statement, keyword, static_cast<int>(length)) == 0 &&
           !goes_on(statement[length]);
}

/// Says by its first letters whether a statement could be one of those that matter: most are not.
bool may_matter(const char* statement) {
    switch (statement[0] | ' ') {
    case 'b':
    case 'c':
    case 'e':
    case 'r':
    case 'v':
        return true;
    case 'd':
        return (statement[2] | ' ') == 't'; // rather than DELETE or DROP
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

transaction_trace::transaction_trace(sqlite3* connection, connection_watch& watch)
    : connection_(connection), watch_(watch), events_(events_of_statements()) {
    sqlite3_trace_v2(connection_, events_, hear, this);
}

transaction_trace::~transaction_trace() {
    if (!is_deaf_) {
        sqlite3_trace_v2(connection_, 0, nullptr, nullptr);
    }
}

void transaction_trace::know_own(const sqlite3_stmt* begin, const sqlite3_stmt* rollback,
                                 sqlite3_stmt* idle) noexcept {
    own_[0] = begin;
    own_[1] = rollback;
    own_[2] = idle;
    expect();
    sqlite3_step(idle);
    sqlite3_reset(idle);
    is_deaf_ = !heard_own_;
}

void transaction_trace::listen() noexcept {
    if (!is_deaf_) {
        sqlite3_trace_v2(connection_, events_, hear, this);
    }
}

void transaction_trace::begin() noexcept {
    outside_ = false;
    ending_ = false;
    refused_.clear();
    detach_.clear();
    begun_with_.clear();
    end_.clear();
}

int transaction_trace::hear(unsigned event, void* trace, void* statement, void* /*sql*/) {
    auto& self = *static_cast<transaction_trace*>(trace);
    if (event != SQLITE_TRACE_STMT) {
        self.tell_progress();
        return 0;
    }
    if (statement == self.own_[0] || statement == self.own_[1] || statement == self.own_[2]) {
        self.heard_own_ = true;
        return 0;
    }
    self.ran_ = true;
    if (self.events_ != SQLITE_TRACE_STMT) { // else nobody wants to know
        note_statement(static_cast<sqlite3_stmt*>(statement));
    }
    if (sqlite3_get_autocommit(self.connection_) != 0) {
        self.outside_ = true;
    } else if (self.ending_) {
        self.end_.clear(); // it has failed
    }
    self.ending_ = false;
    // Not what SQLite hands over: in statements that others run that is a comment.
    const char* const sql = sqlite3_sql(static_cast<sqlite3_stmt*>(statement));
    const char* const text = sql ? first_word(sql) : "";
    if (may_matter(text)) {
        try {
            self.note(text);
        } catch (const std::exception&) { // out of memory: the report will know less
        }
    }
    return 0;
}

void transaction_trace::tell_progress() noexcept {
    if (!watch_.is_paused()) {
        watch_.pause();
        note_progress(connection_);
        watch_.go_on();
    }
}

void transaction_trace::note(const char* sql) {
    constexpr std::size_t enough = 500;
    const auto assign = [sql](std::string& to) { to.assign(sql, ::strnlen(sql, enough)); };
    if (sqlite3_get_autocommit(connection_) != 0) {
        if (is(sql, "BEGIN") || is(sql, "SAVEPOINT")) {
            assign(begun_with_);
        }
    } else if (is(sql, "BEGIN") || is(sql, "VACUUM")) {
        if (refused_.empty()) {
            assign(refused_);
        }
    } else if (is(sql, "DETACH")) {
        assign(detach_);
    } else if (end_.empty() && (is(sql, "COMMIT") || is(sql, "END") ||
                                (is(sql, "ROLLBACK") && !goes_to_savepoint(sql)))) {
        assign(end_);
        ending_ = true;
    }
}

} // namespace isolite::sandbox
