#include "orders.hpp"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/Session.h>

using namespace Poco::Data::Keywords;

// [open]
struct orders::connection {
    explicit connection(const std::string& path) : session(opened(path)) {
        session << "CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, note TEXT)", now;
    }

    static Poco::Data::Session opened(const std::string& path) {
        Poco::Data::SQLite::Connector::registerConnector();
        return {"SQLite", path};
    }

    Poco::Data::Session session;
};
// [/open]

orders::orders(const std::string& path) : connection_(std::make_unique<connection>(path)) {}
orders::~orders() = default;

void orders::add(const std::string& note) {
    std::string bound = note;
    connection_->session << "INSERT INTO orders (note) VALUES (?)", use(bound), now;
}

int orders::count() {
    int found = 0;
    connection_->session << "SELECT count(*) FROM orders", into(found), now;
    return found;
}
