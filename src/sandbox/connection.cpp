#include "sandbox/connection.hpp"

#include "leak/cursor.hpp"
#include "sandbox/connection_portrait.hpp"
#include "text/statement_text.hpp"

#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

#include <algorithm>
#include <cctype>
#include <utility>

// Deprecated, so that some builds of SQLite do not have it.
extern "C" __attribute__((weak)) int sqlite3_expired(sqlite3_stmt*);

namespace isolite::sandbox {

namespace {

/// Says whether SQLite will prepare a statement again, since a flag or the authorizer has changed.
bool is_expired(sqlite3_stmt* statement) noexcept {
    // Where this SQLite has no such function, the loader may know that of another one.
    static const bool can_tell =
        sqlite3_expired && sqlite3_compileoption_used("OMIT_DEPRECATED") == 0;
    return can_tell && sqlite3_expired(statement) != 0;
}

int times_reprepared(sqlite3_stmt* statement) noexcept {
    return sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_REPREPARE, 0);
}

void no_hook(void* /*nothing*/) {}

/// SQLite does not say whether it tells extended result codes, but by one.
bool shows_extended_codes(sqlite3* connection) {
    sqlite3_exec(connection, "SELECT 'a' = 'b' COLLATE \"isolite: no such collation\"", nullptr,
                 nullptr, nullptr);
    return sqlite3_errcode(connection) == SQLITE_ERROR_MISSING_COLLSEQ;
}

} // namespace

bool is_of_virtual_table(std::string_view sql) {
    const auto joins_names = [sql](std::size_t at) {
        const auto is_of_name = [sql](std::size_t i) {
            return i < sql.size() &&
                   (std::isalnum(static_cast<unsigned char>(sql[i])) != 0 || sql[i] == '_');
        };
        return at > 0 && is_of_name(at - 1) && is_of_name(at + 3);
    };
    return joins_names(sql.find("'.'")) || joins_names(sql.find("\".\"")) ||
           sql.rfind("PRAGMA '", 0) == 0;
}

connection::connection(SQLite::Database& opened, const connection_recipe& recipe, bool with_steps,
                       usual_settings& usual, std::uint64_t& schema_changes)
    : watch(opened.getHandle(), usual, schema_changes), trace(opened.getHandle(), watch),
      handle_(opened.getHandle()) {
    if (!recipe.sets_rollback_hook) {
        sqlite3_rollback_hook(handle_, no_hook, this);
    }
    if (with_steps) {
        recipe.prepare(opened);
    } else {
        recipe.prepare_without_steps(opened);
    }
    // SQLite says of a hook only what it was registered with: enough to see whether it is ours.
    keeps_rollback_hook_ = recipe.sets_rollback_hook;
    lost_rollback_hook =
        !keeps_rollback_hook_ && sqlite3_rollback_hook(handle_, nullptr, nullptr) != this;
    const std::uint64_t asked = watch.asked();
    begin_ = prepared("BEGIN");
    rollback_ = prepared("ROLLBACK");
    idle_ = prepared("SELECT 1");
    is_blind_ = watch.asked() == asked;
    trace.know_own(begin_.get(), rollback_.get(), idle_.get());
    changes_.begin(handle_);
    reset_changes();
}

void connection::ready(const std::vector<std::string>& layered) {
    watch.begin_life(idle_.get(), layered, is_blind_);
    connect_virtual_tables(layered);
    trace.begin();
    trace.rest();
    busy_before_ = busy_statements();
    extended_codes_ = shows_extended_codes(handle_) ? 1 : 0;
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, -1, &loads_extensions_);
    sqlite3_exec(handle_, "", nullptr, nullptr, nullptr); // what failed here is no test's error
}

void connection::connect_virtual_tables(const std::vector<std::string>& schemas) {
    std::set<std::string> names;
    for (const std::string& schema : schemas) {
        const std::string of = leak::quoted_name(schema) + ".";
        const auto tables =
            leak::rows(handle_, "SELECT name FROM " + of +
                                    "sqlite_schema WHERE type = 'table' AND rootpage = 0");
        for (const auto& table : tables) {
            leak::run(handle_, "EXPLAIN SELECT * FROM " + of + leak::quoted_name(table.front()));
            names.insert(table.front());
        }
    }
    watch.know_virtual_tables(std::move(names));
}

