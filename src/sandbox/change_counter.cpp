#include "sandbox/change_counter.hpp"

#include <sqlite3.h>

#include <new>

namespace isolite::sandbox {

namespace {

// A table that exists without a schema, so that it cannot be missing: one that could be written,
// and that nobody ever opens. Source:
// https://www.sqlite.org/vtab.html#eponymous_only_virtual_tables

int connect(sqlite3* connection, void* /*data*/, int /*count*/, const char* const* /*arguments*/,
            sqlite3_vtab** table, char** /*error*/) {
    *table = new (std::nothrow) sqlite3_vtab{};
    return *table ? sqlite3_declare_vtab(connection, "CREATE TABLE x (y)") : SQLITE_NOMEM;
}

int disconnect(sqlite3_vtab* table) {
    delete table;
    return SQLITE_OK;
}

int plan(sqlite3_vtab* /*table*/, sqlite3_index_info* /*info*/) {
    return SQLITE_OK;
}

int open(sqlite3_vtab* /*table*/, sqlite3_vtab_cursor** /*cursor*/) {
    return SQLITE_READONLY;
}

int update(sqlite3_vtab* /*table*/, int /*count*/, sqlite3_value** /*values*/,
           sqlite3_int64* /*rowid*/) {
    return SQLITE_READONLY;
}

const sqlite3_module& module_of_nothing() {
    static const sqlite3_module module = [] {
        sqlite3_module made{};
        made.xConnect = connect;
        made.xBestIndex = plan;
        made.xDisconnect = disconnect;
        made.xOpen = open;
        made.xUpdate = update;
        return made;
    }();
    return module;
}

} // namespace

change_counter::change_counter(sqlite3* connection) : connection_(connection) {
    sqlite3_create_module(connection, "isolite_nothing", &module_of_nothing(), nullptr);
    sqlite3_prepare_v3(connection, "EXPLAIN DELETE FROM isolite_nothing", -1,
                       SQLITE_PREPARE_PERSISTENT, &explained_, nullptr);
    reset();
}

change_counter::~change_counter() {
    sqlite3_finalize(explained_);
}

void change_counter::reset() noexcept {
    if (explained_ && sqlite3_changes(connection_) != 0) {
        sqlite3_step(explained_);
        sqlite3_reset(explained_);
    }
}

} // namespace isolite::sandbox
