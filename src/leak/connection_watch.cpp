#include "leak/connection_watch.hpp"

#include "error/statement_text.hpp"
#include "leak/cursor.hpp"
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

std::size_t index_of(std::string_view pragma) {
    const auto found = std::find(pragmas.begin(), pragmas.end(), pragma);
    return static_cast<std::size_t>(found - pragmas.begin());
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

int stepped(sqlite3_stmt* statement) noexcept {
    const int code = sqlite3_step(statement);
    sqlite3_reset(statement);
    return code;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

} // namespace

connection_watch::connection_watch(sqlite3* connection, sqlite3_stmt* probe, settings_reader usual)
    : connection_(connection), probe_(probe), read_usual_(std::move(usual)),
      soft_heap_limit_(std::to_string(sqlite3_soft_heap_limit64(-1))),
      baseline_({{}, switches(), attached(), temporary()}) {
    sqlite3_set_authorizer(connection_, authorize, this);
    sqlite3_prepare_v3(connection_, "SELECT 1", -1, SQLITE_PREPARE_PERSISTENT, &idle_probe_,
                       nullptr);
    stepped(probe_); // the new authorizer made SQLite forget it
    begin();
}

connection_watch::~connection_watch() {
    sqlite3_finalize(idle_probe_);
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
        notes_.changed = true;
        break;
    case SQLITE_PRAGMA:
        if (second && belongs_to_connection(first)) {
            notes_.changed = true;
            notes_.busy_timeout =
                notes_.busy_timeout || sqlite3_stricmp(first, "busy_timeout") == 0;
            notes_.journal_mode =
                notes_.journal_mode || sqlite3_stricmp(first, "journal_mode") == 0;
        }
        break;
    case SQLITE_TRANSACTION:
    case SQLITE_SELECT:
        notes_.probed = notes_.probed || probing_;
        break;
    default:
        break;
    }
}

int connection_watch::reprepared() const noexcept {
    return sqlite3_stmt_status(probe_, SQLITE_STMTSTATUS_REPREPARE, 0) +
           sqlite3_stmt_status(idle_probe_, SQLITE_STMTSTATUS_REPREPARE, 0);
}

void connection_watch::begin() noexcept {
    notes_ = {};
    notes_.reprepared = reprepared();
}

void connection_watch::begin_inner() {
    run_probe(); // shows what the outer one did, and whether the authorizer is still ours
    outer_.emplace_back(baseline_, notes_);
    if (suspicious()) {
        baseline_ = present();
    }
    begin();
}

void connection_watch::end_inner() noexcept {
    const int later = reprepared() - notes_.reprepared;
    baseline_ = std::move(outer_.back().first);
    notes_ = outer_.back().second;
    notes_.reprepared += later; // the inner one has put right what this shows
    outer_.pop_back();
}

void connection_watch::run_probe() noexcept {
    probing_ = true;
    if (sqlite3_get_autocommit(connection_) == 0) {
        if (stepped(probe_) == SQLITE_INTERRUPT) {
            notes_.interrupted = true;
            sqlite3_progress_handler(connection_, 0, nullptr, nullptr);
            stepped(probe_);
        }
        if (sqlite3_get_autocommit(connection_) == 0) {
            // Only another authorizer still keeps a ROLLBACK from ending the transaction.
            notes_.replaced = true;
            sqlite3_set_authorizer(connection_, authorize, this);
            stepped(probe_);
        }
    } else {
        run_idle_probe();
    }
    probing_ = false;
}

void connection_watch::run_idle_probe() noexcept {
    const int code = stepped(idle_probe_);
    if (code == SQLITE_INTERRUPT) {
        notes_.interrupted = true;
        sqlite3_progress_handler(connection_, 0, nullptr, nullptr);
        stepped(idle_probe_);
    } else if (code != SQLITE_ROW) {
        notes_.replaced = true;
        sqlite3_set_authorizer(connection_, authorize, this);
        stepped(idle_probe_);
    }
}

bool connection_watch::suspicious() const noexcept {
    // Flags set by PRAGMA or sqlite3_db_config, and a new authorizer, expire every statement, so
    // that the probe was prepared again. Databases 0 and 1 are main and temp.
    const int first_foreign = 2 + static_cast<int>(baseline_.attached.size());
    const bool attached_as_before = sqlite3_db_name(connection_, first_foreign - 1) &&
                                    !sqlite3_db_name(connection_, first_foreign);
    return notes_.changed || notes_.interrupted || notes_.replaced ||
           reprepared() != notes_.reprepared || !attached_as_before;
}

std::vector<std::string> connection_watch::restore(bool journal_mode_may_change) {
    std::vector<std::string> changes;
    const notes of_test = notes_; // the authorizer hears what follows too
    if (notes_.interrupted) {
        changes.emplace_back("left a progress handler that interrupts every statement");
    }
    restore_authorizer(changes);
    restore_switches(changes); // before the PRAGMAs, some of which DEFENSIVE forbids
    restore_settings(changes,
                     journal_mode_may_change); // before the rest, which query_only would forbid
    if (notes_.journal_mode) { // without a journal no TEMP object would be rolled back
        run(connection_, "PRAGMA temp.journal_mode = DELETE");
    }
    drop_temporary_objects(changes);
    detach_databases(changes);
    notes_.busy_timeout = of_test.busy_timeout;
    notes_.journal_mode = of_test.journal_mode;
    return changes;
}

