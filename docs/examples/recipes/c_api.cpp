#include "orders.hpp"

#include <sqlite3.h>

#include <stdexcept>

// [open]
struct orders::connection {
    explicit connection(const std::string& path) {
        const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
        check(sqlite3_open_v2(path.c_str(), &handle, flags, nullptr));
        check(sqlite3_exec(handle,
                           "CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, note TEXT)",
                           nullptr, nullptr, nullptr));
    }
    // [/open]
    ~connection() { sqlite3_close(handle); }
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    void check(int code) const {
        if (code != SQLITE_OK && code != SQLITE_DONE)
            throw std::runtime_error(sqlite3_errmsg(handle));
    }

    sqlite3_stmt* prepare(const char* sql) const {
        sqlite3_stmt* prepared = nullptr;
        check(sqlite3_prepare_v2(handle, sql, -1, &prepared, nullptr));
        return prepared;
    }

    sqlite3* handle = nullptr;
};

orders::orders(const std::string& path) : connection_(std::make_unique<connection>(path)) {}
orders::~orders() = default;

void orders::add(const std::string& note) {
    sqlite3_stmt* const insert = connection_->prepare("INSERT INTO orders (note) VALUES (?)");
    sqlite3_bind_text(insert, 1, note.c_str(), -1, SQLITE_TRANSIENT);
    sqlite3_step(insert);
    connection_->check(sqlite3_finalize(insert));
}

int orders::count() {
    sqlite3_stmt* const query = connection_->prepare("SELECT count(*) FROM orders");
    sqlite3_step(query);
    const int found = sqlite3_column_int(query, 0);
    connection_->check(sqlite3_finalize(query));
    return found;
}
