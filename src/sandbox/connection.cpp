#include "sandbox/connection.hpp"

#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

namespace isolite {

namespace {

sqlite3_stmt* prepared(SQLite::Database& database, const char* sql) {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(database.getHandle(), sql, -1, SQLITE_PREPARE_PERSISTENT,
                                        &statement, nullptr);
    if (code != SQLITE_OK) {
        throw SQLite::Exception(database.getHandle(), code);
    }
    return statement;
}

} // namespace

connection::connection(const connection_recipe& recipe,
                       const connection_watch::settings_reader& usual)
    // May create: what the code under test attaches is then made in memory as well.
    : database(recipe.uri, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_URI) {
    recipe.prepare(database);
    begin_ = prepared(database, "BEGIN");
    rollback_ = prepared(database, "ROLLBACK");
    watch = std::make_unique<connection_watch>(database.getHandle(), rollback_, usual);
    trace = std::make_unique<transaction_trace>(database.getHandle(), begin_, rollback_);
}

connection::~connection() {
    objects.clear(); // they may hold statements of the connection
    trace.reset();
    watch.reset();
    sqlite3_finalize(begin_);
    sqlite3_finalize(rollback_);
}

result<std::unique_ptr<connection>>
connection::open(const connection_recipe& recipe, const connection_watch::settings_reader& usual) {
    return opening(recipe.uri, [&] { return std::make_unique<connection>(recipe, usual); });
}

int connection::begin() noexcept {
    const int code = sqlite3_step(begin_);
    sqlite3_reset(begin_);
    return code;
}

void connection::release_lock() noexcept {
    sqlite3_exec(database.getHandle(), "SELECT 1 FROM sqlite_master LIMIT 1", nullptr, nullptr,
                 nullptr);
}

void connection::empty_log() noexcept {
    sqlite3_wal_checkpoint_v2(database.getHandle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr,
                              nullptr);
}

} // namespace isolite
