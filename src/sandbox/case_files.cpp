#include "sandbox/case_files.hpp"

#include "files/claims.hpp"
#include "sandbox/file_scope.hpp"
#include "sandbox/open_sessions.hpp"

#include <iterator>
#include <set>
#include <utility>

namespace isolite::sandbox {

void case_files::begin(const std::string& name) {
    name_ = name;
    enter();
}

void case_files::begin_again() {
    if (paths::claims::any()) {
        leave();
        enter();
    }
}

std::vector<std::string> case_files::end() {
    leave();
    name_.clear();
    return std::exchange(found_, {});
}

void case_files::enter() {
    if (!paths::claims::any()) {
        return;
    }
    if (auto entered = enter_files(name_)) {
        scope_ = *entered;
    } else {
        found_.push_back(entered.error().text());
    }
    for (open_sessions* const each : sessions_of_files()) {
        if (const auto begun = each->begin_case(name_); !begun) {
            found_.push_back(begun.error().text());
        }
    }
}

void case_files::leave() {
    leak::leak_report report;
    for (open_sessions* const each : sessions_of_files()) {
        if (auto ended = each->end_case(report); !ended) {
            found_.push_back(ended.error().text());
        }
    }
    auto clauses = leave_files(std::exchange(scope_, 0)).clauses;
    std::move(clauses.begin(), clauses.end(), std::back_inserter(report.file_uses));
    if (!report.empty()) {
        found_.push_back(report.to_error(name_).text());
    }
}

bool files_were_claimed() noexcept {
    return paths::claims::any();
}

void claim_files(const std::vector<std::string>& patterns) {
    static auto* const claimed = new std::set<std::string>; // a second run claims them again
    for (const std::string& each : patterns) {
        if (claimed->insert(each).second) {
            paths::claims::of_process().add(each, {});
        }
    }
}

std::vector<open_sessions*>& sessions_of_files() {
    static auto* const all = new std::vector<open_sessions*>;
    return *all;
}

} // namespace isolite::sandbox
