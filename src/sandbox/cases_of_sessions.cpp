#include "files/claimed_databases.hpp"
#include "files/patience.hpp"
#include "sandbox/case_files.hpp"
#include "sandbox/explanation.hpp"
#include "sandbox/file_scope.hpp"
#include "sandbox/open_sessions.hpp"
#include "sandbox/told_changes.hpp"

#include <algorithm>
#include <utility>

// What sessions have to do with files that code under test opens by path.

namespace isolite::sandbox {

open_sessions::open_sessions(live_database& database) : database_(database) {
    if (database.is_claimed()) {
        sessions_of_files().push_back(this);
        is_joining_ = true;
        join_running_case(*this);
        is_joining_ = false;
    }
}

open_sessions::~open_sessions() {
    auto& claimed = sessions_of_files();
    claimed.erase(std::remove(claimed.begin(), claimed.end(), this), claimed.end());
    if (!sessions_.empty()) {
        --busy_engines;
    }
}

void open_sessions::note_files(departure& left) {
    leak::leak_report found = left.leaks.value_or(leak::leak_report());
    left.pages += leave_files(std::exchange(sessions_.back().file_scope, 0), found);
    if (!found.empty()) {
        left.leaks = std::move(found);
    }
}

void open_sessions::drop_files(open_session& ended) {
    leak::leak_report unheard; // the session fails with another error
    static_cast<void>(leave_files(std::exchange(ended.file_scope, 0), unheard));
}

// What code under test has begun to write by path would be committed in the test, and go with it.
bool open_sessions::settle(bool records_commits) {
    layered_databases& databases = database_.databases();
    return paths::soon([&] {
        return !(database_.is_claimed() && databases.are_being_written()) &&
               databases.settle(records_commits);
    });
}

result<void> open_sessions::begin_case(const std::string& name) {
    if (sessions_.empty()) {
        const records::fixture_clock preparing;
        had_session_ = false;
        case_ = ++opened_;
        case_name_ = are_changes_told() ? name : std::string();
        is_in_case_ = settle(false);
        case_openings_ = database_.databases().count_openings();
        case_prepared_ = preparing.span();
        return is_in_case_ ? result<void>()
                           : tl::unexpected(paths::locked_for_writing(name, database_.name()));
    }
    return open(name, mode::copy_on_write).map([this](std::uint64_t number) {
        case_session_ = number;
    });
}

std::vector<exhibit> open_sessions::exhibits_of_case() {
    const bool is_outside = sessions_.empty()
                                ? is_in_case_
                                : case_session_ != 0 && sessions_.back().number == case_session_;
    return is_outside ? exhibits_of(database_, true) : std::vector<exhibit>();
}

result<void> open_sessions::end_case(leak::leak_report& report) {
    if (const std::uint64_t number = std::exchange(case_session_, 0); number != 0) {
        return close(number);
    }
    case_ = 0;
    if (!std::exchange(is_in_case_, false) || !sessions_.empty()) {
        return {};
    }
    const records::fixture_clock ending;
    const std::size_t pages = database_.databases().touched_pages();
    if (!had_session_) { // which would have told of it
        for (const layered_database& each : database_.databases()) {
            for (const store::foreign_work& work : each.store->foreign_work_in_progress()) {
                report.file_uses.push_back(clause_of_use(each.name, work));
            }
        }
    }
    note_changes(database_, case_name_);
    database_.databases().rewind();
    for (const layered_database& each : database_.databases()) {
        each.store->end_session(1, "");
    }
    const bool was_opened = database_.databases().count_openings() != case_openings_;
    if (pages > 0 || (!had_session_ && was_opened)) { // else a session is billed, or nobody
        const std::string& name = database_.recorded_name();
        records::ledger::of_process().enter(records::fixture_kind::files_prepared, {name},
                                            case_prepared_);
        ending.enter(records::fixture_kind::files_put_back, {name, {}, pages});
    }
    return {};
}

} // namespace isolite::sandbox
