#include "orders.hpp"

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

// [open]
struct orders::connection {
    explicit connection(const std::string& path)
        : session(soci::sqlite3, "dbname=" + path + " timeout=5") {
        session << "CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, note TEXT)";
    }

    soci::session session;
};
// [/open]

orders::orders(const std::string& path) : connection_(std::make_unique<connection>(path)) {}
orders::~orders() = default;

void orders::add(const std::string& note) {
    connection_->session << "INSERT INTO orders (note) VALUES (:note)", soci::use(note);
}

int orders::count() {
    int found = 0;
    connection_->session << "SELECT count(*) FROM orders", soci::into(found);
    return found;
}
