#include "random_kind.hpp"

#include <sqlite3.h>

#include <utility>

// Transactions, PRAGMAs, and objects and databases of the connection alone.

namespace {

constexpr unsigned on_audit = trait::own | trait::attached;

kind setting(const char* pragma, const char* value, verdict of = F) {
    return sql(std::string("set ") + pragma, of, of, own,
               "PRAGMA " + std::string(pragma) + " = " + value);
}

/// Sets one of many PRAGMAs and puts it back.
void set_and_put_back(act& a) {
    const std::vector<std::pair<std::string, std::string>> pragmas = {
        {"cache_size", "77"},
        {"automatic_index", "0"},
        {"recursive_triggers", "{0|1}"},
        {"case_sensitive_like", "1"},
        {"cell_size_check", "1"},
        {"secure_delete", "0"},
        {"reverse_unordered_selects", "1"},
        {"analysis_limit", "99"},
        {"query_only", "1"},
        {"threads", "2"},
        {"trusted_schema", "0"},
        {"busy_timeout", "77"},
        {"ignore_check_constraints", "1"},
    };
    const auto& [name, value] = pragmas[a.d.roll(static_cast<unsigned>(pragmas.size()))];
    std::string before = answer(a.h, "PRAGMA " + name);
    before = name == "case_sensitive_like" ? "0|" : before;
    a.run("PRAGMA " + name + " = " + value);
    a.run("SELECT count(*) FROM big WHERE s LIKE 'row%'");
    a.run("PRAGMA " + name + " = " + before.substr(0, before.find('|')));
}

/// Sets a number to what no test sets it to. Done is what changes it, since a suite may have.
void set_a_number(act& a) {
    static const char* const numbers[] = {"cache_size",   "journal_size_limit", "analysis_limit",
                                          "busy_timeout", "wal_autocheckpoint", "max_page_count"};
    const std::string pragma = "PRAGMA " + std::string(numbers[a.d.roll(6)]);
    const std::string before = answer(a.h, pragma);
    a.run(pragma + " = 961");
    a.done = answer(a.h, pragma) != before;
}

} // namespace

std::vector<kind> transaction_kinds() {
    return {
        sql("begin", F, F, own | trait::refused, "BEGIN {|DEFERRED|IMMEDIATE|EXCLUSIVE}"),
        sql("begin behind a comment", F, F, own | trait::refused, "-- x\n/* y */ begin"),
        sql("begin behind a byte order mark", E, E, own,
            "\xEF\xBB\xBF"
            "BEGIN"),
        {"transaction", F, P, own | trait::refused,
         [](act& a) {
             if (a.run("BEGIN")) {
                 a.run("UPDATE t SET v = 'new'");
                 a.run("COMMIT");
             }
         }},
        {"transaction rolled back", F, P, own | trait::refused,
         [](act& a) {
             if (a.run("BEGIN")) {
                 a.run("UPDATE t SET v = 'new'");
                 a.run("ROLLBACK");
             }
         }},
        sql("commit", E, E, own, "{COMMIT|END}"),
        sql("write and commit", E, E, own, "INSERT INTO lg VALUES (1); COMMIT"),
        sql("commit and begin", E, E, own, "COMMIT; BEGIN"),
        sql("rollback", E, E, own, "ROLLBACK"),
        sql("rollback and write", E, E, own, "ROLLBACK; INSERT INTO lg VALUES (2)"),
        sql("savepoint", P, F, own, "SAVEPOINT s"),
        sql("savepoint and release", P, E, own, "SAVEPOINT s; UPDATE t SET v = 's'; RELEASE s"),
        sql("rollback to", P, E, own, "SAVEPOINT s; DELETE FROM t; ROLLBACK TO s; RELEASE s"),
        sql("release", E, E, own, "{RELEASE s|SAVEPOINT q; RELEASE q}"),
        sql("a savepoint called isolite", E, E, own, "SAVEPOINT isolite"),
        sql("release isolite", E, E, own, "SAVEPOINT {isolite|x}; RELEASE {isolite|x}"),
        sql("or rollback", E, E, own, "INSERT OR ROLLBACK INTO t VALUES ({1|#}, 'dup')"),
        sql("raise rollback", E, E, own, "INSERT INTO lg VALUES ('{danger|safe}')"),
        sql("on conflict rollback", E, E, own, "INSERT INTO fatal VALUES ({1|#})"),
        sql("or rollback and write", E, E, own, "INSERT INTO t VALUES (#, 'w')"),
        sql("a commit that fails", E, E, own, "INSERT INTO c VALUES ({5|1}); COMMIT; SELECT 1"),
        sql("defer_foreign_keys", E, E, own, "PRAGMA defer_foreign_keys = 1; DELETE FROM d"),
    };
}

