#include "fingerprint.hpp"

#include <isolite/engine.hpp>

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <sqlite3.h>

#include <set>
#include <sstream>
#include <vector>

namespace {

constexpr const char* adversaries_files[] = {"left.db", "left.db-journal"};

using row = std::vector<std::string>;

/// Returns every row of a query; one row with the error's text when it fails.
std::vector<row> rows(SQLite::Database& database, const std::string& sql) {
    std::vector<row> found;
    try {
        SQLite::Statement statement(database, sql);
        while (statement.executeStep()) {
            row& current = found.emplace_back();
            for (int i = 0; i < statement.getColumnCount(); ++i) {
                const SQLite::Column column = statement.getColumn(i);
                current.push_back(std::to_string(column.getType()) + ":" + column.getString());
            }
        }
    } catch (const SQLite::Exception& problem) {
        found.push_back({problem.what()});
    }
    return found;
}

std::string text(SQLite::Database& database, const std::string& sql) {
    std::string all;
    for (const row& row : rows(database, sql)) {
        for (const std::string& value : row) {
            all += value + "|";
        }
        all += "\n";
    }
    return all;
}

/// PRAGMAs that act, need an argument, or have a section of their own. `data_version` and
/// `schema_version` count commits, and may only ever grow.
const std::set<std::string> not_settings = {
    "application_id", "auto_vacuum",   "collation_list",     "compile_options",
    "data_version",   "database_list", "encoding",           "foreign_key_check",
    "freelist_count", "function_list", "incremental_vacuum", "integrity_check",
    "module_list",    "optimize",      "page_count",         "page_size",
    "pragma_list",    "quick_check",   "schema_version",     "shrink_memory",
    "table_list",     "user_version",  "wal_checkpoint",
};

std::string settings(SQLite::Database& database) {
    std::string all = "LIKE " + text(database, "SELECT 'a' LIKE 'A'");
    for (const row& pragma : rows(database, "SELECT name FROM pragma_pragma_list ORDER BY name")) {
        const std::string name = pragma.front().substr(pragma.front().find(':') + 1);
        if (not_settings.count(name) == 0) {
            all += name + " " + text(database, "PRAGMA " + name) + "\n";
        }
    }
    return all;
}

std::string flags(sqlite3* connection) {
    std::string all;
    for (int flag = SQLITE_DBCONFIG_ENABLE_FKEY; flag <= SQLITE_DBCONFIG_MAX; ++flag) {
        int value = -1;
        sqlite3_db_config(connection, flag, -1, &value);
        all += std::to_string(flag) + "=" + std::to_string(value) + "\n";
    }
    return all;
}

std::string limits(sqlite3* connection) {
    std::string all;
    for (int limit = SQLITE_LIMIT_LENGTH; limit <= SQLITE_LIMIT_WORKER_THREADS; ++limit) {
        all += std::to_string(limit) + "=" + std::to_string(sqlite3_limit(connection, limit, -1)) +
               "\n";
    }
    return all;
}

std::string running_statements(sqlite3* connection) {
    std::string all;
    sqlite3_stmt* statement = nullptr;
    while ((statement = sqlite3_next_stmt(connection, statement)) != nullptr) {
        if (sqlite3_stmt_busy(statement) != 0) {
            all += sqlite3_sql(statement) + std::string("\n");
        }
    }
    return all;
}

std::string rows_of_tables(SQLite::Database& database) {
    std::string all;
    for (const row& table : rows(database, "SELECT quote(name) FROM sqlite_master "
                                           "WHERE type = 'table' AND name NOT LIKE 'sqlite_%' "
                                           "ORDER BY name")) {
        const std::string name = table.front().substr(table.front().find(':') + 1);
        all += name + "\n" + text(database, "SELECT * FROM " + name + " ORDER BY 1, 2");
    }
    return all;
}

std::string header(SQLite::Database& database) {
    std::string all;
    for (const char* pragma : {"application_id", "auto_vacuum", "encoding", "freelist_count",
                               "page_count", "page_size", "user_version"}) {
        all += pragma + text(database, std::string("PRAGMA ") + pragma);
    }
    return all;
}

/// Returns which of the files that the adversaries make exist in memory.
std::string files() {
    std::string all;
    sqlite3_vfs* const vfs = sqlite3_vfs_find("isolite");
    for (const char* name : adversaries_files) {
        int exists = 0;
        vfs->xAccess(vfs, name, SQLITE_ACCESS_READWRITE, &exists); // an empty one as well
        all += exists != 0 ? name + std::string("\n") : "";
    }
    return all;
}

constexpr const char* schema = "SELECT type, name, tbl_name, rootpage, sql FROM sqlite_master "
                               "ORDER BY type, name";
constexpr const char* sequence = "SELECT name, seq FROM sqlite_sequence ORDER BY name";

/// What a connection that had no part in anything sees.
std::string newcomer(const std::string& uri) {
    try {
        SQLite::Database database(uri, SQLite::OPEN_READWRITE | SQLite::OPEN_URI);
        return text(database, schema) + rows_of_tables(database) + text(database, sequence) +
               header(database) + text(database, "PRAGMA integrity_check") +
               text(database, "PRAGMA journal_mode");
    } catch (const SQLite::Exception& problem) {
        return problem.what();
    }
}

/// What is in the database that the seed attaches as "archive", through both kinds of connection.
std::string archive(isolite::engine& engine) {
    const auto uri = engine.uri("archive");
    if (!uri) {
        return "none";
    }
    return text(engine.db(), "SELECT type, name, sql FROM archive.sqlite_master ORDER BY name") +
           text(engine.db(), "SELECT * FROM archive.past_orders ORDER BY id") +
           text(engine.db(), "PRAGMA archive.journal_mode") + newcomer(*uri);
}

std::set<std::string> lines(const std::string& text) {
    std::set<std::string> found;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        found.insert(line);
    }
    return found;
}

} // namespace