own_statement connection::prepared(const char* sql) const {
    sqlite3_stmt* statement = nullptr;
    const int code =
        sqlite3_prepare_v3(handle_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) {
        throw SQLite::Exception(handle_, code);
    }
    return own_statement(statement);
}

void connection::begin_session(bool is_inner) {
    const bool something_ran = used_between();
    was_expired_ = false;
    if (is_inner) {
        busy_outside_.push_back(busy_before_);
        mark_statements(something_ran);
    } else {
        left_by_tests_.clear();
    }
    if (something_ran || is_inner) {
        busy_before_ = busy_statements();
        reset_changes(); // so that the first test finds what the others find
    }
    if (is_inner) {
        watch.begin_inner();
    } else {
        watch.begin(something_ran);
    }
    trace.begin();
}

void connection::end_session(bool is_inner) noexcept {
    if (is_inner) {
        watch.end_inner();
        note_statements_left();
        if (!busy_outside_.empty()) { // this connection was there when the session began
            busy_before_ = std::move(busy_outside_.back());
            busy_outside_.pop_back();
        }
    } else {
        watch.end();
    }
    if (is_expired(idle_.get())) { // by the test, and not by what comes
        show_flags();
        was_expired_ = false;
    }
    trace.rest();
}

/// Puts a mark before all statements, unless nothing was prepared since the last session ended.
void connection::mark_statements(bool something_ran) {
    const std::size_t depth = busy_outside_.size();
    const bool is_marked = marks_.size() >= depth && marks_[depth - 1];
    if (something_ran || !is_marked || watch.asked() != asked_when_left_) {
        sqlite3_stmt* made = nullptr;
        sqlite3_prepare_v2(handle_, "SELECT 1", -1, &made, nullptr);
        marks_.resize(depth);
        marks_[depth - 1].reset(made);
    }
}

sqlite3_stmt* connection::mark() const noexcept {
    return busy_outside_.empty() ? nullptr : marks_[busy_outside_.size() - 1].get();
}

/// Where the connection is younger than the session that ends, all statements are of tests.
void connection::note_statements_left() {
    for (sqlite3_stmt* each = nullptr;
         (each = sqlite3_next_stmt(handle_, each)) != nullptr && each != mark();) {
        left_by_tests_.insert(each);
    }
    asked_when_left_ = watch.asked();
}

bool connection::was_there(const sqlite3_stmt* statement) const {
    sqlite3_stmt* each = mark();
    while (each && each != statement && each != begin_.get()) { // behind it are on_connect's
        each = sqlite3_next_stmt(handle_, each);
    }
    return each == statement && left_by_tests_.count(statement) == 0;
}

bool connection::owns(const sqlite3_stmt* statement) const noexcept {
    const auto is_it = [statement](const own_statement& each) { return each.get() == statement; };
    return is_it(begin_) || is_it(rollback_) || is_it(idle_) || changes_.owns(statement) ||
           std::any_of(marks_.begin(), marks_.end(), is_it);
}

bool connection::used_between() const noexcept {
    return trace.something_ran() || was_expired_ || is_expired(idle_.get());
}

int connection::show_flags() noexcept {
    was_expired_ = was_expired_ || is_expired(idle_.get());
    return run_idle();
}

int connection::run_idle() noexcept {
    watch.before_probe();
    const int code = stepped(idle_.get());
    watch.after_probe();
    return code;
}

int connection::begin(bool transaction) noexcept {
    trace.expect();
    const int code = transaction ? stepped(begin_.get()) : SQLITE_DONE;
    if (!trace.heard_own()) { // a test may have set a trace of its own
        trace.listen();
    }
    return code;
}

// What made SQLite prepare the ROLLBACK again may be older than the session: what it was is told by
// the other statement, which has run since.
int connection::run_probe() noexcept {
    if (sqlite3_get_autocommit(handle_) != 0) {
        return run_idle();
    }
    const int code = stepped(rollback_.get());
    const int before = std::exchange(rollback_reprepared_, times_reprepared(rollback_.get()));
    const int idle = rollback_reprepared_ != before ? run_idle() : SQLITE_OK;
    return idle == SQLITE_AUTH ? idle : code;
}

