#include "sandbox/changes_counter.hpp"

#include <new>

namespace isolite::sandbox {

namespace {

int connect(sqlite3* connection, void* /*data*/, int /*count*/, const char* const* /*arguments*/,
            sqlite3_vtab** table, char** /*error*/) {
    *table = new (std::nothrow) sqlite3_vtab{};
    return *table ? sqlite3_declare_vtab(connection, "CREATE TABLE x (y)") : SQLITE_NOMEM;
}

int disconnect(sqlite3_vtab* table) {
    delete table;
    return SQLITE_OK;
}

/// A table that exists without a schema, so that it cannot be missing: one that could be written,
/// and that nobody ever opens.
/// Source: https://www.sqlite.org/vtab.html#eponymous_only_virtual_tables
const sqlite3_module& module_of_nothing() {
    static const sqlite3_module module = [] {
        sqlite3_module made{};
        made.xConnect = connect;
        made.xDisconnect = disconnect;
        made.xBestIndex = [](sqlite3_vtab*, sqlite3_index_info*) { return SQLITE_OK; };
        made.xOpen = [](sqlite3_vtab*, sqlite3_vtab_cursor**) { return SQLITE_READONLY; };
        made.xUpdate = [](sqlite3_vtab*, int, sqlite3_value**, sqlite3_int64*) {
            return SQLITE_READONLY;
        };
        return made;
    }();
    return module;
}

/// Returns what the pages of `main` come from.
const sqlite3_vfs* vfs_of(sqlite3* connection) {
    sqlite3_vfs* vfs = nullptr;
    sqlite3_file_control(connection, nullptr, SQLITE_FCNTL_VFS_POINTER, &vfs);
    return vfs;
}

} // namespace

void changes_counter::begin(sqlite3* connection) noexcept {
    connection_ = connection;
    vfs_ = vfs_of(connection);
    sqlite3_create_module(connection, "isolite_nothing", &module_of_nothing(), nullptr);
}

void changes_counter::reset() noexcept {
    if (vfs_of(connection_) != vfs_) { // sqlite3_deserialize has freed the schema that it uses
        return;
    }
    if (!explained_) { // only now: who only reads a database need not wait for it
        sqlite3_stmt* made = nullptr;
        sqlite3_prepare_v3(connection_, "EXPLAIN DELETE FROM isolite_nothing", -1,
                           SQLITE_PREPARE_PERSISTENT, &made, nullptr);
        explained_.reset(made);
    }
    if (explained_) {
        stepped(explained_.get());
    }
}

} // namespace isolite::sandbox
