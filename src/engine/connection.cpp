#include "engine/connection.hpp"

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

connection::connection(const std::string& uri)
    // May create: what the code under test attaches is then made in memory as well.
    : database(uri, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_URI) {
    database.exec(connection_settings);
    begin_ = prepared(database, "BEGIN");
    rollback_ = prepared(database, "ROLLBACK");
}

connection::~connection() {
    objects.clear(); // they may hold statements of the connection
    watch.reset();
    sqlite3_finalize(begin_);
    sqlite3_finalize(rollback_);
}

result<std::unique_ptr<connection>>
connection::open(const std::string& uri, const std::vector<seed::step_function>& steps) {
    try {
        auto opened = std::make_unique<connection>(uri);
        for (const seed::step_function& step : steps) {
            step(opened->database);
        }
        opened->watch =
            std::make_unique<connection_watch>(opened->database.getHandle(), opened->rollback_);
        return opened;
    } catch (const SQLite::Exception& problem) {
        return tl::unexpected(
            error{errc::database, "open a connection to '" + uri + "': " + problem.what(),
                  "a step given to on_connect may have failed", problem.getExtendedErrorCode()});
    } catch (const std::exception& problem) {
        return tl::unexpected(error{errc::seed,
                                    "open a connection to '" + uri + "': " + problem.what(),
                                    "a step given to on_connect threw this exception", 0});
    } catch (...) {
        return tl::unexpected(error{errc::seed, "open a connection to '" + uri + "'",
                                    "a step given to on_connect threw something that is no "
                                    "exception"});
    }
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

} // namespace isolite
