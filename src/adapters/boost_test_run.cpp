#include "adapters/boost_test_run.hpp"

#include "adapters/boost_test_cases.hpp"
#include "adapters/boost_test_observers.hpp"
#include "adapters/boost_test_order.hpp"
#include "adapters/boost_test_passed.hpp"
#include "adapters/boost_test_replay.hpp"
#include "adapters/boost_test_shard.hpp"
#include "adapters/boost_test_tree.hpp"
#include "run/parallel_run.hpp"

#include <boost/test/framework.hpp>
#include <boost/test/progress_monitor.hpp>
#include <boost/test/results_collector.hpp>
#include <boost/test/results_reporter.hpp>
#include <boost/test/unit_test_log.hpp>
#include <boost/test/unit_test_parameters.hpp>

#include <algorithm>
#include <ctime>
#include <random>
#include <utility>

namespace isolite::boost_test {

namespace {

using boost::test_tools::assertion_result;
namespace runtime_config = unit_test::runtime_config;
using unit_test::test_unit_id;

boost_run* latest = nullptr;

/// What a precondition says of a case that another worker has. Nobody gets to read it.
const char* const someone_elses = "isolite: this case is another worker's";

boost::runtime::arguments_store& arguments() {
    return const_cast<boost::runtime::arguments_store&>(runtime_config::argument_store());
}

/// `--random` without a seed takes the time: it has to be the same in all processes.
void settle_random_seed() {
    constexpr unsigned chosen_by_time = 1;
    const auto& name = runtime_config::btrt_random_seed;
    if (runtime_config::get<unsigned>(name) == chosen_by_time) {
        arguments().set(name, std::max(2U, std::random_device()() & 0xffffU));
    }
}

/// Says whether files that are written in a suite go with it. What the fixtures of the whole
/// program write stays.
bool has_files(const unit_test::test_unit& unit) {
    return unit.p_type == unit_test::TUT_SUITE && !unit.p_fixtures.get().empty() &&
           unit.p_parent_id != unit_test::INV_TEST_UNIT_ID;
}

} // namespace

boost_run* boost_run::current() {
    return latest;
}

boost_run::boost_run(unit_id root, bool has_own_main)
    : root_(root), has_own_main_(has_own_main), suite_(*this) {
    latest = this;
}

boost_run::~boost_run() {
    latest = nullptr;
}

result<void> boost_run::start() {
    return suite_.start().map([this] {
        if (suite_.is_here() && suite_.wants_explanations()) {
            recorder_ = std::make_unique<recorder>(suite_);
            recorder_->join_the_log();
        }
    });
}

void boost_run::fail_unforgiven(const unit_test::test_unit& test, const std::string& why) {
    suite_.fail_unforgiven(described(test), why);
}

std::vector<suites::case_to_cut> boost_run::all_cases(const shard& /*shard*/) {
    return cases_to_cut(root_);
}

void boost_run::leave_out_others(const std::vector<bool>& is_own) {
    disable_other_shards(root_, is_own);
}

result<std::optional<std::vector<results::test_case>>> boost_run::list() {
    ids_ = enabled_cases(root_);
    for (std::size_t position = 0; position < ids_.size(); ++position) {
        positions_[ids_[position]] = position;
    }
    settle_random_seed();
    return std::optional(cases_of_run(ids_, positions_));
}

void boost_run::become_parent(results::outcome& outcome) {
    replay(root_, ids_, outcome);
}

void boost_run::become_worker(run::forked_worker& /*worker*/) {
    for (unit_test::test_observer* const each : observers_of_the_user()) {
        unit_test::framework::deregister_observer(*each); // the parent's hear of all cases
    }
    // A crash is to be a crash, which the parent names: caught, it leaves locks behind.
    arguments().set(runtime_config::btrt_catch_sys_errors, false);
    unit_test::results_reporter::set_level(unit_test::NO_REPORT);
    static std::ostream nowhere(nullptr);
    unit_test::progress_monitor.set_stream(nowhere);
    recorder_ = std::make_unique<recorder>(suite_);
    recorder_->take_over_the_log();
    unit_test::framework::register_observer(*recorder_);
    go_in_order();
    for (const auto& units : {boost_test::all_suites(root_), boost_test::all_cases(root_)}) {
        for (const test_unit_id id : units) {
            statuses_[id] = unit_of(id).p_run_status;
        }
    }
    for (const test_unit_id suite : enabled_suites(root_)) {
        guard_suite(suite);
    }
    for (std::size_t position = 0; position < ids_.size(); ++position) {
        guard_case(ids_[position], position);
    }
}

/// Returns why a unit cannot run, because of one that it depends on; "" when it can. The framework
/// asks the same, of the results in one process.
std::string boost_run::unmet_dependency(const std::vector<test_unit_id>& dependencies) {
    for (const test_unit_id id : dependencies) {
        const unit_test::test_unit& needed = unit_of(id);
        const auto unmet = [&needed](const std::string& because) {
            return "dependency test " +
                   std::string(needed.p_type_name.begin(), needed.p_type_name.size()) + " \"" +
                   needed.full_name() + "\" " + because;
        };
        if (!needed.is_enabled()) {
            return unmet("is disabled");
        }
        const std::vector<test_unit_id> enabled = enabled_cases(id);
        for (const test_unit_id each : enabled) {
            if (!suite_.worker()->passed(positions_[each])) {
                return unmet("has failed");
            }
        }
        if (boost_test::all_cases(id).size() != enabled.size()) {
            return unmet("has skipped test cases");
        }
    }
    return {};
}

void boost_run::go_in_order() {
    std::vector<test_unit_id> order;
    for (const std::size_t position : suite_.worker()->order()) {
        order.push_back(ids_[position]);
    }
    order_children(root_, order);
}

/// The framework has found out anew what is to run, without what this worker has taken from it.
void boost_run::begin_next_pass() {
    for (const auto& [id, status] : statuses_) {
        unit_of(id).p_run_status.value = status;
    }
    go_in_order();
}

void boost_run::guard_case(test_unit_id id, std::size_t position) {
    unit_test::test_unit& unit = unit_of(id);
    unit.p_timeout.value = 0; // the parent kills the worker instead: nobody jumps out of a call
    const std::vector<test_unit_id> dependencies = std::exchange(writable(unit.p_dependencies), {});
    ask_first(unit, [this, position, dependencies](test_unit_id id) {
        recorder_->end_set_up();
        if (!suite_.worker()->is_open(position)) {
            return refusal(someone_elses);
        }
        const std::string unmet = unmet_dependency(dependencies);
        if (!suite_.worker()->claim(position, meanwhile_)) {
            return refusal(someone_elses);
        }
        suite_.begin([id] { return described(unit_of(id)); });
        return unmet.empty() ? assertion_result(true) : refusal(unmet);
    });
}

/// Keeps the fixtures of a suite from being made for nobody.
void boost_run::guard_suite(test_unit_id id) {
    unit_test::test_unit& unit = unit_of(id);
    const std::vector<test_unit_id> dependencies = std::exchange(writable(unit.p_dependencies), {});
    std::vector<std::size_t> inside;
    for (const test_unit_id each : enabled_cases(id)) {
        inside.push_back(positions_[each]);
    }
    ask_first(unit, [this, inside, dependencies](test_unit_id suite) {
        recorder_->end_set_up();
        const bool wanted = std::any_of(inside.begin(), inside.end(), [this](std::size_t position) {
            return suite_.worker()->is_open(position);
        });
        if (!wanted) {
            return refusal(someone_elses);
        }
        const std::string unmet = unmet_dependency(dependencies);
        if (unmet.empty()) {
            meanwhile_ = run::forked_worker::meanwhile::fixtures;
            enter_fixture(unit_of(suite), false);
        }
        return unmet.empty() ? assertion_result(true) : refusal(unmet);
    });
}

/// Says that the fixtures of a suite are made or ended from now on, for all that is known.
void boost_run::enter_fixture(const unit_test::test_unit& suite, bool ends) {
    if (!suite.p_fixtures.get().empty()) {
        suite_.enter_fixture({name_of_suite(suite), ends});
    }
}

/// The end of a unit may be that of the cases of its suite.
void boost_run::come_to_end_of_suite(const unit_test::test_unit& unit) {
    if (unit.p_parent_id != unit_test::INV_TEST_UNIT_ID) {
        enter_fixture(unit_of(unit.p_parent_id), true);
    }
}

void boost_run::unit_started(const unit_test::test_unit& unit) {
    const results::outcome* const outcome = suite_.outcome();
    if (outcome && unit.p_id == root_ && observers_of_the_user().empty()) {
        enter_silent_cases(root_, ids_, *outcome); // now that the framework has forgotten all
    }
    if (has_files(unit)) {
        suite_.enter_suite(unit.full_name());
    }
    if (suite_.is_here() && unit.p_type == unit_test::TUT_CASE) {
        visited_.insert(unit.p_id);
        suite_.begin([&unit] { return described(unit); });
    }
}

/// Says of the cases of a suite whose set-up failed that nobody can run them.
void boost_run::give_up(const unit_test::test_unit& suite) {
    const std::string why = "the set-up of \"" + suite.full_name() + "\" failed";
    for (const test_unit_id inside : enabled_cases(suite.p_id)) {
        run::forked_worker* const worker = suite_.worker();
        if (!worker) {
            skip_here(unit_of(inside), why);
            continue;
        }
        const std::size_t position = positions_[inside];
        if (worker->is_open(position) && worker->claim(position)) {
            worker->finish(results::verdict::skipped, why);
        }
    }
}

/// Keeps the framework from saying "No errors detected" of a run that did not come to its end.
void boost_run::deny_success() {
    auto& results =
        const_cast<unit_test::test_results&>(unit_test::results_collector.results(root_));
    denies_success_ = results.passed();
    writable(results.p_aborted) = results.p_aborted || denies_success_;
}

/// Enters a case that this process, which runs them all, does not run.
void boost_run::skip_here(const unit_test::test_unit& unit, const std::string& why) {
    if (visited_.insert(unit.p_id).second) {
        suite_.skip(described(unit), why);
    }
}

/// In the parent the framework has timed the saying, not the test.
void boost_run::correct_time(const unit_test::test_unit& test) {
    const auto time = suite_.outcome()->results[positions_[test.p_id]].duration;
    auto& results =
        const_cast<unit_test::test_results&>(unit_test::results_collector.results(test.p_id));
    writable(results.p_duration_microseconds) = static_cast<unsigned long>(
        std::chrono::duration_cast<std::chrono::microseconds>(time).count());
}

void boost_run::unit_finished(const unit_test::test_unit& unit) {
    const bool is_case = unit.p_type == unit_test::TUT_CASE;
    if (has_files(unit)) {
        suite_.leave_suite();
    }
    const unit_test::test_results& became = unit_test::results_collector.results(unit.p_id);
    const bool passed = became.passed();
    const bool aborted = became.aborted();
    if (const results::outcome* const outcome = suite_.outcome()) {
        if (is_case) {
            correct_time(unit);
        } else if (unit.p_id == root_ && !outcome->is_complete()) {
            deny_success();
        }
    } else if (!is_case) {
        meanwhile_ = run::forked_worker::meanwhile::fixtures;
        if (recorder_) {
            recorder_->flush();
        }
        if (aborted) {
            give_up(unit);
        }
    } else if (suite_.is_here() || suite_.worker()->runs_a_case()) {
        suite_.end(passed ? results::verdict::passed : results::verdict::failed, "",
                   recorder_ ? recorder_->take_counts() : std::vector<results::event>());
        meanwhile_ = run::forked_worker::meanwhile::nothing;
    }
    come_to_end_of_suite(unit);
}

void boost_run::unit_skipped(const unit_test::test_unit& unit, const std::string& reason) {
    if (suite_.is_here() && unit.p_type == unit_test::TUT_CASE && unit.is_enabled()) {
        skip_here(unit, reason);
    }
    run::forked_worker* const worker = suite_.worker();
    if (!worker || !unit.is_enabled()) {
        return;
    }
    if (reason.find(someone_elses) != std::string::npos) {
        forget_checkpoint(); // in one process it would have come to its end
        come_to_end_of_suite(unit);
        return;
    }
    // The framework writes this in front of what a precondition says, in the parent once more.
    const std::string prefix = "precondition failed";
    std::string why =
        reason.compare(0, prefix.size(), prefix) == 0 ? reason.substr(prefix.size()) : reason;
    why.erase(0, why.compare(0, 2, ": ") == 0 ? 2 : 0);
    if (unit.p_type == unit_test::TUT_CASE) {
        if (worker->runs_a_case()) {
            suite_.end(results::verdict::skipped, why);
        }
    } else {
        worker->record(results::event::of(skipped_event, said_skipped{{unit.p_id, false}, why}));
        for (const test_unit_id inside : enabled_cases(unit.p_id)) {
            if (worker->claim(positions_[inside])) {
                worker->finish(results::verdict::skipped, why);
            }
        }
    }
    come_to_end_of_suite(unit);
}

int boost_run::finish() {
    if (run::forked_worker* const worker = suite_.worker()) {
        recorder_->flush();
        if (worker->begin_next_pass()) {
            unit_test::framework::run(root_); // which comes here again
        }
    }
    suite_.finish();
    const int status = suite_.conclude();
    unit_test::results_reporter::get_stream().flush(); // whoever heeds the status skips destructors
    const bool passed = unit_test::results_collector.results(root_).passed() || denies_success_;
    const bool framework_decides =
        !passed || !runtime_config::get<bool>(runtime_config::btrt_result_code);
    return framework_decides && status < results::first_of_signals ? 0 : status;
}

} // namespace isolite::boost_test
