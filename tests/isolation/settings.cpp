#include "adversary.hpp"

#include <SQLiteCpp/Database.h>
#include <sqlite3.h>

// Tests that change the settings of the connection, which no rollback restores.

namespace {

/// Returns what a PRAGMA is on a new connection of this SQLite.
std::string usual(const std::string& pragma) {
    return SQLite::Database(":memory:").execAndGet("PRAGMA " + pragma).getString();
}

/// Where the order in which rows are read shows; newer SQLite has a flag for it as well.
#ifdef SQLITE_DBCONFIG_REVERSE_SCANORDER
constexpr const char* scan_order = "flags, settings";
#else
constexpr const char* scan_order = "settings";
#endif

/// A PRAGMA that takes effect inside a transaction.
adversary pragma(const std::string& name, const std::string& before, const std::string& now,
                 const std::string& shows = "settings") {
    return {"sets PRAGMA " + name + " to " + now,
            [=](stage& s) { s.run("PRAGMA " + name + " = " + now); },
            left("it changed PRAGMA " + name + " from " + before + " to " + now), shows};
}

/// A PRAGMA that SQLite ignores or refuses inside a transaction, after the transaction.
adversary pragma_after_commit(const std::string& name, const std::string& before,
                              const std::string& now, const std::string& shows = "settings") {
    return {"commits and sets PRAGMA " + name + " to " + now,
            [=](stage& s) {
                s.attempt("COMMIT");
                s.run("PRAGMA " + name + " = " + now);
            },
            left("it changed PRAGMA " + name + " from " + before + " to " + now), shows};
}

/// The journal mode, which a test that really commits may choose.
adversary journal_mode_to(const std::string& now) {
    adversary made = pragma_after_commit("journal_mode", journal_mode(), now);
    made.leaves.in_copy_on_write.clear();
    made.shows = "archive, settings";
    made.needs_to_be_alone = true;
    return made;
}

/// What turns to WAL and keeps all others out.
adversary exclusive_wal() {
    const std::string locked = "it changed PRAGMA locking_mode from normal to exclusive";
    const std::string changed =
        locked + "; it changed PRAGMA journal_mode from " + journal_mode() + " to wal";
    const std::string by_write = "with \"DELETE FROM log\"";
    const std::string by_mode = "with \"PRAGMA journal_mode = WAL\"";
    const std::string after = ", after \"COMMIT\" had ended the sandbox's transaction";
    const bool was_in_wal = journal_mode() == "wal";
    return {"commits and turns to WAL, holding the lock",
            [](stage& s) {
                s.attempt("COMMIT");
                s.run("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; "
                      "DELETE FROM log");
            },
            {committed((was_in_wal ? by_write : by_mode) + after, log_deleted,
                       was_in_wal ? locked : changed)
                 .in_rollback,
             locked},
            "archive, newcomer, rows, settings",
            nullptr,
            true};
}

/// A switch of sqlite3_db_config.
adversary flag(const std::string& name, int flag, int before, int now,
               const std::string& shows = "flags") {
    return {"switches " + name + " to " + std::to_string(now),
            [=](stage& s) { sqlite3_db_config(s.engine.db().getHandle(), flag, now, nullptr); },
            left("it changed " + name + " from " + std::to_string(before) + " to " +
                 std::to_string(now)),
            shows};
}

} // namespace

