#include "story.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <string>
#include <vector>

// Settings of the connection, of each of its databases, and of SQLite as a whole.

namespace {

struct setting {
    std::string pragma; // "" for what no PRAGMA shows
    std::string value;
    std::string shown;
};

story sets(const isolite::seed& seed, const setting& of) {
    story told{seed, "PRAGMA " + of.pragma + " = " + of.value};
    told.in_copy_on_write = fails({"PRAGMA " + of.pragma, "to " + of.shown});
    told.in_rollback = told.in_copy_on_write;
    return told;
}

/// A story in which only the next test counts.
story only_next(const isolite::seed& seed, const std::string& sql, const std::string& then = "") {
    story told{seed, sql};
    told.may_fail = true;
    told.in_rollback = told.in_copy_on_write = either();
    told.then += ";" + then;
    return told;
}

story calling(const std::function<void(sqlite3*)>& call, const verdict& wanted) {
    story told{shop()};
    told.act = [call](stage& at) { call(at.db()); };
    told.in_rollback = told.in_copy_on_write = wanted;
    return told;
}

} // namespace

TEST_CASE("each PRAGMA of an attached database is named and undone") {
    for (const setting& each : std::vector<setting>{{"audit.cache_size", "33", "33"},
                                                    {"audit.secure_delete", "OFF", "0"},
                                                    {"audit.secure_delete", "FAST", "2"},
                                                    {"audit.max_page_count", "900", "900"},
                                                    {"audit.journal_size_limit", "5000", "5000"}}) {
        CAPTURE(each.pragma);
        CHECK(wrong_in(sets(audited_shop(), each)) == "");
    }
    for (const setting& each :
         std::vector<setting>{{"audit.synchronous", "FULL", "2"},
                              {"audit.locking_mode", "EXCLUSIVE", "exclusive"}}) {
        CAPTURE(each.pragma);
        story told = sets(audited_shop(), each);
        told.in_rollback = either(); // SQLite refuses it
        told.may_fail = true;
        CHECK(wrong_in(told) == "");
    }
}

TEST_CASE("each PRAGMA of TEMP is named and undone") {
    for (const setting& each : std::vector<setting>{{"temp.cache_size", "3", "3"},
                                                    {"temp.max_page_count", "900", "900"},
                                                    {"temp.secure_delete", "OFF", "0"},
                                                    {"temp.journal_size_limit", "77", "77"}}) {
        CAPTURE(each.pragma);
        CHECK(wrong_in(sets(audited_shop(), each)) == "");
    }
    CHECK(wrong_in(only_next(shop(), "PRAGMA temp.journal_mode = OFF",
                             "CREATE TEMP TABLE x(a);"
                             "SAVEPOINT s; INSERT INTO x VALUES (1); ROLLBACK TO s; RELEASE s;"
                             "SELECT * FROM x; DROP TABLE x")) == "");
    CHECK(wrong_in(only_next(shop(), "PRAGMA temp.locking_mode = NORMAL")) == "");
    CHECK(wrong_in(only_next(shop(), "PRAGMA temp.synchronous = OFF")) == "");
}

TEST_CASE("each PRAGMA of the connection is named and undone") {
    for (const setting& each : std::vector<setting>{{"analysis_limit", "9", "9"},
                                                    {"automatic_index", "OFF", "0"},
                                                    {"busy_timeout", "77", "77"},
                                                    {"cache_size", "7", "7"},
                                                    {"cache_spill", "5000", "5000"},
                                                    {"cache_spill", "OFF", "0"},
                                                    {"cell_size_check", "ON", "1"},
                                                    {"checkpoint_fullfsync", "ON", "1"},
                                                    {"count_changes", "ON", "1"},
                                                    {"defer_foreign_keys", "ON", "1"},
                                                    {"empty_result_callbacks", "ON", "1"},
                                                    {"full_column_names", "ON", "1"},
                                                    {"fullfsync", "ON", "1"},
                                                    {"ignore_check_constraints", "ON", "1"},
                                                    {"journal_size_limit", "4096", "4096"},
                                                    {"legacy_alter_table", "ON", "1"},
                                                    {"locking_mode", "EXCLUSIVE", "exclusive"},
                                                    {"max_page_count", "900", "900"},
                                                    {"mmap_size", "9000", "9000"},
                                                    {"query_only", "ON", "1"},
                                                    {"read_uncommitted", "ON", "1"},
                                                    {"recursive_triggers", "ON", "1"},
                                                    {"reverse_unordered_selects", "ON", "1"},
                                                    {"secure_delete", "OFF", "0"},
                                                    {"short_column_names", "OFF", "0"},
                                                    {"temp_store", "MEMORY", "2"},
                                                    {"threads", "2", "2"},
                                                    {"trusted_schema", "OFF", "0"},
                                                    {"wal_autocheckpoint", "7", "7"},
                                                    {"writable_schema", "ON", "1"}}) {
        CAPTURE(each.pragma);
        CAPTURE(each.value);
        story told = sets(audited_shop(), each);
        if (each.pragma == "defer_foreign_keys") { // ends with the transaction
            told.in_rollback = told.in_copy_on_write = either();
        }
        if (each.pragma == "temp_store") { // SQLite refuses it in a transaction
            told.in_rollback = either();
            told.may_fail = true;
        }
        CHECK(wrong_in(told) == "");
    }
    CHECK(wrong_in(only_next(shop(), "PRAGMA case_sensitive_like = ON")) == "");
    CHECK(wrong_in(only_next(shop(), "PRAGMA case_sensitive_like = OFF")) == "");
}

