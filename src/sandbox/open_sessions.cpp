#include "sandbox/open_sessions.hpp"

#include "files/claims.hpp"
#include "files/patience.hpp"
#include "sandbox/case_files.hpp"
#include "sandbox/evidence.hpp"
#include "sandbox/explanation.hpp"
#include "sandbox/file_scope.hpp"
#include "sandbox/told_changes.hpp"
#include "sandbox/unheard_leak.hpp"
#include "store/directory.hpp"

#include <isolite/fixture.hpp>

#include <sqlite3.h>

#include <algorithm>
#include <utility>

namespace isolite::sandbox {

namespace {

// A name that no test chooses: SQLite goes back to the innermost savepoint of a name.
constexpr const char* put_savepoint = "SAVEPOINT \"isolite: a session in a session\"";
constexpr const char* drop_savepoint = "ROLLBACK TO \"isolite: a session in a session\"; "
                                       "RELEASE \"isolite: a session in a session\"";

std::string opening(const open_session& entering) {
    return "open a session for '" + entering.test + "': ";
}

error end_is_unknown(const std::string& test, const char* problem) {
    return {errc::database, "end '" + test + "' with a clean database: " + problem,
            "run the tests that follow again without it"};
}

} // namespace

const surroundings& open_sessions::surroundings_of(const open_session& session) const noexcept {
    std::size_t around = session.depth - 1;
    while (around > 0 && !sessions_[around - 1].inside) {
        --around;
    }
    return around == 0 ? outside_ : *sessions_[around - 1].inside;
}

bool open_sessions::is_savepoint(const open_session& session) const {
    return session.mode == mode::rollback && session.is_inner() &&
           sessions_[session.depth - 2].mode == mode::rollback;
}

open_session& open_sessions::put(std::string_view test, mode mode, const framework* framework) {
    spare_name_.assign(test);
    const unsigned depth = static_cast<unsigned>(sessions_.size()) + 1;
    sessions_.push_back({opened_ + 1, std::move(spare_name_), mode, framework, depth});
    busy_engines += depth == 1 ? 1 : 0;
    return sessions_.back();
}

void open_sessions::drop_innermost() noexcept {
    spare_name_ = std::move(sessions_.back().test);
    sessions_.pop_back();
    busy_engines -= sessions_.empty() ? 1 : 0;
}

result<std::uint64_t> open_sessions::open(std::string_view test, mode mode,
                                          const framework* framework) {
    if (lost_session_ != 0) {
        return tl::unexpected(
            error{errc::usage,
                  "open a session for '" + std::string(test) +
                      "': what the session around it held was "
                      "lost when '" +
                      lost_in_ + "' was cut off",
                  "nothing can be saved of a database in the middle of a call: run the tests again "
                  "without '" +
                      lost_in_ + "'"});
    }
    const records::fixture_clock opening;
    if (mode == mode::usual) {
        mode = database_.is_claimed() ? mode::copy_on_write : mode::rollback;
    }
    open_session& entering = put(test, mode, framework);
    try {
        if (auto entered = enter(entering); !entered) {
            drop_files(entering);
            drop_innermost();
            return tl::unexpected(std::move(entered.error()));
        }
    } catch (...) { // out of memory
        drop_files(entering);
        drop_innermost();
        throw;
    }
    work_is_meant_ = mode == mode::none;
    had_session_ = true;
    ++opened_;
    entering.opened = opening.enter(records::fixture_kind::session_opened,
                                    {database_.recorded_name(), entering.test});
    return opened_;
}

result<void> open_sessions::check_ready(const open_session& entering) {
    return database_.check_ready(entering.is_inner(), surroundings_of(entering), last_insert_rowid_)
        .map_error([&](error failed) {
            failed.message = opening(entering) + failed.message;
            return failed;
        });
}

result<void> open_sessions::check_allowed(const open_session& entering) {
    const open_session* const outer =
        entering.is_inner() ? &sessions_[entering.depth - 2] : nullptr;
    if (outer && outer->mode == mode::rollback) {
        return tl::unexpected(error{errc::usage,
                                    opening(entering) + "the session of '" + outer->test +
                                        "' around it is a transaction",
                                    "open the outer session with isolite::mode::copy_on_write"});
    }
    if (outer && !outer->spoiled_by.empty()) {
        return tl::unexpected(error{errc::usage,
                                    opening(entering) + "'" + outer->spoiled_by +
                                        "' changed the connection, which stays so as long as '" +
                                        outer->test + "' runs",
                                    "see what '" + outer->spoiled_by + "' failed with"});
    }
    connection& used = database_.connection();
    if ((outer || used.used_between()) && used.show_flags() == SQLITE_INTERRUPT) {
        return tl::unexpected(
            error{errc::usage, opening(entering) + "statements are interrupted before it begins",
                  "take away the progress handler that was set, and end what sqlite3_interrupt has "
                  "hit, before a session opens"});
    }
    if (sqlite3_get_autocommit(database_.handle()) == 0) {
        return tl::unexpected(
            error{errc::usage, opening(entering) + "the connection is inside a transaction",
                  outer ? "end what '" + outer->test + "' began before opening a session inside it"
                        : "something that ran outside of any session began it and did not end it"});
    }
    return {};
}

result<void> open_sessions::enter_savepoint(const open_session& entering) {
    const int code = sqlite3_exec(database_.handle(), put_savepoint, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) {
        return tl::unexpected(
            error{errc::database,
                  opening(entering) + "SAVEPOINT failed: " + sqlite3_errmsg(database_.handle()),
                  "the outer session's transaction may have ended", code});
    }
    return {};
}

result<void> open_sessions::enter(open_session& entering) {
    if (entering.mode == mode::none) {
        return {};
    }
    if (is_savepoint(entering)) {
        entering.objects = database_.objects().count_made();
        return enter_savepoint(entering);
    }
    auto ready = check_ready(entering);
    if (ready && !entering.is_inner() && !work_is_meant_) {
        report_work_between_tests(entering.test);
        ready = check_ready(entering); // what is undone may cost the connection
    }
    if (!ready) {
        return ready;
    }
    if (auto allowed = check_allowed(entering); !allowed) {
        return allowed;
    }
    entering.files = store::directory::of_process().generation();
    entering.objects = database_.objects().count_made();
    entering.last_insert_rowid = sqlite3_last_insert_rowid(database_.handle());
    if (!entering.is_inner()) {
        last_insert_rowid_ = entering.last_insert_rowid;
    }
    entering.process = process_settings::present();
    if (paths::claims::any() && !is_joining_) {
        const auto files = enter_files(entering.test);
        if (!files) {
            return tl::unexpected(files.error());
        }
        entering.file_scope = *files;
    }
    if (auto put = put_layers(entering); !put) {
        return put;
    }
    return begin(entering);
}

// Each store is asked for at most a second to let go of a transaction.
result<void> open_sessions::put_layers(const open_session& entering) {
    layered_databases& databases = database_.databases();
    const bool recorded = entering.mode == mode::rollback;
    if (entering.is_inner() || databases.owner_wrote()) { // else what is there was put back
        databases.empty_logs();
    }
    const bool settles = !entering.is_inner() && !is_in_case_; // a case has settled when it began
    const bool put = entering.is_inner() ? paths::soon([&] { return databases.put_layers(); })
                                         : !settles || settle(recorded);
    if (!put) {
        for (const layered_database& each : databases) { // some of which were ready
            each.store->end_session(entering.depth, {});
        }
        return tl::unexpected(error{
            errc::database,
            opening(entering) + "another connection is in the middle of writing a transaction",
            "end it, or join its thread, before the test that began it ends"});
    }
    if (!settles) {
        for (const layered_database& each : databases) {
            each.store->begin_session(entering.depth, recorded);
        }
    }
    return {};
}

result<void> open_sessions::begin(open_session& entering) {
    connection& used = database_.connection();
    if (used.used_between()) { // a suite or the program may have changed what the test finds
        if (entering.is_inner()) {
            sessions_[entering.depth - 2].inside =
                std::make_unique<surroundings>(database_.present());
        } else {
            outside_ = database_.present();
        }
    }
    used.begin_session(entering.is_inner());
    const int code = used.begin(entering.mode == mode::rollback);
    if (code == SQLITE_DONE) {
        return {};
    }
    const std::string problem = sqlite3_errmsg(database_.handle());
    if (entering.is_inner()) {
        used.end_session(true);
        database_.databases().drop_layers();
    }
    return tl::unexpected(
        error{errc::database, opening(entering) + "BEGIN failed: " + problem,
              "an authorizer that was set outside of any session may have refused it", code});
}

void open_sessions::report_work_between_tests(std::string_view next) {
    connection& used = database_.connection();
    if (!used.used_between()) {
        return;
    }
    static_cast<void>(used.show_flags());
    if (!used.watch.unusual() && !database_.databases().owner_wrote() &&
        sqlite3_get_autocommit(database_.handle()) != 0) {
        return;
    }
    const leak::leak_report found =
        undo_work_between_tests(database_, outside_, last_insert_rowid_, objects_made_);
    if (!found.empty()) {
        report_unheard(found.to_error_between(last_test_, next).text(),
                       "No test is to blame: it was done outside of any session.");
    }
}

void open_sessions::leave_innermost(departure& left) {
    const open_session& leaving = sessions_.back();
    if (leaving.mode == mode::none) {
        return;
    }
    note_changes(database_, leaving.test);
    if (is_savepoint(leaving)) {
        database_.objects().undo_since(leaving.objects);
        if (sqlite3_exec(database_.handle(), drop_savepoint, nullptr, nullptr, nullptr) !=
            SQLITE_OK) {
            left.leaks.emplace();
            left.leaks->savepoint_ended = true;
            left.leaks->ended_with = database_.connection().trace.end();
        }
        return;
    }
    leave_sandbox(database_, leaving, surroundings_of(leaving), left);
    if (left.leaks && !left.leaks->not_replaced.empty()) {
        sessions_[sessions_.size() - 2].spoiled_by = leaving.test;
        database_.connection().watch.note_unusual(); // of the session around it now
    }
}

// Undoes what the innermost session's test did. Whatever happens, the session ends.
result<void> open_sessions::close_innermost() {
    const records::fixture_clock closing;
    result<void> verdict;
    departure left;
    try {
        leave_innermost(left);
        if (sessions_.back().file_scope != 0) {
            note_files(left);
        }
        if (left.leaks) {
            if (const framework* const framework = sessions_.back().framework) {
                left.leaks->way_to_commit = framework->way_to_commit();
            }
            verdict = tl::unexpected(left.leaks->to_error(sessions_.back().test));
        }
    } catch (const std::exception& problem) {
        drop_files(sessions_.back());
        verdict = tl::unexpected(end_is_unknown(sessions_.back().test, problem.what()));
        static_cast<void>(database_.start_over()); // `check_ready` will tell what fails
    }
    const open_session& session = sessions_.back();
    std::string sentence;
    records::session_end end;
    end.details = {database_.recorded_name(), session.test, left.pages};
    if (!verdict) {
        sentence = "cannot " + verdict.error().message;
        end.details.rows = left.leaks ? left.leaks->rows() : 0;
        end.details.text = sentence;
    }
    end.work = left.work;
    end.opened = session.opened;
    end.is_outermost = sessions_.size() == 1;
    closing.enter(end);
    sessions_.back().test = std::exchange(last_test_, std::move(sessions_.back().test));
    objects_made_ = database_.objects().count_made();
    drop_innermost();
    return verdict;
}

result<void> open_sessions::close(std::uint64_t number) {
    const auto own = std::find_if(sessions_.begin(), sessions_.end(),
                                  [number](const auto& each) { return each.number == number; });
    if (own == sessions_.end()) {
        if (lost_session_ == number) {
            lost_session_ = 0;
        }
        if (const auto early = early_verdicts_.extract(number)) {
            return tl::unexpected(early.mapped());
        }
        return {};
    }
    return own + 1 == sessions_.end() ? close_innermost() : close_with_inner(number);
}

result<void> open_sessions::close_with_inner(std::uint64_t number) {
    const std::string inner = sessions_.back().test;
    std::string text;
    while (sessions_.back().number != number) {
        const std::uint64_t closing = sessions_.back().number;
        if (const auto closed = close_innermost(); !closed) {
            early_verdicts_.emplace(closing, closed.error());
        }
    }
    const std::string test = sessions_.back().test;
    if (const auto closed = close_innermost(); !closed) {
        text = "; " + closed.error().message;
    }
    return tl::unexpected(error{errc::usage,
                                "close the session of '" + test + "': the session of '" + inner +
                                    "' inside it is still open" + text,
                                "close sessions in the reverse order of their opening"});
}

std::string open_sessions::keep_evidence(std::uint64_t number) {
    if (sessions_.empty() || sessions_.back().number != number || !evidence_wanted() ||
        !database_.databases().has_layers()) { // what the session had was lost
        return {};
    }
    const records::fixture_clock keeping;
    open_session& failed = sessions_.back();
    std::vector<exhibit> shown = exhibits_of(database_);
    for (exhibit& each : exhibits_of_files()) {
        shown.push_back(std::move(each));
    }
    note_kept_files();
    std::string text = text_of_evidence(failed.test, compared(database_.recipe(), shown));
    failed.evidence_kept = true;
    keeping.enter(records::fixture_kind::evidence_written, {database_.recorded_name()});
    return text;
}

result<void> open_sessions::abandon(std::string_view test) {
    const bool is_over = sessions_.empty() || sessions_.back().number == case_session_;
    if (is_over || sessions_.back().test != test) {
        return {};
    }
    case_session_ = 0;
    const records::fixture_clock closing;
    for (open_session& each : sessions_) {
        drop_files(each);
    }
    if (sessions_.size() > 1) {
        lost_session_ = sessions_.front().number;
        lost_in_ = test;
    }
    sessions_.clear();
    --busy_engines;
    auto started = database_.start_over();
    closing.enter(records::fixture_kind::session_closed, {database_.recorded_name(), test});
    return started;
}

} // namespace isolite::sandbox
