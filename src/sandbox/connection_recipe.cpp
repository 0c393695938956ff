#include "sandbox/connection_recipe.hpp"

#include "leak/cursor.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <sqlite3.h>

namespace isolite::sandbox {

namespace {

void keep_journal_in_memory(SQLite::Database& database, const std::string& schema) {
    const std::string pragma = "PRAGMA " + leak::quoted_name(schema) + ".journal_mode";
    SQLite::Statement mode(database, pragma);
    if (mode.executeStep() && mode.getColumn(0).getString() != "wal") {
        mode.reset();
        database.exec(pragma + " = TRUNCATE");
    }
}

/// Gives a database the settings that it has on every connection of isolite's.
void set_up(SQLite::Database& database, const std::string& schema) {
    database.exec("PRAGMA " + leak::quoted_name(schema) + ".synchronous = OFF");
    keep_journal_in_memory(database, schema);
}

} // namespace

void attach(SQLite::Database& database, const std::string& uri, const std::string& schema) {
    SQLite::Statement statement(database, "ATTACH ? AS " + leak::quoted_name(schema));
    statement.bind(1, uri);
    statement.exec();
}

void connection_recipe::prepare(SQLite::Database& database) const {
    prepare_without_steps(database);
    for (const seed::step_function& step : steps) {
        step(database);
    }
}

void connection_recipe::prepare_without_steps(SQLite::Database& database) const {
    sqlite3_db_config(database.getHandle(), SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
    set_up(database, "main");
    for (const attachment& each : attached) {
        attach(database, each.uri, each.schema);
        set_up(database, each.schema);
    }
}

} // namespace isolite::sandbox