std::vector<kind> pragma_kinds() {
    const auto on = [](const char* schema, const char* name, const char* value, unsigned traits,
                       verdict of) {
        return sql(std::string(schema) + "." + name, of, of, traits,
                   "PRAGMA " + std::string(schema) + "." + name + " = " + value);
    };
    return {
        {"set a pragma and put it back", P, P, own, set_and_put_back},
        {"set a number, maybe for a suite", F, F, own | trait::suite, set_a_number},
        setting("analysis_limit", "50"),
        setting("automatic_index", "0"),
        setting("busy_timeout", "77"),
        setting("cache_size", "5"),
        setting("cache_spill", "{0|5000}", E),
        {"set case_sensitive_like", F, F, own,
         [](act& a) { // which SQLite silently does not do while a virtual table is in use
             a.run("PRAGMA case_sensitive_like = 1");
             a.done = answer(a.h, "SELECT 'a' LIKE 'A'") == "0|;";
         }},
        setting("cell_size_check", "1"),
        setting("checkpoint_fullfsync", "1"),
        setting("count_changes", "1"),
        setting("empty_result_callbacks", "1"),
        sql("set foreign_keys", E, F, own, "PRAGMA foreign_keys = 0"),
        sql("rebuild a table without keys", E, E, own,
            "PRAGMA foreign_keys = 0; DROP TABLE p;"
            "CREATE TABLE p(id INTEGER PRIMARY KEY)"),
        setting("full_column_names", "1"),
        setting("fullfsync", "1"),
        setting("ignore_check_constraints", "1"),
        setting("journal_size_limit", "9000"),
        setting("legacy_alter_table", "1"),
        setting("max_page_count", "900"),
        setting("mmap_size", "9000", E),
        setting("query_only", "1"),
        setting("read_uncommitted", "1"),
        setting("recursive_triggers", "{0|1}", E),
        setting("reverse_unordered_selects", "1"),
        setting("secure_delete", "FAST"),
        setting("short_column_names", "0"),
        sql("set synchronous", E, F, own, "PRAGMA synchronous = {NORMAL|FULL}"),
        setting("temp_store", "{1|2}", E),
        setting("threads", "2"),
        setting("trusted_schema", "0", E),
        setting("wal_autocheckpoint", "7"),
        setting("writable_schema", "1"),
        setting("soft_heap_limit", "900000000"),
        setting("hard_heap_limit", "900000000"),
        setting("locking_mode", "EXCLUSIVE", E),
        sql("exclusive and write", E, E, own,
            "PRAGMA locking_mode = EXCLUSIVE; UPDATE t SET v = 1"),
        sql("exclusive and normal again", E, E, own,
            "PRAGMA locking_mode = EXCLUSIVE; "
            "UPDATE t SET v = 1;"
            "PRAGMA locking_mode = NORMAL"),
        setting("journal_mode", "{DELETE|TRUNCATE|PERSIST|MEMORY|OFF|WAL}", E),
        sql("write without a journal", E, E, own, "PRAGMA journal_mode = OFF; DELETE FROM big"),
        sql("spill without a journal", E, E, own,
            "PRAGMA journal_mode = OFF; PRAGMA cache_size = 2; INSERT INTO lg SELECT "
            "hex(zeroblob(3000)) FROM big; PRAGMA cache_size = -2000"),
        sql("leave wal and stay exclusive", E, E, own,
            "PRAGMA journal_mode = DELETE; PRAGMA "
            "locking_mode = EXCLUSIVE; UPDATE t SET v=1"),
        sql("wal_checkpoint", E, E, trait::unpaired,
            "PRAGMA wal_checkpoint({PASSIVE|FULL|RESTART|TRUNCATE})"),
        setting("page_size", "512", E),
        // Told of, or not, as SQLite has read the schema since: the value goes with the pages.
        sql("set auto_vacuum", E, E, own | trait::unpaired, "PRAGMA auto_vacuum = {1|2}"),
        sql("shrink_memory", P, P, own, "PRAGMA shrink_memory"),
        on("main", "cache_size", "6", own, F),
        on("main", "secure_delete", "0", own, F),
        on("audit", "cache_size", "33", on_audit, F),
        on("audit", "synchronous", "{FULL|NORMAL}", on_audit, E),
        on("audit", "journal_mode", "{OFF|MEMORY|PERSIST|DELETE|WAL}", on_audit, E),
        on("audit", "secure_delete", "FAST", on_audit, F),
        on("audit", "max_page_count", "900", on_audit, F),
        on("audit", "journal_size_limit", "900", on_audit, F),
        on("audit", "locking_mode", "EXCLUSIVE", on_audit, E),
        sql("audit exclusive and write", E, E, on_audit,
            "PRAGMA audit.locking_mode = EXCLUSIVE; "
            "INSERT INTO audit.entries VALUES ('x')"),
        sql("all exclusive and normal again", E, E, on_audit,
            "PRAGMA locking_mode = EXCLUSIVE; INSERT INTO audit.entries VALUES ('LEAK'); "
            "PRAGMA locking_mode = NORMAL"),
        on("audit", "schema_version", "#", on_audit, E),
        on("audit", "page_size", "512", on_audit, E),
        on("temp", "cache_size", "3", own, E),
        on("temp", "journal_mode", "{OFF|MEMORY}", own, E),
        on("temp", "secure_delete", "0", own, E),
        on("temp", "max_page_count", "900", own, E),
        on("temp", "locking_mode", "NORMAL", own, E),
        on("temp", "user_version", "#", own, E),
    };
}

