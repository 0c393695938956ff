#include "sandbox/case_files.hpp"

#include "files/claim_uses.hpp"
#include "files/claims.hpp"
#include "files/front.hpp"
#include "sandbox/explanation.hpp"
#include "sandbox/file_scope.hpp"
#include "sandbox/open_sessions.hpp"
#include "sandbox/worker_engines.hpp"

#include <set>
#include <utility>

namespace isolite::sandbox {

namespace {

/// A suite that runs: its part that is about files that no engine has, and its sessions on others.
struct suite_of_files {
    std::string name;
    std::uint64_t scope = 0;
    std::vector<std::pair<open_sessions*, std::uint64_t>> sessions = {};
};

std::vector<suite_of_files>& suites_of_files() {
    static auto* const all = new std::vector<suite_of_files>; // the innermost last
    return *all;
}

const std::string* running_case = nullptr;
bool has_kept_files = false; // a fixture of it

void open_in(suite_of_files& suite, open_sessions& sessions) {
    if (const auto opened = sessions.open(suite.name, mode::copy_on_write)) {
        suite.sessions.emplace_back(&sessions, *opened);
    }
}

} // namespace

void case_files::begin(const std::string& name) {
    name_ = name;
    has_kept_ = false;
    has_kept_files = false;
    enter();
}

void case_files::begin_again() {
    if (paths::claims::any()) {
        leave();
        enter();
    }
}

std::string case_files::keep_evidence() {
    if (!has_begun_ || has_kept_files || std::exchange(has_kept_, true) || !evidence_wanted()) {
        return {};
    }
    const records::fixture_clock keeping;
    // A session has put its databases back, and told what was in them if its test leaked.
    const std::vector<exhibit> shown = differing({}, exhibits_of_files());
    if (shown.empty()) {
        return {};
    }
    std::string text = text_of_evidence(name_, shown);
    const std::string& file = shown.front().database;
    const auto claim = paths::claims::of_process().find(file); // unless it was given back
    keeping.enter(records::fixture_kind::evidence_written, {claim ? claim->name : file});
    return text;
}

std::vector<std::string> case_files::end() {
    leave();
    return std::exchange(found_, {});
}

void case_files::enter() {
    if (!paths::claims::any()) {
        return;
    }
    has_begun_ = true;
    if (auto entered = enter_files(name_)) {
        scope_ = *entered;
    } else {
        found_.push_back(entered.error().text());
    }
    running_case = &name_;
    for (open_sessions* const each : sessions_of_files()) {
        if (const auto begun = each->begin_case(name_); !begun) {
            found_.push_back(begun.error().text());
        }
    }
}

void case_files::leave() {
    if (!std::exchange(has_begun_, false)) {
        return;
    }
    running_case = nullptr;
    leak::leak_report report;
    for (open_sessions* const each : sessions_of_files()) {
        if (auto ended = each->end_case(report); !ended) {
            found_.push_back(ended.error().text());
        }
    }
    static_cast<void>(leave_files(std::exchange(scope_, 0), report));
    if (!report.empty()) {
        found_.push_back(report.to_error(name_).text());
    }
}

void suite_files::begin(const std::string& name) {
    suites_of_files().push_back({name});
    if (!paths::claims::any()) {
        return;
    }
    // What keeps it from beginning keeps its cases from it, too, and they tell.
    suites_of_files().back().scope = enter_files(name).value_or(0);
    for (open_sessions* const each : sessions_of_files()) {
        open_in(suites_of_files().back(), *each);
    }
}

std::vector<std::string> suite_files::end() {
    std::vector<std::string> found;
    if (suites_of_files().empty()) {
        return found;
    }
    const suite_of_files ended = std::move(suites_of_files().back());
    suites_of_files().pop_back();
    for (const auto& [sessions, number] : ended.sessions) {
        if (const auto closed = sessions->close(number); !closed) {
            found.push_back(closed.error().text());
        }
    }
    leak::leak_report report;
    static_cast<void>(leave_files(ended.scope, report));
    if (!report.empty()) {
        found.push_back(report.to_error(ended.name).text());
    }
    return found;
}

void note_kept_files() noexcept {
    has_kept_files = true;
}

void join_running_case(open_sessions& opened) {
    for (suite_of_files& each : suites_of_files()) {
        open_in(each, opened);
    }
    if (running_case != nullptr) {
        static_cast<void>(opened.begin_case(*running_case)); // its first session tells why not
    }
}

bool files_were_claimed() noexcept {
    return paths::claims::any();
}

result<void> claim_files(const std::vector<std::string>& patterns, bool also_described) {
    static auto* const claimed = new std::set<std::string>; // a second run claims them again
    const unsigned statement = paths::claim_uses::of_process().add_statement();
    for (const std::string& each : patterns) {
        if (claimed->insert(each).second) {
            paths::origin from;
            from.statement = statement;
            paths::claims::of_process().add(each, std::move(from));
        }
    }
    if (also_described) {
        claim_described_files();
    }
    if (paths::claims::any()) {
        paths::stand_in_front();
    }
    if (also_described) {
        if (auto objection = paths::claims::of_process().take_objection()) {
            return tl::unexpected(*std::move(objection));
        }
    }
    return {};
}

std::vector<open_sessions*>& sessions_of_files() {
    static auto* const all = new std::vector<open_sessions*>;
    return *all;
}

} // namespace isolite::sandbox
