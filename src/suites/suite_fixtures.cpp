#include "suites/suite_fixtures.hpp"

#include <exception>
#include <utility>

namespace isolite::suites {

suite_fixtures::factories& suite_fixtures::registered() {
    static factories all; // filled before `main`
    return all;
}

void suite_fixtures::enter(const std::string& suite, const std::string& file, unsigned line) {
    if (registered().empty() || (is_open_ && suite == name_)) {
        return;
    }
    leave();
    name_ = suite;
    file_ = file;
    line_ = line;
    is_open_ = true;
    phase_ = phase::set_up;
    if (const auto found = registered().find(suite); found != registered().end()) {
        running_.enter_suite(suite);
        has_files_ = true;
        running_.enter_fixture({name_, false});
        for (const factory& make : found->second) {
            if (failure_.empty()) {
                set_up(make);
            }
        }
    }
    phase_ = phase::cases;
}

void suite_fixtures::leave() {
    phase_ = phase::end;
    if (!data_.empty()) {
        running_.enter_fixture({name_, true});
    }
    while (!data_.empty()) {
        data_.pop_back();
    }
    if (std::exchange(has_files_, false)) {
        running_.leave_suite();
    }
    phase_ = phase::cases;
    if (!failure_.empty() && !is_heard_) {
        report(message_of_failure());
    }
    failure_.clear();
    is_heard_ = false;
    is_open_ = false;
}

bool suite_fixtures::fail(const std::string& message) {
    if (phase_ == phase::set_up) {
        failure_ += (failure_.empty() ? "" : "\n") + message;
    } else if (phase_ == phase::end) {
        report(message);
    }
    return phase_ != phase::cases;
}

const std::string& suite_fixtures::hear_failure() {
    if (!failure_.empty() && !is_heard_) {
        is_heard_ = true;
        running_.hear(message_of_failure());
    }
    return failure_;
}

std::string suite_fixtures::message_of_failure() const {
    return "cannot set up the suite '" + name_ + "': " + failure_;
}

void suite_fixtures::set_up(const factory& make) {
    std::string why;
    try {
        data_.push_back(make());
        return;
    } catch (const std::exception& problem) {
        why = problem.what();
    } catch (...) {
        why = "it threw something that is no exception";
    }
    failure_ = failure_.empty() ? why : why + "\n" + failure_;
}

void suite_fixtures::report(const std::string& message) {
    const results::outside_failure failure{name_, file_, line_, message};
    running_.fail_outside(failure);
    if (running_.worker() == nullptr) {
        show_(failure);
    }
}

std::vector<std::size_t>
keep_together(const std::vector<std::size_t>& order,
              const std::function<std::string(std::size_t position)>& suite_of) {
    std::map<std::string, std::vector<std::size_t>> together;
    for (const std::size_t position : order) {
        together[suite_of(position)].push_back(position);
    }
    std::vector<std::size_t> moved;
    for (const std::size_t position : order) {
        const std::string suite = suite_of(position);
        if (suite.empty()) {
            moved.push_back(position);
        } else {
            const auto all = std::exchange(together[suite], {});
            moved.insert(moved.end(), all.begin(), all.end());
        }
    }
    return moved;
}

} // namespace isolite::suites