std::vector<kind> temporary_kinds() {
    constexpr unsigned on_temp = own | trait::prepared;
    return {
        sql("temp table", P, F, own | trait::suite, "CREATE TEMP TABLE tmp#(a)"),
        sql("temp table with rows", P, F, own | trait::suite,
            "CREATE TEMP TABLE tr# AS SELECT * FROM t"),
        sql("temp view", P, F, own, "CREATE TEMP VIEW tw# AS SELECT * FROM t"),
        sql("temp trigger", P, F, own,
            "CREATE TEMP TRIGGER tt# AFTER INSERT ON main.t BEGIN "
            "INSERT INTO lg VALUES ('by the temp trigger'); END"),
        sql("temp fts", E, E, own, "CREATE VIRTUAL TABLE temp.tf# USING fts5(a)"),
        sql("temp table that hides another", P, F, own, "CREATE TEMP TABLE lg(m, hidden)"),
        sql("temp table and drop", P, P, own,
            "CREATE TEMP TABLE brief(a); INSERT INTO brief VALUES (1); DROP TABLE brief"),
        sql("write to on_connect's table", P, E, on_temp, "INSERT INTO cache VALUES (#, 'LEAK')"),
        sql("empty on_connect's table", P, E, on_temp, "DELETE FROM cache"),
        sql("drop on_connect's view", P, E, on_temp, "DROP VIEW tv"),
        sql("drop on_connect's table", P, E, on_temp, "DROP TABLE cache"),
        sql("alter on_connect's table", P, E, on_temp, "ALTER TABLE cache ADD COLUMN more#"),
        sql("index on_connect's table", P, E, on_temp,
            "CREATE {UNIQUE |}INDEX temp.ci ON cache(k)"),
        sql("read on_connect's table", P, P, on_temp | trait::tame,
            "SELECT * FROM cache; SELECT * FROM tv"),
        sql("attach memory", F, F, own, "ATTACH ':memory:' AS m#"),
        sql("attach memory and write", F, F, own, "ATTACH ':memory:' AS x; CREATE TABLE x.n(a)"),
        sql("attach memory, maybe for a suite", F, F, own | trait::suite,
            "ATTACH ':memory:' AS lasting; CREATE TABLE lasting.n(a);"
            "INSERT INTO lasting.n VALUES ('first')"),
        sql("write to a suite's memory", P, P, own,
            "{INSERT INTO lasting.n VALUES (#)|DELETE FROM lasting.n|CREATE TABLE lasting.m#(a)|"
            "ALTER TABLE lasting.n ADD COLUMN b|DROP TABLE lasting.n}"),
        sql("detach a suite's memory", E, E, own, "DETACH lasting"),
        sql("write to on_connect's memory", P, P, on_temp,
            "{INSERT INTO notes.n VALUES (#)|DELETE FROM notes.n|CREATE TABLE notes.m#(a)|"
            "ALTER TABLE notes.n ADD COLUMN b|DROP TABLE notes.n}"),
        sql("detach on_connect's memory", E, F, on_temp, "DETACH notes"),
        sql("attach a temporary database", F, F, own, "ATTACH '' AS nameless#"),
        sql("attach a file", F, F, own, "ATTACH 'extra.db' AS f#; CREATE TABLE extra#(a)"),
        sql("attach a file and write", F, F, own,
            "ATTACH 'extra.db' AS extra; "
            "CREATE TABLE extra.q#(a)"),
        sql("attach, write, detach", E, E, own,
            "ATTACH '{extra.db|daily-journal|daily-wal|x-journal|a b''c%?#.db|-journal|grün}' AS j;"
            "CREATE TABLE IF NOT EXISTS j.x(a); INSERT INTO j.x VALUES (1);"
            "SELECT count(*) FROM j.x; DETACH j"),
        sql("attach many", E, E, own,
            "ATTACH ':memory:' AS m1; ATTACH ':memory:' AS m2; ATTACH ':memory:' AS m3; ATTACH "
            "':memory:' AS m4; ATTACH ':memory:' AS m5; ATTACH ':memory:' AS m6; ATTACH ':memory:' "
            "AS m7; ATTACH ':memory:' AS m8; ATTACH ':memory:' AS m9"),
        sql("attach and detach", P, P, own, "ATTACH ':memory:' AS brief; DETACH brief"),
        {"attach the database itself", E, E, own,
         [](act& a) {
             a.run("ATTACH '" + a.w.engine().uri() + "' AS again");
             a.run("SELECT count(*) FROM again.t; INSERT INTO again.lg VALUES (5)");
         }},
        sql("detach audit", E, F, on_audit, "DETACH audit"),
        {"detach and attach audit again", E, E, on_audit,
         [](act& a) {
             a.run("DETACH audit");
             a.run("ATTACH '" + a.w.engine().uri("audit").value_or("") + "' AS audit");
         }},
        {"another database called audit", E, E, on_audit,
         [](act& a) { a.run("DETACH audit; ATTACH ':memory:' AS audit"); }},
    };
}
