#include "random_oracle.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <chrono>
#include <cstring>
#include <exception>
#include <sstream>
#include <vector>

namespace {

const char* const schemas[] = {"main", "temp", "audit"};

/// PRAGMAs of each database.
const char* const of_database[] = {
    "page_size",    "page_count",     "freelist_count",    "auto_vacuum",   "cache_size",
    "journal_mode", "locking_mode",   "max_page_count",    "secure_delete", "synchronous",
    "user_version", "application_id", "journal_size_limit"};

/// PRAGMAs of the connection or the process. data_version and schema_version may grow.
const char* const of_connection[] = {"analysis_limit",
                                     "automatic_index",
                                     "busy_timeout",
                                     "cache_spill",
                                     "cell_size_check",
                                     "checkpoint_fullfsync",
                                     "count_changes",
                                     "defer_foreign_keys",
                                     "empty_result_callbacks",
                                     "encoding",
                                     "foreign_keys",
                                     "full_column_names",
                                     "fullfsync",
                                     "hard_heap_limit",
                                     "ignore_check_constraints",
                                     "legacy_alter_table",
                                     "query_only",
                                     "read_uncommitted",
                                     "recursive_triggers",
                                     "reverse_unordered_selects",
                                     "short_column_names",
                                     "soft_heap_limit",
                                     "temp_store",
                                     "threads",
                                     "trusted_schema",
                                     "wal_autocheckpoint",
                                     "writable_schema"};

std::string settings(sqlite3* h, bool has_audit) {
    std::string all = "LIKE " + answer(h, "SELECT 'a' LIKE 'A'") + "\n";
    for (const char* pragma : of_connection) {
        all += pragma + (" " + answer(h, std::string("PRAGMA ") + pragma)) + "\n";
    }
    for (const char* schema : schemas) {
        for (const char* pragma : of_database) {
            const bool is_told_apart = schema == schemas[1] && pragma == of_database[1];
            if ((has_audit || schema != schemas[2]) && !is_told_apart) {
                const std::string name = std::string(schema) + "." + pragma;
                const std::string told = answer(h, "PRAGMA " + name);
                // SQLite says 0 until it has opened the file of TEMP, which a query may do.
                const bool is_closed = name == "temp.cache_size" && told == "0|;";
                all += name + " " + (is_closed ? "-2000|;" : told) + "\n";
            }
        }
    }
    return all;
}

std::string numbers(sqlite3* h) {
    std::string all;
    for (int flag = SQLITE_DBCONFIG_ENABLE_FKEY; flag <= SQLITE_DBCONFIG_MAX; ++flag) {
        int value = -1;
        sqlite3_db_config(h, flag, -1, &value);
        all += std::to_string(flag) + "=" + std::to_string(value) + "\n";
    }
    return all;
}

std::string limits(sqlite3* h) {
    std::string all;
    for (int limit = SQLITE_LIMIT_LENGTH; limit <= SQLITE_LIMIT_WORKER_THREADS; ++limit) {
        all += std::to_string(limit) + "=" + std::to_string(sqlite3_limit(h, limit, -1)) + "\n";
    }
    return all;
}

std::string contents(sqlite3* h, const std::string& schema) {
    std::string all;
    std::istringstream names(
        answer(h, "SELECT name FROM " + schema + ".sqlite_schema WHERE type = 'table'"));
    for (std::string name; std::getline(names, name, ';');) {
        name.pop_back(); // the end of a column
        all += name + ": " + answer(h, "SELECT * FROM " + schema + ".\"" + name + "\"") + "\n";
    }
    return all;
}

/// What is in databases that a suite or on_connect has attached.
std::string contents_of_others(sqlite3* h) {
    std::string all;
    std::istringstream names(answer(h, "SELECT name FROM pragma_database_list WHERE name NOT IN "
                                       "('main', 'temp', 'audit') ORDER BY 1"));
    for (std::string name; std::getline(names, name, ';');) {
        name.pop_back(); // the end of a column
        all += name + ": " + answer(h, "SELECT sql FROM " + name + ".sqlite_schema") + "\n" +
               contents(h, name);
    }
    return all;
}

std::string open_statements(sqlite3* h) {
    std::string all;
    sqlite3_stmt* each = nullptr;
    while ((each = sqlite3_next_stmt(h, each)) != nullptr) {
        const char* const text = sqlite3_sql(each);
        const bool is_internal = !text || std::strstr(text, "'.'"); // of a virtual table
        if (!is_internal && sqlite3_stmt_busy(each) != 0) {
            all += text;
            all += "\n";
        }
    }
    return all;
}

std::string process() {
    const char* const files[] = {"extra.db",   "daily-journal", "daily-wal", "x-journal",
                                 "a b'c%?.db", "-journal",      "copy.db",   "stray.db"};
    std::string all = std::string("default vfs ") + sqlite3_vfs_find(nullptr)->zName + "\n" +
                      "temp_directory " + (sqlite3_temp_directory ? sqlite3_temp_directory : "") +
                      "\nlate calls of hooks " + std::to_string(late_calls()) + "\n";
    sqlite3_vfs* const vfs = sqlite3_vfs_find("isolite");
    for (const char* name : files) {
        int exists = 0;
        vfs->xAccess(vfs, name, SQLITE_ACCESS_READWRITE, &exists);
        all += exists != 0 ? std::string("file ") + name + "\n" : "";
    }
    return all;
}

std::uint32_t number_at(const unsigned char* bytes) {
    std::uint32_t number = 0;
    for (int i = 0; i < 4; ++i) {
        number = number * 256 + bytes[i];
    }
    return number;
}

/// Blanks the free pages that SQLite itself does not put back when it rolls back: its cache holds
/// what was written to them, until somebody reads them from the file.
/// Source: https://www.sqlite.org/fileformat2.html#the_freelist
void blank_free_pages(unsigned char* bytes, std::size_t size) {
    if (size < 512) {
        return;
    }
    const std::size_t stored = bytes[16] * 256U + bytes[17];
    const std::size_t page = stored == 1 ? 65536 : stored;
    const auto exists = [=](std::size_t number) { return number > 0 && number * page <= size; };
    std::size_t trunks = 0;
    for (std::size_t trunk = number_at(bytes + 32); exists(trunk) && ++trunks < size / page;) {
        const unsigned char* const from = bytes + (trunk - 1) * page;
        for (std::size_t i = 0; i < number_at(from + 4) && 4 * i + 12 <= page; ++i) {
            if (const std::size_t leaf = number_at(from + 8 + 4 * i); exists(leaf)) {
                std::memset(bytes + (leaf - 1) * page, 0, page);
            }
        }
        trunk = number_at(from);
    }
}

/// Returns the bytes of a database, without the numbers in the header that may only grow.
std::string pages(sqlite3* h, const char* schema, bool is_fresh = false) {
    sqlite3_int64 size = 0;
    unsigned char* const bytes = sqlite3_serialize(h, schema, &size, 0);
    if (bytes == nullptr) {
        return std::string("no pages: ") + sqlite3_errmsg(h);
    }
    if (!is_fresh) {
        blank_free_pages(bytes, static_cast<std::size_t>(size));
    }
    constexpr int page = 512;
    std::string all = std::to_string(size);
    for (sqlite3_int64 at = 0; at < size; at += page) {
        std::uint64_t hash = 1469598103934665603U; // FNV-1a
        for (sqlite3_int64 i = at; i < at + page && i < size; i += 4) {
            const bool grows = (i >= 24 && i < 28) || (i >= 40 && i < 44) || (i >= 92 && i < 96);
            hash = (hash ^ (grows ? 0 : number_at(bytes + i))) * 1099511628211U;
        }
        all += (at % 8192 == 0 ? "\n" : " ") + std::to_string(hash % 100000000U);
    }
    sqlite3_free(bytes);
    return all;
}

std::string kept(world& w) {
    std::string all;
    const auto add = [&all](auto ask) {
        try {
            all += ask();
        } catch (const std::exception& problem) {
            all += problem.what();
        }
        all += "\n";
    };
    isolite::engine& engine = w.engine();
    add([&] { return std::to_string(engine.value<int>("SELECT * FROM one")); });
    add([&] { return std::to_string(engine.value<int>("SELECT * FROM vw WHERE id = 1")); });
    add([&] {
        SQLite::Statement& rows = engine.statement("SELECT * FROM t ORDER BY v DESC");
        std::string told = std::to_string(rows.getColumnCount());
        while (rows.executeStep()) {
            told += " " + rows.getColumn(0).getString();
        }
        rows.reset();
        return told;
    });
    return all;
}

/// What a test finds that writes: keys, triggers and the texts of errors.
std::string writing(world& w) {
    sqlite3* const h = w.own();
    std::string all;
    for (const char* sql :
         {"SAVEPOINT look", "INSERT INTO t VALUES (1, 'again')", "INSERT INTO d VALUES (77)",
          "INSERT INTO t(v) VALUES ('new') RETURNING id", "DELETE FROM t WHERE id = 2",
          "SELECT * FROM lg", "INSERT INTO seq(v) VALUES (1) RETURNING id",
          "UPDATE big SET a = 3 WHERE b = 2 AND a = 2", "SELECT changes()", "ROLLBACK TO look",
          "RELEASE look"}) {
        all += answer(h, sql) + "\n";
    }
    try {
        return all + w.engine().kept<clerk>().report();
    } catch (const std::exception& problem) {
        return all + problem.what();
    }
}

std::string newcomer(world& w) {
    auto opened = w.engine().connect(std::chrono::milliseconds(0));
    if (!opened) {
        return opened.error().text();
    }
    sqlite3* const h = opened->getHandle();
    return pages(h, "main", true) + "\n" +
           answer(h, "PRAGMA database_list; SELECT * FROM t; PRAGMA main.journal_mode; "
                     "PRAGMA integrity_check; PRAGMA foreign_keys; PRAGMA cache_size") +
           (w.settings().prepared ? answer(h, "SELECT * FROM cache; SELECT twice(4)") : "");
}

const char* const plans =
    "EXPLAIN QUERY PLAN SELECT * FROM big WHERE a = 1 AND b = 2;"
    "EXPLAIN QUERY PLAN SELECT * FROM big JOIN t ON t.id = big.b WHERE s = 'x' ORDER BY a;"
    "SELECT group_concat(id) FROM (SELECT id FROM big WHERE a = 1 AND b IN (1, 2, 3));"
    "SELECT rowid FROM ft WHERE ft MATCH 'world'; SELECT id FROM rt WHERE x0 > 1";

} // namespace

