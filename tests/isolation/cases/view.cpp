#include "view.hpp"

#include <isolite/engine.hpp>

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <set>
#include <sstream>
#include <vector>

namespace {

/// Code under test that keeps a statement.
class teller {
  public:
    explicit teller(SQLite::Database& db) : count_(db, "SELECT count(*) FROM sqlite_schema") {}

    std::string tell() {
        count_.executeStep();
        std::string count = count_.getColumn(0).getString();
        count_.reset();
        return count;
    }

  private:
    SQLite::Statement count_;
};

using names = std::vector<std::string>;

std::string cell(sqlite3_stmt* statement, int column) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
    return text ? std::string(text,
                              static_cast<std::size_t>(sqlite3_column_bytes(statement, column)))
                : "NULL";
}

/// Runs the first statement of a script. Returns its rows and leaves the rest.
std::string first_answer(sqlite3* connection, const char*& sql, int& code) {
    std::string all;
    sqlite3_stmt* statement = nullptr;
    code = sqlite3_prepare_v2(connection, sql, -1, &statement, &sql);
    while (code == SQLITE_OK && statement && (code = sqlite3_step(statement)) == SQLITE_ROW) {
        code = SQLITE_OK;
        for (int i = 0; i < sqlite3_column_count(statement); ++i) {
            all += (i == 0 ? "" : "|") + cell(statement, i);
        }
        all += "; ";
    }
    code = code == SQLITE_DONE ? SQLITE_OK : code;
    if (code != SQLITE_OK) {
        all += "error " + std::to_string(code) + ": " + sqlite3_errmsg(connection);
    }
    sqlite3_finalize(statement);
    return all;
}

names column(sqlite3* connection, const std::string& sql) {
    names found;
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v2(connection, sql.c_str(), -1, &statement, nullptr);
    while (statement && sqlite3_step(statement) == SQLITE_ROW) {
        found.push_back(cell(statement, 0));
    }
    sqlite3_finalize(statement);
    return found;
}

std::string quoted(const std::string& name) {
    return '"' + name + '"';
}

/// What acts, lists something, or counts commits and so may grow.
const std::set<std::string> not_settings = {
    "collation_list",     "compile_options", "data_version",   "database_list", "function_list",
    "incremental_vacuum", "module_list",     "optimize",       "pragma_list",   "schema_version",
    "shrink_memory",      "table_list",      "wal_checkpoint",
};

const names settings_of_a_schema = {
    "application_id", "auto_vacuum",   "cache_size",         "encoding",       "freelist_count",
    "journal_mode",   "locking_mode",  "journal_size_limit", "max_page_count", "page_count",
    "page_size",      "secure_delete", "synchronous",        "user_version"};

void show(std::string& all, sqlite3* connection, const std::string& sql) {
    all += sql + " -> " + answer(connection, sql) + "\n";
}

void show_settings(std::string& all, sqlite3* connection) {
    for (const std::string& each :
         column(connection, "SELECT name FROM pragma_pragma_list ORDER BY name")) {
        if (not_settings.count(each) == 0) {
            show(all, connection, "PRAGMA " + each);
        }
    }
    show(all, connection, "SELECT DISTINCT name, narg FROM pragma_function_list ORDER BY 1, 2");
    show(all, connection, "SELECT name FROM pragma_collation_list ORDER BY 1");
    show(all, connection, "SELECT 'a' LIKE 'A'");
    for (int flag = SQLITE_DBCONFIG_ENABLE_FKEY; flag <= SQLITE_DBCONFIG_MAX; ++flag) {
        int value = -1;
        sqlite3_db_config(connection, flag, -1, &value);
        all += "flag " + std::to_string(flag) + " -> " + std::to_string(value) + "\n";
    }
}

void show_schema(std::string& all, sqlite3* connection, const std::string& schema) {
    const std::string of = quoted(schema) + ".";
    for (const std::string& each : settings_of_a_schema) {
        const std::string sql = "PRAGMA " + of + each;
        // SQLite opens TEMP when somebody looks at it, and says 0 before.
        const std::string value = answer(connection, sql);
        all += sql + " -> " + (value == "0; " && each == "cache_size" ? "-2000; " : value) + "\n";
    }
    show(all, connection,
         "SELECT type, name, tbl_name, rootpage, sql FROM " + of + "sqlite_schema ORDER BY rowid");
    for (const std::string& table : column(connection, "SELECT name FROM " + of +
                                                           "sqlite_schema WHERE type IN ('table', "
                                                           "'view') ORDER BY name")) {
        show(all, connection, "SELECT * FROM " + of + quoted(table));
    }
    for (const int option : {SQLITE_FCNTL_PERSIST_WAL, SQLITE_FCNTL_RESERVE_BYTES}) {
        int value = -1;
        sqlite3_file_control(connection, schema.c_str(), option, &value);
        all += schema + " file control " + std::to_string(option) + " -> " + std::to_string(value) +
               "\n";
    }
}

