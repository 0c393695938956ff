#include <isolite/session.hpp>

#include "engine/engine_state.hpp"
#include "leak/leak_report.hpp"
#include "session/unheard_leak.hpp"
#include "store/directory.hpp"

#include <isolite/ledger.hpp>

#include <sqlite3.h>

#include <string>
#include <utility>

namespace isolite {

namespace {

using clock = std::chrono::steady_clock;

void enter_in_ledger(const engine::state& engine, clock::time_point closing) {
    ledger::of_process().add_session(engine.test, engine.opened - engine.opening,
                                     closing - engine.opened, clock::now() - closing);
}

std::string opening(std::string_view test) {
    return "open a session for '" + std::string(test) + "': ";
}

/// Looks for everything that the test left on its connection and in memory, and puts it right.
leak_report heal(engine::state& engine, bool transaction_ended, std::uint64_t files_before) {
    connection_watch& watch = *engine.connection->watch;
    leak_report report;
    report.database = engine.name;
    report.transaction_ended = transaction_ended;
    report.ended_with = watch.ended_with();
    report.connection_changes = watch.reset_statements();
    const auto restore = [&] {
        for (auto& change : watch.restore()) {
            report.connection_changes.push_back(std::move(change));
        }
    };
    restore();
    engine.connection->release_lock();
    report.changed_pages = engine.store->changed_pages();
    report.locked_elsewhere = engine.store->active_holders() > 0;
    engine.store->rewind();
    if (report.locked_elsewhere) {
        restore(); // what the lock, which is revoked now, kept from being read
    }
    report.files = store::directory::of_process().remove_since(files_before);
    return report;
}

} // namespace

session::session(engine::state& engine, mode mode) noexcept : engine_(&engine), mode_(mode) {}

session::session(session&& other) noexcept
    : engine_(std::exchange(other.engine_, nullptr)), number_(other.number_), mode_(other.mode_),
      last_insert_rowid_(other.last_insert_rowid_), files_(other.files_) {}

session::~session() {
    try {
        if (const auto closed = close(); !closed) {
            report_unheard(closed.error().text());
        }
    } catch (const std::exception& problem) {
        report_unheard(std::string("cannot close the session: ") + problem.what());
    }
}

result<session> session::open(engine& engine, std::string_view test, mode mode) {
    session opened(*engine.state_, mode);
    if (auto begun = opened.begin(test); !begun) {
        return tl::unexpected(std::move(begun.error()));
    }
    return opened;
}

result<void> session::begin(std::string_view test) {
    if (engine_->session != 0) {
        return tl::unexpected(error{
            errc::usage, opening(test) + "the session of '" + engine_->test + "' is still open",
            "an engine has one session at a time: close the first, or use a second seed"});
    }
    engine_->opening = clock::now();
    engine_->test.assign(test); // before anything is begun, because it may throw
    if (mode_ == mode::rollback) {
        if (auto begun = begin_transaction(test); !begun) {
            return begun;
        }
    }
    number_ = engine_->session = ++engine_->sessions;
    engine_->opened = clock::now();
    return {};
}

result<void> session::begin_transaction(std::string_view test) {
    sqlite3* const connection = engine_->connection->database.getHandle();
    if (sqlite3_get_autocommit(connection) == 0) {
        return tl::unexpected(
            error{errc::usage, opening(test) + "the connection is inside a transaction",
                  "something that ran outside of any session began it and did not end it"});
    }
    files_ = store::directory::of_process().generation();
    last_insert_rowid_ = sqlite3_last_insert_rowid(connection);
    static_cast<void>(engine_->store->settle());
    if (const int code = engine_->connection->begin(); code != SQLITE_DONE) {
        return tl::unexpected(
            error{errc::database, opening(test) + "BEGIN failed: " + sqlite3_errmsg(connection),
                  "an authorizer that was set outside of any session may have refused it", code});
    }
    engine_->connection->watch->begin();
    return {};
}

result<void> session::close() {
    if (!engine_ || number_ == 0 || engine_->session != number_) {
        return {};
    }
    const auto closing = clock::now();
    result<void> verdict;
    if (mode_ == mode::rollback) {
        verdict = end_transaction();
    }
    engine_->session = 0;
    enter_in_ledger(*engine_, closing);
    return verdict;
}

result<void> session::end_transaction() {
    connection& used = *engine_->connection;
    sqlite3* const connection = used.database.getHandle();
    const bool ended = sqlite3_get_autocommit(connection) != 0;
    used.watch->run_probe(); // the ROLLBACK, which only fails when there is nothing to roll back
    result<void> verdict;
    if (used.watch->suspicious() || files_ != store::directory::of_process().generation() ||
        !engine_->store->rewind_if_clean()) {
        const leak_report report = heal(*engine_, ended, files_);
        if (!report.empty()) {
            verdict = tl::unexpected(report.to_error(engine_->test));
        }
    }
    sqlite3_set_last_insert_rowid(connection, last_insert_rowid_);
    return verdict;
}

result<void> session::abandon(engine& engine, std::string_view test) {
    engine::state& state = *engine.state_;
    if (state.session == 0 || state.test != test) {
        return {};
    }
    const auto closing = clock::now();
    auto started = state.start();
    enter_in_ledger(state, closing);
    return started;
}

} // namespace isolite
