#include "sandbox/sandbox.hpp"

#include "leak/cursor.hpp"
#include "leak/unresolved_keys.hpp"
#include "ledger/ledger.hpp"
#include "sandbox/explanation.hpp"
#include "store/directory.hpp"

#include <sqlite3.h>

#include <thread>
#include <utility>

namespace isolite {

namespace {

using all_databases = std::vector<sandboxed_database>;

std::string opening(const open_session& entering) {
    return "open a session for '" + entering.test + "': ";
}

sqlite3* handle_of(engine::state& engine) {
    return engine.connection->database.getHandle();
}

/// Says whether a session is in a transaction of the one around it, and so is a savepoint in it.
bool is_savepoint(const engine::state& engine, const open_session& session, std::size_t outer) {
    return session.mode == mode::rollback && outer > 0 &&
           engine.sessions[outer - 1].mode == mode::rollback;
}

/// Tries until it succeeds or a second is over: a transaction of another thread may be just ending.
template <typename Action>
bool soon(Action action) {
    using clock = std::chrono::steady_clock;
    if (action()) {
        return true;
    }
    const auto end = clock::now() + std::chrono::seconds(1);
    bool done = false;
    while (!done && clock::now() < end) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        done = action();
    }
    return done;
}

/// Drops the layers that an inner session has put on the first few databases.
void drop_checkpoints(engine::state& engine, std::size_t count) {
    for (std::size_t i = 0; i < count && !engine.sessions.empty(); ++i) {
        engine.databases[i].store->discard();
    }
}

result<void> take_checkpoint(engine::state& engine, const open_session& entering) {
    const bool inner = !engine.sessions.empty();
    if (inner) {
        engine.connection->empty_log();
    }
    const bool recorded = entering.mode == mode::rollback;
    for (std::size_t i = 0; i < engine.databases.size(); ++i) {
        store::store& store = *engine.databases[i].store;
        if (!soon([&] { return inner ? store.checkpoint() : store.settle(recorded); })) {
            drop_checkpoints(engine, i);
            return tl::unexpected(error{
                errc::database,
                opening(entering) + "another connection is in the middle of writing a transaction",
                "end it, or join its thread, before the test that began it ends"});
        }
        if (inner) {
            store.record_commits(recorded);
        }
    }
    return {};
}

result<void> begin(engine::state& engine, const open_session& entering) {
    if (entering.mode != mode::rollback) {
        return {};
    }
    if (const int code = engine.connection->begin(); code != SQLITE_DONE) {
        return tl::unexpected(
            error{errc::database,
                  opening(entering) + "BEGIN failed: " + sqlite3_errmsg(handle_of(engine)),
                  "an authorizer that was set outside of any session may have refused it", code});
    }
    return {};
}

/// Returns why a session cannot be opened inside the innermost one, if it cannot.
result<void> check_nesting(engine::state& engine, const open_session& entering) {
    const open_session* const outer = engine.sessions.empty() ? nullptr : &engine.sessions.back();
    if (outer && outer->mode == mode::rollback) {
        return tl::unexpected(error{errc::usage,
                                    opening(entering) + "the session of '" + outer->test +
                                        "' around it is a transaction",
                                    "open the outer session with isolite::mode::copy_on_write"});
    }
    if (sqlite3_get_autocommit(handle_of(engine)) == 0) {
        return tl::unexpected(
            error{errc::usage, opening(entering) + "the connection is inside a transaction",
                  outer ? "end what '" + outer->test + "' began before opening a session inside it"
                        : "something that ran outside of any session began it and did not end it"});
    }
    return {};
}

result<void> enter_savepoint(engine::state& engine, const open_session& entering) {
    sqlite3* const connection = handle_of(engine);
    const int code = sqlite3_exec(connection, "SAVEPOINT isolite", nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
        return tl::unexpected(error{
            errc::database, opening(entering) + "SAVEPOINT failed: " + sqlite3_errmsg(connection),
            "the outer session's transaction may have ended", code});
    }
    return {};
}

/// Rolls back to the savepoint of an inner session. All else is left to the outer one.
leak_report leave_savepoint(engine::state& engine) {
    leak_report report;
    const int code = sqlite3_exec(handle_of(engine), "ROLLBACK TO isolite; RELEASE isolite",
                                  nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
        report.savepoint_ended = true;
        report.ended_with = engine.connection->trace->end();
    }
    return report;
}

bool kept_in_wal(const all_databases& databases) {
    bool kept = false;
    for (const sandboxed_database& each : databases) {
        kept = kept || each.store->kept_in_wal();
    }
    return kept;
}

std::size_t touched_pages(const all_databases& databases) {
    std::size_t touched = 0;
    for (const sandboxed_database& each : databases) {
        touched += each.store->touched_pages();
    }
    return touched;
}

/// Lets the connection see that its schemas are others now, where they are. SQLite notices that
/// when a statement runs, and some are refused before, by what their table used to be.
void reread_schemas(engine::state& engine) {
    for (sandboxed_database& each : engine.databases) {
        const std::uint64_t generation = each.store->schema_generation();
        if (std::exchange(each.schema_generation, generation) != generation) {
            const std::string read =
                "SELECT 1 FROM " + quoted_name(each.schema) + ".sqlite_master LIMIT 1";
            sqlite3_exec(handle_of(engine), read.c_str(), nullptr, nullptr, nullptr);
        }
    }
}

/// Ends the layers of a session where nothing has to be put right. Returns whether that is so.
bool leave_quietly(engine::state& engine, const open_session& leaving, leak_report& report) {
    const bool inner = engine.sessions.size() > 1;
    if (!report.empty() || engine.connection->watch->suspicious() ||
        leaving.files != store::directory::of_process().generation()) {
        return false;
    }
    for (const sandboxed_database& each : engine.databases) {
        if (!(leaving.mode == mode::rollback ? each.store->rewind_if_clean()
                                             : each.store->rewind_if_idle())) {
            return false;
        }
    }
    report.kept_in_wal = kept_in_wal(engine.databases); // none of them was before
    for (const sandboxed_database& each : engine.databases) {
        each.store->note_left_open(leaving.test);
        if (inner) {
            each.store->discard();
        }
    }
    reread_schemas(engine);
    return true;
}

/// Says of each database in which committed changes were left what they are, and keeps evidence.
void report_changes(engine::state& engine, const open_session& leaving, leak_report& report) {
    std::vector<exhibit> shown;
    for (const sandboxed_database& each : engine.databases) {
        const auto commits = each.store->commits();
        // What a transaction wrote that was broken off half-way is no content of the database.
        if (each.store->changed_pages() > 0 && (!each.store->broken_off() || !commits.empty())) {
            shown.push_back({each.name, each.store->freeze_checkpoint(), each.store->freeze()});
            auto [lines, rows] = explain(engine, shown.back());
            if (lines.empty()) {
                lines.push_back("no row differs, but " +
                                std::to_string(each.store->changed_pages()) + " of its pages");
            }
            report.changes.push_back({each.name, commits, std::move(lines), rows});
        }
    }
    if (!shown.empty() && !leaving.evidence_kept && evidence_wanted()) {
        const fixture_clock keeping;
        report.evidence = write_evidence(leaving.test, shown);
        keeping.enter(fixture_kind::evidence_written, {engine.databases.front().name});
    }
}

std::vector<store::foreign_work> foreign_work(const all_databases& databases) {
    std::vector<store::foreign_work> all;
    for (const sandboxed_database& each : databases) {
        for (auto& work : each.store->foreign_work_in_progress()) {
            all.push_back(std::move(work));
        }
    }
    return all;
}

void restore_connection(engine::state& engine, const open_session& leaving, leak_report& report) {
    for (auto& change : engine.connection->watch->restore(leaving.mode == mode::copy_on_write)) {
        report.connection_changes.push_back(std::move(change));
    }
    for (const auto& schema : engine.recipe.attach_missing(engine.connection->database)) {
        report.connection_changes.push_back("detached the database '" + schema + "'");
    }
    engine.name_owner();
}

void drop_layers(engine::state& engine, const open_session& leaving) {
    const bool inner = engine.sessions.size() > 1;
    for (const sandboxed_database& each : engine.databases) {
        each.store->note_left_open(leaving.test);
        if (inner) {
            each.store->discard();
        } else {
            each.store->rewind();
        }
    }
}

/// Looks for everything that the test left on its connection and in memory, and puts it right.
void heal(engine::state& engine, const open_session& leaving, leak_report& report) {
    const bool was_kept = kept_in_wal(engine.databases);
    for (auto& change : engine.connection->watch->reset_statements()) {
        report.connection_changes.push_back(std::move(change));
    }
    restore_connection(engine, leaving, report);
    engine.connection->release_lock();
    report.foreign_work = foreign_work(engine.databases);
    if (leaving.mode == mode::rollback) {
        for (const sandboxed_database& each : engine.databases) {
            each.store->revoke_locks(); // readers would keep the log from being emptied
        }
        engine.connection->empty_log();
        report_changes(engine, leaving, report);
    }
    drop_layers(engine, leaving);
    reread_schemas(engine);
    if (!report.foreign_work.empty() || was_kept) {
        restore_connection(engine, leaving, report); // what locks kept from being read
    }
    report.kept_in_wal = !was_kept && kept_in_wal(engine.databases);
    auto files = store::directory::of_process().remove_since(leaving.files);
    if (leaving.mode == mode::rollback) {
        report.files = std::move(files);
    }
}

} // namespace