std::vector<adversary> setting_adversaries() {
    return {
        pragma("analysis_limit", "0", "100"),
        pragma("automatic_index", "1", "0"),
        pragma("busy_timeout", "0", "250"),
        pragma("cache_size", "-2000", "5"),
        pragma("cache_spill", usual("cache_spill"), "0"),
        pragma("case_sensitive_like", "0", "1"),
        pragma("cell_size_check", "0", "1"),
        pragma("checkpoint_fullfsync", "0", "1"),
        pragma("count_changes", "0", "1"),
        pragma("empty_result_callbacks", "0", "1"),
        pragma("full_column_names", "0", "1"),
        pragma("fullfsync", "0", "1"),
        pragma("ignore_check_constraints", "0", "1"),
        pragma("journal_size_limit", "-1", "1000"),
        pragma("legacy_alter_table", "0", "1", "flags, settings"),
        pragma("locking_mode", "normal", "exclusive"),
        pragma("max_page_count", usual("max_page_count"), "1000"),
        pragma("query_only", "0", "1"),
        pragma("read_uncommitted", "0", "1"),
        pragma("recursive_triggers", "0", "1"),
        pragma("reverse_unordered_selects", "0", "1", scan_order),
        pragma("secure_delete", "1", "0"),
        pragma("short_column_names", "1", "0"),
        pragma("soft_heap_limit", "0", "100000000"),
        pragma("threads", "0", "2", "limits, settings"),
        pragma("trusted_schema", "1", "0", "flags, settings"),
        pragma("wal_autocheckpoint", "1000", "10"),
        pragma("writable_schema", "0", "1", "flags, settings"),
        {"sets PRAGMA foreign_keys inside the transaction, which SQLite ignores",
         [](stage& s) { s.run("PRAGMA foreign_keys = OFF"); },
         {"it ran \"PRAGMA foreign_keys = OFF\" inside the sandbox's transaction",
          "it changed PRAGMA foreign_keys from 1 to 0"},
         "flags, settings"},
        pragma_after_commit("foreign_keys", "1", "0", "flags, settings"),
        pragma_after_commit("temp_store", "0", "2"),
        pragma_after_commit("synchronous", "0", "2"),
        journal_mode_to("delete"),
        journal_mode_to("off"),
        journal_mode_to("persist"),
        pragma_after_commit("locking_mode", "normal", "exclusive"),
        exclusive_wal(),
        {"commits and turns off the journal of temporary tables",
         [](stage& s) {
             s.attempt("COMMIT");
             s.run("PRAGMA temp.journal_mode = OFF");
         },
         left("it changed PRAGMA temp.journal_mode from delete to off"),
         ""}, // it shows when a temporary table is to be rolled back
        flag("PRAGMA foreign_keys", SQLITE_DBCONFIG_ENABLE_FKEY, 1, 0, "flags, settings"),
        flag("PRAGMA trusted_schema", SQLITE_DBCONFIG_TRUSTED_SCHEMA, 1, 0, "flags, settings"),
        flag("PRAGMA writable_schema", SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0, 1, "flags, settings"),
        flag("PRAGMA legacy_alter_table", SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, 0, 1,
             "flags, settings"),
        flag("SQLITE_DBCONFIG_ENABLE_TRIGGER", SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, 0),
        flag("SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER", SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 1, 0),
        flag("SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION", SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 1, 0),
        flag("SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE", SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, 1),
        flag("SQLITE_DBCONFIG_ENABLE_QPSG", SQLITE_DBCONFIG_ENABLE_QPSG, 0, 1),
        flag("SQLITE_DBCONFIG_TRIGGER_EQP", SQLITE_DBCONFIG_TRIGGER_EQP, 0, 1),
        flag("SQLITE_DBCONFIG_RESET_DATABASE", SQLITE_DBCONFIG_RESET_DATABASE, 0, 1,
             "archive, flags, header, rows, schema, sequence"),
        flag("SQLITE_DBCONFIG_DEFENSIVE", SQLITE_DBCONFIG_DEFENSIVE, 0, 1),
        flag("SQLITE_DBCONFIG_DQS_DML", SQLITE_DBCONFIG_DQS_DML, 1, 0),
        flag("SQLITE_DBCONFIG_DQS_DDL", SQLITE_DBCONFIG_DQS_DDL, 1, 0),
        flag("SQLITE_DBCONFIG_ENABLE_VIEW", SQLITE_DBCONFIG_ENABLE_VIEW, 1, 0),
        flag("SQLITE_DBCONFIG_LEGACY_FILE_FORMAT", SQLITE_DBCONFIG_LEGACY_FILE_FORMAT, 0, 1),
    };
}