TEST_CASE("a PRAGMA that a test puts back is nobody's leak") {
    for (const char* const sql :
         {"PRAGMA cache_size = 7; PRAGMA cache_size = -2000",
          "PRAGMA recursive_triggers = ON; PRAGMA recursive_triggers = OFF",
          "PRAGMA foreign_keys = ON", "PRAGMA cache_size = -2000", "PRAGMA busy_timeout = 5000",
          "PRAGMA audit.cache_size = 3; PRAGMA audit.cache_size = -2000"}) {
        CAPTURE(std::string(sql));
        story told{audited_shop(), sql};
        if (std::string(sql).find("busy") != std::string::npos) {
            told.in_rollback = told.in_copy_on_write = either();
        }
        CHECK(wrong_in(told) == "");
    }
}

TEST_CASE("an unqualified journal_mode reaches every database and is undone in each") {
    for (const std::string& more : {std::string(), std::string(in_wal)}) {
        for (const char* const mode : {"OFF", "MEMORY", "TRUNCATE", "PERSIST", "DELETE", "WAL"}) {
            CAPTURE(more);
            CAPTURE(std::string(mode));
            const std::string set = std::string("PRAGMA journal_mode = ") + mode;
            CHECK(wrong_in(only_next(audited_shop(more),
                                     "INSERT INTO t(v) VALUES ('x'); " + set)) == "");
            CHECK(wrong_in(only_next(audited_shop(more), set)) == "");
            CHECK(wrong_in(only_next(audited_shop(more),
                                     std::string("PRAGMA audit.journal_mode = ") + mode +
                                         "; INSERT INTO audit.entries VALUES ('LEAK')")) == "");
        }
    }
}

TEST_CASE("an exclusive lock ends with the test that took it") {
    const char* const use = "SELECT * FROM audit.entries; INSERT INTO audit.entries VALUES ('n');"
                            "SELECT * FROM audit.entries";
    for (const std::string& more : {std::string(), std::string(in_wal)}) {
        for (const char* const sql :
             {"PRAGMA locking_mode = EXCLUSIVE; INSERT INTO audit.entries VALUES ('LEAK');"
              "PRAGMA locking_mode = NORMAL",
              "PRAGMA locking_mode = EXCLUSIVE; INSERT INTO audit.entries VALUES ('LEAK')",
              "PRAGMA audit.locking_mode = EXCLUSIVE; INSERT INTO audit.entries VALUES ('LEAK')",
              "PRAGMA main.locking_mode = EXCLUSIVE; UPDATE t SET v = 'LEAK'",
              "PRAGMA journal_mode = DELETE; PRAGMA locking_mode = EXCLUSIVE;"
              "UPDATE t SET v = 'LEAK'; UPDATE audit.entries SET x = 'LEAK'",
              "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;"
              "UPDATE t SET v = 'LEAK'; PRAGMA locking_mode = NORMAL",
              "PRAGMA locking_mode = EXCLUSIVE; SELECT * FROM t; SELECT * FROM audit.entries"}) {
            CAPTURE(more);
            CAPTURE(std::string(sql));
            CHECK(wrong_in(only_next(audited_shop(more), sql, use)) == "");
        }
    }
    story tidy{audited_shop(in_wal),
               "PRAGMA locking_mode = EXCLUSIVE; INSERT INTO audit.entries VALUES ('LEAK');"
               "PRAGMA locking_mode = NORMAL"};
    tidy.then = use;
    CHECK(wrong_in(tidy) == "");
}

