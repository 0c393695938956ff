#include "random_kind.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <string>

// Statements left in the middle of their rows, and handles of other kinds.

namespace {

/// A statement that the test keeps to itself, and leaves after its first row.
kind raw(std::string name, std::string text, verdict of = F, unsigned traits = 0) {
    return {std::move(name), of, of, trait::own | traits, [text](act& a) {
                sqlite3_stmt* statement = nullptr;
                sqlite3_prepare_v2(a.h, text.c_str(), -1, &statement, nullptr);
                a.check(sqlite3_step(statement), "left open");
                a.done = a.done && sqlite3_stmt_busy(statement) != 0;
                a.w.leave({statement, [](sqlite3_stmt* left) { sqlite3_finalize(left); }});
            }};
}

/// A statement of the engine, left after its first row.
kind half_read(std::string name, std::string text, verdict of = F, unsigned traits = 0) {
    return {std::move(name), of, of, trait::own | traits, [text](act& a) {
                try {
                    a.done = a.w.engine().statement(text).executeStep();
                } catch (const std::exception& problem) {
                    a.w.note(problem.what());
                    a.done = false;
                }
            }};
}

sqlite3_blob* opened_blob(act& a, int is_writable) {
    sqlite3_blob* blob = nullptr;
    sqlite3_blob_open(a.h, "main", "t", "v", 1, is_writable, &blob);
    a.done = a.done && blob != nullptr;
    return blob;
}

void read_blob(act& a, sqlite3_blob* blob) {
    char text[8] = {};
    const int size = sqlite3_blob_bytes(blob);
    sqlite3_blob_read(blob, text, size < 8 ? size : 7, 0);
    a.w.note(text);
}

std::shared_ptr<sqlite3> memory() {
    sqlite3* opened = nullptr;
    sqlite3_open(":memory:", &opened);
    sqlite3_exec(opened,
                 "CREATE TABLE t(id INTEGER PRIMARY KEY, v); INSERT INTO t VALUES (99, 'dump')",
                 nullptr, nullptr, nullptr);
    return {opened, [](sqlite3* handle) { sqlite3_close_v2(handle); }};
}

/// A backup from or into a connection.
struct backup {
    std::shared_ptr<sqlite3> other = memory();
    sqlite3_backup* running = nullptr;

    ~backup() { sqlite3_backup_finish(running); }
};

std::shared_ptr<backup> started(act& a, bool is_into, int pages) {
    auto made = std::make_shared<backup>();
    int resets = 0;
    sqlite3_db_config(a.h, SQLITE_DBCONFIG_RESET_DATABASE, -1, &resets);
    if (resets != 0) {
        a.done = false; // SQLite itself would take an empty file for one
        return made;
    }
    made->running = is_into ? sqlite3_backup_init(a.h, "main", made->other.get(), "main")
                            : sqlite3_backup_init(made->other.get(), "main", a.h, "main");
    a.check(made->running ? sqlite3_backup_step(made->running, pages) : sqlite3_errcode(a.h),
            "backup"); // null where SQLite refuses to begin it
    return made;
}

void deserialize(act& a, const char* schema) {
    if (a.w.has_left()) {
        a.done = false; // SQLite itself would end a backup in what is gone
        return;
    }
    for (auto* each = sqlite3_next_stmt(a.h, nullptr); each; each = sqlite3_next_stmt(a.h, each)) {
        if (sqlite3_stmt_busy(each) != 0) {
            a.done = false; // SQLite itself would read pages that are gone
            return;
        }
    }
    const auto from = memory();
    sqlite3_int64 size = 0;
    unsigned char* const bytes = sqlite3_serialize(from.get(), "main", &size, 0);
    a.check(sqlite3_deserialize(a.h, schema, bytes, size, size,
                                SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE),
            "deserialize");
    a.w.note(answer(a.h, "SELECT * FROM " + std::string(schema) + ".t"));
}

} // namespace

std::vector<kind> statement_kinds() {
    return {
        half_read("a half-read table", "SELECT id FROM t"),
        half_read("a half-read sort", "SELECT id FROM big ORDER BY s"),
        half_read("a half-read recursion", "WITH RECURSIVE c(x) AS (VALUES (1) UNION ALL SELECT "
                                           "x + 1 FROM c) SELECT x FROM c"),
        half_read("half-read values", "VALUES (1), (2)"),
        half_read("a half-read returning", "UPDATE t SET v = 'r' RETURNING id"),
        half_read("a half-read deletion", "DELETE FROM big RETURNING id"),
        half_read("a half-read match", "SELECT * FROM ft WHERE ft MATCH 'world'"),
        half_read("a half-read range", "SELECT * FROM rt WHERE x0 >= 0"),
        half_read("a half-read pragma", "PRAGMA table_info(big)"),
        half_read("a half-read function", "SELECT name FROM pragma_table_list"),
        half_read("a half-read explain", "EXPLAIN SELECT * FROM t"),
        half_read("a half-read dbstat", "SELECT name FROM dbstat"),
        half_read("a half-read cache", "SELECT * FROM temp.cache", F, trait::prepared),
        half_read("a half-read audit", "SELECT * FROM audit.entries", F, trait::attached),
        raw("a raw statement left", "SELECT v FROM t"),
        raw("a raw union left", "SELECT 1 UNION ALL SELECT 2"),
        raw("a raw insertion left", "INSERT INTO seq(v) VALUES (8), (9) RETURNING id"),
        raw("a raw match left", "SELECT rowid FROM ft WHERE ft MATCH 'hello OR bye'"),
        {"half-read and interrupted", F, F, trait::own | trait::unpaired,
         [](act& a) {
             a.done = a.w.engine().statement("SELECT id FROM big").executeStep();
             sqlite3_interrupt(a.h);
         }},
        // Where a virtual table has a BLOB handle, nothing runs from then on.
        {"interrupted", E, E, trait::own, [](act& a) { sqlite3_interrupt(a.h); }},
        {"a statement prepared and left", P, P, trait::own,
         [](act& a) {
             sqlite3_stmt* statement = nullptr;
             a.check(
                 sqlite3_prepare_v2(a.h, "UPDATE t SET v = 'prepared'", -1, &statement, nullptr),
                 "prepare");
             a.w.leave({statement, [](sqlite3_stmt* left) { sqlite3_finalize(left); }});
         }},
        {"a statement closed in time", P, P, 0,
         [](act& a) {
             sqlite3_stmt* statement = nullptr;
             sqlite3_prepare_v2(a.h, "SELECT id FROM t", -1, &statement, nullptr);
             a.check(sqlite3_step(statement), "read");
             a.w.keep({statement,
                       [held = a.connection](sqlite3_stmt* left) { sqlite3_finalize(left); }});
         }},
    };
}

