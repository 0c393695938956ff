#include "sqlite.hpp"

#include <sqlite3.h>

namespace hostel {
namespace {

void check(sqlite3* handle, int code) {
    if (code != SQLITE_OK)
        throw database_error(sqlite3_errmsg(handle));
}

} // namespace

// [open]
connection::connection(const std::string& path) : handle_(nullptr, sqlite3_close) {
    sqlite3* opened = nullptr;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    const int code = sqlite3_open_v2(path.c_str(), &opened, flags, nullptr);
    handle_.reset(opened);
    check(opened, code);
    sqlite3_busy_timeout(opened, 5000);
    run("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;");
}
// [/open]

void connection::run(const std::string& sql) {
    check(handle(), sqlite3_exec(handle(), sql.c_str(), nullptr, nullptr, nullptr));
}

std::int64_t connection::last_id() const {
    return sqlite3_last_insert_rowid(handle());
}

int connection::changed_rows() const {
    return sqlite3_changes(handle());
}

statement::statement(sqlite3* handle, const std::string& sql) : handle_(nullptr, sqlite3_finalize) {
    sqlite3_stmt* prepared = nullptr;
    check(handle, sqlite3_prepare_v2(handle, sql.c_str(), -1, &prepared, nullptr));
    handle_.reset(prepared);
}

void statement::bind(std::int64_t value) {
    check(sqlite3_db_handle(handle_.get()), sqlite3_bind_int64(handle_.get(), ++bound_, value));
}

void statement::bind(const std::string& value) {
    check(sqlite3_db_handle(handle_.get()),
          sqlite3_bind_text(handle_.get(), ++bound_, value.c_str(), -1, SQLITE_TRANSIENT));
}

bool statement::step() {
    const int code = sqlite3_step(handle_.get());
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        check(sqlite3_db_handle(handle_.get()), code);
    return code == SQLITE_ROW;
}

std::int64_t statement::integer(int column) const {
    return sqlite3_column_int64(handle_.get(), column);
}

std::string statement::text(int column) const {
    const auto* found = sqlite3_column_text(handle_.get(), column);
    return found != nullptr ? reinterpret_cast<const char*>(found) : "";
}

transaction::transaction(connection& on) : on_(on) {
    on_.run("BEGIN IMMEDIATE");
}

transaction::~transaction() {
    if (is_open_)
        sqlite3_exec(on_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void transaction::commit() {
    on_.run("COMMIT");
    is_open_ = false;
}

} // namespace hostel