std::vector<std::string> connection::come_to_rest() {
    std::vector<std::string> clauses;
    if (!keeps_rollback_hook_) { // it would find what belonged to the test gone
        sqlite3_rollback_hook(handle_, nullptr, nullptr);
    }
    trace.listen(); // so would a trace of the test's
    // SQLite forgets an interrupt as soon as nothing runs, so that only a statement in the middle
    // of its rows, of whatever kind, keeps the probe from running. A suite's must not be hit, nor
    // those that virtual tables keep until the transaction ends.
    const bool looks = !busy_before_.empty() || watch.has_virtual_tables();
    if (!looks) {
        sqlite3_interrupt(handle_);
    }
    int code = run_probe();
    if (watch.authorizer_replaced() || code == SQLITE_AUTH) {
        watch.note_unusual();
        clauses.emplace_back("replaced the connection's authorizer");
    }
    if (code == SQLITE_AUTH) {
        watch.take_back();
        code = run_probe();
    }
    if (code == SQLITE_INTERRUPT || looks) {
        stop_statements(clauses, looks && code == SQLITE_INTERRUPT);
        code = run_probe();
        if (code == SQLITE_INTERRUPT) {
            watch.note_unusual();
        }
        if (code == SQLITE_INTERRUPT && !has_blob()) {
            clauses.emplace_back("left a progress handler that interrupts every statement");
            sqlite3_progress_handler(handle_, 0, nullptr, nullptr);
            run_probe();
        } else if (code == SQLITE_INTERRUPT && looks) {
            clauses.emplace_back("interrupted its connection for good, since a BLOB handle or a "
                                 "virtual table is in use");
        }
    }
    trace.rest();
    return clauses;
}

std::vector<sqlite3_stmt*> connection::busy_statements() const {
    std::vector<sqlite3_stmt*> busy;
    for (sqlite3_stmt* each = nullptr; (each = sqlite3_next_stmt(handle_, each)) != nullptr;) {
        if (sqlite3_stmt_busy(each) != 0) {
            busy.push_back(each);
        }
    }
    return busy;
}

// A virtual table's own statements end with the one that reads it, which goes first. What has no
// text is a BLOB handle, which cannot be reset, or belongs to such a table; where somebody has
// interrupted all that runs, nobody can tell.
void connection::stop_statements(std::vector<std::string>& clauses, bool interrupted) {
    const auto stop_oldest = [&](bool of_virtual_table) {
        const auto busy = busy_statements(); // the youngest first
        const auto oldest = std::find_if(busy.rbegin(), busy.rend(), [&](sqlite3_stmt* each) {
            const char* const sql = sqlite3_sql(each);
            return sql && is_of_virtual_table(sql) == of_virtual_table &&
                   std::find(busy_before_.begin(), busy_before_.end(), each) == busy_before_.end();
        });
        if (oldest == busy.rend()) {
            return false;
        }
        // Without a row it has only failed, for instance on a lock, and nobody has reset it since.
        if (!of_virtual_table && sqlite3_data_count(*oldest) > 0) {
            clauses.push_back("left the statement \"" + text::statement_text(sqlite3_sql(*oldest)) +
                              "\" open");
        }
        sqlite3_reset(*oldest);
        return true;
    };
    while (stop_oldest(false) || stop_oldest(true)) {
    }
    if (has_blob()) {
        watch.note_unusual();
        // Takes their handles from virtual tables, so that what is left is the test's.
        forget_schemas(handle_);
        if (has_blob() && !interrupted) {
            clauses.emplace_back("left a BLOB handle open");
        }
    }
}

bool connection::has_blob() const {
    const auto busy = busy_statements();
    return std::any_of(busy.begin(), busy.end(), [this](sqlite3_stmt* each) {
        return !sqlite3_sql(each) &&
               std::find(busy_before_.begin(), busy_before_.end(), each) == busy_before_.end();
    });
}

void connection::reset_changes() noexcept {
    if (sqlite3_changes(handle_) != 0) {
        watch.pause();
        changes_.reset();
        watch.go_on();
    }
}

void connection::restore_counters(std::int64_t last_insert_rowid) noexcept {
    if (sqlite3_last_insert_rowid(handle_) != last_insert_rowid) {
        sqlite3_set_last_insert_rowid(handle_, last_insert_rowid);
    }
    // Setting this is cheaper than asking, where SQLite answers at all.
    sqlite3_extended_result_codes(handle_, extended_codes_);
    int loads_extensions = 0;
    sqlite3_db_config(handle_, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, -1, &loads_extensions);
    if (loads_extensions != loads_extensions_) {
        sqlite3_enable_load_extension(handle_, loads_extensions_); // for SQL as well
    }
    reset_changes();
}

} // namespace isolite::sandbox
