#include "leak/connection_watch.hpp"

#include "leak/sql_rows.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>

namespace isolite {

namespace {

/// The PRAGMAs that belong to a connection rather than to a database, and can be read back.
/// Source: https://www.sqlite.org/pragma.html
constexpr std::array<const char*, 36> pragmas = {
    "analysis_limit",
    "auto_vacuum",
    "automatic_index",
    "busy_timeout",
    "cache_size",
    "cache_spill",
    "case_sensitive_like",
    "cell_size_check",
    "checkpoint_fullfsync",
    "count_changes",
    "defer_foreign_keys",
    "empty_result_callbacks",
    "foreign_keys",
    "full_column_names",
    "fullfsync",
    "ignore_check_constraints",
    "journal_mode",
    "journal_size_limit",
    "legacy_alter_table",
    "locking_mode",
    "max_page_count",
    "mmap_size",
    "page_size",
    "query_only",
    "read_uncommitted",
    "recursive_triggers",
    "reverse_unordered_selects",
    "secure_delete",
    "short_column_names",
    "soft_heap_limit",
    "synchronous",
    "temp_store",
    "threads",
    "trusted_schema",
    "wal_autocheckpoint",
    "writable_schema",
};

struct configuration {
    const char* name;
    int option;
};

/// What sqlite3_db_config switches and no PRAGMA shows.
/// Source: https://www.sqlite.org/c3ref/c_dbconfig_defensive.html
constexpr std::array<configuration, 12> configurations = {{
    {"SQLITE_DBCONFIG_ENABLE_TRIGGER", SQLITE_DBCONFIG_ENABLE_TRIGGER},
    {"SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER", SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER},
    {"SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION", SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION},
    {"SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE", SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE},
    {"SQLITE_DBCONFIG_ENABLE_QPSG", SQLITE_DBCONFIG_ENABLE_QPSG},
    {"SQLITE_DBCONFIG_TRIGGER_EQP", SQLITE_DBCONFIG_TRIGGER_EQP},
    {"SQLITE_DBCONFIG_RESET_DATABASE", SQLITE_DBCONFIG_RESET_DATABASE},
    {"SQLITE_DBCONFIG_DEFENSIVE", SQLITE_DBCONFIG_DEFENSIVE},
    {"SQLITE_DBCONFIG_DQS_DML", SQLITE_DBCONFIG_DQS_DML},
    {"SQLITE_DBCONFIG_DQS_DDL", SQLITE_DBCONFIG_DQS_DDL},
    {"SQLITE_DBCONFIG_ENABLE_VIEW", SQLITE_DBCONFIG_ENABLE_VIEW},
    {"SQLITE_DBCONFIG_LEGACY_FILE_FORMAT", SQLITE_DBCONFIG_LEGACY_FILE_FORMAT},
}};

bool belongs_to_connection(const char* pragma) {
    return std::any_of(pragmas.begin(), pragmas.end(),
                       [pragma](const char* name) { return sqlite3_stricmp(name, pragma) == 0; });
}

/// Says whether a PRAGMA waits for the next VACUUM, and cannot be read until then.
bool waits_for_vacuum(const std::string& pragma) {
    return pragma == "auto_vacuum" || pragma == "page_size";
}

/// Returns the statement that reads a PRAGMA. One can only be told by what it does; of another,
/// only zero is a setting of its own, and all else follows from cache_size and page_size.
std::string reading(const std::string& pragma) {
    if (pragma == "case_sensitive_like") {
        return "SELECT NOT ('a' LIKE 'A')";
    }
    return pragma == "cache_spill" ? "SELECT cache_spill > 0 FROM pragma_cache_spill"
                                   : "PRAGMA " + pragma;
}

std::string quoted(const std::string& name) {
    std::string text = "\"";
    for (const char c : name) {
        text += c == '"' ? "\"\"" : std::string(1, c);
    }
    return text + '"';
}

} // namespace

connection_watch::connection_watch(sqlite3* connection, sqlite3_stmt* probe)
    : connection_(connection), probe_(probe), settings_(settings()), switches_(switches()) {
    sqlite3_set_authorizer(connection_, authorize, this);
    run_probe(); // the new authorizer made SQLite forget it
    begin();
}

connection_watch::~connection_watch() {
    sqlite3_set_authorizer(connection_, nullptr, nullptr);
}

int connection_watch::authorize(void* watch, int action, const char* first, const char* second,
                                const char* /*database*/, const char* /*trigger*/) {
    static_cast<connection_watch*>(watch)->note(action, first, second);
    return SQLITE_OK;
}

void connection_watch::note(int action, const char* first, const char* second) {
    switch (action) {
    case SQLITE_ATTACH:
    case SQLITE_CREATE_TEMP_TABLE:
    case SQLITE_CREATE_TEMP_TRIGGER:
    case SQLITE_CREATE_TEMP_VIEW:
        seen_ = true;
        break;
    case SQLITE_PRAGMA:
        if (second && belongs_to_connection(first)) {
            seen_ = true;
            busy_timeout_seen_ = busy_timeout_seen_ || sqlite3_stricmp(first, "busy_timeout") == 0;
        }
        break;
    case SQLITE_TRANSACTION:
        if (probing_) {
            probed_ = true;
        } else if (sqlite3_stricmp(first, "BEGIN") != 0) {
            ended_with_ = first; // short enough to need no allocation
        }
        break;
    default:
        break;
    }
}

int connection_watch::reprepared() const noexcept {
    return sqlite3_stmt_status(probe_, SQLITE_STMTSTATUS_REPREPARE, 0);
}

void connection_watch::begin() noexcept {
    seen_ = false;
    busy_timeout_seen_ = false;
    probed_ = false;
    interrupted_ = false;
    replaced_ = false;
    ended_with_.clear();
    reprepared_ = reprepared();
}

int connection_watch::run_probe() noexcept {
    const auto run = [this] {
        const int code = sqlite3_step(probe_);
        sqlite3_reset(probe_);
        return code;
    };
    probing_ = true;
    int code = run();
    if (code == SQLITE_INTERRUPT) {
        interrupted_ = true;
        sqlite3_progress_handler(connection_, 0, nullptr, nullptr);
        code = run();
    }
    if (sqlite3_get_autocommit(connection_) == 0) {
        // Only another authorizer still keeps a ROLLBACK from ending the transaction.
        replaced_ = true;
        sqlite3_set_authorizer(connection_, authorize, this);
        code = run();
    }
    probing_ = false;
    return code;
}

bool connection_watch::suspicious() const noexcept {
    // Flags set by PRAGMA or sqlite3_db_config, and a new authorizer, expire every statement, so
    // that the probe was prepared again. Databases 0 and 1 are main and temp.
    return seen_ || interrupted_ || replaced_ || reprepared() != reprepared_ ||
           sqlite3_db_name(connection_, 2) != nullptr;
}

std::vector<std::string> connection_watch::restore() {
    std::vector<std::string> changes;
    if (interrupted_) {
        changes.emplace_back("left a progress handler that interrupts every statement");
    }
    restore_authorizer(changes);
    restore_switches(changes); // before the PRAGMAs, some of which DEFENSIVE forbids
    restore_settings(changes); // before the rest, which query_only would forbid
    drop_temporary_objects(changes);
    detach_databases(changes);
    return changes;
}

std::vector<std::string> connection_watch::reset_statements() {
    std::vector<std::string> changes;
    sqlite3_stmt* open = nullptr;
    while ((open = sqlite3_next_stmt(connection_, open)) != nullptr) {
        if (sqlite3_stmt_busy(open) != 0) {
            changes.push_back("left the statement \"" + std::string(sqlite3_sql(open)) + "\" open");
            sqlite3_reset(open);
        }
    }
    return changes;
}

std::vector<std::string> connection_watch::settings() const {
    std::vector<std::string> values;
    values.reserve(pragmas.size());
    for (const char* pragma : pragmas) {
        values.push_back(first_value(connection_, reading(pragma)));
    }
    return values;
}

std::vector<int> connection_watch::switches() const {
    std::vector<int> values;
    values.reserve(configurations.size());
    for (const configuration& each : configurations) {
        int value = 0;
        sqlite3_db_config(connection_, each.option, -1, &value);
        values.push_back(value);
    }
    return values;
}

void connection_watch::restore_authorizer(std::vector<std::string>& changes) {
    if (replaced_ || (reprepared() != reprepared_ && !probed_)) {
        changes.emplace_back("replaced the connection's authorizer");
        sqlite3_set_authorizer(connection_, authorize, this);
    }
}

void connection_watch::restore_switches(std::vector<std::string>& changes) {
    const auto now = switches();
    for (std::size_t i = 0; i < configurations.size(); ++i) {
        if (now[i] != switches_[i]) {
            changes.push_back("changed " + std::string(configurations[i].name) + " from " +
                              std::to_string(switches_[i]) + " to " + std::to_string(now[i]));
            sqlite3_db_config(connection_, configurations[i].option, switches_[i], nullptr);
        }
    }
}

void connection_watch::restore_settings(std::vector<std::string>& changes) {
    const auto now = settings();
    for (std::size_t i = 0; i < pragmas.size(); ++i) {
        const std::string pragma = std::string("PRAGMA ") + pragmas[i];
        // One that cannot be read, because another connection locks the database, shows nothing.
        const bool changed = now[i] != settings_[i] && !now[i].empty();
        // Another test may have called sqlite3_busy_timeout, which nothing shows at the time.
        const bool by_this_test = std::string(pragmas[i]) != "busy_timeout" || busy_timeout_seen_;
        if (changed && by_this_test) {
            changes.push_back("changed " + pragma + " from " + settings_[i] + " to " + now[i]);
        }
        if (changed || waits_for_vacuum(pragmas[i])) {
            run(connection_, pragma + " = " + settings_[i]);
        }
    }
}

void connection_watch::drop_temporary_objects(std::vector<std::string>& changes) {
    // Triggers and views first: dropping a table takes its triggers with it.
    const auto objects = rows(connection_, "SELECT type, name FROM sqlite_temp_master "
                                           "WHERE type IN ('table', 'view', 'trigger') "
                                           "ORDER BY type DESC, name");
    for (const auto& object : objects) {
        changes.push_back("left the temporary " + object[0] + " '" + object[1] + "' behind");
        run(connection_, "DROP " + object[0] + " temp." + quoted(object[1]));
    }
}

void connection_watch::detach_databases(std::vector<std::string>& changes) {
    const auto databases = rows(connection_, "SELECT name FROM pragma_database_list "
                                             "WHERE name NOT IN ('main', 'temp')");
    for (const auto& database : databases) {
        changes.push_back("left the database '" + database[0] + "' attached");
        run(connection_, "DETACH " + quoted(database[0]));
    }
}

} // namespace isolite