std::vector<std::string> connection_watch::reset_statements() {
    std::vector<std::string> changes;
    sqlite3_stmt* open = nullptr;
    while ((open = sqlite3_next_stmt(connection_, open)) != nullptr) {
        if (sqlite3_stmt_busy(open) != 0) {
            changes.push_back("left the statement \"" + statement_text(sqlite3_sql(open)) +
                              "\" open");
            sqlite3_reset(open);
        }
    }
    return changes;
}

std::vector<std::string> connection_watch::settings_of(sqlite3* connection) {
    std::vector<std::string> values;
    values.reserve(pragmas.size());
    for (const char* pragma : pragmas) {
        values.push_back(first_value(connection, reading(pragma)));
    }
    return values;
}

const std::vector<std::string>& connection_watch::wanted_settings() {
    if (!baseline_.settings.empty()) {
        return baseline_.settings;
    }
    if (usual_.empty()) {
        usual_ = read_usual_();
        if (!usual_.empty()) { // none: no connection could be opened
            usual_[index_of("soft_heap_limit")] = soft_heap_limit_;
        }
    }
    return usual_;
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
    if (notes_.replaced || (reprepared() != notes_.reprepared && !notes_.probed)) {
        changes.emplace_back("replaced the connection's authorizer");
        sqlite3_set_authorizer(connection_, authorize, this);
    }
}

void connection_watch::restore_switches(std::vector<std::string>& changes) {
    const auto now = switches();
    for (std::size_t i = 0; i < configurations.size(); ++i) {
        if (now[i] != baseline_.switches[i]) {
            changes.push_back("changed " + std::string(configurations[i].name) + " from " +
                              std::to_string(baseline_.switches[i]) + " to " +
                              std::to_string(now[i]));
            sqlite3_db_config(connection_, configurations[i].option, baseline_.switches[i],
                              nullptr);
        }
    }
}

bool connection_watch::is_blamed(std::string_view pragma, bool journal_mode_may_change) const {
    if (pragma == "busy_timeout") { // also set by sqlite3_busy_timeout, which nothing shows
        return notes_.busy_timeout;
    }
    if (pragma == "journal_mode") { // also set through another connection
        return notes_.journal_mode && !journal_mode_may_change;
    }
    return true;
}

void connection_watch::restore_settings(std::vector<std::string>& changes,
                                        bool journal_mode_may_change) {
    const auto& wanted = wanted_settings();
    const auto now = settings_of(connection_);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const std::string pragma = std::string("PRAGMA ") + pragmas[i];
        const std::string& before = wanted[i];
        // One that cannot be read, because another connection locks the database, shows nothing.
        const bool changed = now[i] != before && !now[i].empty();
        if (changed && is_blamed(pragmas[i], journal_mode_may_change)) {
            changes.push_back("changed " + pragma + " from " + before + " to " + now[i]);
        }
        if (changed || waits_for_vacuum(pragmas[i])) {
            run(connection_, pragma + " = " + before);
        }
    }
}

void connection_watch::drop_temporary_objects(std::vector<std::string>& changes) {
    // Triggers and views first: dropping a table takes its triggers with it.
    const auto objects = rows(connection_, "SELECT type, name FROM sqlite_temp_master "
                                           "WHERE type IN ('table', 'view', 'trigger') "
                                           "ORDER BY type DESC, name");
    for (const auto& object : objects) {
        if (!contains(baseline_.temporary, object[1])) {
            changes.push_back("left the temporary " + object[0] + " '" + object[1] + "' behind");
            run(connection_, "DROP " + object[0] + " temp." + quoted_name(object[1]));
        }
    }
}

void connection_watch::detach_databases(std::vector<std::string>& changes) {
    for (const attachment& each : attached()) {
        if (std::find(baseline_.attached.begin(), baseline_.attached.end(), each) ==
            baseline_.attached.end()) {
            changes.push_back("left the database '" + each.first + "' attached");
            run(connection_, "DETACH " + quoted_name(each.first));
        }
    }
}

connection_watch::baseline connection_watch::present() const {
    return {settings_of(connection_), switches(), attached(), temporary()};
}

std::vector<connection_watch::attachment> connection_watch::attached() const {
    constexpr int first_attached = 2; // behind main and temp
    std::vector<attachment> all;
    for (int i = first_attached; const char* const name = sqlite3_db_name(connection_, i); ++i) {
        const char* const file = sqlite3_db_filename(connection_, name);
        all.emplace_back(name, file ? file : "");
    }
    return all;
}

std::vector<std::string> connection_watch::temporary() const {
    std::vector<std::string> names;
    for (auto& object : rows(connection_, "SELECT name FROM sqlite_temp_master")) {
        names.push_back(std::move(object[0]));
    }
    return names;
}

} // namespace isolite
