#include "engine/connection_recipe.hpp"

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

} // namespace

void connection_recipe::prepare(SQLite::Database& database) const {
    attach_missing(database);
    database.exec("PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON");
    keep_journal_in_memory(database, "main");
    for (const attachment& each : attached) {
        database.exec("PRAGMA " + quoted_name(each.schema) + ".synchronous = OFF");
        keep_journal_in_memory(database, each.schema);
    }
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
            missing.push_back(each.schema);
        }
    }
    return missing;
}

} // namespace isolite
