#include "adapters/boost_test_workers.hpp"

#include "adapters/boost_test_passed.hpp"
#include "adapters/boost_test_replay.hpp"
#include "adapters/boost_test_tree.hpp"

#include <boost/test/framework.hpp>
#include <boost/test/progress_monitor.hpp>
#include <boost/test/results_collector.hpp>
#include <boost/test/results_reporter.hpp>
#include <boost/test/unit_test_log.hpp>
#include <boost/test/unit_test_parameters.hpp>

#include <algorithm>
#include <ctime>
#include <limits>
#include <random>
#include <utility>

namespace isolite::boost_test {

namespace {

using boost::test_tools::assertion_result;
namespace runtime_config = unit_test::runtime_config;
using unit_test::test_unit_id;

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

/// Returns a failure as the reports tell it. The place is that of the suite.
run::outside_failure described(const suite_failure& failure) {
    const unit_test::test_unit& suite = unit_of(failure.suite);
    return {name_of_suite(suite), std::string(suite.p_file_name.begin(), suite.p_file_name.size()),
            static_cast<unsigned>(suite.p_line_num), failure.why};
}

run::test_case described(const unit_test::test_unit& unit) {
    run::test_case made;
    made.name = unit.full_name();
    made.suite = name_of_suite(unit_of(unit.p_parent_id));
    made.file.assign(unit.p_file_name.begin(), unit.p_file_name.size());
    made.line = static_cast<unsigned>(unit.p_line_num);
    made.timeout = std::chrono::seconds(unit.p_timeout.get());
    for (test_unit_id id = unit.p_id; id != unit_test::INV_TEST_UNIT_ID;
         id = unit_of(id).p_parent_id) {
        if (const auto found = marks::made().resources.find(id);
            found != marks::made().resources.end()) {
            made.resources.insert(made.resources.end(), found->second.begin(), found->second.end());
        }
        made.serial = made.serial || marks::made().serial.count(id) > 0;
    }
    return made;
}

/// As the framework does at the end of a unit.
void forget_checkpoint() {
    unit_test::unit_test_log.set_checkpoint(unit_test::const_string(), 0);
}

/// Returns the first of these units that runs, or `INV_TEST_UNIT_ID`.
test_unit_id first_enabled(const ranked_children& children) {
    const auto found = std::find_if(children.begin(), children.end(), [](const auto& child) {
        return unit_of(child.second).is_enabled();
    });
    return found == children.end() ? unit_test::INV_TEST_UNIT_ID : found->second;
}

/// Lets a precondition be the first that is asked.
void ask_first(unit_test::test_unit& unit, unit_test::test_unit::precondition_t precondition) {
    auto& all = writable(unit.p_preconditions);
    all.insert(all.begin(), std::move(precondition));
}

} // namespace

marks& marks::made() {
    static marks instance;
    return instance;
}

void workers::list_cases() {
    ids_ = enabled_cases(root_);
    for (std::size_t position = 0; position < ids_.size(); ++position) {
        positions_[ids_[position]] = position;
        cases_.push_back(described(unit_of(ids_[position])));
    }
    // What depends on a case that runs alone can only run after it.
    for (bool changed = true; changed;) {
        changed = false;
        for (const test_unit_id id : ids_) {
            for (test_unit_id unit = id; unit != unit_test::INV_TEST_UNIT_ID;
                 unit = unit_of(unit).p_parent_id) {
                for (const test_unit_id other : unit_of(unit).p_dependencies.get()) {
                    for (const test_unit_id needed : enabled_cases(other)) {
                        bool& serial = cases_[positions_[id]].serial;
                        changed = changed || (!serial && cases_[positions_[needed]].serial);
                        serial = serial || cases_[positions_[needed]].serial;
                    }
                }
            }
        }
    }
}

result<void> workers::start(const run::options& options) {
    options_ = options;
    if (!options.forks()) {
        watch_this_process(!options.junit.empty());
        return {};
    }
    list_cases();
    settle_random_seed();
    auto role = run::start(cases_, options);
    if (!role) {
        return tl::unexpected(role.error());
    }
    if (auto* const worker = std::get_if<run::forked_worker>(&*role)) {
        become_worker(std::move(*worker));
    } else if (auto* const outcome = std::get_if<run::outcome>(&*role)) {
        outcome_ = std::move(*outcome);
        for (const suite_failure& failure : failures_of_suites(*outcome_)) {
            outcome_->failures_outside.push_back(described(failure));
        }
        replay(root_, ids_, *outcome_);
    } else {
        watch_this_process(true);
    }
    return {};
}

void workers::watch_this_process(bool reports) {
    here_.emplace(options_, reports);
    if (reports) {
        recorder_ = std::make_unique<recorder>(nullptr);
        recorder_->join_the_log();
    }
}

void workers::become_worker(run::forked_worker worker) {
    worker_ = std::move(worker);
    // A crash is to be a crash, which the parent names: caught, it leaves locks behind.
    arguments().set(runtime_config::btrt_catch_sys_errors, false);
    unit_test::results_reporter::set_level(unit_test::NO_REPORT);
    static std::ostream nowhere(nullptr);
    unit_test::progress_monitor.set_stream(nowhere);
    recorder_ = std::make_unique<recorder>(&*worker_);
    recorder_->take_over_the_log();
    unit_test::framework::register_observer(*recorder_);
    order_children(worker_->order());
    for (const test_unit_id suite : enabled_suites(root_)) {
        guard_suite(suite);
    }
    for (std::size_t position = 0; position < ids_.size(); ++position) {
        guard_case(ids_[position], position);
    }
}

/// Lets the tree run in this order of cases, as far as suites stay together and what depends on
/// others comes later.
void workers::order_children(const std::vector<std::size_t>& order) {
    if (runtime_config::get<unsigned>(runtime_config::btrt_random_seed) != 0) {
        return; // the framework shuffles
    }
    std::map<test_unit_id, std::size_t> places;
    for (std::size_t place = 0; place < order.size(); ++place) {
        for (test_unit_id id = ids_[order[place]]; id != unit_test::INV_TEST_UNIT_ID;
             id = unit_of(id).p_parent_id) {
            places.emplace(id, place); // the first one stays
        }
    }
    const auto place_of = [&](test_unit_id id) {
        const auto found = places.find(id);
        return found == places.end() ? std::numeric_limits<std::size_t>::max() : found->second;
    };
    for (const test_unit_id id : enabled_suites(root_)) {
        auto& children = children_of(static_cast<unit_test::test_suite&>(unit_of(id)));
        const test_unit_id first = first_enabled(children);
        std::vector<std::pair<unit_test::counter_t, test_unit_id>> sorted(children.begin(),
                                                                          children.end());
        std::stable_sort(sorted.begin(), sorted.end(), [&](const auto& one, const auto& other) {
            return std::pair(one.first, place_of(one.second)) <
                   std::pair(other.first, place_of(other.second));
        });
        children = ranked_children(sorted.begin(), sorted.end());
        if (const test_unit_id now_first = first_enabled(children); now_first != first) {
            // In one process another unit would have ended before it, and with it the checkpoint.
            ask_first(unit_of(now_first), [](test_unit_id) {
                forget_checkpoint();
                return assertion_result(true);
            });
        }
    }
}

/// Returns why a unit cannot run, because of one that it depends on; "" when it can. The framework
/// asks the same, of the results in one process.
std::string workers::unmet_dependency(const std::vector<test_unit_id>& dependencies) {
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
        for (const test_unit_id each : enabled_cases(id)) {
            if (!worker_->passed(positions_[each])) {
                return unmet("has failed");
            }
        }
        if (has_disabled_cases(id)) {
            return unmet("has skipped test cases");
        }
    }
    return {};
}

