#include "adapters/boost_test_passed.hpp"

#include "adapters/boost_test_recorder.hpp"
#include "adapters/boost_test_tree.hpp"

#include <boost/test/results_collector.hpp>
#include <boost/test/unit_test_parameters.hpp>

#include <algorithm>
#include <chrono>
#include <set>

namespace isolite::boost_test {

namespace {

namespace runtime_config = unit_test::runtime_config;
using unit_test::test_unit_id;

/// Says whether nothing is written of a case that passes without a word.
bool passing_is_silent() {
    return runtime_config::get<unit_test::output_format>(runtime_config::btrt_log_format) ==
               unit_test::OF_CLF &&
           !runtime_config::get<bool>(runtime_config::btrt_show_progress) &&
           level_of_the_logs() >= unit_test::log_warnings;
}

/// Says whether all that is known of a case are the numbers of its assertions.
bool is_silent(const results::case_result& result, const unit_test::test_unit& unit) {
    return result.verdict == results::verdict::passed && unit.p_expected_failures == 0 &&
           std::all_of(result.events.begin(), result.events.end(),
                       [](const results::event& event) { return event.kind == assertions_event; });
}

/// Returns the units of which something is said: their set-up may have failed, or they are skipped.
std::set<test_unit_id> spoken_of(const results::outcome& outcome) {
    std::set<test_unit_id> units;
    for (const auto& process : outcome.outside) {
        for (const results::event& event : process) {
            units.insert(event.as<said_in>().unit);
        }
    }
    return units;
}

/// Says whether a unit runs for certain, whatever happens to others.
bool surely_runs(test_unit_id id, const std::set<test_unit_id>& spoken_of) {
    for (; id != unit_test::INV_TEST_UNIT_ID; id = unit_of(id).p_parent_id) {
        if (!unit_of(id).p_dependencies.get().empty() || spoken_of.count(id) > 0) {
            return false;
        }
    }
    return true;
}

void enter(const results::case_result& result, test_unit_id id) {
    auto& entered = const_cast<unit_test::test_results&>(unit_test::results_collector.results(id));
    entered.clear();
    for (const results::event& event : result.events) {
        const auto said = event.as<said_assertions>();
        writable(entered.p_assertions_passed) += said.passed;
        writable(entered.p_warnings_failed) += said.warned;
    }
    writable(entered.p_duration_microseconds) = static_cast<unsigned long>(
        std::chrono::duration_cast<std::chrono::microseconds>(result.duration).count());
}

} // namespace

void enter_silent_cases(test_unit_id root, const std::vector<test_unit_id>& cases,
                        const results::outcome& outcome) {
    if (!passing_is_silent()) {
        return;
    }
    const std::set<test_unit_id> spoken = spoken_of(outcome);
    std::set<test_unit_id> entered;
    for (std::size_t position = 0; position < cases.size(); ++position) {
        if (is_silent(outcome.results[position], unit_of(cases[position])) &&
            surely_runs(cases[position], spoken)) {
            enter(outcome.results[position], cases[position]);
            entered.insert(cases[position]);
        }
    }
    for (const test_unit_id id : enabled_suites(root)) {
        auto& children = children_of(static_cast<unit_test::test_suite&>(unit_of(id)));
        for (auto child = children.begin(); child != children.end();) {
            child = entered.count(child->second) > 0 ? children.erase(child) : std::next(child);
        }
    }
}

} // namespace isolite::boost_test
