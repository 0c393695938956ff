#include "random_ready.hpp"

#include <sqlite3.h>

#include <map>

const std::vector<const char*>& ready_texts(ready_group group) {
    static const std::map<ready_group, std::vector<const char*>> all = {
        {ready_group::limits,
         {"PRAGMA max_page_count = 930", "PRAGMA main.max_page_count = 931",
          "/* of code under test */ pragma MAX_PAGE_COUNT(932)",
          "PRAGMA audit.max_page_count = 933"}},
        {ready_group::modes,
         {"PRAGMA journal_mode = OFF", "PRAGMA journal_mode = MEMORY", "PRAGMA journal_mode = WAL",
          "PRAGMA main.journal_mode = DELETE", "PRAGMA audit.journal_mode = OFF",
          "PRAGMA temp.journal_mode = OFF", "PRAGMA temp.max_page_count = 934",
          "PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA optimize = -1", "PRAGMA auto_vacuum = 2",
          "PRAGMA default_cache_size = 53", "PRAGMA schema_version = 54", "VACUUM"}},
        {ready_group::flags,
         {"PRAGMA foreign_keys = 0", "PRAGMA cache_size = 55",
          "PRAGMA reverse_unordered_selects = 1", "PRAGMA defer_foreign_keys = 1",
          "PRAGMA query_only = 1"}},
        {ready_group::writes,
         {"PRAGMA user_version = 56", "PRAGMA application_id = 57", "PRAGMA incremental_vacuum(2)",
          "INSERT INTO lg VALUES ('prepared before')", "DELETE FROM big",
          "INSERT INTO ft VALUES ('hello prepared world')", "DELETE FROM audit.entries"}},
        {ready_group::schemas,
         {"CREATE TABLE IF NOT EXISTS readied(a)", "CREATE INDEX readied_index ON big(s)",
          "CREATE VIEW readied_view AS SELECT * FROM t",
          "CREATE TRIGGER readied_trigger AFTER INSERT ON t BEGIN "
          "INSERT INTO lg VALUES ('by a readied trigger'); END",
          "DROP TABLE fatal", "DROP INDEX big_a", "ALTER TABLE one RENAME TO two",
          "ALTER TABLE one ADD COLUMN more DEFAULT 5", "ANALYZE", "ANALYZE big", "REINDEX big",
          "CREATE VIRTUAL TABLE readied_rtree USING rtree(i, a0, a1)", "DROP TABLE ft",
          "INSERT INTO ft(ft, rank) VALUES ('pgsz', 64)"}},
        {ready_group::temporaries,
         {"CREATE TEMP TABLE readied_temp(a)", "CREATE TEMP TABLE readied_rows AS SELECT * FROM t",
          "CREATE TEMP VIEW readied_temp_view AS SELECT * FROM t",
          "CREATE TEMP TRIGGER readied_temp_trigger AFTER INSERT ON main.t BEGIN "
          "INSERT INTO lg VALUES ('by a readied temp trigger'); END"}},
        {ready_group::attachments,
         {"ATTACH ':memory:' AS readied_memory", "ATTACH '' AS readied_file"}},
        {ready_group::transactions,
         {"BEGIN", "BEGIN IMMEDIATE", "COMMIT", "ROLLBACK", "SAVEPOINT readied", "RELEASE readied",
          "DETACH audit", "INSERT OR ROLLBACK INTO t VALUES (1, 'prepared')"}},
    };
    return all.at(group);
}

ready_statements::ready_statements(sqlite3* connection, bool with_flags) {
    const auto prepare = [&](ready_group group) {
        for (const char* const text : ready_texts(group)) {
            sqlite3_stmt* made = nullptr;
            if (sqlite3_prepare_v2(connection, text, -1, &made, nullptr) == SQLITE_OK) {
                all_.emplace_back(text, std::shared_ptr<sqlite3_stmt>(made, sqlite3_finalize));
            }
        }
    };
    if (with_flags) {
        prepare(ready_group::flags);
        // What preparing alone has set. It expires what was prepared before, so that SQLite
        // prepares it again in the test, which is heard.
        sqlite3_exec(connection,
                     "PRAGMA foreign_keys = 1; PRAGMA cache_size = -2000; PRAGMA query_only = 0;"
                     "PRAGMA reverse_unordered_selects = 0; PRAGMA defer_foreign_keys = 0",
                     nullptr, nullptr, nullptr);
    }
    for (const ready_group group :
         {ready_group::limits, ready_group::modes, ready_group::writes, ready_group::schemas,
          ready_group::temporaries, ready_group::attachments, ready_group::transactions}) {
        prepare(group);
    }
}

sqlite3_stmt* ready_statements::find(const char* text) const {
    for (const auto& [each, statement] : all_) {
        if (each == text) {
            return statement.get();
        }
    }
    return nullptr;
}

std::unique_ptr<ready_statements>& ready_by_set_up() {
    static std::unique_ptr<ready_statements> made;
    return made;
}

std::unique_ptr<ready_statements>& ready_by_on_connect() {
    static std::unique_ptr<ready_statements> made;
    return made;
}