testimony look(world& w) {
    sqlite3* const h = w.own();
    const bool has_audit = w.settings().attached;
    testimony seen;
    seen["changes"] = std::to_string(sqlite3_changes(h)) + " " + answer(h, "SELECT changes()");
    seen["last_insert_rowid"] = std::to_string(sqlite3_last_insert_rowid(h));
    seen["transaction"] = std::to_string(sqlite3_get_autocommit(h));
    seen["statements"] = open_statements(h);
    seen["databases"] = answer(h, "SELECT name, file FROM pragma_database_list "
                                  "WHERE name <> 'temp'");
    seen["whether temp is open"] =
        answer(h, "SELECT count(*) FROM pragma_database_list WHERE name = 'temp'");
    seen["schemas in memory"] =
        answer(h, "SELECT schema, name, type, ncol FROM pragma_table_list ORDER BY 1, 2");
    seen["kept"] = kept(w);
    for (const char* schema : schemas) {
        if (has_audit || schema != schemas[2]) {
            const std::string name = schema;
            seen["schema of " + name] = answer(
                h, "SELECT type, name, tbl_name, rootpage, sql FROM " + name + ".sqlite_schema");
            seen["rows of " + name] = contents(h, name);
        }
    }
    seen["rows of other databases"] = contents_of_others(h);
    seen["settings"] = settings(h, has_audit);
    seen["flags"] = numbers(h);
    seen["limits"] = limits(h);
    seen["functions"] =
        answer(h, "SELECT DISTINCT name, builtin, narg, flags FROM pragma_function_list "
                  "WHERE name <> 'like' ORDER BY 1, 2, 3, 4;"
                  "SELECT name FROM pragma_collation_list ORDER BY 1;"
                  "SELECT name FROM pragma_module_list WHERE name NOT LIKE 'pragma%' ORDER BY 1;"
                  "SELECT upper('x'), 'a' = 'A' COLLATE NOCASE") +
        (w.settings().prepared ? answer(h, "SELECT twice(21)") : "");
    seen["plans"] = answer(h, plans);
    seen["process"] = process();
    seen["pages"] = pages(h, "main") + (has_audit ? pages(h, "audit") : "");
    seen["newcomer"] = newcomer(w);
    seen["writing"] = w.settings().unprotected ? "" : writing(w);
    for (auto each = seen.begin(); each != seen.end();) {
        const bool is_hidden = hidden_sections().find(each->first) != std::string::npos;
        each = is_hidden ? seen.erase(each) : std::next(each);
    }
    return seen;
}

std::string& hidden_sections() {
    static std::string names;
    return names;
}

std::string difference(const testimony& before, const testimony& now, const std::string& hidden) {
    std::string all;
    for (const auto& [section, content] : before) {
        const auto found = now.find(section);
        const std::string other = found == now.end() ? "nothing" : found->second;
        if (other == content || hidden.find(section) != std::string::npos) {
            continue;
        }
        std::istringstream old_lines(content);
        std::istringstream new_lines(other);
        std::string old_line;
        std::string new_line;
        for (int i = 0; i < 300; ++i) {
            const bool has_old = static_cast<bool>(std::getline(old_lines, old_line));
            const bool has_new = static_cast<bool>(std::getline(new_lines, new_line));
            if (!has_old && !has_new) {
                break;
            }
            if (!has_old || !has_new || old_line != new_line) {
                all += section + ": " + (has_old ? old_line : "-") + "  =>  " +
                       (has_new ? new_line : "-") + "\n";
            }
        }
    }
    return all;
}