void workers::guard_case(test_unit_id id, std::size_t position) {
    unit_test::test_unit& unit = unit_of(id);
    unit.p_timeout.value = 0; // the parent kills the worker instead: nobody jumps out of a call
    const std::vector<test_unit_id> dependencies = std::exchange(writable(unit.p_dependencies), {});
    ask_first(unit, [this, position, dependencies](test_unit_id) {
        recorder_->end_set_up();
        if (!worker_->is_open(position)) {
            return refusal(someone_elses);
        }
        const std::string unmet = unmet_dependency(dependencies);
        if (!worker_->claim(position)) {
            return refusal(someone_elses);
        }
        worker_->begin();
        return unmet.empty() ? assertion_result(true) : refusal(unmet);
    });
}

/// Keeps the fixtures of a suite from being made for nobody.
void workers::guard_suite(test_unit_id id) {
    unit_test::test_unit& unit = unit_of(id);
    const std::vector<test_unit_id> dependencies = std::exchange(writable(unit.p_dependencies), {});
    std::vector<std::size_t> inside;
    for (const test_unit_id each : enabled_cases(id)) {
        inside.push_back(positions_[each]);
    }
    ask_first(unit, [this, inside, dependencies](test_unit_id) {
        recorder_->end_set_up();
        const bool wanted = std::any_of(inside.begin(), inside.end(), [this](std::size_t position) {
            return worker_->is_open(position);
        });
        if (!wanted) {
            return refusal(someone_elses);
        }
        const std::string unmet = unmet_dependency(dependencies);
        return unmet.empty() ? assertion_result(true) : refusal(unmet);
    });
}

void workers::unit_started(const unit_test::test_unit& unit) {
    if (here_ && unit.p_type == unit_test::TUT_CASE) {
        visited_.insert(unit.p_id);
        here_->begin(described(unit));
    }
    if (outcome_ && unit.p_id == root_) {
        enter_silent_cases(root_, ids_, *outcome_); // now that the framework has forgotten all
    }
}

