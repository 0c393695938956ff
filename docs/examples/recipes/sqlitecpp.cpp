#include "orders.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

// [open]
struct orders::connection {
    explicit connection(const std::string& path)
        : database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE) {
        database.exec("CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, note TEXT)");
    }

    SQLite::Database database;
};
// [/open]

orders::orders(const std::string& path) : connection_(std::make_unique<connection>(path)) {}
orders::~orders() = default;

void orders::add(const std::string& note) {
    SQLite::Statement insert(connection_->database, "INSERT INTO orders (note) VALUES (?)");
    insert.bind(1, note);
    insert.exec();
}

int orders::count() {
    return connection_->database.execAndGet("SELECT count(*) FROM orders").getInt();
}
