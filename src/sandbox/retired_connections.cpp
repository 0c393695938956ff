#include "sandbox/retired_connections.hpp"

#include "error/warning.hpp"
#include "sandbox/connection_portrait.hpp"

#include <SQLiteCpp/Database.h>
#include <sqlite3.h>

#include <deque>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

// Not every build of SQLite has it, and its header shows it to builds that have it only.
extern "C" __attribute__((weak)) void* sqlite3_preupdate_hook(
    sqlite3*,
    void (*)(void*, sqlite3*, int, const char*, const char*, sqlite3_int64, sqlite3_int64), void*);

namespace isolite::sandbox {

namespace {

/// The connections that were put away. SQLiteCpp closes what it opened, and aborts where somebody
/// is still at it; so its objects stay, and the connections in them are closed here.
struct retired_connections {
    std::deque<std::unique_ptr<SQLite::Database>> open;
    std::vector<std::unique_ptr<SQLite::Database>> closed;

    std::mutex mutex;

    static retired_connections& of_process() {
        static auto* const all = new retired_connections;
        return *all;
    }
};

int deny(void* /*nothing*/, int /*action*/, const char* /*first*/, const char* /*second*/,
         const char* /*database*/, const char* /*trigger*/) {
    warnings::warn_once(
        {errc::usage,
         "run a statement that was prepared before its connection was opened anew, because a "
         "test had changed the connection",
         "prepare it in the test, or keep it with statement() or kept<>()"});
    return SQLITE_DENY;
}

/// Says that an object of the session extension is left. Where this SQLite has no such function,
/// the loader may know that of another one.
bool has_preupdate_hook(sqlite3* connection) {
    static const bool can_have =
        sqlite3_preupdate_hook && sqlite3_compileoption_used("ENABLE_PREUPDATE_HOOK") != 0;
    return can_have && sqlite3_preupdate_hook(connection, nullptr, nullptr);
}

/// Says that neither a statement, a BLOB handle nor an object of the session extension is left.
/// SQLite itself refuses to close a connection with a backup.
bool is_deserted(sqlite3* connection) {
    return !sqlite3_next_stmt(connection, nullptr) &&
           sqlite3_txn_state(connection, nullptr) == SQLITE_TXN_NONE &&
           !has_preupdate_hook(connection);
}

/// Closes those that nobody can be using; the last ones are kept for who finishes a backup late, or
/// takes back a hook through the handle of SQLite.
void close_deserted(retired_connections& all) {
    constexpr std::size_t kept = 64; // of some 13 KiB each
    for (std::size_t left = all.open.size(); left > kept; --left) {
        auto oldest = std::move(all.open.front());
        all.open.pop_front();
        const bool closed =
            is_deserted(oldest->getHandle()) && sqlite3_close(oldest->getHandle()) == SQLITE_OK;
        if (closed) {
            all.closed.push_back(std::move(oldest));
        } else {
            all.open.push_back(std::move(oldest));
        }
    }
}

void put_away(SQLite::Database& database) {
    auto& all = retired_connections::of_process();
    const std::lock_guard guard(all.mutex);
    close_deserted(all);
    all.open.push_back(std::make_unique<SQLite::Database>(std::move(database)));
}

void remove_hooks(sqlite3* connection) {
    sqlite3_commit_hook(connection, nullptr, nullptr);
    sqlite3_rollback_hook(connection, nullptr, nullptr);
    sqlite3_update_hook(connection, nullptr, nullptr);
    sqlite3_wal_hook(connection, nullptr, nullptr);
    sqlite3_progress_handler(connection, 0, nullptr, nullptr);
    sqlite3_busy_handler(connection, nullptr, nullptr);
    sqlite3_trace_v2(connection, 0, nullptr, nullptr);
}

} // namespace

void retire(SQLite::Database& database) noexcept {
    sqlite3* const connection = database.getHandle();
    remove_hooks(connection);
    sqlite3_set_authorizer(connection, nullptr, nullptr); // who denied the ROLLBACK
    for (sqlite3_stmt* each = nullptr; (each = sqlite3_next_stmt(connection, each)) != nullptr;) {
        if (sqlite3_sql(each)) { // a BLOB handle is a statement too, and must not be reset
            sqlite3_reset(each);
        }
    }
    if (sqlite3_get_autocommit(connection) == 0) {
        sqlite3_exec(connection, "ROLLBACK", nullptr, nullptr, nullptr);
    }
    forget_schemas(connection); // most of its memory
    sqlite3_set_authorizer(connection, deny, nullptr);
    sqlite3_db_release_memory(connection);
    put_away(database);
}

void give_up(SQLite::Database& database) noexcept {
    const std::lock_guard guard(retired_connections::of_process().mutex);
    static auto* const cut_off = new std::vector<SQLite::Database>;
    cut_off->push_back(std::move(database));
}

} // namespace isolite::sandbox