/// Says of the cases of a suite whose set-up failed that nobody can run them.
void workers::give_up(const unit_test::test_unit& suite) {
    const std::string why = "the set-up of \"" + suite.full_name() + "\" failed";
    for (const test_unit_id inside : enabled_cases(suite.p_id)) {
        if (here_) {
            skip_here(unit_of(inside), why);
            continue;
        }
        const std::size_t position = positions_[inside];
        if (worker_->is_open(position) && worker_->claim(position)) {
            worker_->finish(run::verdict::skipped, why);
        }
    }
}

/// Keeps the framework from saying "No errors detected" of a run that did not come to its end.
void workers::deny_success() {
    auto& results =
        const_cast<unit_test::test_results&>(unit_test::results_collector.results(root_));
    denies_success_ = results.passed();
    writable(results.p_aborted) = results.p_aborted || denies_success_;
}

/// Enters a case that this process, which runs them all, does not run.
void workers::skip_here(const unit_test::test_unit& unit, const std::string& why) {
    if (visited_.insert(unit.p_id).second) {
        here_->begin(described(unit));
        here_->end(run::verdict::skipped, why);
    }
}

void workers::unit_finished(const unit_test::test_unit& unit) {
    const bool is_case = unit.p_type == unit_test::TUT_CASE;
    const unit_test::test_results& became = unit_test::results_collector.results(unit.p_id);
    const bool passed = became.passed();
    const bool aborted = became.aborted();
    if (here_ && is_case) {
        const std::string why = recorder_ ? recorder_->take_explanation() : "";
        here_->end(passed ? run::verdict::passed : run::verdict::failed, passed ? "" : why);
    }
    if (here_ && !is_case) {
        for (const suite_failure& failure :
             recorder_ ? recorder_->take_failures_of_suites() : std::vector<suite_failure>()) {
            here_->fail_outside(described(failure));
        }
        if (aborted) {
            give_up(unit);
        }
    }
    if (outcome_ && is_case) {
        // The framework has timed the saying, not the test.
        const auto time = outcome_->results[positions_[unit.p_id]].duration;
        auto& results =
            const_cast<unit_test::test_results&>(unit_test::results_collector.results(unit.p_id));
        writable(results.p_duration_microseconds) = static_cast<unsigned long>(
            std::chrono::duration_cast<std::chrono::microseconds>(time).count());
    }
    if (outcome_ && unit.p_id == root_ && !outcome_->is_complete()) {
        deny_success();
    }
    if (!worker_) {
        return;
    }
    if (!is_case) {
        recorder_->flush();
        if (aborted) {
            give_up(unit);
        }
        return;
    }
    if (!worker_->runs_a_case()) {
        return;
    }
    const std::string why = recorder_->take_explanation();
    worker_->finish(passed ? run::verdict::passed : run::verdict::failed, passed ? "" : why,
                    recorder_->take_counts());
}

void workers::unit_skipped(const unit_test::test_unit& unit, const std::string& reason) {
    if (here_ && unit.p_type == unit_test::TUT_CASE && unit.is_enabled()) {
        skip_here(unit, reason);
    }
    if (!worker_ || !unit.is_enabled()) {
        return;
    }
    if (reason.find(someone_elses) != std::string::npos) {
        forget_checkpoint(); // in one process it would have come to its end
        return;
    }
    // The framework writes this in front of what a precondition says, in the parent once more.
    const std::string prefix = "precondition failed";
    std::string why =
        reason.compare(0, prefix.size(), prefix) == 0 ? reason.substr(prefix.size()) : reason;
    why.erase(0, why.compare(0, 2, ": ") == 0 ? 2 : 0);
    if (unit.p_type == unit_test::TUT_CASE) {
        if (worker_->runs_a_case()) {
            worker_->finish(run::verdict::skipped, why);
        }
        return;
    }
    worker_->record({skipped_event, {std::to_string(unit.p_id), "0", why}});
    for (const test_unit_id inside : enabled_cases(unit.p_id)) {
        if (worker_->claim(positions_[inside])) {
            worker_->finish(run::verdict::skipped, why);
        }
    }
}

int workers::finish() {
    if (worker_) {
        recorder_->flush();
        worker_->end();
    }
    if (!outcome_ && !here_) {
        return 0;
    }
    const int status = outcome_ ? run::conclude(*outcome_, cases_, options_) : here_->conclude();
    unit_test::results_reporter::get_stream().flush(); // whoever heeds the status skips destructors
    const bool passed = unit_test::results_collector.results(root_).passed() || denies_success_;
    const bool framework_decides =
        !passed || !runtime_config::get<bool>(runtime_config::btrt_result_code);
    return framework_decides && !(outcome_ && outcome_->interrupted_by != 0) ? 0 : status;
}

} // namespace isolite::boost_test
