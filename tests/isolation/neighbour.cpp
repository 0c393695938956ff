#include "neighbour.hpp"

#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

namespace {

constexpr const char* testified[] = {
    "SELECT id, name, stock FROM products ORDER BY id",
    "SELECT id, product, quantity FROM orders ORDER BY id",
    "SELECT count(*), sum(cents) FROM prices",
    "SELECT entry, at FROM log",
    "SELECT name, seq FROM sqlite_sequence",
};

} // namespace

neighbour::neighbour(const std::string& uri, int more_flags)
    : database_(uri, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_URI | more_flags) {
    for (const char* sql : testified) {
        prepare(sql);
    }
    testifying_ = statements_.size();
}

SQLite::Statement& neighbour::prepare(const std::string& sql) {
    return *statements_.emplace_back(std::make_unique<SQLite::Statement>(database_, sql));
}

void neighbour::run_last() {
    statements_.back()->exec();
    statements_.back()->reset();
}

void neighbour::recover() {
    for (const auto& statement : statements_) {
        statement->tryReset();
    }
    if (sqlite3_get_autocommit(database_.getHandle()) == 0) {
        database_.tryExec("ROLLBACK");
    }
}

std::string neighbour::testimony() {
    std::string all;
    for (std::size_t i = 0; i < testifying_; ++i) {
        SQLite::Statement& statement = *statements_[i];
        try {
            while (statement.executeStep()) {
                for (int column = 0; column < statement.getColumnCount(); ++column) {
                    all += statement.getColumn(column).getString() + "|";
                }
                all += "\n";
            }
        } catch (const SQLite::Exception& problem) {
            all += problem.what();
        }
        statement.tryReset();
    }
    return all;
}