result<void> enter_sandbox(engine::state& engine, open_session& entering) {
    if (is_savepoint(engine, entering, engine.sessions.size())) {
        return enter_savepoint(engine, entering);
    }
    if (auto allowed = check_nesting(engine, entering); !allowed) {
        return allowed;
    }
    entering.files = store::directory::of_process().generation();
    entering.last_insert_rowid = sqlite3_last_insert_rowid(handle_of(engine));
    if (auto taken = take_checkpoint(engine, entering); !taken) {
        return taken;
    }
    if (engine.sessions.empty()) {
        engine.connection->watch->begin();
    } else {
        engine.connection->watch->begin_inner();
    }
    engine.connection->trace->begin();
    auto begun = begin(engine, entering);
    if (!begun && !engine.sessions.empty()) {
        engine.connection->watch->end_inner();
        drop_checkpoints(engine, engine.databases.size());
    }
    return begun;
}

departure leave_sandbox(engine::state& engine, const open_session& leaving) {
    const std::size_t outer = engine.sessions.size() - 1;
    departure left;
    leak_report& report = left.leaks;
    if (is_savepoint(engine, leaving, outer)) {
        report = leave_savepoint(engine);
        return left;
    }
    left.pages = touched_pages(engine.databases);
    connection& used = *engine.connection;
    sqlite3* const connection = handle_of(engine);
    const bool in_transaction = sqlite3_get_autocommit(connection) == 0;
    if (leaving.mode == mode::rollback) {
        report.transaction_ended = !in_transaction;
        report.nested_begin = used.trace->nested_begin();
        report.ended_with = used.trace->end();
        if (has_unresolved_keys(connection)) {
            report.unresolved_keys = unresolved_keys(connection);
        }
    } else if (in_transaction) {
        report.transaction_open = true;
        report.begun_with = used.trace->begun_with();
    }
    used.watch->run_probe(); // the ROLLBACK, which only fails when there is nothing to roll back
    left.work.checking = ledger::clock::now();
    const bool is_quiet = leave_quietly(engine, leaving, report);
    left.work.checked = ledger::clock::now();
    if (!is_quiet) {
        const fixture_clock healing; // around what is entered meanwhile
        heal(engine, leaving, report);
        left.work.healed = ledger::clock::now();
    }
    sqlite3_set_last_insert_rowid(connection, leaving.last_insert_rowid);
    if (outer > 0) {
        used.watch->end_inner();
    }
    return left;
}

} // namespace isolite