std::vector<kind> handle_kinds() {
    return {
        {"a blob read", P, P, 0,
         [](act& a) {
             sqlite3_blob* const blob = opened_blob(a, 0);
             read_blob(a, blob);
             sqlite3_blob_close(blob);
         }},
        {"a blob written", P, P, 0,
         [](act& a) {
             sqlite3_blob* const blob = opened_blob(a, 1);
             a.check(sqlite3_blob_write(blob, "b", 1, 0), "write");
             sqlite3_blob_reopen(blob, 2);
             sqlite3_blob_close(blob);
         }},
        {"a blob left open", F, F, trait::own,
         [](act& a) {
             a.w.leave({opened_blob(a, 0), [](sqlite3_blob* left) {
                            char byte = 0;
                            sqlite3_blob_read(left, &byte, 1, 0);
                            sqlite3_blob_close(left);
                        }});
         }},
        {"a writable blob left open", F, F, trait::own,
         [](act& a) {
             sqlite3_blob* const blob = opened_blob(a, 1);
             a.check(sqlite3_blob_write(blob, "L", 1, 0), "write");
             a.w.leave({blob, [](sqlite3_blob* left) {
                            sqlite3_blob_write(left, "M", 1, 0);
                            sqlite3_blob_close(left);
                        }});
         }},
        {"a backup", P, P, 0, [](act& a) { started(a, false, -1); }},
        {"a backup left unfinished", E, E, trait::own,
         [](act& a) { a.w.leave(started(a, false, 1)); }},
        {"a backup into main", E, P, trait::own, [](act& a) { started(a, true, -1); }},
        {"a backup into main left", E, E, trait::own,
         [](act& a) { a.w.leave(started(a, true, 0)); }},
        {"serialize", P, P, trait::own,
         [](act& a) {
             sqlite3_int64 size = 0;
             sqlite3_free(sqlite3_serialize(a.h, "main", &size, 0));
             a.w.note(std::to_string(size));
         }},
        // Eponymous virtual tables, at which the oracle looks, keep a pointer to the schema that
        // SQLite frees then: nobody must ask one in such a test.
        {"deserialize onto main", F, F, trait::own | trait::unpaired | trait::last,
         [](act& a) { deserialize(a, "main"); }},
        {"deserialize onto audit", F, F,
         trait::own | trait::attached | trait::unpaired | trait::last,
         [](act& a) { deserialize(a, "audit"); }},
        {"deserialize onto temp", E, E, trait::own | trait::refused,
         [](act& a) {
             deserialize(a, "temp");
             a.done = true; // SQLite refuses it
         }},
        {"a file name opened again", E, E, trait::own,
         [](act& a) {
             sqlite3* again = nullptr;
             const char* const name = sqlite3_db_filename(a.h, "main");
             a.check(sqlite3_open_v2(name, &again, SQLITE_OPEN_READWRITE, "isolite"), "open");
             a.w.note(answer(again, "SELECT count(*) FROM t"));
             sqlite3_close_v2(again);
         }},
        // Which disconnects virtual tables even where SQLite refuses it.
        {"closed", E, E, trait::own | trait::refused | trait::lasting,
         [](act& a) {
             // SQLite refuses while a statement is there, and isolite's always are.
             sqlite3_stmt* statement = nullptr;
             sqlite3_prepare_v2(a.h, "SELECT 1", -1, &statement, nullptr);
             a.w.note(std::to_string(sqlite3_close(a.h)));
             sqlite3_finalize(statement);
         }},
        {"flushed and released", P, P, trait::own,
         [](act& a) {
             sqlite3_db_cacheflush(a.h);
             a.check(sqlite3_db_release_memory(a.h), "release");
         }},
        {"last_insert_rowid set", P, P, trait::own,
         [](act& a) { sqlite3_set_last_insert_rowid(a.h, 1234); }},
        {"metadata of a column", P, P, 0,
         [](act& a) {
             const char* type = nullptr;
             a.check(sqlite3_table_column_metadata(a.h, "main", "t", "id", &type, nullptr, nullptr,
                                                   nullptr, nullptr),
                     "metadata");
         }},
    };
}