TEST_CASE("limits of the heap are named and put back") {
    story hard{shop(), "PRAGMA hard_heap_limit = 3000000"};
    hard.in_rollback = hard.in_copy_on_write = fails({"hard_heap_limit"});
    hard.then = "SELECT length(zeroblob(4000000) || 'x')";
    CHECK(wrong_in(hard) == "");
    CHECK(wrong_in(calling([](sqlite3*) { sqlite3_hard_heap_limit64(900000000); },
                           fails({"hard_heap_limit"}))) == "");
    story soft{shop(), "PRAGMA soft_heap_limit = 900000000"};
    soft.in_rollback = soft.in_copy_on_write = fails({"soft_heap_limit", "900000000"});
    CHECK(wrong_in(soft) == "");
    CHECK(wrong_in(calling([](sqlite3*) { sqlite3_soft_heap_limit64(900000000); },
                           fails({"soft_heap_limit", "900000000"}))) == "");
}

TEST_CASE("memory that ran out in a test is there for the next") {
    story told{shop()};
    told.act = [](stage& at) {
        at.run("PRAGMA hard_heap_limit = 3000000");
        at.attempt("INSERT INTO t(v) VALUES (zeroblob(50000000) || 'x')");
    };
    told.in_rollback = told.in_copy_on_write = fails({"hard_heap_limit"});
    told.then = "INSERT INTO t(v) VALUES (zeroblob(10000000) || 'x'); SELECT count(*) FROM t";
    CHECK(wrong_in(told) == "");
}

TEST_CASE("a default file system that a test chose is put back") {
    CHECK(wrong_in(calling([](sqlite3*) { sqlite3_vfs_register(sqlite3_vfs_find("unix-none"), 1); },
                           either())) == "");
    CHECK(wrong_in(calling([](sqlite3*) { sqlite3_vfs_unregister(sqlite3_vfs_find("isolite")); },
                           either())) == "");
}

TEST_CASE("what a test asked of the handle is not seen by the next") {
    const auto on = [](int option) {
        return [option](sqlite3* db) { sqlite3_db_config(db, option, 1, nullptr); };
    };
    CHECK(wrong_in(calling([](sqlite3* db) { sqlite3_extended_result_codes(db, 1); }, passes())) ==
          "");
    const auto other = [](sqlite3* db) { // SQLite may have been built with either
        int value = 0;
        sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, -1, &value);
        return value == 0 ? 1 : 0;
    };
    const int load_extension = SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION;
    CHECK(wrong_in(calling([=](sqlite3* db) { sqlite3_enable_load_extension(db, other(db)); },
                           passes())) == "");
    CHECK(wrong_in(calling(
              [=](sqlite3* db) { sqlite3_db_config(db, load_extension, other(db), nullptr); },
              fails({"SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION"}))) == "");
    CHECK(wrong_in(calling(
              [](sqlite3* db) {
                  int persist = 1;
                  sqlite3_file_control(db, "main", SQLITE_FCNTL_PERSIST_WAL, &persist);
              },
              passes())) == "");
    CHECK(wrong_in(calling(
              [](sqlite3* db) { sqlite3_db_config(db, SQLITE_DBCONFIG_MAINDBNAME, "other"); },
              either())) == "");
    for (const int option : {SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, SQLITE_DBCONFIG_ENABLE_QPSG,
                             SQLITE_DBCONFIG_TRIGGER_EQP, SQLITE_DBCONFIG_DEFENSIVE,
                             SQLITE_DBCONFIG_LEGACY_FILE_FORMAT}) {
        CAPTURE(option);
        CHECK(wrong_in(calling(on(option), fails({"SQLITE_DBCONFIG_"}))) == "");
    }
}

TEST_CASE("whether SQL may load extensions is as in the first test") {
    const auto then_load = [](const std::function<void(sqlite3*)>& act) {
        story told = calling(act, passes());
        told.then = "SELECT load_extension(NULL)";
        return told;
    };
    CHECK(wrong_in(then_load([](sqlite3*) {})) == "");
    story allowed = then_load([](sqlite3* db) { sqlite3_enable_load_extension(db, 0); });
    allowed.seed.on_connect(
        [](SQLite::Database& database) { sqlite3_enable_load_extension(database.getHandle(), 1); });
    CHECK(wrong_in(allowed) == "");
}

TEST_CASE("changes() and last_insert_rowid() read as in the first test") {
    for (const char* const sql :
         {"UPDATE t SET v = 'x'", "DELETE FROM t", "INSERT INTO t VALUES (77, 'x')",
          "INSERT INTO t VALUES (9223372036854775807, 'x')", "UPDATE audit.entries SET x = 2",
          "CREATE TEMP TABLE x(a); INSERT INTO x VALUES (1), (2)", "DELETE FROM t WHERE 0"}) {
        CAPTURE(std::string(sql));
        CHECK(wrong_in(only_next(audited_shop(), sql)) == "");
    }
}
