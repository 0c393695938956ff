// As sqlite_orm and sqlite_modern_cpp do, it opens the path with sqlite3_open, and as the first
// does, for each operation anew.
#include "orders.hpp"

#include <sqlite3.h>

#include <stdexcept>

struct orders::connection {
    std::string path;
};

namespace {

// [open]
class storage {
  public:
    explicit storage(const std::string& path) {
        if (sqlite3_open(path.c_str(), &handle_) != SQLITE_OK)
            throw std::runtime_error(sqlite3_errmsg(handle_));
    }
    ~storage() { sqlite3_close(handle_); }
    // [/open]
    storage(const storage&) = delete;
    storage& operator=(const storage&) = delete;

    int run(const std::string& sql, const std::string& value = "") {
        sqlite3_stmt* statement = nullptr;
        if (sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
            throw std::runtime_error(sqlite3_errmsg(handle_));
        sqlite3_bind_text(statement, 1, value.c_str(), -1, SQLITE_TRANSIENT);
        const int found =
            sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int(statement, 0) : 0;
        if (sqlite3_finalize(statement) != SQLITE_OK)
            throw std::runtime_error(sqlite3_errmsg(handle_));
        return found;
    }

  private:
    sqlite3* handle_ = nullptr;
};

} // namespace

orders::orders(const std::string& path) : connection_(new connection{path}) {
    storage(path).run("CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, note TEXT)");
}
orders::~orders() = default;

void orders::add(const std::string& note) {
    storage(connection_->path).run("INSERT INTO orders (note) VALUES (?)", note);
}

int orders::count() {
    return storage(connection_->path).run("SELECT count(*) FROM orders");
}