void show_process(std::string& all) {
    all += "heap limits -> " + std::to_string(sqlite3_soft_heap_limit64(-1)) + " " +
           std::to_string(sqlite3_hard_heap_limit64(-1)) + "\n";
    all += std::string("default file system -> ") + sqlite3_vfs_find(nullptr)->zName + "\n";
}

void show_kept(std::string& all, isolite::engine& engine) {
    const names tables =
        column(engine.db().getHandle(), "SELECT name FROM main.sqlite_schema WHERE type = 'table' "
                                        "AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name");
    for (const std::string& table : tables) {
        const std::string sql = "SELECT * FROM main." + quoted(table);
        all += "kept " + sql + " ->";
        try {
            SQLite::Statement& kept = engine.statement(sql);
            while (kept.executeStep()) {
                for (int i = 0; i < kept.getColumnCount(); ++i) {
                    all += " " + kept.getColumn(i).getString();
                }
            }
            kept.reset();
        } catch (const std::exception& problem) {
            all += std::string(" threw ") + problem.what();
        }
        all += "\n";
    }
    try {
        all += "kept object -> " + engine.kept<teller>().tell() + "\n";
    } catch (const std::exception& problem) {
        all += std::string("kept object threw ") + problem.what() + "\n";
    }
}

void show_further_connection(std::string& all, const isolite::engine& engine) {
    auto other = engine.connect();
    if (!other) {
        all += "no further connection: " + other.error().text() + "\n";
        return;
    }
    std::string seen;
    for (const char* sql :
         {"SELECT name FROM pragma_database_list", "SELECT name FROM sqlite_temp_schema",
          "SELECT * FROM t", "SELECT name, rootpage FROM sqlite_schema", "PRAGMA journal_mode"}) {
        show(seen, other->getHandle(), sql);
    }
    all += "a further connection:\n" + seen;
}

/// A setting without a getter shows in the code of an error.
void show_error_codes(std::string& all, sqlite3* connection) {
    const int code =
        sqlite3_exec(connection, "INSERT INTO t (id) VALUES (1)", nullptr, nullptr, nullptr);
    all += "code of a conflict -> " + std::to_string(code) + "\n";
}

} // namespace

std::string answer(sqlite3* connection, const std::string& sql) {
    std::string all;
    int code = SQLITE_OK;
    for (const char* rest = sql.c_str(); *rest != '\0' && code == SQLITE_OK;) {
        all += first_answer(connection, rest, code);
    }
    return all;
}

std::string view(isolite::engine& engine) {
    sqlite3* const connection = engine.db().getHandle();
    std::string all = "error -> " + std::to_string(sqlite3_extended_errcode(connection)) + "\n";
    all += "changes -> " + std::to_string(sqlite3_changes(connection)) + "\n";
    all += "last rowid -> " + std::to_string(sqlite3_last_insert_rowid(connection)) + "\n";
    for (int i = 0; const char* const name = sqlite3_db_name(connection, i); ++i) {
        const char* const file = sqlite3_db_filename(connection, name);
        all += std::string("database ") + name + " -> " + (file ? file : "") + "\n";
    }
    for (sqlite3_stmt* each = nullptr; (each = sqlite3_next_stmt(connection, each)) != nullptr;) {
        if (sqlite3_stmt_busy(each) != 0) {
            const char* const sql = sqlite3_sql(each);
            all += std::string("in the middle of ") + (sql ? sql : "a handle") + "\n";
        }
    }
    show_process(all);
    show_settings(all, connection);
    for (const std::string& schema :
         column(connection, "SELECT name FROM pragma_database_list UNION SELECT 'temp'")) {
        show_schema(all, connection, schema);
    }
    show_kept(all, engine);
    show_error_codes(all, connection);
    show_further_connection(all, engine);
    return all;
}

std::string difference(const std::string& seen, const std::string& wanted) {
    constexpr int most = 4;
    std::string all;
    int found = 0;
    const auto lines = [](const std::string& text) {
        names each;
        std::istringstream stream(text);
        for (std::string line; std::getline(stream, line);) {
            each.push_back(line);
        }
        return each;
    };
    const names now = lines(seen);
    const names before = lines(wanted);
    const auto compare = [&](const names& some, const names& others, const char* sign) {
        const std::set<std::string> known(others.begin(), others.end());
        for (const std::string& line : some) {
            if (!line.empty() && known.count(line) == 0 && found++ < most) {
                all += std::string("\n    ") + sign + " " + line.substr(0, 300);
            }
        }
    };
    compare(now, before, "seen  ");
    compare(before, now, "wanted");
    return all;
}
