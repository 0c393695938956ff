#include "sandbox/connection_recipe.hpp"

#include "leak/cursor.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <sqlite3.h>

namespace isolite {

namespace {

void keep_journal_in_memory(SQLite::Database& database, const std::string& schema) {
    const std::string pragma = "PRAGMA " + quoted_name(schema) + ".journal_mode";
    SQLite::Statement mode(database, pragma);
    if (mode.executeStep() && mode.getColumn(0).getString() != "wal") {
        mode.reset();
        database.exec(pragma + " = TRUNCATE");
    }
}

/// Gives a database the settings that it has on every connection of isolite's.
void set_up(SQLite::Database& database, const std::string& schema) {
    database.exec("PRAGMA " + quoted_name(schema) + ".synchronous = OFF");
    keep_journal_in_memory(database, schema);
}

} // namespace

void connection_recipe::prepare(SQLite::Database& database) const {
    database.exec("PRAGMA foreign_keys = ON");
    set_up(database, "main");
    attach_missing(database);
    for (const seed::step_function& step : steps) {
        step(database);
    }
}

std::vector<std::string> connection_recipe::attach_missing(SQLite::Database& database) const {
    std::vector<std::string> missing;
    for (const attachment& each : attached) {
        if (!sqlite3_db_filename(database.getHandle(), each.schema.c_str())) {
            SQLite::Statement attach(database, "ATTACH ? AS " + quoted_name(each.schema));
            attach.bind(1, each.uri);
            attach.exec();
            set_up(database, each.schema);
            missing.push_back(each.schema);
        }
    }
    return missing;
}

} // namespace isolite