void restore_process() {
    sqlite3_vfs* const vfs = sqlite3_vfs_find("isolite");
    for (const char* name : adversaries_files) {
        vfs->xDelete(vfs, name, 0);
    }
    sqlite3_soft_heap_limit64(0);
}

fingerprint take_fingerprint(isolite::engine& engine) {
    SQLite::Database& database = engine.db();
    sqlite3* const connection = database.getHandle();
    return {
        {"last_insert_rowid", std::to_string(sqlite3_last_insert_rowid(connection))},
        {"statements", running_statements(connection)},
        {"transaction", sqlite3_get_autocommit(connection) != 0 ? "none" : "open"},
        {"temporary objects", text(database, "SELECT type, name, sql FROM sqlite_temp_master")},
        {"databases", text(database, "SELECT name, file FROM pragma_database_list "
                                     "WHERE name <> 'temp'")},
        {"schema", text(database, schema)},
        {"rows", rows_of_tables(database)},
        {"sequence", text(database, sequence)},
        {"header", header(database)},
        {"settings", settings(database)},
        {"flags", flags(connection)},
        {"limits", limits(connection)},
        // LIKE stays the connection's own once case_sensitive_like was set, whatever to.
        {"functions",
         text(database, "SELECT DISTINCT name, builtin, narg FROM pragma_function_list "
                        "WHERE name <> 'like' ORDER BY 1, 2, 3") +
             text(database, "SELECT name FROM pragma_collation_list ORDER BY 1")},
        {"files", files()},
        {"newcomer", newcomer(engine.uri())},
        {"archive", archive(engine)},
    };
}

std::string difference(const fingerprint& before, const fingerprint& now) {
    std::string names;
    for (const auto& [section, content] : before) {
        if (now.at(section) != content) {
            names += (names.empty() ? "" : ", ") + section;
        }
    }
    return names;
}

std::string details(const fingerprint& before, const fingerprint& now) {
    std::string all;
    for (const auto& [section, content] : before) {
        if (now.at(section) == content) {
            continue;
        }
        const std::set<std::string> old_lines = lines(content);
        const std::set<std::string> new_lines = lines(now.at(section));
        for (const std::string& line : old_lines) {
            all += new_lines.count(line) == 0 ? section + " - " + line + "\n" : "";
        }
        for (const std::string& line : new_lines) {
            all += old_lines.count(line) == 0 ? section + " + " + line + "\n" : "";
        }
    }
    return all;
}
